//! Errors: each has its code and its exit code, as words and as JSON; none changes anything.

use std::fs;
use std::os::unix::fs::symlink;

use predicates::prelude::*;
use predicates::str::contains;

use crate::craft::Craft;
use crate::sandbox::{DESCRIPTION, Failed, KEY, NAME, Sandbox};

#[test]
fn a_command_line_that_is_not_understood_is_exit_2() {
    let sandbox = Sandbox::with_vault();
    for args in [
        &["sett"][..],
        &["get"],
        &["get", KEY, "--nonsense"],
        &["list", "--scope", "both"],
        &["list", "--stale", "x"],
        &["get", KEY, "--version"],
        &["--color", "maybe", "list"],
        &["list", "--names", "--stale", "3"],
    ] {
        sandbox.secrets(args).fails(2, "usage").says("--help");
    }
    sandbox
        .secrets(&["sett"])
        .fails(2, "usage")
        .says("secrets --help");
    sandbox
        .secrets(&["get"])
        .fails(2, "usage")
        .says("secrets get --help");
    sandbox
        .secrets(&["sett"])
        .run()
        .code(2)
        .stderr(contains("set"));
    let bytes: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"\xff\xfe");
    sandbox.secrets(&["get"]).arg(bytes).fails(2, "usage");
}

#[test]
fn no_command_shows_help_on_standard_error() {
    let sandbox = Sandbox::new();
    sandbox
        .secrets(&[])
        .run()
        .code(2)
        .stdout("")
        .stderr(contains("Usage"));
}

#[test]
fn the_help_of_a_command_begins_with_what_the_command_does() {
    let sandbox = Sandbox::new();
    let help = |args: &[&str]| -> String {
        let done = sandbox.secrets(args).run().success();
        String::from_utf8(done.get_output().stdout.clone()).unwrap()
    };
    let all = help(&["--help"]);
    assert_eq!(help(&["help"]), all);
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<(&str, &str)> = commands
        .take_while(|line| !line.is_empty())
        .map(|line| line.trim().split_once(' ').unwrap())
        .collect();
    assert!(commands.len() > 20, "{commands:?}");
    for (command, about) in commands {
        let text = help(&[command, "--help"]);
        assert_eq!(text.lines().next(), Some(about.trim()), "{command}");
        assert_eq!(help(&["help", command]), text);
    }
    assert_eq!(
        help(&["help", "recovery", "add"]),
        help(&["recovery", "add", "--help"])
    );
    sandbox.secrets(&["help", "sett"]).fails(2, "usage");
}

#[test]
fn what_an_option_takes_is_said_without_what_it_was_given() {
    let sandbox = Sandbox::with_vault();
    for (args, hint) in [
        (&["set", KEY, "--every"][..], "90d"),
        (&["set", KEY, "--wait"], "seconds"),
        (&["list", "--stale"], "days"),
        (&["prune", KEY, "--keep"], "whole number"),
        (&["generate", KEY, "--bytes"], "whole number"),
        (&["get", KEY, "--version"], "number of a version"),
        (&["rollback", KEY], "secrets history"),
        (&["generate", KEY, "--format"], "alphanumeric"),
    ] {
        let wrong = sandbox.canary();
        sandbox
            .secrets(args)
            .arg(wrong)
            .fails(2, "usage")
            .says(hint);
    }
    sandbox
        .secrets(&["generate", KEY, "--bytes", "-1"])
        .fails(2, "usage")
        .says("whole number");
    sandbox
        .secrets(&["get", KEY, "--version"])
        .fails(2, "usage")
        .says("missing value for --version");
    sandbox
        .secrets(&["set", KEY, "--no-env", "--env-file", "x"])
        .fails(2, "usage")
        .says("--no-env cannot be used with --env-file");
}

#[test]
fn help_and_version_go_to_standard_output() {
    let sandbox = Sandbox::new();
    for args in [
        &["--help"][..],
        &["-h"],
        &["set", "--help"],
        &["verify", "-h"],
    ] {
        sandbox
            .secrets(args)
            .run()
            .success()
            .stdout(contains("Usage"))
            .stderr("");
    }
    let version = format!("secrets {}\n", env!("CARGO_PKG_VERSION"));
    sandbox
        .secrets(&["--version"])
        .run()
        .success()
        .stdout(version)
        .stderr("");
}

#[test]
fn a_missing_vault_is_never_made_by_reading() {
    let sandbox = Sandbox::new();
    for args in [
        &["get", KEY][..],
        &["list"],
        &["list", "--names"],
        &["verify"],
    ] {
        sandbox
            .secrets(args)
            .fails(2, "vault_missing")
            .says("secrets init makes one");
    }
}

