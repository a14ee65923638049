//! Batch: many operations in one request, 200 whatever becomes of each (legacy-protocol.md 2.8).
//!
//! A feed that cannot be read is answered by `batch:interrupted` and nothing of it is done, while Google
//! did what stood before the fault.

use http::StatusCode;

use super::{
    Resource, bad_request, broken, change::revise, draft::Draft, entry_base, owner,
    writes::check_developer_key,
};
use crate::{
    emulator::{answer::Answer, gate::Visitor, seen::Seen, state::State, videos::Video},
    gdata::{
        Element, Entry, Feed, atom,
        batch::{Batch, BatchItem, BatchReply, Operation, Outcome, Status},
        namespaces::BATCH,
    },
    time::Timestamp,
};

/// YouTube's bound of one batch. UNVERIFIED: the status beyond it.
const MAX_OPERATIONS: usize = 50;

const FEED: &str = "application/atom+xml; charset=UTF-8; type=feed";

/// What the visitor may reach, and where it is.
struct Room<'a> {
    visitor: &'a Visitor,
    /// Whose videos the batch is about; none: everybody's.
    owner: Option<String>,
    base: String,
    now: Timestamp,
}

pub(super) fn answer(
    state: &mut State,
    seen: &Seen<'_>,
    now: Timestamp,
    user: Option<&str>,
    visitor: &Visitor,
) -> Answer {
    if let Err(answer) = check_developer_key(state, seen) {
        return answer;
    }
    let batch = match Batch::parse(seen.request.body()) {
        Ok(batch) => batch,
        Err(cause) => return interrupted(&cause.to_string()),
    };
    let count = batch.items().len();
    if count > MAX_OPERATIONS {
        let problem = format!("batch: expected at most {MAX_OPERATIONS} operations, got {count}");
        return bad_request(problem).with_status(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let room = Room {
        visitor,
        owner: user.map(|user| owner(state, user, visitor)),
        base: entry_base(seen),
        now,
    };
    let mut outcomes = Vec::with_capacity(count);
    for (at, item) in batch.items().iter().enumerate() {
        let done = match item.operation() {
            Operation::Query => room.query(state, item),
            Operation::Update => room.update(state, item),
            Operation::Delete => room.delete(state, item),
            // UNVERIFIED: in which words; media does not fit into a batch.
            _ => Err(Status::new(400, "A video is inserted with its media")),
        };
        let (status, entry) = match done {
            Ok(Some(entry)) => (Status::new(200, "Success"), entry),
            Ok(None) => (Status::new(200, "Success"), named(item)),
            Err(status) => (status, named(item)),
        };
        let id = item
            .id()
            .map_or_else(|| (at + 1).to_string(), str::to_owned);
        outcomes.push(Outcome::new(id, item.operation(), status).with_entry(&entry));
    }
    let failed = outcomes.iter().filter(|one| !one.is_success()).count();
    let reason = format!("{count} operations, {failed} of them refused");
    match BatchReply::new(outcomes).to_xml() {
        Ok(xml) => Answer::atom(StatusCode::OK, FEED, xml).because(reason),
        Err(cause) => broken(&cause),
    }
}

impl Room<'_> {
    fn query(&self, state: &State, item: &BatchItem) -> Result<Option<Entry<'static>>, Status> {
        let at = self.find(state, item)?;
        Ok(Some(state.videos[at].entry(&self.base)))
    }

    fn update(
        &self,
        state: &mut State,
        item: &BatchItem,
    ) -> Result<Option<Entry<'static>>, Status> {
        let at = self.find_own(state, item)?;
        let draft = Draft::of(item.entry()).map_err(|fault| {
            let mut status = Status::new(400, fault.to_string());
            status.errors = fault.errors();
            status
        })?;
        let video = &mut state.videos[at];
        revise(video, draft, self.now);
        Ok(Some(video.entry(&self.base)))
    }

    fn delete(
        &self,
        state: &mut State,
        item: &BatchItem,
    ) -> Result<Option<Entry<'static>>, Status> {
        let at = self.find_own(state, item)?;
        state.videos.remove(at);
        Ok(None)
    }

    fn find_own(&self, state: &State, item: &BatchItem) -> Result<usize, Status> {
        let at = self.find(state, item)?;
        match state.videos[at].owner == self.visitor.user {
            true => Ok(at),
            false => Err(Status::new(403, "Access forbidden")),
        }
    }

    /// By Atom's `id`, or the link to edit: an address here, or a `tag:` that ends in the id of a video.
    fn find(&self, state: &State, item: &BatchItem) -> Result<usize, Status> {
        let entry = item.entry();
        let id = [entry.id(), entry.edit_url(), entry.self_url()]
            .into_iter()
            .flatten()
            .find_map(|name| video_id(name.trim()))
            .ok_or_else(|| Status::new(400, "Expected the id of a video"))?;
        let wanted = |video: &Video| {
            let of_owner = self
                .owner
                .as_ref()
                .is_none_or(|owner| video.owner == *owner);
            video.id == id && of_owner && video.is_open_to(Some(&self.visitor.user))
        };
        let found = state.videos.iter().position(wanted);
        found.ok_or_else(|| Status::new(404, "Video not found"))
    }
}

fn video_id(name: &str) -> Option<&str> {
    if let Some((_, id)) = name.rsplit_once(":video:") {
        return Some(id).filter(|id| !id.is_empty());
    }
    let (_, behind) = name.split_once("://")?;
    let path = behind.find('/').map(|at| &behind[at..])?;
    let path = path.split(['?', '#']).next()?;
    match Resource::of(path)? {
        Resource::Video { id } | Resource::Upload { id, .. } => Some(id),
        _ => None,
    }
}

/// Only what tells entries apart, where there is no video to show.
fn named(item: &BatchItem) -> Entry<'static> {
    let id = item.entry().id().map(str::to_owned);
    id.map_or_else(Entry::new, |id| Entry::new().with(atom::id(id)))
}

/// UNVERIFIED: the words, and that all counts are 0.
fn interrupted(reason: &str) -> Answer {
    let element = ["success", "failures", "parsed"].into_iter().fold(
        Element::new(BATCH, "interrupted").with_attribute("reason", reason),
        |element, count| element.with_attribute(count, "0"),
    );
    let entry = Entry::new()
        .with(atom::title("Batch Interrupted"))
        .with(element);
    match Feed::new().with_entry(entry).to_xml() {
        Ok(xml) => Answer::atom(StatusCode::OK, FEED, xml).because(format!(
            "the batch was interrupted, nothing was done: {reason}"
        )),
        Err(cause) => broken(&cause),
    }
}
