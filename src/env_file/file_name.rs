//! Which names of files are an env file's: `.env`, and `.env` with something behind it that does
//! not say that the values are made up.
//!
//! Limits: a name says what a file is for, not what is in it. `.envrc` is a program of direnv's and
//! is none.

/// A part of a file's name that says that it holds no real values.
const EXAMPLES: &[&str] = &[
    "example", "sample", "template", "schema", "dist", "defaults", "tpl",
];

/// What follows `.env` in the name of an env file; `None` for other names, `.envrc` among them.
pub fn env_suffix(name: &str) -> Option<&str> {
    let suffix = name.strip_prefix(".env")?;
    (suffix.is_empty() || suffix.starts_with(['.', '-', '_', '~'])).then_some(suffix)
}

/// Whether one of the words that a suffix consists of is among these.
pub fn suffix_has(suffix: &str, words: &[&str]) -> bool {
    suffix
        .split(['.', '-', '_'])
        .any(|part| words.contains(&part.to_ascii_lowercase().as_str()))
}

/// Whether a suffix says that the file is a template for an env file.
pub fn is_example(suffix: &str) -> bool {
    suffix_has(suffix, EXAMPLES)
}

/// Whether a file with this name holds the values of a program: an env file that is no template.
pub fn is_env_file(name: &str) -> bool {
    env_suffix(name).is_some_and(|suffix| !is_example(suffix) && suffix != ".vault")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_no_env_file() {
        for name in [
            ".env",
            ".env.local",
            ".env.production",
            ".env-test",
            ".env~",
            ".env.bak",
        ] {
            assert!(is_env_file(name), "{name}");
        }
        for name in [
            ".env.example",
            ".env.sample",
            ".env.template",
            ".env.schema",
            ".env.dist",
            ".env.production.example",
            ".env.vault",
            ".envrc",
            ".environment",
            "env",
            "x.env",
            "",
        ] {
            assert!(!is_env_file(name), "{name}");
        }
    }
}
