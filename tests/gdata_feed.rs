//! Atom feeds and entries: read whole, and printed as the servers did.

use gdata_auth::{
    Timestamp,
    gdata::{
        Element, Entry, Feed, atom,
        namespaces::{CALENDAR, GD, MEDIA, XHTML, XML, YOUTUBE},
    },
};

const UPLOADS: &str = include_str!("../fixtures/replies/youtube-uploads.xml");
const EVENTS: &str = include_str!("../fixtures/replies/calendar-events.xml");

#[test]
fn reads_a_youtube_feed() {
    let feed = Feed::parse(UPLOADS.as_bytes()).unwrap();
    assert_eq!(
        feed.id(),
        Some("tag:youtube.com,2008:user:harbouroffice:uploads")
    );
    assert_eq!(feed.title(), Some("Uploads by harbouroffice"));
    assert_eq!(feed.etag(), Some("W/\"DkYNRH47eCp7I2A9WxVREUw.\""));
    assert_eq!(
        (
            feed.total_results(),
            feed.start_index(),
            feed.items_per_page()
        ),
        (Some(57), Some(1), Some(2))
    );
    assert_eq!(
        feed.next_url(),
        Some(
            "https://gdata.youtube.com/feeds/api/users/default/uploads?start-index=3&max-results=2&v=2"
        )
    );
    assert_eq!(
        feed.author().and_then(|author| author.name),
        Some("Harbour Office")
    );
    assert_eq!(feed.categories().count(), 1);

    let entry = &feed.entries()[0];
    assert_eq!(feed.entries().len(), 2);
    assert_eq!(entry.id(), Some("tag:youtube.com,2008:video:Tides_00001"));
    assert_eq!(entry.title(), Some("Tides & ferries"));
    assert_eq!(
        entry.kind(),
        Some("http://gdata.youtube.com/schemas/2007#video")
    );
    let updated: Timestamp = entry.updated().unwrap().parse().unwrap();
    assert_eq!(updated.to_string(), "2013-07-31T07:02:20Z");
    assert_eq!(entry.published(), Some("2012-01-14T09:30:00.000Z"));
    assert_eq!(entry.links().count(), 8);
    assert_eq!(
        entry.edit_url(),
        Some("https://gdata.youtube.com/feeds/api/users/default/uploads/Tides_00001")
    );
    let content = entry.content().unwrap();
    assert_eq!(content.media_type, "application/x-shockwave-flash");
    assert_eq!(
        content.source,
        Some("https://www.youtube.com/v/Tides_00001?version=3&f=videos&app=youtube_gdata")
    );

    let group = entry.element().child(MEDIA, "group").unwrap();
    assert_eq!(group.children_named(MEDIA, "thumbnail").count(), 6);
    let description = group.child_text(MEDIA, "description").unwrap();
    assert!(description.ends_with("chart datum.\nMusic: none; that is the wind."));
    let format = group
        .child(MEDIA, "content")
        .and_then(|content| content.attribute_in(YOUTUBE, "format"));
    assert_eq!(format, Some("5"));
}

#[test]
fn reads_an_indented_version_1_feed_with_markup_in_its_content() {
    let feed = Feed::parse(EVENTS.as_bytes()).unwrap();
    assert_eq!(feed.title(), Some("Pilots \u{2013} watches"));
    assert_eq!(
        (feed.total_results(), feed.items_per_page()),
        (Some(2), Some(25))
    );
    let entry = &feed.entries()[1];
    assert_eq!(entry.title(), Some("Lock <closed>"));
    assert_eq!(
        entry.author().and_then(|author| author.email),
        Some("pilots@example.com")
    );
    let div = entry
        .element()
        .children()
        .find(|child| child.name() == "content")
        .unwrap()
        .child(XHTML, "div")
        .unwrap();
    assert_eq!(div.inner_text(), "Bring the old chart.");
    let when = entry.element().child(GD, "when").unwrap();
    assert_eq!(
        when.child(GD, "reminder")
            .and_then(|found| found.attribute("minutes")),
        Some("10")
    );
    assert!(entry.element().child(CALENDAR, "sequence").is_some());
}

