//! Properties of all inputs, tested on random ones.

use proptest::prelude::*;

use super::readers::models;
use super::{Edit, EncodeError, EnvFile, EnvName, OnMisread, Reader, Readers, encode, misreaders};
use crate::model::secret::SecretBytes;

fn secret(bytes: &[u8]) -> SecretBytes {
    SecretBytes::copy_of(bytes)
}

/// Generates text made mostly of characters that are special to some reader.
fn awkward() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => prop::sample::select(vec![
                "'", "\"", "`", "\\", "$", "#", " #", "\n", "\r", "\t", " ", "=", "!", "~", "{", "}",
                "(", ")", "$(", "${", "$A", "\\n", "\\'", "\nB=1", "\nexport C: x", "&", ";", "%",
                "\u{a0}", "\u{2028}", "\u{feff}", "é", "🦀", "\u{1}",
            ]).prop_map(str::to_owned),
            1 => "[a-z]{1,4}",
        ],
        0..12,
    )
    .prop_map(|pieces| pieces.concat())
}

/// Generates files made mostly of lines, some of them broken.
fn file() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(
        prop_oneof![
            6 => prop::sample::select(vec![
                &b"A=1"[..], b"K=old", b"export K = 'old' # c", b"B=\"x", b"y\"", b"C='", b"'", b"#K=1",
                b"K=\"o\\\"ld\"", b"# it's", b"D=`", b"E=a b=c F=1", b"K: x", b"G='\\'", b"]", b"",
                b"M=it's", b"N=$A", b"\xff", b"\0", b"K=", b"K= # c", b"H='i'\\''j'", b"K",
            ]).prop_map(<[u8]>::to_vec),
            1 => prop::collection::vec(any::<u8>(), 0..6),
        ],
        0..8,
    )
    .prop_flat_map(|lines| {
        let ends = prop::collection::vec(
            prop::sample::select(vec![&b"\n"[..], b"\n", b"\r\n", b"\r"]),
            lines.len(),
        );
        (Just(lines), ends, any::<bool>())
    })
    .prop_map(|(lines, ends, cut)| {
        let mut file = Vec::new();
        for (line, end) in lines.iter().zip(&ends) {
            file.extend_from_slice(line);
            file.extend_from_slice(end);
        }
        if cut {
            file.pop();
        }
        file
    })
}

/// Generates files that no reader misreads or refuses.
fn clean_file() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(
        prop::sample::select(vec![
            "A=1",
            "K=old",
            "export K = 'o d' # c",
            "K=\"old\"",
            "#K=1",
            "B=\"x y\"",
            "C='p\nq'",
            "D=",
            "E= # c",
            "# it's",
            "",
            "G=a#b",
            "N=$A",
            "W='C:\\x\\'",
        ]),
        0..8,
    );
    (lines, prop::sample::select(vec!["\n", "\r\n"]))
        .prop_map(|(lines, end)| {
            lines
                .iter()
                .map(|line| format!("{line}{end}"))
                .collect::<String>()
        })
        .prop_map(String::into_bytes)
}

