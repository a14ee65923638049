//! Lists of users in and out: comma-separated values (RFC 4180), as spreadsheets write and read them.
//!
//! In: a column with the address (`email`, `e-mail`, `mail`, `address`), and where they are there `sub` and
//! `account`; others are passed over. Comma, semicolon or tab; with or without quotes; CRLF or LF; a byte order mark is
//! no harm. A line without an address is told by its number and left out.
//!
//! Out: a text that a spreadsheet would take for a formula gets a `'` in front, which [`read`] takes off.

use super::{
    book::{Campaign, Member},
    invitee::Invitee,
};
use crate::{error::Error, time::Timestamp};

/// The users of a list, and what was wrong in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct List {
    /// The users, in order.
    pub invitees: Vec<Invitee>,
    /// Lines that were left out, and why.
    pub faults: Vec<(usize, String)>,
}

/// The columns of [`print()`].
pub const COLUMNS: &[&str] = &[
    "email", "account", "sub", "state", "since", "invited", "ends", "openings", "mails", "note",
];

/// The most bytes of a list.
pub const MAX_BYTES: usize = 256 << 20;
/// The most bytes of one field.
const MAX_FIELD: usize = 64 << 10;
/// The most faults that are kept one by one.
const MAX_FAULTS: usize = 1_000;

