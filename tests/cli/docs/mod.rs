//! The documents tell the truth: every command of a `console` block is run, in order, in one
//! sandbox a document, and must print what the block shows.
//!
//! In a block, a line that begins with `$ ` is a command (it goes on in the next line behind a `\`,
//! and in lines that begin with `> `); what follows is what it prints on both streams. `…` stands for anything within a line, a
//! line `…` for any lines. The sandbox's home is shown as `/home/me`. Needs bash.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Step {
    line: usize,
    command: String,
    expected: Vec<String>,
}

fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    let mut continued = false;
    for (index, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            inside = line == "```console";
            continued = false;
        } else if inside {
            if continued {
                let step = steps.last_mut().unwrap();
                step.command.push('\n');
                step.command
                    .push_str(line.strip_prefix("> ").unwrap_or(line));
                continued = line.ends_with('\\');
            } else if let Some(command) = line.strip_prefix("$ ") {
                continued = command.ends_with('\\');
                steps.push(Step {
                    line: index + 1,
                    command: command.to_owned(),
                    expected: Vec::new(),
                });
            } else if let Some(step) = steps.last_mut() {
                // A here-document goes on behind `>`, as a shell shows it.
                let more = if line == ">" {
                    Some("")
                } else {
                    line.strip_prefix("> ")
                };
                match more.filter(|_| step.expected.is_empty()) {
                    Some(more) => {
                        step.command.push('\n');
                        step.command.push_str(more);
                    }
                    None => step.expected.push(line.to_owned()),
                }
            }
        }
    }
    steps
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = actual.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn lines_match(expected: &[String], actual: &[&str]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((first, rest)) if first == "…" => {
            (0..=actual.len()).any(|skip| lines_match(rest, &actual[skip..]))
        }
        Some((first, rest)) => actual
            .split_first()
            .is_some_and(|(line, others)| line_matches(first, line) && lines_match(rest, others)),
    }
}

const MARK: &str = "\u{1}step";

fn check(document: &Path) {
    let text = std::fs::read_to_string(document).unwrap();
    let steps = steps(&text);
    if steps.is_empty() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let home_path = home.path().canonicalize().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_secrets"));
    let mut script = String::from("exec 2>&1\ncd \"$HOME\"\n");
    for step in &steps {
        script.push_str(&format!("{}\nprintf '\\n{MARK}\\n'\n", step.command));
    }
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        program.parent().unwrap().display()
    );
    let output = Command::new("bash")
        .args(["--norc", "-c", &script])
        .env_clear()
        .env("HOME", &home_path)
        .env("PATH", path)
        .env("USER", "me")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let shown =
        String::from_utf8_lossy(&output.stdout).replace(home_path.to_str().unwrap(), "/home/me");
    let outputs: Vec<&str> = shown.split(&format!("\n{MARK}\n")).collect();
    assert_eq!(
        outputs.len(),
        steps.len() + 1,
        "{}: a command ended the shell",
        document.display()
    );
    for (step, actual) in steps.iter().zip(outputs) {
        let actual: Vec<&str> = actual.lines().map(str::trim_end).collect();
        let mut expected = step.expected.clone();
        while expected.last().is_some_and(String::is_empty) {
            expected.pop();
        }
        assert!(
            lines_match(&expected, &actual),
            "{}:{}: {}\nshows:\n{}\nprints:\n{}",
            document.display(),
            step.line,
            step.command,
            expected.join("\n"),
            actual.join("\n"),
        );
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    check(&root().join("README.md"));
}

