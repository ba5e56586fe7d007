//! How each reader reads: small emulations, one file per family of readers.
//!
//! A model answers one question: given these bytes as the whole file, which variables does the
//! reader set, and to what? It need not be the reader's equal in every corner; it must be right
//! about the forms that this program writes, and err towards "wrong" elsewhere.
//!
//! Invariants: total (any bytes), linear, no environment. A value that depends on the environment,
//! or on the output of a command, is `None`: never equal to a wanted value.

mod go;
mod javascript;
mod lines;
mod php;
mod python;
mod ruby;
mod rust;
mod shell;
mod systemd;

use std::collections::HashMap;

use super::Reader;
use crate::secret::{SecretBuilder, SecretBytes};

/// What a reader makes of a file.
#[derive(Default)]
pub(super) struct Reading {
    vars: HashMap<Vec<u8>, Option<SecretBytes>>,
    /// A command would be run.
    pub(super) runs: bool,
}

impl Reading {
    /// Takes a variable up; a later one replaces an earlier one.
    fn set(&mut self, name: &[u8], value: Option<SecretBytes>) {
        self.vars.insert(name.to_vec(), value);
    }

    /// Takes a variable up unless it is there.
    fn set_first(&mut self, name: &[u8], value: Option<SecretBytes>) {
        self.vars.entry(name.to_vec()).or_insert(value);
    }

    /// The value of a variable: `None` if it is not set or depends on the environment.
    pub(super) fn get(&self, name: &[u8]) -> Option<&SecretBytes> {
        self.vars.get(name)?.as_ref()
    }

    /// The same, taken out.
    pub(super) fn take(&mut self, name: &[u8]) -> Option<SecretBytes> {
        self.vars.remove(name)?
    }

    /// Whether all variables but `except` are the same in both.
    pub(super) fn agrees(&self, other: &Reading, except: &[&[u8]]) -> bool {
        let one_way = |a: &Reading, b: &Reading| {
            a.vars
                .iter()
                .filter(|(name, _)| !except.contains(&name.as_slice()))
                .all(|(name, value)| b.vars.get(name) == Some(value))
        };
        one_way(self, other) && one_way(other, self)
    }
}

/// Reads a file as the reader would. `None`: it refuses the file.
pub(super) fn read(reader: Reader, file: &[u8]) -> Option<Reading> {
    use javascript::After;
    match reader {
        Reader::NpmDotenv => Some(javascript::dotenv(file, After::Nothing)),
        Reader::DotenvExpand => Some(javascript::dotenv(file, After::Expand)),
        Reader::Next => Some(javascript::dotenv(file, After::Next)),
        Reader::Dotenvx => Some(javascript::dotenv(file, After::Dotenvx)),
        Reader::Node => Some(javascript::node(file, After::Nothing)),
        Reader::Vite => Some(javascript::node(file, After::ExpandOld)),
        Reader::PythonDotenv | Reader::PydanticSettings | Reader::Environs => python::dotenv(file),
        Reader::DjangoEnviron => python::django_environ(file),
        Reader::PythonDecouple => python::decouple(file),
        Reader::Compose => go::compose(file),
        Reader::Godotenv => go::godotenv(file),
        Reader::Dotenvy => rust::dotenvy(file),
        Reader::Bash | Reader::Dash | Reader::Zsh => shell::source(file, reader),
        Reader::RubyDotenv => Some(ruby::dotenv(file)),
        Reader::Direnv => ruby::direnv(file),
        Reader::Docker => lines::docker(file),
        Reader::Systemd => systemd::environment_file(file),
        Reader::Phpdotenv => php::phpdotenv(file),
        Reader::SymfonyDotenv => php::symfony(file),
    }
}

/// A text with CRLF, and if asked for lone CR too, as LF.
fn line_feeds(text: &[u8], lone: bool) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let run = text[at..]
            .iter()
            .position(|b| *b == b'\r')
            .unwrap_or(text.len() - at);
        out.push(&text[at..at + run]);
        at += run;
        if at == text.len() {
            break;
        }
        let crlf = text.get(at + 1) == Some(&b'\n');
        out.push(if crlf || lone { b"\n" } else { b"\r" });
        at += if crlf { 2 } else { 1 };
    }
    out.finish()
}

/// A text with every occurrence of a two-byte pattern replaced, from left to right.
fn replace(text: &[u8], from: [u8; 2], to: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut at = 0;
    let mut done = 0;
    while at + 1 < text.len() {
        if text[at] == from[0] && text[at + 1] == from[1] {
            out.push(&text[done..at]);
            out.push(to);
            at += 2;
            done = at;
        } else {
            at += 1;
        }
    }
    out.push(&text[done..]);
    out.finish()
}

/// Whether a text is `(…)`, with something in it and no further parenthesis, and maybe more behind.
fn is_command(text: &[u8]) -> bool {
    let Some(inner) = text.strip_prefix(b"(") else {
        return false;
    };
    let end = inner.iter().position(|b| matches!(b, b'(' | b')'));
    end.is_some_and(|end| end > 0 && inner[end] == b')')
}

/// The next place of a byte.
fn find(byte: u8, text: &[u8], from: usize) -> Option<usize> {
    super::parse::memchr(byte, text.get(from..)?).map(|at| from + at)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn trim_end(mut text: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((last, rest)) = text.split_last() {
        if !drop(*last) {
            break;
        }
        text = rest;
    }
    text
}

fn trim_start(mut text: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((first, rest)) = text.split_first() {
        if !drop(*first) {
            break;
        }
        text = rest;
    }
    text
}

fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// The length of the white space character at an offset, 0 if there is none: what JavaScript's
/// `\s` knows; Python, Go and Rust differ in rare ones only.
fn space_at(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\t'..=b'\r' | b' ') => 1,
        Some(0xc2) if text.get(at + 1) == Some(&0xa0) => 2,
        Some(0xe1 | 0xe2 | 0xe3 | 0xef) => {
            let Some(bytes) = text.get(at..at + 3) else {
                return 0;
            };
            let space = matches!(
                bytes,
                [0xe1, 0x9a, 0x80]
                    | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf]
                    | [0xe2, 0x81, 0x9f]
                    | [0xe3, 0x80, 0x80]
                    | [0xef, 0xbb, 0xbf]
            );
            if space { 3 } else { 0 }
        }
        _ => 0,
    }
}

/// A text without white space of any kind around it.
fn trim_wide(text: &[u8]) -> &[u8] {
    let mut start = 0;
    loop {
        match space_at(text, start) {
            0 => break,
            n => start += n,
        }
    }
    let mut end = text.len();
    'back: while end > start {
        for n in [1, 2, 3] {
            if end - start >= n && space_at(text, end - n) == n {
                end -= n;
                continue 'back;
            }
        }
        break;
    }
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader makes of `K=<raw>`: `Some(None)` if it depends on something.
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
    fn what_all_agree_on() {
        for reader in Reader::ALL {
            reads(*reader, &[("v", "v"), ("a.b-c/d+e", "a.b-c/d+e"), ("", "")]);
            if *reader != Reader::Docker {
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
    fn npm_keeps_escapes_and_closes_where_a_line_can_end() {
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
    fn followers_of_npm_dotenv_expand() {
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
    fn python_unescapes_in_both_quotes() {
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
    fn go_readers_refuse_what_they_do_not_understand() {
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
    fn a_shell_does_more_than_assign() {
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
    fn line_readers_see_lines() {
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
    fn systemd_and_php() {
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
}
