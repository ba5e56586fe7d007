//! `verify`: each kind of finding, its level, its place; and never a value.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use predicates::prelude::*;
use predicates::str::contains;

use crate::craft::Craft;
use crate::sandbox::{KEY, NAME, Sandbox, json_of, keys, tool};

const NONE: [&str; 0] = [];

/// A project with one secret, in line with its env file.
fn agreeing() -> Sandbox {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    sandbox
}

#[test]
fn a_vault_that_agrees_is_exit_0() {
    let sandbox = agreeing();
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stdout("1 of 1 agree\n")
        .stderr("");
    let report = json_of(&sandbox.secrets(&["verify", "--json"]).run().success());
    for field in ["checked", "findings", "ok"] {
        assert!(keys(&report).contains(&field.to_owned()));
    }
    assert_eq!(report["ok"], true);
    assert_eq!(report["checked"], 1);
    assert_eq!(report["findings"], serde_json::json!([]));
}

#[test]
fn an_empty_vault_agrees() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stdout("0 of 0 agree\n");
}

#[test]
fn a_value_that_left_the_env_file_is_missing() {
    let sandbox = agreeing();
    sandbox.write_env("PORT=3000\n");
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["kind"], "missing");
    assert_eq!(findings[0]["level"], "error");
    assert_eq!(findings[0]["keyPath"], KEY);
    assert_eq!(findings[0]["name"], NAME);
    assert_eq!(findings[0]["file"], sandbox.env_file().to_str().unwrap());
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stdout(contains("0 of 1 agree"));
    fs::remove_file(sandbox.env_file()).unwrap();
    assert_eq!(sandbox.finding_kinds(), ["missing"]);
}

#[test]
fn another_value_in_the_env_file_differs_and_has_its_line() {
    let sandbox = agreeing();
    sandbox.write_env(format!("# one\nPORT=3000\n{NAME}={}\n", sandbox.canary()));
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["line"]),
        (&"differs".into(), &3.into())
    );
    let place = format!("{}:3: ", sandbox.env_file().display());
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stdout(contains(place).and(contains(KEY)));
}

#[test]
fn what_looks_like_a_secret_and_is_not_in_the_vault_is_unvaulted() {
    let sandbox = agreeing();
    let value = sandbox.env();
    sandbox.write_env(format!(
        "{value}NODE_ENV=production\nDEBUG=1\nLOG_LEVEL=info\nJWT_SECRET={}\nSHAPE=ghp_{}{}\n",
        sandbox.canary(),
        sandbox.canary(),
        sandbox.canary()
    ));
    let findings = sandbox.findings(&[]);
    let names: Vec<_> = findings
        .iter()
        .map(|finding| finding["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["JWT_SECRET", "SHAPE"]);
    for finding in &findings {
        assert_eq!(finding["kind"], "unvaulted");
        assert_eq!(finding["level"], "error");
    }
}

#[test]
fn plain_variables_are_not_unvaulted() {
    let sandbox = agreeing();
    let value = sandbox.env();
    sandbox.write_env(format!("{value}PUBLISHED_TOKEN={}\n", sandbox.canary()));
    assert_eq!(sandbox.finding_kinds(), ["unvaulted"]);
    let config = fs::read_to_string(sandbox.config()).unwrap();
    fs::write(
        sandbox.config(),
        format!("{config}plain = [\"PUBLISHED_TOKEN\"]\n"),
    )
    .unwrap();
    assert_eq!(sandbox.finding_kinds(), NONE);
}

#[test]
fn strict_wants_every_variable_in_the_vault_or_plain() {
    let sandbox = agreeing();
    sandbox.secrets(&["verify"]).run().success();
    let findings = sandbox.findings(&["--strict"]);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["name"]),
        (&"unvaulted".into(), &"PORT".into())
    );
}

