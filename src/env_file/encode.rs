//! From a value to the text behind `NAME=`.
//!
//! Two ways. Without named readers, [`general`] picks one form by a short fixed procedure that was
//! fitted to measurements with the real readers. With named readers, every candidate form is put
//! to a model of each of them, and the first that all read exactly is taken.
//!
//! Invariants: deterministic; the general form reads back as the value by the canonical reading of
//! this module, and none of the core readers runs anything in it. A form for named readers is one
//! that no core reader would run, if there is such a form.
//!
//! Limits: NUL cannot be in an environment variable, and bytes that are not UTF-8 make half of the
//! readers refuse the whole file; both are refused. So is, unless readers are named, the rare text
//! for which every form is run by some core reader (a line end and a `$(` in an unlucky place:
//! dotenvx runs it between double quotes even behind a backslash, Ruby's 2.x line by line). `dotenv-expand` 1000 runs `$(…)` in whatever
//! form; it is never satisfied with such a value.

use super::models;
use super::parse;
use super::reader::{Reader, Readers};
use crate::secret::{SecretBuilder, SecretBytes};

/// What separates words in an env file.
pub(super) const BLANK: &[u8] = b" \t";

/// A value in the form in which it is written.
#[derive(Clone, Debug)]
pub struct Encoded {
    text: SecretBytes,
    misreaders: Readers,
}

impl Encoded {
    /// The text behind `NAME=`, without a line ending.
    pub fn text(&self) -> &SecretBytes {
        &self.text
    }

    /// The readers, of all that are modelled, that would not read the value from it.
    pub fn misreaders(&self) -> Readers {
        self.misreaders
    }
}

/// Why a value has no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// No environment variable can hold a NUL byte.
    Nul,
    /// Many readers refuse a file that is not UTF-8.
    NotUtf8,
    /// In every form some reader would run a part of the value as a command.
    WouldRun,
    /// Each form is misread by at least one of the readers that were named. Listed are those that
    /// misread the form that most of them read.
    NoForm {
        /// The readers that stand in the way.
        readers: Readers,
    },
}

impl EncodeError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nul => "value_has_nul",
            Self::NotUtf8 => "value_not_utf8",
            Self::WouldRun => "value_would_run",
            Self::NoForm { .. } => "value_would_be_misread",
        }
    }
}

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nul => f.write_str("the value holds a NUL byte, which no env file can carry"),
            Self::NotUtf8 => {
                f.write_str("the value is not UTF-8, and many readers refuse a file that is not")
            }
            Self::WouldRun => f.write_str(
                "there is no way to write this value that keeps every reader from running a part \
                 of it as a command; name the readers of the project",
            ),
            Self::NoForm { readers } => write!(
                f,
                "there is no way to write this value that all readers of this project read \
                 rightly; it would be misread by {readers}"
            ),
        }
    }
}

impl std::error::Error for EncodeError {}

/// Writes a value for the named readers, or, if none is named, for as many as possible.
///
/// # Errors
/// If the value holds NUL or is not UTF-8, or if readers are named and no form suits them all.
pub fn encode(value: &SecretBytes, readers: &Readers) -> Result<Encoded, EncodeError> {
    encode_at(value, readers, Place::ALONE)
}

/// The form for as many readers as possible, whoever may be named.
///
/// # Errors
/// If the value holds NUL or is not UTF-8.
pub fn encode_for_most(value: &SecretBytes) -> Result<Encoded, EncodeError> {
    encode_at(value, &Readers::NONE, Place::ALONE)
}

/// The readers of the set that would not read the value from the text behind `NAME=`.
pub fn misreaders(raw: &[u8], value: &SecretBytes, readers: &Readers) -> Vec<Reader> {
    misreaders_at(raw, value, readers, Place::ALONE)
        .iter()
        .collect()
}

/// What stands around a value on its line.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) name: &'a [u8],
    /// From the start of the line to the value.
    pub(super) before: &'a [u8],
    /// From the value to the end of the line.
    pub(super) behind: &'a [u8],
}

impl Place<'_> {
    /// A line with nothing special about it.
    pub(super) const ALONE: Place<'static> = Place {
        name: b"NAME",
        before: b"NAME=",
        behind: b"",
    };
}