fn readers() -> impl Strategy<Value = Readers> {
    prop::collection::vec(prop::sample::select(Reader::ALL.to_vec()), 0..3)
        .prop_map(|list| list.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn set_then_get_gives_the_value(value in awkward(), text in file()) {
        let name = EnvName::try_new("K").unwrap();
        let value = SecretBytes::from(value.as_str());
        let before = EnvFile::parse(secret(&text));
        let edit = [Edit::Set { name: &name, value: &value }];
        if let Ok(after) = before.with(&edit, &Readers::NONE, OnMisread::Refuse) {
            for assignment in after.assignments().filter(|a| a.name() == "K") {
                prop_assert_eq!(assignment.value(), Some(value.clone()));
            }
            prop_assert!(after.get("K").is_some());
            // Setting it again changes nothing.
            let again = after.with(&edit, &Readers::NONE, OnMisread::Refuse).unwrap();
            prop_assert!(again.text() == after.text());
        }
    }

    #[test]
    fn set_in_a_clean_file_fails_only_if_a_reader_would_run_a_part(value in awkward()) {
        let name = EnvName::try_new("K").unwrap();
        let secret_value = SecretBytes::from(value.as_str());
        let before = EnvFile::parse(secret(b"A=1\nB='2 3'\n"));
        let edit = [Edit::Set { name: &name, value: &secret_value }];
        match before.with(&edit, &Readers::NONE, OnMisread::Refuse) {
            Ok(after) => {
                prop_assert_eq!(after.get("K").unwrap().value(), Some(secret_value));
                let removed = after
                    .with(&[Edit::Remove { name: &name }], &Readers::NONE, OnMisread::Refuse)
                    .unwrap();
                prop_assert!(removed.text() == before.text());
            }
            Err(error) => {
                prop_assert_eq!(error.code(), "value_would_run");
                prop_assert!(value.contains("$("));
            }
        }
    }

    #[test]
    fn bytes_outside_the_values_never_change(
        value in awkward(), text in file(), readers in readers(),
    ) {
        let name = EnvName::try_new("K").unwrap();
        let value = SecretBytes::from(value.as_str());
        let before = EnvFile::parse(secret(&text));
        let edit = [Edit::Set { name: &name, value: &value }];
        let Ok(after) = before.with(&edit, &readers, OnMisread::Allow) else { return Ok(()) };
        let outside = |file: &EnvFile| {
            let (mut kept, mut from) = (Vec::new(), 0);
            for a in file.assignments().filter(|a| a.name() == "K") {
                kept.extend_from_slice(&file.text().expose()[from..a.raw.start]);
                from = a.raw.end;
            }
            kept.extend_from_slice(&file.text().expose()[from..]);
            kept
        };
        let (old, new) = (outside(&before), outside(&after));
        if before.get("K").is_some() {
            prop_assert_eq!(old, new);
        } else {
            prop_assert!(new.starts_with(&text));
            let added = &new[text.len()..];
            let added = added.strip_prefix(b"\r\n").or(added.strip_prefix(b"\n")).unwrap_or(added);
            prop_assert!(matches!(added, b"K=\n" | b"K=\r\n"), "{:?}", added);
        }
    }

    #[test]
    fn an_edit_changes_nothing_else_for_any_core_reader(
        value in awkward(), plain in any::<bool>(), text in clean_file(),
    ) {
        let name = EnvName::try_new("K").unwrap();
        let value = SecretBytes::from(if plain { "new" } else { value.as_str() });
        let before = EnvFile::parse(secret(&text));
        prop_assume!(before.problems().is_empty());
        let edit = [Edit::Set { name: &name, value: &value }];
        let Ok(after) = before.with(&edit, &Readers::NONE, OnMisread::Refuse) else { return Ok(()) };
        for reader in Reader::CORE {
            let Some(old) = models::read(*reader, &text) else { continue };
            let live = after.assignments().filter(|one| one.name() == "K");
            let is_misread = live
                .flat_map(|one| one.misreaders(&value, &(*reader).into()).iter().collect::<Vec<_>>())
                .count() > 0;
            let Some(new) = models::read(*reader, after.text().expose()) else {
                prop_assert!(is_misread, "{} refuses", reader);
                continue;
            };
            prop_assert!(new.runs == old.runs, "{} runs something", reader);
            prop_assert!(new.agrees(&old, |name| name == b"K"), "{}", reader);
            prop_assert!(is_misread || new.get(b"K") == Some(&value), "{} misreads", reader);
        }
    }

    #[test]
    fn any_bytes_are_read(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let file = EnvFile::parse(secret(&text));
        prop_assert_eq!(file.text().expose(), &text[..]);
        for a in file.assignments() {
            prop_assert!(a.value().is_some() != a.ambiguity().is_some());
            let _ = a.misreaders(&secret(b"x"), &Readers::all());
        }
    }

    #[test]
    fn broken_files_are_read(text in file()) {
        let file = EnvFile::parse(secret(&text));
        let mut at = 0;
        for a in file.assignments() {
            prop_assert!(a.whole.start >= at && a.whole.start <= a.raw.start);
            prop_assert!(a.raw.end <= a.whole.end && a.whole.end <= text.len());
            at = a.whole.end;
            let _ = a.misreaders(&secret(b"x"), &Readers::all());
        }
    }

    #[test]
    fn a_form_for_named_readers_is_read_by_each_of_them(value in awkward(), readers in readers()) {
        let value = SecretBytes::from(value.as_str());
        match encode(&value, &readers) {
            Ok(form) => {
                prop_assert!(form.misreaders().intersection(&readers).is_empty() || readers.is_empty());
                let wrong = misreaders(form.text().expose(), &value, &readers);
                prop_assert!(readers.is_empty() || wrong.is_empty());
            }
            Err(EncodeError::NoForm { readers: wrong, .. }) => {
                prop_assert!(!wrong.is_empty() && wrong.is_subset(&readers));
            }
            Err(error) => prop_assert_eq!(error, EncodeError::WouldRun),
        }
    }

    #[test]
    fn no_core_reader_runs_the_general_form(value in awkward()) {
        let value = SecretBytes::from(value.as_str());
        if let Ok(form) = encode(&value, &Readers::NONE) {
            let mut text = b"NAME=".to_vec();
            text.extend_from_slice(form.text().expose());
            text.push(b'\n');
            for reader in Reader::CORE {
                let runs = models::read(*reader, &text).is_some_and(|found| found.runs);
                prop_assert!(!runs, "{}", reader);
            }
        }
    }
}

/// Tests the form for dotenvy with the library itself, not with its model.
#[test]
fn dotenvy_reads_what_its_model_reads() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    runner
        .run(&awkward(), |value| {
            let form = encode(&SecretBytes::from(value.as_str()), &Reader::Dotenvy.into());
            let Ok(form) = form else { return Ok(()) };
            let mut text = b"K=".to_vec();
            text.extend_from_slice(form.text().expose());
            text.extend_from_slice(b"\nL=1\n");
            let found: Vec<_> = dotenvy::from_read_iter(&text[..])
                .collect::<Result<_, _>>()
                .unwrap();
            prop_assert_eq!(
                found,
                [("K".to_owned(), value), ("L".to_owned(), "1".to_owned())]
            );
            Ok(())
        })
        .unwrap();
}

