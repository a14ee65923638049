//! Uploads to the emulated YouTube: direct, resumable, from a browser; and changes of what is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::Mutex;

use bytes::Bytes;
use gdata_auth::{
    Error, Kind, Transport,
    authsub::SessionToken,
    client::AuthorizedClient,
    emulator::{Config, Emulator, Era},
    gdata::{
        Entry, Envelope, Feed, atom,
        upload::{
            BrowserReply, ChunkSize, CreateSession, DirectUpload, GetUploadToken, Session,
            SessionGone, UploadToken,
        },
    },
};
use support::world::{UPLOADS, World, authorized, text};

const DIRECT: &str = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
const RESUMABLE: &str =
    "http://uploads.gdata.youtube.com/resumable/feeds/api/users/default/uploads";
const TOKEN: &str = "http://gdata.youtube.com/action/GetUploadToken";
const SCOPES: &str = "http://gdata.youtube.com/ http://uploads.gdata.youtube.com/";
const NEXT: &str = "http://www.example.com/done?lang=en";
const K: usize = ChunkSize::GRANULE;

fn media(length: usize) -> Bytes {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn tides() -> Entry<'static> {
    Entry::new().with(atom::title("Tides"))
}

fn envelope() -> Envelope {
    let envelope = Envelope::new().with_version("2").unwrap();
    envelope.with_developer_key("AI39si-dev").unwrap()
}

fn client(world: &World, token: SessionToken) -> AuthorizedClient<Emulator> {
    AuthorizedClient::new(world.google.clone(), token)
        .with_envelope(envelope())
        .with_stamps(world.stamps())
}

async fn plain(world: &World) -> AuthorizedClient<Emulator> {
    client(world, world.session(&world.link(SCOPES)).await)
}

async fn create(client: &AuthorizedClient<Emulator>, total: usize) -> Session {
    let create = CreateSession::new(RESUMABLE, "video/mp4", total as u64).unwrap();
    let create = create.with_entry(&tides()).unwrap();
    let create = create.with_slug("tides.mp4").unwrap();
    client.run(&create).await.unwrap()
}

async fn send(
    client: &AuthorizedClient<Emulator>,
    session: &Session,
    length: usize,
) -> Result<String, Error> {
    let upload = client
        .upload_resumable(session)
        .chunk_size(ChunkSize::new(K).unwrap());
    let uploaded = upload.send(media(length)).await?;
    Ok(uploaded.entry().title().unwrap().to_owned())
}

async fn titles(world: &World, client: &AuthorizedClient<Emulator>) -> Vec<String> {
    let request = http::Request::get(UPLOADS).body(Bytes::new()).unwrap();
    let answer = client.send(request).await.unwrap();
    assert_eq!(answer.status(), 200, "{}", world.reason());
    let feed = Feed::parse(answer.body()).unwrap();
    let titles = feed.entries().iter().filter_map(Entry::title);
    titles.map(str::to_owned).collect()
}

/// A request with the headers of this file and a token of its own.
async fn raw(
    world: &World,
    token: &SessionToken,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> http::Response<Bytes> {
    let request = request.header("x-gdata-key", "key=AI39si-dev");
    let request = request.body(body.into()).unwrap();
    world.send(authorized(token, request, &world.stamp())).await
}

fn breaking_after(bytes: u64) -> World {
    World::with(|mut config| {
        config.break_uploads_after_bytes = Some(bytes);
        config
    })
}

#[tokio::test]
async fn a_session_takes_chunk_after_chunk_each_of_them_signed() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES).secure(true)).await;
    let client = client(&world, token);
    let session = create(&client, 2 * K + 7).await;
    assert_eq!(
        world.reason(),
        "a session for 524295 bytes of video/mp4, tides.mp4"
    );
    assert!(
        session
            .address()
            .expose()
            .starts_with(&format!("{RESUMABLE}?upload_id="))
    );
    let told = Mutex::new(Vec::new());
    let uploaded = client
        .upload_resumable(&session)
        .chunk_size(ChunkSize::new(K).unwrap())
        .on_progress(|sent, _| told.lock().unwrap().push(sent))
        .send(media(2 * K + 7))
        .await
        .unwrap();
    assert_eq!(uploaded.status(), 201);
    assert_eq!(*told.lock().unwrap(), [262_144, 524_288, 524_295]);
    // The hash is that of `sha1sum`, over the same bytes.
    assert_eq!(
        world.reason(),
        "received 524295 bytes of video/mp4, tides.mp4, \
         sha1 4ac379514e65c04de4f7fbac867238f1d56fa9ad"
    );
    let home = uploaded.location().unwrap();
    assert!(
        home.starts_with("http://gdata.youtube.com/feeds/api/users/ann/uploads/"),
        "{home}"
    );
    assert_eq!(uploaded.entry().edit_url(), Some(home));
    assert_eq!(
        titles(&world, &client).await,
        ["First light", "Harbour", "Tides"]
    );
}

