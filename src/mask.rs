//! Values taken out of a stream of bytes, whatever form they appear in.
//!
//! Owns: [`Masks`] (one automaton over all forms of all values), and [`Masker`], which is fed one
//! stream piece by piece. Looked for are the [forms] of each value and of each of its
//! lines; each is replaced by `[secret:NAME]`.
//!
//! Invariants:
//! - How the stream is cut into pieces changes nothing in what comes out.
//! - Every byte that belongs to no occurrence of a form comes out as it went in, in its place.
//!   Where occurrences overlap, the whole of them is replaced once.
//! - Held back is only a tail that may be the beginning of an occurrence, and a replacement that
//!   may still grow.
//! - What is put in the place of a value never holds a form itself.
//!
//! Limits:
//! - A value, or a line of one, of fewer than [`MIN_CHARS`] characters is not looked for: it would
//!   be found everywhere ([`Masks::too_short`] names those values).
//! - Where a value stands inside a longer base64 text, the character at either end that it shares
//!   with its neighbour stays, and with it up to four bits.
//! - A program that compresses, encrypts, reverses or spells out a value gets it past this. It
//!   guards against accidents, not against a program that wants to tell.
//! - The forms lie in memory that is not wiped: up to two hundred times the length of the values.

use std::collections::{HashMap, VecDeque};
use std::fmt;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use crate::forms;
pub use crate::forms::MIN_CHARS;
use crate::variables::Variable;

/// So many bytes of a form are looked for by the automaton; the rest of a longer one is followed
/// by itself, and only when its beginning was seen. That keeps the automaton small: a certificate
/// has two dozen forms of thousands of bytes.
const HEAD: usize = 24;

/// What to look for, and what to put in its place.
pub struct Masks {
    /// Absent if there is nothing to look for.
    automaton: Option<Automaton>,
    too_short: Vec<String>,
}

struct Automaton {
    nfa: NFA,
    start: StateID,
    /// For each pattern of the automaton, what it stands for.
    meanings: Vec<Meaning>,
    /// The forms of which it knows the beginning only.
    long: Vec<Long>,
    /// For each variable, what replaces it.
    labels: Vec<String>,
    /// For each state in which an occurrence may have begun, how many bytes of it were seen.
    /// States that are not here have seen none. Long forms that have begun are the masker's.
    begun: HashMap<StateID, usize>,
}

#[derive(Default)]
struct Meaning {
    /// The owner, if the pattern is a whole form.
    whole: Option<u32>,
    /// The long forms that begin with the pattern.
    heads: Vec<u32>,
}

struct Long {
    form: Vec<u8>,
    owner: u32,
    /// For each length of a beginning of the form, the longest shorter beginning that it ends in
    /// (Knuth, Morris and Pratt): where to go on if the next byte is another.
    borders: Vec<u32>,
}

/// There are more forms than an automaton can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the values are too large to be masked")]
pub struct TooLarge;

impl TooLarge {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        "values_too_large_to_mask"
    }
}

impl fmt::Debug for Masks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masks([redacted])")
    }
}

impl Masks {
    /// Prepares to look for the values of these variables.
    ///
    /// # Errors
    /// If they are gigantic.
    pub fn new(variables: &[Variable]) -> Result<Self, TooLarge> {
        let mut found: Vec<(Vec<u8>, u32)> = Vec::new();
        let mut too_short = Vec::new();
        for (owner, variable) in (0..).zip(variables) {
            let forms = forms::forms(variable.value.expose());
            if forms.is_empty() {
                too_short.push(variable.name.to_string());
            }
            found.extend(forms.into_iter().map(|form| (form.bytes, owner)));
        }
        // Two variables may share a form (a value that is there twice, a line): the first has it.
        found.sort_unstable();
        found.dedup_by(|later, first| later.0 == first.0);
        let automaton = match found.is_empty() {
            true => None,
            false => {
                let names = variables.iter().map(|variable| variable.name.as_str());
                Some(Automaton::new(found, names)?)
            }
        };
        Ok(Self {
            automaton,
            too_short,
        })
    }

