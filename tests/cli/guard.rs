//! `guard`: git's pre-commit hook with our block in it, beside whatever is there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use predicates::str::contains;

use crate::sandbox::{KEY, SECRETS, Sandbox, json_of, mode, tool};

/// A repository with a project that has one secret, and its value; `None` where git is missing.
fn repository() -> Option<(Sandbox, String)> {
    tool("git")?;
    // Hooks are run, which memory may not allow.
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.git(&["init", "-q"]);
    sandbox.write_env("PORT=3000\n");
    fs::write(sandbox.work().join(".gitignore"), ".env\n").unwrap();
    let link = sandbox.secrets(&["link", "consilio", "-q"]);
    link.arg(sandbox.work()).run().success();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    Some((sandbox, value))
}

fn hook(sandbox: &Sandbox) -> PathBuf {
    sandbox.work().join(".git/hooks/pre-commit")
}

fn install(sandbox: &Sandbox) -> String {
    let done = sandbox
        .secrets(&["guard", "install", "--json"])
        .system_path()
        .run()
        .success();
    json_of(&done)["change"].as_str().unwrap().to_owned()
}

/// Commits what is staged; what was said, if that failed.
fn commit(sandbox: &Sandbox) -> Result<(), String> {
    let done = sandbox.git(&["commit", "-q", "-m", "a change"]);
    let said = String::from_utf8(done.stderr).unwrap();
    sandbox.check_text("what git prints", said.as_bytes());
    if !done.status.success() {
        return Err(said);
    }
    assert_eq!(said, "");
    Ok(())
}

#[test]
fn a_commit_with_a_value_is_stopped_and_others_are_not() {
    let Some((sandbox, value)) = repository() else {
        return;
    };
    assert_eq!(install(&sandbox), "installed");
    assert_eq!(mode(&hook(&sandbox)), 0o755);
    fs::write(sandbox.work().join("a"), "clean\n").unwrap();
    sandbox.git(&["add", "a", ".gitignore"]);
    assert_eq!(commit(&sandbox), Ok(()));

    sandbox.file("work/b", format!("one\ntwo {value}\n"));
    sandbox.git(&["add", "b"]);
    let said = commit(&sandbox).unwrap_err();
    for part in [
        "b:2",
        KEY,
        "secrets scan --staged",
        "git commit --no-verify",
    ] {
        assert!(said.contains(part), "{said}");
    }
    sandbox.git(&["commit", "-q", "--no-verify", "-m", "all the same"]);
    assert_eq!(commit_count(&sandbox), 2);
}

fn commit_count(sandbox: &Sandbox) -> usize {
    let log = sandbox.git(&["log", "--oneline"]).stdout;
    String::from_utf8(log).unwrap().lines().count()
}

#[test]
fn a_commit_of_some_files_is_looked_through_as_it_will_be() {
    let Some((sandbox, value)) = repository() else {
        return;
    };
    install(&sandbox);
    fs::write(sandbox.work().join("a"), "clean\n").unwrap();
    sandbox.git(&["add", "a"]);
    assert_eq!(commit(&sandbox), Ok(()));
    // Not staged: git makes an index of its own for this commit.
    sandbox.file("work/a", &value);
    let done = sandbox.git(&["commit", "-q", "-a", "-m", "x"]);
    assert!(!done.status.success());
    let done = sandbox.git(&["commit", "-q", "-m", "x", "--", "a"]);
    assert!(!done.status.success());
}

#[test]
fn an_env_file_that_disagrees_stops_a_commit_but_only_of_this_repository() {
    let Some((sandbox, _)) = repository() else {
        return;
    };
    install(&sandbox);
    fs::write(sandbox.work().join("a"), "clean\n").unwrap();
    sandbox.git(&["add", "a"]);
    // Another project's trouble is none of this repository's.
    let other = sandbox.allow(sandbox.path("tmp/other/.env"));
    fs::create_dir(sandbox.path("tmp/other")).unwrap();
    let value = sandbox.canary();
    sandbox
        .set("project/other/api_key", &value)
        .args(&["--env-file"])
        .arg(&other)
        .run()
        .success();
    fs::remove_file(&other).unwrap();
    assert_eq!(commit(&sandbox), Ok(()));
    sandbox.write_env("PORT=3000\n");
    fs::write(sandbox.work().join("a"), "changed\n").unwrap();
    sandbox.git(&["add", "a"]);
    let said = commit(&sandbox).unwrap_err();
    assert!(
        said.contains("is in the vault and not in the env file"),
        "{said}"
    );
    assert!(said.contains("secrets verify --here"), "{said}");
}

