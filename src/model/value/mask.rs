//! Masks: texts that stand where a value was, such as `***`, `[REDACTED]` or `your-api-key-here`.
//!
//! Limits: a mask is recognised by its form. The rules, in [`MaskKind`], are drawn so that a
//! value with any entropy of its own passes: `password123`, `postgres`, `secret` and `a***b` are
//! weak, but they are values. A mask in a form of its own goes unnoticed. Only short single lines
//! are looked at, because a document may well have a banner of asterisks in it.

use crate::model::secret::SecretBytes;

/// Most bytes a mask has; what is longer is not looked at.
pub(super) const MAX_MASK_LEN: usize = 160;

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
    /// Whether no secret is ever such a text. A reference or the word for nothing may be one: there
    /// are programs that want just that in a variable.
    pub fn is_certain(self) -> bool {
        !matches!(self, Self::Reference | Self::Nothing)
    }

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
        let asks = |word: &String| {
            let lists = [THINGS, STATES, ORDERS];
            lists.iter().any(|list| list.contains(&word.as_str()))
        };
        if text.starts_with('<') && inner.chars().all(is_name) && words.iter().any(asks) {
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
