//! Which readers a project uses, from the files in its directory.
//!
//! Takes file names and contents, reads nothing itself. A cautious guess: it looks for the names
//! of packages where they are declared, and a reader that it misses can be named in the
//! configuration.
//!
//! Limits: dependencies of dependencies are not seen; nor is a package that a workspace declares
//! in another directory.

use super::reader::{Reader, Readers};

/// The names of the files that tell something. The caller reads those that exist, and gives each
/// one's name and contents to [`detect_readers`].
pub const PROJECT_FILES: &[&str] = &[
    "package.json",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "Pipfile",
    "setup.cfg",
    "setup.py",
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
    "Cargo.toml",
    "Gemfile",
    "go.mod",
    "composer.json",
    ".envrc",
];

/// The readers that a project seems to use.
///
/// Vite counts only where it is the only one: it hands nothing but `VITE_…` on, and those are for
/// everybody's eyes. A server beside it reads the secrets, and must not be kept from one because
/// Vite, which does not want it, would expand a `$` in it.
pub fn detect_readers(files: &[(&str, &str)]) -> Readers {
    let all = declared_readers(files);
    let others: Readers = all
        .iter()
        .filter(|reader| *reader != Reader::Vite)
        .collect();
    if others.is_empty() { all } else { others }
}

fn declared_readers(files: &[(&str, &str)]) -> Readers {
    let mut found = Readers::NONE;
    for (name, text) in files {
        match *name {
            "package.json" => package_json(text, &mut found),
            "pyproject.toml"
            | "requirements.txt"
            | "requirements-dev.txt"
            | "Pipfile"
            | "setup.cfg"
            | "setup.py" => python(text, &mut found),
            "compose.yaml" | "compose.yml" | "docker-compose.yaml" | "docker-compose.yml" => {
                found.insert(Reader::Compose);
            }
            "Cargo.toml" if declares(text, "dotenvy") => found.insert(Reader::Dotenvy),
            "Gemfile" if declares(text, "dotenv") || declares(text, "dotenv-rails") => {
                found.insert(Reader::RubyDotenv);
            }
            "go.mod" if live_lines(text).any(|l| l.contains("github.com/joho/godotenv")) => {
                found.insert(Reader::Godotenv);
            }
            "composer.json" => composer_json(text, &mut found),
            ".envrc" => {
                let loads = |line: &str| {
                    matches!(
                        line.split_whitespace().next(),
                        Some("dotenv" | "dotenv_if_exists")
                    )
                };
                if live_lines(text).any(loads) {
                    found.insert(Reader::Direnv);
                }
                if live_lines(text).any(sources_env) {
                    found.insert(Reader::Bash);
                }
            }
            _ => {}
        }
    }
    found
}

fn package_json(text: &str, found: &mut Readers) {
    let Ok(package) = serde_json::from_str::<serde_json::Value>(text) else {
        return;
    };
    for section in ["dependencies", "devDependencies", "optionalDependencies"] {
        let Some(names) = package.get(section).and_then(|s| s.as_object()) else {
            continue;
        };
        for (package, reader) in [
            ("dotenv", Reader::NpmDotenv),
            ("dotenv-safe", Reader::NpmDotenv),
            ("dotenv-flow", Reader::NpmDotenv),
            ("@nestjs/config", Reader::NpmDotenv),
            ("dotenv-cli", Reader::DotenvExpand),
            ("dotenv-expand", Reader::DotenvExpand),
            ("@dotenvx/dotenvx", Reader::Dotenvx),
            ("next", Reader::Next),
            ("vite", Reader::Vite),
        ] {
            if names.contains_key(package) {
                found.insert(reader);
            }
        }
    }
    let scripts = package.get("scripts").and_then(|s| s.as_object());
    for script in scripts.into_iter().flat_map(|s| s.values()) {
        let Some(script) = script.as_str() else {
            continue;
        };
        let words: Vec<&str> = script.split_whitespace().collect();
        let env_file = words.iter().any(|word| word.starts_with("--env-file"));
        if env_file && words.iter().any(|word| matches!(*word, "node" | "tsx")) {
            found.insert(Reader::Node);
        }
        if env_file && words.windows(2).any(|pair| pair == ["docker", "run"]) {
            found.insert(Reader::Docker);
        }
        if sources_env(script) {
            found.insert(Reader::Bash);
        }
    }
}