#[tokio::test]
async fn an_upload_that_breaks_off_goes_on_where_it_stood() {
    for after in [0, 1, 100_000, K as u64, 2 * K as u64 + 6] {
        let world = breaking_after(after);
        let token = world.session(&world.link(SCOPES).secure(true)).await;
        let client = client(&world, token);
        let session = create(&client, 2 * K + 7).await;
        let title = send(&client, &session, 2 * K + 7).await.unwrap();
        assert_eq!(title, "Tides");
        assert!(
            world
                .reason()
                .ends_with("sha1 4ac379514e65c04de4f7fbac867238f1d56fa9ad"),
            "{after}"
        );
        let broken = world.google.journal();
        let broken: Vec<_> = broken.iter().filter(|one| one.status() == 503).collect();
        assert_eq!(broken.len(), 1, "{after}");
        assert_eq!(
            broken[0].reason().unwrap(),
            format!(
                "broke off as break_uploads_after_bytes says; {after} of 524295 bytes are here"
            )
        );
    }
}

#[tokio::test]
async fn a_session_that_was_stored_is_resumed_by_another_client() {
    let world = breaking_after(100_000);
    let first = plain(&world).await;
    let session = create(&first, K + 7).await;
    let upload = first.upload_resumable(&session).retries(0);
    let error = upload.send(media(K + 7)).await.unwrap_err();
    assert!(error.is_transient(), "{error}");

    let stored = serde_json::to_string(&session).unwrap();
    let session: Session = serde_json::from_str(&stored).unwrap();
    let second = plain(&world).await;
    let upload = second.upload_resumable(&session);
    assert_eq!(upload.resume(media(K + 7)).await.unwrap().status(), 201);
    // The answer may have been lost: whoever asks again is told again, and there is one video.
    let upload = second.upload_resumable(&session);
    assert_eq!(upload.resume(media(K + 7)).await.unwrap().status(), 201);
    assert_eq!(world.reason(), "the upload was done before");
    assert_eq!(titles(&world, &second).await.len(), 3);
}

#[tokio::test]
async fn a_session_that_is_unknown_or_over_is_gone() {
    let world = World::new();
    let client = plain(&world).await;
    let unknown = Session::new(format!("{RESUMABLE}?upload_id=S1"), "video/mp4", 7).unwrap();
    let error = send(&client, &unknown, 7).await.unwrap_err();
    assert!(SessionGone::is_cause_of(&error), "{error}");
    assert_eq!(world.reason(), "no such session was made here");

    let session = create(&client, 7).await;
    world.pass(7 * 24 * 3_600 - 1);
    assert!(send(&client, &session, 7).await.is_ok());
    let session = create(&client, 7).await;
    world.pass(7 * 24 * 3_600);
    let error = send(&client, &session, 7).await.unwrap_err();
    assert!(SessionGone::is_cause_of(&error), "{error}");
    assert_eq!(world.reason(), "the session has expired");
}

#[tokio::test]
async fn a_session_belongs_to_the_account_that_made_it() {
    let world = World::new();
    let ann = plain(&world).await;
    let session = create(&ann, 7).await;
    // The first account of that domain is Ben's.
    let link = world.link(SCOPES).hd("example.org").unwrap();
    let ben = client(&world, world.session(&link).await);
    let error = send(&ben, &session, 7).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused, "{error}");
    assert!(!SessionGone::is_cause_of(&error), "{error}");
    assert_eq!(world.reason(), "the session belongs to another account");

    let request = http::Request::put(session.address().expose())
        .header("content-range", "bytes 0-6/7")
        .body(media(7))
        .unwrap();
    assert_eq!(world.send(request).await.status(), 401);
    assert!(send(&ann, &session, 7).await.is_ok());
}

