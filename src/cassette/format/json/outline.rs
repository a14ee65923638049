//! The names at the top of a document: enough to tell its format, little enough to look at in any file.

use super::{Scanner, Shape, Torn};

/// What the first piece of a document shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::cassette::format) struct Outline {
    /// Whether the document is an array; then the members are those of its first item.
    pub(in crate::cassette::format) is_array: bool,
    /// The members in order, those of a member that is an object as `log.version`.
    members: Vec<(String, Shape)>,
}

/// Formats put their marks at the front. A member that is larger than this ends the look.
const WINDOW: usize = 1 << 20;
/// Deeper than this nothing tells a format.
const DEPTH: usize = 64;

impl Outline {
    /// The outline of JSON; of anything else, an empty one.
    pub(in crate::cassette::format) fn of(bytes: &[u8]) -> Self {
        let mut outline = Self::default();
        let mut scan = Scanner::new(&bytes[..bytes.len().min(WINDOW)], DEPTH);
        // It ends where the window ends, and that is no failure.
        let _torn = outline.look(&mut scan);
        outline
    }

    /// Whether there is this member.
    pub(in crate::cassette::format) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }

    /// Whether there is this member, in this shape.
    pub(in crate::cassette::format) fn has_as(&self, name: &str, shape: Shape) -> bool {
        self.members
            .iter()
            .any(|member| member.0 == name && member.1 == shape)
    }

    fn look(&mut self, scan: &mut Scanner<'_>) -> Result<(), Torn> {
        match scan.shape()? {
            Shape::Object => self.members(scan, ""),
            Shape::Array => {
                self.is_array = true;
                scan.array(|scan, index| match (index, scan.shape()?) {
                    (0, Shape::Object) => self.members(scan, ""),
                    _ => Err(scan.torn("one item")),
                })
            }
            _ => Ok(()),
        }
    }

    fn members(&mut self, scan: &mut Scanner<'_>, above: &str) -> Result<(), Torn> {
        scan.object(|scan, name| {
            let shape = scan.shape()?;
            let name = format!("{above}{}", name.to_str());
            self.members.push((name.clone(), shape));
            if shape == Shape::Object && above.is_empty() {
                self.members(scan, &format!("{name}."))
            } else {
                scan.skip()
            }
        })
    }
}
