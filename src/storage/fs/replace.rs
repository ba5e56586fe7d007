//! Replacing a file that belongs to somebody: its mode, owner, attributes and links stay, and a
//! change that another program made since it was read is noticed.
//!
//! The whole new content is written and synced to a file without a name, gets a hidden name in the
//! same directory, and is renamed over the old file; then the directory is synced. A kill between
//! the two names leaves [`TEMPORARY`] behind, complete and private; the next run under the lock
//! takes it away ([`remove_leftover`]).
//!
//! Limits: between the last look at the file and the rename there are a few microseconds in which
//! a foreign editor's save would be lost; POSIX has no rename that compares. Extended attributes
//! and access lists are carried over on Linux only.

mod temporary;
#[cfg(all(test, unix))]
mod tests;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{is_absent, parent, publish, read_open, sync_dir, sync_file};
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::secret::SecretBytes;
use temporary::{Temporary, hidden_temporary};

/// The hidden name that a new content has for a moment. The lock on the directory makes one
/// enough; patterns that keep `.env*` out of git and images also keep this one out. Temporaries
/// elsewhere have names that begin with it.
pub(super) const TEMPORARY: &str = ".env.secrets-tmp";

/// What a file was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileStamp {
    /// The file itself, links resolved.
    pub real: PathBuf,
    identity: Option<Identity>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    len: u64,
    modified: Option<std::time::SystemTime>,
    #[cfg(unix)]
    unix: UnixIdentity,
}

#[cfg(unix)]
#[derive(Debug, Clone, PartialEq, Eq)]
struct UnixIdentity {
    dev: u64,
    ino: u64,
    ctime: (i64, i64),
    mode: u32,
    uid: u32,
    gid: u32,
    nlink: u64,
}

impl FileStamp {
    /// Whether the file existed when it was read.
    pub fn existed(&self) -> bool {
        self.identity.is_some()
    }

    /// The directory of the file itself.
    pub fn dir(&self) -> &Path {
        self.real.parent().unwrap_or(Path::new("/"))
    }
}

/// How a replacement went.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "only `Done` means that the file was replaced"]
pub enum Replaced {
    /// The file has the new content, durably.
    Done,
    /// The file is not what it was when it was read. Nothing was done.
    Changed,
    /// The file cannot be replaced by another without breaking something (a mount, a hard link,
    /// an owner or an access list that cannot be kept). Nothing was done; it can be written in place.
    InPlaceOnly,
}

fn identity_of(metadata: &fs::Metadata) -> Identity {
    #[cfg(unix)]
    use std::os::unix::fs::MetadataExt as _;
    Identity {
        len: metadata.len(),
        modified: metadata.modified().ok(),
        #[cfg(unix)]
        unix: UnixIdentity {
            dev: metadata.dev(),
            ino: metadata.ino(),
            ctime: (metadata.ctime(), metadata.ctime_nsec()),
            mode: metadata.mode() & 0o7777,
            uid: metadata.uid(),
            gid: metadata.gid(),
            nlink: metadata.nlink(),
        },
    }
}

fn problem(path: &Path, problem: EnvFileProblem) -> Error {
    Error::EnvFile {
        path: path.to_owned(),
        problem,
    }
}

/// Finds the file behind a path: links are followed, but only to a regular file of ours.
///
/// A path that does not exist resolves to itself in its directory, which must exist.
pub fn find_real(path: &Path) -> Result<PathBuf> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if is_absent(&error) => {
            let dir = parent(path)?;
            let real =
                fs::canonicalize(dir).map_err(|_| problem(path, EnvFileProblem::NoDirectory))?;
            if !real.is_dir() {
                return Err(problem(path, EnvFileProblem::NoDirectory));
            }
            let name = path
                .file_name()
                .ok_or_else(|| problem(path, EnvFileProblem::NotAFile))?;
            return Ok(real.join(name));
        }
        Err(error) => return Err(Error::io("look at", path, error)),
    };
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if is_absent(&error) => {
            return Err(problem(path, EnvFileProblem::DanglingLink));
        }
        Err(error) => return Err(Error::io("resolve", path, error)),
    };
    if metadata.is_symlink() {
        let target = fs::metadata(&real).map_err(|error| Error::io("look at", &real, error))?;
        check_regular(path, &target)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            if target.uid() != rustix::process::geteuid().as_raw() {
                return Err(problem(path, EnvFileProblem::NotOurs));
            }
        }
    } else {
        check_regular(path, &metadata)?;
    }
    Ok(real)
}

