//! Many new files at once, made durable together.
//!
//! One file costs two syncs, that of its bytes and that of its directory. For many files that is
//! nearly all the time that storing them takes. Linux can sync a whole file system with one call,
//! so here: all directories are made; the files are written without names; one call syncs all of
//! that; the files get their names; one more call syncs those.
//!
//! Invariants:
//! - As for one file: a name appears only when the bytes behind it are synced, and so are the
//!   directories that lead to it. Nothing was told to anybody before the last sync.
//! - A name that is taken is left alone, and said.
//! - Never more than [`AT_ONCE`] files are open. With more files than that, the sync of the next
//!   ones' bytes is also that of the names before, so each further lot costs one sync.
//!
//! Limits: `syncfs` also writes what others have not synced yet. It counts only where it is known
//! to reach the disk and to report what failed: Linux 5.8 or newer with ext4, XFS, Btrfs or tmpfs.
//! Everywhere else (overlay and network file systems, FUSE, ZFS, other systems), and for a file
//! that lies on another file system than the rest, each file is synced by itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{make_dir, parent, publish_new, sync_dir};
use crate::error::Result;

/// How many files are open at the same time.
#[cfg(any(target_os = "linux", test))]
const AT_ONCE: usize = 256;

/// One of many files that are to be made.
#[derive(Debug)]
pub struct NewFile {
    /// Where, below the common base. Directories on the way are made.
    pub below: PathBuf,
    /// What is to be in it.
    pub bytes: Vec<u8>,
}

/// What became of one of many files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It has its name.
    Named,
    /// Somebody else has the name.
    Taken,
    /// It was not come to.
    Absent,
}

/// What became of all of them.
#[derive(Debug)]
#[must_use = "a failure may be among it"]
pub struct Published {
    /// One for each file, in order.
    pub fates: Vec<Fate>,
    /// What stopped it. Files that have names may not survive a power cut then.
    pub failure: Option<crate::error::Error>,
}

/// Makes many new files below a directory that exists, durably, names included.
pub fn publish_many(base: &Path, files: &[NewFile]) -> Published {
    let mut fates = vec![Fate::Absent; files.len()];
    let failure = publish(base, files, &mut fates).err();
    Published { fates, failure }
}

fn publish(base: &Path, files: &[NewFile], fates: &mut [Fate]) -> Result<()> {
    let dirs = make_dirs(base, files)?;
    #[cfg(target_os = "linux")]
    if let Some(disk) = linux::Disk::of(base)? {
        return linux::together(base, files, &disk, fates);
    }
    for dir in dirs {
        sync_dir(&dir)?;
    }
    for (file, fate) in files.iter().zip(fates) {
        *fate = one(&base.join(&file.below), &file.bytes)?;
    }
    Ok(())
}

/// Makes the directories that are missing. Gives those that must be synced for them to last.
fn make_dirs(base: &Path, files: &[NewFile]) -> Result<Vec<PathBuf>> {
    let mut made = BTreeSet::new();
    let mut parents = BTreeSet::new();
    for file in files {
        let mut path = base.to_owned();
        for part in parent(&file.below)?.components() {
            parents.insert(path.clone());
            path.push(part);
            if made.insert(path.clone()) {
                make_dir(&path)?;
            }
        }
    }
    Ok(parents.into_iter().collect())
}

/// One file by itself, durably.
fn one(path: &Path, bytes: &[u8]) -> Result<Fate> {
    if !publish_new(path, bytes)? {
        return Ok(Fate::Taken);
    }
    sync_dir(parent(path)?)?;
    Ok(Fate::Named)
}

