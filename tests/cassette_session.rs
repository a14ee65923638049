//! A cassette in use: the five modes, the way to an upstream and back, and what happens at the end.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    future::ready,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use gdata_auth::{
    Error, Kind, Transport,
    cassette::{
        Asked, Body, Bounds, Cassette, Headers, Interaction, Join, LISTENER, Miss, Mode, Progress,
        RecordSettings, RecordedRequest, RecordedResponse, Session, SessionBuilder, Tape,
        Upstreams, test,
    },
    system::CassetteEnvironment,
    transport::{Mishap, TransportError},
};
use http::{Request, Response, StatusCode, header};

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("gdata-auth-session-{}-{number}", process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn cassette(&self) -> PathBuf {
        self.0.join("deep/er.txt")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.cassette()).unwrap()
    }

    fn with(self, text: &str) -> Self {
        fs::create_dir_all(self.0.join("deep")).unwrap();
        fs::write(self.cassette(), text).unwrap();
        self
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.0);
    }
}

/// A line an interaction, `METHOD URL status body`, as this test keeps it.
fn read(path: &std::path::Path) -> Result<Cassette, Error> {
    let text = fs::read_to_string(path).unwrap();
    let interaction = |line: &str| {
        let [method, target, status, body] = line.splitn(4, ' ').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let mut request = RecordedRequest::new(method, target);
        let mut listener = None;
        if let Some((base, seen)) = target.split_once('|') {
            let (origin, path) = seen.split_at(seen.find("/x").unwrap());
            request.target = path.to_owned();
            request.base = Some(base.to_owned());
            listener = Some(origin.to_owned());
        }
        let mut response = RecordedResponse::new(status.parse().unwrap());
        response.body = Body::unknown(body.to_owned());
        let mut interaction = Interaction::new(request, response);
        if let Some(listener) = listener {
            let extra = &mut interaction.provenance.extra;
            extra.insert(LISTENER.into(), listener.into());
        }
        interaction
    };
    Ok(Cassette::new(text.lines().map(interaction).collect()))
}

#[expect(clippy::needless_pass_by_value, reason = "a session gives it away")]
fn keep(cassette: Cassette) -> Result<Vec<u8>, Error> {
    let mut text = String::new();
    for interaction in &cassette.interactions {
        let request = &interaction.request;
        let (status, body) = match interaction.response() {
            Some(response) => (response.status, response.body.bytes.clone()),
            None => (0, Bytes::from_static(b"failed")),
        };
        if body.starts_with(b"leak") {
            // Any error of the crate will do.
            return Err("leak".parse::<Mode>().unwrap_err());
        }
        let body = String::from_utf8_lossy(&body);
        let target = match interaction.provenance.extra.get(LISTENER) {
            Some(listener) => format!(
                "{}|{}{}",
                request.base.as_deref().unwrap(),
                listener.as_str().unwrap(),
                request.target
            ),
            None => request.target.clone(),
        };
        text += &format!("{} {target} {status} {body}\n", request.method);
    }
    Ok(text.into_bytes())
}

/// Answers by method and address, each once.
struct Plain(Mutex<Vec<Option<Interaction>>>);

impl Tape for Plain {
    fn answer(&self, asked: &Asked<'_>) -> Result<Response<Bytes>, Miss> {
        let recorded = asked.recorded();
        let mut left = self.0.lock().unwrap();
        let found = left.iter_mut().find(|place| {
            place.as_ref().is_some_and(|interaction| {
                interaction.request.method == recorded.method
                    && interaction.request.url() == recorded.url()
            })
        });
        match found.and_then(Option::take) {
            Some(interaction) => Ok(interaction.response().unwrap().to_http().unwrap()),
            None => Err(Miss::Unmatched(TransportError::new(
                Mishap::Other,
                format!(
                    "{} {}: expected a recorded request like it, got none",
                    recorded.method,
                    asked.request.uri().path()
                ),
            ))),
        }
    }

    fn unused(&self) -> Vec<String> {
        let left = self.0.lock().unwrap();
        let line = |interaction: &Interaction| interaction.request.url();
        left.iter().flatten().map(line).collect()
    }
}

