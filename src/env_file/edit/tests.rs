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
