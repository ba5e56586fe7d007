//! `import` as a whole program: env files in, env files untouched, no value anywhere but in the
//! vault.

mod sandbox;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sandbox::{ENV_FILE, Sandbox, VALUES};

use crate::skipped::skipped;

/// What describes the variables of [`ENV_FILE`] that no comment describes.
const DESCRIBED: &[&str] = &[
    "--describe",
    "JWT_SECRET=Signs the sessions of the shop's customers",
    "--describe",
    "DATABASE_URL=Orders database of the shop",
    "--describe",
    "SMTP_PASSWORD=Mailbox that sends the invoices",
    "--describe",
    "mail.api-key=Mailing lists of the newsletter",
    "--describe",
    "TLS_PRIVATE_KEY=Certificate of the shop's web server",
    "--describe",
    "ADMIN_PASSWORD_HASH=Back office of the shop",
];

fn import_all(sandbox: &Sandbox) {
    let mut arguments = vec!["import", ".env", "--project", "shop"];
    arguments.extend(DESCRIBED);
    sandbox.run(&arguments).code(0);
}

#[test]
fn a_real_env_file_goes_into_the_vault_and_stays_as_it_is() {
    let sandbox = Sandbox::new();
    let env = sandbox.write(".env", ENV_FILE);
    let before = std::fs::metadata(&env).unwrap();
    import_all(&sandbox);
    sandbox.assert_same(&env, ENV_FILE);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let after = std::fs::metadata(&env).unwrap();
        assert_eq!(
            (before.ino(), before.mtime_nsec()),
            (after.ino(), after.mtime_nsec())
        );
    }
    for (key_path, value) in VALUES {
        assert_eq!(sandbox.get(key_path), *value, "{key_path}");
    }
    sandbox.run(&["verify"]).code(0);
    sandbox.run(&["log", "--verify"]).code(0);
    let listed = sandbox.run(&["list", "--names"]).code(0).stdout;
    assert_eq!(listed.lines().count(), VALUES.len());
    let again = sandbox.run(&["import", "--project", "shop"]).code(0);
    assert!(again.stderr.contains("stored 0 of"), "{}", again.stderr);
    assert_eq!(sandbox.run(&["list", "--names"]).code(0).stdout, listed);
    sandbox.assert_no_value_outside_the_vault();

    // The whole file comes back, comments and plain lines too.
    std::fs::remove_file(&env).unwrap();
    sandbox.run(&["restore", "shop"]).code(0);
    // Also a variable that is assigned twice, with each of its values.
    sandbox.assert_same(&env, ENV_FILE);
}