fn join() -> Join {
    let play = |cassette: Cassette, _mode: Mode| {
        let places = cassette.interactions.into_iter().map(Some).collect();
        Ok(Box::new(Plain(Mutex::new(places))) as Box<dyn Tape>)
    };
    Join::new(read, play, keep)
}

fn session(folder: &Folder, mode: Mode) -> SessionBuilder {
    Session::builder(folder.cassette(), join()).mode(mode)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a transport takes its request"
)]
fn live(request: Request<Bytes>) -> std::future::Ready<Result<Response<Bytes>, TransportError>> {
    ready(Ok(Response::new(Bytes::from(format!(
        "live:{}",
        request.uri().path()
    )))))
}

fn get(target: &str) -> Request<Bytes> {
    Request::get(target).body(Bytes::new()).unwrap()
}

async fn ask(session: &Session, target: &str) -> Result<String, String> {
    match session.send(get(target)).await {
        Ok(answer) => Ok(String::from_utf8(answer.into_body().to_vec()).unwrap()),
        Err(cause) => Err(cause.to_string()),
    }
}

const OLD: &str = "GET http://a/1 200 old:/1\nGET http://a/2 200 old:/2\n";

#[tokio::test]
async fn records_anew_and_replaces_the_old_at_the_end() {
    let folder = Folder::new().with(OLD);
    let session = session(&folder, Mode::Record).live(live).open().unwrap();
    assert_eq!(ask(&session, "http://a/2").await.unwrap(), "live:/2");
    assert_eq!(ask(&session, "http://a/3").await.unwrap(), "live:/3");
    assert_eq!(folder.text(), OLD);
    let summary = session.finish().unwrap();
    assert_eq!(summary.saved, Some(folder.cassette()));
    assert_eq!((summary.recorded, summary.refused), (2, 0));
    assert_eq!(
        folder.text(),
        "GET http://a/2 200 live:/2\nGET http://a/3 200 live:/3\n"
    );
    assert_eq!(
        ask(&session, "http://a/4").await.unwrap_err(),
        "session: expected an open one, got a finished one"
    );
    assert_eq!(session.finish().unwrap_err().kind(), Kind::Input);
}

#[tokio::test]
async fn replays_without_a_network() {
    let folder = Folder::new().with(OLD);
    let touched = Arc::new(AtomicBool::new(false));
    let touches = Arc::clone(&touched);
    let session = session(&folder, Mode::Replay)
        .live(move |request: Request<Bytes>| {
            touches.store(true, Ordering::Relaxed);
            live(request)
        })
        .open()
        .unwrap();
    assert_eq!(ask(&session, "http://a/2").await.unwrap(), "old:/2");
    assert_eq!(
        ask(&session, "http://a/2?token=canary").await.unwrap_err(),
        "GET /2: expected a recorded request like it, got none"
    );
    let summary = session.finish().unwrap();
    assert_eq!(summary.unused, ["http://a/1"]);
    assert_eq!((summary.saved, summary.recorded), (None, 0));
    assert_eq!(folder.text(), OLD);
    assert!(!touched.load(Ordering::Relaxed));
}

#[tokio::test]
async fn records_once() {
    let folder = Folder::new();
    for expected in [Mode::Record, Mode::Replay] {
        let session = session(&folder, Mode::Once).live(live).open().unwrap();
        assert_eq!(session.mode(), expected);
        assert_eq!(ask(&session, "http://a/1").await.unwrap(), "live:/1");
        session.finish().unwrap();
        assert_eq!(folder.text(), "GET http://a/1 200 live:/1\n");
    }
}

#[tokio::test]
async fn adds_what_is_new() {
    let folder = Folder::new().with(OLD);
    let session_one = session(&folder, Mode::New).live(live).open().unwrap();
    assert_eq!(ask(&session_one, "http://a/1").await.unwrap(), "old:/1");
    assert_eq!(ask(&session_one, "http://a/3").await.unwrap(), "live:/3");
    let summary = session_one.finish().unwrap();
    assert_eq!((summary.recorded, summary.unused.len()), (1, 1));
    assert_eq!(folder.text(), format!("{OLD}GET http://a/3 200 live:/3\n"));

    let nothing_new = session(&folder, Mode::New).live(live).open().unwrap();
    assert_eq!(ask(&nothing_new, "http://a/3").await.unwrap(), "live:/3");
    assert_eq!(nothing_new.finish().unwrap().saved, None);

    let first = Folder::new();
    let session = session(&first, Mode::New).live(live).open().unwrap();
    ask(&session, "http://a/3").await.unwrap();
    session.finish().unwrap();
    assert_eq!(first.text(), "GET http://a/3 200 live:/3\n");
}

