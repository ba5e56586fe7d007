//! Files for programs that are no shell: JSON, systemd, and what Docker takes.

use super::{capacity, replacing};
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::model::variables::Variable;

/// Docker's scanner gives up on a line of this length, line end not counted.
pub(super) const DOCKER_LINE: usize = 64 << 10;

/// Docker takes a line as it stands.
pub(super) fn docker_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(value);
}

/// An object of strings, one member a line, in pure ASCII but for the values' own characters.
pub(super) fn json(variables: &[Variable]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    out.push(b"{");
    for (i, variable) in variables.iter().enumerate() {
        out.push(if i > 0 { b",\n  " } else { b"\n  " });
        json_string(&mut out, variable.name.as_str().as_bytes());
        out.push(b": ");
        json_string(&mut out, variable.value.expose());
    }
    out.push(if variables.is_empty() {
        b"}\n"
    } else {
        b"\n}\n"
    });
    out.finish()
}

pub(super) fn json_string(out: &mut SecretBuilder, text: &[u8]) {
    const CONTROL: [&[u8]; 32] = [
        br"\u0000", br"\u0001", br"\u0002", br"\u0003", br"\u0004", br"\u0005", br"\u0006",
        br"\u0007", br"\b", br"\t", br"\n", br"\u000b", br"\f", br"\r", br"\u000e", br"\u000f",
        br"\u0010", br"\u0011", br"\u0012", br"\u0013", br"\u0014", br"\u0015", br"\u0016",
        br"\u0017", br"\u0018", br"\u0019", br"\u001a", br"\u001b", br"\u001c", br"\u001d",
        br"\u001e", br"\u001f",
    ];
    out.push(b"\"");
    replacing(out, text, |byte| match byte {
        b'"' => Some(br#"\""#),
        b'\\' => Some(br"\\"),
        0x7f => Some(br"\u007f"),
        byte => CONTROL.get(usize::from(byte)).copied(),
    });
    out.push(b"\"");
}

/// systemd drops a backslash before these four in double quotes, and takes all else as it stands,
/// line breaks too.
pub(super) fn systemd_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"\"");
    replacing(out, value, |byte| match byte {
        b'"' => Some(br#"\""#),
        b'\\' => Some(br"\\"),
        b'`' => Some(br"\`"),
        b'$' => Some(br"\$"),
        _ => None,
    });
    out.push(b"\"");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::env_file::{Reader, Readers, misreaders};
    use crate::export::testing::{assert_came_through, nasty, text, variables};
    use crate::export::{Format, export};

    #[test]
    fn a_sourced_file_for_systemd_is_one_for_a_shell_too() {
        let script = "set -a; eval \"$(cat)\"; exec env -0";
        assert_came_through("bash", script, Format::Systemd, &nasty());
    }

    #[test]
    fn systemd_reads_the_very_bytes() {
        let systemd: Readers = [Reader::Systemd].into_iter().collect();
        for value in nasty() {
            let written = text(Format::Systemd, &variables(&[&value]));
            let raw = written.strip_prefix(b"VALUE_0=").unwrap();
            let raw = raw.strip_suffix(b"\n").unwrap();
            let value = SecretBytes::new(value);
            assert_eq!(misreaders(raw, &value, &systemd), []);
        }
    }

    #[test]
    fn docker_reads_the_very_bytes_or_is_not_given_them() {
        let docker: Readers = [Reader::Docker].into_iter().collect();
        let mut refused = 0;
        for value in nasty() {
            let variables = variables(&[&value]);
            let Ok(exported) = export(Format::Docker, &variables, &Readers::NONE, [7; 16]) else {
                refused += 1;
                continue;
            };
            let raw = exported.text.expose().strip_prefix(b"VALUE_0=").unwrap();
            let raw = raw.strip_suffix(b"\n").unwrap();
            assert_eq!(misreaders(raw, &variables[0].value, &docker), []);
        }
        // Those with a line feed or a CR at the end, and the one that is too long.
        let unfit = |value: &Vec<u8>| {
            value.contains(&b'\n') || value.ends_with(b"\r") || value.len() > 65_000
        };
        assert_eq!(refused, nasty().iter().filter(|value| unfit(value)).count());
    }

    #[test]
    fn json_is_an_object_of_strings() {
        let values = nasty();
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        let variables = variables(&values);
        let read: BTreeMap<String, String> =
            serde_json::from_slice(&text(Format::Json, &variables)).unwrap();
        assert_eq!(read.len(), variables.len());
        for variable in &variables {
            let value = read.get(variable.name.as_str()).unwrap();
            assert!(value.as_bytes() == variable.value.expose());
        }
        assert_eq!(text(Format::Json, &[]), b"{}\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_text_comes_through_json(value in "[^\\x00]{1,60}") {
            let written = text(Format::Json, &variables(&[value.as_bytes()]));
            let read: BTreeMap<String, String> = serde_json::from_slice(&written).unwrap();
            prop_assert_eq!(&read["VALUE_0"], &value);
        }

        #[test]
        fn any_text_comes_through_systemd_and_bash(value in "[^\\x00]{1,60}") {
            let written = text(Format::Systemd, &variables(&[value.as_bytes()]));
            let raw = &written["VALUE_0=".len()..written.len() - 1];
            let value = SecretBytes::from(value.as_str());
            let both: Readers = [Reader::Systemd, Reader::Bash].into_iter().collect();
            prop_assert_eq!(misreaders(raw, &value, &both), []);
        }
    }
}