#[test]
fn a_file_that_others_can_read_is_a_warning_and_strict_makes_it_fail() {
    let sandbox = agreeing();
    let config = fs::read_to_string(sandbox.config()).unwrap();
    fs::write(sandbox.config(), format!("{config}plain = [\"PORT\"]\n")).unwrap();
    sandbox.secrets(&["verify", "--strict"]).run().success();
    fs::set_permissions(sandbox.env_file(), fs::Permissions::from_mode(0o644)).unwrap();
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["level"]),
        (&"exposed".into(), &"warning".into())
    );
    sandbox
        .secrets(&["verify"])
        .run()
        .code(0)
        .stdout(contains("warning"));
    sandbox.secrets(&["verify", "--strict"]).run().code(1);
}

#[test]
fn git_decides_whether_the_env_file_is_tracked_or_exposed() {
    let Some(_) = tool("git") else { return };
    let sandbox = agreeing();
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.arg("-C")
            .arg(sandbox.work())
            .args(args)
            .env("HOME", sandbox.home());
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        assert!(git.output().unwrap().status.success(), "git {args:?}");
    };
    let kinds = || {
        let done = sandbox.secrets(&["verify", "--json"]).system_path().run();
        let findings = json_of(&done)["findings"].as_array().unwrap().clone();
        let kind = |finding: &serde_json::Value| {
            format!(
                "{} {}",
                finding["level"].as_str().unwrap(),
                finding["kind"].as_str().unwrap()
            )
        };
        findings.iter().map(kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(), NONE, "not in a repository");
    git(&["init", "-q"]);
    assert_eq!(kinds(), ["warning exposed"]);
    fs::write(sandbox.work().join(".gitignore"), ".env\n").unwrap();
    assert_eq!(kinds(), NONE);
    git(&["add", "-f", ".env"]);
    // git keeps what it is given, but packed.
    assert_eq!(kinds(), ["error tracked"]);
}

#[test]
fn a_repository_cannot_make_verify_run_anything() {
    let Some(git) = tool("git") else { return };
    let sandbox = agreeing();
    let mark = sandbox.path("mark");
    let command = format!("touch {}", mark.display());
    let run = |args: &[&str]| {
        let mut git = std::process::Command::new(&git);
        git.arg("-C")
            .arg(sandbox.work())
            .args(args)
            .env("HOME", sandbox.home());
        assert!(git.output().unwrap().status.success());
    };
    run(&["init", "-q"]);
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
    ] {
        run(&["config", name, &command]);
    }
    sandbox.secrets(&["verify"]).system_path().run().success();
    assert!(
        !mark.exists(),
        "the repository's configuration ran a command"
    );
    // Nor is a program of the current directory taken for git.
    let fake = sandbox.work().join("git");
    fs::write(&fake, format!("#!/bin/sh\n{command}\n")).unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    for path in [".", "", ":", "work"] {
        sandbox
            .secrets(&["verify"])
            .var("PATH", path)
            .run()
            .success();
        assert!(!mark.exists(), "PATH={path}");
    }
}

#[test]
fn a_variable_with_two_assignments_is_a_duplicate() {
    let sandbox = agreeing();
    let line = sandbox.env();
    sandbox.write_env(format!("{line}PORT=3001\n"));
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["name"]),
        (&"duplicate".into(), &"PORT".into())
    );
}

#[test]
fn an_env_file_that_is_none_is_unreadable() {
    let sandbox = agreeing();
    fs::remove_file(sandbox.env_file()).unwrap();
    fs::create_dir(sandbox.env_file()).unwrap();
    assert_eq!(sandbox.finding_kinds(), ["unreadable"]);
}

#[test]
fn a_value_that_a_configured_reader_takes_for_another_is_misread() {
    let sandbox = Sandbox::with_env("");
    let value = format!("{}\nsecond line", sandbox.canary());
    sandbox.set(KEY, &value).run().success();
    assert_eq!(sandbox.finding_kinds(), NONE);
    let config = fs::read_to_string(sandbox.config()).unwrap();
    fs::write(
        sandbox.config(),
        format!("{config}readers = [\"docker\"]\n"),
    )
    .unwrap();
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["kind"], "misread");
    assert!(findings[0]["message"].as_str().unwrap().contains("docker"));
}

