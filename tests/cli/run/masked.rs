//! With masking both streams go through the mask; everything else is as it would be without.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::sandbox::{CANARY, Sandbox, stderr, stdout, web};
use crate::skipped::skipped;

fn mask(script: &str) -> Vec<&str> {
    web(&["--mask", "--", "sh", "-c", script])
}

/// A child in a process group of its own, which no terminal has in front.
fn apart(command: &mut Command) -> Child {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0).spawn().unwrap()
}

fn first_line(child: &mut Child) -> (String, BufReader<std::process::ChildStdout>) {
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    (line, reader)
}

/// The same command, with no signal ignored: tests that run under `nohup` would pass that on.
fn hearing(command: &Command) -> Command {
    let mut hearing = Command::new("env");
    #[cfg(target_os = "linux")]
    hearing.arg("--default-signal");
    hearing
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .map(|(name, value)| (name, value.unwrap())),
        )
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(dir) = command.get_current_dir() {
        hearing.current_dir(dir);
    }
    hearing
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

#[test]
fn a_pipe_is_masked_without_being_asked() {
    let sandbox = Sandbox::new();
    let script = "echo \"out $API_KEY\"; echo \"err $API_KEY\" >&2";
    let output = sandbox.run(&web(&["--", "sh", "-c", script]));
    assert_eq!(stdout(&output), "out [secret:API_KEY]\n");
    assert_eq!(stderr(&output), "err [secret:API_KEY]\n");
    let output = sandbox.run(&web(&["--no-mask", "--", "sh", "-c", script]));
    assert_eq!(stdout(&output), format!("out {CANARY}\n"));
}

#[test]
fn what_programs_make_of_a_value_is_masked() {
    let sandbox = Sandbox::new();
    let script = "
        printf %s \"$API_KEY\" | base64
        printf 'user:%s' \"$API_KEY\" | base64
        printf %s \"$API_KEY\" | od -An -tx1 | tr -d ' \\n'; echo
        env
        printf '%s' \"${API_KEY%??????}\"; sleep 0.1; printf '%s\\n' \"${API_KEY#?????????}\"
    ";
    let output = sandbox.run(&mask(script));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let out = stdout(&output);
    for form in [CANARY, "Y2FuYXJ5LUt4", "Y2FuYXJ5", "63616e617279", "Kx7"] {
        assert!(!out.contains(form), "{form}: {out}");
    }
    assert_eq!(out.matches("[secret:API_KEY]").count(), 5, "{out}");
}

#[test]
fn short_values_are_named_once() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/pin_code", b"4711", &[]);
    let output = sandbox.run(&mask("echo $PIN_CODE $PIN_CODE $API_KEY"));
    assert_eq!(stdout(&output), "4711 4711 [secret:API_KEY]\n");
    assert_eq!(
        stderr(&output),
        "secrets: warning: not masked, because they have fewer than 5 characters: PIN_CODE\n"
    );
}

