//! A panic in the middle, with a value in its message.

use crate::sandbox::{Base, words};
use crate::scenario::{CANARY, ENV};

#[test]
fn a_panic_shows_its_place_and_no_value() {
    let base = Base::new();
    let sandbox = base.sandbox(0, Some("panic"));
    sandbox.write(ENV, "PORT=3000\n");
    let env = sandbox.arg(ENV);
    let description = "Live key of the payment processor";
    let set = [
        "set",
        "project/demo/key",
        "-d",
        description,
        "--env-file",
        &env,
    ];
    let ran = sandbox.run(&words(&set), "canary-of-the-panic");
    assert_eq!(ran.code, Some(101), "{}", ran.end());
    assert!(
        ran.stderr.contains("src/ops/order/vault_step.rs:"),
        "{}",
        ran.end()
    );
    assert!(!ran.stderr.contains(CANARY), "{}", ran.end());
    assert!(ran.stdout.is_empty());
    // And it left things as they were.
    assert_eq!(std::fs::read(sandbox.at(ENV)).unwrap(), b"PORT=3000\n");
}
