//! Any exchange, authorised.

use super::AuthorizedClient;
use crate::{
    error::{Error, Kind},
    exchange::Exchange,
    transport::Transport,
};

impl<T: Transport> AuthorizedClient<T> {
    /// Drives one exchange with the credential: a direct upload, a batch, the session of an upload.
    ///
    /// # Errors
    /// As [`request`](Self::request) while nothing has been answered, then what [`Exchange::parse`] says of
    /// the answer; where a scope is the problem, with the scopes that the credential has.
    ///
    /// # Examples
    /// ```
    /// # #[cfg(feature = "emulator")] {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// use gdata_auth::{
    ///     authsub::SessionToken, client::AuthorizedClient, emulator::Emulator,
    ///     gdata::{Entry, Envelope, atom, upload::DirectUpload},
    /// };
    ///
    /// let google = Emulator::new();
    /// let token = google.issue_session_token("http://uploads.gdata.youtube.com/feeds/")?;
    /// let client = AuthorizedClient::new(google, SessionToken::new(token)?)
    ///     .with_envelope(Envelope::new().with_version("2")?.with_developer_key("AI39si-dev")?);
    ///
    /// let address = "http://uploads.gdata.youtube.com/feeds/api/users/default/uploads";
    /// let upload = DirectUpload::new(address, "video/mp4", "…")?
    ///     .with_entry(&Entry::new().with(atom::title("Tides")))?;
    /// assert_eq!(client.run(&upload).await?.entry().title(), Some("Tides"));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?; }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn run<E>(&self, exchange: &E) -> Result<E::Output, Error>
    where
        E: Exchange + ?Sized,
    {
        let request = exchange.request();
        let address = request.uri().to_string();
        let (answer, stamp) = self.deliver(request).await?;
        exchange.parse(&answer).map_err(|error| {
            let told = || self.explain(&address, &answer, &stamp);
            match error.kind() {
                Kind::Scope => told().unwrap_or(error),
                _ => error,
            }
        })
    }
}
