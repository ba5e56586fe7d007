//! At a terminal: the prompt shows nothing, `get` ends its line, tables fit.
//!
//! The terminal is a pseudo terminal; `setsid --ctty` makes it the program's own.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::craft::Craft;
use crate::sandbox::{DESCRIPTION, KEY, Run, Sandbox, tool};

struct Terminal {
    master: File,
    child: Child,
    shown: Vec<u8>,
}

/// Which streams are the terminal; the others are pipes.
#[derive(Clone, Copy)]
struct On {
    output: bool,
    error: bool,
}

const ALL: On = On {
    output: true,
    error: true,
};

impl Terminal {
    /// `None` if there is no `setsid` on this machine.
    fn start(run: Run<'_>, on: On) -> Option<Self> {
        let setsid = tool("setsid")?;
        let run = run
            .var("TERM", "xterm")
            .through(&[setsid.to_str().unwrap(), "--ctty", "--wait"]);
        let master =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let slave = || -> OwnedFd {
            File::options()
                .read(true)
                .write(true)
                .open(&name)
                .unwrap()
                .into()
        };
        let stream = |terminal: bool| {
            if terminal {
                Stdio::from(slave())
            } else {
                Stdio::piped()
            }
        };
        let mut command = run.command();
        command
            .stdin(slave())
            .stdout(stream(on.output))
            .stderr(stream(on.error));
        let child = command.spawn().unwrap();
        let terminal = Self {
            master: File::from(master),
            child,
            shown: Vec::new(),
        };
        terminal.end_after(Duration::from_secs(30));
        Some(terminal)
    }

    /// Reads until the terminal shows this.
    fn expect(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(text) {
            assert!(
                Instant::now() < deadline,
                "the terminal shows {:?}",
                self.text()
            );
            assert!(
                self.read(),
                "the terminal closed, showing {:?}",
                self.text()
            );
        }
    }

    /// Waits until a value is asked for and the terminal no longer shows what is typed.
    fn expect_prompt(&mut self) {
        self.expect("not shown");
        let deadline = Instant::now() + Duration::from_secs(20);
        while echoes(&self.master) {
            assert!(
                Instant::now() < deadline,
                "the terminal still shows what is typed"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    fn read(&mut self) -> bool {
        let mut block = [0; 4096];
        match self.master.read(&mut block) {
            Ok(0) | Err(_) => false,
            Ok(n) => {
                self.shown.extend(&block[..n]);
                true
            }
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.shown).into_owned()
    }

    fn type_in(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    /// Kills what still runs after a while, so that no test hangs.
    fn end_after(&self, limit: Duration) {
        let id = self.child.id();
        std::thread::spawn(move || {
            std::thread::sleep(limit);
            let alive = std::fs::read_link(format!("/proc/{id}/exe"));
            let ours = alive.is_ok_and(|exe| exe == std::path::Path::new(crate::sandbox::SECRETS));
            if let (true, Some(pid)) = (ours, rustix::process::Pid::from_raw(id as i32)) {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            }
        });
    }

    /// Waits for the end; gives the exit code and what the terminal showed.
    fn end(mut self) -> (Option<i32>, String) {
        while self.read() {}
        let code = self.child.wait().unwrap().code();
        (code, self.text())
    }
}

fn echoes(master: &File) -> bool {
    let modes = tcgetattr(master).unwrap().local_modes;
    modes.contains(LocalModes::ECHO)
}

#[test]
fn a_value_is_asked_for_and_not_shown() {
    let sandbox = Sandbox::with_env("");
    let value = format!("{} with blanks ", sandbox.canary());
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
    let Some(mut terminal) = Terminal::start(set, ALL) else {
        return;
    };
    terminal.expect_prompt();
    terminal.type_in(&format!("{value}\n"));
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains(KEY), "{shown}");
    sandbox.check_text("the terminal", shown.as_bytes());
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn the_prompt_goes_to_the_terminal_even_if_output_and_errors_do_not() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION, "--json"]);
    let on = On {
        output: false,
        error: false,
    };
    let Some(mut terminal) = Terminal::start(set, on) else {
        return;
    };
    terminal.expect_prompt();
    terminal.type_in(&format!("{value}\n"));
    let mut output = String::new();
    terminal
        .child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut output)
        .unwrap();
    let mut errors = String::new();
    terminal
        .child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut errors)
        .unwrap();
    let (code, shown) = terminal.end();
    assert_eq!((code, errors.as_str()), (Some(0), ""), "{shown}");
    assert!(
        output.starts_with('{') && !output.contains("not shown"),
        "{output}"
    );
    sandbox.check_text("the terminal", shown.as_bytes());
    sandbox.check_text("standard output", output.as_bytes());
}

#[test]
fn nothing_is_asked_before_all_else_was_checked() {
    let sandbox = Sandbox::with_vault();
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
    let Some(terminal) = Terminal::start(set, ALL) else {
        return;
    };
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2));
    assert!(
        shown.contains("not linked") && !shown.contains("not shown"),
        "{shown}"
    );
}

