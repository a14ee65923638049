//! From a live request to the recorded ones that may be it, in the same time for one and for a hundred thousand.
//!
//! ```text
//! hash of what is compared ──▶ Bucket ──▶ Groups: interactions that say the same, secrets included
//!                                           └ next one to play: an atomic count
//! ```
//!
//! Hashes live in memory only and differ in every process. Nothing of them reaches a cassette, so a change of
//! what is compared orphans no recording.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher, RandomState},
    sync::atomic::AtomicUsize,
};

use smallvec::SmallVec;

use super::session::Session;
use crate::cassette::{
    SecretKind,
    meaning::{Facet, FacetRole, Sink, Whereto},
};

/// Secrets of a live request, in the order of its facets.
pub(super) type Secrets = SmallVec<[(SecretKind, String); 2]>;

pub(super) struct Index {
    buckets: HashMap<u64, Bucket, BuildHasherDefault<AsItIs>>,
    pub(super) groups: Vec<Group>,
    keys: RandomState,
}

/// Groups whose compared facets are equal.
#[derive(Default)]
struct Bucket {
    groups: Vec<u32>,
    /// By their secrets.
    exact: HashMap<u64, Vec<u32>, BuildHasherDefault<AsItIs>>,
    /// Those with a secret that the client brings along.
    free: Vec<u32>,
}

/// Interactions that say the same.
pub(super) struct Group {
    /// In the order of the cassette.
    pub(super) members: Vec<u32>,
    /// How many were asked for.
    pub(super) next: AtomicUsize,
    pub(super) origin: Whereto,
    pub(super) secrets: Box<[Secret]>,
}

/// A recorded secret.
pub(super) struct Secret {
    pub(super) text: Box<str>,
    pub(super) held: Held,
}

/// How a recorded secret is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Not at all.
    Ignored,
    /// It has to come back as it is.
    Fixed,
    /// It stands for what the client sends.
    Free,
}

/// What a live request is looked up by.
pub(super) struct Asked {
    hash: u64,
    pub(super) secrets: Secrets,
}

impl Index {
    pub(super) fn new() -> Self {
        Self {
            buckets: HashMap::default(),
            groups: Vec::new(),
            keys: RandomState::new(),
        }
    }

    /// Adds an interaction by the facets of its request.
    pub(super) fn add(
        &mut self,
        interaction: usize,
        facets: &[Facet],
        origin: Whereto,
        held: impl Fn(SecretKind, &str) -> Held,
    ) {
        let mut sink = self.sink();
        for facet in facets
            .iter()
            .filter(|facet| facet.role != FacetRole::LeftOut)
        {
            sink.facet(facet.role, &facet.place, &facet.name, &facet.value);
        }
        let asked = sink.finish();
        let secrets: Box<[Secret]> = asked
            .secrets
            .iter()
            .map(|(kind, text)| Secret {
                text: text.as_str().into(),
                held: held(*kind, text),
            })
            .collect();
        let kept = secrets.iter().filter(|secret| secret.held != Held::Ignored);
        let exact = self.hash_of(kept.map(|secret| &*secret.text));
        let interaction = u32::try_from(interaction).unwrap_or(u32::MAX);
        let bucket = self.buckets.entry(asked.hash).or_default();
        let alike = bucket.exact.entry(exact).or_default();
        let same = alike.iter().copied().find(|group| {
            self.groups
                .get(*group as usize)
                .is_some_and(|group| group.origin == origin)
        });
        if let Some(group) = same.and_then(|group| self.groups.get_mut(group as usize)) {
            group.members.push(interaction);
            return;
        }
        let number = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        alike.push(number);
        bucket.groups.push(number);
        if secrets.iter().any(|secret| secret.held == Held::Free) {
            bucket.free.push(number);
        }
        self.groups.push(Group {
            members: vec![interaction],
            next: AtomicUsize::new(0),
            origin,
            secrets,
        });
    }

    /// A sink that hashes, for [`find`](Self::find).
    pub(super) fn sink(&self) -> Hashing {
        Hashing {
            hasher: self.keys.build_hasher(),
            secrets: Secrets::new(),
        }
    }

    /// The groups that a live request may belong to, likeliest first.
    pub(super) fn find<'i>(
        &'i self,
        asked: &Asked,
        session: Option<&Session>,
    ) -> impl Iterator<Item = &'i Group> + use<'i> {
        let found: Option<SmallVec<[u32; 4]>> = self.buckets.get(&asked.hash).map(|bucket| {
            if bucket.groups.len() <= FEW {
                return bucket.groups.iter().copied().collect();
            }
            let first = self.groups.get(bucket.groups[0] as usize);
            let kept = asked.secrets.iter().enumerate().filter(|(at, _)| {
                first
                    .and_then(|group| group.secrets.get(*at))
                    .is_some_and(|secret| secret.held != Held::Ignored)
            });
            let exact = self.hash_of(kept.map(|(_, (_, text))| {
                session.map_or(text.as_str(), |session| session.recorded(text))
            }));
            let mut found: SmallVec<[u32; 4]> = SmallVec::new();
            found.extend(bucket.exact.get(&exact).into_iter().flatten().copied());
            let known: HashSet<u32> = found.iter().copied().collect();
            found.extend(
                bucket
                    .free
                    .iter()
                    .copied()
                    .filter(|one| !known.contains(one)),
            );
            found
        });
        found
            .unwrap_or_default()
            .into_iter()
            .filter_map(|number| self.groups.get(number as usize))
    }

    fn hash_of<'t>(&self, texts: impl Iterator<Item = &'t str>) -> u64 {
        let mut hasher = self.keys.build_hasher();
        for text in texts {
            hasher.write_usize(text.len());
            hasher.write(text.as_bytes());
        }
        hasher.finish()
    }
}

/// Hashes facets as they come; secrets count by their place alone.
pub(super) struct Hashing {
    hasher: DefaultHasher,
    secrets: Secrets,
}

impl Hashing {
    pub(super) fn finish(self) -> Asked {
        Asked {
            hash: self.hasher.finish(),
            secrets: self.secrets,
        }
    }
}

impl Sink for Hashing {
    const WANTS_ALL: bool = false;

    fn facet(&mut self, role: FacetRole, place: &str, name: &str, value: &str) {
        // Every piece ends in a byte that no text has, so that no two lists of pieces run together.
        let mut piece = |text: &str| {
            self.hasher.write(text.as_bytes());
            self.hasher.write_u8(0xff);
        };
        piece(place);
        piece(name);
        match role {
            FacetRole::Secret(kind) => self.secrets.push((kind, value.to_owned())),
            _ => piece(value),
        }
    }
}

/// The hash is the key.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// So many groups are looked through one by one.
const FEW: usize = 8;
