//! The one durable home: everything that touches a file goes through here.
//!
//! Owns: reading whole files, publishing new files under names that must be free, one or many at
//! once, replacing a file, making, syncing and listing directories, walking through whole trees,
//! locking a directory.
//!
//! Invariants:
//! - A file that is made here has mode 0600 from its first byte, a directory 0700, whatever the
//!   umask.
//! - A name appears only when the bytes behind it are synced. The caller syncs the directory
//!   ([`sync_dir`]) before it tells anybody.
//! - A sync that failed is never tried again: after a failed one the kernel may have dropped the
//!   pages and call the next one good.
//! - Every error has the path and what was tried on it.
//!
//! Limits:
//! - Linux: a new file has no name until it is complete (`O_TMPFILE`, `linkat`). Where the file
//!   system has no such files, or `/proc` is not there, it has one that begins with
//!   `.env.secrets-tmp`, so that what keeps `.env*` out of git keeps it out too. A kill may leave
//!   it behind: beside an env file the next run takes it away, elsewhere `doctor` knows it
//!   ([`is_leftover`]).
//! - macOS: std's `sync_all` is `F_FULLFSYNC`.
//! - Windows: directories cannot be synced, modes do not exist; the file system's journal has to
//!   do. Locks are not taken there.
//! - Extended attributes and access lists of a replaced file are carried over on Linux only.
#![allow(clippy::disallowed_methods, reason = "this is the home of files")]

mod append;
#[cfg(target_os = "linux")]
mod attributes;
mod batch;
mod below;
mod lines;
mod list;
mod lock;
mod own;
mod publish;
mod replace;
mod sync;
#[cfg(test)]
mod tests;
mod walk;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub use append::Appendable;
pub use batch::{Fate, NewFile, Published, publish_many, sync_dirs};
pub use below::{Names, Root};
pub use lines::{Tail, append_locked};
pub use list::{Kind, list_dir, list_kinds};
pub use lock::{DirLock, lock_dir};
pub use own::{
    remove_private, remove_unsynced, replace_private, replace_private_then, replace_script,
    replace_shared, set_aside, touch, write_hint,
};
pub use publish::{is_leftover, publish_new};
pub use replace::{
    FileStamp, Replaced, find_real, overwrite, read_stamped, remove_leftover, replace_stamped,
    write_in_place,
};
pub use sync::{make_dir_all_durable, make_dirs_durable, sync_above, sync_dir, sync_existing};
pub use walk::{Walk, walk};

use own::open_private;
#[cfg(unix)]
use publish::make_private;
#[cfg(target_os = "linux")]
use publish::{give_name, unnamed_temporary};
use publish::{named_temporary, publish, write_synced};
#[cfg(unix)]
use sync::open_dir;
use sync::{make_dir, sync_file};

use crate::error::{Error, Result};
use crate::model::secret::SecretBytes;

/// The largest file that is read here, other than a value: 64 MiB.
pub const MAX_FILE: usize = 64 << 20;

/// Reads a whole file; `None` if there is none.
pub fn read(path: &Path, limit: usize) -> Result<Option<SecretBytes>> {
    let file = match open_to_read(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("open", path, error)),
    };
    read_open(&file, path, limit).map(Some)
}

fn read_open(file: &File, path: &Path, limit: usize) -> Result<SecretBytes> {
    let metadata = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?;
    #[cfg(unix)]
    wait_for_bytes(file, &metadata, path)?;
    read_bytes(file, metadata.len(), path, limit)
}

/// Reads an open file if it is a regular one.
#[cfg(unix)]
fn read_regular(file: &File, path: &Path, limit: usize) -> Result<Option<SecretBytes>> {
    let metadata = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?;
    match metadata.is_file() {
        true => read_bytes(file, metadata.len(), path, limit).map(Some),
        false => Ok(None),
    }
}

