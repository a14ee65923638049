//! Laws: what is printed reads back, what is signed verifies, and the order of parameters does not matter.
//!
//! The signer and the verifier compute base strings by two paths; these laws hold them against each other.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    BodyHint, Secret, Stamp, Timestamp,
    oauth1::{
        AccessToken, AuthorizeLink, BaseString, BaseStringDiff, Callback, Consumer, Credential,
        Header, Keys, Placement, SignedRequest, TokenReply,
    },
    wire::{percent, query::Pairs},
};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{0,2}", "\\PC{0,6}", "[ +%&=~._\\-/:\"]{0,4}"]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((text(), text()), 0..12)
}

fn address() -> impl Strategy<Value = String> {
    (
        prop_oneof!["http", "https"],
        "[a-zA-Z0-9]{1,8}\\.[a-zA-Z]{2,3}",
        prop_oneof!["", ":80", ":443", ":8080", ":"],
        prop_oneof![
            "",
            "/",
            "/[a-zA-Z0-9~._%2F-]{0,0}[a-z]{0,5}/%20x",
            "/a~b/%7Ec"
        ],
    )
        .prop_map(|(scheme, host, port, path)| {
            let path = if path.starts_with('/') || path.is_empty() {
                path
            } else {
                format!("/{path}")
            };
            format!("{scheme}://{host}{port}{path}")
        })
}

