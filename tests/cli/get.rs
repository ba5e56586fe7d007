//! `get`: the value's exact bytes, and no others.

use crate::sandbox::{DESCRIPTION, KEY, Sandbox, json_of, keys};

#[test]
fn a_value_comes_back_byte_for_byte() {
    let sandbox = Sandbox::with_vault();
    for (index, ends) in [
        ("", ""),
        (" ", " "),
        ("\n", "\n"),
        ("\r\n", "\r\n\r\n"),
        ("\0", "\u{1}\u{7f}\0"),
        ("\u{feff}", "🔑"),
        ("# ", " # x"),
        ("'\"`$", "${A}$(id)`id`\\"),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("project/consilio/value_{}", char::from(b'a' + index as u8));
        let value = format!("{}{}{}", ends.0, sandbox.canary(), ends.1);
        sandbox.store(&key, &value);
        assert_eq!(sandbox.get(&key), value.as_bytes());
    }
    let bytes = [sandbox.canary().as_bytes(), &[0xff, 0xfe, 0, 0x80]].concat();
    sandbox.store(KEY, &bytes);
    assert_eq!(sandbox.get(KEY), bytes);
}

#[test]
fn every_older_version_can_be_read() {
    let sandbox = Sandbox::with_vault();
    let values: Vec<String> = (0..4).map(|_| sandbox.canary()).collect();
    for value in &values {
        sandbox.store(KEY, value);
    }
    for (index, value) in values.iter().enumerate() {
        assert_eq!(sandbox.get_version(KEY, index as u32 + 1), value.as_bytes());
    }
    assert_eq!(sandbox.get(KEY), values[3].as_bytes());
}

#[test]
fn json_has_the_documented_fields() {
    let sandbox = Sandbox::with_vault();
    let value = format!("{}\"\\\n\u{1b}", sandbox.canary());
    sandbox.store(KEY, &value);
    let got = sandbox
        .secrets(&["get", KEY, "--json"])
        .prints_value()
        .run()
        .success()
        .stderr("");
    let json = json_of(&got);
    assert_eq!(
        keys(&json),
        ["created", "description", "keyPath", "value", "version"]
    );
    assert_eq!(json["keyPath"], KEY);
    assert_eq!(json["value"], value.as_str());
    assert_eq!(json["version"], 1);
    assert_eq!(json["description"], DESCRIPTION);
    assert!(json["created"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn a_value_that_is_not_text_is_refused_as_json_without_showing_it() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, [sandbox.canary().as_bytes(), &[0xff]].concat());
    let done = sandbox
        .secrets(&["get", KEY, "--json"])
        .run()
        .code(2)
        .stdout("");
    let failed = crate::sandbox::Failed::of(done);
    assert_eq!(failed.code, "value_not_text");
    failed.says(&format!("secrets get {KEY} > FILE"));
}

#[test]
fn a_secret_that_is_not_there_is_the_answer_no() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["get", KEY])
        .fails(1, "entry_not_found")
        .says("secrets list project/consilio/");
    sandbox
        .secrets(&["get", KEY, "--version", "1"])
        .fails(1, "entry_not_found");
    sandbox.store(KEY, sandbox.canary());
    let older = sandbox.secrets(&["get", KEY, "--version", "7"]);
    older
        .fails(1, "version_not_found")
        .says(&format!("secrets get {KEY} --version 1"));
    sandbox
        .secrets(&["get", KEY, "--version", "0"])
        .fails(1, "version_not_found");
}

#[test]
fn nothing_but_the_vault_and_the_identity_is_needed() {
    let sandbox = Sandbox::with_vault();
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    std::fs::remove_dir_all(sandbox.state()).unwrap();
    std::fs::write(sandbox.config(), "this is = = no configuration").unwrap();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    std::fs::remove_dir_all(sandbox.state()).unwrap();
    std::fs::write(sandbox.state(), "a file where the memory should be").unwrap();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}

#[test]
fn reading_changes_no_file_but_the_memory() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    let before = sandbox.snapshot();
    sandbox.get(KEY);
    sandbox.secrets(&["list"]).run().success();
    sandbox.secrets(&["list", "--names"]).run().success();
    sandbox.secrets(&["verify"]).run().success();
    sandbox.secrets(&["projects"]).run().success();
    assert_eq!(before, sandbox.snapshot());
}
