//! Percent-encoding, strict in both directions (RFC 3986, 2.1).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use crate::error::Error;

/// Everything but the unreserved characters of RFC 3986, 2.3: `A-Z a-z 0-9 - . _ ~`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Encodes all but unreserved characters, a space as `%20`.
///
/// # Examples
/// ```
/// use gdata_auth::wire::percent;
///
/// assert_eq!(percent::encode("1/a b+c~"), "1%2Fa%20b%2Bc~");
/// ```
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Decodes once; `+` stays `+`.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) naming `field`, when a `%` is not followed by two hex digits
/// or the result is not UTF-8.
///
/// # Examples
/// ```
/// use gdata_auth::wire::percent;
///
/// assert_eq!(percent::decode("token", "1%2Fabc")?, "1/abc");
/// assert_eq!(percent::decode("token", "1%252Fabc")?, "1%2Fabc");
/// assert!(percent::decode("token", "50%").is_err());
/// # Ok::<(), gdata_auth::Error>(())
/// ```
pub fn decode<'a>(field: &str, text: &'a str) -> Result<Cow<'a, str>, Error> {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'%', bytes) {
        let digits = bytes.get(at + 1..at + 3);
        if !digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)) {
            return Err(Error::reply(
                field,
                "expected two hex digits after every %, got something else",
            ));
        }
    }
    percent_decode(bytes).decode_utf8().map_err(|_| {
        Error::reply(
            field,
            "expected percent-encoded UTF-8, got bytes that are not",
        )
    })
}

/// Decodes once, with `+` as a space: the form of HTML forms and of most old gdata clients.
///
/// # Errors
/// As [`decode`].
pub fn decode_form<'a>(field: &str, text: &'a str) -> Result<Cow<'a, str>, Error> {
    if !text.contains('+') {
        return decode(field, text);
    }
    let spaced = text.replace('+', " ");
    Ok(Cow::Owned(decode(field, &spaced)?.into_owned()))
}

/// Decodes once, with `+` as a space, whatever it is: a `%` without two hex digits stays, and bytes that
/// are no UTF-8 become U+FFFD.
pub(crate) fn decode_form_lossy(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}

/// Encodes other scripts than ASCII, and control characters, as a browser does; all else stays.
pub(crate) fn encode_non_ascii(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, CONTROLS).into()
}
