//! The transport of a plain request: a file as the body, a file for the answer, neither of them in memory.
//!
//! It reads the file anew for each request, so a redirect or a renewed token sends all of it again.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
};

use bytes::Bytes;
use futures_core::future::BoxFuture;

use super::progress::Counting;
use crate::{
    cli::args::SendRequest,
    error::Error,
    transport::{Mishap, Reqwest, Transport, TransportError},
};

pub(super) struct Streaming {
    inner: Reqwest,
    /// The file of `--upload`.
    upload: Option<PathBuf>,
    /// The file of `--output`.
    output: Option<PathBuf>,
}

impl Streaming {
    pub(super) fn of(options: &SendRequest) -> Result<Self, Error> {
        Ok(Self {
            inner: Reqwest::for_feeds()?,
            upload: options.upload.clone(),
            output: options.output.clone(),
        })
    }

    async fn carry(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        if let Some(path) = &self.upload {
            let file = File::open(path).map_err(|cause| unusable("read", path, cause))?;
            let total = file
                .metadata()
                .map_err(|cause| unusable("read", path, cause))?
                .len();
            let (head, _) = request.into_parts();
            let counted = Counted {
                file,
                sent: 0,
                bar: Counting::start(total),
            };
            let answer = self.inner.send_from(head, total, counted).await?;
            return self.keep(answer);
        }
        let Some(path) = &self.output else {
            return self.inner.send(request).await;
        };
        let mut place: Option<(File, Counting, u64)> = None;
        let answer = self
            .inner
            .send_into(request, |piece, announced| {
                let (file, bar, at) = match &mut place {
                    Some(place) => place,
                    None => {
                        let bar = Counting::when_large(announced.unwrap_or(0));
                        place.insert((File::create(path)?, bar, 0))
                    }
                };
                file.write_all(piece)?;
                *at += piece.len() as u64;
                bar.at(*at);
                Ok(())
            })
            .await;
        let kept = place.is_some();
        if let Some((_, bar, _)) = place {
            bar.end();
        }
        let answer = answer?;
        match kept {
            true => Ok(answer),
            false => self.keep(answer),
        }
    }

    /// Writes a success that is in memory; an empty one makes an empty file.
    fn keep(&self, answer: http::Response<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        if let Some(path) = &self.output
            && answer.status().is_success()
        {
            std::fs::write(path, answer.body()).map_err(|cause| unusable("write", path, cause))?;
        }
        Ok(answer)
    }
}

impl Transport for Streaming {
    fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'_, Result<http::Response<Bytes>, TransportError>> {
        Box::pin(self.carry(request))
    }
}

/// A file that shows how far it is read.
struct Counted {
    file: File,
    sent: u64,
    bar: Counting,
}

impl Read for Counted {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(room)?;
        self.sent += count as u64;
        self.bar.at(self.sent);
        Ok(count)
    }
}

fn unusable(verb: &str, path: &std::path::Path, cause: io::Error) -> TransportError {
    let text = format!("cannot {verb} {}: {cause}", path.display());
    TransportError::new(Mishap::Request, text).caused_by(cause)
}
