//! What became of a batch as a whole.

use super::{Interrupted, Outcome};
use crate::{
    error::{Error, Kind},
    gdata::{Entry, Feed, namespaces::BATCH},
};

/// The outcomes of a batch, in the order of the reply.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::batch::BatchReply;
///
/// let reply = BatchReply::parse(
///     b"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:batch='http://schemas.google.com/gdata/batch'>
///       <entry><batch:id>1</batch:id><batch:status code='201' reason='Created'/></entry>
///       <entry><batch:id>2</batch:id><batch:status code='404' reason='Not found'/></entry></feed>",
/// )?;
/// assert!(!reply.is_success());
/// let failed: Vec<_> = reply.failures().map(|outcome| outcome.id()).collect();
/// assert_eq!(failed, [Some("2")]);
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "the status is 200 also when operations failed: look at failures()"]
pub struct BatchReply {
    outcomes: Vec<Outcome>,
    /// Of the feed, as some servers give it.
    interrupted: Option<Interrupted>,
    unanswered: Vec<String>,
}

impl BatchReply {
    /// What a server answers.
    pub fn new(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        Self {
            outcomes: outcomes.into_iter().collect(),
            interrupted: None,
            unanswered: Vec::new(),
        }
    }

    /// Reads the feed. Elements of `batch` count with their namespace, and, but for `id`, without any.
    ///
    /// # Errors
    /// [`Kind::Reply`] as [`Feed::parse`].
    pub fn parse(document: &[u8]) -> Result<Self, Error> {
        let feed = Feed::parse(document)?;
        let interrupted = feed.element().child(BATCH, "interrupted");
        Ok(Self {
            outcomes: feed.entries().iter().map(Outcome::read).collect(),
            interrupted: interrupted.map(Interrupted::read),
            unanswered: Vec::new(),
        })
    }

    /// The feed. Law: [`parse`](Self::parse) of it gives an equal reply, where ids and texts have no outer
    /// spaces.
    ///
    /// # Errors
    /// [`Kind::Input`] as [`Feed::to_xml`].
    pub fn to_xml(&self) -> Result<String, Error> {
        let feed = match &self.interrupted {
            Some(interrupted) => Feed::new().with(interrupted.element()),
            None => Feed::new(),
        };
        let entries = self.outcomes.iter().map(Outcome::print);
        entries.fold(feed, Feed::with_entry).to_xml()
    }

    /// What became of each operation that was answered.
    #[must_use]
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// The outcome of one operation.
    #[must_use]
    pub fn outcome(&self, id: &str) -> Option<&Outcome> {
        let named = |outcome: &&Outcome| outcome.id() == Some(id);
        self.outcomes.iter().find(named)
    }

    /// The operations that were answered, and not done. Those in [`unanswered`](Self::unanswered) were not
    /// done either, as far as anybody knows.
    pub fn failures(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| !outcome.is_success())
    }

    /// The ids that were asked for and are missing in the answer.
    #[must_use]
    pub fn unanswered(&self) -> &[String] {
        &self.unanswered
    }

    /// Where the server gave up, if it did.
    #[must_use]
    pub fn interrupted(&self) -> Option<&Interrupted> {
        let inside = || self.outcomes.iter().find_map(Outcome::interrupted);
        self.interrupted.as_ref().or_else(inside)
    }

    /// Whether every operation was answered and done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.interrupted().is_none()
            && self.unanswered.is_empty()
            && self.failures().next().is_none()
    }

    /// The entries of all operations, if all were done.
    ///
    /// # Errors
    /// [`Kind::Refused`] that counts what was not done, with the first failure as its source.
    pub fn into_entries(self) -> Result<Vec<Entry<'static>>, Error> {
        if self.is_success() {
            let entries = self.outcomes.into_iter().map(Outcome::into_entry);
            return Ok(entries.collect());
        }
        let failed = self.failures().count();
        let (answered, silent) = (self.outcomes.len(), self.unanswered.len());
        let interrupted = match self.interrupted() {
            Some(_) => "; the server gave up on the rest",
            None => "",
        };
        let error = Error::new(
            Kind::Refused,
            format!(
                "expected every operation of the batch to be done, got {failed} of {} refused and \
                 {silent} unanswered{interrupted}",
                answered + silent
            ),
        );
        Err(match self.failures().find_map(Outcome::error) {
            Some(cause) => error.caused_by(cause),
            None => error,
        })
    }

    /// Notes which of the ids that were asked for are missing.
    pub(super) fn expecting(mut self, ids: &[String]) -> Self {
        let missing = ids.iter().filter(|id| self.outcome(id).is_none()).cloned();
        self.unanswered = missing.collect();
        self
    }
}
