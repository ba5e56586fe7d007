//! Which paths are our own, where links lead, and which files are no env files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

/// Every verb that writes or reads an env file refuses this one, and nothing changes.
fn is_refused(sandbox: &Sandbox, file: &Path, code: &str) {
    let before = sandbox.snapshot();
    let file = file.to_str().unwrap();
    for args in [
        &["link", "consilio", file][..],
        &["set", KEY, "-d", DESCRIPTION, "--env-file", file],
        &["generate", KEY, "-d", DESCRIPTION, "--env-file", file],
        &[
            "set",
            "meta/cf/token",
            "-d",
            DESCRIPTION,
            "--env-file",
            file,
        ],
        &["import", file, "--project", "consilio"],
        &["import", file, "--project", "consilio", "--dry-run"],
    ] {
        let value = sandbox.canary();
        sandbox.secrets(args).stdin(value).fails(2, code);
    }
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn no_secret_is_written_to_our_own_files_by_any_path() {
    let sandbox = Sandbox::with_vault();
    sandbox.store("project/other/key", sandbox.canary());
    sandbox
        .secrets(&["link", "other", "elsewhere.env"])
        .run()
        .success();
    let own: [PathBuf; 5] = [
        sandbox.vault().join("vault.toml"),
        sandbox.entry("project/other/key", 1),
        sandbox.identity(),
        sandbox.config(),
        sandbox.state().join("new.env"),
    ];
    for target in own {
        if !target.exists() {
            sandbox
                .set(KEY, sandbox.canary())
                .arg("--env-file")
                .arg(&target)
                .fails(2, "env_own_file");
            continue;
        }
        is_refused(&sandbox, &target, "env_own_file");
        let link = sandbox.path("work/.env");
        symlink(&target, &link).unwrap();
        is_refused(&sandbox, &link, "env_own_file");
        is_refused(&sandbox, &sandbox.work(), "env_own_file");
        fs::remove_file(&link).unwrap();
        // A hard link has no target that could be compared.
        if fs::hard_link(&target, &link).is_ok() {
            is_refused(&sandbox, &link, "env_own_file");
            fs::remove_file(&link).unwrap();
        }
    }
}

#[test]
fn a_plan_and_a_copy_are_not_written_among_our_own_files() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    let before = sandbox.snapshot();
    for own in [sandbox.vault(), sandbox.state()] {
        let file = own.join("plain.env");
        let file = file.to_str().unwrap();
        sandbox
            .secrets(&["restore", "consilio", "--to", file])
            .fails(2, "env_own_file");
        sandbox
            .secrets(&["import", "--project", "consilio", "--plan", file])
            .fails(2, "env_own_file");
        let dir = own.to_str().unwrap();
        sandbox
            .secrets(&["agent", "install", "claude", "--project-dir", dir])
            .fails(2, "env_own_file");
    }
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn a_link_that_leads_out_of_the_project_is_followed_only_to_where_it_led() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    // The linked file becomes a link to a file of the user.
    let stranger = sandbox.file("home/notes", "A=1\n");
    let env = sandbox.work().join(".env");
    fs::remove_file(&env).unwrap();
    symlink(&stranger, &env).unwrap();
    let before = sandbox.snapshot();
    for args in [
        &["set", KEY][..],
        &["generate", KEY, "--force"],
        &["rotate", KEY, "--ask"],
        &["rm", KEY],
        &["restore", "consilio"],
        &["rollback", KEY, "1"],
    ] {
        let value = sandbox.canary();
        let failed = sandbox
            .secrets(args)
            .stdin(value)
            .fails(2, "env_leads_away");
        failed.says("secrets link");
    }
    assert_eq!(sandbox.snapshot(), before);
    // Linked again, it is the right one, until it moves.
    sandbox
        .secrets(&["link", "consilio"])
        .run()
        .success()
        .stderr(predicates::str::contains("home/notes"));
    sandbox.allow(stranger.clone());
    sandbox.set(KEY, sandbox.canary()).run().success();
    let other = sandbox.file("home/other", "A=1\n");
    fs::remove_file(&env).unwrap();
    symlink(&other, &env).unwrap();
    sandbox
        .set(KEY, sandbox.canary())
        .fails(2, "env_leads_away");
}

#[test]
fn a_deployment_may_move_its_link() {
    let sandbox = Sandbox::with_vault();
    for release in ["releases/1", "releases/2"] {
        fs::create_dir_all(sandbox.path("work").join(release)).unwrap();
        let env = sandbox.path("work").join(release).join(".env");
        fs::write(sandbox.allow(env), "").unwrap();
    }
    let current = sandbox.path("work/current");
    symlink("releases/1", &current).unwrap();
    sandbox
        .secrets(&["link", "consilio", "current"])
        .run()
        .success();
    sandbox.set(KEY, sandbox.canary()).run().success();
    fs::remove_file(&current).unwrap();
    symlink("releases/2", &current).unwrap();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    let second = fs::read_to_string(sandbox.path("work/releases/2/.env")).unwrap();
    assert!(second.contains(&value));
    let first = fs::read_to_string(sandbox.path("work/releases/1/.env")).unwrap();
    assert!(!first.contains(&value));
}

#[test]
fn what_is_no_env_file_gets_no_secret() {
    for (name, text) in [
        ("a.json", &b"{\n  \"a\": 1\n}\n"[..]),
        (
            "docker-compose.yml",
            b"services:\n  web:\n    image: nginx\n",
        ),
        ("program", b"\x7fELF\x02\x01\x01\0\0\0"),
        ("sealed.env", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n"),
        ("utf16.env", b"\xff\xfeA\x00=\x001\x00\n\x00"),
        ("notes.txt", b"these are notes\nabout nothing\n"),
    ] {
        let sandbox = Sandbox::with_vault();
        let file = sandbox.file(&format!("work/{name}"), text);
        let before = sandbox.snapshot();
        for key_path in [KEY, "meta/cf/token"] {
            sandbox
                .set(key_path, sandbox.canary())
                .args(&["--env-file", name])
                .fails(2, "env_not_an_env_file");
        }
        assert_eq!(sandbox.snapshot(), before, "{name}");
        assert_eq!(fs::read(file).unwrap(), text);
    }
}

#[test]
fn a_first_write_into_a_file_that_git_tracks_is_refused_until_it_is_allowed() {
    if crate::sandbox::tool("git").is_none() {
        return;
    }
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.write_env("A=1\n");
    for args in [&["init", "-q"][..], &["add", ".env"]] {
        assert!(sandbox.git(args).status.success());
    }
    sandbox.secrets(&["link", "consilio"]).run().success();
    let before = sandbox.snapshot();
    sandbox
        .set(KEY, sandbox.canary())
        .system_path()
        .fails(2, "env_tracked")
        .says("--allow-tracked");
    assert_eq!(sandbox.snapshot(), before);
    sandbox
        .set(KEY, sandbox.canary())
        .system_path()
        .arg("--allow-tracked")
        .run()
        .success();
    // The link remembers it, also for a secret that is new.
    sandbox
        .set("project/consilio/other_key", sandbox.canary())
        .system_path()
        .run()
        .success();
}
