//! ClientLogin: a name and a password become a token for one service, which ends.

use super::{
    browser::{self, between, get},
    feeds::{CALENDARS, client, read_feed},
    stage::{Misbehaved, Stage},
};
use crate::{
    emulator::{Config, User},
    error::{Error, Kind},
    scheme::clientlogin::{AuthToken, CaptchaChallenge, Endpoint, Login, LoginRequest, Refusal},
    transport::run as exchange,
};

const PASSWORD: &str = "correct horse";
const LIFETIME_SECONDS: u64 = 3_600;

pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.user = vec![
        User::new("ann@example.com", "Ann Example").with_password(PASSWORD),
        User::new("ben@example.org", "Ben Example")
            .with_password(PASSWORD)
            .refusing_logins("CaptchaRequired"),
    ];
    config.login_seconds = Some(LIFETIME_SECONDS);
    config
}

pub(super) async fn tell(stage: &mut Stage) -> Result<(), Misbehaved> {
    let wrong = login(stage, "ann@example.com", "wrong horse").await;
    stage.expect_refusal(
        "A program logs in with a wrong password",
        "403 with Error=BadAuthentication as its first line, which says neither name nor password is \
         wrong: only that they do not fit.",
        wrong,
        Kind::Refused,
    );
    let right = login(stage, "ann@example.com", PASSWORD).await;
    let token = stage
        .expect(
            "It logs in with the right one",
            "the whole password goes over the wire, in a form; of the three lines only Auth is used. \
             Nothing in this library keeps the password.",
            right,
            |login| format!("a token of {} letters", length(login)),
        )?
        .into_token();
    captcha(stage).await?;
    feeds(stage, &token).await?;
    stage.clock.forward(LIFETIME_SECONDS + 1);
    let late = read_feed(stage, token.clone()).await;
    stage.expect_refusal(
        "An hour later the token has ended",
        "TokenExpired in YouTube's error document: the one refusal that a program mends alone, by logging \
         in again.",
        late,
        Kind::Expired,
    );
    let again = login(stage, "ann@example.com", PASSWORD).await;
    let token = stage
        .expect(
            "The program logs in again",
            "no user is needed, which is why it has to keep the password, and why the protocol went.",
            again,
            |login| format!("another token of {} letters", length(login)),
        )?
        .into_token();
    let read = read_feed(stage, token).await;
    stage.expect("It reads the feed with the new token", "", read, |count| {
        format!("a feed with {count} entries")
    })?;
    Ok(())
}

/// Ben has to read a picture first.
async fn captcha(stage: &mut Stage) -> Result<(), Misbehaved> {
    let asked = login(stage, "ben@example.org", PASSWORD).await;
    let challenge = match &asked {
        Err(refusal) => Refusal::of(refusal).and_then(Refusal::captcha).cloned(),
        Ok(_) => None,
    };
    stage.expect_refusal(
        "Another user is asked to read a picture",
        "CaptchaUrl is relative to the accounts service; CaptchaToken names the picture.",
        asked,
        Kind::Refused,
    );
    let challenge =
        challenge.ok_or_else(|| Error::reply("CaptchaUrl", "expected a picture, got none"));
    let word = match challenge {
        Ok(challenge) => read_picture(stage, &challenge)
            .await
            .map(|word| (challenge, word)),
        Err(cause) => Err(cause),
    };
    let (challenge, word) = stage.expect(
        "The user looks at it",
        "Google's was a photograph; this one is for tests, and a program can read it as well.",
        word,
        |(_, word)| format!("it says {word}"),
    )?;
    let answered = async {
        let endpoint = Endpoint::at(&stage.origin)?;
        let request = challenge.answer(&word)?.exchange(PASSWORD, &endpoint)?;
        exchange(&request, &stage.wire).await
    };
    let answered = answered.await;
    stage.expect(
        "The same login is sent with the answer",
        "logintoken and logincaptcha; one client sent loginanswer, and never got in. The password is \
         asked for again, because nothing kept it.",
        answered,
        |login| format!("a token of {} letters", length(login)),
    )?;
    Ok(())
}

/// A token opens its own service only.
async fn feeds(stage: &mut Stage, token: &AuthToken) -> Result<(), Misbehaved> {
    let read = read_feed(stage, token.clone()).await;
    stage.expect(
        "The program reads a feed of YouTube",
        "GoogleLogin auth=… in Authorization, without quotes; nothing is signed.",
        read,
        |count| format!("a feed with {count} entries"),
    )?;
    let calendar = format!("{}{CALENDARS}", stage.origin);
    let outside = async {
        client(stage, token.clone(), None)?
            .request(get(&calendar)?)
            .await
    };
    let outside = outside.await;
    stage.expect_refusal(
        "It asks for the user's calendars with the same token",
        "service=youtube was asked for: a token of ClientLogin is for one service.",
        outside,
        Kind::Revoked,
    );
    Ok(())
}

async fn login(stage: &Stage, email: &str, password: &str) -> Result<Login, Error> {
    let login = LoginRequest::new(email)?
        .service("youtube")?
        .source("example-demo-1")?
        .exchange(password, &Endpoint::at(&stage.origin)?)?;
    exchange(&login, &stage.wire).await
}

async fn read_picture(stage: &Stage, challenge: &CaptchaChallenge) -> Result<String, Error> {
    let picture = browser::page(stage, challenge.url()).await?;
    between(&picture, "<text ", "</text>")
        .and_then(|text| text.split_once('>').map(|(_, word)| word.to_owned()))
        .ok_or_else(|| Error::reply("picture", "expected a word, got none"))
}

fn length(login: &Login) -> usize {
    login.token().secret().expose().len()
}
