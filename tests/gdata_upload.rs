//! Uploads as they stand on the wire: direct, resumable, from a browser.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error as StdError;

use bytes::Bytes;
use gdata_auth::{
    Advice, Error, Exchange, Kind,
    gdata::{
        Entry, Etag, atom,
        upload::{
            BrowserReply, Chunk, ChunkSize, ContentRange, CreateSession, DirectUpload,
            GetUploadToken, Probe, Progress, Received, Session, SessionGone, Slug, UploadToken,
            Uploaded,
        },
    },
};
use http::{HeaderMap, HeaderValue, Request, Response};
use proptest::prelude::*;

const UPLOADS: &str = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
const CREATE: &str = "https://docs.google.com/feeds/upload/create-session/default/private/full";
const SESSION: &str =
    "https://docs.google.com/feeds/upload/create-session/default/private/full?upload_id=AEnB2UqRR";
const MADE: &str = "<entry xmlns='http://www.w3.org/2005/Atom' \
    xmlns:gd='http://schemas.google.com/g/2005' gd:etag='W/&quot;x.&quot;'><title>Tides</title></entry>";

fn entry() -> Entry<'static> {
    Entry::new().with(atom::title("Tides"))
}

fn session(total: u64) -> Session {
    Session::new(SESSION, "video/mp4", total).unwrap()
}

/// A request as HTTP/1.1 writes it, the body as text.
fn wire(request: &Request<Bytes>) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\n", value.to_str().unwrap());
    }
    format!("{text}\n{}", String::from_utf8_lossy(request.body()))
}

