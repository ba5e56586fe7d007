//! Searches for lines through all files below a directory: `grep -r`, and agents' own search tools.
//!
//! A search through a whole project is harmless in itself. It is an effect on an env file only if it
//! comes to the file *and* shows a line of it, so the pattern is tried on the file's text.
//!
//! Invariants: a pattern may hold a value. It is wiped when it is dropped, is in no `Debug` output, and
//! never goes on into a decision.
//!
//! Limits: a pattern that the crate `regex` does not understand (look-around, back references) shows
//! nothing. The copy that `regex` makes of a pattern is not wiped.

use std::fmt;
use std::path::Path;

use regex::bytes::RegexBuilder;
use zeroize::Zeroizing;

use super::glob::glob;

/// A search for lines below a directory.
#[derive(Clone, PartialEq, Eq)]
pub struct Search {
    pattern: Zeroizing<String>,
    /// The lines that do not fit are shown.
    inverted: bool,
    ignores_case: bool,
    /// Names of files, one of which must fit, if there are any.
    include: Vec<String>,
    /// Names of files and directories that are passed over.
    exclude: Vec<String>,
}

/// How a pattern is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// As it stands.
    Fixed,
    /// `+ ? { } | ( )` have a meaning behind a backslash.
    Basic,
    /// They have it without one.
    Extended,
}

/// What part of a line has to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Anywhere,
    Word,
    Line,
}

/// A compiled pattern of an agent's must not take more memory than this.
const MAX_PATTERN: usize = 1 << 20;

impl Search {
    /// A search for a pattern; each of its lines is one.
    pub(super) fn new(pattern: &str, syntax: Syntax, extent: Extent) -> Self {
        let lines = pattern.split('\n').map(|line| {
            let line = Zeroizing::new(match syntax {
                Syntax::Fixed => regex::escape(line),
                Syntax::Basic => extended(line),
                Syntax::Extended => line.to_owned(),
            });
            match extent {
                Extent::Anywhere => format!("(?:{})", *line),
                Extent::Word => format!(r"\b(?:{})\b", *line),
                Extent::Line => format!("^(?:{})$", *line),
            }
        });
        let lines = Zeroizing::new(lines.collect::<Vec<_>>());
        Self {
            pattern: Zeroizing::new(lines.join("|")),
            inverted: false,
            ignores_case: false,
            include: Vec::new(),
            exclude: Vec::new(),
        }
    }

    pub(super) fn inverted(mut self, inverted: bool) -> Self {
        self.inverted = inverted;
        self
    }

    pub(super) fn ignoring_case(mut self, ignores_case: bool) -> Self {
        self.ignores_case = ignores_case;
        self
    }

    pub(super) fn among(mut self, include: Vec<String>, exclude: Vec<String>) -> Self {
        self.include = include;
        self.exclude = exclude;
        self
    }

    /// Whether a search below a directory comes to a file.
    pub(super) fn reaches(&self, dir: &Path, file: &Path) -> bool {
        let Ok(below) = file.strip_prefix(dir) else {
            return false;
        };
        let fits = |patterns: &[String], name: &str| {
            let mut patterns = patterns.iter();
            patterns.any(|pattern| glob(pattern.as_bytes(), name.as_bytes()))
        };
        let mut names = below.iter().filter_map(|name| name.to_str());
        let Some(last) = names.next_back() else {
            return false;
        };
        (self.include.is_empty() || fits(&self.include, last))
            && !fits(&self.exclude, last)
            && !names.any(|name| fits(&self.exclude, name))
    }

    /// Whether a line of a file would be shown.
    pub fn shows(&self, text: &[u8]) -> bool {
        let pattern = RegexBuilder::new(&self.pattern)
            // The tables of Unicode are left out of this program.
            .unicode(false)
            .multi_line(true)
            .crlf(true)
            .case_insensitive(self.ignores_case)
            .size_limit(MAX_PATTERN)
            .build();
        pattern.is_ok_and(|pattern| {
            let mut lines = text.split(|&byte| byte == b'\n');
            lines.any(|line| !line.is_empty() && pattern.is_match(line) != self.inverted)
        })
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search([redacted])")
    }
}