#[test]
fn a_vault_that_is_gone_is_not_taken_for_a_first_use() {
    let sandbox = Sandbox::with_vault();
    fs::rename(sandbox.vault(), sandbox.path("elsewhere")).unwrap();
    for args in [&["get", KEY][..], &["list"], &["verify"], &["init"]] {
        let failed = sandbox.secrets(args).fails(2, "vault_missing");
        failed.says("bring it back").says("init --trust");
    }
}

#[test]
fn a_missing_identity_is_named() {
    let sandbox = Sandbox::with_vault();
    fs::remove_file(sandbox.identity()).unwrap();
    for args in [&["get", KEY][..], &["list"], &["verify"]] {
        sandbox
            .secrets(args)
            .fails(2, "identity_missing")
            .says("identity.txt");
    }
    let set = sandbox.set(KEY, sandbox.canary()).arg("--no-env");
    set.fails(2, "identity_missing").says("backup");
    sandbox.secrets(&["init"]).fails(2, "identity_missing");
}

#[test]
fn an_identity_of_somebody_else_is_not_a_member() {
    let sandbox = Sandbox::with_vault();
    let other = Sandbox::with_vault();
    let identity = other.identity();
    let identity = identity.to_str().unwrap();
    for args in [&["get", KEY][..], &["list"], &["verify"], &["init"]] {
        sandbox
            .secrets(args)
            .args(&["--identity", identity])
            .fails(2, "not_a_member");
    }
    let set = sandbox
        .set(KEY, sandbox.canary())
        .args(&["--no-env", "--identity", identity]);
    set.fails(2, "not_a_member").says("--identity");
}

#[test]
fn a_vault_with_broken_parts_is_damaged_and_stays_as_it_is() {
    for (part, content, code) in [
        ("vault.toml", "", "vault_damaged"),
        ("vault.toml", "format = 1\n", "vault_damaged"),
        ("vault.toml", "format = 1\nid = \"ABC\"\n", "vault_damaged"),
        ("vault.toml", "format = \"1\"\n", "vault_damaged"),
        ("vault.toml", "\0\u{1b}[31m", "vault_damaged"),
        (
            "vault.toml",
            "format = 2\nid = \"00000000000000000000000000000000\"\n",
            "vault_format",
        ),
        ("keys/tester.age", "", "vault_damaged"),
        (
            "keys/tester.age",
            "age-encryption.org/v1\n",
            "vault_damaged",
        ),
    ] {
        let sandbox = Sandbox::with_vault();
        fs::write(sandbox.vault().join(part), content).unwrap();
        sandbox.secrets(&["get", KEY]).fails(2, code);
        sandbox.secrets(&["init"]).fails(2, code);
        sandbox
            .set(KEY, sandbox.canary())
            .arg("--no-env")
            .fails(2, code);
    }
    let sandbox = Sandbox::with_vault();
    fs::remove_dir_all(sandbox.vault().join("keys")).unwrap();
    sandbox.secrets(&["get", KEY]).fails(2, "vault_damaged");
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .fails(2, "vault_damaged");
    let sandbox = Sandbox::with_vault();
    fs::remove_file(sandbox.vault().join("vault.toml")).unwrap();
    sandbox.secrets(&["get", KEY]).fails(2, "vault_damaged");
}

#[test]
fn a_key_file_that_holds_no_key_is_damage_and_its_content_is_not_shown() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    let public = identity
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "))
        .unwrap();
    let text = sandbox.canary();
    let sealed = crate::craft::seal(text.as_bytes(), &public.parse().unwrap());
    fs::write(sandbox.vault().join("keys/tester.age"), sealed).unwrap();
    sandbox.secrets(&["list"]).fails(2, "vault_damaged");
    drop(craft);
}

#[test]
fn a_broken_configuration_is_named_by_its_line_and_not_quoted() {
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    sandbox.allow(sandbox.config());
    for (text, line) in [
        (format!("[projects.consilio]\nenv_file = {canary}\n"), 2),
        (format!("\n\n{canary}"), 3),
        (format!("[projects]\n\"{canary}!\" = 1\n"), 2),
        (format!("[projects.consilio]\nenv_file = 7 # {canary}\n"), 2),
        (format!("[projects.consilio]\nplain = \"{canary}\"\n"), 2),
        (
            format!("[projects.consilio]\nreaders = [\"{canary}\"]\n"),
            2,
        ),
    ] {
        fs::write(sandbox.config(), &text).unwrap();
        for args in [
            &["projects"][..],
            &["verify"],
            &["set", KEY, "-d", DESCRIPTION],
        ] {
            let failed = sandbox.secrets(args).stdin("x").fails(2, "config");
            failed.says(&format!("config.toml:{line}: "));
        }
    }
    fs::write(sandbox.config(), b"\xff\xfe").unwrap();
    sandbox.secrets(&["projects"]).fails(2, "config");
}

