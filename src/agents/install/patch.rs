//! What one change of a text put in, and what stood there before, so that it can be taken back to
//! the byte.
//!
//! Limits: a change is one place. It is found again by what it put in, so that changes elsewhere do
//! not matter; where that does not stand exactly once, it cannot be taken back like this.

use serde::{Deserialize, Serialize};

use crate::model::line_ends::common_ends;

/// A change of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// What stands there now.
    pub inserted: String,
    /// What stood there before.
    pub before: String,
}

impl Patch {
    /// What differs between two texts; `None` if nothing does.
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

    /// The text as it was before the change.
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
    fn a_change_is_taken_back_wherever_else_something_changed() {
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