/// The first command of the README, but for the building, in an empty home.
#[test]
fn the_first_command_of_the_readme_stores_a_first_secret_also_with_ci_set() {
    let text = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, block) = text.split_once("```sh\n").unwrap();
    let (command, _) = block.split_once("\n```").unwrap();
    let (build, store) = command.split_once("target/release:$PATH\" && ").unwrap();
    assert!(build.starts_with("cargo build --release --locked && export PATH="));
    let program = Path::new(env!("CARGO_BIN_EXE_secrets"));
    for ci in ["", "true"] {
        let home = tempfile::tempdir().unwrap();
        // Twice: whoever types it again is told nothing that is wrong.
        for _ in 0..2 {
            let output = Command::new("bash")
                .args(["--norc", "-e", "-c", store])
                .env_clear()
                .env("HOME", home.path())
                .env("CI", ci)
                .env(
                    "PATH",
                    format!("{}:/usr/bin:/bin", program.parent().unwrap().display()),
                )
                .current_dir(home.path())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            let found = String::from_utf8_lossy(&output.stdout);
            assert_eq!(found, "1 of 1 agree\n", "{said}");
        }
        let env = std::fs::read_to_string(home.path().join(".env")).unwrap();
        assert!(env.starts_with("API_TOKEN="));
    }
}

#[test]
fn the_documents_show_what_the_program_prints() {
    let mut checked = 0;
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            check(&path);
            checked += 1;
        }
    }
    assert!(checked > 0);
}

fn sources(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

fn first_string(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('"')?;
    Some(rest.split_once('"')?.0)
}

/// The error codes that the sources can give: the strings in every `fn code`, and the first
/// argument of every `Failure::new`.
fn error_codes() -> Vec<String> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let mut codes = Vec::new();
    for text in &files {
        // Tests at the end of a file may make up codes of their own.
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        // The library's errors have `code`, the program's own codes are an enum of their own.
        let is_program = text.contains("enum Code {");
        let function = if is_program { "fn as_str(" } else { "fn code(" };
        for (at, _) in text.match_indices(function) {
            let body = text[at..].split("\n    }\n").next().unwrap();
            codes.extend(
                body.lines()
                    .filter_map(|line| {
                        first_string(line.split_once("=>").map_or(line, |(_, to)| to))
                    })
                    .map(str::to_owned),
            );
        }
    }
    codes.retain(|code| {
        code.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    });
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn every_error_code_is_documented_and_no_other() {
    let document = std::fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let codes = error_codes();
    assert!(codes.len() > 50, "{codes:?}");
    let documented: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(code, _)| code)
        .collect();
    let missing: Vec<_> = codes
        .iter()
        .filter(|code| !documented.contains(&code.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in docs/errors.md: {missing:?}");
    let stale: Vec<_> = documented
        .iter()
        .filter(|code| !codes.iter().any(|known| known == *code))
        .collect();
    assert!(stale.is_empty(), "only in docs/errors.md: {stale:?}");
}

/// The names of tests in a document: `file: name`, or a bare name of several words. Error codes are
/// written the same way and are none.
fn named_tests(document: &str) -> Vec<(Option<&str>, &str)> {
    let codes = error_codes();
    let spans = document.split('`').skip(1).step_by(2);
    spans
        .filter_map(|span| {
            let (file, name) = match span.split_once(": ") {
                Some((file, name)) => (Some(file), name),
                None => (None, span),
            };
            let is_name = name.matches('_').count() >= 3
                && name
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            let is_code = codes.iter().any(|code| code == name);
            (is_name && !is_code).then_some((file, name))
        })
        .collect()
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let document = std::fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let mut all = Vec::new();
    for dir in ["src", "tests"] {
        sources(&root().join(dir), &mut all);
    }
    let all = all.concat();
    let named = named_tests(&document);
    assert!(named.len() > 40, "{named:?}");
    for (file, name) in named {
        let text = match file {
            Some(file) => std::fs::read_to_string(root().join(file)).unwrap(),
            None => all.clone(),
        };
        assert!(text.contains(&format!("fn {name}(")), "{file:?}: {name}");
    }
    assert_eq!(
        named_tests("`a_b` `entry_forged` `age_not_for_us` `x: a_b_c_d`"),
        [(Some("x"), "a_b_c_d")]
    );
}

#[test]
fn a_wrong_output_would_be_noticed() {
    assert!(lines_match(
        &["a … c".into(), "…".into(), "z".into()],
        &["a b c", "x", "y", "z"]
    ));
    assert!(!lines_match(&["a … c".into()], &["a b d"]));
    assert!(!lines_match(&["a".into()], &["a", "b"]));
    assert!(!lines_match(&["a".into(), "b".into()], &["a"]));
}
