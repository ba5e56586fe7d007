//! What must hold whenever the program was stopped, and what once it ran again.
//!
//! The state before is made and the command is run once undisturbed; what is then there is what a
//! disturbed run may have reached, and nothing else may be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::sandbox::{Ran, Sandbox};
use crate::scenario::{CANARY, CONFIG, ENV, SECOND, Scenario, Start};
use crate::tree::{Node, Tree};

/// The files that belong to the user, which may be seen old or new and in no other way.
const WATCHED: [&str; 3] = [ENV, SECOND, CONFIG];
/// What a killed run may leave beside an env file for the next one to take away.
const TEMPORARY: &str = ".env.secrets-tmp";
/// No fault: the program does without files without a name, as it must on some systems.
pub const NAMED: &str = "named";

/// What a version gives: its value, or how reading it ends.
type Read = Result<Vec<u8>, Option<i32>>;

/// A scenario as it goes undisturbed.
pub struct Expected<'a> {
    pub scenario: &'a Scenario,
    pub sandbox: &'a Sandbox,
    pub args: Vec<String>,
    pub before: Tree,
    pub after: Tree,
    acknowledged: Vec<(String, u32, Vec<u8>)>,
    versions: BTreeMap<&'static str, Vec<(Option<u32>, Read)>>,
    verify: Option<i32>,
    log: Option<i32>,
}

/// When a check is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The program was stopped somewhere.
    Stopped,
    /// The program said that it could not do it: it had time to take its temporaries away.
    Refused,
    /// The program said that it was done.
    Done,
}

impl<'a> Expected<'a> {
    pub fn new(scenario: &'a Scenario, sandbox: &'a Sandbox) -> Self {
        // The state before is made by a sound program, whatever is planted later.
        let sound = Sandbox {
            fault: None,
            ..sandbox.clone()
        };
        let mut start = Start::new(&sound);
        (scenario.prepare)(&mut start);
        let acknowledged = start.acknowledged;
        let before = sandbox.tree();
        let args = scenario.args(sandbox);
        let ran = sound.run(&args, scenario.stdin);
        assert_eq!(ran.code, Some(0), "{}: {}", scenario.name, ran.end());
        let after = sandbox.tree();
        let mut expected = Self {
            scenario,
            sandbox,
            args,
            before,
            after,
            acknowledged,
            versions: BTreeMap::new(),
            verify: None,
            log: None,
        };
        for (key_path, _) in scenario.keys {
            expected
                .versions
                .insert(key_path, read_versions(&sound, key_path));
        }
        expected.verify = expected.exit(&["verify"]);
        expected.log = expected.exit(&["log", "--verify"]);
        expected
    }

    fn exit(&self, args: &[&str]) -> Option<i32> {
        self.sandbox.run(&crate::sandbox::words(args), "").code
    }

    /// Puts the state before back.
    pub fn reset(&self) {
        self.sandbox.put(&self.before);
    }

    /// Runs the command again, undisturbed.
    pub fn run_again(&self) -> Ran {
        self.sandbox.run(&self.args, self.scenario.stdin)
    }

    /// The value that the sandbox's vault has now for the random secret.
    fn random_now(&self) -> Option<Vec<u8>> {
        let (key_path, _) = self.scenario.keys.first()?;
        self.sandbox.get(key_path, None).ok()
    }

    /// The new content of a watched file, with the value that was made at random this time.
    fn new_content(&self, file: &str, random: Option<&[u8]>) -> Option<Vec<u8>> {
        let new = self.after.file(Path::new(file))?.to_vec();
        if !self.scenario.random {
            return Some(new);
        }
        let (key_path, _) = self.scenario.keys.first()?;
        let (_, Ok(then)) = self.versions.get(key_path)?.last()? else {
            return Some(new);
        };
        Some(replace(&new, then, random?))
    }

