//! A whole AuthSub life, from the link to a token that no longer works.

use bytes::Bytes;
use http::{Request, Response};

use super::{
    browser::{decide, get, page_number},
    feeds::{CALENDARS, DEVELOPER_KEY, SCOPE, UPLOADS, client, read_feed, upload},
    stage::{Misbehaved, Stage},
};
use crate::{
    crypto::PrivateKey,
    emulator::{Config, Site},
    error::{Error, Kind},
    gdata::Entry,
    scheme::authsub::{Accounts, AuthSubRequest, SessionToken, SingleUseToken},
    system::Stamps,
    transport::{Transport, run as exchange},
};

/// The website of the story, which nothing ever connects to.
const SITE: &str = "www.example.com";
const NEXT: &str = "http://www.example.com/upload.html?lang=en";
const KEY: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-pkcs8.pem");
const CERTIFICATE: &str = include_str!("../../../fixtures/keys/insecure-rsa2048-cert.pem");

pub(super) fn config() -> Config {
    Config::new().with_site(Site::new(SITE, CERTIFICATE))
}

pub(super) async fn tell(stage: &mut Stage, secure: bool) -> Result<(), Misbehaved> {
    let accounts = Accounts::at(&format!("{}/accounts", stage.origin));
    let accounts = stage.expect(
        "The website makes a link to the consent page",
        "scope is a URL prefix; session=1 asks for a token that can be exchanged, secure=1 for one \
         that works in signed requests only.",
        accounts.and_then(|accounts| Ok((link(&accounts, secure)?, accounts))),
        |(link, _)| link.to_string(),
    )?;
    let (link, accounts) = accounts;
    let token = consent(stage, &link, secure).await?;
    let session = session(stage, &accounts, token).await?;
    feeds(stage, &session).await?;
    refusals(stage, &session, secure).await?;
    end(stage, &accounts, &session).await
}

fn link(accounts: &Accounts, secure: bool) -> Result<AuthSubRequest, Error> {
    Ok(AuthSubRequest::new(NEXT)?
        .scope(SCOPE)?
        .secure(secure)
        .session(true)
        .at(accounts))
}

/// Shows the page, declines once, then allows.
async fn consent(
    stage: &mut Stage,
    link: &AuthSubRequest,
    secure: bool,
) -> Result<SingleUseToken, Misbehaved> {
    let page = page_number(stage, &link.to_string()).await;
    let page = stage.expect(
        "The browser shows the consent page",
        "it names the website, the scopes in words, and whether requests will be signed.",
        page,
        |_| "an HTML page with Allow and Deny".to_owned(),
    )?;
    let denied = decide(stage, &page, "deny").await;
    let denied = denied.and_then(|back| link.read_redirect(&back));
    stage.expect_refusal(
        "The user declines",
        "the browser comes back to next without a token: AuthSub has no error code.",
        denied,
        Kind::Denied,
    );
    // Another page like the first, which is not worth showing twice.
    let again = page_number(stage, &link.to_string()).await;
    stage.wire.take();
    let back = match again {
        Ok(page) => decide(stage, &page, "allow").await,
        Err(cause) => Err(cause),
    };
    let back = stage.expect(
        "The user is asked again, and allows",
        "Location is next with token= behind its own query; the slash of the token is %2F.",
        back,
        Clone::clone,
    )?;
    let token = link
        .read_redirect(&back)
        .map(|redirect| redirect.into_token())
        .and_then(|token| {
            Ok(if secure {
                token.secured_by(PrivateKey::from_pem(KEY)?.signer())
            } else {
                token
            })
        });
    stage.expect(
        "The website reads the token from the redirect",
        "it is decoded once, and tied to the key of the website when it is secure.",
        token,
        |token| format!("single-use token {}", token.secret().expose()),
    )
}

/// Exchanges the token, shows that it is spent, and asks what the session token is.
async fn session(
    stage: &mut Stage,
    accounts: &Accounts,
    token: SingleUseToken,
) -> Result<SessionToken, Misbehaved> {
    let stamps = Stamps::system();
    let spent = token.secret().clone();
    let result = async { exchange(&token.exchange(accounts, &stamps.next())?, &stage.wire).await };
    let result = result.await;
    let session = stage.expect(
        "The website exchanges it for a session token",
        "a GET without a body; the token stands in Authorization only.",
        result,
        |session| format!("session token {}", session.secret().expose()),
    )?;
    let again = async {
        let again = SingleUseToken::new(spent)?;
        let again = match session.is_secure() {
            true => again.secured_by(PrivateKey::from_pem(KEY)?.signer()),
            false => again,
        };
        exchange(&again.exchange(accounts, &stamps.next())?, &stage.wire).await
    };
    let again = again.await;
    stage.expect_refusal(
        "A second exchange of the single-use token is refused",
        "any call burns a single-use token, AuthSubTokenInfo too. In this library the first exchange \
         consumes the value, so this step had to build it anew.",
        again,
        Kind::Revoked,
    );
    let info =
        async { exchange(&session.token_info(accounts, &stamps.next())?, &stage.wire).await };
    let info = info.await;
    stage.expect(
        "The website asks what the session token is",
        "Target is the bare host of next, without scheme and port.",
        info,
        |info| {
            format!(
                "for {}, secure: {}, scope {}",
                info.target(),
                info.is_secure(),
                info.scopes()
            )
        },
    )?;
    Ok(session)
}

