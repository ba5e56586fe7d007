//! The names of the variables that a text sets. Never anything else of it.
//!
//! Invariants: what is given back stood at the start of a line, a quoted text or a word, in front
//! of `=`, and is made of `A-Z`, `0-9` and `_`. Base64 that ends in `=` does not look like this: in
//! front of an empty value, or of a second `=`, a name counts only if it has a `_` and no digit.
//!
//! Limits: names in lower case are not found; the caller then speaks of "the variable".

use std::collections::HashSet;

/// The most names that are given back.
const MAX_NAMES: usize = 32;
const MAX_LEN: usize = 63;

/// The names that a text sets, in order, each once.
pub(super) fn names_in(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    // A literal `\n` (as in `printf 'A=1\nB=2'`) begins a line as well.
    for line in text.split('\n').flat_map(|line| line.split("\\n")) {
        for piece in line.split(['"', '\'', '`']) {
            if let Some(name) = name_at_start(piece)
                && names.len() < MAX_NAMES
                && !names.iter().any(|known| known == name)
            {
                names.push(name.to_owned());
            }
        }
    }
    names
}

/// The names in the new text whose lines are not in the old one as they are.
pub(super) fn names_changed(old: &str, new: &str) -> Vec<String> {
    let changed = new_lines(old, new);
    // The first line of a replacement may begin in the middle of a value.
    let first = |text: &str| {
        text.lines()
            .next()
            .and_then(name_at_start)
            .map(str::to_owned)
    };
    let mut names = names_in(&changed);
    if !old.is_empty() && first(old) != first(new) {
        let doubtful = first(new);
        names.retain(|name| doubtful.as_ref() != Some(name));
    }
    names
}

/// The lines of the new text that are not in the old one as they are.
pub(super) fn new_lines(old: &str, new: &str) -> String {
    let kept: HashSet<&str> = old.lines().collect();
    let lines: Vec<&str> = new.lines().filter(|line| !kept.contains(line)).collect();
    lines.join("\n")
}

/// The names that a script of `sed` or a pattern speaks of: `s/^NAME=…/`, `/^NAME=/d`, `a NAME=…`.
pub(super) fn names_in_sed(script: &str) -> Vec<String> {
    let mut names = Vec::new();
    for command in script.split([';', '\n']) {
        let command = command.trim_start();
        let body = match command.strip_prefix('s') {
            Some(rest) => rest.get(1..).unwrap_or_default(),
            None => command.trim_start_matches(['/', '$', '0', '1', 'a', 'i', 'c', '\\', ' ']),
        };
        let body = body.trim_start_matches(['^', '(', '\\', '#', ' ', '*', '?']);
        names.extend(name_at_start(body).map(str::to_owned));
    }
    names.dedup();
    names
}

fn name_at_start(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let text = text.strip_prefix("export ").unwrap_or(text).trim_start();
    let (name, value) = text.split_once('=')?;
    let name = name.trim_end();
    let is_name = (2..=MAX_LEN).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let value = value.trim();
    let is_padding = value.is_empty() || value.starts_with('=');
    let is_plain = name.contains('_') && !name.bytes().any(|byte| byte.is_ascii_digit());
    (is_name && (!is_padding || is_plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_nothing_else() {
        for (text, expected) in [
            ("STRIPE_API_KEY=sk_live_x", &["STRIPE_API_KEY"][..]),
            (
                "# c\nexport A_B='x'\n  PORT=3000\nA_B=y\n",
                &["A_B", "PORT"],
            ),
            ("A_KEY=1\\nB_KEY=2", &["A_KEY", "B_KEY"]),
            ("f.write('DB_URL=x')", &["DB_URL"]),
            ("EMPTY_ONE=", &["EMPTY_ONE"]),
            // Ends of base64, alone on a line.
            ("QUJDREVG=", &[]),
            ("QUJDREVG==", &[]),
            ("ABC3_DEF=", &[]),
            ("lower_case=1", &[]),
            ("KEY-PART=1", &[]),
            ("abc/DEF=1", &[]),
        ] {
            assert_eq!(names_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_replacement_sets_what_differs() {
        assert_eq!(names_changed("A_K=1\nB_K=2\n", "A_K=1\nB_K=3\n"), ["B_K"]);
        assert_eq!(names_changed("", "A_K=1"), ["A_K"]);
        assert_eq!(names_changed("A_K=1", "A_K=2"), ["A_K"]);
        // In the middle of a value.
        assert!(names_changed("sk_live_abc", "ABC_DEF=x").is_empty());
        assert_eq!(names_changed("abc", "AB_C=x\nC_D=1"), ["C_D"]);
    }

    #[test]
    fn names_of_a_sed_script() {
        assert_eq!(
            names_in_sed("s/^STRIPE_KEY=.*/STRIPE_KEY=x/"),
            ["STRIPE_KEY"]
        );
        assert_eq!(
            names_in_sed("s|STRIPE_KEY=.*|STRIPE_KEY=x/y|g"),
            ["STRIPE_KEY"]
        );
        assert_eq!(names_in_sed("/^A_KEY=/d;$ a B_KEY=1"), ["A_KEY", "B_KEY"]);
        assert!(names_in_sed("s/old/NEW_PART=x/").is_empty());
    }
}
