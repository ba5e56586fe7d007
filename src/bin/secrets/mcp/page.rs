//! A page on this machine on which the user types a value that the agent must not see.
//!
//! It lies under a random port of 127.0.0.1 and 128 random bits in its path, takes one value, and is
//! gone after it or after a few minutes. No value is in an address, and none is shown or logged.
//!
//! What it defends against: other web pages in the user's browser (the path cannot be guessed; `Host`,
//! `Origin` and `Sec-Fetch-Site` are checked; nothing may frame it, and it loads nothing), and pages
//! that lead a name of theirs to 127.0.0.1 (`Host`). Limit: the address is handed to the client, which
//! opens it; whoever sees the arguments of the user's processes sees it as well, and could type a
//! value before the user does. They cannot read one.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrets::model::key_path::KeyPath;
use secrets::model::secret::{SecretBuilder, SecretBytes};
use secrets::model::value::MAX_LEN;
use tokio::sync::oneshot;

/// How long a page waits for the user.
pub(super) const LIFE: Duration = Duration::from_secs(300);
/// How long one connection may take.
const CONNECTION: Duration = Duration::from_secs(10);
/// More connections at once are not a browser's.
const CONNECTIONS: usize = 16;
const MAX_HEAD: usize = 16 << 10;

/// A page that waits.
pub(super) struct Page {
    pub(super) url: String,
    value: oneshot::Receiver<SecretBytes>,
    over: Arc<AtomicBool>,
}

struct Shared {
    host: String,
    path: String,
    html: String,
    sender: Mutex<Option<oneshot::Sender<SecretBytes>>>,
    over: Arc<AtomicBool>,
    connections: AtomicUsize,
}

impl Page {
    pub(super) fn open(key_path: &KeyPath, description: Option<&str>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let host = format!("127.0.0.1:{}", listener.local_addr()?.port());
        let path = format!("/{}", token()?);
        let url = format!("http://{host}{path}");
        let (sender, value) = oneshot::channel();
        let over = Arc::new(AtomicBool::new(false));
        let shared = Arc::new(Shared {
            html: form(&path, key_path, description),
            host,
            path,
            sender: Mutex::new(Some(sender)),
            over: Arc::clone(&over),
            connections: AtomicUsize::new(0),
        });
        std::thread::spawn(move || listen(&listener, &shared));
        Ok(Self { url, value, over })
    }

    /// The value, when the user has typed it; `None` if the page's time is over.
    pub(super) async fn value(&mut self) -> Option<SecretBytes> {
        let waited = tokio::time::timeout(LIFE, &mut self.value).await;
        waited.ok()?.ok()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// 128 random bits as text.
pub(super) fn token() -> io::Result<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| io::Error::other("no randomness"))?;
    Ok(data_encoding::HEXLOWER.encode(&random))
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    let end = Instant::now() + LIFE;
    while Instant::now() < end && !shared.over.load(Ordering::Relaxed) {
        let Ok((stream, _)) = listener.accept() else {
            // Nobody there; to look again soon costs next to nothing for so short a time.
            std::thread::sleep(Duration::from_millis(30));
            continue;
        };
        if shared.connections.fetch_add(1, Ordering::Relaxed) >= CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            // A browser that goes away is its own affair.
            let _ = answer(stream, &shared);
            shared.connections.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

fn answer(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(CONNECTION))?;
    let reply = match Request::read(&mut stream)? {
        Some(request) => shared.reply(&request),
        None => Reply::BAD,
    };
    stream.write_all(reply.head().as_bytes())?;
    stream.write_all(reply.body.as_bytes())?;
    stream.flush()
}

/// One request, as far as this page understands any.
struct Request {
    head: String,
    body: SecretBytes,
}

impl Request {
    /// Reads a request; `None` if it is none, or too large.
    fn read(stream: &mut TcpStream) -> io::Result<Option<Self>> {
        let end = Instant::now() + CONNECTION;
        // What a value of the greatest length takes if every byte of it is escaped.
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

    /// The head and where the body begins, if the head is whole.
    fn head(bytes: &[u8]) -> io::Result<Option<(usize, String)>> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(None);
        };
        match std::str::from_utf8(&bytes[..end]) {
            Ok(head) if head.is_ascii() => Ok(Some((end + 4, head.to_owned()))),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        field(&self.head, name)
    }
}

/// A header's field; none if it is there twice.
fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let fields = head
        .split("\r\n")
        .skip(1)
        .filter_map(|line| line.split_once(':'));
    let mut values = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
    let value = values.next()?.1.trim();
    values.next().is_none().then_some(value)
}

