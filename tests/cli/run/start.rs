//! Which program is started, and with what.

use super::sandbox::{CANARY, Sandbox, stderr, stdout, web};

#[test]
fn no_env_file_is_needed() {
    let sandbox = Sandbox::new();
    std::fs::remove_file(sandbox.path("web/.env")).unwrap();
    let out = sandbox.ok(&web(&["--no-mask", "--", "printenv", "API_KEY"]));
    assert_eq!(out, format!("{CANARY}\n").as_bytes());
    assert!(!sandbox.path("web/.env").exists());
}

#[test]
fn secrets_are_named_by_project_and_by_key_path() {
    let sandbox = Sandbox::new();
    sandbox.set("meta/cloudflare/api_token", b"canary-token", &[]);
    sandbox.set("project/web/tls_key", b"canary-tls", &["--no-env"]);
    let show = "echo ${API_KEY-none} ${API_TOKEN-none} ${TLS_KEY-none}";
    let run = |which: &[&str]| {
        let rest = ["--no-mask", "--", "sh", "-c", show];
        let out = sandbox.ok(&[&["run"], which, &rest].concat());
        String::from_utf8(out).unwrap()
    };
    // A secret that is kept out of env files has the variable that its name gives.
    assert_eq!(
        run(&["--project", "web"]),
        format!("{CANARY} none canary-tls\n")
    );
    assert_eq!(
        run(&["meta/cloudflare/api_token"]),
        "none canary-token none\n"
    );
    assert_eq!(
        run(&[
            "--project",
            "web",
            "meta/cloudflare/api_token",
            "project/web/tls_key"
        ]),
        format!("{CANARY} canary-token canary-tls\n")
    );
    // Named twice is named once.
    assert_eq!(
        run(&["--project", "web", "project/web/api_key"]),
        format!("{CANARY} none canary-tls\n")
    );
}

#[test]
fn the_newest_version_of_what_is_not_removed_is_passed_on() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/api_key", b"canary-second", &[]);
    sandbox.set("project/web/old_key", b"canary-old", &[]);
    sandbox.ok(&["rm", "project/web/old_key"]);
    let show = "echo ${API_KEY-none} ${OLD_KEY-none}";
    let out = sandbox.ok(&web(&["--no-mask", "--", "sh", "-c", show]));
    assert_eq!(out, b"canary-second none\n");
}

#[test]
fn two_secrets_with_one_variable_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.set("meta/stripe/api_key", b"canary-other", &[]);
    let output = sandbox.run(&web(&["meta/stripe/api_key", "--", "true"]));
    assert_eq!(output.status.code(), Some(125));
    assert!(stderr(&output).contains("API_KEY is the variable of both"));
}

#[test]
fn our_own_failures_are_125() {
    let sandbox = Sandbox::new();
    let missing = sandbox.path("nowhere");
    let missing = missing.to_str().unwrap();
    for arguments in [
        &["run", "--bogus", "--", "true"][..],
        &["run", "--", "true"],
        &["run", "--project", "web"],
        &["run", "--project", "WEB!", "--", "true"],
        &["run", "--project", "other", "--", "true"],
        &["run", "project/web/other", "--", "true"],
        &["run", "nonsense", "--", "true"],
        &["--vault", missing, "run", "--project", "web", "--", "true"],
        &[
            "--identity",
            missing,
            "run",
            "--project",
            "web",
            "--",
            "true",
        ],
    ] {
        let output = sandbox.run(arguments);
        assert_eq!(output.status.code(), Some(125), "{arguments:?}");
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).starts_with("secrets: error: "));
    }
    // Without the two dashes a program looks like a key path.
    let output = sandbox.run(&["run", "--project", "web", "true"]);
    assert_eq!(output.status.code(), Some(125));
    assert!(stderr(&output).contains("hint: secrets run --project PROJECT -- CMD\n"));
    let output = sandbox.run(&["--json", "run", "--project", "other", "--", "true"]);
    assert_eq!(output.status.code(), Some(125));
    assert!(stderr(&output).starts_with("{\"error\":{\"code\":\"no_variables\""));
}

