//! A page on this machine on which the user types a value that the agent must not see, or decides
//! whether the agent may see one.
//!
//! It lies under a random port of 127.0.0.1 and 128 random bits in its path, takes one answer, and
//! says what came of it. An answer is checked before it is taken, and the page says "Stored" only
//! after it was stored. Until the server ends, or some minutes have passed, a second visit shows how it
//! ended. No value is in an address, and none is shown or logged.
//!
//! What it defends against: other web pages in the user's browser (the path cannot be guessed; `Host`,
//! `Origin` and `Sec-Fetch-Site` are checked; nothing may frame it, and it loads nothing), and pages
//! that resolve a name of theirs to 127.0.0.1 (`Host`). Each connection has a thread of its own, so an
//! idle one keeps nobody waiting. Limit: the address is handed to the client, which opens it;
//! whoever sees the arguments of the user's processes sees it as well, and could answer before the user
//! does. They cannot read a value.

mod html;
mod http;

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use secrets::model::key_path::KeyPath;
use secrets::model::secret::SecretBytes;
use secrets::model::value;
use tokio::sync::Notify;

use self::html::Document;
use self::http::{Reply, Request};
use crate::failure::Failure;

/// How long a page waits for the user, and how long it then says how it ended.
const LIFE: Duration = Duration::from_secs(300);
/// How long a page without an answer stays after its call has ended.
const AFTER_CALL: Duration = Duration::from_secs(5);
/// How long the reply to an answer waits for the call that works with it.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a reply may take to be written.
const WRITE: Duration = Duration::from_secs(10);
/// The most connections at once. A browser has a few.
const MAX_CONNECTIONS: usize = 64;

/// What the user is asked.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) kind: Kind,
    /// The secret.
    pub(super) key_path: KeyPath,
    /// What it is for.
    pub(super) description: Option<String>,
    /// Who asks.
    pub(super) client: String,
    /// The env file that gets the value.
    pub(super) env_file: Option<PathBuf>,
    /// The variable there.
    pub(super) env_name: Option<String>,
}

/// The kind of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is the value?
    Value,
    /// May the agent read the value?
    Reveal,
}

/// The user's answer.
pub(super) enum Answer {
    /// The value.
    Value(SecretBytes),
    /// The agent may read it.
    Allow,
    /// It may not.
    Refuse,
}

/// How a call ended, for the page.
#[derive(Debug)]
pub(super) enum Ending {
    Stored,
    Revealed,
    Refused,
    /// With the failure in words.
    Failed(String),
    /// Nobody answered, or nobody took the answer.
    Over,
}

/// Checks a value without storing it.
pub(super) type Check = Box<dyn Fn(SecretBytes) -> Result<(), Failure> + Send + Sync>;

enum State {
    /// The form is shown.
    Open,
    /// The call has not taken the answer yet.
    Answered(Answer),
    /// The call works with the answer.
    Taken,
    Ended(Ending),
}

struct Shared {
    host: String,
    path: String,
    question: Question,
    check: Check,
    state: Mutex<State>,
    /// When the page goes.
    end: Mutex<Instant>,
    /// Wakes replies that wait for the call to end.
    changed: Condvar,
    /// Wakes the call that waits for the answer.
    answered: Notify,
    /// Whether a call waits for the answer: the client has accepted.
    is_accepted: AtomicBool,
    connections: AtomicUsize,
    /// Replies that are being made, of all pages.
    replies: Arc<AtomicUsize>,
}

/// A page. Dropped without an ending, it is over.
pub(super) struct Page {
    pub(super) url: String,
    shared: Arc<Shared>,
}

impl Page {
    pub(super) fn open(
        question: Question,
        check: Check,
        replies: Arc<AtomicUsize>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let host = format!("127.0.0.1:{}", listener.local_addr()?.port());
        let path = format!("/{}", token()?);
        let url = format!("http://{host}{path}");
        let shared = Arc::new(Shared {
            host,
            path,
            question,
            check,
            state: Mutex::new(State::Open),
            end: Mutex::new(Instant::now() + LIFE),
            changed: Condvar::new(),
            answered: Notify::new(),
            is_accepted: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            replies,
        });
        let listening = Arc::clone(&shared);
        std::thread::spawn(move || listen(&listener, &listening));
        Ok(Self { url, shared })
    }

    /// Waits for the user's answer; `None` if the page's time is over.
    pub(super) async fn answer(&self) -> Option<Answer> {
        self.shared.is_accepted.store(true, Ordering::Relaxed);
        let end = *self
            .shared
            .end
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let taken = async {
            loop {
                let answered = self.shared.answered.notified();
                if let Some(answer) = self.take() {
                    return answer;
                }
                answered.await;
            }
        };
        tokio::time::timeout_at(end.into(), taken).await.ok()
    }

    fn take(&self) -> Option<Answer> {
        let mut state = self.shared.state();
        match std::mem::replace(&mut *state, State::Taken) {
            State::Answered(answer) => Some(answer),
            other => {
                *state = other;
                None
            }
        }
    }

    /// Shows how the call ended, from now on.
    pub(super) fn end(self, ending: Ending) {
        self.shared.end_with(ending, LIFE);
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !matches!(*self.shared.state(), State::Ended(_)) {
            self.shared.end_with(Ending::Over, AFTER_CALL);
        }
    }
}

