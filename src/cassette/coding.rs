//! `Content-Encoding`: gzip and deflate undone and done again, within bounds (RFC 9110, 8.4.1).

use std::{
    borrow::Cow,
    io::{Read, Write},
};

use flate2::{
    Compression,
    read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder},
    write::{GzEncoder, ZlibEncoder},
};

use super::{Headers, Limits};
use crate::error::{Error, Kind};

/// The codings that the headers tell, in the order in which they were applied, in lower case; `identity` is none.
pub(super) fn told(headers: &Headers) -> Vec<String> {
    let mut told = Vec::new();
    for value in headers.all("content-encoding") {
        let value = String::from_utf8_lossy(value);
        let names = value
            .split(',')
            .map(|name| name.trim().to_ascii_lowercase());
        told.extend(names.filter(|name| !name.is_empty() && name != "identity"));
    }
    told
}

/// Whether the headers tell a coding whose marks the bytes do not bear.
pub(super) fn is_undone(headers: &Headers, bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    match told(headers).last().map(String::as_str) {
        Some("gzip" | "x-gzip") => !bytes.starts_with(&GZIP),
        Some("deflate") => !is_zlib(bytes) && inflate(DeflateDecoder::new(bytes), PROBE).is_err(),
        // Of other codings no sure mark is known here. Text that reads as text has none of them.
        Some(_) => std::str::from_utf8(bytes).is_ok(),
        None => false,
    }
}

/// The bytes without their codings.
pub(super) fn undo<'b>(
    headers: &Headers,
    bytes: &'b [u8],
    limits: &Limits,
) -> Result<Cow<'b, [u8]>, Error> {
    let mut plain = Cow::Borrowed(bytes);
    for coding in told(headers).iter().rev() {
        let cap = limits.body;
        let undone = match coding.as_str() {
            "gzip" | "x-gzip" => inflate(MultiGzDecoder::new(&*plain), cap),
            "deflate" if is_zlib(&plain) => inflate(ZlibDecoder::new(&*plain), cap),
            "deflate" => inflate(DeflateDecoder::new(&*plain), cap),
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    "content-encoding: expected gzip or deflate, got another coding",
                ));
            }
        };
        plain = Cow::Owned(undone?);
    }
    Ok(plain)
}

/// The bytes under the codings that the headers tell.
pub(super) fn redo(headers: &Headers, plain: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bytes = plain.to_vec();
    for coding in told(headers) {
        bytes = match coding.as_str() {
            "gzip" | "x-gzip" => finish(
                GzEncoder::new(Vec::new(), Compression::default()),
                &bytes,
                GzEncoder::finish,
            )?,
            "deflate" => finish(
                ZlibEncoder::new(Vec::new(), Compression::default()),
                &bytes,
                ZlibEncoder::finish,
            )?,
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    "content-encoding: expected gzip or deflate, got another coding",
                ));
            }
        };
    }
    Ok(bytes)
}

/// As much of a zlib stream as can be undone, and what is wrong with the rest.
pub(super) fn unzlib_part(bytes: &[u8], cap: usize) -> (Vec<u8>, Option<Error>) {
    let mut plain = Vec::new();
    let read = ZlibDecoder::new(bytes)
        .take(cap as u64)
        .read_to_end(&mut plain);
    let damage = match read {
        Err(cause) => Some(
            Error::new(
                Kind::Reply,
                "expected a whole zlib stream, got a damaged one",
            )
            .caused_by(cause),
        ),
        Ok(_) if plain.len() == cap => Some(Error::new(
            Kind::Reply,
            format!("expected fewer than {cap} bytes inside, got more"),
        )),
        Ok(_) => None,
    };
    (plain, damage)
}

pub(super) fn is_zlib(bytes: &[u8]) -> bool {
    // RFC 1950, 2.2: the method is 8, and the first two bytes are a multiple of 31.
    matches!(bytes, [cmf, flags, ..] if cmf & 0x0f == 8 && cmf >> 4 <= 7
        && (u16::from(*cmf) << 8 | u16::from(*flags)).is_multiple_of(31))
}

fn inflate(decoder: impl Read, cap: usize) -> Result<Vec<u8>, Error> {
    let mut plain = Vec::new();
    let mut capped = decoder.take(cap as u64 + 1);
    capped.read_to_end(&mut plain).map_err(|cause| {
        Error::reply("body", "expected a compressed body, got a damaged one").caused_by(cause)
    })?;
    if plain.len() > cap {
        return Err(Error::reply(
            "body",
            format_args!("expected at most {cap} bytes inside, got more"),
        ));
    }
    Ok(plain)
}

fn finish<W: Write>(
    mut encoder: W,
    bytes: &[u8],
    end: impl FnOnce(W) -> std::io::Result<Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    encoder
        .write_all(bytes)
        .and_then(|()| end(encoder))
        .map_err(|cause| {
            Error::new(
                Kind::Transport,
                "expected memory for a compressed body, got none",
            )
            .caused_by(cause)
        })
}

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// As much of a raw deflate stream as tells whether it is one.
const PROBE: usize = 64 << 20;