#[test]
fn what_cannot_be_executed_is_126_and_what_is_not_there_127() {
    let sandbox = Sandbox::new();
    std::fs::write(sandbox.path("plain"), "text").unwrap();
    sandbox.script("interpreted", "#!/nowhere/sh\n");
    for mask in ["--mask", "--no-mask"] {
        for (program, exit) in [
            ("./plain", 126),
            ("/", 126),
            ("no-such-command", 127),
            ("./no-such-file", 127),
            ("./interpreted", 127),
            ("", 127),
        ] {
            let output = sandbox.run(&web(&[mask, "--", program]));
            assert_eq!(output.status.code(), Some(exit), "{mask} {program}");
            assert!(stderr(&output).starts_with("secrets: error: "));
            assert!(!stderr(&output).contains("canary"));
        }
    }
}

#[test]
fn a_script_without_a_first_line_is_one_for_the_shell() {
    let sandbox = Sandbox::new();
    sandbox.script("script", "echo \"$0 $1 ${API_KEY:+set}\"\n");
    for mask in ["--mask", "--no-mask"] {
        let out = sandbox.ok(&web(&[mask, "--", "./script", "a b"]));
        assert_eq!(out, b"./script a b set\n", "{mask}");
    }
}

#[test]
fn nothing_is_run_from_the_current_directory_unless_it_is_said() {
    let sandbox = Sandbox::new();
    sandbox.script("ls", "#!/bin/sh\necho planted\n");
    sandbox.script("only-here", "#!/bin/sh\necho planted\n");
    std::fs::create_dir(sandbox.path("bin")).unwrap();
    sandbox.script("bin/relative", "#!/bin/sh\necho planted\n");
    for path in [
        "",
        ":/usr/bin:/bin",
        ".:/usr/bin:/bin",
        "/usr/bin:/bin:",
        "bin:/usr/bin:/bin",
    ] {
        let run = |program: &str| {
            sandbox
                .command(&web(&["--", program]))
                .env("PATH", path)
                .output()
                .unwrap()
        };
        assert!(!stdout(&run("ls")).contains("planted\n"), "{path:?}");
        for program in ["only-here", "relative"] {
            let output = run(program);
            assert_eq!(output.status.code(), Some(127), "{path:?}");
            assert!(output.stdout.is_empty());
        }
    }
    let hint = stderr(&sandbox.run(&web(&["--", "only-here"])));
    assert!(hint.contains("hint: the one in this directory is ./only-here"));
    assert_eq!(sandbox.ok(&web(&["--", "./only-here"])), b"planted\n");
}

#[test]
fn dangerous_names_are_refused_before_anything_runs() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/node_options", b"--require=canary", &[]);
    sandbox.set(
        "project/web/preload",
        b"canary.so",
        &["--env-name", "LD_PRELOAD"],
    );
    let output = sandbox.run(&web(&["--", "touch", "it-ran"]));
    assert_eq!(output.status.code(), Some(125));
    let said = stderr(&output);
    assert!(said.contains("these variables change how programs run: NODE_OPTIONS, LD_PRELOAD"));
    assert!(said.contains("--allow-dangerous") && !said.contains("canary"));
    assert!(!sandbox.path("it-ran").exists());
    sandbox.ok(&web(&["--allow-dangerous", "--", "touch", "it-ran"]));
    assert!(sandbox.path("it-ran").exists());
}

#[test]
fn names_that_redirect_and_credentials_of_dangerous_families_pass() {
    let sandbox = Sandbox::new();
    let names = [
        "HTTPS_PROXY",
        "KUBECONFIG",
        "SSL_CERT_FILE",
        "HOME",
        "CARGO_REGISTRY_TOKEN",
        "LD_SDK_KEY",
    ];
    for name in names {
        let key_path = format!("project/web/{}", name.to_lowercase());
        sandbox.set(&key_path, b"canary-value", &[]);
    }
    let output = stdout(&sandbox.run(&web(&["--no-mask", "--", "env"])));
    for name in names {
        assert!(output.contains(&format!("{name}=canary-value\n")), "{name}");
    }
}

