//! Waits on loopback for the browser that comes back from a consent page.
//!
//! ```text
//! GET /back/<random>?token=…   303 to /done, and the address is handed over   once
//! GET /done                    a page to close                                without a token
//! anything else                404
//! ```

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use tokio::sync::{Notify, oneshot};

use crate::{
    cli::listen,
    error::{Error, Kind},
    secret::Secret,
    serve::{Running, Server},
    system::{Randomness, SystemRandomness},
    transport::TransportError,
};

/// A door on loopback that one browser finds.
pub(super) struct Receiver {
    server: Running,
    path: String,
    arrival: oneshot::Receiver<Secret>,
    shown: Arc<Notify>,
}

impl Receiver {
    /// Opens the door; port 0 takes a free one.
    pub(super) fn open(port: u16) -> Result<Self, Error> {
        let mut random = [0; 16];
        SystemRandomness.fill(&mut random);
        let path = format!("/back/{}", URL_SAFE_NO_PAD.encode(random));
        let (sender, arrival) = oneshot::channel();
        let shown = Arc::new(Notify::new());
        let desk = Arc::new(Desk {
            path: path.clone(),
            sender: Mutex::new(Some(sender)),
            shown: Arc::clone(&shown),
        });
        let transport = move |request: Request<Bytes>| {
            std::future::ready(Ok::<_, TransportError>(desk.answer(&request)))
        };
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let server = Server::builder()
            .max_body(64 * 1024)
            .bind(address, transport)
            .map_err(|cause| listen::refused(cause, address, listen::PORT))?
            .spawn()?;
        Ok(Self {
            server,
            path,
            arrival,
            shown,
        })
    }

    /// Where the browser has to come back to.
    pub(super) fn address(&self) -> String {
        format!("{}{}", self.server.origin(), self.path)
    }

    /// The whole address that it came back to.
    ///
    /// # Errors
    /// [`Kind::Transport`] when nobody came in time.
    pub(super) async fn wait(self, limit: Duration) -> Result<Secret, Error> {
        let origin = self.server.origin();
        let target = match tokio::time::timeout(limit, self.arrival).await {
            Ok(Ok(target)) => target,
            Ok(Err(_)) | Err(_) => {
                return Err(Error::new(
                    Kind::Transport,
                    format!(
                        "expected the browser to come back within {} s, it did not",
                        limit.as_secs()
                    ),
                ));
            }
        };
        // The page that the browser is sent on to; one that does not ask for it is not waited for.
        let _ = tokio::time::timeout(LAST_PAGE, self.shown.notified()).await;
        self.server.stop().await?;
        Ok(Secret::new(format!("{origin}{}", target.expose())))
    }
}

/// What answers requests.
struct Desk {
    path: String,
    sender: Mutex<Option<oneshot::Sender<Secret>>>,
    shown: Arc<Notify>,
}

impl Desk {
    fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let path = request.uri().path();
        if request.method() != Method::GET {
            return page(StatusCode::NOT_FOUND, NOTHING);
        }
        if path == DONE {
            self.shown.notify_one();
            return page(StatusCode::OK, CLOSE);
        }
        if path != self.path {
            return page(StatusCode::NOT_FOUND, NOTHING);
        }
        let target = request
            .uri()
            .path_and_query()
            .map_or(path, http::uri::PathAndQuery::as_str);
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(sender) = sender {
            let _ = sender.send(Secret::new(target));
        }
        let mut answer = page(StatusCode::SEE_OTHER, "");
        let done = http::HeaderValue::from_static(DONE);
        answer.headers_mut().insert(header::LOCATION, done);
        answer
    }
}

fn page(status: StatusCode, text: &str) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(text.to_owned()));
    *answer.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        let value = http::HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
    }
    answer
}

const DONE: &str = "/done";
const LAST_PAGE: Duration = Duration::from_secs(2);
const NOTHING: &str = "<!DOCTYPE html><title>Nothing here</title><p>There is nothing here.</p>\n";
const CLOSE: &str = "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>gdata-auth</title>\
    <p>The answer has arrived. Close this page, and go back to the terminal.</p></html>\n";
