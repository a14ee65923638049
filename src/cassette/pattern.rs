//! What a stub asks of a request: WireMock and Hoverfly keep patterns, not requests that somebody sent.

use serde_json::Value;

/// All criteria have to hold.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Pattern {
    /// In the order of the file.
    pub criteria: Vec<Criterion>,
    /// The state that the stub belongs to.
    pub scenario: Option<Scenario>,
    /// Lower goes first.
    pub priority: i64,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "a pair")]
pub struct Criterion {
    /// What is looked at.
    pub subject: Subject,
    /// What is asked of it.
    pub test: Test,
}

/// A piece of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// The method.
    Method,
    /// `http` or `https`.
    Scheme,
    /// The host, with its port where one is given.
    Host,
    /// Path and query as they were given.
    Url,
    /// The path alone.
    Path,
    /// A parameter of the query.
    Query(String),
    /// A header.
    Header(String),
    /// A cookie.
    Cookie(String),
    /// A field of a form.
    Form(String),
    /// The body.
    Body,
}

/// What is asked of a piece.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Test {
    /// It is this text.
    Equals {
        /// The text.
        text: String,
        /// Whether case counts.
        ignore_case: bool,
    },
    /// It holds this text.
    Contains(String),
    /// It does not hold this text.
    Lacks(String),
    /// All of it matches this regular expression.
    Matches(String),
    /// It does not match this regular expression.
    DoesNotMatch(String),
    /// It matches this glob, `*` for any run of characters.
    Glob(String),
    /// It is this JSON by value.
    Json {
        /// The value.
        value: Value,
        /// Whether more members than these may stand there.
        extra_members: bool,
        /// Whether the order of arrays counts.
        ordered: bool,
    },
    /// It is this XML by value.
    Xml(String),
    /// It is there, whatever it says.
    Present,
    /// It is not there.
    Absent,
    /// A test that is not known here, by the name that its format gives it: it never holds, and says so.
    Foreign(String),
}

/// A state machine over stubs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// The state in which the stub answers; `None` in any.
    pub required: Option<String>,
    /// The state after it answered; `None` leaves it.
    pub then: Option<String>,
}
