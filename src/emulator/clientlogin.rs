//! ClientLogin in both dialects: Google's below `/accounts/`, and that of Reader-compatible servers below
//! `/api/greader.php/` (legacy-protocol.md 3).

use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{
    answer::Answer,
    config::User,
    gate::Visitor,
    seen::{Seen, Service},
    state::State,
    videos::channel,
};
use crate::{
    gdata::{ErrorEntry, Errors, Location},
    scheme::clientlogin::{
        ActionToken, AuthToken, ErrorBody, ErrorCode, Header, Login, LoginForm, challenge,
    },
    secret::Secret,
    time::Timestamp,
    wire::{html::escape, query::Pairs},
};

/// A token that a login gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LoginToken {
    pub(super) user: String,
    pub(super) service: String,
    pub(super) expires_at: Option<Timestamp>,
}

/// Whose manners a server has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Google,
    Reader,
}

/// Below this the Reader dialect lives.
const READER: &str = "/api/greader.php";
/// The words of CAPTCHA pictures; the one of the Java client's manual comes first.
const CAPTCHA_WORDS: [&str; 4] = ["brinmar", "quellet", "fandorin", "ostrava"];
/// The passwords that go with users whose configuration names none.
const DEFAULT_PASSWORD: &str = "secret";
/// CAPTCHAs beyond this many are forgotten all at once.
const MAX_CAPTCHAS: usize = 10_000;

/// The endpoints of Google's accounts service; `None` for a path that is none of them.
pub(super) fn answer(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Option<Answer> {
    Some(match seen.path() {
        "/accounts/ClientLogin" | "/youtube/accounts/ClientLogin" => {
            login(state, seen, now, Dialect::Google)
        }
        "/accounts/Captcha" => captcha_picture(state, seen),
        _ => return None,
    })
}

/// A Reader-compatible server: its login, its action token, and who the user is.
pub(super) fn reader(state: &mut State, seen: &Seen<'_>, now: Timestamp) -> Answer {
    match seen.path().strip_prefix(READER).unwrap_or_default() {
        "/accounts/ClientLogin" => login(state, seen, now, Dialect::Reader),
        "/reader/api/0/token" => match pass(state, seen, now) {
            Ok(_) => match ActionToken::new(state.random_text(42)) {
                Ok(token) => Answer::text_bytes(token.body()),
                Err(cause) => Answer::text(StatusCode::INTERNAL_SERVER_ERROR, "error")
                    .because(cause.to_string()),
            },
            Err(answer) => answer,
        },
        "/reader/api/0/user-info" => match pass(state, seen, now) {
            Ok(visitor) => Answer::json(
                StatusCode::OK,
                &serde_json::json!({
                    "userId": channel(&visitor.user),
                    "userName": channel(&visitor.user),
                    "userEmail": visitor.user,
                }),
            ),
            Err(answer) => answer,
        },
        _ => Answer::text(StatusCode::NOT_FOUND, "Not Found")
            .because("this address of a Reader server is not played here"),
    }
}

fn login(state: &mut State, seen: &Seen<'_>, now: Timestamp, dialect: Dialect) -> Answer {
    let form = match LoginForm::of(seen.request) {
        Ok(form) => form,
        Err(cause) => {
            return refuse(
                dialect,
                &ErrorBody::new(ErrorCode::Unknown),
                &cause.to_string(),
            );
        }
    };
    let note = form.bug().map(|bug| bug.to_string());
    let request = form.request();
    let Some(user) = find(state, request.email()).cloned() else {
        let body = ErrorBody::new(ErrorCode::BadAuthentication);
        return refuse(dialect, &body, "Email: no such account here");
    };
    if let Some(answer) = configured_refusal(state, seen, &user, request.captcha_answer()) {
        return match note {
            Some(note) => answer.because(note),
            None => answer,
        };
    }
    let known = user
        .password
        .clone()
        .unwrap_or_else(|| Secret::new(DEFAULT_PASSWORD));
    if known != *form.password() {
        let body = ErrorBody::new(ErrorCode::BadAuthentication);
        return refuse(dialect, &body, "Passwd: not this account's");
    }
    let service = request.wanted_service().unwrap_or("xapi").to_owned();
    let youtube = service == "youtube" || seen.path().starts_with("/youtube/");
    match issue(state, &user, service, now, dialect, youtube) {
        Ok(login) => Answer::lines(String::from_utf8_lossy(&login.body()).into_owned()),
        Err(reason) => refuse(
            dialect,
            &ErrorBody::new(ErrorCode::ServiceUnavailable),
            &reason,
        ),
    }
}

/// The account of an address; one without `@` is completed as Google did.
fn find<'a>(state: &'a State, email: &str) -> Option<&'a User> {
    let full = if email.contains('@') {
        email.to_owned()
    } else {
        format!("{email}@gmail.com")
    };
    let fits = |user: &&User| {
        user.email.eq_ignore_ascii_case(&full)
            || (!email.contains('@') && channel(&user.email) == email)
    };
    state.config.user.iter().find(fits)
}

