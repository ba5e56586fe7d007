//! [`EnvFile`]: an env file that cannot lose what it did not understand.
//!
//! It owns the text and the spans of its assignments; it never holds a map to be written out
//! again. Bytes outside the value that is changed are copied, not regenerated.
//!
//! A line that readers disagree about is kept, reported by [`EnvFile::problems`], and refused for
//! editing only where the disagreement touches the name in question.

use std::collections::HashMap;
use std::sync::Arc;

use super::encode::{self, Place};
use super::parse::{self, Scan};
use super::reader::Readers;
use crate::secret::SecretBytes;

/// The text of an env file, and where its assignments are.
#[derive(Clone)]
pub struct EnvFile {
    pub(super) text: Arc<SecretBytes>,
    assignments: Vec<Assignment>,
    /// The last assignment of each name.
    last: HashMap<String, usize>,
    problems: Vec<Problem>,
    pub(super) doubt: Doubt,
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
pub(super) struct Doubt {
    /// Names that some reader finds where this parser sees none: line and reason.
    pub(super) names: HashMap<String, (usize, Reason)>,
    /// From this offset on, a quote is open that nothing closes; and its line.
    pub(super) open_from: Option<(usize, usize)>,
    /// The file cannot be edited at all.
    pub(super) hopeless: Option<Reason>,
}

impl EnvFile {
    /// Reads any bytes. Never fails: what is not understood becomes a [`Problem`].
    pub fn parse(text: SecretBytes) -> EnvFile {
        let text = Arc::new(text);
        let Scan {
            hits,
            shadows,
            problems,
            open_from,
            hopeless,
            endings,
        } = parse::scan(text.expose());
        let bytes = text.expose();
        // The grammar admits ASCII names only, so nothing is lost here.
        let name =
            |range: std::ops::Range<usize>| String::from_utf8_lossy(&bytes[range]).into_owned();
        let assignments: Vec<Assignment> = hits
            .into_iter()
            .map(|hit| Assignment {
                name: name(hit.name),
                line: hit.line,
                whole: hit.whole,
                raw: hit.raw,
                style: hit.style,
                exported: hit.exported,
                unsure: hit.unsure,
                value: if hit.unsure.is_none() {
                    hit.value
                } else {
                    None
                },
                text: Arc::clone(&text),
            })
            .collect();
        let mut names = HashMap::new();
        for shadow in shadows {
            names
                .entry(name(shadow.name))
                .or_insert((shadow.line, shadow.reason));
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
            doubt: Doubt {
                names,
                open_from: open_from.map(|open| (open.offset, open.line)),
                hopeless,
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
    /// The name of an assignment that is [`unsure`](Assignment::unsure) may be a piece of a value
    /// (a line of base64 that ends in `=`): do not show it.
    pub fn assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments.iter()
    }

    /// The last live assignment of a name, which is the one that counts for most readers.
    pub fn get(&self, name: &str) -> Option<&Assignment> {
        self.assignments.get(*self.last.get(name)?)
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
    unsure: Option<Reason>,
    value: Option<SecretBytes>,
    text: Arc<SecretBytes>,
}

impl std::fmt::Debug for Assignment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Assignment")
            .field("line", &self.line)
            .field("style", &self.style)
            .field("unsure", &self.unsure)
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

    /// The canonical reading of the value; `None` when [`unsure`](Self::unsure) says why there is
    /// none. References to other variables are not followed.
    pub fn value(&self) -> Option<SecretBytes> {
        self.value.clone()
    }

    pub(super) fn value_ref(&self) -> Option<&SecretBytes> {
        self.value.as_ref()
    }

    /// Why readers disagree about where this value ends.
    pub fn unsure(&self) -> Option<Reason> {
        self.unsure
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
        encode::value_at(self.raw(), readers, self.place())
    }

    /// The readers of the set that would read something other than this value here.
    pub fn misreaders(&self, value: &SecretBytes, readers: &Readers) -> Readers {
        encode::misreaders_at(self.raw(), value, readers, self.place())
    }

    pub(super) fn place(&self) -> Place<'_> {
        Place {
            name: self.name.as_bytes(),
            before: self.before(),
            behind: self.behind(),
        }
    }

    /// Whether nothing but `NAME=` stands before the value.
    pub(super) fn is_plain_line(&self) -> bool {
        self.before().len() == self.name.len() + 1
    }

    /// All that stands on its line before the value.
    fn before(&self) -> &[u8] {
        &self.text.expose()[self.whole.start..self.raw.start]
    }

    /// All that stands behind the value, up to and without the line ending.
    pub(super) fn behind(&self) -> &[u8] {
        let tail = &self.text.expose()[self.raw.end..self.whole.end];
        let tail = tail.strip_suffix(b"\n").unwrap_or(tail);
        tail.strip_suffix(b"\r").unwrap_or(tail)
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

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuoteStyle {
    /// Without quotes.
    Bare,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `` `…` ``, which only npm dotenv and node understand.
    Backtick,
    /// Pieces with different quotes, as a shell reads them: `'it'\''s'`.
    Mixed,
}

impl QuoteStyle {
    pub(super) fn of(quote: u8) -> Self {
        match quote {
            b'\'' => Self::Single,
            b'"' => Self::Double,
            _ => Self::Backtick,
        }
    }
}

/// Why an extent is not certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// A quote is not closed, or closes where another value seems to begin.
    UnclosedQuote,
    /// Something other than a comment follows the closing quote.
    TextAfterQuote,
    /// A backslash before the closing quote: some readers run on to the next quote.
    BackslashBeforeQuote,
    /// A second assignment on the same line, which a shell performs.
    TwoAssignments,
    /// To a shell the value goes on in the next line, which nobody else understands.
    Continued,
    /// A CR without LF, which ends the line for some readers.
    LoneCr,
    /// A NUL byte, where some readers stop.
    Nul,
    /// `NAME: value`, an assignment for some readers.
    ColonForm,
    /// White space other than blank and tab, which some readers skip.
    OddSpace,
    /// The file is UTF-16.
    Utf16,
}

impl Reason {
    /// The stable code of this reason.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::BackslashBeforeQuote => "backslash_before_quote",
            Self::TwoAssignments => "two_assignments",
            Self::Continued => "continued",
            Self::LoneCr => "lone_cr",
            Self::Nul => "nul",
            Self::ColonForm => "colon_form",
            Self::OddSpace => "odd_space",
            Self::Utf16 => "utf16",
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "a quote is not closed",
            Self::TextAfterQuote => "text follows the closing quote",
            Self::BackslashBeforeQuote => {
                "a backslash stands before the closing quote, and some readers read on behind it"
            }
            Self::TwoAssignments => "there seem to be two assignments on one line",
            Self::Continued => "a shell takes the next line for a part of the value",
            Self::LoneCr => "a carriage return without line feed ends the line for some readers",
            Self::Nul => "there is a NUL byte",
            Self::ColonForm => "a colon stands where an equals sign belongs",
            Self::OddSpace => "there is white space that only some readers skip",
            Self::Utf16 => "the file is UTF-16, which no reader understands",
        })
    }
}