#[test]
fn an_old_value_with_an_interval_is_overdue() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let header = format!("{}every_days = 90\n", craft.header(KEY, 1));
    let plaintext = craft.plaintext(&header, sandbox.canary().as_bytes());
    craft.put(&sandbox.entry(KEY, 1), &plaintext);
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["level"]),
        (&"overdue".into(), &"warning".into())
    );
    sandbox.secrets(&["verify"]).run().code(0);
    sandbox.secrets(&["verify", "--strict"]).run().code(1);
}

#[test]
fn a_prefix_limits_what_is_looked_at() {
    let sandbox = agreeing();
    let other = "meta/cloudflare/api_token";
    sandbox.set(other, sandbox.canary()).run().success();
    fs::write(sandbox.entry(other, 1), "cut").unwrap();
    sandbox.secrets(&["verify"]).run().code(1);
    sandbox
        .secrets(&["verify", "project/"])
        .run()
        .code(0)
        .stdout("1 of 1 agree\n");
    sandbox
        .secrets(&["verify", "meta/"])
        .run()
        .code(1)
        .stdout(contains("0 of 1 agree"));
    sandbox
        .secrets(&["verify", "stripe"])
        .fails(2, "invalid_prefix");
}

#[test]
fn what_does_not_belong_in_a_vault_is_misplaced() {
    let sandbox = agreeing();
    for name in [
        "entries/x",
        "entries/project/UPPER",
        "entries/project/consilio/notes.txt",
    ] {
        let path = sandbox.vault().join(name);
        fs::write(&path, "").unwrap();
        assert_eq!(sandbox.finding_kinds(), ["misplaced"], "{name}");
        fs::remove_file(path).unwrap();
    }
    fs::write(sandbox.entry(KEY, 1).with_file_name("1.age"), "").unwrap();
    assert_eq!(sandbox.finding_kinds(), ["misplaced"]);
}

#[test]
fn an_older_version_that_does_not_open_is_found() {
    let sandbox = agreeing();
    sandbox.set(KEY, sandbox.canary()).run().success();
    fs::write(sandbox.entry(KEY, 1), "").unwrap();
    assert_eq!(sandbox.finding_kinds(), ["unreadable"]);
    sandbox
        .secrets(&["get", KEY])
        .prints_value()
        .run()
        .success();
}

#[test]
fn a_lost_hint_beside_a_tombstone_is_mended() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    craft.put(
        &sandbox.entry(KEY, 1),
        &craft.plaintext(&craft.header(KEY, 1), b"x"),
    );
    let header = format!("{}removed = true\n", craft.header(KEY, 2));
    craft.put(&sandbox.entry(KEY, 2), &craft.plaintext(&header, b""));
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout(format!("{KEY}\n"));
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stdout("0 of 0 agree\n");
    assert!(sandbox.entry(KEY, 2).with_extension("removed").exists());
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout("");
    sandbox
        .secrets(&["list", "--names", "--deleted"])
        .run()
        .success()
        .stdout(format!("{KEY}\n"));
    let failed = sandbox.secrets(&["get", KEY]).fails(1, "entry_removed");
    failed.says(&format!("secrets get {KEY} --version 1"));
}