pub(super) fn misreaders_at(
    raw: &[u8],
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Readers {
    let trial = Trial::new(raw, place);
    readers
        .iter()
        .filter(|reader| trial.by(*reader, value) != Verdict::Exact)
        .collect()
}

pub(super) fn encode_at(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Result<Encoded, EncodeError> {
    let text = form_at(value, readers, place)?;
    let misreaders = misreaders_at(text.expose(), value, &Readers::all(), place);
    Ok(Encoded { text, misreaders })
}

/// The form alone.
pub(super) fn form_at(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Result<SecretBytes, EncodeError> {
    check(value)?;
    // Behind a closing quote a `#` begins a comment at once; behind a bare value it would not.
    let bare = place.behind.first().is_none_or(|b| BLANK.contains(b));
    if readers.is_empty() {
        general(value.expose(), bare).ok_or(EncodeError::WouldRun)
    } else {
        search(value, readers, place, bare)
    }
}

/// What each reader of the set reads on this line, if they all read the same.
pub(super) fn value_at(raw: &[u8], readers: &Readers, place: Place<'_>) -> Option<SecretBytes> {
    let trial = Trial::new(raw, place);
    let mut agreed: Option<SecretBytes> = None;
    for reader in readers.iter() {
        let mut found = models::read(reader, trial.file.expose())?;
        let value = found.take(place.name)?;
        match &agreed {
            None => agreed = Some(value),
            Some(other) if *other == value => {}
            Some(_) => return None,
        }
    }
    agreed
}

fn check(value: &SecretBytes) -> Result<(), EncodeError> {
    if value.expose().contains(&0) {
        return Err(EncodeError::Nul);
    }
    if value.as_str().is_none() {
        return Err(EncodeError::NotUtf8);
    }
    Ok(())
}

/// The form that most readers read, and in which none of the core readers runs anything; `None`
/// if there is no such form.
///
/// 1. Only harmless characters: bare.
/// 2. A `$(`: see [`around_a_command`].
/// 3. A CR: double quotes, with `\r` and `\n`. (A CR as it stands becomes LF in npm, Python, Go.)
/// 4. An LF and nothing special: double quotes with `\n`. (Lines of their own confuse readers
///    that go line by line, and tools that edit by line.)
/// 5. No `'`: single quotes, as it stands. Not if it ends in an odd number of backslashes, which
///    makes some readers run on into the next line; nor if one of its lines looks like an
///    assignment, which readers that go line by line would perform.
/// 6. A `'` but nothing special to double quotes: those, as it stands.
/// 7. Each `'` behind a backslash, and nothing else that is special to a shell: bare. (Shells and
///    dotenvy drop the backslash; npm and node, which keep both of `\\`, read it as it is.)
/// 8. Else double quotes with escapes: as few as can be, because npm and node know none of them;
///    but a backtick is always escaped, because a shell would run it.
fn general(value: &[u8], bare: bool) -> Option<SecretBytes> {
    let has = |bytes: &[u8]| value.iter().any(|b| bytes.contains(b));
    let with_backtick = |set: &'static [u8], more: &'static [u8]| {
        if has(b"`") { more } else { set }
    };
    if bare && is_bare(value) {
        return Some(SecretBytes::copy_of(value));
    }
    if has_command(value) {
        return around_a_command(value);
    }
    if has(b"\r") {
        let set = if has(b"$\\`") {
            with_backtick(b"\\\"$", b"\\\"$`")
        } else {
            b"\""
        };
        return Some(double(value, set, true));
    }
    if has(b"\n") && !has(b"\"`$\\") {
        return Some(double(value, b"", true));
    }
    if !has(b"'") && !ends_in_odd_backslash(value) && !has_assignment_line(value) {
        return Some(quoted(value, b'\''));
    }
    if !has(b"\"`$\\\n") {
        return Some(double(value, b"", false));
    }
    if bare && is_bare_behind_backslashes(value) {
        return Some(SecretBytes::copy_of(value));
    }
    let set = if has(b"$") {
        with_backtick(b"\\\"$", b"\\\"$`")
    } else {
        with_backtick(b"\\\"", b"\\\"`")
    };
    Some(double(value, set, true))
}

/// dotenvx runs `$(…)` between double quotes even behind a backslash, so such a value goes into
/// single quotes; with an apostrophe or a backslash at its end, in the way of a shell.
///
/// Over several lines only the plain single quotes will do, because pieces that span lines cannot
/// be told from separate assignments; and Ruby reads the first line by itself, as a bare value in
/// which it runs commands.
fn around_a_command(value: &[u8]) -> Option<SecretBytes> {
    let whole = !value.contains(&b'\'') && !ends_in_odd_backslash(value);
    let breaks = |b: &u8| matches!(b, b'\n' | b'\r');
    let first = value.split(breaks).next().unwrap_or(value);
    if first.len() == value.len() {
        return Some(if whole {
            quoted(value, b'\'')
        } else {
            shell_single(value)
        });
    }
    let harmless = !first.windows(2).any(|pair| pair == b"$(");
    (whole && harmless && !has_assignment_line(value)).then(|| quoted(value, b'\''))
}

/// `$(` with a `)` somewhere behind it.
fn has_command(value: &[u8]) -> bool {
    let open = value.windows(2).position(|pair| pair == b"$(");
    open.is_some_and(|open| value[open..].contains(&b')'))
}

/// Characters that mean nothing to any reader, wherever they stand. `=` in front would be an
/// expansion in zsh.
fn is_bare(value: &[u8]) -> bool {
    match value.split_first() {
        Some((first, rest)) => {
            is_harmless(*first) && rest.iter().all(|b| is_harmless(*b) || *b == b'=')
        }
        None => false,
    }
}

fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_./:@%+,!*?^[]{}-".contains(&byte)
}

/// Harmless characters, and apostrophes that each have a backslash of their own before them: a
/// shell that reads it as it stands opens no quote and joins no line.
fn is_bare_behind_backslashes(value: &[u8]) -> bool {
    let mut escaped = false;
    for byte in value {
        match byte {
            b'\\' => escaped = !escaped,
            b'\'' if escaped => escaped = false,
            byte if is_harmless(*byte) => escaped = false,
            _ => return false,
        }
    }
    !escaped
}

fn ends_in_odd_backslash(value: &[u8]) -> bool {
    value.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

/// Whether a line behind the first would be an assignment if it stood alone.
fn has_assignment_line(value: &[u8]) -> bool {
    let breaks = |b: &u8| matches!(b, b'\n' | b'\r');
    value.split(breaks).skip(1).any(|line| {
        let line = line.trim_ascii_start();
        let line = line
            .strip_prefix(b"export")
            .filter(|rest| rest.first().is_some_and(|b| BLANK.contains(b)))
            .map_or(line, <[u8]>::trim_ascii_start);
        let name = line
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
            .count();
        name > 0 && matches!(line[name..].trim_ascii_start().first(), Some(b'=' | b':'))
    })
}

fn quoted(value: &[u8], quote: u8) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(value.len() + 2);
    out.push(&[quote]);
    out.push(value);
    out.push(&[quote]);
    out.finish()
}

/// Between double quotes, with a backslash before each byte of `escape`, and, if asked for, LF and
/// CR as `\n` and `\r`.
fn double(value: &[u8], escape: &[u8], newlines: bool) -> SecretBytes {
    escaped(value, b'"', escape, newlines)
}

fn escaped(value: &[u8], quote: u8, escape: &[u8], newlines: bool) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(value.len() + value.len() / 8 + 16);
    out.push(&[quote]);
    let mut from = 0;
    for (at, byte) in value.iter().enumerate() {
        let instead: &[u8] = match byte {
            b'\n' if newlines => b"\\n",
            b'\r' if newlines => b"\\r",
            byte if escape.contains(byte) => &[b'\\', *byte],
            _ => continue,
        };
        out.push(&value[from..at]);
        out.push(instead);
        from = at + 1;
    }
    out.push(&value[from..]);
    out.push(&[quote]);
    out.finish()
}

/// `'it'\''s'`, the way of a shell to put an apostrophe into single quotes. Backslashes at the end
/// stand outside of them, where they cannot be taken for an escape of the quote.
fn shell_single(value: &[u8]) -> SecretBytes {
    let tail = value.iter().rev().take_while(|b| **b == b'\\').count();
    let (body, tail) = value.split_at(value.len() - tail);
    let mut out = SecretBuilder::with_capacity(value.len() + 16);
    out.push(b"'");
    for (i, piece) in body.split(|b| *b == b'\'').enumerate() {
        if i > 0 {
            out.push(b"'\\''");
        }
        out.push(piece);
    }
    out.push(b"'");
    for _ in tail {
        out.push(b"\\\\");
    }
    out.finish()
}

/// The forms to try for named readers, those first that the most readers understand.
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
            // These come last: a shell would run the one, and most readers would take the other
            // for the end.
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
    }
    forms
}

