//! The videos that the emulated YouTube holds, and how one looks as a gdata entry
//! (legacy-protocol.md 2.2 and 2.3).

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::config::User;
use crate::{
    gdata::{
        Element, Entry, atom,
        namespaces::{APP, MEDIA, YOUTUBE},
    },
    time::Timestamp,
};

/// A video of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Video {
    pub(super) id: String,
    /// The owner's address.
    pub(super) owner: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) media_type: String,
    /// Size of the media in bytes.
    pub(super) size: u64,
    pub(super) privacy: Privacy,
    pub(super) published: Timestamp,
    pub(super) updated: Timestamp,
}

/// Who may see a video. Only the Data API v3 sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privacy {
    Public,
    /// Whoever knows its id.
    Unlisted,
    /// Its owner.
    Private,
}

impl Privacy {
    pub(super) const ALL: [Self; 3] = [Self::Public, Self::Unlisted, Self::Private];

    /// As the Data API v3 names it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unlisted => "unlisted",
            Self::Private => "private",
        }
    }
}

/// The name that stands in addresses for an account: what is before the `@`.
pub(super) fn channel(email: &str) -> &str {
    email.split('@').next().unwrap_or(email)
}

impl Video {
    /// The two videos that every user has from the start.
    pub(super) fn samples(user: &User) -> [Self; 2] {
        // 2010-06-01T12:00:00Z, and a day later.
        [(1_275_393_600, "First light"), (1_275_480_000, "Harbour")].map(|(seconds, title)| Self {
            id: id_of(&[user.email.as_str(), title].concat()),
            owner: user.email.clone(),
            title: title.to_owned(),
            description: format!("A sample video of {}.", user.name()),
            media_type: "video/mp4".to_owned(),
            size: 1_048_576,
            privacy: Privacy::Public,
            published: Timestamp::from_unix_seconds(seconds),
            updated: Timestamp::from_unix_seconds(seconds),
        })
    }

    /// Somebody else's video, with an id that is known before: the one that the tutorial "Authorization
    /// process of YouTube Data API" gives a like to.
    pub(super) fn of_the_story() -> Self {
        // 2010-06-03T12:00:00Z.
        let published = Timestamp::from_unix_seconds(1_275_566_400);
        Self {
            id: "YbJOTdZBX1g".to_owned(),
            owner: "tutorial@example.net".to_owned(),
            title: "A video to like".to_owned(),
            description: "A sample video of nobody here.".to_owned(),
            media_type: "video/mp4".to_owned(),
            size: 1_048_576,
            privacy: Privacy::Public,
            published,
            updated: published,
        }
    }

    /// Whether that account, or with none anybody, may see it.
    pub(super) fn is_open_to(&self, user: Option<&str>) -> bool {
        self.privacy != Privacy::Private || user == Some(self.owner.as_str())
    }

    /// The weak ETag of the entry, which changes with its content.
    pub(super) fn etag(&self) -> String {
        let moment = self.updated.unix_seconds();
        let seen = (&self.id, &self.title, &self.description, self.size, moment);
        format!("W/\"{}.\"", digest(&seen))
    }

    /// The entry with its addresses below `base`.
    pub(super) fn entry(&self, base: &str) -> Entry<'static> {
        let updated = self.updated.to_string();
        let home = self.address(base);
        let media = Element::new(MEDIA, "group")
            .with(
                Element::new(MEDIA, "title")
                    .with_attribute("type", "plain")
                    .with_text(self.title.clone()),
            )
            .with(
                Element::new(MEDIA, "description")
                    .with_attribute("type", "plain")
                    .with_text(self.description.clone()),
            )
            .with(Element::new(YOUTUBE, "videoid").with_text(self.id.clone()));
        Entry::new()
            .with_etag(self.etag())
            .with(atom::id(format!("tag:youtube.com,2008:video:{}", self.id)))
            .with(atom::published(self.published.to_string()))
            .with(atom::updated(updated.clone()))
            .with(Element::new(APP, "edited").with_text(updated))
            .with(atom::category(
                "http://schemas.google.com/g/2005#kind",
                "http://gdata.youtube.com/schemas/2007#video",
            ))
            .with(atom::title(self.title.clone()))
            .with(atom::link("self", "application/atom+xml", home.clone()))
            .with(atom::link("edit", "application/atom+xml", home))
            .with(atom::author(channel(&self.owner).to_owned()))
            .with(media)
    }

    /// Where the entry is read, changed and deleted.
    pub(super) fn address(&self, base: &str) -> String {
        format!(
            "{base}/feeds/api/users/{}/uploads/{}",
            channel(&self.owner),
            self.id
        )
    }
}

/// 11 characters of YouTube's alphabet, always the same ones for a text.
fn id_of(text: &str) -> String {
    digest(&text)
}

pub(super) fn digest(value: &impl std::hash::Hash) -> String {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(value);
    URL_SAFE_NO_PAD.encode(hash.to_be_bytes())
}
