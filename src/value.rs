//! What a value may be.
//!
//! Owns the size limits, the conditions for going to an env file, and the recognition of masks:
//! texts that stand where a value was, such as `***`, `[REDACTED]` or `your-api-key-here`. Coding
//! agents read a masked file and write the mask back over the real key; that is refused.
//!
//! Invariants: an error never holds a value, a part of one, or its length.
//!
//! Limits: a mask is recognised by its form. The rules, in [`MaskKind`], are drawn so that a
//! value with any entropy of its own passes: `password123`, `postgres`, `secret` and `a***b` are
//! weak, but they are values. A mask in a form of its own goes unnoticed. Only short single lines
//! are looked at, because a document may well have a banner of asterisks in it.

use thiserror::Error;

use crate::secret::SecretBytes;

/// Most bytes a value may have: 1 MiB.
pub const MAX_LEN: usize = 1 << 20;

/// Most bytes a mask has; what is longer is not looked at.
const MAX_MASK_LEN: usize = 160;

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// No byte at all.
    #[error("the value is empty")]
    Empty,
    /// More than [`MAX_LEN`].
    #[error("the value is longer than 1 MiB")]
    TooLong,
    /// An env file is text.
    #[error("the value is not UTF-8 text, which an env file needs")]
    NotUtf8,
    /// No process can receive it in a variable.
    #[error("the value holds a NUL byte, which no environment variable can")]
    Nul,
    /// It stands where a value was.
    #[error("the value is a mask or a placeholder: {}", .0.phrase())]
    Mask(MaskKind),
}

impl ValueError {
    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "value_empty",
            Self::TooLong => "value_too_long",
            Self::NotUtf8 => "value_not_utf8",
            Self::Nul => "value_has_nul",
            Self::Mask(_) => "value_is_mask",
        }
    }
}

/// In which way a value is none.
///
/// Outer whitespace and one pair of quotes do not count, nor does the case of letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskKind {
    /// Nothing but one masking character, three times or more (`x` four times): `***`, `•••`,
    /// `xxxx`, `...`. Groups may be separated: `xxxx-xxxx`.
    Blot,
    /// A word for leaving out, in brackets or asterisks: `[REDACTED]`, `<hidden>`, `(sensitive
    /// value)`, `***FILTERED***`; `redacted` also bare.
    Redacted,
    /// The ends of a value with something in place of its middle: `sk_live_...xyz`,
    /// `AKIA****WXYZ`, `****1234`; or a URL with a mask for its password. Four asterisks in a row
    /// or an ellipsis character suffice; three asterisks or dots need a well-known beginning, or
    /// ends that could not be words.
    Cut,
    /// What a template tells its reader to replace: `your-api-key-here`, `<your-key>`,
    /// `changeme`, `todo`.
    Placeholder,
    /// The name of a variable where its value should be: `${STRIPE_KEY}`, `$STRIPE_KEY`,
    /// `{{ api_key }}`, `process.env.STRIPE_KEY`.
    Reference,
    /// How programs print that there is none: `undefined`, `null`, Python's `None` (in this very
    /// case, for `none` is a setting), `[object Object]`.
    Nothing,
}

impl MaskKind {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Blot => "blot",
            Self::Redacted => "redacted",
            Self::Cut => "cut",
            Self::Placeholder => "placeholder",
            Self::Reference => "reference",
            Self::Nothing => "nothing",
        }
    }

    /// What it is, for a message.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Blot => "nothing but masking characters",
            Self::Redacted => "a word that says the value was left out",
            Self::Cut => "its middle was cut out or starred out",
            Self::Placeholder => "a text to be replaced by the value",
            Self::Reference => "the name of a variable instead of its value",
            Self::Nothing => "what a program prints when it has no value",
        }
    }
}

/// Checks that there is something, and not too much.
pub fn check_size(value: &SecretBytes) -> Result<(), ValueError> {
    match value.len() {
        0 => Err(ValueError::Empty),
        1..=MAX_LEN => Ok(()),
        _ => Err(ValueError::TooLong),
    }
}

/// The value as an env file can have it: text without NUL.
pub fn env_text(value: &SecretBytes) -> Result<&str, ValueError> {
    let text = value.as_str().ok_or(ValueError::NotUtf8)?;
    match text.contains('\0') {
        true => Err(ValueError::Nul),
        false => Ok(text),
    }
}

