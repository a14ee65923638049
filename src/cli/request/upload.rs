//! `--upload`: a file, chunk after chunk, by Google's resumable protocol (gdata's and that of today's APIs are one).
//!
//! ```text
//! POST …/upload/…?uploadType=resumable   what describes the file      Location: a session, kept in --session
//! PUT  the session                       8 MiB from the file          308, until all of it is there
//! ```
//!
//! The file is never in memory as a whole. After a break the server is asked what it has.

use std::{fs::File, path::Path, sync::Mutex};

use bytes::Bytes;

use super::{
    body::{self, Described},
    progress::Counting,
};
use crate::{
    cli::{accounts::waiting, args::SendRequest, files, paint, private_file},
    client::{AuthorizedClient, Stream},
    error::{Error, Kind},
    gdata::{
        Entry,
        upload::{CreateSession, Session, SessionGone, Uploaded},
    },
    secret::Secret,
    transport::Transport,
    wire::query::Pairs,
};

/// Whether an address speaks the resumable protocol.
pub(super) fn is_resumable(url: &str) -> bool {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let kind = Pairs::parse(query).ok();
    let kind = kind.as_ref().and_then(|pairs| pairs.first("uploadType"));
    (path.contains("/upload/") || path.contains("/resumable/"))
        && kind.is_none_or(|kind| kind == "resumable")
}

/// Sends the file, and yields what the server made of it.
pub(super) async fn send<T: Transport>(
    options: &SendRequest,
    client: &AuthorizedClient<T>,
    path: &Path,
) -> Result<Bytes, Error> {
    let file = File::open(path).map_err(|cause| {
        Error::input(
            "upload",
            format_args!("cannot read {}: {cause}", path.display()),
        )
        .caused_by(cause)
    })?;
    let mut stream = Stream::new(file);
    let total = stream.total().map_err(|cause| {
        Error::input("upload", "expected a file that can be read from any place").caused_by(cause)
    })?;
    let kept = match &options.session {
        Some(path) => kept(path, total)?,
        None => None,
    };
    let known = kept.is_some();
    let session = match kept {
        Some(session) => session,
        None => {
            let session = client.run(&create(options, path, total)?).await?;
            if let Some(path) = &options.session {
                keep(path, &session)?;
            }
            session
        }
    };
    let bar = Mutex::new(Counting::start(total));
    let upload = client
        .upload_resumable(&session)
        .backoff(waiting())
        .on_progress(|sent, _| {
            if let Ok(bar) = bar.lock() {
                bar.at(sent);
            }
        });
    let sent = match known {
        true => upload.resume(stream).await,
        false => upload.send(stream).await,
    };
    if let Ok(bar) = bar.into_inner() {
        bar.end();
    }
    // A session that is done, or gone, is of no use; any other goes on with the next call.
    if let Some(path) = &options.session {
        match &sent {
            Err(error) if !SessionGone::is_cause_of(error) => paint::talk(format_args!(
                "the session is kept in {}: the same command goes on with it",
                path.display()
            )),
            _ => drop(std::fs::remove_file(path)),
        }
    }
    sent.map(Uploaded::into_body)
}

/// Asks for a session: what describes the file, and how large it is.
fn create(options: &SendRequest, path: &Path, total: u64) -> Result<CreateSession, Error> {
    let kind = match &options.content_type {
        Some(kind) => kind.clone(),
        None => body::kind_of_file(path).to_owned(),
    };
    let create = CreateSession::new(&address(&options.target.url), kind, total)?;
    let create = match options.target.method.as_str() {
        "POST" => create,
        "PUT" => create.replacing(None),
        _ => {
            return Err(Error::input(
                "METHOD",
                "expected POST for something new, or PUT to replace it",
            ));
        }
    };
    let Some(text) = body::data(options)? else {
        return Ok(create);
    };
    match body::described(&text) {
        Described::Json => create.with_json(text),
        Described::Other => create.with_entry(&Entry::parse(&text)?),
    }
}

/// The address with the kind of upload in its query, where today's APIs want it.
fn address(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let told = Pairs::parse(query).is_ok_and(|pairs| pairs.first("uploadType").is_some());
    let gdata = path.contains("/feeds/");
    match (told || gdata, query.is_empty()) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{path}?uploadType=resumable"),
        (false, false) => format!("{url}&uploadType=resumable"),
    }
}

/// The session of an earlier call; a file that is not there yet has none.
fn kept(path: &Path, total: u64) -> Result<Option<Session>, Error> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    let text = Secret::new(files::read_text("session", path)?);
    // The cause is dropped: it may quote the address, which is a capability.
    let session: Session = serde_json::from_str(text.expose())
        .map_err(|_| Error::input("session", "expected a file that --session wrote"))?;
    if session.total() != total {
        return Err(Error::input(
            "session",
            format_args!(
                "expected the session of a file of {total} bytes, got one of {}",
                session.total()
            ),
        ));
    }
    Ok(Some(session))
}

fn keep(path: &Path, session: &Session) -> Result<(), Error> {
    let text = serde_json::to_string(session).map_err(|cause| {
        Error::new(Kind::Input, "session: cannot write it as JSON").caused_by(cause)
    })?;
    private_file::save("session", path, &Secret::new(text), false)
}
