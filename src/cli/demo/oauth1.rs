//! OAuth 1.0: two secrets sign every request, and the old grant becomes one of OAuth 2.0.

use bytes::Bytes;
use http::Request;

use super::{
    browser::{decide, get, page_number},
    feeds::{SCOPE, UPLOADS, read_feed},
    refresh,
    stage::{Misbehaved, Stage},
};
use crate::{
    emulator::{Config, Consumer as Registered},
    error::{Error, Kind},
    exchange::BodyHint,
    scheme::oauth1::{
        AccessToken, Accounts, AuthorizedToken, Callback, Consumer, Credential, MigrationGrant,
        TokenRequest,
    },
    secret::Secret,
    transport::{Transport, run as exchange},
};

const CONSUMER: &str = "www.example.com";
const CONSUMER_SECRET: &str = "demo-consumer-secret";
const CALLBACK: &str = "http://www.example.com/back?lang=en";

pub(super) fn config() -> Config {
    let mut config = Config::new();
    config.consumer = vec![Registered::with_secret(CONSUMER, CONSUMER_SECRET)];
    config
}

pub(super) async fn tell(stage: &mut Stage) -> Result<(), Misbehaved> {
    let accounts = Accounts::at(&format!("{}/accounts", stage.origin));
    let accounts = stage.expect(
        "A website knows its consumer key and secret",
        "the key is the domain that it registered; the secret never goes over the wire.",
        accounts,
        |accounts| format!("the endpoints are below {}", accounts.as_str()),
    )?;
    let token = consent(stage, &accounts).await?;
    let access = async {
        let stamp = stage.stamps().next();
        exchange(&token.exchange(&accounts, &stamp)?, &stage.wire).await
    };
    let access = access.await;
    let access = stage.expect(
        "The website exchanges it for an access token",
        "the verifier is signed too: it proves that the browser that consented came back.",
        access,
        |access| format!("access token {}", access.token().expose()),
    )?;
    let credential = Credential::from(access.clone());
    let read = read_feed(stage, credential.clone()).await;
    stage.expect(
        "It reads the user's uploads",
        "the signature covers method, address, query, and every oauth_ parameter.",
        read,
        |count| format!("a feed with {count} entries"),
    )?;
    refusals(stage, &credential).await;
    let refresh = migrate(stage, &access).await;
    let refresh = stage.expect(
        "The website turns the grant into one of OAuth 2.0",
        "one POST shows both credentials: the old one by its signature over the form, the new client by \
         its fields. No user is asked.",
        refresh,
        |_| "a refresh token, and nothing to use at once".to_owned(),
    )?;
    refresh::read_with(stage, &refresh).await?;
    end(stage, &accounts, &credential).await
}

/// Asks for a request token, shows the page, and reads the redirect.
async fn consent(stage: &mut Stage, accounts: &Accounts) -> Result<AuthorizedToken, Misbehaved> {
    let asked = async {
        let request = TokenRequest::new(consumer()?)
            .scope(SCOPE)?
            .callback(Callback::to(CALLBACK)?);
        let call = request.exchange(accounts, &stage.stamps().next())?;
        exchange(&call, &stage.wire).await
    };
    let asked = asked.await;
    let token = stage.expect(
        "It asks for a request token",
        "the callback is signed, and confirmed in the answer: since revision A nobody can slip in \
         another one.",
        asked,
        |token| format!("request token {}", token.token().expose()),
    )?;
    let link = token.authorize_link(accounts).to_string();
    let number = page_number(stage, &link).await;
    let number = stage.expect(
        "The browser shows the consent page",
        "the link carries the token alone; all else is known to the server.",
        number,
        |_| "an HTML page with Allow and Deny".to_owned(),
    )?;
    let back = decide(stage, &number, "allow").await;
    let token = back.and_then(|back| token.read_redirect(&back));
    stage.expect(
        "The user allows",
        "the browser comes back with oauth_verifier and oauth_token behind the callback's own query.",
        token,
        |_| "the request token is authorised".to_owned(),
    )
}

/// Signs as Zend_Oauth did, and replays.
async fn refusals(stage: &mut Stage, credential: &Credential) {
    let bare = format!("{}{UPLOADS}", stage.origin);
    let full = format!("{bare}?max-results=5");
    let zend = async {
        // Signed for the address without its query, sent with it.
        let mut request = signed(stage, credential, &bare)?;
        *request.uri_mut() = full
            .parse()
            .map_err(|_| Error::input("address", "cannot be read"))?;
        answered(stage, credential, &full, request).await
    };
    let zend = zend.await;
    stage.expect_refusal(
        "A client signs as Zend_Oauth did, without the query",
        "the answer tells nothing; the server tries the mistakes that clients are known for, and notes \
         which one it was and what differs.",
        zend,
        Kind::Revoked,
    );
    let replayed = async {
        let request = signed(stage, credential, &full)?;
        stage.wire.send(request.clone()).await?;
        answered(stage, credential, &full, request).await
    };
    let replayed = replayed.await;
    stage.expect_refusal(
        "Someone who saw a signed request sends it again",
        "the first is answered, the second has the same timestamp and nonce.",
        replayed,
        Kind::Revoked,
    );
}

/// Revokes the token, and shows that it is gone.
async fn end(
    stage: &mut Stage,
    accounts: &Accounts,
    credential: &Credential,
) -> Result<(), Misbehaved> {
    let revoked = async {
        let call = credential.revoke(accounts, &stage.stamps().next())?;
        exchange(&call, &stage.wire).await
    };
    let revoked = revoked.await;
    stage.expect(
        "The website revokes the old token",
        "AuthSub's endpoint, which takes an OAuth signature too.",
        revoked,
        |()| "revoked".to_owned(),
    )?;
    let after = read_feed(stage, credential.clone()).await;
    stage.expect_refusal(
        "The old token no longer works",
        "at Google every token of OAuth 1.0 is in this state since 2015.",
        after,
        Kind::Revoked,
    );
    Ok(())
}

async fn migrate(stage: &Stage, access: &AccessToken) -> Result<Secret, Error> {
    let grant = MigrationGrant::new(refresh::CLIENT_ID)?
        .client_secret(refresh::CLIENT_SECRET)?
        .at(format!("{}{}", stage.origin, refresh::TOKEN))?;
    exchange(
        &grant.exchange(access, &stage.stamps().next())?,
        &stage.wire,
    )
    .await
}

fn consumer() -> Result<Consumer, Error> {
    Consumer::hmac(CONSUMER, CONSUMER_SECRET)
}

fn signed(stage: &Stage, credential: &Credential, url: &str) -> Result<Request<Bytes>, Error> {
    let (mut parts, body) = get(url)?.into_parts();
    credential.authorize(&mut parts, BodyHint::Empty, &stage.stamps().next())?;
    Ok(Request::from_parts(parts, body))
}

async fn answered(
    stage: &Stage,
    credential: &Credential,
    url: &str,
    request: Request<Bytes>,
) -> Result<(), Error> {
    let answer = stage.wire.send(request).await?;
    credential.explain(url, &answer).map_or(Ok(()), Err)
}
