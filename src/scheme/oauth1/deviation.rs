//! The ways in which clients in the field computed another base string, or another key.
//!
//! Source: legacy-protocol.md 4, real-clients.md 1; the others are mistakes that RFC 5849 warns of.

use std::fmt;

use super::{
    BaseString, Parameter, Place, SignedRequest, address::Address, escape::escaped, keys::KeyForm,
};

/// A known way to sign wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// The parameters of the query are not signed.
    QueryLeftOut,
    /// The fields of the form are not signed.
    FormLeftOut,
    /// The default port is kept.
    PortKept,
    /// A port that is not the default is left out.
    PortDropped,
    /// `http` is signed for `https`, or the other way round.
    OtherScheme,
    /// The host keeps its capitals.
    HostCase,
    /// The `/` of an empty path is left out.
    SlashMissing,
    /// The query is part of the address too.
    QueryInAddress,
    /// The method is in lower case.
    MethodCase,
    /// Parameters with an empty value are left out.
    EmptyDropped,
    /// Of repeated parameters only the last is signed.
    LastDuplicateOnly,
    /// Both of the above.
    EmptyDroppedAndLastDuplicateOnly,
    /// The token is escaped once more.
    DoubleEncodedToken,
    /// A space is signed as `+`.
    PlusForSpace,
    /// A `+` of the query or form is signed as itself, not as a space.
    PlusAsPlus,
    /// `~` is escaped.
    TildeEscaped,
    /// `oauth_callback=oob` is signed, and not sent.
    CallbackAdded,
    /// The token's secret is left out of the key.
    TokenSecretMissing,
    /// The `&` behind the consumer's secret is left out of the key.
    AmpersandMissing,
    /// The secrets stand in the key unescaped.
    SecretsUnescaped,
}

impl Deviation {
    /// All of them, in the order in which they are tried.
    pub const ALL: &[Self] = &[
        Self::QueryLeftOut,
        Self::FormLeftOut,
        Self::PortKept,
        Self::PortDropped,
        Self::OtherScheme,
        Self::HostCase,
        Self::SlashMissing,
        Self::QueryInAddress,
        Self::MethodCase,
        Self::EmptyDropped,
        Self::LastDuplicateOnly,
        Self::EmptyDroppedAndLastDuplicateOnly,
        Self::DoubleEncodedToken,
        Self::PlusForSpace,
        Self::PlusAsPlus,
        Self::TildeEscaped,
        Self::CallbackAdded,
        Self::TokenSecretMissing,
        Self::AmpersandMissing,
        Self::SecretsUnescaped,
    ];

