//! A machine that version 0.1.0 of the program set up, used by the present one.
//!
//! `tests/fixtures/upgrade-0.1.0` was made once by the 0.1.0 release and is never made again. It
//! holds a home directory (vault, identity, configuration, state, coding agents' configuration),
//! two projects, and in `before` the coding agents' files as they were before `agent install`. In
//! its text files `@ROOT@` stands for the directory that holds all this and `@PROGRAM@` for the
//! program.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::sandbox::{SECRETS, Sandbox, json_of};

/// Every version that holds a value. Version 2 of `session_key` was made by `rotate`.
const VALUES: &[(&str, u32, &[u8])] = &[
    (
        "project/shop/stripe_api_key",
        1,
        b"Cn1stripeQ7vK2mX9pL4tW8zR",
    ),
    (
        "project/shop/stripe_api_key",
        2,
        b"Cn2stripeZr6Tg1Bv9Ny4Uh8Mj",
    ),
    (
        "project/shop/stripe_api_key",
        3,
        b"Cn3stripe#$Ek5Rx2Da7Lo0Pw3",
    ),
    (
        "project/shop/jwt_secret",
        1,
        b"Cn1jwtHb5Nc3Jd8Fg6Sq2Wm7Y-${PORT}",
    ),
    (
        "project/shop/tls_certificate",
        1,
        b"Cn1certGf4Hs8Kd2Zp6Qw\nCn1certVb9Nm3Xc7Lk1Tr\n",
    ),
    ("project/shop/old_token", 1, b"Cn1oldUy7Ti3Re9Wq5As1Df"),
    ("project/shop/mail_password", 1, b"Cn1mailPo2Lk6Mj4Nh8Bg0Vf"),
    ("project/shop/mail_password", 2, b"Cn2mail it's Cx5Zs9Aq3"),
    ("project/shop/smtp_password", 1, b"Cn2mail it's Cx5Zs9Aq3"),
    ("meta/cloudflare/api_token", 1, b"Cn1metaWe8Rt4Yu6Io2Pa7Sd"),
    ("meta/cloudflare/api_token", 2, b"Cn2metaFg3Hj9Kl5Zx1Cv7Bn"),
    (
        "project/site/session_key",
        1,
        b"8f0f3b204d715df6e65a371f784c9634",
    ),
    (
        "project/site/session_key",
        2,
        b"4d703606b4a985d9e0ebad5e482656e5",
    ),
    ("project/site/blob", 1, b"Cn1blobMq6Wn2Eb8Rv4Tc\xff\0"),
];
/// The secrets that were removed or moved, and their tombstones.
const TOMBSTONES: &[(&str, u32)] = &[
    ("project/shop/old_token", 2),
    ("project/shop/mail_password", 3),
];
/// The values in env files, as one line of text each, for the sandbox to look for.
const CANARIES: &[&str] = &[
    "Cn1stripeQ7vK2mX9pL4tW8zR",
    "Cn2stripeZr6Tg1Bv9Ny4Uh8Mj",
    "Cn3stripe#$Ek5Rx2Da7Lo0Pw3",
    "Cn1jwtHb5Nc3Jd8Fg6Sq2Wm7Y",
    "Cn1certGf4Hs8Kd2Zp6Qw",
    "Cn1certVb9Nm3Xc7Lk1Tr",
    "Cn1oldUy7Ti3Re9Wq5As1Df",
    "Cn1mailPo2Lk6Mj4Nh8Bg0Vf",
    "Cn1metaWe8Rt4Yu6Io2Pa7Sd",
    "Cn2metaFg3Hj9Kl5Zx1Cv7Bn",
    "8f0f3b204d715df6e65a371f784c9634",
    "4d703606b4a985d9e0ebad5e482656e5",
    "Cn1blobMq6Wn2Eb8Rv4Tc",
];
/// The agents that were set up: their names, and the project's directory if it is one's.
const AGENTS: &[(&str, Option<&str>)] = &[
    ("claude", None),
    ("codex", None),
    ("cursor", None),
    ("vscode", None),
    ("gemini", None),
    ("claude", Some("work/shop")),
    ("cursor", Some("work/shop")),
];

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/upgrade-0.1.0")
}

