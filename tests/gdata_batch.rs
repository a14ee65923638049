//! Batches: what is asked, what is answered, and that a failure inside a 200 is one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use gdata_auth::{
    Exchange, Kind,
    gdata::{
        Element, Entry, ErrorEntry, Errors, atom,
        batch::{Batch, BatchReply, Interrupted, Operation, Outcome, Status},
        namespaces::{BATCH, YOUTUBE},
    },
};
use proptest::prelude::*;

const ADDRESS: &str = "https://gdata.youtube.com/feeds/api/videos/batch";
const VIDEO: &str = "https://gdata.youtube.com/feeds/api/videos/x";

fn batch() -> Batch {
    Batch::new()
        .query("1", VIDEO)
        .insert("2", &Entry::new().with(atom::title("Tides")))
        .update(
            "3",
            &Entry::new()
                .with_etag("W/\"x.\"")
                .with(atom::id(VIDEO))
                .with(Element::new(YOUTUBE, "rating").with_attribute("value", "like")),
        )
        .delete("4", VIDEO)
}

fn answer(status: u16, body: &str) -> http::Response<Bytes> {
    let body = Bytes::from(body.to_owned());
    http::Response::builder().status(status).body(body).unwrap()
}

fn feed(entries: &str) -> String {
    format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' \
         xmlns:batch='http://schemas.google.com/gdata/batch'>{entries}</feed>"
    )
}

#[test]
fn is_a_feed_of_operations() {
    let exchange = batch().exchange(ADDRESS).unwrap();
    let request = exchange.request();
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), ADDRESS);
    assert_eq!(
        request.headers()["content-type"],
        "application/atom+xml; charset=UTF-8"
    );
    assert_eq!(
        request.body(),
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' \
         xmlns:batch='http://schemas.google.com/gdata/batch' xmlns:gd='http://schemas.google.com/g/2005' \
         xmlns:yt='http://gdata.youtube.com/schemas/2007'>\
         <entry><id>https://gdata.youtube.com/feeds/api/videos/x</id><batch:id>1</batch:id>\
         <batch:operation type='query'/></entry>\
         <entry><title>Tides</title><batch:id>2</batch:id><batch:operation type='insert'/></entry>\
         <entry gd:etag='W/&quot;x.&quot;'><id>https://gdata.youtube.com/feeds/api/videos/x</id>\
         <yt:rating value='like'/><batch:id>3</batch:id><batch:operation type='update'/></entry>\
         <entry><id>https://gdata.youtube.com/feeds/api/videos/x</id><batch:id>4</batch:id>\
         <batch:operation type='delete'/></entry></feed>"
    );
    assert_eq!(Batch::parse(request.body()).unwrap(), batch());
}

#[test]
fn an_operation_is_that_of_the_feed_or_an_insertion() {
    let operations = |body: &str| -> Vec<Operation> {
        let read = Batch::parse(feed(body).as_bytes()).unwrap();
        read.items().iter().map(|item| item.operation()).collect()
    };
    assert_eq!(operations("<entry/>"), [Operation::Insert]);
    assert_eq!(
        operations(
            "<batch:operation type='delete'/><entry/><entry><batch:operation type='query'/></entry>"
        ),
        [Operation::Delete, Operation::Query]
    );
    let unprefixed =
        Batch::parse(b"<feed><entry><operation type='update'/><id>a</id></entry></feed>");
    let unprefixed = unprefixed.unwrap();
    let item = &unprefixed.items()[0];
    assert_eq!(item.operation(), Operation::Update);
    assert_eq!((item.id(), item.entry().id()), (None, Some("a")));
    for body in [
        "<entry><batch:operation type='merge'/></entry>",
        "<batch:operation/>",
    ] {
        assert_eq!(
            Batch::parse(feed(body).as_bytes()).unwrap_err().kind(),
            Kind::Reply
        );
    }
    let many = feed(&"<entry/>".repeat(Batch::MAX + 1));
    assert_eq!(
        Batch::parse(many.as_bytes()).unwrap_err().kind(),
        Kind::Reply
    );
}

