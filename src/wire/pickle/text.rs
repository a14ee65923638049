//! The two ways in which protocol 0 writes texts on a line.

/// A string as `repr` of Python 2 writes it.
pub(super) fn unquote(line: &[u8]) -> Option<Vec<u8>> {
    let line = line.trim_ascii();
    let quote = *line.first().filter(|quote| matches!(quote, b'\'' | b'"'))?;
    let inner = line.get(1..line.len().checked_sub(1)?)?;
    if line.len() < 2 || line.last() != Some(&quote) {
        return None;
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next()? {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'x' => {
                let digits = [bytes.next()?, bytes.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
            }
            plain @ (b'\\' | b'\'' | b'"') => out.push(plain),
            other => out.extend([b'\\', other]),
        }
    }
    Some(out)
}

/// `raw-unicode-escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`.
pub(super) fn raw_unicode(line: &[u8]) -> Option<String> {
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        let digits = match (byte, line.get(at + 1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            _ => {
                out.push(char::from(*byte));
                at += 1;
                continue;
            }
        };
        let text = std::str::from_utf8(line.get(at + 2..at + 2 + digits)?).ok()?;
        out.push(char::from_u32(u32::from_str_radix(text, 16).ok()?)?);
        at += 2 + digits;
    }
    Some(out)
}
