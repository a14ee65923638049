//! The consent link.

use gdata_auth::{
    Kind,
    oauth2::{Client, ClientKind, Prompt, Provider, redirect_faults},
};

use super::{YOUTUBE, app, now, scopes};

#[test]
fn is_the_link_that_google_documents_with_state_and_s256() {
    let pending = app()
        .authorize("http://127.0.0.1:49152/")
        .scopes(scopes(YOUTUBE))
        .begin(&[0; 96], now())
        .unwrap();
    // 32 zero bytes are 43 times A; the challenge was made by
    // `printf A…A | openssl dgst -sha256 -binary | basenc --base64url`.
    assert_eq!(
        pending.link(),
        "https://accounts.google.com/o/oauth2/v2/auth?client_id=1234.apps.googleusercontent.com\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F&response_type=code\
         &scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fyoutube\
         &state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         &code_challenge=DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo&code_challenge_method=S256\
         &access_type=offline"
    );
}

#[test]
fn says_all_that_a_web_client_may_ask_of_google() {
    let web = Client::web("w", "s").unwrap();
    let pending = web
        .authorize("https://www.example.com/back")
        .scopes(scopes("openid email"))
        .online()
        .prompt(Prompt::Consent)
        .prompt(Prompt::SelectAccount)
        .login_hint("ann@example.com")
        .hosted_domain("example.com")
        .include_granted_scopes()
        .begin(&[1; 96], now())
        .unwrap();
    let link = pending.link();
    assert!(link.contains("&nonce=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE&access_type=online"));
    assert!(link.ends_with(
        "&prompt=consent%20select_account&login_hint=ann%40example.com&include_granted_scopes=true&hd=example.com"
    ));
}

#[test]
fn another_server_gets_no_dialect_of_googles_and_may_have_its_own() {
    let provider = Provider::new("https://id.example.com", "https://id.example.com/t")
        .unwrap()
        .with_authorization_endpoint("https://id.example.com/auth?tenant=7")
        .unwrap();
    let client = Client::new(provider, ClientKind::Installed, "c").unwrap();
    let pending = client
        .authorize("http://127.0.0.1:1/")
        .scopes(scopes("offline_access"))
        .parameter("audience", "https://api.example.com")
        .begin(&[2; 96], now())
        .unwrap();
    assert!(
        pending
            .link()
            .starts_with("https://id.example.com/auth?tenant=7&client_id=c&")
    );
    assert!(!pending.link().contains("access_type"));
    assert!(
        pending
            .link()
            .ends_with("&audience=https%3A%2F%2Fapi.example.com")
    );
}

#[test]
fn incremental_consent_is_for_web_clients_only() {
    let refused = app()
        .authorize("http://127.0.0.1:1/")
        .scopes(scopes(YOUTUBE))
        .include_granted_scopes()
        .begin(&[0; 96], now())
        .unwrap_err();
    assert_eq!(refused.kind(), Kind::Input);
    assert!(
        refused
            .to_string()
            .starts_with("include_granted_scopes: expected a web client")
    );
}

#[test]
fn parameters_that_protect_the_flow_cannot_be_overwritten() {
    for name in ["state", "code_challenge", "redirect_uri", "response_type"] {
        let refused = app()
            .authorize("http://127.0.0.1:1/")
            .scopes(scopes(YOUTUBE))
            .parameter(name, "x")
            .begin(&[0; 96], now())
            .unwrap_err();
        assert!(refused.to_string().starts_with("parameter: "), "{name}");
    }
}

#[test]
fn without_a_scope_or_with_two_minds_nothing_is_asked() {
    let none = app()
        .authorize("http://127.0.0.1:1/")
        .begin(&[0; 96], now());
    assert_eq!(
        none.unwrap_err().to_string(),
        "scope: expected at least one, got none"
    );
    let both = app()
        .authorize("http://127.0.0.1:1/")
        .scopes(scopes(YOUTUBE))
        .prompt(Prompt::None)
        .prompt(Prompt::Consent)
        .begin(&[0; 96], now());
    assert_eq!(
        both.unwrap_err().to_string(),
        "prompt: expected none to stand alone"
    );
}

#[test]
fn googles_rules_for_redirect_addresses_are_told_before_google_is_asked() {
    use ClientKind::{Installed, Web};
    let table: &[(ClientKind, &str, Option<&str>)] = &[
        (Installed, "http://127.0.0.1:8080/", None),
        (Installed, "http://[::1]:8080/", None),
        (Installed, "http://localhost", None),
        (Installed, "urn:ietf:wg:oauth:2.0:oob", Some("out-of-band")),
        (Installed, "oob", Some("out-of-band")),
        (
            Installed,
            "https://www.example.com/",
            Some("installed client"),
        ),
        (Installed, "com.example.app:/back", None),
        (Web, "https://www.example.com/back", None),
        (Web, "http://localhost:3000/back", None),
        (Web, "http://www.example.com/back", Some("expected https")),
        (Web, "https://203.0.113.7/back", Some("the name of a host")),
        (Web, "https://intranet/back", Some("public suffix")),
        (
            Web,
            "https://x.googleusercontent.com/",
            Some("a host of your own"),
        ),
        (Web, "https://goo.gl/back", Some("shortener")),
        (Web, "https://www.example.com/back#x", Some("fragment")),
        (Web, "https://*.example.com/back", Some("letter by letter")),
        (Web, "https://www.example.com/a/../b", Some("/..")),
        (
            Web,
            "https://www.example.com/?to=https://a.test",
            Some("open redirector"),
        ),
        (
            Web,
            "https://me@www.example.com/",
            Some("without a user name"),
        ),
        (Web, "https://www.example.com/%zz", Some("percent-encoding")),
        (Web, "https://www.example.com/%00", Some("percent-encoding")),
        (Web, "/back", Some("absolute")),
        (Web, "com.example.app:/back", Some("absolute")),
    ];
    for (kind, address, expected) in table {
        let faults = redirect_faults(*kind, true, address);
        match expected {
            None => assert!(faults.is_empty(), "{address}: {faults:?}"),
            Some(part) => assert!(
                faults.iter().any(|fault| fault.contains(part)),
                "{address}: {faults:?}"
            ),
        }
    }
    // Another server may take what Google does not.
    assert!(redirect_faults(Web, false, "https://intranet/back").is_empty());
}
