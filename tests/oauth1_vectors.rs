//! OAuth 1.0 signatures of others: Google's traces, RFC 5849, OAuth Core, captured clients, OpenSSL.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use gdata_auth::{
    BodyHint, Exchange, Secret, Stamp, Timestamp,
    crypto::{HmacSha1, PrivateKey, PublicKey},
    oauth1::{
        AccessToken, Accounts, BaseString, Callback, Consumer, Credential, Header, Keys,
        MigrationGrant, Placement, RequestToken, SignedRequest, TokenRequest,
    },
    wire::query::Pairs,
};

const GOOGLE_2013: &str = include_str!("../fixtures/vectors/oauth1/google-2013.tsv");
const KEY: &str = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const KEY_FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/keys/insecure-rsa2048-pkcs8.pem"
);
const CERTIFICATE: &str = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");

fn stamp(seconds: i64, nonce: &str) -> Stamp {
    Stamp::new(Timestamp::from_unix_seconds(seconds), nonce).unwrap()
}

/// The signature of a request with its parameters in the header.
fn signature(request: &http::Request<Bytes>) -> String {
    let signed = SignedRequest::of(request).unwrap().unwrap();
    let signature = signed.parameters().first("oauth_signature").unwrap();
    signature.into_owned()
}

#[test]
fn every_signature_that_google_answered_in_2013_holds() {
    let mut checked = 0;
    for row in GOOGLE_2013.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [
            trace,
            method,
            url,
            text,
            _,
            secret,
            token,
            token_secret,
            expected,
            _,
        ] = cells[..]
        else {
            panic!("{row}");
        };
        let key = HmacSha1::new(format!("{secret}&{token_secret}").as_bytes());
        assert_eq!(
            BASE64.encode(key.sign(text.as_bytes())),
            expected,
            "{trace}"
        );

        // The whole request, out of the parameters of the base string.
        let base = BaseString::parse(text).unwrap();
        assert_eq!((base.method(), base.address().as_str()), (method, url));
        let mut form = Pairs::new();
        let mut header = Pairs::new();
        for (name, value) in base.parameters() {
            match name.as_str() {
                "oauth_callback" | "oauth_verifier" => form.push(name, value),
                name if name.starts_with("oauth_") => header.push(name, value),
                _ => form.push(name, value),
            }
        }
        header.push("oauth_signature", expected);
        let request = http::Request::post(url)
            .header("content-type", "application/x-www-form-urlencoded")
            .header(
                "authorization",
                Header::new(None, header).to_header_value().unwrap(),
            )
            .body(Bytes::from(form.to_string()))
            .unwrap();
        let signed = SignedRequest::of(&request).unwrap().unwrap();
        assert_eq!(signed.base_string(method, url).unwrap().as_str(), text);
        assert_eq!(signed.token().map_or("", Secret::expose), token, "{trace}");
        let (secret, token_secret) = (Secret::new(secret), Secret::new(token_secret));
        let keys = Keys::shared(&secret).and_token(&token_secret);
        signed.verify(method, url, &keys).unwrap();
        checked += 1;
    }
    assert_eq!(checked, 7);
}

