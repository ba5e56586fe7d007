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

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{is_absent, parent, publish, read_open, sync_dir, sync_file};
use crate::error::{EnvFileProblem, Error, Result};
use crate::secret::SecretBytes;

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
    if crate::planted("in-place") {
        fs::write(path, content.expose()).map_err(|error| Error::io("write", path, error))?;
        return Ok(Replaced::Done);
    }
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

/// The new content under its hidden name; removed unless it is renamed.
struct Temporary {
    path: PathBuf,
    renamed: bool,
}

impl Temporary {
    /// `None` if the directory or the owner does not allow a second file.
    #[cfg_attr(not(target_os = "linux"), allow(unused_variables))]
    fn write(
        stamp: &FileStamp,
        identity: &Identity,
        content: &SecretBytes,
    ) -> Result<Option<Self>> {
        let dir = stamp.dir();
        let path = dir.join(TEMPORARY);
        #[cfg(target_os = "linux")]
        {
            let file = match super::unnamed_temporary(dir) {
                Ok(file) => file,
                Err(Error::Io { source, .. }) if is_forbidden(&source) => return Ok(None),
                Err(error) => return Err(error),
            };
            if let Some(file) = file {
                if !fill(&file, stamp, identity, content)? {
                    return Ok(None);
                }
                let mut given = super::give_name(&file, &path);
                if given == Err(rustix::io::Errno::EXIST) {
                    remove_leftover(dir)?;
                    given = super::give_name(&file, &path);
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

    fn rename_to(mut self, path: &Path) -> io::Result<()> {
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
fn hidden_temporary(dir: &Path) -> Result<tempfile::NamedTempFile> {
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
    super::make_private(&file).map_err(|error| Error::io("set the mode of", &path, error))?;
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
            match super::open_to_read(path) {
                Ok(old) if !super::attributes::carry_over(&old, file) => return Ok(false),
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn content(text: &str) -> SecretBytes {
        SecretBytes::from(text)
    }

    fn text(path: &Path) -> String {
        fs::read_to_string(path).unwrap()
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names = super::super::list_dir(dir).unwrap().unwrap();
        names.sort();
        names
    }

    #[test]
    fn mode_and_link_stay_and_nothing_is_left_behind() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real.env");
        let link = dir.path().join(".env");
        fs::write(&real, "A=1\n").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.env", &link).unwrap();
        let (before, stamp) = read_stamped(&link, 1000).unwrap();
        assert_eq!(before.expose(), b"A=1\n");
        assert_eq!(
            replace_stamped(&stamp, &content("A=2\n")).unwrap(),
            Replaced::Done
        );
        assert_eq!(text(&real), "A=2\n");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(super::super::mode(&real), Some(0o640));
        assert_eq!(names(dir.path()), [".env", "real.env"]);
    }

    #[test]
    fn a_new_file_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        let (_, stamp) = read_stamped(&path, 1000).unwrap();
        assert!(!stamp.existed());
        assert_eq!(
            replace_stamped(&stamp, &content("A=1\n")).unwrap(),
            Replaced::Done
        );
        assert_eq!(super::super::mode(&path), Some(0o600));
    }

    #[test]
    fn a_change_since_reading_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        fs::write(&path, "A=1\n").unwrap();
        let (_, stamp) = read_stamped(&path, 1000).unwrap();
        fs::write(&path, "A=1\nB=2\n").unwrap();
        assert_eq!(
            replace_stamped(&stamp, &content("A=3\n")).unwrap(),
            Replaced::Changed
        );
        assert_eq!(text(&path), "A=1\nB=2\n");
        let absent = dir.path().join("other.env");
        let (_, stamp) = read_stamped(&absent, 1000).unwrap();
        fs::write(&absent, "B=2\n").unwrap();
        assert_eq!(
            replace_stamped(&stamp, &content("A=3\n")).unwrap(),
            Replaced::Changed
        );
        assert_eq!(names(dir.path()), [".env", "other.env"]);
    }

    #[test]
    fn a_hard_link_is_written_in_place_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        fs::write(&path, "A=1 and more\n").unwrap();
        fs::hard_link(&path, dir.path().join("second")).unwrap();
        let (_, stamp) = read_stamped(&path, 1000).unwrap();
        assert_eq!(
            replace_stamped(&stamp, &content("A=2\n")).unwrap(),
            Replaced::InPlaceOnly
        );
        assert_eq!(
            write_in_place(&stamp, &content("A=2\n")).unwrap(),
            Replaced::Done
        );
        assert_eq!(text(&dir.path().join("second")), "A=2\n");
    }

    #[test]
    fn only_a_regular_file_is_an_env_file() {
        let dir = tempfile::tempdir().unwrap();
        let code = |path: &Path| read_stamped(path, 1000).unwrap_err().code();
        assert_eq!(code(dir.path()), "env_not_a_file");
        let dangling = dir.path().join("dangling");
        symlink("nowhere", &dangling).unwrap();
        assert_eq!(code(&dangling), "env_dangling_link");
        let device = dir.path().join("device");
        symlink("/dev/null", &device).unwrap();
        assert_eq!(code(&device), "env_not_a_file");
        assert_eq!(code(&dir.path().join("no/dir/.env")), "env_no_directory");
        fs::write(dir.path().join("large"), vec![b'#'; 1001]).unwrap();
        assert!(read_stamped(&dir.path().join("large"), 1000).is_err());
    }

    #[test]
    fn a_leftover_of_a_killed_run_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        fs::write(&path, "A=1\n").unwrap();
        fs::write(dir.path().join(TEMPORARY), "A=half").unwrap();
        let (_, stamp) = read_stamped(&path, 1000).unwrap();
        assert_eq!(
            replace_stamped(&stamp, &content("A=2\n")).unwrap(),
            Replaced::Done
        );
        assert_eq!(names(dir.path()), [".env"]);
    }
}
