//! A lock on a directory: exclusive, held until dropped or until the process dies.
//!
//! The lock is the kernel's (`flock` on the directory itself), so it leaves no file behind and
//! cannot become stale. It is advisory: it keeps out other runs of this program, not editors. A
//! directory that was put in the locked one's place meanwhile is noticed, and locked instead.
//!
//! Limits: one machine only; on a network file system as good as its `flock`. Windows has no
//! locks on directories: none is taken there.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How long a wait may last before somebody should be told.
const SILENT: Duration = Duration::from_secs(1);

/// A directory that nobody else can lock.
#[must_use = "the lock ends when this is dropped"]
#[derive(Debug)]
pub struct DirLock {
    #[cfg(unix)]
    _dir: rustix::fd::OwnedFd,
}

/// Locks a directory, waiting at most `wait`; `waiting` is called once if it takes over a second.
#[cfg(unix)]
pub fn lock_dir(path: &Path, wait: Duration, waiting: impl FnOnce()) -> Result<DirLock> {
    crate::fail_point!("no-lock", |_| super::open_dir(path)
        .map(|dir| DirLock { _dir: dir }));
    let start = Instant::now();
    let mut waiting = Some(waiting);
    loop {
        let dir = super::open_dir(path)?;
        lock(&dir, path, start, wait, &mut waiting)?;
        if is_still_at(&dir, path)? {
            return Ok(DirLock { _dir: dir });
        }
    }
}

/// Whether the path still names this directory: while we waited, whoever had the lock may have put
/// another one in its place, and the next run would lock that one.
#[cfg(unix)]
fn is_still_at(dir: &rustix::fd::OwnedFd, path: &Path) -> Result<bool> {
    let look = |error| Error::io("look at", path, error);
    let ours = rustix::fs::fstat(dir).map_err(look)?;
    let there = rustix::fs::stat(path).map_err(look)?;
    Ok((ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino))
}

/// Locks an open file until it is closed.
#[cfg(unix)]
pub(super) fn lock_file(file: &std::fs::File, path: &Path, wait: Duration) -> Result<()> {
    lock(file, path, Instant::now(), wait, &mut Some(|| {}))
}

#[cfg(unix)]
fn lock(
    file: impl rustix::fd::AsFd,
    path: &Path,
    start: Instant,
    wait: Duration,
    waiting: &mut Option<impl FnOnce()>,
) -> Result<()> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    let mut pause = Duration::from_millis(1);
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::WOULDBLOCK | Errno::INTR) => {}
            Err(error) => return Err(Error::io("lock", path, error)),
        }
        let waited = start.elapsed();
        if waited >= wait {
            return Err(Error::Locked {
                path: path.to_owned(),
                seconds: wait.as_secs(),
            });
        }
        if waited >= SILENT
            && let Some(waiting) = waiting.take()
        {
            waiting();
        }
        std::thread::sleep(pause.min(wait - waited));
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Locks an open file until it is closed, by the standard library's lock.
#[cfg(not(unix))]
pub(super) fn lock_file(file: &std::fs::File, path: &Path, _wait: Duration) -> Result<()> {
    file.lock().map_err(|error| Error::io("lock", path, error))
}

/// Locks nothing: directories cannot be locked here.
#[cfg(not(unix))]
pub fn lock_dir(_path: &Path, _wait: Duration, _waiting: impl FnOnce()) -> Result<DirLock> {
    let _ = (SILENT, Instant::now());
    Ok(DirLock {})
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_and_gives_up_and_the_end_frees() {
        let dir = tempfile::tempdir().unwrap();
        let first = lock_dir(dir.path(), Duration::ZERO, || {}).unwrap();
        let mut told = false;
        let error = lock_dir(dir.path(), Duration::from_millis(1200), || told = true).unwrap_err();
        assert_eq!(error.code(), "locked");
        assert!(told);
        drop(first);
        assert!(lock_dir(dir.path(), Duration::ZERO, || {}).is_ok());
        assert!(
            super::super::list_dir(dir.path())
                .unwrap()
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_directory_that_was_replaced_while_we_waited_is_locked_anew() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("project");
        std::fs::create_dir(&dir).unwrap();
        let first = lock_dir(&dir, Duration::ZERO, || {}).unwrap();
        let waiter = std::thread::spawn({
            let dir = dir.clone();
            move || lock_dir(&dir, Duration::from_secs(30), || {}).unwrap()
        });
        // Long enough for the waiter to have opened the directory; if not, it proves less.
        std::thread::sleep(Duration::from_millis(200));
        std::fs::rename(&dir, root.path().join("aside")).unwrap();
        std::fs::create_dir(&dir).unwrap();
        drop(first);
        let second = waiter.join().unwrap();
        let error = lock_dir(&dir, Duration::ZERO, || {}).unwrap_err();
        assert_eq!(error.code(), "locked", "the waiter holds what is there now");
        drop(second);
    }
}