#[test]
fn the_client_makes_googles_signatures_itself() {
    // S6 to S8 of legacy-protocol.md 8.1.
    let contacts = "https://www.google.com/m8/feeds/";
    let both = "https://www.google.com/m8/feeds/ http://picasaweb.google.com/data/";
    for (seconds, nonce, scope, expected) in [
        (
            1_375_114_466,
            "JKLrpVu2KW9WiZwsbko1MHtRh",
            contacts,
            "N7FRU+JKa4kkjlUpzlGAHSxPUqg=",
        ),
        (
            1_375_114_409,
            "X4sZD_njIKcgSr6paHPVByY8LOjFA",
            contacts,
            "tfOHmtfJ3fBhyQK9pvma4kx6OlM=",
        ),
        (
            1_375_114_409,
            "IFERKYPbzEzuA3QE_Zgw1moU1ZR",
            both,
            "EKMKB4gUkr5rUEeps37CrSS7iWI=",
        ),
    ] {
        let exchange = TokenRequest::new(Consumer::anonymous())
            .scope(scope)
            .unwrap()
            .display_name("Application name")
            .unwrap()
            .exchange(&Accounts::google(), &stamp(seconds, nonce))
            .unwrap();
        assert_eq!(signature(&exchange.request()), expected);
    }
    // S9: the token and its secret are those of the trace.
    let token = RequestToken::new(
        Consumer::anonymous(),
        "4/cPV6prKvQtxeeXkhgI1iJ6nLQbCX",
        "BdUGkbnkl6_UTaa0I2049cxp",
        Callback::oob(),
    )
    .unwrap();
    let exchange = token
        .verified_by("test")
        .unwrap()
        .exchange(
            &Accounts::google(),
            &stamp(1_375_114_467, "qBZpBSAZauOCA8vEqy5zOQBZcAS"),
        )
        .unwrap();
    assert_eq!(
        signature(&exchange.request()),
        "rtly12Qq/K30HSglMmLqwZVCpMM="
    );
}

#[test]
fn signs_as_gdata_python_did_with_everything_in_the_query() {
    // S3 and S4: GET, checked by their author against Google's playground.
    let blogger = "http://www.blogger.com/feeds/";
    let three = "https://www.google.com/analytics/feeds/ http://www.google.com/base/feeds/ \
                 http://www.google.com/calendar/feeds/";
    for (seconds, nonce, scope, expected) in [
        (
            1_246_491_360,
            "c0155b3f28697c029e7a62efff44bd46",
            blogger,
            "5a2GPdtAY3LWYv8IdiT3wp1Coeg=",
        ),
        (
            1_246_491_797,
            "33209c4d7a09be4eb1d6ff18e00f8548",
            three,
            "kFAgTTFDIWz4/xAabIlrcZZMTq8=",
        ),
    ] {
        let callback = "http://googlecodesamples.com/oauth_playground/index.php";
        let exchange = TokenRequest::new(Consumer::anonymous().placed_in(Placement::Query))
            .scope(scope)
            .unwrap()
            .callback(Callback::to(callback).unwrap())
            .exchange(&Accounts::google(), &stamp(seconds, nonce))
            .unwrap();
        let request = exchange.request();
        assert_eq!(request.method(), "GET");
        assert!(request.headers().is_empty());
        assert_eq!(signature(&request), expected);
    }
}

#[test]
fn signs_the_example_of_oauth_core() {
    // S5.
    let consumer = Consumer::hmac("dpf43f3p2l4k3l03", "kd94hf93k423kf44").unwrap();
    let token = AccessToken::new(consumer, "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00").unwrap();
    let (mut parts, ()) =
        http::Request::get("http://photos.example.net/photos?file=vacation.jpg&size=original")
            .body(())
            .unwrap()
            .into_parts();
    Credential::from(token)
        .authorize(
            &mut parts,
            BodyHint::Empty,
            &stamp(1_191_242_096, "kllo9940pd9333jh"),
        )
        .unwrap();
    let header = parts.headers["authorization"].to_str().unwrap();
    assert!(header.ends_with("oauth_signature=\"tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D\""));
}

