//! Values found in a stream of bytes, in whatever form they stand there.
//!
//! Owns: [`Needles`], what is looked for, and how a stream of any length is looked through in a
//! buffer of fixed size. Which values are worth looking for is [`detect`]'s judgement, their forms
//! are those of [`crate::leaks::encodings`].
//!
//! How: of each form one short piece, the *anchor*, is chosen, where the form is least like
//! ordinary text; all anchors have one length. Every few bytes of the stream four bytes are looked
//! up in a table of bits; most stretches have nothing that any anchor has and are passed over at
//! that. What is left goes through an Aho-Corasick automaton over the anchors, and where an anchor
//! is, the whole form is compared.
//!
//! Invariants:
//! - Every occurrence of every form is reported, also where they overlap, and also where the reader
//!   cuts them in two.
//! - Memory does not depend on the length of the stream.
//!
//! Limits:
//! - An occurrence of a form of fewer than [`WORD`] bytes counts only where no letter or digit
//!   stands on either side of it: a short text turns up inside others by chance.
//! - The forms lie in memory that is not wiped.

use std::fmt;
use std::io::{self, Read};

use aho_corasick::{AhoCorasick, AhoCorasickKind, Input, MatchKind};

pub use crate::error::TooLarge;
use crate::leaks::detect;
use crate::leaks::encodings::{self, Form, Kind};
use crate::model::secret::SecretBytes;

/// A form of fewer bytes counts only where it stands alone.
pub const WORD: usize = 8;

/// The most bytes of an anchor. Longer ones let more of a stream be passed over, and make the
/// automaton larger.
const ANCHOR: usize = 12;

/// Bytes that are looked up at once.
const GRAM: usize = 4;

/// At least so many bytes are read at once: more than fits into the second cache is slower.
const CHUNK: usize = 256 << 10;

/// In so many bytes at the beginning of a file a NUL shows that it is no text.
const TEXT: usize = 8 << 10;

/// Why a value is not looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsought {
    /// It has fewer than [`encodings::MIN_CHARS`] characters.
    TooShort,
    /// It is a word, a number, a public address: finding it says nothing.
    Ordinary,
}

/// Whether a value of a variable is worth looking for.
pub fn is_sought(name: &str, value: &SecretBytes) -> Result<(), Unsought> {
    if !encodings::has_form(value.expose()) {
        Err(Unsought::TooShort)
    } else if detect::is_ordinary(name, value) {
        Err(Unsought::Ordinary)
    } else {
        Ok(())
    }
}

/// What to look for.
pub struct Needles {
    /// Absent if there is nothing to look for.
    finder: Option<Finder>,
}

struct Finder {
    anchors: AhoCorasick,
    /// The length of each anchor.
    width: usize,
    grams: Grams,
    /// For each anchor, the forms that have it.
    forms: Vec<Vec<Sought>>,
    /// The most bytes that a form has before its anchor, and one.
    before: usize,
    /// The most bytes that a form has from its anchor on, and one, and what a step may go too far.
    behind: usize,
}

/// A form, and whose it is.
struct Sought {
    bytes: Vec<u8>,
    kind: Kind,
    /// Where the anchor is in it.
    anchor: usize,
    /// The value's place in what was given to [`Needles::new`].
    value: usize,
}

impl fmt::Debug for Needles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Needles([redacted])")
    }
}

/// An occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The value's place in what was given to [`Needles::new`]. Of values that share a form (a
    /// line, say) it is the first.
    pub value: usize,
    /// What was made of it.
    pub kind: Kind,
    /// Where it begins in the stream, from 0.
    pub offset: u64,
    /// The line in which it begins, from 1; `None` in what is no text.
    pub line: Option<u64>,
}

/// Room for a stream; kept from one stream to the next.
#[derive(Default)]
pub struct Buffer {
    bytes: Vec<u8>,
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Buffer([redacted])")
    }
}

