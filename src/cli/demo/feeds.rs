//! The feeds that the stories read and write.

use bytes::Bytes;
use http::{Request, header};

use super::{
    browser::get,
    stage::{Stage, Wire},
};
use crate::{
    client::AuthorizedClient,
    error::Error,
    gdata::{Element, Entry, Envelope, Feed, atom, namespaces::MEDIA},
    scheme::AuthScheme,
};

pub(super) const SCOPE: &str = "http://gdata.youtube.com/feeds/";
pub(super) const UPLOADS: &str = "/feeds/api/users/default/uploads";
pub(super) const CALENDARS: &str = "/calendar/feeds/default/allcalendars/full";
pub(super) const DEVELOPER_KEY: &str = "AI39si-demo";
const VIDEO: &[u8] = include_bytes!("../../../fixtures/media/test-card.mp4");

/// A client over the tapped wire, by the clock of the stage.
pub(super) fn client(
    stage: &Stage,
    scheme: impl Into<AuthScheme>,
    developer_key: Option<&str>,
) -> Result<AuthorizedClient<Wire>, Error> {
    let mut envelope = Envelope::new().with_version("2")?;
    if let Some(key) = developer_key {
        envelope = envelope.with_developer_key(key)?;
    }
    let client = AuthorizedClient::new(stage.wire.clone(), scheme).with_stamps(stage.stamps());
    Ok(client.with_envelope(envelope))
}

/// Reads the user's uploads; how many there are.
pub(super) async fn read_feed(
    stage: &Stage,
    scheme: impl Into<AuthScheme>,
) -> Result<usize, Error> {
    let url = format!("{}{UPLOADS}", stage.origin);
    let client = client(stage, scheme, Some(DEVELOPER_KEY))?;
    let answer = client.request(get(&url)?).await?;
    Ok(Feed::parse(answer.body())?.entries().len())
}

/// Uploads a video; the address of its entry.
pub(super) async fn upload(
    stage: &Stage,
    scheme: impl Into<AuthScheme>,
    developer_key: Option<&str>,
) -> Result<String, Error> {
    let entry = Entry::new()
        .with(atom::title("Test card"))
        .with(
            Element::new(MEDIA, "group").with(
                Element::new(MEDIA, "title")
                    .with_attribute("type", "plain")
                    .with_text("Test card"),
            ),
        )
        .to_xml()?;
    let boundary = "gdata-auth-demo";
    let mut body = format!(
        "--{boundary}\r\nContent-Type: application/atom+xml; charset=UTF-8\r\n\r\n{entry}\r\n\
         --{boundary}\r\nContent-Type: video/mp4\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(VIDEO);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let request = Request::post(format!("{}{UPLOADS}", stage.origin))
        .header(
            header::CONTENT_TYPE,
            format!("multipart/related; boundary={boundary}"),
        )
        .header("slug", "test-card.mp4")
        .body(Bytes::from(body))
        .map_err(|cause| Error::input("address", "expected an address").caused_by(cause))?;
    let answer = client(stage, scheme, developer_key)?
        .request(request)
        .await?;
    let location = answer.headers().get(header::LOCATION);
    location
        .and_then(|location| location.to_str().ok())
        .map(str::to_owned)
        .ok_or_else(|| Error::reply("location", "expected the address of the new entry"))
}
