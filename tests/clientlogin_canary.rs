//! Marked secrets go through every type of ClientLogin and every failure, and must come out of none.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Exchange,
    clientlogin::{
        ActionToken, AuthToken, Endpoint, Header, Login, LoginExchange, LoginForm, LoginRequest,
        Refusal,
    },
};
use support::canary::Seen;

const PASSWORD: &str = "CANARY-password-4711";
const TOKEN: &str = "DQAACANARY-token-4712";

fn login() -> LoginRequest {
    LoginRequest::new("user@example.com")
        .unwrap()
        .extra("client_secret", PASSWORD)
        .unwrap()
}

fn endpoint() -> Endpoint {
    Endpoint::at("https://rss.example.net/api/greader.php").unwrap()
}

fn exchange() -> LoginExchange {
    login().exchange(PASSWORD, &endpoint()).unwrap()
}

fn reply(status: u16, body: String) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .header("location", format!("/login?Passwd={PASSWORD}"))
        .body(Bytes::from(body))
        .unwrap()
}

#[test]
fn no_debug_shows_a_secret() {
    let mut seen = Seen::default();
    seen.debug(&login());
    seen.debug(&LoginForm::new(login(), PASSWORD).unwrap());
    seen.debug(&exchange());
    seen.debug(&exchange().login());
    let body = format!("SID={TOKEN}\nLSID={TOKEN}\nAuth={TOKEN}\n");
    let session = Login::parse(body.as_bytes()).unwrap();
    seen.debug(&session);
    seen.debug(session.token());
    seen.debug(&Header::new(TOKEN).unwrap());
    seen.debug(&Header::new(TOKEN).unwrap().to_header_value().unwrap());
    let action = session.token().action_token(&endpoint()).unwrap();
    seen.debug(&action);
    seen.debug(&action.request());
    seen.debug(&ActionToken::new(TOKEN).unwrap());
    seen.assert_clean(22);
}

#[test]
fn no_address_holds_a_secret() {
    let mut seen = Seen::default();
    let token = AuthToken::new(TOKEN).unwrap();
    seen.text(exchange().request().uri().to_string());
    let action = token.action_token(&endpoint()).unwrap();
    seen.text(action.request().uri().to_string());
    seen.assert_clean(2);
}

#[test]
fn no_error_repeats_what_it_could_not_read() {
    let mut seen = Seen::default();
    seen.refused(LoginForm::new(login(), format!("{PASSWORD}\n")));
    seen.refused(LoginRequest::new(format!("{PASSWORD}\n")));
    seen.refused(AuthToken::new(format!("{TOKEN} ")));
    seen.refused(Endpoint::at(&format!("http://a.test/?{PASSWORD}")));
    seen.refused(Endpoint::at(&format!("https://user:{PASSWORD}@a.test/")));
    for body in [
        format!("Passwd={PASSWORD}"),
        format!("Email=a&Passwd={PASSWORD}%zz"),
        format!("Email=a&Passwd={PASSWORD}&Passwd={PASSWORD}"),
        format!("Email=a&Passwd=x&{PASSWORD}=%zz"),
        format!("Email=a&Passwd=x&{PASSWORD}%zz=y"),
        format!("Email=a&Passwd={PASSWORD}%0a"),
        format!("Email=a&Passwd=x&accountType={PASSWORD}"),
    ] {
        seen.refused(LoginForm::parse(body.as_bytes()));
    }
    for header in [
        format!("GoogleLogin auth=\"{TOKEN}"),
        format!("GoogleLogin {TOKEN}=\"x"),
        format!("GoogleLogin auth={TOKEN} auth={TOKEN}"),
        format!("GoogleLogin auth=\"{TOKEN} x\""),
        format!("GoogleLogin {TOKEN}"),
        format!("Bearer {TOKEN}"),
    ] {
        seen.refused(Header::parse(&header));
    }
    seen.refused(ActionToken::parse(format!("{TOKEN}\n{TOKEN}").as_bytes()));
    seen.assert_clean(100);
}

#[test]
fn no_refusal_repeats_a_form_that_the_server_echoed() {
    let mut seen = Seen::default();
    let echo = format!("Email=user&Passwd={PASSWORD}");
    for status in [
        200, 201, 301, 302, 400, 401, 403, 404, 405, 410, 429, 500, 503,
    ] {
        for body in [
            echo.clone(),
            format!("<html><title>{echo}</title></html>"),
            format!(r#"{{"error":{{"message":"{echo}"}}}}"#),
            format!("Auth={TOKEN} {TOKEN}\n{echo}"),
        ] {
            seen.refused(exchange().parse(&reply(status, body)));
        }
    }
    let captcha = "Error=CaptchaRequired\nCaptchaToken=T\nCaptchaUrl=Captcha?c\n".to_owned();
    let error = exchange().parse(&reply(403, captcha)).unwrap_err();
    let challenge = Refusal::of(&error).unwrap().captcha().unwrap();
    seen.debug(challenge);
    seen.debug(&challenge.answer("x").unwrap());
    seen.error(&error);
    seen.assert_clean(300);
}

#[test]
fn no_explanation_shows_the_token() {
    let mut seen = Seen::default();
    for token in [TOKEN, "1/CANARY-session-4713"] {
        let token = AuthToken::new(token).unwrap();
        for status in [400, 401, 403, 404, 500] {
            let body = format!("Token invalid: {}", token.secret().expose());
            let address = format!("https://a.test/?key={TOKEN}");
            seen.error(&token.explain(&address, &reply(status, body)).unwrap());
        }
    }
    seen.assert_clean(60);
}
