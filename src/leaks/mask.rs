//! Values taken out of a stream of bytes, whatever form they appear in.
//!
//! Owns: [`Masks`] (one automaton over all forms of all values), and [`Masker`], which is fed one
//! stream piece by piece. Looked for are the [forms](encodings) of each value and of each of its
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

mod automaton;

use std::collections::VecDeque;
use std::fmt;

use aho_corasick::automaton::{Automaton as _, StateID};

use self::automaton::{Automaton, HEAD};
pub use crate::error::TooLarge;
use crate::leaks::encodings;
pub use crate::leaks::encodings::MIN_CHARS;
use crate::model::variables::Variable;

/// What to look for, and what to put in its place.
pub struct Masks {
    /// Absent if there is nothing to look for.
    automaton: Option<Automaton>,
    too_short: Vec<String>,
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
            let forms = encodings::forms(variable.value.expose());
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
mod tests;