/// The value without exactly one final `\n` or `\r\n`: what `echo`, an editor or a here-document
/// appended. Nothing else is trimmed.
#[must_use = "the shortened value is returned"]
pub fn drop_final_newline(value: SecretBytes) -> SecretBytes {
    let newline = match value.expose() {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n'] => 1,
        _ => 0,
    };
    value.without_last(newline)
}

/// Refuses a mask.
pub fn check_not_mask(value: &SecretBytes) -> Result<(), ValueError> {
    match mask_kind(value) {
        Some(kind) => Err(ValueError::Mask(kind)),
        None => Ok(()),
    }
}

/// Whether the value is a mask, and of what kind.
pub fn mask_kind(value: &SecretBytes) -> Option<MaskKind> {
    let text = value.as_str()?.trim();
    let text = ['"', '\'', '`']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(text);
    if text.is_empty() || text.len() > MAX_MASK_LEN || text.contains(['\n', '\r']) {
        return None;
    }
    kind_of(text)
}

fn kind_of(text: &str) -> Option<MaskKind> {
    [
        (MaskKind::Nothing, is_nothing as fn(&str) -> bool),
        (MaskKind::Blot, is_blot),
        (MaskKind::Redacted, is_redacted),
        (MaskKind::Placeholder, is_placeholder),
        (MaskKind::Reference, is_reference),
        (MaskKind::Cut, is_cut),
    ]
    .into_iter()
    .find_map(|(kind, is_it)| is_it(text).then_some(kind))
}

fn is_nothing(text: &str) -> bool {
    text == "None"
        || text.eq_ignore_ascii_case("null")
        || text.eq_ignore_ascii_case("undefined")
        || (text.starts_with("[object ") && text.ends_with(']'))
}

/// One or two of them are no mask: `*` is a wildcard and `**` a glob.
const BLOTS: [char; 12] = ['*', '•', '●', '∙', '·', '█', '■', '▪', '.', '…', '#', '?'];

fn is_blot(text: &str) -> bool {
    let groups = text.split(['-', '_', ' ']);
    let Some(blot) = text.chars().next().map(|c| c.to_ascii_lowercase()) else {
        return false;
    };
    let least = match blot {
        '…' => 1,
        'x' => 4,
        _ if BLOTS.contains(&blot) => 3,
        _ => return false,
    };
    groups.clone().all(|group| {
        group.chars().count() >= least && group.chars().all(|c| c.to_ascii_lowercase() == blot)
    })
}

/// A word among these in brackets says that something was left out.
const LEFT_OUT: &[&str] = &[
    "redacted",
    "hidden",
    "masked",
    "filtered",
    "removed",
    "omitted",
    "censored",
    "sensitive",
    "concealed",
    "obfuscated",
    "truncated",
    "elided",
    "scrubbed",
    "sanitized",
    "sanitised",
    "stripped",
    "withheld",
    "protected",
];

/// Brackets around nothing but these say the same.
const STATES: &[&str] = &[
    "set",
    "unset",
    "not",
    "empty",
    "none",
    "secret",
    "value",
    "api",
    "key",
    "token",
    "password",
    "credential",
    "credentials",
    "your",
    "the",
    "here",
    "insert",
    "placeholder",
];

fn is_redacted(text: &str) -> bool {
    if text.eq_ignore_ascii_case("redacted") {
        return true;
    }
    let Some(inner) = inside_brackets(text) else {
        return false;
    };
    // JSON, lists and patterns may use these words as well.
    if inner.contains(['"', '\'', '=', ',', '|']) || (text.starts_with('{') && inner.contains(':'))
    {
        return false;
    }
    let words = words(inner);
    let is_left_out = |word: &String| LEFT_OUT.contains(&word.as_str());
    // A sentence that happens to stand in brackets is left alone.
    words.len() <= 6 && words.iter().any(is_left_out)
}

/// What stands between brackets of one kind, or between runs of asterisks or underscores.
fn inside_brackets(text: &str) -> Option<&str> {
    let pairs = [('[', ']'), ('<', '>'), ('(', ')'), ('{', '}')];
    for (open, close) in pairs {
        if text.starts_with(open) && text.ends_with(close) {
            return Some(text.trim_start_matches(open).trim_end_matches(close).trim());
        }
    }
    ["**", "__"].into_iter().find_map(|edge| {
        let edged = text.len() > 2 * edge.len() && text.starts_with(edge) && text.ends_with(edge);
        edged.then(|| text.trim_matches(['*', '_']).trim())
    })
}

