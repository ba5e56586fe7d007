//! What the program promises, one by one, as far as it can be seen from outside a running system.
//!
//! That what was acknowledged survives a kill or a power cut is for the crash rigs, which see
//! every system call.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox, json_of};

const WRITERS: usize = 12;

/// Runs `set` for each key path and value, all at once; gives their exit codes and errors.
fn at_once(sandbox: &Sandbox, sets: &[(String, String)]) -> Vec<(Option<i32>, String)> {
    let children: Vec<_> = sets
        .iter()
        .map(|(key_path, value)| {
            let run = sandbox.secrets(&["set", key_path, "-d", DESCRIPTION]);
            let mut command = run.command();
            command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            child
                .stdin
                .take()
                .unwrap()
                .write_all(value.as_bytes())
                .unwrap();
            child
        })
        .collect();
    let outputs = children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap());
    let ends = outputs.map(|output| {
        sandbox.check_text("standard output", &output.stdout);
        sandbox.check_text("standard error", &output.stderr);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    });
    ends.collect()
}

fn env(sandbox: &Sandbox) -> BTreeSet<(String, String)> {
    dotenvy::from_path_iter(sandbox.env_file())
        .unwrap()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn promise_1_and_2_vault_first_the_env_file_is_never_ahead() {
    // Where the vault cannot take the version, the env file is not touched.
    let sandbox = Sandbox::with_env("A=1\n");
    let before = fs::metadata(sandbox.env_file()).unwrap();
    let entries = sandbox.vault().join("entries/project");
    fs::remove_dir_all(&entries).unwrap();
    fs::write(&entries, "in the way").unwrap();
    sandbox.set(KEY, sandbox.canary()).run().code(2);
    assert_eq!(sandbox.env(), "A=1\n");
    let after = fs::metadata(sandbox.env_file()).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
    fs::remove_file(&entries).unwrap();

    // Where the env file cannot take it, nothing is stored, and the program says so.
    sandbox.configure("readers = [\"docker\"]\n");
    let value = format!("{}\nsecond line", sandbox.canary());
    sandbox.set(KEY, &value).fails(2, "value_would_be_misread");
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "A=1\n");
}

