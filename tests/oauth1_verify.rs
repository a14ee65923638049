//! Signed requests as a server sees them: where parameters may stand, and why a signature does not hold.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as _;

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use gdata_auth::{
    BodyHint, Error, Kind, Secret, Stamp, Timestamp,
    crypto::{HmacSha1, PrivateKey, PublicKey},
    oauth1::{
        AccessToken, BaseString, BaseStringDiff, Consumer, Credential, Deviation, Difference, Keys,
        Placement, SignatureMethod, SignedRequest, WrongSignature,
    },
};

const KEY: &str = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");
/// The parameters of every hand-made request, as its header has them.
const OWN: &str = "oauth_consumer_key=\"ck\", oauth_nonce=\"7\", oauth_signature_method=\"HMAC-SHA1\", \
                   oauth_timestamp=\"1300000000\", oauth_token=\"1%2Ft\"";
/// The same, as the base string has them.
const SIGNED: &str = "oauth_consumer_key%3Dck%26oauth_nonce%3D7%26oauth_signature_method%3DHMAC-SHA1\
                      %26oauth_timestamp%3D1300000000%26oauth_token%3D1%252Ft";

/// A request whose signature is one over `text` with the key `key`.
fn signed(method: &str, query: &str, form: &str, text: &str, key: &str) -> (String, SignedRequest) {
    let signature = BASE64.encode(HmacSha1::new(key.as_bytes()).sign(text.as_bytes()));
    let header = format!("OAuth {OWN}, oauth_signature=\"{signature}\"");
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", header.parse().unwrap());
    let body = if form.is_empty() {
        BodyHint::Empty
    } else {
        BodyHint::Form(form.as_bytes())
    };
    let request = SignedRequest::read(&headers, query, body).unwrap().unwrap();
    (method.to_owned(), request)
}

fn verify(request: &SignedRequest, method: &str, url: &str) -> Result<(), Error> {
    let (consumer, token) = (Secret::new("c&s"), Secret::new("ts"));
    request.verify(method, url, &Keys::shared(&consumer).and_token(&token))
}

fn wrong(error: &Error) -> &WrongSignature {
    error.source().unwrap().downcast_ref().unwrap()
}

fn read(header: &str, query: &str, form: &str) -> Result<Option<SignedRequest>, Error> {
    let mut headers = http::HeaderMap::new();
    if !header.is_empty() {
        headers.insert("authorization", header.parse().unwrap());
    }
    SignedRequest::read(&headers, query, BodyHint::Form(form.as_bytes()))
}

