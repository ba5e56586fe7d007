//! A few dozen ordinary and malformed env files, each parsed, edited with values of every kind, and
//! checked. They are also the seeds of the fuzz target.

#[allow(unreachable_pub, reason = "the fuzz target has it as a module too")]
mod check;

use std::collections::BTreeMap;
use std::path::Path;

use check::check;
use secrets::env_file::EnvFile;
use secrets::model::secret::SecretBytes;

const VALUES: &[&str] = &[
    "new",
    "two words",
    "it's",
    "say \"hi\"",
    "it's \"so\"",
    "pa$$word",
    "${HOME}",
    "C:\\dir\\",
    "a #b",
    "one\ntwo\n",
    "x\nA=2",
    "x\r\ny",
    "back`tick",
    "$(id)",
    "{\n  \"a\": \"b\"\n}",
    "",
];

fn corpus() -> BTreeMap<String, Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library/env_corpus");
    let files = std::fs::read_dir(dir).unwrap().filter_map(|entry| {
        let path = entry.unwrap().path();
        let is_env = path.extension().is_some_and(|extension| extension == "env");
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        is_env.then(|| (stem, std::fs::read(path).unwrap()))
    });
    files.collect()
}

#[test]
fn every_edit_of_every_file_is_correct_or_refused() {
    let corpus = corpus();
    assert!(corpus.len() >= 50, "{}", corpus.len());
    for (name, file) in &corpus {
        for value in VALUES {
            let _ = check(file, value);
        }
        // Truncated, as by a full disk.
        for end in (0..file.len().min(200)).step_by(17) {
            let _ = check(&file[..end], "new");
        }
        println!("{name}: {} bytes", file.len());
    }
}

/// Lists which files refuse an edit, and why, so that a change of the parser shows here.
#[test]
fn only_ambiguous_files_refuse_an_edit() {
    let refused: Vec<String> = corpus()
        .iter()
        .filter_map(|(name, file)| {
            let error = check(file, "new").err()?;
            Some(match error {
                secrets::env_file::EditError::Uncertain { line, reason, .. } => {
                    format!("{name} {line} {}", reason.code())
                }
                other => format!("{name} {}", other.code()),
            })
        })
        .collect();
    assert_eq!(refused, REFUSED);
}

/// Lists the files of the corpus that are not env files.
#[test]
fn files_of_other_kinds_are_recognised() {
    let other: Vec<String> = corpus()
        .into_iter()
        .filter_map(|(name, file)| {
            let file = EnvFile::parse(SecretBytes::new(file));
            Some(format!("{name} {}", file.not_env_file()?.id()))
        })
        .collect();
    assert_eq!(other, ["nul nul", "utf16-be utf16", "utf16-le utf16"]);
}

/// File, line and reason.
const REFUSED: &[&str] = &[
    "backslash-before-quote 1 backslash_before_quote",
    "bom-in-the-middle 2 odd_space",
    "colon 2 colon_form",
    "continued-value 2 continued",
    "cr-in-a-comment 1 lone_cr",
    "heredoc 1 continued",
    "lone-cr 1 lone_cr",
    "many-quotes 1 text_after_quote",
    "nul 2 nul",
    "odd-space 1 odd_space",
    "odd-space-behind 2 odd_space",
    "quoted-name 3 unclosed_quote",
    "two-on-a-line 1 two_assignments",
    "unclosed-double-of-its-own 2 unclosed_quote",
    "unclosed-single 1 unclosed_quote",
    "utf16-be 1 utf16",
    "utf16-le 1 utf16",
    "windows 2 unclosed_quote",
];
