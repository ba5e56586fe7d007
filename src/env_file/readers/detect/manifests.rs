//! Dependencies that read env files, in the manifests of each language.

use super::commands::{Script, commands};
use super::live_lines;
use crate::env_file::readers::reader::{Reader, Readers};

pub(super) fn package_json(text: &str, found: &mut Readers) {
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
            ("dotenv-webpack", Reader::NpmDotenv),
            ("@nestjs/config", Reader::NpmDotenv),
            ("nuxt", Reader::NpmDotenv),
            ("dotenv-cli", Reader::DotenvExpand),
            ("dotenv-expand", Reader::DotenvExpand),
            ("react-scripts", Reader::DotenvExpand),
            ("@dotenvx/dotenvx", Reader::Dotenvx),
            ("next", Reader::Next),
            ("vite", Reader::Vite),
            ("astro", Reader::Vite),
            ("@sveltejs/kit", Reader::Vite),
        ] {
            if names.contains_key(package) {
                found.insert(reader);
            }
        }
    }
    let scripts = package.get("scripts").and_then(|s| s.as_object());
    for script in scripts.into_iter().flat_map(|s| s.values()) {
        if let Some(script) = script.as_str() {
            commands(script, Script::Bash, found);
        }
    }
}

pub(super) fn python(text: &str, found: &mut Readers) {
    for (package, reader) in [
        ("python-dotenv", Reader::PythonDotenv),
        ("pytest-dotenv", Reader::PythonDotenv),
        ("poetry-dotenv-plugin", Reader::PythonDotenv),
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

pub(super) fn composer_json(text: &str, found: &mut Readers) {
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
            ("laravel-zero/framework", Reader::Phpdotenv),
            ("symfony/dotenv", Reader::SymfonyDotenv),
            ("symfony/runtime", Reader::SymfonyDotenv),
        ] {
            if names.contains_key(package) {
                found.insert(reader);
            }
        }
    }
}

pub(super) fn cargo(text: &str, found: &mut Readers) {
    if declares(text, "dotenvy") || declares(text, "dotenvy_macro") {
        found.insert(Reader::Dotenvy);
    }
}

pub(super) fn gemfile(text: &str, found: &mut Readers) {
    if declares(text, "dotenv") || declares(text, "dotenv-rails") {
        found.insert(Reader::RubyDotenv);
    }
}

pub(super) fn go_mod(text: &str, found: &mut Readers) {
    if live_lines(text).any(|line| line.contains("github.com/joho/godotenv")) {
        found.insert(Reader::Godotenv);
    }
}

/// Whether a line that is no comment has this package name as a whole word. `_` and `-` are
/// the same, and case does not count, as in Python's package names.
fn declares(text: &str, package: &str) -> bool {
    let is_same = |a: u8, b: u8| {
        let fold = |byte: u8| match byte {
            b'_' => b'-',
            byte => byte.to_ascii_lowercase(),
        };
        fold(a) == fold(b)
    };
    live_lines(text).any(|line| {
        line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
            .any(|word| {
                word.len() == package.len()
                    && word
                        .bytes()
                        .zip(package.bytes())
                        .all(|(a, b)| is_same(a, b))
            })
    })
}
