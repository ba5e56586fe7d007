//! The encoded forms in which a value can appear.
//!
//! Owns: the list of forms that `run` masks and `scan` searches for. They are
//! - the value; the value without surrounding white space, and without `=` at its end; each of its
//!   lines, likewise;
//! - base64 and base64url, at each of the three offsets inside a longer text, with padding, and
//!   wrapped at 64 and 76 columns with LF or CRLF;
//! - hexadecimal in lower and upper case;
//! - URL-escaped as browsers, Python, Go and HTML forms do it;
//! - JSON-escaped as most writers do it, and JSON inside JSON;
//! - quoted for a shell: single quotes, `export -p` (double quotes), `printf %q` (backslashes and
//!   `$'…'`);
//! - HTML-escaped, and with the doubled quotes of CSV;
//! - of each part of it, such as the password of a URL, all of these.
//!
//! Invariants: a form has at least [`MIN_CHARS`] characters; no form occurs twice. The number of forms
//! does not depend on the value but for its lines and its parts, of which there are at most
//! `parts::MAX_PARTS`, so all forms together are linear in its length.
//!
//! Limits: inside a longer base64 text, the character at either end that the value shares with its
//! neighbour is in no form. A value that is compressed, encrypted, reversed, spelt out, in UTF-16, or
//! in an encoding inside another (except JSON in JSON) is not found.

mod parts;
mod quoting;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER, HEXUPPER};
use schemars::JsonSchema;
use serde::Serialize;

/// The fewest characters of a form. Shorter values would be found everywhere.
pub const MIN_CHARS: usize = 5;

/// How a form is made of the value. Where bytes are two forms, the first in this order is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The value, or the value without the white space around it.
    Value,
    /// A line of it.
    Line,
    /// A part of it, such as the password of a URL.
    Part,
    /// Escaped for JSON.
    Json,
    /// Quoted for a shell.
    Shell,
    /// Quoted for CSV.
    Csv,
    /// Escaped for HTML.
    Html,
    /// Escaped for a URL.
    Url,
    /// Hexadecimal.
    Hex,
    /// base64 or base64url.
    Base64,
}

/// Bytes to search for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Form {
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: Kind,
}

/// Returns the forms of a value, of its lines and of its parts. A value that is too short has none.
pub(crate) fn forms(value: &[u8]) -> Vec<Form> {
    forms_with_lines(value, |_| true)
}

/// Returns the same, with only those lines for which `wanted` is true. It is called with the line
/// without surrounding white space.
pub(crate) fn forms_with_lines(value: &[u8], wanted: impl Fn(&[u8]) -> bool) -> Vec<Form> {
    if !has_form(value) {
        return Vec::new();
    }
    let mut forms = Vec::new();
    add_forms(value, Kind::Value, &mut forms);
    add_lines(value, Kind::Line, &wanted, &mut forms);
    for part in parts::parts(value) {
        if has_form(&part) {
            add_forms(&part, Kind::Part, &mut forms);
            add_lines(&part, Kind::Part, &wanted, &mut forms);
        }
    }
    forms.retain(|form| has_form(&form.bytes));
    // Sorted, so that of equal forms the plainest kind is kept.
    forms.sort_unstable();
    forms.dedup_by(|later, first| later.bytes == first.bytes);
    forms
}

fn add_lines(value: &[u8], kind: Kind, wanted: &impl Fn(&[u8]) -> bool, forms: &mut Vec<Form>) {
    if !value.contains(&b'\n') && !value.contains(&b'\r') {
        return;
    }
    let mut add = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        forms.push(Form { bytes, kind });
    };
    let lines = value.split(|byte| matches!(byte, b'\n' | b'\r'));
    for line in lines.filter(|line| wanted(line.trim_ascii())) {
        add(line);
        add(line.trim_ascii());
        add(unpadded(line));
    }
}

