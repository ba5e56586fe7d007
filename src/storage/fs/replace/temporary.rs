//! The new content of a file before it has the file's name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use super::super::make_private;
use super::super::sync_file;
#[cfg(target_os = "linux")]
use super::super::{attributes, give_name, is_absent, open_to_read, unnamed_temporary};
use super::{FileStamp, Identity, TEMPORARY, remove_leftover};
use crate::error::{Error, Result};
use crate::model::secret::SecretBytes;

/// The new content under its hidden name; removed unless it is renamed.
pub(super) struct Temporary {
    path: PathBuf,
    renamed: bool,
}

impl Temporary {
    /// `None` if the directory or the owner does not allow a second file.
    #[cfg_attr(not(target_os = "linux"), allow(unused_variables))]
    pub(super) fn write(
        stamp: &FileStamp,
        identity: &Identity,
        content: &SecretBytes,
    ) -> Result<Option<Self>> {
        let dir = stamp.dir();
        let path = dir.join(TEMPORARY);
        #[cfg(target_os = "linux")]
        {
            let file = match unnamed_temporary(dir) {
                Ok(file) => file,
                Err(Error::Io { source, .. }) if is_forbidden(&source) => return Ok(None),
                Err(error) => return Err(error),
            };
            if let Some(file) = file {
                if !fill(&file, stamp, identity, content)? {
                    return Ok(None);
                }
                let mut given = give_name(&file, &path);
                if given == Err(rustix::io::Errno::EXIST) {
                    remove_leftover(dir)?;
                    given = give_name(&file, &path);
                }
                match given {
                    Ok(()) => {
                        return Ok(Some(Self {
                            path,
                            renamed: false,
                        }));
                    }
                    Err(rustix::io::Errno::NOENT) if !Path::new("/proc/self/fd").exists() => {}
                    Err(error) => return Err(Error::io("create", &path, error)),
                }
            }
        }
        let file = match hidden_temporary(dir) {
            Ok(file) => file,
            Err(Error::Io { source, .. }) if is_forbidden(&source) => return Ok(None),
            Err(error) => return Err(error),
        };
        if !fill(file.as_file(), stamp, identity, content)? {
            return Ok(None);
        }
        let (_, path) = file
            .keep()
            .map_err(|error| Error::io("keep", &path, error.error))?;
        Ok(Some(Self {
            path,
            renamed: false,
        }))
    }

    pub(super) fn rename_to(mut self, path: &Path) -> io::Result<()> {
        fs::rename(&self.path, path)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            // What cannot be removed now is removed by the next run under the lock.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A file under the hidden name, for systems that have none without a name. Only under the lock.
pub(super) fn hidden_temporary(dir: &Path) -> Result<tempfile::NamedTempFile> {
    let path = dir.join(TEMPORARY);
    let create = || {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        options.open(&path)
    };
    let file = match create() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            remove_leftover(dir)?;
            create()
        }
        other => other,
    }
    .map_err(|error| Error::io("create", &path, error))?;
    let temporary = tempfile::TempPath::try_from_path(&path)
        .map_err(|error| Error::io("create", &path, error))?;
    #[cfg(unix)]
    make_private(&file).map_err(|error| Error::io("set the mode of", &path, error))?;
    Ok(tempfile::NamedTempFile::from_parts(file, temporary))
}

/// Whether the system does not let us make a second file beside the first.
fn is_forbidden(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Gives the file owner, content, attributes and mode and syncs it; `false` if the owner or an
/// attribute cannot be kept.
fn fill(
    mut file: &File,
    stamp: &FileStamp,
    identity: &Identity,
    content: &SecretBytes,
) -> Result<bool> {
    let path = &stamp.real;
    #[cfg(unix)]
    {
        use rustix::fs::{Gid, Mode, Uid, fchmod, fchown, fstat};
        let ours = fstat(file).map_err(|error| Error::io("read", path, error))?;
        let wanted = &identity.unix;
        let owner = (ours.st_uid != wanted.uid).then(|| Uid::from_raw(wanted.uid));
        let group = (ours.st_gid != wanted.gid).then(|| Gid::from_raw(wanted.gid));
        if (owner.is_some() || group.is_some()) && fchown(file, owner, group).is_err() {
            return Ok(false);
        }
        file.write_all(content.expose())
            .map_err(|error| Error::io("write", path, error))?;
        #[cfg(target_os = "linux")]
        {
            match open_to_read(path) {
                Ok(old) if !attributes::carry_over(&old, file) => return Ok(false),
                Ok(_) => {}
                // The last look will notice.
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(Error::io("open", path, error)),
            }
        }
        // After the owner and after the bytes: both can take special bits away. And after an access
        // list, whose mask is the mode's group bits, as it was in the old file.
        fchmod(file, Mode::from_raw_mode(wanted.mode as _))
            .map_err(|error| Error::io("set the mode of", path, error))?;
    }
    #[cfg(not(unix))]
    {
        let _ = identity;
        file.write_all(content.expose())
            .map_err(|error| Error::io("write", path, error))?;
    }
    sync_file(file, path)?;
    Ok(true)
}
