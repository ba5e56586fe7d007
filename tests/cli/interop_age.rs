//! Stock `age` and this program open each other's files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::craft::Craft;
use crate::sandbox::{KEY, Sandbox, tool};

const SIZES: [usize; 6] = [1, 255, 256, 64 << 10, (64 << 10) + 1, 1 << 20];

/// `age`, and `rage`, which is another program by somebody else.
fn ages() -> Vec<PathBuf> {
    ["age", "rage"].into_iter().filter_map(tool).collect()
}

fn value(sandbox: &Sandbox, size: usize) -> Vec<u8> {
    let mut value = sandbox.canary().into_bytes();
    value.extend((0..size).map(|at| (at * 31 + at / 256) as u8));
    if size < 64 {
        return value[24..24 + size].to_vec();
    }
    value.truncate(size);
    value
}

fn feed(command: &mut Command, bytes: &[u8]) -> Vec<u8> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn the_one_line_recovery_command_opens_every_entry() {
    let Some(bash) = tool("bash") else { return };
    for age in ages() {
        let sandbox = Sandbox::with_vault();
        let age = age.to_str().unwrap().to_owned();
        for size in SIZES {
            let value = value(&sandbox, size);
            sandbox.store(KEY, &value);
            let version = sandbox.versions(KEY) as u32;
            let line = format!(
                "{age} -d -i <({age} -d -i {} keys/tester.age) entries/{KEY}/{version:04}.age",
                sandbox.identity().display()
            );
            let mut command = Command::new(&bash);
            command.args(["-c", &line]).current_dir(sandbox.vault());
            let plaintext = feed(&mut command, b"");
            assert!(plaintext.ends_with(&value), "{size}");
            let padded = plaintext.len().is_multiple_of(256);
            assert!(padded || size > 64 << 10, "{size}");
            assert!(size <= 64 << 10 || plaintext.len() < size + 1024, "{size}");
            // The MAC is the documented one.
            let (line, body) =
                plaintext.split_at(plaintext.iter().position(|&b| b == b'\n').unwrap() + 1);
            let craft = Craft::member(&sandbox);
            assert_eq!(
                line,
                format!("secrets-entry/1 {}\n", craft.mac(body)).as_bytes()
            );
            let end = body
                .windows(5)
                .position(|window| window == b"\n---\n")
                .unwrap();
            assert_eq!(&body[end + 5..], value);
            let header: toml::Table =
                toml::from_str(std::str::from_utf8(&body[..=end]).unwrap()).unwrap();
            assert_eq!(header["vault"].as_str(), Some(craft.id.as_str()));
            assert_eq!(header["key_path"].as_str(), Some(KEY));
            assert_eq!(header["version"].as_integer(), Some(i64::from(version)));
        }
    }
}

#[test]
fn what_stock_age_makes_by_the_recipe_opens_here() {
    for age in ages() {
        let sandbox = Sandbox::with_vault();
        let craft = Craft::member(&sandbox);
        for (index, size) in SIZES.into_iter().enumerate() {
            let value = value(&sandbox, size);
            let version = index as u32 + 1;
            let plaintext = craft.plaintext(&craft.header(KEY, version), &value);
            let mut command = Command::new(&age);
            command.args(["-a", "-r", &craft.recipient.to_string()]);
            let sealed = feed(&mut command, &plaintext);
            let path = sandbox.entry(KEY, version);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, sealed).unwrap();
            assert_eq!(sandbox.get(KEY), value, "{size} by {}", age.display());
        }
        sandbox.secrets(&["verify"]).run().success();
        sandbox.store(KEY, sandbox.canary());
        assert_eq!(sandbox.versions(KEY), SIZES.len() + 1);
    }
}

#[test]
fn the_mac_key_is_what_openssl_makes_of_the_recipe() {
    let Some(openssl) = tool("openssl") else {
        return;
    };
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    let craft = Craft::member(&sandbox);
    let plaintext = craft.open(&sandbox.entry(KEY, 1));
    let (line, body) = plaintext.split_at(81);
    let hmac = |key: &str, message: &[u8]| {
        let mut command = Command::new(&openssl);
        command.args(["dgst", "-sha256", "-r", "-mac", "HMAC", "-macopt", key]);
        let output = String::from_utf8(feed(&mut command, message)).unwrap();
        output.split_whitespace().next().unwrap().to_owned()
    };
    let key = hmac(&format!("key:{}", craft.secret), b"secrets/1 entry mac");
    let mac = hmac(&format!("hexkey:{key}"), body);
    assert_eq!(line, format!("secrets-entry/1 {mac}\n").as_bytes());
}

#[test]
fn an_identity_of_age_keygen_is_taken_and_a_key_file_of_stock_age_opens() {
    let (Some(keygen), Some(age)) = (tool("age-keygen"), tool("age")) else {
        return;
    };
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
    let made = Command::new(&keygen)
        .arg("-o")
        .arg(sandbox.identity())
        .output()
        .unwrap();
    assert!(made.status.success());
    sandbox.secrets(&["init"]).run().success();
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    // A second member, added by hand.
    let second = sandbox.path("home/second.txt");
    assert!(
        Command::new(&keygen)
            .arg("-o")
            .arg(&second)
            .output()
            .unwrap()
            .status
            .success()
    );
    let text = fs::read_to_string(&second).unwrap();
    let public = text
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "))
        .unwrap();
    let craft = Craft::member(&sandbox);
    let mut command = Command::new(&age);
    let sealed = feed(
        command.args(["-a", "-r", public]),
        format!("{}\n", craft.secret).as_bytes(),
    );
    fs::write(sandbox.vault().join("keys/second.age"), sealed).unwrap();
    let get = sandbox
        .secrets(&["get", KEY, "--identity"])
        .arg(&second)
        .prints_value();
    get.run().success().stdout(value);
    only_age_files_are_armored(&sandbox.vault());
}

fn only_age_files_are_armored(dir: &Path) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            only_age_files_are_armored(&path);
        } else if path.extension().is_some_and(|extension| extension == "age") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(
                text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"),
                "{}",
                path.display()
            );
        }
    }
}
