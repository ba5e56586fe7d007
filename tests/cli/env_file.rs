//! What `set` does to an env file: the assignment changes, and not a byte beside it.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use crate::sandbox::{KEY, NAME, Sandbox, json_of, mode};

/// Text before and after, with `@` where the value is.
fn becomes(before: &str, after: &str) {
    let sandbox = Sandbox::with_env("");
    let (old, new) = (sandbox.canary(), sandbox.canary());
    sandbox.store(KEY, &old);
    sandbox.write_env(before.replace('@', &old));
    sandbox.set(KEY, &new).run().success();
    assert_eq!(sandbox.env(), after.replace('@', &new), "from {before:?}");
    assert_eq!(sandbox.get(KEY), new.as_bytes());
}

#[test]
fn only_the_value_of_the_assignment_changes() {
    becomes("STRIPE_API_KEY=@\n", "STRIPE_API_KEY=@\n");
    becomes("STRIPE_API_KEY=@", "STRIPE_API_KEY=@");
    becomes(
        "A=1\nSTRIPE_API_KEY=@\nB=2\n",
        "A=1\nSTRIPE_API_KEY=@\nB=2\n",
    );
    becomes(
        "  export   STRIPE_API_KEY=@\nB=2",
        "  export   STRIPE_API_KEY=@\nB=2",
    );
    becomes("STRIPE_API_KEY=\nB=2\n", "STRIPE_API_KEY=@\nB=2\n");
    becomes(
        "# STRIPE_API_KEY=old\n\n\nZ=9\n#end",
        "# STRIPE_API_KEY=old\n\n\nZ=9\n#end\nSTRIPE_API_KEY=@\n",
    );
    becomes(
        "XSTRIPE_API_KEY=1\nSTRIPE_API_KEYS=2\n",
        "XSTRIPE_API_KEY=1\nSTRIPE_API_KEYS=2\nSTRIPE_API_KEY=@\n",
    );
    becomes(
        "STRIPE_API_KEY=@ # a comment\nB=2\n",
        "STRIPE_API_KEY=@ # a comment\nB=2\n",
    );
    becomes("", "STRIPE_API_KEY=@\n");
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    becomes(
        "A=1\r\nSTRIPE_API_KEY=@\r\nB=2\r\n",
        "A=1\r\nSTRIPE_API_KEY=@\r\nB=2\r\n",
    );
    becomes("A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nSTRIPE_API_KEY=@\r\n");
    becomes("A=1\r\nB=2", "A=1\r\nB=2\r\nSTRIPE_API_KEY=@\r\n");
    becomes(
        "\u{feff}# x\nSTRIPE_API_KEY=@\n",
        "\u{feff}# x\nSTRIPE_API_KEY=@\n",
    );
    becomes("A=1\n\n\n", "A=1\n\n\nSTRIPE_API_KEY=@\n");
}

#[test]
fn neighbours_with_quotes_and_many_lines_stay() {
    let neighbour = "PEM=\"-----BEGIN-----\nSTRIPE_API_KEY=no\n-----END-----\"\n";
    let others = "J='{\"a\": \"b # c\"}'\nD=\"a\\\"b\\$c\"\nE=  spaced   \nF='it'\\''s'\nG\n=x\n";
    becomes(
        &format!("{neighbour}{others}STRIPE_API_KEY=@\n{neighbour}"),
        &format!("{neighbour}{others}STRIPE_API_KEY=@\n{neighbour}"),
    );
}

#[test]
fn every_assignment_of_a_name_gets_the_value() {
    becomes(
        "STRIPE_API_KEY=@\nA=1\nexport STRIPE_API_KEY=@\n",
        "STRIPE_API_KEY=@\nA=1\nexport STRIPE_API_KEY=@\n",
    );
}

#[test]
fn values_are_read_back_whole_by_dotenvy_and_by_a_shell() {
    let bash = crate::sandbox::tool("bash");
    for odd in [
        "plain",
        "two words",
        " ends ",
        "a#b",
        "a #b",
        "a=b",
        "$HOME",
        "a$b",
        "$2a$10$abcdefgh",
        "${X}",
        "$(id)",
        "`id`",
        "'",
        "\"",
        "'\"",
        "\\",
        "\\n",
        "a\\",
        "'a",
        "\"a\"",
        "a\nb",
        "\n",
        "a\n",
        "BASH_ENV=/x\nB=1",
        "é🔑",
        "!",
        "!!",
        "~",
        "*",
        "a;b",
        "a&b",
        "<",
        "\t",
        "%s",
        "{}",
        "[]",
        "-n",
        "#",
    ] {
        let sandbox = Sandbox::with_env("FIRST=1\nLAST=2\n");
        sandbox.configure("readers = [\"bash\", \"dotenvy\"]\n");
        let value = format!("{odd}{}{odd}", sandbox.canary());
        sandbox.set(KEY, &value).arg("--exact").run().success();
        let read: Vec<(String, String)> = dotenvy::from_path_iter(sandbox.env_file())
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(read.len(), 3, "{odd:?}");
        assert_eq!(read[2], (NAME.to_owned(), value.clone()), "{odd:?}");
        assert_eq!(sandbox.finding_kinds(), [""; 0], "{odd:?}");
        if let Some(bash) = &bash {
            let mut command = std::process::Command::new(bash);
            let script = format!("set -a; . ./.env; printf %s \"${NAME}\"");
            let read = command
                .env_clear()
                .current_dir(sandbox.work())
                .args(["-c", &script]);
            let read = read.output().unwrap();
            assert_eq!(read.stdout, value.as_bytes(), "{odd:?} in bash");
        }
    }
}

