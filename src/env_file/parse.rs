//! The scanner: bytes in, spans out.
//!
//! It owns the question where an assignment begins and where its value ends. The grammar is what
//! the readers agree on:
//!
//! - a line is `[blanks] [export blanks] NAME [blanks] = [blanks] value`, a comment, or blank;
//! - a quote opens only as the first byte of a value; it closes at the next such quote that is
//!   not escaped and is followed by blanks, a comment or the end of the line, maybe lines later;
//! - a bare value ends before a blank followed by `#`, or with its line.
//!
//! Where readers disagree about an *extent*, the assignment is marked unsure, and every name that
//! some reader may find in the disputed bytes is noted as a [`Shadow`], so that an edit of it can
//! be refused.
//!
//! Total and linear: each byte is looked at a small, fixed number of times (counted by a test). A quote that is
//! searched over several lines and turns out to close nothing is searched over them once, because
//! the next opening quote of that kind would itself have ended the search.

use std::collections::HashMap;
use std::ops::Range;

use super::document::{ProblemKind, QuoteStyle, Reason};
use super::encode::BLANK;
use crate::secret::{SecretBuilder, SecretBytes};

/// What the scanner found.
#[derive(Default)]
pub(super) struct Scan {
    pub(super) hits: Vec<Hit>,
    pub(super) shadows: Vec<Shadow>,
    pub(super) problems: Vec<(usize, ProblemKind)>,
    /// From here on every extent is uncertain: a quote never closes.
    pub(super) open_from: Option<Open>,
    /// Nothing in this file can be edited.
    pub(super) hopeless: Option<Reason>,
    /// Line endings: (LF alone, CRLF).
    pub(super) endings: (usize, usize),
}

/// A live assignment.
pub(super) struct Hit {
    pub(super) name: Range<usize>,
    pub(super) line: usize,
    /// From the start of its line to the end of its last line, the line ending included.
    pub(super) whole: Range<usize>,
    /// The value as written, quotes included; what an edit replaces.
    pub(super) raw: Range<usize>,
    pub(super) style: QuoteStyle,
    pub(super) exported: bool,
    pub(super) unsure: Option<Reason>,
    pub(super) value: Option<SecretBytes>,
}

/// A name that some readers may see assigned where this parser sees no assignment.
pub(super) struct Shadow {
    pub(super) name: Range<usize>,
    pub(super) line: usize,
    pub(super) reason: Reason,
}

