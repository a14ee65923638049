//! The XML under feeds and entries: bounds, bad input and the law of printing and reading.

use gdata_auth::{
    Kind,
    gdata::{
        Element, Entry, Feed, atom,
        namespaces::{GD, XML},
    },
};
use proptest::prelude::*;

const UPLOADS: &str = include_str!("../fixtures/replies/youtube-uploads.xml");
const EVENTS: &str = include_str!("../fixtures/replies/calendar-events.xml");

#[test]
fn text_comes_out_as_xml_means_it() {
    let entry = Entry::parse(
        b"\xef\xbb\xbf\xef\xbb\xbf<?xml version='1.0'?><?pi x?><!-- c --><entry>\r\n<title a='&#9;&#x41;\tb\nc'>a<!-- c -->&amp;b\
          <![CDATA[<&amp;>]]>&#xE9;\r\n</title></entry>\n",
    )
    .unwrap();
    assert_eq!(entry.title(), Some("a&b<&amp;>\u{e9}\n"));
    let title = entry.element().children().next().unwrap();
    assert_eq!(title.attribute("a"), Some("\tA b c"));
}

#[test]
fn mixed_content_stays_in_order() {
    let entry = Entry::parse(b"<entry><content>a<b>c</b>d<i/>e</content></entry>").unwrap();
    let content = entry.element().children().next().unwrap();
    let tails: Vec<&str> = content.children().map(Element::tail).collect();
    assert_eq!(
        (content.text(), tails, &*content.inner_text()),
        ("a", vec!["d", "e"], "acde")
    );
}

#[test]
fn refuses_what_is_no_feed() {
    let deep = "<feed>".repeat(100_000);
    let wide = format!(
        "<feed {}/>",
        (0..65).map(|n| format!("a{n}='' ")).collect::<String>()
    );
    let declared: String = (0..200_000).map(|n| format!(" xmlns:a{n}='u'")).collect();
    let declared = format!("<feed{declared}/>");
    let many = format!("<feed>{}</feed>", "<a/>".repeat(1_000_001));
    let bomb = "<!DOCTYPE feed [<!ENTITY a 'b'>]><feed>&a;</feed>";
    let huge = vec![b' '; Feed::MAX_BYTES + 1];
    let rows: &[(&[u8], &str)] = &[
        (b"", "feed: expected a root element, got none"),
        (b"<entry/>", "feed: expected the element feed, got another"),
        (
            b"<feed",
            "feed: expected well-formed XML, got something else",
        ),
        (
            b"<feed><entry>",
            "feed: expected an end tag, got the end of the document",
        ),
        (
            b"<feed><entry></feed></entry>",
            "feed: expected well-formed XML, got something else",
        ),
        (
            b"<feed a='1' a='2'/>",
            "feed: expected every attribute once, got one twice",
        ),
        (
            b"<feed xmlns='a' xmlns='b'/>",
            "feed: expected every attribute once, got one twice",
        ),
        (
            b"<feed xmlns:a='u' xmlns:b='u'><x a:y='' b:y=''/></feed>",
            "feed: expected every attribute once, got one twice",
        ),
        (
            b"<feed a='1'b='2'/>",
            "feed: expected attributes like name=\"value\", got something else",
        ),
        (
            b"<feed a/>",
            "feed: expected attributes like name=\"value\", got something else",
        ),
        (
            b"<feed 1a=''/>",
            "feed: expected attributes like name=\"value\", got something else",
        ),
        (
            b"<feed><1/></feed>",
            "feed: expected XML names, got another text",
        ),
        (
            b"<feed><a:b:c/></feed>",
            "feed: expected XML names, got another text",
        ),
        (
            b"<feed>&bogus;</feed>",
            "feed: expected one of the five predefined entities or a character's number, got another",
        ),
        (
            b"<feed a='&bogus;'/>",
            "feed: expected one of the five predefined entities or a character's number, got another",
        ),
        (
            b"<feed a='&#0;'/>",
            "feed: expected one of the five predefined entities or a character's number, got another",
        ),
        (
            b"<feed a='&#1;'/>",
            "feed: expected XML, got a control character",
        ),
        (
            b"<feed>\x01</feed>",
            "feed: expected XML, got a control character",
        ),
        (
            b"\xff\xfe<\0f\0",
            "feed: expected XML in UTF-8, got other bytes",
        ),
        (
            b"<?xml version='1.0' encoding='UTF-16'?><feed/>",
            "feed: expected the encoding UTF-8, got another declared",
        ),
        (
            bomb.as_bytes(),
            "feed: expected no document type, got <!DOCTYPE>",
        ),
        (
            deep.as_bytes(),
            "feed: expected at most 64 levels, got more",
        ),
        (
            wide.as_bytes(),
            "feed: expected at most 64 attributes of one element, got more",
        ),
        (
            declared.as_bytes(),
            "feed: expected at most 128 namespaces at one place, got more",
        ),
        (
            many.as_bytes(),
            "feed: expected at most 1000000 elements and attributes, got more",
        ),
        (&huge, "feed: expected at most 16777216 bytes, got 16777217"),
    ];
    for (document, message) in rows {
        let error = Feed::parse(document).unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (Kind::Reply, *message)
        );
    }
    assert_eq!(
        Entry::parse(b"<feed/>").unwrap_err().to_string(),
        "entry: expected the element entry, got another"
    );
}