#[tokio::test]
async fn a_session_needs_a_developer_key_and_the_words_of_a_video() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let make = |address: &str, entry: &Entry<'_>| {
        let create = CreateSession::new(address, "video/mp4", 7).unwrap();
        create.with_entry(entry).unwrap()
    };
    let bare = AuthorizedClient::new(world.google.clone(), token.clone());
    let error = bare.run(&make(RESUMABLE, &tides())).await.unwrap_err();
    assert!(error.to_string().contains("403"), "{error}");
    assert_eq!(
        world.reason(),
        "the request has no X-GData-Key: key=… header, and no key= in its query"
    );
    let with_key = format!("{RESUMABLE}?key=AI39si-dev");
    assert!(bare.run(&make(&with_key, &tides())).await.is_ok());
    for broken in ["key=", "key=a&key=b", "key=%20"] {
        let address = format!("{RESUMABLE}?{broken}");
        assert!(bare.run(&make(&address, &tides())).await.is_err());
        assert!(!world.reason().is_empty());
    }

    let client = client(&world, token.clone());
    let untitled = Entry::new().with(atom::id("x"));
    let error = client.run(&make(RESUMABLE, &untitled)).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(world.reason(), "media:group/media:title/text(): required");
    let others = RESUMABLE.replace("default", "ben");
    assert!(client.run(&make(&others, &tides())).await.is_err());
    assert_eq!(world.reason(), "uploads go to the account that consented");

    // A PUT without a session is no way to make one.
    let answer = raw(&world, &token, http::Request::put(RESUMABLE), "").await;
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "POST");
}

#[tokio::test]
async fn ranges_are_answered_with_what_is_here() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let session = create(&client(&world, token.clone()), 20).await;
    let address = session.address().expose();
    // Each line: the method, the range, the body; the status, and how many bytes are here then.
    for (method, range, body, status, here) in [
        ("PUT", Some("bytes */20"), 0, 308, None),
        ("PUT", Some("bytes 5-9/20"), 5, 308, None),
        // As gdata-python sends its chunks.
        ("POST", Some("bytes 0-4/20"), 5, 308, Some("bytes=0-4")),
        ("PUT", Some("bytes 0-4/20"), 5, 308, Some("bytes=0-4")),
        ("PUT", Some("bytes 3-9/20"), 7, 308, Some("bytes=0-9")),
        ("PUT", Some("bytes 11-19/20"), 9, 308, Some("bytes=0-9")),
        ("PUT", Some("bytes */20"), 0, 308, Some("bytes=0-9")),
        // Nothing of what follows changes that.
        ("PUT", Some("bytes */21"), 0, 400, None),
        ("PUT", Some("bytes 10-20/21"), 11, 400, None),
        ("PUT", Some("bytes 10-19/20"), 9, 400, None),
        ("PUT", Some("bytes 10-19/20"), 11, 400, None),
        ("PUT", Some("bytes */20"), 1, 400, None),
        ("PUT", Some("bytes */*"), 0, 400, None),
        ("PUT", Some("bytes 19-10/20"), 10, 400, None),
        ("PUT", Some("bytes 10-20/20"), 11, 400, None),
        (
            "PUT",
            Some("bytes 0-18446744073709551614/18446744073709551615"),
            1,
            400,
            None,
        ),
        (
            "PUT",
            Some("bytes 0-99999999999999999999/999999999999999999999"),
            1,
            400,
            None,
        ),
        ("PUT", Some("bytes -1-4/20"), 5, 400, None),
        ("PUT", Some("items 0-4/20"), 5, 400, None),
        ("PUT", Some(""), 5, 400, None),
        ("PUT", None, 5, 400, None),
        ("GET", None, 0, 405, None),
        ("DELETE", None, 0, 405, None),
        ("PUT", Some("bytes 0-19/20"), 20, 201, None),
        ("PUT", Some("bytes */20"), 0, 201, None),
    ] {
        let mut request = http::Request::builder().method(method).uri(address);
        if let Some(range) = range {
            request = request.header("content-range", range);
        }
        let answer = raw(&world, &token, request, media(body)).await;
        let told = answer.headers().get("range").map(|value| value.to_str());
        assert_eq!(
            (answer.status().as_u16(), told.transpose().unwrap()),
            (status, here),
            "{method} {range:?} {body}: {}",
            world.reason()
        );
        assert_eq!(answer.headers().contains_key("location"), status == 201);
        assert!(!world.reason().is_empty());
    }
}