impl Needles {
    /// Prepares to look for values. Those that have no form are not found.
    ///
    /// # Errors
    /// If they are gigantic.
    pub fn new<'a>(values: impl IntoIterator<Item = &'a SecretBytes>) -> Result<Self, TooLarge> {
        let mut found: Vec<(Form, usize)> = Vec::new();
        for (owner, value) in values.into_iter().enumerate() {
            let forms = encodings::forms_with_lines(value.expose(), detect::is_distinctive_line);
            found.extend(forms.into_iter().map(|form| (form, owner)));
        }
        // Two values may share a form (a line, say): the first has it.
        found.sort_unstable_by(|(one, first), (other, second)| {
            (&one.bytes, first, one.kind).cmp(&(&other.bytes, second, other.kind))
        });
        found.dedup_by(|(later, _), (first, _)| later.bytes == first.bytes);
        let finder = match found.is_empty() {
            true => None,
            false => Some(Finder::new(found)?),
        };
        Ok(Self { finder })
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.finder.is_none()
    }

    /// Looks through a stream and gives every occurrence to `found`, in order of their places but
    /// for those that overlap. Says how many bytes it had.
    ///
    /// # Errors
    /// The reader's.
    pub fn search(
        &self,
        mut reader: impl Read,
        buffer: &mut Buffer,
        mut found: impl FnMut(Hit),
    ) -> io::Result<u64> {
        let Some(finder) = &self.finder else {
            return io::copy(&mut reader, &mut io::sink());
        };
        let capacity = finder.before + finder.behind;
        buffer.bytes.resize(capacity + CHUNK.max(capacity), 0);
        let buffer = &mut buffer.bytes[..];
        let mut stream = Stream::default();
        let mut filled = 0;
        // Where the next anchor may begin.
        let mut at = 0;
        loop {
            let end = fill(&mut reader, buffer, &mut filled)?;
            let bytes = &buffer[..filled];
            let limit = match end {
                true => filled,
                false => filled - finder.behind,
            };
            if stream.is_text.is_none() {
                stream.is_text = Some(!bytes.iter().take(TEXT).any(|byte| *byte == 0));
            }
            at = finder.search(bytes, at, limit, |sought, start| {
                found(stream.hit(bytes, start, sought));
            });
            if end {
                return Ok(stream.offset + filled as u64);
            }
            let passed = at - finder.before.min(at);
            stream.pass(bytes, passed);
            buffer.copy_within(passed..filled, 0);
            filled -= passed;
            at -= passed;
        }
    }
}