#[tokio::test]
async fn checks_against_the_live_server() {
    let folder = Folder::new().with("GET http://a/1 200 Token=old\nGET http://a/2 200 x\n");
    let changed = |request: Request<Bytes>| {
        let mut answer = Response::new(Bytes::from_static(b"Auth=new"));
        if request.uri().path() == "/2" {
            return ready(Err(TransportError::new(
                Mishap::Timeout,
                "expected an answer in time",
            )));
        }
        *answer.status_mut() = StatusCode::FORBIDDEN;
        ready(Ok(answer))
    };
    let session = session(&folder, Mode::Check).live(changed).open().unwrap();
    assert_eq!(ask(&session, "http://a/1").await.unwrap(), "Auth=new");
    assert!(ask(&session, "http://a/2").await.is_err());
    ask(&session, "http://a/3").await.unwrap();
    let summary = session.finish().unwrap();
    let shown: Vec<String> = summary
        .checked
        .iter()
        .flat_map(|checked| {
            let line = |drift| format!("{}: {drift}", checked.request);
            checked.drifts.iter().map(line)
        })
        .collect();
    assert_eq!(
        shown,
        [
            "GET /1: breaking: status: expected 200, got 403",
            "GET /2: breaking: answer: expected an answer in time",
            "GET /3: breaking: request: expected a recorded request like it, got none",
        ]
    );
    assert_eq!((summary.saved, summary.recorded), (None, 0));
}

