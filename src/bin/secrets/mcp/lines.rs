//! Messages on standard input and output, one a line.
//!
//! rmcp's own reader drops a line that is not JSON, so that a client waits for its answer until it
//! gives up. This reader answers it with -32700, under the request's id where the id can be found
//! all the same: in a line over the limit, in one with a lone surrogate, in one that is nested too
//! deep.
//!
//! Invariants: nothing of such a line but its id is repeated. `receive` may be dropped at any await
//! without losing input or an answer, as rmcp demands: whatever is under way is kept in the struct.

use std::pin::Pin;

use rmcp::model::{ErrorData, RequestId};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use serde_json::error::Category;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufReader, Empty};

/// The greatest length of a line: rmcp's own limit.
const MAX_LINE: usize = 16 << 20;

/// A transport that answers what it cannot parse.
pub(super) struct Lines<R, W: AsyncWrite> {
    input: BufReader<R>,
    line: Vec<u8>,
    /// What is known of a line over the limit, until its end is seen.
    oversized: Option<Envelope>,
    output: AsyncRwTransport<RoleServer, Empty, W>,
    /// The answer that is being sent.
    answering: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

/// A line that was read.
enum Line {
    /// It is in the buffer.
    Whole,
    /// It was over the limit; this is known of it.
    Oversized(Envelope),
}

impl<R, W> Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    pub(super) fn new(input: R, output: W) -> Self {
        Self {
            input: BufReader::new(input),
            line: Vec::new(),
            oversized: None,
            output: AsyncRwTransport::new_server(tokio::io::empty(), output),
            answering: None,
        }
    }

    /// Reads the next line; `None` at the end of input, or if it cannot be read.
    async fn next_line(&mut self) -> Option<Line> {
        loop {
            let available = self.input.fill_buf().await.ok()?;
            if available.is_empty() {
                return None;
            }
            let newline = memchr::memchr(b'\n', available);
            let part = &available[..newline.unwrap_or(available.len())];
            if let Some(envelope) = &mut self.oversized {
                envelope.push(part);
            } else if self.line.len() + part.len() > MAX_LINE {
                let mut envelope = Envelope::default();
                envelope.push(&self.line);
                envelope.push(part);
                self.line = Vec::new();
                self.oversized = Some(envelope);
            } else {
                self.line.extend_from_slice(part);
            }
            let consumed = part.len() + usize::from(newline.is_some());
            self.input.consume(consumed);
            if newline.is_some() {
                return Some(match self.oversized.take() {
                    Some(envelope) => Line::Oversized(envelope),
                    None => Line::Whole,
                });
            }
        }
    }

    fn answer(&mut self, error: ErrorData, id: Option<RequestId>) {
        let answer = TxJsonRpcMessage::<RoleServer>::error(error, id);
        let sending = self.output.send(answer);
        self.answering = Some(Box::pin(async {
            // If the client is gone, the end of input says so.
            let _ = sending.await;
        }));
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = std::io::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.output.send(item)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            if let Some(answering) = &mut self.answering {
                answering.await;
                self.answering = None;
            }
            if let Line::Oversized(envelope) = self.next_line().await? {
                let error = ErrorData::parse_error("the message is longer than 16 MiB", None);
                self.answer(error, envelope.request_id());
                continue;
            }
            let parsed = parse(&self.line);
            match parsed {
                Parsed::Message(message) => {
                    self.line.clear();
                    return Some(*message);
                }
                Parsed::Ignored => {}
                Parsed::NotJson => {
                    let mut envelope = Envelope::default();
                    envelope.push(&self.line);
                    let error = ErrorData::parse_error("the message is not valid JSON", None);
                    self.answer(error, envelope.request_id());
                }
                Parsed::NotAMessage => {
                    self.answer(ErrorData::invalid_request("Invalid request", None), None);
                }
            }
            self.line.clear();
        }
    }

    fn close(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.output.close()
    }
}

/// What a line is.
enum Parsed {
    Message(Box<RxJsonRpcMessage<RoleServer>>),
    /// An empty line, or a notification that nobody here knows: neither is answered.
    Ignored,
    NotJson,
    NotAMessage,
}

fn parse(line: &[u8]) -> Parsed {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    if line.trim_ascii().is_empty() {
        return Parsed::Ignored;
    }
    let error = match serde_json::from_slice(line) {
        Ok(message) => return Parsed::Message(Box::new(message)),
        Err(error) => error,
    };
    match error.classify() {
        Category::Syntax | Category::Eof => Parsed::NotJson,
        Category::Data | Category::Io => match serde_json::from_slice(line) {
            Ok(serde_json::Value::Object(fields))
                if fields.contains_key("method") && !fields.contains_key("id") =>
            {
                Parsed::Ignored
            }
            Ok(_) => Parsed::NotAMessage,
            Err(_) => Parsed::NotJson,
        },
    }
}

/// The outermost fields of a message, read byte by byte without parsing the rest.
#[derive(Debug, Default)]
struct Envelope {
    depth: usize,
    /// Whether the outermost value is an object.
    is_object: bool,
    in_string: bool,
    escaped: bool,
    /// The key or the scalar of the outermost object that is being read.
    token: Vec<u8>,
    /// Whether the token is a string as it stands: no escapes, and not too long.
    is_plain: bool,
    /// The key whose value is being read.
    key: Option<Vec<u8>>,
    id: Option<RequestId>,
    is_request: bool,
}

