//! What git makes of an env file: does it track it, would it take it?
//!
//! git is asked by its absolute path, with everything switched off by which a repository can make
//! it run something. Where git or the repository does not answer, nothing is said.

use std::path::Path;
use std::process::{Command, Stdio};

/// What git says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GitView {
    /// It is in the index: every clone has it.
    Tracked,
    /// It is in a work tree, and `git add -A` would take it.
    NotIgnored,
    /// It is ignored, or in no work tree, or git did not answer.
    Fine,
}

pub(super) fn view(git: &Path, file: &Path) -> GitView {
    let (Some(dir), Some(name)) = (file.parent(), file.file_name()) else {
        return GitView::Fine;
    };
    let ask = |args: &[&str]| -> Option<bool> {
        let status = Command::new(git)
            .arg("-C")
            .arg(dir)
            .args([
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(args)
            .arg("--")
            .arg(name)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
            // What holds keys is nobody else's business.
            .env_remove("SECRETS_IDENTITY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .ok()?;
        match status.code() {
            Some(0) => Some(true),
            Some(1) => Some(false),
            _ => None,
        }
    };
    match ask(&["ls-files", "--error-unmatch"]) {
        Some(true) => GitView::Tracked,
        Some(false) => match ask(&["check-ignore", "--quiet", "--no-index"]) {
            Some(false) => GitView::NotIgnored,
            _ => GitView::Fine,
        },
        None => GitView::Fine,
    }
}