#[test]
fn any_cut_document_is_refused_and_any_changed_one_read_or_refused() {
    for (document, step) in [(UPLOADS, 11), (EVENTS, 1)] {
        let whole = document.trim_end();
        for end in (0..whole.len()).step_by(step) {
            assert!(Feed::parse(&whole.as_bytes()[..end]).is_err(), "{end}");
        }
        for at in (0..whole.len()).step_by(19) {
            let mut changed = whole.as_bytes().to_vec();
            changed[at] = b"<>&'\"/=\0"[at % 8];
            if let Ok(feed) = Feed::parse(&changed) {
                assert_eq!(
                    Feed::parse(feed.to_xml().unwrap().as_bytes()).unwrap(),
                    feed
                );
            }
        }
    }
}

#[test]
fn refuses_to_print_what_could_not_be_read() {
    let deep = (0..100).fold(Element::new("", "a"), |inner, _| {
        Element::new("", "a").with(inner)
    });
    let rows = [
        (
            atom::title("a\u{b}b"),
            "entry: expected text, got a control character",
        ),
        (
            Element::new("", "a b"),
            "entry: expected XML names without a prefix, got another text",
        ),
        (
            Element::new("", "a:b"),
            "entry: expected XML names without a prefix, got another text",
        ),
        (
            Element::new("", ""),
            "entry: expected XML names without a prefix, got another text",
        ),
        (
            Element::new("", "a").with_attribute("/><x y", ""),
            "entry: expected XML names without a prefix, got another text",
        ),
        (
            Element::new("", "a").with_attribute("xmlns", "u"),
            "entry: expected namespaces in names, got an attribute xmlns",
        ),
        (
            (0..65).fold(Element::new("", "a"), |element, n| {
                element.with_attribute(format!("a{n}"), "")
            }),
            "entry: expected at most 64 attributes of one element, got more",
        ),
        (
            (0..200).fold(Element::new("", "a"), |element, n| {
                element.with(Element::new(format!("u{n}"), "a"))
            }),
            "entry: expected at most 128 namespaces at one place, got more",
        ),
        (
            deep,
            "entry: expected at most 64 levels and 100000 elements and attributes, got more",
        ),
    ];
    for (child, message) in rows {
        let error = Entry::new().with(child).to_xml().unwrap_err();
        assert_eq!(
            (error.kind(), error.to_string().as_str()),
            (Kind::Input, message)
        );
    }
}

fn element() -> impl Strategy<Value = Element<'static>> {
    let namespace = || {
        prop_oneof![
            Just(""),
            Just(GD),
            Just("urn:x"),
            Just("http://www.w3.org/2005/Atom"),
            Just(XML)
        ]
    };
    let text = || "[ -~\u{e9}\n\t\r]{0,8}";
    let attributes = || proptest::collection::vec((namespace(), "[a-z]{1,3}", text()), 0..3);
    let head = (
        namespace(),
        "[a-z_][a-zA-Z0-9._-]{0,4}",
        attributes(),
        text(),
        text(),
    );
    let leaf = head.prop_map(|(namespace, name, attributes, text, tail)| {
        let element = Element::new(namespace, name)
            .with_text(text)
            .with_tail(tail);
        attributes
            .into_iter()
            .fold(element, |element, (namespace, name, value)| {
                element.with_attribute_in(namespace, name, value)
            })
    });
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), proptest::collection::vec(inner, 0..3))
            .prop_map(|(element, children)| children.into_iter().fold(element, Element::with))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(children in proptest::collection::vec(element(), 0..4), entries in 0..3_usize) {
        let mut feed = Feed::new().with_page(9, 1, 25).with_etag("W/\"x\"");
        for child in children { feed = feed.with(child); }
        for number in 0..entries { feed = feed.with_entry(Entry::new().with(atom::id(number.to_string()))); }
        let printed = feed.to_xml().unwrap();
        let read = Feed::parse(printed.as_bytes()).unwrap();
        prop_assert_eq!(&read, &feed);
        prop_assert_eq!(read.to_xml().unwrap(), printed.clone());
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), text in "[<>/a-c:='\"&;! \\[\\]?-]{0,80}") {
        let _ = Feed::parse(&bytes);
        let inside = format!("<feed xmlns:a='u'>{text}</feed>");
        if let Ok(feed) = Feed::parse(inside.as_bytes()) {
            let printed = feed.to_xml().unwrap();
            prop_assert_eq!(Feed::parse(printed.as_bytes()).unwrap(), feed);
        }
    }
}