/// Reads until the buffer is full; whether the stream is at its end.
fn fill(reader: &mut impl Read, buffer: &mut [u8], filled: &mut usize) -> io::Result<bool> {
    while *filled < buffer.len() {
        match reader.read(&mut buffer[*filled..]) {
            Ok(0) => return Ok(true),
            Ok(count) => *filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Where in a stream the buffer is.
#[derive(Default)]
struct Stream {
    is_text: Option<bool>,
    /// The offset of the buffer's first byte.
    offset: u64,
    /// Line breaks up to `counted`, a place in the buffer.
    lines: u64,
    counted: usize,
}

impl Stream {
    fn count(&mut self, bytes: &[u8], to: usize) {
        if to > self.counted {
            let new = memchr::memchr_iter(b'\n', &bytes[self.counted..to]);
            self.lines += new.count() as u64;
            self.counted = to;
        }
    }

    fn pass(&mut self, bytes: &[u8], passed: usize) {
        self.count(bytes, passed);
        self.counted -= passed;
        self.offset += passed as u64;
    }

    fn hit(&mut self, bytes: &[u8], start: usize, sought: &Sought) -> Hit {
        let mut line = self.lines;
        match start >= self.counted {
            true => {
                self.count(bytes, start);
                line = self.lines;
            }
            // It began before one that was found before it.
            false => {
                let since = &bytes[start..self.counted];
                line -= memchr::memchr_iter(b'\n', since).count() as u64;
            }
        }
        Hit {
            value: sought.value,
            kind: sought.kind,
            offset: self.offset + start as u64,
            line: (self.is_text == Some(true)).then_some(line + 1),
        }
    }
}

impl Finder {
    /// `found` is not empty; its forms are distinct.
    fn new(found: Vec<(Form, usize)>) -> Result<Self, TooLarge> {
        let shortest = found.iter().map(|(form, _)| form.bytes.len()).min();
        let width = shortest.unwrap_or(ANCHOR).min(ANCHOR);
        let mut sought: Vec<Sought> = found
            .into_iter()
            .map(|(form, value)| Sought {
                anchor: anchor(&form.bytes, width),
                bytes: form.bytes,
                kind: form.kind,
                value,
            })
            .collect();
        let anchored = |one: &Sought| one.anchor..one.anchor + width;
        sought.sort_by(|one, other| one.bytes[anchored(one)].cmp(&other.bytes[anchored(other)]));
        let before = sought.iter().map(|one| one.anchor).max().unwrap_or(0) + 1;
        let behind = sought.iter().map(|one| one.bytes.len() - one.anchor).max();
        let behind = behind.unwrap_or(0) + 1 + width;

        let mut anchors: Vec<Vec<u8>> = Vec::new();
        let mut forms: Vec<Vec<Sought>> = Vec::new();
        for one in sought {
            let anchor = &one.bytes[anchored(&one)];
            match (anchors.last(), forms.last_mut()) {
                (Some(last), Some(same)) if last == anchor => same.push(one),
                _ => {
                    anchors.push(anchor.to_vec());
                    forms.push(vec![one]);
                }
            }
        }
        let grams = Grams::new(&anchors);
        let anchors = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostFirst)
            .prefilter(false) // the grams are one
            .build(&anchors)
            .map_err(|_| TooLarge::ToFind)?;
        Ok(Self {
            anchors,
            width,
            grams,
            forms,
            before,
            behind,
        })
    }

    /// Looks for forms whose anchor begins at `at` or behind, up to about `limit`; where the next
    /// one may begin.
    fn search(
        &self,
        bytes: &[u8],
        mut at: usize,
        limit: usize,
        mut found: impl FnMut(&Sought, usize),
    ) -> usize {
        // An anchor that begins in one step of this length has all of the gram at the step's end.
        let step = self.width - GRAM + 1;
        while at < limit {
            let Some(gram) = bytes.get(at + step - 1..).and_then(<[u8]>::first_chunk) else {
                break;
            };
            if self.grams.may_have(*gram) {
                let end = bytes.len().min(at + step - 1 + self.width);
                let mut from = at;
                while let Some(anchor) = self.anchors.find(Input::new(bytes).span(from..end)) {
                    for sought in &self.forms[anchor.pattern().as_usize()] {
                        if let Some(start) = sought.start(bytes, anchor.start()) {
                            found(sought, start);
                        }
                    }
                    from = anchor.start() + 1;
                }
            }
            at += step;
        }
        at
    }
}

impl Sought {
    /// Where the form begins whose anchor is here, if it is all there.
    fn start(&self, bytes: &[u8], anchor: usize) -> Option<usize> {
        let start = anchor.checked_sub(self.anchor)?;
        let end = start + self.bytes.len();
        if bytes.get(start..end)? != self.bytes {
            return None;
        }
        let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let stands_alone = || !is_part(bytes[..start].last()) && !is_part(bytes.get(end));
        (self.bytes.len() >= WORD || stands_alone()).then_some(start)
    }
}

/// Where in a form the anchor is: where ordinary text is least likely to be.
fn anchor(form: &[u8], width: usize) -> usize {
    let weight = |byte: &u8| match byte {
        b'a'..=b'z' | b' ' | b'/' | b'.' | b'-' | b'_' | b'=' => 1,
        b'%' | b'\\' => 2,
        b'0'..=b'9' => 3,
        b'A'..=b'Z' => 3,
        _ => 2,
    };
    let windows = form.windows(width).enumerate();
    let weights = windows.map(|(at, window)| {
        // One character many times over is not rare.
        let changes = window.windows(2).filter(|two| two[0] != two[1]).count();
        (window.iter().map(weight).sum::<usize>() + changes, at)
    });
    weights.max().map_or(0, |(_, at)| at)
}

/// Which four bytes the anchors have: a table of bits, in which a bit may be set by others too.
struct Grams {
    bits: Vec<u64>,
    shift: u32,
}

impl Grams {
    fn new(anchors: &[Vec<u8>]) -> Self {
        let count: usize = anchors.iter().map(|anchor| anchor.len() - GRAM + 1).sum();
        // So large that few bits are set, so small that it stays in a cache.
        let size = (count * 32).next_power_of_two().clamp(1 << 15, 1 << 26);
        let mut grams = Self {
            bits: vec![0; size / 64],
            shift: u64::BITS - size.ilog2(),
        };
        for gram in anchors.iter().flat_map(|anchor| anchor.windows(GRAM)) {
            if let Some(gram) = gram.first_chunk() {
                let bit = grams.bit(*gram);
                grams.bits[bit / 64] |= 1 << (bit % 64);
            }
        }
        grams
    }

    fn bit(&self, gram: [u8; GRAM]) -> usize {
        // Fibonacci hashing: the highest bits of the product depend on all bits of the gram.
        let hash = u64::from(u32::from_le_bytes(gram)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> self.shift) as usize
    }

    fn may_have(&self, gram: [u8; GRAM]) -> bool {
        let bit = self.bit(gram);
        self.bits[bit / 64] >> (bit % 64) & 1 == 1
    }
}

#[cfg(test)]
mod tests;