#[test]
fn without_descriptions_nothing_changes_and_what_is_missing_is_said() {
    let sandbox = Sandbox::new();
    let env = sandbox.write(".env", ENV_FILE);
    let before = sandbox.tree();
    let refused = sandbox.run(&["import", "--project", "shop"]).code(2);
    assert_eq!(refused.stdout, "");
    for name in ["JWT_SECRET", "mail.api-key", "ADMIN_PASSWORD_HASH"] {
        assert!(refused.stderr.contains(name), "{}", refused.stderr);
        assert!(
            refused.stderr.contains(&format!("{name}=")),
            "{}",
            refused.stderr
        );
    }
    assert!(
        !refused.stderr.contains("STRIPE_API_KEY"),
        "a comment describes it"
    );
    let dry = sandbox
        .run(&["import", "--project", "shop", "--dry-run"])
        .code(0);
    assert!(dry.stdout.contains("needs a description"));
    assert!(
        dry.stderr.contains("to be described first: 5; --describe"),
        "{}",
        dry.stderr
    );
    let json = sandbox
        .run(&["import", "--project", "shop", "--dry-run", "--json"])
        .code(0);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let variables = report["files"][0]["variables"].as_array().unwrap();
    let class = |name: &str| {
        let all = variables.iter().filter(|one| one["name"] == name);
        all.map(|one| one["class"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(class("STRIPE_API_KEY"), ["secret"]);
    assert_eq!(class("PORT"), ["plain"]);
    assert_eq!(class("SENTRY_DSN"), ["empty"]);
    assert_eq!(class("SLACK_TOKEN"), ["mask"]);
    assert_eq!(class("REDIS_PASSWORD"), ["duplicate", "secret"]);
    assert_eq!(sandbox.tree(), before);
    sandbox.assert_same(&env, ENV_FILE);
    sandbox.assert_no_value_outside_the_vault();
}

#[test]
fn a_file_of_no_project_is_told_the_one_that_its_directory_proposes() {
    let sandbox = Sandbox::new();
    sandbox.write("My Shop/.env.staging", "A_SECRET=canary0001a\n");
    let unnamed = sandbox.run(&["import", "My Shop/.env.staging"]).code(2);
    assert!(
        unnamed.stderr.contains("--project my-shop-staging"),
        "{}",
        unnamed.stderr
    );
}

#[test]
fn a_description_that_holds_the_value_is_refused_without_showing_either() {
    let sandbox = Sandbox::new();
    sandbox.write(".env", "STRIPE_API_KEY=sk_live_canary0001stripe\n");
    let before = sandbox.tree();
    let describe = "STRIPE_API_KEY=Payments with sk_live_canary0001stripe in production";
    let refused = sandbox
        .run(&["import", "--project", "shop", "--describe", describe])
        .code(2);
    assert!(refused.stderr.contains("STRIPE_API_KEY"));
    assert!(!refused.stderr.contains("canary") && !refused.stderr.contains("Payments with"));
    let unknown = "canary0002unknown=Payments in production";
    let refused = sandbox
        .run(&["import", "--project", "shop", "--describe", unknown])
        .code(2);
    assert!(refused.stderr.contains("no env file has the variable"));
    assert_eq!(sandbox.tree(), before);
}

#[test]
fn a_plan_is_written_without_values_filled_in_and_followed() {
    let sandbox = Sandbox::new();
    let env = sandbox.write(".env", ENV_FILE);
    let config = "# my own\n[projects.shop]\nplain = [\"PORT\"] # the web server's\n";
    sandbox.write_config(config);
    sandbox
        .run(&["import", "--project", "shop", "--plan", "plan.toml"])
        .code(0);
    sandbox.assert_no_value_outside_the_vault();
    assert!(!sandbox.vault().exists(), "a plan changes nothing");
    let again = sandbox
        .run(&["import", "--project", "shop", "--plan", "plan.toml"])
        .code(2);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
    let follow = "secrets import --from-plan plan.toml";
    assert!(again.stderr.contains(follow), "{}", again.stderr);

    let plan = sandbox.path("plan.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let unfilled = sandbox.run(&["import", "--from-plan", "plan.toml"]).code(2);
    assert!(
        unfilled.stderr.contains("JWT_SECRET"),
        "{}",
        unfilled.stderr
    );
    // It is filled in where it is, and another plan is no help.
    assert!(unfilled.stderr.contains("in plan.toml") && unfilled.stderr.contains(follow));
    assert!(!unfilled.stderr.contains("--plan "), "{}", unfilled.stderr);
    let mut filled = String::new();
    let mut number = 0;
    for line in text.lines() {
        number += 1;
        let line = match line {
            line if line.starts_with("description = \"\"") => {
                format!("description = \"Number {number} of what the shop needs to run\"")
            }
            line => line.to_owned(),
        };
        filled.push_str(&line);
        filled.push('\n');
    }
    // One secret is declined, one gets another key path.
    let at = filled.find("name = \"JWT_SECRET\"").unwrap();
    let take = at + filled[at..].find("take = true").unwrap();
    filled.replace_range(take..take + 11, "take = false");
    let filled = filled.replace("project/shop/smtp_password", "project/shop/mailbox");
    std::fs::write(&plan, &filled).unwrap();
    sandbox.run(&["import", "--from-plan", "plan.toml"]).code(0);
    assert_eq!(
        sandbox.get("project/shop/mailbox"),
        "canary0004 smtp # pass"
    );
    sandbox.run(&["get", "project/shop/jwt_secret"]).code(1);
    let config = std::fs::read_to_string(sandbox.config()).unwrap();
    assert!(config.starts_with("# my own\n") && config.contains("# the web server's"));
    assert!(config.contains("\"JWT_SECRET\"") && config.contains("\"NODE_ENV\""));
    sandbox.run(&["verify"]).code(0);
    sandbox.assert_same(&env, ENV_FILE);
    sandbox.assert_no_value_outside_the_vault();
}

#[test]
fn a_broken_plan_is_refused_with_its_line_and_nothing_of_it() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "STRIPE_API_KEY=sk_live_canary0001stripe\nPORT=1\nMASK_KEY=changeme\n",
    );
    let before = sandbox.tree();
    let plan = |variable: &str| {
        format!("# plan\n[[file]]\nproject = \"shop\"\nenv_file = \".env\"\n{variable}")
    };
    let variable = |name: &str, key_path: &str, description: &str, take: &str| {
        plan(&format!(
            "[[file.variable]]\nname = \"{name}\"\nkey_path = \"{key_path}\"\n\
             description = \"{description}\"\ntake = {take}\n"
        ))
    };
    let good = "Payments of the shop's customers";
    let path = "project/shop/stripe_api_key";
    for (text, line, says) in [
        (plan("canary\n"), 5, "not TOML"),
        (
            plan("plain = \"canary\"\n"),
            5,
            "not what a plan looks like",
        ),
        (
            plan("[[file.variable]]\nname = \"canary\"\n"),
            5,
            "not what a plan looks like",
        ),
        (
            variable("STRIPE_API_KEY", path, good, "\"canary\""),
            9,
            "take = true or false",
        ),
        (
            variable("CANARY", path, good, "true"),
            6,
            "no such variable",
        ),
        (
            variable("STRIPE_API_KEY", "canary", good, "true"),
            7,
            "not a key path",
        ),
        (
            variable("STRIPE_API_KEY", "project/canary/x", good, "true"),
            7,
            "not one of",
        ),
        (
            variable("STRIPE_API_KEY", path, "canary", "true"),
            6,
            "shorter than",
        ),
        (
            variable(
                "STRIPE_API_KEY",
                path,
                "the key sk_live_canary0001stripe",
                "true",
            ),
            6,
            "contains the value",
        ),
        (
            variable("MASK_KEY", "project/shop/mask_key", good, "true"),
            6,
            "cannot be taken",
        ),
        (
            "[[file]]\nproject = \"Canary X\"\nenv_file = \"\"\n".to_owned(),
            2,
            "not the name",
        ),
    ] {
        std::fs::write(sandbox.path("../plan.toml"), &text).unwrap();
        // The plan lies beside the project; its paths count from where it lies.
        let text = text.replace("\".env\"", "\"project/.env\"");
        std::fs::write(sandbox.path("../plan.toml"), &text).unwrap();
        let refused = sandbox
            .run(&["import", "--from-plan", "../plan.toml"])
            .code(2);
        assert!(
            refused.stderr.contains(&format!("plan.toml:{line}: ")),
            "{}",
            refused.stderr
        );
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
        assert!(
            !refused.stderr.to_lowercase().contains("canary"),
            "{}",
            refused.stderr
        );
        std::fs::remove_file(sandbox.path("../plan.toml")).unwrap();
        assert_eq!(sandbox.tree(), before);
    }
}

#[test]
fn two_variables_of_one_key_path_are_named_and_a_plan_settles_it() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "# Payments of the shop's customers\nstripe.api-key=canary0001one\n\
         # Payments of the shop's dealers\nSTRIPE_API_KEY=canary0001two\n",
    );
    let before = sandbox.tree();
    let refused = sandbox.run(&["import", "--project", "shop"]).code(2);
    for word in [
        "stripe.api-key",
        "STRIPE_API_KEY",
        "project/shop/stripe_api_key",
    ] {
        assert!(refused.stderr.contains(word), "{}", refused.stderr);
    }
    assert_eq!(sandbox.tree(), before);
    sandbox
        .run(&["import", "--project", "shop", "--plan", "plan.toml"])
        .code(0);
    let plan = sandbox.path("plan.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let text = text.replacen("project/shop/stripe_api_key", "project/shop/customers", 1);
    std::fs::write(&plan, text).unwrap();
    sandbox.run(&["import", "--from-plan", "plan.toml"]).code(0);
    assert_eq!(sandbox.get("project/shop/customers"), "canary0001one");
    assert_eq!(sandbox.get("project/shop/stripe_api_key"), "canary0001two");
    sandbox.run(&["verify"]).code(0);
}

#[test]
fn a_project_with_another_env_file_is_refused_and_both_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "# Payments of the shop's customers\nA_SECRET=canary0001a\n",
    );
    sandbox.write(
        ".env.production",
        "# Payments of the shop's customers\nA_SECRET=canary0001b\n",
    );
    sandbox.run(&["import", "--project", "shop"]).code(0);
    let before = sandbox.tree();
    let refused = sandbox
        .run(&["import", ".env.production", "--project", "shop"])
        .code(2);
    assert!(
        refused.stderr.contains("/.env, not to"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("/.env.production"),
        "{}",
        refused.stderr
    );
    let refused = sandbox
        .run(&["import", ".env", "--project", "other"])
        .code(2);
    assert!(
        refused.stderr.contains("project shop already"),
        "{}",
        refused.stderr
    );
    let refused = sandbox.run(&["import", "absent", "--project", "x"]).code(2);
    assert!(
        refused.stderr.contains("does not exist"),
        "{}",
        refused.stderr
    );
    assert_eq!(sandbox.tree(), before);
    // Several files are several projects.
    sandbox
        .run(&["import", ".env", ".env.production", "--project", "shop"])
        .code(0);
    assert_eq!(
        sandbox.get("project/shop-production/a_secret"),
        "canary0001b"
    );
    sandbox.run(&["verify"]).code(0);
}

