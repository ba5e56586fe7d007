use super::*;
use crate::env_file::ProblemKind;

fn parse(text: &[u8]) -> EnvFile {
    EnvFile::parse(SecretBytes::copy_of(text))
}

/// Name, canonical value (`None`: ambiguous) of each live assignment.
fn read(text: &[u8]) -> Vec<(String, Option<String>)> {
    parse(text)
        .assignments()
        .map(|a| {
            let value = a
                .value()
                .map(|v| String::from_utf8_lossy(v.expose()).into_owned());
            (a.name().to_owned(), value)
        })
        .collect()
}

fn one(text: &str) -> Option<String> {
    let all = read(text.as_bytes());
    assert_eq!(all.len(), 1, "{text:?}");
    all[0].1.clone()
}

fn kinds(text: &[u8]) -> Vec<(usize, ProblemKind)> {
    parse(text)
        .problems()
        .iter()
        .map(|p| (p.line, p.kind))
        .collect()
}

#[test]
fn values_are_read_as_most_readers_do() {
    for (text, value) in [
        ("K=v", "v"),
        ("K=", ""),
        ("K=  ", ""),
        ("K= # note", ""),
        ("K=#note", "#note"),
        ("K=a#b", "a#b"),
        ("K=a #b", "a"),
        ("K=a\t#b", "a"),
        ("K=a b  \t", "a b"),
        ("  export \t K \t=\t v", "v"),
        ("export=v", "v"),
        ("K='a # b' # c", "a # b"),
        ("K='a\\nb'", "a\\nb"),
        ("K='C:\\dir\\'", "C:\\dir\\"),
        ("K=\"a\\nb\\r\\\"\\\\\\$\\`\\q\"", "a\nb\r\"\\$`\\q"),
        ("K=\"a\nb\" # c\n", "a\nb"),
        ("K=`it's \"x\"`", "it's \"x\""),
        ("K='it'\\''s'", "it's"),
        ("K='a'b\"c\"\\ d", "abc d"),
        ("K=it's", "it's"),
        ("K=\"a\"# c", "a"),
        ("K=v\r\n", "v"),
        ("K=v\r", "v"),
        ("\u{feff}K=v", "v"),
        ("K=$X", "$X"),
    ] {
        assert_eq!(one(text).as_deref(), Some(value), "{text:?}");
    }
}

#[test]
fn a_comment_is_not_live() {
    assert!(read(b"#K=v\n  # K=v\n").is_empty());
}

#[test]
fn lines_inside_quotes_are_not_assignments() {
    for quote in ["'", "\"", "`"] {
        let text = format!("A={quote}x\nB=1\n{quote} # c\nC=2\n");
        let names: Vec<_> = read(text.as_bytes()).into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["A", "C"], "{quote}");
    }
}

#[test]
fn ambiguous_assignments_have_no_value_and_a_reason() {
    for (text, reason) in [
        ("K=\"v", Reason::UnclosedQuote),
        ("K='v", Reason::UnclosedQuote),
        ("K=\"v\nB=\"w\"", Reason::UnclosedQuote),
        ("K='v' w", Reason::TextAfterQuote),
        ("K=1 B=2", Reason::TwoAssignments),
        ("K='1' B=2", Reason::TwoAssignments),
        ("K=1; export K", Reason::TwoAssignments),
        ("K=a\rB=c", Reason::LoneCr),
        ("K=a\0b", Reason::Nul),
        ("K='a\\'\nB='c'", Reason::BackslashBeforeQuote),
        ("K=a\\\nrest of it", Reason::Continued),
        ("K=$(cat <<EOF\nrest of it\nEOF\n)", Reason::Continued),
        ("K=(\n one\n two\n)", Reason::Continued),
        ("K=x`cat\nrest of it`", Reason::Continued),
    ] {
        let file = parse(text.as_bytes());
        let first = file.assignments().next().unwrap();
        assert_eq!(first.ambiguity(), Some(reason), "{text:?}");
        assert_eq!(first.value(), None, "{text:?}");
    }
}

#[test]
fn problems_name_the_line_and_the_kind() {
    assert_eq!(
        kinds(b"[a]\nNAME\nN: x\nA=it's\nB=x\\\nC='\n"),
        [
            (1, ProblemKind::Garbage),
            (2, ProblemKind::NoEquals),
            (3, ProblemKind::ColonForm),
            (4, ProblemKind::QuoteInBareValue),
            (5, ProblemKind::BackslashAtLineEnd),
            (6, ProblemKind::UnclosedQuote),
        ]
    );
    assert_eq!(
        kinds(b"\xef\xbb\xbfA=1\n"),
        [(1, ProblemKind::BomHidesName)]
    );
    assert_eq!(kinds(b"\xef\xbb\xbf#\nA=1\n"), [(1, ProblemKind::Bom)]);
    assert_eq!(kinds(b"\xff\xfeA\0"), [(1, ProblemKind::Utf16)]);
    assert_eq!(
        kinds(b"A=1\n#\0\n#\r#\n#\xff\n"),
        [
            (2, ProblemKind::Nul),
            (3, ProblemKind::LoneCr),
            (4, ProblemKind::InvalidUtf8)
        ]
    );
    assert_eq!(kinds(b"A=1\r\nB='x'\r\n\r\n# c\r\n"), []);
}

#[test]
fn duplicates_are_listed_with_their_lines() {
    let file = parse(b"A=1\nB=2\n#A=3\nexport A='4\n5'\nA=6\n");
    assert_eq!(
        file.duplicates(),
        [Duplicate {
            name: "A",
            lines: vec![1, 4, 6]
        }]
    );
    assert_eq!(file.get("A").unwrap().line(), 6);
}

#[test]
fn the_last_line_of_unquoted_base64_is_not_an_assignment() {
    let file =
        parse(b"K=-----BEGIN-----\nMIIEvQIBADANBgkqhkiG9w0B\nCanaryOfBase64==\n-----END-----\n");
    let names: Vec<_> = file.assignments().map(Assignment::name).collect();
    assert_eq!(names, ["K"]);
}

#[test]
fn debug_shows_neither_names_nor_values() {
    let file = parse(b"CANARY=canary\n");
    let shown = format!("{file:?} {:?}", file.get("CANARY"));
    assert!(!shown.to_lowercase().contains("canary"), "{shown}");
}

#[test]
fn references_are_found_where_readers_follow_them() {
    for (text, has) in [
        ("K=$A", true),
        ("K=\"x${A}\"", true),
        ("K=`x`", true),
        ("K=x`y`", true),
        ("K=\"\\$A\"", false),
        ("K='$A'", false),
        ("K=5$", false),
    ] {
        let file = parse(text.as_bytes());
        assert_eq!(file.get("K").unwrap().has_reference(), has, "{text}");
    }
}