/// Readers that run commands, one of each kind, as far as there are forms that keep them from it.
const RUNNERS: &[Reader] = &[
    Reader::Bash,
    Reader::Dotenvx,
    Reader::RubyDotenv,
    Reader::SymfonyDotenv,
];

/// The first form that all named readers read exactly and that harms none of them; rather one
/// in which nobody else would run a command either, and that can be edited again by anybody.
fn search(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
    bare: bool,
) -> Result<SecretBytes, EncodeError> {
    let mut best: Option<(u8, SecretBytes)> = None;
    let mut nearest: Option<Readers> = None;
    for form in candidates(value.expose(), bare) {
        let trial = Trial::new(form.expose(), place);
        let Some(sure) = trial.fits() else {
            continue;
        };
        let wrong: Readers = readers
            .iter()
            .filter(|reader| trial.by(*reader, value) != Verdict::Exact)
            .collect();
        if !wrong.is_empty() {
            if nearest.is_none_or(|known| wrong.len() < known.len()) {
                nearest = Some(wrong);
            }
            continue;
        }
        let runs = RUNNERS
            .iter()
            .any(|reader| trial.by(*reader, value) == Verdict::Runs);
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
        }),
    }
}

/// How a reader fares with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The very bytes, and the neighbours as they were.
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