fn check_regular(path: &Path, metadata: &fs::Metadata) -> Result<()> {
    if metadata.is_file() {
        Ok(())
    } else {
        Err(problem(path, EnvFileProblem::NotAFile))
    }
}

/// Reads a file together with what is needed to notice that it changed.
///
/// A file that does not exist reads as empty, with a stamp that says so.
pub fn read_stamped(path: &Path, limit: usize) -> Result<(SecretBytes, FileStamp)> {
    let real = find_real(path)?;
    let file = match super::open_to_read(&real) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => {
            let stamp = FileStamp {
                real,
                identity: None,
            };
            return Ok((SecretBytes::new(Vec::new()), stamp));
        }
        Err(error) => return Err(Error::io("open", path, error)),
    };
    let metadata = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?;
    check_regular(path, &metadata)?;
    if metadata.len() > limit as u64 {
        return Err(problem(path, EnvFileProblem::TooLarge(limit >> 20)));
    }
    let bytes = read_open(&file, path, limit)?;
    let stamp = FileStamp {
        real,
        identity: Some(identity_of(&metadata)),
    };
    Ok((bytes, stamp))
}

fn is_unchanged(stamp: &FileStamp) -> Result<bool> {
    let now = match fs::symlink_metadata(&stamp.real) {
        Ok(metadata) => Some(identity_of(&metadata)),
        Err(error) if is_absent(&error) => None,
        Err(error) => return Err(Error::io("look at", &stamp.real, error)),
    };
    Ok(now == stamp.identity)
}

/// Removes what a killed run left in the directory. Only under the lock on the directory.
pub fn remove_leftover(dir: &Path) -> Result<()> {
    super::remove_unsynced(&dir.join(TEMPORARY)).map(drop)
}

/// Puts new content in the place of a file that was read with [`read_stamped`].
///
/// The caller holds the lock on the file's directory.
pub fn replace_stamped(stamp: &FileStamp, content: &SecretBytes) -> Result<Replaced> {
    let path = &stamp.real;
    crate::fail_point!("in-place", |_| fs::write(path, content.expose())
        .map(|()| Replaced::Done)
        .map_err(|error| Error::io("write", path, error)));
    if !is_unchanged(stamp)? {
        return Ok(Replaced::Changed);
    }
    let Some(identity) = &stamp.identity else {
        if !publish(path, content.expose(), hidden_temporary)? {
            return Ok(Replaced::Changed);
        }
        sync_dir(stamp.dir())?;
        return Ok(Replaced::Done);
    };
    #[cfg(unix)]
    if identity.unix.nlink > 1 {
        return Ok(Replaced::InPlaceOnly);
    }
    let Some(temporary) = Temporary::write(stamp, identity, content)? else {
        return Ok(Replaced::InPlaceOnly);
    };
    // The last look; see the module's limits.
    if !is_unchanged(stamp)? {
        return Ok(Replaced::Changed);
    }
    match temporary.rename_to(path) {
        Ok(()) => {}
        Err(error) if is_a_mount(&error) => return Ok(Replaced::InPlaceOnly),
        Err(error) => return Err(Error::io("replace", path, error)),
    }
    sync_dir(stamp.dir())?;
    Ok(Replaced::Done)
}

/// Whether a rename failed because the file is mounted there by itself (a container's `.env`).
fn is_a_mount(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ResourceBusy | io::ErrorKind::CrossesDevices
    )
}

/// Overwrites a file in place and syncs it. A stop in the middle leaves it torn: the caller has
/// made a record first from which the next run can finish.
///
/// Room is reserved before the first byte is written, so that a full disk is noticed in time.
pub fn write_in_place(stamp: &FileStamp, content: &SecretBytes) -> Result<Replaced> {
    if !is_unchanged(stamp)? {
        return Ok(Replaced::Changed);
    }
    overwrite(&stamp.real, content)?;
    Ok(Replaced::Done)
}

/// Overwrites a file whatever it holds now; see [`write_in_place`].
pub fn overwrite(path: &Path, content: &SecretBytes) -> Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .truncate(false)
        .open(path)
        .map_err(|error| Error::io("open", path, error))?;
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        use rustix::io::Errno;
        let len = content.len().max(1) as u64;
        match fallocate(&file, FallocateFlags::KEEP_SIZE, 0, len) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => {}
            Err(error) => return Err(Error::io("reserve room for", path, error)),
        }
    }
    file.write_all(content.expose())
        .map_err(|error| Error::io("write", path, error))?;
    file.set_len(content.len() as u64)
        .map_err(|error| Error::io("write", path, error))?;
    sync_file(&file, path)
}