    /// The variables whose values are too short to be masked.
    pub fn too_short(&self) -> &[String] {
        &self.too_short
    }

    /// Whether there is nothing to mask.
    pub fn is_empty(&self) -> bool {
        self.automaton.is_none()
    }

    /// A masker for one stream.
    pub fn masker(&self) -> Masker<'_> {
        Masker {
            automaton: self.automaton.as_ref(),
            finder: Finder {
                state: self.automaton.as_ref().map(|automaton| automaton.start),
                following: Vec::new(),
                at: 0,
                hits: VecDeque::new(),
            },
            held_from: 0,
            held: Vec::new(),
        }
    }
}

impl Automaton {
    /// `forms` are in order and distinct.
    fn new<'a>(
        forms: Vec<(Vec<u8>, u32)>,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<Self, TooLarge> {
        let mut patterns: Vec<Vec<u8>> = Vec::new();
        let mut meanings: Vec<Meaning> = Vec::new();
        let mut long = Vec::new();
        for (form, owner) in forms {
            let head = &form[..form.len().min(HEAD)];
            // In order, those with the same beginning are neighbours.
            if patterns.last().is_none_or(|last| last != head) {
                patterns.push(head.to_vec());
                meanings.push(Meaning::default());
            }
            let Some(meaning) = meanings.last_mut() else {
                continue;
            };
            if form.len() <= HEAD {
                meaning.whole = Some(owner);
            } else {
                meaning
                    .heads
                    .push(u32::try_from(long.len()).map_err(|_| TooLarge)?);
                long.push(Long::new(form, owner)?);
            }
        }
        let nfa = NFA::builder()
            .match_kind(MatchKind::Standard) // the only kind that shows every occurrence
            .prefilter(false)
            .build(&patterns)
            .map_err(|_| TooLarge)?;
        let mut automaton = Self {
            start: nfa.start_state(Anchored::No).map_err(|_| TooLarge)?,
            nfa,
            meanings,
            long,
            labels: Vec::new(),
            begun: HashMap::new(),
        };
        automaton.find_beginnings(&patterns);
        automaton.labels = names.map(|name| automaton.label(name, &patterns)).collect();
        Ok(automaton)
    }

    /// Fills `begun`.
    ///
    /// From the start, the state behind the first n bytes of a pattern is the one that stands for
    /// just these n bytes. If the pattern goes on, an occurrence has begun n bytes ago. If it ends
    /// there and no other goes on, nothing that began with it can become more; what may have begun
    /// later is what has begun behind the pattern without its first byte.
    fn find_beginnings(&mut self, patterns: &[Vec<u8>]) {
        for pattern in patterns {
            let mut state = self.start;
            for (seen, byte) in (1..pattern.len()).zip(pattern) {
                state = self.next(state, *byte);
                self.begun.insert(state, seen);
            }
        }
        // Short ones first: the state behind the shortened pattern may be the end of a shorter one.
        let mut by_length: Vec<&[u8]> = patterns.iter().map(Vec::as_slice).collect();
        by_length.sort_unstable_by_key(|pattern| pattern.len());
        for pattern in by_length {
            let end = self.walk(self.start, pattern);
            if !self.begun.contains_key(&end) {
                let later = self.walk(self.start, &pattern[1..]);
                let begun = self.begun.get(&later).copied().unwrap_or(0);
                self.begun.insert(end, begun);
            }
        }
    }

    fn next(&self, state: StateID, byte: u8) -> StateID {
        self.nfa.next_state(Anchored::No, state, byte)
    }

    fn walk(&self, from: StateID, bytes: &[u8]) -> StateID {
        bytes
            .iter()
            .fold(from, |state, byte| self.next(state, *byte))
    }