/// The words of a text in lower case, split at everything that is not a letter or digit.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Texts that nobody takes for a value, with words joined or separated.
const PLACEHOLDERS: &[&str] = &[
    "addme",
    "changeme",
    "changemenow",
    "changemeplease",
    "changethis",
    "changethisnow",
    "changethisvalue",
    "fillin",
    "fillme",
    "fillmein",
    "fillthisin",
    "fixme",
    "inserthere",
    "pastehere",
    "placeholder",
    "placeholderkey",
    "placeholdersecret",
    "placeholdertoken",
    "placeholdervalue",
    "pleasechangeme",
    "pleasechangethis",
    "replaceme",
    "replacethis",
    "replacethisvalue",
    "setme",
    "tbd",
    "todo",
    "todochangeme",
    "todoreplace",
    "todoreplaceme",
    "todosetme",
    "tobefilled",
    "tobereplaced",
    "yourapikey",
    "yourkey",
    "yourpassword",
    "yoursecret",
    "yoursecretkey",
    "yourtoken",
];

/// The verbs with which a template speaks to its reader.
const ORDERS: &[&str] = &[
    "add", "change", "enter", "fill", "insert", "paste", "provide", "put", "replace", "set",
    "type", "use",
];

/// The things that are asked for.
const THINGS: &[&str] = &[
    "account",
    "address",
    "api",
    "apikey",
    "client",
    "credential",
    "credentials",
    "database",
    "domain",
    "dsn",
    "email",
    "endpoint",
    "host",
    "id",
    "key",
    "keys",
    "name",
    "passphrase",
    "password",
    "secret",
    "string",
    "token",
    "url",
    "user",
    "username",
    "value",
    "webhook",
];

fn is_placeholder(text: &str) -> bool {
    let words = words(text);
    let joined = words.concat();
    if PLACEHOLDERS.contains(&joined.as_str()) {
        return true;
    }
    if let Some(inner) = inside_brackets(text) {
        let is_state = |word: &String| STATES.contains(&word.as_str());
        if !words.is_empty() && words.iter().all(is_state) {
            return true;
        }
        // `<stripe-key>`: angle brackets round a name are how manuals mark what to replace.
        let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '-' | ' ');
        if text.starts_with('<') && !inner.is_empty() && inner.chars().all(is_name) {
            return true;
        }
    }
    if words.len() < 2 || words.len() > 9 {
        return false;
    }
    let has = |list: &[&str], word: &String| list.contains(&word.as_str());
    let is_filler = |word: &String| {
        has(ORDERS, word)
            || has(
                &[
                    "a", "and", "in", "me", "please", "real", "the", "this", "to", "todo", "with",
                ],
                word,
            )
            || TOKEN_PREFIXES.iter().any(|prefix| {
                // `sk_live_your_key_here`
                prefix
                    .split(['_', '-'])
                    .any(|piece| piece.eq_ignore_ascii_case(word))
            })
    };
    let last = &words[words.len() - 1];
    let your = words.iter().position(|word| word == "your");
    let addressed = your.is_some_and(|at| words[..at].iter().all(is_filler));
    if addressed && (last == "here" || has(THINGS, last)) {
        return true;
    }
    // `api-key-here`, `secret_goes_here`, `replace-with-token`
    (last == "here" && words.iter().any(|word| has(THINGS, word)))
        || (matches!(words[0].as_str(), "replace" | "insert" | "enter" | "paste")
            && has(THINGS, last))
}

fn is_reference(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
    };
    let within = |open, close| Some(text.strip_prefix(open)?.strip_suffix(close)?.trim());
    if let Some(name) = within("${{", "}}")
        .or_else(|| within("{{", "}}"))
        .or_else(|| within("${", "}"))
        .or_else(|| within("process.env.", ""))
        .or_else(|| within("import.meta.env.", ""))
        .or_else(|| within("env.", ""))
    {
        return is_name(name.trim_start_matches('.'));
    }
    // Without braces only what cannot be a password with a dollar in front.
    let bare = within("$", "").or_else(|| within("%", "%"));
    bare.is_some_and(|name| {
        let is_upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        is_name(name) && name.contains('_') && name.chars().all(is_upper)
    })
}

