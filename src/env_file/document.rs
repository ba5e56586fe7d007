//! [`EnvFile`]: the text of an env file and the spans of its assignments.
//!
//! It never holds a map that is written out again: an edit copies every byte outside the changed
//! value. So it cannot lose what it did not understand.
//!
//! A line that readers disagree about is kept and reported by [`EnvFile::problems`]. It blocks an
//! edit only if the disagreement concerns the edited name.

use std::collections::HashMap;
use std::sync::Arc;

use super::bytes::{BLANK, QuoteStyle};
use super::encode::{self, Place};
use super::parse::{self, DanglingQuote, Scan};
use super::problem::{Problem, Reason};
use super::readers::Readers;
use crate::model::secret::SecretBytes;

/// The text of an env file and the spans of its assignments.
#[derive(Clone)]
pub struct EnvFile {
    pub(super) text: Arc<SecretBytes>,
    assignments: Vec<Assignment>,
    /// The last assignment of each name.
    last: HashMap<String, usize>,
    problems: Vec<Problem>,
    /// Lines that are no assignment, comment or blank line: number and span.
    pub(super) unread: Vec<(usize, std::ops::Range<usize>)>,
    pub(super) ambiguities: Ambiguities,
    pub(super) crlf: bool,
}

impl std::fmt::Debug for EnvFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A name may be a piece of a value that lost its quotes, so names are left out too.
        f.debug_struct("EnvFile")
            .field("assignments", &self.assignments.len())
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// The parts of a file that readers disagree about. An edit must not touch them.
#[derive(Clone, Default)]
pub(super) struct Ambiguities {
    /// Names that some reader finds where this parser finds none, with line and reason.
    pub(super) names: HashMap<String, (usize, Reason)>,
    /// Offset and line of a quote that nothing closes. Everything after it is ambiguous.
    pub(super) open_from: Option<(usize, usize)>,
    /// Quotes that some reader would close at the next quote of their kind.
    pub(super) dangling_quotes: Vec<DanglingQuote>,
    /// Why the file cannot be edited at all.
    pub(super) whole_file: Option<Reason>,
}

impl EnvFile {
    /// Creates an empty document.
    pub fn empty() -> Self {
        Self::parse(SecretBytes::new(Vec::new()))
    }

    /// Parses any bytes. Never fails: what is not understood becomes a [`Problem`].
    pub fn parse(text: SecretBytes) -> EnvFile {
        let text = Arc::new(text);
        let Scan {
            assignments,
            possible_names,
            problems,
            unread,
            open_from,
            dangling_quotes,
            whole_file,
            endings,
        } = parse::scan(text.expose());
        let bytes = text.expose();
        // Names are ASCII, so the conversion is exact.
        let name =
            |range: std::ops::Range<usize>| String::from_utf8_lossy(&bytes[range]).into_owned();
        let assignments: Vec<Assignment> = assignments
            .into_iter()
            .map(|hit| Assignment {
                name: name(hit.name),
                line: hit.line,
                whole: hit.whole,
                raw: hit.raw,
                style: hit.style,
                exported: hit.exported,
                ambiguity: hit.ambiguity,
                value: if hit.ambiguity.is_none() {
                    hit.value
                } else {
                    None
                },
                text: Arc::clone(&text),
            })
            .collect();
        let mut names = HashMap::new();
        for possible in possible_names {
            names
                .entry(name(possible.name))
                .or_insert((possible.line, possible.reason));
        }
        let last = assignments
            .iter()
            .enumerate()
            .map(|(i, assignment)| (assignment.name.clone(), i))
            .collect();
        EnvFile {
            assignments,
            last,
            problems: problems
                .into_iter()
                .map(|(line, kind)| Problem { line, kind })
                .collect(),
            unread,
            ambiguities: Ambiguities {
                names,
                open_from: open_from.map(|open| (open.offset, open.line)),
                dangling_quotes,
                whole_file,
            },
            crlf: endings.1 > endings.0,
            text,
        }
    }

    /// Returns the text of the file.
    pub fn text(&self) -> &SecretBytes {
        &self.text
    }

    /// Returns the live assignments in file order. Assignments in comments are not live.
    ///
    /// A name may be a piece of a value (a line of base64 that ends in `=`): show
    /// [`shown_name`](Assignment::shown_name), not [`name`](Assignment::name).
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter()
    }

    /// Returns the last live assignment of a name, which is the one that most readers use.
    pub fn get(&self, name: &str) -> Option<&Assignment> {
        self.assignments.get(*self.last.get(name)?)
    }

    /// Returns the index of the last live assignment of a name.
    pub(super) fn index_of(&self, name: &str) -> Option<usize> {
        self.last.get(name).copied()
    }

    /// Returns the live assignment at an index.
    pub(super) fn assignment(&self, index: usize) -> Option<&Assignment> {
        self.assignments.get(index)
    }

    /// Returns the names that are assigned more than once, in the order of their first line.
    pub fn duplicates(&self) -> Vec<Duplicate<'_>> {
        let mut found: Vec<Duplicate<'_>> = Vec::new();
        let mut place: HashMap<&str, usize> = HashMap::new();
        for assignment in &self.assignments {
            let at = *place.entry(&assignment.name).or_insert_with(|| {
                found.push(Duplicate {
                    name: &assignment.name,
                    lines: Vec::new(),
                });
                found.len() - 1
            });
            found[at].lines.push(assignment.line);
        }
        found.retain(|duplicate| duplicate.lines.len() > 1);
        found
    }

    /// Returns what some reader misreads or refuses, by line.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// A name with several live assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate<'f> {
    /// The name.
    pub name: &'f str,
    /// The lines of its assignments, counted from 1, ascending.
    pub lines: Vec<usize>,
}

