//! Descriptions that stand in the env file: the comment directly above an assignment.
//!
//! A comment is taken only if it would be taken when typed, and more: it must not be an assignment
//! that was commented out, hold a word that looks drawn by lot, or hold any of the file's values.

use aho_corasick::AhoCorasick;

use crate::env_file::EnvFile;
use crate::leaks::detect;
use crate::model::description::{self, Description};
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;

/// A value shorter than this may be a word of a comment by chance.
const MIN_VALUE_LEN: usize = 6;

/// A value longer than this is in no description, whose characters have at most four bytes.
const MAX_VALUE_LEN: usize = 4 * description::MAX_CHARS;

/// The comments of an env file.
pub(super) struct Comments<'a> {
    lines: Vec<&'a str>,
    /// For each line, whether a value covers it.
    in_value: Vec<bool>,
    /// Finds all values at once: every comment is looked through for every value. `None` if they
    /// are too many, and then no comment is known to be harmless.
    values: Option<AhoCorasick>,
}

impl<'a> Comments<'a> {
    /// The comments of a file of which these values must stay out.
    pub(super) fn new(env: &'a EnvFile, values: &[SecretBytes]) -> Self {
        let lines: Vec<&str> = env
            .text()
            .expose()
            .split(|&byte| byte == b'\n')
            // What is not text is no description.
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .collect();
        let mut in_value = vec![false; lines.len()];
        for assignment in env.assignments() {
            let first = assignment.line() - 1;
            let more = assignment.raw().iter().filter(|&&byte| byte == b'\n');
            let end = (first + 1 + more.count()).min(in_value.len());
            in_value[first..end].fill(true);
        }
        Self {
            lines,
            in_value,
            values: AhoCorasick::new(
                values
                    .iter()
                    .map(SecretBytes::expose)
                    .filter(|value| (MIN_VALUE_LEN..=MAX_VALUE_LEN).contains(&value.len())),
            )
            .ok(),
        }
    }

    /// The description that the comment above a line gives, if it gives one.
    pub(super) fn above(
        &self,
        line: usize,
        key_path: &KeyPath,
        value: &SecretBytes,
    ) -> Option<Description> {
        let mut block: Vec<&str> = Vec::new();
        for index in (0..line.saturating_sub(1)).rev() {
            match comment(self.lines[index]) {
                // A section's heading is about more than the assignment that happens to be first.
                Some(_) if is_heading(self.lines[index]) && !block.is_empty() => break,
                Some(text) if !self.in_value[index] => block.push(text),
                _ => break,
            }
        }
        let nearest = (*block.first()?).to_owned();
        block.reverse();
        [block.join(" "), nearest]
            .into_iter()
            .filter_map(|text| Description::new(&text, key_path, Some(value)).ok())
            .find(|description| self.is_harmless(description.as_str()))
    }

    fn is_harmless(&self, text: &str) -> bool {
        let holds_value = |values: &AhoCorasick| values.is_match(text);
        !text.split_whitespace().any(detect::is_random)
            && !self.values.as_ref().is_none_or(holds_value)
    }
}

/// What a comment says; `None` for what is no comment, says nothing or was an assignment.
fn comment(line: &str) -> Option<&str> {
    let text = line.trim().strip_prefix('#')?;
    let text = text.trim_matches(|c: char| c == '#' || c.is_whitespace() || is_rule(c));
    (!text.is_empty() && !was_assignment(text)).then_some(text)
}

/// What a rule under or around a heading is drawn with.
fn is_rule(c: char) -> bool {
    matches!(c, '-' | '=' | '*' | '~' | '_')
}

/// Whether a comment is the heading of a section: `# --- Database ---`.
fn is_heading(line: &str) -> bool {
    let text = line.trim_matches(|c: char| c == '#' || c.is_whitespace());
    let rules = [
        text.trim_start_matches(is_rule),
        text.trim_end_matches(is_rule),
    ];
    rules.iter().any(|rest| text.len() - rest.len() >= 2)
}

fn was_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    text.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim_end();
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above(text: &str) -> Option<String> {
        let env = EnvFile::parse(SecretBytes::from(text));
        let assignment = env.get("STRIPE_API_KEY").unwrap();
        let key_path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
        let value = assignment.value().unwrap();
        Comments::new(&env, &[SecretBytes::from("Canary-Other-1")])
            .above(assignment.line(), &key_path, &value)
            .map(|description| description.to_string())
    }

    #[test]
    fn a_comment_directly_above_describes() {
        for (comment, expected) in [
            ("# Payments in production", "Payments in production"),
            (
                "  ## --- Payments in production --- ##",
                "Payments in production",
            ),
            (
                "# Payments in production,\n# one a country",
                "Payments in production, one a country",
            ),
            (
                "# OLD_KEY=1\n# Payments in production",
                "Payments in production",
            ),
            ("#\n# Payments in production", "Payments in production"),
            (
                "# --- Database ------\n# Payments in production",
                "Payments in production",
            ),
            (
                "# Stripe ====\n# Payments\n# - in production",
                "Payments in production",
            ),
            (
                "A=\"1\n# not me\"\n# Payments in production",
                "Payments in production",
            ),
        ] {
            let text = format!("{comment}\nSTRIPE_API_KEY=canary-1\n");
            assert_eq!(above(&text).as_deref(), Some(expected), "{comment}");
        }
    }

    #[test]
    fn a_comment_that_says_too_little_or_too_much_does_not() {
        for comment in [
            "# Payments in production\n",
            "# Stripe",
            "# Stripe API key",
            "# STRIPE_API_KEY=sk-of-production-payments",
            "# export OTHER = payments in production",
            "# the payments key was canary-1 before",
            "# like Canary-Other-1 for the payments",
            "# payments, was 4eC39HqLyjWDarjtT1zdp7dcVbN8mK2x",
            "A='1\n# Payments in production'",
            "# ======",
            "PORT=1",
        ] {
            let text = format!("{comment}\nSTRIPE_API_KEY=canary-1\n");
            assert_eq!(above(&text), None, "{comment}");
        }
        assert_eq!(above("STRIPE_API_KEY=canary-1"), None);
    }
}
