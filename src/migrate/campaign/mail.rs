//! Invitations and reminders as mail that somebody else sends (RFC 5322, 2047, 2045).
//!
//! Nothing here sends: a folder of `.eml` files, or a mailbox in the form mboxrd (RFC 4155), is what comes out.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::fmt::rfc2822;

use super::{
    book::{Campaign, Member},
    invitee::Invitee,
    page::words,
    state::State,
};
use crate::{error::Error, time::Timestamp};

/// What mail says, and from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailText {
    from: Invitee,
    from_name: Option<String>,
    subject: String,
    /// None: the crate's own, by how far the user is.
    body: Option<String>,
}

impl MailText {
    /// What stands for a user's own in a text of the caller's.
    pub const PLACES: &[&str] = &[
        "{link}",
        "{email}",
        "{app}",
        "{ends}",
        "{reason}",
        "{contact}",
        "{again}",
    ];
    /// The most bytes of a text.
    pub const MAX: usize = 64 << 10;

    /// The text that this crate brings, in plain English: the invitation, and another one for who gave a part or nothing,
    /// or used another account.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `from`, when it is no address.
    pub fn new(from: &str) -> Result<Self, Error> {
        let (name, address) = match from.split_once('<') {
            Some((name, address)) => (
                name.trim().trim_matches('"'),
                address.trim().trim_end_matches('>'),
            ),
            None => ("", from.trim()),
        };
        let from = Invitee::new(address).map_err(|cause| {
            Error::input(
                "from",
                "expected an address such as Tide Videos <team@example.com>",
            )
            .caused_by(cause)
        })?;
        if name.len() > 200 || name.chars().any(char::is_control) {
            return Err(Error::input("from", "expected a name in one line"));
        }
        Ok(Self {
            from,
            from_name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            subject: SUBJECT.to_owned(),
            body: None,
        })
    }

    /// A text of the caller's: the first line is the subject, and the rest, behind an empty line, the body, with
    /// [`PLACES`](Self::PLACES) for what is a user's own.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) naming `template`, when it is too long, has no `{link}` in its body, a name in
    /// braces that is none of the places, or control characters.
    pub fn with_template(mut self, text: &str) -> Result<Self, Error> {
        let wrong = |problem: &str| Error::input("template", problem);
        let text = text.replace("\r\n", "\n");
        let plain = |letter: char| letter == '\n' || letter == '\t' || !letter.is_control();
        if text.len() > Self::MAX || !text.chars().all(plain) {
            return Err(wrong("expected at most 64 KiB of plain text, got another"));
        }
        let (subject, body) = text
            .split_once("\n\n")
            .ok_or_else(|| wrong("expected a subject, an empty line and a body"))?;
        if subject.trim().is_empty() || subject.contains('\n') {
            return Err(wrong(
                "expected the subject in the first line, and an empty one behind it",
            ));
        }
        if !body.contains("{link}") {
            return Err(wrong(
                "expected {link} in the body: without it nobody can consent",
            ));
        }
        if let Some(strange) = strange_place(&text) {
            return Err(Error::input(
                "template",
                format_args!(
                    "expected one of {}, got {strange}, which would go out as it stands",
                    Self::PLACES.join(", ")
                ),
            ));
        }
        subject.trim().clone_into(&mut self.subject);
        self.body = Some(body.to_owned());
        Ok(self)
    }