/// Reads a feed, uploads a video, reads it back.
async fn feeds(stage: &mut Stage, session: &SessionToken) -> Result<(), Misbehaved> {
    let listed = read_feed(stage, session.clone()).await;
    stage.expect(
        "It reads the user's uploads",
        "data in Authorization is the method, the whole URL, the time and a nonce, as signed: a \
         server compares it with the request.",
        listed,
        |count| format!("a feed with {count} entries"),
    )?;
    let uploaded = upload(stage, session.clone(), Some(DEVELOPER_KEY)).await;
    let address = stage.expect(
        "It uploads a video",
        "multipart/related: an Atom entry, then the media. X-GData-Key has key= in its value; the body \
         is not signed.",
        uploaded,
        |address| format!("201 at {address}"),
    )?;
    let read = async {
        let client = client(stage, session.clone(), Some(DEVELOPER_KEY))?;
        let answer = client.request(get(&address)?).await?;
        let entry = Entry::parse(answer.body())?;
        Ok(entry.title().unwrap_or_default().to_owned())
    };
    let read = read.await;
    stage.expect(
        "It reads the new entry back",
        "the address came in Location.",
        read,
        |title| format!("the entry \"{title}\""),
    )?;
    Ok(())
}

/// Goes out of scope, replays a signed request, and signs for another address.
async fn refusals(
    stage: &mut Stage,
    session: &SessionToken,
    secure: bool,
) -> Result<(), Misbehaved> {
    let calendar = format!("{}{CALENDARS}", stage.origin);
    let outside = async {
        client(stage, session.clone(), Some(DEVELOPER_KEY))?
            .request(get(&calendar)?)
            .await
    };
    let outside = outside.await;
    stage.expect_refusal(
        "It asks for the user's calendars, which is out of scope",
        "401 with a challenge and an HTML body; the library says which scope the token has.",
        outside,
        Kind::Scope,
    );
    if !secure {
        return Ok(());
    }
    let uploads = format!("{}{UPLOADS}", stage.origin);
    let replayed = async {
        let (mut parts, body) = get(&uploads)?.into_parts();
        session.authorize(&mut parts, &Stamps::system().next())?;
        let request = Request::from_parts(parts, body);
        stage.wire.send(request.clone()).await?;
        judge(session, &uploads, stage.wire.send(request).await?)
    };
    let replayed = replayed.await;
    stage.expect_refusal(
        "Someone who saw a signed request sends it again",
        "the first is answered, the second has the same timestamp and nonce.",
        replayed,
        Kind::Revoked,
    );
    let moved = async {
        let (mut parts, body) = get(&uploads)?.into_parts();
        session.authorize(&mut parts, &Stamps::system().next())?;
        let other = format!("{uploads}?max-results=1");
        parts.uri = other
            .parse()
            .map_err(|_| Error::input("address", "cannot be read"))?;
        judge(
            session,
            &other,
            stage.wire.send(Request::from_parts(parts, body)).await?,
        )
    };
    let moved = moved.await;
    stage.expect_refusal(
        "A signature for one address is sent to another",
        "the signature itself is good; the server tells the difference in its log only.",
        moved,
        Kind::Revoked,
    );
    Ok(())
}

/// Revokes the session token, and shows that it is gone.
async fn end(
    stage: &mut Stage,
    accounts: &Accounts,
    session: &SessionToken,
) -> Result<(), Misbehaved> {
    let stamps = Stamps::system();
    let revoked = async { exchange(&session.revoke(accounts, &stamps.next())?, &stage.wire).await };
    let revoked = revoked.await;
    stage.expect(
        "The website revokes the token",
        "only 200 counts as done.",
        revoked,
        |()| "revoked".to_owned(),
    )?;
    let uploads = format!("{}{UPLOADS}", stage.origin);
    let after = async {
        client(stage, session.clone(), Some(DEVELOPER_KEY))?
            .request(get(&uploads)?)
            .await
    };
    let after = after.await;
    stage.expect_refusal(
        "The token no longer works",
        "at Google every token is in this state since 2015: the way on is OAuth 2.0.",
        after,
        Kind::Revoked,
    );
    Ok(())
}

fn judge(
    session: &SessionToken,
    url: &str,
    answer: Response<Bytes>,
) -> Result<Response<Bytes>, Error> {
    match session.explain(url, &answer) {
        Some(refusal) => Err(refusal),
        None => Ok(answer),
    }
}
