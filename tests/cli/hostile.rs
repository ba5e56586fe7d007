//! Places where nothing is as it should be: files and directories that may not be written, files of
//! somebody else, no home, no `/tmp`, any umask, terminals that take escape sequences at their word.
//!
//! Permissions do not bind root, so the program runs as a user of its own where root runs the tests.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::sandbox::{DESCRIPTION, KEY, NAME, Run, Sandbox, mode, skipped, tool};

/// Nobody's number on most systems; it needs no entry in a list of users.
const SOMEBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Everything in the sandbox belongs to the user as whom [`as_user`] runs commands.
fn hand_over(sandbox: &Sandbox) {
    fn walk(path: &Path) {
        std::os::unix::fs::lchown(path, Some(SOMEBODY), Some(SOMEBODY)).unwrap();
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path());
            }
        }
    }
    if is_root() {
        walk(&sandbox.path(""));
    }
}

/// What is put before a command to run it as somebody who is not root: nothing, if nobody here is;
/// `None` if it cannot be done.
fn as_somebody() -> Option<Vec<String>> {
    if !is_root() {
        return Some(Vec::new());
    }
    let setpriv = tool("setpriv")?.into_os_string().into_string().unwrap();
    let id = SOMEBODY.to_string();
    let words = ["--reuid", &id, "--regid", &id, "--clear-groups", "--"].map(str::to_owned);
    Some(std::iter::once(setpriv).chain(words).collect())
}