    /// What must hold at any moment, however the program ended.
    pub fn check(&self, when: When) -> Vec<String> {
        let mut findings = self.check_image(when);
        let log = self
            .sandbox
            .run(&crate::sandbox::words(&["log", "--verify"]), "");
        if log.code != self.log && self.sandbox.at("vault/vault.toml").exists() {
            let said = String::from_utf8_lossy(&log.stdout).replace('\n', " | ");
            findings.push(format!("log --verify: {said} {}", log.end()));
        }
        findings
    }

    /// [`check`](Self::check) but for the audit trail's second witness, which is never synced: a
    /// power cut may take it, and the next run makes it again.
    pub fn check_image(&self, when: When) -> Vec<String> {
        let mut findings = Vec::new();
        let now = self.sandbox.tree();
        let random = if self.scenario.random {
            self.random_now()
        } else {
            None
        };
        findings.extend(self.check_made(&now, when));
        for file in WATCHED {
            let content = now.file(Path::new(file));
            let old = self.before.file(Path::new(file));
            let new = self.new_content(file, random.as_deref());
            let is_old = content == old;
            let is_new = content == new.as_deref();
            if !is_old && !is_new {
                findings.push(format!(
                    "{file} is neither old nor new: {}",
                    sketch(content)
                ));
            }
            if when == When::Done && !is_new {
                findings.push(format!("{file} is not as it should be when all is done"));
            }
            if !is_old {
                let behind = self.check_vault_has(Some(file));
                let ahead = |what| format!("{file} is ahead of the vault: {what}");
                findings.extend(behind.into_iter().map(ahead));
            }
        }
        if when == When::Done {
            findings.extend(self.check_vault_has(None));
        }
        findings.extend(self.check_acknowledged());
        findings.extend(self.check_nothing_else(&now));
        findings.extend(self.check_announced(&now));
        let named = self.sandbox.fault == Some(NAMED);
        let known = |path: &Path| {
            self.before.0.contains_key(path) || self.makes(path) && self.after.0.contains_key(path)
        };
        findings.extend(layout_findings(&now, when, &known, named));
        findings
    }

    /// Whether the scenario makes, changes or removes files here.
    fn makes(&self, path: &Path) -> bool {
        !self.scenario.makes.is_empty() && path.starts_with(self.scenario.makes)
    }

    /// The files that the scenario is about are old or new; once it is done, new.
    fn check_made(&self, now: &Tree, when: When) -> Vec<String> {
        let trees = [&self.before, &self.after, now];
        let paths: BTreeSet<&Path> = trees
            .iter()
            .flat_map(|tree| tree.files().map(|(path, _)| path))
            .filter(|path| self.makes(path) && !path.ends_with(TEMPORARY))
            .collect();
        let mut findings = Vec::new();
        for path in paths {
            let (old, new, content) = (
                self.before.file(path),
                self.after.file(path),
                now.file(path),
            );
            let shown = path.display();
            if content != old && content != new {
                findings.push(format!(
                    "{shown} is neither old nor new: {}",
                    sketch(content)
                ));
            } else if when == When::Done && content != new {
                findings.push(format!("{shown} is not as it should be when all is done"));
            }
        }
        findings
    }

    /// The versions that the undisturbed run made (for the secrets of one file, or for all).
    fn check_vault_has(&self, file: Option<&str>) -> Vec<String> {
        let mut findings = Vec::new();
        for (key_path, its_file) in self.scenario.keys {
            if file.is_some_and(|file| file != *its_file) {
                continue;
            }
            for (version, wanted) in &self.versions[key_path] {
                let found = self.sandbox.get(key_path, *version).map_err(|ran| ran.code);
                let same = match (wanted, &found) {
                    (Ok(_), Ok(_)) if self.scenario.random => true,
                    _ => *wanted == found,
                };
                if !same {
                    let version = version.map_or("newest".to_owned(), |n| n.to_string());
                    findings.push(format!(
                        "version {version} of {key_path} is {}",
                        shape(&found)
                    ));
                }
            }
        }
        findings
    }

