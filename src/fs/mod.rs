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
mod dir;
mod lock;
mod replace;
mod walk;

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub use append::Appendable;
pub use batch::{Fate, NewFile, Published, publish_many, sync_dirs};
pub use dir::{Dir, Names};
pub use lock::{DirLock, lock_dir};
pub use replace::{
    FileStamp, Replaced, find_real, overwrite, read_stamped, remove_leftover, replace_stamped,
    write_in_place,
};
pub use walk::{Walk, walk};

use crate::error::{Error, Result};
use crate::secret::SecretBytes;

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
    #[cfg(unix)]
    wait_for_bytes(file, path)?;
    let expected = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?
        .len()
        .min(limit as u64);
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
fn wait_for_bytes(file: &File, path: &Path) -> Result<()> {
    use std::os::unix::fs::FileTypeExt as _;
    let metadata = file
        .metadata()
        .map_err(|error| Error::io("read", path, error))?;
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

/// Gives a complete new file a name, if the name is free; `false` if it is not.
///
/// The bytes are synced before the name appears; the name itself is durable only after
/// [`sync_dir`] on its directory, which is the caller's to do.
#[must_use = "false means that somebody else has the name"]
pub fn publish_new(path: &Path, bytes: &[u8]) -> Result<bool> {
    if crate::planted("clobber") {
        return replace_private(path, bytes).map(|()| true);
    }
    publish(path, bytes, named_temporary)
}

/// [`publish_new`] by way of a file of this kind where there are none without a name.
fn publish(
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
fn unnamed_temporary(dir: &Path) -> Result<Option<File>> {
    use rustix::fs::{Mode, OFlags, fchmod, open};
    use rustix::io::Errno;
    if crate::planted("named") {
        return Ok(None);
    }
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
fn give_name(file: &File, path: &Path) -> rustix::io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    use std::os::fd::AsRawFd as _;
    let itself = format!("/proc/self/fd/{}", file.as_raw_fd());
    linkat(CWD, itself, CWD, path, AtFlags::SYMLINK_FOLLOW)
}

const LEFTOVER_PREFIX: &str = ".secrets-tmp-";

/// Whether a directory entry is what a killed run may have left behind.
pub fn is_leftover(name: &str) -> bool {
    name.starts_with(LEFTOVER_PREFIX) || name.starts_with(replace::TEMPORARY)
}

/// A file under a name that nobody else has.
fn named_temporary(dir: &Path) -> Result<tempfile::NamedTempFile> {
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
fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

fn write_synced(mut file: &File, path: &Path, bytes: &[u8]) -> Result<()> {
    let written = file.write_all(bytes);
    if !crate::planted("swallow") {
        written.map_err(|error| Error::io("write", path, error))?;
    }
    sync_file(file, path)
}

fn sync_file(file: &File, path: &Path) -> Result<()> {
    if crate::planted("no-file-sync") {
        return Ok(());
    }
    if crate::planted("retry-sync") && file.sync_all().is_err() {
        return file
            .sync_all()
            .map_err(|error| Error::io("sync", path, error));
    }
    file.sync_all()
        .map_err(|error| Error::io("sync", path, error))
}

/// Makes a file that somebody else wrote durable, and its name.
pub fn sync_existing(path: &Path) -> Result<()> {
    let file = open_to_read(path).map_err(|error| Error::io("open", path, error))?;
    sync_file(&file, path)?;
    sync_dir(parent(path)?)
}

/// Makes a directory's entries durable.
pub fn sync_dir(path: &Path) -> Result<()> {
    if crate::planted("no-dir-sync") {
        return Ok(());
    }
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
fn open_dir(path: &Path) -> Result<rustix::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    rustix::fs::open(
        path,
        OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    )
    .map_err(|error| Error::io("open", path, error))
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
        if !crate::planted("no-parent-sync") {
            sync_dir(&parent)?;
        }
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

fn make_dir(path: &Path) -> Result<()> {
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

/// Replaces a file of the program's own (or makes it), mode 0600, durably.
///
/// The caller holds a lock that keeps others from replacing the same file: the name that the new
/// content has for a moment is always the same, so that what a killed run left there is taken away
/// by the next one.
///
/// Not for env files: those keep their mode, owner and links, see [`replace_stamped`].
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
fn open_private(path: &Path) -> io::Result<File> {
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

/// What is at the end of a file of lines.
pub struct Tail<'a> {
    /// The last complete line, with its line break.
    pub last_line: Option<&'a [u8]>,
    /// Whether an incomplete line stood behind it. It is cut off.
    pub torn: bool,
}

/// The longest line that [`append_locked`] finds again.
const MAX_LINE: u64 = 4 << 10;

/// Appends to a file of lines under the kernel's lock on it; `compose` sees its end, `appended` is
/// called when the lines are there, still under the lock.
///
/// The file is made if it is not there. Synced, with its directory if it was made, if `durable`.
pub fn append_locked(
    path: &Path,
    wait: std::time::Duration,
    durable: bool,
    compose: impl FnOnce(Tail<'_>) -> Vec<u8>,
    appended: impl FnOnce(),
) -> Result<()> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let open = || open_private(path);
    let mut file = match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            make_dir_all_durable(parent(path)?)?;
            open()
        }
        other => other,
    }
    .map_err(|error| Error::io("open", path, error))?;
    lock::lock_file(&file, path, wait)?;

    let read = |error| Error::io("read", path, error);
    let len = file.metadata().map_err(read)?.len();
    if len == 0 {
        // Before the first byte, so that a file that holds something has a durable name. Hints that
        // need not last may have made the directories.
        sync_above(path)?;
    }
    let start = len.saturating_sub(MAX_LINE);
    file.seek(SeekFrom::Start(start)).map_err(read)?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(read)?;
    let complete = tail
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let line_start = tail[..complete.saturating_sub(1)]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let torn = complete < tail.len();
    let bytes = compose(Tail {
        last_line: (complete > 0).then(|| &tail[line_start..complete]),
        torn,
    });

    let write = |error| Error::io("write", path, error);
    let end = start + complete as u64;
    if torn {
        file.set_len(end).map_err(write)?;
    }
    file.seek(SeekFrom::Start(end)).map_err(write)?;
    file.write_all(&bytes).map_err(write)?;
    if durable {
        sync_file(&file, path)?;
    }
    appended();
    Ok(())
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

/// The names in a directory, in no order; `None` if there is no such directory.
///
/// Names that are not Unicode are given lossily, so that they can be reported and match nothing.
pub fn list_dir(path: &Path) -> Result<Option<Vec<String>>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("list", path, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("list", path, error))?;
        let name: OsString = entry.file_name();
        names.push(match name.into_string() {
            Ok(name) => name,
            Err(name) => name.to_string_lossy().into_owned(),
        });
    }
    Ok(Some(names))
}

/// What a directory entry is. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, to whatever it may be.
    Link,
    /// Anything else.
    Other,
}

/// The names in a directory, sorted, with what they are; `None` if there is no such directory.
pub fn list_kinds(path: &Path) -> Result<Option<Vec<(OsString, Kind)>>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("list", path, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let list = |error| Error::io("list", path, error);
        let entry = entry.map_err(list)?;
        let kind = entry.file_type().map_err(list)?;
        let kind = match () {
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_dir() => Kind::Dir,
            () if kind.is_file() => Kind::File,
            () => Kind::Other,
        };
        names.push((entry.file_name(), kind));
    }
    names.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Some(names))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn mode_of(path: &Path) -> u32 {
        mode(path).unwrap()
    }

    #[test]
    fn a_new_file_appears_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("0001.age");
        assert!(publish_new(&path, b"first").unwrap());
        assert!(!publish_new(&path, b"second").unwrap());
        assert_eq!(read(&path, 100).unwrap().unwrap().expose(), b"first");
        #[cfg(unix)]
        assert_eq!(mode_of(&path), 0o600);
        assert_eq!(list_dir(dir.path()).unwrap().unwrap(), ["0001.age"]);
    }

    #[test]
    fn directories_are_private_and_may_exist() {
        let dir = tempfile::tempdir().unwrap();
        make_dirs_durable(dir.path(), Path::new("a/b/c")).unwrap();
        make_dirs_durable(dir.path(), Path::new("a/b/c")).unwrap();
        make_dir_all_durable(&dir.path().join("x/y")).unwrap();
        #[cfg(unix)]
        {
            assert_eq!(mode_of(&dir.path().join("a/b/c")), 0o700);
            assert_eq!(mode_of(&dir.path().join("x/y")), 0o700);
        }
    }

    #[test]
    fn what_is_too_large_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        assert!(publish_new(&path, &[0; 100]).unwrap());
        assert!(read(&path, 99).is_err());
        assert!(read(&path, 100).unwrap().is_some());
        assert!(read(&dir.path().join("absent"), 1).unwrap().is_none());
        assert!(read(&dir.path().join("f/below"), 1).unwrap().is_none());
    }

    #[test]
    fn a_private_file_is_replaced_through_its_link() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("real.toml");
        let link = dir.path().join("config.toml");
        replace_private(&real, b"one").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("real.toml", &link).unwrap();
            replace_private(&link, b"two").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(read(&real, 10).unwrap().unwrap().expose(), b"two");
        }
    }

    #[test]
    fn what_is_set_aside_keeps_its_bytes_and_overwrites_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.jsonl");
        assert_eq!(set_aside(&path).unwrap(), None);
        for text in ["one", "two"] {
            fs::write(&path, text).unwrap();
            let aside = set_aside(&path).unwrap().unwrap();
            assert_eq!(fs::read_to_string(aside).unwrap(), text);
            assert!(!path.exists());
        }
        assert_eq!(list_dir(dir.path()).unwrap().unwrap().len(), 2);
    }

    #[test]
    fn a_path_below_a_file_is_not_writable_and_one_to_be_made_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        assert!(is_writable(dir.path()));
        assert!(is_writable(&dir.path().join("a/b/c")));
        assert!(!is_writable(&dir.path().join("file/below")));
    }

    #[test]
    fn a_hint_is_overwritten_in_place() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/hint");
        write_hint(&path, b"0000000001\n").unwrap();
        write_hint(&path, b"0000000002\n").unwrap();
        assert_eq!(read(&path, 100).unwrap().unwrap().expose(), b"0000000002\n");
    }
}
