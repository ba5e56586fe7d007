//! [`EnvFile::with_lost_lines`]: puts back the lines that a file has lost.
//!
//! Both files are cut into blocks: an assignment with all of its lines, or one other line. Two
//! blocks are the same if they assign the same name, or are the same text without blanks around it,
//! and have the same number among those (the second `A=`, the third `#`). A block of the earlier
//! file that is missing is put behind the nearest block before it that is still there. Empty lines
//! belong to the block behind them.
//!
//! Invariant: no byte of the file is lost or moved, but for empty lines beside a block that is put
//! back, and for a last line or an open quote that the earlier file continues: a write that stopped
//! in the middle leaves that.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::bytes::BOM;
use super::document::{Assignment, EnvFile};
use super::problem::Reason;
use crate::model::secret::SecretBuilder;

/// What makes a block the same in two files.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key<'f> {
    is_assignment: bool,
    /// The name of the variable, or the text of the line.
    text: &'f [u8],
    /// Which of those it is, from 0.
    nth: usize,
}

struct Block<'f> {
    key: Key<'f>,
    /// The empty lines before it.
    gap: &'f [u8],
    /// Its lines, with their endings.
    text: &'f [u8],
    start: usize,
}

/// The blocks of a file, and the empty lines behind the last one.
struct Blocks<'f> {
    found: Vec<Block<'f>>,
    tail: &'f [u8],
}

/// A block of the result: its number in the file and in the earlier file.
type Origin = (Option<usize>, Option<usize>);

impl EnvFile {
    /// Returns this file with the lines of `earlier` that it has lost, each where it was.
    pub fn with_lost_lines(&self, earlier: &EnvFile) -> EnvFile {
        let (mut now, old) = (self.blocks(), earlier.blocks());
        if let Some(end) = self.cut_off(&now, &old) {
            now.found.retain(|block| block.start < end);
            now.tail = b"";
        }
        let order = order(&now, &old);

        let text = self.text.expose();
        let is_crlf = if text.contains(&b'\n') {
            self.crlf
        } else {
            earlier.crlf
        };
        let line_end: &[u8] = if is_crlf { b"\r\n" } else { b"\n" };
        let mut out = SecretBuilder::with_capacity(text.len() + earlier.text.len() + 2);
        out.push(&text[..self.start()]);
        let mut last = None;
        let mut push = |bytes: &[u8]| {
            if bytes.is_empty() {
                return;
            }
            match last {
                None | Some(b'\n') => {}
                // The first half of a line ending.
                Some(b'\r') if is_crlf => out.push(b"\n"),
                Some(_) => out.push(line_end),
            }
            out.push(bytes);
            last = bytes.last().copied();
        };
        let mut before: Origin = (None, None);
        for (at, &origin) in order.iter().enumerate() {
            let new = origin.0.map(|index| &now.found[index]);
            let old = origin.1.map(|index| (index, &old.found[index]));
            // Whether the two were neighbours, and one of them was lost.
            let was_behind = |index: usize| match at {
                0 => index == 0,
                _ => index
                    .checked_sub(1)
                    .is_some_and(|index| before.1 == Some(index)),
            };
            let is_lost = new.is_none() || at > 0 && before.0.is_none();
            let gap = match (new, old) {
                (_, Some((index, old))) if is_lost && was_behind(index) => old.gap,
                (Some(new), _) => new.gap,
                (None, old) => old.map_or(&b""[..], |(_, old)| old.gap),
            };
            push(gap);
            push(match (new, old) {
                // The line ending that was cut off.
                (Some(new), Some((_, old)))
                    if at + 1 < order.len()
                        && !new.text.ends_with(b"\n")
                        && old.text.starts_with(new.text) =>
                {
                    old.text
                }
                (Some(new), _) => new.text,
                (None, old) => old.map_or(&b""[..], |(_, old)| old.text),
            });
            before = origin;
        }
        let tail = match before {
            (None, Some(_)) => old.tail,
            _ => now.tail,
        };
        push(tail);
        EnvFile::parse(out.finish())
    }