fn reply(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response<Bytes> {
    let mut reply = Response::builder().status(status);
    for (name, value) in headers {
        reply = reply.header(*name, *value);
    }
    reply.body(Bytes::from(body)).unwrap()
}

fn chain(error: &Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = StdError::source(error);
    while let Some(error) = cause {
        text += &format!(" {error} {error:?}");
        cause = error.source();
    }
    text
}

#[test]
fn a_direct_upload_is_an_entry_and_the_media() {
    let upload = DirectUpload::new(UPLOADS, "video/mp4", "\r\n--gdata-part-00000000--")
        .unwrap()
        .with_entry(&entry())
        .unwrap()
        .with_slug("tides 1.mp4")
        .unwrap();
    assert_eq!(
        wire(&upload.request()),
        "POST http://uploads.gdata.youtube.com/feeds/api/users/default/uploads\n\
         slug: tides 1.mp4\n\
         content-type: multipart/related; boundary=gdata-part-00000001\n\n\
         --gdata-part-00000001\r\nContent-Type: application/atom+xml; charset=UTF-8\r\n\r\n\
         <?xml version='1.0' encoding='UTF-8'?><entry xmlns='http://www.w3.org/2005/Atom'>\
         <title>Tides</title></entry>\r\n\
         --gdata-part-00000001\r\nContent-Type: video/mp4\r\n\r\n\
         \r\n--gdata-part-00000000--\r\n\
         --gdata-part-00000001--\r\n"
    );
    let read = DirectUpload::read(&upload.request()).unwrap();
    assert_eq!(read, upload);
    assert_eq!(read.entry().unwrap().title(), Some("Tides"));
    assert_eq!(read.slug().map(Slug::as_str), Some("tides 1.mp4"));
    assert_eq!(read.media(), "\r\n--gdata-part-00000000--");
}

#[test]
fn media_alone_needs_no_parts_and_may_replace_what_is_there() {
    let etag = Etag::new("\"A1IMUw5dByt7ImBk\"").unwrap();
    let upload = DirectUpload::new(
        "https://docs.google.com/feeds/default/media/document%3A1yDD",
        "application/vnd.oasis.opendocument.text",
        "odt",
    )
    .unwrap()
    .replacing(Some(etag));
    assert_eq!(
        wire(&upload.request()),
        "PUT https://docs.google.com/feeds/default/media/document%3A1yDD\n\
         if-match: \"A1IMUw5dByt7ImBk\"\n\
         content-type: application/vnd.oasis.opendocument.text\n\nodt"
    );
    assert_eq!(DirectUpload::read(&upload.request()).unwrap(), upload);

    let mut posted = upload.request();
    *posted.method_mut() = http::Method::POST;
    posted
        .headers_mut()
        .insert("x-http-method-override", HeaderValue::from_static("PUT"));
    assert!(DirectUpload::read(&posted).unwrap().is_replacing());
}

#[test]
fn a_direct_upload_ends_with_the_entry_and_where_it_is() {
    let upload = DirectUpload::new(UPLOADS, "video/mp4", "x").unwrap();
    let place = "https://gdata.youtube.com/feeds/api/users/x/uploads/1";
    let made = upload
        .parse(&reply(201, &[("location", place)], MADE))
        .unwrap();
    assert_eq!(made.entry().title(), Some("Tides"));
    assert_eq!(made.location(), Some(place));
    assert_eq!(made.etag(), Some("W/\"x.\""));
    assert_eq!(made.status(), 201);

    for (answer, kind) in [
        (reply(201, &[], ""), Kind::Reply),
        (reply(201, &[], "<feed/>"), Kind::Reply),
        (reply(204, &[], ""), Kind::Reply),
        (reply(302, &[("location", "/x")], ""), Kind::Refused),
        (reply(503, &[], ""), Kind::Refused),
        (
            reply(
                403,
                &[],
                "<errors><error><domain>yt:quota</domain><code>too_many_recent_calls</code></error></errors>",
            ),
            Kind::Quota,
        ),
    ] {
        let error = upload.parse(&answer).unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn refuses_uploads_that_cannot_be_sent_or_read() {
    for upload in [
        DirectUpload::new("/uploads", "video/mp4", "x"),
        DirectUpload::new("ftp://a.test/", "video/mp4", "x"),
        DirectUpload::new(UPLOADS, "video", "x"),
        DirectUpload::new(UPLOADS, "video/mp4\r\nx: y", "x"),
        DirectUpload::new(UPLOADS, "video/mp4", ""),
    ] {
        assert_eq!(upload.unwrap_err().kind(), Kind::Input);
    }
    let related = "multipart/related; boundary=b";
    let part = "--b\r\n\r\n<entry/>\r\n";
    for (method, content_type, body) in [
        ("GET", "video/mp4", "x".to_owned()),
        ("POST", "video/mp4", String::new()),
        ("POST", "", "x".to_owned()),
        ("POST", related, format!("{part}--b--")),
        ("POST", related, format!("{part}{part}{part}--b--")),
        ("POST", related, format!("{part}--b\r\n\r\n\r\n--b--")),
        (
            "POST",
            related,
            "--b\r\n\r\n<feed/>\r\n--b\r\n\r\nx\r\n--b--".to_owned(),
        ),
        ("POST", related, format!("{part}{part}")),
        (
            "POST",
            related,
            format!("{part}--b\r\nContent-Type: video\r\n\r\nx\r\n--b--"),
        ),
    ] {
        let request = Request::builder()
            .method(method)
            .uri("/uploads")
            .header("content-type", content_type)
            .body(Bytes::from(body.clone()))
            .unwrap();
        let error = DirectUpload::read(&request).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{body}");
    }
}

#[test]
fn a_session_is_asked_for_with_what_is_to_come() {
    let create = CreateSession::new(CREATE, "video/x-theora+ogg", 96_839)
        .unwrap()
        .with_entry(&entry())
        .unwrap()
        .with_slug("sample.ogg")
        .unwrap();
    assert_eq!(
        wire(&create.request()),
        "POST https://docs.google.com/feeds/upload/create-session/default/private/full\n\
         slug: sample.ogg\n\
         x-upload-content-type: video/x-theora+ogg\n\
         x-upload-content-length: 96839\n\
         content-type: application/atom+xml; charset=UTF-8\n\n\
         <?xml version='1.0' encoding='UTF-8'?><entry xmlns='http://www.w3.org/2005/Atom'>\
         <title>Tides</title></entry>"
    );
    assert_eq!(CreateSession::read(&create.request()).unwrap(), create);

    let update = CreateSession::new(CREATE, "video/mp4", 8_649)
        .unwrap()
        .replacing(Some(Etag::new("\"A1\"").unwrap()));
    assert_eq!(
        wire(&update.request()),
        "PUT https://docs.google.com/feeds/upload/create-session/default/private/full\n\
         if-match: \"A1\"\n\
         x-upload-content-type: video/mp4\n\
         x-upload-content-length: 8649\n\
         content-length: 0\n\n"
    );
    let read = CreateSession::read(&update.request()).unwrap();
    assert_eq!(read, update);
    assert_eq!((read.total(), read.is_replacing()), (8_649, true));
}

#[test]
fn a_session_stays_at_the_origin_that_was_asked() {
    let create = CreateSession::new(CREATE, "video/mp4", 9).unwrap();
    for (location, address) in [
        (SESSION, SESSION),
        (
            "/feeds/upload?upload_id=7",
            "https://docs.google.com/feeds/upload?upload_id=7",
        ),
        (
            "?upload_id=7",
            "https://docs.google.com/feeds/upload/create-session/default/private/full?upload_id=7",
        ),
    ] {
        let answer = reply(200, &[("location", location)], "");
        let session = create.parse(&answer).unwrap();
        assert_eq!(session.address().expose(), address);
        assert_eq!((session.content_type(), session.total()), ("video/mp4", 9));
    }
    for answer in [
        reply(200, &[], ""),
        reply(200, &[("location", "https://evil.test/?upload_id=1")], ""),
        reply(
            200,
            &[("location", "http://docs.google.com/?upload_id=1")],
            "",
        ),
        reply(200, &[("location", "//evil.test/")], ""),
        reply(200, &[("location", "javascript:alert(1)")], ""),
        reply(204, &[("location", SESSION)], ""),
    ] {
        assert_eq!(create.parse(&answer).unwrap_err().kind(), Kind::Reply);
    }
    let refused = create.parse(&reply(412, &[], "")).unwrap_err();
    assert_eq!(refused.kind(), Kind::Refused);
}

#[test]
fn refuses_sessions_that_were_not_asked_for_in_full() {
    let good = CreateSession::new(CREATE, "video/mp4", 9)
        .unwrap()
        .request();
    for (name, value) in [
        ("x-upload-content-type", None),
        ("x-upload-content-type", Some("")),
        ("x-upload-content-length", None),
        ("x-upload-content-length", Some("0")),
        ("x-upload-content-length", Some("+9")),
        ("x-upload-content-length", Some("99999999999999999999")),
        ("if-match", Some("W/x")),
    ] {
        let mut request = good.clone();
        match value {
            Some(value) => request.headers_mut().insert(name, value.parse().unwrap()),
            None => request.headers_mut().remove(name),
        };
        let error = CreateSession::read(&request).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{name} {value:?}");
    }
    assert!(CreateSession::new(CREATE, "video/mp4", 0).is_err());
}

#[test]
fn a_session_is_stored_whole_and_shown_without_its_key() {
    let session = session(20_000_000);
    let stored = serde_json::to_string(&session).unwrap();
    assert_eq!(
        stored,
        format!(r#"{{"address":"{SESSION}","content_type":"video/mp4","total":20000000}}"#)
    );
    assert_eq!(serde_json::from_str::<Session>(&stored).unwrap(), session);
    let chunk = Chunk::new(&session, 0, Bytes::from(vec![0; ChunkSize::GRANULE])).unwrap();
    for shown in [
        format!("{session:?}"),
        format!("{session:#?}"),
        format!("{chunk:?}"),
        format!("{:?}", Probe::new(&session)),
    ] {
        assert!(!shown.contains("AEnB2U"), "{shown}");
        assert!(shown.contains("docs.google.com/feeds"), "{shown}");
    }
    for broken in [
        r#"{"address":"/x","content_type":"video/mp4","total":1}"#,
        r#"{"address":"https://a.test/","content_type":"video","total":1}"#,
        r#"{"address":"https://a.test/","content_type":"video/mp4","total":0}"#,
    ] {
        let error = serde_json::from_str::<Session>(broken).unwrap_err();
        assert!(error.to_string().contains("expected"), "{error}");
    }
}

#[test]
fn chunks_and_probes_say_which_bytes_they_are() {
    let bytes = Bytes::from(vec![b'x'; ChunkSize::GRANULE]);
    let session = session(262_145);
    let first = Chunk::new(&session, 0, bytes).unwrap().request();
    assert_eq!(first.method(), "PUT");
    assert_eq!(first.uri(), SESSION);
    assert_eq!(first.headers()["content-range"], "bytes 0-262143/262145");
    assert_eq!(first.headers()["content-type"], "video/mp4");
    let last = Chunk::new(&session, 262_144, Bytes::from("y")).unwrap();
    assert_eq!(
        wire(&last.request()),
        format!(
            "PUT {SESSION}\ncontent-range: bytes 262144-262144/262145\ncontent-type: video/mp4\n\ny"
        )
    );
    assert_eq!(
        wire(&Probe::new(&session).request()),
        format!("PUT {SESSION}\ncontent-range: bytes */262145\ncontent-length: 0\n\n")
    );
    for (offset, length) in [
        (0, 1),
        (0, 262_146),
        (262_145, 1),
        (1, 262_143),
        (u64::MAX, 1),
    ] {
        let chunk = Chunk::new(&session, offset, Bytes::from(vec![0; length]));
        assert_eq!(chunk.unwrap_err().kind(), Kind::Input, "{offset} {length}");
    }
    assert!(Chunk::new(&session, 0, Bytes::new()).is_err());
    assert!(ChunkSize::new(0).is_err());
    assert!(ChunkSize::new(ChunkSize::GRANULE + 1).is_err());
    assert_eq!(ChunkSize::default().bytes(), 8 << 20);
}

#[test]
fn a_308_tells_how_much_has_arrived() {
    let chunk = Chunk::new(&session(262_145), 0, Bytes::from(vec![0; 262_144])).unwrap();
    let received = |received| Ok(Progress::Incomplete { received });
    for (headers, expected) in [
        (&[][..], received(0)),
        (&[("range", "bytes=0-0")], received(1)),
        (&[("range", "bytes=0-262143")], received(262_144)),
        (&[("range", "0-99")], received(100)),
        (&[("Range", "bytes 0-99")], received(100)),
        (&[("range", "bytes=0-262144")], Err(Kind::Reply)),
        (&[("range", "bytes=1-99")], Err(Kind::Reply)),
        (&[("range", "bytes=0-")], Err(Kind::Reply)),
        (
            &[("range", "bytes=0-18446744073709551615")],
            Err(Kind::Reply),
        ),
        (&[("range", "bytes=-5")], Err(Kind::Reply)),
        (&[("range", "")], Err(Kind::Reply)),
        (
            &[("range", "bytes=0-99"), ("location", "https://a.test/")],
            Err(Kind::Refused),
        ),
    ] {
        let read = chunk.parse(&reply(308, headers, ""));
        assert_eq!(read.map_err(|error| error.kind()), expected, "{headers:?}");
    }
    let done = chunk.parse(&reply(200, &[], MADE)).unwrap();
    let Progress::Complete(uploaded) = done else {
        panic!("{done:?}");
    };
    assert_eq!(uploaded.into_entry().title(), Some("Tides"));
}

#[test]
fn an_unknown_session_says_to_start_anew() {
    let probe = Probe::new(&session(9));
    for status in [404, 410] {
        let error = probe.parse(&reply(status, &[], "")).unwrap_err();
        assert!(SessionGone::is_cause_of(&error));
        assert_eq!(error.kind(), Kind::Refused);
        assert_eq!(error.advice(), Advice::Retry { after: None });
        assert!(!error.is_transient());
        assert!(
            error.to_string().starts_with(
                "the upload session is gone: create a new one and send the media from its start ("
            ),
            "{error}"
        );
        assert!(!chain(&error).contains("AEnB2U"));
    }
    for (status, kind, transient) in [
        (401, Kind::Revoked, false),
        (500, Kind::Refused, true),
        (503, Kind::Refused, true),
        (206, Kind::Reply, false),
    ] {
        let error = probe.parse(&reply(status, &[], "")).unwrap_err();
        assert_eq!((error.kind(), error.is_transient()), (kind, transient));
        assert!(!SessionGone::is_cause_of(&error));
    }
}

#[test]
fn ranges_are_read_as_they_are_printed() {
    for text in [
        "bytes 0-8032/8033",
        "bytes 5-5/6",
        "bytes */8033",
        "bytes */0",
    ] {
        assert_eq!(text.parse::<ContentRange>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "bytes",
        "bytes 0-1",
        "bytes 2-1/3",
        "bytes 0-3/3",
        "bytes 0-1/*",
        "bytes -1-2/9",
        "bytes +1-2/9",
        "octets 0-1/9",
        "bytes 0-1/99999999999999999999",
        "bytes\u{e9}0-1/9",
    ] {
        assert_eq!(
            text.parse::<ContentRange>().unwrap_err().kind(),
            Kind::Reply,
            "{text}"
        );
    }
    assert_eq!(Received(0).header(), None);
    assert_eq!(Received(4_096).header().unwrap(), "bytes=0-4095");
    assert!(ContentRange::read(&HeaderMap::new()).is_err());
}

#[test]
fn a_token_for_a_browser_is_asked_for_with_the_entry() {
    let exchange = GetUploadToken::new(&entry()).unwrap();
    assert_eq!(
        wire(&exchange.request()),
        "POST https://gdata.youtube.com/action/GetUploadToken\n\
         content-type: application/atom+xml; charset=UTF-8\n\n\
         <?xml version='1.0' encoding='UTF-8'?><entry xmlns='http://www.w3.org/2005/Atom'>\
         <title>Tides</title></entry>"
    );
    for body in [
        "<?xml version='1.0' encoding='UTF-8'?><response><url>http://u.test/f/A</url><token>T0k</token></response>",
        "<any xmlns='urn:x'><other/><token> T0k\n</token><url>http://u.test/f/A</url></any>",
    ] {
        let token = exchange.parse(&reply(200, &[], body)).unwrap();
        assert_eq!(token.url().expose(), "http://u.test/f/A");
        assert_eq!(token.token().expose(), "T0k");
        assert_eq!(format!("{token:?}"), "UploadToken");
        assert_eq!(
            UploadToken::parse(token.to_xml().unwrap().as_bytes()).unwrap(),
            token
        );
    }
    for body in [
        "",
        "<response/>",
        "<response><url>http://u.test/</url></response>",
        "<response><url>http://u.test/</url><token/></response>",
        "<response><url>javascript:alert(1)</url><token>x</token></response>",
        "<response><url>/action</url><token>x</token></response>",
        "<response><x><url>http://u.test/</url><token>x</token></x></response>",
    ] {
        let error = exchange.parse(&reply(200, &[], body)).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply, "{body}");
    }
    assert_eq!(
        exchange.parse(&reply(401, &[], "")).unwrap_err().kind(),
        Kind::Revoked
    );
}

#[test]
fn the_form_escapes_what_it_holds_and_comes_back_to_the_site() {
    let token = UploadToken::new("http://u.test/f?a=1&b=\"", "T<0>\"k&");
    assert!(token.is_err(), "a quote is no part of an address");
    let token = UploadToken::new("http://u.test/f?a=1&b=2", "T<0>\"k&").unwrap();
    let form = token.form("https://www.example.com/done?x=1&y=2").unwrap();
    assert_eq!(
        form.action().expose(),
        "http://u.test/f?a=1&b=2&nexturl=https%3A%2F%2Fwww.example.com%2Fdone%3Fx%3D1%26y%3D2"
    );
    assert_eq!(
        form.to_html(),
        "<form method=\"post\" enctype=\"multipart/form-data\" action=\"http://u.test/f?a=1&amp;b=2&amp;\
         nexturl=https%3A%2F%2Fwww.example.com%2Fdone%3Fx%3D1%26y%3D2\">\n\
         <input type=\"hidden\" name=\"token\" value=\"T&lt;0&gt;&quot;k&amp;\">\n\
         <input type=\"file\" name=\"file\" required>\n\
         <button type=\"submit\">Upload</button>\n</form>\n"
    );
    assert_eq!(token.form("/done").unwrap_err().kind(), Kind::Input);
    assert!(!format!("{form:?}").contains("T<0>"));
}

#[test]
fn tells_a_visitor_who_succeeded_from_one_who_failed() {
    let failed = |status, code: Option<&str>| BrowserReply::Failed {
        status,
        code: code.map(str::to_owned),
    };
    for (address, expected) in [
        (
            "http://www.example.com/done?x=1&status=200&id=Tides_00001#top",
            BrowserReply::Uploaded {
                id: "Tides_00001".to_owned(),
            },
        ),
        (
            "?status=403&code=too_long%20a",
            failed(403, Some("too_long a")),
        ),
        ("?status=500", failed(500, None)),
        ("?status=403&id=x&code=", failed(403, None)),
    ] {
        assert_eq!(BrowserReply::parse(address).unwrap(), expected);
        let next = "https://www.example.com/done?lang=en#form";
        assert_eq!(
            BrowserReply::parse(&expected.redirect(next)).unwrap(),
            expected
        );
    }
    assert_eq!(
        failed(403, Some("a&b")).redirect("http://www.example.com/done"),
        "http://www.example.com/done?status=403&code=a%26b"
    );
    for address in [
        "http://www.example.com/done",
        "?status=",
        "?status=ok&id=1",
        "?status=+20&id=1",
        "?status=200",
        "?status=200&id=",
        "?status=200&status=403&id=1",
        "?status=200&id=1&id=2",
        "?status=200&id=%zz",
    ] {
        assert_eq!(
            BrowserReply::parse(address).unwrap_err().kind(),
            Kind::Reply,
            "{address}"
        );
    }
}

#[test]
fn a_slug_travels_as_ascii() {
    let header = |name: &str| Slug::new(name).unwrap().header();
    assert_eq!(header("tides.mp4"), "tides.mp4");
    assert_eq!(header("50%.mp4"), "50%25.mp4");
    assert_eq!(header("M\u{e4}rz"), "M%C3%A4rz");
    for name in ["", " x", "a\nb", "a\u{7}"] {
        assert_eq!(Slug::new(name).unwrap_err().kind(), Kind::Input);
    }
    let read = |value: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert("slug", HeaderValue::from_bytes(value).unwrap());
        Slug::read(&headers).map(|slug| slug.as_str().to_owned())
    };
    assert_eq!(
        read(b"M%C3%A4rz 50%.mp4").as_deref(),
        Some("M\u{e4}rz 50%.mp4")
    );
    assert_eq!(read("M\u{e4}rz".as_bytes()).as_deref(), Some("M\u{e4}rz"));
    assert_eq!(read(b"a%0Ab"), None);
    assert_eq!(read(b""), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slug_is_read_as_it_was_printed(name in "[^\\p{Cc}\\s][^\\p{Cc}]{0,20}[^\\p{Cc}\\s]") {
        let slug = Slug::new(name).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("slug", slug.header());
        prop_assert_eq!(Slug::read(&headers), Some(slug));
    }

    #[test]
    fn ranges_survive_the_wire(first in 0..u64::MAX / 2, length in 1..1_u64 << 40, more in 0..1_u64 << 40) {
        let range = ContentRange::bytes(first, length, first + length + more).unwrap();
        prop_assert_eq!(range.to_string().parse::<ContentRange>().unwrap(), range);
        let mut headers = HeaderMap::new();
        headers.insert("range", Received(length).header().unwrap());
        prop_assert_eq!(Received::read(&headers).unwrap(), Received(length));
    }

    #[test]
    fn no_range_and_no_reply_makes_a_panic(text in "\\PC{0,30}", status in 100_u16..600) {
        let _any = text.parse::<ContentRange>();
        let _any = BrowserReply::parse(&text);
        let mut answer = reply(status, &[], MADE);
        if let Ok(value) = HeaderValue::from_str(&text) {
            answer.headers_mut().insert("range", value.clone());
            answer.headers_mut().insert("location", value);
        }
        let _any = Progress::read(&answer, 9);
        let _any = CreateSession::new(CREATE, "a/b", 9).unwrap().parse(&answer);
    }
}

#[test]
fn an_answer_that_is_no_entry_says_that_the_media_is_there() {
    let error = Uploaded::read(&reply(201, &[], "{}")).unwrap_err();
    assert!(
        error.to_string().contains("the server has taken it"),
        "{error}"
    );
}
