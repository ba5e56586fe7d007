//! References between variables: which assignments refer to others, and what readers make of them.
//!
//! The models of the readers do not follow references; they only report that a value depends on
//! one. To learn which references a reader follows, all but one of them are replaced by words that
//! are literal to every reader. If the reader still reports a dependency, it follows the one that
//! is left. The references that it follows are then looked up in the file as that reader would.
//!
//! Limits: `$NAME`, `${NAME}` and, for the readers that know it, `${NAME:-default}` are resolved.
//! Everything else (`$(…)`, `${#NAME}`, `~`, `$1`) depends on the environment. A variable that the
//! environment sets too is taken from the file.

use super::bytes::QuoteStyle;
use super::document::{Assignment, EnvFile};
use super::encode::trial_reading;
use super::readers::{Reader, Readers};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// What the readers of a file make of one variable.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resolved {
    /// Each of them reads the canonical value.
    Literal,
    /// Each of them reads this value.
    Value(SecretBytes),
    /// They read different values, or refuse the line.
    Disagree,
    /// At least one of them reads a part from the environment or from a command.
    DependsOnEnvironment,
}

impl std::fmt::Debug for Resolved {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Literal => "Literal",
            Self::Value(_) => "Value([redacted])",
            Self::Disagree => "Disagree",
            Self::DependsOnEnvironment => "DependsOnEnvironment",
        })
    }
}

/// How deep references are followed.
const MAX_DEPTH: usize = 8;
/// How many references of one value are followed.
const MAX_REFERENCES: usize = 32;
/// How many assignments are resolved for one value, so that references to references stay cheap.
const MAX_STEPS: usize = 256;
/// The longest value, in bytes.
const MAX_LEN: usize = 1 << 20;

/// Readers that follow references to any variable of the file. The others follow only references
/// to variables above.
const ANY_ORDER: &[Reader] = &[
    Reader::DotenvExpand,
    Reader::Next,
    Reader::Vite,
    Reader::Make,
];

/// Readers that know `${NAME:-default}`.
const KNOW_DEFAULTS: &[Reader] = &[
    Reader::Bash,
    Reader::Dash,
    Reader::Zsh,
    Reader::Compose,
    Reader::PythonDotenv,
    Reader::PydanticSettings,
    Reader::Environs,
    Reader::DotenvExpand,
    Reader::Dotenvx,
    Reader::SymfonyDotenv,
];

/// `$NAME`, `${…}` or `$(NAME)` in the text of a value.
struct Reference {
    start: usize,
    end: usize,
    name: String,
    /// `$(NAME)`, which is a command to all readers but make.
    in_parentheses: bool,
    /// The text after `:-`.
    default: Option<Vec<u8>>,
}

impl Assignment {
    /// Returns the names that some readers would look up in this value, in their order. Commands
    /// and special parameters are not among them; [`has_reference`](Self::has_reference) counts
    /// those too.
    pub fn references(&self) -> Vec<String> {
        if !self.has_reference() {
            return Vec::new();
        }
        let mut names = Vec::new();
        for reference in find_references(self.raw()) {
            if !reference.in_parentheses && !names.contains(&reference.name) {
                names.push(reference.name);
            }
        }
        names
    }
}

impl EnvFile {
    /// Returns what the readers make of the last assignment of a variable when references are
    /// looked up in this file; `None` if there is no such assignment. Without named readers, the
    /// core readers are asked.
    pub fn resolved(&self, name: &str, readers: &Readers) -> Option<Resolved> {
        let index = self.index_of(name)?;
        let assignment = self.assignment(index)?;
        if assignment.quote_style() == QuoteStyle::Bare && !assignment.raw().contains(&b'$') {
            // The common case; a difference in quotes is not about references.
            if readers.is_empty() && assignment.value().is_some() && !assignment.has_reference() {
                return Some(Resolved::Literal);
            }
        }
        let asked = if readers.is_empty() {
            Readers::core()
        } else {
            *readers
        };
        let mut agreed: Option<SecretBytes> = None;
        let mut disagree = false;
        for reader in asked.iter() {
            match self.resolve_for(index, reader, 0, &mut { MAX_STEPS }) {
                Outcome::Value(value) => match &agreed {
                    None => agreed = Some(value),
                    Some(other) => disagree |= *other != value,
                },
                Outcome::Depends => return Some(Resolved::DependsOnEnvironment),
                // A reader that refuses the line for another reason reads nothing.
                Outcome::Refused => disagree |= !readers.is_empty(),
            }
        }
        Some(match agreed {
            _ if disagree => Resolved::Disagree,
            None => Resolved::Disagree,
            Some(value) if assignment.value_ref() == Some(&value) => Resolved::Literal,
            Some(value) => Resolved::Value(value),
        })
    }