/// Returns files of about `size` bytes on which a careless parser would be quadratic.
fn hostile(size: usize) -> Vec<String> {
    let many = |piece: &str| piece.repeat(size / piece.len());
    vec![
        many("'"),
        many("\""),
        many("`"),
        many("\\"),
        many("\\'"),
        many("A='\n"),
        many("A=\"x\n"),
        many("A='\\'\n"),
        many("A=\"\\\"\nB='\\'x\n"),
        many("A=`\nB='x\nC=\"y\n"),
        many("K=1\n"),
        many("A=b=c d=e\n"),
        many("$("),
        many(" #"),
        many("\r"),
        many("A=\r\n"),
        many("A: \n"),
        format!("K={}\n", many("'")),
        format!("K={}\n", many("\"")),
        format!("K='{}", many("\\'")),
        format!("K=\"{}\n", many("\\\"")),
        format!("K={}\n", many("\\")),
        format!("K={}\n", many("\u{a0}")),
        format!("K={}\n", many("${")),
    ]
}

/// Returns more such files, on which the parser looks ahead.
fn with_look_ahead(size: usize) -> Vec<String> {
    let many = |piece: &str| piece.repeat(size / piece.len());
    vec![
        format!("K=x #{}", many("'")),
        format!("A='\n{}", many("B=x'y\n")),
        format!("A=\"\n{}", many("B=\"y\" z\n")),
        many("A='x\nB=\"y\nC=`z\n"),
        many("K=(\nx\n"),
        many("K=a\\\nx\n"),
        many("' x"),
        many("A='\\'\n\n"),
        many("export "),
        many("A="),
        format!("A='{}", many("' \t")),
        format!("A='{}", many("\\' x\n")),
        many("QUJDREVGR0hJSktMTU5PUFFSU1RVVldY\n"),
        many("'x\n"),
        many("'\nB=1\n"),
        format!("'\n{}", many("B=1\n")),
        many("A='\\'\n'\n"),
        many("export\u{a0}K\u{a0}"),
    ]
}

