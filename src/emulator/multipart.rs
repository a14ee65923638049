//! `multipart/related` bodies: an Atom entry and the media behind it (RFC 2387, RFC 2046 5.1).

use bytes::Bytes;

/// One part: its content type and its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) content_type: String,
    pub(super) body: Bytes,
}

/// More parts than this are refused.
const MAX_PARTS: usize = 16;
/// The longest boundary of RFC 2046, 5.1.1.
const MAX_BOUNDARY: usize = 70;

/// The parts of a body, by the `boundary` of its content type; the error says what is wrong.
pub(super) fn parts(content_type: &str, body: &Bytes) -> Result<Vec<Part>, String> {
    let boundary = boundary(content_type)?;
    let delimiter = format!("--{boundary}");
    let marks = memchr::memmem::find_iter(body, delimiter.as_bytes())
        .filter(|&at| at == 0 || body[at - 1] == b'\n')
        .take(MAX_PARTS + 2)
        .collect::<Vec<_>>();
    if marks.len() < 2 {
        return Err("the body does not have two boundaries".to_owned());
    }
    if marks.len() > MAX_PARTS + 1 {
        return Err(format!("the body has more than {MAX_PARTS} parts"));
    }
    let closed = marks
        .last()
        .is_some_and(|last| body[last + delimiter.len()..].starts_with(b"--"));
    if !closed {
        return Err("the closing boundary is missing: the body is torn".to_owned());
    }
    marks
        .windows(2)
        .map(|pair| part(body, pair[0] + delimiter.len(), pair[1]))
        .collect()
}

fn boundary(content_type: &str) -> Result<&str, String> {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !kind.trim().eq_ignore_ascii_case("multipart/related") {
        return Err("Content-Type: expected multipart/related".to_owned());
    }
    let boundary = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim().trim_matches('"'))
        .ok_or("Content-Type: expected a boundary")?;
    if boundary.is_empty() || boundary.len() > MAX_BOUNDARY {
        return Err(format!(
            "boundary: expected 1 to {MAX_BOUNDARY} characters, got {}",
            boundary.len()
        ));
    }
    Ok(boundary)
}

/// The part between the end of one boundary and the start of the next.
fn part(body: &Bytes, start: usize, end: usize) -> Result<Part, String> {
    let torn = || "a part has no blank line behind its headers".to_owned();
    let first = memchr::memchr(b'\n', &body[start..end]).ok_or_else(torn)?;
    let head = start + first + 1;
    let text = &body[head..end];
    let (length, gap) = match (
        memchr::memmem::find(text, b"\r\n\r\n"),
        memchr::memmem::find(text, b"\n\n"),
    ) {
        (Some(crlf), Some(lf)) if lf < crlf => (lf, 2),
        (Some(crlf), _) => (crlf, 4),
        (None, Some(lf)) => (lf, 2),
        (None, None) => return Err(torn()),
    };
    let headers = String::from_utf8_lossy(&text[..length]);
    let content_type = headers
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-type"))
        .map_or_else(String::new, |(_, value)| value.trim().to_owned());
    let mut last = end;
    for byte in [b'\n', b'\r'] {
        if last > head + length + gap && body[last - 1] == byte {
            last -= 1;
        }
    }
    Ok(Part {
        content_type,
        body: body.slice(head + length + gap..last),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/related; boundary=\"b1\"";

    #[test]
    fn keeps_the_bytes_of_every_part() {
        let body = Bytes::from_static(
            b"preamble\r\n--b1\r\nContent-Type: application/atom+xml\r\n\r\n<entry/>\r\n\
              --b1\r\ncontent-type: video/mp4\r\n\r\n\x00\r\n\xff--b1 inside\r\n\r\n--b1--\r\n",
        );
        let parts = parts(KIND, &body).unwrap();
        assert_eq!(parts[0].content_type, "application/atom+xml");
        assert_eq!(parts[0].body, "<entry/>");
        assert_eq!(parts[1].content_type, "video/mp4");
        assert_eq!(&parts[1].body[..], b"\x00\r\n\xff--b1 inside\r\n");
    }

    #[test]
    fn says_what_is_wrong_with_a_torn_body() {
        let torn = Bytes::from_static(b"--b1\r\n\r\nx\r\n--b1\r\n\r\ny");
        assert_eq!(
            parts(KIND, &torn).unwrap_err(),
            "the closing boundary is missing: the body is torn"
        );
        assert!(parts("text/plain", &torn).is_err());
        assert!(parts("multipart/related", &torn).is_err());
        assert!(parts(KIND, &Bytes::new()).is_err());
        assert!(parts(KIND, &Bytes::from_static(b"--b1\r\n--b1--")).is_err());
    }
}
