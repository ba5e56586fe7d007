//! Names of env files: `.env`, or `.env` with a suffix that does not mark it as an example.
//!
//! Limits: a name says what a file is for, not what is in it. `.envrc` is a script for direnv, not
//! an env file.

/// Words in a file name that mark an example.
const EXAMPLES: &[&str] = &[
    "example", "sample", "template", "schema", "dist", "defaults", "tpl",
];

/// Returns what follows `.env` in the name of an env file; `None` for other names, such as `.envrc`.
pub fn env_suffix(name: &str) -> Option<&str> {
    let suffix = name.strip_prefix(".env")?;
    (suffix.is_empty() || suffix.starts_with(['.', '-', '_', '~'])).then_some(suffix)
}

/// Returns whether a suffix has one of these words.
pub fn suffix_has(suffix: &str, words: &[&str]) -> bool {
    suffix
        .split(['.', '-', '_'])
        .any(|part| words.contains(&part.to_ascii_lowercase().as_str()))
}

/// Returns whether a suffix marks an example.
pub fn is_example(suffix: &str) -> bool {
    suffix_has(suffix, EXAMPLES)
}

/// Returns whether a file of this name holds real values: an env file that is not an example.
pub fn is_env_file(name: &str) -> bool {
    env_suffix(name).is_some_and(|suffix| !is_example(suffix) && suffix != ".vault")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_not_an_env_file() {
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
