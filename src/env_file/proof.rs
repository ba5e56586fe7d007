//! The proof of an edit: parses the new text, also with other readers, before it is returned.
//!
//! It does not trust the composer. It checks that all bytes outside the edited spans are the same;
//! that each value is found where it was written; that the edited variables have their values and
//! all others what they had; that the models of the named readers agree; and that the dotenvy
//! library agrees.
//!
//! Limits: a reader that refuses the old text is not asked about the new one. A fault that the
//! file had before must not block an edit.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use zeroize::Zeroize;

use super::bytes::{BOM, QuoteStyle};
use super::change::{Edit, EditError, OnMisread, Patch, ProofFailure};
use super::document::{Assignment, EnvFile};
use super::encode::EncodeError;
use super::readers::{Reader, Readers, models};
use crate::model::env_name::EnvName;
use crate::model::secret::SecretBuilder;

/// The claim that `new` is `old` with the edits and nothing else.
pub(super) struct Proof<'a> {
    pub(super) old: &'a EnvFile,
    pub(super) new: &'a EnvFile,
    pub(super) edits: &'a [Edit<'a>],
    pub(super) readers: &'a Readers,
    pub(super) on_misread: OnMisread,
}

impl Proof<'_> {
    /// Runs all checks. `places` holds the span of each patch in the new text.
    pub(super) fn run(&self, patches: &[Patch], places: &[Range<usize>]) -> Result<(), EditError> {
        self.bytes_outside(patches, places)?;
        self.values_at_their_places(patches, places)?;
        self.assignments()?;
        self.named_readers(places.first().map_or(0, |place| place.start))?;
        self.dotenvy()
    }

    fn edited(&self) -> HashMap<&str, &Edit<'_>> {
        self.edits.iter().map(|edit| (edit.name(), edit)).collect()
    }

    /// Returns the failure at an offset of the new text.
    fn failed_at(&self, offset: usize, failure: ProofFailure) -> Result<(), EditError> {
        let line = line_of(self.new.text.expose(), offset);
        Err(EditError::Proof { line, failure })
    }

    fn bytes_outside(&self, patches: &[Patch], places: &[Range<usize>]) -> Result<(), EditError> {
        let (old, new) = (self.old.text.expose(), self.new.text.expose());
        if patches.len() != places.len() {
            return self.failed_at(0, ProofFailure::Bytes);
        }
        let (mut old_at, mut new_at) = (0, 0);
        for (patch, place) in patches.iter().zip(places) {
            let before = old.get(old_at..patch.old.start);
            if before.is_none() || before != new.get(new_at..place.start) {
                return self.failed_at(place.start.min(new.len()), ProofFailure::Bytes);
            }
            (old_at, new_at) = (patch.old.end, place.end);
        }
        if old.get(old_at..) != new.get(new_at..) {
            return self.failed_at(new_at.min(new.len()), ProofFailure::Bytes);
        }
        Ok(())
    }

    /// Checks that every written value is found at its place.
    fn values_at_their_places(
        &self,
        patches: &[Patch],
        places: &[Range<usize>],
    ) -> Result<(), EditError> {
        let new = self.new.assignments();
        let spans: HashSet<(usize, usize)> = new.map(|one| (one.raw.start, one.raw.end)).collect();
        for (patch, place) in patches.iter().zip(places) {
            if patch.set.is_some() && !spans.contains(&(place.start, place.end)) {
                return self.failed_at(place.start, ProofFailure::Value);
            }
        }
        Ok(())
    }

    /// Checks that the edited variables have their values, and the others what they had.
    fn assignments(&self) -> Result<(), EditError> {
        let fail = |line, failure| Err(EditError::Proof { line, failure });
        let edited = self.edited();
        let mut others = self
            .old
            .assignments()
            .filter(|assignment| !edited.contains_key(assignment.name()));
        let mut seen: HashSet<&str> = HashSet::new();
        for assignment in self.new.assignments() {
            let line = assignment.line();
            match edited.get(assignment.name()) {
                None => {
                    let same = others.next().is_some_and(|old| {
                        old.name() == assignment.name()
                            && old.raw() == assignment.raw()
                            && old.value_ref() == assignment.value_ref()
                    });
                    if !same {
                        return fail(line, ProofFailure::Others);
                    }
                }
                Some(edit) => {
                    seen.insert(assignment.name());
                    let value = edit.value();
                    if !value.is_some_and(|value| assignment.reads_as(value, self.readers)) {
                        return fail(line, ProofFailure::Value);
                    }
                }
            }
        }
        let end = self.new.text.len();
        if others.next().is_some() {
            return self.failed_at(end, ProofFailure::Others);
        }
        let missing = |edit: &Edit<'_>| edit.value().is_some() && !seen.contains(edit.name());
        if self.edits.iter().any(missing) {
            return self.failed_at(end, ProofFailure::Value);
        }
        Ok(())
    }

    /// Checks what the models of the named readers read in the whole file.
    fn named_readers(&self, first: usize) -> Result<(), EditError> {
        let edited: HashSet<&[u8]> = self.edits.iter().map(|e| e.name().as_bytes()).collect();
        // Some readers take a byte order mark as part of the first name.
        let is_edited = |name: &[u8]| edited.contains(name.strip_prefix(BOM).unwrap_or(name));
        let mut misread: Option<(&EnvName, Readers)> = None;
        for reader in self.readers.iter() {
            let Some(before) = models::read(reader, self.old.text.expose()) else {
                continue; // it refuses the old file
            };
            let after = models::read(reader, self.new.text.expose());
            let Some(after) = after.filter(|after| after.agrees(&before, is_edited)) else {
                return self.failed_at(first, ProofFailure::Reader(reader));
            };
            let mut edits = self.edits.iter();
            let wrong = edits.find_map(|edit| match edit {
                Edit::Set { name, value } => {
                    (after.get(name.as_str().as_bytes()) != Some(*value)).then_some(*name)
                }
                Edit::Restore { name, value, .. } => {
                    let is_misread = after.get(name.as_str().as_bytes()) != Some(*value);
                    (is_misread && !self.is_as_written(edit)).then_some(*name)
                }
                Edit::Remove { .. } => None,
            });
            if let Some(name) = wrong {
                misread
                    .get_or_insert((name, Readers::NONE))
                    .1
                    .insert(reader);
            }
        }
        match misread {
            // The form is right by itself, but something else in the file keeps the readers from
            // reading it.
            Some((name, readers)) if self.on_misread == OnMisread::Refuse => {
                Err(EditError::Value {
                    name: name.as_str().to_owned(),
                    line: self.new.get(name.as_str()).map(Assignment::line),
                    error: EncodeError::NoForm {
                        readers,
                        around: true,
                    },
                })
            }
            _ => Ok(()),
        }
    }

    /// Returns whether a variable has the text of its author, which readers misread before too.
    fn is_as_written(&self, edit: &Edit<'_>) -> bool {
        let written = edit.written(self.readers);
        self.new
            .get(edit.name())
            .is_some_and(|one| written.contains(&one.raw()))
    }

    /// Compares what the dotenvy library reads before and after. Assignments that refer to other
    /// variables are left out of both, because dotenvy would look them up in the environment.
    fn dotenvy(&self) -> Result<(), EditError> {
        let edited = self.edited();
        let Some(before) = dotenvy_reads(self.old, &edited) else {
            return Ok(()); // it refuses the old file, or finds other assignments in it
        };
        let exact = |assignment: &Assignment| match edited.get(assignment.name()) {
            Some(edit) => edit.value().is_none_or(|value| {
                let dotenvy = Reader::Dotenvy.into();
                assignment.misreaders(value, &dotenvy).is_empty()
            }),
            None => true,
        };
        if !self.new.assignments().all(exact) {
            return Ok(()); // dotenvy misreads the form that suits the other readers
        }
        let end = self.new.text.len();
        let Some(after) = dotenvy_reads(self.new, &edited) else {
            return self.failed_at(end, ProofFailure::Dotenvy);
        };
        let mut old = before
            .0
            .iter()
            .filter(|(name, _)| !edited.contains_key(name.as_str()));
        for (name, value) in &after.0 {
            let right = match edited.get(name.as_str()) {
                Some(edit) => edit
                    .value()
                    .is_some_and(|wanted| value.as_bytes() == wanted.expose()),
                None => old.next().is_some_and(|(n, v)| n == name && v == value),
            };
            if !right {
                let at = self.new.get(name).map_or(end, |one| one.whole.start);
                return self.failed_at(at, ProofFailure::Dotenvy);
            }
        }
        if old.next().is_some() {
            return self.failed_at(end, ProofFailure::Dotenvy);
        }
        Ok(())
    }
}

