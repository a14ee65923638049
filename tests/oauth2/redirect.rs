//! The way back from the consent page.

use gdata_auth::{
    Advice, Exchange, Kind,
    oauth2::{Client, ClientKind, PendingAuthorization, Provider, Redirect},
};

use super::{YOUTUBE, answer, app, body, later, now, scopes};

const STATE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn pending() -> PendingAuthorization {
    app()
        .authorize("http://127.0.0.1:49152/")
        .scopes(scopes(YOUTUBE))
        .begin(&[0; 96], now())
        .unwrap()
}

fn back(query: &str) -> Redirect {
    Redirect::parse(&format!("http://127.0.0.1:49152/?{query}")).unwrap()
}

fn refusal(query: &str) -> gdata_auth::Error {
    pending().finish(&app(), &back(query), now()).unwrap_err()
}

#[test]
fn the_code_is_exchanged_with_its_verifier_and_address() {
    let app = app().with_secret("GOCSPX-s").unwrap();
    let redirect = back(&format!(
        "code=4%2F0Abc&state={STATE}&scope=x&authuser=0&prompt=consent"
    ));
    let exchange = pending().finish(&app, &redirect, now()).unwrap();
    let request = exchange.request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://oauth2.googleapis.com/token");
    assert_eq!(
        request.headers()["content-type"],
        "application/x-www-form-urlencoded"
    );
    assert_eq!(
        body(&request),
        "grant_type=authorization_code&code=4%2F0Abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2F\
         &code_verifier=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
         &client_id=1234.apps.googleusercontent.com&client_secret=GOCSPX-s"
    );
    let reply = exchange
        .parse(&answer(
            200,
            r#"{"access_token":"ya29.a","expires_in":3599,"token_type":"Bearer","refresh_token":"1//r"}"#,
        ))
        .unwrap();
    assert_eq!(reply.consent().granted, scopes(YOUTUBE));
    assert!(reply.consent().missing.is_empty());
}

#[test]
fn granular_consent_tells_what_the_user_unticked() {
    let app = app();
    let pending = app
        .authorize("http://127.0.0.1:49152/")
        .scopes(scopes(
            "openid email https://www.googleapis.com/auth/calendar",
        ))
        .begin(&[0; 96], now())
        .unwrap();
    let exchange = pending
        .finish(&app, &back(&format!("code=c&state={STATE}")), now())
        .unwrap();
    let reply = r#"{"access_token":"a","token_type":"Bearer",
        "scope":"https://www.googleapis.com/auth/userinfo.email openid"}"#;
    let authorized = exchange.parse(&answer(200, reply)).unwrap();
    let missing = &authorized.consent().missing;
    assert_eq!(
        missing.to_string(),
        "https://www.googleapis.com/auth/calendar"
    );
}

#[test]
fn a_state_that_is_wrong_missing_or_doubled_ends_before_any_call() {
    for query in [
        "code=4/0".to_owned(),
        "code=4/0&state=".to_owned(),
        "code=4/0&state=AAAA".to_owned(),
        format!("code=4/0&state={STATE}A"),
    ] {
        let error = refusal(&query);
        assert_eq!(error.kind(), Kind::Refused, "{query}");
        assert!(
            error
                .to_string()
                .starts_with("state: expected the value of the link")
        );
    }
    let twice = refusal(&format!("code=4/0&state={STATE}&state={STATE}"));
    assert_eq!(twice.kind(), Kind::Reply);
}

#[test]
fn another_address_is_refused_before_anything_else_is_looked_at() {
    for address in [
        format!("http://127.0.0.1:49153/?code=c&state={STATE}"),
        format!("http://127.0.0.1:49152/x?code=c&state={STATE}"),
        format!("https://127.0.0.1:49152/?code=c&state={STATE}"),
        format!("http://evil.test:49152/?code=c&state={STATE}"),
    ] {
        let redirect = Redirect::parse(&address).unwrap();
        let error = pending().finish(&app(), &redirect, now()).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("redirect: expected the browser at http://127.0.0.1:49152/")
        );
        assert!(!pending().is_answered_by(&redirect));
    }
}

#[test]
fn an_error_in_the_redirect_is_an_error_with_its_code() {
    let error = refusal(&format!("error=access_denied&state={STATE}"));
    assert_eq!(error.kind(), Kind::Denied);
    assert_eq!(error.to_string(), "the user declined (access_denied)");
    assert_eq!(
        error.advice(),
        Advice::AskConsent {
            scopes: vec![YOUTUBE.to_owned()]
        }
    );
    let admin = refusal(&format!("error=admin_policy_enforced&state={STATE}"));
    assert_eq!(admin.advice(), Advice::AskAdmin);
    let own = refusal(&format!(
        "error=own_code&error_description=Oh%0Adear&state={STATE}"
    ));
    assert_eq!(own.to_string(), "the server refused (own_code: Oh dear)");
    // An error with a wrong state is a stranger's.
    assert!(
        refusal("error=access_denied&state=x")
            .to_string()
            .starts_with("state:")
    );
}