#[test]
fn a_value_that_the_vault_never_had_is_a_new_version_and_an_old_one_is_left() {
    let sandbox = Sandbox::new();
    let env = sandbox.write(
        ".env",
        "# Payments of the shop's customers\nA_SECRET=canary0001a\n",
    );
    sandbox.run(&["import", "--project", "shop"]).code(0);
    std::fs::write(&env, "A_SECRET=canary0002b\n").unwrap();
    let changed = sandbox.run(&["import"]).code(0);
    assert!(changed.stdout.contains("new version"), "{}", changed.stdout);
    assert_eq!(sandbox.get("project/shop/a_secret"), "canary0002b");
    std::fs::write(&env, "A_SECRET=canary0001a\n").unwrap();
    let older = sandbox.run(&["import"]).code(0);
    assert!(older.stdout.contains("outdated"), "{}", older.stdout);
    assert!(
        older.stderr.contains("this is version 1"),
        "{}",
        older.stderr
    );
    assert_eq!(sandbox.get("project/shop/a_secret"), "canary0002b");
    // What is in the vault without a variable gets its variable.
    std::fs::write(&env, "A_SECRET=canary0002b\nB_SECRET=canary0003c\n").unwrap();
    sandbox.set(
        &[
            "project/shop/b_secret",
            "--no-env",
            "-d",
            "Refunds of customers",
        ],
        "canary0003c",
    );
    sandbox.run(&["verify"]).code(1);
    sandbox.run(&["import"]).code(0);
    sandbox.run(&["verify"]).code(0);
}

