//! The parser: turns bytes into spans.
//!
//! It decides where an assignment begins and where its value ends. The grammar is what the readers
//! agree on:
//!
//! - a line is `[blanks] [export blanks] NAME [blanks] = [blanks] value`, a comment, or blank;
//! - a quote opens only as the first byte of a value. It closes at the next such quote that is not
//!   escaped and is followed by blanks, a comment or the end of the line, possibly on a later line;
//! - a bare value ends before a blank followed by `#`, or with its line.
//!
//! Where readers disagree about the *extent* of a value, the assignment is marked ambiguous. Every
//! name that some reader may find in the disputed bytes becomes a [`PossibleName`], so that an edit
//! of it can be refused. A quote that causes a dispute only if another of its kind follows is a
//! [`DanglingQuote`].
//!
//! Total and linear: each byte is read a small, fixed number of times (counted by a test). The
//! search for a closing quote that does not exist runs once for each kind of quote, because the
//! next opening quote of that kind would have ended the search.

use std::collections::HashMap;
use std::ops::Range;

mod head;
mod quoted;

use self::head::{Head, assigned_word, colon_name, head, oddly_spaced_name, trim};
use super::bytes::{
    BOM, QuoteStyle, count, is_base64, is_base64_end, is_blank, is_name, memchr, steps,
};
use super::problem::{ProblemKind, Reason};
use crate::model::secret::SecretBytes;

/// What the parser found.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) assignments: Vec<RawAssignment>,
    pub(super) possible_names: Vec<PossibleName>,
    pub(super) problems: Vec<(usize, ProblemKind)>,
    /// Lines that are neither blank, a comment nor an assignment: number, and text without blanks
    /// around it.
    pub(super) unread: Vec<(usize, Range<usize>)>,
    /// A quote that never closes: every extent after it is ambiguous.
    pub(super) open_from: Option<Open>,
    /// Quotes that do no harm unless another of their kind follows; at most one of each kind for
    /// each reason.
    pub(super) dangling_quotes: Vec<DanglingQuote>,
    /// Why nothing in this file can be edited.
    pub(super) whole_file: Option<Reason>,
    /// Line endings: (LF alone, CRLF).
    pub(super) endings: (usize, usize),
}

/// A live assignment.
pub(super) struct RawAssignment {
    pub(super) name: Range<usize>,
    pub(super) line: usize,
    /// From the start of its line to the end of its last line, the line ending included.
    pub(super) whole: Range<usize>,
    /// The value as written, quotes included. An edit replaces this span.
    pub(super) raw: Range<usize>,
    pub(super) style: QuoteStyle,
    pub(super) exported: bool,
    pub(super) ambiguity: Option<Reason>,
    pub(super) value: Option<SecretBytes>,
}

/// A name that some reader may find assigned where this parser finds no assignment.
pub(super) struct PossibleName {
    pub(super) name: Range<usize>,
    pub(super) line: usize,
    pub(super) reason: Reason,
}

/// The position of a quote that nothing closes.
pub(super) struct Open {
    pub(super) offset: usize,
    pub(super) line: usize,
}

/// A quote that some reader leaves open: it would read everything up to the next quote of that
/// kind as one value.
#[derive(Clone)]
pub(super) struct DanglingQuote {
    pub(super) quote: u8,
    /// Where the quote is.
    pub(super) offset: usize,
    pub(super) line: usize,
    pub(super) reason: Reason,
}

/// Parses a whole file.
pub(super) fn scan(text: &[u8]) -> Scan {
    let mut scanner = Scanner {
        text,
        at: 0,
        line: 1,
        out: Scan::default(),
        after_base64: false,
        unclosed: HashMap::new(),
    };
    scanner.run();
    scanner.out
}

struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
    line: usize,
    out: Scan,
    /// The previous line looks like base64 that lost its quotes.
    after_base64: bool,
    /// For each kind of quote, the offset from which no quote closes it.
    unclosed: HashMap<u8, usize>,
}

