//! What Google asks for before it grants scopes, by how hard they are to get.

use serde::Serialize;

use super::{Ask, Grade};

/// What one class of scopes takes.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// The class.
    pub grade: Grade,
    /// Its scopes.
    pub scopes: Vec<String>,
    /// What is asked for, in order.
    pub asked: Vec<&'static str>,
    /// Where that is written.
    pub source: &'static str,
}

const REVIEW: &str = "developers.google.com/identity/protocols/oauth2/production-readiness/sensitive-scope-verification";

const TABLE: &[(Grade, &[&str], &str)] = &[
    (
        Grade::Restricted,
        &[
            "everything that sensitive scopes take",
            "use within the limits of the policy on restricted scopes, stated in the privacy policy",
            "a security assessment every year, where the data reach a server of yours",
        ],
        "support.google.com/cloud/answer/13464325",
    ),
    (
        Grade::Sensitive,
        &[
            "a home page and a privacy policy on a domain whose ownership is verified",
            "for each scope, why a narrower one will not do",
            "a video that shows the consent page, with the client's name, and what the data are used for",
            "days to wait for the review: plan for it before users are asked",
        ],
        REVIEW,
    ),
    (
        Grade::Admin,
        &[
            "an administrator of the domain, who enters the client's id with exactly these scopes for domain-wide delegation, or consents",
            "no review, where the client is for users of its own organisation only",
        ],
        "developers.google.com/admin-sdk/email-audit",
    ),
    (
        Grade::Unknown,
        &["a look at the console, which shows the class when the scope is added (UNVERIFIED here)"],
        "support.google.com/cloud/answer/15549135",
    ),
    (
        Grade::None,
        &["nothing for the scopes; name and logo are shown after the brand is verified"],
        REVIEW,
    ),
];

/// What all scopes together take, the hardest first.
pub(super) fn of(asks: &[Ask]) -> Vec<Verification> {
    let mut out = Vec::new();
    for (grade, asked, source) in TABLE {
        let mut scopes: Vec<String> = asks
            .iter()
            .filter(|ask| ask.grade == *grade)
            .map(|ask| ask.scope.clone())
            .collect();
        scopes.sort();
        scopes.dedup();
        if !scopes.is_empty() {
            out.push(Verification {
                grade: *grade,
                scopes,
                asked: asked.to_vec(),
                source,
            });
        }
    }
    out
}
