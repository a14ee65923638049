//! One world for a test: an emulator, a clock that stands still, and randomness that counts.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use bytes::Bytes;
use gdata_auth::{
    Error, Exchange, Secret, Stamp, Timestamp, Transport,
    authsub::{Accounts, AuthSubRequest, SessionToken, SingleUseToken},
    crypto::{PrivateKey, Sign},
    emulator::{Config, Consent, Emulator, Site},
    run,
    system::{Clock, Randomness, Stamps},
};

/// 2011-03-13T07:06:40Z.
pub const START: i64 = 1_300_000_000;
pub const SITE: &str = "www.example.com";
pub const NEXT: &str = "http://www.example.com/upload.html?lang=en";
pub const YOUTUBE: &str = "http://gdata.youtube.com/feeds/";
pub const UPLOADS: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads";
pub const CALENDARS: &str = "https://www.google.com/calendar/feeds/default/allcalendars/full";

pub const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
pub const CERTIFICATE: &str = include_str!("../../fixtures/keys/insecure-rsa2048-cert.pem");

pub struct World {
    pub google: Emulator,
    now: Arc<AtomicI64>,
    randomness: Arc<Counted>,
}

/// Bytes that count up, so that every token and nonce of a test is known and none repeats.
#[derive(Default)]
pub struct Counted(AtomicU64);

impl Randomness for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            chunk.copy_from_slice(&number.to_be_bytes()[..chunk.len()]);
        }
    }
}

impl World {
    /// With a registered site, and a consent page that always allows.
    pub fn new() -> Self {
        Self::with(|config| config)
    }

    pub fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let config = Config::new()
            .with_consent(Consent::Allow)
            .with_site(Site::new(SITE, CERTIFICATE));
        let now = Arc::new(AtomicI64::new(START));
        let clock: Arc<dyn Clock> = {
            let now = now.clone();
            Arc::new(move || Timestamp::from_unix_seconds(now.load(Ordering::Relaxed)))
        };
        let google = Emulator::pinned(change(config), clock, Box::new(Counted::default())).unwrap();
        Self {
            google,
            now,
            randomness: Arc::default(),
        }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.now.load(Ordering::Relaxed))
    }

    /// This world's clock, for a client.
    pub fn clock(&self) -> Arc<dyn Clock> {
        let now = self.now.clone();
        Arc::new(move || Timestamp::from_unix_seconds(now.load(Ordering::Relaxed)))
    }

    /// Lets time go by.
    pub fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The client's stamps: this world's clock, its own counted nonces.
    pub fn stamps(&self) -> Stamps {
        let now = self.now.clone();
        Stamps::new(
            Arc::new(move || Timestamp::from_unix_seconds(now.load(Ordering::Relaxed))),
            self.randomness.clone(),
        )
    }

    pub fn stamp(&self) -> Stamp {
        self.stamps().next()
    }

    pub fn signer(&self) -> Arc<dyn Sign> {
        PrivateKey::from_pem(KEY).unwrap().signer()
    }

    pub fn link(&self, scope: &str) -> AuthSubRequest {
        AuthSubRequest::new(NEXT)
            .unwrap()
            .scope(scope)
            .unwrap()
            .session(true)
    }

    /// Consents, and reads the redirect.
    pub fn single_use(&self, link: &AuthSubRequest) -> SingleUseToken {
        let back = self.google.browse(&link.to_string()).unwrap();
        let token = link.read_redirect(&back).unwrap().into_token();
        if link.is_secure() {
            token.secured_by(self.signer())
        } else {
            token
        }
    }

    pub async fn session(&self, link: &AuthSubRequest) -> SessionToken {
        let token = self.single_use(link);
        let exchange = token.exchange(&Accounts::google(), &self.stamp()).unwrap();
        run(&exchange, &self.google).await.unwrap()
    }

    pub async fn plain_session(&self) -> SessionToken {
        self.session(&self.link(YOUTUBE)).await
    }

    pub async fn secure_session(&self) -> SessionToken {
        self.session(&self.link(YOUTUBE).secure(true)).await
    }

    /// Runs an exchange against the emulator.
    pub async fn run<E: Exchange>(&self, exchange: Result<E, Error>) -> Result<E::Output, Error> {
        run(&exchange.unwrap(), &self.google).await
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        self.google.send(request).await.unwrap()
    }

    /// Sends a GET with a token.
    pub async fn get(&self, token: &SessionToken, address: &str) -> http::Response<Bytes> {
        self.send(authorized(token, get(address), &self.stamp()))
            .await
    }

    /// The reason of the newest answer.
    pub fn reason(&self) -> String {
        let journal = self.google.journal();
        let entry = journal.last().expect("something was answered");
        entry.reason().unwrap_or_default().to_owned()
    }
}

pub fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

pub fn authorized(
    token: &SessionToken,
    request: http::Request<Bytes>,
    stamp: &Stamp,
) -> http::Request<Bytes> {
    let (mut parts, body) = request.into_parts();
    token.authorize(&mut parts, stamp).unwrap();
    http::Request::from_parts(parts, body)
}

pub fn text(answer: &http::Response<Bytes>) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

pub fn secret(text: &str) -> Secret {
    Secret::new(text)
}