#[test]
fn all_other_bytes_are_as_they_were_also_many_on_both_streams() {
    let sandbox = Sandbox::new();
    let bytes: Vec<u8> = (0..3_000_000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    std::fs::write(sandbox.path("bytes"), &bytes).unwrap();
    let script = "cat bytes & cat bytes >&2; wait; printf %s \"$API_KEY\"";
    let output = sandbox.run(&mask(script));
    assert!(output.stderr == bytes);
    let out = output.stdout.strip_suffix(b"[secret:API_KEY]").unwrap();
    assert!(out == bytes);
}

#[test]
fn lines_of_both_streams_stay_in_order_where_both_are_one() {
    let sandbox = Sandbox::new();
    let script = "i=0; while [ $i -lt 200 ]; do echo o$i; echo e$i >&2; i=$((i+1)); done";
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut command = sandbox.command(&mask(script));
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut out = String::new();
    reader.read_to_string(&mut out).unwrap();
    assert!(child.wait().unwrap().success());
    let expected: String = (0..200).map(|i| format!("o{i}\ne{i}\n")).collect();
    assert_eq!(out, expected);
}

#[test]
fn a_prompt_is_not_held_back() {
    let sandbox = Sandbox::new();
    let mut child = sandbox
        .command(&mask("printf 'Name: '; read name; echo \"hello $name\""))
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut prompt = [0; 6];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut prompt)
        .unwrap();
    assert_eq!(&prompt, b"Name: ");
    child.stdin.take().unwrap().write_all(b"you\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output), "hello you\n");
}

#[test]
fn the_exit_code_is_the_programs_own_or_128_and_the_signal() {
    let sandbox = Sandbox::new();
    for code in [0, 1, 2, 3, 125, 126, 127, 128, 255] {
        let output = sandbox.run(&mask(&format!("exit {code}")));
        assert_eq!(output.status.code(), Some(code));
    }
    for signal in [1, 2, 9, 15] {
        let script = format!("kill -{signal} $$");
        let output = hearing(&sandbox.command(&mask(&script))).output().unwrap();
        assert_eq!(output.status.code(), Some(128 + signal));
    }
}

#[test]
fn signals_are_passed_on() {
    let sandbox = Sandbox::new();
    for (signal, name, code) in [
        (Signal::TERM, "TERM", 41),
        (Signal::HUP, "HUP", 42),
        (Signal::INT, "INT", 43),
        (Signal::USR1, "USR1", 44),
    ] {
        let script = format!(
            "trap 'echo got {name}; exit {code}' {name}; echo ready; \
             i=0; while [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done"
        );
        let mut child = apart(&mut hearing(&sandbox.command(&mask(&script))));
        let (line, mut reader) = first_line(&mut child);
        assert_eq!(line, "ready\n");
        send(&child, signal);
        let mut rest = String::new();
        reader.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, format!("got {name}\n"));
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}

#[test]
fn a_signal_that_ends_the_program_is_told() {
    let sandbox = Sandbox::new();
    let mut child = apart(&mut sandbox.command(&mask("echo ready; exec sleep 30")));
    let (_, _reader) = first_line(&mut child);
    send(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_caller_ignores_stays_ignored() {
    let sandbox = Sandbox::new();
    let secrets = env!("CARGO_BIN_EXE_secrets");
    let script = "echo ready; sleep 0.5; echo survived";
    let mut command = sandbox.command(&[]);
    let mut nohup = Command::new("nohup");
    nohup.arg(secrets).args(mask(script)).env_clear();
    for (name, value) in command.stdin(Stdio::null()).get_envs() {
        nohup.env(name, value.unwrap());
    }
    nohup
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = apart(&mut nohup);
    let (_, mut reader) = first_line(&mut child);
    send(&child, Signal::HUP);
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "survived\n");
    assert!(child.wait().unwrap().success());
}

#[test]
fn output_that_comes_after_the_programs_end_is_masked_too() {
    let sandbox = Sandbox::new();
    let script = "(sleep 0.3; echo \"late $API_KEY\") & exit 5";
    let output = sandbox.run(&mask(script));
    assert_eq!(stdout(&output), "late [secret:API_KEY]\n");
    assert_eq!(output.status.code(), Some(5));
}

#[test]
fn when_only_something_left_behind_holds_the_streams_a_signal_ends_it() {
    let sandbox = Sandbox::new();
    let mut child = apart(&mut sandbox.command(&mask("sleep 20 & echo ready")));
    let (_, _reader) = first_line(&mut child);
    // The shell ends at once; on a busy machine the first signals may still find it there.
    let start = Instant::now();
    let status = loop {
        std::thread::sleep(Duration::from_millis(200));
        send(&child, Signal::TERM);
        std::thread::sleep(Duration::from_millis(50));
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => assert!(start.elapsed() < Duration::from_secs(15)),
        }
    };
    assert!(!status.success());
}

#[test]
fn a_reader_that_goes_away_ends_the_program_as_it_would_without() {
    let sandbox = Sandbox::new();
    let mut child = sandbox
        .command(&web(&["--mask", "--", "yes"]))
        .spawn()
        .unwrap();
    let (line, reader) = first_line(&mut child);
    assert_eq!(line, "y\n");
    drop(reader);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(128 + 13));
    assert_eq!(stderr(&output), "");
}

/// Runs a script for a shell on a terminal, typing `keys` when it has printed `ready`.
fn on_a_terminal(sandbox: &Sandbox, script: &str, keys: &[u8]) -> Option<String> {
    let command = sandbox.command(&[]);
    let mut terminal = Command::new("script");
    terminal.args(["-qec", script, "/dev/null"]);
    for (name, value) in command.get_envs() {
        terminal.env(name, value.unwrap());
    }
    terminal.env("SECRETS", env!("CARGO_BIN_EXE_secrets"));
    let spawned = terminal
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        skipped("there is no `script` on this machine");
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let (first, mut reader) = first_line(&mut child);
    assert!(first.starts_with("ready"), "{first}");
    stdin.write_all(keys).unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    child.wait().unwrap();
    Some(rest.replace('\r', ""))
}

#[test]
fn a_terminal_is_left_alone_and_half_a_terminal_is_not() {
    let sandbox = Sandbox::new();
    let show = "'test -t 1 && echo terminal; echo $API_KEY'";
    let script = format!(
        "echo ready; $SECRETS run --project web -- sh -c {show}; \
         $SECRETS run --project web -- sh -c {show} | cat; \
         $SECRETS run --project web --mask -- sh -c {show}"
    );
    let Some(out) = on_a_terminal(&sandbox, &script, b"") else {
        return;
    };
    assert_eq!(
        out,
        format!("terminal\n{CANARY}\n[secret:API_KEY]\n[secret:API_KEY]\n")
    );
}

/// Counts the signals that it is sent, also those that come close together.
const COUNT: &str = "
import os, signal, time
reader, writer = os.pipe()
os.set_blocking(writer, False)
signal.signal(signal.SIGINT, lambda *_: None)
signal.set_wakeup_fd(writer)
print('ready', flush=True)
os.read(reader, 1)
time.sleep(0.5)
os.write(writer, b'.')
print('n=%d' % len(os.read(reader, 100)))
";

#[test]
fn the_keys_of_a_terminal_send_one_signal_and_not_two() {
    if Command::new("python3").arg("--version").output().is_err() {
        skipped("there is no python3 on this machine");
        return;
    }
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("count.py"), COUNT).unwrap();
    let path = std::env::var("PATH").unwrap();
    // The shell gets the signal too, and some shells end of it. A program that left our group gets
    // its signal from us.
    for leave in ["", "setsid"] {
        let script = format!(
            "trap : INT; PATH='{path}'; \
             $SECRETS run --project web --mask -- {leave} python3 {}; echo exit $?",
            sandbox.path("count.py").display()
        );
        let Some(out) = on_a_terminal(&sandbox, &script, b"\x03") else {
            return;
        };
        assert!(out.ends_with("n=1\nexit 0\n"), "{leave}: {out}");
    }
}
