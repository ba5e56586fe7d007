//! The audit trail: who did what to which secret, when, with what program. No value, no hash of a
//! value.
//!
//! One file a vault and machine, `<state dir>/vaults/<id>/log.jsonl`, one JSON object a line:
//!
//! ```text
//! {"n":7,"time":"…","user":"samuel","program":"command line","op":"set","keyPath":"…","version":2,"mac":"<64 hex>"}
//! ```
//!
//! `mac` is HMAC-SHA256 over the `mac` of the line before (64 zeros for the first), a line break,
//! and the line without its `mac`, keyed with `HMAC-SHA256(vault identity, "secrets/1 log mac")`.
//! The last number and `mac` are repeated in `log.head` beside it, with an HMAC of both by the same
//! key, and each entry's header carries the `mac` of the line that announced it. `log.id` is the
//! random name of the trail, and `trails` has the names of all that were begun here: an entry that
//! names one of them is a witness, also when the trail is gone.
//!
//! Since version 0.2 each line says so (`"v":2`): where such a line stands, a head without its HMAC
//! was not written by this program.
//!
//! Invariants: lines are appended under the kernel's lock on the file. The line of a write is
//! synced before the version is created, so there is no version without its line; a kill between
//! the two leaves a line without its version, which the reader can see. A torn last line is cut
//! off by the next run, which notes that it did.
//!
//! Limits: who can read the vault's key can write a new chain; who deletes the whole directory
//! leaves no witness on this machine. Reads are noted without a sync.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::entry::{MacKey, hex};
use crate::model::schema::Moment;
use crate::model::secret::SecretBytes;
use crate::model::version::{self, Version};
use crate::storage::fs;

const MAC_LEN: usize = 64;
/// How long to wait for another writer, where nothing else is said. Each has the lock for as long as
/// one sync takes.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);
/// What is said of a last line that a killed run did not finish.
pub(crate) const TORN: &str = "the last line is torn; the next write repairs it";
const MAC_FIELD: &str = ",\"mac\":\"";
/// What the lines of this version have before their `mac`.
const MARK: &str = ",\"v\":2";

/// Who acts, and with what.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// The user's name, as the environment has it.
    pub user: String,
    /// `command line`, or `mcp <client>`.
    pub program: String,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.user, self.program)
    }
}

/// One line of the trail.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// 1, 2, 3 …
    pub n: u64,
    /// When.
    #[schemars(with = "Moment")]
    pub time: Timestamp,
    /// Who.
    pub user: String,
    /// With what program.
    pub program: String,
    /// What.
    pub op: String,
    /// Which secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_path: Option<String>,
    /// Which version.
    #[serde(
        default,
        deserialize_with = "version::read_or_zero",
        skip_serializing_if = "Option::is_none"
    )]
    pub version: Option<Version>,
    /// Anything else worth knowing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What is to be noted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Event<'a> {
    /// What.
    pub op: &'a str,
    /// Which secret.
    pub key_path: Option<&'a str>,
    /// Which version.
    pub version: Option<Version>,
    /// Anything else worth knowing.
    pub note: Option<&'a str>,
}

/// The audit trail of one vault on this machine.
#[derive(Debug, Clone)]
pub struct Trail {
    file: PathBuf,
    head: PathBuf,
    id: PathBuf,
    trails: PathBuf,
    key: MacKey,
    wait: Duration,
}

/// What is wrong with a trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flaw {
    /// The line, from 1; absent if it is about the whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// A trail as it was read.
#[derive(Debug)]
pub struct Reading {
    /// The lines that can be understood, in order.
    pub lines: Vec<Line>,
    /// The `mac` of each of them.
    pub macs: Vec<String>,
    /// What is wrong with the chain.
    pub flaws: Vec<Flaw>,
    /// Whether a version of this program wrote it that seals the head.
    marked: bool,
}

impl Trail {
    /// The trail in a directory of the state, which need not exist.
    pub fn new(dir: &Path, key: MacKey) -> Self {
        Self {
            file: dir.join("log.jsonl"),
            head: dir.join("log.head"),
            id: dir.join("log.id"),
            trails: dir.join("trails"),
            key,
            wait: DEFAULT_WAIT,
        }
    }

    /// The same trail, which waits this long for other writers.
    #[must_use]
    pub fn waiting(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }

    /// The file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Gives the trail other names, so that the next line begins a new one: for a trail that was
    /// kept with a key that is no longer the vault's, or that somebody cut. What the entries say of
    /// older trails is not looked for any more.
    pub fn set_aside(&self) -> Result<()> {
        for path in [&self.file, &self.head, &self.id, &self.trails] {
            fs::set_aside(path)?;
        }
        Ok(())
    }

    /// The names of all trails that were begun here.
    fn ids(&self) -> HashSet<String> {
        let trails = fs::read(&self.trails, 1 << 20).ok().flatten();
        let trails = trails.as_ref().and_then(SecretBytes::as_str);
        let mut ids: HashSet<String> = trails
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect();
        ids.extend(self.id());
        ids
    }

