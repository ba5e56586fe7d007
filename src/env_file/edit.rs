//! [`EnvFile::with`]: a new document from an old one, proved before it is handed out.
//!
//! Plan, compose, prove. The plan refuses whatever readers disagree about; the text is composed in
//! one pass by copying everything outside the edited spans; the proof (in `proof`) reads the result
//! again.
//!
//! Invariants: nothing is returned unless the proof holds; bytes outside the edited spans are the
//! same; every live assignment of a name gets the value, because some readers take the first and
//! others the last.

use std::collections::HashMap;
use std::ops::Range;

use super::document::{Assignment, EnvFile, Reason};
use super::encode::{self, EncodeError, Place};
use super::name::EnvName;
use super::proof::Proof;
use super::reader::{Reader, Readers};
use crate::secret::{SecretBuilder, SecretBytes};

/// One change to an env file.
#[derive(Clone, Copy, Debug)]
pub enum Edit<'a> {
    /// Give a variable this value, in every live assignment, or in a new one at the end.
    Set {
        /// The variable.
        name: &'a EnvName,
        /// Its value.
        value: &'a SecretBytes,
    },
    /// Take every live assignment of a variable out, with its lines.
    Remove {
        /// The variable.
        name: &'a EnvName,
    },
}

impl Edit<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Edit::Set { name, .. } | Edit::Remove { name } => name.as_str(),
        }
    }
}

/// What to do with a value that some named reader would misread in every form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnMisread {
    /// Refuse the edit.
    #[default]
    Refuse,
    /// Write it in the form that most readers understand.
    Allow,
}

/// Why an edit was not made. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// Readers disagree about the place where the variable is, or may be.
    Uncertain {
        /// The variable.
        name: String,
        /// Where the disagreement begins.
        line: usize,
        /// What it is about.
        reason: Reason,
    },
    /// The value cannot be written.
    Value {
        /// The variable.
        name: String,
        /// The line of its assignment, if it has one.
        line: Option<usize>,
        /// Why not.
        error: EncodeError,
    },
    /// The variable is not in the file, and its name is one that some reader refuses.
    NotCreatable {
        /// The variable.
        name: String,
    },
    /// Two edits for one variable.
    Twice {
        /// The variable.
        name: String,
    },
    /// The new text did not read back as it should.
    Proof {
        /// The line of the new text at which it failed.
        line: usize,
        /// What failed.
        failure: ProofFailure,
    },
}

/// The part of the proof that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofFailure {
    /// A variable does not read back as its new value.
    Value,
    /// Another assignment changed.
    Others,
    /// Bytes outside the edited spans changed.
    Bytes,
    /// dotenvy reads the new text differently.
    Dotenvy,
    /// This named reader would read another variable differently.
    Reader(Reader),
}

impl EditError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Uncertain { .. } => "env_file_uncertain",
            Self::Value { error, .. } => error.code(),
            Self::NotCreatable { .. } => "env_name_not_creatable",
            Self::Twice { .. } => "env_edit_twice",
            Self::Proof { .. } => "env_file_not_proved",
        }
    }

    /// The line that it is about.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Uncertain { line, .. } | Self::Proof { line, .. } => Some(*line),
            Self::Value { line, .. } => *line,
            Self::NotCreatable { .. } | Self::Twice { .. } => None,
        }
    }
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Uncertain { name, line, reason } => {
                write!(f, "cannot edit {name}: line {line}: {reason}")
            }
            Self::Value {
                name,
                line: Some(line),
                error,
            } => write!(f, "cannot write {name} on line {line}: {error}"),
            Self::Value {
                name,
                line: None,
                error,
            } => write!(f, "cannot write {name}: {error}"),
            Self::NotCreatable { name } => {
                write!(
                    f,
                    "cannot add {name}: many readers refuse a file with that name in it"
                )
            }
            Self::Twice { name } => write!(f, "two edits for {name} at once"),
            Self::Proof { line, failure } => {
                write!(f, "the edited text failed its check at line {line}: ")?;
                match failure {
                    ProofFailure::Value => f.write_str("the value does not read back"),
                    ProofFailure::Others => f.write_str("another assignment would change"),
                    ProofFailure::Bytes => f.write_str("bytes outside the value would change"),
                    ProofFailure::Dotenvy => f.write_str("dotenvy would read something else"),
                    ProofFailure::Reader(reader) => {
                        write!(f, "{reader} would read another variable differently")
                    }
                }
            }
        }
    }
}

