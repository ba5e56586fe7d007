//! `scan`: where values of the vault are found, in what form, and what is passed over.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::Command;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};

use crate::sandbox::{KEY, Sandbox, json_of, tool};

/// A project with one secret, and its value.
fn with_secret() -> (Sandbox, String) {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    (sandbox, value)
}

/// Runs `scan --json` and checks its exit code against what it says.
fn scan(sandbox: &Sandbox, args: &[&str]) -> Value {
    let done = sandbox
        .secrets(&["scan", "--json"])
        .args(args)
        .system_path()
        .run();
    let report = json_of(&done);
    let code = done.get_output().status.code();
    assert_eq!(code, Some(i32::from(report["ok"] != true)), "{report}");
    report
}

/// File, line and form of each finding.
fn places(report: &Value) -> Vec<(String, u64, String)> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            (
                finding["file"].as_str().unwrap().to_owned(),
                finding["line"].as_u64().unwrap_or(0),
                finding["form"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

fn place(file: &str, line: u64, form: &str) -> (String, u64, String) {
    (file.to_owned(), line, form.to_owned())
}

#[test]
fn a_value_in_a_file_is_found_with_its_line_and_not_shown() {
    let (sandbox, value) = with_secret();
    sandbox.file(
        "work/src/config.js",
        format!("// keys\nconst key = '{value}'\n"),
    );
    sandbox
        .secrets(&["scan"])
        .run()
        .code(1)
        .stdout(contains("src/config.js:2").and(contains(KEY)));
    let report = scan(&sandbox, &[]);
    let finding = &report["findings"][0];
    assert_eq!(finding["keyPath"], KEY);
    assert_eq!(finding["version"], 1);
    assert_eq!(finding["current"], true);
    assert_eq!(places(&report), [place("src/config.js", 2, "value")]);
}

#[test]
fn nothing_found_is_exit_0_and_the_env_file_is_no_finding() {
    let (sandbox, value) = with_secret();
    assert!(sandbox.env().contains(&value));
    sandbox
        .secrets(&["scan"])
        .run()
        .success()
        .stdout("")
        .stderr(contains("nothing found"));
    // Another copy of it is one.
    let copy = sandbox.allow(sandbox.work().join(".env.bak"));
    fs::copy(sandbox.env_file(), copy).unwrap();
    assert_eq!(
        places(&scan(&sandbox, &[])),
        [place(".env.bak", 2, "value")]
    );
    // And so is the env file of nobody.
    sandbox.secrets(&["unlink", "consilio"]).run().success();
    assert_eq!(places(&scan(&sandbox, &[])).len(), 2);
}

#[test]
fn encoded_values_are_found_as_programs_write_them() {
    let (sandbox, _) = with_secret();
    let value = format!("{}/+ \"'&", sandbox.canary());
    let key = "project/consilio/odd_key";
    sandbox.set(key, &value).args(&["--no-env"]).run().success();
    let Some(python) = tool("python3") else {
        return;
    };
    let write = "import base64, binascii, json, sys, urllib.parse as u\n\
        v = sys.stdin.buffer.read(); t = v.decode()\n\
        def w(name, text): open(name, 'w').write('x\\n<' + text + '>\\n')\n\
        w('base64', base64.b64encode(v).decode())\n\
        w('base64-1', base64.b64encode(b'u' + v + b'x').decode())\n\
        w('base64-2', base64.b64encode(b'uv' + v + b'xy').decode())\n\
        w('base64url', base64.urlsafe_b64encode(v).decode())\n\
        w('hex', binascii.hexlify(v).decode())\n\
        w('json', json.dumps({'k': t}))\n\
        w('url', u.quote(t, safe=''))\n\
        w('form', u.urlencode({'k': t}))\n";
    let mut child = Command::new(python)
        .args(["-c", write])
        .current_dir(sandbox.work())
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), value.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    for name in [
        "base64",
        "base64-1",
        "base64-2",
        "base64url",
        "hex",
        "json",
        "url",
        "form",
    ] {
        sandbox.allow(sandbox.work().join(name));
    }
    assert_eq!(
        places(&scan(&sandbox, &[])),
        [
            place("base64", 2, "base64"),
            place("base64-1", 2, "base64"),
            place("base64-2", 2, "base64"),
            place("base64url", 2, "base64"),
            place("form", 2, "url"),
            place("hex", 2, "hex"),
            place("json", 2, "json"),
            place("url", 2, "url"),
        ]
    );
}

#[test]
fn old_versions_and_removed_secrets_are_looked_for() {
    let (sandbox, old) = with_secret();
    let new = sandbox.canary();
    sandbox.set(KEY, &new).run().success();
    let gone = sandbox.canary();
    let gone_key = "project/consilio/gone_key";
    sandbox.set(gone_key, &gone).run().success();
    sandbox.secrets(&["rm", gone_key]).run().success();
    sandbox.file("work/a", format!("{old}\n{new}\n{gone}\n"));
    let report = scan(&sandbox, &["a"]);
    let found: Vec<Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!([one["line"], one["keyPath"], one["version"], one["current"]]))
        .collect();
    assert_eq!(
        Value::from(found),
        json!([
            [1, KEY, 1, false],
            [2, KEY, 2, true],
            [3, gone_key, 1, false]
        ])
    );
}

