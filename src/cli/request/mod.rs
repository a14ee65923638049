//! `request`: one request under any scheme, signed anew after a redirect; the body goes to stdout.

mod progress;

use std::process::ExitCode;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use self::progress::Waiting;
use super::{args::SendRequest, files, given, paint, put, runtime, sign::check_as_sent};
use crate::{
    client::AuthorizedClient,
    error::{Advice, Error, Kind},
    gdata::Envelope,
    scheme::{AuthScheme, Verdict, api_key::ApiKey, oauth2::AccessToken},
    store::Sealed,
    transport::{Mishap, Reqwest, Transport, TransportError},
    wire::origin::Origin,
};

pub(super) fn run(options: &SendRequest) -> Result<ExitCode, Error> {
    check_as_sent(&options.target)?;
    let (scheme, envelope) = credential(options)?;
    let request = request(options)?;
    let origin = Origin::of(&options.target.url)?;
    if !origin.is_secure() && !origin.is_loopback() {
        paint::talk(format_args!(
            "{} plain http: whoever is on the path can read the credential",
            paint::styled(paint::NOTICE, "notice:")
        ));
    }
    let answer = runtime()?.block_on(async {
        let client =
            AuthorizedClient::new(Reqwest::for_feeds()?, scheme.clone()).with_envelope(envelope);
        let waiting = Waiting::start(request.body().len());
        let answer = client.send(request).await.map_err(failure);
        waiting.end();
        answer
    })?;
    if options.include {
        paint::talk(head(&answer));
    }
    let verdict = scheme.judge(&options.target.url, &answer);
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
    progress::put_with_bar(answer.body())?;
    Ok(ExitCode::SUCCESS)
}

/// What authorises the request, and the headers beside it.
fn credential(options: &SendRequest) -> Result<(AuthScheme, Envelope), Error> {
    let mut envelope = Envelope::new();
    if let Some(version) = &options.gdata_version {
        envelope = envelope.with_version(version.as_str())?;
    }
    let developer_key = match &options.developer_key_file {
        Some(path) => Some(files::secret("developer-key-file", None, Some(path))?),
        None => None,
    };
    let scheme = if let Some(path) = &options.credential {
        let text = crate::secret::Secret::new(files::read_text("credential", path)?);
        // The cause is dropped: it may quote what it read.
        let sealed: Sealed = serde_json::from_str(text.expose())
            .map_err(|_| Error::input("credential", "expected a file that `login --save` wrote"))?;
        let key = given::private_key(&options.key)?;
        sealed.open(key.map(|key| key.signer()))?
    } else if let Some(path) = &options.bearer_file {
        AccessToken::new(files::secret("bearer-file", None, Some(path))?)?.into()
    } else if let Some(path) = &options.api_key_file {
        ApiKey::new(files::secret("api-key-file", None, Some(path))?)?.into()
    } else if let Some(key) = developer_key {
        return Ok((ApiKey::new(key)?.as_developer_key().into(), envelope));
    } else {
        return Err(Error::input(
            "credential",
            "expected --credential, --bearer-file, --api-key-file or --developer-key-file",
        ));
    };
    if let Some(key) = developer_key {
        envelope = envelope.with_developer_key(key)?;
    }
    Ok((scheme, envelope))
}

fn request(options: &SendRequest) -> Result<http::Request<Bytes>, Error> {
    let body = match options.data.as_deref().map(|data| data.split_at_checked(1)) {
        Some(Some(("@", path))) => files::read_up_to("data", path.as_ref(), MAX_BODY)?,
        _ => options.data.clone().unwrap_or_default().into_bytes(),
    };
    let url = options.target.url.split('#').next().unwrap_or_default();
    let mut request = http::Request::builder()
        .method(options.target.method.as_str())
        .uri(url)
        .body(Bytes::from(body))
        .map_err(|cause| {
            Error::input("METHOD URL", "expected a method and an absolute address").caused_by(cause)
        })?;
    if options.data.is_some() {
        let kind = options.content_type.as_deref().unwrap_or(ATOM);
        let kind = HeaderValue::from_str(kind)
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

const ATOM: &str = "application/atom+xml; charset=UTF-8";
/// The most bytes of a body that are read into memory.
const MAX_BODY: u64 = 512 * 1024 * 1024;
const SECRET_HEADERS: [&str; 2] = ["update-client-auth", "set-cookie"];