    /// What replaces the value of a variable: the most telling text in which no form is found.
    /// The last one is shorter than any form.
    fn label(&self, name: &str, patterns: &[Vec<u8>]) -> String {
        let holds = |text: &str, form: &[u8]| {
            let mut parts = text.as_bytes().windows(form.len());
            parts.any(|part| part == form)
        };
        let holds_a_form = |text: &str| {
            let short = patterns.iter().zip(&self.meanings);
            let mut short = short.filter(|(_, meaning)| meaning.whole.is_some());
            short.any(|(form, _)| holds(text, form))
                || self.long.iter().any(|long| holds(text, &long.form))
        };
        [format!("[secret:{name}]"), "[masked]".to_owned()]
            .into_iter()
            .find(|text| !holds_a_form(text))
            .unwrap_or_else(|| "***".to_owned())
    }
}

impl Long {
    fn new(form: Vec<u8>, owner: u32) -> Result<Self, TooLarge> {
        u32::try_from(form.len()).map_err(|_| TooLarge)?;
        let mut borders = vec![0; form.len() + 1];
        let mut border = 0usize;
        for seen in 1..form.len() {
            while border > 0 && form[border] != form[seen] {
                border = borders[border] as usize;
            }
            border += usize::from(form[border] == form[seen]);
            borders[seen + 1] = border as u32; // it fits: the form's length does
        }
        Ok(Self {
            form,
            owner,
            borders,
        })
    }

    /// The longest beginning of the form that ends in this byte, if so many bytes of it came
    /// before; `None` if it is shorter than the automaton's part.
    fn next(&self, mut seen: usize, byte: u8) -> Option<usize> {
        while seen >= HEAD {
            if self.form.get(seen) == Some(&byte) {
                return Some(seen + 1);
            }
            seen = self.borders[seen] as usize;
        }
        None
    }
}

/// Masks one stream.
pub struct Masker<'a> {
    automaton: Option<&'a Automaton>,
    finder: Finder,
    /// Where in the stream the held bytes begin.
    held_from: u64,
    held: Vec<u8>,
}

/// Finds the stretches of one stream that are to be replaced.
struct Finder {
    state: Option<StateID>,
    /// Long forms that have begun, and how much of each was seen.
    following: Vec<(u32, usize)>,
    /// How many bytes were fed.
    at: u64,
    /// Occurrences that have not come out, in order and apart from each other.
    hits: VecDeque<Hit>,
}

/// A stretch of the stream that is replaced once.
struct Hit {
    from: u64,
    to: u64,
    /// The owner of the longest occurrence in it, and that one's length.
    owner: u32,
    longest: usize,
}

impl fmt::Debug for Masker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Masker([redacted])")
    }
}

impl Masker<'_> {
    /// Takes a piece of the stream, and appends to `out` what can be known of what comes out.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        let Some(automaton) = self.automaton else {
            out.extend_from_slice(piece);
            return;
        };
        self.held.extend_from_slice(piece);
        self.finder.feed(automaton, piece);
        let begun = self.finder.begun(automaton);
        self.release(automaton, self.finder.at - begun as u64, out);
    }

    /// Says that the stream is at its end, and appends to `out` what was held back.
    pub fn finish(mut self, out: &mut Vec<u8>) {
        if let Some(automaton) = self.automaton {
            self.release(automaton, self.finder.at, out);
        }
    }

    /// Lets out everything before `sure`, the first place where an occurrence can still begin.
    fn release(&mut self, automaton: &Automaton, sure: u64, out: &mut Vec<u8>) {
        while let Some(hit) = self.finder.hits.pop_front() {
            if hit.to > sure {
                // It may still grow at its end, not at its beginning.
                self.let_out(hit.from.min(sure), out);
                self.drop_until(sure);
                self.finder.hits.push_front(hit);
                return;
            }
            self.let_out(hit.from, out);
            let label = automaton.labels.get(hit.owner as usize);
            out.extend_from_slice(label.map_or("***", String::as_str).as_bytes());
            self.drop_until(hit.to);
        }
        self.let_out(sure, out);
    }

    fn let_out(&mut self, to: u64, out: &mut Vec<u8>) {
        let count = to.saturating_sub(self.held_from) as usize;
        out.extend_from_slice(&self.held[..count]);
        self.drop_until(to);
    }

    fn drop_until(&mut self, to: u64) {
        let count = to.saturating_sub(self.held_from) as usize;
        self.held.drain(..count);
        self.held_from += count as u64;
    }
}