#[test]
fn one_value_of_two_secrets_is_one_finding_that_names_both() {
    let (sandbox, value) = with_secret();
    sandbox.set("meta/stripe/live_key", &value).run().success();
    sandbox.file("work/a", &value);
    let report = scan(&sandbox, &["a"]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["keyPath"], "meta/stripe/live_key");
    assert_eq!(report["findings"][0]["also"], json!([KEY]));
}

#[test]
fn ordinary_and_short_values_are_named_and_not_looked_for() {
    let (sandbox, _) = with_secret();
    for (name, value) in [
        ("mode", "production"),
        ("region", "eu-central-1"),
        ("pin", "471"),
    ] {
        sandbox
            .set(&format!("project/consilio/{name}"), value)
            .args(&["--no-env"])
            .run()
            .success();
    }
    sandbox.file("work/a", "production eu-central-1 471");
    let report = scan(&sandbox, &[]);
    assert_eq!(places(&report), []);
    let reasons = json!([
        {"keyPath": "project/consilio/mode", "reason": "ordinary"},
        {"keyPath": "project/consilio/pin", "reason": "too_short"},
        {"keyPath": "project/consilio/region", "reason": "ordinary"},
    ]);
    assert_eq!(report["notSought"], reasons);
    sandbox
        .secrets(&["scan"])
        .run()
        .success()
        .stderr(contains("project/consilio/pin").and(contains("fewer than 5 characters")));
}

#[test]
fn ignored_and_hidden_files_are_looked_at_unless_told_otherwise() {
    let (sandbox, value) = with_secret();
    sandbox.file("work/dist/bundle.js", &value);
    sandbox.file("work/.hidden/a", &value);
    sandbox.file("work/.gitignore", "dist/\n");
    fs::create_dir(sandbox.work().join(".git")).unwrap();
    let files = |args: &[&str]| -> Vec<String> {
        let report = scan(&sandbox, args);
        places(&report).into_iter().map(|(file, ..)| file).collect()
    };
    assert_eq!(files(&[]), [".hidden/a", "dist/bundle.js"]);
    assert_eq!(files(&["--skip-ignored"]), [".hidden/a"]);
}

#[test]
fn links_and_fifos_are_passed_over_and_what_cannot_be_read_is_told() {
    let (sandbox, value) = with_secret();
    sandbox.file("tmp/outside/a", &value);
    symlink(sandbox.path("tmp/outside"), sandbox.work().join("link")).unwrap();
    symlink(sandbox.path("tmp/outside/a"), sandbox.work().join("link-a")).unwrap();
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        sandbox.work().join("fifo"),
        rustix::fs::Mode::RUSR,
    )
    .unwrap();
    let report = scan(&sandbox, &[]);
    assert_eq!(places(&report), []);
    assert_eq!(report["unread"], json!([]));
    // What was named is followed.
    assert_eq!(places(&scan(&sandbox, &["link"])).len(), 1);
    sandbox.secrets(&["scan", "not-there"]).fails(2, "usage");

    let closed = sandbox.file("work/closed", "x");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&closed).is_ok() {
        return; // root reads everything
    }
    let report = scan(&sandbox, &[]);
    assert_eq!(report["unread"][0]["file"], "./closed");
    sandbox
        .secrets(&["scan"])
        .run()
        .success()
        .stderr(contains("warning").and(contains("closed")));
}

#[test]
fn a_version_that_does_not_open_is_told() {
    let (sandbox, value) = with_secret();
    fs::write(sandbox.entry(KEY, 1), "nonsense").unwrap();
    sandbox.file("work/a", value);
    let report = scan(&sandbox, &["a"]);
    let file = report["unread"][0]["file"].as_str().unwrap();
    assert!(file.ends_with("0001.age"), "{file}");
}

#[test]
fn binary_and_large_files_are_looked_through() {
    let (sandbox, value) = with_secret();
    sandbox.file("work/binary", [b"\0\x01\n\n", value.as_bytes()].concat());
    let mut large = b"0123456789abcde\n".repeat(200_000);
    large.extend_from_slice(value.as_bytes());
    sandbox.file("work/large", large);
    assert_eq!(
        places(&scan(&sandbox, &[])),
        [
            place("binary", 0, "value"),
            place("large", 200_001, "value")
        ]
    );
}

