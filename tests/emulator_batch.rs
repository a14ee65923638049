//! Batches on the emulated YouTube: 200 whatever becomes of each operation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use gdata_auth::{
    Error, Kind,
    authsub::SessionToken,
    client::AuthorizedClient,
    emulator::Emulator,
    gdata::{
        Entry, Envelope, Feed, atom,
        batch::{Batch, BatchReply},
    },
};
use support::world::{UPLOADS, World, authorized, text};

const VIDEOS: &str = "http://gdata.youtube.com/feeds/api/videos/batch";
const OWN: &str = "http://gdata.youtube.com/feeds/api/users/default/uploads/batch";
const FEED: &str = "<feed xmlns='http://www.w3.org/2005/Atom' \
    xmlns:batch='http://schemas.google.com/gdata/batch'>";

struct Desk {
    world: World,
    token: SessionToken,
    client: AuthorizedClient<Emulator>,
    /// The entries of Ann, then those of Ben.
    ann: Vec<Entry<'static>>,
    ben: Vec<Entry<'static>>,
}

impl Desk {
    async fn new() -> Self {
        let world = World::new();
        let token = world
            .session(&world.link("http://gdata.youtube.com/").secure(true))
            .await;
        let envelope = Envelope::new().with_version("2").unwrap();
        let envelope = envelope.with_developer_key("AI39si-dev").unwrap();
        let client = AuthorizedClient::new(world.google.clone(), token.clone())
            .with_envelope(envelope)
            .with_stamps(world.stamps());
        let mut desk = Self {
            world,
            token,
            client,
            ann: Vec::new(),
            ben: Vec::new(),
        };
        desk.ann = desk.uploads("default").await;
        desk.ben = desk.uploads("ben").await;
        desk
    }

    async fn uploads(&self, user: &str) -> Vec<Entry<'static>> {
        let address = UPLOADS.replace("default", user);
        let answer = self.world.get(&self.token, &address).await;
        let feed = Feed::parse(answer.body()).unwrap();
        feed.into_owned().into_entries()
    }

    async fn run(&self, batch: Batch, address: &str) -> Result<BatchReply, Error> {
        self.client.run(&batch.exchange(address).unwrap()).await
    }

    async fn post(&self, address: &str, body: impl Into<Bytes>) -> http::Response<Bytes> {
        let request = http::Request::post(address)
            .header("content-type", "application/atom+xml; charset=UTF-8")
            .header("x-gdata-key", "key=AI39si-dev");
        let request = request.body(body.into()).unwrap();
        let request = authorized(&self.token, request, &self.world.stamp());
        self.world.send(request).await
    }
}

/// The ids and codes of a reply.
fn codes(reply: &BatchReply) -> Vec<(&str, u16)> {
    let outcomes = reply.outcomes().iter();
    outcomes
        .map(|one| (one.id().unwrap(), one.status().unwrap().code))
        .collect()
}

#[tokio::test]
async fn every_operation_has_a_status_of_its_own() {
    let desk = Desk::new().await;
    let (first, second) = (
        desk.ann[0].edit_url().unwrap(),
        desk.ann[1].edit_url().unwrap(),
    );
    let bens = desk.ben[0].edit_url().unwrap();
    let tides = Entry::new().with(atom::title("Tides"));
    let ebb = Entry::new()
        .with(atom::id(first.to_owned()))
        .with(atom::title("Ebb"));
    let batch = Batch::new()
        .query("q", first)
        .query("public", bens)
        .query("none", "http://gdata.youtube.com/feeds/api/videos/none")
        .query("tag", desk.ann[0].id().unwrap())
        .query("odd", "mailto:ann@example.com")
        .insert("i", &tides)
        .update("u", &ebb)
        .update("bens", &Entry::new().with(atom::id(bens.to_owned())))
        .delete("d", second)
        .delete("again", second)
        .delete("hers", bens);
    let reply = desk.run(batch, VIDEOS).await.unwrap();
    assert_eq!(
        codes(&reply),
        [
            ("q", 200),
            ("public", 200),
            ("none", 404),
            ("tag", 200),
            ("odd", 400),
            ("i", 400),
            ("u", 200),
            ("bens", 403),
            ("d", 200),
            ("again", 404),
            ("hers", 403),
        ]
    );
    assert_eq!(desk.world.reason(), "11 operations, 6 of them refused");
    let asked = reply.outcome("q").unwrap().entry();
    assert_eq!(asked.title(), Some("First light"));
    assert_eq!(asked.edit_url(), Some(first));
    assert_eq!(reply.outcome("u").unwrap().entry().title(), Some("Ebb"));
    assert!(reply.unanswered().is_empty());
    let left: Vec<_> = desk.uploads("default").await;
    let titles: Vec<_> = left.iter().filter_map(Entry::title).collect();
    assert_eq!(titles, ["Ebb"]);
    assert_eq!(desk.uploads("ben").await.len(), 2);
}

