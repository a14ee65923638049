//! `Authorization: OAuth`, printed in one form and parsed in all.

use gdata_auth::{
    Kind,
    oauth1::{Header, SignatureMethod},
    wire::query::Pairs,
};

fn pairs(list: &[(&str, &str)]) -> Pairs {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn reads_the_spellings_of_every_client() {
    // real-clients.md 5 and legacy-protocol.md 4; the values are the same in all.
    let expected = [
        ("oauth_nonce", "-123"),
        ("oauth_signature", "ab/+-_="),
        ("oauth_token", "1/x y"),
    ];
    for text in [
        // gdata-python v2, requests
        r#"OAuth oauth_nonce="-123", oauth_signature="ab%2F%2B-_%3D", oauth_token="1%2Fx%20y""#,
        // libgdata, .NET, Perl, npm: no space
        r#"OAuth oauth_nonce="-123",oauth_signature="ab%2F%2B-_%3D",oauth_token="1%2Fx%20y""#,
        // base64 left unescaped
        r#"OAuth oauth_nonce="-123", oauth_signature="ab/+-_=", oauth_token="1/x y""#,
        // lower-case escapes, a line per parameter
        "oauth  oauth_nonce=\"-123\",\r\n oauth_signature=\"ab%2f%2b-_%3d\",\r\n\toauth_token=\"1%2fx%20y\"",
        // no quotes, single quotes
        "OAUTH oauth_nonce=-123 oauth_signature='ab/+-_=',oauth_token=1%2Fx%20y",
        // a trailing comma
        r#"OAuth oauth_nonce="-123",oauth_signature="ab%2F%2B-_%3D",oauth_token="1%2Fx%20y","#,
    ] {
        let header = Header::parse(text).unwrap();
        assert_eq!(header.parameters(), &pairs(&expected), "{text}");
        assert_eq!(header.realm(), None);
    }
}

#[test]
fn keeps_the_realm_apart() {
    for (text, realm) in [
        (r#"OAuth realm="", oauth_token="a""#, ""),
        (r#"OAuth realm="Photos", oauth_token="a""#, "Photos"),
        (
            r#"OAuth oauth_token="a", Realm="x %41 \"y\"""#,
            "x %41 \"y\"",
        ),
    ] {
        let header = Header::parse(text).unwrap();
        assert_eq!(header.realm(), Some(realm));
        assert_eq!(header.parameters(), &pairs(&[("oauth_token", "a")]));
        let printed = header.to_header_value().unwrap();
        assert_eq!(Header::parse(printed.to_str().unwrap()).unwrap(), header);
    }
}

#[test]
fn prints_escaped_quoted_and_parted_by_comma_and_space() {
    // legacy-protocol.md 8.3, the OAuth header row.
    let header = Header::new(
        Some(String::new()),
        pairs(&[("oauth_nonce", "ab%&33"), ("oauth_signature", "ab/+-_=")]),
    );
    let value = header.to_header_value().unwrap();
    assert_eq!(
        value,
        r#"OAuth realm="", oauth_nonce="ab%25%2633", oauth_signature="ab%2F%2B-_%3D""#
    );
    assert!(value.is_sensitive());
    assert!(!format!("{header:?}").contains("ab"));
}

#[test]
fn another_scheme_is_no_oauth_header() {
    let mut headers = http::HeaderMap::new();
    assert!(Header::of(&headers).unwrap().is_none());
    for other in [
        "AuthSub token=\"x\"",
        "Bearer x",
        "OAuthentic x=y",
        "GoogleLogin auth=x",
    ] {
        headers.insert("authorization", other.parse().unwrap());
        assert!(Header::of(&headers).unwrap().is_none(), "{other}");
    }
    headers.insert("authorization", "OAuth oauth_token=a".parse().unwrap());
    assert!(Header::of(&headers).unwrap().is_some());
    headers.append("authorization", "OAuth oauth_token=b".parse().unwrap());
    let error = Header::of(&headers).unwrap_err();
    assert_eq!(
        error.to_string(),
        "authorization: expected the header once, got it more than once"
    );
}

#[test]
fn names_what_it_cannot_read() {
    let long = format!("OAuth a=\"{}\"", "x".repeat(Header::MAX));
    for (text, message) in [
        ("", "authorization: expected the scheme OAuth, got another"),
        (
            "Basic x",
            "authorization: expected the scheme OAuth, got another",
        ),
        (
            "oauth_token=x",
            "authorization: expected the scheme OAuth, got another",
        ),
        (
            "OAuth token",
            "authorization: expected name=value after OAuth, got a bare word",
        ),
        (
            "OAuth oauth_token=\"x",
            "oauth_token: expected a closing \", got the end of the header",
        ),
        (
            "OAuth oauth_token=\"100%\"",
            "oauth_token: expected two hex digits after every %, got something else",
        ),
        (
            "OAuth oauth_token=\"%FF\"",
            "oauth_token: expected percent-encoded UTF-8, got bytes that are not",
        ),
        (
            "OAuth realm=a, realm=b",
            "realm: expected it once, got it more than once",
        ),
        (
            "OAuth =x",
            "authorization parameter: expected a name before =, got none",
        ),
        (
            long.as_str(),
            "authorization: expected at most 32768 bytes, got 32778",
        ),
    ] {
        let error = Header::parse(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply);
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn names_of_methods_are_compared_with_case() {
    for method in SignatureMethod::ALL {
        assert_eq!(
            method.to_string().parse::<SignatureMethod>().unwrap(),
            method
        );
    }
    for name in ["hmac-sha1", "HMAC-SHA256", "RSA-SHA256", ""] {
        let error = name.parse::<SignatureMethod>().unwrap_err();
        assert_eq!(error.kind(), Kind::Unsupported);
    }
}