/// Something that at least one reader stumbles over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What it is.
    pub kind: ProblemKind,
}

/// The kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A quote opens and nothing closes it.
    UnclosedQuote,
    /// Something other than a comment follows a closing quote.
    TextAfterQuote,
    /// A single-quoted value that ends in a backslash.
    BackslashBeforeQuote,
    /// Two assignments on one line.
    TwoAssignments,
    /// A line that is neither assignment nor comment.
    Garbage,
    /// A name without `=`.
    NoEquals,
    /// `NAME: value`.
    ColonForm,
    /// A quote inside a value without quotes: shells and dotenvy take it for an opening one.
    QuoteInBareValue,
    /// A bare value that ends in a backslash: shells join it with the next line.
    BackslashAtLineEnd,
    /// The file begins with a byte order mark.
    Bom,
    /// A byte order mark stands before the first name and hides it from many readers.
    BomHidesName,
    /// A NUL byte (the first one).
    Nul,
    /// A CR without LF (the first one).
    LoneCr,
    /// Bytes that are not UTF-8 (the first ones): many readers refuse the file.
    InvalidUtf8,
    /// The file is UTF-16.
    Utf16,
}

impl ProblemKind {
    /// The stable code of this kind.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnclosedQuote => "unclosed_quote",
            Self::TextAfterQuote => "text_after_quote",
            Self::BackslashBeforeQuote => "backslash_before_quote",
            Self::TwoAssignments => "two_assignments",
            Self::Garbage => "garbage",
            Self::NoEquals => "no_equals",
            Self::ColonForm => "colon_form",
            Self::QuoteInBareValue => "quote_in_bare_value",
            Self::BackslashAtLineEnd => "backslash_at_line_end",
            Self::Bom => "bom",
            Self::BomHidesName => "bom_hides_name",
            Self::Nul => "nul",
            Self::LoneCr => "lone_cr",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::Utf16 => "utf16",
        }
    }
}