#[test]
fn set_says_once_that_run_will_refuse_the_name() {
    let sandbox = Sandbox::new();
    let set = |key_path: &str| {
        let file = sandbox.path("value");
        std::fs::write(&file, "canary-value").unwrap();
        let output = sandbox.run(&[
            "set",
            key_path,
            "-d",
            "Options of the web server",
            "--from-file",
            file.to_str().unwrap(),
        ]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stderr(&output)
    };
    assert!(set("project/web/cargo_build_rustc").contains(
        "warning: CARGO_BUILD_RUSTC makes programs run code: run and export refuse it without --allow-dangerous"
    ));
    assert!(!set("project/web/https_proxy").contains("makes programs run code"));
}

#[test]
fn a_value_that_no_environment_can_carry_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/blob_key", b"canary\0blob", &["--no-env"]);
    let output = sandbox.run(&["run", "project/web/blob_key", "--", "touch", "it-ran"]);
    assert_eq!(output.status.code(), Some(125));
    assert!(stderr(&output).contains("project/web/blob_key holds a NUL byte"));
    assert!(!sandbox.path("it-ran").exists());
}

#[test]
fn bytes_that_are_no_text_come_through() {
    use std::os::unix::ffi::OsStringExt as _;
    let sandbox = Sandbox::new();
    let value = b"canary \xff\xfe \n\r\t'\"$`\\ \n".to_vec();
    sandbox.set("project/web/blob_key", &value, &["--no-env"]);
    let run = [
        "run",
        "project/web/blob_key",
        "--no-mask",
        "--",
        "printenv",
        "BLOB_KEY",
    ];
    let mut out = sandbox.ok(&run);
    assert_eq!(out.pop(), Some(b'\n'));
    assert_eq!(out, std::ffi::OsString::from_vec(value).into_vec());
}

#[test]
fn variables_that_are_too_large_are_named_with_their_size() {
    let sandbox = Sandbox::new();
    sandbox.set("project/web/large_key", &[b'x'; 200_000], &["--no-env"]);
    let output = sandbox.run(&web(&["project/web/large_key", "--no-mask", "--", "true"]));
    // macOS takes a large one as long as the sum is not too large.
    if cfg!(target_os = "linux") {
        assert_eq!(output.status.code(), Some(126));
        assert!(stderr(&output).contains("LARGE_KEY has 200000 bytes"));
    }
}

#[test]
fn clean_passes_nothing_else_on() {
    let sandbox = Sandbox::new();
    let output = sandbox
        .command(&web(&["--clean", "--no-mask", "--", "env"]))
        .env("OTHER", "canary-other")
        .output()
        .unwrap();
    assert_eq!(stdout(&output), format!("API_KEY={CANARY}\n"));
    let output = sandbox
        .command(&web(&["--no-mask", "--", "printenv", "OTHER"]))
        .env("OTHER", "still-there")
        .output()
        .unwrap();
    assert_eq!(stdout(&output), "still-there\n");
}

#[test]
fn the_identity_is_not_passed_on() {
    let sandbox = Sandbox::new();
    let file = std::fs::read_to_string(sandbox.path("identity.txt")).unwrap();
    let key = file.lines().find(|line| line.starts_with("AGE-")).unwrap();
    for mask in ["--mask", "--no-mask"] {
        let output = sandbox
            .command(&web(&[mask, "--", "env"]))
            .env_remove("SECRETS_IDENTITY_FILE")
            .env("SECRETS_IDENTITY", key)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).contains("API_KEY="));
        assert!(!stdout(&output).contains("SECRETS_IDENTITY"));
        assert!(!stdout(&output).contains("AGE-SECRET-KEY"));
    }
}

#[test]
fn the_audit_trail_has_the_reads_and_no_value() {
    let sandbox = Sandbox::new();
    sandbox.ok(&web(&["--", "true"]));
    sandbox.ok(&["export", "web", "--format", "json"]);
    let log = String::from_utf8(sandbox.ok(&["log"])).unwrap();
    assert!(log.contains("run ") && log.contains("export "), "{log}");
    sandbox.assert_nowhere(b"canary-K");
}
