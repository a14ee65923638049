//! The integration as it was: three programs of gdata-python, three administrators who let it, and the store that it
//! keeps their tokens in.

use bytes::Bytes;
use http::Request;

use super::{
    super::{
        browser::{decide_as, page_number},
        stage::{Stage, Wire},
    },
    workshop::Workshop,
};
use crate::{
    client::AuthorizedClient,
    emulator::{Config, Consumer as Registered, User},
    error::Error,
    gdata::{Envelope, Feed},
    migrate::import::{Blob, blob::Proof},
    scheme::{
        AuthScheme,
        authsub::{self, AuthSubRequest},
        oauth1::{Accounts, Callback, Consumer, Credential, TokenRequest},
    },
    secret::Secret,
    system::Clock,
    transport::run as exchange,
};

pub(super) const ANN: &str = "ann@example.com";
pub(super) const BEN: &str = "ben@example.com";
pub(super) const CLEO: &str = "cleo@example.com";
pub(super) const APP: &str = "Tide Rescue Roster";
pub(super) const FEED: &str = "/m8/feeds/contacts/example.com/full";
pub(super) const SCOPE: &str = "https://www.google.com/m8/feeds/";
const CONSUMER: &str = "www.example.com";
const CONSUMER_SECRET: &str = "demo-consumer-secret";
const NEXT: &str = "http://www.example.com/signed-up";

/// The programs, by their names.
pub(super) const PROGRAMS: &[(&str, &str)] = &[
    (
        "roster.py",
        include_str!("../../../../fixtures/journey/roster.py"),
    ),
    (
        "roster_by_oauth.py",
        include_str!("../../../../fixtures/journey/roster_by_oauth.py"),
    ),
    (
        "sign_up.py",
        include_str!("../../../../fixtures/journey/sign_up.py"),
    ),
];

pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.user = vec![
        User::new(ANN, "Ann Example"),
        User::new(BEN, "Ben Example"),
        User::new(CLEO, "Cleo Example"),
    ];
    config.consumer = vec![Registered::with_secret(CONSUMER, CONSUMER_SECRET)];
    config
}

/// What the integration holds of a user.
pub(super) struct Member {
    pub(super) user: &'static str,
    pub(super) credential: AuthScheme,
}

/// Lets everybody in, as it was done years ago, and writes down what the integration keeps.
pub(super) async fn made(stage: &Stage, shop: &Workshop) -> Result<Vec<Member>, Error> {
    let mut members = Vec::new();
    let mut store = String::new();
    let mut log = String::new();
    for user in [ANN, BEN, CLEO] {
        let (credential, blob) = match user {
            ANN => by_oauth1(stage, user).await?,
            _ => by_authsub(stage, user).await?,
        };
        let titles = read(stage, credential.clone()).await?;
        let at = stage.clock.now();
        log.push_str(&format!(
            "{{\"time\":\"{at}\",\"method\":\"GET\",\"host\":\"www.google.com\",\"path\":\"{FEED}\",\"status\":200}}\n"
        ));
        if titles.is_empty() {
            return Err(Error::reply("feed", "expected contacts, got none"));
        }
        store.push_str(&format!("{user}\t{}\n", blob.to_text().expose()));
        members.push(Member { user, credential });
    }
    shop.write("old/tokens", &store)?;
    shop.write("access.log", &log)?;
    for (name, text) in PROGRAMS {
        shop.write(&format!("src/{name}"), text)?;
    }
    Ok(members)
}

async fn by_oauth1(stage: &Stage, user: &str) -> Result<(AuthScheme, Blob), Error> {
    let accounts = Accounts::at(&format!("{}/accounts", stage.origin))?;
    let consumer = Consumer::hmac(CONSUMER, CONSUMER_SECRET)?;
    let request = TokenRequest::new(consumer)
        .scope(SCOPE)?
        .callback(Callback::to(NEXT)?);
    let call = request.exchange(&accounts, &stage.stamps().next())?;
    let token = exchange(&call, &stage.wire).await?;
    let page = page_number(stage, &token.authorize_link(&accounts).to_string()).await?;
    let back = decide_as(stage, &page, "allow", user).await?;
    let call = token
        .read_redirect(&back)?
        .exchange(&accounts, &stage.stamps().next())?;
    let access = exchange(&call, &stage.wire).await?;
    let blob = Blob::OAuth1 {
        consumer_key: Some(CONSUMER.to_owned()),
        proof: Proof::Secret(Some(Secret::new(CONSUMER_SECRET))),
        token: Some(access.token().clone()),
        token_secret: Some(access.secret().clone()),
        auth_state: 3,
        next: None,
        verifier: None,
    };
    Ok((Credential::from(access).into(), blob))
}

async fn by_authsub(stage: &Stage, user: &str) -> Result<(AuthScheme, Blob), Error> {
    let accounts = authsub::Accounts::at(&format!("{}/accounts", stage.origin))?;
    let link = AuthSubRequest::new(NEXT)?
        .scope(SCOPE)?
        .session(true)
        .at(&accounts);
    let page = page_number(stage, &link.to_string()).await?;
    let back = decide_as(stage, &page, "allow", user).await?;
    let token = link.read_redirect(&back)?.into_token();
    let call = token.exchange(&accounts, &stage.stamps().next())?;
    let session = exchange(&call, &stage.wire).await?;
    let blob = Blob::AuthSub {
        token: Some(session.secret().clone()),
        scopes: vec![SCOPE.to_owned()],
    };
    Ok((session.into(), blob))
}

/// The names in the shared contacts.
pub(super) async fn read(stage: &Stage, scheme: AuthScheme) -> Result<Vec<String>, Error> {
    let client = client(stage, scheme)?;
    let answer = client.request(asked(stage)?).await?;
    let feed = Feed::parse(answer.body())?;
    let titles = feed.entries().iter().filter_map(|entry| entry.title());
    Ok(titles.map(str::to_owned).collect())
}

/// The client of the old credential.
pub(super) fn client(stage: &Stage, scheme: AuthScheme) -> Result<AuthorizedClient<Wire>, Error> {
    let client = AuthorizedClient::new(stage.wire.clone(), scheme).with_stamps(stage.stamps());
    Ok(client.with_envelope(envelope()?))
}

pub(super) fn envelope() -> Result<Envelope, Error> {
    Envelope::new().with_version("3.0")
}

/// The call that all of it is about.
pub(super) fn asked(stage: &Stage) -> Result<Request<Bytes>, Error> {
    super::super::browser::get(&format!("{}{FEED}", stage.origin))
}
