//! What a command line does to files.
//!
//! Owns the walk over a command line: directories (`cd`), variables that the line itself sets,
//! redirections, and programs that stand in front of others (`sudo`, `env`, `timeout`, `npx`). What a
//! single program does with its arguments is [`super::programs`]'s.
//!
//! Invariants: the work is linear in the length of the line, whatever its variables and programs would
//! make of it: what they put in is counted ([`MAX_PUT_IN`]), and what lies too deep is not looked at.
//!
//! Limits: it sees what stands in the line. A script in a file, a function, a value that a command
//! prints, a container's or another machine's files are not seen.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::effect::{Effect, Kind, UNKNOWN, join};
use super::glob::unfold;
use super::lexer::{Direction, Item, Part, Script, Simple, Word, lex};
use super::names::names_in;
use super::search::Search;
use super::{code, programs};

const MAX_DEPTH: usize = 8;
/// A line that touches more files than this is looked at up to here.
const MAX_EFFECTS: usize = 512;
/// And one that sets more variables.
const MAX_NAMES: usize = 128;
/// So many bytes may be put into words: a variable that is doubled thirty times holds a gigabyte.
const MAX_PUT_IN: usize = 1 << 20;

/// What a command line does, run in a directory.
pub(super) fn effects(command: &str, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let mut shell = Shell {
        dir: dir.to_owned(),
        home,
        variables: BTreeMap::new(),
        piped: Vec::new(),
        is_piped: false,
        pipeline: 0,
        names: Vec::new(),
        effects: Vec::new(),
        depth: 0,
        put_in: Cell::new(0),
    };
    shell.run(&lex(command));
    shell.finish()
}

/// A shell on its way through a line.
pub(super) struct Shell<'h> {
    dir: String,
    home: Option<&'h str>,
    variables: BTreeMap<String, String>,
    /// The words of the command before, if it prints them into this one.
    piped: Vec<String>,
    /// Whether the command before prints into this one at all.
    is_piped: bool,
    /// Which pipeline this is.
    pipeline: usize,
    /// The names that were seen, with their pipelines.
    names: Vec<(usize, String)>,
    effects: Vec<(usize, Effect)>,
    depth: usize,
    /// How many bytes were put into words so far.
    put_in: Cell<usize>,
}