#[test]
fn refuses_batches_whose_outcomes_could_not_be_told_apart() {
    for batch in [
        Batch::new(),
        Batch::new().query("", VIDEO),
        Batch::new().query(" 1", VIDEO),
        Batch::new().query("1", VIDEO).delete("1", VIDEO),
        (0..=Batch::MAX).fold(Batch::new(), |batch, at| batch.query(at.to_string(), VIDEO)),
    ] {
        assert_eq!(batch.exchange(ADDRESS).unwrap_err().kind(), Kind::Input);
    }
    let batch = Batch::new().query("1", VIDEO);
    assert!(batch.exchange("/feeds/api/videos/batch").is_err());
}

#[test]
fn a_failure_inside_a_200_is_a_failure() {
    let exchange = batch().exchange(ADDRESS).unwrap();
    let body = feed(
        "<entry><title>now</title><batch:id>1</batch:id><batch:operation type='query'/>\
         <batch:status code='200' reason='Success'/></entry>\
         <entry><batch:id>2</batch:id><batch:status code='201' reason='Created'/></entry>\
         <entry><id>x</id><title>Error</title><content>Invalid entry Id/Uri</content><batch:id>3</batch:id>\
         <batch:operation type='update'/><batch:status code='400' reason='Invalid entry Id/Uri'/></entry>\
         <entry><batch:id>4</batch:id><batch:status code='403' reason='Forbidden' \
         content-type='application/vnd.google.gdata.error+xml'><errors xmlns=''><error>\
         <domain>yt:quota</domain><code>too_many_recent_calls</code></error></errors></batch:status></entry>",
    );
    let reply = exchange.parse(&answer(200, &body)).unwrap();
    assert!(!reply.is_success());
    assert!(reply.unanswered().is_empty());
    let failed: Vec<_> = reply
        .failures()
        .map(|outcome| outcome.id().unwrap())
        .collect();
    assert_eq!(failed, ["3", "4"]);
    assert_eq!(reply.outcome("1").unwrap().entry().title(), Some("now"));
    assert_eq!(
        reply.outcome("1").unwrap().operation(),
        Some(Operation::Query)
    );
    assert!(reply.outcome("2").unwrap().error().is_none());

    let invalid = reply.outcome("3").unwrap();
    assert_eq!(invalid.status().unwrap().reason, "Invalid entry Id/Uri");
    let error = invalid.error().unwrap();
    assert_eq!(
        error.to_string(),
        "the service does not take this request (400: Invalid entry Id/Uri)"
    );
    let quota = reply.outcome("4").unwrap().error().unwrap();
    assert_eq!((quota.kind(), quota.is_transient()), (Kind::Quota, true));

    let error = reply.into_entries().unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert_eq!(
        error.to_string(),
        "expected every operation of the batch to be done, got 2 of 4 refused and 0 unanswered"
    );
    assert!(
        std::error::Error::source(&error)
            .unwrap()
            .to_string()
            .contains("Invalid entry")
    );
}

#[test]
fn what_was_not_answered_was_not_done() {
    let exchange = batch().exchange(ADDRESS).unwrap();
    let body = feed(
        "<entry><batch:id>1</batch:id><batch:status code='200' reason='Success'/></entry>\
         <entry><batch:id>2</batch:id><batch:interrupted reason='Unexpected end' success='1' \
         failures='0' parsed='2'/></entry>",
    );
    let reply = exchange.parse(&answer(200, &body)).unwrap();
    let interrupted = reply.interrupted().unwrap();
    assert_eq!(interrupted.reason, "Unexpected end");
    assert_eq!(
        (
            interrupted.success,
            interrupted.failures,
            interrupted.parsed
        ),
        (Some(1), Some(0), Some(2))
    );
    assert_eq!(reply.unanswered(), ["3", "4"]);
    assert_eq!(reply.failures().count(), 1);
    let error = reply.into_entries().unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected every operation of the batch to be done, got 1 of 4 refused and 2 unanswered; \
         the server gave up on the rest"
    );

    // At the feed, and in an answer that is no answer at all.
    let reply = exchange
        .parse(&answer(200, &feed("<batch:interrupted reason='x'/>")))
        .unwrap();
    assert_eq!(reply.interrupted().unwrap().reason, "x");
    let reply = exchange
        .parse(&answer(200, "<feed><entry/></feed>"))
        .unwrap();
    assert_eq!((reply.is_success(), reply.unanswered().len()), (false, 4));
    assert!(reply.into_entries().is_err());
}