/// Makes the entries of many directories durable.
pub fn sync_dirs(base: &Path, dirs: &[PathBuf]) -> Result<()> {
    #[cfg(target_os = "linux")]
    if let Some(disk) = linux::Disk::of(base)? {
        let (here, elsewhere): (Vec<_>, Vec<_>) = dirs.iter().partition(|dir| disk.holds(dir));
        for dir in elsewhere {
            sync_dir(dir)?;
        }
        return if here.is_empty() {
            Ok(())
        } else {
            disk.sync_dirs()
        };
    }
    let _ = base;
    dirs.iter().try_for_each(|dir| sync_dir(dir))
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};

    use rustix::fd::OwnedFd;
    use rustix::fs::{fstat, fstatfs, stat, syncfs};
    use rustix::io::Errno;

    use super::super::{give_name, open_dir, parent, unnamed_temporary};
    use super::{AT_ONCE, Fate, NewFile, one};
    use crate::error::{Error, Result};

    /// Magic numbers of the file systems whose `syncfs` is as good as an `fsync` of each file.
    const KNOWN: [u64; 4] = [
        0xef53,      // ext4, and ext2 and ext3 by the same driver
        0x5846_5342, // XFS
        0x9123_683e, // Btrfs
        0x0102_1994, // tmpfs, where nothing lasts
    ];

    /// A file system that can be synced with one call.
    pub(super) struct Disk {
        /// Opened before anything is written: what fails to be written later is reported on it.
        fd: OwnedFd,
        path: PathBuf,
        device: u64,
    }

    impl Disk {
        /// The file system of a directory; `None` if one call cannot be relied on.
        pub(super) fn of(dir: &Path) -> Result<Option<Self>> {
            if !reports_errors() {
                return Ok(None);
            }
            let fd = open_dir(dir)?;
            let look = |error| Error::io("look at", dir, error);
            let kind = fstatfs(&fd).map_err(look)?.f_type;
            #[expect(
                clippy::allow_attributes,
                reason = "the type of the number differs between architectures"
            )]
            #[allow(clippy::cast_sign_loss, clippy::unnecessary_cast)]
            if !KNOWN.contains(&(kind as u64 & 0xffff_ffff)) {
                return Ok(None);
            }
            let device = fstat(&fd).map_err(look)?.st_dev;
            Ok(Some(Self {
                fd,
                path: dir.to_owned(),
                device,
            }))
        }

        /// Whether a directory lies on it.
        pub(super) fn holds(&self, dir: &Path) -> bool {
            stat(dir).is_ok_and(|stat| stat.st_dev == self.device)
        }

        fn holds_file(&self, file: &File) -> bool {
            fstat(file).is_ok_and(|stat| stat.st_dev == self.device)
        }

        /// Makes the content of files durable.
        fn sync_files(&self) -> Result<()> {
            crate::fail_point!("no-file-sync", |_| Ok(()));
            self.sync()
        }

        /// Makes the names in directories durable.
        pub(super) fn sync_dirs(&self) -> Result<()> {
            crate::fail_point!("no-dir-sync", |_| Ok(()));
            self.sync()
        }

        /// Syncs all of it. One that failed is never tried again.
        fn sync(&self) -> Result<()> {
            syncfs(&self.fd).map_err(|error| Error::io("sync", &self.path, error))
        }
    }

    /// Whether `syncfs` says what it could not write: since Linux 5.8.
    fn reports_errors() -> bool {
        let name = rustix::system::uname();
        let mut numbers = name
            .release()
            .to_str()
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_digit())
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        version >= (5, 8)
    }

    /// The directories exist and are not durable yet.
    pub(super) fn together(
        base: &Path,
        files: &[NewFile],
        disk: &Disk,
        fates: &mut [Fate],
    ) -> Result<()> {
        for (files, fates) in files.chunks(AT_ONCE).zip(fates.chunks_mut(AT_ONCE)) {
            let mut unnamed = Vec::with_capacity(files.len());
            for file in files {
                let path = base.join(&file.below);
                let written = match unnamed_temporary(parent(&path)?)? {
                    Some(mut open) if disk.holds_file(&open) => {
                        open.write_all(&file.bytes)
                            .map_err(|error| Error::io("write", &path, error))?;
                        Some(open)
                    }
                    _ => None,
                };
                unnamed.push((path, written));
            }
            disk.sync_files()?;
            for (((path, open), file), fate) in unnamed.into_iter().zip(files).zip(fates) {
                *fate = match open.map(|open| give_name(&open, &path)) {
                    Some(Ok(())) => Fate::Named,
                    Some(Err(Errno::EXIST)) => Fate::Taken,
                    // No /proc, or no such files here.
                    Some(Err(Errno::NOENT)) | None => one(&path, &file.bytes)?,
                    Some(Err(error)) => return Err(Error::io("create", &path, error)),
                };
            }
        }
        disk.sync_dirs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::fs;

    fn files(count: usize) -> Vec<NewFile> {
        (0..count)
            .map(|n| NewFile {
                below: PathBuf::from(format!("a/b{n}/0001.age")),
                bytes: format!("bytes of {n}").into_bytes(),
            })
            .collect()
    }

    #[test]
    fn every_file_of_several_lots_is_there_whole_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let files = files(AT_ONCE * 2 + 3);
        let published = publish_many(dir.path(), &files);
        assert!(published.failure.is_none());
        assert!(published.fates.iter().all(|fate| *fate == Fate::Named));
        for file in &files {
            let path = dir.path().join(&file.below);
            let read = fs::read(&path, 100).unwrap().unwrap();
            assert_eq!(read.expose(), file.bytes);
            #[cfg(unix)]
            assert_eq!(fs::mode(&path), Some(0o600));
            assert_eq!(
                fs::list_dir(path.parent().unwrap()).unwrap().unwrap().len(),
                1
            );
        }
    }

    #[test]
    fn a_name_that_is_taken_is_left_alone_and_said() {
        let dir = tempfile::tempdir().unwrap();
        let files = files(20);
        let theirs = dir.path().join(&files[7].below);
        std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
        std::fs::write(&theirs, "theirs").unwrap();
        let published = publish_many(dir.path(), &files);
        for (n, fate) in published.fates.iter().enumerate() {
            let expected = if n == 7 { Fate::Taken } else { Fate::Named };
            assert_eq!(*fate, expected, "{n}");
        }
        assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "theirs");
    }

    #[test]
    fn what_cannot_be_made_is_said_and_what_was_made_before_is_counted() {
        let dir = tempfile::tempdir().unwrap();
        let mut files = files(3);
        files[1].below = PathBuf::from("a/b0/0001.age/below/0001.age");
        let published = publish_many(dir.path(), &files[..1]);
        assert!(published.failure.is_none());
        let published = publish_many(dir.path(), &files[1..]);
        assert!(published.failure.is_some());
        assert_eq!(published.fates, [Fate::Absent, Fate::Absent]);
    }

    #[test]
    fn many_directories_are_synced_wherever_they_lie() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = vec![dir.path().to_owned(), PathBuf::from("/dev/shm")];
        if dirs[1].is_dir() {
            sync_dirs(dir.path(), &dirs).unwrap();
        }
        sync_dirs(dir.path(), &[]).unwrap();
    }
}
