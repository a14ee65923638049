//! The pages of a feed, one after the other.

use bytes::Bytes;
use http::Request;

use super::AuthorizedClient;
use crate::{
    error::Error,
    gdata::{Feed, Paging},
    transport::Transport,
};

/// Reads a feed page by page; made by [`AuthorizedClient::pages`].
#[derive(Debug)]
pub struct Pages<'c, T> {
    client: &'c AuthorizedClient<T>,
    paging: Paging,
    /// Why there is no page behind the one that was given last.
    broken: Option<Error>,
}

impl<T: Transport> AuthorizedClient<T> {
    /// The pages of a feed, from where `paging` starts.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "emulator")] {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// use gdata_auth::{
    ///     authsub::SessionToken, client::AuthorizedClient, emulator::Emulator, gdata::Paging,
    /// };
    ///
    /// let google = Emulator::new();
    /// let token = google.issue_session_token("http://gdata.youtube.com/feeds/")?;
    /// let client = AuthorizedClient::new(google, SessionToken::new(token)?);
    ///
    /// let uploads = "http://gdata.youtube.com/feeds/api/users/default/uploads";
    /// let mut pages = client.pages(Paging::new(uploads)?.with_max_results(10)?);
    /// while let Some(page) = pages.next_page().await? {
    ///     for entry in page.entries() {
    ///         println!("{:?}", entry.title());
    ///     }
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pages(&self, paging: Paging) -> Pages<'_, T> {
        Pages {
            client: self,
            paging,
            broken: None,
        }
    }
}

impl<T: Transport> Pages<'_, T> {
    /// The next page; `None` behind the last.
    ///
    /// # Errors
    /// As [`AuthorizedClient::request`] and [`Feed::parse`], after which the next call asks for the same page
    /// again; and, in the call behind the last good page, as [`Paging::advance`].
    pub async fn next_page(&mut self) -> Result<Option<Feed<'static>>, Error> {
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        let Some(address) = self.paging.address() else {
            return Ok(None);
        };
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = address.clone();
        let answer = self.client.request(request).await?;
        let feed = Feed::parse(answer.body())?;
        self.broken = self.paging.advance(&feed).err();
        Ok(Some(feed.into_owned()))
    }
}
