//! The resumable driver against scripted servers: it goes on after every break, and never sends again what
//! the server has.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    future::ready,
    io,
    ops::Range,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{
    AuthScheme, Error, Kind, Transport,
    authsub::{Header, SessionToken},
    client::{AuthorizedClient, Retry, Source, Stream},
    crypto::PrivateKey,
    gdata::{
        Envelope,
        upload::{ChunkSize, ContentRange, CreateSession, Session, SessionGone, Uploaded},
    },
    transport::{Mishap, TransportError},
};

const K: usize = ChunkSize::GRANULE;
const SESSION: &str =
    "http://uploads.gdata.youtube.com/resumable/feeds/api/users/default/uploads?upload_id=S1";
const MADE: &str = "<entry xmlns='http://www.w3.org/2005/Atom'><title>Tides</title></entry>";

/// What the server does with one request.
#[derive(Clone, Copy)]
enum Act {
    /// Takes it, and says so.
    Take,
    /// Takes so many bytes of it, and says so.
    TakeOnly(usize),
    /// Takes so many bytes of it, and then the line breaks.
    Break(usize, Mishap),
    /// Takes all of it, and answers with this status.
    Fail(u16),
    /// Takes nothing, and answers so.
    Say(u16, &'static str, &'static str),
}

/// A server that keeps the bytes it was sent, in order.
#[derive(Clone)]
struct Server(Arc<Mutex<State>>);

struct State {
    media: Vec<u8>,
    total: usize,
    script: Vec<Act>,
    /// Method, range, and whether there was a credential.
    seen: Vec<String>,
    authorizations: Vec<http::HeaderMap>,
}

impl Server {
    /// After `script` it takes everything.
    fn new(total: usize, script: &[Act]) -> Self {
        Self(Arc::new(Mutex::new(State {
            media: Vec::new(),
            total,
            script: script.iter().rev().copied().collect(),
            seen: Vec::new(),
            authorizations: Vec::new(),
        })))
    }

    fn seen(&self) -> Vec<String> {
        self.0.lock().unwrap().seen.clone()
    }

    fn holds(&self, media: &[u8]) {
        assert!(self.0.lock().unwrap().media == media, "other bytes arrived");
    }
}

impl Transport for Server {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        Box::pin(ready(state.answer(&request)))
    }
}

impl State {
    fn answer(
        &mut self,
        request: &http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        assert_eq!(request.uri(), SESSION);
        let range = ContentRange::read(request.headers()).unwrap();
        assert_eq!(range.total(), self.total as u64);
        self.seen.push(format!("{} {range}", request.method()));
        self.authorizations.push(request.headers().clone());
        let act = self.script.pop().unwrap_or(Act::Take);
        let taken = match act {
            Act::Take | Act::Fail(_) => request.body().len(),
            Act::TakeOnly(bytes) | Act::Break(bytes, _) => bytes,
            Act::Say(..) => 0,
        };
        if let ContentRange::Bytes { first, .. } = range {
            assert_eq!(first, self.media.len() as u64, "sent again or left out");
            self.media.extend_from_slice(&request.body()[..taken]);
        }
        let reply = http::Response::builder();
        let reply = match act {
            Act::Break(_, mishap) => return Err(TransportError::new(mishap, "the line broke")),
            Act::Fail(status) => reply.status(status).body(Bytes::new()),
            Act::Say(status, name, value) => {
                reply.status(status).header(name, value).body(Bytes::new())
            }
            _ if self.media.len() == self.total => reply.status(201).body(Bytes::from(MADE)),
            _ if self.media.is_empty() => reply.status(308).body(Bytes::new()),
            _ => reply
                .status(308)
                .header("range", format!("bytes=0-{}", self.media.len() - 1))
                .body(Bytes::new()),
        };
        Ok(reply.unwrap())
    }
}

