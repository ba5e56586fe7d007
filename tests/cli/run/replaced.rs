//! Without masking this program becomes the other one.

use std::os::unix::process::ExitStatusExt as _;

use super::sandbox::{Sandbox, stdout, web};

fn exec<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    web(&[&["--no-mask", "--"], arguments].concat())
}

#[test]
fn it_is_the_same_process() {
    let sandbox = Sandbox::new();
    let child = sandbox
        .command(&exec(&["sh", "-c", "echo $$"]))
        .spawn()
        .unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(stdout(&output), format!("{id}\n"));
}

#[test]
fn the_exit_code_is_the_programs_own() {
    let sandbox = Sandbox::new();
    for code in [0, 1, 2, 3, 125, 126, 127, 128, 255] {
        let script = format!("exit {code}");
        let output = sandbox.run(&exec(&["sh", "-c", &script]));
        assert_eq!(output.status.code(), Some(code));
    }
}

#[test]
fn a_signal_ends_it_as_it_would_end_the_program() {
    let sandbox = Sandbox::new();
    let output = sandbox.run(&exec(&["sh", "-c", "kill -TERM $$"]));
    assert_eq!(output.status.signal(), Some(15));
}

#[test]
fn the_program_sees_its_name_as_typed() {
    let sandbox = Sandbox::new();
    let out = sandbox.ok(&exec(&[
        "bash",
        "-c",
        "tr '\\0' ' ' < /proc/$$/cmdline",
        "x y",
    ]));
    let cmdline = String::from_utf8(out).unwrap();
    assert!(cmdline.starts_with("bash -c "), "{cmdline}");
}

#[test]
fn streams_are_the_callers_own() {
    let sandbox = Sandbox::new();
    let output = sandbox.path("output");
    let mut command = sandbox.command(&exec(&["sh", "-c", "cat; readlink /proc/self/fd/1"]));
    let file = std::fs::File::create(&output).unwrap();
    let input = sandbox.script("input", "a line\n");
    command
        .stdin(std::fs::File::open(input).unwrap())
        .stdout(file);
    assert!(command.status().unwrap().success());
    let written = std::fs::read_to_string(&output).unwrap();
    assert!(written.starts_with("a line\n"));
    if cfg!(target_os = "linux") {
        assert!(written.trim_end().ends_with("/output"));
    }
}

#[test]
fn core_dumps_and_signals_are_as_they_were() {
    let sandbox = Sandbox::new();
    for mask in ["--no-mask", "--mask"] {
        let arguments = web(&[mask, "--", "sh", "-c", "ulimit -Sc; ulimit -Hc"]);
        let direct = "ulimit -Sc 7 && ulimit -Sc && ulimit -Hc";
        let through = "ulimit -Sc 7 && exec \"$@\"";
        let shell = |script: &str, arguments: &[&str]| {
            let mut command = sandbox.command(&[]);
            let program = command.get_program().to_owned();
            let mut shell = std::process::Command::new("sh");
            shell
                .args(["-c", script, "sh"])
                .arg(program)
                .args(arguments);
            for (name, value) in command.stdin(std::process::Stdio::null()).get_envs() {
                shell.env(name, value.unwrap_or_default());
            }
            shell.output().unwrap()
        };
        let expected = stdout(&shell(direct, &[]));
        if expected.is_empty() {
            return; // the hard limit does not allow it here
        }
        assert_eq!(stdout(&shell(through, &arguments)), expected, "{mask}");
    }
    if cfg!(target_os = "linux") {
        let show = ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"];
        let direct = std::process::Command::new(show[0])
            .args(&show[1..])
            .output()
            .unwrap();
        let through = sandbox.run(&exec(&show));
        assert_eq!(stdout(&through), stdout(&direct));
    }
}