    /// The whole message for a user.
    ///
    /// # Errors
    /// As [`Campaign::link`].
    pub fn message(
        &self,
        campaign: &Campaign,
        member: &Member,
        now: Timestamp,
    ) -> Result<String, Error> {
        let link = campaign.link(member)?;
        let settings = campaign.settings();
        let ends = member.standing.expires_at.to_string();
        let contact = match settings.contact() {
            Some(contact) => format!("Questions: {contact}"),
            None => String::new(),
        };
        let again = again(campaign, member);
        let fill = |text: &str| {
            let places = [
                link.as_str(),
                member.invitee.email(),
                settings.app(),
                // A day is what people need.
                ends.split('T').next().unwrap_or(&ends),
                settings.reason().unwrap_or_default(),
                contact.as_str(),
                again.as_str(),
            ];
            fill(text, &places)
        };
        let kind = match member.standing.mails {
            0 => "",
            _ => "Reminder: ",
        };
        let subject = format!("{kind}{}", fill(&self.subject));
        let body = match (&self.body, member.standing.state) {
            (Some(body), _) => fill(body),
            (None, State::Partial | State::Nothing | State::WrongAccount) => fill(AGAIN),
            (None, _) => fill(BODY),
        };
        let domain = self.from.email().rsplit('@').next().unwrap_or_default();
        // No part of the link: the id of a message is in everybody's log.
        let id = format!(
            "<gdata-auth.{}.{}.{}.{}@{domain}>",
            member.serial,
            member.standing.round,
            member.standing.mails,
            now.unix_seconds()
        );
        let from = match &self.from_name {
            Some(name) => format!("{} <{}>", phrase(name), self.from.email()),
            None => self.from.email().to_owned(),
        };
        let mut message = String::new();
        for (name, value) in [
            ("From", from.as_str()),
            ("To", member.invitee.email()),
            ("Subject", &encoded(&subject)),
            ("Date", &date(now)),
            ("Message-ID", &id),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "quoted-printable"),
            ("Auto-Submitted", "auto-generated"),
        ] {
            message.push_str(&format!("{name}: {value}\r\n"));
        }
        message.push_str("\r\n");
        message.push_str(&quoted_printable(&body));
        Ok(message)
    }

    /// The message in a mailbox.
    #[must_use]
    pub fn in_mbox(&self, message: &str, now: Timestamp) -> String {
        let mut out = format!("From {} {}\n", self.from.email(), asctime(now));
        for line in message.lines() {
            if line.trim_start_matches('>').starts_with("From ") {
                out.push('>');
            }
            out.push_str(line);
            out.push('\n');
        }
        out.push('\n');
        out
    }
}

impl Campaign {
    /// Who is to be reminded: nothing has come of the invitation, the link is still good, and there was no mail for
    /// them since `before`, or none at all yet. With `states`, only those in one of them.
    ///
    /// # Errors
    /// As [`numbers`](Self::numbers).
    pub fn to_remind(
        &self,
        now: Timestamp,
        before: Timestamp,
        states: &[State],
    ) -> Result<Vec<u32>, Error> {
        self.numbers(|standing| {
            let state = standing.at(now);
            state.is_waiting()
                && !standing.has_ended(now)
                && (states.is_empty() || states.contains(&state))
                && standing.mailed_at.is_none_or(|at| at <= before)
        })
    }

    /// Writes down that mail was made for these users, or a hook called: it does not send any.
    ///
    /// # Errors
    /// As [`expire`](Self::expire).
    pub fn note_reminders(&mut self, numbers: &[u32], now: Timestamp) -> Result<(), Error> {
        self.reminded(numbers, now)
    }
}

/// What to do this time, for who has tried before; nothing for others.
fn again(campaign: &Campaign, member: &Member) -> String {
    let app = campaign.settings().app();
    let email = member.invitee.email();
    match member.standing.state {
        State::Partial => {
            let missing = member.standing.missing();
            let line = |scope: &&str| format!("  {}\n", words::of(scope).unwrap_or(scope));
            let list: String = missing.iter().map(line).collect();
            let which = match list.is_empty() {
                true => "the rest.\n".to_owned(),
                false => format!("the rest:\n\n{list}"),
            };
            format!(
                "Last time you gave a part of what {app} needs. It cannot do its\nwork without {which}\nPlease tick \
                 every box this time, with the account {email}."
            )
        }
        State::Nothing => format!(
            "Last time you signed in and allowed nothing of what {app}\nneeds. Please tick every box this time, with the \
             account {email}."
        ),
        State::WrongAccount => format!(
            "Last time another account was used. Please sign in with {email}:\nif the browser offers another one, choose \
             \"Use another account\" there."
        ),
        _ => String::new(),
    }
}

