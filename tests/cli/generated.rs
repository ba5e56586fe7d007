//! Completion scripts, manual pages and what is said of JSON: committed as they are generated.
//!
//! `SECRETS_UPDATE=1 cargo test --test cli generated` writes the committed files anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{Sandbox, tool};

const SHELLS: [(&str, &str); 5] = [
    ("bash", "secrets.bash"),
    ("zsh", "_secrets"),
    ("fish", "secrets.fish"),
    ("powershell", "_secrets.ps1"),
    ("elvish", "secrets.elv"),
];

fn committed(dir: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)
}

/// Compares with the committed file, or writes it.
fn fresh(path: &Path, content: &[u8]) {
    if std::env::var_os("SECRETS_UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        return;
    }
    let same = fs::read(path).is_ok_and(|before| before == content);
    assert!(
        same,
        "{} is stale: SECRETS_UPDATE=1 cargo test --test cli generated",
        path.display()
    );
}

#[test]
fn the_committed_completion_scripts_are_fresh() {
    let sandbox = Sandbox::new();
    for (shell, file) in SHELLS {
        let done = sandbox
            .secrets(&["completions", shell])
            .run()
            .success()
            .stderr("");
        fresh(
            &committed("completions").join(file),
            &done.get_output().stdout,
        );
    }
}

#[test]
fn the_committed_manual_pages_are_fresh() {
    let sandbox = Sandbox::new();
    sandbox
        .secrets(&["man", "pages"])
        .run()
        .success()
        .stdout("");
    let names = |dir: &Path| -> BTreeSet<_> {
        fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect()
    };
    let pages = sandbox.work().join("pages");
    for name in names(&pages) {
        fresh(
            &committed("man").join(&name),
            &fs::read(pages.join(&name)).unwrap(),
        );
    }
    assert_eq!(
        names(&pages),
        names(&committed("man")),
        "a page too many or too few"
    );
}

#[test]
fn the_committed_documentation_of_json_is_fresh() {
    fresh(
        &committed("docs").join("json.md"),
        crate::json::documentation().as_bytes(),
    );
    fresh(
        &committed("docs").join("json-schema.json"),
        crate::json::schemas().as_bytes(),
    );
}

#[test]
fn every_shell_has_a_script_that_names_every_command() {
    let sandbox = Sandbox::new();
    for (shell, _) in SHELLS {
        let done = sandbox.secrets(&["completions", shell]).run().success();
        let script = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        for verb in [
            "init",
            "link",
            "set",
            "get",
            "list",
            "verify",
            "completions",
            "man",
        ] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
        for hidden in ["REFUSED", "--value", "-l value"] {
            assert!(
                !script.contains(hidden),
                "{shell} offers what is always refused: {hidden}"
            );
        }
    }
    sandbox
        .secrets(&["completions", "tcsh"])
        .fails(2, "usage")
        .says("bash");
}

#[test]
fn the_shells_accept_their_scripts() {
    let sandbox = Sandbox::new();
    for (shell, check) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")] {
        let there = std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(shell).is_file()));
        if shell != "bash" && !there {
            continue;
        }
        let Some(program) = tool(shell) else { continue };
        let done = sandbox.secrets(&["completions", shell]).run().success();
        let script = sandbox.path("tmp/script");
        fs::write(&script, &done.get_output().stdout).unwrap();
        let status = std::process::Command::new(program)
            .arg(check)
            .arg(&script)
            .status();
        assert!(status.unwrap().success(), "{shell}");
    }
}

#[test]
fn the_manual_page_is_printed_or_written() {
    let sandbox = Sandbox::new();
    let page = sandbox.secrets(&["man"]).run().success().stderr("");
    page.stdout(contains(".TH secrets 1").and(contains("SYNOPSIS")));
    sandbox
        .secrets(&["man", "new/dir"])
        .run()
        .success()
        .stdout("");
    assert!(sandbox.work().join("new/dir/secrets.1").exists());
    let set = fs::read_to_string(sandbox.work().join("new/dir/secrets-set.1")).unwrap();
    assert!(
        set.contains("secrets\\-set") && !set.contains("REFUSED"),
        "{set}"
    );
}

#[test]
fn neither_needs_a_home() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    sandbox
        .secrets(&["completions", "bash"])
        .no_var("HOME")
        .run()
        .success();
    sandbox.secrets(&["man"]).no_var("HOME").run().success();
    assert_eq!(before, sandbox.snapshot());
}
