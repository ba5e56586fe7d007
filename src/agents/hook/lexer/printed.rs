//! What a command in `$(…)` prints, where that stands in the line itself.
//!
//! Agents hand a script of several lines to a program as `bash -c "$(cat <<'EOF' …)"`.

use super::{Direction, Item, Part, Script, Word};

/// What the shell of its own that begins at an item prints; `None` if only running it would tell.
pub(super) fn printed(script: &Script, from: usize) -> Option<Vec<Part>> {
    let [Item::Open, Item::Command(simple), Item::Close] = script.items.get(from..)? else {
        return None;
    };
    let (program, args) = simple.words.split_first()?;
    match (program.text()?, simple.redirects.as_slice(), args) {
        ("cat", [redirect], []) => match redirect.direction {
            Direction::HereDocument(body) => {
                let body = script.bodies.get(body)?;
                Some(vec![Part::Text(body.trim_end_matches('\n').to_owned())])
            }
            _ => None,
        },
        ("pwd", [], []) => Some(vec![Part::Variable("PWD".to_owned())]),
        ("echo", [], args) => Some(joined(args)),
        ("printf", [], [format, args @ ..]) => match (format.text()?, args) {
            ("%s" | "%s\\n", [only]) => Some(only.parts.clone()),
            (text, []) if !text.contains('%') => {
                let text = text.replace("\\n", "\n");
                Some(vec![Part::Text(text.trim_end_matches('\n').to_owned())])
            }
            _ => None,
        },
        _ => None,
    }
}

/// Words with a blank between them, without the options of `echo`.
fn joined(words: &[Word]) -> Vec<Part> {
    let is_option = |word: &&Word| matches!(word.text(), Some("-n" | "-e" | "-ne" | "-en"));
    let words = words.iter().skip_while(is_option);
    let mut all: Vec<Part> = Vec::new();
    for word in words {
        if !all.is_empty() {
            all.push(Part::Text(" ".to_owned()));
        }
        all.extend(word.parts.iter().cloned());
    }
    all
}

impl Word {
    /// The word, if all of it stands there.
    fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}