    /// Returns whether the file ends in the middle of a line or a quote that `earlier` continues.
    pub(super) fn is_cut_off_from(&self, earlier: &EnvFile) -> bool {
        self.cut_off(&self.blocks(), &earlier.blocks()).is_some()
    }

    /// Returns where the part begins that a write which stopped in the middle has left: a last line
    /// without an ending or an open quote, if the earlier file continues it.
    fn cut_off(&self, now: &Blocks<'_>, old: &Blocks<'_>) -> Option<usize> {
        let text = self.text.expose();
        let unclosed = self.assignments().find(|one| is_unclosed(one));
        let unclosed = unclosed.map(|one| one.whole.start);
        let last = now.found.last().filter(|_| !text.ends_with(b"\n"));
        let mut starts = unclosed.into_iter().chain(last.map(|last| last.start));
        starts.find(|&start| {
            let rest = &text[start..];
            let before = now.found.iter().take_while(|block| block.start < start);
            let before: HashSet<Key<'_>> = before.map(|block| block.key).collect();
            old.found.iter().any(|block| {
                // A line that only lost its line ending has lost nothing.
                block.text.starts_with(rest)
                    && block.text.trim_ascii_end().len() > rest.trim_ascii_end().len()
                    && !before.contains(&block.key)
            })
        })
    }

    /// Cuts the file into blocks.
    fn blocks(&self) -> Blocks<'_> {
        let text = self.text.expose();
        let mut from = self.start();
        let mut blocks = Cutter {
            text,
            gap: from,
            found: Vec::new(),
            counts: HashMap::new(),
        };
        for one in self.assignments().filter(|one| !is_unclosed(one)) {
            let whole = from.max(one.whole.start)..one.whole.end;
            blocks.add_lines(from..whole.start);
            from = whole.end;
            blocks.add(true, one.name().as_bytes(), whole);
        }
        blocks.add_lines(from..text.len());
        Blocks {
            tail: &text[blocks.gap..],
            found: blocks.found,
        }
    }

    /// Where the first line begins.
    fn start(&self) -> usize {
        match self.text.expose().starts_with(BOM) {
            true => BOM.len(),
            false => 0,
        }
    }
}

/// The blocks of the result in their order.
fn order(now: &Blocks<'_>, old: &Blocks<'_>) -> Vec<Origin> {
    let places = now.found.iter().enumerate();
    let places: HashMap<Key<'_>, usize> = places.map(|(at, block)| (block.key, at)).collect();
    // What was lost behind each block; the first is what goes to the start.
    let mut lost: Vec<Vec<usize>> = vec![Vec::new(); now.found.len() + 1];
    let mut also_old = vec![None; now.found.len()];
    let mut anchor = 0;
    for (at, block) in old.found.iter().enumerate() {
        match places.get(&block.key) {
            Some(&place) => {
                also_old[place] = Some(at);
                anchor = place + 1;
            }
            None => lost[anchor].push(at),
        }
    }
    let mut order = Vec::with_capacity(now.found.len() + old.found.len());
    for (at, lost) in lost.iter().enumerate() {
        if let Some(place) = at.checked_sub(1) {
            order.push((Some(place), also_old[place]));
        }
        order.extend(lost.iter().map(|&at| (None, Some(at))));
    }
    order
}

struct Cutter<'f> {
    text: &'f [u8],
    /// Where the empty lines begin that belong to the next block.
    gap: usize,
    found: Vec<Block<'f>>,
    counts: HashMap<(bool, &'f [u8]), usize>,
}

impl<'f> Cutter<'f> {
    fn add_lines(&mut self, span: Range<usize>) {
        let text = self.text;
        let mut start = span.start;
        for line in text[span].split_inclusive(|byte| *byte == b'\n') {
            let end = start + line.len();
            if !line.trim_ascii().is_empty() {
                self.add(false, line.trim_ascii(), start..end);
            }
            start = end;
        }
    }

