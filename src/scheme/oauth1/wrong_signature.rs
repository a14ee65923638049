//! Why a signature does not hold, as far as that can be found out.

use std::fmt;

use super::{
    BaseString, BaseStringDiff, Deviation, Keys, SignatureMethod, SignedRequest,
    address::Address,
    deviation::Seen,
    keys::{KeyForm, Signature},
};

/// A signature that is not the one the server computes: the source of the error of
/// [`SignedRequest::verify`].
///
/// `Display` tells what the client did, when it is one of the known [`Deviation`]s. It shows no secret.
#[derive(Clone, Debug)]
pub struct WrongSignature {
    method: SignatureMethod,
    expected: BaseString,
    deviation: Option<Deviation>,
    diff: Option<BaseStringDiff>,
}

impl WrongSignature {
    /// Tries the known deviations one by one.
    pub(super) fn find(
        request: &SignedRequest,
        method: &str,
        address: &Address,
        expected: BaseString,
        keys: &Keys<'_>,
        signature: &Signature,
    ) -> Self {
        let seen = Seen {
            request,
            method,
            address,
        };
        let found = Deviation::ALL.iter().find_map(|&deviation| {
            let (base, key) = (deviation.base_string(&seen), deviation.key());
            let another = base != expected || key != KeyForm::Right;
            (another && keys.verify(request.method(), key, base.as_str(), signature))
                .then_some((deviation, base))
        });
        Self {
            method: request.method(),
            deviation: found.as_ref().map(|(deviation, _)| *deviation),
            diff: found.map(|(_, theirs)| BaseStringDiff::between(&expected, &theirs)),
            expected,
        }
    }

    /// What the client did, when it is one of the known ways.
    #[must_use]
    pub fn deviation(&self) -> Option<Deviation> {
        self.deviation
    }

    /// From the server's base string to the client's, where that is known; empty when the key differs.
    #[must_use]
    pub fn diff(&self) -> Option<&BaseStringDiff> {
        self.diff.as_ref()
    }

    /// The base string that the server computes.
    #[must_use]
    pub fn expected(&self) -> &BaseString {
        &self.expected
    }
}

impl fmt::Display for WrongSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("oauth_signature: ")?;
        match (self.deviation, &self.diff) {
            (Some(deviation), Some(diff)) if diff.is_empty() => write!(f, "{deviation}"),
            (Some(deviation), Some(diff)) => write!(f, "{deviation} ({diff})"),
            _ if self.method == SignatureMethod::Plaintext => {
                f.write_str("expected the secrets of consumer and token, got others")
            }
            _ => write!(
                f,
                "expected one by the keys of consumer and token over {}, got another",
                self.expected.masked()
            ),
        }
    }
}

impl std::error::Error for WrongSignature {}