/// The place where a quote opens that nothing closes.
pub(super) struct Open {
    pub(super) offset: usize,
    pub(super) line: usize,
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Scans a whole file.
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
    /// The line before looks like a line of base64 that lost its quotes.
    after_base64: bool,
    /// Per kind of quote: from this offset on, nothing closes it.
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
            self.out.hopeless = Some(Reason::Utf16);
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
            let hits = self.out.hits.len();
            self.line(&line);
            if bom && number == 1 {
                let kind = if self.out.hits.len() > hits {
                    ProblemKind::BomHidesName
                } else {
                    ProblemKind::Bom
                };
                self.out.problems.push((1, kind));
            }
        }
        self.find_bad_bytes();
    }

    /// The line that an offset is in, from that offset on.
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
                // A CR at the very end of the file is the beginning of a line ending.
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

    /// Moves on behind a line, counting the line endings passed.
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
            self.shadows_behind_breaks(line.start..line.end);
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
        self.after_base64 = text.len() >= 16 && self.text[text.clone()].iter().all(is_base64);
        let colon = colon_name(self.text, text.clone());
        let kind = if let Some(name) = colon {
            self.out.shadows.push(Shadow {
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
        // JavaScript takes more characters for white space than blank and tab.
        let rest = skip_odd_space(self.text, text.start, text.end);
        if rest > text.start
            && let Some(head) = head(self.text, rest, text.end)
        {
            self.out.shadows.push(Shadow {
                name: head.name,
                line: self.line,
                reason: Reason::OddSpace,
            });
        }
        self.shadows_behind_breaks(range);
        self.advance(line.next);
    }

    fn assignment(&mut self, line: &Line, head: Head) {
        let value_start = head.value;
        let mut hit = Hit {
            name: head.name,
            line: self.line,
            whole: line.start..line.next,
            raw: head.after_equals..head.after_equals,
            style: QuoteStyle::Bare,
            exported: head.exported,
            unsure: None,
            value: None,
        };
        let mut end = line.next;
        match self.text.get(value_start).copied() {
            _ if value_start >= line.end => hit.value = Some(SecretBytes::copy_of(b"")),
            Some(b'#') if value_start > head.after_equals => {
                hit.value = Some(SecretBytes::copy_of(b""));
                self.shadows_behind_breaks(value_start..line.end);
            }
            Some(quote @ (b'\'' | b'"' | b'`')) => {
                end = self.quoted(line, &mut hit, value_start, quote)
            }
            _ => self.bare(line, &mut hit, value_start),
        }
        hit.whole.end = end;
        if memchr(0, &self.text[hit.whole.clone()]).is_some() && hit.unsure.is_none() {
            hit.unsure = Some(Reason::Nul);
            hit.value = None;
        }
        self.out.hits.push(hit);
        self.advance(end);
    }

    /// A value that begins with a quote. Returns where the line after it begins.
    fn quoted(&mut self, line: &Line, hit: &mut Hit, open: usize, quote: u8) -> usize {
        let close = if self.unclosed.get(&quote).is_some_and(|from| open >= *from) {
            None
        } else {
            self.closing(open, quote)
        };
        let Some(close) = close else {
            if quote == b'`' {
                // Only npm and node know this quote, and both read the line as it stands.
                self.bare(line, hit, open);
                return line.next;
            }
            let from = self.unclosed.entry(quote).or_insert(open);
            *from = (*from).min(open);
            if self.out.open_from.is_none() {
                self.out.open_from = Some(Open {
                    offset: hit.whole.start,
                    line: hit.line,
                });
            }
            self.problem(ProblemKind::UnclosedQuote);
            self.bare(line, hit, open);
            hit.unsure = Some(Reason::UnclosedQuote);
            hit.value = None;
            return line.next;
        };
        let last = self.line_at(close.at);
        if close.clean {
            hit.raw = open..close.at + 1;
            hit.style = QuoteStyle::of(quote);
            hit.value = Some(unquote(&self.text[open + 1..close.at], quote));
            self.shadows_behind_breaks(close.at + 1..last.end);
            if close.doubtful {
                self.doubt_a_backslash(hit, close.at, quote);
            }
            return last.next;
        }
        if quote == b'`' {
            self.bare(line, hit, open);
            return line.next;
        }
        if close.at < line.end {
            // Something follows the quote on the same line: a shell reads one word.
            if let Some((end, value)) = shell_word(self.text, open, line.end) {
                hit.raw = open..end;
                hit.style = QuoteStyle::Mixed;
                hit.value = Some(value);
                self.shadows_behind_breaks(end..line.end);
            } else {
                self.bare(line, hit, open);
                if hit.unsure.is_none() {
                    hit.unsure = Some(Reason::TextAfterQuote);
                }
                hit.value = None;
            }
            self.problem(ProblemKind::TextAfterQuote);
            return line.next;
        }
        // The quote closes on a later line, but rubbish follows it there: most likely that quote
        // opens the value of another assignment. Those lines are read one by one, and all names
        // in them are doubtful.
        self.problem(ProblemKind::UnclosedQuote);
        self.bare(line, hit, open);
        hit.unsure = Some(Reason::UnclosedQuote);
        hit.value = None;
        self.shadow_lines(line.next, last.next, Reason::UnclosedQuote);
        line.next
    }

    /// `'C:\dir\'`: most readers close the quote at the end of the line, some take the backslash
    /// for an escape and run on to the next quote. If there is one, all up to it is doubtful.
    fn doubt_a_backslash(&mut self, hit: &mut Hit, close: usize, quote: u8) {
        let end_of_line = self.line_at(close).next;
        if self.unclosed.get(&quote).is_some_and(|from| close >= *from) {
            return;
        }
        let later = memchr(quote, &self.text[end_of_line..]).map(|i| end_of_line + i);
        let Some(later) = later else {
            self.unclosed.entry(quote).or_insert(close);
            return;
        };
        hit.unsure = Some(Reason::BackslashBeforeQuote);
        self.out
            .problems
            .push((self.line, ProblemKind::BackslashBeforeQuote));
        let to = self.line_at(later).next;
        self.shadow_lines(end_of_line, to, Reason::BackslashBeforeQuote);
    }

    /// Notes every name that the lines of a range seem to assign, with the line where the doubt
    /// begins. Such ranges hardly overlap (at most once per kind of quote), so this stays linear.
    fn shadow_lines(&mut self, from: usize, to: usize, reason: Reason) {
        let mut at = from;
        while at < to {
            let line = self.line_at(at);
            if let Some(head) = head(self.text, line.start, line.end) {
                self.out.shadows.push(Shadow {
                    name: head.name,
                    line: self.line,
                    reason,
                });
            }
            at = line.next;
        }
    }

    fn closing(&self, open: usize, quote: u8) -> Option<Close> {
        let text = self.text;
        let mut at = open + 1;
        if quote == b'"' {
            while at < text.len() {
                steps(1);
                match text[at] {
                    b'\\' => at += 2,
                    b'"' => {
                        return Some(Close {
                            at,
                            clean: self.ends_value(at + 1),
                            doubtful: false,
                        });
                    }
                    _ => at += 1,
                }
            }
            return None;
        }
        let mut backslashes = 0usize;
        while at < text.len() {
            steps(1);
            if text[at] == quote {
                let escaped = backslashes % 2 == 1 && quote == b'\'';
                let clean = self.ends_value(at + 1);
                if !escaped || clean {
                    return Some(Close {
                        at,
                        clean,
                        doubtful: escaped,
                    });
                }
            }
            backslashes = if text[at] == b'\\' {
                backslashes + 1
            } else {
                0
            };
            at += 1;
        }
        None
    }

    /// Whether only blanks or a comment stand between an offset and the end of its line.
    fn ends_value(&self, mut at: usize) -> bool {
        let start = at;
        while at < self.text.len() && is_blank(self.text[at]) {
            at += 1;
        }
        steps(at - start + 1);
        match self.text.get(at) {
            None | Some(b'\n' | b'#') => true,
            Some(b'\r') => matches!(self.text.get(at + 1), None | Some(b'\n')),
            Some(_) => false,
        }
    }

    fn bare(&mut self, line: &Line, hit: &mut Hit, start: usize) {
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
                    self.out.shadows.push(Shadow {
                        name,
                        line: self.line,
                        reason: Reason::TwoAssignments,
                    });
                    if hit.unsure.is_none() {
                        self.out
                            .problems
                            .push((self.line, ProblemKind::TwoAssignments));
                    }
                    hit.unsure = Some(Reason::TwoAssignments);
                }
                // `K=v; export K`: to a shell the value ends before the semicolon.
                if word && after_semicolon && text[at..line.end].starts_with(b"export ") {
                    hit.unsure = hit.unsure.or(Some(Reason::TwoAssignments));
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
            hit.unsure = Some(Reason::LoneCr);
        }
        if hit.unsure.is_none() {
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
                hit.unsure = Some(Reason::Continued);
                hit.value = None;
            }
        }
        self.shadows_behind_breaks(start..line.end);
    }

    /// Whether a line is neither blank nor a comment nor an assignment.
    fn is_garbage_at(&self, start: usize) -> bool {
        let line = self.line_at(start);
        let first = self.text[line.start..line.end]
            .iter()
            .find(|b| !is_blank(**b));
        first.is_some_and(|b| *b != b'#') && head(self.text, line.start, line.end).is_none()
    }

    /// Some readers end a line at a lone CR, or at a Unicode line separator. Notes the names
    /// that they would find assigned within a line.
    fn shadows_behind_breaks(&mut self, range: Range<usize>) {
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
                self.out.shadows.push(Shadow {
                    name: head.name,
                    line: self.line,
                    reason,
                });
            }
        }
    }

    /// One pass for bytes that some reader stumbles over wherever they are.
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

