//! A server and the pipes to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::Sandbox;

/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_secs(90);

/// The revisions that begin with a handshake.
pub const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
/// The revision that has none.
pub const MODERN: &str = "2026-07-28";

/// A server that runs.
pub struct Session<'s> {
    sandbox: &'s Sandbox,
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    stderr: JoinHandle<Vec<u8>>,
    modern: bool,
    /// What the client can do.
    capabilities: Value,
    next: u64,
    waiting: Vec<Value>,
    may_show: bool,
}

/// What a server left when it ended.
pub struct Ended {
    pub code: Option<i32>,
    pub stderr: String,
    /// Messages that nobody had waited for.
    pub rest: Vec<Value>,
}

impl<'s> Session<'s> {
    /// A server to which nothing was said yet.
    pub fn new(sandbox: &'s Sandbox, args: &[&str]) -> Self {
        Self::with(sandbox, args, |command| command)
    }

    /// The same with another environment.
    pub fn with(
        sandbox: &'s Sandbox,
        args: &[&str],
        prepare: impl FnOnce(&mut std::process::Command) -> &mut std::process::Command,
    ) -> Self {
        let mut command = sandbox.secrets(&["mcp"]).args(args).command();
        prepare(&mut command);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if sender.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut all = Vec::new();
            stderr.read_to_end(&mut all).unwrap();
            all
        });
        Self {
            sandbox,
            stdin: child.stdin.take(),
            child,
            lines,
            stderr,
            modern: false,
            capabilities: json!({}),
            next: 1,
            waiting: Vec::new(),
            may_show: false,
        }
    }

    /// A session of the revision, of the client `tester 1.0`.
    pub fn of(sandbox: &'s Sandbox, revision: &str, args: &[&str]) -> Self {
        let mut session = Self::new(sandbox, args);
        session.begin(revision);
        session
    }

    /// A session of the newest revision with a handshake.
    pub fn begun(sandbox: &'s Sandbox) -> Self {
        Self::of(sandbox, LEGACY[3], &[])
    }

    /// A session of a client that opens pages.
    pub fn that_opens_pages(sandbox: &'s Sandbox, revision: &str) -> Self {
        let mut session = Self::new(sandbox, &[]);
        session.capabilities = json!({ "elicitation": { "form": {}, "url": {} } });
        session.begin(revision);
        session
    }

    pub fn begin(&mut self, revision: &str) {
        self.modern = revision == MODERN;
        if self.modern {
            return;
        }
        let params = json!({
            "protocolVersion": revision,
            "capabilities": self.capabilities,
            "clientInfo": { "name": "tester", "version": "1.0" },
        });
        let answer = self.request("initialize", params);
        assert_eq!(answer["result"]["protocolVersion"], revision, "{answer}");
        self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    }

    /// Answers may hold values from now on.
    pub fn may_show(mut self) -> Self {
        self.may_show = true;
        self
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn send_text(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    pub fn send(&mut self, message: &Value) {
        self.send_text(&format!("{message}\n"));
    }

    /// Sends a request and gives its id.
    pub fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        if self.modern {
            params["_meta"] = meta(MODERN);
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] =
                self.capabilities.clone();
        }
        let id = self.next;
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The answer to a request.
    #[track_caller]
    pub fn answer(&mut self, id: u64) -> Value {
        self.message(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The first message that is like this.
    #[track_caller]
    pub fn answer_like(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        self.message(is_it)
    }

    /// What the server asks of the client.
    #[track_caller]
    pub fn asked(&mut self) -> Value {
        self.message(|message| message.get("method").is_some())
    }

    #[track_caller]
    fn message(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.waiting.iter().position(&is_it) {
            return self.waiting.remove(at);
        }
        loop {
            let message = self.next_message().expect("an answer");
            if is_it(&message) {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// The next message; `None` at the end of output.
    #[track_caller]
    fn next_message(&mut self) -> Option<Value> {
        let line = match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was said for too long"),
        };
        if !self.may_show {
            self.sandbox.check_text("a message", line.as_bytes());
        }
        let message: Value = serde_json::from_str(&line).expect(&line);
        assert_eq!(message["jsonrpc"], "2.0", "{line}");
        Some(message)
    }

    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    pub fn ask_tool(&mut self, tool: &str, arguments: Value) -> u64 {
        self.ask(
            "tools/call",
            json!({ "name": tool, "arguments": arguments }),
        )
    }

    /// What a tool gives, which must not be an error. Its text says the same as its structure.
    #[track_caller]
    pub fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let id = self.ask_tool(tool, arguments);
        self.given(id)
    }

    #[track_caller]
    pub fn given(&mut self, id: u64) -> Value {
        let answer = self.answer(id);
        let result = &answer["result"];
        assert_eq!(result["isError"], false, "{answer}");
        assert_eq!(
            result["content"].as_array().map(Vec::len),
            Some(1),
            "{answer}"
        );
        let text = result["content"][0]["text"].as_str().unwrap();
        let text: Value = serde_json::from_str(text).unwrap();
        assert_eq!(text, result["structuredContent"]);
        text
    }

    /// What a tool says that refuses: code, message and hints.
    #[track_caller]
    pub fn refused(&mut self, tool: &str, arguments: Value) -> Value {
        let id = self.ask_tool(tool, arguments);
        self.refusal(id)
    }

    #[track_caller]
    pub fn refusal(&mut self, id: u64) -> Value {
        let answer = self.answer(id);
        let result = &answer["result"];
        assert_eq!(result["isError"], true, "{answer}");
        assert!(result.get("structuredContent").is_none(), "{answer}");
        let text = |at: usize| result["content"][at]["text"].as_str().unwrap();
        let error: Value = serde_json::from_str(text(1)).unwrap();
        let error = error["error"].clone();
        // The same in words comes first.
        let mut words = format!("error: {}", error["message"].as_str().unwrap());
        for hint in error["hints"].as_array().unwrap() {
            words.push_str(&format!("\nhint: {}", hint.as_str().unwrap()));
        }
        assert_eq!(text(0), words);
        error
    }

    /// The names of the tools that are offered.
    #[track_caller]
    pub fn tools(&mut self) -> Vec<String> {
        let answer = self.request("tools/list", json!({}));
        let tools = answer["result"]["tools"].as_array().unwrap();
        let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
        tools.iter().map(name).collect()
    }

    /// Kills it, and gives what it had said by then. What it leaves is for the caller to look at.
    #[track_caller]
    pub fn kill(mut self) -> Vec<Value> {
        self.child.kill().unwrap();
        self.ended().rest
    }

    /// Closes the input and waits for the end, which must be a good one.
    #[track_caller]
    pub fn end(self) -> Ended {
        let ended = self.close();
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(ended.stderr, "");
        ended
    }

    /// Closes the input and waits for the end.
    #[track_caller]
    pub fn close(mut self) -> Ended {
        drop(self.stdin.take());
        self.wait()
    }

    /// Waits for the end.
    #[track_caller]
    pub fn wait(self) -> Ended {
        let sandbox = self.sandbox;
        let ended = self.ended();
        sandbox.check_files();
        ended
    }

    #[track_caller]
    fn ended(mut self) -> Ended {
        let mut rest = std::mem::take(&mut self.waiting);
        while let Some(message) = self.next_message() {
            rest.push(message);
        }
        let code = self.child.wait().unwrap().code();
        let stderr = self.stderr.join().unwrap();
        self.sandbox.check_text("standard error", &stderr);
        Ended {
            code,
            stderr: String::from_utf8(stderr).unwrap(),
            rest,
        }
    }
}

/// What each request of the newest revision carries.
pub fn meta(revision: &str) -> Value {
    json!({
        "io.modelcontextprotocol/protocolVersion": revision,
        "io.modelcontextprotocol/clientInfo": { "name": "tester", "version": "1.0" },
        "io.modelcontextprotocol/clientCapabilities": {},
    })
}