fn media(length: usize) -> Bytes {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn session(total: usize) -> Session {
    Session::new(SESSION, "video/mp4", total as u64).unwrap()
}

fn client(server: &Server) -> AuthorizedClient<Server> {
    AuthorizedClient::new(server.clone(), SessionToken::new("T").unwrap())
}

fn chunks(granules: usize) -> ChunkSize {
    ChunkSize::new(granules * K).unwrap()
}

/// Sends 10 granules and 7 bytes in chunks of 4 granules.
async fn send(server: &Server) -> Result<Uploaded, Error> {
    client(server)
        .upload_resumable(&session(TOTAL))
        .chunk_size(chunks(4))
        .send(media(TOTAL))
        .await
}

const TOTAL: usize = 10 * K + 7;

fn range(bytes: Range<usize>) -> String {
    format!("PUT bytes {}-{}/{TOTAL}", bytes.start, bytes.end - 1)
}

fn probe() -> String {
    format!("PUT bytes */{TOTAL}")
}

#[tokio::test]
async fn goes_chunk_by_chunk_and_tells_how_far_it_is() {
    let server = Server::new(TOTAL, &[]);
    let told = Mutex::new(Vec::new());
    let uploaded = client(&server)
        .upload_resumable(&session(TOTAL))
        .chunk_size(chunks(4))
        .on_progress(|sent, total| told.lock().unwrap().push((sent, total)))
        .send(media(TOTAL))
        .await
        .unwrap();
    assert_eq!(uploaded.entry().title(), Some("Tides"));
    assert_eq!(
        server.seen(),
        [
            "PUT bytes 0-1048575/2621447",
            "PUT bytes 1048576-2097151/2621447",
            "PUT bytes 2097152-2621446/2621447",
        ]
    );
    assert_eq!(
        *told.lock().unwrap(),
        [
            (1_048_576, 2_621_447),
            (2_097_152, 2_621_447),
            (2_621_447, 2_621_447)
        ]
    );
    server.holds(&media(TOTAL));
}

#[tokio::test]
async fn asks_what_arrived_after_a_break_and_goes_on_there() {
    for mishap in [
        Mishap::Torn,
        Mishap::Connect,
        Mishap::Timeout,
        Mishap::Other,
    ] {
        let server = Server::new(TOTAL, &[Act::Take, Act::Break(K + 5, mishap)]);
        send(&server).await.unwrap();
        assert_eq!(
            server.seen(),
            [
                range(0..4 * K),
                range(4 * K..8 * K),
                probe(),
                range(5 * K + 5..9 * K + 5),
                range(9 * K + 5..TOTAL),
            ]
        );
        server.holds(&media(TOTAL));
    }
}

#[tokio::test]
async fn goes_on_where_the_server_is_when_it_took_less() {
    let server = Server::new(
        TOTAL,
        &[Act::TakeOnly(K), Act::TakeOnly(0), Act::TakeOnly(3)],
    );
    send(&server).await.unwrap();
    assert_eq!(
        server.seen(),
        [
            range(0..4 * K),
            range(K..5 * K),
            range(K..5 * K),
            range(K + 3..5 * K + 3),
            range(5 * K + 3..9 * K + 3),
            range(9 * K + 3..TOTAL),
        ]
    );
    server.holds(&media(TOTAL));
}

#[tokio::test]
async fn a_server_error_in_the_middle_is_asked_about() {
    for status in [500, 502, 503, 504] {
        let server = Server::new(TOTAL, &[Act::Take, Act::Fail(status), Act::Fail(status)]);
        send(&server).await.unwrap();
        assert_eq!(
            server.seen(),
            [
                range(0..4 * K),
                range(4 * K..8 * K),
                probe(),
                probe(),
                range(8 * K..TOTAL),
            ]
        );
        server.holds(&media(TOTAL));
    }
}

#[tokio::test]
async fn an_answer_lost_at_the_very_end_is_asked_for_again() {
    let last = TOTAL - 8 * K;
    for script in [
        [Act::Take, Act::Take, Act::Break(last, Mishap::Torn)],
        [Act::Take, Act::Take, Act::Fail(503)],
    ] {
        let server = Server::new(TOTAL, &script);
        let uploaded = send(&server).await.unwrap();
        assert_eq!(uploaded.entry().title(), Some("Tides"));
        assert_eq!(server.seen().last(), Some(&probe()));
        server.holds(&media(TOTAL));
    }
    // A server that has everything, and says 308 once more.
    let all = Act::Say(308, "range", "bytes=0-2621446");
    let server = Server::new(TOTAL, &[Act::Take, Act::Take, Act::Fail(500), all]);
    send(&server).await.unwrap();
    assert_eq!(server.seen()[3..], [probe(), probe()]);
}

#[tokio::test]
async fn resumes_a_stored_session_without_sending_what_is_there() {
    let server = Server::new(TOTAL, &[Act::Take, Act::Fail(403)]);
    let error = send(&server).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    // The process ends here; the session was stored.
    let stored = serde_json::to_string(&session(TOTAL)).unwrap();
    let session: Session = serde_json::from_str(&stored).unwrap();
    client(&server)
        .upload_resumable(&session)
        .resume(Stream::new(io::Cursor::new(media(TOTAL))))
        .await
        .unwrap();
    assert_eq!(server.seen()[2..], [probe(), range(8 * K..TOTAL)]);
    server.holds(&media(TOTAL));
    // Once more: it is done, and the server says so.
    let again = client(&server)
        .upload_resumable(&session)
        .resume(media(TOTAL))
        .await
        .unwrap();
    assert_eq!(again.entry().title(), Some("Tides"));
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn a_session_that_is_gone_says_to_start_anew() {
    for status in [404, 410] {
        let server = Server::new(TOTAL, &[Act::Take, Act::Say(status, "x", "y")]);
        let error = send(&server).await.unwrap_err();
        assert!(SessionGone::is_cause_of(&error), "{error}");
        assert_eq!(server.seen().len(), 2);
        assert!(!format!("{error} {error:?}").contains("upload_id"));
    }
}

#[tokio::test]
async fn gives_up_after_the_retries_and_waits_before_each() {
    let broken = [Act::Break(0, Mishap::Connect); 20];
    let server = Server::new(TOTAL, &broken);
    let waited = Mutex::new(Vec::new());
    let error = client(&server)
        .upload_resumable(&session(TOTAL))
        .retries(3)
        .backoff(|retry: Retry| {
            waited.lock().unwrap().push((retry.attempt, retry.after));
            ready(())
        })
        .send(media(TOTAL))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_transient()),
        (Kind::Transport, true)
    );
    assert_eq!(*waited.lock().unwrap(), [(1, None), (2, None), (3, None)]);
    assert_eq!(server.seen().len(), 4);

    let busy = [Act::Say(503, "retry-after", "7"); 2];
    let server = Server::new(TOTAL, &busy);
    waited.lock().unwrap().clear();
    client(&server)
        .upload_resumable(&session(TOTAL))
        .backoff(|retry: Retry| {
            waited.lock().unwrap().push((retry.attempt, retry.after));
            ready(())
        })
        .send(media(TOTAL))
        .await
        .unwrap();
    let asked = Some(Duration::from_secs(7));
    assert_eq!(*waited.lock().unwrap(), [(1, asked), (2, asked)]);
}

