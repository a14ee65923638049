//! Every refusal of a login: what is printed, what it becomes, and the CAPTCHA round.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Advice, Error, Exchange, Fault, Kind,
    clientlogin::{Endpoint, ErrorBody, ErrorCode, LoginExchange, LoginRequest, Refusal},
};
use proptest::prelude::*;

const BAD: &str = include_str!("../fixtures/replies/clientlogin-403-bad-authentication.txt");
const FACTOR: &str = include_str!("../fixtures/replies/clientlogin-403-second-factor.txt");
const CAPTCHA: &str = include_str!("../fixtures/replies/clientlogin-403-captcha.txt");
const DISABLED: &str = include_str!("../fixtures/replies/clientlogin-403-account-disabled.txt");

fn at(endpoint: &Endpoint) -> LoginExchange {
    LoginRequest::new("user@gmail.com")
        .unwrap()
        .service("youtube")
        .unwrap()
        .source("acme-app-1")
        .unwrap()
        .exchange("p&ss w=rd", endpoint)
        .unwrap()
}

fn reply(status: u16, body: impl Into<Bytes>) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(body.into())
        .unwrap()
}

fn refused(endpoint: &Endpoint, status: u16, body: impl Into<Bytes>) -> Error {
    at(endpoint).parse(&reply(status, body)).unwrap_err()
}

#[test]
fn a_bad_password_is_the_servers_refusal_and_the_users_turn() {
    assert_eq!(BAD.len(), 24);
    let error = refused(&Endpoint::google(), 403, BAD);
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(error.fault(), Fault::Peer);
    assert!(error.needs_user() && !error.is_transient());
    assert_eq!(
        error.to_string(),
        "the server does not accept this name with this password (403: BadAuthentication)"
    );
    let refusal = Refusal::of(&error).unwrap();
    assert_eq!(*refusal.code(), ErrorCode::BadAuthentication);
    assert_eq!(refusal.status(), 403);
    assert!(!refusal.needs_app_password() && refusal.captcha().is_none());
}

#[test]
fn a_second_factor_asks_for_an_app_password() {
    let error = refused(&Endpoint::google(), 403, FACTOR);
    assert!(error.needs_user());
    assert_eq!(
        error.to_string(),
        "the account has a second factor: it needs an app password in place of the user's own \
         (403: BadAuthentication)"
    );
    let refusal = Refusal::of(&error).unwrap();
    assert!(refusal.needs_app_password());
    assert_eq!(refusal.info(), Some("InvalidSecondFactor"));
}

#[test]
fn a_captcha_can_be_answered_with_the_password_at_hand() {
    let error = refused(&Endpoint::google(), 403, CAPTCHA);
    assert!(error.needs_user());
    let challenge = Refusal::of(&error).unwrap().captcha().unwrap();
    assert_eq!(challenge.token(), "DQAAAGgAzTy0dkI1LK9");
    assert_eq!(
        challenge.url(),
        "https://www.google.com/accounts/Captcha?ctoken=HiteT4bVoP6-yFkHPibe7O9EqxeiI7lUSN"
    );
    let again = challenge
        .answer("brinmar")
        .unwrap()
        .exchange("p&ss w=rd", &Endpoint::google())
        .unwrap();
    assert_eq!(
        again.request().body(),
        "accountType=HOSTED_OR_GOOGLE&Email=user%40gmail.com&Passwd=p%26ss%20w%3Drd&service=youtube\
         &source=acme-app-1&logintoken=DQAAAGgAzTy0dkI1LK9&logincaptcha=brinmar"
    );
    // A wrong answer is a new CAPTCHA, whose answer takes the place of the old one.
    let second = again
        .parse(&reply(403, CAPTCHA.replace("zTy0", "2nd0")))
        .unwrap_err();
    let challenge = Refusal::of(&second).unwrap().captcha().unwrap();
    let request = challenge.answer("ritnog").unwrap();
    assert_eq!(
        request.captcha_answer(),
        Some(("DQAAAGgA2nd0dkI1LK9", "ritnog"))
    );
    for bad in ["", "a\nb"] {
        assert_eq!(challenge.answer(bad).unwrap_err().kind(), Kind::Input);
    }
}

#[test]
fn the_picture_is_below_the_accounts_service_whatever_the_endpoint() {
    let url = |endpoint: &Endpoint, captcha: &str| {
        let body = format!("Error=CaptchaRequired\nCaptchaToken=T\nCaptchaUrl={captcha}\n");
        let error = refused(endpoint, 403, body);
        let challenge = Refusal::of(&error).unwrap().captcha().cloned();
        challenge.map(|challenge| challenge.url().to_owned())
    };
    let google = Some("https://www.google.com/accounts/Captcha?ctoken=x".to_owned());
    assert_eq!(url(&Endpoint::google(), "Captcha?ctoken=x"), google);
    assert_eq!(url(&Endpoint::youtube(), "Captcha?ctoken=x"), google);
    let emulator = Endpoint::at("http://127.0.0.1:8080/youtube").unwrap();
    let local = Some("http://127.0.0.1:8080/accounts/Captcha?ctoken=x".to_owned());
    assert_eq!(url(&emulator, "Captcha?ctoken=x"), local);
    assert_eq!(
        url(&Endpoint::google(), "http://captcha.test/x?y"),
        Some("http://captcha.test/x?y".to_owned())
    );
    assert_eq!(url(&Endpoint::google(), "javascript:alert(1)"), None);
    assert_eq!(url(&Endpoint::google(), "data:text/html,x"), None);
    assert_eq!(url(&Endpoint::google(), ""), None);
    assert_eq!(url(&Endpoint::google(), "http://["), None);
}

