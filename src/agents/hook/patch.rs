//! The files that a patch touches: the form of agents' `apply_patch`, and unified diffs.

use super::effect::Kind;
use super::names::{names_in, new_lines};

/// A file in a patch.
pub(super) struct Touched {
    pub(super) kind: Kind,
    pub(super) path: String,
    pub(super) names: Vec<String>,
}

/// The files of a patch, in order.
pub(super) fn touched(patch: &str) -> Vec<Touched> {
    let mut files: Vec<Touched> = Vec::new();
    let (mut old, mut new) = (String::new(), String::new());
    for line in patch.lines() {
        let file = [
            ("*** Add File: ", Kind::Write),
            ("*** Update File: ", Kind::Write),
            ("*** Delete File: ", Kind::Delete),
            ("*** Move to: ", Kind::Write),
            ("+++ b/", Kind::Write),
            ("+++ ", Kind::Write),
        ]
        .into_iter()
        .find_map(|(head, kind)| Some((line.strip_prefix(head)?, kind)));
        if let Some((path, kind)) = file {
            set_names(&mut files, &mut old, &mut new);
            // A diff has the time behind the name.
            let path = path.split('\t').next().unwrap_or(path).trim();
            let is_move = line.starts_with("*** Move to");
            if is_move && let Some(from) = files.last_mut() {
                from.kind = Kind::Delete;
            }
            files.push(Touched {
                kind,
                path: path.to_owned(),
                names: Vec::new(),
            });
        } else if let Some(line) = line.strip_prefix('+') {
            new.push_str(line);
            new.push('\n');
        } else if let Some(line) = line.strip_prefix('-') {
            old.push_str(line);
            old.push('\n');
        }
    }
    set_names(&mut files, &mut old, &mut new);
    files
}

fn set_names(files: &mut [Touched], old: &mut String, new: &mut String) {
    if let Some(file) = files.last_mut() {
        // Whole lines: the first one begins where a line begins.
        file.names = names_in(&new_lines(old, new));
    }
    old.clear();
    new.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(patch: &str) -> Vec<(Kind, String, Vec<String>)> {
        let files = touched(patch).into_iter();
        files
            .map(|file| (file.kind, file.path, file.names))
            .collect()
    }

    #[test]
    fn files_and_names_of_a_patch() {
        let patch = "*** Begin Patch\n*** Update File: src/a.rs\n@@\n-x\n+y\n*** Update File: .env\n@@\n-A_KEY=1\n+A_KEY=2\n+B_KEY=3\n*** Delete File: .env.local\n*** End Patch\n";
        assert_eq!(
            shown(patch),
            [
                (Kind::Write, "src/a.rs".to_owned(), vec![]),
                (
                    Kind::Write,
                    ".env".to_owned(),
                    vec!["A_KEY".to_owned(), "B_KEY".to_owned()]
                ),
                (Kind::Delete, ".env.local".to_owned(), vec![]),
            ]
        );
        let diff = "--- a/.env\n+++ b/.env\t2026-01-01\n@@ -1 +1 @@\n-A_KEY=1\n+A_KEY=2\n";
        assert_eq!(shown(diff)[0].1, ".env");
    }
}