/// Counts steps instead of measuring time: the parser reads each byte a few times at most, and twice
/// as many bytes in a file twice as long.
#[test]
fn parsing_is_linear_in_the_size_of_the_file() {
    const SIZE: usize = 100_000;
    let files = |size| hostile(size).into_iter().chain(with_look_ahead(size));
    for (once, twice) in files(SIZE).zip(files(2 * SIZE)) {
        let shown = once.chars().take(24).collect::<String>();
        let count =
            |text: &str| super::bytes::counted_steps(|| drop(super::parse::scan(text.as_bytes())));
        let (steps, more) = (count(&once), count(&twice));
        assert!(steps <= 16 * once.len(), "{shown:?}: {steps} steps");
        assert!(
            10 * more <= 21 * steps + 1_000,
            "{shown:?}: {steps}, then {more}"
        );
    }
}

/// Returns the CPU time of this thread.
#[cfg(unix)]
fn seconds_of_work() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).tv_sec
}

#[cfg(not(unix))]
fn seconds_of_work() -> i64 {
    0
}

/// Tests the same for everything around the parser. A quadratic step would take minutes.
#[test]
fn hostile_files_take_linear_time() {
    let start = seconds_of_work();
    let name = EnvName::try_new("K").unwrap();
    for body in hostile(100_000) {
        let value = SecretBytes::from("new");
        let edit = [Edit::Set {
            name: &name,
            value: &value,
        }];
        let file = EnvFile::parse(SecretBytes::from(body.as_str()));
        let _ = (file.duplicates(), file.not_env_file());
        let _ = file.unread_lines(&Readers::all());
        let _ = (
            file.losses_since(&file),
            file.resolved("K", &Readers::all()),
        );
        let _ = file.with(&edit, &Readers::NONE, OnMisread::Refuse);
        for reader in Reader::ALL {
            let _ = models::read(*reader, body.as_bytes());
        }
        // The same text as a value.
        let long = SecretBytes::from(body.as_str());
        let edit = [Edit::Set {
            name: &name,
            value: &long,
        }];
        let clean = EnvFile::parse(SecretBytes::from("A=1\n"));
        let _ = clean.with(&edit, &Readers::NONE, OnMisread::Refuse);
    }
    let took = seconds_of_work() - start;
    assert!(took < 60, "{took} s");
}

#[test]
fn many_changes_are_made_in_one_pass() {
    let text: String = (0..10_000).map(|i| format!("NAME_{i}=old\n")).collect();
    let names: Vec<EnvName> = (9_500..10_500)
        .map(|i| EnvName::try_new(format!("NAME_{i}")).unwrap())
        .collect();
    let value = SecretBytes::from("it's new");
    let edits: Vec<Edit<'_>> = names
        .iter()
        .map(|name| Edit::Set {
            name,
            value: &value,
        })
        .collect();
    let start = seconds_of_work();
    let after = EnvFile::parse(SecretBytes::from(text.as_str()))
        .with(&edits, &Readers::NONE, OnMisread::Refuse)
        .unwrap();
    assert_eq!(after.assignments().count(), 10_500);
    let changed = after
        .assignments()
        .filter(|a| a.value().as_ref() == Some(&value));
    assert_eq!(changed.count(), 1_000);
    let took = seconds_of_work() - start;
    assert!(took < 60, "{took} s");
}
