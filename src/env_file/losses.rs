//! [`Losses`]: what a file has lost since an earlier one.
//!
//! Assignments are compared by name, other lines by their text without blanks around it, so a
//! changed value and a moved line are no losses.

use std::collections::HashMap;

use super::document::{Assignment, EnvFile};
use super::problem::Reason;

/// What a file has lost since an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// The assignments that are gone or that lost their closing quote, in the order of the earlier
    /// file. A name that was assigned twice and is assigned once has lost one.
    pub assignments: Vec<LostAssignment>,
    /// How many lines are gone: those of lost assignments, comments and others.
    pub gone: usize,
    /// How many lines the earlier file had, without blank ones.
    pub lines: usize,
    /// Whether the file ends in the middle of a line that the earlier file continues.
    pub is_cut_off: bool,
}

/// An assignment that a file has lost.
#[derive(Clone, PartialEq, Eq)]
pub struct LostAssignment {
    /// The variable. It may be a piece of a key: print
    /// [`EnvFile::shown_name`] of the earlier file.
    pub name: String,
    /// Its line in the earlier file, counted from 1.
    pub line: usize,
}

impl std::fmt::Debug for LostAssignment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LostAssignment")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

impl Losses {
    /// Whether the file lost so much that it may be torn: an assignment or a part of one, or more
    /// than a fifth of its lines.
    pub fn is_torn(&self) -> bool {
        !self.assignments.is_empty() || self.is_cut_off || self.gone * 5 > self.lines
    }

    /// The share of the lines that is gone, from 0 to 1.
    pub fn share(&self) -> f64 {
        if self.lines == 0 {
            return 0.0;
        }
        #[allow(clippy::cast_precision_loss, reason = "files have few lines")]
        let share = self.gone as f64 / self.lines as f64;
        share
    }
}

impl EnvFile {
    /// Returns what this file has lost since `earlier`.
    pub fn losses_since(&self, earlier: &EnvFile) -> Losses {
        let mut losses = Losses {
            is_cut_off: self.is_cut_off_from(earlier),
            ..Losses::default()
        };
        let mut names: HashMap<&str, usize> = HashMap::new();
        for assignment in self.assignments().filter(|one| !is_cut(one)) {
            *names.entry(assignment.name()).or_default() += 1;
        }
        // What was cut in the earlier file already cannot be lost again.
        for assignment in earlier.assignments().filter(|one| !is_cut(one)) {
            let count = count_lines(assignment.text_of_lines());
            losses.lines += count;
            match names.get_mut(assignment.name()) {
                Some(left) if *left > 0 => *left -= 1,
                _ => {
                    losses.gone += count;
                    losses.assignments.push(LostAssignment {
                        name: assignment.name().to_owned(),
                        line: assignment.line(),
                    });
                }
            }
        }
        let mut others: HashMap<&[u8], usize> = HashMap::new();
        for line in self.other_lines() {
            *others.entry(line).or_default() += 1;
        }
        for line in earlier.other_lines() {
            losses.lines += 1;
            match others.get_mut(line) {
                Some(left) if *left > 0 => *left -= 1,
                _ => losses.gone += 1,
            }
        }
        losses
    }

    /// The lines outside assignments that are not blank.
    fn other_lines(&self) -> impl Iterator<Item = &[u8]> {
        let text = self.text.expose();
        let mut spans = Vec::new();
        let mut from = 0;
        for assignment in self.assignments().filter(|one| !is_cut(one)) {
            spans.push(from..assignment.whole.start);
            from = assignment.whole.end;
        }
        spans.push(from..text.len());
        spans
            .into_iter()
            .flat_map(|span| text[span].split(|byte| *byte == b'\n'))
            .map(<[u8]>::trim_ascii)
            .filter(|line| !line.is_empty())
    }
}

fn is_cut(assignment: &Assignment) -> bool {
    assignment.ambiguity() == Some(Reason::UnclosedQuote)
}

fn count_lines(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret::SecretBytes;

    fn losses(earlier: &str, now: &str) -> Losses {
        let parse = |text: &str| EnvFile::parse(SecretBytes::from(text));
        parse(now).losses_since(&parse(earlier))
    }

    const FILE: &str = "# head\nA=1\nB='x\ny'\n\n# tail\nC=3\nC=4\nodd line\n";

    #[test]
    fn changes_and_moves_are_no_losses() {
        for now in [
            FILE,
            "C=9\nC=9\nodd line\n  # tail\nB=\"new\"\n# head\nA=2 # why\nMORE=1\n",
        ] {
            let found = losses(FILE, now);
            assert_eq!(
                (found.assignments.len(), found.gone, found.lines),
                (0, 0, 8),
                "{now:?}"
            );
            assert!(!found.is_torn());
        }
        assert!(!losses("", "A=1\n").is_torn());
    }

    #[test]
    fn a_file_that_was_cut_anywhere_is_torn() {
        for end in 1..FILE.len() - 1 {
            let cut = &FILE[..end];
            let found = losses(FILE, cut);
            // Only one line that is no assignment may go unnoticed, and the last line ending.
            let is_whole = ["C=4", "C=4\n", "odd line"]
                .iter()
                .any(|end| cut.ends_with(end));
            assert_eq!(found.is_torn(), !is_whole, "{cut:?}");
        }
        let found = losses(FILE, "# head\nA=1\nB='x\n");
        let lost = |one: &LostAssignment| format!("{} {}", one.line, one.name);
        let lost: Vec<String> = found.assignments.iter().map(lost).collect();
        assert_eq!(lost, ["3 B", "7 C", "8 C"]);
        assert_eq!((found.gone, found.lines), (6, 8));
        assert!((found.share() - 0.75).abs() < 1e-9);
    }

    #[test]
    fn one_comment_of_many_lines_may_go() {
        let found = losses(FILE, &FILE.replace("# head\n", ""));
        assert_eq!(found.gone, 1);
        assert!(!found.is_torn());
        let found = losses(FILE, &FILE.replace("# head\n", "").replace("# tail\n", ""));
        assert!(found.is_torn());
    }
}