    /// Remembers the name of a trail; durable before any entry names it.
    fn remember(&self, id: &str) -> Result<()> {
        let mut ids = self.ids();
        ids.insert(id.to_owned());
        let mut ids: Vec<String> = ids.into_iter().collect();
        ids.sort_unstable();
        fs::replace_private(&self.trails, (ids.join("\n") + "\n").as_bytes())
    }

    /// Remembers the name of a trail that was begun by a version that did not.
    pub fn remember_own(&self) -> Result<()> {
        let trails = fs::read(&self.trails, 1 << 20)?;
        let is_known = |id: &str| {
            let trails = trails.as_ref().and_then(SecretBytes::as_str);
            trails.is_some_and(|trails| trails.lines().any(|line| line == id))
        };
        match self.id() {
            Some(id) if !is_known(&id) => self.remember(&id),
            _ => Ok(()),
        }
    }

    /// The random name of this trail, by which entries tell their machine's trail from others'.
    fn id(&self) -> Option<String> {
        let id = fs::read(&self.id, 100).ok()??;
        Some(id.as_str()?.trim_end().to_owned())
    }

    /// Appends a line, synced, and gives what the entry is to keep of it: `<trail id>:<mac>`.
    pub fn announce(&self, actor: &Actor, event: Event<'_>) -> Result<String> {
        let mut announced = self.announce_many(actor, &[event])?;
        Ok(announced.pop().unwrap_or_default())
    }

