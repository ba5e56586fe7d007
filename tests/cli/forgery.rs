//! Somebody else can write to the vault: what they forge, swap, cut or replay is refused, each with
//! its own code, and `verify` names each.

use std::fs;
use std::path::Path;

use crate::craft::{self, Craft};
use crate::sandbox::{KEY, Sandbox};

const OTHER: &str = "project/consilio/other";

/// `get` fails with this code and `verify` finds exactly this, and nothing panics.
fn refused(sandbox: &Sandbox, key_path: &str, code: &str, kind: &str) {
    sandbox.secrets(&["get", key_path]).fails(2, code);
    // A list is a view: it warns.
    let list = sandbox.secrets(&["list"]).run().success();
    list.stderr(predicates::str::contains("secrets: warning: "));
    assert_eq!(sandbox.finding_kinds(), [kind], "{code}");
    let set = sandbox.set(key_path, sandbox.canary()).arg("--no-env");
    set.fails(2, code);
}

/// A vault with two secrets; the first has two versions.
fn two() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    sandbox.store(KEY, sandbox.canary());
    sandbox.store(OTHER, sandbox.canary());
    sandbox
}

#[test]
fn a_vault_shows_names_and_nothing_else() {
    let sandbox = Sandbox::with_vault();
    let description = "Zebrafish ledger of the shop";
    let set = ["set", KEY, "--no-env", "-d", description];
    sandbox
        .secrets(&set)
        .stdin(sandbox.canary())
        .run()
        .success();
    fn all(dir: &Path) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            bytes.extend(path.to_str().unwrap().as_bytes());
            bytes.extend(match path.is_dir() {
                true => all(&path),
                false => fs::read(&path).unwrap(),
            });
        }
        bytes
    }
    let seen = all(&sandbox.vault());
    // The value is for the sandbox to look for, as after every command.
    let word = |word: &str| {
        seen.windows(word.len())
            .any(|found| found == word.as_bytes())
    };
    assert!(word("stripe_api_key") && !word("Zebrafish") && !word("STRIPE"));
    // It is there for those who have the key.
    let list = sandbox.secrets(&["list"]).run().success();
    assert!(String::from_utf8_lossy(&list.get_output().stdout).contains(description));
}

#[test]
fn an_entry_of_another_secret_is_misplaced() {
    let sandbox = two();
    fs::copy(sandbox.entry(KEY, 1), sandbox.entry(OTHER, 1)).unwrap();
    refused(&sandbox, OTHER, "entry_misplaced", "misplaced");
}

#[test]
fn an_older_version_under_a_newer_name_is_misplaced() {
    let sandbox = two();
    fs::copy(sandbox.entry(KEY, 1), sandbox.entry(KEY, 2)).unwrap();
    refused(&sandbox, KEY, "entry_misplaced_version", "misplaced");
    let sandbox = two();
    fs::copy(sandbox.entry(KEY, 1), sandbox.entry(KEY, 3)).unwrap();
    refused(&sandbox, KEY, "entry_misplaced_version", "misplaced");
}

#[test]
fn an_entry_made_with_the_public_key_alone_is_forged() {
    let sandbox = two();
    let craft = Craft::stranger(&sandbox);
    let plaintext = craft.plaintext(&craft.header(KEY, 2), b"NODE_OPTIONS=--require=/tmp/x.js");
    craft.put(&sandbox.entry(KEY, 2), &plaintext);
    refused(&sandbox, KEY, "entry_forged", "forged");
    // Nor does a new secret of theirs reach an env file.
    let sandbox = two();
    let craft = Craft::stranger(&sandbox);
    let plaintext = craft.plaintext(&craft.header("project/consilio/bash_env", 1), b"/tmp/x");
    craft.put(&sandbox.entry("project/consilio/bash_env", 1), &plaintext);
    refused(
        &sandbox,
        "project/consilio/bash_env",
        "entry_forged",
        "forged",
    );
}

