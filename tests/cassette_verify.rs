//! What was signed is computed anew: of recordings, and of live requests while they are replayed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use bytes::Bytes;
use gdata_auth::{
    BodyHint, Stamp, Timestamp,
    authsub::SessionToken,
    cassette::{
        Body, Cassette, Interaction, KeyFiles, Keys, MatchRules, Player, RecordedRequest,
        RecordedResponse, SecretRule,
        verify::{self, Finding, WrongRequest},
    },
    crypto::{PrivateKey, PublicKey},
    oauth1::{AccessToken, Consumer, Credential},
    oauth2::sign_jwt,
};

const TRACES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/recordings/libgdata-oauth1/oauth1-authorizer"
);
const KEY: &str = include_str!("../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../fixtures/keys/insecure-rsa2048-cert.pem");
const FEED: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads?v=2";

fn certificate() -> PublicKey {
    PublicKey::from_pem(CERTIFICATE).unwrap()
}

fn stamp(nonce: &str) -> Stamp {
    Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), nonce).unwrap()
}

fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

fn authsub(address: &str, nonce: &str) -> http::Request<Bytes> {
    let key = PrivateKey::from_pem(KEY).unwrap();
    let token = SessionToken::new("1/abc").unwrap().secured_by(key.signer());
    let (mut parts, body) = get(address).into_parts();
    token.authorize(&mut parts, &stamp(nonce)).unwrap();
    http::Request::from_parts(parts, body)
}

fn oauth1(
    address: &str,
    consumer: Consumer,
    token_secret: &str,
    nonce: &str,
) -> http::Request<Bytes> {
    let token = AccessToken::new(consumer, "1/token", token_secret).unwrap();
    let (mut parts, body) = get(address).into_parts();
    Credential::from(token)
        .authorize(&mut parts, BodyHint::Empty, &stamp(nonce))
        .unwrap();
    http::Request::from_parts(parts, body)
}

fn hmac(secret: &str) -> Consumer {
    Consumer::hmac("example.com", secret).unwrap()
}

fn pair(request: &http::Request<Bytes>) -> Interaction {
    Interaction::new(RecordedRequest::of(request), RecordedResponse::new(200))
}

/// The verdicts on one recorded request, as lines.
fn checked(request: &http::Request<Bytes>, keys: &Keys) -> Vec<String> {
    let cassette = Cassette::new(vec![pair(request)]);
    let verdicts = verify::check(&cassette.interactions[0], keys, &cassette);
    verdicts.iter().map(ToString::to_string).collect()
}

#[test]
fn seven_signatures_of_2013_verify_from_interactions() {
    if !Path::new(TRACES).is_dir() {
        skip("seven_signatures_of_2013_verify_from_interactions: no recordings beside the project");
        return;
    }
    let mut files: Vec<_> = fs::read_dir(TRACES)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let interactions: Vec<Interaction> = files
        .iter()
        .flat_map(|file| trace(&fs::read_to_string(file).unwrap()))
        .collect();
    let cassette = Cassette::new(interactions);
    assert_eq!(cassette.interactions.len(), 10);
    let keys = Keys::new().with_consumer_secret("anonymous", "anonymous");
    let verdicts: Vec<_> = cassette
        .interactions
        .iter()
        .flat_map(|one| verify::check(one, &keys, &cassette))
        .collect();
    assert!(
        verdicts
            .iter()
            .all(|verdict| verdict.piece == "OAuth 1.0 signature")
    );
    let count =
        |finding: fn(&Finding) -> bool| verdicts.iter().filter(|one| finding(&one.finding)).count();
    assert_eq!(count(|finding| *finding == Finding::Verified), 7);
    // The secrets of these three tokens are in no trace.
    assert_eq!(count(|finding| matches!(finding, Finding::NoKey(_))), 3);
    assert!(
        cassette
            .interactions
            .iter()
            .flat_map(|one| verify::check(one, &Keys::new(), &cassette))
            .all(|one| one.to_string()
                == "OAuth 1.0 signature: not checked: expected a key of the consumer anonymous, got none")
    );
}