fn python(text: &str, found: &mut Readers) {
    for (package, reader) in [
        ("python-dotenv", Reader::PythonDotenv),
        ("pydantic-settings", Reader::PydanticSettings),
        ("environs", Reader::Environs),
        ("django-environ", Reader::DjangoEnviron),
        ("python-decouple", Reader::PythonDecouple),
    ] {
        if declares(text, package) {
            found.insert(reader);
        }
    }
}

fn composer_json(text: &str, found: &mut Readers) {
    let Ok(composer) = serde_json::from_str::<serde_json::Value>(text) else {
        return;
    };
    for section in ["require", "require-dev"] {
        let Some(names) = composer.get(section).and_then(|s| s.as_object()) else {
            continue;
        };
        for (package, reader) in [
            ("vlucas/phpdotenv", Reader::Phpdotenv),
            ("laravel/framework", Reader::Phpdotenv),
            ("symfony/dotenv", Reader::SymfonyDotenv),
        ] {
            if names.contains_key(package) {
                found.insert(reader);
            }
        }
    }
}

/// `. .env`, `source ./.env` and the like.
fn sources_env(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|'));
    while let Some(word) = words.next() {
        if matches!(word, "." | "source") {
            let file = words.next().unwrap_or("").trim_matches(['"', '\'']);
            if matches!(file, ".env" | "./.env") {
                return true;
            }
        }
    }
    false
}

fn live_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && !line.starts_with("//"))
}

/// Whether a line that is not a comment has this package name as a whole word. `_` and `-` are
/// the same, and case does not count, as in Python's package names.
fn declares(text: &str, package: &str) -> bool {
    live_lines(text).any(|line| {
        line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .any(|word| {
                word.len() == package.len()
                    && word.bytes().zip(package.bytes()).all(|(a, b)| {
                        let a = a.to_ascii_lowercase();
                        a == b || (a == b'_' && b == b'-')
                    })
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(name: &str, text: &str) -> String {
        assert!(PROJECT_FILES.contains(&name), "{name}");
        detect_readers(&[(name, text)]).to_string()
    }

    #[test]
    fn packages_are_found_where_they_are_declared() {
        for (name, text, readers) in [
            (
                "package.json",
                r#"{"dependencies":{"dotenv":"^16"},"devDependencies":{"vite":"5"}}"#,
                "npm-dotenv",
            ),
            (
                "package.json",
                r#"{"devDependencies":{"vite":"5","eslint":"9"}}"#,
                "vite",
            ),
            (
                "package.json",
                r#"{"dependencies":{"@nestjs/config":"4"}}"#,
                "npm-dotenv",
            ),
            (
                "package.json",
                r#"{"dependencies":{"next":"16","@dotenvx/dotenvx":"1"}}"#,
                "dotenvx, next",
            ),
            (
                "package.json",
                r#"{"scripts":{"dev":"node --env-file=.env server.js"}}"#,
                "node",
            ),
            ("package.json", r#"{"name":"dotenv"}"#, ""),
            ("package.json", "not json", ""),
            (
                "pyproject.toml",
                "[project]\ndependencies = [\"python_dotenv>=1.0\", \"Pydantic-Settings\"]\n",
                "python-dotenv, pydantic-settings",
            ),
            (
                "requirements.txt",
                "# python-dotenv\ndjango-environ==0.11\n",
                "django-environ",
            ),
            ("requirements.txt", "my-python-dotenv-fork\n", ""),
            (
                "requirements.txt",
                "python-dotenv[cli]==1\n",
                "python-dotenv",
            ),
            ("compose.yaml", "services: {}\n", "compose"),
            (
                "Cargo.toml",
                "[dependencies]\ndotenvy = \"0.15\"\n",
                "dotenvy",
            ),
            ("Gemfile", "gem 'dotenv-rails'\n", "ruby-dotenv"),
            (
                "go.mod",
                "require github.com/joho/godotenv v1.5.1\n",
                "godotenv",
            ),
            (
                "composer.json",
                r#"{"require":{"laravel/framework":"^11"}}"#,
                "phpdotenv",
            ),
            (".envrc", "# dotenv\nuse flake\n", ""),
            (".envrc", "dotenv_if_exists .env.local\n", "direnv"),
            (".envrc", "set -a; source .env\n", "bash"),
        ] {
            assert_eq!(detect(name, text), readers, "{name}: {text}");
        }
    }

    #[test]
    fn several_files_add_up() {
        let all = detect_readers(&[
            ("compose.yml", ""),
            ("go.mod", "\tgithub.com/joho/godotenv v1.5.1\n"),
            ("README.md", "python-dotenv"),
        ]);
        assert_eq!(all.to_string(), "compose, godotenv");
    }
}