struct Close {
    at: usize,
    /// Nothing but blanks or a comment follows on its line.
    clean: bool,
    /// A backslash before it makes some readers run on.
    doubtful: bool,
}

/// What stands before a value.
struct Head {
    name: Range<usize>,
    exported: bool,
    after_equals: usize,
    value: usize,
}

/// `[blanks] [export blanks] NAME [blanks] = [blanks]`
fn head(text: &[u8], start: usize, end: usize) -> Option<Head> {
    let skip = |from: usize| {
        let mut at = from;
        while at < end && is_blank(text[at]) {
            at += 1;
        }
        steps(at - from + 1);
        at
    };
    let word = |from: usize| {
        let mut at = from;
        while at < end && is_name_byte(&text[at]) {
            at += 1;
        }
        steps(at - from + 1);
        at
    };
    let mut from = skip(start);
    let mut to = word(from);
    let mut exported = false;
    let mut equals = skip(to);
    if &text[from..to] == b"export" && equals > to {
        let second = word(equals);
        if second > equals {
            exported = true;
            from = equals;
            to = second;
            equals = skip(to);
        }
    }
    if to == from || equals >= end || text[equals] != b'=' {
        return None;
    }
    Some(Head {
        name: from..to,
        exported,
        after_equals: equals + 1,
        value: skip(equals + 1),
    })
}

