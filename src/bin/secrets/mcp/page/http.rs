//! As much of HTTP as the page needs: a request with a short head and a form, and a reply.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use secrets::model::secret::{SecretBuilder, SecretBytes};
use secrets::model::value::MAX_LEN;

/// How long a request may take.
const REQUEST: Duration = Duration::from_secs(10);
const MAX_HEAD: usize = 16 << 10;

/// One request.
pub(super) struct Request {
    head: String,
    pub(super) body: SecretBytes,
}

impl Request {
    /// Reads a request; `None` if it is not one, or too large.
    pub(super) fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let end = Instant::now() + REQUEST;
        // The longest value takes this much if each of its bytes is escaped.
        let limit = MAX_HEAD + 3 * MAX_LEN + 64;
        let mut all = SecretBuilder::with_capacity(MAX_HEAD);
        let mut block = zeroize::Zeroizing::new([0; 4096]);
        let mut head = None;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            stream.set_read_timeout(Some(left))?;
            let n = stream.read(&mut block[..])?;
            if n == 0 || all.len() + n > limit {
                return Ok(None);
            }
            all.push(&block[..n]);
            if head.is_none() {
                head = Self::head(all.so_far())?;
                if head.is_none() && all.len() > MAX_HEAD {
                    return Ok(None);
                }
            }
            if let Some((at, text)) = &head {
                let length = match field(text, "content-length") {
                    Some(length) => match length.parse::<usize>() {
                        Ok(length) if length <= limit => length,
                        _ => return Ok(None),
                    },
                    None => 0,
                };
                if all.len() >= at + length {
                    let body = SecretBytes::copy_of(&all.so_far()[*at..at + length]);
                    let head = text.clone();
                    return Ok(Some(Self { head, body }));
                }
            }
        }
    }

    /// Returns the head and where the body begins, if the head is complete.
    fn head(bytes: &[u8]) -> io::Result<Option<(usize, String)>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        match std::str::from_utf8(&bytes[..end]) {
            Ok(head) if head.is_ascii() => Ok(Some((end + 4, head.to_owned()))),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// Returns the method and the path; `None` if the first line is not that of a request.
    pub(super) fn target(&self) -> Option<(&str, &str)> {
        let mut words = self.head.split("\r\n").next()?.split(' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some(method), Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) => Some((method, path)),
            _ => None,
        }
    }

    /// Returns a field of the head; `None` if it is missing or there twice.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }

    /// Returns the field of the form; `None` if the body is not a form with this field alone.
    pub(super) fn form_field(&self, name: &str) -> Option<SecretBytes> {
        let is_form = self.field("content-type") == Some("application/x-www-form-urlencoded");
        let rest = self.body.expose().strip_prefix(name.as_bytes())?;
        let text = rest.strip_prefix(b"=").filter(|_| is_form)?;
        unescaped(text)
    }
}

fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let fields = head
        .split("\r\n")
        .skip(1)
        .filter_map(|line| line.split_once(':'));
    let mut values = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
    let value = values.next()?.1.trim();
    values.next().is_none().then_some(value)
}

/// Decodes a field of a form; `None` if it is not encoded as one. A browser ends each line of a text
/// area with CR and LF, whatever was pasted; each becomes one LF.
fn unescaped(text: &[u8]) -> Option<SecretBytes> {
    let mut bytes = SecretBuilder::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (b'&', _) => return None,
            (b'+', _) => {
                bytes.push(b" ");
                after
            }
            (b'%', [b'0', b'D' | b'd', b'%', b'0', b'A' | b'a', after @ ..]) => {
                bytes.push(b"\n");
                after
            }
            (b'%', [high, low, after @ ..]) => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                let byte = digit(high)? * 16 + digit(low)?;
                bytes.push(&[u8::try_from(byte).ok()?]);
                after
            }
            (b'%', _) => return None,
            _ => {
                bytes.push(std::slice::from_ref(first));
                after
            }
        };
    }
    Some(bytes.finish())
}

/// A reply: a page.
pub(super) struct Reply {
    pub(super) status: &'static str,
    pub(super) body: String,
    /// Of the page's style sheet.
    pub(super) nonce: String,
    /// After how many seconds the browser loads the page again.
    pub(super) refresh: Option<(u32, String)>,
}

impl Reply {
    pub(super) fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let refresh = match &self.refresh {
            Some((seconds, path)) => format!("Refresh: {seconds}; url={path}\r\n"),
            None => String::new(),
        };
        let head = format!(
            "HTTP/1.1 {}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {}\r\n\
             Cache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'nonce-{}'; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Referrer-Policy: same-origin\r\n\
             X-Content-Type-Options: nosniff\r\n\
             X-Frame-Options: DENY\r\n\
             {refresh}Connection: close\r\n\r\n",
            self.status,
            self.body.len(),
            self.nonce,
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(self.body.as_bytes())?;
        stream.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_form_is_read_byte_for_byte() {
        let read = |text: &str| unescaped(text.as_bytes()).map(|value| value.expose().to_vec());
        assert_eq!(read("a+b%26%3D%2B%25").unwrap(), b"a b&=+%");
        assert_eq!(read("%e7%95%8C").unwrap(), "界".as_bytes());
        assert_eq!(read("a%0D%0Ab%0d%0a%0D%0Ac").unwrap(), b"a\nb\n\nc");
        assert_eq!(read("a%0Ab%0Dc").unwrap(), b"a\nb\rc");
        for wrong in ["a&b=1", "%", "%4", "%zz", "%+1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
