//! Quoting for shells, HTML and CSV.

fn replaced<'t>(value: &[u8], instead: impl Fn(u8) -> Option<&'t [u8]>) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    for &byte in value {
        match instead(byte) {
            Some(text) => out.extend_from_slice(text),
            None => out.push(byte),
        }
    }
    out
}

/// Returns a value as shells quote it, without the quotes around it.
pub(super) fn shell_forms(value: &[u8]) -> Vec<Vec<u8>> {
    // Between single quotes: shells, Python's `shlex`, a few hand-made ways.
    let quotes = [br"'\''".as_slice(), br#"'"'"'"#, br"\'", b"''"];
    let mut forms: Vec<Vec<u8>> = quotes
        .into_iter()
        .map(|quote| replaced(value, |byte| (byte == b'\'').then_some(quote)))
        .collect();
    // `export -p` and `declare -p` of bash: between double quotes.
    forms.push(backslashed(value, |byte| b"\"$`\\".contains(&byte)));
    // `printf %q` of bash and of zsh. Commas are quoted by bash only.
    let is_special = |byte: u8| b" \t!\"#$&'()*;<>?[\\]^`{|}~".contains(&byte);
    forms.push(backslashed(value, is_special));
    forms.push(backslashed(value, |byte| is_special(byte) || byte == b','));
    // `~` and `#` have a meaning at the beginning only.
    let is_special_inside = |byte: u8| is_special(byte) && !b"#~".contains(&byte) || byte == b',';
    forms.push(backslashed(value, is_special_inside));
    // The same of a value with control characters: `$'…'`.
    for keep_high in [true, false] {
        forms.push(ansi_c_quoted(value, keep_high));
    }
    forms
}

fn backslashed(value: &[u8], is_special: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    for &byte in value {
        if is_special(byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}

/// Returns a value as it stands between `$'` and `'`. Bytes over 0x7f are octal numbers unless
/// `keep_high`.
fn ansi_c_quoted(value: &[u8], keep_high: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 16);
    for &byte in value {
        let letter = match byte {
            0x07 => b'a',
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0b => b'v',
            0x0c => b'f',
            b'\r' => b'r',
            0x1b => b'E',
            b'\\' | b'\'' => byte,
            0..0x20 | 0x7f => {
                out.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                continue;
            }
            0x80.. if !keep_high => {
                out.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                continue;
            }
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
    out
}

/// Returns a value as writers of HTML and XML escape it.
pub(super) fn html_forms(value: &[u8]) -> Vec<Vec<u8>> {
    /// What a double and a single quote become; `None`: they stay.
    type Quotes = (Option<&'static [u8]>, Option<&'static [u8]>);
    const QUOTES: &[Quotes] = &[
        // Text between tags.
        (None, None),
        // Attributes: PHP before 8.1, JavaScript.
        (Some(b"&quot;"), None),
        // Ruby, lodash, React.
        (Some(b"&quot;"), Some(b"&#39;")),
        // PHP.
        (Some(b"&quot;"), Some(b"&#039;")),
        // Python.
        (Some(b"&quot;"), Some(b"&#x27;")),
        // XML.
        (Some(b"&quot;"), Some(b"&apos;")),
        // Go.
        (Some(b"&#34;"), Some(b"&#39;")),
    ];
    QUOTES
        .iter()
        .map(|&(double, single)| {
            replaced(value, |byte| match byte {
                b'&' => Some(b"&amp;".as_slice()),
                b'<' => Some(b"&lt;".as_slice()),
                b'>' => Some(b"&gt;".as_slice()),
                b'"' => double,
                b'\'' => single,
                _ => None,
            })
        })
        .collect()
}

/// Returns a value as it stands in a quoted field of CSV.
pub(super) fn csv_form(value: &[u8]) -> Vec<u8> {
    replaced(value, |byte| (byte == b'"').then_some(b"\"\"".as_slice()))
}