#[tokio::test]
async fn absurd_sessions_are_refused_or_cost_nothing() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let make = |length: &str, kind: &str| {
        http::Request::post(RESUMABLE)
            .header("x-upload-content-length", length)
            .header("x-upload-content-type", kind)
            .header("slug", "tides.mp4")
    };
    for (length, kind, status) in [
        ("18446744073709551615", "video/mp4", 200),
        ("18446744073709551616", "video/mp4", 400),
        ("-1", "video/mp4", 400),
        ("0", "video/mp4", 400),
        ("7", "video", 400),
        ("7", "", 400),
    ] {
        let answer = raw(&world, &token, make(length, kind), "").await;
        assert_eq!(answer.status(), status, "{length} {kind}");
    }
    let answer = raw(&world, &token, make("7", "video/mp4"), "<entry").await;
    assert_eq!(answer.status(), 400);
    for query in ["upload_id=a&upload_id=b", "upload_id=%zz", "upload_id="] {
        let address = format!("{RESUMABLE}?{query}");
        let answer = raw(&world, &token, http::Request::put(&address), "").await;
        assert!(answer.status().is_client_error(), "{query}");
    }
}

#[tokio::test]
async fn a_thousand_sessions_are_kept_and_room_comes_from_those_that_are_over() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let make = || {
        http::Request::post(RESUMABLE)
            .header("x-upload-content-length", "7")
            .header("x-upload-content-type", "video/mp4")
            .header("slug", "tides.mp4")
    };
    for _ in 0..1_000 {
        assert_eq!(raw(&world, &token, make(), "").await.status(), 200);
    }
    assert_eq!(raw(&world, &token, make(), "").await.status(), 503);
    assert_eq!(
        world.reason(),
        "this emulator keeps 1000 sessions, and all of them are open"
    );
    world.pass(7 * 24 * 3_600);
    assert_eq!(raw(&world, &token, make(), "").await.status(), 200);
}

#[tokio::test]
async fn media_alone_is_called_by_its_file_name() {
    let world = World::new();
    let client = plain(&world).await;
    let upload = DirectUpload::new(DIRECT, "video/mp4", media(9)).unwrap();
    let error = client.run(&upload).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused, "{error}");
    let upload = upload.with_slug("Gezeiten, März.mp4").unwrap();
    let uploaded = client.run(&upload).await.unwrap();
    assert_eq!(uploaded.entry().title(), Some("Gezeiten, März.mp4"));
    assert_eq!(
        world.reason(),
        "received 9 bytes of video/mp4, Gezeiten, März.mp4"
    );
}

const REVISED: &str = "<entry xmlns='http://www.w3.org/2005/Atom' \
    xmlns:media='http://search.yahoo.com/mrss/'><media:group><media:title>Ebb</media:title>\
    <media:description>Low water</media:description></media:group></entry>";

