use super::*;

/// Returns what a reader reads in `K=<raw>`: `None` if it refuses the file, `Some(None)` if the
/// value depends on something else.
fn one(reader: Reader, raw: &str) -> Option<Option<String>> {
    let file = format!("A=1\nK={raw}\nZ=2\n");
    let found = read(reader, file.as_bytes())?;
    assert!(found.runs || found.get(b"A").is_some(), "{reader} {raw:?}");
    let value = found.get(b"K").map(|v| v.as_str().unwrap().to_owned());
    Some(value)
}

fn reads(reader: Reader, cases: &[(&str, &str)]) {
    for (raw, value) in cases {
        let found = one(reader, raw).unwrap_or_else(|| panic!("{reader} refuses {raw:?}"));
        assert_eq!(found.as_deref(), Some(*value), "{reader} {raw:?}");
    }
}

fn refuses(reader: Reader, cases: &[&str]) {
    for raw in cases {
        assert_eq!(one(reader, raw), None, "{reader} {raw:?}");
    }
}

fn depends(reader: Reader, cases: &[&str]) {
    for raw in cases {
        assert_eq!(one(reader, raw), Some(None), "{reader} {raw:?}");
    }
}

#[test]
fn plain_and_quoted_values_are_the_same_for_all() {
    for reader in Reader::ALL {
        reads(*reader, &[("v", "v"), ("a.b-c/d+e", "a.b-c/d+e"), ("", "")]);
        if !matches!(reader, Reader::Docker | Reader::Make) {
            reads(
                *reader,
                &[
                    ("'a b'", "a b"),
                    ("\"a b\"", "a b"),
                    ("''", ""),
                    ("'a#b'", "a#b"),
                ],
            );
        }
    }
}

#[test]
fn npm_keeps_escapes_and_closes_a_quote_only_at_a_line_end() {
    reads(
        Reader::NpmDotenv,
        &[
            ("a#b", "a"),
            ("'a\\'b'", "a\\'b"),
            ("\"a\\\"b\"", "a\\\"b"),
            ("\"a\\nb\"", "a\nb"),
            ("'a\\nb'", "a\\nb"),
            ("`a'b\"c`", "a'b\"c"),
            ("'C:\\'", "C:\\"),
            ("'a'b'", "a'b"),
            ("\"a\r\nb\"", "a\nb"),
            ("\"a # b", "\"a"),
        ],
    );
}

#[test]
fn readers_built_on_npm_dotenv_expand_references() {
    for reader in [Reader::DotenvExpand, Reader::Next, Reader::Vite] {
        depends(reader, &["'$a'", "\"${a}\"", "$a"]);
        reads(reader, &[("'5$'", "5$"), ("\"\\$a\"", "$a")]);
    }
    reads(
        Reader::Dotenvx,
        &[("'$a'", "$a"), ("'it\\'s'", "it's"), ("\"\\$a\"", "$a")],
    );
    depends(Reader::Dotenvx, &["\"$a\"", "\"\\$(a)\""]);
    depends(Reader::DotenvExpand, &["'$(a)'"]);
}

#[test]
fn node_ends_at_the_next_quote() {
    reads(
        Reader::Node,
        &[
            ("'a'b'", "a"),
            ("\"a\\\"b\"", "a\\"),
            ("\"a\\nb\\r\"", "a\nb\\r"),
            ("`a\nb`", "a\nb"),
            ("a # b", "a"),
            ("'a' b # c", "a"),
        ],
    );
}

#[test]
fn python_unescapes_in_both_kinds_of_quotes() {
    reads(
        Reader::PythonDotenv,
        &[
            ("a#b", "a#b"),
            ("a #b", "a"),
            ("'a\\'b\\\\c\\n'", "a'b\\c\\n"),
            ("\"a\\tb\\$\"", "a\tb\\$"),
            ("$a", "$a"),
        ],
    );
    depends(Reader::PythonDotenv, &["'${a}'", "${a:-b}", "'a'b"]);
    reads(
        Reader::DjangoEnviron,
        &[("a#b", "a#b"), ("\"a\\b\\n\"", "ab\\n")],
    );
    depends(Reader::DjangoEnviron, &["$a"]);
    reads(
        Reader::PythonDecouple,
        &[("'a'b'", "a'b"), ("a # b", "a # b")],
    );
}

