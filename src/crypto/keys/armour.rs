//! PEM, and the base64 without armour that Java programs keep.
//!
//! Real files are looser than RFC 7468: indented lines (the key of the Python test suite), CRLF, attributes
//! and other blocks before the key, all on one line (environment variables). So the block is found and
//! re-wrapped here, and only then read by the strict, constant-time decoder of the crate `der`.
//!
//! # Source
//! RFC 7468; RFC 1421, 4.6 (`Proc-Type`); legacy-protocol.md 1.9.

use der::SecretDocument;
use zeroize::Zeroizing;

use super::Half;
use crate::error::Error;

/// The DER inside `text`; nothing when `text` is neither PEM nor bare base64.
///
/// Of several blocks the first of the wanted half counts, so a key and its certificate may share a file.
pub(super) fn open(half: Half, text: &str) -> Option<Result<SecretDocument, Error>> {
    let blocks = blocks(text);
    let wanted = |block: &&Block<'_>| match half {
        Half::Private => block.label.ends_with("PRIVATE KEY"),
        Half::Public => block.label.ends_with("PUBLIC KEY") || block.label == "CERTIFICATE",
    };
    match blocks.iter().find(wanted).or(blocks.first()) {
        Some(block) => Some(block.decode(half)),
        None if is_base64(text) => Some(decode(half, text)),
        None => None,
    }
}

struct Block<'a> {
    label: &'a str,
    encrypted: bool,
    base64: &'a str,
}

impl Block<'_> {
    fn decode(&self, half: Half) -> Result<SecretDocument, Error> {
        if self.label == "OPENSSH PRIVATE KEY" {
            return Err(half.unsupported(
                "PKCS#1, PKCS#8 or PKCS#12",
                "an OpenSSH key: convert it with `ssh-keygen -p -m PEM -f FILE`",
            ));
        }
        if self.encrypted {
            return Err(half.unsupported(
                "PKCS#8",
                "the old encryption of OpenSSL (Proc-Type: 4,ENCRYPTED): \
                 convert it with `openssl pkcs8 -topk8 -in FILE -out key.pem`",
            ));
        }
        decode(half, self.base64)
    }
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, from_label)) = rest.split_once(BEGIN) {
        rest = from_label;
        let Some((label, from_body)) = from_label.split_once(DASHES) else {
            continue;
        };
        let end = format!("{END}{label}{DASHES}");
        let Some((body, after)) = from_body.split_once(&end) else {
            continue;
        };
        let (headers, base64) = split_headers(body);
        found.push(Block {
            label,
            encrypted: headers.contains("ENCRYPTED"),
            base64,
        });
        if found.len() == MAX_BLOCKS {
            break;
        }
        rest = after;
    }
    found
}

/// Parts the `Name: value` lines of RFC 1421 from the base64, which holds no colon.
fn split_headers(body: &str) -> (&str, &str) {
    let Some(last_colon) = body.rfind(':') else {
        return ("", body);
    };
    let end_of_line = body[last_colon..]
        .find('\n')
        .map_or(body.len(), |length| last_colon + length);
    body.split_at(end_of_line)
}

fn is_base64(text: &str) -> bool {
    let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    !text.trim().is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_whitespace() || alphabet(byte))
}

fn decode(half: Half, base64: &str) -> Result<SecretDocument, Error> {
    let mut tidy = Zeroizing::new(String::with_capacity(base64.len() + base64.len() / 32 + 64));
    tidy.push_str("-----BEGIN KEY-----");
    for (column, letter) in base64
        .split_ascii_whitespace()
        .flat_map(str::chars)
        .enumerate()
    {
        if column % LINE == 0 {
            tidy.push('\n');
        }
        tidy.push(letter);
    }
    tidy.push_str("\n-----END KEY-----\n");
    match SecretDocument::from_pem(&tidy) {
        Ok((_, der)) => Ok(der),
        Err(cause) => Err(half
            .refuse("a key in base64", "damaged base64 or DER")
            .caused_by(cause)),
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// Characters in a line of strict PEM (RFC 7468, 2).
pub(super) const LINE: usize = 64;
/// The most blocks that are looked through for the wanted one.
const MAX_BLOCKS: usize = 64;
