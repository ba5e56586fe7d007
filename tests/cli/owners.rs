//! One variable of an env file belongs to one live secret, whichever verb writes it.

use std::fs;

use crate::sandbox::{DESCRIPTION, Sandbox};

const ONE: &str = "project/consilio/one";
const TWO: &str = "project/consilio/two";

/// A refusal: exit 2, both secrets are named, and no file changed.
fn is_refused(sandbox: &Sandbox, args: &[&str], names: [&str; 2]) {
    let before = sandbox.snapshot();
    let value = sandbox.canary();
    let failed = sandbox
        .secrets(args)
        .stdin(&value)
        .fails(2, "env_name_taken");
    for name in names {
        failed.says(name);
    }
    assert_eq!(sandbox.snapshot(), before, "{args:?} changed something");
}

/// `one` has lost its variable `ONE` to `two`.
fn taken_over() -> Sandbox {
    let sandbox = Sandbox::with_env("# head\n");
    sandbox.set(ONE, sandbox.canary()).run().success();
    sandbox.secrets(&["rm", ONE]).run().success();
    sandbox
        .set(TWO, sandbox.canary())
        .args(&["--env-name", "ONE"])
        .run()
        .success();
    sandbox
}

#[test]
fn a_removed_secret_does_not_take_its_variable_back() {
    let sandbox = taken_over();
    for args in [
        &["rollback", ONE, "1"][..],
        &["set", ONE, "-d", DESCRIPTION],
        &["generate", ONE, "-d", DESCRIPTION],
        &["set", ONE, "-d", DESCRIPTION, "--dry-run"],
        &["rollback", ONE, "1", "--dry-run"],
    ] {
        is_refused(&sandbox, args, [ONE, TWO]);
    }
    // Removed once more, it leaves the other secret's assignment alone.
    let before = sandbox.env();
    sandbox.secrets(&["rm", ONE]).run().code(1);
    assert_eq!(sandbox.env(), before);
}

#[test]
fn a_secret_that_was_kept_out_of_the_env_file_does_not_take_a_variable_of_another() {
    let sandbox = Sandbox::with_env("");
    sandbox
        .set(ONE, sandbox.canary())
        .arg("--no-env")
        .run()
        .success();
    sandbox
        .set(TWO, sandbox.canary())
        .args(&["--env-name", "ONE"])
        .run()
        .success();
    is_refused(&sandbox, &["set", ONE], [ONE, TWO]);
    is_refused(&sandbox, &["set", ONE, "--env-name", "ONE"], [ONE, TWO]);
    // In the vault alone it may have a new value.
    sandbox
        .set(ONE, sandbox.canary())
        .arg("--no-env")
        .run()
        .success();
    // Another variable is free.
    sandbox
        .set(ONE, sandbox.canary())
        .args(&["--env-name", "OTHER"])
        .run()
        .success();
}

#[test]
fn a_move_does_not_take_a_variable_of_another_project() {
    let sandbox = Sandbox::with_env("");
    let shop = sandbox.path("work/shop");
    fs::create_dir(&shop).unwrap();
    fs::write(sandbox.allow(shop.join(".env")), "").unwrap();
    sandbox
        .secrets(&["link", "shop"])
        .arg(&shop)
        .run()
        .success();
    let owner = "project/shop/other";
    sandbox
        .set(owner, sandbox.canary())
        .args(&["--env-name", "ONE"])
        .run()
        .success();
    sandbox.set(ONE, sandbox.canary()).run().success();
    let target = "project/shop/one";
    is_refused(&sandbox, &["mv", ONE, target], [target, owner]);
    is_refused(&sandbox, &["mv", ONE, target, "--dry-run"], [target, owner]);
    // Without an env file of the new project, too.
    sandbox.secrets(&["unlink", "shop"]).run().success();
    is_refused(&sandbox, &["mv", ONE, target], [target, owner]);
}

#[test]
fn a_move_within_one_file_leaves_the_assignment_where_it_is() {
    let sandbox = Sandbox::with_env("# head\n");
    sandbox.set(ONE, sandbox.canary()).run().success();
    let before = sandbox.env();
    sandbox.secrets(&["mv", ONE, TWO]).run().success();
    assert_eq!(sandbox.env(), before);
    // Two projects that share one file.
    sandbox.secrets(&["link", "shop", "."]).run().success();
    sandbox
        .secrets(&["mv", TWO, "project/shop/two"])
        .run()
        .success();
    assert_eq!(sandbox.env(), before);
}

#[test]
fn another_projects_file_is_refused_and_a_shared_file_has_one_owner_for_a_name() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(ONE, sandbox.canary()).run().success();
    let stranger = "project/other/one";
    let before = sandbox.snapshot();
    sandbox
        .set(stranger, sandbox.canary())
        .args(&["--env-file", ".env"])
        .fails(2, "linked_elsewhere")
        .says("consilio");
    assert_eq!(sandbox.snapshot(), before);
    sandbox.secrets(&["link", "other", "."]).run().success();
    let args = ["set", stranger, "-d", DESCRIPTION];
    is_refused(&sandbox, &args, [stranger, ONE]);
    // The same file by another path is the same file.
    std::os::unix::fs::symlink(sandbox.env_file(), sandbox.path("work/alias.env")).unwrap();
    sandbox.allow(sandbox.path("work/alias.env"));
    sandbox
        .secrets(&["link", "third", "alias.env"])
        .run()
        .success();
    let third = "project/third/one";
    let args = ["set", third, "-d", DESCRIPTION];
    is_refused(&sandbox, &args, [third, ONE]);
}

#[test]
fn a_providers_secret_owns_its_variable_where_it_was_placed() {
    let sandbox = Sandbox::with_env("");
    let provider = "meta/cf/token";
    let place = ["--env-name", "CF_TOKEN", "--env-file", ".env"];
    sandbox
        .set(provider, sandbox.canary())
        .args(&place)
        .run()
        .success();
    let args = ["set", ONE, "-d", DESCRIPTION, "--env-name", "CF_TOKEN"];
    is_refused(&sandbox, &args, [ONE, provider]);
    // Whatever value the file has by now.
    sandbox.write_env(format!("CF_TOKEN={}\n", sandbox.canary()));
    is_refused(&sandbox, &args, [ONE, provider]);
    // And the other way round.
    sandbox.write_env("");
    let sandbox = Sandbox::with_env("");
    sandbox.set(ONE, sandbox.canary()).run().success();
    let args = [
        "set",
        provider,
        "-d",
        DESCRIPTION,
        "--env-name",
        "ONE",
        "--env-file",
        ".env",
    ];
    is_refused(&sandbox, &args, [provider, ONE]);
}

#[test]
fn an_imported_plan_does_not_take_a_variable_of_another_secret() {
    let sandbox = Sandbox::with_env("");
    sandbox
        .set(ONE, sandbox.canary())
        .args(&["--env-name", "SHARED_TOKEN"])
        .run()
        .success();
    // The file's variable is the one of the secret, whatever the plan calls it.
    let value = sandbox.canary();
    sandbox.write_env(format!(
        "# Signs the tickets of the hall\nSHARED_TOKEN={value}\n"
    ));
    sandbox
        .secrets(&["import", "--project", "consilio", "-q"])
        .run()
        .success();
    assert_eq!(sandbox.get(ONE), value.as_bytes());
    assert_eq!(sandbox.versions(ONE), 2);
}
