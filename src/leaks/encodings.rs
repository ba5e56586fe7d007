//! The forms in which a value may turn up: as it is, and as programs encode it.
//!
//! Owns: the list of forms that `run` masks and `scan` looks for. They are: the value; without the
//! white space around it, and without the `=` at its end; each of its lines, likewise; base64 and
//! base64url, at each of the three places where a value can stand in a longer text, with padding,
//! and wrapped at 64 and 76 columns; hexadecimal in lower and upper case; URL-escaped as browsers,
//! Python, Go and forms do it; JSON-escaped as most writers do it, and JSON in JSON; with a shell's
//! quotes.
//!
//! Invariants: a form has at least [`MIN_CHARS`] characters; no form is there twice.
//!
//! Limits: of a longer base64 text, the character at either end that the value shares with its
//! neighbour is in no form. Compressed, encrypted, reversed or spelt out, in UTF-16, or in an
//! encoding inside another (but JSON in JSON), a value is in none of them.

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};
use schemars::JsonSchema;
use serde::Serialize;

/// A value with fewer characters than this has no form: it would be found everywhere.
pub const MIN_CHARS: usize = 5;

/// What a form makes of the value. In order of what is said first of bytes that are two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The value, or the value without the white space around it.
    Value,
    /// A line of it.
    Line,
    /// Quoted for a shell.
    Shell,
    /// Escaped for JSON.
    Json,
    /// Escaped for a URL.
    Url,
    /// Hexadecimal.
    Hex,
    /// base64 or base64url.
    Base64,
}

/// Bytes to look for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: Kind,
}

/// The forms of a value and of its lines. None for a value that is too short.
pub(crate) fn forms(value: &[u8]) -> Vec<Form> {
    forms_with_lines(value, |_| true)
}

/// The same with those lines only that are `wanted`, which is asked without the white space around
/// them.
pub(crate) fn forms_with_lines(value: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<Form> {
    if !is_long_enough(value) {
        return Vec::new();
    }
    let mut forms = Vec::new();
    let mut add = |kind, bytes| forms.push(Form { bytes, kind });
    add(Kind::Value, value.to_vec());
    add(Kind::Value, value.trim_ascii().to_vec());
    add(Kind::Value, unpadded(value).to_vec());
    if value.contains(&b'\n') || value.contains(&b'\r') {
        let lines = value.split(|byte| matches!(byte, b'\n' | b'\r'));
        for line in lines.filter(|line| wanted(line.trim_ascii())) {
            add(Kind::Line, line.to_vec());
            add(Kind::Line, line.trim_ascii().to_vec());
            add(Kind::Line, unpadded(line).to_vec());
        }
    }
    for form in base64_forms(value) {
        add(Kind::Base64, form);
    }
    add(Kind::Hex, HEXLOWER.encode(value).into_bytes());
    add(Kind::Hex, HEXUPPER.encode(value).into_bytes());
    for set in KEPT_IN_URLS {
        for digits in [HEXUPPER, HEXLOWER] {
            add(Kind::Url, url_escaped(value, set, &digits));
        }
    }
    if let Ok(text) = std::str::from_utf8(value) {
        for style in JSON_STYLES {
            add(Kind::Json, json_escaped(text, style).into_bytes());
        }
        let twice = json_escaped(&json_escaped(text, &JSON_STYLES[0]), &JSON_STYLES[0]);
        add(Kind::Json, twice.into_bytes());
    }
    for quote in [br"'\''".as_slice(), br#"'"'"'"#, br"\'", b"''"] {
        let quoted = escaped(value, |byte| (byte == b'\'').then_some(quote));
        add(Kind::Shell, quoted);
    }
    forms.retain(|form| is_long_enough(&form.bytes));
    // In order, so that what stays of two that are the same is the plainest.
    forms.sort_unstable();
    forms.dedup_by(|later, first| later.bytes == first.bytes);
    forms
}

/// Without the padding of base64, which `cut -d=` and others lose.
fn unpadded(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    &text[..text.len() - padding]
}

/// Whether a value has forms at all.
pub(crate) fn is_long_enough(value: &[u8]) -> bool {
    match std::str::from_utf8(value) {
        Ok(text) => text.chars().take(MIN_CHARS).count() == MIN_CHARS,
        Err(_) => value.len() >= MIN_CHARS,
    }
}

fn escaped<'a>(value: &[u8], instead: impl Fn(u8) -> Option<&'a [u8]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    for &byte in value {
        match instead(byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(byte),
        }
    }
    out
}

