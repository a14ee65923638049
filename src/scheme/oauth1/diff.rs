//! What parts two base strings: piece by piece, and without a secret.

use std::fmt;

use super::{
    BaseString,
    base_string::{lossy, shown},
    escape::escaped,
};

/// The pieces in which two base strings differ; empty when they are the same.
///
/// Values are shown where they never are secrets; of the others only the length, and in what way they differ.
///
/// # Examples
/// ```
/// use gdata_auth::oauth1::{BaseString, BaseStringDiff};
///
/// let ours = BaseString::parse("GET&http%3A%2F%2Fa.test%2F&oauth_token%3D1%252Fabc%26v%3D2")?;
/// let theirs = BaseString::parse("POST&http%3A%2F%2Fa.test%2F&oauth_token%3D1%25252Fabc")?;
/// assert_eq!(
///     BaseStringDiff::between(&ours, &theirs).to_string(),
///     "method: GET here, POST there; oauth_token: (5 characters) here, (7 characters) there, which is escaped \
///      once more; v: 2 here, missing there",
/// );
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseStringDiff(Vec<Difference>);

/// One piece that differs. Values are as they may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The method.
    Method {
        /// On this side.
        ours: String,
        /// On the other side.
        theirs: String,
    },
    /// The address.
    Address {
        /// On this side.
        ours: String,
        /// On the other side.
        theirs: String,
    },
    /// A parameter of this side that the other has not.
    Missing {
        /// Its name.
        name: String,
        /// Its value.
        ours: String,
    },
    /// A parameter of the other side that this one has not.
    Added {
        /// Its name.
        name: String,
        /// Its value.
        theirs: String,
    },
    /// A parameter with another value.
    Changed {
        /// Its name.
        name: String,
        /// On this side.
        ours: String,
        /// On the other side.
        theirs: String,
        /// In what way they differ, where that is one of the usual ones.
        hint: Option<&'static str>,
    },
}

impl BaseStringDiff {
    /// Compares the base string of this side with that of the other.
    #[must_use]
    pub fn between(ours: &BaseString, theirs: &BaseString) -> Self {
        let mut found = Vec::new();
        if ours.method() != theirs.method() {
            found.push(Difference::Method {
                ours: ours.method().to_owned(),
                theirs: theirs.method().to_owned(),
            });
        }
        let (address, other) = (ours.address(), theirs.address());
        if address != other {
            found.push(Difference::Address {
                ours: without_query(address),
                theirs: without_query(other),
            });
        }
        compare(ours, theirs, &mut found);
        Self(found)
    }

    /// The differences: method, address, then parameters.
    #[must_use]
    pub fn differences(&self) -> &[Difference] {
        &self.0
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The differences in one line, parted by `; `.
impl fmt::Display for BaseStringDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no difference");
        }
        for (at, difference) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{difference}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method { ours, theirs } => write!(f, "method: {ours} here, {theirs} there"),
            Self::Address { ours, theirs } => write!(f, "address: {ours} here, {theirs} there"),
            Self::Missing { name, ours } => write!(f, "{name}: {ours} here, missing there"),
            Self::Added { name, theirs } => write!(f, "{name}: missing here, {theirs} there"),
            Self::Changed {
                name,
                ours,
                theirs,
                hint,
            } => {
                write!(f, "{name}: {ours} here, {theirs} there")?;
                hint.map_or(Ok(()), |hint| write!(f, ", which {hint}"))
            }
        }
    }
}

/// Parameters in pairs: equal ones cancel out, those of one name are paired in order, the rest stands alone.
fn compare(ours: &BaseString, theirs: &BaseString, found: &mut Vec<Difference>) {
    let (mine, mut others) = (ours.escaped_parameters(), theirs.escaped_parameters());
    let mut left = Vec::new();
    for pair in mine {
        match others.iter().position(|other| *other == pair) {
            Some(at) => {
                others.remove(at);
            }
            None => left.push(pair),
        }
    }
    for (name, value) in left {
        let shown_name = lossy(&name);
        let ours = shown(&shown_name, &lossy(&value));
        let Some(at) = others.iter().position(|(other, _)| *other == name) else {
            found.push(Difference::Missing {
                name: shown_name,
                ours,
            });
            continue;
        };
        let (_, other) = others.remove(at);
        found.push(Difference::Changed {
            theirs: shown(&shown_name, &lossy(&other)),
            hint: hint(&value, &other),
            name: shown_name,
            ours,
        });
    }
    for (name, value) in others {
        let name = lossy(&name);
        found.push(Difference::Added {
            theirs: shown(&name, &lossy(&value)),
            name,
        });
    }
}

/// How two values that are escaped once differ.
fn hint(ours: &str, theirs: &str) -> Option<&'static str> {
    let tests: [(bool, &'static str); 7] = [
        (theirs.is_empty(), "is empty"),
        (theirs == escaped(ours), "is escaped once more"),
        (ours == escaped(theirs), "is escaped once less"),
        (
            theirs == ours.replace("%20", "%2B") || theirs == ours.replace("%20", "+"),
            "has + for a space",
        ),
        (ours == theirs.replace("%20", "%2B"), "has a space for +"),
        (
            theirs.eq_ignore_ascii_case(ours),
            "differs in capitals only",
        ),
        (
            lossy(theirs).trim() == lossy(ours).trim(),
            "differs in blanks around it only",
        ),
    ];
    tests
        .iter()
        .find(|(holds, _)| *holds)
        .map(|(_, hint)| *hint)
}

/// A query in an address is a mistake, and may hold anything.
fn without_query(address: String) -> String {
    match address.split_once('?') {
        Some((head, _)) => format!("{head}?…"),
        None => address,
    }
}
