//! The three ways in which a consent comes back.
//!
//! ```text
//! --loopback   LoopbackReceiver ─ link ─▶ browser ─▶ the redirect          on this machine, or through ssh -L
//! --paste      link ─▶ browser elsewhere ─▶ stdin ─▶ the same redirect     with the same checks
//! --device     code ─▶ another device            ─▶ polls
//! ```

use std::{
    io::BufRead,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use super::client::Given;
use crate::{
    cli::{
        args::{Login, PromptArg},
        listen,
        login::{browser, show},
        paint,
    },
    client::{LoopbackReceiver, Retry, poll_device},
    error::{Error, Kind},
    scheme::oauth2::{
        AuthorizationRequest, Authorized, Client, ClientKind, PendingAuthorization, Prompt,
        Redirect,
    },
    scope::ScopeNames,
    secret::Secret,
    system::{self, Clock, SystemClock, SystemRandomness},
    transport::{Transport, run},
};

/// The name of the flow, as it is kept.
pub(super) fn flow(options: &Login) -> &'static str {
    match (options.oauth2.device, options.oauth2.paste) {
        (true, _) => "device",
        (_, true) => "paste",
        _ => "loopback",
    }
}

pub(super) async fn ask(
    options: &Login,
    given: &Given,
    scopes: &ScopeNames,
    transport: &impl Transport,
) -> Result<Authorized, Error> {
    let client = &given.registered.client;
    let (pending, redirect) = match flow(options) {
        "device" => return device(options, client, scopes, transport).await,
        "paste" => {
            let pending = begin(options, client, scopes, pasted_to(options, given)?)?;
            show(pending.link());
            (pending, pasted()?)
        }
        _ => {
            let port = options.consent.port;
            let address = SocketAddr::from(([127, 0, 0, 1], port));
            let receiver = LoopbackReceiver::open(port)
                .map_err(|cause| listen::refused(cause, address, listen::PORT))?;
            let pending = begin(options, client, scopes, receiver.redirect_uri())?;
            show(pending.link());
            if let Some(host) = browser::ssh_host() {
                paint::talk(format_args!(
                    "this machine is far away from the browser? first, over there:\n{}",
                    receiver.ssh_forward(&host)
                ));
            }
            if options.oauth2.open {
                browser::open(pending.link());
            }
            let redirect = receiver.receive(&pending, options.consent.limit()).await?;
            (pending, redirect)
        }
    };
    let exchange = pending.finish(client, &redirect, SystemClock.now())?;
    run(&exchange, transport).await
}

fn begin(
    options: &Login,
    client: &Client,
    scopes: &ScopeNames,
    redirect_uri: String,
) -> Result<PendingAuthorization, Error> {
    let lifetime = options.consent.limit().max(AuthorizationRequest::LIFETIME);
    let mut request = client
        .authorize(redirect_uri)
        .scopes(scopes.clone())
        .lifetime(lifetime);
    for prompt in &options.oauth2.prompt {
        request = request.prompt(match prompt {
            PromptArg::Consent => Prompt::Consent,
            PromptArg::SelectAccount => Prompt::SelectAccount,
            PromptArg::Login => Prompt::Login,
        });
    }
    if let Some(account) = &options.oauth2.login_hint {
        request = request.login_hint(account.as_str());
    }
    request.begin(&system::random(&SystemRandomness), SystemClock.now())
}

/// Where the browser is sent to although nothing listens there: what is registered, or a free port of loopback.
fn pasted_to(options: &Login, given: &Given) -> Result<String, Error> {
    if let Some(address) = &options.oauth2.redirect_uri {
        return Ok(address.clone());
    }
    if given.registered.client.kind() == ClientKind::Web
        && let Some(first) = given.redirect_uris.first()
    {
        return Ok(first.clone());
    }
    let port = match options.consent.port {
        0 => TcpListener::bind(("127.0.0.1", 0))
            .and_then(|free| free.local_addr())
            .map_err(|cause| {
                Error::new(Kind::Transport, "expected a free port, got none").caused_by(cause)
            })?
            .port(),
        port => port,
    };
    Ok(format!("http://127.0.0.1:{port}/"))
}

fn pasted() -> Result<Redirect, Error> {
    paint::talk(
        "then paste the whole address of the page that does not load, as it stands in the address bar:",
    );
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|cause| Error::new(Kind::Input, "stdin: cannot read").caused_by(cause))?;
    // Wiped when it is dropped: there is a code in it.
    let line = Secret::new(line);
    Redirect::parse(line.expose())
}

async fn device(
    options: &Login,
    client: &Client,
    scopes: &ScopeNames,
    transport: &impl Transport,
) -> Result<Authorized, Error> {
    let code = run(&client.device(scopes)?, transport).await?;
    paint::talk(format_args!(
        "on any device, open {} and type in:\n{}",
        code.verification_url(),
        paint::styled(paint::HEAD, code.user_code())
    ));
    if let Some(complete) = code.verification_url_complete() {
        paint::talk(format_args!("or open {complete}"));
    }
    let backoff = |retry: Retry| tokio::time::sleep(retry.after.unwrap_or_default());
    let polled = poll_device(&code, client, transport, &SystemClock, &backoff);
    let limit = options
        .consent
        .timeout
        .map_or(code.lifetime(), Duration::from_secs);
    tokio::time::timeout(limit, polled)
        .await
        .unwrap_or_else(|_| {
            Err(Error::new(
                Kind::Expired,
                format!(
                    "expected the user's decision within {} s, got none",
                    limit.as_secs()
                ),
            ))
        })
}