impl std::fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnclosedQuote => "a quote is not closed",
            Self::TextAfterQuote => "text follows the closing quote",
            Self::BackslashBeforeQuote => "a backslash stands before the closing quote",
            Self::TwoAssignments => "there seem to be two assignments on one line",
            Self::Garbage => "this is neither an assignment nor a comment",
            Self::NoEquals => "a name without an equals sign",
            Self::ColonForm => "a colon stands where an equals sign belongs",
            Self::QuoteInBareValue => "a quote inside a value that is not quoted",
            Self::BackslashAtLineEnd => "a value without quotes ends in a backslash",
            Self::Bom => "the file begins with a byte order mark",
            Self::BomHidesName => "a byte order mark hides the first name from many readers",
            Self::Nul => "there is a NUL byte",
            Self::LoneCr => "a carriage return without line feed",
            Self::InvalidUtf8 => "there are bytes that are not UTF-8",
            Self::Utf16 => "the file is UTF-16, which no reader understands",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &[u8]) -> EnvFile {
        EnvFile::parse(SecretBytes::copy_of(text))
    }

    /// Name, canonical value (`None`: unsure) of each live assignment.
    fn read(text: &[u8]) -> Vec<(String, Option<String>)> {
        parse(text)
            .assignments()
            .map(|a| {
                let value = a
                    .value()
                    .map(|v| String::from_utf8_lossy(v.expose()).into_owned());
                (a.name().to_owned(), value)
            })
            .collect()
    }

    fn one(text: &str) -> Option<String> {
        let all = read(text.as_bytes());
        assert_eq!(all.len(), 1, "{text:?}");
        all[0].1.clone()
    }

    fn kinds(text: &[u8]) -> Vec<(usize, ProblemKind)> {
        parse(text)
            .problems()
            .iter()
            .map(|p| (p.line, p.kind))
            .collect()
    }

    #[test]
    fn values_are_read_as_most_readers_do() {
        for (text, value) in [
            ("K=v", "v"),
            ("K=", ""),
            ("K=  ", ""),
            ("K= # note", ""),
            ("K=#note", "#note"),
            ("K=a#b", "a#b"),
            ("K=a #b", "a"),
            ("K=a\t#b", "a"),
            ("K=a b  \t", "a b"),
            ("  export \t K \t=\t v", "v"),
            ("export=v", "v"),
            ("K='a # b' # c", "a # b"),
            ("K='a\\nb'", "a\\nb"),
            ("K='C:\\dir\\'", "C:\\dir\\"),
            ("K=\"a\\nb\\r\\\"\\\\\\$\\`\\q\"", "a\nb\r\"\\$`\\q"),
            ("K=\"a\nb\" # c\n", "a\nb"),
            ("K=`it's \"x\"`", "it's \"x\""),
            ("K='it'\\''s'", "it's"),
            ("K='a'b\"c\"\\ d", "abc d"),
            ("K=it's", "it's"),
            ("K=\"a\"# c", "a"),
            ("K=v\r\n", "v"),
            ("K=v\r", "v"),
            ("\u{feff}K=v", "v"),
            ("K=$X", "$X"),
        ] {
            assert_eq!(one(text).as_deref(), Some(value), "{text:?}");
        }
    }

    #[test]
    fn a_comment_is_not_live() {
        assert!(read(b"#K=v\n  # K=v\n").is_empty());
    }

    #[test]
    fn lines_inside_quotes_are_not_assignments() {
        for quote in ["'", "\"", "`"] {
            let text = format!("A={quote}x\nB=1\n{quote} # c\nC=2\n");
            let names: Vec<_> = read(text.as_bytes()).into_iter().map(|(n, _)| n).collect();
            assert_eq!(names, ["A", "C"], "{quote}");
        }
    }

    #[test]
    fn doubtful_extents_have_no_value_and_say_why() {
        for (text, reason) in [
            ("K=\"v", Reason::UnclosedQuote),
            ("K='v", Reason::UnclosedQuote),
            ("K=\"v\nB=\"w\"", Reason::UnclosedQuote),
            ("K='v' w", Reason::TextAfterQuote),
            ("K=1 B=2", Reason::TwoAssignments),
            ("K='1' B=2", Reason::TwoAssignments),
            ("K=1; export K", Reason::TwoAssignments),
            ("K=a\rB=c", Reason::LoneCr),
            ("K=a\0b", Reason::Nul),
            ("K='a\\'\nB='c'", Reason::BackslashBeforeQuote),
            ("K=a\\\nrest of it", Reason::Continued),
            ("K=$(cat <<EOF\nrest of it\nEOF\n)", Reason::Continued),
            ("K=(\n one\n two\n)", Reason::Continued),
            ("K=x`cat\nrest of it`", Reason::Continued),
        ] {
            let file = parse(text.as_bytes());
            let first = file.assignments().next().unwrap();
            assert_eq!(first.unsure(), Some(reason), "{text:?}");
            assert_eq!(first.value(), None, "{text:?}");
        }
    }

    #[test]
    fn problems_name_the_line_and_the_kind() {
        assert_eq!(
            kinds(b"[a]\nNAME\nN: x\nA=it's\nB=x\\\nC='\n"),
            [
                (1, ProblemKind::Garbage),
                (2, ProblemKind::NoEquals),
                (3, ProblemKind::ColonForm),
                (4, ProblemKind::QuoteInBareValue),
                (5, ProblemKind::BackslashAtLineEnd),
                (6, ProblemKind::UnclosedQuote),
            ]
        );
        assert_eq!(
            kinds(b"\xef\xbb\xbfA=1\n"),
            [(1, ProblemKind::BomHidesName)]
        );
        assert_eq!(kinds(b"\xef\xbb\xbf#\nA=1\n"), [(1, ProblemKind::Bom)]);
        assert_eq!(kinds(b"\xff\xfeA\0"), [(1, ProblemKind::Utf16)]);
        assert_eq!(
            kinds(b"A=1\n#\0\n#\r#\n#\xff\n"),
            [
                (2, ProblemKind::Nul),
                (3, ProblemKind::LoneCr),
                (4, ProblemKind::InvalidUtf8)
            ]
        );
        assert_eq!(kinds(b"A=1\r\nB='x'\r\n\r\n# c\r\n"), []);
    }

    #[test]
    fn duplicates_are_listed_with_their_lines() {
        let file = parse(b"A=1\nB=2\n#A=3\nexport A='4\n5'\nA=6\n");
        assert_eq!(
            file.duplicates(),
            [Duplicate {
                name: "A",
                lines: vec![1, 4, 6]
            }]
        );
        assert_eq!(file.get("A").unwrap().line(), 6);
    }

    #[test]
    fn the_end_of_lost_base64_is_no_name() {
        let file = parse(
            b"K=-----BEGIN-----\nMIIEvQIBADANBgkqhkiG9w0B\nCanaryOfBase64==\n-----END-----\n",
        );
        let names: Vec<_> = file.assignments().map(Assignment::name).collect();
        assert_eq!(names, ["K"]);
    }

    #[test]
    fn debug_shows_neither_names_nor_values() {
        let file = parse(b"CANARY=canary\n");
        let shown = format!("{file:?} {:?}", file.get("CANARY"));
        assert!(!shown.to_lowercase().contains("canary"), "{shown}");
    }

    #[test]
    fn references_are_seen_where_readers_follow_them() {
        for (text, has) in [
            ("K=$A", true),
            ("K=\"x${A}\"", true),
            ("K=`x`", true),
            ("K=x`y`", true),
            ("K=\"\\$A\"", false),
            ("K='$A'", false),
            ("K=5$", false),
        ] {
            let file = parse(text.as_bytes());
            assert_eq!(file.get("K").unwrap().has_reference(), has, "{text}");
        }
    }
}
