//! Standard output and standard error: pipes that close, disks that are full, colours.

use std::process::Stdio;

use predicates::prelude::*;
use predicates::str::contains;

use crate::craft::Craft;
use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

fn many() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    for index in 0..200 {
        let key = format!("project/consilio/secret_number_{index}");
        craft.put(
            &sandbox.entry(&key, 1),
            &craft.plaintext(&craft.header(&key, 1), b"x"),
        );
    }
    sandbox
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let sandbox = many();
    for args in [
        &["list"][..],
        &["list", "--names"],
        &["list", "--json"],
        &["verify"],
        &["--help"],
        &["completions", "bash"],
        &["man"],
    ] {
        // The reading end is closed before the program starts.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sandbox.secrets(args).command();
        command
            .stdin(Stdio::null())
            .stdout(writer)
            .stderr(Stdio::piped());
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.secrets(&["get", KEY]).command();
    command.stdin(Stdio::null()).stdout(writer);
    assert_eq!(command.status().unwrap().code(), Some(0));
}

#[test]
fn head_gets_its_line() {
    let sandbox = many();
    let list = sandbox.secrets(&["list", "--names"]).system_path();
    let list = list.through(&[
        "/bin/bash",
        "-c",
        "set -o pipefail; \"$@\" | head -1",
        "bash",
    ]);
    list.run()
        .success()
        .stdout("project/consilio/secret_number_0\n")
        .stderr("");
}

#[test]
fn a_full_disk_behind_standard_output_is_an_error() {
    let sandbox = many();
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    for args in [
        &["get", KEY][..],
        &["get", KEY, "--json"],
        &["list"],
        &["list", "--names"],
        &["list", "--json"],
        &["verify"],
        &["verify", "--json"],
        &["completions", "bash"],
        &["man"],
    ] {
        let full = sandbox.secrets(args).after("exec > /dev/full").run();
        full.code(2).stderr(contains("standard output"));
    }
    // 2 would say that nothing was changed.
    let sandbox = Sandbox::with_env(format!(
        "# Signs the tickets of the hall\nHALL_KEY={}\n",
        Sandbox::new().canary()
    ));
    let json = |args: &[&str]| sandbox.secrets(args).stdin("x").after("exec > /dev/full");
    for args in [
        &["set", KEY, "-d", DESCRIPTION, "--json"][..],
        &["generate", KEY, "--force", "--json"],
        &["rm", KEY, "--json"],
        &["import", "--project", "consilio"],
        &["link", "second", "--json"],
    ] {
        let full = json(args).run();
        full.code(3).stderr(contains("it is done, but"));
    }
    assert_eq!(sandbox.versions(KEY), 3, "two values and a tombstone");
    json(&["set", KEY, "-d", DESCRIPTION, "--json", "--dry-run"])
        .run()
        .code(2);
    let full = sandbox.secrets(&["--help"]).after("exec > /dev/full").run();
    assert_ne!(
        full.get_output().status.code(),
        Some(0),
        "help that nobody got"
    );
}

#[test]
fn closed_streams_are_no_panic() {
    let sandbox = many();
    for close in ["exec >&-", "exec 2>&-", "exec <&-", "exec <&- >&- 2>&-"] {
        for args in [
            &["list", "--names"][..],
            &["get", KEY],
            &["verify"],
            &["nonsense"],
        ] {
            let done = sandbox.secrets(args).after(close).run();
            let code = done.get_output().status.code();
            assert!(matches!(code, Some(0..=2)), "{close} {args:?}: {code:?}");
        }
    }
}

#[test]
fn standard_error_that_is_full_does_not_stop_the_work() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox
        .set(KEY, &value)
        .after("exec 2> /dev/full")
        .run()
        .success();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    sandbox
        .secrets(&["get", "project/x/y"])
        .after("exec 2> /dev/full")
        .run()
        .code(1);
}

#[test]
fn status_goes_to_standard_error_and_data_to_standard_output() {
    let sandbox = Sandbox::new();
    sandbox.env_file();
    for args in [
        &["init"][..],
        &["init"],
        &["link", "consilio"],
        &["unlink", "consilio"],
        &["link", "consilio"],
        &["projects", "-q"],
    ] {
        let done = sandbox.secrets(args).run().success();
        if args[0] != "projects" {
            done.stdout("");
        }
    }
    sandbox
        .set(KEY, sandbox.canary())
        .run()
        .success()
        .stdout("");
    for args in [
        &["list"][..],
        &["verify"],
        &["list", "--names"],
        &["projects"],
    ] {
        sandbox
            .secrets(args)
            .run()
            .success()
            .stderr("")
            .stdout(predicate::str::is_empty().not());
    }
}

#[test]
fn colour_is_asked_for_or_not_there() {
    let sandbox = Sandbox::with_env("");
    let coloured = predicate::str::contains("\u{1b}[");
    let error = || sandbox.secrets(&["get", KEY]);
    error().run().code(1).stderr(coloured.clone().not());
    error()
        .args(&["--color", "always"])
        .run()
        .code(1)
        .stderr(coloured.clone());
    error()
        .var("CLICOLOR_FORCE", "1")
        .run()
        .code(1)
        .stderr(coloured.clone());
    error()
        .var("CLICOLOR_FORCE", "0")
        .run()
        .code(1)
        .stderr(coloured.clone().not());
    let both = error().var("CLICOLOR_FORCE", "1").var("NO_COLOR", "1");
    both.run().code(1).stderr(coloured.clone().not());
    let never = error()
        .args(&["--color", "never"])
        .var("CLICOLOR_FORCE", "1");
    never.run().code(1).stderr(coloured.clone().not());
    sandbox
        .secrets(&["verify", "--color", "always"])
        .run()
        .stdout(coloured.clone());
    sandbox
        .secrets(&["list", "--json", "--color", "always"])
        .run()
        .stdout(coloured.clone().not());
    sandbox
        .secrets(&["--help"])
        .run()
        .stdout(coloured.clone().not());
    sandbox
        .secrets(&["--help"])
        .var("CLICOLOR_FORCE", "1")
        .run()
        .stdout(coloured);
}
