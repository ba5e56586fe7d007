//! Which variables of a project a program gets: plain lines, references, secrets without a line.

use std::fs;

use super::sandbox::{Sandbox, stderr};

/// A project whose env file was imported, and is gone.
fn imported(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path("shop")).unwrap();
    fs::write(sandbox.path("shop/.env"), text).unwrap();
    let env = sandbox.path("shop/.env");
    let env = env.to_str().unwrap();
    let describe = |name: &str| format!("{name}=Payments of the corner shop");
    let (app, jwt) = (describe("APP_KEY"), describe("JWT_SECRET"));
    let mut args = vec!["import", env, "--project", "shop"];
    for (name, one) in [("APP_KEY", &app), ("JWT_SECRET", &jwt)] {
        if text.contains(&format!("{name}=")) {
            args.extend(["--describe", one.as_str()]);
        }
    }
    sandbox.ok(&args);
    fs::remove_file(env).unwrap();
    sandbox
}

fn shown(sandbox: &Sandbox, more: &[&str], names: &str) -> String {
    let show: String = names
        .split(' ')
        .map(|name| format!("echo \"{name}=${{{name}-unset}}\"; "))
        .collect();
    let args = [
        &["run", "--project", "shop"],
        more,
        &["--no-mask", "--", "sh", "-c", &show],
    ];
    String::from_utf8(sandbox.ok(&args.concat())).unwrap()
}

#[test]
fn plain_lines_are_passed_on_unless_only_secrets_are_asked_for() {
    let sandbox = imported("PORT=3000\nAPP_KEY=canary9fQ2mZx81LpVw\nTITLE='My shop'\n");
    assert_eq!(
        shown(&sandbox, &[], "PORT APP_KEY TITLE"),
        "PORT=3000\nAPP_KEY=canary9fQ2mZx81LpVw\nTITLE=My shop\n"
    );
    assert_eq!(
        shown(&sandbox, &["--secrets-only"], "PORT APP_KEY TITLE"),
        "PORT=unset\nAPP_KEY=canary9fQ2mZx81LpVw\nTITLE=unset\n"
    );
    let json = sandbox.ok(&["export", "shop", "--format", "json"]);
    assert!(String::from_utf8(json).unwrap().contains("\"PORT\""));
    let json = sandbox.ok(&["export", "shop", "--format", "json", "--secrets-only"]);
    assert!(!String::from_utf8(json).unwrap().contains("\"PORT\""));
}

#[test]
fn a_value_that_refers_to_others_is_what_the_readers_make_of_it() {
    let sandbox = imported(
        "APP_KEY=canary9fQ2mZx81LpVw\nJWT_SECRET=\"${APP_KEY}-jwt\"\nURL=\"http://${HOST_NAME}/\"\n",
    );
    // Which programs read the file is said by its directory.
    fs::write(
        sandbox.path("shop/start.sh"),
        "#!/bin/sh\nset -a\n. ./.env\n",
    )
    .unwrap();
    let out = shown(&sandbox, &[], "JWT_SECRET URL");
    assert_eq!(
        out,
        "JWT_SECRET=canary9fQ2mZx81LpVw-jwt\nURL=http://${HOST_NAME}/\n"
    );
    // The newest value is followed.
    sandbox.set("project/shop/app_key", b"canary-new-9fQ2mZx8", &[]);
    let out = shown(&sandbox, &[], "JWT_SECRET");
    assert_eq!(out, "JWT_SECRET=canary-new-9fQ2mZx8-jwt\n");
    let args = ["run", "--project", "shop", "--no-mask", "--", "true"];
    let output = sandbox.command(&args).output().unwrap();
    let said = stderr(&output);
    assert!(said.contains("URL refers to other variables"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn a_plain_line_that_makes_programs_run_code_is_left_out() {
    let sandbox = imported(
        "NODE_OPTIONS=--max-old-space-size=64\nAPP_KEY=canary9fQ2mZx81LpVw\nHTTP_PROXY=http://proxy:8080\n",
    );
    let args = [
        "run",
        "--project",
        "shop",
        "--no-mask",
        "--",
        "printenv",
        "HTTP_PROXY",
    ];
    let output = sandbox
        .command(&args)
        .env_remove("NODE_OPTIONS")
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"http://proxy:8080\n");
    assert!(stderr(&output).contains("NODE_OPTIONS is left out"));
    let out = shown(&sandbox, &["--allow-dangerous"], "NODE_OPTIONS");
    assert_eq!(out, "NODE_OPTIONS=--max-old-space-size=64\n");
}

#[test]
fn what_no_variable_can_hold_is_left_out_and_refused_when_it_is_named() {
    let sandbox = imported("PORT=3000\nAPP_KEY=canary9fQ2mZx81LpVw\n");
    sandbox.set("project/shop/blob", b"canary\0bytes", &["--no-env"]);
    let args = [
        "run",
        "--project",
        "shop",
        "--no-mask",
        "--",
        "printenv",
        "PORT",
    ];
    let output = sandbox.command(&args).output().unwrap();
    assert_eq!(output.stdout, b"3000\n");
    assert!(stderr(&output).contains("project/shop/blob is left out"));
    let args = ["run", "project/shop/blob", "--no-mask", "--", "true"];
    let output = sandbox.command(&args).output().unwrap();
    assert_eq!(output.status.code(), Some(125));
}