#[test]
fn the_migration_grant_signs_its_form() {
    // S11, computed by other code.
    let consumer = Consumer::hmac("www.example.com", "consumersecret")
        .unwrap()
        .sends_version(false);
    let token = AccessToken::new(consumer, "1/oauth1-access", "tokensecret").unwrap();
    let request = MigrationGrant::new("1234.apps.googleusercontent.com")
        .unwrap()
        .client_secret("s3cr3t")
        .unwrap()
        .exchange(&token, &stamp(1_400_000_000, "n0nce"))
        .unwrap()
        .request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://accounts.google.com/o/oauth2/token");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        request.headers()["authorization"],
        "OAuth oauth_consumer_key=\"www.example.com\", oauth_nonce=\"n0nce\", \
         oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1400000000\", \
         oauth_token=\"1%2Foauth1-access\", oauth_signature=\"iRXjayRoVce4XaDuHxcoxFLwWCg%3D\""
    );
    assert_eq!(
        request.body(),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Amigration%3Aoauth1\
         &client_id=1234.apps.googleusercontent.com&client_secret=s3cr3t"
    );
}

#[test]
fn the_flow_of_rfc_5849_verifies() {
    // RFC 5849, 1.2.
    let consumer = Secret::new("kd94hf93k423kf44");
    let steps = [
        (
            "POST",
            "https://photos.example.net/initiate",
            r#"OAuth realm="Photos",
              oauth_consumer_key="dpf43f3p2l4k3l03",
              oauth_signature_method="HMAC-SHA1",
              oauth_timestamp="137131200",
              oauth_nonce="wIjqoS",
              oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready",
              oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D""#,
            "",
        ),
        (
            "POST",
            "https://photos.example.net/token",
            r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh", oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D""#,
            "hdhd0244k9j7ao03",
        ),
        (
            "GET",
            "http://photos.example.net/photos?file=vacation.jpg&size=original",
            r#"OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH", oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D""#,
            "pfkkdhi9sl3r4s00",
        ),
    ];
    for (method, url, header, token_secret) in steps {
        let mut headers = http::HeaderMap::new();
        let header = header.replace('\n', "").parse().unwrap();
        headers.insert("authorization", header);
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let signed = SignedRequest::read(&headers, query, BodyHint::Empty)
            .unwrap()
            .unwrap();
        assert_eq!(signed.realm(), Some("Photos"));
        let token = Secret::new(token_secret);
        signed
            .verify(method, url, &Keys::shared(&consumer).and_token(&token))
            .unwrap();
    }
}

#[test]
fn computes_the_base_string_of_rfc_5849() {
    // RFC 5849, 3.4.1.1: repeats, empty values, + and %20, an escape that decodes to one.
    let request = http::Request::post("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "authorization",
            r#"OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", oauth_signature="bYT5CMsGcbgUdFHObYMEfcx6bsw%3D""#,
        )
        .body(Bytes::from_static(b"c2&a3=2+q"))
        .unwrap();
    let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da\
                    %26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2\
                    %26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1\
                    %26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";
    let signed = SignedRequest::of(&request).unwrap().unwrap();
    let url = request.uri().to_string();
    assert_eq!(signed.base_string("POST", &url).unwrap().as_str(), expected);

    let consumer = Consumer::hmac("9djdj82h48djs9d2", "j49sk3j29djd").unwrap();
    let token = AccessToken::new(consumer, "kkk9d7dh3k39sjv7", "dh893hdasih9").unwrap();
    let (parts, body) = request.into_parts();
    let base = Credential::from(token)
        .sends_version(false)
        .base_string(
            &parts,
            BodyHint::Form(&body),
            &stamp(137_131_201, "7d8f3e4a"),
        )
        .unwrap();
    assert_eq!(base.as_str(), expected);
}

