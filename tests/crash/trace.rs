//! strace: a log of one run, and runs in which one call is stopped or refused.

use std::path::Path;

use crate::sandbox::{Ran, Sandbox};

/// One system call of a log.
#[derive(Debug, Clone)]
pub struct Call {
    pub name: String,
    /// Its arguments as strace writes them, strings in hexadecimal.
    pub args: Vec<String>,
    /// What it returned; `None` for an error, or for no return.
    pub returned: Option<i64>,
    /// Which of the calls of this name it is, from 1: what strace's `when` counts.
    pub nth: usize,
}

impl Call {
    /// An argument that is a string.
    pub fn text(&self, index: usize) -> Option<String> {
        self.args
            .get(index)
            .and_then(|arg| unhex(arg))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// An argument that is a number, also one that has a name before it (`3</path>` is not used).
    pub fn number(&self, index: usize) -> Option<i64> {
        self.args.get(index)?.parse().ok()
    }

    /// Whether any argument is a path below the directory.
    pub fn is_about(&self, root: &Path) -> bool {
        let root = root.to_str().unwrap();
        (0..self.args.len())
            .any(|index| self.text(index).is_some_and(|text| text.starts_with(root)))
    }

    /// Whether the call may have changed something that outlives the process.
    pub fn may_change(&self) -> bool {
        let looks = [
            "read",
            "pread64",
            "readlink",
            "readlinkat",
            "statx",
            "fstat",
            "newfstatat",
            "lseek",
            "getdents64",
            "close",
            "flock",
            "fsync",
            "syncfs",
            "getrandom",
            "mmap",
            "munmap",
            "mprotect",
            "brk",
            "access",
            "ioctl",
            "poll",
            "prctl",
            "rt_sigaction",
            "sigaltstack",
            "fcntl",
            "getuid",
            "geteuid",
            "clock_gettime",
            "dup",
            "madvise",
            "mremap",
            "getcwd",
        ];
        let opens_only = matches!(self.name.as_str(), "open" | "openat" | "openat2")
            && !self
                .args
                .iter()
                .any(|arg| arg.contains("O_CREAT") || arg.contains("O_TRUNC"));
        !opens_only && !looks.contains(&self.name.as_str())
    }

    pub fn place(&self) -> String {
        format!("{} #{}", self.name, self.nth)
    }
}

/// The bytes of a string as `strace -xx` writes it.
pub fn unhex(arg: &str) -> Option<Vec<u8>> {
    let inner = arg.strip_prefix('"')?.strip_suffix('"')?;
    inner
        .split("\\x")
        .skip(1)
        .map(|digits| u8::from_str_radix(digits, 16).ok())
        .collect()
}

/// Runs the program under strace and gives its calls from the first one on that names something in
/// the sandbox. Before it there are only the loader's.
pub fn traced(sandbox: &Sandbox, args: &[String], stdin: &str, more: &[&str]) -> (Ran, Vec<Call>) {
    let log = sandbox.root().with_extension("strace");
    let log_arg = log.to_str().unwrap().to_owned();
    let mut prefix = vec!["strace", "-f", "-xx", "-s", "4194304", "-o", &log_arg];
    prefix.extend(more);
    prefix.push("--");
    let ran = sandbox.run_prefixed(&prefix, args, stdin);
    let text = std::fs::read_to_string(&log).unwrap();
    let mut calls = parse(&text);
    let first = calls
        .iter()
        .skip(1)
        .position(|call| call.is_about(sandbox.root()))
        .map_or(calls.len(), |at| at + 1);
    (ran, calls.split_off(first))
}

/// Parses a log. The program has one thread; a call in two pieces would be another's.
fn parse(log: &str) -> Vec<Call> {
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    let mut calls = Vec::new();
    for line in log.lines() {
        let line = line
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .trim_start();
        if line.starts_with("+++") || line.starts_with("---") {
            continue;
        }
        assert!(
            !line.contains("resumed>"),
            "two threads or processes: the rig does not know how to count them"
        );
        let Some((name, rest)) = line.split_once('(') else {
            continue;
        };
        let (args, returned) = match rest.rsplit_once(" = ") {
            Some((args, returned)) => (args.trim_end().trim_end_matches(')'), returned),
            None => (rest.trim_end_matches(" <unfinished ...>"), "?"),
        };
        let count = counts.entry(name.to_owned()).or_default();
        *count += 1;
        calls.push(Call {
            name: name.to_owned(),
            args: split_args(args),
            returned: returned
                .split_whitespace()
                .next()
                .and_then(|word| word.parse().ok())
                .filter(|&value: &i64| value >= 0),
            nth: *count,
        });
    }
    calls
}

fn split_args(args: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut depth = 0;
    let mut part = String::new();
    for c in args.chars() {
        match c {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(part.trim().to_owned());
                part.clear();
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part.trim().to_owned());
    parts
}

/// Runs the program with something done to one of its calls: `signal=KILL`, `error=EIO`.
pub fn injected(sandbox: &Sandbox, args: &[String], stdin: &str, call: &Call, what: &str) -> Ran {
    let trace = format!("trace={}", call.name);
    let inject = format!("inject={}:{what}:when={}", call.name, call.nth);
    // Not with --seccomp-bpf: it is faster, but strace 6.1 then injects no signal.
    let prefix = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        &trace,
        "-e",
        &inject,
        "--",
    ];
    sandbox.run_prefixed(&prefix, args, stdin)
}