/// The files below a directory, by their paths relative to it.
fn files(below: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut dirs = vec![below.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
            } else {
                let name = path.strip_prefix(below).unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The fixture, moved into a sandbox.
fn machine() -> Sandbox {
    let sandbox = Sandbox::new();
    let root = sandbox.path("");
    let root = root.to_str().unwrap().trim_end_matches('/');
    let place = Sha256::digest(sandbox.vault().as_os_str().as_encoded_bytes());
    let place: String = place[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for (name, bytes) in files(&fixture()) {
        let name = name.to_str().unwrap().replace("@VAULT-HASH@", &place);
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text
                .replace("@PROGRAM@", SECRETS)
                .replace("@ROOT@", root)
                .into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        let path = sandbox.path(&name);
        for dir in path.parent().unwrap().ancestors() {
            if dir.is_dir() {
                break;
            }
            fs::create_dir_all(dir).unwrap();
        }
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    for project in ["shop", "site"] {
        sandbox.allow(sandbox.path(&format!("work/{project}/.env")));
    }
    for canary in CANARIES {
        sandbox.watch_for(canary);
    }
    sandbox
}

fn verify(sandbox: &Sandbox) {
    sandbox.secrets(&["verify"]).run().success();
    sandbox.secrets(&["verify", "--strict"]).run().success();
    sandbox.secrets(&["log", "--verify"]).run().success();
}

#[test]
fn what_0_1_0_stored_is_read_and_nothing_is_changed() {
    let sandbox = machine();
    let before = sandbox.snapshot();
    verify(&sandbox);
    for (key_path, version, value) in VALUES {
        assert_eq!(
            sandbox.get_version(key_path, *version),
            *value,
            "{key_path} {version}"
        );
    }
    for (key_path, tombstone) in TOMBSTONES {
        sandbox
            .secrets(&["get", key_path])
            .fails(1, "entry_removed");
        let history = json_of(
            &sandbox
                .secrets(&["history", key_path, "--json"])
                .run()
                .success(),
        );
        let versions = history.as_array().unwrap();
        let numbers: Vec<u64> = versions
            .iter()
            .map(|one| one["version"].as_u64().unwrap())
            .collect();
        assert!(numbers.contains(&u64::from(*tombstone)), "{history}");
    }
    let deleted = sandbox
        .secrets(&["list", "--names", "--deleted"])
        .run()
        .success();
    deleted.stdout("project/shop/mail_password\nproject/shop/old_token\n");
    for project in ["shop", "site"] {
        sandbox.secrets(&["diff", project]).run().success();
        sandbox.secrets(&["restore", project]).run().success();
    }
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn the_recovery_key_of_0_1_0_opens_the_vault() {
    let sandbox = machine();
    fs::remove_file(sandbox.identity()).unwrap();
    let recovery = sandbox.path("recovery.txt");
    let (key_path, version, value) = VALUES[2];
    let got = sandbox
        .secrets(&[
            "get",
            key_path,
            "--version",
            &version.to_string(),
            "--identity",
        ])
        .arg(recovery)
        .prints_value()
        .run()
        .success();
    assert_eq!(got.get_output().stdout, value);
}

#[test]
fn an_env_file_that_0_1_0_wrote_is_restored_byte_for_byte() {
    let sandbox = machine();
    for project in ["shop", "site"] {
        let file = sandbox.path(&format!("work/{project}/.env"));
        let before = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        sandbox.secrets(&["restore", project, "-q"]).run().success();
        assert_eq!(
            String::from_utf8(before).unwrap(),
            fs::read_to_string(&file).unwrap(),
            "{project}"
        );
    }
    verify(&sandbox);
}

#[test]
fn secrets_of_0_1_0_get_new_versions() {
    let sandbox = machine();
    let value = sandbox.canary();
    sandbox
        .set("project/shop/stripe_api_key", &value)
        .run()
        .success();
    assert_eq!(
        sandbox.get_version("project/shop/stripe_api_key", 4),
        value.as_bytes()
    );
    let env = fs::read_to_string(sandbox.path("work/shop/.env")).unwrap();
    assert!(
        env.contains(&format!("STRIPE_API_KEY={value}\n"))
            || env.contains(&format!("STRIPE_API_KEY='{value}'\n"))
    );
    // The recipe of the last version is in its header.
    sandbox
        .secrets(&["rotate", "project/site/session_key"])
        .run()
        .success();
    let rotated = String::from_utf8(sandbox.get_version("project/site/session_key", 3)).unwrap();
    assert_eq!(rotated.len(), 32);
    assert!(rotated.bytes().all(|byte| byte.is_ascii_hexdigit()));
    // The env file that holds a secret of `meta/` gets its new value too.
    let token = sandbox.canary();
    sandbox
        .secrets(&["rotate", "meta/cloudflare/api_token"])
        .stdin(&token)
        .run()
        .success();
    let env = fs::read_to_string(sandbox.path("work/site/.env")).unwrap();
    assert!(
        env.contains(&format!("CF_API_TOKEN={token}")),
        "CF_API_TOKEN is as it was"
    );
    sandbox
        .secrets(&["rollback", "project/shop/stripe_api_key", "1"])
        .run()
        .success();
    assert_eq!(sandbox.get("project/shop/stripe_api_key"), VALUES[0].2);
    verify(&sandbox);
}

#[test]
fn the_memory_of_0_1_0_notices_that_a_version_is_gone() {
    let sandbox = machine();
    fs::remove_file(sandbox.entry("project/shop/stripe_api_key", 3)).unwrap();
    sandbox
        .secrets(&["get", "project/shop/stripe_api_key"])
        .fails(2, "entry_rolled_back");
    sandbox.secrets(&["verify"]).run().code(1);
}

/// A command about an agent's configuration.
fn agent(sandbox: &Sandbox, verb: &str, name: &str, project: Option<&str>) -> serde_json::Value {
    let mut command = sandbox.secrets(&["agent", verb, name, "--json"]);
    if let Some(project) = project {
        command = command.arg("--project-dir").arg(sandbox.path(project));
    }
    json_of(&command.run().success())
}

fn uninstall_all(sandbox: &Sandbox) {
    for (name, project) in AGENTS {
        agent(sandbox, "uninstall", name, *project);
    }
    let wanted = files(&sandbox.path("before"));
    for (name, bytes) in &wanted {
        let path = sandbox.path("").join(name);
        assert_eq!(
            String::from_utf8_lossy(&fs::read(&path).unwrap()),
            String::from_utf8_lossy(bytes),
            "{}",
            path.display()
        );
    }
    let own = ["home/.config/secrets", "home/.local", "before"];
    for name in files(&sandbox.path("")).keys() {
        let is_own = own.iter().any(|dir| name.starts_with(dir));
        let is_env = name.ends_with(".env") || name == Path::new("recovery.txt");
        assert!(
            is_own || is_env || wanted.contains_key(name),
            "left behind: {}",
            name.display()
        );
    }
}

#[test]
fn what_0_1_0_installed_for_coding_agents_is_uninstalled_to_the_byte() {
    uninstall_all(&machine());
}

#[test]
fn installing_for_coding_agents_again_changes_nothing_the_second_time_and_uninstalls_to_the_byte() {
    let sandbox = machine();
    for (name, project) in AGENTS {
        agent(&sandbox, "install", name, *project);
    }
    for (name, project) in AGENTS {
        let again = agent(&sandbox, "install", name, *project);
        for part in again["parts"].as_array().unwrap() {
            assert_eq!(part["change"], "unchanged", "{name} {project:?} {part}");
        }
    }
    uninstall_all(&sandbox);
}