#[test]
fn a_captcha_without_a_picture_is_still_told() {
    let error = refused(&Endpoint::google(), 403, "Error=CaptchaRequired\n");
    assert!(error.to_string().contains("names no picture"), "{error}");
    assert!(Refusal::of(&error).unwrap().captcha().is_none());
}

#[test]
fn every_code_has_its_advice() {
    let sign_in = Advice::AskConsent { scopes: Vec::new() };
    let expected = [
        ("BadAuthentication", sign_in.clone()),
        ("NotVerified", Advice::AskAdmin),
        ("TermsNotAgreed", Advice::AskAdmin),
        ("CaptchaRequired", Advice::AskAdmin),
        ("Unknown", Advice::FixClient),
        ("AccountDeleted", Advice::AskAdmin),
        ("AccountDisabled", Advice::AskAdmin),
        ("ServiceDisabled", Advice::AskAdmin),
        ("ServiceUnavailable", Advice::Retry { after: None }),
        ("AccountMigrated", sign_in),
    ];
    assert_eq!(expected.len(), ErrorCode::ALL.len());
    for ((name, advice), code) in expected.into_iter().zip(ErrorCode::ALL) {
        let error = refused(&Endpoint::google(), 403, format!("Error={name}\n"));
        assert_eq!(error.kind(), Kind::Refused, "{name}");
        assert_eq!(error.advice(), advice, "{name}");
        assert_eq!(error.is_transient(), name == "ServiceUnavailable");
        assert_eq!(*Refusal::of(&error).unwrap().code(), code);
        assert!(
            error.to_string().ends_with(&format!("(403: {name})")),
            "{error}"
        );
    }
}

#[test]
fn an_unknown_code_is_kept_as_it_was_sent() {
    let error = refused(&Endpoint::google(), 403, "Error=DeviceManagementRequired\n");
    let refusal = Refusal::of(&error).unwrap();
    assert_eq!(
        *refusal.code(),
        ErrorCode::Other("DeviceManagementRequired".to_owned())
    );
    for code in ["a b".to_owned(), "\u{1b}[31m".to_owned(), "x".repeat(65)] {
        let error = refused(&Endpoint::google(), 403, format!("Error={code}\n"));
        assert_eq!(error.kind(), Kind::Reply);
        assert!(error.to_string().starts_with("Error: "), "{error}");
    }
}

#[test]
fn a_page_for_the_user_is_shown_when_it_is_one() {
    let error = refused(&Endpoint::google(), 403, DISABLED);
    assert!(
        error
            .to_string()
            .ends_with("; see http://www.google.com/support/accounts"),
        "{error}"
    );
    let hostile = "Error=TermsNotAgreed\nUrl=javascript:alert(1)\n";
    let error = refused(&Endpoint::google(), 403, hostile);
    assert!(!error.to_string().contains("javascript"), "{error}");
}

#[test]
fn prints_every_error_in_the_form_of_its_own() {
    let forms = [
        (ErrorBody::new(ErrorCode::BadAuthentication), BAD),
        (
            ErrorBody::new(ErrorCode::BadAuthentication).with_info("InvalidSecondFactor"),
            FACTOR,
        ),
        (
            ErrorBody::new(ErrorCode::CaptchaRequired)
                .with_url("http://www.google.com/login/captcha")
                .with_captcha(
                    "DQAAAGgAzTy0dkI1LK9",
                    "Captcha?ctoken=HiteT4bVoP6-yFkHPibe7O9EqxeiI7lUSN",
                ),
            CAPTCHA,
        ),
        (
            ErrorBody::new(ErrorCode::AccountDisabled)
                .with_url("http://www.google.com/support/accounts"),
            DISABLED,
        ),
        (
            // A bad password has its code on the first line, whatever comes with it.
            ErrorBody::new(ErrorCode::BadAuthentication).with_url("http://a.test/"),
            "Error=BadAuthentication\nUrl=http://a.test/\n",
        ),
        (
            ErrorBody::new(ErrorCode::Unknown).with_url("http://a.test/\nAuth=x"),
            "Url=http://a.test/\nError=Unknown\n",
        ),
    ];
    for (body, text) in forms {
        assert_eq!(body.to_string(), text);
    }
    for code in ErrorCode::ALL {
        let body = ErrorBody::new(code);
        assert_eq!(ErrorBody::parse(body.to_string().as_bytes()).unwrap(), body);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Print, then parse: the same lines.
    #[test]
    fn a_printed_error_reads_back(
        code in "[!-~]{1,64}",
        info in proptest::option::of("[!-~]{1,20}"),
        url in proptest::option::of("[!-~]([ -~]{0,30}[!-~])?"),
        captcha in proptest::option::of(("[!-~]{1,30}", "[!-~]{1,30}")),
    ) {
        let mut body = ErrorBody::new(ErrorCode::read(&code));
        if let Some(info) = info { body = body.with_info(info); }
        if let Some(url) = url { body = body.with_url(url); }
        if let Some((token, url)) = captcha { body = body.with_captcha(token, url); }
        prop_assert_eq!(ErrorBody::parse(body.to_string().as_bytes()).unwrap(), body);
    }
}
