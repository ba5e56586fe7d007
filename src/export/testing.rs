//! What the tests of all formats share: values that hurt, and programs to read them.

use crate::model::key_path::KeyPath;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;
pub(super) use skipped::skipped;

#[allow(
    unreachable_pub,
    reason = "the whole-program tests have it as a module too"
)]
#[path = "../../tests/support/skipped.rs"]
mod skipped;

pub(super) const FORMATS: [Format; 8] = [
    Format::Dotenv,
    Format::Shell,
    Format::Fish,
    Format::Powershell,
    Format::Json,
    Format::Docker,
    Format::Systemd,
    Format::Github,
];

pub(super) fn variables(values: &[&[u8]]) -> Vec<Variable> {
    (0..)
        .zip(values)
        .map(|(i, value)| named(&format!("VALUE_{i}"), value))
        .collect()
}

pub(super) fn named(name: &str, value: &[u8]) -> Variable {
    Variable {
        name: EnvName::existing(name).unwrap(),
        secret: Some(crate::model::variables::Stored {
            key_path: KeyPath::parse("project/x/y").unwrap(),
            version: crate::model::version::Version::FIRST,
        }),
        value: SecretBytes::copy_of(value),
    }
}

pub(super) fn text(format: Format, variables: &[Variable]) -> Vec<u8> {
    let exported = export(format, variables, &Readers::NONE, [7; 16]).unwrap();
    exported.text.expose().to_vec()
}

pub(super) fn reason(format: Format, variable: Variable) -> Option<ExportFault> {
    match export(format, &[variable], &Readers::NONE, [7; 16]) {
        Ok(_) => None,
        Err(error) => Some(error.reason),
    }
}

/// Values that hurt: quotes of all kinds, what shells expand, line breaks, ends of lines.
pub(super) fn nasty() -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = [
        "plain",
        " blanks at both ends ",
        "it's",
        "''",
        "'; touch canary; '",
        "a\"b",
        "$HOME ${HOME} $(id) `id`",
        "back\\slash\\",
        "\\'\\\"\\$\\n",
        "line\nbreak",
        "ends in a line break\n",
        "\n\nbegins with two",
        "a\r\nb\rc",
        "-----BEGIN KEY-----\nTUlJ\n-----END KEY-----\n",
        "tab\tbell\x07escape\x1b[31mdelete\x7f",
        "=#!&|;<>()[]{}*?~^%",
        "# comment",
        "NAME=value\nOTHER=value",
        "Grüße, 日本, 🦀",
        "‘typographic’ ‚quotes‛ “of” „all kinds”",
        "\u{feff}bom",
        "\u{202e}turned",
        "-n",
        "--",
        "%25 %0A ::add-mask::x",
        "<<EOF",
        "@x",
        "a,b",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    for byte in 1..=127u8 {
        values.push(vec![byte]);
        values.push(vec![b'x', byte, byte, b'x']);
    }
    values.push(vec![b'x'; 100_000]);
    values
}

/// What a shell's child gets after the shell has read `text` the way `script` says.
pub(super) fn through(
    program: &str,
    script: &str,
    text: &[u8],
) -> Option<BTreeMap<String, Vec<u8>>> {
    let mut child = match Command::new(program)
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
    {
        Ok(child) => child,
        Err(_) => {
            skipped(&format!("{program} is not on this machine"));
            return None;
        }
    };
    let mut stdin = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&text));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{program}");
    let variables = output.stdout.split(|byte| *byte == 0);
    Some(
        variables
            .filter_map(|one| {
                let at = one.iter().position(|byte| *byte == b'=')?;
                let name = String::from_utf8(one[..at].to_vec()).ok()?;
                Some((name, one[at + 1..].to_vec()))
            })
            .collect(),
    )
}

pub(super) fn assert_came_through(program: &str, script: &str, format: Format, values: &[Vec<u8>]) {
    // Linux passes on 2 MiB at most.
    for values in values.chunks(64) {
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        let variables = variables(&values);
        let Some(got) = through(program, script, &text(format, &variables)) else {
            return;
        };
        for variable in &variables {
            assert_eq!(
                got.get(variable.name.as_str()).map(Vec::as_slice),
                Some(variable.value.expose()),
                "{program}: {}",
                variable.name
            );
        }
    }
}

pub(super) const EVAL: &str = "eval \"$(cat)\"; exec env -0";