#[test]
fn writes_the_address_as_rfc_5849_and_gdata_python_do() {
    // legacy-protocol.md 8.2, and RFC 5849, 3.4.1.2.
    let header = "OAuth oauth_callback=\"oob\", oauth_consumer_key=\"example.org\", oauth_nonce=\"12345\", \
                  oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1246301653\", \
                  oauth_version=\"1.0\", oauth_signature=\"AAAA\"";
    let mut headers = http::HeaderMap::new();
    headers.insert("authorization", header.parse().unwrap());
    let signed = SignedRequest::read(&headers, "", BodyHint::Empty)
        .unwrap()
        .unwrap();
    for (method, url, address) in [
        ("GET", "http://example.com/", "http%3A%2F%2Fexample.com%2F"),
        ("get", "http://eXample.COM", "http%3A%2F%2Fexample.com%2F"),
        (
            "GET",
            "https://eXample.COM:443",
            "https%3A%2F%2Fexample.com%2F",
        ),
        (
            "GET",
            "HTTP://eXample.COM:443",
            "http%3A%2F%2Fexample.com%3A443%2F",
        ),
        (
            "GET",
            "http://example.com:80/r%20v/X?id=123",
            "http%3A%2F%2Fexample.com%2Fr%2520v%2FX",
        ),
        (
            "GET",
            "https://www.example.net:8080/?q=1#f",
            "https%3A%2F%2Fwww.example.net%3A8080%2F",
        ),
        (
            "GET",
            "http://[::1]:8080/a",
            "http%3A%2F%2F%5B%3A%3A1%5D%3A8080%2Fa",
        ),
    ] {
        let base = signed.base_string(method, url).unwrap();
        assert_eq!(
            base.as_str(),
            format!(
                "GET&{address}&oauth_callback%3Doob%26oauth_consumer_key%3Dexample.org\
                 %26oauth_nonce%3D12345%26oauth_signature_method%3DHMAC-SHA1\
                 %26oauth_timestamp%3D1246301653%26oauth_version%3D1.0"
            ),
            "{url}"
        );
    }
}

#[test]
fn the_key_of_secrets_is_escaped_piece_by_piece() {
    // legacy-protocol.md 8.2, the .NET row: in a PLAINTEXT header it stands escaped once more.
    let consumer = Consumer::plaintext("k", "djr9rjt0jd78jf88").unwrap();
    let token = AccessToken::new(consumer, "t", "jjd99$tj88uiths3").unwrap();
    let (mut parts, ()) = http::Request::get("https://example.com/")
        .body(())
        .unwrap()
        .into_parts();
    Credential::from(token)
        .authorize(&mut parts, BodyHint::Empty, &stamp(1, "1"))
        .unwrap();
    assert_eq!(
        parts.headers["authorization"],
        "OAuth oauth_consumer_key=\"k\", oauth_nonce=\"1\", oauth_signature_method=\"PLAINTEXT\", \
         oauth_timestamp=\"1\", oauth_token=\"t\", oauth_version=\"1.0\", \
         oauth_signature=\"djr9rjt0jd78jf88%26jjd99%2524tj88uiths3\""
    );
}

