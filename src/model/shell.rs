//! Text as a POSIX shell takes it literally, for commands that are shown to be typed.

use std::path::Path;

/// A word as a POSIX shell takes it literally.
pub fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+,=".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A path as a word; bytes that are not Unicode are lost.
pub fn path(path: &Path) -> String {
    word(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_no_meaning_to_the_shell() {
        assert_eq!(word("/srv/app/.env"), "/srv/app/.env");
        assert_eq!(word("a b"), "'a b'");
        assert_eq!(word("$(id)'"), r"'$(id)'\'''");
        assert_eq!(word(""), "''");
    }
}