impl Finder {
    fn feed(&mut self, automaton: &Automaton, piece: &[u8]) {
        let nfa = &automaton.nfa;
        let mut state = self.state.unwrap_or(automaton.start);
        for byte in piece {
            self.at += 1;
            if !self.following.is_empty() {
                self.follow(automaton, *byte);
            }
            state = automaton.next(state, *byte);
            if nfa.is_special(state) && nfa.is_match(state) {
                for index in 0..nfa.match_len(state) {
                    let pattern = nfa.match_pattern(state, index);
                    let meaning = &automaton.meanings[pattern.as_usize()];
                    if let Some(owner) = meaning.whole {
                        self.hit(nfa.pattern_len(pattern), owner);
                    }
                    for &long in &meaning.heads {
                        if !self.following.iter().any(|(other, _)| *other == long) {
                            self.following.push((long, HEAD));
                        }
                    }
                }
            }
        }
        self.state = Some(state);
    }

    /// Follows the long forms that have begun by one byte.
    fn follow(&mut self, automaton: &Automaton, byte: u8) {
        let mut following = std::mem::take(&mut self.following);
        following.retain_mut(|(index, seen)| {
            let long = &automaton.long[*index as usize];
            match long.next(*seen, byte) {
                Some(more) if more == long.form.len() => {
                    self.hit(more, long.owner);
                    *seen = long.borders[more] as usize;
                }
                Some(more) => *seen = more,
                None => *seen = 0,
            }
            *seen >= HEAD
        });
        self.following = following;
    }

    /// How many bytes ago the first occurrence has begun that may not be complete.
    fn begun(&self, automaton: &Automaton) -> usize {
        let state = self.state.unwrap_or(automaton.start);
        let in_automaton = automaton.begun.get(&state).copied().unwrap_or(0);
        let followed = self.following.iter().map(|(_, seen)| *seen);
        followed.fold(in_automaton, usize::max)
    }

    /// An occurrence of `len` bytes ends here. It becomes one with those that it touches.
    fn hit(&mut self, len: usize, owner: u32) {
        let mut hit = Hit {
            from: self.at - len as u64,
            to: self.at,
            owner,
            longest: len,
        };
        while let Some(before) = self.hits.pop_back() {
            if before.to <= hit.from {
                self.hits.push_back(before);
                break;
            }
            hit.from = hit.from.min(before.from);
            if before.longest >= hit.longest {
                hit.longest = before.longest;
                hit.owner = before.owner;
            }
        }
        self.hits.push_back(hit);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD};

    use super::*;
    use crate::forms::BASE64_COLUMNS;
    use crate::key_path::KeyPath;
    use crate::secret::SecretBytes;

    fn forms(value: &[u8]) -> Vec<Vec<u8>> {
        let forms = crate::forms::forms(value);
        forms.into_iter().map(|form| form.bytes).collect()
    }

    fn masks(values: &[(&str, &[u8])]) -> Masks {
        let variables: Vec<Variable> = values
            .iter()
            .map(|(name, value)| Variable {
                name: name.parse().unwrap(),
                key_path: KeyPath::parse("project/x/y").unwrap(),
                version: 1,
                value: SecretBytes::copy_of(value),
            })
            .collect();
        Masks::new(&variables).unwrap()
    }

    fn masked(masks: &Masks, pieces: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut masker = masks.masker();
        for piece in pieces {
            masker.feed(piece, &mut out);
        }
        masker.finish(&mut out);
        out
    }

    fn text(masks: &Masks, text: &str) -> String {
        String::from_utf8(masked(masks, &[text.as_bytes()])).unwrap()
    }

    #[test]
    fn a_value_is_replaced_by_the_name_of_its_variable() {
        let masks = masks(&[("KEY", b"canary-1"), ("OTHER", b"second-2")]);
        assert_eq!(
            text(&masks, "a canary-1b second-2second-2 canary-"),
            "a [secret:KEY]b [secret:OTHER][secret:OTHER] canary-"
        );
    }

