//! Whole flows recorded against the emulator, and replayed without it: by the same client, with new nonces, a new
//! clock and new verifiers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{
    BodyHint, Error, Exchange, Timestamp, Transport,
    authsub::{self, AuthSubRequest},
    cassette::{
        Cassette, Interaction, Keys, MatchRules, Order, Player, RecordedRequest, RecordedResponse,
        verify::{self, Finding, WrongRequest},
    },
    clientlogin::{Endpoint, LoginRequest, Refusal},
    crypto::{PrivateKey, PublicKey},
    emulator::{Consumer as Registered, ServiceAccount, User},
    oauth1::{self, Callback, Consumer, Credential, TokenRequest},
    oauth2::{self, Client, Poll, Redirect},
    run,
    scope::ScopeNames,
    system::{Randomness, Stamps},
    transport::TransportError,
};
use support::{
    oauth2::{BACK, DESKTOP, TV, YOUTUBE_V3, clients},
    world::{CERTIFICATE, Counted, KEY, NEXT, START, UPLOADS, World, YOUTUBE},
};

const CALLBACK: &str = "http://www.example.com/oauth?lang=en";
const ROBOT: &str = "robot@project.iam.gserviceaccount.com";
const PASSWORD: &str = "p&ss w=rd";
/// Another key than the one that is registered.
const OTHER_KEY: &str = include_str!("../fixtures/keys/insecure-rsa1024-pkcs8.pem");

/// Sends on, and keeps what was said.
struct Recording {
    world: World,
    kept: Mutex<Vec<Interaction>>,
}

impl Transport for Recording {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(async move {
            let recorded = RecordedRequest::of(&request);
            let answer = self.world.google.send(request).await?;
            let pair = Interaction::new(recorded, RecordedResponse::of(&answer));
            self.kept.lock().unwrap().push(pair);
            Ok(answer)
        })
    }
}

/// A client with its own clock and randomness.
struct Life<'t> {
    transport: &'t dyn Transport,
    now: Timestamp,
    randomness: Arc<Counted>,
    key: PrivateKey,
}

impl<'t> Life<'t> {
    /// `skip` values of randomness are used up, so that no nonce of another life comes again.
    fn new(transport: &'t dyn Transport, now: i64, skip: usize) -> Self {
        let randomness = Arc::new(Counted::default());
        randomness.fill(&mut vec![0; 8 * skip]);
        Self {
            transport,
            now: Timestamp::from_unix_seconds(now),
            randomness,
            key: PrivateKey::from_pem(KEY).unwrap(),
        }
    }

    fn stamps(&self) -> Stamps {
        let now = self.now;
        Stamps::new(Arc::new(move || now), self.randomness.clone())
    }

    async fn run<E: Exchange>(&self, exchange: E) -> Result<E::Output, Error> {
        run(&exchange, self.transport).await
    }