#[test]
fn what_is_staged_is_what_counts() {
    if tool("git").is_none() {
        return;
    }
    let (sandbox, value) = with_secret();
    sandbox
        .secrets(&["scan", "--staged"])
        .system_path()
        .fails(2, "not_a_repository");
    sandbox.git(&["init", "-q"]);
    sandbox.file("work/in index", format!("a\n{value}\n"));
    sandbox.file("work/not staged", &value);
    sandbox.git(&["add", "in index"]);
    let report = scan(&sandbox, &["--staged"]);
    assert_eq!(places(&report), [place("in index", 2, "value")]);
    assert_eq!(report["findings"][0]["place"], "staged");
    // In the index, no more in the file.
    sandbox.file("work/in index", "clean\n");
    assert_eq!(places(&scan(&sandbox, &["--staged"])).len(), 1);
    sandbox.git(&["add", "in index"]);
    assert_eq!(places(&scan(&sandbox, &["--staged"])), []);
    // A linked env file is no exception here.
    sandbox.git(&["add", "-f", ".env"]);
    assert_eq!(
        places(&scan(&sandbox, &["--staged"])),
        [place(".env", 2, "value")]
    );
    sandbox.git(&["reset", "-q", "--", ".env"]);
    // What was committed before and is not touched is not asked about.
    sandbox.git(&["add", "not staged"]);
    sandbox.git(&["commit", "-q", "-m", "x"]);
    let report = scan(&sandbox, &["--staged"]);
    assert_eq!((places(&report), &report["files"]), (vec![], &json!(0)));
    // git's objects are compressed where a value is in them.
    fs::remove_file(sandbox.work().join("not staged")).unwrap();
    assert_eq!(places(&scan(&sandbox, &[])), []);
}

#[test]
fn git_is_needed_only_for_what_is_staged() {
    let (sandbox, _) = with_secret();
    sandbox
        .secrets(&["scan", "--staged"])
        .var("PATH", "/nowhere")
        .fails(2, "git_missing");
    sandbox
        .secrets(&["scan"])
        .var("PATH", "/nowhere")
        .run()
        .success();
}

#[test]
fn the_sessions_of_agents_are_looked_through() {
    let (sandbox, value) = with_secret();
    let line = format!("{{\"content\":\"{value}\"}}\n");
    let agents = [
        ("Claude Code", ".claude/projects/-work/1.jsonl"),
        ("Codex", ".codex/sessions/2026/01/21/rollout-1.jsonl"),
        (
            "Cursor",
            ".cursor/projects/work/agent-transcripts/1/1.jsonl",
        ),
        ("Gemini CLI", ".gemini/tmp/1/chats/session-1.json"),
        ("Copilot", ".copilot/session-state/1/events.jsonl"),
    ];
    for (_, file) in agents {
        sandbox.file(&format!("home/{file}"), format!("{{}}\n{line}"));
    }
    // Not a session.
    sandbox.file("home/.claude/settings.json", &line);
    let report = scan(&sandbox, &["--transcripts"]);
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), agents.len(), "{report}");
    for (agent, file) in agents {
        let found = findings.iter().find(|one| one["agent"] == agent).unwrap();
        assert!(found["file"].as_str().unwrap().ends_with(file));
        assert_eq!(
            (&found["line"], &found["place"]),
            (&json!(2), &json!("transcript"))
        );
    }
    // A variable of the agent's own moves its directory.
    let done = sandbox
        .secrets(&["scan", "--transcripts", "--json"])
        .var("CODEX_HOME", sandbox.path("tmp/none"))
        .run()
        .code(1);
    assert_eq!(json_of(&done)["findings"].as_array().unwrap().len(), 4);
}

#[test]
fn github_shows_findings_beside_the_code() {
    let (sandbox, value) = with_secret();
    sandbox.file("work/a,b.txt", format!("\n{value}\n"));
    let done = sandbox
        .secrets(&["scan", "--format", "github"])
        .run()
        .code(1)
        .stderr("");
    done.stdout(format!(
        "::error file=a%2Cb.txt,line=2,title=secret::a value of {KEY} (version 1) is here; take \
         it out and rotate it\n"
    ));
    sandbox
        .secrets(&["scan", "--format", "github", "--json"])
        .run()
        .code(2)
        .stdout("")
        .stderr(contains("\"usage\""));
}

#[test]
fn very_many_findings_in_a_file_are_counted() {
    let (sandbox, value) = with_secret();
    sandbox.file("work/log", format!("{value}\n").repeat(250));
    let report = scan(&sandbox, &[]);
    assert_eq!(report["findings"].as_array().unwrap().len(), 100);
    assert_eq!(report["omitted"], 150);
}
