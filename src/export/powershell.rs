//! Text for PowerShell.

use super::replacing;
use crate::model::secret::SecretBuilder;

/// A string in single quotes; if it holds anything but printable ASCII, pieces that are joined.
///
/// A single-quoted string may hold line breaks and any character, and needs its quotes doubled,
/// also the four typographic ones that PowerShell takes for quotes. But on its way from a native
/// program the text is split into lines and put together with the line ends of the system, and is
/// decoded with the console's code page. So everything that could suffer is written as a number
/// (of UTF-16, which is what PowerShell's strings are), and each assignment is one line of ASCII.
pub(super) fn expression(out: &mut SecretBuilder, value: &[u8]) {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let quoted = |out: &mut SecretBuilder, piece: &[u8]| {
        out.push(b"'");
        replacing(out, piece, |byte| (byte == b'\'').then_some(b"''"));
        out.push(b"'");
    };
    if value.iter().all(plain) {
        return quoted(out, value);
    }
    out.push(b"-join @(");
    // It was checked that this is text.
    let text = std::str::from_utf8(value).unwrap_or_default();
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        if !std::mem::take(&mut first) {
            out.push(b",");
        }
        let run = rest.bytes().take_while(|byte| plain(byte)).count();
        if run > 0 {
            quoted(out, &rest.as_bytes()[..run]);
            rest = &rest[run..];
            continue;
        }
        let mut chars = rest.chars();
        let mut units = [0; 2];
        for (i, unit) in chars
            .next()
            .unwrap_or_default()
            .encode_utf16(&mut units)
            .iter()
            .enumerate()
        {
            if i > 0 {
                out.push(b",");
            }
            out.push(format!("([char]0x{unit:04X})").as_bytes());
        }
        rest = chars.as_str();
    }
    out.push(b")");
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use crate::export::Format;
    use crate::export::testing::{assert_came_through, nasty, text, variables};

    /// What PowerShell makes of one line: an assignment of a string in single quotes, in which a
    /// quote of any kind is doubled, or of such strings and characters, joined.
    fn powershell(line: &str) -> Option<(String, String)> {
        let (name, mut rest) = line.strip_prefix("$env:")?.split_once(" = ")?;
        let mut units: Vec<u16> = Vec::new();
        let joined = match rest.strip_prefix("-join @(") {
            Some(list) => {
                rest = list.strip_suffix(")")?;
                true
            }
            None => false,
        };
        let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
        loop {
            if let Some(number) = rest.strip_prefix("([char]0x").filter(|_| joined) {
                let (digits, more) = number.split_once(')')?;
                units.push(u16::from_str_radix(digits, 16).ok()?);
                rest = more;
            } else {
                let mut chars = rest.strip_prefix('\'')?.chars();
                loop {
                    match chars.next()? {
                        c if is_quote(c) => {
                            let mut ahead = chars.clone();
                            match ahead.next() {
                                Some(c) if is_quote(c) => {
                                    units.extend(c.encode_utf16(&mut [0; 2]).iter());
                                    chars = ahead;
                                }
                                _ => break,
                            }
                        }
                        c => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
                    }
                }
                rest = chars.as_str();
            }
            match rest.strip_prefix(',').filter(|_| joined) {
                Some(more) => rest = more,
                None if rest.is_empty() => break,
                None => return None,
            }
        }
        Some((name.to_owned(), String::from_utf16(&units).ok()?))
    }

    #[test]
    fn powershell_gets_each_value_in_one_line_of_ascii() {
        for value in nasty() {
            let written = text(Format::Powershell, &variables(&[&value]));
            let line = written.strip_suffix(b"\n").unwrap();
            assert!(line.iter().all(|byte| matches!(byte, b' '..=b'~')));
            let (name, read) = powershell(std::str::from_utf8(line).unwrap()).unwrap();
            assert_eq!(name, "VALUE_0");
            assert!(read.as_bytes() == value);
        }
        let some = variables(&[b"it's", "a\n’".as_bytes()]);
        assert_eq!(
            String::from_utf8(text(Format::Powershell, &some)).unwrap(),
            "$env:VALUE_0 = 'it''s'\n\
             $env:VALUE_1 = -join @('a',([char]0x000A),([char]0x2019))\n"
        );
        let pwsh = "($input | Out-String) | Invoke-Expression; & env -0";
        // No registry that this project uses has it: where it is there, it is asked.
        if Command::new("pwsh").arg("-v").output().is_ok() {
            assert_came_through("pwsh", pwsh, Format::Powershell, &nasty());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_text_comes_through(value in "[^\\x00]{1,60}") {
            let written = text(Format::Powershell, &variables(&[value.as_bytes()]));
            let line = std::str::from_utf8(&written).unwrap().strip_suffix('\n').unwrap();
            prop_assert_eq!(powershell(line).unwrap().1, value);
        }
    }
}
