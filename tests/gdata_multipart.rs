//! Bodies of several parts, printed and read.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Kind,
    gdata::upload::{Form, Multipart, Part},
};
use proptest::prelude::*;

#[test]
fn a_browser_names_its_fields() {
    let body = Bytes::from_static(
        b"------WebKitFormBoundaryX\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nT0k\r\n\
          ------WebKitFormBoundaryX\r\nContent-Disposition: form-data; filename=\"a; b.mp4\"; name=\"file\"\r\n\
          Content-Type: video/mp4\r\n\r\n\x00\r\n\xff\r\n------WebKitFormBoundaryX--\r\n",
    );
    let form = Multipart::parse(
        "multipart/form-data; boundary=----WebKitFormBoundaryX",
        &body,
    )
    .unwrap();
    assert_eq!(form.form(), Form::Data);
    assert_eq!(form.field("token").unwrap().body(), "T0k");
    let file = form.field("file").unwrap();
    assert_eq!(file.file_name(), Some("a; b.mp4"));
    assert_eq!(file.content_type(), "video/mp4");
    assert_eq!(file.body(), &b"\x00\r\n\xff"[..]);
    assert!(form.field("other").is_none());
}

#[test]
fn keeps_the_bytes_of_every_part() {
    let body = Bytes::from_static(
        b"preamble\r\n--b1\r\nContent-Type: application/atom+xml\r\n\r\n<entry/>\r\n\
          --b1 \t\ncontent-type: video/mp4\n\n\x00\r\n\xff--b1 inside\r\n--b1x\r\n\r\n--b1--\r\nepilogue",
    );
    let read = Multipart::parse("Multipart/Related; type=x; boundary=\"b1\"", &body).unwrap();
    let parts = read.parts();
    assert_eq!(parts[0].content_type(), "application/atom+xml");
    assert_eq!(parts[0].body(), "<entry/>");
    assert_eq!(parts[1].content_type(), "video/mp4");
    assert_eq!(
        parts[1].body(),
        &b"\x00\r\n\xff--b1 inside\r\n--b1x\r\n"[..]
    );
}

#[test]
fn says_what_is_wrong_with_a_torn_body() {
    let kind = "multipart/related; boundary=b1";
    let parse = |content_type: &str, body: &str| {
        let error = Multipart::parse(content_type, &Bytes::from(body.to_owned())).unwrap_err();
        assert_eq!(error.kind(), Kind::Reply);
        error.to_string()
    };
    let many = "--b1\r\n\r\n\r\n".repeat(17);
    let head = format!("--b1\r\nx: {}\r\n\r\n\r\n--b1--", "y".repeat(9_000));
    for (content_type, body, problem) in [
        (
            kind,
            "--b1\r\n\r\nx\r\n--b1\r\n\r\ny",
            "expected a closing boundary",
        ),
        (kind, "", "expected a closing boundary"),
        (kind, "--b1--", "only the closing boundary"),
        (kind, "--b1\r\nx\r\n--b1--", "expected a blank line"),
        (kind, &many, "at most 16 parts"),
        (kind, &head, "at most 8192 bytes of headers"),
        (
            kind,
            "--b1\r\nContent-Type: a/b\rX: y\r\n\r\n\r\n--b1--",
            "got a control character",
        ),
        ("text/plain", "", "expected multipart/related"),
        ("", "", "expected multipart/related"),
        ("multipart/related", "", "expected a boundary"),
        ("multipart/related; boundary", "", "expected a boundary"),
        (
            "multipart/related; boundary=\"b1",
            "",
            "expected a boundary",
        ),
        (
            "multipart/related; boundary=",
            "",
            "1 to 70 characters, got 0",
        ),
    ] {
        let message = parse(content_type, body);
        assert!(message.contains(problem), "{message}");
    }
    assert!(Multipart::related([]).is_err());
    assert!(Part::new("a/b\r\nx: y", "").is_err());
    assert!(Part::new("", "").unwrap().with_name("a\"b").is_err());
    assert!(Part::new("", "").unwrap().with_file_name("a").is_err());
}

fn part() -> impl Strategy<Value = Part> {
    let piece = prop_oneof![
        Just(b"--gdata-part-0000000".to_vec()),
        Just(b"gdata-part-00000000".to_vec()),
        Just(b"\r\n--".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ];
    let body = proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat());
    let name = proptest::option::of((
        "[a-z; =]{0,8}",
        proptest::option::of("[ -!#-\\[\\]-~é]{0,9}"),
    ));
    ("|[a-z]{1,5}/[a-z+.]{1,9}", name, body).prop_map(|(kind, name, body)| {
        let part = Part::new(kind, body).unwrap();
        match name {
            None => part,
            Some((name, None)) => part.with_name(name).unwrap(),
            Some((name, Some(file))) => part.with_name(name).unwrap().with_file_name(file).unwrap(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_multipart_body_is_read_as_it_was_printed(parts in proptest::collection::vec(part(), 1..5), data: bool) {
        let body = match data {
            true => Multipart::form_data(parts),
            false => Multipart::related(parts),
        }.unwrap();
        let (content_type, printed) = body.print();
        prop_assert_eq!(Multipart::parse(content_type.to_str().unwrap(), &printed).unwrap(), body);
    }

    #[test]
    fn a_torn_or_changed_body_is_no_panic(parts in proptest::collection::vec(part(), 1..4), cut: usize, flip: u8) {
        let (content_type, printed) = Multipart::related(parts).unwrap().print();
        let content_type = content_type.to_str().unwrap();
        let cut = cut % printed.len();
        let _torn = Multipart::parse(content_type, &printed.slice(..cut));
        let mut changed = printed.to_vec();
        changed[cut] ^= flip;
        if let Ok(read) = Multipart::parse(content_type, &Bytes::from(changed)) {
            prop_assert!(read.parts().len() <= Multipart::MAX_PARTS);
        }
    }
}