#[test]
fn tells_in_which_known_way_the_client_signed_wrongly() {
    const RIGHT: &str = "c%26s&ts";
    // method, url, form, the base string that the client signed, its key, the answer
    let rows: Vec<(&str, &str, &str, String, &str, Deviation)> = vec![
        (
            "GET",
            "http://a.test/f?v=2",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::QueryLeftOut,
        ),
        (
            "POST",
            "http://a.test/f",
            "x=1",
            format!("POST&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::FormLeftOut,
        ),
        (
            "GET",
            "https://a.test/f",
            "",
            format!("GET&https%3A%2F%2Fa.test%3A443%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::PortKept,
        ),
        (
            "GET",
            "http://a.test:8080/f",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::PortDropped,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("GET&https%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::OtherScheme,
        ),
        (
            "GET",
            "http://A.test/f",
            "",
            format!("GET&http%3A%2F%2FA.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::HostCase,
        ),
        (
            "GET",
            "http://a.test",
            "",
            format!("GET&http%3A%2F%2Fa.test&{SIGNED}"),
            RIGHT,
            Deviation::SlashMissing,
        ),
        (
            "GET",
            "http://a.test/f?v=2",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff%3Fv%3D2&{SIGNED}"),
            RIGHT,
            Deviation::QueryInAddress,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("get&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            RIGHT,
            Deviation::MethodCase,
        ),
        (
            "GET",
            "http://a.test/f?a=&v=2",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}%26v%3D2"),
            RIGHT,
            Deviation::EmptyDropped,
        ),
        (
            // legacy-protocol.md 8.2, the duplicate row of .NET
            "GET",
            "http://a.test/f?file=party.jpg&file=vacation.jpg",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&file%3Dvacation.jpg%26{SIGNED}"),
            RIGHT,
            Deviation::LastDuplicateOnly,
        ),
        (
            "GET",
            "http://a.test/f?a=&file=1&file=2",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&file%3D2%26{SIGNED}"),
            RIGHT,
            Deviation::EmptyDroppedAndLastDuplicateOnly,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!(
                "GET&http%3A%2F%2Fa.test%2Ff&{}",
                SIGNED.replace("1%252Ft", "1%25252Ft")
            ),
            RIGHT,
            Deviation::DoubleEncodedToken,
        ),
        (
            "GET",
            "http://a.test/f?q=a+b",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}%26q%3Da%2Bb"),
            RIGHT,
            Deviation::PlusForSpace,
        ),
        (
            "GET",
            "http://a.test/f?q=a+b",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}%26q%3Da%252Bb"),
            RIGHT,
            Deviation::PlusAsPlus,
        ),
        (
            "GET",
            "http://a.test/~f?q=~",
            "",
            format!("GET&http%3A%2F%2Fa.test%2F%7Ef&{SIGNED}%26q%3D%257E"),
            RIGHT,
            Deviation::TildeEscaped,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&oauth_callback%3Doob%26{SIGNED}"),
            RIGHT,
            Deviation::CallbackAdded,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            "c%26s&",
            Deviation::TokenSecretMissing,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            "c&s",
            Deviation::AmpersandMissing,
        ),
        (
            "GET",
            "http://a.test/f",
            "",
            format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}"),
            "c&s&ts",
            Deviation::SecretsUnescaped,
        ),
    ];
    let named: Vec<Deviation> = rows.iter().map(|row| row.5).collect();
    assert_eq!(named, Deviation::ALL);
    for (method, url, form, text, key, deviation) in rows {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let (method, request) = signed(method, query, form, &text, key);
        let error = verify(&request, &method, url).unwrap_err();
        assert_eq!(error.kind(), Kind::Signature);
        let wrong = wrong(&error);
        assert_eq!(wrong.deviation(), Some(deviation), "{error}");
        assert!(error.to_string().contains(deviation.sentence()), "{error}");
        assert_eq!(
            wrong.diff().unwrap().is_empty(),
            key != RIGHT,
            "{deviation:?}"
        );
        assert!(!error.to_string().contains("1/t"), "{error}");
    }
}

#[test]
fn tells_the_difference_piece_by_piece() {
    let text = format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}");
    let (_, request) = signed("GET", "v=2&key=s3cret", "", &text, "c%26s&ts");
    let error = verify(&request, "GET", "http://a.test/f").unwrap_err();
    assert_eq!(
        error.to_string(),
        "oauth_signature: the query was left out, as Zend_Oauth does \
         (key: (6 characters) here, missing there; v: 2 here, missing there)"
    );
}

#[test]
fn shows_its_own_base_string_masked_when_nothing_known_fits() {
    let (_, request) = signed("GET", "", "", "something else", "c%26s&ts");
    let error = verify(&request, "GET", "http://a.test/f").unwrap_err();
    assert_eq!(wrong(&error).deviation(), None);
    assert_eq!(
        error.to_string(),
        "oauth_signature: expected one by the keys of consumer and token over \
         GET&http%3A%2F%2Fa.test%2Ff&oauth_consumer_key%3Dck%26oauth_nonce%3D7\
         %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1300000000\
         %26oauth_token%3D(3%20characters), got another"
    );
    assert_eq!(
        wrong(&error).expected().as_str(),
        format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}")
    );
}

#[test]
fn compares_two_base_strings_without_showing_secrets() {
    let base = |text: &str| BaseString::parse(text).unwrap();
    let ours = base(
        "GET&http%3A%2F%2Fa.test%2F&a%3D1%26a%3D2%26oauth_token%3Dabc%26oauth_verifier%3Dx%2520y%26v%3D2",
    );
    let theirs = base(
        "POST&http%3A%2F%2Fb.test%2F&a%3D2%26oauth_nonce%3D1%26oauth_token%3DABC%26oauth_verifier%3Dx%252By%26v%3D",
    );
    let diff = BaseStringDiff::between(&ours, &theirs);
    assert_eq!(
        diff.to_string(),
        "method: GET here, POST there; address: http://a.test/ here, http://b.test/ there; \
         a: (1 characters) here, missing there; \
         oauth_token: (3 characters) here, (3 characters) there, which differs in capitals only; \
         oauth_verifier: (3 characters) here, (3 characters) there, which has + for a space; \
         v: 2 here,  there, which is empty; oauth_nonce: missing here, 1 there"
    );
    assert_eq!(diff.differences().len(), 7);
    assert!(matches!(diff.differences()[0], Difference::Method { .. }));
    assert!(BaseStringDiff::between(&ours, &ours).is_empty());
    assert_eq!(
        BaseStringDiff::between(&ours, &ours).to_string(),
        "no difference"
    );
    for text in ["", "GET", "GET&a", "GET&a&b&c", "GET&%zz&b"] {
        let error = BaseString::parse(text).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply);
        assert!(error.to_string().starts_with("base string: "), "{error}");
    }
    assert!(BaseString::parse(&"x".repeat(BaseString::MAX + 1)).is_err());
}