    /// [`announce`](Self::announce) for many events with one lock and one sync.
    pub fn announce_many(&self, actor: &Actor, events: &[Event<'_>]) -> Result<Vec<String>> {
        let macs = self.append_many(actor, events, true)?;
        let id = match self.id() {
            Some(id) => id,
            None => {
                let mut random = [0; 8];
                getrandom::fill(&mut random).map_err(|_| Error::NoRandomness)?;
                self.remember(&hex(&random))?;
                // Whoever comes second finds the first one's.
                let made = fs::publish_new(&self.id, format!("{}\n", hex(&random)).as_bytes())?;
                // Under another name the entries would be no witnesses of this trail.
                fs::sync_dir(fs::parent(&self.id)?)?;
                if made {
                    hex(&random)
                } else {
                    self.id().unwrap_or_default()
                }
            }
        };
        Ok(macs.into_iter().map(|mac| format!("{id}:{mac}")).collect())
    }

    /// Which announcements are of lines that this machine wrote.
    pub fn own(&self) -> Own {
        Own { ids: self.ids() }
    }

    /// Appends a line; synced if `durable`. Returns its `mac`.
    pub fn append(&self, actor: &Actor, event: Event<'_>, durable: bool) -> Result<String> {
        let mut macs = self.append_many(actor, &[event], durable)?;
        Ok(macs.pop().unwrap_or_default())
    }

    /// Appends a line an event, under one lock and with one sync. Returns their `mac`s in order.
    pub fn append_many(
        &self,
        actor: &Actor,
        events: &[Event<'_>],
        durable: bool,
    ) -> Result<Vec<String>> {
        let mut macs = Vec::with_capacity(events.len());
        let head = std::cell::RefCell::new(String::new());
        let compose = |tail: fs::Tail<'_>| {
            let (mut n, mut mac) = tail.last_line.and_then(parse_end).unwrap_or_default();
            let mut text = String::new();
            let mut push = |event| {
                n += 1;
                let (line, next) = self.line(n, actor, event, &mac);
                text.push_str(&line);
                mac.clone_from(&next);
                next
            };
            if tail.torn {
                push(Event {
                    op: "repair",
                    note: Some("the last line was torn and was cut off"),
                    ..Event::default()
                });
            }
            macs.extend(events.iter().map(|&event| push(event)));
            *head.borrow_mut() = self.head_of(n, &mac);
            text.into_bytes()
        };
        // The head is a second witness, not the truth: after a kill it may be a line behind, and
        // it is never ahead.
        let appended = || {
            let _ = fs::write_hint(&self.head, head.borrow().as_bytes());
        };
        fs::append_locked(&self.file, self.wait, durable, compose, appended)?;
        Ok(macs)
    }

    fn line(&self, n: u64, actor: &Actor, event: Event<'_>, before: &str) -> (String, String) {
        let line = Line {
            n,
            time: Timestamp::now(),
            user: actor.user.clone(),
            program: actor.program.clone(),
            op: event.op.to_owned(),
            key_path: event.key_path.map(str::to_owned),
            version: event.version,
            note: event.note.map(str::to_owned),
        };
        // Strings and numbers always have a JSON form.
        let mut text = serde_json::to_string(&line).unwrap_or_default();
        text.pop();
        text.push_str(MARK);
        let mac = self.mac(before, &text);
        text.push_str(MAC_FIELD);
        text.push_str(&mac);
        text.push_str("\"}\n");
        (text, mac)
    }

    /// What `log.head` says of the last line: its number, its `mac`, and an HMAC of both.
    fn head_of(&self, n: u64, mac: &str) -> String {
        let said = format!("{n:020} {mac}");
        let sealed = hex(&self.key.mac(format!("head\n{said}").as_bytes()));
        format!("{said} {sealed}\n")
    }

    fn mac(&self, before: &str, text: &str) -> String {
        let zeros = "0".repeat(MAC_LEN);
        let before = if before.is_empty() { &zeros } else { before };
        hex(&self.key.mac(format!("{before}\n{text}").as_bytes()))
    }

    /// Reads the whole trail and checks its chain and its head.
    pub fn read(&self) -> Result<Reading> {
        let mut reading = Reading {
            lines: Vec::new(),
            macs: Vec::new(),
            flaws: Vec::new(),
            marked: false,
        };
        let bytes = fs::read(&self.file, 1 << 30)?;
        let text = bytes
            .as_ref()
            .map(|bytes| bytes.expose())
            .unwrap_or_default();
        let mut before = String::new();
        let mut expected = 1;
        for (index, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let mut flaw = |message: &str| {
                reading.flaws.push(Flaw {
                    line: Some(index + 1),
                    message: message.to_owned(),
                });
            };
            let Some((body, mac)) = split_mac(line) else {
                flaw(if line.ends_with(b"\n") {
                    "this is not a line of the trail"
                } else {
                    TORN
                });
                continue;
            };
            if self.mac(&before, body) != mac {
                flaw("this line, or the one before it, was changed, moved or removed");
            }
            mac.clone_into(&mut before);
            match serde_json::from_str::<Line>(&format!("{body}}}")) {
                Ok(line) => {
                    if line.n != expected {
                        flaw("lines are missing before this one");
                    }
                    expected = line.n + 1;
                    reading.marked |= body.ends_with(MARK);
                    reading.lines.push(line);
                    reading.macs.push(mac.to_owned());
                }
                Err(_) => flaw("this is not a line of the trail"),
            }
        }
        self.check_head(&mut reading);
        Ok(reading)
    }

    fn check_head(&self, reading: &mut Reading) {
        let head = fs::read(&self.head, 300).ok().flatten();
        let head = head.as_ref().and_then(SecretBytes::as_str);
        let said = head.and_then(|head| {
            let mut words = head.trim_end().split(' ');
            let (n, mac) = (words.next()?, words.next()?);
            Some((n.parse::<u64>().ok()?, mac.to_owned()))
        });
        let is_sealed = match (&said, head) {
            (Some((n, mac)), Some(head)) => {
                let is_old = !reading.marked && head.trim_end().split(' ').count() == 2;
                is_old || self.head_of(*n, mac) == head
            }
            _ => true,
        };
        let problem = match (said, reading.lines.is_empty()) {
            (None, true) => return,
            // A kill between the first line and its head.
            (None, false) if reading.lines.len() == 1 => return,
            (None, false) => Some("the head beside the trail is gone"),
            _ if !is_sealed => Some("the head beside the trail was changed"),
            (Some((n, _)), _) if reading.lines.last().is_none_or(|last| last.n < n) => {
                Some("the trail was cut: its head speaks of later lines")
            }
            (Some((n, mac)), _) => {
                let at = reading.lines.iter().position(|line| line.n == n);
                let known = at.is_some_and(|at| reading.macs[at] == mac);
                (!known).then_some("the trail is not the one that its head speaks of")
            }
        };
        if let Some(problem) = problem {
            reading.flaws.push(Flaw {
                line: None,
                message: problem.to_owned(),
            });
        }
    }
}

/// The names of this machine's own trails.
#[derive(Debug)]
pub struct Own {
    ids: HashSet<String>,
}

impl Own {
    /// The `mac` of the line that an entry names, if that line was written on this machine.
    pub fn line<'a>(&self, announced: &'a str) -> Option<&'a str> {
        let (id, mac) = announced.split_once(':')?;
        self.ids.contains(id).then_some(mac)
    }
}

/// The part of a line that its `mac` covers, and the `mac`.
fn split_mac(line: &[u8]) -> Option<(&str, &str)> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix("\"}\n")?;
    let (body, mac) = line.split_at_checked(line.len().checked_sub(MAC_LEN)?)?;
    let body = body.strip_suffix(MAC_FIELD)?;
    mac.bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some((body, mac))
}

/// The number and the `mac` of a line.
fn parse_end(line: &[u8]) -> Option<(u64, String)> {
    let (body, mac) = split_mac(line)?;
    let line: Line = serde_json::from_str(&format!("{body}}}")).ok()?;
    Some((line.n, mac.to_owned()))
}
