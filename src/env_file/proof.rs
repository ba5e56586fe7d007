//! The proof at run time: a new text is read again, by several readers, before anybody gets it.
//!
//! It does not trust whoever composed the text. Five questions: are all bytes outside the edited
//! spans the same; is each value found at its place, as it was written; do the edited variables
//! have their values, and all others what they had; do the models of the named readers agree; does
//! dotenvy, which is no model, agree.
//!
//! Limits: a reader that refuses the old text is not asked about the new one. What is wrong with
//! the file is not the edit's fault, and must not stand in its way.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use zeroize::Zeroize;

use super::document::{Assignment, EnvFile, QuoteStyle};
use super::edit::{Edit, EditError, OnMisread, Patch, ProofFailure};
use super::models;
use super::name::EnvName;
use super::reader::{Reader, Readers};
use crate::secret::{SecretBuilder, SecretBytes};

/// What is to be proved: that `new` is `old` with the edits and nothing else.
pub(super) struct Proof<'a> {
    pub(super) old: &'a EnvFile,
    pub(super) new: &'a EnvFile,
    pub(super) edits: &'a [Edit<'a>],
    pub(super) readers: &'a Readers,
    pub(super) on_misread: OnMisread,
}

impl Proof<'_> {
    /// Everything, in order; `places` says where in the new text each patch landed.
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

    /// The failure at an offset of the new text.
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

    /// Every value that was written is found again, at its place, as written.
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

    /// The edited variables have their values, the others what they had.
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
                Some(Edit::Remove { .. }) => return fail(line, ProofFailure::Value),
                Some(Edit::Set { value, .. }) => {
                    seen.insert(assignment.name());
                    if !reads_as(assignment, value, self.readers) {
                        return fail(line, ProofFailure::Value);
                    }
                }
            }
        }
        let end = self.new.text.len();
        if others.next().is_some() {
            return self.failed_at(end, ProofFailure::Others);
        }
        let missing =
            |edit: &Edit<'_>| matches!(edit, Edit::Set { .. }) && !seen.contains(edit.name());
        if self.edits.iter().any(missing) {
            return self.failed_at(end, ProofFailure::Value);
        }
        Ok(())
    }

    /// The named readers, on the whole file, as their models read it.
    fn named_readers(&self, first: usize) -> Result<(), EditError> {
        let except: Vec<&[u8]> = self.edits.iter().map(|e| e.name().as_bytes()).collect();
        for reader in self.readers.iter() {
            let Some(before) = models::read(reader, self.old.text.expose()) else {
                continue; // it refuses the file as it is
            };
            let fine = models::read(reader, self.new.text.expose()).is_some_and(|after| {
                after.agrees(&before, &except)
                    && self.edits.iter().all(|edit| match edit {
                        Edit::Set { name, value } => {
                            after.get(name.as_str().as_bytes()) == Some(*value)
                                || self.is_allowed_misread(name, value, reader)
                        }
                        Edit::Remove { .. } => true,
                    })
            });
            if !fine {
                return self.failed_at(first, ProofFailure::Reader(reader));
            }
        }
        Ok(())
    }

    /// Whether the form that was written is known to be misread, and was asked for as such.
    fn is_allowed_misread(&self, name: &EnvName, value: &SecretBytes, reader: Reader) -> bool {
        let misread = |last: &Assignment| !last.misreaders(value, &reader.into()).is_empty();
        self.on_misread == OnMisread::Allow && self.new.get(name.as_str()).is_some_and(misread)
    }

    /// dotenvy reads the file before and after. Assignments that refer to other variables are left
    /// out of both, because dotenvy would look into the environment for them.
    fn dotenvy(&self) -> Result<(), EditError> {
        let edited = self.edited();
        let Some(before) = dotenvy_reads(self.old, &edited) else {
            return Ok(()); // it cannot read the file as it is, or sees other assignments in it
        };
        let exact = |assignment: &Assignment| match edited.get(assignment.name()) {
            Some(Edit::Set { value, .. }) => assignment
                .misreaders(value, &Reader::Dotenvy.into())
                .is_empty(),
            _ => true,
        };
        if !self.new.assignments().all(exact) {
            return Ok(()); // known to misread the form that suits the most, or the named ones
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
                Some(Edit::Set { value: wanted, .. }) => value.as_bytes() == wanted.expose(),
                Some(Edit::Remove { .. }) => false,
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

/// What dotenvy found, wiped when done with.
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
    let mut from = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
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

/// Whether an assignment gives a value: to the named readers, or by the canonical reading.
fn reads_as(assignment: &Assignment, value: &SecretBytes, readers: &Readers) -> bool {
    if assignment.value_ref() == Some(value) {
        return true;
    }
    !readers.is_empty() && assignment.misreaders(value, readers).is_empty()
}

fn line_of(text: &[u8], offset: usize) -> usize {
    1 + text[..offset].iter().filter(|b| **b == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An edit of `K` in a file with neighbours, its text composed by somebody who errs.
    fn failure(
        text: &str,
        value: &str,
        readers: &[Reader],
        wrong: impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>),
    ) -> (usize, ProofFailure) {
        let (name, value) = (EnvName::try_new("K").unwrap(), SecretBytes::from(value));
        let edits = [Edit::Set {
            name: &name,
            value: &value,
        }];
        let readers = readers.iter().copied().collect();
        let file = EnvFile::parse(SecretBytes::from(text));
        let compose = |file: &EnvFile, patches: &[Patch]| {
            let (text, places) = wrong(file, patches);
            (SecretBytes::new(text), places)
        };
        let proved = file.with_composer(&edits, &readers, OnMisread::Refuse, compose);
        match proved.unwrap_err() {
            EditError::Proof { line, failure } => (line, failure),
            other => panic!("{other}"),
        }
    }

    /// Composes rightly, then spoils the text or the places.
    fn spoiled(
        spoil: impl FnOnce(&mut Vec<u8>, &mut Vec<Range<usize>>),
    ) -> impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>) {
        |file, patches| {
            let (text, mut places) = file.compose(patches);
            let mut text = text.expose().to_vec();
            spoil(&mut text, &mut places);
            (text, places)
        }
    }

    /// Puts other text where the value is, and says so.
    fn instead(form: &str) -> impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>) {
        spoiled(move |text, places| {
            let place = places[0].clone();
            text.splice(place.clone(), form.bytes());
            places[0] = place.start..place.start + form.len();
        })
    }

    const FILE: &str = "A='1 2'\nK=old # c\nB=\"3 4\"\n";

    #[test]
    fn the_right_text_is_proved() {
        let (name, value) = (EnvName::try_new("K").unwrap(), SecretBytes::from("new"));
        let edits = [Edit::Set {
            name: &name,
            value: &value,
        }];
        let file = EnvFile::parse(SecretBytes::from(FILE));
        let new = file.with_composer(&edits, &Readers::NONE, OnMisread::Refuse, EnvFile::compose);
        assert_eq!(
            new.unwrap().text().as_str(),
            Some(FILE.replace("old", "new").as_str())
        );
    }

    #[test]
    fn bytes_that_changed_outside_the_value_are_noticed() {
        for (spoil, line) in [
            (0usize, 2),         // the first byte
            (2, 2),              // the quote before
            (FILE.len() - 8, 2), // the line end behind
            (FILE.len() - 1, 2), // the last byte
        ] {
            let wrong = spoiled(move |text, _| text[spoil] = b'x');
            let found = failure(FILE, "new", &[], wrong);
            assert_eq!(found, (line, ProofFailure::Bytes), "byte {spoil}");
        }
        let lost = spoiled(|text, _| text.truncate(FILE.len() - 4));
        assert_eq!(failure(FILE, "new", &[], lost).1, ProofFailure::Bytes);
        let more = spoiled(|text, _| text.extend_from_slice(b"EVIL=1\n"));
        assert_eq!(failure(FILE, "new", &[], more).1, ProofFailure::Bytes);
        let nowhere = spoiled(|_, places| places.clear());
        assert_eq!(failure(FILE, "new", &[], nowhere).1, ProofFailure::Bytes);
    }

    #[test]
    fn a_value_that_does_not_read_back_is_noticed() {
        for form in [
            "", "ne", "newer", "'new", "\"new\nx", "new'", "NEW", "new\nC=1", "'new' x",
        ] {
            let (line, failure) = failure(FILE, "new", &[], instead(form));
            assert_eq!(failure, ProofFailure::Value, "{form}");
            assert!(line == 2 || line == 3, "{form}: line {line}");
        }
    }

    #[test]
    fn a_value_that_brings_a_variable_of_its_own_is_noticed() {
        // The place says that only the first line is the value.
        let wrong = |file: &EnvFile, patches: &[Patch]| {
            let (text, places) = file.compose(patches);
            let text = text.as_str().unwrap().replace("new", "new\nEVIL=1");
            (text.into_bytes(), places)
        };
        assert_eq!(failure(FILE, "new", &[], wrong).1, ProofFailure::Bytes);
        let quoted = failure(FILE, "a b", &[], instead("'a b'\nEVIL=1"));
        assert_eq!(quoted, (2, ProofFailure::Value));
    }

    #[test]
    fn a_duplicate_that_keeps_its_old_value_is_noticed() {
        let text = "K=old\nA=1\nK=old\n";
        let wrong = |_: &EnvFile, patches: &[Patch]| {
            assert_eq!(patches.len(), 2);
            (b"K=old\nA=1\nK=new\n".to_vec(), vec![2..5, 12..15])
        };
        assert_eq!(failure(text, "new", &[], wrong), (1, ProofFailure::Value));
    }

    #[test]
    fn a_form_that_a_named_reader_misreads_is_noticed() {
        let file = "A=1\nK=old\n";
        for (value, form, reader) in [
            ("a b", "'a b'", Reader::Docker),
            ("a$b", "\"a$b\"", Reader::Compose),
            ("a\nb", "\"a\\nb\"", Reader::Bash),
        ] {
            let found = failure(file, value, &[reader], instead(form));
            assert_eq!(found, (2, ProofFailure::Reader(reader)), "{form}");
        }
    }

    #[test]
    fn dotenvy_itself_is_asked_about_the_neighbours() {
        let (name, value) = (EnvName::try_new("K").unwrap(), SecretBytes::from("new"));
        let edits = [Edit::Set {
            name: &name,
            value: &value,
        }];
        let ask = |old: &str, new: &str| {
            let (old, new) = (SecretBytes::from(old), SecretBytes::from(new));
            Proof {
                old: &EnvFile::parse(old),
                new: &EnvFile::parse(new),
                edits: &edits,
                readers: &Readers::NONE,
                on_misread: OnMisread::Refuse,
            }
            .dotenvy()
            .map_err(|error| (error.line().unwrap(), error.code()))
        };
        let wrong = |line| Err((line, "env_file_not_proved"));
        assert_eq!(ask("A=1\nK=x\n", "A=1\nK=new\n"), Ok(()));
        assert_eq!(ask("A=1\nK=x\n", "A=2\nK=new\n"), wrong(1));
        assert_eq!(ask("A=1\nK=x\n", "K=new\n"), wrong(2));
        assert_eq!(ask("K=x\n", "K=new\nA=1\n"), wrong(2));
        assert_eq!(ask("A=1\nK=x\n", "A=a b\nK=new\n"), wrong(3));
        // What it cannot read to begin with, or reads with the environment, is no obstacle.
        assert_eq!(ask("A=a b\nK=x\n", "A=a b\nK=new\n"), Ok(()));
        assert_eq!(ask("A=$HOME\nK=x\n", "A=$HOME\nK=new\n"), Ok(()));
    }

    #[test]
    fn a_line_that_dotenvy_cannot_read_does_not_block_an_edit() {
        let (name, value) = (EnvName::try_new("K").unwrap(), SecretBytes::from("it's"));
        let edits = [Edit::Set {
            name: &name,
            value: &value,
        }];
        for line in [
            "A=a b",
            "just words",
            "A=it's",
            "my-key=1",
            "2FA=1",
            "A=\\q",
            "A: b",
        ] {
            let text = format!("{line}\nK=old\n");
            let file = EnvFile::parse(SecretBytes::from(text.as_str()));
            for readers in [Readers::NONE, Reader::Dotenvy.into()] {
                let new = file.with(&edits, &readers, OnMisread::Refuse).unwrap();
                let wanted = text.replace("old", "\"it's\"");
                assert_eq!(new.text().as_str(), Some(wanted.as_str()), "{readers}");
            }
        }
    }
}