/// The pairs of a trace: `> ` before a request's lines, `< ` before an answer's.
fn trace(text: &str) -> Vec<Interaction> {
    let mut pairs: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    let mut asking = false;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let (mark, rest) = line.split_at(1);
        let rest = rest.strip_prefix(' ').unwrap_or(rest);
        match mark {
            ">" => {
                if !asking {
                    pairs.push(Default::default());
                }
                asking = true;
                pairs.last_mut().unwrap().0.push(rest);
            }
            _ => {
                asking = false;
                pairs.last_mut().unwrap().1.push(rest);
            }
        }
    }
    let halves = |lines: &[&str]| {
        let empty = lines.iter().position(|line| line.is_empty()).unwrap();
        let headers: Vec<(String, String)> = lines[1..empty]
            .iter()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        (headers, lines[empty + 1..].join("\n"))
    };
    let pairs = pairs.iter().map(|(request, answer)| {
        let mut line = request[0].split(' ');
        let mut recorded = RecordedRequest::new(line.next().unwrap(), line.next().unwrap());
        recorded.base = Some("https://www.google.com".to_owned());
        let (headers, body) = halves(request);
        recorded.headers = headers.into_iter().collect();
        recorded.body = Body::unknown(body);
        let status = answer[0].split(' ').nth(1).unwrap().parse().unwrap();
        let (headers, body) = halves(answer);
        let mut answered = RecordedResponse::new(status);
        answered.headers = headers.into_iter().collect();
        answered.body = Body::unknown(body);
        Interaction::new(recorded, answered)
    });
    pairs.collect()
}

#[test]
fn authsub_is_checked_against_request_and_key() {
    let keys = Keys::new().with_authsub(certificate());
    assert_eq!(
        checked(&authsub(FEED, "1"), &keys),
        ["AuthSub signature: verified"]
    );
    assert_eq!(
        checked(&authsub(FEED, "1"), &Keys::new()),
        ["AuthSub signature: not checked: expected the key of the site, got none"]
    );
    // Signed for one address, sent to another: no key is needed to see it.
    let mut moved = authsub(FEED, "1");
    *moved.uri_mut() = FEED.replace("v=2", "v=3").parse().unwrap();
    assert_eq!(
        checked(&moved, &Keys::new()),
        [
            "AuthSub signature: wrong: query: signed for another query than the request has; sign the exact text on the wire"
        ]
    );
    let mut other = authsub(FEED, "1");
    *other.method_mut() = http::Method::POST;
    assert_eq!(
        checked(&other, &keys),
        ["AuthSub signature: wrong: method: signed for GET, but the request has POST"]
    );
}

#[test]
fn oauth1_is_checked_with_secret_or_key() {
    let keys = || {
        Keys::new()
            .with_consumer_secret("example.com", "s3cret")
            .with_token_secret("1/token", "beside")
    };
    let right = oauth1(FEED, hmac("s3cret"), "beside", "1");
    assert_eq!(checked(&right, &keys()), ["OAuth 1.0 signature: verified"]);
    let missing = Keys::new().with_consumer_secret("example.com", "s3cret");
    assert_eq!(
        checked(&right, &missing),
        ["OAuth 1.0 signature: not checked: expected the secret of the token, got none"]
    );
    // The client forgot the token's secret, and is told so.
    let told = checked(&oauth1(FEED, hmac("s3cret"), "", "1"), &keys());
    assert!(
        told[0].starts_with("OAuth 1.0 signature: wrong: oauth_signature: "),
        "{told:?}"
    );
    let key = PrivateKey::from_pem(KEY).unwrap();
    let rsa = Consumer::rsa("example.com", key.signer()).unwrap();
    let rsa = oauth1(FEED, rsa, "beside", "1");
    let keys = Keys::new().with_consumer_key("example.com", certificate());
    assert_eq!(checked(&rsa, &keys), ["OAuth 1.0 signature: verified"]);
}

fn assertion(signer: &str) -> http::Request<Bytes> {
    let key = PrivateKey::from_pem(signer).unwrap();
    let claims = serde_json::json!({ "iss": "robot@p", "aud": "https://t/", "iat": 1, "exp": 2 });
    let token = sign_jwt(claims.as_object().unwrap(), Some("k1"), &*key.signer()).unwrap();
    http::Request::post("https://oauth2.googleapis.com/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={}",
            token.expose()
        )))
        .unwrap()
}

#[test]
fn assertions_are_checked_by_kid_or_issuer() {
    for signer in ["k1", "robot@p"] {
        let keys = Keys::new().with_jwt(signer, certificate());
        assert_eq!(checked(&assertion(KEY), &keys), ["assertion: verified"]);
    }
    assert_eq!(
        checked(&assertion(KEY), &Keys::new()),
        ["assertion: not checked: expected a key for kid k1 or iss robot@p, got none"]
    );
}