#[test]
fn what_cannot_be_an_env_file_is_refused_before_the_vault_has_a_version() {
    let sandbox = Sandbox::with_vault();
    let set = |file: &str| {
        sandbox
            .set(KEY, sandbox.canary())
            .args(&["--env-file", file])
    };
    fs::create_dir_all(sandbox.path("work/dir/.env")).unwrap();
    symlink("nowhere", sandbox.path("work/dangling")).unwrap();
    symlink("loop", sandbox.path("work/loop")).unwrap();
    symlink("/dev/null", sandbox.path("work/device")).unwrap();
    set("dir").fails(2, "env_not_a_file");
    set("/dev/null").fails(2, "env_not_a_file");
    set("device").fails(2, "env_not_a_file");
    set("dangling").fails(2, "env_dangling_link");
    set("loop").run().code(2);
    set("no/such/directory/.env")
        .fails(2, "env_no_directory")
        .says("directory");
    let fifo = sandbox.path("work/fifo");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    set("fifo").run().code(2);
    fs::remove_file(fifo).unwrap();
    let large = fs::File::create(sandbox.path("work/large")).unwrap();
    large.set_len(100 << 20).unwrap();
    set("large")
        .run()
        .code(2)
        .stderr(contains("larger than 16 MiB"));
    fs::remove_file(sandbox.path("work/large")).unwrap();
    assert_eq!(sandbox.versions(KEY), 0);
    assert!(!sandbox.config().exists(), "nothing was linked");
}

#[test]
fn an_assignment_that_readers_disagree_about_is_refused_with_its_line() {
    for text in [
        format!("A=1\n{NAME}=\"open\nB=2\n"),
        format!("A=1\n{NAME}='a' b\n"),
        format!("A=1\n{NAME}: x\n"),
        format!("A=1\n{NAME}=a\rB=2\n"),
    ] {
        let sandbox = Sandbox::with_env(&text);
        let failed = sandbox
            .set(KEY, sandbox.canary())
            .fails(2, "env_file_uncertain");
        failed.says(".env:2: ").says("fix line 2");
        assert_eq!(sandbox.env(), text);
        assert_eq!(sandbox.versions(KEY), 0);
    }
}

#[test]
fn an_env_file_that_is_not_text_is_kept_or_refused_never_changed_beside_the_assignment() {
    for text in [
        &b"A=\xff\xfe\n"[..],
        b"\xff\xfeA\0=\x001\0",
        b"A=\0\n",
        b"\x7fELF\0\0\n",
    ] {
        let sandbox = Sandbox::with_env(text);
        let done = sandbox.set(KEY, sandbox.canary()).run();
        let env = sandbox.env_bytes();
        match done.get_output().status.code() {
            Some(0) => assert!(env.starts_with(text)),
            code => assert_eq!((code, &env[..], sandbox.versions(KEY)), (Some(2), text, 0)),
        }
    }
}

#[test]
fn unlinking_what_is_not_linked_is_the_answer_no() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["unlink", "consilio"])
        .fails(1, "not_linked")
        .says("secrets projects");
}

