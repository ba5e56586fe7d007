//! GNU make, with `include .env` in the Makefile and the variables exported.
//!
//! A line is `NAME = value` in make's own syntax: quotes are literal, `$` begins a reference and
//! `$$` is a dollar sign, `#` begins a comment anywhere, and blanks at the end of the line belong
//! to the value. Measured with GNU make 4.3.
//!
//! Limits: directives (`ifdef`, `define`, `include`) and continued values are not modelled.

use super::{Reading, find, is_word, trim_start, without_bom};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// Lines that begin with one of these words are directives.
const DIRECTIVES: &[&[u8]] = &[
    b"include",
    b"-include",
    b"sinclude",
    b"define",
    b"endef",
    b"undefine",
    b"ifdef",
    b"ifndef",
    b"ifeq",
    b"ifneq",
    b"else",
    b"endif",
    b"override",
    b"private",
    b"unexport",
    b"vpath",
    b"load",
    b"-load",
];

pub(super) fn include(file: &[u8]) -> Option<Reading> {
    if file.contains(&0) {
        return None;
    }
    let text = without_bom(file);
    let mut out = Reading::default();
    let mut at = 0;
    let mut after_rule = false;
    while at < text.len() {
        let (line, next, is_continued) = logical_line(text, at);
        at = next;
        if line.first() == Some(&b'\t') && after_rule {
            continue; // a line of a recipe
        }
        let line = trim_start(line, is_blank);
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let line = without_comment(line);
        let mut line = trim_start(line.expose(), is_blank);
        if line.is_empty() {
            continue;
        }
        let mut first = word(line);
        if first == b"export" && assignment(line).is_none() {
            line = trim_start(&line[first.len()..], is_blank);
            if assignment(line).is_none() {
                continue; // exports variables that are defined elsewhere
            }
            first = word(line);
        }
        match assignment(line) {
            Some((name, operator, value)) => {
                after_rule = false;
                let value = match operator {
                    _ if is_continued => None,
                    b"=" | b":=" | b"::=" => expand(value, &mut out.runs),
                    b"!=" => {
                        out.runs = true;
                        None
                    }
                    _ => None,
                };
                let is_exported = name.iter().all(|byte| is_word(*byte));
                out.set(name, value.filter(|_| is_exported));
            }
            None if DIRECTIVES.contains(&first) => return None,
            // A rule.
            None if line.contains(&b':') => after_rule = true,
            None => return None,
        }
    }
    Some(out)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// Returns the line at an offset, the offset of the next one, and whether a backslash joins
/// further lines to it.
fn logical_line(text: &[u8], start: usize) -> (&[u8], usize, bool) {
    let mut from = start;
    let mut is_continued = false;
    loop {
        let lf = find(b'\n', text, from);
        let end = lf.unwrap_or(text.len());
        let line = &text[start..end];
        let line = match lf {
            Some(_) => line.strip_suffix(b"\r").unwrap_or(line),
            None => line,
        };
        let backslashes = line.iter().rev().take_while(|b| **b == b'\\').count();
        match lf {
            Some(lf) if backslashes % 2 == 1 => {
                is_continued = true;
                from = lf + 1;
            }
            _ => return (line, lf.map_or(text.len(), |lf| lf + 1), is_continued),
        }
    }
}

/// Returns a line up to its comment. Backslashes right before a `#` are halved; an odd one keeps the `#`.
fn without_comment(line: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(line.len());
    let mut backslashes = 0usize;
    for byte in line {
        match byte {
            b'\\' => {
                backslashes += 1;
                continue;
            }
            b'#' => {
                for _ in 0..backslashes / 2 {
                    out.push(b"\\");
                }
                if backslashes.is_multiple_of(2) {
                    return out.finish();
                }
                backslashes = 0;
            }
            _ => {
                for _ in 0..std::mem::take(&mut backslashes) {
                    out.push(b"\\");
                }
            }
        }
        out.push(&[*byte]);
    }
    for _ in 0..backslashes {
        out.push(b"\\");
    }
    out.finish()
}

fn word(line: &[u8]) -> &[u8] {
    let end = line.iter().position(|byte| is_blank(*byte));
    &line[..end.unwrap_or(line.len())]
}

/// Splits `NAME operator value`; `None` if the line is no definition.
fn assignment(line: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let end = line
        .iter()
        .position(|byte| is_blank(*byte) || matches!(byte, b'=' | b':' | b'?' | b'+' | b'!'))?;
    let name = &line[..end];
    let rest = trim_start(&line[end..], is_blank);
    let operators: [&[u8]; 6] = [b"=", b":=", b"::=", b"?=", b"+=", b"!="];
    let operator = operators
        .into_iter()
        .find(|operator| rest.starts_with(operator))?;
    let value = trim_start(&rest[operator.len()..], is_blank);
    (!name.is_empty()).then_some((name, operator, value))
}

/// `$$` is `$`, and so is a `$` at the end; any other `$` begins a reference.
fn expand(value: &[u8], runs: &mut bool) -> Option<SecretBytes> {
    let mut out = SecretBuilder::with_capacity(value.len());
    let mut is_known = true;
    let mut at = 0;
    while at < value.len() {
        if value[at] == b'$' {
            match value.get(at + 1) {
                Some(b'$') => at += 1,
                None => {}
                Some(b'(' | b'{') => {
                    let inner = trim_start(&value[at + 2..], is_blank);
                    *runs |= word(inner) == b"shell";
                    is_known = false;
                }
                Some(_) => is_known = false,
            }
        }
        out.push(&value[at..=at]);
        at += 1;
    }
    is_known.then(|| out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks each text against what GNU make 4.3 passes to a recipe.
    #[test]
    fn reads_as_gnu_make_does() {
        for (raw, value) in [
            ("a b  ", Some("a b  ")),
            ("\"q d\"", Some("\"q d\"")),
            ("a$$b", Some("a$b")),
            ("a#b", Some("a")),
            ("a\\#b", Some("a#b")),
            ("a\\\\#b", Some("a\\")),
            ("v # c", Some("v ")),
            ("x$", Some("x$")),
            ("x$ y", None),
            ("it's", Some("it's")),
            ("\\q\\\\", Some("\\q\\\\")),
            ("a:b=c", Some("a:b=c")),
            ("`x`", Some("`x`")),
            ("$$(id)", Some("$(id)")),
            ("\\$$x", Some("\\$x")),
            ("é", Some("é")),
            ("$(X)", None),
            ("a\\\nb", None),
        ] {
            let file = format!("A=1\nK={raw}\nZ=2\n");
            let found = include(file.as_bytes()).unwrap_or_else(|| panic!("{raw:?}"));
            let text = found.get(b"K").map(|value| value.as_str().unwrap());
            assert_eq!(text, value, "{raw:?}");
            assert!(found.get(b"Z").is_some(), "{raw:?}");
        }
        for (file, value) in [
            ("K=v\r\n", "v"),
            ("\u{feff}K=v\n", "v"),
            ("K = v\n", "v"),
            ("K:=v\n", "v"),
            ("  export K=v\n", "v"),
            ("# c \\\nA=1\nK=v\n", "v"),
            ("\tK=v\n", "v"),
            ("A: b\n\tcommand\nK=v\n", "v"),
            ("export K\nK=v\n", "v"),
        ] {
            let found = include(file.as_bytes()).unwrap_or_else(|| panic!("{file:?}"));
            assert_eq!(
                found.get(b"K").unwrap().expose(),
                value.as_bytes(),
                "{file:?}"
            );
        }
        for file in ["K=\"a\nb\"\n", "NAME\n", "ifdef A\n", "K=a\0b\n", "A B=c\n"] {
            assert!(include(file.as_bytes()).is_none(), "{file:?}");
        }
        assert!(include(b"K=$(shell id)\n").unwrap().runs);
        assert!(include(b"K!=id\n").unwrap().runs);
    }
}
