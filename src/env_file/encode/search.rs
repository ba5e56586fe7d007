//! The form for named readers: tries every candidate on a model of each of them.
//!
//! Owns the list of candidates, and the [`Trial`]: a line between other assignments, which show
//! whether a reader reads beyond the line.

use super::general::{double, escaped, general, quoted, shell_single};
use super::{EncodeError, Place};
use crate::env_file::parse;
use crate::env_file::readers::{Reader, Readers, models};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// Returns the forms to try for named readers, those that most readers understand first.
fn candidates(value: &[u8], bare: bool) -> Vec<SecretBytes> {
    let has = |byte: u8| value.contains(&byte);
    let line_break = has(b'\n') || has(b'\r');
    let mut forms: Vec<SecretBytes> = general(value, bare).into_iter().collect();
    let mut add = |form: SecretBytes| {
        if !forms.contains(&form) {
            forms.push(form);
        }
    };
    if !has(b'\'') {
        add(quoted(value, b'\''));
    }
    for newlines in [false, true] {
        if newlines && !line_break {
            break;
        }
        for set in [
            &b""[..],
            b"\"",
            b"\\\"",
            b"\\\"$",
            b"\\\"$`",
            b"\"$",
            b"\"$`",
            b"\"`",
            b"\\\"`",
            b"$",
            b"\\",
        ] {
            // These come last: a shell runs an unescaped backtick, and most readers end the value at
            // an unescaped quote.
            if (has(b'`') && !set.contains(&b'`')) || (has(b'"') && !set.contains(&b'"')) {
                continue;
            }
            add(double(value, set, newlines));
        }
    }
    if has(b'\'') {
        add(escaped(value, b'\'', b"'", false));
        add(escaped(value, b'\'', b"\\'", false));
    }
    if !line_break {
        add(shell_single(value));
    }
    if !has(b'`') {
        add(quoted(value, b'`'));
        add(escaped(value, b'`', b"$", false));
    }
    if has(b'`') {
        for newlines in [false, true] {
            for set in [&b"\""[..], b"\\\"", b"\\\"$"] {
                add(double(value, set, newlines));
            }
        }
    }
    if has(b'`') || has(b'"') {
        for newlines in [false, true] {
            for set in [&b""[..], b"$", b"`", b"$`"] {
                add(double(value, set, newlines));
            }
        }
        add(escaped(value, b'`', b"`", false));
    }
    if !line_break && bare && !value.is_empty() {
        add(SecretBytes::copy_of(value));
        add(for_make(value));
    }
    forms
}

/// Returns the value as make reads it: `$$` for `$`, and a backslash before `#`.
fn for_make(value: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(value.len() + 16);
    let mut backslashes = 0;
    for byte in value {
        match byte {
            b'$' => out.push(b"$"),
            b'#' => {
                for _ in 0..=backslashes {
                    out.push(b"\\");
                }
            }
            _ => {}
        }
        backslashes = if *byte == b'\\' { backslashes + 1 } else { 0 };
        out.push(&[*byte]);
    }
    out.finish()
}

/// Readers that run commands in some forms and not in others, one of each kind.
const RUNNERS: &[Reader] = &[
    Reader::Bash,
    Reader::Dotenvx,
    Reader::RubyDotenv,
    Reader::SymfonyDotenv,
];

/// Returns the first form that all named readers read exactly and that harms none of them. Prefers
/// one in which no other reader runs a command, and whose end is certain.
pub(super) fn search(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
    bare: bool,
) -> Result<SecretBytes, EncodeError> {
    let mut best: Option<(u8, SecretBytes)> = None;
    let mut nearest: Option<Readers> = None;
    for form in candidates(value.expose(), bare) {
        let trial = Trial::new(form.expose(), place);
        let Some(sure) = trial.parses_back() else {
            continue;
        };
        let wrong: Readers = readers
            .iter()
            .filter(|reader| trial.verdict(*reader, value) != Verdict::Exact)
            .collect();
        if !wrong.is_empty() {
            if nearest.is_none_or(|known| wrong.len() < known.len()) {
                nearest = Some(wrong);
            }
            continue;
        }
        let runs = RUNNERS
            .iter()
            .any(|reader| trial.verdict(*reader, value) == Verdict::Runs);
        let rank = 2 * u8::from(runs) + u8::from(!sure);
        if rank == 0 {
            return Ok(form);
        }
        if best.as_ref().is_none_or(|(known, _)| rank < *known) {
            best = Some((rank, form));
        }
    }
    match best {
        Some((_, form)) => Ok(form),
        None => Err(EncodeError::NoForm {
            readers: nearest.unwrap_or(*readers),
            around: false,
        }),
    }
}

/// What a reader makes of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The exact bytes, and the neighbours as they were.
    Exact,
    /// Something else, without further harm.
    Wrong,
    /// The neighbours change, or a variable appears.
    Harm,
    /// The reader refuses the file.
    Refused,
    /// A command would be run.
    Runs,
}

/// A form between other assignments, which show whether a reader reads beyond it.
pub(super) struct Trial<'a> {
    pub(super) file: SecretBytes,
    plain: SecretBytes,
    place: Place<'a>,
}

const ABOVE: &[u8] = b"QQ_ABOVE_1=up\nQQ_ABOVE_2='up up'\nQQ_ABOVE_3=\"up up\"\n";
const BELOW: &[u8] = b"QQ_BELOW_1='down it goes'\nQQ_BELOW_2=\"down it goes\"\nQQ_BELOW_3=down\n";

impl<'a> Trial<'a> {
    pub(super) fn new(raw: &[u8], place: Place<'a>) -> Self {
        let mut file = SecretBuilder::with_capacity(ABOVE.len() + BELOW.len() + raw.len() + 128);
        for piece in [ABOVE, place.before, raw, place.after, b"\n", BELOW] {
            file.push(piece);
        }
        let mut plain = SecretBuilder::with_capacity(ABOVE.len() + BELOW.len());
        plain.push(ABOVE);
        plain.push(BELOW);
        Self {
            file: file.finish(),
            plain: plain.finish(),
            place,
        }
    }

    /// Returns `None` unless the parser reads the whole form, and nothing else, as the value;
    /// otherwise whether its end is certain.
    pub(super) fn parses_back(&self) -> Option<bool> {
        self.canonical_value().map(|value| value.is_some())
    }

    /// Returns the canonical value if the parser reads the whole form, and nothing else, as the
    /// value. The inner `None` means that its end is not certain.
    pub(super) fn canonical_value(&self) -> Option<Option<SecretBytes>> {
        let start = ABOVE.len() + self.place.before.len();
        let end = self.file.len() - BELOW.len() - 1 - self.place.after.len();
        let scan = parse::scan(self.file.expose());
        if scan.assignments.len() != 7 {
            return None;
        }
        let found = scan
            .assignments
            .into_iter()
            .find(|one| one.raw == (start..end))?;
        Some(found.value.filter(|_| found.ambiguity.is_none()))
    }

    pub(super) fn verdict(&self, reader: Reader, value: &SecretBytes) -> Verdict {
        let Some(found) = models::read(reader, self.file.expose()) else {
            return Verdict::Refused;
        };
        let usual = models::read(reader, self.plain.expose()).unwrap_or_default();
        if found.runs {
            return Verdict::Runs;
        }
        if !found.agrees(&usual, |name| name == self.place.name) {
            return Verdict::Harm;
        }
        if found.get(self.place.name) == Some(value) {
            Verdict::Exact
        } else {
            Verdict::Wrong
        }
    }
}
