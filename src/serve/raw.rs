//! Writes an answer by hand, so that it can do what hyper rightly refuses: lie about its length, stall, break off.

use std::{io, time::Duration};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::sleep,
};

use super::misbehaviour::{End, Misbehaviour};

/// The two directions of a connection, plain or inside TLS.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {
    /// From here on, dropping it sends a reset.
    fn reset_on_drop(&self) -> io::Result<()>;
}

impl Wire for TcpStream {
    fn reset_on_drop(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

impl<W: Wire + ?Sized> Wire for Box<W> {
    fn reset_on_drop(&self) -> io::Result<()> {
        (**self).reset_on_drop()
    }
}

/// An answer that misbehaves.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) misbehaviour: Misbehaviour,
    pub(super) reply: Response<Bytes>,
    pub(super) to_head: bool,
}

impl Raw {
    /// Writes it; whether the connection is to be closed in an orderly way after it.
    pub(super) async fn write(
        &self,
        io: &mut impl Wire,
        stopped: &mut watch::Receiver<bool>,
    ) -> io::Result<bool> {
        let end = self.misbehaviour.end;
        if end == Some(End::Silent) {
            return Ok(true);
        }
        io.write_all(&self.head()).await?;
        io.flush().await?;
        let body = self.body();
        let until = match end {
            Some(End::Closed(after) | End::Reset(after)) => after.min(body.len()),
            _ => body.len(),
        };
        let mut pause = self.misbehaviour.pause;
        let mut at = 0;
        loop {
            if let Some(due) = pause.filter(|pause| pause.after <= at || at == until) {
                pause = None;
                if !wait(io, due.span, stopped).await {
                    return Ok(true);
                }
            }
            if at == until {
                break;
            }
            let mut next = until;
            if let Some(coming) = pause {
                next = next.min(coming.after);
            }
            if let Some(pace) = self.misbehaviour.bytes_per_second {
                next = next.min(at + piece(pace));
            }
            io.write_all(&body[at..next]).await?;
            io.flush().await?;
            if let Some(pace) = self.misbehaviour.bytes_per_second {
                let took = f64::from(u32::try_from(next - at).unwrap_or(u32::MAX));
                let span = Duration::from_secs_f64(took / f64::from(pace));
                if !wait(io, span, stopped).await {
                    return Ok(true);
                }
            }
            at = next;
        }
        if matches!(end, Some(End::Reset(_))) {
            io.reset_on_drop()?;
            return Ok(false);
        }
        Ok(true)
    }

    fn head(&self) -> Vec<u8> {
        let status = self.reply.status();
        let reason = match self.reply.extensions().get::<hyper::ext::ReasonPhrase>() {
            Some(reason) => reason.as_bytes(),
            None => status.canonical_reason().unwrap_or_default().as_bytes(),
        };
        let mut head = format!("HTTP/1.1 {} ", status.as_str()).into_bytes();
        head.extend_from_slice(reason);
        head.extend_from_slice(b"\r\n");
        for (name, value) in self.reply.headers() {
            if !FRAMING.contains(name) {
                field(&mut head, name.as_str().as_bytes(), value.as_bytes());
            }
        }
        let told = self.reply.headers().get(header::CONTENT_LENGTH);
        let length = match (self.misbehaviour.length, told) {
            (Some(length), _) => Some(length.to_string()),
            // An answer to HEAD without a body tells the length that a GET would get.
            (None, Some(told)) if self.to_head && self.reply.body().is_empty() => {
                told.to_str().ok().map(str::to_owned)
            }
            (None, _) if has_no_body(status) => None,
            (None, _) => Some(self.reply.body().len().to_string()),
        };
        if let Some(length) = length {
            field(&mut head, b"content-length", length.as_bytes());
        }
        field(&mut head, b"connection", b"close");
        head.extend_from_slice(b"\r\n");
        head
    }

    fn body(&self) -> &[u8] {
        if self.to_head || has_no_body(self.reply.status()) {
            &[]
        } else {
            self.reply.body()
        }
    }
}

/// Whether the time passed; not, when the server stops or the client is gone.
async fn wait(io: &mut impl Wire, span: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    let mut time = std::pin::pin!(sleep(span));
    let mut unasked = [0; 512];
    let mut listening = true;
    loop {
        tokio::select! {
            () = &mut time => return true,
            _ = stopped.wait_for(|stop| *stop) => return false,
            // A client that has only closed its side may still read.
            heard = io.read(&mut unasked), if listening => match heard {
                Ok(0) => listening = false,
                Ok(_) => {}
                Err(_) => return false,
            },
        }
    }
}

/// What is written between two waits: a tenth of a second's worth.
fn piece(bytes_per_second: u32) -> usize {
    usize::try_from(bytes_per_second / 10)
        .unwrap_or(usize::MAX)
        .max(1)
}

fn has_no_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

fn field(head: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    for piece in [name, b": ", value, b"\r\n"] {
        head.extend_from_slice(piece);
    }
}

/// Written anew.
const FRAMING: [header::HeaderName; 3] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];