    fn check_acknowledged(&self) -> Vec<String> {
        let mut findings = Vec::new();
        for (key_path, version, value) in &self.acknowledged {
            let destroyed = self.scenario.destroys.iter();
            if destroyed
                .into_iter()
                .any(|(key, n)| key == key_path && n == version)
            {
                continue;
            }
            match self.sandbox.get(key_path, Some(*version)) {
                Ok(found) if found == *value => {}
                Ok(_) => findings.push(format!("version {version} of {key_path} has changed")),
                Err(ran) => findings.push(format!(
                    "acknowledged version {version} of {key_path} is lost: {}",
                    ran.end()
                )),
            }
        }
        findings
    }

    /// Everything of the projects but the env files, and every entry that was there, is untouched.
    fn check_nothing_else(&self, now: &Tree) -> Vec<String> {
        let mut findings = Vec::new();
        for (path, node) in &self.before.0 {
            let is_entry = path.starts_with("vault") && matches!(node, Node::File { .. });
            let is_project = path.starts_with("proj") || path.starts_with("second");
            let is_watched = self.is_watched(path);
            let is_identity = path.ends_with("identity.txt");
            if !(is_entry || is_identity || is_project && !is_watched) || self.makes(path) {
                continue;
            }
            let may_go = is_entry && !self.scenario.destroys.is_empty();
            match now.0.get(path) {
                Some(found) if found == node => {}
                None if may_go => {}
                None => findings.push(format!("{} is gone", path.display())),
                Some(_) => findings.push(format!("{} has changed", path.display())),
            }
        }
        for file in WATCHED {
            let mode = |tree: &Tree| match tree.0.get(Path::new(file)) {
                Some(Node::File { mode, .. }) => Some(*mode),
                _ => None,
            };
            if let (Some(old), Some(new)) = (mode(&self.before), mode(now))
                && old != new
                && file != CONFIG
            {
                findings.push(format!("{file} had mode {old:o} and has {new:o}"));
            }
        }
        findings
    }

    /// No version without its line in the audit trail.
    fn check_announced(&self, now: &Tree) -> Vec<String> {
        let log: String = now
            .files()
            .filter(|(path, _)| path.starts_with("state") && path.ends_with("log.jsonl"))
            .map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
            .collect();
        let mut findings = Vec::new();
        for (path, _) in now.files() {
            if self.before.0.contains_key(path) || path.extension() != Some("age".as_ref()) {
                continue;
            }
            let name = match (
                path.strip_prefix("vault/entries"),
                path.strip_prefix("vault/layouts"),
            ) {
                (Ok(below), _) => below.to_owned(),
                (_, Ok(below)) => Path::new("layout").join(below),
                _ => continue,
            };
            let version: u32 = name.file_stem().unwrap().to_str().unwrap().parse().unwrap();
            let name = name.parent().unwrap().display().to_string();
            let line = format!("\"keyPath\":\"{name}\",\"version\":{version},");
            if !log.contains(&line) {
                findings.push(format!(
                    "version {version} of {name} is not in the audit trail"
                ));
            }
        }
        findings
    }

    fn is_watched(&self, path: &Path) -> bool {
        WATCHED.iter().any(|file| {
            let file = Path::new(file);
            path == file
                || matches!(self.before.0.get(file), Some(Node::Link(target))
                    if file.parent().unwrap().join(target) == path)
        })
    }

    /// What must hold when the same command ran again undisturbed.
    pub fn check_healed(&self, ran: &Ran) -> Vec<String> {
        let fine = ran.code == Some(0)
            || ran
                .code
                .is_some_and(|code| self.scenario.again.contains(&code));
        if !fine {
            return vec![format!("the next run does not heal it: {}", ran.end())];
        }
        let mut findings = self.check(When::Done);
        for what in &mut findings {
            *what = format!("after the next run: {what}");
        }
        let verify = self.sandbox.run(&crate::sandbox::words(&["verify"]), "");
        if verify.code != self.verify {
            let said = String::from_utf8_lossy(&verify.stdout).replace('\n', " | ");
            findings.push(format!(
                "after the next run verify finds: {said} {}",
                verify.end()
            ));
        }
        findings
    }

