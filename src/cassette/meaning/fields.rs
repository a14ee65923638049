//! How the fields of protocols are compared, by name: the table of [`KNOWN`] and what matching adds to it.

use std::{collections::HashMap, sync::LazyLock};

use super::facet::FacetRole;
use crate::cassette::{KNOWN, Place, Role, SecretKind};

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    Plain(FacetRole),
    /// A list parted by blanks, of which the order says nothing (RFC 6749, 3.3).
    Set,
    /// An address to come back to: on loopback the port differs in every run, and says nothing (RFC 8252, 7.3).
    Redirect,
    /// A JSON Web Token: compared claim by claim.
    Token(SecretKind),
}

/// A parameter of a query or a form.
pub(super) fn parameter(name: &str) -> Treatment {
    PARAMETERS
        .get(name)
        .copied()
        .unwrap_or(Treatment::Plain(FacetRole::Compared))
}

/// A member of a JSON object, wherever it stands.
pub(super) fn member(name: &str) -> FacetRole {
    MEMBERS.get(name).copied().unwrap_or(FacetRole::Compared)
}

/// A claim.
pub(super) fn claim(name: &str) -> Treatment {
    let volatile = KNOWN
        .iter()
        .any(|known| known.place == Place::Claim && known.name == name);
    match name {
        _ if volatile => Treatment::Plain(FacetRole::LeftOut),
        "scope" => Treatment::Set,
        _ => Treatment::Plain(FacetRole::Compared),
    }
}

static PARAMETERS: LazyLock<HashMap<&'static str, Treatment>> = LazyLock::new(|| {
    let known = KNOWN.iter().filter(|known| known.place == Place::Param);
    let rows = known.map(|known| (known.name, treatment(known.role)));
    rows.chain(OWN.iter().copied()).collect()
});

static MEMBERS: LazyLock<HashMap<&'static str, FacetRole>> = LazyLock::new(|| {
    let known = KNOWN.iter().filter(|known| known.place == Place::Json);
    known
        .map(|known| match known.role {
            Role::Secret(kind) => (known.name, FacetRole::Secret(kind)),
            _ => (known.name, FacetRole::LeftOut),
        })
        .collect()
});

fn treatment(role: Role) -> Treatment {
    match role {
        Role::Secret(kind @ SecretKind::Jwt) => Treatment::Token(kind),
        Role::Secret(SecretKind::Signature) => Treatment::Plain(FacetRole::LeftOut),
        Role::Secret(kind) => Treatment::Plain(FacetRole::Secret(kind)),
        Role::Volatile | Role::Echoed => Treatment::Plain(FacetRole::LeftOut),
    }
}

/// What matching adds.
const OWN: &[(&str, Treatment)] = &[
    ("scope", Treatment::Set),
    ("redirect_uri", Treatment::Redirect),
    // It belongs to the challenge of the same run, which is checked, not compared.
    ("code_verifier", Treatment::Plain(FacetRole::LeftOut)),
    ("oauth_version", Treatment::Plain(FacetRole::LeftOut)),
    // Handed out by Calendar in `Location` (cassettes.md 2.2).
    (
        "gsessionid",
        Treatment::Plain(FacetRole::Secret(SecretKind::Other)),
    ),
    // A token for a token may be a JWT, or not.
    ("subject_token", Treatment::Token(SecretKind::AccessToken)),
];