#[test]
fn reads_parameters_from_all_three_places() {
    let pairs = OWN
        .replace("\", ", "&")
        .replace("=\"", "=")
        .replace('"', "");
    let pairs = format!("{pairs}&oauth_signature=AAAA");
    for (header, query, form) in [
        (format!("OAuth {OWN}, oauth_signature=\"AAAA\""), "", ""),
        (String::new(), pairs.as_str(), ""),
        (String::new(), "", pairs.as_str()),
        // libgdata: the verifier in the form, names percent-encoded
        (
            format!("OAuth {OWN},oauth_signature=\"AAAA\""),
            "v=2",
            "oauth%5Fverifier=v&a=b+c",
        ),
    ] {
        let request = read(&header, query, form).unwrap().unwrap();
        assert_eq!(request.consumer_key(), "ck");
        assert_eq!(request.token().unwrap().expose(), "1/t");
        assert_eq!(request.method(), SignatureMethod::HmacSha1);
        assert_eq!(request.nonce(), Some("7"));
        assert_eq!(
            request.timestamp(),
            Some(Timestamp::from_unix_seconds(1_300_000_000))
        );
        let verifier = request
            .verifier()
            .map(|verifier| verifier.expose().to_owned());
        assert_eq!(
            verifier.as_deref(),
            form.contains("verifier").then_some("v")
        );
    }
}

#[test]
fn a_request_that_claims_nothing_is_not_signed() {
    assert!(read("", "v=2", "a=b").unwrap().is_none());
    assert!(read("Bearer x", "", "").unwrap().is_none());
    // The link to the consent page.
    assert!(
        read("", "oauth_token=4%2Freq&oauth_callback=oob", "")
            .unwrap()
            .is_none()
    );
    let request = http::Request::post("http://a.test/")
        .header("content-type", "application/json")
        .body(Bytes::from_static(b"oauth_consumer_key=a"))
        .unwrap();
    assert!(SignedRequest::of(&request).unwrap().is_none());
    let request = http::Request::post("http://a.test/")
        .header(
            "content-type",
            "Application/X-WWW-Form-URLencoded; charset=UTF-8",
        )
        .body(Bytes::from_static(b"oauth_consumer_key=a"))
        .unwrap();
    assert!(SignedRequest::of(&request).is_err());
}