/// How well-known tokens begin. After such a beginning even three dots are a cut.
const TOKEN_PREFIXES: &[&str] = &[
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "rk_test_",
    "pk_live_",
    "pk_test_",
    "whsec_",
    "sk-ant-",
    "sk-proj-",
    "sk-",
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "AKIA",
    "ASIA",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "AIza",
    "SG.",
    "npm_",
    "pypi-",
    "hf_",
    "eyJ",
    "dop_v1_",
    "shpat_",
    "re_",
    "key-",
    "AGE-SECRET-KEY-",
    "age1",
    "gsk_",
    "xai-",
    "ya29.",
];

fn is_cut(text: &str) -> bool {
    if let Some(password) = url_password(text) {
        // Go prints `xxxxx`, others print asterisks or a word.
        return kind_of(password)
            .is_some_and(|kind| !matches!(kind, MaskKind::Nothing | MaskKind::Reference));
    }
    if text.contains(char::is_whitespace) {
        return false;
    }
    let known = TOKEN_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
    for blot in ['*', '•', '●', '∙', '█', '…', '.', 'x', 'X'] {
        let Some((before, run, after)) = longest_run(text, blot) else {
            continue;
        };
        let ends = before.len() + after.len();
        let enough = match blot {
            // The run fills a token of a known kind, or is longer than chance makes one.
            'x' | 'X' => (known && run >= 6) || run >= 10,
            // `../..`, `./...`, `1...9` and `main...topic` are paths and ranges.
            '.' => run == 3 && ends > 0 && (known || (is_odd(before, 12) && is_odd(after, 8))),
            '…' => ends > 0,
            '*' => run >= 4 || (run == 3 && (known || (before.is_empty() && after.len() <= 4))),
            _ => run >= 3,
        };
        if enough && !before.ends_with('/') && !after.starts_with('/') {
            return true;
        }
    }
    false
}