    fn resolve_for(
        &self,
        index: usize,
        reader: Reader,
        depth: usize,
        steps: &mut usize,
    ) -> Outcome {
        if *steps == 0 {
            return Outcome::Depends;
        }
        *steps -= 1;
        let Some(assignment) = self.assignment(index).filter(|_| depth < MAX_DEPTH) else {
            return Outcome::Depends;
        };
        let raw = assignment.raw();
        let read = |raw: &[u8]| trial_reading(raw, reader, assignment.place());
        match read(raw) {
            None if assignment.has_reference() => return Outcome::Depends,
            None => return Outcome::Refused,
            Some((true, _)) => return Outcome::Depends,
            Some((false, Some(value))) => return Outcome::Value(value),
            Some((false, None)) => {}
        }
        let references = find_references(raw);
        if references.is_empty() || references.len() > MAX_REFERENCES {
            return Outcome::Depends;
        }
        // Which of them this reader follows.
        let others = |kept: Option<usize>| {
            let is_replaced = |index: usize| Some(index) != kept;
            replace_references(raw, &references, is_replaced)
        };
        let mut followed = Vec::with_capacity(references.len());
        for kept in 0..references.len() {
            match read(others(Some(kept)).expose()) {
                Some((false, value)) => followed.push(value.is_none()),
                _ => return Outcome::Depends,
            }
        }
        let text = replace_references(raw, &references, |index| followed[index]);
        let Some((false, Some(value))) = read(text.expose()) else {
            return Outcome::Depends;
        };
        // Put the values in the place of the words.
        let mut out = SecretBuilder::with_capacity(value.len() + 64);
        let mut rest = value.expose();
        for (number, reference) in references.iter().enumerate() {
            if !followed[number] {
                continue;
            }
            let word = placeholder(number);
            let Some(at) = find(rest, word.as_bytes()) else {
                return Outcome::Depends;
            };
            out.push(&rest[..at]);
            match self.look_up(index, reference, reader, depth, steps) {
                Some(value) if out.len() + value.len() <= MAX_LEN => out.push(value.expose()),
                _ => return Outcome::Depends,
            }
            rest = &rest[at + word.len()..];
        }
        out.push(rest);
        Outcome::Value(out.finish())
    }

    /// Returns the value of a reference in the assignment at `index`; `None` if it is not in the file.
    fn look_up(
        &self,
        index: usize,
        reference: &Reference,
        reader: Reader,
        depth: usize,
        steps: &mut usize,
    ) -> Option<SecretBytes> {
        if reference.default.is_some() && !KNOW_DEFAULTS.contains(&reader) {
            return None;
        }
        let is_visible = |at: usize| at < index || (ANY_ORDER.contains(&reader) && at > index);
        let mut places = self
            .assignments()
            .enumerate()
            .filter(|(at, one)| one.name() == reference.name && is_visible(*at))
            .map(|(at, _)| at);
        // dotenvy keeps the first assignment of a name.
        let place = match reader {
            Reader::Dotenvy => places.next(),
            _ => places.last(),
        };
        match self.resolve_for(place?, reader, depth + 1, steps) {
            Outcome::Value(value) if value.expose().is_empty() => match &reference.default {
                Some(default) => Some(SecretBytes::copy_of(default)),
                None => Some(value),
            },
            Outcome::Value(value) => Some(value),
            _ => None,
        }
    }
}

enum Outcome {
    Value(SecretBytes),
    Depends,
    Refused,
}

/// A word of letters that does not occur in a value by chance.
fn placeholder(number: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    format!("QQzx{}{}xzQQ", letter(number / 26), letter(number))
}

fn replace_references(
    raw: &[u8],
    references: &[Reference],
    is_replaced: impl Fn(usize) -> bool,
) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(raw.len() + 16 * references.len());
    let mut from = 0;
    for (index, reference) in references.iter().enumerate() {
        if is_replaced(index) {
            out.push(&raw[from..reference.start]);
            out.push(placeholder(index).as_bytes());
            from = reference.end;
        }
    }
    out.push(&raw[from..]);
    out.finish()
}