/// A form between neighbours that show whether it runs over its borders.
struct Trial<'a> {
    file: SecretBytes,
    plain: SecretBytes,
    place: Place<'a>,
}

const ABOVE: &[u8] = b"QQ_ABOVE_1=up\nQQ_ABOVE_2='up up'\nQQ_ABOVE_3=\"up up\"\n";
const BELOW: &[u8] = b"QQ_BELOW_1='down it goes'\nQQ_BELOW_2=\"down it goes\"\nQQ_BELOW_3=down\n";

impl<'a> Trial<'a> {
    fn new(raw: &[u8], place: Place<'a>) -> Self {
        let mut file = SecretBuilder::with_capacity(ABOVE.len() + BELOW.len() + raw.len() + 128);
        for piece in [ABOVE, place.before, raw, place.behind, b"\n", BELOW] {
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

    /// Whether the parser of this module sees the whole form and nothing else as the value; and if
    /// so, whether it is sure of it.
    fn fits(&self) -> Option<bool> {
        let start = ABOVE.len() + self.place.before.len();
        let end = self.file.len() - BELOW.len() - 1 - self.place.behind.len();
        let found = parse::scan(self.file.expose());
        if found.hits.len() != 7 {
            return None;
        }
        let hit = found.hits.iter().find(|hit| hit.raw == (start..end))?;
        Some(hit.unsure.is_none())
    }

    fn by(&self, reader: Reader, value: &SecretBytes) -> Verdict {
        let Some(found) = models::read(reader, self.file.expose()) else {
            return Verdict::Refused;
        };
        let usual = models::read(reader, self.plain.expose()).unwrap_or_default();
        if found.runs {
            return Verdict::Runs;
        }
        if !found.agrees(&usual, &[self.place.name]) {
            return Verdict::Harm;
        }
        if found.get(self.place.name) == Some(value) {
            Verdict::Exact
        } else {
            Verdict::Wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(value: &str, readers: &[Reader]) -> String {
        let readers: Readers = readers.iter().copied().collect();
        let form = encode(&SecretBytes::from(value), &readers).unwrap();
        form.text().as_str().unwrap().to_owned()
    }

    #[test]
    fn the_form_for_everybody_follows_the_procedure() {
        for (value, text) in [
            ("", "''"),
            ("sk_test_51H", "sk_test_51H"),
            ("a=b=", "a=b="),
            ("=a", "'=a'"),
            ("postgres://u:p@h:5432/d?x=1", "postgres://u:p@h:5432/d?x=1"),
            ("two words", "'two words'"),
            ("a#b", "'a#b'"),
            ("~", "'~'"),
            ("$2b$12$abc", "'$2b$12$abc'"),
            ("C:\\dir", "'C:\\dir'"),
            ("C:\\dir\\", "\"C:\\\\dir\\\\\""),
            ("{\"a\":1}", "'{\"a\":1}'"),
            ("it's", "\"it's\""),
            ("it's \"so\"", "\"it's \\\"so\\\"\""),
            ("it's $5", "\"it's \\$5\""),
            ("it's `so`", "\"it's \\`so\\`\""),
            ("it\\'s", "it\\'s"),
            ("it\\\\'s", "\"it\\\\\\\\'s\""),
            ("it\\'s so", "\"it\\\\'s so\""),
            ("it\\'s\\", "\"it\\\\'s\\\\\""),
            ("one\ntwo\n", "\"one\\ntwo\\n\""),
            ("{\n \"a\": 1\n}", "'{\n \"a\": 1\n}'"),
            ("\"a\"\nB=1", "\"\\\"a\\\"\\nB=1\""),
            ("a\r\nb", "\"a\\r\\nb\""),
            ("é", "'é'"),
        ] {
            assert_eq!(form(value, &[]), text, "{value:?}");
        }
    }

    #[test]
    fn a_command_is_kept_from_every_core_reader() {
        for (value, text) in [
            ("$(id)", "'$(id)'"),
            ("it's $(id)", "'it'\\''s $(id)'"),
            ("$(id)\\", "'$(id)'\\\\"),
            ("a\n$(id)", "'a\n$(id)'"),
            ("it's $(", "\"it's \\$(\""),
        ] {
            assert_eq!(form(value, &[]), text, "{value:?}");
        }
        for value in ["it's\n$(id)", "a\nB=$(id)", "$(id)\n"] {
            let error = encode(&SecretBytes::from(value), &Readers::NONE).unwrap_err();
            assert_eq!(error.code(), "value_would_run");
            // Where it is known who reads the file, there may be a way.
            assert!(encode(&SecretBytes::from(value), &Reader::Bash.into()).is_ok());
        }
    }

    #[test]
    fn named_readers_get_a_form_that_they_read() {
        use Reader::*;
        for (value, readers, text) in [
            ("plain", &[NpmDotenv, Bash][..], "plain"),
            ("'a' \"b\"", &[Node], "`'a' \"b\"`"),
            ("it's \"so\"", &[Compose, Dotenvy], "\"it's \\\"so\\\"\""),
            ("a\nb", &[Bash], "'a\nb'"),
            ("a\nb", &[NpmDotenv], "\"a\\nb\""),
            ("\\\\host\\x", &[PythonDotenv], "\"\\\\\\\\host\\\\x\""),
            ("$a", &[DotenvExpand], "\"\\$a\""),
            ("a b", &[Docker], "a b"),
            ("a\r\nb", &[Dotenvy], "'a\r\nb'"),
        ] {
            assert_eq!(form(value, readers), text, "{value:?} {readers:?}");
        }
    }

    #[test]
    fn readers_that_nothing_suits_are_named() {
        for (value, readers, wrong) in [
            ("${a}", &[Reader::PythonDotenv][..], "python-dotenv"),
            ("a\nb", &[Reader::Bash, Reader::Docker], "docker"),
            ("a'b\"c`d\ne", &[Reader::Node], "node"),
            ("$(id)", &[Reader::DotenvExpand], "dotenv-expand"),
        ] {
            let set: Readers = readers.iter().copied().collect();
            let error = encode(&SecretBytes::from(value), &set).unwrap_err();
            let EncodeError::NoForm { readers } = error else {
                panic!("{error}");
            };
            assert_eq!(readers.to_string(), wrong, "{value:?}");
            assert!(!error.to_string().contains(value));
        }
    }

    #[test]
    fn the_form_lists_who_would_misread_it() {
        let form = encode_for_most(&SecretBytes::from("a b")).unwrap();
        assert_eq!(form.misreaders().to_string(), "docker");
        let form = encode_for_most(&SecretBytes::from("it's $x")).unwrap();
        for reader in [Reader::NpmDotenv, Reader::PythonDotenv, Reader::Node] {
            assert!(form.misreaders().contains(reader), "{reader}");
        }
        for reader in [Reader::Bash, Reader::Compose, Reader::Dotenvy] {
            assert!(!form.misreaders().contains(reader), "{reader}");
        }
    }

    #[test]
    fn text_as_it_stands_is_judged_by_reader() {
        for (raw, value, wrong) in [
            (
                "v#note",
                "v#note",
                "npm-dotenv, node, dotenvx, ruby-dotenv, direnv",
            ),
            ("'v'", "v", ""),
            ("a b", "a b", "dotenvy, bash, direnv"),
            (
                "\"a$b\"",
                "a$b",
                "compose, dotenvy, bash, dotenvx, ruby-dotenv, direnv",
            ),
        ] {
            let found: Readers =
                misreaders(raw.as_bytes(), &SecretBytes::from(value), &Readers::core())
                    .into_iter()
                    .collect();
            assert_eq!(found.to_string(), wrong, "{raw}");
        }
    }

    #[test]
    fn what_no_env_file_can_carry_is_refused() {
        let nul = encode(&SecretBytes::copy_of(b"canary\0"), &Readers::NONE).unwrap_err();
        assert_eq!(nul, EncodeError::Nul);
        let bytes = encode(&SecretBytes::copy_of(b"canary\xff"), &Readers::NONE).unwrap_err();
        assert_eq!(bytes, EncodeError::NotUtf8);
        assert!(!format!("{nul} {bytes} {nul:?} {bytes:?}").contains("canary"));
    }
}