/// The refusal that the configuration gives to this user, whatever the password.
fn configured_refusal(
    state: &mut State,
    seen: &Seen<'_>,
    user: &User,
    answer: Option<(&str, &str)>,
) -> Option<Answer> {
    let refusal = user.login_refusal.as_deref()?;
    if refusal == "CaptchaRequired" {
        if let Some((token, word)) = answer
            && state
                .captchas
                .remove(token)
                .is_some_and(|known| known == word)
        {
            return None;
        }
        return Some(ask_captcha(state));
    }
    let (code, info) = match refusal {
        "InvalidSecondFactor" => (ErrorCode::BadAuthentication, Some("InvalidSecondFactor")),
        name => (ErrorCode::read(name), None),
    };
    let mut body = ErrorBody::new(code.clone());
    if let Some(info) = info {
        body = body.with_info(info);
    }
    if code != ErrorCode::BadAuthentication {
        body = body.with_url(format!("{}/accounts/help/{refusal}", seen.base()));
    }
    Some(refuse(
        Dialect::Google,
        &body,
        "the configuration refuses this account's logins",
    ))
}

fn ask_captcha(state: &mut State) -> Answer {
    if state.captchas.len() >= MAX_CAPTCHAS {
        state.captchas.clear();
    }
    let token = format!("DQAAA{}", state.random_text(60));
    let word = CAPTCHA_WORDS[state.captchas.len() % CAPTCHA_WORDS.len()];
    state.captchas.insert(token.clone(), word.to_owned());
    let body = ErrorBody::new(ErrorCode::CaptchaRequired)
        .with_url("http://www.google.com/login/captcha")
        .with_captcha(&token, format!("Captcha?ctoken={token}"));
    refuse(
        Dialect::Google,
        &body,
        &format!("logincaptcha: the word on the picture is {word}"),
    )
}

/// The picture of a CAPTCHA, which a program can read as well: this is for tests.
fn captcha_picture(state: &State, seen: &Seen<'_>) -> Answer {
    let word = Pairs::parse(seen.query())
        .ok()
        .and_then(|query| query.first("ctoken").map(str::to_owned))
        .and_then(|token| state.captchas.get(&token));
    match word {
        Some(word) => Answer::picture(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"70\">\
             <rect width=\"200\" height=\"70\" fill=\"#fff\"/>\
             <text x=\"24\" y=\"46\" font-family=\"serif\" font-size=\"34\" \
             transform=\"rotate(-4 100 35)\">{}</text></svg>",
            escape(word)
        )),
        None => Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
            .because("ctoken: no such CAPTCHA is open"),
    }
}

fn issue(
    state: &mut State,
    user: &User,
    service: String,
    now: Timestamp,
    dialect: Dialect,
    youtube: bool,
) -> Result<Login, String> {
    let wrong = |cause: crate::error::Error| cause.to_string();
    let login = match dialect {
        Dialect::Google => {
            // About 300 characters that start DQAAA (legacy-protocol.md 3.2).
            let token = |state: &State| format!("DQAAA{}", state.random_text(220));
            let auth = AuthToken::new(token(state)).map_err(wrong)?;
            let login = Login::new(auth)
                .with_sessions(token(state), token(state))
                .map_err(wrong)?;
            if youtube {
                login
                    .with_youtube_user(channel(&user.email))
                    .map_err(wrong)?
            } else {
                login
            }
        }
        Dialect::Reader => {
            let auth = format!("{}/{}", channel(&user.email), hex(&state.random_bytes(20)));
            let token = AuthToken::new(auth.as_str()).map_err(wrong)?;
            Login::new(token)
                .with_sessions(auth, "null")
                .map_err(wrong)?
        }
    };
    let lifetime = state
        .config
        .login_seconds
        .map(std::time::Duration::from_secs);
    let token = LoginToken {
        user: user.email.clone(),
        service,
        expires_at: lifetime.map(|seconds| now.after(seconds)),
    };
    if !state.issue_login(login.token().secret().expose(), token) {
        return Err("this emulator holds as many tokens as it can".to_owned());
    }
    Ok(login)
}