#[tokio::test]
async fn a_title_that_youtube_refuses_is_named_inside_its_status() {
    let desk = Desk::new().await;
    let entry = Entry::new()
        .with(atom::id(desk.ann[0].edit_url().unwrap().to_owned()))
        .with(atom::title("x".repeat(101)));
    let reply = desk.run(Batch::new().update("1", &entry), OWN).await;
    let reply = reply.unwrap();
    let status = reply.outcome("1").unwrap().status().unwrap();
    assert_eq!(status.code, 400);
    let error = &status.errors.entries()[0];
    assert_eq!(error.domain.as_deref(), Some("yt:validation"));
    assert_eq!(error.code.as_deref(), Some("too_long"));
    assert_eq!(
        error.location.as_ref().unwrap().as_str(),
        "media:group/media:title/text()"
    );
}

#[tokio::test]
async fn a_batch_on_own_uploads_does_not_reach_others() {
    let desk = Desk::new().await;
    let bens = desk.ben[0].edit_url().unwrap();
    let batch = Batch::new().query("ben", bens);
    let reply = desk.run(batch, OWN).await.unwrap();
    assert_eq!(codes(&reply), [("ben", 404)]);
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_is_interrupted_and_nothing_is_done() {
    let desk = Desk::new().await;
    let first = desk.ann[0].edit_url().unwrap();
    let delete = format!(
        "<entry><id>{first}</id><batch:id>1</batch:id><batch:operation type='delete'/></entry>"
    );
    for body in [
        format!("{FEED}{delete}<entry>"),
        format!("{FEED}{delete}<entry><batch:operation type='destroy'/></entry></feed>"),
        "<entry xmlns='http://www.w3.org/2005/Atom'/>".to_owned(),
        String::new(),
        "\u{0}\u{1}".to_owned(),
    ] {
        let answer = desk.post(VIDEOS, body.clone()).await;
        assert_eq!(answer.status(), 200, "{body}");
        let reply = BatchReply::parse(answer.body()).unwrap();
        let interrupted = reply.interrupted().unwrap();
        assert!(!interrupted.reason.is_empty());
        assert_eq!(interrupted.success, Some(0));
        assert!(!reply.is_success());
        assert!(desk.world.reason().starts_with("the batch was interrupted"));
    }
    assert_eq!(desk.uploads("default").await.len(), 2);

    // What a client makes of it.
    let answer = desk.post(VIDEOS, format!("{FEED}<entry>")).await;
    assert!(text(&answer).contains("<batch:interrupted reason='"));
}

#[tokio::test]
async fn fifty_operations_fit() {
    let desk = Desk::new().await;
    let first = desk.ann[0].edit_url().unwrap();
    let many = |count: usize| {
        (0..count).fold(Batch::new(), |batch, at| batch.query(at.to_string(), first))
    };
    let reply = desk.run(many(50), VIDEOS).await.unwrap();
    assert!(reply.is_success());
    let error = desk.run(many(51), VIDEOS).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused, "{error}");
    assert_eq!(
        desk.world.reason(),
        "batch: expected at most 50 operations, got 51"
    );
    // Past what is read of any batch.
    let huge = format!("{FEED}{}</feed>", "<entry/>".repeat(1_001));
    let answer = desk.post(VIDEOS, huge).await;
    let reply = BatchReply::parse(answer.body()).unwrap();
    assert!(reply.interrupted().is_some());
}

#[tokio::test]
async fn a_batch_needs_a_credential_a_key_and_a_post() {
    let desk = Desk::new().await;
    let body = format!("{FEED}</feed>");
    let bare = http::Request::post(VIDEOS).body(Bytes::from(body.clone()));
    assert_eq!(desk.world.send(bare.unwrap()).await.status(), 401);

    let keyless = http::Request::post(VIDEOS).body(Bytes::from(body.clone()));
    let keyless = authorized(&desk.token, keyless.unwrap(), &desk.world.stamp());
    assert_eq!(desk.world.send(keyless).await.status(), 403);
    let in_query = format!("{VIDEOS}?key=AI39si-dev");
    let keyed = http::Request::post(in_query).body(Bytes::from(body.clone()));
    let keyed = authorized(&desk.token, keyed.unwrap(), &desk.world.stamp());
    assert_eq!(desk.world.send(keyed).await.status(), 200);

    let read = desk.world.get(&desk.token, VIDEOS).await;
    assert_eq!(read.status(), 405);
    assert_eq!(read.headers()["allow"], "POST");
}