impl Shell<'_> {
    /// Gives each write the names of its own pipeline, or all, if that has none.
    fn finish(self) -> Vec<Effect> {
        let names = self.names;
        let with_names = |(pipeline, mut effect): (usize, Effect)| {
            if effect.kind == Kind::Write {
                let own = names.iter().any(|(of, _)| *of == pipeline);
                for (of, name) in &names {
                    if (!own || *of == pipeline) && !effect.names.contains(name) {
                        effect.names.push(name.clone());
                    }
                }
            }
            effect
        };
        self.effects.into_iter().map(with_names).collect()
    }

    pub(super) fn touch(&mut self, kind: Kind, path: &str) {
        if !path.is_empty() && self.effects.len() < MAX_EFFECTS {
            let effect = Effect::new(kind, join(&self.dir, path, self.home));
            self.effects.push((self.pipeline, effect));
        }
    }

    pub(super) fn touch_all(&mut self, kind: Kind, files: &[&str]) {
        for file in files {
            self.touch(kind, file);
        }
    }

    /// Touches a file in another directory than this one.
    pub(super) fn touch_in(&mut self, kind: Kind, dir: &str, name: &str) {
        self.touch(kind, &format!("{}/{name}", dir.trim_end_matches('/')));
    }

    /// Searches what lies below a directory.
    pub(super) fn search(&mut self, dir: &str, search: Search) {
        if self.effects.len() < MAX_EFFECTS {
            let effect = Effect::searching(join(&self.dir, dir, self.home), search);
            self.effects.push((self.pipeline, effect));
        }
    }

    pub(super) fn name_all(&mut self, names: Vec<String>) {
        let pipeline = self.pipeline;
        let room = MAX_NAMES.saturating_sub(self.names.len());
        let names = names.into_iter().take(room);
        self.names.extend(names.map(|name| (pipeline, name)));
    }

    /// Whether so many bytes more may be put into words.
    pub(super) fn may_put_in(&self, bytes: usize) -> bool {
        let all = self.put_in.get().saturating_add(bytes);
        let may = all <= MAX_PUT_IN;
        if may {
            self.put_in.set(all);
        }
        may
    }

    /// The words of the command before, if it prints them into this one.
    pub(super) fn piped(&self) -> &[String] {
        &self.piped
    }

    /// Whether the command before prints into this one at all.
    pub(super) fn is_piped(&self) -> bool {
        self.is_piped
    }

    /// A script of a shell inside this one.
    pub(super) fn nested(&mut self, script: &str) {
        let (dir, piped) = (self.dir.clone(), std::mem::take(&mut self.piped));
        self.deeper(|shell| shell.run(&lex(script)));
        self.dir = dir;
        self.piped = piped;
    }

    /// A program that another one runs.
    pub(super) fn run_by_another(&mut self, words: &[String]) {
        self.deeper(|shell| shell.dispatch(words, None));
    }

    fn deeper(&mut self, work: impl FnOnce(&mut Self)) {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            work(self);
            self.depth -= 1;
        }
    }

    /// A program of a script language inside this line.
    pub(super) fn code(&mut self, text: &str) {
        self.name_all(names_in(text));
        for (kind, path) in code::touched(text) {
            self.touch(kind, &path);
        }
    }

    fn run(&mut self, script: &Script) {
        let mut outer = Vec::new();
        for item in &script.items {
            match item {
                Item::Open => outer.push(self.dir.clone()),
                Item::Close => self.dir = outer.pop().unwrap_or_default(),
                Item::Command(simple) => self.command(simple, script),
            }
        }
    }

    fn command(&mut self, simple: &Simple, script: &Script) {
        if !simple.piped {
            self.pipeline += 1;
            self.piped.clear();
        }
        self.is_piped = simple.piped;
        let words: Vec<String> = simple
            .words
            .iter()
            .flat_map(|word| self.words(word))
            .collect();
        let mut input = None;
        let program = words
            .iter()
            .map(|word| base(word))
            .find(|word| !is_assignment(word));
        for redirect in &simple.redirects {
            match redirect.direction {
                Direction::Out => {
                    for file in self.words(&redirect.target) {
                        self.touch(Kind::Write, &file);
                    }
                }
                Direction::In => {
                    if !program.is_some_and(programs::shows_nothing) {
                        for file in self.words(&redirect.target) {
                            self.touch(Kind::Read, &file);
                        }
                    }
                }
                Direction::HereDocument(body) => input = script.bodies.get(body).cloned(),
                Direction::HereString => input = self.words(&redirect.target).pop(),
            }
        }
        self.dispatch(&words, input.as_deref());
    }

    /// Runs a command: what stands in front of a program is taken away, then the program is asked.
    fn dispatch(&mut self, words: &[String], input: Option<&str>) {
        let mut words = words;
        loop {
            let Some(first) = words.first() else {
                return;
            };
            let rest = &words[1..];
            if let Some((name, value)) = assignment(first) {
                if !words.iter().any(|word| !is_assignment(word)) {
                    self.variables.insert(name.to_owned(), value.to_owned());
                }
                words = rest;
                continue;
            }
            let name = base(first).to_ascii_lowercase();
            words = match name.as_str() {
                "if" | "then" | "else" | "elif" | "while" | "until" | "do" | "{" | "!" | "time"
                | "command" | "exec" | "builtin" | "coproc" | "nohup" | "setsid" | "busybox"
                | "unbuffer" | "chronic" => skip_flags(rest, &["-a"]),
                "for" => return self.loop_over(rest),
                "sudo" => skip_flags(rest, &["-u", "-g", "-h", "-p", "-C", "-D", "-T", "-U"]),
                "doas" => skip_flags(rest, &["-u", "-C"]),
                "env" => match split_string(rest) {
                    Some(script) => return self.nested(&script),
                    None => skip_flags(rest, &["-u", "-C", "--unset", "--chdir"]),
                },
                "nice" | "ionice" | "chrt" => skip_flags(rest, &["-n", "-c", "-p"]),
                "stdbuf" => skip_flags(rest, &["-i", "-o", "-e"]),
                "timeout" => {
                    let rest = skip_flags(rest, &["-k", "-s"]);
                    rest.get(1..).unwrap_or_default()
                }
                "export" | "declare" | "typeset" | "local" | "readonly" => {
                    for (name, value) in rest.iter().filter_map(|word| assignment(word)) {
                        self.variables.insert(name.to_owned(), value.to_owned());
                    }
                    return;
                }
                "cd" | "pushd" => return self.change_dir(rest),
                "popd" => {
                    self.dir = UNKNOWN.to_string();
                    return;
                }
                "eval" => return self.nested(&rest.join(" ")),
                // Its words go to a shell.
                "watch" => {
                    let rest = skip_flags(rest, &["-n", "--interval"]);
                    return self.nested(&rest.join(" "));
                }
                "npx" | "bunx" | "pnpx" => skip_flags(rest, &["-p", "--package"]),
                // `secrets` itself is the road that is open; what it runs is looked at.
                "secrets" => match rest.iter().position(|word| word == "--") {
                    Some(at) if rest.iter().any(|word| word == "run") => &rest[at + 1..],
                    _ => return,
                },
                name if is_runner(name, rest) => {
                    let with_value = ["--with", "-p", "--python", "--directory", "--env-file"];
                    skip_flags(&rest[1..], &with_value)
                }
                _ => {
                    programs::run(self, &name, rest, input);
                    self.piped = match name.as_str() {
                        "echo" | "printf" | "ls" => rest
                            .iter()
                            .filter(|word| !word.starts_with('-'))
                            .cloned()
                            .collect(),
                        "find" => programs::found(rest),
                        _ => Vec::new(),
                    };
                    return;
                }
            };
        }
    }

    fn change_dir(&mut self, args: &[String]) {
        let to = args
            .iter()
            .find(|word| !word.starts_with('-') && *word != "&&");
        self.dir = match (to, args.is_empty(), self.home) {
            (Some(to), _, home) => join(&self.dir, to, home).to_string_lossy().into_owned(),
            (None, true, Some(home)) => home.to_owned(),
            _ => UNKNOWN.to_string(),
        };
    }

    /// `for NAME in WORD…`: the variable is taken for the word that looks most like an env file.
    fn loop_over(&mut self, words: &[String]) {
        if let [name, keyword, values @ ..] = words
            && keyword == "in"
        {
            let value = values.iter().find(|value| value.contains(".env"));
            if let Some(value) = value.or_else(|| values.first()) {
                self.variables.insert(name.clone(), value.clone());
            }
        }
    }

    /// The words that a word stands for: variables of this line filled in, braces unfolded.
    fn words(&self, word: &Word) -> Vec<String> {
        let mut text = String::new();
        for part in &word.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Unknown => text.push(UNKNOWN),
                Part::Variable(name) => match (name.as_str(), self.variables.get(name)) {
                    (_, Some(value)) if self.may_put_in(value.len()) => text.push_str(value),
                    (_, Some(_)) => text.push(UNKNOWN),
                    ("HOME", _) if self.home.is_some() => {
                        text.push_str(self.home.unwrap_or_default());
                    }
                    ("PWD", _) => text.push_str(&self.dir),
                    _ => text.push(UNKNOWN),
                },
            }
        }
        match word.braces {
            true => unfold(&text),
            false => vec![text],
        }
    }
}