/// Reads a list of users.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) when it is too long, no UTF-8, has no column of addresses, or a quote that does
/// not end.
///
/// # Examples
/// ```
/// let list = gdata_auth::migrate::campaign::csv::read(
///     b"Name;E-Mail\r\n\"Ann \"\"A.\"\"\";ann@example.com\r\nBen;ben\r\n",
/// )?;
/// assert_eq!(list.invitees[0].email(), "ann@example.com");
/// assert_eq!(list.faults[0].0, 3);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn read(bytes: &[u8]) -> Result<List, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::input(
            "users",
            format_args!("expected at most {MAX_BYTES} bytes, got more"),
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|cause| {
        let line = bytes[..cause.valid_up_to()]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        Error::input(
            "users",
            format_args!("expected UTF-8, got something else in line {}", line + 1),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Rows::of(text);
    let head = rows.next()?.map(|(_, head)| head).unwrap_or_default();
    let column = |names: &[&str]| {
        head.iter().position(|name| {
            let name = name.trim().to_ascii_lowercase();
            names.contains(&name.as_str())
        })
    };
    let email = column(EMAIL).ok_or_else(|| {
        Error::input(
            "users",
            format_args!("expected a first line with a column {}, got none", EMAIL[0]),
        )
    })?;
    let (account, subject) = (column(&["account"]), column(&["sub", "subject"]));
    let mut list = List::default();
    while let Some((line, row)) = rows.next()? {
        if row.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let field = |at: Option<usize>| {
            let text = at.and_then(|at| row.get(at)).map(|text| text.trim());
            let text = text.map(|text| match text.strip_prefix('\'') {
                Some(rest) if is_formula(rest) => rest,
                _ => text,
            });
            text.filter(|text| !text.is_empty())
        };
        let invitee = Invitee::new(field(Some(email)).unwrap_or_default())
            .and_then(|user| match field(account) {
                Some(name) => user.with_account(name),
                None => Ok(user),
            })
            .and_then(|user| match field(subject) {
                Some(name) => user.with_subject(name),
                None => Ok(user),
            });
        match invitee {
            Ok(invitee) => list.invitees.push(invitee),
            Err(error) if list.faults.len() < MAX_FAULTS => {
                list.faults.push((line, error.to_string()));
            }
            Err(_) => {
                return Err(Error::input(
                    "users",
                    format_args!(
                        "expected a list of addresses, got {MAX_FAULTS} lines without one"
                    ),
                ));
            }
        }
    }
    Ok(list)
}

/// The fields of such columns, line by line, out of a list that this crate printed. `what` names the list in errors.
///
/// # Errors
/// [`Kind::Input`](crate::Kind::Input) naming `what`: too long, no UTF-8, without one of the columns, a line that is too
/// short, or a quote that does not end.
pub(crate) fn columns<const N: usize>(
    what: &str,
    bytes: &[u8],
    names: [&str; N],
) -> Result<Vec<[String; N]>, Error> {
    let wrong = |problem: &str| Error::input(what, problem);
    if bytes.len() > MAX_BYTES {
        return Err(wrong("expected a shorter list, got too long a one"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("expected UTF-8"))?;
    let mut rows = Rows::of(text.strip_prefix('\u{feff}').unwrap_or(text));
    let head = rows.next()?.map(|(_, head)| head).unwrap_or_default();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        let found = head.iter().position(|own| own == name);
        *place = found.ok_or_else(|| {
            let problem = format_args!("expected a first line with a column {name}, got none");
            Error::input(what, problem)
        })?;
    }
    let mut list = Vec::new();
    while let Some((line, row)) = rows.next()? {
        if row.iter().all(String::is_empty) {
            continue;
        }
        let mut fields = [const { String::new() }; N];
        for (field, place) in fields.iter_mut().zip(places) {
            let text = row.get(place).ok_or_else(|| {
                let problem =
                    format_args!("line {line}: expected {} fields, got fewer", head.len());
                Error::input(what, problem)
            })?;
            let guarded = text.strip_prefix('\'').filter(|rest| is_formula(rest));
            *field = guarded.unwrap_or(text).to_owned();
        }
        list.push(fields);
    }
    Ok(list)
}

/// The line of a user, and the link where it is wanted.
#[must_use]
pub fn print(member: &Member, link: Option<&str>, now: Timestamp) -> String {
    let (invitee, standing) = (&member.invitee, &member.standing);
    let fields = [
        invitee.email().to_owned(),
        invitee.own_account().unwrap_or_default().to_owned(),
        invitee.subject().unwrap_or_default().to_owned(),
        standing.at(now).word().to_owned(),
        standing.changed_at.to_string(),
        standing.invited_at.to_string(),
        standing.expires_at.to_string(),
        standing.openings.to_string(),
        standing.mails.to_string(),
        standing.note.clone(),
    ];
    let mut line = fields
        .iter()
        .map(String::as_str)
        .chain(link)
        .map(quoted)
        .collect::<Vec<_>>()
        .join(",");
    line.push_str("\r\n");
    line
}

/// The first line.
#[must_use]
pub fn head(with_links: bool) -> String {
    let links = if with_links { ",link" } else { "" };
    format!("{}{links}\r\n", COLUMNS.join(","))
}

impl Campaign {
    /// All users as such a list, handed out line by line. With links it has to be kept as the campaign file is.
    ///
    /// # Errors
    /// As [`each`](Self::each), and what `put` says.
    pub fn print_csv(
        &self,
        with_links: bool,
        now: Timestamp,
        mut put: impl FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        put(&head(with_links))?;
        self.each(|member| {
            let link = match with_links {
                true => Some(self.link(&member)?),
                false => None,
            };
            put(&print(&member, link.as_deref(), now))
        })
    }
}

/// One record after the other, with the number of its first line.
struct Rows<'a> {
    rest: &'a str,
    separator: char,
    line: usize,
}

impl<'a> Rows<'a> {
    fn of(text: &'a str) -> Self {
        let first = text.lines().next().unwrap_or_default();
        let most = [',', ';', '\t']
            .into_iter()
            .rev()
            .max_by_key(|separator| first.matches(*separator).count());
        Self {
            rest: text,
            separator: most.unwrap_or(','),
            line: 1,
        }
    }

    fn next(&mut self) -> Result<Option<(usize, Vec<String>)>, Error> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let first = self.line;
        let mut row = Vec::new();
        loop {
            let (field, end) = self.field()?;
            row.push(field);
            if end {
                return Ok(Some((first, row)));
            }
        }
    }

    /// A field, and whether it was the last of its record.
    fn field(&mut self) -> Result<(String, bool), Error> {
        let mut field = String::new();
        if let Some(mut rest) = self.rest.strip_prefix('"') {
            loop {
                let Some(at) = rest.find('"') else {
                    return Err(self.wrong("expected the end of a quoted field, got none"));
                };
                field.push_str(&rest[..at]);
                rest = &rest[at + 1..];
                match rest.strip_prefix('"') {
                    Some(more) => {
                        field.push('"');
                        rest = more;
                    }
                    None => break,
                }
                if field.len() > MAX_FIELD {
                    return Err(self.wrong("expected a shorter field, got one that does not end"));
                }
            }
            self.line += field.matches('\n').count();
            self.rest = rest;
        }
        let separator = self.separator;
        let end = self.rest.find([separator, '\n']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        field.push_str(text);
        if field.len() > MAX_FIELD {
            return Err(self.wrong("expected a shorter field, got one that does not end"));
        }
        let mut letters = rest.chars();
        let stop = letters.next();
        self.rest = letters.as_str();
        if stop == Some(separator) {
            return Ok((field, false));
        }
        self.line += 1;
        if field.ends_with('\r') {
            field.pop();
        }
        Ok((field, true))
    }

    fn wrong(&self, problem: &str) -> Error {
        Error::input("users", format_args!("line {}: {problem}", self.line))
    }
}

/// A field as it stands in a line.
pub(crate) fn quoted(text: &str) -> String {
    let guard = if is_formula(text) { "'" } else { "" };
    if text.contains(['"', ',', ';', '\n', '\r', '\t']) {
        return format!("\"{guard}{}\"", text.replace('"', "\"\""));
    }
    format!("{guard}{text}")
}

/// What a spreadsheet would compute.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

const EMAIL: &[&str] = &[
    "email",
    "e-mail",
    "mail",
    "address",
    "email address",
    "user_email",
    "user",
];