#[test]
fn says_how_to_record_a_missing_cassette() {
    let folder = Folder::new();
    for mode in [Mode::Replay, Mode::Check] {
        let error = session(&folder, mode).live(live).open().unwrap_err();
        assert_eq!(error.kind(), Kind::Input);
        assert_eq!(
            error.to_string(),
            format!(
                "cassette: {}: expected a cassette, got none: record it with \
                 GDATA_AUTH_CASSETTE=record, or with gdata-auth cassette record",
                folder.cassette().display()
            )
        );
    }
    for mode in [Mode::Record, Mode::Once, Mode::New] {
        let error = session(&folder, mode).open().unwrap_err();
        assert!(
            error.to_string().contains("expected a live transport"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn keeps_the_old_cassette_when_saving_is_refused() {
    let folder = Folder::new().with(OLD);
    let leaks = |_: Request<Bytes>| ready(Ok(Response::new(Bytes::from_static(b"leak"))));
    let session = session(&folder, Mode::Record).live(leaks).open().unwrap();
    ask(&session, "http://a/1").await.unwrap();
    for _ in 0..2 {
        assert!(session.finish().unwrap_err().to_string().contains("leak"));
        assert_eq!(folder.text(), OLD);
    }
}

#[tokio::test]
async fn says_that_nothing_was_saved_when_a_test_fails() {
    let folder = Folder::new().with(OLD);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = Arc::clone(&heard);
    let session = session(&folder, Mode::Record)
        .live(live)
        .observer(Arc::new(move |progress| {
            hears.lock().unwrap().push(progress);
        }))
        .open()
        .unwrap();
    ask(&session, "http://a/1").await.unwrap();
    let failed = catch_unwind(AssertUnwindSafe(move || {
        let _session = session;
        panic!("the test fails");
    }));
    assert!(failed.is_err());
    assert_eq!(folder.text(), OLD);
    assert_eq!(
        *heard.lock().unwrap(),
        [
            Progress::Recorded {
                interactions: 1,
                bytes: 20
            },
            Progress::NotSaved {
                path: folder.cassette(),
                interactions: 1
            },
        ]
    );
}

#[tokio::test]
async fn counts_what_did_not_fit() {
    let folder = Folder::new();
    let session = session(&folder, Mode::Record)
        .live(live)
        .bounds(Bounds {
            max_interactions: 1,
            ..Bounds::default()
        })
        .open()
        .unwrap();
    ask(&session, "http://a/1").await.unwrap();
    assert!(ask(&session, "http://a/2").await.is_err());
    let summary = session.finish().unwrap();
    assert_eq!((summary.recorded, summary.refused), (1, 1));
}

fn upstreams(upstream: Option<&str>, hosts: &[&str]) -> Result<Upstreams, Error> {
    Upstreams::new(upstream, hosts)
}

#[test]
fn reads_its_section_of_a_configuration() {
    let settings: RecordSettings = toml::from_str(
        "max-bytes = 10\nupstream = 'https://www.google.com'\nhosts = ['*.googleapis.com']",
    )
    .unwrap();
    assert_eq!(settings.bounds().max_bytes, 10);
    assert_eq!(settings.bounds().max_interactions, 100_000);
    assert_eq!(
        settings.upstreams().unwrap(),
        upstreams(Some("https://www.google.com"), &["*.googleapis.com"]).unwrap()
    );
    assert!(toml::from_str::<RecordSettings>("max_bytes = 10").is_err());
}

#[tokio::test]
async fn goes_to_the_pinned_upstream_and_comes_back() {
    let folder = Folder::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sees = Arc::clone(&seen);
    let google = move |request: Request<Bytes>| {
        sees.lock().unwrap().push(request);
        let mut answer = Response::new(Bytes::from_static(b"moved"));
        let headers = answer.headers_mut();
        for (name, value) in [
            ("location", "https://www.google.com/x/2?a=b#c"),
            ("content-location", "https://other.example/x"),
            (
                "set-cookie",
                "S=1; Domain=.google.com; Path=/; Secure; HttpOnly",
            ),
            ("set-cookie", "T=2"),
            ("connection", "close, x-hop"),
            ("x-hop", "1"),
            ("x-kept", "1"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        ready(Ok(answer))
    };
    let recording = session(&folder, Mode::Record)
        .live(google)
        .upstreams(upstreams(Some("https://www.google.com"), &[]).unwrap())
        .open()
        .unwrap();
    let request = Request::post("/x/1?y='z'")
        .header("Host", "127.0.0.1:8080")
        .header("Connection", "keep-alive, X-Private")
        .header("X-Private", "1")
        .header("Proxy-Authorization", "Basic x")
        .header("TE", "trailers")
        .header("Expect", "100-continue")
        .header("Authorization", "AuthSub token=\"x\"")
        .body(Bytes::from_static(b"a=b"))
        .unwrap();
    let answer = recording.send(request).await.unwrap();
    let shown: Vec<(&str, &str)> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
        .collect();
    assert_eq!(
        shown,
        [
            ("location", "http://127.0.0.1:8080/x/2?a=b#c"),
            ("content-location", "https://other.example/x"),
            ("x-kept", "1"),
            ("set-cookie", "S=1; Path=/; HttpOnly"),
            ("set-cookie", "T=2"),
        ]
    );
    let sent = seen.lock().unwrap().pop().unwrap();
    assert_eq!(sent.uri(), "https://www.google.com/x/1?y='z'");
    assert_eq!(sent.headers()[header::HOST], "www.google.com");
    let mut names: Vec<&str> = sent.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["authorization", "host"]);
    recording.finish().unwrap();
    assert_eq!(
        folder.text(),
        "POST https://www.google.com|http://127.0.0.1:8080/x/1?y='z' 200 moved\n"
    );

    // Replayed at another port, without a word about the upstream.
    let replaying = session(&folder, Mode::Replay).open().unwrap();
    let request = Request::post("/x/1?y='z'")
        .header("Host", "127.0.0.1:9999")
        .body(Bytes::new())
        .unwrap();
    let answer = replaying.send(request).await.unwrap();
    assert_eq!(answer.body(), "moved");
}

#[tokio::test]
async fn keeps_what_the_client_saw_and_what_it_signed() {
    let folder = Folder::new();
    let kept = Arc::new(Mutex::new(Cassette::default()));
    let keeps = Arc::clone(&kept);
    let keep = move |cassette: Cassette| {
        *keeps.lock().unwrap() = cassette;
        Ok(Vec::new())
    };
    let play = |_, _| unreachable!("nothing is replayed");
    let answer = |_: Request<Bytes>| {
        let mut answer = Response::new(Bytes::new());
        let place = "https://www.google.com/x".parse().unwrap();
        answer.headers_mut().insert(header::LOCATION, place);
        ready(Ok(answer))
    };
    let session = Session::builder(folder.cassette(), Join::new(read, play, keep))
        .mode(Mode::Record)
        .live(answer)
        .upstreams(upstreams(Some("https://www.google.com"), &[]).unwrap())
        .open()
        .unwrap();
    let request = Request::get("/x?oauth_token=1")
        .header("Host", "127.0.0.1:8080")
        .header("Connection", "keep-alive")
        .body(Bytes::new())
        .unwrap();
    session.send(request).await.unwrap();
    session.finish().unwrap();
    let cassette = kept.lock().unwrap().clone();
    let interaction = &cassette.interactions[0];
    assert_eq!(interaction.request.target, "/x?oauth_token=1");
    assert_eq!(
        interaction.request.url(),
        "https://www.google.com/x?oauth_token=1"
    );
    assert_eq!(
        interaction.signed_url(),
        "http://127.0.0.1:8080/x?oauth_token=1"
    );
    let expected: Headers = [("host", "127.0.0.1:8080"), ("connection", "keep-alive")]
        .into_iter()
        .collect();
    assert_eq!(interaction.request.headers, expected);
    let response = interaction.response().unwrap();
    assert_eq!(
        response.headers.text("location").as_deref(),
        Some("https://www.google.com/x")
    );
}

#[tokio::test]
async fn lets_a_proxys_client_go_to_listed_hosts_alone() {
    let rows: &[(&str, Option<&str>, &str)] = &[
        ("https://www.google.com/x", None, "https://www.google.com/x"),
        ("http://www.google.com/x", None, "http://www.google.com/x"),
        (
            "https://oauth2.googleapis.com/x",
            None,
            "https://oauth2.googleapis.com/x",
        ),
        ("http://127.0.0.1:8080/x", None, "http://127.0.0.1:8080/x"),
        ("/x", Some("www.google.com"), "https://www.google.com/x"),
        ("/x", Some("www.google.com:80"), "https://www.google.com/x"),
        ("/x", Some("127.0.0.1:8080"), "http://127.0.0.1:8080/x"),
        (
            "https://googleapis.com/x",
            None,
            "! https://googleapis.com: expected a listed host, got another: add --host googleapis.com",
        ),
        (
            "https://www.google.com:8443/x",
            None,
            "! https://www.google.com:8443: expected a listed host, got another: add --host www.google.com",
        ),
        (
            "http://127.0.0.1:8081/x",
            None,
            "! http://127.0.0.1:8081: expected a listed host, got another: add --host 127.0.0.1",
        ),
        (
            "/x",
            Some("127.0.0.1:9"),
            "! http://127.0.0.1:9: expected a listed host or an upstream for it, got neither: add --upstream ORIGIN",
        ),
        (
            "/x",
            None,
            "! http://: expected a listed host or an upstream for it, got neither: add --upstream ORIGIN",
        ),
    ];
    let echo =
        |request: Request<Bytes>| ready(Ok(Response::new(Bytes::from(request.uri().to_string()))));
    let folder = Folder::new();
    let hosts = [
        "www.google.com",
        "*.googleapis.com",
        "http://127.0.0.1:8080",
    ];
    let session = session(&folder, Mode::Record)
        .live(echo)
        .upstreams(upstreams(None, &hosts).unwrap())
        .open()
        .unwrap();
    for (target, host, expected) in rows {
        let mut request = get(target);
        if let Some(host) = host {
            let host = host.parse().unwrap();
            request.headers_mut().insert(header::HOST, host);
        }
        let heard = match session.send(request).await {
            Ok(answer) => String::from_utf8(answer.into_body().to_vec()).unwrap(),
            Err(cause) => format!("! {cause}"),
        };
        assert_eq!(heard, *expected, "{target} {host:?}");
    }
    for wrong in [
        "",
        "*.com",
        "www.google.com/x",
        "ftp://a",
        "user@host",
        "a:80",
    ] {
        let error = upstreams(None, &[wrong]).unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{wrong}");
    }
    assert!(upstreams(Some("www.google.com"), &[]).is_err());
}

#[test]
fn names_cassettes_after_tests() {
    let path = test::named_after(Some("uploads::sends_a_video"), "cassettes").unwrap();
    assert_eq!(path, PathBuf::from("cassettes/uploads/sends_a_video.har"));
    let own = test::named_after(std::thread::current().name(), test::FOLDER);
    if std::thread::current().name() != Some("main") {
        assert_eq!(
            own.unwrap(),
            PathBuf::from("tests/cassettes/names_cassettes_after_tests.har")
        );
    }
    for wrong in [
        None,
        Some("main"),
        Some("tokio-rt-worker"),
        Some("../up"),
        Some("a::"),
        Some(""),
    ] {
        let error = test::named_after(wrong, "cassettes").unwrap_err();
        assert_eq!(error.kind(), Kind::Input, "{wrong:?}");
        assert!(error.to_string().ends_with("give the cassette a name"));
    }
}

#[test]
fn takes_the_mode_from_the_environment() {
    for (mode, ci, expected) in [
        (None, false, Some(Mode::Replay)),
        (None, true, Some(Mode::Replay)),
        (Some("record"), false, Some(Mode::Record)),
        (Some("record"), true, Some(Mode::Record)),
        (Some("check"), true, Some(Mode::Check)),
        (Some("once"), false, Some(Mode::Once)),
        (Some("once"), true, Some(Mode::Replay)),
        (Some("new"), false, Some(Mode::New)),
        (Some("new"), true, Some(Mode::Replay)),
        (Some("Record"), false, None),
    ] {
        let environment = CassetteEnvironment {
            mode: mode.map(str::to_owned),
            ci,
        };
        assert_eq!(test::mode(&environment).ok(), expected, "{environment:?}");
    }
    let wrong = CassetteEnvironment {
        mode: Some("rec".into()),
        ci: false,
    };
    assert_eq!(
        test::mode(&wrong).unwrap_err().to_string(),
        "GDATA_AUTH_CASSETTE: mode: expected one of record, replay, once, new, check, got \"rec\""
    );
}

/// What a client of its own hears from a server over `session`.
async fn over_a_socket(session: Arc<Session>) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = gdata_auth::serve::Server::bind(([127, 0, 0, 1], 0), session)
        .unwrap()
        .spawn()
        .unwrap();
    let address = server.local_addr();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /x HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    server.stop().await.unwrap();
    heard.replace(&address.to_string(), "LISTENER")
}

#[tokio::test]
async fn records_and_replays_a_client_on_a_socket() {
    let folder = Folder::new();
    let google = |request: Request<Bytes>| {
        let mut answer = Response::new(Bytes::from(request.uri().to_string()));
        *answer.status_mut() = StatusCode::FOUND;
        let place = "https://www.google.com/y".parse().unwrap();
        answer.headers_mut().insert(header::LOCATION, place);
        ready(Ok(answer))
    };
    let recording = session(&folder, Mode::Record)
        .live(google)
        .upstreams(upstreams(Some("https://www.google.com"), &[]).unwrap())
        .open()
        .unwrap();
    let recording = Arc::new(recording);
    let heard = over_a_socket(Arc::clone(&recording)).await;
    assert!(heard.starts_with("HTTP/1.1 302 Found\r\n"), "{heard}");
    assert!(
        heard.contains("\r\nlocation: http://LISTENER/y\r\n"),
        "{heard}"
    );
    assert!(
        heard.ends_with("\r\n\r\nhttps://www.google.com/x"),
        "{heard}"
    );
    recording.finish().unwrap();
    assert!(
        folder
            .text()
            .starts_with("GET https://www.google.com|http://127.0.0.1:")
    );
    let replaying = session(&folder, Mode::Replay).open().unwrap();
    let heard = over_a_socket(Arc::new(replaying)).await;
    assert!(
        heard.ends_with("\r\n\r\nhttps://www.google.com/x"),
        "{heard}"
    );
}