    #[test]
    fn a_value_split_over_pieces_is_found() {
        let masks = masks(&[("KEY", b"canary-1")]);
        assert_eq!(
            masked(&masks, &[b"xcan", b"ary", b"-1y"]),
            b"x[secret:KEY]y"
        );
    }

    #[test]
    fn only_a_tail_that_may_become_a_value_is_held_back() {
        let masks = masks(&[("KEY", b"canary-1")]);
        let mut masker = masks.masker();
        let mut out = Vec::new();
        masker.feed(b"Password: ", &mut out);
        assert_eq!(out, b"Password: ");
        masker.feed(b"xcan", &mut out);
        assert_eq!(out, b"Password: x");
        masker.feed(b"dy", &mut out);
        assert_eq!(out, b"Password: xcandy");
        // A whole value that cannot become more is not waited for.
        masker.feed(b"canary-1", &mut out);
        assert_eq!(out, b"Password: xcandy[secret:KEY]");
    }

    #[test]
    fn overlapping_values_leave_no_piece_behind() {
        let masks = masks(&[("A", b"abcdefgh"), ("B", b"fghijk"), ("C", b"cdefg")]);
        assert_eq!(text(&masks, "-abcdefghijk-"), "-[secret:A]-");
        assert_eq!(text(&masks, "-xcdefgx-"), "-x[secret:C]x-");
        let nested = super::tests::masks(&[("LONG", b"xxabcdefxx"), ("SHORT", b"abcde")]);
        assert_eq!(
            text(&nested, "xxabcdefxx xxabcdefx"),
            "[secret:LONG] xx[secret:SHORT]fx"
        );
    }

    #[test]
    fn a_value_that_repeats_itself_grows_no_memory() {
        let masks = masks(&[("KEY", b"aaaaa")]);
        let mut masker = masks.masker();
        let mut out = Vec::new();
        for _ in 0..10_000 {
            masker.feed(b"aaaaaaaaaa", &mut out);
            assert!(masker.held.len() < 64 && masker.finder.hits.len() < 4);
        }
        masker.feed(b"b", &mut out);
        masker.finish(&mut out);
        assert_eq!(out, b"[secret:KEY]b");
    }

    #[test]
    fn every_line_of_a_value_is_a_form() {
        let masks = masks(&[("PEM", b"-----BEGIN-----\r\nTUlJRXZR\nab\n-----END-----\n")]);
        assert_eq!(
            text(&masks, "> TUlJRXZR\nab\n-----END-----"),
            "> [secret:PEM]\nab\n[secret:PEM]"
        );
    }

    #[test]
    fn short_values_are_named_and_left_alone() {
        let masks = masks(&[("PIN", b"1234"), ("UMLAUT", "äöü".as_bytes())]);
        assert!(masks.is_empty());
        assert_eq!(masks.too_short(), ["PIN", "UMLAUT"]);
        assert_eq!(text(&masks, "1234"), "1234");
    }

