//! Quoted values: where the quote closes, what follows it, and what is between the quotes.

use super::{Line, Open, RawAssignment, Scanner};
use crate::env_file::bytes::{QuoteStyle, is_blank, memchr, steps};
use crate::env_file::problem::{ProblemKind, Reason};
use crate::model::secret::{SecretBuilder, SecretBytes};

struct Close {
    at: usize,
    /// Only blanks or a comment follow on its line.
    clean: bool,
    /// A backslash precedes it, so some readers read on.
    after_backslash: bool,
}

impl Scanner<'_> {
    /// Parses a value that begins with a quote. Returns the offset of the line after it.
    pub(super) fn quoted(
        &mut self,
        line: &Line,
        hit: &mut RawAssignment,
        open: usize,
        quote: u8,
    ) -> usize {
        let close = if self.unclosed.get(&quote).is_some_and(|from| open >= *from) {
            None
        } else {
            self.closing(open, quote)
        };
        let Some(close) = close else {
            if quote == b'`' {
                // Only npm and node know this quote, and both read the line as it is.
                self.note_dangling_quote(quote, open, Reason::UnclosedQuote);
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
            hit.ambiguity = Some(Reason::UnclosedQuote);
            hit.value = None;
            return line.next;
        };
        let last = self.line_at(close.at);
        if close.clean {
            hit.raw = open..close.at + 1;
            hit.style = QuoteStyle::of(quote);
            hit.value = Some(unquote(&self.text[open + 1..close.at], quote));
            self.note_names_after_breaks(close.at + 1..last.end);
            if close.after_backslash {
                self.mark_backslash_before_quote(hit, close.at, quote);
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
                self.note_names_after_breaks(end..line.end);
            } else {
                self.bare(line, hit, open);
                if hit.ambiguity.is_none() {
                    hit.ambiguity = Some(Reason::TextAfterQuote);
                }
                hit.value = None;
            }
            self.problem(ProblemKind::TextAfterQuote);
            return line.next;
        }
        // The quote closes on a later line, but other text follows it there: most likely that quote
        // opens the value of another assignment. Those lines are parsed one by one, and all names
        // on them are ambiguous.
        self.problem(ProblemKind::UnclosedQuote);
        self.bare(line, hit, open);
        hit.ambiguity = Some(Reason::UnclosedQuote);
        hit.value = None;
        self.note_names_on_lines(line.next, last.next, Reason::UnclosedQuote);
        line.next
    }

    /// Handles `'C:\dir\'`. Most readers close the quote at the end of the line. Some read the
    /// backslash as an escape and go on to the next quote, so everything up to it is ambiguous.
    fn mark_backslash_before_quote(&mut self, hit: &mut RawAssignment, close: usize, quote: u8) {
        let end_of_line = self.line_at(close).next;
        if self.unclosed.get(&quote).is_some_and(|from| close >= *from) {
            self.note_dangling_quote(quote, close, Reason::BackslashBeforeQuote);
            return;
        }
        let later = memchr(quote, &self.text[end_of_line..]).map(|i| end_of_line + i);
        let Some(later) = later else {
            self.unclosed.entry(quote).or_insert(close);
            self.note_dangling_quote(quote, close, Reason::BackslashBeforeQuote);
            return;
        };
        hit.ambiguity = Some(Reason::BackslashBeforeQuote);
        self.out
            .problems
            .push((self.line, ProblemKind::BackslashBeforeQuote));
        let to = self.line_at(later).next;
        self.note_names_on_lines(end_of_line, to, Reason::BackslashBeforeQuote);
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
                            after_backslash: false,
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
                        after_backslash: escaped,
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

    /// Returns whether only blanks or a comment follow an offset on its line.
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
}

/// Reads one word as a shell does, from `start` to a blank or the end of the line. `None` if a
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
            // A shell gives these a meaning, so this is not a plain word.
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

/// Returns the canonical value of the text between two quotes. Single quotes and backticks hold
/// their bytes as they are. Between double quotes a backslash escapes `\ " $` and a backtick, `\n`
/// and `\r` are LF and CR, and any other backslash is literal.
fn unquote(inner: &[u8], quote: u8) -> SecretBytes {
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