impl std::error::Error for EditError {}

/// One span of the old text and what takes its place.
pub(super) struct Patch {
    pub(super) old: Range<usize>,
    pub(super) new: SecretBytes,
    /// For a value: the index of the edit.
    pub(super) set: Option<usize>,
}

/// A new text, and where in it each patch landed.
pub(super) type Composed = (SecretBytes, Vec<Range<usize>>);

impl EnvFile {
    /// The document with these changes, or the reason why they cannot be made.
    ///
    /// A variable that already has its value, in a form that the named readers read (or, if there
    /// are none, in any form in which nothing would be followed or run), is left as it is; if that
    /// goes for all, the result is byte for byte this document.
    ///
    /// # Errors
    /// See [`EditError`]. This document is not changed in any case.
    pub fn with(
        &self,
        edits: &[Edit<'_>],
        readers: &Readers,
        on_misread: OnMisread,
    ) -> Result<EnvFile, EditError> {
        self.with_composer(edits, readers, on_misread, EnvFile::compose)
    }

    /// [`with`](Self::with), the text composed by `compose`: the tests put one there that errs.
    pub(super) fn with_composer(
        &self,
        edits: &[Edit<'_>],
        readers: &Readers,
        on_misread: OnMisread,
        compose: impl FnOnce(&EnvFile, &[Patch]) -> Composed,
    ) -> Result<EnvFile, EditError> {
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
            self.check_doubt(edit.name())?;
        }
        let mut patches = Vec::new();
        let mut found = vec![false; edits.len()];
        // Many equal lines need the search for a form only once.
        let mut made: HashMap<(usize, [&[u8]; 2]), Option<SecretBytes>> = HashMap::new();
        for assignment in self.assignments() {
            let Some(&i) = wanted.get(assignment.name()) else {
                continue;
            };
            found[i] = true;
            self.check_assignment(assignment, readers)?;
            match &edits[i] {
                Edit::Remove { .. } => patches.push(Patch {
                    old: assignment.whole.clone(),
                    new: SecretBytes::copy_of(b""),
                    set: None,
                }),
                Edit::Set { value, .. } => {
                    let line = [assignment.raw(), assignment.behind()];
                    let new = match made.get(&(i, line)) {
                        Some(new) if assignment.is_plain_line() => new.clone(),
                        _ => {
                            let new = replacement(assignment, value, readers, on_misread)?;
                            if assignment.is_plain_line() {
                                made.insert((i, line), new.clone());
                            }
                            new
                        }
                    };
                    if let Some(new) = new {
                        patches.push(Patch {
                            old: assignment.raw.clone(),
                            new,
                            set: Some(i),
                        });
                    }
                }
            }
        }
        let end = self.text.len();
        let mut needs_break = end > 0
            && self.text.expose()[end - 1] != b'\n'
            && self.text.expose() != b"\xef\xbb\xbf";
        let line_end: &[u8] = if self.crlf { b"\r\n" } else { b"\n" };
        for (i, edit) in edits.iter().enumerate() {
            let Edit::Set { name, value } = edit else {
                continue;
            };
            if found[i] {
                continue;
            }
            if !name.is_creatable() {
                return Err(EditError::NotCreatable {
                    name: name.as_str().to_owned(),
                });
            }
            if let Some((_, line)) = self.doubt.open_from {
                return Err(EditError::Uncertain {
                    name: name.as_str().to_owned(),
                    line,
                    reason: Reason::UnclosedQuote,
                });
            }
            let before = format!("{name}=");
            let place = Place {
                name: name.as_str().as_bytes(),
                before: before.as_bytes(),
                behind: b"",
            };
            let encoded =
                encode(value, readers, on_misread, place).map_err(|error| EditError::Value {
                    name: name.as_str().to_owned(),
                    line: None,
                    error,
                })?;
            if std::mem::take(&mut needs_break) {
                patches.push(Patch {
                    old: end..end,
                    new: SecretBytes::copy_of(line_end),
                    set: None,
                });
            }
            for (new, set) in [
                (SecretBytes::copy_of(before.as_bytes()), None),
                (encoded, Some(i)),
                (SecretBytes::copy_of(line_end), None),
            ] {
                patches.push(Patch {
                    old: end..end,
                    new,
                    set,
                });
            }
        }
        Ok(patches)
    }

    fn check_doubt(&self, name: &str) -> Result<(), EditError> {
        let uncertain = |line, reason| {
            Err(EditError::Uncertain {
                name: name.to_owned(),
                line,
                reason,
            })
        };
        if let Some(reason) = self.doubt.hopeless {
            return uncertain(1, reason);
        }
        match self.doubt.names.get(name) {
            Some((line, reason)) => uncertain(*line, *reason),
            None => Ok(()),
        }
    }

    fn check_assignment(
        &self,
        assignment: &Assignment,
        readers: &Readers,
    ) -> Result<(), EditError> {
        let uncertain = |line, reason| {
            Err(EditError::Uncertain {
                name: assignment.name().to_owned(),
                line,
                reason,
            })
        };
        if let Some(reason) = assignment.unsure() {
            // Within one line, the named readers can settle it by agreeing.
            let one_line = matches!(
                reason,
                Reason::TextAfterQuote | Reason::TwoAssignments | Reason::Continued
            );
            if !one_line || readers.is_empty() || assignment.value_for(readers).is_none() {
                return uncertain(assignment.line(), reason);
            }
        }
        match self.doubt.open_from {
            Some((offset, line)) if assignment.whole.start >= offset => {
                uncertain(line, Reason::UnclosedQuote)
            }
            _ => Ok(()),
        }
    }

    /// The text without the values of some variables, to compare files that may differ in those;
    /// `None` where readers disagree about one of them.
    pub fn text_around(&self, is_left_out: impl Fn(&str) -> bool) -> Option<SecretBytes> {
        let mut around = SecretBuilder::with_capacity(self.text.len());
        let mut from = 0;
        for assignment in self.assignments() {
            if is_left_out(assignment.name()) {
                self.check_doubt(assignment.name()).ok()?;
                self.check_assignment(assignment, &Readers::NONE).ok()?;
                around.push(&self.text.expose()[from..assignment.raw.start]);
                from = assignment.raw.end;
            }
        }
        around.push(&self.text.expose()[from..]);
        Some(around.finish())
    }

    /// Copies everything but the spans of the patches.
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
        other => other,
    }
}

