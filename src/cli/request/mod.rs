//! `request`: one request under any scheme, signed anew after a redirect; the body goes to stdout.

mod body;
mod credential;
mod progress;
mod stream;
mod upload;

use std::process::ExitCode;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use self::{credential::Credential, progress::Waiting, stream::Streaming};
use super::{args::SendRequest, paint, put, runtime, sign::check_as_sent};
use crate::{
    error::{Advice, Error, Kind},
    gdata::Envelope,
    scheme::Verdict,
    transport::{Mishap, Reqwest, Transport, TransportError},
    wire::origin::Origin,
};

pub(super) fn run(options: &SendRequest) -> Result<ExitCode, Error> {
    check_as_sent(&options.target)?;
    check(options)?;
    tell_of_plain_http(&Origin::of(&options.target.url)?);
    runtime()?.block_on(async {
        let (credential, envelope) = credential::credential(options).await?;
        match &options.upload {
            Some(path) if upload::is_resumable(&options.target.url) => {
                let client = credential.client(Reqwest::for_feeds()?);
                let client = client.with_envelope(envelope);
                progress::save(options, &upload::send(options, &client, path).await?)?;
                Ok(ExitCode::SUCCESS)
            }
            _ => plain(options, &credential, envelope).await,
        }
    })
}

/// Says what a credential in the clear means.
pub(super) fn tell_of_plain_http(origin: &Origin) {
    if !origin.is_secure() && !origin.is_loopback() {
        paint::talk(format_args!(
            "{} plain http: whoever is on the path can read the credential",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
}

/// One request, and its answer.
async fn plain(
    options: &SendRequest,
    credential: &Credential,
    envelope: Envelope,
) -> Result<ExitCode, Error> {
    let request = request(options)?;
    let client = credential
        .client(Streaming::of(options)?)
        .with_envelope(envelope);
    let waiting = Waiting::start(request.body().len());
    let answer = client.send(request).await.map_err(failure);
    waiting.end();
    let answer = answer?;
    if options.include {
        paint::talk(head(&answer));
    }
    let verdict = client.judge(&options.target.url, &answer);
    if let Some(why) = verdict.why() {
        if options.include {
            put(answer.body())?;
        }
        paint::error(why);
        paint::talk(format_args!("  verdict: {}", words(&verdict)));
        return Ok(ExitCode::FAILURE);
    }
    if answer.status().is_redirection() && answer.headers().contains_key(header::LOCATION) {
        return Err(Error::new(
            Kind::Refused,
            "redirect: expected one within the same origin, got one that leads elsewhere; \
             the credential does not follow",
        ));
    }
    // A file of --output has it already.
    if options.output.is_none() {
        progress::save(options, answer.body())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What the options do not say together.
fn check(options: &SendRequest) -> Result<(), Error> {
    if options.content_type.is_some() && options.data.is_none() && options.upload.is_none() {
        return Err(Error::input(
            "content-type",
            "expected --data or --upload with it",
        ));
    }
    if !options.scope.is_empty() && options.credentials.is_none() && !options.adc {
        return Err(Error::input(
            "scope",
            "expected --credentials or --adc with it: other credentials have the scopes they have",
        ));
    }
    let resumable = upload::is_resumable(&options.target.url);
    if options.session.is_some() && !resumable {
        return Err(Error::input(
            "session",
            "expected an address with /upload/ or /resumable/ in it, where sessions are",
        ));
    }
    if options.upload.is_some() && resumable && !options.header.is_empty() {
        return Err(Error::input(
            "header",
            "expected none with a resumable upload: the protocol sets its own",
        ));
    }
    Ok(())
}

fn request(options: &SendRequest) -> Result<http::Request<Bytes>, Error> {
    let (body, kind) = match body::body(options)? {
        Some((body, kind)) => (body, Some(kind)),
        None => (Bytes::new(), None),
    };
    let url = options.target.url.split('#').next().unwrap_or_default();
    let mut request = http::Request::builder()
        .method(options.target.method.as_str())
        .uri(url)
        .body(body)
        .map_err(|cause| {
            Error::input("METHOD URL", "expected a method and an absolute address").caused_by(cause)
        })?;
    if let Some(kind) = kind {
        let kind = HeaderValue::from_str(&kind)
            .map_err(|_| Error::input("content-type", "expected the text of a header"))?;
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    for line in &options.header {
        let wrong = || Error::input("header", "expected NAME: VALUE");
        let (name, value) = line.split_once(':').ok_or_else(wrong)?;
        let name = HeaderName::try_from(name.trim()).map_err(|_| wrong())?;
        let value = HeaderValue::try_from(value.trim()).map_err(|_| wrong())?;
        if name == header::AUTHORIZATION {
            return Err(Error::input(
                "header",
                "expected no Authorization: the credential makes it",
            ));
        }
        request.headers_mut().append(name, value);
    }
    Ok(request)
}

/// What the client could not authorise is no failure of the medium: its own error says more.
fn failure(cause: TransportError) -> Error {
    let own = std::error::Error::source(&cause)
        .and_then(|source| source.downcast_ref::<Error>())
        .map(|error| (error.kind(), error.to_string()));
    match own {
        Some((kind, message)) => Error::new(kind, message),
        None if cause.mishap() == Mishap::Request => {
            Error::new(Kind::Input, cause.to_string()).caused_by(cause)
        }
        None => cause.into(),
    }
}

/// Status and headers, with nothing that a credential could stand in.
fn head(answer: &Response<Bytes>) -> String {
    let mut out = format!("{:?} {}\n", answer.version(), answer.status());
    for (name, value) in answer.headers() {
        let value = match SECRET_HEADERS.contains(&name.as_str()) {
            true => "(hidden)".into(),
            false => String::from_utf8_lossy(value.as_bytes()),
        };
        out.push_str(&format!("{name}: {value}\n"));
    }
    out
}

fn words(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Refresh { .. } => {
            "get a new credential (log in again, or refresh), and send it once more".to_owned()
        }
        Verdict::AskConsent { scopes, .. } if scopes.is_empty() => {
            "the user has to consent again".to_owned()
        }
        Verdict::AskConsent { scopes, .. } => format!("the user has to consent again, to {scopes}"),
        Verdict::Retry {
            after: Some(delay), ..
        } => {
            format!("the same request may pass in {} s", delay.as_secs())
        }
        Verdict::Retry { after: None, .. } => "the same request may pass later".to_owned(),
        Verdict::GiveUp { why } if why.advice() == Advice::FixClient => {
            "no other credential helps: the request has to change".to_owned()
        }
        Verdict::GiveUp { .. } => "nothing that a program does will help".to_owned(),
        Verdict::Fine => StatusCode::OK.to_string(),
    }
}

const SECRET_HEADERS: [&str; 2] = ["update-client-auth", "set-cookie"];