#[test]
fn promise_3_every_writer_of_another_key_that_returned_0_is_there() {
    let sandbox = Sandbox::with_env("FIRST=1\n");
    let sets: Vec<(String, String)> = (0..WRITERS)
        .map(|index| (format!("project/consilio/key_{index}"), sandbox.canary()))
        .collect();
    for (index, (code, error)) in at_once(&sandbox, &sets).into_iter().enumerate() {
        assert_eq!(code, Some(0), "writer {index}: {error}");
    }
    for (key_path, value) in &sets {
        assert_eq!(sandbox.get(key_path), value.as_bytes());
    }
    let mut wanted: BTreeSet<(String, String)> = sets
        .into_iter()
        .enumerate()
        .map(|(index, (_, value))| (format!("KEY_{index}"), value))
        .collect();
    wanted.insert(("FIRST".to_owned(), "1".to_owned()));
    assert_eq!(env(&sandbox), wanted);
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn promise_3_every_writer_of_one_key_that_returned_0_is_there() {
    let sandbox = Sandbox::with_env("");
    let sets: Vec<(String, String)> = (0..WRITERS)
        .map(|_| (KEY.to_owned(), sandbox.canary()))
        .collect();
    for (index, (code, error)) in at_once(&sandbox, &sets).into_iter().enumerate() {
        assert_eq!(code, Some(0), "writer {index}: {error}");
    }
    assert_eq!(sandbox.versions(KEY), WRITERS);
    let stored: BTreeSet<Vec<u8>> = (1..=WRITERS)
        .map(|version| sandbox.get_version(KEY, version as u32))
        .collect();
    let given: BTreeSet<Vec<u8>> = sets
        .into_iter()
        .map(|(_, value)| value.into_bytes())
        .collect();
    assert_eq!(stored, given);
    // The env file ends with the newest version.
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn promise_3_first_uses_at_the_same_moment_agree_on_one_vault() {
    let sandbox = Sandbox::new();
    sandbox.write_env("");
    sandbox.secrets(&["link", "consilio"]).run().success();
    let sets: Vec<(String, String)> = (0..WRITERS)
        .map(|index| (format!("project/consilio/key_{index}"), sandbox.canary()))
        .collect();
    for (index, (code, error)) in at_once(&sandbox, &sets).into_iter().enumerate() {
        assert_eq!(code, Some(0), "writer {index}: {error}");
    }
    for (key_path, value) in &sets {
        assert_eq!(sandbox.get(key_path), value.as_bytes());
    }
    assert_eq!(env(&sandbox).len(), WRITERS);
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn promise_3_links_made_at_the_same_moment_are_all_there() {
    let sandbox = Sandbox::new();
    let children: Vec<_> = (0..WRITERS)
        .map(|index| {
            let project = format!("project-{index}");
            let run = sandbox.secrets(&["link", &project]);
            run.command().stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let projects = json_of(&sandbox.secrets(&["projects", "--json"]).run().success());
    assert_eq!(projects.as_array().unwrap().len(), WRITERS);
}

/// Pieces of env files; `@` is where the value may be.
const PIECES: [&str; 14] = [
    "# a comment with STRIPE_API_KEY=no\n",
    "\n",
    "A=1\n",
    "export B='single # quoted'\n",
    "C=\"double \\\" and\nanother line\"\n",
    "D=bare value # comment\r\n",
    "   \t\n",
    "E=\n",
    "F=$A and ${B}\n",
    "PEM='-----BEGIN-----\nSTRIPE_API_KEY=no\n-----END-----'\n",
    "X_STRIPE_API_KEY=1\nSTRIPE_API_KEY_X=2\n",
    "  G  =  spaced  \n",
    "H=ümläut🔑\n",
    "J={\"a\":[1,2]}\n",
];

#[test]
fn promise_4_every_byte_outside_the_assignment_stays() {
    let sandbox = Sandbox::with_env("");
    let (old, new) = (sandbox.canary(), sandbox.canary());
    for version in [&old, &new] {
        sandbox.store(KEY, version);
    }
    let line = |value: &str, form: usize| match form {
        0 => (format!("{NAME}="), value.to_owned(), "\n"),
        1 => (format!("  export {NAME}="), value.to_owned(), " # kept\n"),
        _ => (format!("{NAME}="), value.to_owned(), "\r\n"),
    };
    // A walk through the combinations, the same each time.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..60 {
        let text = |count: usize, next: &mut dyn FnMut(usize) -> usize| -> String {
            (0..count).map(|_| PIECES[next(PIECES.len())]).collect()
        };
        let counts = (next(5), next(5));
        let (before, after) = (text(counts.0, &mut next), text(counts.1, &mut next));
        let form = next(4);
        let (file, wanted) = if form == 3 {
            let crlf = format!("{before}{after}").matches("\r\n").count();
            let all = format!("{before}{after}").matches('\n').count();
            let end = if crlf * 2 > all { "\r\n" } else { "\n" };
            (
                format!("{before}{after}"),
                format!("{before}{after}{NAME}={new}{end}"),
            )
        } else {
            let (head, value, tail) = line(&old, form);
            let with = |value: &str| format!("{before}{head}{value}{tail}{after}");
            (with(&value), with(&new))
        };
        sandbox.write_env(&file);
        sandbox.set(KEY, &new).run().success();
        assert_eq!(sandbox.env(), wanted, "from {file:?}");
    }
}

#[test]
fn promise_5_a_value_that_the_vault_has_never_seen_is_stored_before_it_is_overwritten() {
    let (sandbox, found) = {
        let sandbox = Sandbox::with_vault();
        let found = sandbox.canary();
        sandbox.write_env(format!("{NAME}='{found}'\n"));
        sandbox.secrets(&["link", "consilio"]).run().success();
        (sandbox, found)
    };
    let value = sandbox.canary();
    let report = json_of(&sandbox.set(KEY, &value).arg("--json").run().success());
    assert_eq!(report["foundVersion"], 1);
    assert_eq!(report["version"], 2);
    assert_eq!(sandbox.get_version(KEY, 1), found.as_bytes());
    assert_eq!(sandbox.get(KEY), value.as_bytes());

    // A value of an older version is known and not stored again.
    sandbox.write_env(format!("{NAME}={found}\n"));
    let report = json_of(&sandbox.set(KEY, &value).arg("--json").run().success());
    assert_eq!(report.get("foundVersion"), None);
    assert_eq!(sandbox.versions(KEY), 2);

    // Somebody else changed it: theirs is kept, and said so.
    let theirs = sandbox.canary();
    sandbox.write_env(format!("{NAME}={theirs}\n"));
    let done = sandbox.set(KEY, sandbox.canary()).run().success();
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(
        said.contains("kept the value found in the env file as version 3"),
        "{said}"
    );
    assert_eq!(sandbox.get_version(KEY, 3), theirs.as_bytes());
}

#[test]
fn promise_5_every_one_of_several_assignments_is_kept() {
    let sandbox = Sandbox::with_vault();
    let (one, two) = (sandbox.canary(), sandbox.canary());
    sandbox.write_env(format!("{NAME}={one}\nA=1\n{NAME}={two}\n"));
    sandbox.secrets(&["link", "consilio"]).run().success();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    assert_eq!(
        sandbox.env(),
        format!("{NAME}={value}\nA=1\n{NAME}={value}\n")
    );
    let versions = 1..=sandbox.versions(KEY) as u32;
    let stored: BTreeSet<Vec<u8>> = versions.map(|it| sandbox.get_version(KEY, it)).collect();
    for lost in [&one, &two] {
        assert!(
            stored.contains(lost.as_bytes()),
            "a value of the env file is in no version"
        );
    }
}

#[test]
fn promise_6_a_version_that_does_not_read_back_is_no_success() {
    // The disk is full in the middle of the entry.
    let sandbox = Sandbox::with_env("A=1\n");
    let value = format!("{}{}", sandbox.canary(), "x".repeat(200_000));
    let set = sandbox.set(KEY, &value).after("trap '' XFSZ; ulimit -f 64");
    let done = set.run();
    assert_ne!(done.get_output().status.code(), Some(0));
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "A=1\n");
}