#[test]
fn the_mac_has_one_form() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let body = format!("{}---\nvalue", craft.header(KEY, 1)).into_bytes();
    let mac = craft.mac(&body);
    let with = |line: &str, body: &[u8]| [line.as_bytes(), body].concat();
    craft.put(
        &sandbox.entry(KEY, 1),
        &with(&format!("secrets-entry/1 {mac}\n"), &body),
    );
    assert_eq!(sandbox.get(KEY), b"value");
    let line = format!("secrets-entry/1 {mac}\n");
    for (what, plaintext, code) in [
        (
            "upper case",
            with(&line.to_uppercase(), &body),
            "entry_malformed",
        ),
        (
            "upper-case hex",
            with(&format!("secrets-entry/1 {}\n", mac.to_uppercase()), &body),
            "entry_malformed",
        ),
        (
            "given twice",
            with(&format!("{line}{line}"), &body),
            "entry_forged",
        ),
        (
            "given twice in a line",
            with(&format!("secrets-entry/1 {mac} {mac}\n"), &body),
            "entry_malformed",
        ),
        (
            "CRLF",
            with(&format!("secrets-entry/1 {mac}\r\n"), &body),
            "entry_malformed",
        ),
        (
            "blank behind",
            with(&format!("secrets-entry/1 {mac} \n"), &body),
            "entry_malformed",
        ),
        (
            "blank before",
            with(&format!(" {line}"), &body),
            "entry_malformed",
        ),
        (
            "two blanks",
            with(&format!("secrets-entry/1  {mac}\n"), &body),
            "entry_malformed",
        ),
        (
            "another version",
            with(&format!("secrets-entry/2 {mac}\n"), &body),
            "entry_malformed",
        ),
        (
            "cut",
            with(&format!("secrets-entry/1 {}\n", &mac[..63]), &body),
            "entry_malformed",
        ),
        (
            "longer",
            with(&format!("secrets-entry/1 {mac}0\n"), &body),
            "entry_malformed",
        ),
        ("none", body.clone(), "entry_malformed"),
        ("empty", Vec::new(), "entry_malformed"),
        (
            "zeros",
            with(&format!("secrets-entry/1 {}\n", "0".repeat(64)), &body),
            "entry_forged",
        ),
        (
            "trailing newline",
            [&with(&line, &body)[..], b"\n"].concat(),
            "entry_forged",
        ),
        (
            "trailing NUL",
            [&with(&line, &body)[..], b"\0"].concat(),
            "entry_forged",
        ),
        (
            "cut body",
            with(&line, &body[..body.len() - 1]),
            "entry_forged",
        ),
        (
            "byte order mark",
            [b"\xef\xbb\xbf", &with(&line, &body)[..]].concat(),
            "entry_malformed",
        ),
    ] {
        craft.put(&sandbox.entry(KEY, 1), &plaintext);
        let failed = sandbox.secrets(&["get", KEY]).fails(2, code);
        assert!(failed.message.contains("0001.age"), "{what}");
    }
}

#[test]
fn a_header_that_is_wrong_is_malformed_although_its_mac_is_right() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let header = craft.header(KEY, 1);
    for (what, body) in [
        ("no end", header.clone()),
        ("no value", format!("{header}---\n")),
        ("not TOML", format!("{header}= =\n---\nvalue")),
        ("a field is missing", "version = 1\n---\nvalue".to_owned()),
        (
            "a version below one",
            format!(
                "{}---\nvalue",
                header.replace("version = 1", "version = -1")
            ),
        ),
        (
            "a tombstone with a value",
            format!("{header}removed = true\n---\nvalue"),
        ),
    ] {
        craft.put(&sandbox.entry(KEY, 1), &craft.signed(body.as_bytes()));
        let failed = sandbox.secrets(&["get", KEY]).fails(2, "entry_malformed");
        assert!(!failed.message.contains("value ="), "{what}");
    }
    craft.put(
        &sandbox.entry(KEY, 1),
        &craft.plaintext(&craft.header(KEY, 2), b"x"),
    );
    sandbox
        .secrets(&["get", KEY])
        .fails(2, "entry_misplaced_version");
}