/// Returns 128 random bits as text.
pub(super) fn token() -> io::Result<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| io::Error::other("no randomness"))?;
    Ok(data_encoding::HEXLOWER.encode(&random))
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    while !shared.left().is_zero() {
        let Ok((stream, _)) = listener.accept() else {
            let is_ended = matches!(*shared.state(), State::Ended(_));
            std::thread::sleep(Duration::from_millis(if is_ended { 150 } else { 30 }));
            continue;
        };
        if shared.connections.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
            shared.connections.fetch_sub(1, Ordering::Relaxed);
            continue;
        }
        let shared = Arc::clone(shared);
        std::thread::spawn(move || {
            // If the browser goes away there is nobody to tell.
            let _ = serve(stream, &shared);
            shared.connections.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_write_timeout(Some(WRITE))?;
    let request = Request::read(&mut stream)?;
    // From here on the server does not end before the reply is written.
    shared.replies.fetch_add(1, Ordering::Relaxed);
    let reply = match request {
        Some(request) => shared.reply(&request),
        None => shared.error("400 Bad Request"),
    };
    let written = reply.and_then(|reply| reply.write(&mut stream));
    shared.replies.fetch_sub(1, Ordering::Relaxed);
    written
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn left(&self) -> Duration {
        let end = *self.end.lock().unwrap_or_else(PoisonError::into_inner);
        end.saturating_duration_since(Instant::now())
    }

    fn end_with(&self, ending: Ending, stays: Duration) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + stays;
        *self.state() = State::Ended(ending);
        self.changed.notify_all();
    }

    fn page(&self, status: &'static str, document: &Document) -> io::Result<Reply> {
        let nonce = token()?;
        Ok(Reply {
            status,
            body: document.text(&nonce),
            nonce,
            refresh: None,
        })
    }

    fn error(&self, status: &'static str) -> io::Result<Reply> {
        let text = status.split_once(' ').map_or(status, |(_, text)| text);
        self.page(
            status,
            &Document::new(text, "<p>This page is not here.</p>"),
        )
    }

    fn reply(&self, request: &Request) -> io::Result<Reply> {
        let Some((method, path)) = request.target() else {
            return self.error("400 Bad Request");
        };
        let origin = format!("http://{}", self.host);
        let is_ours = request.field("host") == Some(&self.host)
            && request.field("origin").is_none_or(|from| from == origin)
            && request
                .field("sec-fetch-site")
                .is_none_or(|site| matches!(site, "none" | "same-origin") || method == "GET");
        if !is_ours {
            return self.error("403 Forbidden");
        }
        if path != self.path {
            return self.error("404 Not Found");
        }
        match method {
            "GET" => self.shown("200 OK"),
            "POST" => self.take(request),
            _ => self.error("405 Method Not Allowed"),
        }
    }

    /// The page as it stands.
    fn shown(&self, status: &'static str) -> io::Result<Reply> {
        let is_accepted = self.is_accepted.load(Ordering::Relaxed);
        let document = match &*self.state() {
            State::Open => html::form(&self.path, &self.question, self.left(), None),
            State::Answered(_) => html::waiting(is_accepted),
            State::Taken => html::waiting(true),
            State::Ended(ending) => {
                let document = html::ended(ending, &self.question.key_path.to_string());
                let status = match ending {
                    Ending::Over => "410 Gone",
                    _ => status,
                };
                return self.page(status, &document);
            }
        };
        let mut reply = self.page(status, &document)?;
        if !matches!(*self.state(), State::Open) {
            reply.refresh = Some((2, self.path.clone()));
        }
        Ok(reply)
    }

    /// Takes an answer, if it is the first and can be used.
    fn take(&self, request: &Request) -> io::Result<Reply> {
        if !matches!(*self.state(), State::Open) {
            return self.shown("409 Conflict");
        }
        let answer = match self.question.kind {
            Kind::Value => {
                let typed = request.form_field("value");
                // As from a pipe: the newline that ends the last line is no part of the value.
                let typed = typed.map(value::drop_final_newline);
                let Some(typed) = typed.filter(|value| !value.is_empty()) else {
                    return self.again("400 Bad Request", "a value is missing");
                };
                if let Err(failure) = (self.check)(typed.clone()) {
                    let words = failure.words();
                    let words = words.strip_prefix("error: ").unwrap_or(&words);
                    return self.again("422 Unprocessable Content", words);
                }
                Answer::Value(typed)
            }
            Kind::Reveal => {
                let answer = request.form_field("answer");
                match answer.as_ref().map(SecretBytes::expose) {
                    Some(b"allow") => Answer::Allow,
                    Some(b"refuse") => Answer::Refuse,
                    _ => return self.again("400 Bad Request", "an answer is missing"),
                }
            }
        };
        {
            let mut state = self.state();
            if !matches!(*state, State::Open) {
                drop(state);
                return self.shown("409 Conflict");
            }
            *state = State::Answered(answer);
            self.answered.notify_one();
            // A call that waits for the answer ends soon; then the page can say how.
            if self.is_accepted.load(Ordering::Relaxed) {
                let is_going_on = |state: &mut State| !matches!(state, State::Ended(_));
                let waited = self
                    .changed
                    .wait_timeout_while(state, PATIENCE, is_going_on);
                drop(waited);
            }
        }
        self.shown("200 OK")
    }

    /// The form again, with what is wrong.
    fn again(&self, status: &'static str, problem: &str) -> io::Result<Reply> {
        let form = html::form(&self.path, &self.question, self.left(), Some(problem));
        self.page(status, &form)
    }
}