#[test]
fn what_was_read_is_printed_and_read_again() {
    for document in [UPLOADS, EVENTS] {
        let feed = Feed::parse(document.as_bytes()).unwrap();
        let printed = feed.to_xml().unwrap();
        assert_eq!(Feed::parse(printed.as_bytes()).unwrap(), feed);
        assert_eq!(feed.clone().into_owned(), feed);
        for entry in feed.entries() {
            let printed = entry.to_xml().unwrap();
            assert_eq!(&Entry::parse(printed.as_bytes()).unwrap(), entry);
        }
    }
}

#[test]
fn prints_an_entry_as_youtube_did() {
    let entry = Entry::new()
        .with_etag("W/\"x.\"")
        .with(atom::id("tag:youtube.com,2008:video:x"))
        .with(atom::published("2012-01-14T09:30:00.000Z"))
        .with(atom::updated("2013-07-31T07:02:20.000Z"))
        .with(atom::category(
            atom::KIND,
            "http://gdata.youtube.com/schemas/2007#video",
        ))
        .with(atom::title("Tom's <tides> & \"ferries\""))
        .with(atom::content_at("video/3gpp", "rtsp://h.test/?a=1&b='2'"))
        .with(atom::author("Harbour Office").with(atom::text("uri", "https://h.test/")))
        .with(
            Element::new(MEDIA, "group")
                .with(Element::new(MEDIA, "content").with_attribute_in(YOUTUBE, "format", "5")),
        )
        .with(
            Element::new("urn:own", "note")
                .with_attribute_in(XML, "lang", "de")
                .with_text("\r\n"),
        );
    assert_eq!(
        entry.to_xml().unwrap(),
        "<?xml version='1.0' encoding='UTF-8'?><entry xmlns='http://www.w3.org/2005/Atom' \
         xmlns:gd='http://schemas.google.com/g/2005' xmlns:media='http://search.yahoo.com/mrss/' \
         xmlns:yt='http://gdata.youtube.com/schemas/2007' xmlns:ns4='urn:own' gd:etag='W/&quot;x.&quot;'>\
         <id>tag:youtube.com,2008:video:x</id><published>2012-01-14T09:30:00.000Z</published>\
         <updated>2013-07-31T07:02:20.000Z</updated>\
         <category scheme='http://schemas.google.com/g/2005#kind' \
         term='http://gdata.youtube.com/schemas/2007#video'/>\
         <title>Tom's &lt;tides&gt; &amp; \"ferries\"</title>\
         <content type='video/3gpp' src='rtsp://h.test/?a=1&amp;b=&#39;2&#39;'/>\
         <author><name>Harbour Office</name><uri>https://h.test/</uri></author>\
         <media:group><media:content yt:format='5'/></media:group>\
         <ns4:note xml:lang='de'>&#13;\n</ns4:note></entry>"
    );
}

#[test]
fn goes_by_namespace_and_not_by_prefix_and_tolerates_none() {
    let prefixed =
        b"<a:feed xmlns:a='http://www.w3.org/2005/Atom' xmlns='http://search.yahoo.com/mrss/'>\
        <a:title>t</a:title><title>no</title><a:entry><group/></a:entry></a:feed>";
    let feed = Feed::parse(prefixed).unwrap();
    assert_eq!(feed.title(), Some("t"));
    assert!(feed.entries()[0].element().child(MEDIA, "group").is_some());
    let feed = Feed::parse(b"<feed><title>t</title><entry><id>i</id></entry></feed>").unwrap();
    assert_eq!(
        (feed.title(), feed.entries()[0].id()),
        (Some("t"), Some("i"))
    );
    let feed = Feed::parse(
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title xmlns='urn:x'>no</title></feed>",
    )
    .unwrap();
    assert_eq!(feed.title(), None);
}