#[test]
fn go_readers_refuse_invalid_lines() {
    reads(
        Reader::Compose,
        &[
            ("'a\\'b'", "a'b"),
            ("\"a\\$b\\t\"", "a$b\t"),
            ("a$$b", "a$b"),
            ("a#b", "a#b"),
        ],
    );
    depends(Reader::Compose, &["$a", "\"${a}\""]);
    refuses(Reader::Compose, &["'C:\\'", "'a' b c", "\"a"]);
    reads(
        Reader::Godotenv,
        &[
            ("\"a\\$b\\x\"", "a$bx"),
            ("'$a'", "$a"),
            ("\"$(a)\"", "(a)"),
            ("a #b", "a"),
        ],
    );
    depends(Reader::Godotenv, &["$A", "\"${A}\""]);
    refuses(Reader::Godotenv, &["\"a\\\\\"", "\"a"]);
}

#[test]
fn dotenvy_knows_few_escapes() {
    reads(
        Reader::Dotenvy,
        &[
            ("\"a\\nb\\$c\\\\\"", "a\nb$c\\"),
            ("'it'\\''s'", "it's"),
            ("a#b", "a#b"),
            ("'a' # b", "a"),
            ("'\r'", "\r"),
        ],
    );
    refuses(Reader::Dotenvy, &["\"\\r\"", "a b", "it's", "'a\\'"]);
    depends(Reader::Dotenvy, &["$a", "\"$a\""]);
    let twice = read(Reader::Dotenvy, b"K=1\nK=2\n").unwrap();
    assert_eq!(twice.get(b"K").unwrap().expose(), b"1");
}

#[test]
fn shells_read_words_and_run_commands() {
    for shell in [Reader::Bash, Reader::Dash, Reader::Zsh] {
        reads(
            shell,
            &[
                ("'it'\\''s'", "it's"),
                ("\"\\$\\`\\\"\\\\\\n\"", "$`\"\\\\n"),
                ("a\\ b", "a b"),
                ("a#b", "a#b"),
                ("v # c", "v"),
                ("5$", "5$"),
            ],
        );
        depends(shell, &["$a", "\"${a}\"", "~"]);
        refuses(shell, &["it's", "\"a", "a(b", "`a"]);
        for raw in ["a b", "`a`", "\"$(a)\"", "a&b", "a|b"] {
            let file = format!("K={raw}\n");
            assert!(read(shell, file.as_bytes()).unwrap().runs, "{raw}");
        }
    }
    depends(Reader::Zsh, &["=a"]);
    let file = b"export A=1 B='2 3'; C=4\nexport D\n";
    let found = read(Reader::Bash, file).unwrap();
    assert!(!found.runs);
    assert_eq!(found.get(b"B").unwrap().expose(), b"2 3");
    assert_eq!(found.get(b"C").unwrap().expose(), b"4");
}

#[test]
fn line_readers_ignore_quotes_over_lines() {
    reads(
        Reader::RubyDotenv,
        &[("'a'b'", "a'b"), ("\"a\\nb\\'\\$c\"", "a\nb'$c")],
    );
    depends(Reader::RubyDotenv, &["\"$a\"", "$(a)"]);
    reads(Reader::Direnv, &[("'$a'", "$a"), ("5$", "5$")]);
    depends(Reader::Direnv, &["\"\\$a\""]);
    refuses(Reader::Direnv, &["'a\nb'"]);
    reads(Reader::Docker, &[("'a' # b", "'a' # b"), (" a ", " a ")]);
    let found = read(Reader::RubyDotenv, b"K='a\nB=1\n'\n").unwrap();
    assert_eq!(found.get(b"B").unwrap().expose(), b"1");
}

#[test]
fn systemd_and_php_read_their_own_escapes() {
    reads(
        Reader::Systemd,
        &[
            ("'a' 'b'", "ab"),
            ("a # b", "a # b"),
            ("\"\\$\\n\"", "$\\n"),
            ("a\\ b", "a b"),
        ],
    );
    reads(
        Reader::Phpdotenv,
        &[
            ("\"a\\n\\$b\"", "a\n$b"),
            ("'a\\n'", "a\\n"),
            ("\"a\nb\"", "a\nb"),
        ],
    );
    depends(Reader::Phpdotenv, &["\"${a}\""]);
    refuses(Reader::Phpdotenv, &["'a\nb'", "\"\\q\"", "a b"]);
    reads(
        Reader::SymfonyDotenv,
        &[
            ("'it'\"'\"'s'", "it's"),
            ("\"a\\n\\$b\"", "a\n$b"),
            ("'a\nb'", "a\nb"),
        ],
    );
    depends(Reader::SymfonyDotenv, &["\"$a\"", "$(a)"]);
    refuses(Reader::SymfonyDotenv, &["a b", " a"]);
}