/// Adds a text as it is, as `kind`, and all its encodings.
fn add_forms(value: &[u8], kind: Kind, forms: &mut Vec<Form>) {
    let mut add = |kind, bytes| forms.push(Form { bytes, kind });
    add(kind, value.to_vec());
    add(kind, value.trim_ascii().to_vec());
    add(kind, unpadded(value).to_vec());
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
    for form in quoting::shell_forms(value) {
        add(Kind::Shell, form);
    }
    for form in quoting::html_forms(value) {
        add(Kind::Html, form);
    }
    add(Kind::Csv, quoting::csv_form(value));
}

/// Returns a text without the padding of base64, which `cut -d=` and others lose.
fn unpadded(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    &text[..text.len() - padding]
}

/// Reports whether a value has any form.
pub fn has_form(value: &[u8]) -> bool {
    match std::str::from_utf8(value) {
        Ok(text) => text.chars().take(MIN_CHARS).count() == MIN_CHARS,
        Err(_) => value.len() >= MIN_CHARS,
    }
}

/// The columns at which programs wrap base64: PEM and openssl; MIME and coreutils.
pub(crate) const BASE64_COLUMNS: [usize; 2] = [64, 76];

fn base64_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
        for before in 0..3 {
            let mut padded = vec![0; before];
            padded.extend_from_slice(value);
            let mut text = encoding.encode(&padded).into_bytes();
            // The first characters depend on what stands before the value.
            text.drain(..[0, 2, 3][before]);
            // The last one depends on what follows it; at the end of a text it is as computed.
            let shared = usize::from(padded.len() % 3 != 0);
            forms.push(text[..text.len() - shared].to_vec());
            forms.push(text.clone());
            let padding = (3 - padded.len() % 3) % 3;
            text.extend_from_slice(&b"=="[..padding]);
            forms.push(text.clone());
            if before > 0 {
                continue;
            }
            // A value may be followed by a newline, as `echo` writes it.
            let open = &text[..text.len() - padding - shared];
            for columns in BASE64_COLUMNS
                .into_iter()
                .filter(|&columns| text.len() > columns)
            {
                for line_end in [b"\n".as_slice(), b"\r\n"] {
                    forms.push(text.chunks(columns).collect::<Vec<_>>().join(line_end));
                    forms.push(open.chunks(columns).collect::<Vec<_>>().join(line_end));
                }
            }
        }
    }
    forms
}

/// A way to escape text for URLs.
struct KeptInUrls {
    /// What is not escaped, besides letters and digits.
    kept: &'static [u8],
    /// What a space becomes, if it is not escaped.
    space: Option<u8>,
}

const KEPT_IN_URLS: &[KeptInUrls] = &[
    // RFC 3986: Rust, Go's path segments, PHP, curl, Python with `safe=''`.
    KeptInUrls {
        kept: b"-._~",
        space: None,
    },
    // `encodeURIComponent`.
    KeptInUrls {
        kept: b"-._~!*'()",
        space: None,
    },
    // Python's `quote`.
    KeptInUrls {
        kept: b"-._~/",
        space: None,
    },
    // Python's `quote_plus`, Go's query strings.
    KeptInUrls {
        kept: b"-._~",
        space: Some(b'+'),
    },
    // HTML forms.
    KeptInUrls {
        kept: b"-._*",
        space: Some(b'+'),
    },
    // User name and password of a URL, as browsers and node write them.
    KeptInUrls {
        kept: b"-._~!$&'()*+,%",
        space: None,
    },
    // The same in Go.
    KeptInUrls {
        kept: b"-._~$&+,;=",
        space: None,
    },
    // `encodeURI`.
    KeptInUrls {
        kept: b"-._~!*'();/?:@&=+$,#",
        space: None,
    },
];

fn url_escaped(value: &[u8], set: &KeptInUrls, digits: &Encoding) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() * 2);
    for &byte in value {
        match set.space {
            Some(space) if byte == b' ' => out.push(space),
            _ if byte.is_ascii_alphanumeric() || set.kept.contains(&byte) => out.push(byte),
            _ => {
                out.push(b'%');
                out.extend(digits.encode(&[byte]).into_bytes());
            }
        }
    }
    out
}

/// What a JSON writer escapes besides quotes, backslashes and control characters.
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

#[cfg(test)]
mod tests;
