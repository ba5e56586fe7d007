//! Completion that knows the vault: what is offered, by each shell, and what it may not need.

use std::fs;
use std::process::Command;

use crate::sandbox::{SECRETS, Sandbox, tool};

/// A vault with secrets of two projects and a provider; one is removed. No identity is there.
fn vault() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    for key_path in [
        "project/consilio/stripe_key",
        "project/consilio/mail_key",
        "project/consilio/gone_key",
        "project/other/api_key",
        "meta/cloudflare/api_token",
    ] {
        sandbox
            .set(key_path, sandbox.canary())
            .args(&["--no-env"])
            .run()
            .success();
    }
    sandbox
        .secrets(&["rm", "project/consilio/gone_key"])
        .run()
        .success();
    sandbox
        .secrets(&["link", "linked-only", "-q"])
        .arg(sandbox.work())
        .run()
        .success();
    fs::rename(sandbox.identity(), sandbox.path("tmp/identity")).unwrap();
    sandbox
}

/// What is offered for the last word, as fish asks for it.
fn offered(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let done = sandbox
        .secrets(&["--", "secrets"])
        .args(words)
        .var("COMPLETE", "fish")
        .run()
        .success()
        .stderr("");
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    let lines = text
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned());
    lines.filter(|word| !word.starts_with('-')).collect()
}

#[test]
fn key_paths_are_offered_part_by_part() {
    let sandbox = vault();
    let before = sandbox.snapshot();
    assert_eq!(
        offered(&sandbox, &["get", ""]),
        ["meta/cloudflare/", "project/consilio/", "project/other/"]
    );
    assert_eq!(
        offered(&sandbox, &["get", "project/c"]),
        ["project/consilio/"]
    );
    // What was removed is not offered.
    assert_eq!(
        offered(&sandbox, &["get", "project/consilio/"]),
        ["project/consilio/mail_key", "project/consilio/stripe_key"]
    );
    assert_eq!(
        offered(&sandbox, &["rotate", "project/consilio/s"]),
        ["project/consilio/stripe_key"]
    );
    assert_eq!(offered(&sandbox, &["get", "nothing"]), [""; 0]);
    assert_eq!(
        offered(&sandbox, &["run", "meta/cloudflare/"]),
        ["meta/cloudflare/api_token"]
    );
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn projects_are_those_that_are_linked_and_those_with_secrets() {
    let sandbox = vault();
    let all = ["consilio", "linked-only", "other"];
    assert_eq!(offered(&sandbox, &["restore", ""]), all);
    assert_eq!(offered(&sandbox, &["run", "--project", ""]), all);
    assert_eq!(offered(&sandbox, &["export", "l"]), ["linked-only"]);
}

#[test]
fn the_vault_may_be_named_on_the_line_or_in_the_environment() {
    let sandbox = vault();
    let moved = sandbox.path("tmp/vault");
    fs::rename(sandbox.vault(), &moved).unwrap();
    assert_eq!(offered(&sandbox, &["get", ""]), [""; 0]);
    let moved = moved.to_str().unwrap();
    assert_eq!(offered(&sandbox, &["--vault", moved, "get", ""]).len(), 3);
    let done = sandbox
        .secrets(&["--", "secrets", "get", ""])
        .var("COMPLETE", "fish")
        .var("SECRETS_VAULT", moved)
        .run()
        .success();
    assert!(!done.get_output().stdout.is_empty());
}

#[test]
fn verbs_and_options_are_offered_too() {
    let sandbox = Sandbox::new();
    let verbs = offered(&sandbox, &[""]);
    for verb in ["get", "scan", "guard", "completions"] {
        assert!(verbs.iter().any(|offered| offered == verb), "{verb}");
    }
    assert_eq!(
        offered(&sandbox, &["export", "x", "--format", "j"]),
        ["json"]
    );
}

#[test]
fn any_other_value_of_the_variable_changes_nothing() {
    let sandbox = Sandbox::new();
    for value in ["", "0", "1", "yes"] {
        sandbox
            .secrets(&["projects"])
            .var("COMPLETE", value)
            .run()
            .success()
            .stdout("");
    }
}

/// Runs a script in a shell that finds the program, with what the sandbox's commands have.
fn shell(sandbox: &Sandbox, shell: &str, args: &[&str], script: &str) -> Option<String> {
    let program = tool(shell)?;
    let mut command = Command::new(program);
    let own = sandbox.secrets(&[]).system_path().command();
    command.args(args).arg(script).env_clear();
    for (name, value) in own.get_envs() {
        command.env(name, value.unwrap());
    }
    let bin = std::path::Path::new(SECRETS).parent().unwrap();
    command.env("PATH", format!("{}:/usr/bin:/bin", bin.display()));
    let output = command.current_dir(sandbox.work()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shell}: {said}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn bash_offers_them() {
    let sandbox = vault();
    let script = "source <(COMPLETE=bash secrets) || exit
        function=$(complete -p secrets | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        COMP_WORDS=(secrets get project/consilio/) COMP_CWORD=2 COMP_TYPE=9
        compopt() { echo \"$*\"; }
        \"$function\" secrets project/consilio/ get
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    if let Some(out) = shell(&sandbox, "bash", &["--norc", "-c"], script) {
        assert!(
            out.contains("project/consilio/mail_key\nproject/consilio/stripe_key\n"),
            "{out}"
        );
    }
}

#[test]
fn fish_offers_them() {
    let sandbox = vault();
    let script = "COMPLETE=fish secrets | source; complete -C 'secrets get project/consilio/'";
    if let Some(out) = shell(&sandbox, "fish", &["--no-config", "-c"], script) {
        assert_eq!(
            out,
            "project/consilio/mail_key\nproject/consilio/stripe_key\n"
        );
    }
}

#[test]
fn zsh_offers_them() {
    let sandbox = vault();
    // What the completion system would be told.
    let script = "compdef() { :; }
        source <(COMPLETE=zsh secrets) || exit
        _describe() { print -l -- ${(P)3}; }
        words=(secrets get project/consilio/) CURRENT=3
        ${(k)functions[(I)_clap_dynamic_completer*]}";
    if let Some(out) = shell(&sandbox, "zsh", &["-f", "-c"], script) {
        assert!(out.contains("project/consilio/mail_key"), "{out}");
    }
}