/// A line without its ending.
#[derive(Clone)]
struct Line {
    start: usize,
    end: usize,
    next: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        if self.text.starts_with(b"\xff\xfe") || self.text.starts_with(b"\xfe\xff") {
            self.out.whole_file = Some(Reason::Utf16);
            self.out.problems.push((1, ProblemKind::Utf16));
            return;
        }
        let mut bom = false;
        if self.text.starts_with(BOM) {
            self.at = BOM.len();
            bom = true;
        }
        while self.at < self.text.len() {
            let line = self.line_at(self.at);
            let number = self.line;
            let assignments = self.out.assignments.len();
            self.line(&line);
            if bom && number == 1 {
                let kind = if self.out.assignments.len() > assignments {
                    ProblemKind::BomHidesName
                } else {
                    ProblemKind::Bom
                };
                self.out.problems.push((1, kind));
            }
        }
        self.find_bad_bytes();
    }

    /// Returns the rest of the line from an offset.
    fn line_at(&self, start: usize) -> Line {
        match memchr(b'\n', &self.text[start..]) {
            Some(offset) => {
                let lf = start + offset;
                let end = if lf > start && self.text[lf - 1] == b'\r' {
                    lf - 1
                } else {
                    lf
                };
                Line {
                    start,
                    end,
                    next: lf + 1,
                }
            }
            None => {
                // A CR at the end of the file is the first half of a line ending.
                let all = self.text.len();
                let end = if all > start && self.text[all - 1] == b'\r' {
                    all - 1
                } else {
                    all
                };
                Line {
                    start,
                    end,
                    next: all,
                }
            }
        }
    }

    /// Moves past a line and counts the line endings on the way.
    fn advance(&mut self, to: usize) {
        let mut at = self.at;
        while let Some(offset) = memchr(b'\n', &self.text[at..to]) {
            let lf = at + offset;
            if lf > 0 && self.text[lf - 1] == b'\r' {
                self.out.endings.1 += 1;
            } else {
                self.out.endings.0 += 1;
            }
            self.line += 1;
            at = lf + 1;
        }
        self.at = to;
    }

    fn problem(&mut self, kind: ProblemKind) {
        self.out.problems.push((self.line, kind));
    }

    fn line(&mut self, line: &Line) {
        let after_base64 = std::mem::take(&mut self.after_base64);
        let body = &self.text[line.start..line.end];
        let first = body.iter().position(|b| !is_blank(*b));
        let Some(first) = first else {
            return self.advance(line.next); // a blank line
        };
        if body[first] == b'#' {
            self.note_names_after_breaks(line.start..line.end);
            return self.advance(line.next);
        }
        let Some(head) = head(self.text, line.start, line.end) else {
            return self.garbage(line);
        };
        if after_base64 && is_base64_end(&body[first..]) {
            return self.garbage(line);
        }
        self.assignment(line, head);
    }

    fn garbage(&mut self, line: &Line) {
        let range = line.start..line.end;
        let text = trim(self.text, range.clone());
        self.out.unread.push((self.line, text.clone()));
        self.after_base64 = text.len() >= 16 && self.text[text.clone()].iter().all(is_base64);
        let colon = colon_name(self.text, text.clone());
        let kind = if let Some(name) = colon {
            self.out.possible_names.push(PossibleName {
                name,
                line: self.line,
                reason: Reason::ColonForm,
            });
            ProblemKind::ColonForm
        } else if is_name(&self.text[text.clone()]) {
            ProblemKind::NoEquals
        } else {
            ProblemKind::Garbage
        };
        self.problem(kind);
        if let Some(name) = oddly_spaced_name(self.text, text.clone()) {
            self.out.possible_names.push(PossibleName {
                name,
                line: self.line,
                reason: Reason::OddSpace,
            });
        }
        if self.text[text.clone()].starts_with(b"'") {
            self.quoted_name(line, text.start);
        }
        self.note_names_after_breaks(range);
        self.advance(line.next);
    }

    /// Handles a line that begins with an apostrophe. python-dotenv reads a quoted name there, which
    /// ends at the next apostrophe.
    fn quoted_name(&mut self, line: &Line, open: usize) {
        let next = memchr(b'\'', &self.text[open + 1..]).map(|at| open + 1 + at);
        match next {
            Some(next) if next < line.end => {}
            Some(next) => {
                let to = self.line_at(next).next;
                self.note_names_on_lines(line.next, to, Reason::UnclosedQuote);
            }
            None => self.note_dangling_quote(b'\'', open, Reason::UnclosedQuote),
        }
    }

    fn note_dangling_quote(&mut self, quote: u8, offset: usize, reason: Reason) {
        let is_known = |one: &DanglingQuote| one.quote == quote && one.reason == reason;
        if !self.out.dangling_quotes.iter().any(is_known) {
            self.out.dangling_quotes.push(DanglingQuote {
                quote,
                offset,
                line: self.line,
                reason,
            });
        }
    }

    fn assignment(&mut self, line: &Line, head: Head) {
        let value_start = head.value;
        let mut hit = RawAssignment {
            name: head.name,
            line: self.line,
            whole: line.start..line.next,
            raw: head.after_equals..head.after_equals,
            style: QuoteStyle::Bare,
            exported: head.exported,
            ambiguity: None,
            value: None,
        };
        let mut end = line.next;
        match self.text.get(value_start).copied() {
            _ if value_start >= line.end => hit.value = Some(SecretBytes::copy_of(b"")),
            Some(b'#') if value_start > head.after_equals => {
                hit.value = Some(SecretBytes::copy_of(b""));
                self.note_names_after_breaks(value_start..line.end);
            }
            Some(quote @ (b'\'' | b'"' | b'`')) => {
                end = self.quoted(line, &mut hit, value_start, quote)
            }
            _ => self.bare(line, &mut hit, value_start),
        }
        hit.whole.end = end;
        if memchr(0, &self.text[hit.whole.clone()]).is_some() && hit.ambiguity.is_none() {
            hit.ambiguity = Some(Reason::Nul);
            hit.value = None;
        }
        self.out.assignments.push(hit);
        self.advance(end);
    }

    /// Records every name that the lines of a range seem to assign, with the line where the
    /// ambiguity begins. Such ranges overlap at most once for each kind of quote, so this is linear.
    fn note_names_on_lines(&mut self, from: usize, to: usize, reason: Reason) {
        let mut at = from;
        while at < to {
            let line = self.line_at(at);
            if let Some(head) = head(self.text, line.start, line.end) {
                self.out.possible_names.push(PossibleName {
                    name: head.name,
                    line: self.line,
                    reason,
                });
            }
            at = line.next;
        }
    }

    fn bare(&mut self, line: &Line, hit: &mut RawAssignment, start: usize) {
        let text = self.text;
        let mut end = start;
        let mut blank = false;
        let mut word = false; // at the start of a further word
        let mut after_semicolon = false;
        let mut at = start;
        let mut quote = false;
        let mut line_break = false;
        while at < line.end {
            steps(1);
            let byte = text[at];
            if byte == b'#' && blank {
                break;
            }
            if is_blank(byte) {
                blank = true;
                word = true;
            } else {
                if word && let Some(name) = assigned_word(text, at, line.end) {
                    self.out.possible_names.push(PossibleName {
                        name,
                        line: self.line,
                        reason: Reason::TwoAssignments,
                    });
                    if hit.ambiguity.is_none() {
                        self.out
                            .problems
                            .push((self.line, ProblemKind::TwoAssignments));
                    }
                    hit.ambiguity = Some(Reason::TwoAssignments);
                }
                // `K=v; export K`: for a shell the value ends before the semicolon.
                if after_semicolon && text[at..line.end].starts_with(b"export ") {
                    hit.ambiguity = hit.ambiguity.or(Some(Reason::TwoAssignments));
                }
                after_semicolon = byte == b';';
                quote |= byte == b'\'' || byte == b'"';
                line_break |= byte == b'\r';
                blank = false;
                word = false;
                end = at + 1;
            }
            at += 1;
        }
        hit.raw = start..end;
        hit.style = QuoteStyle::Bare;
        if line_break {
            hit.ambiguity = Some(Reason::LoneCr);
        }
        if hit.ambiguity.is_none() {
            hit.value = Some(SecretBytes::copy_of(&text[start..end]));
            if quote && !matches!(text[start], b'\'' | b'"') {
                self.problem(ProblemKind::QuoteInBareValue);
            }
            let backslash = end == line.end && ends_in_backslash(&text[start..end]);
            if end == line.end && text[start..end].ends_with(b"\\") {
                self.problem(ProblemKind::BackslashAtLineEnd);
            }
            if (backslash || opens_for_a_shell(&text[start..end])) && self.is_garbage_at(line.next)
            {
                hit.ambiguity = Some(Reason::Continued);
                hit.value = None;
            }
        }
        self.note_names_after_breaks(start..line.end);
    }

    /// Returns whether a line is neither blank, a comment nor an assignment.
    fn is_garbage_at(&self, start: usize) -> bool {
        let line = self.line_at(start);
        let first = self.text[line.start..line.end]
            .iter()
            .find(|b| !is_blank(**b));
        first.is_some_and(|b| *b != b'#') && head(self.text, line.start, line.end).is_none()
    }

    /// Records the names that readers find within a line if they end lines at a lone CR or at a
    /// Unicode line separator.
    fn note_names_after_breaks(&mut self, range: Range<usize>) {
        let text = self.text;
        steps(range.len());
        let mut at = range.start;
        while at < range.end {
            let (skip, reason) = match text[at] {
                b'\r' => (1, Reason::LoneCr),
                0xe2 if text[at..range.end].starts_with("\u{2028}".as_bytes())
                    || text[at..range.end].starts_with("\u{2029}".as_bytes()) =>
                {
                    (3, Reason::OddSpace)
                }
                _ => {
                    at += 1;
                    continue;
                }
            };
            at += skip;
            if let Some(head) = head(text, at, range.end) {
                self.out.possible_names.push(PossibleName {
                    name: head.name,
                    line: self.line,
                    reason,
                });
            }
        }
    }

    /// Reports bytes that some reader misreads wherever they are.
    fn find_bad_bytes(&mut self) {
        let text = self.text;
        steps(text.len());
        let (mut nul, mut cr) = (None, None);
        let mut line = 1;
        for (i, byte) in text.iter().enumerate() {
            match byte {
                b'\n' => line += 1,
                0 if nul.is_none() => nul = Some(line),
                b'\r' if cr.is_none() && i + 1 < text.len() && text[i + 1] != b'\n' => {
                    cr = Some(line);
                }
                _ => {}
            }
        }
        let utf8 = std::str::from_utf8(text)
            .err()
            .map(|error| 1 + count(b'\n', &text[..error.valid_up_to()]));
        for (line, kind) in [
            (nul, ProblemKind::Nul),
            (cr, ProblemKind::LoneCr),
            (utf8, ProblemKind::InvalidUtf8),
        ] {
            if let Some(line) = line {
                self.out.problems.push((line, kind));
            }
        }
        self.out.problems.sort_by_key(|(line, _)| *line);
    }
}

/// Returns whether the text ends in an odd number of backslashes: a shell joins the next line.
fn ends_in_backslash(text: &[u8]) -> bool {
    text.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

/// Returns whether a shell would look for the end of a list, of `$(…)` or of backticks on the next
/// line.
fn opens_for_a_shell(text: &[u8]) -> bool {
    let command = text.windows(2).position(|pair| pair == b"$(");
    let open = match command {
        Some(at) => Some(at),
        None => text.starts_with(b"(").then_some(0),
    };
    let unbalanced = |at: usize| count(b'(', &text[at..]) > count(b')', &text[at..]);
    open.is_some_and(unbalanced) || count(b'`', text) % 2 == 1
}