#[test]
fn a_consent_that_took_too_long_is_over() {
    let redirect = back(&format!("code=c&state={STATE}"));
    let error = pending().finish(&app(), &redirect, later(601)).unwrap_err();
    assert_eq!(error.kind(), Kind::Expired);
    assert!(pending().finish(&app(), &redirect, later(600)).is_ok());
    // A clock that was turned back is no way in either.
    assert!(pending().finish(&app(), &redirect, later(-1)).is_err());
}

#[test]
fn neither_code_nor_error_is_no_answer() {
    for query in [format!("state={STATE}"), format!("state={STATE}&code=")] {
        assert_eq!(
            refusal(&query).to_string(),
            "code: expected a code or an error, got neither"
        );
    }
}

fn at(issuer: &str) -> Client {
    let provider = Provider::new(issuer, format!("{issuer}/token"))
        .unwrap()
        .with_authorization_endpoint(format!("{issuer}/auth"))
        .unwrap();
    Client::new(provider, ClientKind::Installed, "c").unwrap()
}

fn asked(client: &Client) -> PendingAuthorization {
    client
        .authorize("http://127.0.0.1:49152/")
        .scopes(scopes("x"))
        .begin(&[0; 96], now())
        .unwrap()
}

#[test]
fn the_code_of_another_issuer_is_not_sent_here() {
    let (one, other) = (at("https://one.example"), at("https://other.example"));
    let ok = back(&format!(
        "code=c&state={STATE}&iss=https%3A%2F%2Fone.example"
    ));
    let mixed = back(&format!(
        "code=c&state={STATE}&iss=https%3A%2F%2Fother.example"
    ));
    assert!(asked(&one).finish(&one, &ok, now()).is_ok());
    let error = asked(&one).finish(&one, &mixed, now()).unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(
        error
            .to_string()
            .starts_with("iss: expected the server that was asked")
    );
    // Nor is a consent finished as another client.
    assert!(asked(&one).finish(&other, &ok, now()).is_err());
}

#[test]
fn a_server_that_always_sends_iss_must_send_it() {
    let provider = Provider::new("https://one.example", "https://one.example/token")
        .unwrap()
        .with_authorization_endpoint("https://one.example/auth")
        .unwrap()
        .sending_issuer();
    let client = Client::new(provider, ClientKind::Installed, "c").unwrap();
    let error = asked(&client)
        .finish(&client, &back(&format!("code=c&state={STATE}")), now())
        .unwrap_err();
    assert!(error.to_string().starts_with("iss: expected it"));
}

#[test]
fn google_is_its_own_issuer_in_both_spellings() {
    for iss in ["https%3A%2F%2Faccounts.google.com", "accounts.google.com"] {
        let redirect = back(&format!("code=c&state={STATE}&iss={iss}"));
        assert!(pending().finish(&app(), &redirect, now()).is_ok(), "{iss}");
    }
}

#[test]
fn a_consent_survives_a_restart_and_shows_nothing_on_the_way() {
    let app = app();
    let pending = app
        .authorize("http://127.0.0.1:49152/")
        .scopes(scopes("openid"))
        .begin(&[9; 96], now())
        .unwrap();
    let debug = format!("{pending:?}");
    let kept = serde_json::to_string(&pending).unwrap();
    assert!(
        kept.contains("CQkJCQk"),
        "the serialised form holds the verifier"
    );
    assert!(!debug.contains("\"CQkJCQk"), "{debug}");
    let again: PendingAuthorization = serde_json::from_str(&kept).unwrap();
    assert_eq!(again.link(), pending.link());
    let redirect = back("code=c&state=CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk");
    let exchange = again.finish(&app, &redirect, later(5)).unwrap();
    assert!(body(&exchange.request()).contains("code_verifier=CQkJ"));
    let newer = kept.replace("\"version\":1", "\"version\":2");
    let newer: PendingAuthorization = serde_json::from_str(&newer).unwrap();
    assert!(newer.finish(&app, &redirect, now()).is_err());
}

#[test]
fn what_the_user_pastes_is_the_whole_address_and_never_a_bare_code() {
    for text in [
        "4/0AbCdEf",
        "code=4/0&state=x",
        "",
        "127.0.0.1:49152/?code=c",
    ] {
        let error = Redirect::parse(text).unwrap_err();
        assert!(error.to_string().contains("whole address"), "{text}");
    }
    let pasted = format!("  http://127.0.0.1:49152/?code=c&state={STATE}#\n");
    let redirect = Redirect::parse(&pasted).unwrap();
    assert!(pending().finish(&app(), &redirect, now()).is_ok());
}

#[test]
fn a_web_framework_hands_over_its_query() {
    let redirect = Redirect::from_query(&format!("code=c&state={STATE}")).unwrap();
    assert!(pending().finish(&app(), &redirect, now()).is_ok());
    assert!(Redirect::from_query("code=%zz").is_err());
    assert!(!format!("{redirect:?}").contains(STATE));
}