/// `a=b&c=d` as a form, spaces as `+` where `plus`.
fn form(pairs: &[(String, String)], plus: bool) -> String {
    let encode = |text: &str| {
        let text = percent::encode(text);
        if plus {
            text.replace("%20", "+")
        } else {
            text.into_owned()
        }
    };
    let pairs: Vec<String> = pairs
        .iter()
        // A pair that is empty altogether is skipped by every reader.
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn with_query(address: &str, query: &str) -> String {
    if query.is_empty() {
        address.to_owned()
    } else {
        format!("{address}?{query}")
    }
}

fn credential(secret: &str, token_secret: &str) -> Credential {
    let consumer = Consumer::hmac("www.example.com", secret).unwrap();
    Credential::from(AccessToken::new(consumer, "1/tok en", token_secret).unwrap())
}

fn stamp() -> Stamp {
    Stamp::new(Timestamp::from_unix_seconds(1_300_000_000), "n0nce").unwrap()
}

fn post(url: &str) -> http::request::Parts {
    let request =
        http::Request::post(url).header("content-type", "application/x-www-form-urlencoded");
    request.body(()).unwrap().into_parts().0
}

proptest! {
    #[test]
    fn what_is_signed_verifies_in_every_place(
        address in address(),
        query in pairs(),
        body in pairs(),
        secrets in ("[a-z&+%]{0,6}", "[a-z&+%]{0,6}"),
        plus in any::<bool>(),
        place in 0..3,
    ) {
        let url = with_query(&address, &form(&query, plus));
        let (mut parts, body) = (post(&url), form(&body, !plus));
        let credential = credential(&secrets.0, &secrets.1);
        let before = credential
            .base_string(&parts, BodyHint::Form(body.as_bytes()), &stamp())
            .unwrap();
        let sent = match place {
            0 => {
                credential.authorize(&mut parts, BodyHint::Form(body.as_bytes()), &stamp()).unwrap();
                Bytes::from(body)
            }
            1 => {
                let credential = credential.placed_in(Placement::Query);
                credential.authorize(&mut parts, BodyHint::Form(body.as_bytes()), &stamp()).unwrap();
                Bytes::from(body)
            }
            _ => credential.sign_form(&mut parts, body.as_bytes(), &stamp()).unwrap(),
        };
        let url = parts.uri.to_string();
        let request = http::Request::from_parts(parts, sent);
        let signed = SignedRequest::of(&request).unwrap().unwrap();
        prop_assert_eq!(&signed.base_string("POST", &url).unwrap(), &before);
        let (consumer, token) = (Secret::new(secrets.0), Secret::new(secrets.1));
        let keys = Keys::shared(&consumer).and_token(&token);
        prop_assert!(signed.verify("POST", &url, &keys).is_ok());
        prop_assert!(signed.verify("PUT", &url, &keys).is_err());
    }

    #[test]
    fn the_order_of_parameters_does_not_matter(
        query in pairs().prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
        split in 0..12_usize,
    ) {
        let (one, other) = query;
        let (left, right) = other.split_at(split.min(other.len()));
        let credential = credential("s", "t");
        let base = |query: &str, body: &str| {
            let parts = post(&with_query("http://a.test/f", query));
            credential.base_string(&parts, BodyHint::Form(body.as_bytes()), &stamp()).unwrap()
        };
        prop_assert_eq!(
            base(&form(&one, false), ""),
            base(&form(left, true), &form(right, false))
        );
    }

    #[test]
    fn a_header_reads_what_it_prints(
        realm in prop::option::of("[ -~]{0,12}"),
        list in prop::collection::vec(("[a-z_%+é]{1,8}", text()), 0..8),
    ) {
        let list: Vec<_> = list.into_iter().filter(|(name, _)| name != "realm").collect();
        let header = Header::new(realm, list.into_iter().collect());
        let value = header.to_header_value().unwrap();
        prop_assert_eq!(Header::parse(value.to_str().unwrap()).unwrap(), header);
    }

    #[test]
    fn a_base_string_reads_what_it_prints(address in address(), query in pairs()) {
        let parts = post(&with_query(&address, &form(&query, false)));
        let base = credential("s", "t").base_string(&parts, BodyHint::Empty, &stamp()).unwrap();
        prop_assert_eq!(&BaseString::parse(base.as_str()).unwrap(), &base);
        let mut names: Vec<String> = query
            .into_iter()
            .map(|(name, _)| name)
            .filter(|name| !name.is_empty())
            .collect();
        let mut seen: Vec<String> = base
            .parameters()
            .map(|(name, _)| name)
            .filter(|name| !name.starts_with("oauth_"))
            .collect();
        names.sort();
        seen.sort();
        prop_assert_eq!(seen, names);
    }

    #[test]
    fn token_replies_links_and_callbacks_read_what_they_print(
        token in "\\PC{1,12}",
        secret in "\\PC{0,12}",
        confirmed in any::<bool>(),
    ) {
        let reply = TokenReply::new(token.as_str(), secret);
        let reply = if confirmed { reply.confirming_the_callback() } else { reply };
        // Blanks at either end belong to the body, not to a value: they are escaped.
        prop_assert_eq!(TokenReply::parse(reply.to_body().as_bytes()).unwrap(), reply);
        let link = AuthorizeLink::new(token).unwrap();
        prop_assert_eq!(AuthorizeLink::parse(&link.query()).unwrap(), link);
    }

    #[test]
    fn nothing_makes_a_reader_panic(text in "\\PC{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = Header::parse(&text);
        let _ = Header::parse(&format!("OAuth {text}"));
        let _ = Callback::parse(&text);
        let _ = AuthorizeLink::parse(&text);
        let _ = TokenReply::parse(&bytes);
        let claim = [b"oauth_consumer_key=a&oauth_signature=b&", bytes.as_slice()].concat();
        let read = SignedRequest::read(&http::HeaderMap::new(), &text, BodyHint::Form(&claim));
        if let Ok(Some(signed)) = read {
            let secret = Secret::new("s");
            let _ = signed.verify(&text, &text, &Keys::shared(&secret));
        }
        if let (Ok(one), Ok(other)) = (BaseString::parse(&text), BaseString::parse("GET&a&b")) {
            let _ = BaseStringDiff::between(&one, &other).to_string();
        }
    }

    #[test]
    fn a_diff_is_empty_for_equals_only(one in pairs(), other in pairs()) {
        let base = |pairs: &[(String, String)]| {
            let parts = post(&with_query("http://a.test/", &form(pairs, false)));
            credential("s", "t").base_string(&parts, BodyHint::Empty, &stamp()).unwrap()
        };
        let (one, other) = (base(&one), base(&other));
        prop_assert_eq!(BaseStringDiff::between(&one, &other).is_empty(), one == other);
        prop_assert!(BaseStringDiff::between(&one, &one).is_empty());
    }
}

#[test]
fn pairs_of_the_wire_keep_repeats() {
    let pairs: Pairs = Pairs::parse("a=1&a=1&a=").unwrap();
    let parts = post("http://a.test/?a=1&a=1&a=");
    let base = credential("s", "t")
        .base_string(&parts, BodyHint::Empty, &stamp())
        .unwrap();
    assert_eq!(pairs.len(), 3);
    assert!(
        base.as_str()
            .starts_with("POST&http%3A%2F%2Fa.test%2F&a%3D%26a%3D1%26a%3D1%26oauth_consumer_key")
    );
}

#[test]
fn parameters_that_sort_between_those_of_the_protocol_are_signed_in_their_order() {
    // libgdata sent callback and verifier in the form.
    let mut parts = post("http://a.test/f?oauth_z=1&a=1&z=2");
    let form = BodyHint::Form(b"oauth_callback=oob&oauth_nonce2=x&oauth_verifier=v");
    credential("s", "t")
        .authorize(&mut parts, form, &stamp())
        .unwrap();
    let signed = SignedRequest::read(&parts.headers, "oauth_z=1&a=1&z=2", form)
        .unwrap()
        .unwrap();
    assert_eq!(
        signed
            .base_string("POST", "http://a.test/f")
            .unwrap()
            .as_str(),
        "POST&http%3A%2F%2Fa.test%2Ff&a%3D1%26oauth_callback%3Doob\
         %26oauth_consumer_key%3Dwww.example.com%26oauth_nonce%3Dn0nce%26oauth_nonce2%3Dx\
         %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1300000000\
         %26oauth_token%3D1%252Ftok%2520en%26oauth_verifier%3Dv%26oauth_version%3D1.0\
         %26oauth_z%3D1%26z%3D2"
    );
    let (consumer, token) = (Secret::new("s"), Secret::new("t"));
    let keys = Keys::shared(&consumer).and_token(&token);
    signed.verify("POST", "http://a.test/f", &keys).unwrap();
}