#[test]
fn a_secret_of_a_provider_in_the_env_file_is_in_the_vault_and_comes_back() {
    let sandbox = agreeing();
    let (guest, name) = ("meta/cloudflare/api_token", "API_TOKEN");
    let old = sandbox.canary();
    let set = |value: &str| {
        sandbox
            .set(guest, value)
            .args(&["--env-file", ".env"])
            .run()
            .success();
    };
    set(&old);
    let whole = sandbox.env();
    assert!(whole.contains(&format!("{name}={old}")));
    assert_eq!(sandbox.finding_kinds(), NONE);
    let diff = json_of(&sandbox.secrets(&["diff", "consilio", "--json"]).run());
    assert_eq!(diff["same"], true);
    assert_eq!(diff["variables"][2]["keyPath"], guest);

    let import = sandbox.secrets(&["import", "--dry-run", "--json"]).run();
    let variable = &json_of(&import.success())["files"][0]["variables"][2];
    assert_eq!(variable["class"], "elsewhere", "{variable}");

    // Lost with the file, it is back with the file.
    fs::remove_file(sandbox.env_file()).unwrap();
    let restore = || sandbox.secrets(&["restore", "consilio"]).run().success();
    restore();
    assert_eq!(sandbox.env(), whole);

    // An older value is not the right one, and `restore` knows the newest.
    let new = sandbox.canary();
    sandbox.set(guest, &new).run().success();
    assert_eq!(sandbox.env(), whole);
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["kind"], "differs");
    assert_eq!(findings[0]["keyPath"], guest);
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stdout(contains("; errors: 1, warnings: 0\n"))
        .stderr(contains(format!(
            "secrets get {guest} | secrets set {guest}"
        )));
    let dry = sandbox
        .secrets(&["restore", "consilio", "--dry-run"])
        .run()
        .success();
    dry.stderr(contains(format!("replace {name}, version 2, line 3")));
    restore();
    assert_eq!(sandbox.env(), whole.replace(&old, &new));
    assert_eq!(sandbox.finding_kinds(), NONE);

    // Removed, it stays where it is, which is said.
    let dry = sandbox.secrets(&["rm", guest, "--dry-run"]).run().success();
    dry.stderr(contains(format!(
        "{name} stays in {}",
        sandbox.env_file().display()
    )));

    // It was placed there, so another value under that name is not the right one.
    sandbox.write_env(whole.replace(&old, &sandbox.canary()));
    assert_eq!(sandbox.finding_kinds(), ["differs"]);
}

#[test]
fn two_projects_of_one_env_file_know_each_others_variables() {
    let sandbox = agreeing();
    let other = "project/other/jwt_secret";
    let old = sandbox.canary();
    // `set` does not link a second project to the file on the way.
    sandbox
        .set(other, &old)
        .args(&["--env-file", ".env"])
        .fails(2, "linked_elsewhere");
    sandbox
        .secrets(&["link", "other", ".env"])
        .run()
        .success()
        .stderr(contains("consilio"));
    sandbox.set(other, &old).run().success();
    assert_eq!(sandbox.finding_kinds(), NONE);
    for project in ["consilio", "other"] {
        let diff = json_of(&sandbox.secrets(&["diff", project, "--json"]).run());
        assert_eq!(diff["same"], true, "{diff}");
    }
    // The one that a value belongs to says that it is not the right one, and nobody else does.
    let right = sandbox.env();
    sandbox.write_env(right.replace(&old, &sandbox.canary()));
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["keyPath"], other);
    sandbox.write_env(&right);

    // A file that is made again from one project's layout has the other's newest value.
    sandbox.secrets(&["verify"]).run().success();
    let new = sandbox.canary();
    sandbox.set(other, &new).args(&["--no-env"]).run().success();
    sandbox
        .set(other, &new)
        .args(&["--env-name", "JWT_SECRET"])
        .run()
        .success();
    fs::remove_file(sandbox.env_file()).unwrap();
    sandbox.secrets(&["restore", "consilio"]).run().success();
    assert_eq!(sandbox.env(), right.replace(&old, &new));
    assert_eq!(sandbox.finding_kinds(), NONE);
}

#[test]
fn an_env_file_that_cannot_be_read_is_named_once() {
    let sandbox = agreeing();
    let file = sandbox.env_file();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let place = format!("error: {}: this is not a regular file\n", file.display());
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stdout(format!("{place}1 of 1 agree; errors: 1, warnings: 0\n"));
}

#[test]
fn each_hint_is_what_mends_it() {
    let sandbox = agreeing();
    let file = sandbox.env_file();
    let env = sandbox.env();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stderr(contains(format!("hint: chmod 600 {}\n", file.display())));
    sandbox.write_env(format!("{env}OTHER_PASSWORD=\"never closed\n"));
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stderr(contains("hint: fix line 3 of ").and(contains("secrets import").not()));
    sandbox.write_env(format!("{env}OTHER_PASSWORD={}\n", sandbox.canary()));
    sandbox
        .secrets(&["verify"])
        .run()
        .code(1)
        .stderr(contains("secrets import").and(contains(sandbox.config().to_str().unwrap())));
}
