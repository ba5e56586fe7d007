//! Text for a shell to evaluate: POSIX shells, and fish.

use super::replacing;
use crate::model::secret::SecretBuilder;

/// In single quotes nothing but the single quote itself means anything to a POSIX shell.
pub(super) fn shell_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"'");
    replacing(out, value, |byte| (byte == b'\'').then_some(br"'\''"));
    out.push(b"'");
}

/// In fish's single quotes the quote and the backslash are escaped, and nothing else can be.
pub(super) fn fish_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"'");
    replacing(out, value, |byte| match byte {
        b'\'' => Some(br"\'"),
        b'\\' => Some(br"\\"),
        _ => None,
    });
    out.push(b"'");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::export::Format;
    use crate::export::testing::{EVAL, assert_came_through, nasty};

    #[test]
    fn shells_get_the_very_bytes() {
        for shell in ["bash", "dash", "zsh"] {
            assert_came_through(shell, EVAL, Format::Shell, &nasty());
        }
        // With zsh's option that doubles quotes within quotes.
        let script = "setopt rc_quotes 2>/dev/null; eval \"$(cat)\"; exec env -0";
        assert_came_through("zsh", script, Format::Shell, &nasty());
    }

    #[test]
    fn shells_get_bytes_that_are_no_text() {
        let values: Vec<Vec<u8>> = (128..=255u8).map(|byte| vec![b'x', byte, byte]).collect();
        for shell in ["bash", "dash", "zsh"] {
            assert_came_through(shell, EVAL, Format::Shell, &values);
        }
    }

    #[test]
    fn fish_gets_the_very_bytes() {
        let mut values = nasty();
        values.extend((128..=255u8).map(|byte| vec![b'x', byte, byte]));
        assert_came_through("fish", "source; exec env -0", Format::Fish, &values);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_value_comes_through_bash(
            values in proptest::collection::vec(
                proptest::collection::vec(1..=255u8, 1..60), 1..20)
        ) {
            assert_came_through("bash", EVAL, Format::Shell, &values);
        }
    }
}
