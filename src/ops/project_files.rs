//! The files around an env file that tell which readers its project uses.
//!
//! Limits: two directories deep, a fixed number of directories and files, and no linked
//! directories. A directory with an env file or a repository of its own is another project's.

use std::path::Path;

use crate::env_file::{PROJECT_DEPTH, is_project_dir, is_project_file};
use crate::model::secret::SecretBytes;
use crate::storage::fs::{self, Kind};

/// The longest file that is read.
const MAX_FILE: usize = 1 << 20;
/// How many files are read.
const MAX_FILES: usize = 200;
/// How many directories are listed.
const MAX_DIRS: usize = 300;

/// Returns the project files of a directory and of those below it: the path relative to it, with
/// `/` between its parts, and the text. What cannot be read is left out, because a guess must not
/// stop anybody.
pub(super) fn read_below(dir: &Path) -> Vec<(String, SecretBytes)> {
    let mut files = Vec::new();
    let mut level = vec![String::new()];
    let mut listed = 0;
    for depth in 0..=PROJECT_DEPTH {
        let mut below = Vec::new();
        for prefix in level {
            listed += 1;
            if listed > MAX_DIRS {
                return files;
            }
            let Ok(Some(entries)) = fs::list_kinds(&dir.join(&prefix)) else {
                continue;
            };
            let has = |wanted: &str| entries.iter().any(|(name, _)| name == wanted);
            if depth > 0 && (has(".env") || has(".git") || has("pyvenv.cfg")) {
                continue;
            }
            let names = entries
                .iter()
                .filter_map(|(name, kind)| Some((name.to_str()?, *kind)));
            for (name, kind) in names {
                let path = format!("{prefix}{name}");
                match kind {
                    Kind::Dir if is_project_dir(name) => below.push(format!("{path}/")),
                    Kind::File | Kind::Link if is_project_file(&path) => {
                        if files.len() == MAX_FILES {
                            return files;
                        }
                        if let Ok(Some(text)) = fs::read(&dir.join(&path), MAX_FILE) {
                            files.push((path, text));
                        }
                    }
                    _ => {}
                }
            }
        }
        level = below;
    }
    files
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes its own files")]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_projects_are_left_out() {
        let dir = tempfile::tempdir().unwrap();
        for path in [
            "package.json",
            "packages/api/package.json",
            "packages/own/package.json",
            "packages/own/.env",
            "submodule/.git",
            "submodule/Makefile",
            "node_modules/dotenv/package.json",
            "a/b/c/Makefile",
            "README.md",
        ] {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let found = read_below(dir.path());
        let found: Vec<&str> = found.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(found, ["package.json", "packages/api/package.json"]);
    }
}