/// Returns everything that has the form of a reference, escaped or not.
fn find_references(raw: &[u8]) -> Vec<Reference> {
    let is_start = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let word_end = |from: usize| from + raw[from..].iter().take_while(|b| is_word(b)).count();
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&raw[range]).into_owned();
    let mut found = Vec::new();
    let mut at = 0;
    while at < raw.len() {
        if raw[at] != b'$' {
            at += 1;
            continue;
        }
        let start = at;
        let open = raw.get(at + 1).copied();
        let from = at + 1 + usize::from(matches!(open, Some(b'{' | b'(')));
        at += 1;
        if !raw.get(from).is_some_and(|byte| is_start(*byte)) {
            continue;
        }
        let name_end = word_end(from);
        let (close, default) = match open {
            Some(b'{') => {
                let Some(close) = raw[name_end..].iter().position(|b| *b == b'}') else {
                    continue;
                };
                let inner = &raw[name_end..name_end + close];
                let default = match inner.strip_prefix(b":-") {
                    Some(default) if !default.contains(&b'$') => Some(default.to_vec()),
                    None if inner.is_empty() => None,
                    _ => continue,
                };
                (name_end + close + 1, default)
            }
            // make's own form of a reference; a command to all others.
            Some(b'(') if raw.get(name_end) == Some(&b')') => (name_end + 1, None),
            Some(b'(') => continue,
            _ => (name_end, None),
        };
        let name = text(from..name_end);
        found.push(Reference {
            start,
            end: close,
            name,
            in_parentheses: open == Some(b'('),
            default,
        });
        at = close;
    }
    found
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, readers: &[Reader]) -> String {
        let file = EnvFile::parse(SecretBytes::from(text));
        let readers = readers.iter().copied().collect();
        match file.resolved("K", &readers).unwrap() {
            Resolved::Value(value) => format!("={}", value.as_str().unwrap()),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn references_are_looked_up_in_the_file_as_each_reader_does() {
        use Reader::*;
        for (text, readers, found) in [
            ("K=v\n", &[][..], "Literal"),
            ("K='$A'\n", &[Bash, NpmDotenv], "Literal"),
            ("A=x\nK=\"${A}-jwt\"\n", &[Bash], "=x-jwt"),
            (
                "A=x\nK=\"${A}-jwt\"\n",
                &[Bash, Compose, PythonDotenv, DotenvExpand],
                "=x-jwt",
            ),
            ("A=x\nK=\"${A}-jwt\"\n", &[NpmDotenv], "Literal"),
            ("A=x\nK=\"${A}-jwt\"\n", &[NpmDotenv, Bash], "Disagree"),
            ("A=x\nK=\"${A}-jwt\"\n", &[], "Disagree"),
            ("K=\"${A}-jwt\"\nA=x\n", &[Bash], "DependsOnEnvironment"),
            ("K=\"${A}-jwt\"\nA=x\n", &[DotenvExpand], "=x-jwt"),
            ("K=\"${HOME}/x\"\n", &[Bash], "DependsOnEnvironment"),
            ("K=$(id)\n", &[Bash], "DependsOnEnvironment"),
            ("K=\"pa$$w0rd\"\n", &[Compose], "=pa$w0rd"),
            ("A=1\nB=$A-2\nK=${B}-3\n", &[Bash], "=1-2-3"),
            ("A=1\nK=\\$A-$A\n", &[Bash], "=$A-1"),
            ("A=1\nA=2\nK=$A\n", &[Bash], "=2"),
            ("A=1\nA=2\nK=$A\n", &[Dotenvy], "=1"),
            ("A=\nK=${A:-d}\n", &[Bash, Compose], "=d"),
            ("A=e\nK=${A:-d}\n", &[Bash], "=e"),
            ("K=${A:-d}\n", &[Bash], "DependsOnEnvironment"),
            ("K=$K\n", &[Bash], "DependsOnEnvironment"),
            ("K=$B\nB=$K\n", &[DotenvExpand], "DependsOnEnvironment"),
            ("a=1\nK=\"$a\"\n", &[Godotenv], "Literal"),
            ("A=1\nK=$(A)x\n", &[Make], "=1x"),
            ("K=~/x\n", &[Bash], "DependsOnEnvironment"),
        ] {
            assert_eq!(resolved(text, readers), found, "{text:?} {readers:?}");
        }
        let file = EnvFile::parse(SecretBytes::from("A=1\n"));
        assert_eq!(file.resolved("K", &Readers::NONE), None);
    }

    #[test]
    fn the_names_referred_to_are_listed() {
        let references = |text: &str| {
            let file = EnvFile::parse(SecretBytes::from(text));
            file.get("K").unwrap().references()
        };
        assert_eq!(references("K=\"$A:${B}@${A}/${C:-x}\"\n"), ["A", "B", "C"]);
        assert!(references("K='$A'\n").is_empty());
        assert!(references("K=$(id)\n").is_empty());
    }

    #[test]
    fn references_to_references_stay_cheap() {
        // Each value refers to the one above it many times.
        let refer = |i: usize| format!("V{}=\"{}\"\n", i + 1, format!("$V{i}").repeat(30));
        let lines: String = (0..6).map(refer).collect();
        let text = format!("V0={}\n{lines}K=$V6\n", "x".repeat(10_000));
        assert_eq!(resolved(&text, &[Reader::Bash]), "DependsOnEnvironment");
        let text = format!("A={}\nK=$A$A$A\n", "x".repeat(400_000));
        assert_eq!(resolved(&text, &[Reader::Bash]), "DependsOnEnvironment");
    }
}
