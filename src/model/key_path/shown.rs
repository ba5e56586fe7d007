//! What an error may show of a text that was typed in the place of a key path: it may be a secret.

use crate::model::shape::known_shape;

/// How much of a wrong input an error shows, in characters.
pub(super) const MAX_SHOWN: usize = 80;

/// A wrong input as an error may show it, or `None` if it may be a secret.
pub(super) fn show(text: &str) -> Option<String> {
    (!may_be_secret(text)).then(|| printable(text, MAX_SHOWN))
}

/// A text for one line of a terminal: what is not printable is escaped, and after `limit`
/// characters comes an ellipsis.
pub(crate) fn printable(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == limit {
            shown.push('…');
            break;
        }
        match c {
            '\'' | '"' => shown.push(c),
            _ => shown.extend(c.escape_debug()),
        }
    }
    shown
}

/// Whether what was typed as a key path could be a secret that went astray.
pub(super) fn may_be_secret(text: &str) -> bool {
    let joins = |c: char| matches!(c, '/' | '\\' | '-' | '_') || c.is_whitespace();
    let odd = |c: char| c.is_ascii_digit() || (c.is_ascii_punctuation() && c != '.');
    // A lone word with a digit or symbol in it is a password sooner than a path.
    let one_odd_word = !text.contains(joins) && text.contains(odd);
    // Behind an equals sign stands a value.
    text.contains('=')
        || known_shape(text).is_some()
        || one_odd_word
        || is_random(text)
        || text.split(['/', '\\']).any(is_random)
}

/// Whether a text looks drawn by lot rather than made of words.
///
/// Counts, in runs of letters and digits, the places where a letter meets a digit or a small
/// letter a capital one: names have few, random text has one every two or three characters.
pub(super) fn is_random(text: &str) -> bool {
    let (mut length, mut changes, mut run, mut last) = (0, 0, 0, ' ');
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            length += 1;
            run += 1;
            changes += usize::from(
                (last.is_ascii_lowercase() && c.is_ascii_uppercase())
                    || (last.is_ascii_alphabetic() && c.is_ascii_digit())
                    || (last.is_ascii_digit() && c.is_ascii_alphabetic()),
            );
        } else {
            run = 0;
        }
        if run > 32 {
            return true; // no word is that long
        }
        last = c;
    }
    length >= 8 && changes >= 4 && changes * 5 >= length
}
