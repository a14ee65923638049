//! A document whose interactions are the items of one array: each is read by itself, so that a torn file gives those
//! before the tear.

use serde_json::Value;

use super::{Lost, Report, Scanner, Shape, Torn};
use crate::{
    cassette::{
        Cassette, Interaction, Reading,
        format::{Format, Source},
    },
    error::Error,
};

/// Reads the array at `path` (`data`, `pairs`), of which an empty one is the document itself; without a path, the
/// document is the one item. `each` reads an item at its
/// position from 0; `aside` is shown the members of the outermost object that are not on the path.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when there is no such array.
pub(in crate::cassette::format) fn items<'s>(
    source: &Source<'s>,
    format: Format,
    path: Option<&[&str]>,
    mut each: impl FnMut(&Value, usize, &mut Report<'s>) -> Result<Interaction, Lost>,
    aside: impl FnMut(&str, &Value, &mut Cassette, &mut Report<'s>),
) -> Result<Reading, Error> {
    let mut walk = Walk {
        limit: source.limits.interactions,
        format,
        report: Report::new(source.name),
        cassette: Cassette::default(),
        seen: 0,
        begun: false,
        each: &mut each,
        aside,
    };
    let mut scan = Scanner::new(&source.bytes, source.limits.depth);
    let walked = match path {
        Some(path) => walk.descend(&mut scan, path, true),
        None => walk.one(&mut scan),
    };
    let walked = walked.and_then(|()| scan.end());
    if !walk.begun {
        let message = match walked {
            Err(torn) => torn.to_string(),
            Ok(()) => format!(
                "expected an array `{}`, got none",
                path.unwrap_or_default().join(".")
            ),
        };
        return Err(Error::reply(source.name, message));
    }
    if let Err(torn) = walked {
        walk.report.torn(walk.cassette.interactions.len(), &torn);
    }
    if scan.twice > 0 {
        let message = format!(
            "expected each member once, got one twice; the last counts ({} times)",
            scan.twice
        );
        walk.report.note(None, "", message);
    }
    if scan.halves > 0 {
        let message = format!(
            "expected whole characters, got half a surrogate pair ({} times)",
            scan.halves
        );
        walk.report.note(None, "", message);
    }
    Ok(walk.report.into_reading(format, walk.cassette))
}

struct Walk<'w, 's, Each, Aside> {
    limit: usize,
    format: Format,
    report: Report<'s>,
    cassette: Cassette,
    seen: usize,
    begun: bool,
    each: &'w mut Each,
    aside: Aside,
}

impl<'s, Each, Aside> Walk<'_, 's, Each, Aside>
where
    Each: FnMut(&Value, usize, &mut Report<'s>) -> Result<Interaction, Lost>,
    Aside: FnMut(&str, &Value, &mut Cassette, &mut Report<'s>),
{
    fn descend(&mut self, scan: &mut Scanner<'_>, path: &[&str], is_top: bool) -> Result<(), Torn> {
        let Some((first, rest)) = path.split_first() else {
            if scan.shape()? != Shape::Array {
                return Err(scan.torn("an array of interactions"));
            }
            self.begun = true;
            return scan.array(|scan, _| self.item(scan));
        };
        scan.object(|scan, name| {
            if name.as_bytes() == first.as_bytes() {
                self.descend(scan, rest, false)
            } else if is_top {
                let value = scan.value()?;
                (self.aside)(&name.to_str(), &value, &mut self.cassette, &mut self.report);
                Ok(())
            } else {
                scan.skip()
            }
        })
    }

    fn one(&mut self, scan: &mut Scanner<'_>) -> Result<(), Torn> {
        if scan.shape()? != Shape::Object {
            return Err(scan.torn("an object"));
        }
        self.begun = true;
        self.item(scan)
    }

    fn item(&mut self, scan: &mut Scanner<'_>) -> Result<(), Torn> {
        if self.cassette.interactions.len() >= self.limit {
            return Err(scan.torn("no more interactions than the bound on them"));
        }
        let value = scan.value()?;
        let index = self.seen;
        self.seen += 1;
        match (self.each)(&value, index, &mut self.report) {
            Ok(mut interaction) => {
                interaction.provenance.format = Some(self.format);
                interaction.provenance.index = index;
                self.cassette.interactions.push(interaction);
            }
            Err(lost) => self.report.lost(index + 1, lost),
        }
        Ok(())
    }
}
