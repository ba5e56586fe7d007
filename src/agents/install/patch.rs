//! A change of one place in a text, which can be undone to the byte.
//!
//! A patch is found again by the text that it inserted, so changes elsewhere do not matter.
//!
//! Limits: if the inserted text does not occur exactly once, the patch cannot be undone.

use serde::{Deserialize, Serialize};

use crate::model::line_ends::common_ends;

/// A replacement of one piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// The new text.
    pub inserted: String,
    /// The old text.
    pub before: String,
}

impl Patch {
    /// Returns the difference between two texts, or `None` if they are equal.
    pub fn between(old: &str, new: &str) -> Option<Self> {
        if old == new {
            return None;
        }
        let (front, back) = common_ends(old, new);
        Some(Self {
            inserted: new[front..new.len() - back].to_owned(),
            before: old[front..old.len() - back].to_owned(),
        })
    }

    /// Returns the text with the change undone.
    pub fn undo(&self, text: &str) -> Option<String> {
        let mut places = text.match_indices(&self.inserted);
        let (at, _) = places.next()?;
        if self.inserted.is_empty() || places.next().is_some() {
            return None;
        }
        let end = at + self.inserted.len();
        Some(format!("{}{}{}", &text[..at], self.before, &text[end..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_undone_although_the_text_changed_elsewhere() {
        for (old, new) in [
            ("{}", "{\n  \"a\": 1\n}"),
            ("", "x\n"),
            ("é{}é", "é{ü: 1}é"),
            ("{\"a\": {}}", "{\"a\": {\"b\": 2}}"),
        ] {
            let patch = Patch::between(old, new).unwrap();
            assert_eq!(patch.undo(new).as_deref(), Some(old), "{patch:?}");
            let edited = format!("# more\n{new}# and more\n");
            let expected = format!("# more\n{old}# and more\n");
            assert_eq!(patch.undo(&edited), Some(expected));
        }
        assert_eq!(Patch::between("a", "a"), None);
        let twice = Patch {
            inserted: "x".to_owned(),
            before: String::new(),
        };
        assert_eq!(twice.undo("x x"), None);
        assert_eq!(twice.undo("y"), None);
    }
}