#[tokio::test]
async fn retries_count_anew_once_the_upload_has_moved() {
    let one = [Act::Break(2 * K, Mishap::Torn), Act::Take];
    let script = one.repeat(5);
    let server = Server::new(TOTAL, &script);
    client(&server)
        .upload_resumable(&session(TOTAL))
        .chunk_size(chunks(4))
        .retries(1)
        .send(media(TOTAL))
        .await
        .unwrap();
    server.holds(&media(TOTAL));
}

#[tokio::test]
async fn a_server_that_takes_a_byte_at_a_time_is_left() {
    let is_stuck = |error: Error| {
        assert_eq!((error.kind(), error.is_transient()), (Kind::Reply, true));
        let message = error.to_string();
        assert!(
            message.contains("expected the server to take more"),
            "{message}"
        );
    };
    for act in [Act::TakeOnly(1), Act::TakeOnly(0)] {
        let server = Server::new(TOTAL, &vec![act; 5_000]);
        is_stuck(send(&server).await.unwrap_err());
        assert_eq!(server.seen().len(), 6);
    }
    // One that forgets everything, again and again.
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let forgetful = move |_: http::Request<Bytes>| {
        *count.lock().unwrap() += 1;
        let reply = http::Response::builder().status(308).body(Bytes::new());
        ready(Ok::<_, TransportError>(reply.unwrap()))
    };
    let client = AuthorizedClient::new(forgetful, SessionToken::new("T").unwrap());
    let upload = client.upload_resumable(&session(TOTAL));
    is_stuck(upload.resume(media(TOTAL)).await.unwrap_err());
    assert_eq!(*asked.lock().unwrap(), 7);
}