#[test]
fn an_entry_of_another_vault_is_foreign() {
    let sandbox = two();
    let other = two();
    // Encrypted to the other vault's key: this one does not open it.
    fs::copy(other.entry(KEY, 2), sandbox.entry(KEY, 2)).unwrap();
    refused(&sandbox, KEY, "age_not_for_us", "unreadable");
    // Made by somebody who has the key of both, for the other vault.
    let sandbox = two();
    let craft = Craft::member(&sandbox);
    let header = craft
        .header(KEY, 2)
        .replace(&craft.id, "00000000000000000000000000000000");
    craft.put(&sandbox.entry(KEY, 2), &craft.plaintext(&header, b"x"));
    refused(&sandbox, KEY, "entry_foreign", "misplaced");
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn an_older_copy_of_the_vault_is_noticed_where_the_newer_was_seen() {
    let sandbox = Sandbox::with_vault();
    let old = sandbox.canary();
    sandbox.store(KEY, &old);
    let backup = sandbox.path("home/backup");
    copy_dir(&sandbox.vault(), &backup);
    sandbox.store(KEY, sandbox.canary());
    fs::remove_dir_all(sandbox.vault()).unwrap();
    copy_dir(&backup, &sandbox.vault());
    refused(&sandbox, KEY, "entry_rolled_back", "rolled_back");
    sandbox
        .secrets(&["get", KEY, "--version", "1"])
        .fails(2, "entry_rolled_back");
    // A machine without a memory cannot know.
    fs::remove_dir_all(sandbox.state()).unwrap();
    assert_eq!(sandbox.get(KEY), old.as_bytes());
}

#[test]
fn a_vanished_secret_is_noticed() {
    let sandbox = two();
    fs::remove_dir_all(sandbox.entry(KEY, 1).parent().unwrap()).unwrap();
    sandbox.secrets(&["get", KEY]).fails(2, "entry_rolled_back");
    assert_eq!(sandbox.finding_kinds(), ["rolled_back"]);
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .fails(2, "entry_rolled_back");
    let sandbox = two();
    fs::remove_file(sandbox.entry(KEY, 2)).unwrap();
    refused(&sandbox, KEY, "entry_rolled_back", "rolled_back");
}

#[test]
fn another_vault_in_the_place_of_the_known_one_is_refused() {
    let sandbox = two();
    let manifest = sandbox.vault().join("vault.toml");
    let before = fs::read_to_string(&manifest).unwrap();
    let id = "0123456789abcdef0123456789abcdef";
    fs::write(&manifest, format!("format = 1\nid = \"{id}\"\n")).unwrap();
    for args in [&["get", KEY][..], &["list"], &["verify"], &["init"]] {
        let failed = sandbox.secrets(args).fails(2, "vault_replaced");
        failed.says(id).says(before.split('"').nth(1).unwrap());
    }
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .fails(2, "vault_replaced");
    fs::write(&manifest, before).unwrap();
    sandbox.secrets(&["verify"]).run().success();
}

#[test]
fn a_replaced_key_file_is_refused_and_both_fingerprints_are_named() {
    let sandbox = two();
    let known = Craft::member(&sandbox).recipient.to_string();
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    let member = identity
        .lines()
        .find_map(|line| line.strip_prefix("# public key: "))
        .unwrap();
    let theirs = age::x25519::Identity::generate();
    let secret = age::secrecy::ExposeSecret::expose_secret(&theirs.to_string()).to_owned();
    // Whoever knows a member's public key can wrap a key of their own for them.
    let sealed = craft::seal(format!("{secret}\n").as_bytes(), &member.parse().unwrap());
    fs::write(sandbox.vault().join("keys/tester.age"), sealed).unwrap();
    for args in [&["get", KEY][..], &["list"], &["verify"], &["init"]] {
        let failed = sandbox.secrets(args).fails(2, "vault_key_changed");
        failed.says(&known).says(&theirs.to_public().to_string());
        assert!(!format!("{failed:?}").contains("AGE-SECRET-KEY"));
    }
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .fails(2, "vault_key_changed");
}

#[test]
fn plugins_are_never_run() {
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.store(KEY, sandbox.canary());
    let mark = sandbox.path("home/mark");
    let script = format!("#!/bin/sh\necho \"$0 $@\" >> {}\n", mark.display());
    for name in ["age-plugin-x", "age-plugin-yubikey", "age-plugin-batchpass"] {
        let path = sandbox.script(name, &script);
        // The trap works: run by hand it leaves a mark.
        assert!(std::process::Command::new(path).status().unwrap().success());
        fs::remove_file(&mark).unwrap();
    }
    let before = fs::read_to_string(sandbox.identity()).unwrap();
    for identity in [
        "AGE-PLUGIN-X-1QQPQQQQQ".to_owned(),
        "AGE-PLUGIN-../../X-1QQPQQQQQ".to_owned(),
        format!("{before}AGE-PLUGIN-YUBIKEY-1Q9PTSG\n"),
        "age1yubikey1q2w3e".to_owned(),
        "AGE-SECRET-KEY-PQ-1QQQQ".to_owned(),
    ] {
        fs::write(sandbox.identity(), &identity).unwrap();
        sandbox.secrets(&["get", KEY]).fails(2, "identity_broken");
        let get = sandbox
            .secrets(&["get", KEY])
            .var("SECRETS_IDENTITY", &identity);
        get.fails(2, "identity_broken");
    }
    fs::write(sandbox.identity(), before).unwrap();
    // A stanza of a plugin in the header of an entry and of a key file.
    let sealed = "age-encryption.org/v1\n-> x AAAA\nAAAA\n--- AAAA\n";
    fs::write(sandbox.entry(KEY, 1), sealed).unwrap();
    sandbox.secrets(&["get", KEY]).run().code(2);
    fs::write(sandbox.vault().join("keys/tester.age"), sealed).unwrap();
    sandbox.secrets(&["get", KEY]).run().code(2);
    assert!(
        !mark.exists(),
        "a plugin ran: {}",
        fs::read_to_string(&mark).unwrap()
    );
}

#[test]
fn foreign_bytes_anywhere_are_an_error_with_a_code_and_never_a_panic() {
    let sandbox = two();
    let path = sandbox.entry(KEY, 2);
    let sealed = fs::read(&path).unwrap();
    let codes = [
        "age_armor",
        "age_header",
        "age_not_for_us",
        "age_payload",
        "entry_malformed",
        "entry_forged",
    ];
    let mut seen = std::collections::BTreeSet::new();
    let mut check = |what: String, bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let done = sandbox
            .secrets(&["get", KEY, "--json"])
            .prints_value()
            .run();
        let output = done.get_output();
        if output.status.success() {
            // Only what says the same in other words may still open.
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.contains(KEY), "{what}");
            return;
        }
        assert_eq!(output.status.code(), Some(2), "{what}");
        let failed = crate::sandbox::Failed::of(done);
        assert!(codes.contains(&failed.code.as_str()), "{what}: {failed:?}");
        seen.insert(failed.code);
    };
    let armored = |bytes: &[u8]| {
        let mut armor =
            age::armor::ArmoredWriter::wrap_output(Vec::new(), age::armor::Format::AsciiArmor)
                .unwrap();
        std::io::Write::write_all(&mut armor, bytes).unwrap();
        armor.finish().unwrap()
    };
    let mut binary = Vec::new();
    std::io::Read::read_to_end(
        &mut age::armor::ArmoredReader::new(&sealed[..]),
        &mut binary,
    )
    .unwrap();
    assert_eq!(armored(&binary).trim_ascii(), sealed.trim_ascii());
    // The armor, every 37th byte; the binary inside it, every part of the header and on.
    for at in (0..sealed.len()).step_by(37) {
        for with in [b'!', 0, 0xff, b'\n'] {
            let mut bytes = sealed.clone();
            bytes[at] = with;
            check(format!("armor {at} {with}"), &bytes);
        }
        check(format!("armor cut {at}"), &sealed[..at]);
    }
    let header = binary
        .windows(4)
        .position(|window| window == b"--- ")
        .unwrap()
        + 48;
    let places = (0..header + 20)
        .step_by(7)
        .chain((header + 20..binary.len()).step_by(101));
    for at in places {
        let mut bytes = binary.clone();
        bytes[at] ^= 0x41;
        check(format!("inside {at}"), &armored(&bytes));
        check(format!("inside cut {at}"), &armored(&binary[..at]));
    }
    for (what, bytes) in [
        ("empty", Vec::new()),
        ("binary", binary.clone()),
        ("twice", [&sealed[..], &sealed[..]].concat()),
        ("trailing", [&sealed[..], b"x"].concat()),
        ("leading", [b"x\n", &sealed[..]].concat()),
        ("trailing inside", armored(&[&binary[..], b"x"].concat())),
    ] {
        check(what.to_owned(), &bytes);
    }
    for code in ["age_armor", "age_header", "age_payload"] {
        assert!(seen.contains(code), "{code} was never seen");
    }
}

#[test]
fn an_entry_that_is_no_file_is_an_error() {
    let sandbox = two();
    let path = sandbox.entry(KEY, 2);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    sandbox.secrets(&["get", KEY]).run().code(2);
    assert_eq!(sandbox.finding_kinds(), ["misplaced", "rolled_back"]);
    fs::remove_dir(&path).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
    sandbox.secrets(&["get", KEY]).run().code(2);
    fs::remove_file(&path).unwrap();
    fs::write(&path, vec![b'A'; 4 << 20]).unwrap();
    sandbox.secrets(&["get", KEY]).run().code(2);
}
