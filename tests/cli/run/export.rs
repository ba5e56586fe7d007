//! `export`: data on standard output or an error, never both.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::sandbox::{CANARY, Sandbox, stderr, stdout};
use crate::skipped::skipped;

const FORMATS: [&str; 8] = [
    "dotenv",
    "shell",
    "fish",
    "powershell",
    "json",
    "docker",
    "systemd",
    "github",
];

fn export(sandbox: &Sandbox, format: &str) -> std::process::Output {
    sandbox
        .command(&["export", "web", "--format", format])
        .env("GITHUB_ENV", sandbox.path("github-env"))
        .output()
        .unwrap()
}

#[test]
fn the_shell_gets_the_very_bytes() {
    let sandbox = Sandbox::new();
    let value = b"it's \"canary\" $HOME `id` \\ \n'; echo evil\n\n";
    sandbox.set("project/web/odd_key", value, &[]);
    for name in ["bash", "dash", "zsh"] {
        let script = "eval \"$(\"$0\" export web --format shell)\" && printf '%s' \"$ODD_KEY\"";
        let command = sandbox.command(&[]);
        let mut shell = Command::new(name);
        shell.args(["-c", script]).arg(command.get_program());
        for (name, value) in command.get_envs() {
            shell.env(name, value.unwrap());
        }
        match shell.output() {
            Ok(output) => assert_eq!(output.stdout, value),
            Err(_) => skipped(&format!("there is no {name} on this machine")),
        }
    }
}

#[test]
fn a_file_for_systemd_or_dotenv_can_be_sourced() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/odd_key", b"a $b `c` \"d\" \\e", &[]);
    for format in ["systemd", "dotenv"] {
        let text = export(&sandbox, format).stdout;
        let mut child = Command::new("bash")
            .args(["-c", "set -a; . /dev/stdin; printenv ODD_KEY"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&text).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(stdout(&output), "a $b `c` \"d\" \\e\n");
    }
}

#[test]
fn refused_means_not_a_byte_on_stdout() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("github-env"), "BEFORE=1\n").unwrap();
    // In order behind a secret that every format can carry.
    sandbox.set("project/web/multi_line", b"canary\nlines\r", &[]);
    for format in ["docker", "github"] {
        let output = export(&sandbox, format);
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(output.stdout.is_empty());
        let said = stderr(&output);
        assert!(said.contains(&format!(
            "{format} cannot carry project/web/multi_line (MULTI_LINE): "
        )));
        assert!(!said.contains("canary"));
    }
    let file = std::fs::read_to_string(sandbox.path("github-env")).unwrap();
    assert_eq!(file, "BEFORE=1\n");
}

#[test]
fn a_name_that_a_shell_keeps_for_itself_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/user_id", b"canary", &["--env-name", "UID"]);
    let output = export(&sandbox, "shell");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("(UID): that name is kept for something else there"));
    assert_eq!(export(&sandbox, "json").status.code(), Some(0));
}

#[test]
fn github_gets_masks_first_and_the_assignments_in_its_file() {
    let sandbox = Sandbox::new();
    sandbox.set(
        "project/web/pem_key",
        b"-----BEGIN-----\n100% canary\n-----END-----\n",
        &[],
    );
    std::fs::write(sandbox.path("github-env"), "BEFORE=1").unwrap();
    let output = export(&sandbox, "github");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(
        stdout(&output),
        format!(
            "::add-mask::{CANARY}\n::add-mask::-----BEGIN-----\n::add-mask::100%25 canary\n\
             ::add-mask::-----END-----\n"
        )
    );
    let file = std::fs::read_to_string(sandbox.path("github-env")).unwrap();
    let delimiter = file
        .split("API_KEY<<")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap();
    assert_eq!(
        file,
        format!(
            "BEFORE=1\nAPI_KEY<<{delimiter}\n{CANARY}\n{delimiter}\n\
             PEM_KEY<<{delimiter}\n-----BEGIN-----\n100% canary\n-----END-----\n\n{delimiter}\n"
        )
    );
    // Another run has another delimiter.
    export(&sandbox, "github");
    let twice = std::fs::read_to_string(sandbox.path("github-env")).unwrap();
    assert_eq!(twice.matches(delimiter).count(), 4);
}

#[test]
fn github_needs_its_file() {
    let sandbox = Sandbox::new();
    let output = sandbox.run(&["export", "web", "--format", "github"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).contains("GITHUB_ENV"));
    // It is the runner's: where it is not there, it is not made.
    let output = export(&sandbox, "github");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && !sandbox.path("github-env").exists());
}

#[test]
fn dotenv_is_written_for_the_configured_readers() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/odd_key", b"it's", &[]);
    let general = stdout(&export(&sandbox, "dotenv"));
    assert_eq!(general, format!("API_KEY={CANARY}\nODD_KEY=\"it's\"\n"));
    let config = std::fs::read_to_string(sandbox.path("config.toml")).unwrap();
    std::fs::write(
        sandbox.path("config.toml"),
        format!("{config}readers = [\"docker\"]\n"),
    )
    .unwrap();
    let docker = stdout(&export(&sandbox, "dotenv"));
    assert_eq!(docker, format!("API_KEY={CANARY}\nODD_KEY=it's\n"));
}

#[test]
fn a_project_without_variables_is_an_answer_and_no_empty_text() {
    let sandbox = Sandbox::new();
    for format in FORMATS {
        let output = sandbox
            .command(&["export", "wbe", "--format", format])
            .env("GITHUB_ENV", sandbox.path("config.toml"))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).contains("project wbe has no variables in the vault"));
    }
    let output = sandbox.run(&["--json", "export", "wbe", "--format", "shell"]);
    assert!(stderr(&output).starts_with("{\"error\":{\"code\":\"no_variables\""));
    assert!(output.stdout.is_empty());
}

#[test]
fn secrets_that_are_not_removed_are_exported() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/tls_key", b"canary-tls", &["--no-env"]);
    sandbox.set("project/web/old_key", b"canary-old", &[]);
    sandbox.ok(&["rm", "project/web/old_key"]);
    let out = stdout(&export(&sandbox, "json"));
    let wanted = format!("{{\n  \"API_KEY\": \"{CANARY}\",\n  \"TLS_KEY\": \"canary-tls\"\n}}\n");
    assert_eq!(out, wanted);
}

#[test]
fn nothing_but_the_data_goes_to_stdout_and_no_value_to_stderr() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/node_options", b"--canary", &[]);
    std::fs::write(sandbox.path("github-env"), "").unwrap();
    for format in FORMATS {
        let refused = export(&sandbox, format);
        assert_eq!(refused.status.code(), Some(2), "{format}");
        assert!(stdout(&refused).is_empty());
        let output = sandbox
            .command(&["export", "web", "--format", format, "--allow-dangerous"])
            .env("GITHUB_ENV", sandbox.path("github-env"))
            .output()
            .unwrap();
        let said = stderr(&output);
        if format == "github" {
            assert_eq!(output.status.code(), Some(2));
        } else {
            assert_eq!(
                said,
                "secrets: warning: these variables change how programs run: NODE_OPTIONS\n"
            );
            assert!(stdout(&output).contains("canary-Kx7"));
        }
        assert!(!said.contains("canary"));
    }
}
