//! A step of GitHub Actions: commands that mask the values, and the file of `$GITHUB_ENV`.

use super::{capacity, replacing};
use data_encoding::HEXLOWER;

use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::model::variables::Variable;

/// One command for each line of each value: the runner masks line by line. A line of nothing but
/// white space cannot be masked and would only draw a warning.
pub(super) fn masks(variables: &[Variable]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(2 * capacity(variables));
    for variable in variables {
        for line in variable
            .value
            .expose()
            .split(|b| matches!(b, b'\n' | b'\r'))
        {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            out.push(b"::add-mask::");
            // The line has no line breaks; their escapes are here for whoever changes the split.
            replacing(&mut out, line, |byte| match byte {
                b'%' => Some(b"%25"),
                b'\r' => Some(b"%0D"),
                b'\n' => Some(b"%0A"),
                _ => None,
            });
            out.push(b"\n");
        }
    }
    out.finish()
}

/// `NAME<<delimiter`, the value, the delimiter on a line of its own.
pub(super) fn assignments(variables: &[Variable], random: &[u8; 16]) -> SecretBytes {
    let mut delimiter = format!("secrets_{}", HEXLOWER.encode(random));
    // That a value holds it by chance does not happen; that it does on purpose takes a broken
    // source of randomness. Either way it must not end the value.
    while variables
        .iter()
        .any(|one| contains(one.value.expose(), delimiter.as_bytes()))
    {
        delimiter.push('_');
    }
    let mut out = SecretBuilder::with_capacity(capacity(variables) + variables.len() * 100);
    for variable in variables {
        out.push(variable.name.as_str().as_bytes());
        out.push(b"<<");
        out.push(delimiter.as_bytes());
        out.push(b"\n");
        out.push(variable.value.expose());
        out.push(b"\n");
        out.push(delimiter.as_bytes());
        out.push(b"\n");
    }
    out.finish()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::env_file::Readers;
    use crate::export::testing::{nasty, variables};
    use crate::export::{Format, export};

    /// What GitHub's runner reads from the file of `$GITHUB_ENV`.
    fn github(mut file: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
        let mut read = BTreeMap::new();
        let line = |file: &mut &[u8]| {
            let at = file.iter().position(|byte| *byte == b'\n')?;
            let line = &file[..at];
            *file = &file[at + 1..];
            Some(line.to_vec())
        };
        while let Some(first) = line(&mut file) {
            let first = String::from_utf8(first).ok()?;
            let (name, delimiter) = first.split_once("<<")?;
            let mut lines = Vec::new();
            loop {
                match line(&mut file)? {
                    end if end == delimiter.as_bytes() => break,
                    more => lines.push(more),
                }
            }
            read.insert(name.to_owned(), lines.join(&b'\n'));
        }
        file.is_empty().then_some(read)
    }

    #[test]
    fn github_gets_the_very_bytes_and_a_mask_for_each_line() {
        let values = nasty();
        let values: Vec<&[u8]> = values
            .iter()
            .map(Vec::as_slice)
            .filter(|value| !value.ends_with(b"\r"))
            .collect();
        let variables = variables(&values);
        let exported = export(Format::Github, &variables, &Readers::NONE, [7; 16]).unwrap();
        let read = github(exported.assignments.unwrap().expose()).unwrap();
        for variable in &variables {
            assert!(read[variable.name.as_str()] == variable.value.expose());
        }
        let masks = String::from_utf8(exported.text.expose().to_vec()).unwrap();
        let masks: Vec<&str> = masks.lines().collect();
        for value in values {
            for line in std::str::from_utf8(value).unwrap().split(['\n', '\r']) {
                let mask = format!("::add-mask::{}", line.replace('%', "%25"));
                let blank = line.bytes().all(|byte| byte.is_ascii_whitespace());
                assert_eq!(masks.contains(&mask.as_str()), !blank, "{line:?}");
            }
        }
    }

    #[test]
    fn githubs_delimiter_is_in_no_value() {
        let expected = format!("secrets_{}", HEXLOWER.encode(&[7; 16]));
        let value = format!("x\n{expected}\n{expected}_\nEVIL=1\n");
        let variables = variables(&[value.as_bytes()]);
        let exported = export(Format::Github, &variables, &Readers::NONE, [7; 16]).unwrap();
        let read = github(exported.assignments.unwrap().expose()).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read["VALUE_0"] == value.as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_text_comes_through(value in "[^\\x00]{1,60}") {
            prop_assume!(!value.ends_with('\r'));
            let variables = variables(&[value.as_bytes()]);
            let exported = export(Format::Github, &variables, &Readers::NONE, [7; 16]).unwrap();
            let read = github(exported.assignments.unwrap().expose()).unwrap();
            prop_assert_eq!(&read["VALUE_0"][..], value.as_bytes());
        }
    }
}