    /// Whether anything that counts is other than before: versions, env files, configuration.
    pub fn changed(&self) -> Vec<String> {
        let mut findings = Vec::new();
        let now = self.sandbox.tree();
        if self.vault_changed() {
            findings.push("the versions in the vault are not those before".to_owned());
        }
        let made = [&self.after, &self.before];
        let made = made.into_iter().flat_map(|tree| tree.files());
        let made = made.map(|(path, _)| path).filter(|path| self.makes(path));
        let files: BTreeSet<&Path> = WATCHED.iter().map(Path::new).chain(made).collect();
        for file in files {
            if now.file(file) != self.before.file(file) {
                findings.push(format!("{} has changed", file.display()));
            }
        }
        // A vault that is made is not changed.
        let keys = |tree: &Tree| -> BTreeSet<PathBuf> {
            let files = tree.files().map(|(path, _)| path.to_owned());
            files
                .filter(|path| path.starts_with("vault/keys"))
                .collect()
        };
        if !keys(&self.before).is_empty() && keys(&self.before) != keys(&now) {
            findings.push("other members can open the vault than before".to_owned());
        }
        findings
    }

    /// A version that the message says is in the vault, and that cannot be read.
    pub fn check_said_to_be_there(&self, ran: &Ran) -> Option<String> {
        let words: Vec<&str> = ran.stderr.split_whitespace().collect();
        words.windows(4).find_map(|words| match words {
            ["version", version, "of", name] if name.starts_with("project/") => {
                let name = name.trim_end_matches([',', ':', ';']);
                let file = format!(
                    "vault/entries/{name}/{:04}.age",
                    version.parse::<u32>().ok()?
                );
                let gone = !self.sandbox.at(&file).exists();
                gone.then(|| format!("it names a version that is not there: {}", ran.end()))
            }
            _ => None,
        })
    }

    /// Whether the vault has other versions than before; layouts count where some are to go.
    pub fn vault_changed(&self) -> bool {
        let layouts = !self.scenario.destroys.is_empty();
        let counts = |path: &Path| {
            path.starts_with("vault/entries") || layouts && path.starts_with("vault/layouts")
        };
        let entries = |tree: &Tree| -> BTreeSet<PathBuf> {
            tree.files()
                .map(|(path, _)| path.to_owned())
                .filter(|path| counts(path))
                .collect()
        };
        entries(&self.before) != entries(&self.sandbox.tree())
    }

    /// Whether the identity, the configuration or the files of the vault beside its entries are
    /// others than before.
    pub fn set_up_changed(&self) -> bool {
        let set_up = |tree: &Tree| -> BTreeMap<PathBuf, Vec<u8>> {
            tree.files()
                .filter(|(path, _)| path.starts_with("conf") || path.starts_with("vault"))
                .filter(|(path, _)| !path.starts_with("vault/entries"))
                .map(|(path, bytes)| (path.to_owned(), bytes.to_vec()))
                .collect()
        };
        set_up(&self.before) != set_up(&self.sandbox.tree())
    }

    /// Whether the vault has what the command was to store.
    pub fn vault_is_new(&self) -> bool {
        let Some((key_path, _)) = self.scenario.keys.first() else {
            return false;
        };
        self.versions[key_path].iter().all(|(version, wanted)| {
            let found = self.sandbox.get(key_path, *version).map_err(|ran| ran.code);
            *wanted == found || self.scenario.random && wanted.is_ok() && found.is_ok()
        })
    }

    /// A message that shows a value or a part of one.
    pub fn check_message(&self, ran: &Ran) -> Option<String> {
        let said = ran.stderr.contains(CANARY);
        said.then(|| format!("a value is shown: {}", ran.end()))
    }
}

/// Every version of a secret, and its newest.
fn read_versions(sandbox: &Sandbox, key_path: &str) -> Vec<(Option<u32>, Read)> {
    let mut versions = Vec::new();
    let newest = sandbox.get(key_path, None).map_err(|ran| ran.code);
    let dir = sandbox.at("vault/entries").join(key_path);
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".age").map(str::to_owned))
        .collect();
    names.sort();
    for name in names {
        let version = name.parse().unwrap();
        let read = sandbox.get(key_path, Some(version)).map_err(|ran| ran.code);
        versions.push((Some(version), read));
    }
    versions.push((None, newest));
    versions
}

