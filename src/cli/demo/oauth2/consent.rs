//! The consent: link, page, the way back to a real loopback port, and the exchange of the code.

use std::time::Duration;

use http::{StatusCode, header};

use super::{
    super::{
        browser::{between, get, page, post},
        refresh,
        stage::{Misbehaved, Stage},
    },
    missing,
};
use crate::{
    client::LoopbackReceiver,
    error::{Error, Kind},
    scheme::oauth2::{Authorized, Client, IdTokenVerifier, PendingAuthorization, Redirect},
    scope::ScopeNames,
    system::{self, Clock, SystemRandomness},
    transport::{Reqwest, Transport, run},
    wire::query::Pairs,
};

pub(super) const ANN: &str = "ann@example.com";
const SCOPES: &str = "openid email https://www.googleapis.com/auth/youtube";
const LIMIT: Duration = Duration::from_secs(30);

pub(super) async fn ask(stage: &mut Stage) -> Result<Authorized, Misbehaved> {
    let (client, receiver, pending) = begin(stage)?;
    let shown = page(stage, pending.link()).await;
    let shown = stage.expect(
        "The browser shows the consent page",
        "Google's own page in the user's own browser: the program never sees the password.",
        shown,
        |_| "an HTML page with Allow and Cancel".to_owned(),
    )?;
    let back = allow(stage, &shown).await;
    let back = stage.expect(
        "The user allows",
        "the browser is sent to the program's port, with a code that is good once, for minutes, and of no use \
         without the verifier.",
        back,
        |_| "302 to the program's own port".to_owned(),
    )?;
    let (redirect, stranger) = come_back(receiver, &pending, &back).await;
    stage.expect(
        "A stranger calls at that port first, with a state of its own",
        "404, and the program goes on waiting: nobody else can end or forge the consent.",
        stranger.and_then(|status| match status {
            StatusCode::NOT_FOUND => Ok(status),
            _ => Err(missing("expected a 404 for the stranger")),
        }),
        ToString::to_string,
    )?;
    let exchange =
        redirect.and_then(|redirect| pending.finish(&client, &redirect, stage.clock.now()));
    let exchange = stage.expect(
        "The browser comes back, and is sent on to a clean address",
        "state is compared in constant time, before anything else is looked at.",
        exchange,
        |_| "it is the answer to this link".to_owned(),
    )?;
    let authorized = run(&exchange, &stage.wire).await;
    let authorized = stage.expect(
        "The program exchanges the code",
        "code_verifier is what the challenge in the link was made of: whoever saw the code alone has nothing (PKCE).",
        authorized,
        |authorized| format!("granted: {}", authorized.consent().granted),
    )?;
    let who = verified(stage, &client, &authorized).await;
    stage.expect(
        "Who was it? The ID token tells, once it is verified",
        "signature, issuer, audience, time, and the nonce of the link.",
        who,
        Clone::clone,
    )?;
    Ok(authorized)
}

fn begin(
    stage: &mut Stage,
) -> Result<(Client, LoopbackReceiver, PendingAuthorization), Misbehaved> {
    let made = || {
        let client = refresh::client(stage)?;
        let receiver = LoopbackReceiver::open(0)?;
        let pending = client
            .authorize(receiver.redirect_uri())
            .scopes(ScopeNames::parse(SCOPES)?)
            .login_hint(ANN)
            .begin(&system::random(&SystemRandomness), stage.clock.now())?;
        Ok((client, receiver, pending))
    };
    let made = made();
    stage.expect(
        "For the rest it asks its user, by a link",
        "the port is open already, on loopback alone; state ties the answer to this link, code_challenge ties the code \
         to this program.",
        made,
        |(_, _, pending)| pending.link().to_owned(),
    )
}

/// Presses the button; the address that the browser is sent to.
async fn allow(stage: &Stage, shown: &str) -> Result<String, Error> {
    let field = |before: &str| {
        between(shown, before, "\"").ok_or_else(|| missing("expected a page that asks"))
    };
    let mut form = Pairs::new();
    form.push("page", field("name=\"page\" value=\"")?);
    form.push("decision", "allow");
    let action = field("action=\"")?;
    let answer = stage
        .wire
        .send(post(&format!("{}{action}", stage.origin), &form)?)
        .await?;
    let location = answer.headers().get(header::LOCATION);
    location
        .and_then(|location| location.to_str().ok())
        .map(str::to_owned)
        .ok_or_else(|| Error::reply("location", "expected a redirect, got none"))
}

/// A stranger at the port, then the browser; what the program took, and what the stranger got.
async fn come_back(
    receiver: LoopbackReceiver,
    pending: &PendingAuthorization,
    back: &str,
) -> (Result<Redirect, Error>, Result<StatusCode, Error>) {
    let door = receiver.redirect_uri();
    let browser = async {
        let way = Reqwest::new()?;
        let forged = get(&format!("{door}?code=4%2Fforged&state=another"))?;
        let stranger = way.send(forged).await?.status();
        let answer = way.send(get(back)?).await?;
        if answer.headers().contains_key(header::LOCATION) {
            way.send(get(&format!("{door}done"))?).await?;
        }
        Ok(stranger)
    };
    tokio::join!(receiver.receive(pending, LIMIT), browser)
}

async fn verified(
    stage: &Stage,
    client: &Client,
    authorized: &Authorized,
) -> Result<String, Error> {
    let token = authorized.reply().id_token();
    let token = token.ok_or_else(|| missing("expected an ID token"))?;
    let fetched = run(&client.provider().fetch_jwks()?, &stage.wire).await?;
    let mut verifier = IdTokenVerifier::new(client);
    if let Some(nonce) = authorized.nonce() {
        verifier = verifier.with_nonce(nonce.clone());
    }
    let identity = verifier.verify(token.expose(), &fetched.keys, stage.clock.now())?;
    identity
        .email()
        .map(str::to_owned)
        .ok_or_else(|| Error::new(Kind::Reply, "email: expected the claim"))
}