    async fn get(&self, address: &str) -> http::Response<Bytes> {
        self.send(support::world::get(address)).await.unwrap()
    }

    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        self.transport.send(request).await
    }

    async fn browse(&self, address: &str) -> String {
        let answer = self.get(address).await;
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn authsub(&self) -> Result<(), Error> {
        let link = AuthSubRequest::new(NEXT)?
            .scope(YOUTUBE)?
            .session(true)
            .secure(true);
        let back = self.browse(&link.to_string()).await;
        let token = link
            .read_redirect(&back)?
            .into_token()
            .secured_by(self.key.signer());
        let stamp = self.stamps().next();
        let token = self
            .run(token.exchange(&authsub::Accounts::google(), &stamp)?)
            .await?;
        for _ in 0..2 {
            let (mut parts, body) =
                support::world::get(&format!("{UPLOADS}?v=2&q=a%20b")).into_parts();
            token.authorize(&mut parts, &self.stamps().next())?;
            let answer = self.send(http::Request::from_parts(parts, body)).await?;
            assert_eq!(answer.status(), 200);
        }
        Ok(())
    }

    async fn clientlogin(&self) -> Result<(), Error> {
        let ask = LoginRequest::new("captcha@gmail.com")?
            .service("youtube")?
            .source("acme-app-1")?;
        let refusal = self
            .run(ask.exchange(PASSWORD, &Endpoint::google())?)
            .await
            .unwrap_err();
        let challenge = Refusal::of(&refusal).unwrap().captcha().unwrap().clone();
        let again = challenge.answer(CAPTCHA_WORD)?;
        let token = self
            .run(again.exchange(PASSWORD, &Endpoint::google())?)
            .await?
            .into_token();
        let (mut parts, body) = support::world::get(UPLOADS).into_parts();
        token.authorize(&mut parts, &self.stamps().next())?;
        let answer = self.send(http::Request::from_parts(parts, body)).await?;
        assert_eq!(answer.status(), 200);
        Ok(())
    }

    async fn oauth1(&self, secret: &str) -> Result<(), Error> {
        let accounts = oauth1::Accounts::google();
        let asked = TokenRequest::new(Consumer::hmac("www.example.com", secret)?)
            .scope(YOUTUBE)?
            .callback(Callback::to(CALLBACK)?)
            .exchange(&accounts, &self.stamps().next())?;
        let token = self.run(asked).await?;
        let back = self
            .browse(&token.authorize_link(&accounts).to_string())
            .await;
        let authorized = token.read_redirect(&back)?;
        let exchange = authorized.exchange(&accounts, &self.stamps().next())?;
        let credential = Credential::from(self.run(exchange).await?);
        let (mut parts, body) = support::world::get(&format!("{UPLOADS}?v=2&q=a+b")).into_parts();
        credential.authorize(&mut parts, BodyHint::Empty, &self.stamps().next())?;
        let answer = self.send(http::Request::from_parts(parts, body)).await?;
        assert_eq!(answer.status(), 200);
        Ok(())
    }

    /// With another verifier than the one of the challenge, when told so.
    async fn consent(&self, mix_up: bool) -> Result<(), Error> {
        let app = Client::installed(DESKTOP)?.with_secret("desk")?;
        let scopes = ScopeNames::parse(&format!("openid {YOUTUBE_V3}"))?;
        let begin = || {
            let mut entropy = [0; 96];
            self.randomness.fill(&mut entropy);
            app.authorize(BACK)
                .scopes(scopes.clone())
                .begin(&entropy, self.now)
        };
        let pending = begin()?;
        let back = self.browse(pending.link()).await;
        let exchange = match mix_up {
            false => pending.finish(&app, &Redirect::parse(&back)?, self.now)?,
            true => {
                // A redirect of this consent, finished with the verifier of another.
                let other = begin()?;
                let state = |link: &str| support::oauth2::parameter(link, "state");
                let back = back.replace(&state(pending.link()), &state(other.link()));
                other.finish(&app, &Redirect::parse(&back)?, self.now)?
            }
        };
        let authorized = self.run(exchange).await?;
        let refresh = authorized.reply().refresh_token().unwrap().clone();
        let renewed = self.run(app.refresh(refresh, None)).await?;
        let token = renewed.received_at(self.now);
        let (mut parts, body) =
            support::world::get("https://www.googleapis.com/youtube/v3/channels?part=id&mine=true")
                .into_parts();
        token.authorize(&mut parts);
        let answer = self.send(http::Request::from_parts(parts, body)).await?;
        assert_eq!(answer.status(), 200);
        Ok(())
    }

    async fn device(&self) -> Result<(), Error> {
        let tv = Client::limited_input(TV, "tv")?;
        let device = self
            .run(tv.device(&ScopeNames::parse(YOUTUBE_V3)?)?)
            .await?;
        assert!(matches!(
            self.run(device.poll(&tv)).await?,
            Poll::Granted(_)
        ));
        Ok(())
    }

    async fn robot(&self) -> Result<(), Error> {
        let robot = oauth2::ServiceAccount::new(ROBOT, &self.key)?;
        let scopes = ScopeNames::parse("https://www.googleapis.com/auth/cloud-platform")?;
        self.run(robot.exchange(&scopes, self.now)?).await?;
        Ok(())
    }

    async fn all(&self) -> Result<(), Error> {
        self.authsub().await?;
        self.clientlogin().await?;
        self.oauth1("s3cr+t/").await?;
        self.consent(false).await?;
        self.device().await?;
        self.robot().await
    }
}

/// The first word of the emulator's pictures.
const CAPTCHA_WORD: &str = "brinmar";

async fn recorded() -> Cassette {
    let world = World::with(|config| {
        let mut config =
            clients(config).with_service_account(ServiceAccount::new(ROBOT, CERTIFICATE));
        config.consumer = vec![Registered::with_secret("www.example.com", "s3cr+t/")];
        config.user.push(
            User::new("captcha@gmail.com", "Captcha")
                .with_password(PASSWORD)
                .refusing_logins("CaptchaRequired"),
        );
        config
    });
    let recording = Recording {
        world,
        kept: Mutex::default(),
    };
    Life::new(&recording, START, 0).all().await.unwrap();
    Cassette::new(recording.kept.into_inner().unwrap())
}