/// Where programs wrap base64: PEM and openssl; MIME and coreutils.
pub(crate) const BASE64_COLUMNS: [usize; 2] = [64, 76];

fn base64_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
        for before in 0..3 {
            let mut padded = vec![0; before];
            padded.extend_from_slice(value);
            let mut text = encoding.encode(&padded).into_bytes();
            // Characters that depend on what stands before the value.
            text.drain(..[0, 2, 3][before]);
            // The last one depends on what stands behind it; with nothing there it is as computed.
            let shared = usize::from(padded.len() % 3 != 0);
            forms.push(text[..text.len() - shared].to_vec());
            forms.push(text.clone());
            let padding = (3 - padded.len() % 3) % 3;
            text.extend_from_slice(&b"=="[..padding]);
            forms.push(text.clone());
            for columns in BASE64_COLUMNS {
                if before == 0 && text.len() > columns {
                    let wrapped: Vec<&[u8]> = text.chunks(columns).collect();
                    forms.push(wrapped.join(&b"\n"[..]));
                    // A value with a final newline of its own, as `echo` writes it.
                    let mut open: Vec<&[u8]> = text[..text.len() - padding - shared]
                        .chunks(columns)
                        .collect();
                    open.retain(|line| !line.is_empty());
                    forms.push(open.join(&b"\n"[..]));
                }
            }
        }
    }
    forms
}

/// What, besides letters and digits, is not escaped in a URL, and what a blank becomes.
struct KeptInUrls {
    kept: &'static [u8],
    blank: Option<u8>,
}

const KEPT_IN_URLS: &[KeptInUrls] = &[
    // RFC 3986: Rust, Go's path segments, PHP, curl, Python with `safe=''`.
    KeptInUrls {
        kept: b"-._~",
        blank: None,
    },
    // `encodeURIComponent`.
    KeptInUrls {
        kept: b"-._~!*'()",
        blank: None,
    },
    // Python's `quote`.
    KeptInUrls {
        kept: b"-._~/",
        blank: None,
    },
    // Python's `quote_plus`, Go's query strings.
    KeptInUrls {
        kept: b"-._~",
        blank: Some(b'+'),
    },
    // Forms of HTML.
    KeptInUrls {
        kept: b"-._*",
        blank: Some(b'+'),
    },
    // User name and password of a URL, as browsers and node write them.
    KeptInUrls {
        kept: b"-._~!$&'()*+,%",
        blank: None,
    },
    // The same in Go.
    KeptInUrls {
        kept: b"-._~$&+,;=",
        blank: None,
    },
    // `encodeURI`.
    KeptInUrls {
        kept: b"-._~!*'();/?:@&=+$,#",
        blank: None,
    },
];

fn url_escaped(value: &[u8], set: &KeptInUrls, digits: &Encoding) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() * 2);
    for &byte in value {
        match set.blank {
            Some(blank) if byte == b' ' => out.push(blank),
            _ if byte.is_ascii_alphanumeric() || set.kept.contains(&byte) => out.push(byte),
            _ => {
                out.push(b'%');
                out.extend(digits.encode(&[byte]).into_bytes());
            }
        }
    }
    out
}

/// What a writer of JSON escapes besides quote, backslash and control characters.
struct JsonStyle {
    /// Everything that is not ASCII.
    ascii: bool,
    /// `<`, `>` and `&`.
    html: bool,
    /// `/`.
    slash: bool,
}

const JSON_STYLES: &[JsonStyle] = &[
    // JavaScript, Rust, jq.
    JsonStyle {
        ascii: false,
        html: false,
        slash: false,
    },
    // Python.
    JsonStyle {
        ascii: true,
        html: false,
        slash: false,
    },
    // Go.
    JsonStyle {
        ascii: false,
        html: true,
        slash: false,
    },
    // PHP.
    JsonStyle {
        ascii: true,
        html: false,
        slash: true,
    },
];

fn json_escaped(text: &str, style: &JsonStyle) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '/' if style.slash => out.push_str("\\/"),
            '<' | '>' | '&' if style.html => push_units(&mut out, c),
            '\u{2028}' | '\u{2029}' if style.html => push_units(&mut out, c),
            c if c < ' ' || (style.ascii && !c.is_ascii()) => push_units(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

fn push_units(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str(&format!("\\u{unit:04x}"));
    }
}