    #[test]
    fn forms_that_programs_write_are_found() {
        let value = "p@ss w\"ö\\rd/<&>'+\n2nd line=";
        let masks = masks(&[("KEY", value.as_bytes())]);
        // Written by the programs named, from the same value.
        for (by, form) in [
            (
                "coreutils base64",
                "cEBzcyB3IsO2XHJkLzwmPicrCjJuZCBsaW5lPQ==",
            ),
            (
                "xxd -p",
                "70407373207722c3b65c72642f3c263e272b0a326e64206c696e653d",
            ),
            ("python json", r#"p@ss w\"\u00f6\\rd/<&>'+\n2nd line="#),
            ("node json", r#"p@ss w\"ö\\rd/<&>'+\n2nd line="#),
            (
                "go json",
                r#"p@ss w\"ö\\rd/\u003c\u0026\u003e'+\n2nd line="#,
            ),
            ("php json", r#"p@ss w\"\u00f6\\rd\/<&>'+\n2nd line="#),
            ("json in json", r#"p@ss w\\\"ö\\\\rd/<&>'+\\n2nd line="#),
            (
                "encodeURIComponent",
                "p%40ss%20w%22%C3%B6%5Crd%2F%3C%26%3E'%2B%0A2nd%20line%3D",
            ),
            (
                "python quote",
                "p%40ss%20w%22%C3%B6%5Crd/%3C%26%3E%27%2B%0A2nd%20line%3D",
            ),
            (
                "python quote_plus",
                "p%40ss+w%22%C3%B6%5Crd%2F%3C%26%3E%27%2B%0A2nd+line%3D",
            ),
            (
                "lower case",
                "p%40ss%20w%22%c3%b6%5crd%2f%3c%26%3e%27%2b%0a2nd%20line%3d",
            ),
            ("shell", "p@ss w\"ö\\rd/<&>'\\''+\n2nd line="),
        ] {
            assert_eq!(text(&masks, &format!("<{form}>")), "<[secret:KEY]>", "{by}");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_value_stands() {
        let value = b"canary-value-7";
        let masks = masks(&[("KEY", value)]);
        for before in 0..7 {
            for behind in 0..4 {
                let mut all = vec![b'u'; before];
                all.extend_from_slice(value);
                all.extend(vec![0xff; behind]);
                for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
                    let encoded = encoding.encode(&all);
                    let out = text(&masks, &encoded);
                    assert!(out.contains("[secret:KEY]"), "{before} {behind} {out}");
                    // At most the neighbours' characters and one shared one at either end.
                    let left = out.replace("[secret:KEY]", "").len();
                    let neighbours = (before * 8).div_ceil(6) + (behind * 8).div_ceil(6);
                    assert!(left <= neighbours + 2, "{before} {behind} {out}");
                }
            }
        }
    }

    #[test]
    fn wrapped_base64_is_found() {
        let value: Vec<u8> = (0..200u8).map(|i| b'!' + i % 90).collect();
        let masks = masks(&[("KEY", &value)]);
        let mut echoed = value.clone();
        echoed.push(b'\n');
        for columns in BASE64_COLUMNS {
            for bytes in [&value, &echoed] {
                let encoded = BASE64_NOPAD.encode(bytes);
                let wrapped: Vec<&[u8]> = encoded.as_bytes().chunks(columns).collect();
                let out = masked(&masks, &[&wrapped.join(&b"\n"[..])]);
                assert!(out.starts_with(b"[secret:KEY]"));
                assert!(out.len() <= "[secret:KEY]".len() + 2);
            }
        }
    }

    #[test]
    fn what_replaces_a_value_holds_none() {
        let masks = masks(&[
            ("KEY", b"canary-1"),
            ("WORD", b"secret"),
            ("NAME", b"masked"),
        ]);
        assert_eq!(text(&masks, "canary-1 secret"), "*** ***");
    }

    #[test]
    fn what_is_masked_once_stays_as_it_is() {
        let masks = masks(&[("KEY", b"canary-1")]);
        let once = text(&masks, "a canary-1 b");
        assert_eq!(text(&masks, &once), once);
    }

    #[test]
    fn no_debug_output_holds_a_value() {
        let masks = masks(&[("KEY", b"canary-1")]);
        let mut masker = masks.masker();
        masker.feed(b"canary", &mut Vec::new());
        assert!(!format!("{masks:?} {masker:?}").contains("canary"));
    }

    /// What must come out, computed the slow way: every byte in an occurrence is covered, and
    /// every covered stretch is one replacement.
    fn slow(values: &[(&str, &[u8])], stream: &[u8]) -> (Vec<u8>, usize) {
        let mut cuts = vec![false; stream.len() + 1]; // no boundary here
        let mut covered = vec![false; stream.len()];
        for (_, value) in values {
            for form in forms(value) {
                for at in 0..stream.len() {
                    if stream[at..].starts_with(&form) {
                        covered[at..at + form.len()].fill(true);
                        cuts[at + 1..at + form.len()].fill(true);
                    }
                }
            }
        }
        let mut kept = Vec::new();
        let mut replacements = 0;
        for at in 0..stream.len() {
            if !covered[at] {
                kept.push(stream[at]);
            } else if !cuts[at] {
                replacements += 1;
            }
        }
        (kept, replacements)
    }

    fn small_text(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(prop::sample::select(b"abA/+\n \"%".to_vec()), len)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn pieces_do_not_matter_and_nothing_else_changes(
            one in small_text(1..9),
            two in small_text(1..12),
            parts in proptest::collection::vec((0..3usize, small_text(0..9), 0..40usize), 0..8),
            cuts in proptest::collection::vec(1..7usize, 0..200),
        ) {
            let values: [(&str, &[u8]); 2] = [("KEY", &one), ("OTHER", &two)];
            let masks = masks(&values);
            // A stream of small words with forms of the values strewn in.
            let mut stream = Vec::new();
            for (which, word, form) in parts {
                stream.extend_from_slice(&word);
                if which < 2 {
                    let forms = forms(values[which].1);
                    if !forms.is_empty() {
                        stream.extend_from_slice(&forms[form % forms.len()]);
                    }
                }
            }
            let whole = masked(&masks, &[&stream]);
            let mut pieces = Vec::new();
            let mut rest = &stream[..];
            for cut in cuts {
                let (piece, more) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = more;
            }
            pieces.push(rest);
            prop_assert_eq!(&masked(&masks, &pieces), &whole);

            let bytewise: Vec<&[u8]> = stream.chunks(1).collect();
            prop_assert_eq!(&masked(&masks, &bytewise), &whole);

            // No word of the alphabet has the replacements' characters.
            let (kept, replacements) = slow(&values, &stream);
            let text = String::from_utf8(whole).unwrap();
            let bare = text.replace("[secret:KEY]", "").replace("[secret:OTHER]", "");
            prop_assert_eq!(bare.as_bytes(), &kept[..]);
            prop_assert_eq!(text.matches("[secret:").count(), replacements);
            for form in values.iter().flat_map(|(_, value)| forms(value)) {
                prop_assert!(!text.as_bytes().windows(form.len()).any(|window| window == form));
            }
        }

        #[test]
        fn long_values_that_repeat_themselves_are_found_as_short_ones_are(
            one in proptest::collection::vec(prop::sample::select(b"ab".to_vec()), 20..40),
            two in proptest::collection::vec(prop::sample::select(b"ab".to_vec()), 5..60),
            period in 1..30usize,
            parts in proptest::collection::vec((0..4usize, 0..70usize), 1..8),
            size in 1..50usize,
        ) {
            let repeated: Vec<u8> = one.iter().cycle().take(period.min(one.len())).copied()
                .collect::<Vec<u8>>().repeat(4);
            let values: [(&str, &[u8]); 3] =
                [("KEY", &one), ("OTHER", &two), ("REPEATED", &repeated)];
            let masks = masks(&values);
            let mut stream = Vec::new();
            for (which, part) in parts {
                match values.get(which) {
                    Some((_, value)) => stream.extend_from_slice(&value[part.min(value.len() - 1)..]),
                    None => stream.extend(one.iter().cycle().skip(part).take(part)),
                }
                stream.extend_from_slice(values[part % 3].1);
            }
            let pieces: Vec<&[u8]> = stream.chunks(size).collect();
            let out = masked(&masks, &pieces);
            prop_assert_eq!(&out, &masked(&masks, &[&stream]));
            let (kept, replacements) = slow(&values, &stream);
            let text = String::from_utf8(out).unwrap();
            let mut bare = text.clone();
            for (name, _) in values {
                bare = bare.replace(&format!("[secret:{name}]"), "");
            }
            prop_assert_eq!(bare.as_bytes(), &kept[..]);
            prop_assert_eq!(text.matches("[secret:").count(), replacements);
        }

        #[test]
        fn any_bytes_without_a_value_come_out_as_they_went_in(
            stream in proptest::collection::vec(any::<u8>(), 0..3000),
        ) {
            let masks = masks(&[("KEY", b"canary-value-7")]);
            prop_assert_eq!(masked(&masks, &[&stream]), stream);
        }
    }
}
