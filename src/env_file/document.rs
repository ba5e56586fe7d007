//! [`EnvFile`]: an env file that cannot lose what it did not understand.
//!
//! It owns the text and the spans of its assignments; it never holds a map to be written out
//! again. Bytes outside the value that is changed are copied, not regenerated.
//!
//! A line that readers disagree about is kept, reported by [`EnvFile::problems`], and refused for
//! editing only where the disagreement touches the name in question.

use std::collections::HashMap;
use std::sync::Arc;

use super::bytes::{BLANK, QuoteStyle};
use super::encode::{self, Place};
use super::parse::{self, DanglingQuote, Scan};
use super::problem::{Problem, Reason};
use super::readers::Readers;
use crate::model::secret::SecretBytes;

/// The text of an env file, and where its assignments are.
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
        // Names may be pieces of a value that lost its quotes, so not even they are shown.
        f.debug_struct("EnvFile")
            .field("assignments", &self.assignments.len())
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

/// What an edit must not touch, because readers disagree about it.
#[derive(Clone, Default)]
pub(super) struct Ambiguities {
    /// Names that some reader finds where this parser sees none: line and reason.
    pub(super) names: HashMap<String, (usize, Reason)>,
    /// From this offset on, a quote is open that nothing closes; and its line.
    pub(super) open_from: Option<(usize, usize)>,
    /// Quotes that the next one of their kind would close for some reader.
    pub(super) dangling_quotes: Vec<DanglingQuote>,
    /// The file cannot be edited at all.
    pub(super) whole_file: Option<Reason>,
}

impl EnvFile {
    /// Creates an empty document.
    pub fn empty() -> Self {
        Self::parse(SecretBytes::new(Vec::new()))
    }

    /// Reads any bytes. Never fails: what is not understood becomes a [`Problem`].
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
        // The grammar admits ASCII names only, so nothing is lost here.
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

    /// The whole file.
    pub fn text(&self) -> &SecretBytes {
        &self.text
    }

    /// The live assignments in file order; those in comments are not among them.
    ///
    /// The name of an assignment that is [`ambiguity`](Assignment::ambiguity) may be a piece of a value
    /// (a line of base64 that ends in `=`): do not show it.
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter()
    }

    /// The last live assignment of a name, which is the one that counts for most readers.
    pub fn get(&self, name: &str) -> Option<&Assignment> {
        self.assignments.get(*self.last.get(name)?)
    }

    /// The place of the last live assignment of a name among all.
    pub(super) fn index_of(&self, name: &str) -> Option<usize> {
        self.last.get(name).copied()
    }

    /// The live assignment at a place.
    pub(super) fn assignment(&self, index: usize) -> Option<&Assignment> {
        self.assignments.get(index)
    }

    /// Names that are assigned more than once, in the order of their first line.
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

    /// What some reader stumbles over, by line.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// A name that has several live assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate<'f> {
    /// The name.
    pub name: &'f str,
    /// The lines, counted from 1, ascending.
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
    /// The variable's name. It need not be an [`EnvName`](super::EnvName).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line that it begins on, counted from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The canonical reading of the value; `None` when [`ambiguity`](Self::ambiguity) says why there is
    /// none. References to other variables are not followed.
    pub fn value(&self) -> Option<SecretBytes> {
        self.value.clone()
    }

    pub(super) fn value_ref(&self) -> Option<&SecretBytes> {
        self.value.as_ref()
    }

    /// Why readers disagree about where this value ends.
    pub fn ambiguity(&self) -> Option<Reason> {
        self.ambiguity
    }

    /// How the value is quoted.
    pub fn quote_style(&self) -> QuoteStyle {
        self.style
    }

    /// Whether `export` stands before the name.
    pub fn exported(&self) -> bool {
        self.exported
    }

    /// The value as written, quotes included.
    pub fn raw(&self) -> &[u8] {
        &self.text.expose()[self.raw.clone()]
    }

    /// What all these readers read here; `None` if they differ, or if one of them takes a part of
    /// the value for a reference or a command. Without readers, the canonical reading.
    pub fn value_for(&self, readers: &Readers) -> Option<SecretBytes> {
        if readers.is_empty() {
            return self.value();
        }
        // The CR of a line ending is none of the value, although a shell takes it for one.
        let after = self.after();
        let place = Place {
            after: after.strip_suffix(b"\r").unwrap_or(after),
            ..self.place()
        };
        encode::value_at(self.raw(), readers, place)
    }

    /// The readers of the set that would read something other than this value here.
    pub fn misreaders(&self, value: &SecretBytes, readers: &Readers) -> Readers {
        encode::misreaders_at(self.raw(), value, readers, self.place())
    }

    /// Whether it has a value, by the canonical reading or for each of the named readers.
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

    /// Whether nothing but `NAME=` stands before the value.
    pub(super) fn is_plain_line(&self) -> bool {
        self.before().len() == self.name.len() + 1
    }

    /// Its lines, with their endings.
    pub(super) fn text_of_lines(&self) -> &[u8] {
        &self.text.expose()[self.whole.clone()]
    }

    /// The text of the file before its first line.
    pub(super) fn text_before(&self) -> &[u8] {
        &self.text.expose()[..self.whole.start]
    }

    /// Whether its line begins with a blank.
    pub(super) fn is_indented(&self) -> bool {
        self.before()
            .first()
            .is_some_and(|byte| BLANK.contains(byte))
    }

    /// All that stands on its line before the value.
    fn before(&self) -> &[u8] {
        &self.text.expose()[self.whole.start..self.raw.start]
    }

    /// All that stands behind the value, up to and without the LF: the CR before it is the end of
    /// the value to a shell.
    pub(super) fn after(&self) -> &[u8] {
        let tail = &self.text.expose()[self.raw.end..self.whole.end];
        tail.strip_suffix(b"\n").unwrap_or(tail)
    }

    /// Whether some readers would put another variable, or the output of a command, in the place
    /// of a part of this value.
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
