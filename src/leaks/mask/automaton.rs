//! One automaton over the beginnings of all forms, and what follows a long one to its end.

use std::collections::HashMap;

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, MatchKind};

use super::TooLarge;

/// So many bytes of a form are looked for by the automaton; the rest of a longer one is followed
/// by itself, and only when its beginning was seen. That keeps the automaton small: a certificate
/// has two dozen forms of thousands of bytes.
pub(super) const HEAD: usize = 24;

pub(super) struct Automaton {
    pub(super) nfa: NFA,
    pub(super) start: StateID,
    /// For each pattern of the automaton, what it stands for.
    pub(super) meanings: Vec<Meaning>,
    /// The forms of which it knows the beginning only.
    pub(super) long: Vec<Long>,
    /// For each variable, what replaces it.
    pub(super) labels: Vec<String>,
    /// For each state in which an occurrence may have begun, how many bytes of it were seen.
    /// States that are not here have seen none. Long forms that have begun are the masker's.
    pub(super) begun: HashMap<StateID, usize>,
}

#[derive(Default)]
pub(super) struct Meaning {
    /// The owner, if the pattern is a whole form.
    pub(super) whole: Option<u32>,
    /// The long forms that begin with the pattern.
    pub(super) heads: Vec<u32>,
}

pub(super) struct Long {
    pub(super) form: Vec<u8>,
    pub(super) owner: u32,
    /// For each length of a beginning of the form, the longest shorter beginning that it ends in
    /// (Knuth, Morris and Pratt): where to go on if the next byte is another.
    pub(super) borders: Vec<u32>,
}

impl Automaton {
    /// `forms` are in order and distinct.
    pub(super) fn new<'a>(
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
                    .push(u32::try_from(long.len()).map_err(|_| TooLarge::ToMask)?);
                long.push(Long::new(form, owner)?);
            }
        }
        let nfa = NFA::builder()
            .match_kind(MatchKind::Standard) // the only kind that shows every occurrence
            .prefilter(false)
            .build(&patterns)
            .map_err(|_| TooLarge::ToMask)?;
        let mut automaton = Self {
            start: nfa
                .start_state(Anchored::No)
                .map_err(|_| TooLarge::ToMask)?,
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

    pub(super) fn next(&self, state: StateID, byte: u8) -> StateID {
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
        u32::try_from(form.len()).map_err(|_| TooLarge::ToMask)?;
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
    pub(super) fn next(&self, mut seen: usize, byte: u8) -> Option<usize> {
        while seen >= HEAD {
            if self.form.get(seen) == Some(&byte) {
                return Some(seen + 1);
            }
            seen = self.borders[seen] as usize;
        }
        None
    }
}