#[test]
fn gives_all_entries_when_all_is_done() {
    let exchange = Batch::new().query("1", VIDEO).exchange(ADDRESS).unwrap();
    let body =
        feed("<entry><title>t</title><batch:id>1</batch:id><batch:status code='200'/></entry>");
    let entries = exchange
        .parse(&answer(200, &body))
        .unwrap()
        .into_entries()
        .unwrap();
    assert_eq!(entries[0].title(), Some("t"));
    assert_eq!(entries[0].element().children().count(), 1);
}

#[test]
fn reads_statuses_in_every_form_that_was_sent() {
    let read = |entry: &str| {
        let reply = BatchReply::parse(feed(entry).as_bytes()).unwrap();
        reply.outcomes()[0].clone()
    };
    // The errors in or beside the status, as the old feeds had them.
    let inside = read(
        "<entry><batch:status code='404' content-type='application/xml'><errors><error type='request' \
         reason='Cannot find item'/></errors></batch:status></entry>",
    );
    let errors = &inside.status().unwrap().errors;
    assert_eq!(
        errors.entries()[0].reason.as_deref(),
        Some("Cannot find item")
    );
    for content in [
        "<content type='xml'><errors><error type='request' reason='Cannot find item'/></errors></content>",
        "<content>&lt;errors>&lt;error type='request' reason='Cannot find item'/>&lt;/errors></content>",
    ] {
        let outcome = read(&format!(
            "<entry>{content}<batch:status code='404'/></entry>"
        ));
        let errors = &outcome.status().unwrap().errors;
        assert_eq!(
            errors.entries()[0].reason.as_deref(),
            Some("Cannot find item")
        );
        assert!(
            outcome
                .error()
                .unwrap()
                .to_string()
                .contains("Cannot find item")
        );
    }
    let text =
        read("<entry><batch:status code='404' reason='Bad request'> error </batch:status></entry>");
    assert_eq!(text.status().unwrap().text, "error");
    let empty = read("<entry><batch:status code='404'><errors xmlns=''/></batch:status></entry>");
    let printed = BatchReply::new([empty.clone()]).to_xml().unwrap();
    assert_eq!(
        BatchReply::parse(printed.as_bytes()).unwrap().outcomes(),
        [empty]
    );
    // Without namespaces; a prefix that is none is known by its address.
    let bare =
        BatchReply::parse(b"<feed><entry><status code='409' reason='c'/></entry></feed>").unwrap();
    assert_eq!(bare.outcomes()[0].status().unwrap().code, 409);
    let other = read(
        "<entry><b:status xmlns:b='http://schemas.google.com/gdata/batch' code='200'/></entry>",
    );
    assert!(other.is_success());
    let foreign = read("<entry><status xmlns='urn:x' code='200'/></entry>");
    assert!(foreign.status().is_none());
    for code in ["", "2OO", "+20", "20000000000000000000", "-1", "9"] {
        let outcome = read(&format!("<entry><batch:status code='{code}'/></entry>"));
        assert!(!outcome.is_success(), "{code}");
        assert_eq!(outcome.error().unwrap().kind(), Kind::Reply);
    }
    for code in ["304", "100", "999", "000"] {
        let outcome = read(&format!("<entry><batch:status code='{code}'/></entry>"));
        assert!(outcome.error().is_some(), "{code}");
    }
}

#[test]
fn other_answers_are_refusals() {
    let exchange = batch().exchange(ADDRESS).unwrap();
    for (status, body, kind) in [
        (200, "", Kind::Reply),
        (200, "<entry/>", Kind::Reply),
        (204, "", Kind::Reply),
        (308, "", Kind::Reply),
        (401, "Token invalid", Kind::Revoked),
        (503, "", Kind::Refused),
    ] {
        assert_eq!(
            exchange.parse(&answer(status, body)).unwrap_err().kind(),
            kind
        );
    }
}

