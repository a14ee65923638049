//! One file for every bug that was found, named after what broke.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fmt,
    future::ready,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use gdata_auth::{Transport, transport::TransportError};

mod ampersands;
mod basic_as_sent;
mod emulator_keeps_refreshing;
mod encoded_separators;
mod endpoints_gone;
mod foreign_names_in_errors;
mod inner_mishap;
mod lost_redirects;
mod lost_session_tokens;
mod null_delegates;
mod refused_signatures;
mod resume_incomplete;
mod see_other_headers;
mod session_ids_in_debug;
mod spent_device_codes;
mod unproven_devices;
mod unreadable_signed_data;
#[cfg(feature = "migrate")]
mod xml_marks_in_tags;

const KEY: &str = include_str!("../../fixtures/keys/insecure-rsa2048-pkcs8.pem");

/// Answers by the number of the request, and keeps what was sent.
#[derive(Clone)]
struct Script {
    sent: Arc<Mutex<Vec<http::Request<Bytes>>>>,
    answer: fn(usize) -> http::Response<Bytes>,
}

impl Script {
    fn new(answer: fn(usize) -> http::Response<Bytes>) -> Self {
        Self {
            sent: Arc::default(),
            answer,
        }
    }

    fn last(&self) -> http::Request<Bytes> {
        self.sent.lock().unwrap().last().unwrap().clone()
    }
}

/// Without the requests.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(request);
        Box::pin(ready(Ok((self.answer)(sent.len()))))
    }
}

fn get(address: &str) -> http::Request<Bytes> {
    http::Request::get(address).body(Bytes::new()).unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> http::Response<Bytes> {
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}