#[test]
fn a_link_stays_and_its_target_is_replaced() {
    let sandbox = Sandbox::with_vault();
    let real = sandbox.file("home/real.env", "A=1\n");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../home/real.env", sandbox.env_file()).unwrap();
    sandbox.secrets(&["link", "consilio"]).run().success();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    assert_eq!(
        fs::read_link(sandbox.env_file()).unwrap().to_str(),
        Some("../home/real.env")
    );
    assert_eq!(
        fs::read_to_string(&real).unwrap(),
        format!("A=1\n{NAME}={value}\n")
    );
    assert_eq!(mode(&real), 0o640);
}

#[test]
fn a_hard_link_stays_one() {
    let sandbox = Sandbox::with_env("A=1\n");
    let other = sandbox.allow(sandbox.path("home/other"));
    fs::hard_link(sandbox.env_file(), &other).unwrap();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    assert_eq!(
        fs::read_to_string(other).unwrap(),
        format!("A=1\n{NAME}={value}\n")
    );
    assert_eq!(fs::metadata(sandbox.env_file()).unwrap().nlink(), 2);
}

#[test]
fn mode_and_owner_stay_and_a_new_file_is_private() {
    for before in [0o600, 0o640, 0o644, 0o400, 0o666, 0o755] {
        let sandbox = Sandbox::with_env("A=1\n");
        fs::set_permissions(sandbox.env_file(), fs::Permissions::from_mode(before)).unwrap();
        let owned = std::os::unix::fs::chown(sandbox.env_file(), Some(1234), Some(4321)).is_ok();
        sandbox
            .set(KEY, sandbox.canary())
            .after("umask 027")
            .run()
            .success();
        assert_eq!(mode(&sandbox.env_file()), before);
        if owned {
            let metadata = fs::metadata(sandbox.env_file()).unwrap();
            assert_eq!((metadata.uid(), metadata.gid()), (1234, 4321));
        }
    }
    let sandbox = Sandbox::with_vault();
    sandbox.env_file();
    sandbox.secrets(&["link", "consilio"]).run().success();
    sandbox
        .set(KEY, sandbox.canary())
        .after("umask 000")
        .run()
        .success();
    assert_eq!(mode(&sandbox.env_file()), 0o600);
}

#[test]
fn nothing_is_written_where_nothing_changes() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    for text in [
        format!("{NAME}={value}\n"),
        format!("export {NAME}='{value}' # kept\n"),
        format!("{NAME}=\"{value}\""),
    ] {
        sandbox.write_env(&text);
        let before = fs::metadata(sandbox.env_file()).unwrap();
        let report = json_of(&sandbox.set(KEY, &value).arg("--json").run().success());
        assert_eq!(report["env"]["change"], "unchanged");
        let after = fs::metadata(sandbox.env_file()).unwrap();
        assert_eq!(
            (before.ino(), before.mtime_nsec()),
            (after.ino(), after.mtime_nsec())
        );
        assert_eq!(sandbox.env(), text);
    }
}

#[test]
fn nothing_but_the_env_file_is_left_in_the_project() {
    let sandbox = Sandbox::with_env("A=1\n");
    for _ in 0..3 {
        sandbox.set(KEY, sandbox.canary()).run().success();
    }
    let names: Vec<_> = fs::read_dir(sandbox.work())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, [".env"]);
}

#[test]
fn what_a_killed_run_left_is_taken_away() {
    let sandbox = Sandbox::with_env("A=1\n");
    let leftover = sandbox.allow(sandbox.path("work/.env.secrets-tmp"));
    fs::write(&leftover, "half of a file").unwrap();
    // The sandbox fails a command that leaves it.
    sandbox.set(KEY, sandbox.canary()).run().success();
    assert!(!leftover.exists());
}

#[test]
fn a_file_of_ten_thousand_lines_keeps_them_all() {
    let sandbox = Sandbox::with_env("");
    let before: String = (0..10_000)
        .map(|n| format!("V{n}=\"value # {n}\" # c\n"))
        .collect();
    sandbox.write_env(&before);
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    assert_eq!(sandbox.env(), format!("{before}{NAME}={value}\n"));
}

#[test]
fn a_variable_that_names_another_is_a_value_and_is_kept_first() {
    // What the file says literally is what is lost, so that is what is kept.
    let sandbox = Sandbox::with_env("BASE=x\nSTRIPE_API_KEY=${BASE}-1\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    assert_eq!(sandbox.env(), format!("BASE=x\nSTRIPE_API_KEY={value}\n"));
    assert_eq!(sandbox.get_version(KEY, 1), b"${BASE}-1");
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}