#[test]
fn names_the_parameter_that_is_missing_doubled_or_out_of_place() {
    let header = |text: &str| format!("OAuth {text}");
    let own = |from: &str, to: &str| {
        header(&format!("{OWN}, oauth_signature=\"AAAA\"").replace(from, to))
    };
    let rows: Vec<(String, &str, &str, Kind, &str)> = vec![
        (
            header(""),
            "",
            "",
            Kind::Reply,
            "oauth_consumer_key: expected the parameter, got none",
        ),
        (
            header("oauth_token=x"),
            "",
            "",
            Kind::Reply,
            "oauth_consumer_key: expected the parameter, got none",
        ),
        (
            own("oauth_consumer_key=\"ck\", ", ""),
            "",
            "",
            Kind::Reply,
            "oauth_consumer_key: expected the parameter, got none",
        ),
        (
            own("\"ck\"", "\"\""),
            "",
            "",
            Kind::Reply,
            "oauth_consumer_key: expected the parameter, got none",
        ),
        (
            own("oauth_nonce=\"7\", ", ""),
            "",
            "",
            Kind::Reply,
            "oauth_nonce: expected the parameter, got none",
        ),
        (
            own("\"7\"", "\"\""),
            "",
            "",
            Kind::Reply,
            "oauth_nonce: expected 1 to 128 bytes of text",
        ),
        (
            own("\"7\"", "\"%00\""),
            "",
            "",
            Kind::Reply,
            "oauth_nonce: expected 1 to 128 bytes of text",
        ),
        (
            own(", oauth_signature=\"AAAA\"", ""),
            "",
            "",
            Kind::Reply,
            "oauth_signature: expected the parameter, got none",
        ),
        (
            own("oauth_timestamp=\"1300000000\", ", ""),
            "",
            "",
            Kind::Reply,
            "oauth_timestamp: expected the parameter, got none",
        ),
        (
            own("1300000000", "-5"),
            "",
            "",
            Kind::Reply,
            "oauth_timestamp: expected seconds since 1970 in decimal, got something else",
        ),
        (
            own("1300000000", "0"),
            "",
            "",
            Kind::Reply,
            "oauth_timestamp: expected seconds since 1970 in decimal, got something else",
        ),
        (
            own("1300000000", "+1"),
            "",
            "",
            Kind::Reply,
            "oauth_timestamp: expected seconds since 1970 in decimal, got something else",
        ),
        (
            own("1300000000", "1300000000000"),
            "",
            "",
            Kind::Reply,
            "oauth_timestamp: expected seconds since 1970 in decimal, got something else",
        ),
        (
            own("HMAC-SHA1", "HMAC-SHA256"),
            "",
            "",
            Kind::Unsupported,
            "oauth_signature_method: expected HMAC-SHA1, RSA-SHA1 or PLAINTEXT, got another name",
        ),
        (
            own("oauth_nonce", "oauth_version=2.0, oauth_nonce"),
            "",
            "",
            Kind::Unsupported,
            "oauth_version: expected 1.0 or none, got another",
        ),
        (
            own("oauth_nonce", "oauth_nonce=8, oauth_nonce"),
            "",
            "",
            Kind::Reply,
            "oauth_nonce: expected the parameter once, got it more than once",
        ),
        (
            own("", ""),
            "oauth_nonce=7",
            "",
            Kind::Reply,
            "oauth_nonce: expected the parameter once, got it more than once",
        ),
        (
            own("", ""),
            "",
            "oauth_version=1.0",
            Kind::Reply,
            "oauth_version: expected all OAuth parameters in the header, got this one in the form",
        ),
        (
            own("oauth_nonce=\"7\", ", ""),
            "oauth_nonce=7",
            "",
            Kind::Reply,
            "oauth_nonce: expected all OAuth parameters in the header, got this one in the query",
        ),
        (
            own("", ""),
            "oauth_verifier=a",
            "oauth_verifier=b",
            Kind::Reply,
            "oauth_verifier: expected the parameter once, got it more than once",
        ),
        (
            own("", ""),
            "q=%zz",
            "",
            Kind::Reply,
            "q: expected two hex digits after every %, got something else",
        ),
        (
            own("", ""),
            "",
            "%=1",
            Kind::Reply,
            "parameter name: expected two hex digits after every %, got something else",
        ),
    ];
    for (header, query, form, kind, message) in rows {
        let error = read(&header, query, form).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (kind, message),
            "{header}"
        );
    }
    let many = "a&".repeat(1_001);
    let error = read("", &many, "").unwrap_err();
    assert_eq!(
        error.to_string(),
        "parameters: expected at most 1000, got more"
    );
    let large = vec![b'a'; BaseString::MAX + 1];
    let error =
        SignedRequest::read(&http::HeaderMap::new(), "", BodyHint::Form(&large)).unwrap_err();
    assert!(error.to_string().starts_with("form: "), "{error}");
}

#[test]
fn takes_the_versions_and_nonces_that_clients_send() {
    for (version, seen) in [
        ("", None),
        ("oauth_version=\"1.0\", ", Some("1.0")),
        // npm oauth
        ("oauth_version=\"1.0A\", ", Some("1.0A")),
    ] {
        let header = format!("OAuth {version}{OWN}, oauth_signature=\"AAAA\"");
        assert_eq!(read(&header, "", "").unwrap().unwrap().version(), seen);
    }
    // Java's nanoTime can be negative; others send base64.
    for nonce in ["-8412307511", "ab%&33", "q+/=", "68227821296244222232"] {
        let escaped = gdata_auth::wire::percent::encode(nonce).into_owned();
        let header = format!("OAuth {OWN}, oauth_signature=\"AAAA\"").replace("\"7\"", &escaped);
        let request = read(&header, "", "").unwrap().unwrap();
        assert_eq!(request.nonce(), Some(nonce));
    }
}