fn keys() -> Keys {
    let key = PublicKey::from_pem(CERTIFICATE).unwrap();
    Keys::new()
        .with_authsub(key.clone())
        .with_consumer_secret("www.example.com", "s3cr+t/")
        .with_jwt(ROBOT, key)
}

const YEARS_LATER: i64 = START + 400_000_000;

#[tokio::test]
async fn every_flow_replays_with_new_nonces_and_a_new_clock_in_any_order() {
    let cassette = recorded().await;
    for order in [Order::Any, Order::Sequential, Order::Strict] {
        let mut rules = MatchRules::default();
        rules.order = order;
        rules.must_play_all = true;
        let player = Player::builder(cassette.clone())
            .rules(rules)
            .keys(keys())
            .build()
            .unwrap();
        Life::new(&player, YEARS_LATER, 1_000).all().await.unwrap();
        let report = player.finish().unwrap();
        assert!(
            report.played.len() > 15 && report.played.iter().all(|times| *times == 1),
            "{report:?}"
        );
    }
}

#[tokio::test]
async fn a_second_life_plays_the_same_cassette_again() {
    let player = Player::builder(recorded().await)
        .keys(keys())
        .build()
        .unwrap();
    for (now, skip) in [(YEARS_LATER, 1_000), (YEARS_LATER + 1, 2_000)] {
        Life::new(&player, now, skip).all().await.unwrap();
        player.rewind();
    }
}

fn wrong(result: Result<(), Error>) -> String {
    let error = result.unwrap_err();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        if let Some(wrong) = cause.downcast_ref::<WrongRequest>() {
            return wrong.verdict().to_string();
        }
        source = cause.source();
    }
    panic!("expected a wrong request, got {error}");
}

#[tokio::test]
async fn a_wrong_key_is_refused_with_what_was_signed() {
    let cassette = recorded().await;
    let player = || {
        Player::builder(cassette.clone())
            .keys(keys())
            .build()
            .unwrap()
    };

    let player_of_authsub = player();
    let mut life = Life::new(&player_of_authsub, YEARS_LATER, 1_000);
    life.key = PrivateKey::from_pem(OTHER_KEY).unwrap();
    assert_eq!(
        wrong(life.authsub().await),
        "AuthSub signature: wrong: signature: expected 256 bytes, got 128; what was signed is right: \
         GET https://www.google.com/accounts/AuthSubSessionToken"
    );
    assert_eq!(
        wrong(life.robot().await),
        format!("assertion: wrong: signature: expected 256 bytes, got 128; iss {ROBOT}")
    );
    let told = wrong(life.oauth1("another").await);
    assert!(
        told.starts_with(
            "OAuth 1.0 signature: wrong: oauth_signature: expected one by the keys of consumer and token over \
             POST&https%3A%2F%2Fwww.google.com%2Faccounts%2FOAuthGetRequestToken&"
        ),
        "{told}"
    );
    assert_eq!(player_of_authsub.report().refused, 3);
}

#[tokio::test]
async fn a_verifier_of_another_challenge_is_refused_without_any_key() {
    let player = Player::new(recorded().await).unwrap();
    let told = wrong(Life::new(&player, YEARS_LATER, 1_000).consent(true).await);
    assert!(
        told.starts_with("PKCE verifier: wrong: code_verifier: expected one whose S256 is "),
        "{told}"
    );
}

#[tokio::test]
async fn what_was_recorded_verifies_by_itself() {
    let cassette = recorded().await;
    let mut found = Vec::new();
    for interaction in &cassette.interactions {
        found.extend(verify::check(interaction, &keys(), &cassette));
    }
    let count = |piece: &str, finding: &Finding| {
        found
            .iter()
            .filter(|one| one.piece == piece && one.finding == *finding)
            .count()
    };
    assert_eq!(
        count("AuthSub signature", &Finding::Verified),
        3,
        "{found:#?}"
    );
    assert_eq!(
        count("OAuth 1.0 signature", &Finding::Verified),
        3,
        "{found:#?}"
    );
    assert_eq!(count("assertion", &Finding::Verified), 1, "{found:#?}");
    assert_eq!(count("PKCE verifier", &Finding::Verified), 1, "{found:#?}");
    assert!(!found.iter().any(verify::Verdict::is_wrong), "{found:#?}");
}
