//! [`EnvFile::with`]: makes an edited document and proves it before returning it.
//!
//! Three steps: plan, compose, prove. The plan refuses what readers disagree about. The composer
//! copies everything outside the edited spans in one pass. The proof (`proof`) parses the result
//! again.
//!
//! Invariants: nothing is returned unless the proof holds. Bytes outside the edited spans stay the
//! same. Every live assignment of a name gets the value, because some readers use the first and
//! others the last.

use std::collections::HashMap;

mod ambiguity;

use self::ambiguity::uncertain_error;
use super::bytes::BOM;
use super::change::{Composed, Edit, EditError, OnMisread, Patch};
use super::document::{Assignment, EnvFile};
use super::encode::{self, EncodeError, Place};
use super::problem::Reason;
use super::proof::Proof;
use super::readers::Readers;
use crate::model::secret::{SecretBuilder, SecretBytes};

impl EnvFile {
    /// Returns the document with these changes.
    ///
    /// A variable keeps its text if it already has its value in a form that the named readers
    /// read. Without named readers it keeps any form in which no reader follows or runs a part. If
    /// that is true of all variables, the result is byte for byte this document.
    ///
    /// # Errors
    /// See [`EditError`]. This document never changes.
    pub fn with(
        &self,
        edits: &[Edit<'_>],
        readers: &Readers,
        on_misread: OnMisread,
    ) -> Result<EnvFile, EditError> {
        self.with_composer(edits, readers, on_misread, EnvFile::compose)
    }

    /// Implements [`with`](Self::with) with a given composer. Tests pass one that makes errors.
    pub(super) fn with_composer(
        &self,
        edits: &[Edit<'_>],
        readers: &Readers,
        on_misread: OnMisread,
        compose: impl FnOnce(&EnvFile, &[Patch]) -> Composed,
    ) -> Result<EnvFile, EditError> {
        let changes = |edit: &&Edit<'_>| !self.is_restored(edit, readers);
        let edits = &edits.iter().filter(changes).copied().collect::<Vec<_>>();
        let patches = self.plan(edits, readers, on_misread)?;
        if patches.is_empty() {
            return Ok(self.clone());
        }
        let (text, places) = compose(self, &patches);
        let new = EnvFile::parse(text);
        let proof = Proof {
            old: self,
            new: &new,
            edits,
            readers,
            on_misread,
        };
        proof.run(&patches, &places)?;
        Ok(new)
    }

    /// Returns whether a variable that is to be restored has its value already.
    fn is_restored(&self, edit: &Edit<'_>, readers: &Readers) -> bool {
        let Edit::Restore { name, value, .. } = edit else {
            return false;
        };
        let last = self.get(name.as_str());
        last.is_some_and(|last| last.reads_as(value, readers))
    }

    fn plan(
        &self,
        edits: &[Edit<'_>],
        readers: &Readers,
        on_misread: OnMisread,
    ) -> Result<Vec<Patch>, EditError> {
        let mut wanted: HashMap<&str, usize> = HashMap::new();
        for (i, edit) in edits.iter().enumerate() {
            if wanted.insert(edit.name(), i).is_some() {
                return Err(EditError::Twice {
                    name: edit.name().to_owned(),
                });
            }
            self.check_name(edit.name())?;
        }
        let mut patches = Vec::new();
        let mut found = vec![false; edits.len()];
        // Search for a form once for many equal lines.
        let mut made: HashMap<(usize, [&[u8]; 2]), Option<SecretBytes>> = HashMap::new();
        for assignment in self.assignments() {
            let Some(&i) = wanted.get(assignment.name()) else {
                continue;
            };
            found[i] = true;
            self.check_assignment(assignment, readers)?;
            let Some(value) = edits[i].value() else {
                patches.push(Patch {
                    old: assignment.whole.clone(),
                    new: SecretBytes::copy_of(b""),
                    set: None,
                });
                continue;
            };
            let line = [assignment.raw(), assignment.after()];
            let new = match made.get(&(i, line)) {
                Some(new) if assignment.is_plain_line() => new.clone(),
                _ => {
                    let place = assignment.place();
                    let new = match as_written(&edits[i], value, readers, place) {
                        Some(text) if text.expose() == assignment.raw() => None,
                        Some(text) => Some(text),
                        None => replacement(assignment, value, readers, on_misread)?,
                    };
                    if assignment.is_plain_line() {
                        made.insert((i, line), new.clone());
                    }
                    new
                }
            };
            if let Some(new) = new {
                self.check_dangling_quotes(assignment.name(), assignment.raw.start, &new, readers)?;
                patches.push(Patch {
                    old: assignment.raw.clone(),
                    new,
                    set: Some(i),
                });
            }
        }
        let missing = edits.iter().enumerate().filter(|(i, _)| !found[*i]);
        self.plan_additions(missing, readers, on_misread, &mut patches)?;
        Ok(patches)
    }

    /// Plans new lines at the end of the file.
    fn plan_additions<'e>(
        &self,
        missing: impl Iterator<Item = (usize, &'e Edit<'e>)>,
        readers: &Readers,
        on_misread: OnMisread,
        patches: &mut Vec<Patch>,
    ) -> Result<(), EditError> {
        let text = self.text.expose();
        let end = text.len();
        let line_end: &[u8] = if self.crlf { b"\r\n" } else { b"\n" };
        let mut needs_break = !text.is_empty() && !text.ends_with(b"\n") && text != BOM;
        let mut add = |new: SecretBytes, set| {
            patches.push(Patch {
                old: end..end,
                new,
                set,
            });
        };
        for (i, edit) in missing {
            let (name, value) = match edit {
                Edit::Set { name, value } | Edit::Restore { name, value, .. } => (*name, *value),
                Edit::Remove { .. } => continue,
            };
            if !name.is_creatable() {
                return Err(EditError::NotCreatable {
                    name: name.as_str().to_owned(),
                });
            }
            if let Some((_, line)) = self.ambiguities.open_from {
                return Err(uncertain_error(name.as_str(), line, Reason::UnclosedQuote));
            }
            let before = format!("{name}=");
            let place = Place {
                name: name.as_str().as_bytes(),
                before: before.as_bytes(),
                after: &line_end[..line_end.len() - 1],
            };
            let encoded = match as_written(edit, value, readers, place) {
                Some(text) => text,
                None => {
                    encode(value, readers, on_misread, place).map_err(|error| EditError::Value {
                        name: name.as_str().to_owned(),
                        line: None,
                        error,
                    })?
                }
            };
            self.check_dangling_quotes(name.as_str(), end, &encoded, readers)?;
            if std::mem::take(&mut needs_break) {
                // A CR at the end of the file is the first half of a line ending.
                let rest = if text.ends_with(b"\r") {
                    b"\n"
                } else {
                    line_end
                };
                add(SecretBytes::copy_of(rest), None);
            }
            add(SecretBytes::copy_of(before.as_bytes()), None);
            add(encoded, Some(i));
            add(SecretBytes::copy_of(line_end), None);
        }
        Ok(())
    }

    /// Returns the text without the values of some variables, to compare files that may differ in
    /// those. `None` if readers disagree about one of them.
    pub fn text_without_values(&self, is_left_out: impl Fn(&str) -> bool) -> Option<SecretBytes> {
        let mut around = SecretBuilder::with_capacity(self.text.len());
        let mut from = 0;
        for assignment in self.assignments() {
            if is_left_out(assignment.name()) {
                self.check_name(assignment.name()).ok()?;
                self.check_assignment(assignment, &Readers::NONE).ok()?;
                around.push(&self.text.expose()[from..assignment.raw.start]);
                from = assignment.raw.end;
            }
        }
        around.push(&self.text.expose()[from..]);
        Some(around.finish())
    }

    /// Applies the patches and copies everything else.
    pub(super) fn compose(&self, patches: &[Patch]) -> Composed {
        let old = self.text.expose();
        let more: usize = patches.iter().map(|patch| patch.new.len()).sum();
        let mut out = SecretBuilder::with_capacity(old.len() + more);
        let mut places = Vec::with_capacity(patches.len());
        let mut from = 0;
        for patch in patches {
            out.push(&old[from..patch.old.start]);
            places.push(out.len()..out.len() + patch.new.len());
            out.push(patch.new.expose());
            from = patch.old.end;
        }
        out.push(&old[from..]);
        (out.finish(), places)
    }
}

/// Returns the text that an author wrote for a value, if it reads as the value at this place too.
fn as_written(
    edit: &Edit<'_>,
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Option<SecretBytes> {
    let fits = |raw: &&[u8]| encode::reads_back(raw, value, readers, place);
    let text = edit.written(readers).into_iter().find(fits)?;
    Some(SecretBytes::copy_of(text))
}

fn encode(
    value: &SecretBytes,
    readers: &Readers,
    on_misread: OnMisread,
    place: Place<'_>,
) -> Result<SecretBytes, EncodeError> {
    match encode::form_at(value, readers, place) {
        Err(EncodeError::NoForm { .. }) if on_misread == OnMisread::Allow => {
            encode::form_at(value, &Readers::NONE, place)
        }
        // A shell reads the CR of the line ending as part of any value.
        Err(EncodeError::NoForm { readers: wrong, .. }) if place.after.ends_with(b"\r") => {
            let after = &place.after[..place.after.len() - 1];
            let without = Place { after, ..place };
            Err(EncodeError::NoForm {
                readers: wrong,
                around: encode::form_at(value, readers, without).is_ok(),
            })
        }
        other => other,
    }
}

/// Returns the text that replaces a value; `None` if it can stay as its author wrote it.
fn replacement(
    assignment: &Assignment,
    value: &SecretBytes,
    readers: &Readers,
    on_misread: OnMisread,
) -> Result<Option<SecretBytes>, EditError> {
    let has_value = assignment.value_ref() == Some(value);
    let judges = if readers.is_empty() {
        Readers::core()
    } else {
        *readers
    };
    let now = if readers.is_empty() {
        // Keep it even if another form would suit more readers, unless a reader would follow a
        // part of it.
        if has_value && !assignment.has_reference() {
            return Ok(None);
        }
        has_value.then(|| assignment.misreaders(value, &judges))
    } else {
        Some(assignment.misreaders(value, &judges))
    };
    if now.is_some_and(|wrong| wrong.is_empty()) {
        return Ok(None);
    }
    let new = encode(value, readers, on_misread, assignment.place()).map_err(|error| {
        EditError::Value {
            name: assignment.name().to_owned(),
            line: Some(assignment.line()),
            error,
        }
    })?;
    // The readers that misread the value now would misread the new form as well.
    let is_no_better = |now: Readers| {
        let then = encode::misreaders_at(new.expose(), value, &judges, assignment.place());
        has_value && now.is_subset(&then)
    };
    let stays = new.expose() == assignment.raw() || now.is_some_and(is_no_better);
    Ok((!stays).then_some(new))
}

#[cfg(test)]
mod tests;
