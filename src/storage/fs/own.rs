//! The program's own files: replaced, removed, set aside; and hints, which need not last.

#[cfg(target_os = "linux")]
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{
    exists, is_absent, make_dir, named_temporary, parent, resolve, sync_dir, write_synced,
};
#[cfg(target_os = "linux")]
use super::{give_name, publish::LEFTOVER_PREFIX, unnamed_temporary};
#[cfg(unix)]
use super::{make_private, mode};
use crate::error::{Error, Result};

/// Replaces a file of the program's own (or makes it), mode 0600, durably.
///
/// The caller holds a lock that keeps others from replacing the same file: the name that the new
/// content has for a moment is always the same, so that what a killed run left there is taken away
/// by the next one.
///
/// Not for env files: those keep their mode, owner and links, see [`super::replace_stamped`].
pub fn replace_private(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_private_then(path, bytes, sync_dir)
}

/// [`replace_private`], where the caller makes the directory durable: when that fails, the file
/// has its new content all the same, which is not the same as nothing done.
pub fn replace_private_then(
    path: &Path,
    bytes: &[u8],
    sync_dir: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let dir = parent(path)?;
    // A link (a dotfiles manager's, say) stays: its target is replaced.
    let path = &match fs::canonicalize(path) {
        Ok(real) => real,
        Err(error) if is_absent(&error) => path.to_owned(),
        Err(error) => return Err(Error::io("resolve", path, error)),
    };
    let dir = path.parent().unwrap_or(dir);
    #[cfg(target_os = "linux")]
    if let Some(file) = unnamed_temporary(dir)? {
        write_synced(&file, path, bytes)?;
        if rename_into(&file, path)? {
            return sync_dir(dir);
        }
    }
    let temporary = named_temporary(dir)?;
    write_synced(temporary.as_file(), path, bytes)?;
    temporary
        .persist(path)
        .map_err(|error| Error::io("replace", path, error.error))?;
    sync_dir(dir)
}

/// Gives a file without a name the name of another; `false` if there is no `/proc` to do it with.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "this is the home of files")]
fn rename_into(file: &File, path: &Path) -> Result<bool> {
    let mut name = OsString::from(LEFTOVER_PREFIX);
    name.push(path.file_name().unwrap_or_default());
    let temporary = path.with_file_name(name);
    let mut given = give_name(file, &temporary);
    if given == Err(rustix::io::Errno::EXIST) {
        fs::remove_file(&temporary).map_err(|error| Error::io("remove", &temporary, error))?;
        given = give_name(file, &temporary);
    }
    match given {
        Ok(()) => {}
        Err(rustix::io::Errno::NOENT) if !Path::new("/proc/self/fd").exists() => return Ok(false),
        Err(error) => return Err(Error::io("create", &temporary, error)),
    }
    fs::rename(&temporary, path).map_err(|error| {
        // What cannot be removed now is removed by the next run.
        let _ = fs::remove_file(&temporary);
        Error::io("replace", path, error)
    })?;
    Ok(true)
}

/// Replaces (or makes) a file that is for everybody: a manual page, a script. Not durable.
pub fn replace_shared(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|error| Error::io("write", path, error))
}

/// Replaces a script, or makes it, at once and durably. One that is there keeps its mode, a new one
/// can be run by everybody.
pub fn replace_script(path: &Path, bytes: &[u8]) -> Result<()> {
    // A link stays: its target is replaced.
    let path = &resolve(path)?;
    let dir = parent(path)?;
    let temporary = named_temporary(dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::Permissions::from_mode(mode(path).unwrap_or(0o755));
        fs::set_permissions(temporary.path(), mode)
            .map_err(|error| Error::io("set the mode of", path, error))?;
    }
    write_synced(temporary.as_file(), path, bytes)?;
    temporary
        .persist(path)
        .map_err(|error| Error::io("replace", path, error.error))?;
    sync_dir(dir)
}

/// Removes a file of the program's own, durably; one that is not there is removed.
pub fn remove_private(path: &Path) -> Result<()> {
    match remove_unsynced(path)? {
        true => sync_dir(parent(path)?),
        false => Ok(()),
    }
}

/// Removes a file, not durably; `false` if there is none.
pub fn remove_unsynced(path: &Path) -> Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(false),
        Err(error) => Err(Error::io("remove", path, error)),
    }
}

/// Writes a short record in place, without syncing: for memory that may be lost.
///
/// All records of one file have the same length, so that a reader never sees half of one.
pub fn write_hint(path: &Path, record: &[u8]) -> Result<()> {
    let open = || open_private(path);
    let file = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut missing = Vec::new();
            let mut at = parent(path)?;
            while !at.is_dir() {
                missing.push(at);
                at = match at.parent() {
                    Some(parent) if !parent.as_os_str().is_empty() => parent,
                    _ => break,
                };
            }
            for dir in missing.into_iter().rev() {
                make_dir(dir)?;
            }
            open()
        }
        other => other,
    };
    let mut file = file.map_err(|error| Error::io("open", path, error))?;
    file.write_all(record)
        .map_err(|error| Error::io("write", path, error))
}

/// Opens a file of the program's own, or makes it, with mode 0600 whatever the umask.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        other => return other,
    }
    options.create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let file = options.mode(0o600).open(path)?;
        make_private(&file)?;
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}

/// Creates an empty file if there is none; says nothing if there is.
pub fn touch(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::io("create", path, error)),
    }
}

/// Gives a file of the program's own another name beside it, durably: `<name>.old-<n>`. `None` if
/// there is no such file.
#[expect(clippy::disallowed_methods, reason = "this is the home of files")]
pub fn set_aside(path: &Path) -> Result<Option<PathBuf>> {
    if !exists(path)? {
        return Ok(None);
    }
    for n in 1u32.. {
        let mut aside = path.as_os_str().to_owned();
        aside.push(format!(".old-{n}"));
        let aside = PathBuf::from(aside);
        // Nobody else makes names of this form, so there is no race for it worth a lock.
        if !exists(&aside)? {
            fs::rename(path, &aside).map_err(|error| Error::io("rename", path, error))?;
            sync_dir(parent(path)?)?;
            return Ok(Some(aside));
        }
    }
    Ok(None)
}