/// Google refused with 403 and a line body; Reader servers answer 401 (legacy-protocol.md 3.3,
/// cassettes.md). The text of their body is UNVERIFIED.
fn refuse(dialect: Dialect, body: &ErrorBody, reason: &str) -> Answer {
    match dialect {
        Dialect::Google => Answer::lines(body.to_string())
            .with_status(StatusCode::FORBIDDEN)
            .because(reason),
        Dialect::Reader => Answer::text(StatusCode::UNAUTHORIZED, "Unauthorized!").because(reason),
    }
}

/// Lets a request with a login token pass.
pub(super) fn pass(state: &State, seen: &Seen<'_>, now: Timestamp) -> Result<Visitor, Answer> {
    let header = match Header::of(seen.request.headers()) {
        Ok(Some(header)) => header,
        Ok(None) => return Err(unauthorized(seen, Fault::Invalid, "no GoogleLogin header")),
        Err(cause) => return Err(unauthorized(seen, Fault::Invalid, &cause.to_string())),
    };
    let Some(token) = state.logins.get(header.token().expose()) else {
        return Err(unauthorized(
            seen,
            Fault::Invalid,
            "no such token was issued here",
        ));
    };
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(unauthorized(seen, Fault::Expired, "the token has expired"));
    }
    if !serves(&token.service, seen.service) {
        // UNVERIFIED: what a token of another service was answered.
        let reason = format!("service: the token is for {}", token.service);
        return Err(unauthorized(seen, Fault::Invalid, &reason));
    }
    Ok(Visitor {
        user: token.user.clone(),
        login_service: Some(token.service.clone()),
    })
}

/// A new token for a visitor who came with an older one; both live on (legacy-protocol.md 2.1).
pub(super) fn renew(state: &mut State, visitor: &Visitor, now: Timestamp) -> Option<String> {
    let service = visitor.login_service.clone()?;
    let text = format!("DQAAA{}", state.random_text(220));
    let lifetime = state
        .config
        .login_seconds
        .map(std::time::Duration::from_secs);
    let token = LoginToken {
        user: visitor.user.clone(),
        service,
        expires_at: lifetime.map(|seconds| now.after(seconds)),
    };
    state.issue_login(&text, token).then_some(text)
}

/// Whether a token of a service code opens a service (legacy-protocol.md 6); `xapi` is generic.
fn serves(code: &str, service: Service) -> bool {
    match service {
        Service::YouTube => matches!(code, "youtube" | "xapi"),
        Service::Calendar => matches!(code, "cl" | "xapi"),
        _ => true,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Invalid,
    Expired,
}

/// 401 as the service of the request gave it: YouTube's error document, a Reader's plain text, or HTML.
fn unauthorized(seen: &Seen<'_>, fault: Fault, reason: &str) -> Answer {
    let status = StatusCode::UNAUTHORIZED;
    let answer = match seen.service {
        Service::YouTube => {
            let code = match fault {
                Fault::Invalid => "InvalidToken",
                Fault::Expired => "TokenExpired",
            };
            let mut entry = ErrorEntry::new("yt:authentication", code);
            entry.location = Some(Location::Header("Authorization: GoogleLogin".to_owned()));
            match Errors::new([entry]).without_namespace().to_xml() {
                Ok(xml) => Answer::errors(status, xml),
                Err(cause) => Answer::refusal(status, "Token invalid").because(cause.to_string()),
            }
        }
        Service::Reader => Answer::text(status, "Unauthorized!"),
        _ => Answer::refusal(
            status,
            match fault {
                Fault::Invalid => "Token invalid - Invalid AuthSub token.",
                Fault::Expired => "Token expired",
            },
        ),
    };
    let service = match seen.service {
        Service::YouTube => "youtube",
        Service::Calendar => "cl",
        _ => "xapi",
    };
    // The host as realm is Chromium's test server's; Google's own is UNVERIFIED.
    let realm = format!("http://{}", seen.host);
    answer
        .with(
            header::WWW_AUTHENTICATE,
            &challenge(&realm, service).to_string(),
        )
        .because(reason)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