#[test]
fn an_empty_answer_is_no_value() {
    let sandbox = Sandbox::with_env("");
    for answer in ["\n", "\u{4}"] {
        let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
        let Some(mut terminal) = Terminal::start(set, ALL) else {
            return;
        };
        terminal.expect_prompt();
        terminal.type_in(answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(2), "{shown}");
    }
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn several_lines_that_are_pasted_are_refused_and_go_nowhere() {
    let sandbox = Sandbox::with_env("");
    let (first, second) = (sandbox.canary(), sandbox.canary());
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
    let Some(mut terminal) = Terminal::start(set, ALL) else {
        return;
    };
    terminal.expect_prompt();
    let keeper = terminal.master.try_clone().unwrap();
    terminal.type_in(&format!("{first}\n{second}\n{second}"));
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("--from-file"), "{shown}");
    assert!(echoes(&keeper));
    sandbox.check_text("the terminal", shown.as_bytes());
    assert_eq!(sandbox.versions(KEY), 0);

    // A line that ends in two characters is one line.
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
    let mut terminal = Terminal::start(set, ALL).unwrap();
    terminal.expect_prompt();
    terminal.type_in(&format!("{first}\r\n"));
    assert_eq!(terminal.end().0, Some(0));
    assert_eq!(sandbox.get(KEY), first.as_bytes());
}

#[test]
fn an_interrupt_at_the_prompt_stores_nothing_and_leaves_the_echo_on() {
    let sandbox = Sandbox::with_env("");
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION]);
    let Some(mut terminal) = Terminal::start(set, ALL) else {
        return;
    };
    terminal.expect_prompt();
    let keeper = terminal.master.try_clone().unwrap();
    terminal.type_in("half a value\u{3}");
    let (code, shown) = terminal.end();
    assert_ne!(code, Some(0), "{shown}");
    assert!(
        echoes(&keeper),
        "the terminal no longer shows what is typed"
    );
    assert!(!shown.contains("half a value"), "{shown}");
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "");
}

#[test]
fn a_value_ends_its_line_on_a_terminal_only() {
    let sandbox = Sandbox::with_vault();
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    let get = || sandbox.secrets(&["get", KEY]);
    let Some(terminal) = Terminal::start(get(), ALL) else {
        return;
    };
    assert_eq!(terminal.end(), (Some(0), format!("{value}\r\n")));
    let on = On {
        output: false,
        error: true,
    };
    let mut terminal = Terminal::start(get(), on).unwrap();
    let mut output = String::new();
    terminal
        .child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut output)
        .unwrap();
    assert_eq!(output, value);
    assert_eq!(terminal.end(), (Some(0), String::new()));
}

#[test]
fn import_asks_what_each_variable_is_for_until_the_answer_says_something() {
    let sandbox = Sandbox::with_vault();
    let value = sandbox.canary();
    sandbox.write_env(format!("STRIPE_API_KEY=sk_live_{value}\nPORT=1\n"));
    let import = sandbox.secrets(&["import", ".env", "--project", "consilio"]);
    let Some(mut terminal) = Terminal::start(import, ALL) else {
        return;
    };
    terminal.expect("such as: ");
    terminal.type_in("short\n");
    terminal.expect("shorter than 10 characters");
    terminal.type_in(&format!("{DESCRIPTION}\n"));
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    // A line of the question is a line of the terminal.
    assert!(shown.contains("what is it for?\r\n  such as: "), "{shown}");
    assert!(!shown.contains("u{a}"), "{shown}");
    sandbox.check_text("the terminal", shown.as_bytes());
    assert_eq!(sandbox.get(KEY), format!("sk_live_{value}").into_bytes());
}

#[test]
fn pruning_asks_and_only_yes_destroys() {
    let sandbox = Sandbox::with_vault();
    for _ in 0..3 {
        sandbox.store(KEY, sandbox.canary());
    }
    for (answer, left) in [("n\n", 3), ("\n", 3), ("\u{4}", 3), ("y\n", 1)] {
        let prune = sandbox.secrets(&["prune", KEY, "--keep", "1"]);
        let Some(mut terminal) = Terminal::start(prune, ALL) else {
            return;
        };
        terminal.expect("destroy versions 1, 2");
        terminal.type_in(answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, Some(if left == 1 { 0 } else { 2 }), "{shown}");
        assert_eq!(sandbox.versions(KEY), left);
    }
}

#[test]
fn a_table_fits_the_terminal() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let long = "The account of the shop in Hamburg, which ".repeat(4);
    for name in ["a", "a_rather_long_name_for_a_secret_of_this_project"] {
        let key = format!("project/consilio/{name}");
        let header = craft
            .header(&key, 1)
            .replace("Made by hand from the documentation", &long);
        craft.put(&sandbox.entry(&key, 1), &craft.plaintext(&header, b"x"));
    }
    let Some(terminal) = Terminal::start(sandbox.secrets(&["list"]), ALL) else {
        return;
    };
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0));
    for line in shown.lines() {
        assert!(line.trim_end().chars().count() <= 80, "{line:?}");
    }
    assert!(shown.contains("Hamburg"));
    // Where there is no terminal, a secret is one line.
    let done = sandbox.secrets(&["list"]).run().success();
    assert_eq!(
        String::from_utf8_lossy(&done.get_output().stdout)
            .lines()
            .count(),
        3
    );
}

#[test]
fn colour_is_for_terminals() {
    let sandbox = Sandbox::with_vault();
    let get = || sandbox.secrets(&["get", KEY]);
    let Some(terminal) = Terminal::start(get(), ALL) else {
        return;
    };
    assert!(terminal.end().1.contains("\u{1b}["));
    for run in [
        get().var("NO_COLOR", "1"),
        get().args(&["--color", "never"]),
    ] {
        let shown = Terminal::start(run, ALL).unwrap().end().1;
        assert!(
            shown.contains("error:") && !shown.contains("\u{1b}["),
            "{shown:?}"
        );
    }
}

#[test]
fn the_server_for_coding_agents_says_what_it_waits_for() {
    let sandbox = Sandbox::with_vault();
    let Some(mut terminal) = Terminal::start(sandbox.secrets(&["mcp"]), ALL) else {
        return;
    };
    terminal.expect("Ctrl-D ends it");
    terminal.type_in("\u{4}");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
}