#[test]
fn a_server_prints_what_a_client_reads() {
    let mut errors = ErrorEntry::new("GData", "InvalidEntry");
    errors.internal_reason = Some("no title".to_owned());
    let mut failed = Status::new(400, "Bad Request");
    failed.errors = Errors::new([errors]);
    let reply = BatchReply::new([
        Outcome::new("1", Operation::Insert, Status::new(201, "Created"))
            .with_entry(&Entry::new().with(atom::title("Tides"))),
        Outcome::new("2", Operation::Update, failed),
        Outcome::new("3", Operation::Query, Status::new(500, "x"))
            .with_interrupted(Interrupted::new("out of time")),
    ]);
    let printed = reply.to_xml().unwrap();
    assert_eq!(
        printed,
        "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom' \
         xmlns:batch='http://schemas.google.com/gdata/batch' xmlns:gd='http://schemas.google.com/g/2005'>\
         <entry><title>Tides</title><batch:id>1</batch:id><batch:operation type='insert'/>\
         <batch:status code='201' reason='Created'/></entry>\
         <entry><batch:id>2</batch:id><batch:operation type='update'/>\
         <batch:status code='400' reason='Bad Request'><gd:errors><gd:error><gd:domain>GData</gd:domain>\
         <gd:code>InvalidEntry</gd:code><gd:internalReason>no title</gd:internalReason></gd:error></gd:errors>\
         </batch:status></entry>\
         <entry><batch:id>3</batch:id><batch:operation type='query'/><batch:status code='500' reason='x'/>\
         <batch:interrupted reason='out of time'/></entry></feed>"
    );
    assert_eq!(BatchReply::parse(printed.as_bytes()).unwrap(), reply);
}

fn entry() -> impl Strategy<Value = Entry<'static>> {
    let text = "[ -~\u{e9}\u{1f600}\n]{0,12}";
    (text, text, any::<bool>()).prop_map(|(title, note, batch)| {
        let entry = Entry::new()
            .with(atom::title(title))
            .with(Element::new("urn:own", "note").with_text(note));
        match batch {
            true => entry.with(Element::new(BATCH, "status").with_text("left out")),
            false => entry,
        }
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    proptest::sample::select(&Operation::ALL[..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_read_as_it_was_printed(items in proptest::collection::vec((operation(), "[!-~]{1,9}", entry()), 0..6)) {
        let batch = items.into_iter().fold(Batch::new(), |batch, (operation, id, entry)| batch.with(operation, id, &entry));
        prop_assert_eq!(Batch::parse(batch.to_xml().unwrap().as_bytes()).unwrap(), batch);
    }

    #[test]
    fn a_reply_is_read_as_it_was_printed(
        items in proptest::collection::vec((operation(), "[!-~]{1,9}", entry(), 100_u16..600, "[ -~]{0,9}", "[!-~]{0,9}", any::<bool>()), 0..6)
    ) {
        let outcomes = items.into_iter().map(|(operation, id, entry, code, reason, text, interrupted)| {
            let mut status = Status::new(code, reason);
            status.text = text;
            let outcome = Outcome::new(id, operation, status).with_entry(&entry);
            match interrupted {
                true => outcome.with_interrupted(Interrupted::new("late")),
                false => outcome,
            }
        });
        let reply = BatchReply::new(outcomes);
        prop_assert_eq!(BatchReply::parse(reply.to_xml().unwrap().as_bytes()).unwrap(), reply);
    }

    #[test]
    fn a_torn_or_changed_batch_is_no_panic(cut: usize, flip: u8) {
        let printed = batch().to_xml().unwrap().into_bytes();
        let cut = cut % printed.len();
        let _torn = Batch::parse(&printed[..cut]);
        let mut changed = printed;
        changed[cut] ^= flip;
        if let Ok(read) = Batch::parse(&changed) {
            prop_assert_eq!(Batch::parse(read.to_xml().unwrap().as_bytes()).unwrap(), read);
        }
        if let Ok(read) = BatchReply::parse(&changed) {
            prop_assert_eq!(BatchReply::parse(read.to_xml().unwrap().as_bytes()).unwrap(), read);
        }
    }
}