/// Whether this end of a cut value could be no word: it mixes letters and digits.
fn is_odd(end: &str, longest: usize) -> bool {
    (2..=longest).contains(&end.len())
        && end.bytes().any(|byte| byte.is_ascii_digit())
        && end.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The longest run of a character, its length, and what stands before and after it.
fn longest_run(text: &str, c: char) -> Option<(&str, usize, &str)> {
    let mut best: Option<(usize, usize)> = None;
    let mut rest = text;
    while let Some(found) = rest.find(c) {
        let start = text.len() - rest.len() + found;
        let after = text[start..].trim_start_matches(c);
        let end = text.len() - after.len();
        if best.is_none_or(|(from, to)| end - start > to - from) {
            best = Some((start, end));
        }
        rest = after;
    }
    let (start, end) = best?;
    let run = (end - start) / c.len_utf8();
    Some((&text[..start], run, &text[end..]))
}

/// The password in `scheme://user:password@host`.
fn url_password(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if scheme.is_empty() || !scheme.chars().all(is_scheme) {
        return None;
    }
    let (user, _) = rest.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(text: &str) -> Option<MaskKind> {
        mask_kind(&SecretBytes::from(text))
    }

    #[test]
    fn a_value_has_one_byte_to_one_mebibyte() {
        assert_eq!(check_size(&SecretBytes::from("")), Err(ValueError::Empty));
        assert_eq!(check_size(&SecretBytes::from("x")), Ok(()));
        assert_eq!(check_size(&SecretBytes::new(vec![0; MAX_LEN])), Ok(()));
        let large = SecretBytes::new(vec![0; MAX_LEN + 1]);
        assert_eq!(check_size(&large), Err(ValueError::TooLong));
    }

    #[test]
    fn only_text_without_nul_goes_to_an_env_file() {
        assert_eq!(env_text(&SecretBytes::from("grüße\n")), Ok("grüße\n"));
        let bytes = SecretBytes::new(vec![b'a', 0xff]);
        assert_eq!(env_text(&bytes), Err(ValueError::NotUtf8));
        assert_eq!(env_text(&SecretBytes::from("a\0b")), Err(ValueError::Nul));
    }

    #[test]
    fn exactly_one_final_newline_is_dropped() {
        for (before, after) in [
            ("", ""),
            ("a", "a"),
            ("a\n", "a"),
            ("a\r\n", "a"),
            ("a\n\n", "a\n"),
            ("a\r\n\r\n", "a\r\n"),
            ("a\n\r\n", "a\n"),
            ("a\r", "a\r"),
            ("\n", ""),
            ("\r\n", ""),
            (" a \n", " a "),
            ("a\n ", "a\n "),
        ] {
            let value = drop_final_newline(SecretBytes::from(before));
            assert_eq!(value.expose(), after.as_bytes(), "{before:?}");
        }
    }

    #[test]
    fn masks_are_recognised() {
        use MaskKind::{Blot, Cut, Nothing, Placeholder, Redacted, Reference};
        let masks = [
            ("***", Blot),
            ("********", Blot),
            ("****************************************", Blot),
            ("\"********\"", Blot),
            ("***\n", Blot),
            ("•••", Blot),
            ("••••••••••••", Blot),
            ("●●●●●●●●", Blot),
            ("████████", Blot),
            ("xxxx", Blot),
            ("XXXXXXXX", Blot),
            ("xxxx-xxxx-xxxx", Blot),
            ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", Blot),
            ("****-****-****", Blot),
            ("...", Blot),
            ("…", Blot),
            ("######", Blot),
            ("???", Blot),
            ("[REDACTED]", Redacted),
            ("<redacted>", Redacted),
            ("REDACTED", Redacted),
            ("***REDACTED***", Redacted),
            ("[[redacted]]", Redacted),
            ("[REDACTED:stripe-key]", Redacted),
            ("[REDACTED_API_KEY]", Redacted),
            ("<redacted: 32 chars>", Redacted),
            ("(hidden)", Redacted),
            ("<hidden>", Redacted),
            ("[FILTERED]", Redacted),
            ("[Filtered]", Redacted),
            ("[MASKED]", Redacted),
            ("__MASKED__", Redacted),
            ("(sensitive value)", Redacted),
            ("[SENSITIVE]", Redacted),
            ("<value removed>", Redacted),
            ("{{redacted}}", Redacted),
            ("sk_live_...xyz", Cut),
            ("sk_live_…xyz", Cut),
            ("sk_live_...", Cut),
            ("sk-...", Cut),
            ("sk-ant-...abcd", Cut),
            ("eyJhbGciOiJIUzI1NiJ9...", Cut),
            ("a1b2...9z8y", Cut),
            ("4eC3…dp7d", Cut),
            ("sk_live_****1234", Cut),
            ("sk_live_***", Cut),
            ("sk_live_••••1234", Cut),
            ("ghp_********************", Cut),
            ("ghp_xxxxxxxxxxxxxxxxxxxx", Cut),
            ("AKIAXXXXXXXXXXXXXXXX", Cut),
            ("****************WXYZ", Cut),
            ("****1234", Cut),
            ("***1234", Cut),
            ("abcd****wxyz", Cut),
            ("SecretStr('**********')", Cut),
            ("postgres://app:***@db/app", Cut),
            ("postgres://app:xxxxx@db/app", Cut),
            ("https://app:[REDACTED]@example.com", Cut),
            ("redis://:********@cache:6379", Cut),
            ("your-api-key-here", Placeholder),
            ("<your-key>", Placeholder),
            ("YOUR_API_KEY", Placeholder),
            ("your_password", Placeholder),
            ("your-super-secret-jwt-token", Placeholder),
            ("yourpassword", Placeholder),
            ("sk_live_your_key_here", Placeholder),
            ("sk-your-openai-key", Placeholder),
            ("[your token here]", Placeholder),
            ("<STRIPE_KEY>", Placeholder),
            ("<token>", Placeholder),
            ("(not set)", Placeholder),
            ("[secret]", Placeholder),
            ("changeme", Placeholder),
            ("change_me", Placeholder),
            ("CHANGE-ME", Placeholder),
            ("ChangeMe!", Placeholder),
            ("replace-me", Placeholder),
            ("REPLACE_WITH_YOUR_TOKEN", Placeholder),
            ("replace-with-real-key", Placeholder),
            ("placeholder", Placeholder),
            ("todo", Placeholder),
            ("TODO: change me", Placeholder),
            ("FIXME", Placeholder),
            ("tbd", Placeholder),
            ("api-key-here", Placeholder),
            ("secret_goes_here", Placeholder),
            ("insert-your-token", Placeholder),
            ("Enter your API key", Placeholder),
            ("paste your key here", Placeholder),
            ("${STRIPE_KEY}", Reference),
            ("$STRIPE_KEY", Reference),
            ("{{ stripe_key }}", Reference),
            ("${{ secrets.STRIPE_KEY }}", Reference),
            ("%STRIPE_KEY%", Reference),
            ("process.env.STRIPE_KEY", Reference),
            ("undefined", Nothing),
            ("null", Nothing),
            ("None", Nothing),
            ("[object Object]", Nothing),
        ];
        assert!(masks.len() >= 60);
        for (text, expected) in masks {
            assert_eq!(kind(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn values_are_not_taken_for_masks() {
        let values = [
            "password123",
            "postgres",
            "secret",
            "xxxxx1",
            "a***b",
            "p**ssword",
            "hello***",
            "*",
            "**",
            "x",
            "xx",
            "xxx",
            "none",
            "nil",
            "false",
            "0",
            "12345678",
            "000000",
            "00000000-0000-0000-0000-000000000000",
            "hunter2",
            "changeit",
            "admin",
            "test",
            "hidden",
            "masked",
            "filtered",
            "protected",
            "my-secret-key",
            "mysecret",
            "super-secret-jwt-token",
            "dummy",
            "example",
            "letmein",
            "yourmother",
            "your",
            "here",
            "key",
            "token",
            "correct horse battery staple",
            "where is your cat",
            "wait...what",
            "hello...",
            "main...topic",
            "1...10",
            "./...",
            "**/*.ts",
            "*/5 * * * *",
            "../../keys",
            "P@ss.w0rd...",
            "a....b",
            "$ecret",
            "$ECRET",
            "$1$abc",
            "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
            "100%",
            "%d",
            "sk_live_4eC39HqLyjWDar",
            "whsec_dGhpcyBpcyBhIHRlc3Q",
            "AKIAIOSFODNN7EXAMPLE",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
            "postgres://app:secret@db/app",
            "postgres://app:p***s@db/app",
            "postgres://db/app",
            "https://example.com/***",
            "[]",
            "[1, 2]",
            "[\"a\", \"b\"]",
            "{}",
            "{\"key\": \"a\"}",
            "(a|b)",
            "<a1b2c3>",
            "<k9!x#>",
            "#fff",
            "##",
            "a#b",
            "...a",
            "x7xxQxx2",
            "C0rrectXXXXhorse",
            "Zq8*xL3**pW9",
            "todo-list-db",
            "{\"hidden\": true}",
            "[\"masked\"]",
            "{hidden: true}",
            "(hidden|visible)",
            "placeholder9x",
            "changeme9!kQ2",
            "nullable",
            "undefined_behaviour",
            "None of your business",
            "set me free 42",
            "add salt",
            "[main]",
            "(a)",
            "__init__",
            "-----BEGIN KEY-----",
            "-----BEGIN X-----\n********\n-----END X-----",
            "//****//\nkey=1",
        ];
        assert!(values.len() >= 60);
        for text in values {
            assert_eq!(kind(text), None, "{text}");
        }
    }

    #[test]
    fn bytes_and_long_texts_are_no_masks() {
        assert_eq!(mask_kind(&SecretBytes::new(vec![0xff; 8])), None);
        assert_eq!(kind(&"*".repeat(MAX_MASK_LEN)), Some(MaskKind::Blot));
        assert_eq!(kind(&"*".repeat(MAX_MASK_LEN + 1)), None);
        assert_eq!(kind(""), None);
        assert_eq!(kind("\n"), None);
    }

    #[test]
    fn an_error_names_the_kind_and_not_the_value() {
        let value = SecretBytes::from("sk_live_****canary");
        let error = check_not_mask(&value).unwrap_err();
        assert_eq!(error.code(), "value_is_mask");
        assert_eq!(
            error.to_string(),
            "the value is a mask or a placeholder: its middle was cut out or starred out"
        );
        assert!(!format!("{error:?}").contains("canary"));
    }

    proptest! {
        #[test]
        fn random_values_are_never_masks(value in "[A-Za-z0-9+/]{12,64}={0,2}") {
            prop_assert_eq!(kind(&value), None);
        }

        #[test]
        fn random_passwords_are_never_masks(value in "[!-~]{10,40}") {
            prop_assert_eq!(kind(&value), None);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let value = SecretBytes::new(bytes);
            let _ = (check_size(&value), env_text(&value).is_ok(), mask_kind(&value));
            let shorter = drop_final_newline(value.clone());
            prop_assert!(value.len() - shorter.len() <= 2);
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = kind(&text);
        }

        #[test]
        fn no_near_mask_makes_it_panic(text in "[*•…x.<>\\[\\](){}$%'\"a:/@ -]{0,12}") {
            let _ = kind(&text);
        }
    }
}
