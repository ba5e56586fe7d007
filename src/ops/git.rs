//! What git makes of an env file (does it track it, would it take it?), and what it is about to
//! commit.
//!
//! git is asked by its absolute path, with everything switched off by which a repository can make
//! it run something. Of an env file, where git or the repository does not answer, nothing is said.

use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

use super::Session;
use crate::error::{Error, Result};
use crate::storage::fs;

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

/// git in a directory, with nothing to say to it and nothing that it could run.
fn command(git: &Path, dir: &Path) -> Command {
    let mut command = Command::new(git);
    command
        .arg("-C")
        .arg(dir)
        .args(["-c", "core.fsmonitor=false"])
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        // What holds keys is nobody else's business.
        .env_remove("SECRETS_IDENTITY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

pub(super) fn view(git: &Path, file: &Path) -> GitView {
    let (Some(dir), Some(name)) = (file.parent(), file.file_name()) else {
        return GitView::Fine;
    };
    let ask = |args: &[&str]| -> Option<bool> {
        // The file's own repository, whichever one a hook that runs us is about.
        let status = command(git, dir)
            .args(["-c", "core.hooksPath=/dev/null"])
            .args(args)
            .arg("--")
            .arg(name)
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_INDEX_FILE")
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

/// Whether git tracks a file, by the path that it is named by or by the one that it leads to.
pub(super) fn is_tracked(git: &Path, file: &Path) -> bool {
    let is_tracked = |file: &Path| is_in_work_tree(file) && view(git, file) == GitView::Tracked;
    is_tracked(file) || fs::find_real(file).is_ok_and(|real| real != file && is_tracked(&real))
}

/// Whether a repository lies at or above the directory of a file: without one, git need not be
/// started.
fn is_in_work_tree(file: &Path) -> bool {
    let mut dirs = file.ancestors().skip(1);
    dirs.any(|dir| fs::exists(&dir.join(".git")).unwrap_or(true))
}

/// Whether a file may be tracked: a sealed one holds no readable value.
pub(super) fn is_exempt(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "age")
}

impl Session<'_> {
    /// git, which is needed now.
    pub(super) fn git(&self) -> Result<&Path> {
        self.settings.git.as_deref().ok_or(Error::GitMissing)
    }
}

/// What git answers. The repository and the index are those that the environment names, so that a
/// hook sees what its commit sees (`git commit FILE` has an index of its own).
pub(super) fn answer(git: &Path, dir: &Path, args: &[&str]) -> Result<Vec<u8>> {
    let output = command(git, dir)
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| Error::io("run", git, error))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("not a git repository") || said.contains("must be run in a work tree") {
        return Err(Error::NotARepository(dir.to_owned()));
    }
    let said = said.lines().find(|line| !line.trim().is_empty());
    let said = said
        .unwrap_or("it does not say why")
        .trim_start_matches("fatal: ");
    Err(Error::Git(said.to_owned()))
}

/// The files that differ between the last commit and the index.
pub(super) struct Staged<'a> {
    git: &'a Path,
    dir: PathBuf,
    blobs: Vec<Blob>,
}

struct Blob {
    id: String,
    path: PathBuf,
}

impl<'a> Staged<'a> {
    pub(super) fn list(git: &'a Path, dir: &Path) -> Result<Self> {
        let args = [
            "diff",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--no-color",
            "--ignore-submodules=all",
            "--diff-filter=ACMRT",
        ];
        // Where there is no repository, `git diff` is another command.
        answer(git, dir, &["rev-parse", "--git-dir"])?;
        let raw = answer(git, dir, &args)?;
        Ok(Self {
            git,
            dir: dir.to_owned(),
            blobs: blobs(&raw),
        })
    }

    /// Gives the staged content of each file to `look`.
    pub(super) fn read(&self, mut look: impl FnMut(&Path, &mut dyn Read)) -> Result<()> {
        if self.blobs.is_empty() {
            return Ok(());
        }
        let failed = |error: io::Error| Error::io("run", self.git, error);
        let mut child = command(self.git, &self.dir)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let done = pipes.map_or(Ok(()), |(ask, answers)| {
            self.read_through(ask, BufReader::new(answers), &mut look)
        });
        // Its input is closed now, so it ends.
        let ended = child.wait().map_err(failed)?;
        done?;
        match ended.success() {
            true => Ok(()),
            false => Err(Error::Git("cat-file failed".to_owned())),
        }
    }

    /// One question, one answer: neither side can wait for the other.
    fn read_through(
        &self,
        mut ask: ChildStdin,
        mut answers: impl io::BufRead,
        look: &mut dyn FnMut(&Path, &mut dyn Read),
    ) -> Result<()> {
        let failed = |error: io::Error| Error::io("run", self.git, error);
        for blob in &self.blobs {
            writeln!(ask, "{}", blob.id).map_err(failed)?;
            let mut header = String::new();
            answers.read_line(&mut header).map_err(failed)?;
            let size = header.trim_end().rsplit_once(' ');
            let size = size.and_then(|(_, size)| size.parse::<u64>().ok());
            let Some(size) = size else {
                let shown = blob.path.display();
                return Err(Error::Git(format!(
                    "it does not have what is staged of {shown}"
                )));
            };
            let mut content = answers.by_ref().take(size);
            look(&blob.path, &mut content);
            // What nobody read, and the line break behind it.
            io::copy(&mut content, &mut io::sink()).map_err(failed)?;
            answers.read_exact(&mut [0]).map_err(failed)?;
        }
        Ok(())
    }
}

/// The blobs in the raw format of `git diff`: `:<modes> <old id> <new id> <state>`, NUL, path, NUL.
fn blobs(raw: &[u8]) -> Vec<Blob> {
    let mut parts = raw.split(|byte| *byte == 0);
    let mut blobs = Vec::new();
    while let (Some(about), Some(path)) = (parts.next(), parts.next()) {
        let about = String::from_utf8_lossy(about);
        let mut words = about.split(' ');
        let (_, mode, _, id) = (words.next(), words.next(), words.next(), words.next());
        // A submodule is a commit of another repository.
        if let Some(id) = id.filter(|_| mode != Some("160000")) {
            blobs.push(Blob {
                id: id.to_owned(),
                path: path_of(path),
            });
        }
    }
    blobs
}

/// A path as git gives it.
#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

/// A path as git gives it.
#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