#[test]
fn a_verifier_is_checked_against_the_challenge_before_it() {
    // RFC 7636, appendix B.
    let consent = |challenge: &str| {
        get(&format!(
            "https://accounts.google.com/o/oauth2/v2/auth?client_id=me&response_type=code\
             &code_challenge={challenge}&code_challenge_method=S256"
        ))
    };
    let code = http::Request::post("https://oauth2.googleapis.com/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(
            "grant_type=authorization_code&code=c&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ))
        .unwrap();
    let verdict = |challenge: &str| {
        let cassette = Cassette::new(vec![pair(&consent(challenge)), pair(&code)]);
        verify::check(&cassette.interactions[1], &Keys::new(), &cassette)[0].to_string()
    };
    assert_eq!(
        verdict("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        "PKCE verifier: verified"
    );
    assert_eq!(
        verdict("another"),
        "PKCE verifier: wrong: code_verifier: expected one whose S256 is another, got one of \
         E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
}

#[test]
fn a_live_request_that_is_signed_wrongly_is_refused_though_it_is_recorded() {
    let mut rules = MatchRules::default();
    rules.repeat = true;
    rules.secrets = SecretRule::Bind;
    rules.hosts.insert(
        "http://127.0.0.1:8080".to_owned(),
        "http://gdata.youtube.com".to_owned(),
    );
    let cassette = Cassette::new(vec![
        pair(&authsub(FEED, "1")),
        pair(&oauth1(FEED, hmac("s3cret"), "beside", "1")),
    ]);
    let keys = Keys::new()
        .with_authsub(certificate())
        .with_consumer_secret("example.com", "s3cret")
        .with_token_secret("1/token", "beside");
    let player = Player::builder(cassette)
        .rules(rules)
        .keys(keys)
        .build()
        .unwrap();
    let play = |request: &http::Request<Bytes>| match player.play(request) {
        Ok(answer) => answer.status().to_string(),
        Err(cause) => {
            let source = std::error::Error::source(&cause).unwrap();
            let wrong = source.downcast_ref::<WrongRequest>().unwrap();
            assert!(wrong.verdict().is_wrong());
            cause.to_string()
        }
    };
    let local = "http://127.0.0.1:8080/feeds/api/users/default/uploads?v=2";
    for address in [FEED, local] {
        assert_eq!(play(&authsub(address, "2")), "200 OK");
        assert_eq!(
            play(&oauth1(address, hmac("s3cret"), "beside", "2")),
            "200 OK"
        );
    }
    // As a server sees it: a path, and the host beside it.
    let mut through = oauth1(local, hmac("s3cret"), "beside", "3");
    *through.uri_mut() = "/feeds/api/users/default/uploads?v=2".parse().unwrap();
    through
        .headers_mut()
        .insert("host", "127.0.0.1:8080".parse().unwrap());
    assert_eq!(play(&through), "200 OK");

    let told = play(&oauth1(FEED, hmac("wrong"), "beside", "4"));
    assert!(
        told.starts_with(
            "expected a request that is signed right, got another: OAuth 1.0 signature: wrong: "
        ),
        "{told}"
    );
    assert_eq!(player.report().refused, 1);
    assert!(
        !told.contains("s3cret") && !told.contains("1/token"),
        "{told}"
    );
}

#[test]
fn keys_are_named_by_a_configuration() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys");
    let files: KeyFiles = serde_json::from_value(serde_json::json!({
        "authsub": ["insecure-rsa2048-cert.pem"],
        "oauth1-secrets": { "example.com": "s3cret" },
        "oauth1-keys": { "other.test": "insecure-rsa2048-pub.pem" },
        "oauth1-tokens": { "1/token": "beside" },
        "jwt": { "k1": "insecure-rsa2048-cert.pem" },
    }))
    .unwrap();
    let keys = files.load(&fixtures).unwrap();
    assert_eq!(
        format!("{keys:?}"),
        "Keys { authsub: 1, consumer_secrets: 1, consumer_keys: 1, token_secrets: 1, jwt: 1 }"
    );
    assert_eq!(
        checked(&authsub(FEED, "1"), &keys),
        ["AuthSub signature: verified"]
    );
    assert_eq!(checked(&assertion(KEY), &keys), ["assertion: verified"]);
    assert!(!format!("{files:?}").contains("s3cret"));

    let refused = |name: &str| {
        let files: KeyFiles =
            serde_json::from_value(serde_json::json!({ "authsub": [name] })).unwrap();
        files.load(&fixtures).unwrap_err()
    };
    assert_eq!(refused("no-such-file").kind(), gdata_auth::Kind::Transport);
    assert_eq!(refused("README.md").kind(), gdata_auth::Kind::Key);
}

#[expect(clippy::print_stderr, reason = "a skipped test says what it lacks")]
fn skip(what: &str) {
    eprintln!("skip - {what}");
}
