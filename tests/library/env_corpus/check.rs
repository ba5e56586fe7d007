//! Properties of any bytes as an env file and any text as a value. The test beside this file checks
//! them on the committed files, the fuzz target on random ones.

use secrets::env_file::{
    Assignment, Edit, EditError, EnvFile, EnvName, OnMisread, Reader, Readers,
};
use secrets::model::secret::SecretBytes;

/// The variable that is edited.
pub const NAME: &str = "K";

/// Parses the file, sets and removes [`NAME`] for several sets of readers, and checks each result.
/// Returns the result of setting it without named readers.
pub fn check(file: &[u8], value: &str) -> Result<(), EditError> {
    let parsed = EnvFile::parse(SecretBytes::copy_of(file));
    let name: EnvName = NAME.parse().expect("a good name");
    let value = SecretBytes::from(value);
    spans_are_in_order(&parsed, file);
    for assignment in parsed.assignments() {
        assert!(assignment.value().is_some() != assignment.ambiguity().is_some());
        let _ = assignment.value_for(&Readers::core());
        let _ = assignment.misreaders(&value, &Readers::all());
    }
    let _ = (parsed.duplicates(), parsed.problems());
    let _ = (parsed.not_env_file(), parsed.unread_lines(&Readers::all()));
    let losses = parsed.losses_since(&parsed);
    assert!(losses.assignments.is_empty() && losses.gone == 0);
    restore(&parsed, &name, &value);

    let several = [Reader::Compose, Reader::PythonDotenv];
    for readers in [
        Reader::NpmDotenv.into(),
        Reader::Bash.into(),
        Reader::Docker.into(),
        several.into_iter().collect(),
    ] {
        let _ = set(&parsed, &name, &value, &readers);
    }
    remove(&parsed, &name);
    set(&parsed, &name, &value, &Readers::NONE)
}

fn set(
    before: &EnvFile,
    name: &EnvName,
    value: &SecretBytes,
    readers: &Readers,
) -> Result<(), EditError> {
    let edit = [Edit::Set { name, value }];
    let after = before.with(&edit, readers, OnMisread::Refuse)?;
    let (old, new) = (before.text().expose(), after.text().expose());
    let there_before = before.get(NAME).is_some();
    if there_before {
        assert!(
            outside(before) == outside(&after),
            "bytes outside the value changed"
        );
    } else {
        assert!(new.starts_with(old), "bytes before the addition changed");
    }
    let mine: Vec<&Assignment> = after.assignments().filter(|a| a.name() == NAME).collect();
    assert!(!mine.is_empty());
    for assignment in mine {
        let read = if readers.is_empty() {
            assignment.value()
        } else {
            assignment.value_for(readers)
        };
        assert!(read.as_ref() == Some(value), "the value does not read back");
    }
    assert!(others(before) == others(&after), "another variable changed");
    let again = after.with(&edit, readers, OnMisread::Refuse)?;
    assert!(
        again.text().expose() == new,
        "setting the same value again changes the file"
    );
    Ok(())
}

/// A value that is set and then restored has the bytes that it had before.
fn restore(before: &EnvFile, name: &EnvName, value: &SecretBytes) {
    let mut assignments = before.assignments().filter(|one| one.name() == NAME);
    let (Some(first), None) = (assignments.next(), assignments.next()) else {
        return;
    };
    let Some(old) = first.value() else { return };
    let _ = before.resolved(NAME, &Readers::all());
    let set = [Edit::Set { name, value }];
    let restore = [Edit::Restore {
        name,
        value: &old,
        earlier: Some(before),
    }];
    let Ok(changed) = before.with(&set, &Readers::NONE, OnMisread::Refuse) else {
        return;
    };
    let restored = changed.with(&restore, &Readers::NONE, OnMisread::Refuse);
    let restored = restored.expect("the text was there before");
    assert!(
        restored.text().expose() == before.text().expose(),
        "a restored value has other bytes"
    );
}

fn remove(before: &EnvFile, name: &EnvName) {
    let edit = [Edit::Remove { name }];
    let Ok(after) = before.with(&edit, &Readers::NONE, OnMisread::Refuse) else {
        return;
    };
    assert!(after.get(NAME).is_none());
    assert!(others(before) == others(&after), "another variable changed");
}

/// Returns the name and raw text of every other assignment.
fn others(file: &EnvFile) -> Vec<(String, Vec<u8>)> {
    file.assignments()
        .filter(|assignment| assignment.name() != NAME)
        .map(|assignment| (assignment.name().to_owned(), assignment.raw().to_vec()))
        .collect()
}

/// Returns the span of a value.
fn span(file: &EnvFile, assignment: &Assignment) -> std::ops::Range<usize> {
    let start = assignment.raw().as_ptr() as usize - file.text().expose().as_ptr() as usize;
    start..start + assignment.raw().len()
}

fn spans_are_in_order(file: &EnvFile, text: &[u8]) {
    assert!(file.text().expose() == text);
    let mut at = 0;
    for assignment in file.assignments() {
        let span = span(file, assignment);
        assert!(span.start >= at && span.end <= text.len());
        at = span.end;
    }
}

/// Returns all bytes except the values of [`NAME`].
fn outside(file: &EnvFile) -> Vec<u8> {
    let text = file.text().expose();
    let (mut kept, mut from) = (Vec::new(), 0);
    for assignment in file.assignments().filter(|a| a.name() == NAME) {
        let span = span(file, assignment);
        kept.extend_from_slice(&text[from..span.start]);
        from = span.end;
    }
    kept.extend_from_slice(&text[from..]);
    kept
}