    fn add(&mut self, is_assignment: bool, text: &'f [u8], span: Range<usize>) {
        let count = self.counts.entry((is_assignment, text)).or_default();
        let nth = *count;
        *count += 1;
        let gap = std::mem::replace(&mut self.gap, span.end);
        self.found.push(Block {
            key: Key {
                is_assignment,
                text,
                nth,
            },
            gap: &self.text[gap..span.start],
            text: &self.text[span.clone()],
            start: span.start,
        });
    }
}

fn is_unclosed(assignment: &Assignment) -> bool {
    assignment.ambiguity() == Some(Reason::UnclosedQuote)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret::SecretBytes;

    fn put_back(now: &str, earlier: &str) -> String {
        let parse = |text: &str| EnvFile::parse(SecretBytes::from(text));
        let whole = parse(now).with_lost_lines(&parse(earlier));
        whole.text().as_str().unwrap().to_owned()
    }

    const FILE: &str = "\u{feff}# head\n\nA=1\n# about B\nexport B='x\n\ny' # why\n\n\n# tail\n\
                        C=3\nC=4\nodd line\n\n# end\nLAST=\"z\"\n";

    #[test]
    fn a_file_that_was_cut_anywhere_is_whole_again() {
        for file in [FILE.to_owned(), FILE.replace('\n', "\r\n")] {
            for end in "\u{feff}#".len()..file.len() {
                let cut = &file[..end];
                let found = put_back(cut, &file);
                if cut.trim_end().len() == file.trim_end().len() {
                    assert_eq!(found.trim_end(), file.trim_end(), "{cut:?}");
                } else {
                    assert_eq!(found, file, "{cut:?}");
                }
            }
        }
    }

    #[test]
    fn any_lines_that_were_taken_out_come_back_in_their_places() {
        let file = FILE.replace("\n\ny", "\ny");
        let lines: Vec<&str> = file.split_inclusive('\n').collect();
        for from in 1..lines.len() {
            for to in from..=lines.len() {
                let taken = lines[from..to].concat();
                // Half a quoted value is another matter, empty lines come back with others only, and
                // of two assignments of one name it is the last that counts as lost.
                if taken.trim().is_empty()
                    || taken.contains("C=3") != taken.contains("C=4")
                    || taken.contains("B='x") != taken.contains("y' #")
                {
                    continue;
                }
                let now = lines[..from].concat() + &lines[to..].concat();
                assert_eq!(put_back(&now, &file), file, "lines {from} to {to}");
            }
        }
    }

    #[test]
    fn what_was_changed_moved_or_added_stays() {
        let now = "NEW=1\n# my note\nC=9\nA=changed\n\n\nMORE='x y'\n";
        let found = put_back(now, "# head\nA=1\n\nB=2\nC=3\n# tail\n");
        assert_eq!(
            found,
            "# head\nNEW=1\n# my note\nC=9\n# tail\nA=changed\n\nB=2\n\n\nMORE='x y'\n"
        );
        for now in ["A=2\n# head\nB=2", "B=5 # why\n\n\nA=0\n  # head"] {
            assert_eq!(put_back(now, "# head\nA=1\nB=2\n"), now);
        }
    }

    #[test]
    fn line_endings_are_those_of_the_file() {
        assert_eq!(
            put_back("A=1\r\nX=2", "A=1\r\nX=1\r\nB=2\r\n"),
            "A=1\r\nX=2\r\nB=2\r\n"
        );
        assert_eq!(put_back("B=2\n", "A=1"), "A=1\nB=2\n");
        assert_eq!(put_back("", "A=1\n\nB=2"), "A=1\n\nB=2");
    }

    #[test]
    fn only_the_last_line_ending_is_not_put_back() {
        for now in ["A=1\nB=2", "A=1\nB=2\n\n", "A=1\n\n\nB=2\n"] {
            assert_eq!(put_back(now, "A=1\nB=2\n"), now);
        }
    }

    #[test]
    fn an_open_quote_that_the_earlier_file_does_not_continue_stays() {
        let now = "A='mine\nB=2\n";
        assert_eq!(
            put_back(now, "A='x'\nB=2\nC=3\n"),
            "A='x'\nA='mine\nB=2\nC=3\n"
        );
    }
}
