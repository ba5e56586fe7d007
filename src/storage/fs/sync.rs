//! Making files, directories and their names durable.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::{exists, open_to_read, parent};
use crate::error::{Error, Result};

pub(super) fn sync_file(file: &File, path: &Path) -> Result<()> {
    let sync = || {
        file.sync_all()
            .map_err(|error| Error::io("sync", path, error))
    };
    crate::fail_point!("no-file-sync", |_| Ok(()));
    crate::fail_point!("retry-sync", |_| sync().or_else(|_| sync()));
    sync()
}

/// Makes a file that somebody else wrote durable, and its name.
pub fn sync_existing(path: &Path) -> Result<()> {
    let file = open_to_read(path).map_err(|error| Error::io("open", path, error))?;
    sync_file(&file, path)?;
    sync_dir(parent(path)?)
}

/// Makes a directory's entries durable.
pub fn sync_dir(path: &Path) -> Result<()> {
    crate::fail_point!("no-dir-sync", |_| Ok(()));
    #[cfg(unix)]
    {
        // std's sync also does what macOS needs.
        File::from(open_dir(path)?)
            .sync_all()
            .map_err(|error| Error::io("sync", path, error))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

#[cfg(unix)]
pub(super) fn open_dir(path: &Path) -> Result<rustix::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    rustix::fs::open(
        path,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )
    .map_err(|error| Error::io("open", path, error))
}

fn sync_parent(path: &Path) -> Result<()> {
    crate::fail_point!("no-parent-sync", |_| Ok(()));
    sync_dir(path)
}

/// Makes the directories of `below` under `base`, and makes each of them durable.
///
/// Every directory on the way is synced, also those that were there: an earlier run may have been
/// stopped between making one and syncing it. `base` itself must exist.
pub fn make_dirs_durable(base: &Path, below: &Path) -> Result<()> {
    let mut path = base.to_owned();
    for part in below {
        let parent = path.clone();
        path.push(part);
        make_dir(&path)?;
        sync_parent(&parent)?;
    }
    Ok(())
}

/// Makes a directory and those above it that are missing, and makes each that it made durable.
pub fn make_dir_all_durable(path: &Path) -> Result<()> {
    let mut missing = Vec::new();
    let mut at = path;
    while !at.as_os_str().is_empty() && !exists(at)? {
        missing.push(at);
        match at.parent() {
            Some(parent) => at = parent,
            None => break,
        }
    }
    for dir in missing.into_iter().rev() {
        make_dir(dir)?;
        sync_dir(parent(dir)?)?;
    }
    if !path.is_dir() {
        return Err(Error::io(
            "use",
            path,
            io::Error::from(io::ErrorKind::NotADirectory),
        ));
    }
    Ok(())
}

/// Makes the name of a file or a directory durable, and the names of the directories above it, as
/// far up as they are this user's: whoever made one of them may have been stopped before it synced,
/// or had no need to.
pub fn sync_above(path: &Path) -> Result<()> {
    let absolute = std::path::absolute(path).map_err(|error| Error::io("resolve", path, error))?;
    for dir in absolute.ancestors().skip(1) {
        match sync_dir(dir) {
            Ok(()) => {}
            // What this user cannot even look into was not made by this program.
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::PermissionDenied => {
                break;
            }
            Err(error) => return Err(error),
        }
        if !is_ours(dir)? {
            break;
        }
    }
    Ok(())
}

/// Whether a directory belongs to this user; where there are no owners, every one does.
fn is_ours(dir: &Path) -> Result<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let metadata = fs::metadata(dir).map_err(|error| Error::io("look at", dir, error))?;
        Ok(metadata.uid() == rustix::process::geteuid().as_raw())
    }
    #[cfg(not(unix))]
    {
        let _ = dir;
        Ok(true)
    }
}

pub(super) fn make_dir(path: &Path) -> Result<()> {
    let made = {
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            fs::DirBuilder::new().mode(0o700).create(path)
        }
        #[cfg(not(unix))]
        fs::create_dir(path)
    };
    match made {
        Ok(()) => {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                // The umask can only have taken bits away; put them back.
                let mode = fs::Permissions::from_mode(0o700);
                fs::set_permissions(path, mode)
                    .map_err(|error| Error::io("set the mode of", path, error))?;
            }
            Ok(())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::io("create", path, error)),
    }
}
