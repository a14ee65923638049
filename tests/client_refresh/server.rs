//! A token endpoint that answers as it is told, and remembers what it was asked.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gdata_auth::{
    Transport,
    transport::{Mishap, TransportError},
    wire::query::Pairs,
};
use tokio::sync::Notify;

type Answer = Result<http::Response<Bytes>, TransportError>;

#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Inner>);

#[derive(Default)]
struct Inner {
    answers: Mutex<VecDeque<Answer>>,
    asked: Mutex<Vec<String>>,
    /// While it is set, answers wait for `open`.
    gate: Mutex<Option<Arc<Notify>>>,
    /// Told whenever a request has come in.
    arrived: Notify,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn then(self, status: u16, body: &str) -> Self {
        self.push(Ok(answer(status, body)));
        self
    }

    pub(crate) fn then_token(self, token: &str, lifetime: i64) -> Self {
        let body = format!(
            r#"{{"access_token":"{token}","expires_in":{lifetime},"token_type":"Bearer"}}"#
        );
        self.then(200, &body)
    }

    pub(crate) fn then_rotated(self, token: &str, refresh: &str) -> Self {
        let body = format!(
            r#"{{"access_token":"{token}","expires_in":3600,"token_type":"Bearer","refresh_token":"{refresh}"}}"#
        );
        self.then(200, &body)
    }

    pub(crate) fn then_header(self, status: u16, name: &'static str, value: &'static str) -> Self {
        let mut answer = answer(status, "");
        let value = http::HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
        self.push(Ok(answer));
        self
    }

    pub(crate) fn then_torn(self) -> Self {
        self.push(Err(TransportError::new(Mishap::Torn, "broke off")));
        self
    }

    fn push(&self, answer: Answer) {
        self.0.answers.lock().unwrap().push_back(answer);
    }

    /// Holds answers back until the notice.
    pub(crate) fn hold(&self) -> Arc<Notify> {
        let gate = Arc::new(Notify::new());
        *self.0.gate.lock().unwrap() = Some(Arc::clone(&gate));
        gate
    }

    pub(crate) async fn arrived(&self) {
        self.0.arrived.notified().await;
    }

    /// The refresh tokens that were sent, in order.
    pub(crate) fn spent(&self) -> Vec<String> {
        self.0.asked.lock().unwrap().clone()
    }

    pub(crate) fn transport(&self) -> impl Transport + 'static {
        let server = self.clone();
        move |request: http::Request<Bytes>| {
            let server = server.clone();
            async move { server.answer(request).await }
        }
    }

    async fn answer(&self, request: http::Request<Bytes>) -> Answer {
        assert_eq!(request.uri(), "https://oauth2.googleapis.com/token");
        let form = Pairs::parse(std::str::from_utf8(request.body()).unwrap()).unwrap();
        let spent = form.first("refresh_token").unwrap().to_owned();
        self.0.asked.lock().unwrap().push(spent);
        self.0.arrived.notify_one();
        let gate = self.0.gate.lock().unwrap().take();
        if let Some(gate) = gate {
            gate.notified().await;
        }
        let answer = self.0.answers.lock().unwrap().pop_front();
        answer.unwrap_or_else(|| panic!("asked once more than was written down"))
    }
}

fn answer(status: u16, body: &str) -> http::Response<Bytes> {
    http::Response::builder()
        .status(status)
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}
