//! The campaign file, open: users found in it, and what becomes of them put behind it.

mod change;

use std::{collections::HashMap, path::Path};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    base::{Base, BaseWriter},
    invitation::LinkKey,
    invitee::Invitee,
    record::{Record, read_changes},
    settings::Settings,
    state::{Standing, Tally},
};
use crate::{
    error::Error,
    migrate::journal::{FileKind, Journal, Opened, damaged},
    system::Randomness,
    time::Timestamp,
};

/// A campaign: its settings, its users, and how far each has come.
///
/// # Shape
/// One file, and a lock beside it. A change is on the disk before it counts; a file that a crash left is opened as it
/// was at the last whole change. Users are read where they are needed, so that a campaign of a million opens at once.
///
/// # Security
/// The file holds the key that links are made with: who reads it can make every link. It is written with mode 0600.
/// It holds no token.
///
/// # Examples
/// ```
/// use gdata_auth::{
///     Timestamp, migrate::campaign::{Campaign, Invitee, Settings, State}, oauth2::Client, scope::ScopeNames,
///     system::SystemRandomness,
/// };
///
/// # let folder = std::env::temp_dir().join(format!("gdata-auth-campaign-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("upgrade.campaign");
/// # let _ = std::fs::remove_file(&path);
/// let app = Client::installed("1234.apps.googleusercontent.com")?;
/// let scopes = ScopeNames::parse("https://www.googleapis.com/auth/youtube")?;
/// let settings = Settings::new("Tide Videos", &app, &scopes, "http://127.0.0.1:8090")?;
/// let mut campaign = Campaign::create(&path, &settings, &SystemRandomness)?;
///
/// let now = Timestamp::from_unix_seconds(1_700_000_000);
/// let added = campaign.add(vec![Invitee::new("ann@example.com")?, Invitee::new("ANN@example.com")?], now)?;
/// assert_eq!((added.added, added.twice.as_slice()), (1, ["ANN@example.com".to_owned()].as_slice()));
///
/// let ann = campaign.find("ann@example.com")?.ok_or("no ann")?;
/// assert_eq!(ann.standing.at(now), State::Invited);
/// assert!(campaign.link(&ann)?.starts_with("http://127.0.0.1:8090/i/"));
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Campaign {
    journal: Journal,
    base: Base,
    settings: Settings,
    key: LinkKey,
    /// What has changed since the base was written.
    changed: HashMap<u32, Standing>,
    torn_bytes: u64,
}

/// A user of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The place in the order of addresses; it holds until users are added.
    pub number: u32,
    /// What tells this user apart for good.
    pub serial: u32,
    /// The address, and what else is known of the account.
    pub invitee: Invitee,
    /// How far the user has come.
    pub standing: Standing,
}

/// What became of a list of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Added {
    /// How many are new.
    pub added: usize,
    /// Who stood in the list more than once; the first counts.
    pub twice: Vec<String>,
    /// Who had been added before; nothing of them was changed.
    pub already: Vec<String>,
}

/// Whose link it is that somebody opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a link is good, or replaced")]
pub enum Admission {
    /// The present link of a user; it may have ended.
    Present(Member),
    /// A link that a newer one has replaced.
    Replaced,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    settings: Settings,
    key: String,
}

impl Campaign {
    /// What the file is, in its first bytes.
    const KIND: FileKind = FileKind::Campaign;

    /// The most users.
    pub const MAX_USERS: usize = 20_000_000;

    /// Starts a campaign in a file that is not there yet.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is one already, [`Kind::Transport`](crate::Kind::Transport) when it cannot be written.
    pub fn create(
        path: &Path,
        settings: &Settings,
        randomness: &dyn Randomness,
    ) -> Result<Self, Error> {
        let key = LinkKey::fresh(randomness);
        let kept = keep(settings, &key)?;
        let journal = Journal::create(path, Self::KIND, |out| {
            BaseWriter::start(out, &kept)?.finish()
        })?;
        Ok(Self {
            base: Base::of(&journal)?,
            journal,
            settings: settings.clone(),
            key,
            changed: HashMap::new(),
            torn_bytes: 0,
        })
    }