#[test]
fn an_existing_hook_is_kept_and_runs_and_comes_back_byte_for_byte() {
    let Some((sandbox, _)) = repository() else {
        return;
    };
    let script = "#!/bin/sh\n# mine\ntouch ran\nexit 0";
    fs::write(hook(&sandbox), script).unwrap();
    fs::set_permissions(hook(&sandbox), fs::Permissions::from_mode(0o750)).unwrap();
    assert_eq!(install(&sandbox), "installed");
    let with = fs::read_to_string(hook(&sandbox)).unwrap();
    assert!(with.starts_with("#!/bin/sh\n# >>> secrets guard >>>\n"));
    assert!(with.ends_with("# <<< secrets guard <<<\n# mine\ntouch ran\nexit 0"));
    assert_eq!(mode(&hook(&sandbox)), 0o750);
    assert_eq!(install(&sandbox), "unchanged");
    assert_eq!(fs::read_to_string(hook(&sandbox)).unwrap(), with);

    fs::write(sandbox.work().join("a"), "clean\n").unwrap();
    sandbox.git(&["add", "a"]);
    assert_eq!(commit(&sandbox), Ok(()));
    assert!(sandbox.work().join("ran").exists());

    // An older block is renewed.
    let older = with.replace("scan --staged", "scan --older");
    fs::write(hook(&sandbox), older).unwrap();
    assert_eq!(install(&sandbox), "updated");
    assert_eq!(fs::read_to_string(hook(&sandbox)).unwrap(), with);

    let uninstall = || {
        let done = sandbox
            .secrets(&["guard", "uninstall", "--json"])
            .system_path()
            .run()
            .success();
        json_of(&done)["change"].as_str().unwrap().to_owned()
    };
    assert_eq!(uninstall(), "removed");
    assert_eq!(fs::read_to_string(hook(&sandbox)).unwrap(), script);
    assert_eq!(mode(&hook(&sandbox)), 0o750);
    assert_eq!(uninstall(), "unchanged");
    // A hook that held nothing else goes.
    fs::remove_file(hook(&sandbox)).unwrap();
    install(&sandbox);
    assert_eq!(uninstall(), "removed");
    assert!(!hook(&sandbox).exists());
}

#[test]
fn hooks_that_are_somebody_elses_are_left_alone() {
    let Some((sandbox, _)) = repository() else {
        return;
    };
    let refused = |script: &[u8], mode: u32, code: &str, says: &str| {
        fs::write(hook(&sandbox), script).unwrap();
        fs::set_permissions(hook(&sandbox), fs::Permissions::from_mode(mode)).unwrap();
        sandbox
            .secrets(&["guard", "install"])
            .system_path()
            .fails(2, code)
            .says(says)
            .says("secrets scan --staged");
    };
    let framework =
        b"#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n";
    refused(framework, 0o755, "hook_managed", ".pre-commit-config.yaml");
    refused(
        b"#!/bin/sh\ncall_lefthook run\n",
        0o755,
        "hook_managed",
        "lefthook.yml",
    );
    refused(
        b"#!/usr/bin/env python3\n",
        0o755,
        "hook_not_a_script",
        "let the hook run",
    );
    refused(
        b"\x7fELF\xff\xfe",
        0o755,
        "hook_not_text",
        "let the hook run",
    );
    fs::write(hook(&sandbox), "#!/bin/sh\n").unwrap();
    fs::set_permissions(hook(&sandbox), fs::Permissions::from_mode(0o644)).unwrap();
    sandbox
        .secrets(&["guard", "install"])
        .system_path()
        .fails(2, "hook_not_executable")
        .says("chmod +x");
    sandbox.git(&["config", "core.hooksPath", ".husky/_"]);
    sandbox
        .secrets(&["guard", "install"])
        .system_path()
        .fails(2, "hook_managed")
        .says(".husky/pre-commit");
}