#[test]
fn plain_variables_are_taken_with_all() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "# Where the web server of the shop listens\nPORT=3000\nEMPTY=\nMASK=changeme\n",
    );
    sandbox.run(&["import", "--project", "shop"]).code(0);
    assert!(!sandbox.vault().exists(), "nothing to keep, no vault");
    sandbox
        .run(&["import", "--project", "shop", "--all"])
        .code(0);
    assert_eq!(sandbox.get("project/shop/port"), "3000");
    assert_eq!(
        sandbox.run(&["list", "--names"]).code(0).stdout,
        "project/shop/port\n"
    );
}

#[test]
fn a_tree_is_listed_and_imported_by_its_plan() {
    let sandbox = Sandbox::new();
    let files = [
        ("shop/.env", "canary0011"),
        ("shop/.env.production", "canary0012"),
        ("odin/api/.env", "canary0013"),
        ("thor/api/.env", "canary0014"),
    ];
    for (file, value) in files {
        sandbox.write(file, &format!("API_TOKEN={value}\nPORT=1\n"));
    }
    sandbox.write("shop/.env.example", "API_TOKEN=\n");
    sandbox.write("shop/node_modules/x/.env", "API_TOKEN=canary0015\n");
    let before = sandbox.tree();
    let listed = sandbox.run(&["import", "--discover", "."]).code(2);
    for word in ["shop-production", "odin-api", "thor-api", "an example"] {
        assert!(listed.stdout.contains(word), "{}", listed.stdout);
    }
    assert!(!listed.stdout.contains("node_modules"));
    assert_eq!(sandbox.tree(), before);
    sandbox
        .run(&["import", "--discover", ".", "--plan", "plan.toml"])
        .code(0);
    let plan = sandbox.path("plan.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    let text = text.replace(
        "description = \"\"",
        "description = \"Calls between the services\"",
    );
    std::fs::write(&plan, text).unwrap();
    sandbox.run(&["import", "--from-plan", "plan.toml"]).code(0);
    assert_eq!(
        sandbox.get("project/shop-production/api_token"),
        "canary0012"
    );
    assert_eq!(sandbox.get("project/thor-api/api_token"), "canary0014");
    sandbox.run(&["verify"]).code(0);
    // A second look takes the projects from the links.
    let again = sandbox.run(&["import", "--discover", "."]).code(0);
    assert!(again.stdout.contains("thor-api"), "{}", again.stdout);
    sandbox.assert_no_value_outside_the_vault();
}