#[test]
fn verifies_what_real_clients_sent() {
    // Captures on loopback: requests-oauthlib, authlib, gdata-python 2.0.18 v2 and v1, two-legged.
    let cases = [
        (
            "POST",
            "http://127.0.0.1:42241/accounts/OAuthGetRequestToken?scope=http%3A%2F%2Fgdata.youtube.com",
            r#"OAuth oauth_nonce="83094496390507080391795297221", oauth_timestamp="1795297221", oauth_version="1.0", oauth_signature_method="HMAC-SHA1", oauth_consumer_key="www.example.com", oauth_callback="http%3A%2F%2F127.0.0.1%3A9%2Fcb", oauth_signature="9FbAlroU5xMNm9YumkkdMjvkN%2FY%3D""#,
            "s3cr+t/",
        ),
        (
            "POST",
            "http://127.0.0.1:42241/accounts/OAuthGetRequestToken",
            r#"OAuth oauth_nonce="NynQr2N9rt31nzVcwoWgOip1h8r0ro", oauth_timestamp="1795297221", oauth_version="1.0", oauth_signature_method="HMAC-SHA1", oauth_consumer_key="www.example.com", oauth_callback="http%3A%2F%2F127.0.0.1%3A9%2Fcb", oauth_signature="8S1LMoK%2BzwUN7Bgaj9hErErkuU4%3D""#,
            "s3cr+t/",
        ),
        (
            "POST",
            "http://127.0.0.1:40929/accounts/OAuthGetRequestToken?scope=http%3A%2F%2Fgdata.youtube.com%2Ffeeds%2F",
            r#"OAuth oauth_nonce="925188997970206", oauth_timestamp="1795295806", oauth_consumer_key="www.example.com", oauth_signature_method="HMAC-SHA1", oauth_version="1.0", oauth_signature="d409dHpPJ2jCCm5e7pB0AYs2Ebk%3D", oauth_callback="http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Fx%3D1""#,
            "s3cr+t/",
        ),
        (
            "GET",
            "http://127.0.0.1:40929/accounts/OAuthGetRequestToken?oauth_nonce=81607377&oauth_timestamp=1795295806&oauth_consumer_key=www.example.com&oauth_signature_method=HMAC-SHA1&oauth_version=1.0&scope=http%3A%2F%2Fgdata.youtube.com&oauth_signature=h9jaMK%2BBNhnueTP45msxd8VpJWY%3D&oauth_callback=http%3A%2F%2F127.0.0.1%3A9%2Fcb",
            "",
            "s3cr+t/",
        ),
        (
            "GET",
            "http://127.0.0.1:40929/feeds/api/users/default/uploads?xoauth_requestor_id=user%40example.com",
            r#"OAuth oauth_nonce="892592777939268", oauth_timestamp="1795295806", oauth_consumer_key="example.com", oauth_signature_method="HMAC-SHA1", oauth_version="1.0", oauth_signature="ImJamHClvay0iQGXUfuKm1vm5Fo%3D""#,
            "sec",
        ),
    ];
    for (method, url, header, secret) in cases {
        let mut request = http::Request::builder().method(method).uri(url);
        if !header.is_empty() {
            request = request.header("authorization", header);
        }
        let request = request.body(Bytes::new()).unwrap();
        let signed = SignedRequest::of(&request).unwrap().unwrap();
        let secret = Secret::new(secret);
        signed
            .verify(method, url, &Keys::shared(&secret))
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }
}

#[test]
fn rsa_signatures_are_those_of_openssl() {
    let consumer = Consumer::rsa(
        "www.example.com",
        PrivateKey::from_pem(KEY).unwrap().signer(),
    )
    .unwrap();
    let request = TokenRequest::new(consumer)
        .scope("http://www.blogger.com/feeds/")
        .unwrap()
        .exchange(
            &Accounts::google(),
            &stamp(1_246_491_360, "c0155b3f28697c02"),
        )
        .unwrap()
        .request();
    let url = "https://www.google.com/accounts/OAuthGetRequestToken";
    let text = "POST&https%3A%2F%2Fwww.google.com%2Faccounts%2FOAuthGetRequestToken\
                &oauth_callback%3Doob%26oauth_consumer_key%3Dwww.example.com%26oauth_nonce%3Dc0155b3f28697c02\
                %26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1246491360%26oauth_version%3D1.0\
                %26scope%3Dhttp%253A%252F%252Fwww.blogger.com%252Ffeeds%252F";
    let signed = SignedRequest::of(&request).unwrap().unwrap();
    assert_eq!(signed.base_string("POST", url).unwrap().as_str(), text);
    let certificate = PublicKey::read(CERTIFICATE.as_bytes()).unwrap();
    signed
        .verify("POST", url, &Keys::certificate(&certificate))
        .unwrap();

    let Some(expected) = openssl_signature(text) else {
        skip("rsa_signatures_are_those_of_openssl: no openssl program");
        return;
    };
    assert_eq!(signature(&request), BASE64.encode(expected));
}

fn openssl_signature(text: &str) -> Option<Vec<u8>> {
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha1", "-sign", KEY_FILE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    openssl
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = openssl.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(output.stdout)
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn skip(what: &str) {
    eprintln!("skip - {what}");
}