/// A basic expression of POSIX in the other syntax.
fn extended(basic: &str) -> String {
    let mut extended = String::with_capacity(basic.len() + 8);
    let mut chars = basic.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(c @ ('+' | '?' | '{' | '}' | '|' | '(' | ')')) => extended.push(c),
                Some('<' | '>') => extended.push_str(r"\b"),
                Some(c) => extended.extend(['\\', c]),
                None => extended.push_str(r"\\"),
            },
            '+' | '?' | '{' | '}' | '|' | '(' | ')' => extended.extend(['\\', c]),
            '[' => {
                extended.push('[');
                // A bracket that comes first stands for itself.
                if chars.peek() == Some(&'^') {
                    extended.extend(chars.next());
                }
                if chars.peek() == Some(&']') {
                    chars.next();
                    extended.push_str(r"\]");
                }
                for c in chars.by_ref() {
                    extended.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            c => extended.push(c),
        }
    }
    extended
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"# mine\nSTRIPE_KEY=canary+1\n\nPORT=3000\n";

    fn shows(pattern: &str, syntax: Syntax) -> bool {
        Search::new(pattern, syntax, Extent::Anywhere).shows(TEXT)
    }

    #[test]
    fn a_pattern_fits_as_in_its_own_syntax() {
        for (pattern, fixed, basic, extended) in [
            ("STRIPE", true, true, true),
            ("TODO", false, false, false),
            ("y+1", true, true, false),
            (r"y\+1", false, false, true),
            (r"ar\+y\|PO\(R\)T", false, true, false),
            ("(STRIPE|OTHER)_KEY", false, false, true),
            ("^PORT=[0-9]*$", false, true, true),
            ("TODO\nPORT", true, true, true),
            (r"\<PORT\>", false, true, true),
            ("[]P]ORT", false, true, true),
            ("(?=look)", false, false, false),
        ] {
            assert_eq!(shows(pattern, Syntax::Fixed), fixed, "{pattern}");
            assert_eq!(shows(pattern, Syntax::Basic), basic, "{pattern}");
            if pattern != r"\<PORT\>" {
                assert_eq!(shows(pattern, Syntax::Extended), extended, "{pattern}");
            }
        }
    }

    #[test]
    fn options_of_a_search_count() {
        let search = |pattern: &str, extent| Search::new(pattern, Syntax::Basic, extent);
        assert!(!search("stripe", Extent::Anywhere).shows(TEXT));
        assert!(
            search("stripe", Extent::Anywhere)
                .ignoring_case(true)
                .shows(TEXT)
        );
        assert!(!search("ORT", Extent::Word).shows(TEXT));
        assert!(search("PORT", Extent::Word).shows(TEXT));
        assert!(!search("PORT", Extent::Line).shows(TEXT));
        assert!(search("PORT=3000", Extent::Line).shows(TEXT));
        assert!(search("PORT", Extent::Anywhere).inverted(true).shows(TEXT));
        assert!(!search("", Extent::Anywhere).inverted(true).shows(TEXT));
    }

    #[test]
    fn a_search_comes_to_what_its_names_let_through() {
        let reaches = |dir: &str, include: &[&str], exclude: &[&str]| {
            let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            let search = Search::new("x", Syntax::Basic, Extent::Anywhere);
            let search = search.among(texts(include), texts(exclude));
            search.reaches(Path::new(dir), Path::new("/p/sub/.env"))
        };
        assert!(reaches("/p", &[], &[]));
        assert!(reaches("/p/sub", &[".env*"], &["node_modules"]));
        assert!(!reaches("/q", &[], &[]));
        assert!(!reaches("/p/sub/.env", &[], &[]));
        assert!(!reaches("/p", &["*.rs"], &[]));
        assert!(!reaches("/p", &[], &[".env"]));
        assert!(!reaches("/p", &[], &["sub"]));
    }

    #[test]
    fn no_debug_output_holds_a_pattern() {
        let search = Search::new("canary-1", Syntax::Fixed, Extent::Anywhere);
        assert!(!format!("{search:?}").contains("canary"));
    }
}