/// The text to put in the place of a value; `None` if it can stay.
fn replacement(
    assignment: &Assignment,
    value: &SecretBytes,
    readers: &Readers,
    on_misread: OnMisread,
) -> Result<Option<SecretBytes>, EditError> {
    let new = encode(value, readers, on_misread, assignment.place()).map_err(|error| {
        EditError::Value {
            name: assignment.name().to_owned(),
            line: Some(assignment.line()),
            error,
        }
    })?;
    let stays = new.expose() == assignment.raw() || {
        let judges = if readers.is_empty() {
            Readers::core()
        } else {
            *readers
        };
        let now = assignment.misreaders(value, &judges);
        let then = encode::misreaders_at(new.expose(), value, &judges, assignment.place());
        let no_worse = now.is_subset(&then);
        if readers.is_empty() {
            // What has the value already stays as its author wrote it, even if another form
            // would suit one reader more; unless a reader would follow something in it.
            assignment.value_ref() == Some(value) && (no_worse || !assignment.has_reference())
        } else {
            no_worse
        }
    };
    Ok((!stays).then_some(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &[u8], changes: &[(&str, Option<&str>)]) -> Result<Vec<u8>, EditError> {
        let names: Vec<EnvName> = changes.iter().map(|(n, _)| n.parse().unwrap()).collect();
        let values: Vec<SecretBytes> = changes
            .iter()
            .map(|(_, v)| SecretBytes::from(v.unwrap_or("")))
            .collect();
        let edits: Vec<Edit<'_>> = changes
            .iter()
            .zip(names.iter().zip(&values))
            .map(|((_, given), (name, value))| match given {
                Some(_) => Edit::Set { name, value },
                None => Edit::Remove { name },
            })
            .collect();
        EnvFile::parse(SecretBytes::copy_of(text))
            .with(&edits, &Readers::NONE, OnMisread::Refuse)
            .map(|file| file.text().expose().to_vec())
    }

    fn set(text: &str, name: &str, value: &str) -> String {
        String::from_utf8(edit(text.as_bytes(), &[(name, Some(value))]).unwrap()).unwrap()
    }

    fn remove(text: &str, name: &str) -> String {
        String::from_utf8(edit(text.as_bytes(), &[(name, None)]).unwrap()).unwrap()
    }

    #[test]
    fn only_the_value_changes() {
        for (before, after) in [
            ("A=1\nK=old\nB=2\n", "A=1\nK=new\nB=2\n"),
            ("  export\tK = 'old'  # c\r\n", "  export\tK = new  # c\r\n"),
            ("K=\"o\nl\nd\" # c\nB=2", "K=new # c\nB=2"),
            ("K=#old", "K=new"),
            ("K= # c\n", "K=new # c\n"),
            ("K=  \n", "K=new  \n"),
            ("K='old'# c\n", "K='new'# c\n"),
            ("K='o'\\''ld' # c\n", "K=new # c\n"),
            ("\u{feff}K=old\n", "\u{feff}K=new\n"),
            ("#K=old\nK=old", "#K=old\nK=new"),
            ("X='\nK=in\n'\nK=old\n", "X='\nK=in\n'\nK=new\n"),
            ("garbage\n[x]\nK=old\n", "garbage\n[x]\nK=new\n"),
            ("K=(old\n# c\n", "K=new\n# c\n"),
            ("K=$(old\n", "K=new\n"),
            ("K=C:\\dir\\\nA=1\n", "K=new\nA=1\n"),
        ] {
            assert_eq!(set(before, "K", "new"), after, "{before:?}");
        }
    }

    #[test]
    fn a_new_variable_goes_to_the_end_with_the_files_own_line_ending() {
        for (before, after) in [
            ("", "K=new\n"),
            ("A=1\n", "A=1\nK=new\n"),
            ("A=1", "A=1\nK=new\n"),
            ("A=1\r\nB=2\r\n", "A=1\r\nB=2\r\nK=new\r\n"),
            ("A=1\r\nB=2", "A=1\r\nB=2\r\nK=new\r\n"),
            ("A=1\r\nB=2\nC=3\n", "A=1\r\nB=2\nC=3\nK=new\n"),
            ("\u{feff}", "\u{feff}K=new\n"),
            ("# K=old", "# K=old\nK=new\n"),
            ("K\n", "K\nK=new\n"),
        ] {
            assert_eq!(set(before, "K", "new"), after, "{before:?}");
        }
    }

    #[test]
    fn every_live_occurrence_gets_the_value() {
        assert_eq!(
            set("K=1\n#K=2\nexport K='3'\nA=4\nK=\"5\"\n", "K", "x y"),
            "K='x y'\n#K=2\nexport K='x y'\nA=4\nK='x y'\n"
        );
    }

    #[test]
    fn removing_takes_the_lines_and_no_more() {
        for (before, after) in [
            ("A=1\nK=2 # c\nB=3\n", "A=1\nB=3\n"),
            ("K='1\n2\n3'\r\nB=3\n", "B=3\n"),
            ("A=1\nK=2", "A=1\n"),
            ("\u{feff}K=1\nA=2\n", "\u{feff}A=2\n"),
            ("K=1\nA=2\nK=3\n", "A=2\n"),
            ("#K=1\n", "#K=1\n"),
        ] {
            assert_eq!(remove(before, "K"), after, "{before:?}");
        }
    }

    #[test]
    fn several_changes_are_made_at_once() {
        let after = edit(
            b"A=1\nB=2\nC=3",
            &[
                ("C", Some("x")),
                ("A", None),
                ("D", Some("y")),
                ("E", Some("z")),
            ],
        );
        assert_eq!(after.unwrap(), b"B=2\nC=x\nD=y\nE=z\n");
        let twice = edit(b"", &[("A", Some("1")), ("A", None)]).unwrap_err();
        assert_eq!(twice.code(), "env_edit_twice");
    }

    #[test]
    fn a_value_that_is_there_already_changes_nothing() {
        for text in ["K=v\n", "K='v'\n", "export K = \"v\" # c\r\n"] {
            assert_eq!(set(text, "K", "v"), text);
        }
        let text = "K='a b'\nK=\"a b\"\n";
        assert_eq!(set(text, "K", "a b"), text);
    }

    #[test]
    fn what_readers_disagree_about_is_refused_with_line_and_reason() {
        for (text, line, reason) in [
            ("A=1\nK=\"old\n", 2, Reason::UnclosedQuote),
            ("A='x\nK=old\n", 1, Reason::UnclosedQuote),
            ("A='x\nB=1\n", 1, Reason::UnclosedQuote),
            ("A=\"x\nK=\"old\"\n", 1, Reason::UnclosedQuote),
            ("A=1\nK='old' x\n", 2, Reason::TextAfterQuote),
            ("A=1 K=old\n", 1, Reason::TwoAssignments),
            ("#\rK=old\n", 1, Reason::LoneCr),
            ("K: old\n", 1, Reason::ColonForm),
            ("\u{a0}K=old\n", 1, Reason::OddSpace),
            ("K=o\0ld\n", 1, Reason::Nul),
            ("A='\\'\n#\nK='old'\n", 1, Reason::BackslashBeforeQuote),
            (
                "A=1\nK=$(cat <<EOF\nold text\nEOF\n)\n",
                2,
                Reason::Continued,
            ),
            ("K=old\\\nmore text\n", 1, Reason::Continued),
        ] {
            let error = edit(text.as_bytes(), &[("K", Some("new"))]).unwrap_err();
            let EditError::Uncertain {
                line: l, reason: r, ..
            } = &error
            else {
                panic!("{text:?}");
            };
            assert_eq!((*l, *r), (line, reason), "{text:?}");
            assert!(!error.to_string().contains("old"), "{error}");
        }
    }

    #[test]
    fn doubt_about_one_name_does_not_block_another() {
        for text in [
            "A=1 B=2\nK=old\n",
            "N: x\nK=old\n",
            "K=old\nA='x\n",
            "A=\"x\nB=\"y\"\nK=old\n",
            "A='C:\\x\\'\nK=old\n",
            "A=it's\nK=old\nB=that's\n",
            "K=old\nB=x\\\ny\n",
            "A=(\n one\n)\nK=old\n",
        ] {
            assert_eq!(
                set(text, "K", "new"),
                text.replace("old", "new"),
                "{text:?}"
            );
        }
    }

    #[test]
    fn values_that_cannot_be_written_are_refused_by_kind() {
        let error = edit(b"K=1\n", &[("K", Some("canary\0"))]).unwrap_err();
        assert_eq!(error.code(), "value_has_nul");
        assert_eq!(error.line(), Some(1));
        assert!(!error.to_string().contains("canary"));
    }
}