/// What dotenvy found. Zeroed on drop.
struct Found(Vec<(String, String)>);

impl Drop for Found {
    fn drop(&mut self) {
        for (name, value) in &mut self.0 {
            name.zeroize();
            value.zeroize();
        }
    }
}

fn dotenvy_reads(file: &EnvFile, edited: &HashMap<&str, &Edit<'_>>) -> Option<Found> {
    let text = file.text.expose();
    let mut shown = SecretBuilder::with_capacity(text.len());
    let mut from = if text.starts_with(BOM) { BOM.len() } else { 0 };
    let refers = |assignment: &Assignment| {
        assignment.raw().contains(&b'$')
            && assignment.quote_style() != QuoteStyle::Single
            && !edited.contains_key(assignment.name())
    };
    for assignment in file.assignments() {
        if refers(assignment) {
            shown.push(&text[from..assignment.whole.start]);
            from = assignment.whole.end;
        }
    }
    shown.push(&text[from..]);
    let mut found = Found(Vec::new());
    for item in dotenvy::from_read_iter(shown.finish().expose()) {
        found.0.push(item.ok()?);
    }
    let names = file
        .assignments()
        .filter(|assignment| !refers(assignment))
        .map(Assignment::name);
    found
        .0
        .iter()
        .map(|(name, _)| name.as_str())
        .eq(names)
        .then_some(found)
}

fn line_of(text: &[u8], offset: usize) -> usize {
    1 + text[..offset].iter().filter(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests;