#[tokio::test]
async fn does_not_retry_what_cannot_pass() {
    for (act, kind) in [
        (Act::Fail(401), Kind::Revoked),
        (Act::Fail(403), Kind::Refused),
        (Act::Fail(204), Kind::Reply),
        (Act::Say(308, "range", "bytes=0-2621446"), Kind::Reply),
        (Act::Say(308, "range", "nonsense"), Kind::Reply),
        (
            Act::Say(308, "location", "https://evil.test/"),
            Kind::Refused,
        ),
        (Act::Break(0, Mishap::Request), Kind::Transport),
        (Act::Break(0, Mishap::TooLarge), Kind::Transport),
    ] {
        let server = Server::new(TOTAL, &[act]);
        let error = send(&server).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_source_that_is_short_or_broken_is_the_callers_fault() {
    let server = Server::new(TOTAL, &[]);
    let short = client(&server)
        .upload_resumable(&session(TOTAL))
        .send(media(TOTAL - 1))
        .await
        .unwrap_err();
    assert_eq!(short.kind(), Kind::Input);
    assert_eq!(
        short.to_string(),
        "media: expected 2621447 bytes from 0 on, got: unexpected end of file"
    );
    let client = client(&server);
    let lies = |_: u64, length: usize| Ok(media(length + 1));
    let error = client.upload_resumable(&session(TOTAL)).send(lies).await;
    assert_eq!(error.unwrap_err().kind(), Kind::Input);
    let broken = |_: u64, _: usize| Err(io::Error::other("disk on fire"));
    let error = client.upload_resumable(&session(TOTAL)).send(broken).await;
    assert!(error.unwrap_err().to_string().contains("disk on fire"));
    assert!(server.seen().is_empty());
    assert!(media(4).read_at(u64::MAX, 1).is_err());
    assert!(media(4).read_at(3, usize::MAX).is_err());
}

#[tokio::test]
async fn every_chunk_and_probe_has_a_signature_of_its_own() {
    let server = Server::new(TOTAL, &[Act::Take, Act::Fail(503)]);
    let key = PrivateKey::from_pem(support::world::KEY).unwrap();
    let token = SessionToken::new("T").unwrap().secured_by(key.signer());
    let envelope = Envelope::new().with_version("2").unwrap();
    AuthorizedClient::new(server.clone(), AuthScheme::from(token))
        .with_envelope(envelope)
        .upload_resumable(&session(TOTAL))
        .chunk_size(chunks(4))
        .send(media(TOTAL))
        .await
        .unwrap();
    let sent = server.0.lock().unwrap().authorizations.clone();
    let mut nonces: Vec<String> = sent
        .iter()
        .map(|headers| {
            assert_eq!(headers["gdata-version"], "2");
            let header = Header::of(headers).unwrap().unwrap();
            let data = header.verify(key.public_key(), "PUT", SESSION).unwrap();
            assert_eq!(data.url(), SESSION);
            headers["authorization"].to_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(nonces.len(), 4);
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4, "every signature is another");
}

#[tokio::test]
async fn begins_with_the_session_that_the_server_gives() {
    let create = CreateSession::new(SESSION.split('?').next().unwrap(), "video/mp4", 3).unwrap();
    let google = |request: http::Request<Bytes>| {
        assert_eq!(request.headers()["authorization"], "AuthSub token=\"T\"");
        let reply = match request.method().as_str() {
            "POST" => http::Response::builder()
                .header("location", SESSION)
                .body(Bytes::new()),
            _ => http::Response::builder()
                .status(201)
                .body(Bytes::from(MADE)),
        };
        ready(Ok::<_, TransportError>(reply.unwrap()))
    };
    let client = AuthorizedClient::new(google, SessionToken::new("T").unwrap());
    let session = client.run(&create).await.unwrap();
    assert_eq!(session.address().expose(), SESSION);
    let uploaded = client
        .upload_resumable(&session)
        .send(media(3))
        .await
        .unwrap();
    assert_eq!(uploaded.entry().title(), Some("Tides"));
    // What a scope lacks is told with the scopes.
    let refused = |_: http::Request<Bytes>| {
        let body = "<HTML><HEAD><TITLE>AuthSub token has wrong scope</TITLE></HEAD></HTML>";
        let reply = http::Response::builder()
            .status(401)
            .body(Bytes::from(body));
        ready(Ok::<_, TransportError>(reply.unwrap()))
    };
    let client = AuthorizedClient::new(refused, SessionToken::new("T").unwrap());
    let error = client.run(&create).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Scope);
    assert!(
        error
            .to_string()
            .contains("the address is http://uploads.gdata"),
        "{error}"
    );
}

#[test]
fn a_stream_uses_its_memory_again_when_nobody_holds_it() {
    let mut stream = Stream::new(io::Cursor::new(media(3 * K)));
    assert_eq!(stream.total().unwrap(), 3 * K as u64);
    let first = stream.read_at(0, K).unwrap();
    let place = first.as_ptr();
    drop(first);
    let second = stream.read_at(K as u64, K).unwrap();
    assert_eq!(second.as_ptr(), place);
    assert_eq!(second, media(3 * K).slice(K..2 * K));
    // Held elsewhere: the bytes stay what they are.
    let third = stream.read_at(0, K).unwrap();
    assert_ne!(third.as_ptr(), place);
    assert_eq!(second, media(3 * K).slice(K..2 * K));
}

#[tokio::test]
async fn the_upload_is_a_future_that_may_be_spawned() {
    let server = Server::new(TOTAL, &[]);
    let client = client(&server);
    let task = tokio::spawn(async move {
        client
            .upload_resumable(&session(TOTAL))
            .send(media(TOTAL))
            .await
    });
    task.await.unwrap().unwrap();
}