    /// Goes on with a campaign.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when there is none, or it is damaged; [`Kind::Refused`](crate::Kind::Refused) while another process goes on with it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::assemble(Journal::open(path, Self::KIND)?)
    }

    /// Looks at a campaign as it is now, also while another process goes on with it. Nothing can be changed.
    ///
    /// # Errors
    /// As [`open`](Self::open), but for the other process.
    pub fn look(path: &Path) -> Result<Self, Error> {
        Self::assemble(Journal::look(path, Self::KIND)?)
    }

    fn assemble(opened: Opened) -> Result<Self, Error> {
        let Opened {
            journal,
            frames,
            torn_bytes,
        } = opened;
        let wrong = |problem: &str| damaged(journal.path(), problem);
        let base = Base::of(&journal)?;
        let kept = Zeroizing::new(base.settings(&journal)?);
        // serde's message may quote the key.
        let kept: Kept = serde_json::from_slice(&kept)
            .map_err(|_| wrong("expected the settings of a campaign, got something else"))?;
        let key = LinkKey::of_text(&Zeroizing::new(kept.key))
            .ok_or_else(|| wrong("expected a key of 32 bytes, got another"))?;
        let mut changed = HashMap::new();
        for frame in &frames {
            let changes = read_changes(frame)
                .ok_or_else(|| wrong("expected a change of this version, got another"))?;
            for (number, standing) in changes {
                if number >= base.count {
                    return Err(wrong("expected a change of a user, got one of nobody"));
                }
                changed.insert(number, standing);
            }
        }
        Ok(Self {
            journal,
            base,
            settings: kept.settings,
            key,
            changed,
            torn_bytes,
        })
    }

    /// How many bytes of a write were lost in a crash; the change that they were of did not happen.
    #[must_use]
    pub fn torn_bytes(&self) -> u64 {
        self.torn_bytes
    }

    /// What is asked, in whose name, and where.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.journal.path()
    }

    /// How many users there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.count as usize
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.base.count == 0
    }

    /// The user with that address, in any spelling.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when the file is damaged there, [`Kind::Transport`](crate::Kind::Transport) when the disk fails; here and below.
    pub fn find(&self, email: &str) -> Result<Option<Member>, Error> {
        match self.base.find(&self.journal, email)? {
            Some(number) => self.member(number).map(Some),
            None => Ok(None),
        }
    }

    /// Whose link has that id, the part behind `/i/`; `None` when this campaign never made it.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn admit(&self, id: &str) -> Result<Option<Admission>, Error> {
        let Some(admitted) = self.key.admit(id) else {
            return Ok(None);
        };
        let Some(number) = self.base.of_serial(&self.journal, admitted.serial)? else {
            return Ok(None);
        };
        let member = self.member(number)?;
        if member.serial != admitted.serial {
            return Err(damaged(
                self.path(),
                "expected a user by its serial, got another",
            ));
        }
        Ok(Some(match member.standing.round == admitted.round {
            true => Admission::Present(member),
            false => Admission::Replaced,
        }))
    }

    /// The user with that number.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn member(&self, number: u32) -> Result<Member, Error> {
        let record = self.base.record(&self.journal, number)?;
        Ok(self.as_it_is(number, record))
    }

    /// The user with that serial.
    pub(in crate::migrate::campaign) fn member_of(
        &self,
        serial: u32,
    ) -> Result<Option<Member>, Error> {
        match self.base.of_serial(&self.journal, serial)? {
            Some(number) => self.member(number).map(Some),
            None => Ok(None),
        }
    }

    fn as_it_is(&self, number: u32, record: Record) -> Member {
        let changed = self.changed.get(&number).cloned();
        Member {
            number,
            serial: record.serial,
            invitee: record.invitee,
            standing: changed.unwrap_or(record.standing),
        }
    }

    /// The user's link.
    ///
    /// # Security
    /// Whoever has it can give or refuse consent in the user's place, but only with the user's account.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn link(&self, member: &Member) -> Result<String, Error> {
        let id = self.key.id(member.serial, member.standing.round)?;
        Ok(format!("{}/i/{id}", self.settings.origin()))
    }

    /// Hands out all users in the order of their addresses.
    ///
    /// # Errors
    /// As [`find`](Self::find), and what `see` says.
    pub fn each(&self, mut see: impl FnMut(Member) -> Result<(), Error>) -> Result<(), Error> {
        self.base.each(&self.journal, |number, record| {
            see(self.as_it_is(number, record))
        })
    }

    /// How many users are in each state as of `now`.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn tally(&self, now: Timestamp) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        self.each_standing(|_, standing| {
            tally.count(standing.at(now));
            Ok(())
        })?;
        Ok(tally)
    }

    /// The numbers of the users who pass, without reading the texts of any; notes are empty here.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn numbers(&self, mut pass: impl FnMut(&Standing) -> bool) -> Result<Vec<u32>, Error> {
        let mut numbers = Vec::new();
        self.each_standing(|number, standing| {
            if pass(standing) {
                numbers.push(number);
            }
            Ok(())
        })?;
        Ok(numbers)
    }

    fn each_standing(
        &self,
        mut see: impl FnMut(u32, &Standing) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.base.each_fixed(&self.journal, |number, fixed| {
            match (self.changed.get(&number), fixed.standing()) {
                (Some(standing), _) => see(number, standing),
                (None, Some(standing)) => see(number, &standing),
                (None, None) => Err(damaged(
                    self.path(),
                    format_args!("expected user {number} whole, got a damaged record"),
                )),
            }
        })
    }
}

fn keep(settings: &Settings, key: &LinkKey) -> Result<Zeroizing<Vec<u8>>, Error> {
    let kept = Kept {
        settings: settings.clone(),
        key: key.to_text(),
    };
    serde_json::to_vec(&kept).map(Zeroizing::new).map_err(|_| {
        Error::input(
            "settings",
            "expected what JSON can hold, got something else",
        )
    })
}
