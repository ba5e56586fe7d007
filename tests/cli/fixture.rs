//! A vault of format 1 that must open for ever.
//!
//! Made once by the program, with values that are obviously false; never to be made anew. If this
//! test fails, the program is wrong, not the fixture.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sandbox::{Sandbox, json_of};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vault-1")
}

/// A copy, because reading must not change the committed one.
fn copied() -> Sandbox {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let sandbox = Sandbox::new();
    copy(&fixture().join("vault"), &sandbox.vault());
    fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
    fs::copy(fixture().join("identity.txt"), sandbox.identity()).unwrap();
    sandbox
}

#[test]
fn the_vault_of_format_1_opens() {
    let sandbox = copied();
    let before = sandbox.snapshot();
    let long = "0123456789abcdef".repeat(4097);
    for (key_path, version, value) in [
        (
            "project/consilio/stripe_api_key",
            1,
            &b"not-a-real-key-one"[..],
        ),
        ("project/consilio/stripe_api_key", 2, b"not-a-real-key-two"),
        (
            "project/consilio/multi_line",
            1,
            b" first line\n  second 'line' \"with\" $quotes\r\n\n",
        ),
        ("project/consilio/removed", 1, b"not-a-real-key-removed"),
        ("meta/cloudflare/api_token", 1, b"not text: \xff\xfe\0"),
        ("meta/cloudflare/long", 1, long.as_bytes()),
    ] {
        assert_eq!(
            sandbox.get_version(key_path, version),
            value,
            "{key_path} {version}"
        );
    }
    assert_eq!(
        sandbox.get("project/consilio/stripe_api_key"),
        b"not-a-real-key-two"
    );
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn the_vault_of_format_1_lists_as_it_did() {
    let sandbox = copied();
    let mut list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    // What was not listed then: the age of a value, which these entries do not have yet.
    for item in list.as_array_mut().unwrap() {
        let item = item.as_object_mut().unwrap();
        assert_eq!(item.remove("since").as_ref(), item.get("updated"));
        let (days, due) = (item.remove("everyDays"), item.remove("due"));
        assert_eq!(days.is_some(), due.is_some());
        assert_eq!(
            days.is_some(),
            item["keyPath"] == "project/consilio/stripe_api_key"
        );
    }
    let wanted: serde_json::Value =
        serde_json::from_slice(&fs::read(fixture().join("list.json")).unwrap()).unwrap();
    assert_eq!(list, wanted);
    let deleted = sandbox
        .secrets(&["list", "--names", "--deleted"])
        .run()
        .success();
    deleted.stdout("project/consilio/removed\n");
    sandbox
        .secrets(&["get", "project/consilio/removed"])
        .fails(1, "entry_removed");
    sandbox.secrets(&["verify"]).run().success();
}

#[test]
fn the_vault_of_format_1_takes_new_versions() {
    let sandbox = copied();
    let value = sandbox.canary();
    sandbox.store("project/consilio/stripe_api_key", &value);
    assert_eq!(
        sandbox.get_version("project/consilio/stripe_api_key", 3),
        value.as_bytes()
    );
    let again = sandbox.canary();
    sandbox.store("project/consilio/removed", &again);
    assert_eq!(sandbox.get("project/consilio/removed"), again.as_bytes());
}