fn as_user(run: Run<'_>) -> Option<Run<'_>> {
    let words = as_somebody()?;
    Some(run.through(&words.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// Another program as the same user.
fn program_as_user(words: &[&str]) -> Option<Command> {
    let all = as_somebody()?;
    let mut all = all.iter().map(String::as_str).chain(words.iter().copied());
    let mut command = Command::new(all.next()?);
    command.args(all);
    Some(command)
}

fn chmod(path: impl AsRef<Path>, bits: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(bits)).unwrap();
}

/// A project with an env file, all of it the user's own.
fn users_own() -> Sandbox {
    let sandbox = Sandbox::with_env("A=1\n");
    hand_over(&sandbox);
    sandbox
}

#[test]
fn a_read_only_file_in_a_directory_that_may_be_written_is_replaced_and_stays_read_only() {
    let sandbox = users_own();
    chmod(sandbox.env_file(), 0o400);
    let value = sandbox.canary();
    let Some(set) = as_user(sandbox.set(KEY, &value)) else {
        return;
    };
    set.run().success();
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
    assert_eq!(mode(&sandbox.env_file()), 0o400);
}

#[test]
fn in_a_directory_that_may_not_be_written_the_file_is_written_in_place() {
    let sandbox = users_own();
    chmod(sandbox.work(), 0o500);
    let before = fs::metadata(sandbox.env_file()).unwrap().ino();
    let value = sandbox.canary();
    let Some(set) = as_user(sandbox.set(KEY, &value)) else {
        return;
    };
    set.run().success();
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
    assert_eq!(fs::metadata(sandbox.env_file()).unwrap().ino(), before);
    chmod(sandbox.work(), 0o700);
}

#[test]
fn where_nothing_may_be_written_the_vault_has_it_and_the_file_is_as_it_was() {
    let sandbox = users_own();
    chmod(sandbox.env_file(), 0o400);
    chmod(sandbox.work(), 0o500);
    let value = sandbox.canary();
    let Some(set) = as_user(sandbox.set(KEY, &value)) else {
        return;
    };
    let failed = set.fails(3, "env_behind");
    failed.says("is in the vault").says("finishes it");
    assert_eq!(sandbox.env(), "A=1\n");
    chmod(sandbox.work(), 0o700);
    // The hint is true: nothing is stored again, and the file is whole.
    let set = as_user(sandbox.set(KEY, &value)).unwrap();
    set.run().success();
    assert_eq!(sandbox.versions(KEY), 1);
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
}

#[test]
fn a_file_of_another_owner_keeps_its_owner_or_is_left_alone() {
    if !is_root() {
        return skipped("only root can make a file of another owner");
    }
    // One that we may read and not write; one that everybody may write.
    for (bits, exit) in [(0o644, 3), (0o666, 0)] {
        let sandbox = users_own();
        chown(sandbox.env_file(), Some(0), Some(0)).unwrap();
        chmod(sandbox.env_file(), bits);
        let value = sandbox.canary();
        let Some(set) = as_user(sandbox.set(KEY, &value)) else {
            return;
        };
        set.run().code(exit);
        let metadata = fs::metadata(sandbox.env_file()).unwrap();
        assert_eq!((metadata.uid(), metadata.mode() & 0o777), (0, bits));
        let wanted = match exit {
            0 => format!("A=1\n{NAME}={value}\n"),
            _ => "A=1\n".to_owned(),
        };
        assert_eq!(sandbox.env(), wanted);
    }
}

#[test]
fn a_file_that_may_not_be_read_is_refused_before_anything_is_stored() {
    let sandbox = users_own();
    chmod(sandbox.env_file(), 0o200);
    let Some(set) = as_user(sandbox.set(KEY, sandbox.canary())) else {
        return;
    };
    set.run().code(2);
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "A=1\n");
}

#[test]
fn a_home_that_may_not_be_written_is_an_error_and_other_places_do() {
    let sandbox = Sandbox::new();
    hand_over(&sandbox);
    chmod(sandbox.home(), 0o500);
    let Some(init) = as_user(sandbox.secrets(&["init"])) else {
        return;
    };
    init.fails(2, "io");
    let Some(set) = as_user(sandbox.set(KEY, sandbox.canary()).arg("--no-env")) else {
        return;
    };
    set.run().code(2);
    assert_eq!(fs::read_dir(sandbox.home()).unwrap().count(), 0);
    let elsewhere = |args: &[&str]| {
        let run = sandbox.secrets(args).stdin("x");
        let run = run.var("SECRETS_VAULT", sandbox.path("work/vault"));
        let run = run.var("SECRETS_IDENTITY_FILE", sandbox.path("work/id.txt"));
        let run = run.var("SECRETS_CONFIG", sandbox.path("work/config.toml"));
        as_user(run).unwrap()
    };
    // A vault needs no memory; a version needs its line in the audit trail.
    elsewhere(&["init"]).run().success();
    elsewhere(&["set", KEY, "-d", DESCRIPTION, "--no-env"])
        .run()
        .code(2);
    let state = sandbox.path("work/state");
    elsewhere(&["set", KEY, "-d", DESCRIPTION, "--no-env"])
        .var("SECRETS_STATE", &state)
        .run()
        .success();
    // Reading needs no memory.
    let get = elsewhere(&["get", KEY]).prints_value();
    get.run().success().stdout("x");
}

#[test]
fn without_a_home_everything_can_be_named_and_nothing_is_guessed() {
    let sandbox = Sandbox::new();
    hand_over(&sandbox);
    let value = sandbox.canary();
    // Nobody has no home in the list of users either.
    let Some(run) = as_user(sandbox.secrets(&["list"]).no_var("HOME")) else {
        return;
    };
    if is_root() {
        run.run().code(2);
    }
    let named = |args: &[&str]| {
        let mut run = sandbox.secrets(args).no_var("HOME").stdin(&value);
        for (name, below) in [
            ("SECRETS_VAULT", "work/vault"),
            ("SECRETS_IDENTITY_FILE", "work/id.txt"),
            ("SECRETS_CONFIG", "work/config.toml"),
            ("SECRETS_STATE", "work/state"),
        ] {
            run = run.var(name, sandbox.path(below));
        }
        as_user(run).unwrap()
    };
    sandbox.env_file();
    named(&["set", KEY, "-d", DESCRIPTION, "--env-file", ".env"])
        .run()
        .success();
    let get = named(&["get", KEY]).prints_value();
    get.run().success().stdout(value.clone());
    assert_eq!(sandbox.env(), format!("{NAME}={value}\n"));
}

#[test]
fn no_directory_for_temporary_files_is_needed() {
    let sandbox = Sandbox::with_env("A=1\n");
    let value = sandbox.canary();
    let set = sandbox.set(KEY, &value).var("TMPDIR", "/no/such/directory");
    set.run().success();
    assert_eq!(sandbox.get(KEY), value.as_bytes());

    // Nothing can be written there at all.
    let Some(unshare) = tool("unshare") else {
        return;
    };
    let user = if is_root() { "-m" } else { "-rm" };
    let script = "/bin/mount --bind /tmp /tmp && /bin/mount -o remount,bind,ro /tmp && exec \"$@\"";
    let works = Command::new(&unshare)
        .args([user, "/bin/sh", "-c", script, "sh", "/bin/true"])
        .stderr(Stdio::null())
        .status();
    if !works.unwrap().success() || sandbox.path("").starts_with("/tmp") {
        return skipped("/tmp cannot be made read-only here");
    }
    let value = sandbox.canary();
    let set = sandbox.set(KEY, &value);
    let unshare = unshare.to_str().unwrap();
    set.through(&[unshare, user, "/bin/sh", "-c", script, "sh"])
        .run()
        .success();
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
}

#[test]
fn a_new_env_file_is_private_and_an_old_one_keeps_its_mode_whatever_the_umask() {
    for umask in ["000", "077", "777"] {
        let umask = format!("umask {umask}");
        let sandbox = Sandbox::with_vault();
        sandbox.env_file();
        sandbox.secrets(&["link", "consilio"]).run().success();
        let set = || sandbox.set(KEY, sandbox.canary()).after(&umask);
        set().run().success();
        assert_eq!(mode(&sandbox.env_file()), 0o600, "{umask}");
        chmod(sandbox.env_file(), 0o640);
        set().run().success();
        assert_eq!(mode(&sandbox.env_file()), 0o640, "{umask}");
        let entry = sandbox.entry(KEY, 2);
        assert_eq!(mode(&entry), 0o600, "{umask}");
        assert_eq!(mode(entry.parent().unwrap()), 0o700, "{umask}");
    }
}

#[test]
fn escape_sequences_in_an_env_file_and_in_its_path_reach_no_terminal() {
    let sandbox = Sandbox::with_vault();
    let dir = sandbox.work().join("a\u{1b}[31mb\u{7}\u{202e}c");
    fs::create_dir(&dir).unwrap();
    let file = sandbox.allow(dir.join(".env"));
    let text = "# \u{1b}]0;title\u{7} Stripe account of the shop\nSTRIPE_API_KEY=one\n\
                \u{1b}[2J=two\nMAIL_PASSWORD=\u{1b}[31mthree # \u{1b}[2J\n\u{9b}31mX=1\n\
                DB_PASSWORD=\"open \u{1b}[31m\nAPI_TOKEN='x' y\u{1b}[31m\n";
    fs::write(&file, text).unwrap();
    sandbox
        .secrets(&["link", "consilio"])
        .arg(&dir)
        .run()
        .success();
    let path = file.to_str().unwrap();
    for args in [
        &["verify"][..],
        &["verify", "--json"],
        &["diff", "consilio"],
        &["projects"],
        &["import", path, "--project", "consilio"],
        &["import", path, "--project", "consilio", "--dry-run"],
        &["import", "--discover", "."],
        &["set", KEY, "-d", DESCRIPTION, "--dry-run"],
        &["set", "project/consilio/db_password", "-d", DESCRIPTION],
        &["set", "project/consilio/api_token", "-d", DESCRIPTION],
        &["doctor"],
        &["restore", "consilio"],
        &["rm", KEY],
        &["unlink", "consilio"],
    ] {
        let done = sandbox.secrets(args).stdin("x").run();
        let output = done.get_output();
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(text);
            // JSON is for programs: it escapes what JSON must.
            let turns = |c| ('\u{202a}'..='\u{202e}').contains(&c) && !args.contains(&"--json");
            let control = text
                .chars()
                .find(|&c| c.is_control() && c != '\n' || turns(c));
            assert_eq!(control, None, "{args:?}: {text}");
        }
    }
}

/// Starts a program that waits for its input, and says whether the same user may look into it.
fn can_be_looked_into(mut command: Command) -> Option<bool> {
    program_as_user(&["/bin/sh"])?;
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    // Until it waits it may not have begun to shut itself.
    std::thread::sleep(Duration::from_millis(500));
    let mut seen = Vec::new();
    for what in ["environ", "maps", "mem"] {
        let file = format!("/proc/{}/{what}", child.id());
        // To open it is what is not allowed; what it holds is another matter.
        let look = program_as_user(&["/bin/sh", "-c", "exec 3<\"$1\"", "sh", &file]);
        let looked = look.unwrap().stderr(Stdio::null()).status().unwrap();
        seen.push(looked.success());
    }
    let _ = child.kill();
    let _ = child.wait();
    seen.dedup();
    assert_eq!(seen.len(), 1, "some can be read and some cannot");
    Some(seen[0])
}

#[cfg(target_os = "linux")]
#[test]
fn a_debugger_of_the_same_user_does_not_get_in() {
    let sandbox = Sandbox::with_vault();
    hand_over(&sandbox);
    let Some(set) = as_user(sandbox.set(KEY, "").arg("--no-env")) else {
        return;
    };
    assert_eq!(can_be_looked_into(set.command()), Some(false));
    // What is not shut can be looked into.
    let open = program_as_user(&["/bin/cat"]).unwrap();
    assert_eq!(can_be_looked_into(open), Some(true));
}

#[test]
fn no_program_is_taken_from_the_current_directory() {
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.write_env("A=1\n");
    sandbox.secrets(&["link", "consilio"]).run().success();
    let mark = sandbox.path("home/mark");
    let git = sandbox.file(
        "work/git",
        format!("#!/bin/sh\n: > {}\nexit 1\n", mark.display()),
    );
    chmod(&git, 0o755);
    for search in ["", ".", ":", "::/no/such", "./", "work/..:."] {
        let verify = sandbox.secrets(&["verify"]).var("PATH", search);
        verify.run().success();
        assert!(!mark.exists(), "git was run with PATH={search:?}");
    }
    // The trap works.
    let verify = sandbox.secrets(&["verify"]).var("PATH", sandbox.work());
    verify.run().success();
    assert!(mark.exists());
}

#[test]
fn a_child_of_the_program_gets_no_key() {
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.write_env("A=1\n");
    sandbox.secrets(&["link", "consilio"]).run().success();
    let seen = sandbox.path("home/seen");
    let script = format!("#!/bin/sh\n/usr/bin/env >> {}\nexit 1\n", seen.display());
    sandbox.script("git", &script);
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    let key = identity
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-1"));
    let verify = sandbox.secrets(&["verify"]);
    verify.var("SECRETS_IDENTITY", key.unwrap()).run().success();
    let seen = fs::read_to_string(seen).unwrap();
    assert!(seen.contains("PATH="), "git was not asked: {seen}");
    assert!(!seen.contains("AGE-SECRET-KEY"));
}