/// `NAME=` at the start of a further word of a line.
fn assigned_word(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    if !(text[start].is_ascii_alphabetic() || text[start] == b'_') {
        return None;
    }
    let mut at = start;
    while at < end && (text[at].is_ascii_alphanumeric() || text[at] == b'_') {
        at += 1;
    }
    steps(at - start + 1);
    (at < end && text[at] == b'=').then_some(start..at)
}

/// An odd number of backslashes at the end: a shell joins the next line.
fn ends_in_backslash(text: &[u8]) -> bool {
    text.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

/// Whether a shell that reads this has something left to close on the next line: a list, a command
/// in `$(…)` or in backticks.
fn opens_for_a_shell(text: &[u8]) -> bool {
    let command = text.windows(2).position(|pair| pair == b"$(");
    let open = match command {
        Some(at) => Some(at),
        None => text.starts_with(b"(").then_some(0),
    };
    let unbalanced = |at: usize| count(b'(', &text[at..]) > count(b')', &text[at..]);
    open.is_some_and(unbalanced) || count(b'`', text) % 2 == 1
}

/// `NAME: value`, which npm dotenv, compose, godotenv and Ruby read as an assignment.
fn colon_name(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let len = text[range.clone()].iter().position(|b| !is_name_byte(b))?;
    let at = range.start + len;
    (len > 0 && text[at] == b':' && at + 1 < range.end && is_blank(text[at + 1]))
        .then_some(range.start..at)
}

/// One word as a shell reads it, from `start` to a blank or the end of the line. `None` if a
/// quote stays open, or if something other than a comment follows the word.
fn shell_word(text: &[u8], start: usize, end: usize) -> Option<(usize, SecretBytes)> {
    let mut out = SecretBuilder::with_capacity(end - start);
    let mut at = start;
    while at < end {
        steps(1);
        match text[at] {
            b'\'' => {
                let close = at + 1 + memchr(b'\'', &text[at + 1..end])?;
                out.push(&text[at + 1..close]);
                at = close + 1;
            }
            b'"' => {
                let mut close = at + 1;
                while close < end && text[close] != b'"' {
                    steps(1);
                    close += if text[close] == b'\\' { 2 } else { 1 };
                }
                if close >= end {
                    return None;
                }
                out.push(unquote(&text[at + 1..close], b'"').expose());
                at = close + 1;
            }
            b'\\' => {
                out.push(text.get(at + 1..at + 2).filter(|_| at + 1 < end)?);
                at += 2;
            }
            byte if is_blank(byte) => break,
            // What a shell would act upon is no part of a plain word.
            b'$' | b'`' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' | b'\r' => return None,
            byte => {
                out.push(&[byte]);
                at += 1;
            }
        }
    }
    let mut rest = at;
    while rest < end && is_blank(text[rest]) {
        rest += 1;
    }
    (rest == end || text[rest] == b'#').then(|| (at, out.finish()))
}

/// The canonical reading of what stands between two quotes. Single quotes and backticks hold
/// their bytes as they are; between double quotes a backslash hides `\ " $` and a backtick, and
/// `\n`, `\r` are LF and CR; before any other byte it is itself.
pub(super) fn unquote(inner: &[u8], quote: u8) -> SecretBytes {
    if quote != b'"' {
        return SecretBytes::copy_of(inner);
    }
    let mut out = SecretBuilder::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        let run = memchr(b'\\', &inner[at..]).unwrap_or(inner.len() - at);
        out.push(&inner[at..at + run]);
        at += run;
        if at == inner.len() {
            break;
        }
        match inner.get(at + 1) {
            Some(byte @ (b'\\' | b'"' | b'$' | b'`')) => out.push(&[*byte]),
            Some(b'n') => out.push(b"\n"),
            Some(b'r') => out.push(b"\r"),
            Some(byte) => out.push(&[b'\\', *byte]),
            None => out.push(b"\\"),
        }
        at += 2;
    }
    out.finish()
}

