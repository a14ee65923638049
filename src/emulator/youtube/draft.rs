//! What a client says of a video, before there is one: its title and its description.

use http::StatusCode;

use super::errors;
use crate::{
    emulator::{answer::Answer, videos::Privacy},
    gdata::{Entry, ErrorEntry, Errors, Location, namespaces::MEDIA, upload::Slug},
};

/// A title and a description that YouTube takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct Draft {
    pub(in crate::emulator) title: String,
    pub(in crate::emulator) description: String,
    /// Who may see the video; only the Data API v3 tells.
    pub(in crate::emulator) privacy: Privacy,
}

/// Which part of an entry YouTube does not take, and why (legacy-protocol.md 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emulator) struct Fault {
    pub(in crate::emulator) code: &'static str,
    location: &'static str,
}

impl Draft {
    /// YouTube's bound of a title, in characters.
    const MAX_TITLE: usize = 100;
    /// YouTube's bound of a description, in characters. UNVERIFIED: some pages say bytes.
    const MAX_DESCRIPTION: usize = 5_000;

    /// Of an entry; a title in `media:group` outranks Atom's.
    pub(super) fn of(entry: &Entry<'_>) -> Result<Self, Fault> {
        let group = entry.element().child(MEDIA, "group");
        let field = |name: &str| {
            group
                .and_then(|group| group.child(MEDIA, name))
                .map(|field| field.text().to_owned())
        };
        let title = field("title").or_else(|| entry.title().map(str::to_owned));
        Self::new(
            title.unwrap_or_default(),
            field("description").unwrap_or_default(),
        )
    }

    /// Of an upload: its entry, else its file name. UNVERIFIED: that a name alone was enough.
    pub(super) fn of_upload(entry: Option<&Entry<'_>>, slug: Option<&Slug>) -> Result<Self, Fault> {
        match (entry, slug) {
            (Some(entry), _) => Self::of(entry),
            (None, slug) => Self::new(
                slug.map(Slug::as_str).unwrap_or_default().to_owned(),
                String::new(),
            ),
        }
    }

    /// A public video's.
    pub(in crate::emulator) fn new(title: String, description: String) -> Result<Self, Fault> {
        for (text, most, location) in [
            (&title, Self::MAX_TITLE, TITLE),
            (&description, Self::MAX_DESCRIPTION, DESCRIPTION),
        ] {
            let code = match text {
                text if text.is_empty() && location == TITLE => "required",
                text if text.chars().count() > most => "too_long",
                text if text.contains(['<', '>']) => "invalid_character",
                _ => continue,
            };
            return Err(Fault { code, location });
        }
        Ok(Self {
            title,
            description,
            privacy: Privacy::Public,
        })
    }
}

impl Fault {
    /// Whether it is the title; else the description.
    pub(in crate::emulator) fn is_of_title(self) -> bool {
        self.location == TITLE
    }

    pub(super) fn errors(self) -> Errors {
        let mut entry = ErrorEntry::new("yt:validation", self.code);
        entry.location = Some(Location::XPath(self.location.to_owned()));
        Errors::new([entry]).without_namespace()
    }

    pub(super) fn answer(self) -> Answer {
        errors(StatusCode::BAD_REQUEST, &self.errors()).because(self.to_string())
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.location, self.code)
    }
}

const TITLE: &str = "media:group/media:title/text()";
const DESCRIPTION: &str = "media:group/media:description/text()";
