//! The line ends and the byte order mark of a text that was edited by a library which knows only one
//! kind of line end and no mark, as `toml_edit` does.
//!
//! Limits: a change is one place. Between two changes the line ends are those of the first line.

const MARK: char = '\u{feff}';

/// The edited text with everything that the library did not mean to change as it stood.
///
/// `read` is what the library gives back of `original` before any edit, `edited` what it gives after.
pub(crate) fn kept(original: &str, read: &str, edited: &str) -> String {
    if original == read {
        return edited.to_owned();
    }
    let (front, back) = common_ends(read, edited);
    let (from, to) = (
        place(original, read, front),
        place(original, read, read.len() - back),
    );
    let new = &edited[front..edited.len() - back];
    let first = original.find('\n').unwrap_or(0);
    let new = match original[..first].ends_with('\r') {
        true => new.replace('\n', "\r\n"),
        false => new.to_owned(),
    };
    format!("{}{new}{}", &original[..from], &original[to..])
}

/// How many bytes two texts have in common at their beginnings, and at the ends of what follows.
pub(crate) fn common_ends(one: &str, other: &str) -> (usize, usize) {
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        let same = pairs.take_while(|(one, other)| one == other);
        same.map(|(one, _)| one.len_utf8()).sum()
    };
    let front = length(&mut one.chars().zip(other.chars()));
    let (one, other) = (&one[front..], &other[front..]);
    let back = length(&mut one.chars().rev().zip(other.chars().rev()));
    (front, back)
}

/// Where a place of the text that the library gave back is in the original.
fn place(original: &str, read: &str, at: usize) -> usize {
    let mut place = match original.starts_with(MARK) && !read.starts_with(MARK) {
        true => MARK.len_utf8(),
        false => 0,
    };
    for byte in read[..at].bytes() {
        let rest = &original.as_bytes()[place.min(original.len())..];
        place += match (byte, rest) {
            (b'\n', [b'\r', b'\n', ..]) => 2,
            _ => 1,
        };
    }
    place.min(original.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_change_is_new() {
        for (original, edit, expected) in [
            ("a\nb\n", "a\nX\nb\n", "a\nX\nb\n"),
            ("a\r\nb\r\n", "a\nX\nb\n", "a\r\nX\r\nb\r\n"),
            ("a\r\nb\n", "a\nX\nb\n", "a\r\nX\r\nb\n"),
            ("a\nb\r\n", "a\nb\nX\n", "a\nb\r\nX\n"),
            ("\u{feff}a\r\nb", "a\nb\nX\n", "\u{feff}a\r\nb\r\nX\r\n"),
            ("é\r\nü\r\n", "é\n", "é\r\n"),
            ("\r\n\r\n", "\n\n", "\r\n\r\n"),
        ] {
            let read = original.trim_start_matches(MARK).replace("\r\n", "\n");
            assert_eq!(kept(original, &read, edit), expected, "{original:?}");
        }
    }
}
