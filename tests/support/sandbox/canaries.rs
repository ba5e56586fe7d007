//! Canaries: making them, and looking for them everywhere.

use std::collections::BTreeSet;
use std::fs;

use aho_corasick::AhoCorasick;

use super::{Sandbox, walk};

impl Sandbox {
    /// A new value, registered as a canary: 24 letters and digits, random.
    pub fn canary(&self) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789Zz";
        let mut random = [0; 22];
        getrandom::fill(&mut random).unwrap();
        let random = random.map(|byte| char::from(LETTERS[usize::from(byte & 63)]));
        let canary = format!("Cn{}", random.iter().collect::<String>());
        self.watch_for(&canary);
        canary
    }

    /// Registers a value as a canary. It needs ten characters at least.
    pub fn watch_for(&self, value: &str) {
        assert!(value.len() >= 10, "too short to be recognised");
        self.canaries.borrow_mut().push(value.to_owned());
    }

    /// Fails if a temporary file was left behind, or if a canary is in the name of a file, in the
    /// target of a link, or in a file that the test did not allow.
    pub fn check_files(&self) {
        let trap = self.trap();
        let allowed = self.allowed.borrow();
        walk(self.root.path(), &mut |path, metadata| {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            assert!(
                !name.starts_with(b".secrets-tmp") && !name.starts_with(b".env.secrets-tmp"),
                "left behind: {}",
                path.display()
            );
            let Some(trap) = &trap else {
                return;
            };
            assert!(
                !trap.is_match(name),
                "a canary in the name {}",
                path.display()
            );
            if metadata.is_symlink() {
                let target = fs::read_link(path).unwrap_or_default();
                assert!(
                    !trap.is_match(target.as_os_str().as_encoded_bytes()),
                    "a canary in the target of {}",
                    path.display()
                );
            } else if metadata.is_file() && !allowed.contains(path) {
                let content = fs::read(path).unwrap();
                assert!(!trap.is_match(&content), "a canary in {}", path.display());
            }
        });
    }

    /// Fails if a canary is in the text.
    pub fn check_text(&self, what: &str, text: &[u8]) {
        if let Some(trap) = self.trap() {
            let text_shown = String::from_utf8_lossy(text);
            assert!(!trap.is_match(text), "a canary in {what}: {text_shown}");
        }
    }

    fn trap(&self) -> Option<AhoCorasick> {
        let canaries = self.canaries.borrow();
        if canaries.is_empty() {
            return None;
        }
        let forms: BTreeSet<Vec<u8>> = canaries
            .iter()
            .flat_map(|canary| forms(canary.as_bytes()))
            .collect();
        Some(AhoCorasick::new(forms).unwrap())
    }
}

/// The forms in which a canary would be recognised: every piece of ten characters, and the whole
/// in base64 (both alphabets, each alignment), hex and lists of numbers.
fn forms(canary: &[u8]) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = canary.windows(10).map(<[u8]>::to_vec).collect();
    for shift in 0..3 {
        let shifted = [&vec![b'x'; shift], canary].concat();
        let whole = shifted.len() / 3 * 3;
        let text = base64(&shifted[..whole]);
        // The first four characters depend on what stands before the canary.
        let text = if shift == 0 { &text[..] } else { &text[4..] };
        forms.push(text.replace('+', "-").replace('/', "_").into_bytes());
        forms.push(text.as_bytes().to_vec());
    }
    let hex: String = canary.iter().map(|byte| format!("{byte:02x}")).collect();
    forms.push(hex.to_uppercase().into_bytes());
    forms.push(hex.into_bytes());
    let numbers: Vec<String> = canary.iter().take(8).map(u8::to_string).collect();
    forms.push(numbers.join(",").into_bytes());
    forms.push(numbers.join(", ").into_bytes());
    forms
}

/// Base64 of whole groups of three bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks_exact(3) {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(DIGITS[(bits >> shift & 63) as usize]));
        }
    }
    text
}

#[test]
fn the_sandbox_sees_a_canary_in_every_form() {
    let sandbox = Sandbox::new();
    let canary = sandbox.canary();
    let trap = sandbox.trap().unwrap();
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (form, text) in [
        ("whole", canary.clone()),
        ("a piece", canary[7..18].to_owned()),
        ("hex", hex),
        ("debug", format!("{:?}", canary.as_bytes())),
        ("base64", base64(canary.as_bytes())),
        (
            "base64 behind one byte",
            base64(format!("a{canary}bc").as_bytes()),
        ),
        (
            "base64 behind two bytes",
            base64(format!("ab{canary}b").as_bytes()),
        ),
    ] {
        assert!(trap.is_match(&text), "{form}");
    }
    assert!(!trap.is_match("nothing of it"));
    let seen = |path: &str| {
        sandbox.allowed.borrow_mut().clear();
        let file = sandbox.path(path);
        fs::write(&file, format!("x{canary}")).unwrap();
        let check = std::panic::AssertUnwindSafe(|| sandbox.check_files());
        assert!(std::panic::catch_unwind(check).is_err(), "{path}");
        fs::remove_file(file).unwrap();
    };
    seen("home/some file");
    seen("tmp/t");
    let link = sandbox.path("home/link");
    std::os::unix::fs::symlink(&canary, &link).unwrap();
    let check = std::panic::AssertUnwindSafe(|| sandbox.check_files());
    assert!(std::panic::catch_unwind(check).is_err());
    fs::remove_file(link).unwrap();
}

#[test]
fn the_sandbox_sees_every_temporary_file_that_is_left_behind() {
    let sandbox = Sandbox::new();
    for name in [".secrets-tmp-x1", ".env.secrets-tmp", ".env.secrets-tmp-x1"] {
        // Even where the test has no canary and allowed the file.
        let file = sandbox.file(&format!("work/{name}"), "");
        let check = std::panic::AssertUnwindSafe(|| sandbox.check_files());
        assert!(std::panic::catch_unwind(check).is_err(), "{name}");
        fs::remove_file(file).unwrap();
    }
}
