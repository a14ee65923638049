//! Whether a field is secret: what the rules say, then the tables.

use std::ops::Range;

use super::{field::Field, names, rules::Ready};
use crate::{
    cassette::{Place, RecordedRequest, SecretKind},
    error::Error,
};

use super::RedactionRules;

/// The rules, ready.
#[derive(Clone, Debug, Default)]
pub(super) struct Judge {
    mask: Vec<Ready>,
    allow: Vec<Ready>,
    identities: bool,
}

/// Where a request went: rules may be for one server alone.
#[derive(Clone, Default)]
pub(super) struct Goal {
    host: String,
    path: String,
}

/// A secret piece of a value.
pub(super) struct Piece {
    pub(super) at: Range<usize>,
    pub(super) kind: SecretKind,
    /// A pattern of the caller's found it: it is replaced wherever it stands, however short it is.
    pub(super) everywhere: bool,
}

impl Goal {
    pub(super) fn of(request: &RecordedRequest) -> Self {
        let url = request.url();
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let (path, _) = request.path_and_query();
        Self {
            host: host
                .split(':')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase(),
            path: path.to_owned(),
        }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }
}

impl Judge {
    pub(super) fn new(rules: &RedactionRules) -> Result<Self, Error> {
        let ready = |rules: &[super::Rule]| -> Result<Vec<Ready>, Error> {
            rules.iter().map(Ready::of).collect()
        };
        Ok(Self {
            mask: ready(&rules.mask)?,
            allow: ready(&rules.allow)?,
            identities: rules.mask_identities,
        })
    }

    /// Whether a rule lets all of this field stand.
    pub(super) fn allows(&self, goal: &Goal, field: &Field<'_>) -> bool {
        self.allow.iter().any(|rule| {
            rule.means(field.place, field.name, &goal.host, &goal.path)
                && rule
                    .pattern
                    .as_ref()
                    .is_none_or(|pattern| pattern.is_match(field.value))
        })
    }

    /// The secret pieces of a field; none when it has none of its own.
    pub(super) fn secrets(&self, goal: &Goal, field: &Field<'_>) -> Vec<Piece> {
        if names::is_placeholder(field.value) {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        for rule in &self.mask {
            if !rule.means(field.place, field.name, &goal.host, &goal.path) {
                continue;
            }
            let piece = |at: Range<usize>, everywhere| Piece {
                at,
                kind: SecretKind::Other,
                everywhere,
            };
            match &rule.pattern {
                None if field.name.is_empty() => {}
                None => pieces.push(piece(0..field.value.len(), false)),
                Some(pattern) => {
                    for found in pattern.captures_iter(field.value) {
                        let group = found.get(1).or_else(|| found.get(0));
                        if let Some(group) = group.filter(|group| !group.is_empty()) {
                            pieces.push(piece(group.range(), true));
                        }
                    }
                }
            }
        }
        if pieces.is_empty()
            && let Some(kind) = self.kind(field)
        {
            pieces.push(Piece {
                at: 0..field.value.len(),
                kind,
                everywhere: false,
            });
        }
        pieces
    }

    fn kind(&self, field: &Field<'_>) -> Option<SecretKind> {
        let identity = || {
            let is = |(place, name): &(Place, &str)| {
                *place == field.place && name.eq_ignore_ascii_case(field.name)
            };
            let masked = self.identities && IDENTITIES.iter().any(is);
            masked.then_some(SecretKind::Other)
        };
        names::known(field.place, field.name, field.value).or_else(identity)
    }
}

/// Who somebody is: no secret, but not everybody's business.
const IDENTITIES: &[(Place, &str)] = &[
    (Place::Param, "Email"),
    (Place::Param, "login_hint"),
    (Place::Param, "username"),
    (Place::Param, "xoauth_requestor_id"),
    (Place::Line, "Email"),
    (Place::Line, "YouTubeUser"),
    (Place::Json, "email"),
    (Place::Json, "sub"),
    (Place::Json, "emailAddress"),
    (Place::Claim, "email"),
    (Place::Claim, "sub"),
    (Place::Xml, "email"),
];