impl Envelope {
    /// Longer ids are not repeated.
    const MAX_TOKEN: usize = 64;

    /// The id, if the message is a request.
    fn request_id(self) -> Option<RequestId> {
        self.id.filter(|_| self.is_request)
    }

    fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.push_byte(byte);
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => {
                    self.escaped = true;
                    self.is_plain = false;
                }
                b'"' => {
                    self.in_string = false;
                    self.end_string();
                }
                _ => self.keep(byte),
            }
            return;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                self.token.clear();
                self.is_plain = true;
            }
            b'{' | b'[' => {
                if self.depth == 0 {
                    self.is_object = byte == b'{';
                }
                self.depth += 1;
                self.token.clear();
                self.is_plain = false;
            }
            b'}' | b']' => {
                self.end_number();
                self.depth = self.depth.saturating_sub(1);
            }
            b':' if self.depth == 1 => {
                self.key = Some(std::mem::take(&mut self.token));
                self.is_plain = true;
            }
            b',' if self.depth == 1 => {
                self.end_number();
                self.key = None;
                self.token.clear();
            }
            _ if !byte.is_ascii_whitespace() => self.keep(byte),
            _ => {}
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.depth != 1 {
            return;
        }
        if self.token.len() < Self::MAX_TOKEN {
            self.token.push(byte);
        } else {
            self.is_plain = false;
        }
    }

    fn end_string(&mut self) {
        if self.depth != 1 || !self.is_object {
            return;
        }
        match self.key.as_deref() {
            Some(b"method") => self.is_request = true,
            Some(b"id") if self.is_plain => {
                let text = std::str::from_utf8(&self.token).ok();
                self.id = text.map(|text| RequestId::String(text.into()));
            }
            _ => {}
        }
        if self.key.is_some() || !self.is_plain {
            self.token.clear();
        }
    }

    fn end_number(&mut self) {
        if self.depth != 1 || !self.is_object || self.key.as_deref() != Some(b"id") {
            return;
        }
        let number = std::str::from_utf8(&self.token).ok();
        if let Some(number) = number.and_then(|text| text.parse().ok()) {
            self.id = Some(RequestId::Number(number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<RequestId> {
        let mut envelope = Envelope::default();
        // Lines arrive in parts of any length.
        for part in text.as_bytes().chunks(3) {
            envelope.push(part);
        }
        envelope.request_id()
    }

    #[test]
    fn the_id_of_a_request_is_found_wherever_it_stands() {
        let number = |n| Some(RequestId::Number(n));
        for text in [
            r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"id":8}}"#,
            r#"{"method":"tools/call","params":{"id":8,"a":["id",9]},"jsonrpc":"2.0","id": 7 }"#,
            r#"{"id":7,"method":"tools/call","params":{"value":"\ud800 \" {\"id\":8"}}"#,
            r#"{"id":7,"method":"tools/call","params":{"value":"cut off"#,
            r#"{"id":7,"method":"x","params":[[[[[[[["#,
        ] {
            assert_eq!(id(text), number(7), "{text}");
        }
        let text = r#"{"method":"x","id":"a-1"}"#;
        assert_eq!(id(text), Some(RequestId::String("a-1".into())));
    }

    #[test]
    fn what_is_not_the_id_of_a_request_is_not_taken_for_one() {
        let long = format!(r#"{{"id":"{}","method":"x"}}"#, "a".repeat(65));
        for text in [
            "nonsense",
            r#"{"id":7,"result":{}}"#,
            r#"["id",7,"method","x"]"#,
            r#"[{"id":7,"method":"x"}]"#,
            r#"{"method":"x","params":{"id":7}}"#,
            r#"{"method":"x","id":"a\u0062"}"#,
            r#"{"method":"x","id":{"id":7}}"#,
            r#"{"method":"x","id":7.5}"#,
            r#"{"method":"x","id":null}"#,
            &long,
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_told_from_what_is_no_message() {
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for text in [
            "nonsense",
            "{\"a\":1",
            "\"\\ud800\"",
            "1e999",
            &deep,
            "\u{1}",
        ] {
            assert!(matches!(parse(text.as_bytes()), Parsed::NotJson), "{text}");
        }
        assert!(matches!(parse(b"\"\xff\""), Parsed::NotJson));
        for text in [
            "[1]",
            "\"a\"",
            "{\"a\":1}",
            "{\"id\":{},\"method\":\"ping\"}",
        ] {
            assert!(
                matches!(parse(text.as_bytes()), Parsed::NotAMessage),
                "{text}"
            );
        }
        for text in ["", " \r", "{\"jsonrpc\":\"1\",\"method\":\"x\"}"] {
            assert!(matches!(parse(text.as_bytes()), Parsed::Ignored), "{text}");
        }
        let text = "\u{feff}{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r";
        assert!(matches!(parse(text.as_bytes()), Parsed::Message(_)));
    }
}