/// What lies where nothing should: debris, or a file that somebody else could read.
/// Where files without a name are not used, what was killed elsewhere than beside an env file is
/// `doctor`'s to take away.
fn layout_findings(
    now: &Tree,
    when: When,
    known: &dyn Fn(&Path) -> bool,
    named: bool,
) -> Vec<String> {
    let mut findings = Vec::new();
    for (path, node) in &now.0 {
        let text = path.to_str().unwrap_or_default();
        let parts: Vec<&str> = text.split('/').collect();
        let private = match parts[0] {
            "proj" | "second" => {
                let known = known(path) || text == ENV || text == SECOND;
                // Complete, and for nobody who cannot read the env file.
                let temporary = when == When::Stopped && path.ends_with(TEMPORARY);
                if !known && !temporary {
                    findings.push(format!("debris: {text}"));
                }
                false
            }
            "home" => {
                if parts.len() > 1 {
                    findings.push(format!("debris: {text}"));
                }
                false
            }
            _ => {
                let ours = path.file_name().and_then(|name| name.to_str());
                let leftover = named
                    && when != When::Refused
                    && ours.is_some_and(|name| name.starts_with(TEMPORARY));
                if !leftover && !belongs(&parts, when) {
                    findings.push(format!("debris: {text}"));
                }
                true
            }
        };
        let mode = match node {
            Node::Dir { mode } | Node::File { mode, .. } => *mode,
            Node::Link(_) => 0,
        };
        if private && mode & 0o077 != 0 {
            findings.push(format!("{text} has mode {mode:o}"));
        }
    }
    findings
}

/// Whether the program keeps something under this name. A name that it uses only on the way is
/// allowed while it was stopped.
fn belongs(parts: &[&str], when: When) -> bool {
    let hex = |text: &str| text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let version = |name: &str| {
        name.strip_suffix(".age")
            .or_else(|| name.strip_suffix(".removed"))
            .is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    match parts {
        ["vault" | "conf" | "state"] => true,
        [
            "vault",
            "vault.toml" | ".gitattributes" | "keys" | "entries" | "layouts",
        ] => true,
        ["vault", "keys", key] => key.ends_with(".age"),
        ["vault", "entries", "project" | "meta", rest @ ..] => match rest {
            [] | [_] | [_, _] => true,
            [_, _, name] => version(name),
            _ => false,
        },
        ["vault", "layouts", _] => true,
        ["vault", "layouts", _, name] => version(name),
        ["conf", "config.toml" | "identity.txt"] => true,
        ["conf", name] => when == When::Stopped && name.starts_with(".secrets-tmp-"),
        ["state", "places" | "vaults" | "pending" | "agents.json"] => true,
        ["state", name] => when == When::Stopped && name.starts_with(".secrets-tmp-"),
        ["state", "pending", _] => when == When::Stopped,
        ["state", "places", place] => hex(place),
        ["state", "vaults", id] => hex(id),
        ["state", "vaults", id, rest @ ..] => {
            hex(id)
                && match rest {
                    [
                        "recipient" | "fingerprint" | "log.jsonl" | "log.head" | "log.id"
                        | "newest",
                    ] => true,
                    ["newest", rest @ ..] => rest.len() <= 3,
                    _ => false,
                }
        }
        _ => false,
    }
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend(&rest[..at]);
        replaced.extend(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend(rest);
    replaced
}

fn sketch(content: Option<&[u8]>) -> String {
    match content {
        None => "it does not exist".to_owned(),
        Some([]) => "it is empty".to_owned(),
        Some(bytes) => format!("{:?}", String::from_utf8_lossy(bytes)),
    }
}

fn shape(read: &Read) -> String {
    match read {
        Ok(value) => format!("{:?}", String::from_utf8_lossy(value)),
        Err(code) => format!("not readable ({code:?})"),
    }
}