/// Whether a tool of some language is told to run a program: `uv run`, `pnpm exec`.
fn is_runner(name: &str, args: &[String]) -> bool {
    let verbs: &[&str] = match name {
        "uv" | "poetry" | "pipenv" | "pdm" | "rye" | "hatch" => &["run"],
        "npm" | "pnpm" | "yarn" => &["exec", "dlx", "x"],
        "bundle" => &["exec"],
        _ => return false,
    };
    args.first()
        .is_some_and(|arg| verbs.contains(&arg.as_str()))
}

/// The last part of a path.
pub(super) fn base(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

fn is_assignment(word: &str) -> bool {
    assignment(word).is_some()
}

/// The words behind the options; those named take a value.
fn skip_flags<'w>(words: &'w [String], with_value: &[&str]) -> &'w [String] {
    let mut at = 0;
    while let Some(word) = words.get(at).filter(|word| word.starts_with('-')) {
        at += 1;
        if word == "--" {
            break;
        }
        at += usize::from(with_value.contains(&word.as_str()));
    }
    words.get(at..).unwrap_or_default()
}

/// The text that `env -S` splits.
fn split_string(words: &[String]) -> Option<String> {
    let first = words.first()?;
    let rest = first
        .strip_prefix("-S")
        .or_else(|| first.strip_prefix("--split-string="))?;
    let mut all: Vec<&str> = vec![rest];
    all.extend(words[1..].iter().map(String::as_str));
    Some(all.join(" "))
}