/// One live assignment.
#[derive(Clone)]
pub struct Assignment {
    name: String,
    line: usize,
    pub(super) whole: std::ops::Range<usize>,
    pub(super) raw: std::ops::Range<usize>,
    style: QuoteStyle,
    exported: bool,
    ambiguity: Option<Reason>,
    value: Option<SecretBytes>,
    text: Arc<SecretBytes>,
}

impl std::fmt::Debug for Assignment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assignment")
            .field("line", &self.line)
            .field("style", &self.style)
            .field("ambiguity", &self.ambiguity)
            .finish_non_exhaustive()
    }
}

impl Assignment {
    /// Returns the variable's name. It need not be an [`EnvName`](super::EnvName).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the first line of the assignment, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the canonical value; `None` if the assignment is [ambiguous](Self::ambiguity).
    /// References to other variables are not followed.
    pub fn value(&self) -> Option<SecretBytes> {
        self.value.clone()
    }

    pub(super) fn value_ref(&self) -> Option<&SecretBytes> {
        self.value.as_ref()
    }

    /// Returns why readers disagree about where this value ends; `None` if they agree.
    pub fn ambiguity(&self) -> Option<Reason> {
        self.ambiguity
    }

    /// Returns how the value is quoted.
    pub fn quote_style(&self) -> QuoteStyle {
        self.style
    }

    /// Returns whether `export` precedes the name.
    pub fn exported(&self) -> bool {
        self.exported
    }

    /// Returns the value as written, quotes included.
    pub fn raw(&self) -> &[u8] {
        &self.text.expose()[self.raw.clone()]
    }

    /// Returns the value that all these readers read; `None` if they differ, or if one of them
    /// follows a reference or runs a command. Without readers, returns the canonical value.
    pub fn value_for(&self, readers: &Readers) -> Option<SecretBytes> {
        if readers.is_empty() {
            return self.value();
        }
        // The CR of a line ending is not part of the value, although a shell reads it as one.
        let after = self.after();
        let place = Place {
            after: after.strip_suffix(b"\r").unwrap_or(after),
            ..self.place()
        };
        encode::value_at(self.raw(), readers, place)
    }

    /// Returns the readers of the set that would read something other than this value here.
    pub fn misreaders(&self, value: &SecretBytes, readers: &Readers) -> Readers {
        encode::misreaders_at(self.raw(), value, readers, self.place())
    }

    /// Returns whether this is its value: the canonical one, or what each of the named readers reads.
    pub(super) fn reads_as(&self, value: &SecretBytes, readers: &Readers) -> bool {
        self.value_ref() == Some(value)
            || (!readers.is_empty() && self.misreaders(value, readers).is_empty())
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place {
            name: self.name.as_bytes(),
            before: self.before(),
            after: self.after(),
        }
    }

    /// Returns whether only `NAME=` precedes the value on its line.
    pub(super) fn is_plain_line(&self) -> bool {
        self.before().len() == self.name.len() + 1
    }

    /// Returns the lines of the assignment, with their endings.
    pub(super) fn text_of_lines(&self) -> &[u8] {
        &self.text.expose()[self.whole.clone()]
    }

    /// Returns the text of the file before the assignment.
    pub(super) fn text_before(&self) -> &[u8] {
        &self.text.expose()[..self.whole.start]
    }

    /// Returns whether its line begins with a blank.
    pub(super) fn is_indented(&self) -> bool {
        self.before()
            .first()
            .is_some_and(|byte| BLANK.contains(byte))
    }

    /// Returns the part of its line before the value.
    fn before(&self) -> &[u8] {
        &self.text.expose()[self.whole.start..self.raw.start]
    }

    /// Returns the part of its line after the value, without the LF. It keeps a CR, which a shell
    /// reads as part of the value.
    pub(super) fn after(&self) -> &[u8] {
        let tail = &self.text.expose()[self.raw.end..self.whole.end];
        tail.strip_suffix(b"\n").unwrap_or(tail)
    }

    /// Returns whether some reader would replace a part of this value with another variable or
    /// with the output of a command.
    pub fn has_reference(&self) -> bool {
        match self.style {
            QuoteStyle::Single | QuoteStyle::Mixed => return false,
            QuoteStyle::Backtick => return true, // a command to every shell
            QuoteStyle::Bare | QuoteStyle::Double => {}
        }
        let raw = self.raw();
        let mut at = 0;
        while at < raw.len() {
            match raw[at] {
                b'\\' => at += 1,
                b'`' => return true,
                b'$' => match raw.get(at + 1) {
                    Some(b'_' | b'{' | b'(') => return true,
                    Some(byte) if byte.is_ascii_alphanumeric() => return true,
                    _ => {}
                },
                _ => {}
            }
            at += 1;
        }
        false
    }
}

#[cfg(test)]
mod tests;