struct Reply {
    status: &'static str,
    body: String,
}

impl Reply {
    const BAD: Self = Self::new("400 Bad Request");

    const fn new(status: &'static str) -> Self {
        Self {
            status,
            body: String::new(),
        }
    }

    fn page(body: String) -> Self {
        Self {
            status: "200 OK",
            body,
        }
    }

    fn head(&self) -> String {
        format!(
            "HTTP/1.1 {}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {}\r\n\
             Cache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Referrer-Policy: same-origin\r\n\
             X-Content-Type-Options: nosniff\r\n\
             X-Frame-Options: DENY\r\n\
             Connection: close\r\n\r\n",
            self.status,
            self.body.len()
        )
    }
}

impl Shared {
    fn reply(&self, request: &Request) -> Reply {
        let line = request.head.split("\r\n").next().unwrap_or_default();
        let mut words = line.split(' ');
        let (Some(method), Some(path), Some("HTTP/1.1" | "HTTP/1.0"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Reply::BAD;
        };
        let origin = format!("http://{}", self.host);
        let is_ours = request.field("host") == Some(&self.host)
            && request.field("origin").is_none_or(|from| from == origin)
            && request
                .field("sec-fetch-site")
                .is_none_or(|site| matches!(site, "none" | "same-origin") || method == "GET");
        if !is_ours {
            return Reply::new("403 Forbidden");
        }
        if path != self.path || self.over.load(Ordering::Relaxed) {
            return Reply::new("404 Not Found");
        }
        match method {
            "GET" => Reply::page(self.html.clone()),
            "POST" => self.take(request),
            _ => Reply::new("405 Method Not Allowed"),
        }
    }

    fn take(&self, request: &Request) -> Reply {
        let is_form = request.field("content-type") == Some("application/x-www-form-urlencoded");
        let typed = request
            .body
            .expose()
            .strip_prefix(b"value=")
            .filter(|_| is_form)
            .and_then(unescaped)
            .filter(|value| !value.is_empty());
        let Some(value) = typed else {
            return Reply::BAD;
        };
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match sender.map(|sender| sender.send(value)) {
            Some(Ok(())) => {
                self.over.store(true, Ordering::Relaxed);
                Reply::page(document("Received", "<p>You can close this page.</p>"))
            }
            // It was typed already, or nobody waits any more.
            _ => Reply::new("404 Not Found"),
        }
    }
}

/// The bytes of a field of a form; `None` if it is not escaped as one.
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

fn form(path: &str, key_path: &KeyPath, description: Option<&str>) -> String {
    let about = description
        .map(|text| format!("<p>{}</p>", escaped(text)))
        .unwrap_or_default();
    let body = format!(
        "{about}<form method=\"post\" action=\"{path}\" autocomplete=\"off\">\
         <p><label>Value <input type=\"password\" name=\"value\" required autofocus \
         autocomplete=\"off\" spellcheck=\"false\"></label> <button>Store</button></p></form>\
         <p>It goes to your vault and, if the project is linked, to its .env. The agent that asked \
         for it does not get it. A value of several lines: <code>secrets set {key_path}</code></p>"
    );
    document(&key_path.to_string(), &body)
}

fn document(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} – secrets\
         </title></head><body><h1>{title}</h1>{body}</body></html>"
    )
}

/// Text that has no meaning in HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_form_is_read_byte_for_byte() {
        let read = |text: &str| unescaped(text.as_bytes()).map(|value| value.expose().to_vec());
        assert_eq!(read("a+b%26%3D%2B%25").unwrap(), b"a b&=+%");
        assert_eq!(read("%e7%95%8C").unwrap(), "界".as_bytes());
        for wrong in ["a&b=1", "%", "%4", "%zz", "%+1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_description_cannot_write_the_page() {
        let key_path = KeyPath::parse("project/a/b").unwrap();
        let html = form("/x", &key_path, Some("</p><script>alert('1')</script>\""));
        assert!(
            !html.contains("<script") && !html.contains("alert('"),
            "{html}"
        );
    }
}
