use super::*;
use crate::env_file::{EnvName, Reader};

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
        ("A=1\r\nB=2\r", "A=1\r\nB=2\r\nK=new\r\n"),
        ("A=1\r", "A=1\r\nK=new\n"),
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
fn removing_deletes_only_the_lines_of_the_assignment() {
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
fn setting_the_same_value_changes_nothing() {
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
        ("A=1\nK:\nold\n", 2, Reason::ColonForm),
        ("A=1\n'\nK=old\n'\n", 2, Reason::UnclosedQuote),
        ("\u{a0}K=old\n", 1, Reason::OddSpace),
        ("K\u{a0}=old\n", 1, Reason::OddSpace),
        ("export\u{a0}K=old\n", 1, Reason::OddSpace),
        ("K=old;export K\n", 1, Reason::TwoAssignments),
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
fn an_ambiguous_name_does_not_block_another() {
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

fn with_readers(
    text: &str,
    value: &str,
    readers: &[Reader],
    on_misread: OnMisread,
) -> Result<String, EditError> {
    let (name, value) = (EnvName::try_new("K").unwrap(), SecretBytes::from(value));
    let edits = [Edit::Set {
        name: &name,
        value: &value,
    }];
    let readers = readers.iter().copied().collect();
    EnvFile::parse(SecretBytes::from(text))
        .with(&edits, &readers, on_misread)
        .map(|file| file.text().as_str().unwrap().to_owned())
}

#[test]
fn with_allow_misread_a_misread_value_is_written() {
    for (value, reader, after) in [
        ("a\nb", Reader::Docker, "K=\"a\\nb\"\n"),
        ("x${HOME}", Reader::PythonDotenv, "K='x${HOME}'\n"),
        ("it's $x", Reader::Direnv, "K=\"it's \\$x\"\n"),
    ] {
        let set = |text, on_misread| with_readers(text, value, &[reader], on_misread);
        let refused = set("K=old\n", OnMisread::Refuse).unwrap_err();
        let EditError::Value { error, .. } = refused else {
            panic!("{refused}");
        };
        let (readers, around) = (reader.into(), false);
        assert_eq!(error, EncodeError::NoForm { readers, around });
        assert_eq!(set("K=old\n", OnMisread::Allow).unwrap(), after, "{reader}");
        // Once more changes nothing.
        assert_eq!(set(after, OnMisread::Allow).unwrap(), after, "{reader}");
    }
}

#[test]
fn a_form_that_the_named_readers_read_is_kept_even_if_it_would_not_be_written() {
    let text = "K='it's $x'\n";
    let set = with_readers(text, "it's $x", &[Reader::Direnv], OnMisread::Refuse);
    assert_eq!(set.unwrap(), text);
}

#[test]
fn a_shell_cannot_read_a_line_that_ends_in_cr_lf() {
    for (text, after) in [
        ("K=old\r\nB=2\r\n", "K=new\r\nB=2\r\n"),
        ("B=2\r\n", "B=2\r\nK=new\r\n"),
        ("K=old\nB=2\r\nC=3\r\n", "K=new\nB=2\r\nC=3\r\n"),
    ] {
        for shell in [Reader::Bash, Reader::Dash, Reader::Zsh] {
            let readers = [Reader::NpmDotenv, shell];
            let set = with_readers(text, "new", &readers, OnMisread::Refuse);
            if text.starts_with("K=old\n") {
                assert_eq!(set.unwrap(), after);
                continue;
            }
            let error = EncodeError::NoForm {
                readers: shell.into(),
                around: true,
            };
            let is_it =
                |refused| matches!(refused, EditError::Value { error: e, .. } if e == error);
            assert!(is_it(set.unwrap_err()), "{text:?}");
            let set = with_readers(text, "new", &readers, OnMisread::Allow);
            assert_eq!(set.unwrap(), after);
        }
        for reader in Reader::ALL {
            if !matches!(reader, Reader::Bash | Reader::Dash | Reader::Zsh) {
                let set = with_readers(text, "new", &[*reader], OnMisread::Refuse);
                assert_eq!(set.unwrap(), after, "{reader}");
            }
        }
    }
}

#[test]
fn the_rest_of_the_file_can_make_a_named_reader_misread_a_value() {
    for (text, reader) in [
        ("K=old\nexport K\n", Reader::PythonDotenv),
        ("\u{feff}K=old\n", Reader::Bash),
        ("\u{feff}K=old\n", Reader::Node),
    ] {
        let refused = with_readers(text, "new", &[reader], OnMisread::Refuse).unwrap_err();
        let EditError::Value { line, error, .. } = refused else {
            panic!("{text:?}: {refused}");
        };
        let readers = reader.into();
        let around = true;
        assert_eq!(error, EncodeError::NoForm { readers, around }, "{text:?}");
        let at = text.lines().position(|line| line.ends_with("K=old"));
        assert_eq!(line, at.map(|at| at + 1));
        for (readers, on_misread) in [
            (&[reader][..], OnMisread::Allow),
            (&[Reader::Dotenvy], OnMisread::Refuse),
        ] {
            let set = with_readers(text, "new", readers, on_misread);
            assert_eq!(set.unwrap(), text.replace("old", "new"), "{readers:?}");
        }
    }
}

#[test]
fn a_quote_that_would_close_a_dangling_one_is_refused() {
    for (text, value, reason) in [
        ("D=`x\n", "a`b", Reason::UnclosedQuote),
        ("D='C:\\'\n", "a b", Reason::BackslashBeforeQuote),
        ("' a\n", "a b", Reason::UnclosedQuote),
    ] {
        let is_it = |set: Result<String, EditError>| match set.unwrap_err() {
            EditError::Uncertain {
                line, reason: r, ..
            } => (line, r) == (1, reason),
            _ => false,
        };
        let set = |text: &str, value, readers: &[Reader]| {
            with_readers(text, value, readers, OnMisread::Refuse)
        };
        assert!(is_it(set(text, value, &[])), "{text:?}");
        assert!(
            is_it(set(&format!("{text}K=old\n"), value, &[])),
            "{text:?}"
        );
        // A value without such a quote can be written, and any value before the dangling quote.
        assert_eq!(set(text, "new", &[]).unwrap(), format!("{text}K=new\n"));
        let before = set(&format!("K=old\n{text}"), value, &[]).unwrap();
        assert_eq!(before, format!("K='{value}'\n{text}"));
    }
    // A reader that does not know backticks is not affected.
    let set = with_readers("D=`x\n", "a`b", &[Reader::Compose], OnMisread::Refuse);
    assert_eq!(set.unwrap(), "D=`x\nK='a`b'\n");
}

fn restore(
    text: &str,
    name: &str,
    value: &str,
    earlier: Option<&str>,
    readers: &[Reader],
) -> String {
    let (name, value) = (EnvName::existing(name).unwrap(), SecretBytes::from(value));
    let earlier = earlier.map(|text| EnvFile::parse(SecretBytes::from(text)));
    let edits = [Edit::Restore {
        name: &name,
        value: &value,
        earlier: earlier.as_ref(),
    }];
    let readers = readers.iter().copied().collect();
    EnvFile::parse(SecretBytes::from(text))
        .with(&edits, &readers, OnMisread::Refuse)
        .map(|file| file.text().as_str().unwrap().to_owned())
        .unwrap()
}

/// Text and canonical value. `Edit::Set` would write most of them in another form, because some
/// reader follows a part of them.
const WRITTEN: &[(&str, &str)] = &[
    ("\"${APP_KEY}-jwt\"", "${APP_KEY}-jwt"),
    ("\"pa$$w0rd\"", "pa$$w0rd"),
    ("$$2y$$10$$abc", "$$2y$$10$$abc"),
    ("`back`", "back"),
    ("x`y`", "x`y`"),
    ("\"$(cat key)\"", "$(cat key)"),
    ("${A:-b}", "${A:-b}"),
    ("plain", "plain"),
    ("\"in double\"", "in double"),
    ("'it'\\''s'", "it's"),
];

#[test]
fn a_restored_value_gets_the_bytes_that_it_had() {
    for (raw, value) in WRITTEN {
        let file = format!("APP_KEY=1\nK={raw} # c\nB=2\n");
        // The file has it as it was.
        assert_eq!(restore(&file, "K", value, None, &[]), file);
        // The value changed.
        let drifted = file.replace(raw, "other");
        assert_eq!(restore(&drifted, "K", value, Some(&file), &[]), file);
        // The line is gone.
        let gone = restore("B=2\n", "K", value, Some(&file), &[]);
        assert_eq!(gone, format!("B=2\nK={raw}\n"));
        // A named reader misreads it now as it did then.
        let readers = [Reader::Bash, Reader::NpmDotenv];
        assert_eq!(restore(&file, "K", value, None, &readers), file);
        assert_eq!(restore(&drifted, "K", value, Some(&file), &readers), file);
    }
}

#[test]
fn another_value_does_not_get_the_old_bytes() {
    let earlier = "K=\"${A}-jwt\"\n";
    assert_eq!(restore("K=x\n", "K", "new", Some(earlier), &[]), "K=new\n");
    assert_eq!(
        restore("K=x\n", "K", "a b", Some(earlier), &[]),
        "K='a b'\n"
    );
}

#[test]
fn assignments_of_one_name_keep_their_values_if_the_last_one_is_right() {
    let text = "K=old\nA=1\nK=new\n";
    assert_eq!(restore(text, "K", "new", None, &[]), text);
    assert_eq!(
        restore(text, "K", "other", None, &[]),
        "K=other\nA=1\nK=other\n"
    );
}

#[test]
fn an_existing_assignment_is_replaced_whatever_its_name() {
    let set = |text: &str, name: &str| {
        let (name, value) = (EnvName::existing(name).unwrap(), SecretBytes::from("new"));
        let edit = [Edit::Set {
            name: &name,
            value: &value,
        }];
        EnvFile::parse(SecretBytes::from(text)).with(&edit, &Readers::NONE, OnMisread::Refuse)
    };
    for name in [
        "encryption.key",
        "spring.datasource.password",
        "my-key",
        "2FA",
        "a.b-c.1",
        ".x",
    ] {
        for (before, after) in [("old", "new"), ("'o ld'", "new"), ("", "new")] {
            let text = |value: &str| format!("A=1\n{name}={value}\n  export {name}={value}\n");
            let found = set(&text(before), name).unwrap();
            assert_eq!(found.text().as_str(), Some(text(after).as_str()), "{name}");
        }
        let refused = set("A=1\n", name).unwrap_err();
        assert_eq!(refused.code(), "env_name_not_creatable", "{name}");
    }
}