/// A name in braces that nothing will take the place of.
fn strange_place(text: &str) -> Option<&str> {
    let places = text.match_indices('{').filter_map(|(start, _)| {
        let end = text[start..].find('}')?;
        Some(&text[start..=start + end])
    });
    let is_name = |place: &&str| {
        let name = place[1..place.len() - 1].trim();
        let plain = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
        name.starts_with(char::is_alphabetic) && name.chars().all(plain)
    };
    places
        .filter(is_name)
        .find(|place| !MailText::PLACES.contains(place))
}

/// In one pass, so that a name of a place in a user's own text stays what it is.
fn fill(text: &str, values: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let place = MailText::PLACES
            .iter()
            .zip(values)
            .find(|(place, _)| rest.starts_with(**place));
        match place {
            Some((place, value)) => {
                out.push_str(value);
                rest = &rest[place.len()..];
            }
            None => {
                out.push('{');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A name before an address: quoted, or encoded where it is not ASCII.
fn phrase(name: &str) -> String {
    match name.is_ascii() {
        true => format!("\"{}\"", name.replace(['"', '\\'], "")),
        false => encoded(name),
    }
}

/// RFC 2047: as it is where that is allowed, else in words of at most 75 characters.
fn encoded(text: &str) -> String {
    if text.is_ascii() && text.len() <= 200 && !text.contains("=?") {
        return text.to_owned();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars() {
        if word.len() + letter.len_utf8() > 45 {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    words.push(word);
    words
        .iter()
        .map(|word| format!("=?utf-8?B?{}?=", STANDARD.encode(word)))
        .collect::<Vec<_>>()
        .join("\r\n ")
}

/// RFC 2045, 6.7, with CRLF.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let mut width = 0;
        let bytes = line.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let plain = match byte {
                b' ' | b'\t' => !last,
                b'=' => false,
                // A line of a mailbox may not begin so.
                b'F' if at == 0 && line.starts_with("From ") => false,
                byte => byte.is_ascii_graphic(),
            };
            let piece = if plain { 1 } else { 3 };
            if width + piece > 75 {
                out.push_str("=\r\n");
                width = 0;
            }
            match plain {
                true => out.push(char::from(*byte)),
                false => out.push_str(&format!("={byte:02X}")),
            }
            width += piece;
        }
        out.push_str("\r\n");
    }
    out
}

fn date(now: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(now.unix_seconds()).unwrap_or_default();
    rfc2822::DateTimePrinter::new()
        .timestamp_to_string(&moment)
        .unwrap_or_default()
        // `-0000` would say that nobody knows the local time (RFC 5322, 3.3).
        .replace("-0000", "+0000")
}

/// As RFC 4155 has it: `Thu Nov 24 18:22:48 1986`.
fn asctime(now: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(now.unix_seconds()).unwrap_or_default();
    let civil = moment.to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let day = DAYS[civil.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7];
    let month = MONTHS[(civil.month().unsigned_abs() as usize + 11) % 12];
    format!(
        "{day} {month} {:>2} {:02}:{:02}:{:02} {:04}",
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
        civil.year()
    )
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const SUBJECT: &str = "{app} needs your permission once more";
const BODY: &str = "\
Hello,

you connected {app} to your account {email} some years ago, in a way
that the provider has switched off. For {app} to go on working, you
have to give your permission once more. {reason}

This link is yours alone, and good until {ends}:

{link}

It explains what is asked before anything happens. You sign in on the
provider's own page; {app} never sees your password. You may also say no
there.

{contact}
";
const AGAIN: &str = "\
Hello,

thank you for opening the link to {app}. Something is still to be done.

{again}

This link is yours alone, and good until {ends}:

{link}

You sign in on the provider's own page; {app} never sees your password.
You may also say no there.

{contact}
";
