//! Exit 3: the vault has it, the env file does not; and the command that finishes the job.
//!
//! The causes are such that stop root as well, for whom permissions do not bind.

use std::fs;
use std::process::Command;

use crate::sandbox::{KEY, NAME, Run, SECRETS, Sandbox, skipped, tool};

/// Fails with exit 3, both spoken and in JSON; the vault has the value, and `mend` followed by the
/// command that the hint names finishes the job.
fn half_done(sandbox: &Sandbox, value: &str, run: Run<'_>, why: &str, mend: impl FnOnce()) {
    let failed = run.fails(3, "env_behind");
    failed.says("is in the vault").says(why);
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert!(
        !fs::read_to_string(sandbox.env_file())
            .unwrap_or_default()
            .contains(value)
    );
    mend();
    let hint = failed.hints.last().unwrap();
    let command = hint.split_once("finishes it: ").unwrap().1;
    sandbox.script("secrets", &format!("#!/bin/sh\nexec {SECRETS} \"$@\"\n"));
    let mut shell = Command::new("/bin/sh");
    let path = format!("{}:/usr/bin:/bin", sandbox.path("bin").display());
    shell
        .args(["-c", command])
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", path);
    let output = shell.current_dir("/").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command}: {said}");
    sandbox.check_text("the output of the hinted command", &output.stdout);
    sandbox.check_text("the output of the hinted command", &output.stderr);
    assert_eq!(sandbox.versions(KEY), 1, "finishing makes no version");
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    let read = dotenvy::from_path_iter(sandbox.env_file()).unwrap();
    assert!(
        read.map(Result::unwrap)
            .any(|(name, read)| name == NAME && read == value)
    );
}

#[test]
fn a_link_that_cannot_be_remembered() {
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.env_file();
    let value = sandbox.canary();
    let blocked = sandbox.path("home/blocked");
    fs::write(&blocked, "a file where a directory should be").unwrap();
    let set = || {
        let set = sandbox.set(KEY, &value).args(&["--env-file", ".env"]);
        set.var("SECRETS_CONFIG", blocked.join("config.toml"))
    };
    // Vault and env file have it; only the memory of the link is missing.
    let failed = set().fails(3, "link_unfinished");
    failed.says("secrets link consilio");
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert!(sandbox.env().contains(&value));
    fs::remove_file(&blocked).unwrap();
    set().run().success();
}

#[test]
fn a_value_that_a_reader_misreads_in_every_form_is_refused_before_it_is_stored() {
    let sandbox = Sandbox::with_env("A=1\n");
    sandbox.configure("readers = [\"docker\"]\n");
    let value = format!("{}\nsecond line", sandbox.canary());
    let failed = sandbox.set(KEY, &value).fails(2, "value_would_be_misread");
    failed.says("docker").says("--no-env");
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "A=1\n");
}

#[test]
fn a_misread_that_is_allowed_is_written() {
    let sandbox = Sandbox::with_env("A=1\n");
    let link = fs::read_to_string(sandbox.config()).unwrap();
    fs::write(sandbox.config(), format!("{link}readers = [\"docker\"]\n")).unwrap();
    let value = format!("{}\nsecond line", sandbox.canary());
    let failed = sandbox.set(KEY, &value).fails(2, "value_would_be_misread");
    failed.says("--allow-misread");
    sandbox
        .set(KEY, &value)
        .arg("--allow-misread")
        .run()
        .success();
    assert_eq!(sandbox.finding_kinds(), ["misread"]);
}

#[test]
fn a_misread_that_is_allowed_takes_the_place_of_the_old_value() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.configure("readers = [\"docker\"]\n");
    let value = format!("{}\nsecond line", sandbox.canary());
    let before = sandbox.env();
    sandbox.set(KEY, &value).fails(2, "value_would_be_misread");
    assert_eq!(sandbox.env(), before);
    sandbox
        .set(KEY, &value)
        .arg("--allow-misread")
        .run()
        .success();
    let written = value.replace('\n', "\\n");
    assert_eq!(sandbox.env(), format!("{NAME}=\"{written}\"\n"));
    assert_eq!(sandbox.finding_kinds(), ["misread"]);
}

#[test]
fn a_line_ending_that_a_named_shell_takes_for_a_part_of_the_value() {
    let sandbox = Sandbox::with_env("A=1\r\n");
    sandbox.configure("readers = [\"bash\", \"dotenvy\"]\n");
    let value = sandbox.canary();
    let failed = sandbox.set(KEY, &value).fails(2, "value_would_be_misread");
    failed.says("bash would misread it because of what stands around it");
    assert_eq!(sandbox.env(), "A=1\r\n");
    assert_eq!(sandbox.versions(KEY), 0);
    sandbox
        .set(KEY, &value)
        .arg("--allow-misread")
        .run()
        .success();
    let env = sandbox.env();
    assert!(env.starts_with("A=1\r\n") && env.ends_with(&format!("={value}\r\n")));
    assert_eq!(sandbox.finding_kinds(), ["misread"]);
}

#[test]
fn a_file_that_must_not_grow() {
    let sandbox = Sandbox::on_disk().and_vault();
    let before = "# a comment that is long enough\n".repeat(500);
    sandbox.write_env(&before);
    sandbox.secrets(&["link", "consilio"]).run().success();
    let value = sandbox.canary();
    // An entry is smaller than 8 KiB, the env file is larger.
    let set = sandbox.set(KEY, &value).after("trap '' XFSZ; ulimit -f 16");
    half_done(&sandbox, &value, set, "large", || {});
    assert_eq!(sandbox.env(), format!("{before}{NAME}={value}\n"));
}

#[test]
fn a_file_that_may_not_be_changed() {
    let Some(chattr) = tool("chattr") else { return };
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.write_env("A=1\n");
    sandbox.secrets(&["link", "consilio"]).run().success();
    let attribute = |change: &str| {
        let mut command = Command::new(&chattr);
        command.arg(change).arg(sandbox.env_file());
        command.output().is_ok_and(|output| output.status.success())
    };
    if !attribute("+i") {
        return skipped("this file system or this user has no immutable files");
    }
    let value = sandbox.canary();
    let set = sandbox.set(KEY, &value);
    let check = std::panic::AssertUnwindSafe(|| {
        half_done(&sandbox, &value, set, ".env", || {
            attribute("-i");
        });
    });
    let result = std::panic::catch_unwind(check);
    attribute("-i");
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
}

#[test]
fn a_vault_that_cannot_be_written_is_exit_2_and_leaves_the_env_file_alone() {
    let sandbox = Sandbox::with_env("A=1\n");
    let entries = sandbox.vault().join("entries/project/consilio");
    fs::write(&entries, "a file where a directory should be").unwrap();
    sandbox.set(KEY, sandbox.canary()).run().code(2);
    fs::remove_file(entries).unwrap();
    let large = sandbox
        .set(KEY, "y".repeat(100_000))
        .after("trap '' XFSZ; ulimit -f 16");
    large.run().code(2);
    assert_eq!(sandbox.env(), "A=1\n");
    assert_eq!(sandbox.versions(KEY), 0);
    // Empty directories may be left; they are nothing to anybody.
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout("");
    sandbox.secrets(&["get", KEY]).fails(1, "entry_not_found");
    sandbox.secrets(&["verify"]).run().success();
}
