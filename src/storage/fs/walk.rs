//! Whole trees of files, on all cores.
//!
//! Links are not followed, but for those that were named; FIFOs, devices and sockets are passed
//! over. What cannot be read is told, never silently left out.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::error::{Error, Result};

/// Where to go.
pub struct Walk<'a> {
    /// Files and directories.
    pub roots: &'a [PathBuf],
    /// Whether what git ignores is passed over.
    pub skip_ignored: bool,
    /// Asked for each directory below the roots, and for each root: whether it is passed over.
    pub skip_dir: &'a (dyn Fn(&Path) -> bool + Sync),
}

/// Gives every file below the roots to a visitor: its path, and the file open for reading or why
/// it cannot be read. `begin` makes a visitor for each thread. In no order.
///
/// # Errors
/// If a root does not exist.
pub fn walk<V: FnMut(&Path, Result<File>) + Send>(
    walk: &Walk<'_>,
    begin: impl Fn() -> V + Sync,
) -> Result<()> {
    let mut builder = WalkBuilder::empty();
    for root in walk.roots {
        let look_at = |error| Error::io("read", root, error);
        let is_link = root.symlink_metadata().map_err(look_at)?.is_symlink();
        // With a slash at its end, a link that was named stands for its directory.
        match is_link && root.metadata().map_err(look_at)?.is_dir() {
            true => builder.add(root.join("")),
            false => builder.add(root),
        };
    }
    if walk.roots.is_empty() {
        return Ok(());
    }
    builder
        .hidden(false)
        .ignore(false)
        .parents(walk.skip_ignored)
        .git_ignore(walk.skip_ignored)
        .git_global(walk.skip_ignored)
        .git_exclude(walk.skip_ignored)
        .threads(std::thread::available_parallelism().map_or(1, usize::from));
    builder.build_parallel().run(|| {
        let mut visit = begin();
        Box::new(move |entry| {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {
                    if (walk.skip_dir)(entry.path()) {
                        return WalkState::Skip;
                    }
                }
                Ok(entry) => {
                    if let Some(file) = open(&entry).transpose() {
                        visit(entry.path(), file);
                    }
                }
                Err(error) => {
                    let path = place(&error).unwrap_or(Path::new(".")).to_owned();
                    let error = error.into_io_error();
                    let error = error.unwrap_or_else(|| io::ErrorKind::Other.into());
                    visit(&path, Err(Error::io("list", &path, error)));
                }
            }
            WalkState::Continue
        })
    });
    Ok(())
}

/// Opens what is to be read; `None` for what is passed over.
fn open(entry: &DirEntry) -> Result<Option<File>> {
    let path = entry.path();
    // What was named is read, whatever it is: a process substitution is a pipe.
    if entry.depth() == 0 {
        let file = File::open(path).map_err(|error| Error::io("open", path, error))?;
        return Ok(Some(file));
    }
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return Ok(None);
    }
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // Whatever took the file's place meanwhile is neither followed nor waited for.
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOFOLLOW).bits() as i32);
    }
    match options.open(path) {
        Ok(file) => {
            let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
            Ok(is_file.then_some(file))
        }
        // It has gone since.
        Err(error) if super::is_absent(&error) => Ok(None),
        Err(error) => Err(Error::io("open", path, error)),
    }
}

/// What an error is about.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            place(err)
        }
        ignore::Error::Partial(errors) => errors.iter().find_map(place),
        _ => None,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::symlink;
    use std::sync::Mutex;

    use super::*;

    /// What is read below the roots, by path below `dir`.
    fn read(dir: &Path, roots: &[&str], skip_ignored: bool) -> BTreeMap<String, String> {
        let found = Mutex::new(BTreeMap::new());
        let roots: Vec<PathBuf> = roots.iter().map(|root| dir.join(root)).collect();
        let options = Walk {
            roots: &roots,
            skip_ignored,
            skip_dir: &|path| path.ends_with("passed"),
        };
        walk(&options, || {
            |path: &Path, file: Result<File>| {
                let mut text = String::new();
                match file {
                    Ok(mut file) => drop(file.read_to_string(&mut text).unwrap()),
                    Err(error) => text = error.code().to_owned(),
                }
                let path = path.strip_prefix(dir).unwrap();
                let name = path.to_str().unwrap().to_owned();
                found.lock().unwrap().insert(name, text);
            }
        })
        .unwrap();
        found.into_inner().unwrap()
    }

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("tree/a", "a"),
            ("tree/.hidden/b", "b"),
            ("tree/passed/c", "c"),
            ("tree/ignored", "d"),
            ("outside/e", "e"),
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        symlink("../outside", dir.path().join("tree/link")).unwrap();
        symlink("../outside/e", dir.path().join("tree/link-to-e")).unwrap();
        symlink("outside", dir.path().join("named")).unwrap();
        rustix::fs::mkfifoat(
            rustix::fs::CWD,
            dir.path().join("tree/fifo"),
            rustix::fs::Mode::RUSR,
        )
        .unwrap();
        dir
    }

    #[test]
    fn every_file_is_read_and_links_and_fifos_are_not() {
        let dir = tree();
        let found = read(dir.path(), &["tree"], false);
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["tree/.hidden/b", "tree/a", "tree/ignored"]);
        assert_eq!(found["tree/a"], "a");
    }

    #[test]
    fn a_link_that_was_named_is_followed() {
        let dir = tree();
        let found = read(dir.path(), &["named", "tree/link-to-e"], false);
        let names: Vec<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(names, ["named/e", "tree/link-to-e"]);
    }

    #[test]
    fn what_git_ignores_can_be_passed_over() {
        let dir = tree();
        fs::create_dir(dir.path().join("tree/.git")).unwrap();
        fs::write(dir.path().join("tree/.gitignore"), "ignored\n").unwrap();
        let all = read(dir.path(), &["tree"], false);
        assert!(all.contains_key("tree/ignored"));
        let some = read(dir.path(), &["tree"], true);
        assert!(!some.contains_key("tree/ignored") && some.contains_key("tree/a"));
    }

    #[test]
    fn a_root_that_is_not_there_is_an_error() {
        let roots = [PathBuf::from("/there/is/nothing")];
        let options = Walk {
            roots: &roots,
            skip_ignored: false,
            skip_dir: &|_| false,
        };
        let done = walk(&options, || |_: &Path, _: Result<File>| {});
        assert_eq!(done.unwrap_err().code(), "io");
    }
}
