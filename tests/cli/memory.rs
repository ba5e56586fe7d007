//! What is left of a value in the process's memory when the work is done.
//!
//! The program is held at its last system call (by `strace`, which needs the right to look into a
//! process that is not dumpable: root), and every writable page of it is searched.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::sandbox::{DESCRIPTION, KEY, Sandbox, skipped, tool};

/// With a canary before it the largest value that there is, or nearly.
const ALMOST_ALL: usize = (1 << 20) - 100;
/// Copies that the libraries force: none.
const FORCED: usize = 0;

/// Runs a command, and when it is about to exit counts how often the value is in its memory.
/// `None` if this cannot be looked at here.
fn copies_left(sandbox: &Sandbox, args: &[&str], stdin: &[u8], needle: &str) -> Option<usize> {
    let strace = tool("strace")?;
    let out = sandbox.path("tmp/trace");
    let run = sandbox.secrets(args).through(&[
        strace.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
        "-e",
        "trace=exit_group",
        "-e",
        "inject=exit_group:delay_enter=120s",
    ]);
    let mut command: Command = run.command();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut tracer = command.spawn().unwrap();
    tracer.stdin.take().unwrap().write_all(stdin).unwrap();
    let deadline = Instant::now() + Duration::from_secs(100);
    let pid = loop {
        if let Some(pid) = held(tracer.id()) {
            break pid;
        }
        if Instant::now() > deadline || tracer.try_wait().unwrap().is_some() {
            let _ = tracer.kill();
            skipped("strace cannot hold a process at its end here");
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let count = count(&pid, needle.as_bytes());
    let held = rustix::process::Pid::from_raw(pid.parse().unwrap()).unwrap();
    let _ = rustix::process::kill_process(held, rustix::process::Signal::KILL);
    let _ = tracer.kill();
    let _ = tracer.wait();
    if count.is_none() {
        skipped("the memory of a process that is not dumpable cannot be read by this user");
    }
    count
}

/// The traced process, once it is held in `exit_group`.
fn held(tracer: u32) -> Option<String> {
    const EXIT_GROUP: &str = if cfg!(target_arch = "x86_64") {
        "231 "
    } else {
        "94 "
    };
    let children = fs::read_to_string(format!("/proc/{tracer}/task/{tracer}/children")).ok()?;
    children
        .split_whitespace()
        .find(|pid| {
            fs::read_to_string(format!("/proc/{pid}/syscall"))
                .is_ok_and(|syscall| syscall.starts_with(EXIT_GROUP))
        })
        .map(str::to_owned)
}

fn count(pid: &str, needle: &[u8]) -> Option<usize> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let mut memory = fs::File::open(format!("/proc/{pid}/mem")).ok()?;
    let finder = aho_corasick::AhoCorasick::new([needle]).unwrap();
    let mut found = 0;
    let mut regions = 0;
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let range = words.next()?;
        if !words.next()?.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-')?;
        let start = u64::from_str_radix(start, 16).ok()?;
        let end = u64::from_str_radix(end, 16).ok()?;
        memory.seek(SeekFrom::Start(start)).ok()?;
        let mut bytes = vec![0; (end - start) as usize];
        if memory.read_exact(&mut bytes).is_err() {
            continue; // not readable even so: vvar and the like
        }
        regions += 1;
        for hit in finder.find_iter(&bytes) {
            found += 1;
            let around = &bytes[hit.start().saturating_sub(24)..(hit.end() + 24).min(bytes.len())];
            let shown = String::from_utf8_lossy(around);
            eprintln!(
                "left at {:x} in {line}: {shown:?}",
                start + hit.start() as u64
            );
        }
    }
    assert!(regions > 2, "no memory was looked at: {maps}");
    Some(found)
}

#[test]
fn the_search_finds_what_is_there() {
    // The description is no secret and is not wiped; if it cannot be found, nothing can.
    let sandbox = Sandbox::with_vault();
    let mark = "Zebrafish ledger of the shop";
    let args = ["set", KEY, "--no-env", "-d", mark];
    if let Some(count) = copies_left(&sandbox, &args, b"x", mark) {
        assert!(count > 0);
    }
}

#[test]
fn no_copy_of_a_value_is_left_after_set() {
    let sandbox = Sandbox::with_env("A=1\n");
    // Blocks of many sizes: what is left in one depends on where the next one comes to lie.
    for length in [
        0, 40, 500, 3_000, 9_000, 20_000, 70_000, 100_000, ALMOST_ALL,
    ] {
        let filler = "x".repeat(length);
        let value = sandbox.canary();
        let stdin = format!("{value}{filler}\n");
        let args = ["set", KEY, "-d", DESCRIPTION];
        let Some(count) = copies_left(&sandbox, &args, stdin.as_bytes(), &value[4..]) else {
            return;
        };
        assert_eq!(count, FORCED, "with {} bytes more", filler.len());
    }
}

#[test]
fn no_copy_of_a_value_is_left_after_get() {
    let sandbox = Sandbox::with_vault();
    for (filler, args) in [
        ("", &["get", KEY][..]),
        ("", &["get", KEY, "--json"]),
        (&"x".repeat(20_000), &["get", KEY]),
        (&"x".repeat(ALMOST_ALL), &["get", KEY]),
    ] {
        let value = sandbox.canary();
        sandbox.store(KEY, format!("{value}{filler}"));
        let Some(count) = copies_left(&sandbox, args, b"", &value[4..]) else {
            return;
        };
        assert_eq!(count, FORCED, "{args:?} with {} bytes more", filler.len());
    }
}

#[test]
fn no_copy_of_a_value_is_left_after_a_refusal() {
    let sandbox = Sandbox::with_env("A=1\n");
    let value = sandbox.canary();
    let description = "Stripe account for payment processing";
    let args = ["set", KEY, "-d", description];
    let stdin = format!("{value}\0");
    let Some(count) = copies_left(&sandbox, &args, stdin.as_bytes(), &value[4..]) else {
        return;
    };
    assert_eq!(count, FORCED);
}