#[test]
fn core_hooks_path_is_followed_and_one_that_others_share_is_told() {
    let Some((sandbox, _)) = repository() else {
        return;
    };
    // In the work tree: everybody who clones has it, so no path of this machine is in it.
    sandbox.git(&["config", "core.hooksPath", ".githooks"]);
    install(&sandbox);
    let own = fs::read_to_string(sandbox.work().join(".githooks/pre-commit")).unwrap();
    assert!(!own.contains(SECRETS), "{own}");
    let shared = sandbox.path("tmp/hooks");
    sandbox.git(&["config", "core.hooksPath", shared.to_str().unwrap()]);
    sandbox
        .secrets(&["guard", "install"])
        .system_path()
        .run()
        .success()
        .stderr(contains("other repositories use this hook too"));
    assert!(shared.join("pre-commit").exists());
    assert!(!hook(&sandbox).exists());
}

#[test]
fn a_linked_work_tree_has_the_hook_of_its_repository() {
    let Some((sandbox, value)) = repository() else {
        return;
    };
    sandbox.git(&["add", ".gitignore"]);
    assert_eq!(commit(&sandbox), Ok(()));
    let tree = sandbox.path("tmp/tree");
    sandbox.git(&["worktree", "add", "-q", tree.to_str().unwrap()]);
    sandbox
        .secrets(&["guard", "install"])
        .system_path()
        .dir(&tree)
        .run()
        .success();
    assert!(hook(&sandbox).exists());
    sandbox.file("tmp/tree/leak", &value);
    let at = |args: &[&str]| sandbox.git(&[&["-C", tree.to_str().unwrap()], args].concat());
    assert!(at(&["add", "leak"]).status.success());
    let done = at(&["commit", "-q", "-m", "x"]);
    assert!(!done.status.success());
    assert!(String::from_utf8_lossy(&done.stderr).contains("leak:1"));
}

#[test]
fn where_the_program_is_missing_the_commit_goes_through_with_a_loud_warning() {
    let Some((sandbox, value)) = repository() else {
        return;
    };
    sandbox.git(&["config", "core.hooksPath", ".githooks"]);
    install(&sandbox);
    sandbox.file("work/leak", &value);
    sandbox.git(&["add", "leak"]);
    // The system's own path has no program of this name.
    let done = sandbox.git(&["commit", "-q", "-m", "x"]);
    assert!(done.status.success());
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("NOT LOOKED THROUGH"), "{said}");
}

#[test]
fn a_program_in_the_work_tree_is_never_run() {
    let Some((sandbox, _)) = repository() else {
        return;
    };
    // A hook that is kept in the repository does not say where the program lies.
    sandbox.git(&["config", "core.hooksPath", ".githooks"]);
    install(&sandbox);
    let planted = sandbox.file("work/secrets", "#!/bin/sh\ntouch was-run\n");
    fs::set_permissions(&planted, fs::Permissions::from_mode(0o755)).unwrap();
    let done = std::process::Command::new("/bin/sh")
        .arg(".githooks/pre-commit")
        .env_clear()
        .env("PATH", ".:/usr/bin:/bin")
        .current_dir(sandbox.work())
        .output()
        .unwrap();
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    assert!(said.contains("NOT LOOKED THROUGH"), "{said}");
    assert!(!sandbox.work().join("was-run").exists());
}

#[test]
fn outside_of_a_repository_it_says_so() {
    let sandbox = Sandbox::with_vault();
    if tool("git").is_some() {
        for verb in ["install", "uninstall"] {
            sandbox
                .secrets(&["guard", verb])
                .system_path()
                .fails(2, "not_a_repository");
        }
    }
    sandbox
        .secrets(&["guard", "install"])
        .var("PATH", "/nowhere")
        .fails(2, "git_missing");
}