    /// What the client did, in words, with the clients that are known for it.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::QueryLeftOut => "the query was left out, as Zend_Oauth does",
            Self::FormLeftOut => "the fields of the form were left out",
            Self::PortKept => "the default port was kept in the address",
            Self::PortDropped => {
                "the port was left out of the address, as old gdata-python does with 80 and 443 under either scheme"
            }
            Self::OtherScheme => "http was signed for https, or https for http",
            Self::HostCase => "the host was not put in lower case",
            Self::SlashMissing => "the path was empty, and is / in the base string",
            Self::QueryInAddress => "the query was kept in the address",
            Self::MethodCase => "the method was not put in capitals",
            Self::EmptyDropped => "parameters without a value were left out, as gdata-java does",
            Self::LastDuplicateOnly => {
                "only the last of repeated parameters was signed, as gdata-java and .NET do"
            }
            Self::EmptyDroppedAndLastDuplicateOnly => {
                "parameters without a value and all but the last of repeated ones were left out, as gdata-java does"
            }
            Self::DoubleEncodedToken => {
                "the token was escaped once too often, as gdata-python does with a token that is escaped already"
            }
            Self::PlusForSpace => "a space was signed as +, and is %20",
            Self::PlusAsPlus => "a + in the query or form was signed as +, and is a space",
            Self::TildeEscaped => "~ was escaped as %7E, as old PHP does",
            Self::CallbackAdded => {
                "oauth_callback=oob was signed but not sent, as gdata-python may do"
            }
            Self::TokenSecretMissing => "the token's secret was left out of the key",
            Self::AmpersandMissing => "the & behind the consumer's secret was left out of the key",
            Self::SecretsUnescaped => "the secrets were not escaped in the key",
        }
    }

    /// The key that such a client uses.
    pub(super) fn key(self) -> KeyForm {
        match self {
            Self::TokenSecretMissing => KeyForm::WithoutToken,
            Self::AmpersandMissing => KeyForm::WithoutAmpersand,
            Self::SecretsUnescaped => KeyForm::Unescaped,
            _ => KeyForm::Right,
        }
    }

    /// The base string that such a client signs; the right one, when only the key is wrong.
    pub(super) fn base_string(self, seen: &Seen<'_>) -> BaseString {
        let own = seen.address.signed();
        let address = match self {
            Self::PortKept => seen.with_port(Some(
                seen.address
                    .port
                    .as_deref()
                    .unwrap_or(seen.address.default_port()),
            )),
            Self::PortDropped => seen.with_port(None),
            Self::OtherScheme => seen.other_scheme().signed(),
            Self::HostCase => own.replacen(
                &seen.address.host.to_ascii_lowercase(),
                &seen.address.host,
                1,
            ),
            Self::SlashMissing if seen.address.path() == "/" => {
                own.trim_end_matches('/').to_owned()
            }
            Self::QueryInAddress => seen.with_query(&own),
            _ => own,
        };
        let method = match self {
            Self::MethodCase => seen.method.to_ascii_lowercase(),
            _ => seen.method.to_owned(),
        };
        let parameters = self.parameters(seen);
        let pairs: Vec<(&str, &str)> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let base = BaseString::of(&method, &address, &pairs);
        match self {
            Self::TildeEscaped => base.rewritten(("~", "%7E"), ("~", "%257E")),
            _ => base,
        }
    }

    /// The parameters that such a client signs, escaped once.
    fn parameters(self, seen: &Seen<'_>) -> Vec<(String, String)> {
        let all: Vec<&Parameter> = seen.request.signed_parameters().collect();
        let own = |place: Place, one: &Parameter| one.place() == place && !one.is_oauth();
        let last =
            |at: usize, one: &Parameter| all[at + 1..].iter().all(|later| later.name != one.name);
        let mut kept: Vec<(String, String)> = all
            .iter()
            .enumerate()
            .filter(|(at, one)| match self {
                Self::QueryLeftOut | Self::QueryInAddress => !own(Place::Query, one),
                Self::FormLeftOut => !own(Place::Form, one),
                Self::EmptyDropped => !one.value.is_empty(),
                Self::LastDuplicateOnly => last(*at, one),
                Self::EmptyDroppedAndLastDuplicateOnly => !one.value.is_empty() && last(*at, one),
                _ => true,
            })
            .map(|(_, one)| {
                let value = match self {
                    Self::DoubleEncodedToken if one.name == "oauth_token" => escaped(&one.value),
                    Self::PlusForSpace => one.value.replace("%20", "+"),
                    Self::PlusAsPlus if one.place() != Place::Header => {
                        one.value.replace("%20", "%2B")
                    }
                    _ => one.value.clone(),
                };
                (one.name.clone(), value)
            })
            .collect();
        let has_callback = kept.iter().any(|(name, _)| name == "oauth_callback");
        if self == Self::CallbackAdded && !has_callback {
            kept.push(("oauth_callback".to_owned(), "oob".to_owned()));
        }
        kept
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// A request, and where it went.
pub(super) struct Seen<'a> {
    pub(super) request: &'a SignedRequest,
    /// In capitals.
    pub(super) method: &'a str,
    pub(super) address: &'a Address,
}

impl Seen<'_> {
    fn with_port(&self, port: Option<&str>) -> String {
        let host = self.address.host.to_ascii_lowercase();
        self.address.spelt(&host, port, self.address.path())
    }

    fn other_scheme(&self) -> Address {
        Address {
            secure: !self.address.secure,
            ..self.address.clone()
        }
    }

    fn with_query(&self, address: &str) -> String {
        let query: Vec<String> = self
            .request
            .signed_parameters()
            .filter(|one| one.place() == Place::Query && !one.is_oauth())
            .map(|one| format!("{}={}", one.name, one.value))
            .collect();
        if query.is_empty() {
            address.to_owned()
        } else {
            format!("{address}?{}", query.join("&"))
        }
    }
}
