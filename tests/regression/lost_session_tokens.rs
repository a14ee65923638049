//! One byte that is no UTF-8, or a byte order mark, anywhere in the reply, and the session token was lost:
//! the single-use token is spent by then.

use bytes::Bytes;
use gdata_auth::{
    Error, Exchange, Kind, Stamp, Timestamp,
    authsub::{Accounts, SessionToken, SingleUseToken, TokenInfo},
};

fn read(body: &[u8]) -> Result<SessionToken, Error> {
    let stamp = Stamp::numbered(Timestamp::from_unix_seconds(1_300_000_000), 7);
    let exchange = SingleUseToken::new("T")?.exchange(&Accounts::google(), &stamp)?;
    exchange.parse(&http::Response::new(Bytes::copy_from_slice(body)))
}

#[test]
fn other_bytes_beside_the_token_do_no_harm() {
    for body in [
        &b"Name=J\xe9r\xf4me\nToken=1/abc\n"[..],
        b"\xef\xbb\xbfToken=1/abc\n",
        b"\xef\xbb\xbf Token=1/abc\n",
        b"Token=1/abc\nNote=\0\n",
        b"\xff\xfe\0\nToken=1/abc",
    ] {
        let session = read(body).unwrap();
        assert_eq!(
            session.secret().expose(),
            "1/abc",
            "{}",
            body.escape_ascii()
        );
    }
}

#[test]
fn in_the_value_itself_they_are_refused() {
    for body in [
        &b"Token=1/\0abc\n"[..],
        b"Token=1/\xe9abc\n",
        b"Token=\xef\xbb\xbf1/abc\n",
    ] {
        let error = read(body).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply);
        assert!(error.to_string().starts_with("Token: "), "{error}");
    }
    let error = TokenInfo::parse(b"Target=a\0b\nSecure=true\nScope=http://a.test/\n").unwrap_err();
    assert!(error.to_string().starts_with("Target: "), "{error}");
    let info = TokenInfo::parse(b"X=\xe9\nTarget=a\nSecure=true\nScope=http://a.test/\n").unwrap();
    assert_eq!(info.target(), "a");
}