fn trim(text: &[u8], range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    while start < end && is_blank(text[start]) {
        start += 1;
    }
    while end > start && is_blank(text[end - 1]) {
        end -= 1;
    }
    start..end
}

/// Behind white space that JavaScript's `\s` knows, beyond blank and tab.
fn skip_odd_space(text: &[u8], start: usize, end: usize) -> usize {
    let window = &text[start..end.min(start + 64)];
    steps(window.len());
    let valid = match std::str::from_utf8(window) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).unwrap_or(""),
    };
    let rest = valid.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start + valid.len() - rest.len()
}

fn is_blank(byte: u8) -> bool {
    BLANK.contains(&byte)
}

fn is_name_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(is_name_byte)
}

fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// `xyz==`, the last line of a block of base64.
fn is_base64_end(line: &[u8]) -> bool {
    let body = line.iter().position(|b| *b == b'=').unwrap_or(0);
    matches!(&line[body..], b"=" | b"==")
}

fn count(byte: u8, text: &[u8]) -> usize {
    steps(text.len());
    text.iter().filter(|b| **b == byte).count()
}

/// The first place of a byte.
pub(super) fn memchr(byte: u8, text: &[u8]) -> Option<usize> {
    let found = text.iter().position(|b| *b == byte);
    steps(found.map_or(text.len(), |at| at + 1));
    found
}

/// Notes that so many bytes were looked at, for the test that growth is linear.
#[cfg(not(test))]
#[inline(always)]
fn steps(_bytes: usize) {}

#[cfg(test)]
fn steps(bytes: usize) {
    STEPS.with(|all| all.set(all.get() + bytes));
}

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many bytes a scan looks at, each as often as it is looked at.
#[cfg(test)]
pub(super) fn counted_steps(text: &[u8]) -> usize {
    STEPS.with(|all| all.set(0));
    let _ = scan(text);
    STEPS.with(std::cell::Cell::get)
}