#[test]
fn verifies_plaintext_with_and_without_a_stamp() {
    let (consumer, token) = (Secret::new("c&s"), Secret::new("ts"));
    let keys = Keys::shared(&consumer).and_token(&token);
    let base = "OAuth oauth_consumer_key=ck,oauth_token=t,oauth_signature_method=PLAINTEXT";
    for (signature, deviation) in [
        ("c%2526s%26ts", None),
        ("c%2526s%26", Some(Deviation::TokenSecretMissing)),
        ("c%2526s%26tS", None),
    ] {
        let header = format!("{base},oauth_signature=\"{signature}\"");
        let request = read(&header, "", "").unwrap().unwrap();
        assert_eq!((request.timestamp(), request.nonce()), (None, None));
        let answer = request.verify("GET", "https://a.test/", &keys);
        if signature.ends_with("ts") {
            answer.unwrap();
            continue;
        }
        let error = answer.unwrap_err();
        assert_eq!(wrong(&error).deviation(), deviation);
        assert!(!format!("{error:?}").contains("tS"), "{error:?}");
    }
}

#[test]
fn verifies_rsa_and_explains_it_too() {
    let key = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    let signer = PrivateKey::from_pem(KEY).unwrap().signer();
    let consumer = Consumer::rsa("ck", signer).unwrap();
    let token = AccessToken::new(consumer, "t", "unused").unwrap();
    let mut parts = http::Request::get("http://a.test/f?v=2")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    let stamp = Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "7").unwrap();
    Credential::from(token)
        .authorize(&mut parts, BodyHint::Empty, &stamp)
        .unwrap();
    let request = SignedRequest::read(&parts.headers, "v=2", BodyHint::Empty)
        .unwrap()
        .unwrap();
    let keys = Keys::certificate(&key);
    request.verify("GET", "http://a.test/f", &keys).unwrap();
    let error = request
        .verify("GET", "https://a.test/f", &keys)
        .unwrap_err();
    assert_eq!(wrong(&error).deviation(), Some(Deviation::OtherScheme));

    let secret = Secret::new("s");
    let error = request
        .verify("GET", "http://a.test/f", &Keys::shared(&secret))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unsupported);
    assert_eq!(
        error.to_string(),
        "RSA-SHA1: the consumer has no key for it here"
    );
    request
        .verify(
            "GET",
            "http://a.test/f",
            &Keys::shared(&secret).and_certificate(&key),
        )
        .unwrap();
}

#[test]
fn takes_a_signature_with_line_breaks_and_a_plus_that_became_a_blank() {
    let text = format!("GET&http%3A%2F%2Fa.test%2Ff&{SIGNED}%26x%3D");
    let signature = BASE64.encode(HmacSha1::new(b"c%26s&ts").sign(text.as_bytes()));
    let pairs = OWN
        .replace("\", ", "&")
        .replace("=\"", "=")
        .replace('"', "");
    let query = format!(
        "x&{pairs}&oauth_signature={}%0A",
        signature.trim_end_matches('=')
    );
    let request = read("", &query, "").unwrap().unwrap();
    verify(&request, "GET", "http://a.test/f").unwrap();

    let garbage = format!("OAuth {OWN}, oauth_signature=\"*\"");
    let request = read(&garbage, "", "").unwrap().unwrap();
    let error = verify(&request, "GET", "http://a.test/f").unwrap_err();
    assert_eq!(
        error.to_string(),
        "oauth_signature: expected base64, got other text"
    );
    for url in ["", "/f", "ftp://a.test/", "http:///f"] {
        let error = verify(&request, "GET", url).unwrap_err();
        assert_eq!(
            error.to_string(),
            "address: expected an absolute http or https address"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_signed_as_they_stand() {
    let token = AccessToken::new(Consumer::anonymous(), "t", "ts").unwrap();
    let credential = Credential::from(token).placed_in(Placement::Query);
    let mut parts = http::Request::get("http://a.test/f?q=%FF%fe&r=%E4")
        .body(())
        .unwrap()
        .into_parts()
        .0;
    let stamp = Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "7").unwrap();
    credential
        .authorize(&mut parts, BodyHint::Empty, &stamp)
        .unwrap();
    let request = SignedRequest::read(&parts.headers, parts.uri.query().unwrap(), BodyHint::Empty)
        .unwrap()
        .unwrap();
    let (consumer, token) = (Secret::new("anonymous"), Secret::new("ts"));
    let keys = Keys::shared(&consumer).and_token(&token);
    request.verify("GET", "http://a.test/f", &keys).unwrap();
    assert!(
        request
            .base_string("GET", "http://a.test/f")
            .unwrap()
            .as_str()
            .ends_with("%26q%3D%25FF%25FE%26r%3D%25E4")
    );
}