fn read_bytes(file: &File, len: u64, path: &Path, limit: usize) -> Result<SecretBytes> {
    let expected = len.min(limit as u64);
    match SecretBytes::read_at_most(file, limit, expected as usize) {
        Ok(Some(bytes)) => Ok(bytes),
        Ok(None) => Err(Error::io(
            "read",
            path,
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("larger than {limit} bytes"),
            ),
        )),
        Err(error) => Err(Error::io("read", path, error)),
    }
}

fn open_to_read(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // A FIFO in a file's place must not hang the program before it is found out.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    options.open(path)
}

/// Lets reads of a pipe (a process substitution, say) wait for its writer again.
#[cfg(unix)]
fn wait_for_bytes(file: &File, metadata: &fs::Metadata, path: &Path) -> Result<()> {
    use std::os::unix::fs::FileTypeExt as _;
    if metadata.file_type().is_fifo() {
        rustix::fs::fcntl_setfl(file, rustix::fs::OFlags::empty())
            .map_err(|error| Error::io("read", path, error))?;
    }
    Ok(())
}

/// Whether the error says that the thing, or a directory on the way to it, does not exist.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Whether anything has this name, a dangling link included.
pub fn exists(path: &Path) -> Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Error::io("look at", path, error)),
    }
}

/// Whether this is a directory, links followed.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// Whether this is a symbolic link.
pub fn is_symlink(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// Whether two paths lead to the same file, as far as both exist.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        identity_of(one).is_some_and(|identity| Some(identity) == identity_of(other))
    }
    #[cfg(not(unix))]
    {
        match (fs::canonicalize(one), fs::canonicalize(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
    }
}

/// Whether a regular file has more than one name.
pub fn has_hard_links(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file() && metadata.nlink() > 1)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Whether a file lies anywhere below a directory under another name. Follows no links.
pub fn holds_file(dir: &Path, file: &Path) -> bool {
    #[cfg(unix)]
    {
        let Some(wanted) = identity_of(file) else {
            return false;
        };
        let mut open = vec![dir.to_owned()];
        while let Some(dir) = open.pop() {
            for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => open.push(entry.path()),
                    Ok(kind) if kind.is_file() && identity_of(&entry.path()) == Some(wanted) => {
                        return true;
                    }
                    _ => {}
                }
            }
        }
        false
    }
    #[cfg(not(unix))]
    {
        let _ = (dir, file);
        false
    }
}

/// What makes a file the same file: its device and its number there.
#[cfg(unix)]
fn identity_of(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

/// The permission bits of a file, links followed; `None` where there are none or no file.
pub fn mode(path: &Path) -> Option<u32> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path)
            .ok()
            .map(|metadata| metadata.permissions().mode() & 0o7777)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Whether this user may write to a file or a directory; for one that is not there, whether it
/// could be made. Says what the system would say now, and promises nothing.
pub fn is_writable(path: &Path) -> bool {
    let mut at = path;
    loop {
        match fs::metadata(at) {
            Ok(metadata) => {
                if at != path && !metadata.is_dir() {
                    return false;
                }
                #[cfg(unix)]
                return rustix::fs::access(at, rustix::fs::Access::WRITE_OK).is_ok();
                #[cfg(not(unix))]
                return !metadata.permissions().readonly();
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => match at.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => at = parent,
                _ => at = Path::new("."),
            },
            Err(_) => return false,
        }
    }
}

/// The absolute path with links and `..` resolved as far as the path exists.
pub fn resolve(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|error| Error::io("resolve", path, error))?;
    match fs::canonicalize(&absolute) {
        Ok(real) => Ok(real),
        Err(error) if is_absent(&error) => match (absolute.parent(), absolute.file_name()) {
            (Some(parent), Some(name)) => Ok(resolve(parent)?.join(name)),
            _ => Ok(absolute),
        },
        Err(error) => Err(Error::io("resolve", path, error)),
    }
}

/// The directory of a file; the current one for a bare name.
pub fn parent(path: &Path) -> Result<&Path> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(parent) => Ok(parent),
        None => Err(Error::io(
            "use",
            path,
            io::Error::from(io::ErrorKind::InvalidInput),
        )),
    }
}