#[test]
fn what_is_not_certain_is_left_out_and_its_name_is_not_shown() {
    let sandbox = Sandbox::new();
    let env = sandbox.write(
        ".env",
        "# Payments of the shop's customers\nA_SECRET=canary0001a\nB_SECRET=\"canary0002b\n\
         canaryNAME0003=\n",
    );
    let imported = sandbox.run(&["import", "--project", "shop"]).code(0);
    assert!(imported.stderr.contains("line 3"), "{}", imported.stderr);
    let all = format!("{}{}", imported.stdout, imported.stderr);
    assert!(!all.contains("canary"), "{all}");
    assert_eq!(sandbox.get("project/shop/a_secret"), "canary0001a");
    let text = std::fs::read_to_string(&env).unwrap();
    std::fs::write(
        &env,
        [text.as_bytes(), b"C_SECRET=\xff\xfecanary\n"].concat(),
    )
    .unwrap();
    sandbox.run(&["import"]).code(0);
}

/// An env file of so many described secrets.
fn many(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!(
                "# Upstream service number {n} of the cluster\n\
                 SERVICE_{n}_API_KEY=canary{n:04}abcdefgh{n}\n"
            )
        })
        .collect()
}

#[test]
fn a_run_that_was_killed_anywhere_is_finished_by_the_next() {
    let sandbox = Sandbox::new();
    let text = many(400);
    let env = sandbox.write(".env", &text);
    sandbox.run(&["init"]).code(0);
    // How long a whole run takes here, on another vault.
    let other = Sandbox::new();
    other.write(".env", &text);
    let started = std::time::Instant::now();
    other.run(&["import", "--project", "shop"]).code(0);
    let whole = started.elapsed();

    let mut partly = 0;
    for step in 1..=10u32 {
        let mut child = sandbox
            .command(&["import", "--project", "shop"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(whole * step / 11);
        let _ = child.kill();
        child.wait().unwrap();
        sandbox.assert_same(&env, &text);
        let names = sandbox.run(&["list", "--names"]).code(0).stdout;
        let count = names.lines().count();
        partly += usize::from(count > 0 && count < 400);
        // Whatever is there is whole.
        for name in names.lines().take(3) {
            assert!(sandbox.get(name).starts_with("canary"));
        }
        if step % 3 == 0 {
            sandbox.reset_vault();
        }
    }
    println!("{partly} of 10 kills left a part of the secrets");
    sandbox.run(&["import", "--project", "shop"]).code(0);
    sandbox.assert_same(&env, &text);
    sandbox.run(&["verify"]).code(0);
    sandbox.run(&["log", "--verify"]).code(0);
    let names = sandbox.run(&["list", "--names"]).code(0).stdout;
    assert_eq!(names.lines().count(), 400);
    for name in names.lines() {
        let dir = sandbox.vault().join("entries").join(name);
        assert_eq!(std::fs::read_dir(dir).unwrap().count(), 1, "{name}");
    }
}

#[test]
fn a_run_that_was_killed_while_it_named_versions_is_finished_by_the_next() {
    if !has("strace") {
        return skipped("there is no strace to kill at a system call with");
    }
    let text = many(300);
    // The second lot begins with the 257th; a first name is that of the trail.
    for (call, nth, least, most) in [
        ("linkat", 2, 0, 1),
        ("linkat", 100, 90, 100),
        ("syncfs", 2, 250, 257),
        ("linkat", 280, 270, 280),
        ("syncfs", 3, 300, 300),
    ] {
        let sandbox = Sandbox::new();
        let env = sandbox.write(".env", &text);
        sandbox.run(&["init"]).code(0);
        let inject = format!("inject={call}:signal=KILL:when={nth}");
        let arguments = ["strace", "-f", "-o", "/dev/null", "-e", &inject];
        let mut command = sandbox.under(&arguments, &["import", "--project", "shop"]);
        let output = command.output().unwrap();
        if String::from_utf8_lossy(&output.stderr).contains("attach") {
            return skipped("strace may not trace here");
        }
        let count = || {
            sandbox
                .run(&["list", "--names"])
                .code(0)
                .stdout
                .lines()
                .count()
        };
        let versions = || {
            let entries = sandbox.vault().join("entries");
            let tree = sandbox.tree();
            let files = tree.iter().filter(|(path, _)| path.starts_with(&entries));
            files.count()
        };
        assert!(!output.status.success(), "{inject}");
        let left = versions();
        if left > 300 || (call == "syncfs" && left == 0) {
            return skipped("this file system syncs each file");
        }
        assert!((least..=most).contains(&left), "{inject}: {left}");
        sandbox.run(&["import", "--project", "shop"]).code(0);
        assert_eq!((count(), versions()), (300, 300), "{inject}");
        sandbox.assert_same(&env, &text);
        sandbox.run(&["verify"]).code(0);
        sandbox.run(&["log", "--verify"]).code(0);
    }
}

#[test]
fn imports_at_once_agree() {
    let sandbox = Sandbox::new();
    let text = many(60);
    let env = sandbox.write(".env", &text);
    let children: Vec<_> = (0..6)
        .map(|_| {
            let mut command = sandbox.command(&["import", "--project", "shop"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{stderr}");
    }
    sandbox.assert_same(&env, &text);
    sandbox.run(&["verify"]).code(0);
    sandbox.run(&["log", "--verify"]).code(0);
    let names = sandbox.run(&["list", "--names"]).code(0).stdout;
    assert_eq!(names.lines().count(), 60);
}

#[test]
fn the_number_of_syncs_hardly_grows_with_the_number_of_variables() {
    if !has("strace") {
        return skipped("there is no strace to count syncs with");
    }
    let syncs = |count: usize| {
        let sandbox = Sandbox::new();
        let env = sandbox.write(".env", &many(count));
        sandbox.run(&["init"]).code(0);
        let trace = sandbox.path("../trace");
        let mut command = sandbox.under(
            &[
                "strace",
                "-f",
                "-o",
                trace.to_str().unwrap(),
                "-e",
                "trace=fsync,fdatasync,syncfs",
            ],
            &["import", "--project", "shop"],
        );
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        sandbox.assert_same(&env, &many(count));
        sandbox.run(&["verify"]).code(0);
        let trace = std::fs::read_to_string(trace).unwrap();
        trace.lines().filter(|line| line.contains("sync")).count()
    };
    let (few, lots) = (syncs(20), syncs(1000));
    println!("{few} syncs for 20 variables, {lots} for 1000");
    // Where one call for the whole file system cannot be relied on, each file has its own.
    if few > 40 {
        assert!(lots >= 1000, "{lots} syncs for 1000 variables");
        return;
    }
    // One more for each 256, and nothing else.
    assert!(
        lots <= few + 4,
        "{few} syncs for 20 variables, {lots} for 1000"
    );
}

#[test]
fn descriptions_are_asked_for_on_a_terminal_until_they_are_good() {
    if !has("script") {
        return skipped("there is no `script` to make a terminal with");
    }
    let sandbox = Sandbox::new();
    sandbox.write(".env", "A_SECRET=canary0001a\nB_SECRET=canary0002b\n");
    let program = env!("CARGO_BIN_EXE_secrets");
    let line = format!("{program} import --project shop");
    let mut child = sandbox
        .under(&["script", "-qec", &line, "/dev/null"], &[])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let answers = "short\nPayments of the shop's customers\nRefunds of the shop's customers\n";
    std::io::Write::write_all(&mut stdin, answers.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{shown}");
    assert!(
        shown.contains("A_SECRET (line 1") && shown.contains("shorter than"),
        "{shown}"
    );
    assert!(!shown.contains("canary"), "{shown}");
    let list = sandbox.run(&["list"]).code(0).stdout;
    assert!(
        list.contains("Payments of the shop's") && list.contains("Refunds of"),
        "{list}"
    );
}

fn has(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|dir: PathBuf| Path::new(&dir).join(program).is_file())
    })
}

#[test]
fn in_ci_nothing_is_made_on_the_way() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".env",
        "# Payments of the shop's customers\nA_SECRET=canary0001a\n",
    );
    let before = sandbox.tree();
    let output = Command::env(
        &mut sandbox.command(&["import", "--project", "shop"]),
        "CI",
        "1",
    )
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(sandbox.tree(), before);
}