#[test]
fn a_lock_that_is_held_is_waited_for_and_then_an_error() {
    let sandbox = Sandbox::with_env("");
    let dir = fs::File::open(sandbox.work()).unwrap();
    rustix::fs::flock(&dir, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let set = || sandbox.set(KEY, sandbox.canary());
    let started = std::time::Instant::now();
    set()
        .args(&["--wait", "0"])
        .fails(2, "locked")
        .says("--wait");
    assert!(started.elapsed().as_secs() < 2);
    let done = set().args(&["--wait", "2"]).run().code(2);
    done.stderr(contains("waiting").and(contains("locked")));
    drop(dir);
    set().args(&["--wait", "0"]).run().success();
}

#[test]
fn json_errors_are_one_line_even_before_the_arguments_are_understood() {
    let sandbox = Sandbox::new();
    for args in [
        &["--json", "nonsense"][..],
        &["get", "--json"],
        &["--json", "set", "x", "y"],
    ] {
        Failed::of(sandbox.secrets(args).run().code(2).stdout(""));
    }
}

#[test]
fn escape_sequences_in_arguments_reach_no_terminal() {
    let sandbox = Sandbox::with_vault();
    let escape = "project/consilio/\u{1b}[31mred\u{7}";
    for args in [
        &["get", escape][..],
        &["list", escape],
        &["set", escape],
        &["link", "a\u{1b}]0;title\u{7}"],
        &["link", "consilio", "no/\u{1b}[2J/where"],
        &["set", KEY, "-d", "Stripe \u{1b}[31m account"],
        &[
            "set",
            KEY,
            "-d",
            DESCRIPTION,
            "--env-file",
            "no/\u{1b}[2J/.env",
        ],
        &[
            "set",
            KEY,
            "-d",
            DESCRIPTION,
            "--no-env",
            "--from-file",
            "\u{1b}[2J",
        ],
        &["--vault", "/no/\u{1b}[2J", "list"],
        &["--identity", "/no/\u{1b}[2J", "list"],
    ] {
        let done = sandbox.secrets(args).stdin("x").run().code(2);
        let output = done.get_output();
        for text in [&output.stdout, &output.stderr] {
            let control = text
                .iter()
                .find(|&&byte| byte < 0x20 && byte != b'\n' || byte == 0x7f);
            assert_eq!(control, None, "{args:?}: {}", String::from_utf8_lossy(text));
        }
    }
}

#[test]
fn the_process_leaves_no_core_dump() {
    let sandbox = Sandbox::with_vault();
    let set = sandbox
        .set(KEY, "")
        .arg("--no-env")
        .after("ulimit -c unlimited 2>/dev/null");
    let mut command = set.command();
    command.stderr(std::process::Stdio::null());
    let mut child = command.stdin(std::process::Stdio::piped()).spawn().unwrap();
    // It waits for its value now, or will in a moment.
    let limit = (0..200).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"))
            .unwrap();
        let words: Vec<String> = core.split_whitespace().map(str::to_owned).collect();
        (words[4] == "0").then_some(())
    });
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert_eq!(limit, Some(()), "the limit for core files is not 0");
}

#[test]
fn a_command_of_another_program_names_ours() {
    let sandbox = Sandbox::with_vault();
    for (theirs, ours) in [
        ("cat", "get"),
        ("insert", "set"),
        ("update", "set"),
        ("delete", "rm"),
        ("ls", "list"),
        ("rename", "mv"),
        ("status", "verify"),
        ("exec", "run"),
        ("version", "--version"),
    ] {
        sandbox
            .secrets(&[theirs, KEY])
            .fails(2, "usage")
            .says(&format!("did you mean {ours}?"));
    }
}

#[test]
fn what_is_missing_is_shown_in_its_place() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["rollback", KEY])
        .fails(2, "usage")
        .says("secrets rollback <KEY_PATH> <VERSION>");
    sandbox
        .secrets(&["link"])
        .fails(2, "usage")
        .says("secrets link <PROJECT> [PATH]");
    sandbox
        .secrets(&["prune", KEY])
        .fails(2, "usage")
        .says("secrets prune --keep <N> <KEY_PATH>");
}

#[test]
fn a_usage_error_has_the_colours_of_any_other() {
    let sandbox = Sandbox::with_vault();
    let coloured = "\u{1b}[31merror:";
    for args in [
        &["--color", "always", "sett"][..],
        &["sett", "--color=always"],
    ] {
        let done = sandbox.secrets(args).run().code(2);
        done.stderr(contains(coloured));
    }
    for args in [&["sett"][..], &["sett", "--color", "never"]] {
        let done = sandbox.secrets(args).run().code(2);
        done.stderr(contains(coloured).not());
    }
    let forced = sandbox.secrets(&["sett"]).var("CLICOLOR_FORCE", "1");
    forced.run().code(2).stderr(contains(coloured));
}

#[test]
fn a_slip_in_a_key_path_names_the_secret_that_is_there() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    let (before, meant) = (sandbox.snapshot(), format!("did you mean {KEY}?"));
    for slip in [
        "project/consilio/stripe_api_kay",
        "project/consilo/stripe_api_key",
    ] {
        sandbox
            .secrets(&["get", slip])
            .fails(1, "entry_not_found")
            .says(&meant);
        sandbox
            .secrets(&["history", slip])
            .fails(1, "entry_not_found")
            .says(&meant);
    }
    for name in ["stripe_api_key", NAME] {
        sandbox
            .secrets(&["get", name])
            .fails(2, "invalid_key_path")
            .says(&meant);
    }
    // What is new may be a slip as well.
    sandbox
        .secrets(&["set", "project/consilio/stripe_api_keys"])
        .stdin(sandbox.canary())
        .fails(2, "description_missing")
        .says(&meant);
    // `run` wants a project named as one.
    let run = sandbox.secrets(&["run", "consilio", "--", "true"]).run();
    run.code(125).stderr(contains(
        "did you mean secrets run --project consilio -- CMD?",
    ));
    let far = sandbox
        .secrets(&["get", "project/consilio/jwt_secret"])
        .run()
        .code(1);
    far.stderr(contains("did you mean").not());
    assert_eq!(before, sandbox.snapshot());
}