#[tokio::test]
async fn put_changes_title_and_description_also_as_a_post() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let client = client(&world, token.clone());
    let upload = DirectUpload::new(DIRECT, "video/mp4", media(9)).unwrap();
    let upload = upload.with_entry(&tides()).unwrap();
    let uploaded = client.run(&upload).await.unwrap();
    let home = uploaded.location().unwrap();
    world.pass(60);
    let ways = [
        http::Request::put(home),
        http::Request::post(home).header("x-http-method-override", "PUT"),
    ];
    for request in ways {
        let request = request.header("content-type", "application/atom+xml; charset=UTF-8");
        let answer = raw(&world, &token, request, REVISED).await;
        assert_eq!(answer.status(), 200, "{}", world.reason());
        let entry = Entry::parse(answer.body()).unwrap();
        assert_eq!(entry.title(), Some("Ebb"));
        assert_eq!(entry.published(), Some("2011-03-13T07:06:40Z"));
        assert_eq!(entry.updated(), Some("2011-03-13T07:07:40Z"));
        assert!(text(&answer).contains("Low water"));
        assert_ne!(answer.headers()["etag"], uploaded.etag().unwrap());
    }
    let put = |body: &'static str, etag: bool| {
        let request = http::Request::put(home).header("content-type", "application/atom+xml");
        let request = match etag {
            true => request.header("if-match", uploaded.etag().unwrap()),
            false => request,
        };
        raw(&world, &token, request, body)
    };
    let answer = put(REVISED, true).await;
    assert_eq!(answer.status(), 412);
    assert!(text(&answer).contains("<code>etagsUnsupported</code>"));
    for torn in ["", "<entry", "<feed xmlns='http://www.w3.org/2005/Atom'/>"] {
        assert_eq!(put(torn, false).await.status(), 400, "{torn}");
    }
    let untitled = "<entry xmlns='http://www.w3.org/2005/Atom'/>";
    assert!(text(&put(untitled, false).await).contains("<code>required</code>"));
    assert!(titles(&world, &client).await.contains(&"Ebb".to_owned()));

    let others = UPLOADS.replace("default", "ben");
    let request = http::Request::get(&others);
    let feed = raw(&world, &token, request, "").await;
    let feed = Feed::parse(feed.body()).unwrap();
    let home = feed.entries()[0].edit_url().unwrap();
    let request = http::Request::put(home).header("content-type", "application/atom+xml");
    assert_eq!(raw(&world, &token, request, REVISED).await.status(), 403);
    assert_eq!(world.reason(), "only the owner changes or deletes a video");
}

#[tokio::test]
async fn with_etags_a_change_of_something_older_is_refused() {
    let world = World::with(|mut config: Config| {
        config.etags = true;
        config
    });
    let client = plain(&world).await;
    let upload = DirectUpload::new(DIRECT, "video/mp4", media(9)).unwrap();
    let upload = upload.with_entry(&tides()).unwrap();
    let uploaded = client.run(&upload).await.unwrap();
    let etag = || Some(gdata_auth::gdata::Etag::new(uploaded.etag().unwrap()).unwrap());
    let replacing = |etag| {
        DirectUpload::new(uploaded.location().unwrap(), "video/webm", media(10))
            .unwrap()
            .replacing(etag)
    };
    let replaced = client.run(&replacing(etag())).await.unwrap();
    assert_eq!(replaced.status(), 200);
    assert_eq!(replaced.entry().title(), Some("Tides"));
    assert_ne!(replaced.etag(), uploaded.etag());
    assert!(client.run(&replacing(etag())).await.is_err());
    assert_eq!(world.reason(), "If-Match: the video has changed since");
    let any = Some(gdata_auth::gdata::Etag::any());
    assert!(client.run(&replacing(any)).await.is_ok());
}

/// A website asks for a form.
async fn form(world: &World) -> UploadToken {
    let client = plain(world).await;
    let exchange = GetUploadToken::at(TOKEN, &tides()).unwrap();
    client.run(&exchange).await.unwrap()
}

