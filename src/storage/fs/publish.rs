//! New files: complete and synced before they have a name, under a name that must be free.

#[cfg(unix)]
use std::fs;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use super::{parent, replace, sync_file};
use crate::error::{Error, Result};

/// Gives a complete new file a name, if the name is free; `false` if it is not.
///
/// The bytes are synced before the name appears; the name itself is durable only after
/// [`super::sync_dir`] on its directory, which is the caller's to do.
#[must_use = "false means that somebody else has the name"]
pub fn publish_new(path: &Path, bytes: &[u8]) -> Result<bool> {
    crate::fail_point!("clobber", |_| super::replace_private(path, bytes)
        .map(|()| true));
    publish(path, bytes, named_temporary)
}

/// [`publish_new`] by way of a file of this kind where there are none without a name.
pub(super) fn publish(
    path: &Path,
    bytes: &[u8],
    named: fn(&Path) -> Result<tempfile::NamedTempFile>,
) -> Result<bool> {
    let dir = parent(path)?;
    #[cfg(target_os = "linux")]
    if let Some(file) = unnamed_temporary(dir)? {
        write_synced(&file, path, bytes)?;
        match give_name(&file, path) {
            Ok(()) => return Ok(true),
            Err(rustix::io::Errno::EXIST) => return Ok(false),
            // No /proc: take the road with a name.
            Err(rustix::io::Errno::NOENT) if !Path::new("/proc/self/fd").exists() => {}
            Err(error) => return Err(Error::io("create", path, error)),
        }
    }
    let temporary = named(dir)?;
    write_synced(temporary.as_file(), path, bytes)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error::io("create", path, error.error)),
    }
}

/// A file without a name in the directory's file system; `None` if it has no such files.
#[cfg(target_os = "linux")]
pub(super) fn unnamed_temporary(dir: &Path) -> Result<Option<File>> {
    use rustix::fs::{Mode, OFlags, fchmod, open};
    use rustix::io::Errno;
    crate::fail_point!("named", |_| Ok(None));
    let mode = Mode::RUSR | Mode::WUSR;
    match open(
        dir,
        OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC,
        mode,
    ) {
        Ok(file) => {
            // The umask can only have taken bits away; put them back.
            fchmod(&file, mode).map_err(|error| Error::io("set the mode of", dir, error))?;
            Ok(Some(File::from(file)))
        }
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
        Err(error) => Err(Error::io("create a file in", dir, error)),
    }
}

#[cfg(target_os = "linux")]
pub(super) fn give_name(file: &File, path: &Path) -> rustix::io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd as _;
    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    linkat(CWD, itself, CWD, path, AtFlags::SYMLINK_FOLLOW)
}

pub(super) const LEFTOVER_PREFIX: &str = ".secrets-tmp-";

/// Whether a directory entry is what a killed run may have left behind.
pub fn is_leftover(name: &str) -> bool {
    name.starts_with(LEFTOVER_PREFIX) || name.starts_with(replace::TEMPORARY)
}

/// A file under a name that nobody else has.
pub(super) fn named_temporary(dir: &Path) -> Result<tempfile::NamedTempFile> {
    let create = |error| Error::io("create a file in", dir, error);
    let mut builder = tempfile::Builder::new();
    let prefix = format!("{}-", replace::TEMPORARY);
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o600));
    }
    let file = builder.tempfile_in(dir).map_err(create)?;
    #[cfg(unix)]
    make_private(file.as_file()).map_err(|error| Error::io("set the mode of", dir, error))?;
    Ok(file)
}

/// Gives a file mode 0600: the umask can only have taken bits away; puts them back.
#[cfg(unix)]
pub(super) fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

pub(super) fn write_synced(mut file: &File, path: &Path, bytes: &[u8]) -> Result<()> {
    let written = file.write_all(bytes);
    crate::fail_point!("swallow", |_| sync_file(file, path));
    written.map_err(|error| Error::io("write", path, error))?;
    sync_file(file, path)
}
