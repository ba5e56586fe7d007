//! `--dry-run` of the verbs that set things up: says what would change, and changes nothing.
//!
//! That of the verbs that store something stands with each of them.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::sandbox::{KEY, SECRETS, Sandbox, json_of, tool};

/// Runs it for people and for programs: both change nothing. Gives what was said, and the answer.
fn dry(sandbox: &Sandbox, args: &[&str], stdin: &str) -> (String, Value) {
    let before = sandbox.snapshot();
    let run = || {
        let run = sandbox.secrets(args).arg("--dry-run").stdin(stdin);
        run.system_path()
    };
    let said = run().run().success().stdout("");
    let answer = json_of(&run().arg("--json").run().success());
    assert_eq!(before, sandbox.snapshot(), "{args:?}");
    assert_eq!(answer["dryRun"], true, "{args:?}");
    let said = said.get_output().stderr.clone();
    (String::from_utf8(said).unwrap(), answer)
}

#[test]
fn init_says_what_it_would_make() {
    let sandbox = Sandbox::new();
    let (said, answer) = dry(&sandbox, &["init"], "");
    for file in [sandbox.identity(), sandbox.vault()] {
        assert!(said.contains(file.to_str().unwrap()), "{said}");
        assert!(!file.exists());
    }
    assert_eq!(answer["created"], true);
    assert_eq!(answer["identityCreated"], true);
    assert_eq!(answer["id"], Value::Null);
    let (said, _) = dry(&sandbox, &["init", "--recovery"], "");
    assert!(said.contains("a recovery key"), "{said}");
    assert!(!sandbox.state().exists());
    // With an identity only the vault is missing.
    fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
    fs::copy(Sandbox::with_vault().identity(), sandbox.identity()).unwrap();
    let (said, answer) = dry(&sandbox, &["init"], "");
    assert!(!said.contains("identity.txt") && said.contains("a vault"));
    assert_eq!(answer["identityCreated"], false);
    fs::write(sandbox.identity(), "no identity").unwrap();
    let init = sandbox.secrets(&["init", "--dry-run"]);
    init.fails(2, "identity_broken");
    let there = Sandbox::with_vault();
    let (said, answer) = dry(&there, &["init"], "");
    assert!(said.contains("is there and opens"), "{said}");
    assert_eq!(answer["created"], false);
}

#[test]
fn link_and_unlink_say_what_they_would_change() {
    let sandbox = Sandbox::new();
    let (said, answer) = dry(&sandbox, &["link", "consilio"], "");
    assert!(said.contains("would link consilio to"), "{said}");
    assert_eq!(answer["envFile"], sandbox.env_file().to_str().unwrap());
    assert!(!sandbox.config().exists());
    sandbox.secrets(&["link", "consilio"]).run().success();
    let (said, answer) = dry(&sandbox, &["link", "consilio", ".env.other"], "");
    assert!(said.contains("it is linked to"), "{said}");
    assert_eq!(answer["before"], sandbox.env_file().to_str().unwrap());
    let (said, _) = dry(&sandbox, &["unlink", "consilio"], "");
    assert!(said.contains("would unlink consilio"), "{said}");
    let unknown = sandbox.secrets(&["unlink", "other", "--dry-run"]);
    unknown.fails(1, "not_linked");
}

#[test]
fn recovery_says_which_member_it_would_make() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    let (said, answer) = dry(&sandbox, &["recovery", "add"], "");
    let member = answer["member"].as_str().unwrap().to_owned();
    assert!(said.contains(&format!("{member}.age")), "{said}");
    assert_eq!(answer["key"], Value::Null);
    let add = sandbox.secrets(&["recovery", "add", "--print"]);
    let key = add.run().success().get_output().stdout.clone();
    let key = String::from_utf8(key).unwrap();
    assert!(sandbox.vault().join(format!("keys/{member}.age")).exists());
    fs::remove_file(sandbox.identity()).unwrap();
    let (said, answer) = dry(&sandbox, &["recovery", "use"], &key);
    assert!(said.contains(sandbox.identity().to_str().unwrap()));
    assert_eq!(answer["with"], member.as_str());
    assert!(!sandbox.identity().exists());
    let wrong = sandbox.secrets(&["recovery", "use", "--dry-run"]);
    wrong.stdin("x").fails(2, "not_a_member");
}

#[test]
fn guard_says_which_hook_it_would_change() {
    if tool("git").is_none() {
        return;
    }
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.git(&["init", "-q"]);
    let hook = sandbox.work().join(".git/hooks/pre-commit");
    let (said, answer) = dry(&sandbox, &["guard", "install"], "");
    assert!(said.contains("would install ") && said.contains(hook.to_str().unwrap()));
    assert_eq!(answer["change"], "installed");
    assert!(!hook.exists());
    let install = sandbox.secrets(&["guard", "install"]).system_path();
    install.run().success();
    let (said, answer) = dry(&sandbox, &["guard", "uninstall"], "");
    assert!(said.contains("would remove "), "{said}");
    assert_eq!(answer["change"], "removed");
    assert!(hook.exists());
}

/// What a verb that is not in these lists does to files must be decided, not forgotten.
#[test]
fn every_verb_that_writes_has_a_dry_run() {
    const WRITING: [&[&str]; 19] = [
        &["init"],
        &["link"],
        &["unlink"],
        &["set"],
        &["edit"],
        &["generate"],
        &["rotate"],
        &["restore"],
        &["accept"],
        &["import"],
        &["rollback"],
        &["rm"],
        &["mv"],
        &["prune"],
        &["recovery", "add"],
        &["recovery", "use"],
        &["guard", "install"],
        &["guard", "uninstall"],
        &["agent", "install"],
    ];
    // `verify` and `doctor` look, and mend only what loses nothing; `man` writes pages where it is
    // told to; `mcp` serves verbs of this list.
    const OTHERS: [&str; 16] = [
        "projects",
        "get",
        "list",
        "show",
        "verify",
        "diff",
        "history",
        "log",
        "doctor",
        "export",
        "run",
        "scan",
        "hook",
        "mcp",
        "completions",
        "man",
    ];
    let sandbox = Sandbox::new();
    let help = |args: &[&str]| -> String {
        let run = sandbox.secrets(args).arg("--help").run().success();
        String::from_utf8(run.get_output().stdout.clone()).unwrap()
    };
    for verb in WRITING {
        assert!(help(verb).contains("--dry-run"), "{SECRETS} {verb:?}");
    }
    let groups = WRITING.iter().map(|verb| verb[0]);
    let known: Vec<&str> = groups.chain(OTHERS).collect();
    let listed = help(&[]);
    let listed = listed
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("\n\n")
        .next();
    for line in listed
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("  "))
    {
        let Some(verb) = line
            .trim_start()
            .split(' ')
            .next()
            .filter(|_| !line.starts_with("   "))
        else {
            continue;
        };
        assert!(known.contains(&verb), "{verb} is in no list");
    }
    let agent = help(&["agent", "uninstall"]);
    assert!(contains("--dry-run").eval(&agent));
}
