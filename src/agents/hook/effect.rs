//! What a tool call would do to which files: the neutral description that formats are brought to
//! and that decisions are made on.
//!
//! Paths are text that was never looked up: joined to the directory that the call names, with `.`
//! and `..` taken away. A part that only running the command would tell is [`UNKNOWN`]; a path that
//! has it in a directory still has a name.

use std::path::{Path, PathBuf};

use super::search::Search;

/// Stands in a path for what cannot be known.
pub(super) const UNKNOWN: char = '\u{fffc}';

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is made, changed or replaced.
    Write,
    /// It is taken away.
    Delete,
    /// Its values are shown.
    Read,
}

/// One file that a tool call touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// What happens.
    pub kind: Kind,
    /// To which file.
    pub path: PathBuf,
    /// The variables that are set, as far as their names can be told.
    pub names: Vec<String>,
    /// If the path is a directory whose files are searched: for what.
    pub search: Option<Search>,
}

impl Effect {
    pub(super) fn new(kind: Kind, path: PathBuf) -> Self {
        Self {
            kind,
            path,
            names: Vec::new(),
            search: None,
        }
    }

    pub(super) fn naming(self, names: Vec<String>) -> Self {
        Self { names, ..self }
    }

    pub(super) fn searching(dir: PathBuf, search: Search) -> Self {
        Self {
            search: Some(search),
            ..Self::new(Kind::Read, dir)
        }
    }
}

/// The path that a text names in a directory.
pub(super) fn join(dir: &str, text: &str, home: Option<&str>) -> PathBuf {
    // What agents' file tools are given may begin like this as well.
    let text = match (text.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => &format!("{home}/{rest}"),
        _ => text.strip_prefix("file://").unwrap_or(text),
    };
    let mut path = PathBuf::new();
    for part in Path::new(dir).join(text).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                if !path.pop() {
                    path.push("..");
                }
            }
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_without_looking() {
        for (dir, text, expected) in [
            ("/p", ".env", "/p/.env"),
            ("/p", "./a/../.env", "/p/.env"),
            ("/p/q", "../.env", "/p/.env"),
            ("/p", "/x/.env", "/x/.env"),
            ("/p", "~/.env", "/home/me/.env"),
            ("/p", "file:///x/.env", "/x/.env"),
            ("", ".env", ".env"),
            ("/", "../../.env", "/../../.env"),
        ] {
            let joined = join(dir, text, Some("/home/me"));
            if expected == "/../../.env" {
                assert_eq!(joined.file_name().unwrap(), ".env");
            } else {
                assert_eq!(joined, Path::new(expected), "{dir} {text}");
            }
        }
    }
}
