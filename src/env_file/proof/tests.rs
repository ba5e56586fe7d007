use super::*;
use crate::model::secret::SecretBytes;

/// Edits `K` with a composer that makes an error, and returns the failure.
fn failure(
    text: &str,
    value: &str,
    readers: &[Reader],
    wrong: impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>),
) -> (usize, ProofFailure) {
    match error(text, value, readers, wrong) {
        EditError::Proof { line, failure } => (line, failure),
        other => panic!("{other}"),
    }
}

fn error(
    text: &str,
    value: &str,
    readers: &[Reader],
    wrong: impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>),
) -> EditError {
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
    proved.unwrap_err()
}

/// Returns a composer that composes correctly, then spoils the text or the spans.
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

/// Returns a composer that writes another text for the value, with its right span.
fn instead(form: &str) -> impl FnOnce(&EnvFile, &[Patch]) -> (Vec<u8>, Vec<Range<usize>>) {
    spoiled(move |text, places| {
        let place = places[0].clone();
        text.splice(place.clone(), form.bytes());
        places[0] = place.start..place.start + form.len();
    })
}

const FILE: &str = "A='1 2'\nK=old # c\nB=\"3 4\"\n";

#[test]
fn a_correct_text_passes_the_proof() {
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
fn changed_bytes_outside_the_value_fail_the_proof() {
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
fn a_value_that_does_not_read_back_fails_the_proof() {
    for form in [
        "", "ne", "newer", "'new", "\"new\nx", "new'", "NEW", "new\nC=1", "'new' x",
    ] {
        let (line, failure) = failure(FILE, "new", &[], instead(form));
        assert_eq!(failure, ProofFailure::Value, "{form}");
        assert!(line == 2 || line == 3, "{form}: line {line}");
    }
}

#[test]
fn a_value_that_adds_a_variable_fails_the_proof() {
    // The span covers only the first line of the value.
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
fn a_duplicate_that_keeps_its_old_value_fails_the_proof() {
    let text = "K=old\nA=1\nK=old\n";
    let wrong = |_: &EnvFile, patches: &[Patch]| {
        assert_eq!(patches.len(), 2);
        (b"K=old\nA=1\nK=new\n".to_vec(), vec![2..5, 12..15])
    };
    assert_eq!(failure(text, "new", &[], wrong), (1, ProofFailure::Value));
}

#[test]
fn a_form_that_a_named_reader_misreads_fails_the_proof() {
    let file = "A=1\nK=old\n";
    for (value, form, reader) in [
        ("a b", "'a b'", Reader::Docker),
        ("a$b", "\"a$b\"", Reader::Compose),
        ("a\nb", "\"a\\nb\"", Reader::Bash),
    ] {
        let EditError::Value { line, error, .. } = error(file, value, &[reader], instead(form))
        else {
            panic!("{form}");
        };
        let readers = reader.into();
        let around = true;
        let misread = EncodeError::NoForm { readers, around };
        assert_eq!((line, error), (Some(2), misread));
    }
}

#[test]
fn a_variable_that_a_named_reader_loses_fails_the_proof() {
    // Nothing else changes for this program, but Ruby's reader goes line by line.
    let form = "'new\nB=2\n'";
    let found = failure(
        "K=old\n",
        "new\nB=2\n",
        &[Reader::RubyDotenv],
        instead(form),
    );
    assert_eq!(found, (1, ProofFailure::Reader(Reader::RubyDotenv)));
}

#[test]
fn the_dotenvy_library_checks_the_other_variables() {
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
    // A file that it refuses, or reads with the environment, does not block the edit.
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