/// What a browser sends, as Firefox wrote it.
fn browser(action: &str, fields: &[(&str, &str)]) -> http::Request<Bytes> {
    let mut body = String::new();
    for (name, value) in fields {
        let rest = match *name {
            "file" => "; filename=\"tides.mp4\"\r\nContent-Type: video/mp4",
            _ => "",
        };
        body.push_str(&format!(
            "-----------------------------41184676334\r\n\
             Content-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("-----------------------------41184676334--\r\n");
    let kind = "multipart/form-data; boundary=---------------------------41184676334";
    http::Request::post(action)
        .header("content-type", kind)
        .body(Bytes::from(body))
        .unwrap()
}

fn back(answer: &http::Response<Bytes>) -> BrowserReply {
    assert_eq!(answer.status(), 302);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with(&format!("{NEXT}&status=")),
        "{location}"
    );
    BrowserReply::parse(location).unwrap()
}

#[tokio::test]
async fn a_browser_uploads_once_with_the_token_of_a_website() {
    let world = World::new();
    let token = form(&world).await;
    let url = token.url().expose();
    assert!(
        url.starts_with("http://uploads.gdata.youtube.com/action/FormDataUpload/"),
        "{url}"
    );
    let action = token.form(NEXT).unwrap().action().expose().to_owned();
    let secret = token.token().expose();
    let failed = |status, code: &str| BrowserReply::Failed {
        status,
        code: Some(code.to_owned()),
    };
    // None of these spends the token.
    for (fields, status, code) in [
        (vec![("file", "media")], 403, "InvalidToken"),
        (vec![("token", "x"), ("file", "media")], 403, "InvalidToken"),
        (vec![("token", secret)], 400, "InvalidRequest"),
        (vec![("token", secret), ("file", "")], 400, "InvalidRequest"),
    ] {
        let answer = world.send(browser(&action, &fields)).await;
        assert_eq!(back(&answer), failed(status, code), "{fields:?}");
    }
    let whole = browser(&action, &[("token", secret), ("file", "media")]);
    for length in [0, 1, 60, 200, whole.body().len() - 5] {
        let mut torn = whole.clone();
        *torn.body_mut() = whole.body().slice(..length);
        let answer = world.send(torn).await;
        assert_eq!(back(&answer), failed(400, "InvalidRequest"), "{length}");
    }

    let answer = world.send(whole.clone()).await;
    let BrowserReply::Uploaded { id } = back(&answer) else {
        panic!("{}", world.reason());
    };
    assert_eq!(
        world.reason(),
        "received 5 bytes of video/mp4, tides.mp4 from a browser"
    );
    let address = format!("http://gdata.youtube.com/feeds/api/videos/{id}");
    let video = http::Request::get(address).body(Bytes::new()).unwrap();
    let video = world.send(video).await;
    assert_eq!(Entry::parse(video.body()).unwrap().title(), Some("Tides"));

    let again = world.send(whole).await;
    assert_eq!(back(&again), failed(403, "InvalidToken"));
    assert_eq!(world.reason(), "the token was spent before");
    let shown = format!("{:?}", world.google.journal());
    assert!(!shown.contains(secret), "a token stands in the journal");
}

#[tokio::test]
async fn a_form_leads_back_only_to_an_absolute_address_and_only_in_its_time() {
    let world = World::new();
    let token = form(&world).await;
    let (url, secret) = (token.url().expose(), token.token().expose());
    let fields = [("token", secret), ("file", "media")];
    for query in [
        "",
        "?nexturl=",
        "?nexturl=%2Fdone",
        "?nexturl=%2F%2Fwww.example.com%2Fdone",
        "?nexturl=javascript%3Aalert(1)",
        "?nexturl=ftp%3A%2F%2Fwww.example.com%2F",
        "?nexturl=http%3A%2F%2Fwww.example.com%2F%0D%0ASet-Cookie%3A%20a",
        "?nexturl=http%3A%2F%2Fwww.example.com%2F%C3%A4",
        "?nexturl=http%3A%2F%2Fa%2F&nexturl=http%3A%2F%2Fb%2F",
    ] {
        let answer = world.send(browser(&format!("{url}{query}"), &fields)).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert!(!answer.headers().contains_key("location"));
    }
    // Whoever has no form is led nowhere.
    let action = token.form(NEXT).unwrap().action().expose().to_owned();
    let stray = action.replace("FormDataUpload/", "FormDataUpload/x");
    assert_eq!(world.send(browser(&stray, &fields)).await.status(), 404);

    let mut wrong = browser(&action, &fields);
    let related = "multipart/related; boundary=---------------------------41184676334";
    wrong
        .headers_mut()
        .insert("content-type", related.parse().unwrap());
    let answer = world.send(wrong).await;
    assert!(matches!(
        back(&answer),
        BrowserReply::Failed { status: 400, .. }
    ));

    world.pass(3_600);
    let answer = world.send(browser(&action, &fields)).await;
    assert_eq!(
        back(&answer),
        BrowserReply::Failed {
            status: 403,
            code: Some("TokenExpired".to_owned())
        }
    );
}

#[tokio::test]
async fn a_website_gets_no_form_without_a_credential_a_key_and_an_entry() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let exchange = GetUploadToken::at(TOKEN, &tides()).unwrap();
    let bare = AuthorizedClient::new(world.google.clone(), token.clone());
    assert!(bare.run(&exchange).await.is_err());
    assert!(world.reason().contains("X-GData-Key"), "{}", world.reason());
    for body in ["", "<entry", "<entry xmlns='http://www.w3.org/2005/Atom'/>"] {
        let answer = raw(&world, &token, http::Request::post(TOKEN), body).await;
        assert_eq!(answer.status(), 400, "{body}");
    }
    assert_eq!(
        raw(&world, &token, http::Request::get(TOKEN), "")
            .await
            .status(),
        405
    );
    let request = http::Request::post(TOKEN).body(Bytes::new()).unwrap();
    assert_eq!(world.send(request).await.status(), 401);

    let answer = raw(
        &world,
        &token,
        http::Request::post(TOKEN),
        tides().to_xml().unwrap(),
    )
    .await;
    let body = text(&answer);
    assert!(
        body.contains("<response><url>http://uploads.gdata.youtube.com/action/FormDataUpload/"),
        "{body}"
    );
}

#[tokio::test]
async fn on_a_loopback_address_every_upload_stays_there() {
    let world = World::new();
    let token = world.session(&world.link(SCOPES)).await;
    let post = |path: &str| {
        http::Request::post(path)
            .header("host", "127.0.0.1:8080")
            .header("x-upload-content-length", "7")
            .header("x-upload-content-type", "video/mp4")
    };
    let entry = tides().to_xml().unwrap();
    let path = "/resumable/feeds/api/users/default/uploads";
    let answer = raw(&world, &token, post(path), entry.clone()).await;
    assert_eq!(answer.status(), 200, "{}", world.reason());
    let location = answer.headers()["location"].to_str().unwrap();
    let home = format!("http://127.0.0.1:8080{path}?upload_id=");
    assert!(location.starts_with(&home), "{location}");

    let answer = raw(&world, &token, post("/action/GetUploadToken"), entry).await;
    let form = UploadToken::parse(answer.body()).unwrap();
    let home = "http://127.0.0.1:8080/action/FormDataUpload/";
    assert!(form.url().expose().starts_with(home));
}

#[tokio::test]
async fn after_the_shutdown_no_upload_is_taken() {
    let world = World::with(|config| config.in_era(Era::AfterShutdown));
    for address in [DIRECT, RESUMABLE, TOKEN] {
        let request = http::Request::post(address).body(Bytes::new()).unwrap();
        assert_eq!(world.send(request).await.status(), 410, "{address}");
    }
}

#[test]
fn the_switches_of_the_documentation_are_all_there_are() {
    let documentation = include_str!("../docs/emulator.md");
    let (_, behind) = documentation.split_once("```toml\n").unwrap();
    let (example, _) = behind.split_once("```").unwrap();
    let config: Config = toml::from_str(example).unwrap();
    assert_eq!(config.break_uploads_after_bytes, Some(1));
    let shown = format!("{config:#?}");
    let indent = |line: &&str| line.starts_with("    ") && !line.starts_with("     ");
    for line in shown.lines().filter(indent) {
        let Some((field, _)) = line.trim().split_once(':') else {
            continue;
        };
        let named = [format!("{field} = "), format!("[[{field}]]")];
        assert!(
            named.iter().any(|name| example.contains(name)),
            "{field} is not documented"
        );
    }
}

#[rustfmt::skip]
async fn the_example() -> Result<(), Box<dyn std::error::Error>> {
    let mut config = Config::new();
    config.break_uploads_after_bytes = Some(300_000);
    let google = Emulator::with(config)?;

    let token = SessionToken::new(google.issue_session_token(SCOPES)?)?;
    let client = AuthorizedClient::new(google.clone(), token).with_envelope(envelope());
    let create = CreateSession::new(RESUMABLE, "video/mp4", 400_000)?.with_entry(&tides())?;
    let session = client.run(&create).await?;
    // Breaks off once, is asked what has arrived, and goes on.
    client.upload_resumable(&session).send(media(400_000)).await?;

    assert!(google.journal().iter().any(|entry| entry.status() == 503));
    Ok(())
}

#[tokio::test]
async fn the_example_of_the_documentation_runs_as_it_stands() {
    the_example().await.unwrap();
    let documentation = include_str!("../docs/emulator.md");
    let (_, behind) = documentation.split_once("```rust\n").unwrap();
    let (example, _) = behind.split_once("```").unwrap();
    let lines = include_str!("emulator_uploads.rs").lines();
    let this_file: String = lines.map(|line| format!("{}\n", line.trim())).collect();
    assert!(this_file.contains(example));
}
