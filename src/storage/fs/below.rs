//! A directory below which nothing is followed.
//!
//! Invariants: below a [`Root`] only regular files are read and only directories are listed, and no
//! component of a path below it is a symbolic link. Links, FIFOs, devices and sockets count as
//! absent: opening them never follows, waits or has an effect. The root's own path may be a link.
//!
//! Limits: Linux 5.6 and newer resolve a path with one call (`openat2`); elsewhere each component is
//! opened by itself. Windows only compares what each component is before it opens the file.

use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::Arc;

use super::Kind;
use crate::error::{Error, Result};
use crate::model::secret::SecretBytes;

/// A buffer for the names of one directory at a time; kept, so that it is allocated once.
#[derive(Debug, Default)]
pub struct Names {
    #[cfg(target_os = "linux")]
    buffer: Vec<u8>,
}

/// A directory below which nothing is followed.
#[derive(Debug, Clone)]
pub struct Root {
    path: PathBuf,
    #[cfg(unix)]
    dir: Arc<rustix::fd::OwnedFd>,
}

impl Root {
    /// The path of the directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of something below the directory.
    pub fn join(&self, below: &str) -> PathBuf {
        self.path.join(below)
    }
}

#[cfg(unix)]
impl Root {
    /// Opens the directory, links followed; `None` if there is none.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        use rustix::fs::{Mode, OFlags};
        #[cfg(target_os = "linux")]
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        #[cfg(not(target_os = "linux"))]
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(dir) => Ok(Some(Self {
                path: path.to_owned(),
                dir: Arc::new(dir),
            })),
            Err(error) if super::is_absent(&error.into()) => Ok(None),
            Err(error) => Err(Error::io("open", path, error)),
        }
    }

    /// Reads a regular file; `None` if there is none.
    pub fn read(&self, below: &str, limit: usize) -> Result<Option<SecretBytes>> {
        use rustix::fs::OFlags;
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let path = self.join(below);
        let Some(file) = self.open_below(below, flags)? else {
            return Ok(None);
        };
        super::read_regular(&std::fs::File::from(file), &path, limit)
    }

    /// Returns what lies at a path; `None` for nothing.
    pub fn kind(&self, below: &str) -> Result<Option<Kind>> {
        use rustix::fs::{AtFlags, OFlags, statat};
        let failed = |error: rustix::io::Errno| Error::io("look at", &self.join(below), error);
        let is_absent = |error: &rustix::io::Errno| super::is_absent(&(*error).into());
        let (dir, name) = below.rsplit_once('/').unwrap_or((".", below));
        let Some(dir) = self.open_below(dir, OFlags::RDONLY | OFlags::DIRECTORY)? else {
            return Ok(None);
        };
        match statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(kind_of(rustix::fs::FileType::from_raw_mode(
                stat.st_mode as _,
            )))),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Passes each name in a directory to `each`, in no order, with what it is; `None` if there is
    /// no such directory. Names that are not Unicode are passed lossily.
    pub fn names(
        &self,
        below: &str,
        names: &mut Names,
        mut each: impl FnMut(&str, Kind),
    ) -> Result<Option<()>> {
        use rustix::fs::OFlags;
        let Some(dir) = self.open_below(below, OFlags::RDONLY | OFlags::DIRECTORY)? else {
            return Ok(None);
        };
        let failed = |error: rustix::io::Errno| Error::io("list", &self.join(below), error);
        for_each_name(&dir, names, |name, kind| {
            if name != c"." && name != c".." {
                let kind = match kind {
                    rustix::fs::FileType::Unknown => kind_in(&dir, name),
                    known => kind_of(known),
                };
                each(&String::from_utf8_lossy(name.to_bytes()), kind);
            }
        })
        .map_err(failed)?;
        Ok(Some(()))
    }

    /// Opens something below without following a link; `None` if it cannot be reached that way.
    fn open_below(
        &self,
        below: &str,
        flags: rustix::fs::OFlags,
    ) -> Result<Option<rustix::fd::OwnedFd>> {
        use rustix::io::Errno;
        let flags = flags | rustix::fs::OFlags::CLOEXEC | rustix::fs::OFlags::NOFOLLOW;
        match open_without_links(&self.dir, below, flags) {
            Ok(opened) => Ok(Some(opened)),
            // NXIO: a socket. MLINK: a link, on FreeBSD.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::MLINK | Errno::NXIO) => {
                Ok(None)
            }
            Err(error) => Err(Error::io("open", &self.join(below), error)),
        }
    }
}

#[cfg(target_os = "linux")]
fn open_without_links(
    dir: &rustix::fd::OwnedFd,
    below: &str,
    flags: rustix::fs::OFlags,
) -> rustix::io::Result<rustix::fd::OwnedFd> {
    use rustix::fs::{Mode, ResolveFlags, openat2};
    use rustix::io::Errno;
    use std::sync::atomic::{AtomicBool, Ordering};
    static MISSING: AtomicBool = AtomicBool::new(false);
    if !MISSING.load(Ordering::Relaxed) {
        match openat2(dir, below, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
            // An old kernel, or a sandbox that does not know the call.
            Err(Errno::NOSYS | Errno::PERM) => MISSING.store(true, Ordering::Relaxed),
            other => return other,
        }
    }
    open_each(dir, below, flags)
}

#[cfg(all(unix, not(target_os = "linux")))]
use open_each as open_without_links;

/// Opens one component after the other.
#[cfg(unix)]
fn open_each(
    dir: &rustix::fd::OwnedFd,
    below: &str,
    flags: rustix::fs::OFlags,
) -> rustix::io::Result<rustix::fd::OwnedFd> {
    use rustix::fd::AsFd as _;
    use rustix::fs::{Mode, OFlags, openat};
    let between = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut at: Option<rustix::fd::OwnedFd> = None;
    let mut parts = below.split('/').peekable();
    while let Some(part) = parts.next() {
        let flags = if parts.peek().is_some() {
            between
        } else {
            flags
        };
        let base = at.as_ref().map_or(dir.as_fd(), |at| at.as_fd());
        at = Some(openat(base, part, flags, Mode::empty())?);
    }
    at.ok_or(rustix::io::Errno::NOENT)
}

#[cfg(unix)]
fn kind_of(kind: rustix::fs::FileType) -> Kind {
    match kind {
        rustix::fs::FileType::RegularFile => Kind::File,
        rustix::fs::FileType::Directory => Kind::Dir,
        rustix::fs::FileType::Symlink => Kind::Link,
        _ => Kind::Other,
    }
}

/// What a name is where the directory does not say so.
#[cfg(unix)]
fn kind_in(dir: &rustix::fd::OwnedFd, name: &std::ffi::CStr) -> Kind {
    use rustix::fs::{AtFlags, FileType, statat};
    statat(dir, name, AtFlags::SYMLINK_NOFOLLOW).map_or(Kind::Other, |stat| {
        kind_of(FileType::from_raw_mode(stat.st_mode as _))
    })
}

#[cfg(target_os = "linux")]
fn for_each_name(
    dir: &rustix::fd::OwnedFd,
    names: &mut Names,
    mut each: impl FnMut(&std::ffi::CStr, rustix::fs::FileType),
) -> rustix::io::Result<()> {
    const BUFFER: usize = 32 << 10;
    names.buffer.reserve(BUFFER);
    let mut entries = rustix::fs::RawDir::new(dir, names.buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        match entry {
            Ok(entry) => each(entry.file_name(), entry.file_type()),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn for_each_name(
    dir: &rustix::fd::OwnedFd,
    _names: &mut Names,
    mut each: impl FnMut(&std::ffi::CStr, rustix::fs::FileType),
) -> rustix::io::Result<()> {
    for entry in rustix::fs::Dir::read_from(dir)? {
        let entry = entry?;
        each(entry.file_name(), entry.file_type());
    }
    Ok(())
}

#[cfg(not(unix))]
impl Root {
    /// Opens the directory, links followed; `None` if there is none.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        Ok(path.is_dir().then(|| Self {
            path: path.to_owned(),
        }))
    }

    /// Reads a regular file; `None` if there is none.
    pub fn read(&self, below: &str, limit: usize) -> Result<Option<SecretBytes>> {
        match self.kind(below)? {
            Some(Kind::File) => super::read(&self.join(below), limit),
            _ => Ok(None),
        }
    }

    /// Returns what lies at a path; `None` for nothing.
    pub fn kind(&self, below: &str) -> Result<Option<Kind>> {
        let mut path = self.path.clone();
        let mut kind = None;
        for part in below.split('/') {
            if kind.is_some_and(|kind| kind != Kind::Dir) {
                return Ok(None);
            }
            path.push(part);
            let metadata = match std::fs::symlink_metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) if super::is_absent(&error) => return Ok(None),
                Err(error) => return Err(Error::io("look at", &path, error)),
            };
            kind = Some(match metadata.file_type() {
                kind if kind.is_symlink() => Kind::Link,
                kind if kind.is_dir() => Kind::Dir,
                kind if kind.is_file() => Kind::File,
                _ => Kind::Other,
            });
        }
        Ok(kind)
    }

    /// Passes each name in a directory to `each`, in no order, with what it is; `None` if there is
    /// no such directory. Names that are not Unicode are passed lossily.
    pub fn names(
        &self,
        below: &str,
        _names: &mut Names,
        mut each: impl FnMut(&str, Kind),
    ) -> Result<Option<()>> {
        if self.kind(below)? != Some(Kind::Dir) {
            return Ok(None);
        }
        let names = super::list_kinds(&self.join(below))?;
        Ok(names.map(|names| {
            for (name, kind) in names {
                each(&name.to_string_lossy(), kind);
            }
        }))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(root: &Root, below: &str) -> Option<Vec<(String, Kind)>> {
        let mut found = Vec::new();
        root.names(below, &mut Names::default(), |name, kind| {
            found.push((name.to_owned(), kind));
        })
        .unwrap()?;
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(found)
    }

    #[test]
    fn all_names_of_a_large_directory_are_passed() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("below")).unwrap();
        // More than fit into the buffer at once.
        let expected: Vec<_> = (0..3000)
            .map(|n| (format!("name-{n:04}"), Kind::File))
            .collect();
        for (name, _) in &expected {
            std::fs::write(dir.path().join("below").join(name), "").unwrap();
        }
        let root = Root::open(dir.path()).unwrap().unwrap();
        assert_eq!(names(&root, "below").unwrap(), expected);
        assert!(names(&root, "absent").is_none());
        assert!(names(&root, "below/name-0001").is_none());
        assert!(Root::open(&dir.path().join("absent")).unwrap().is_none());
    }

    #[test]
    fn links_pipes_and_directories_are_never_read() {
        let dir = tempfile::tempdir().unwrap();
        let outside = dir.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        std::fs::write(outside.join("file"), "canary").unwrap();
        let inside = dir.path().join("inside");
        std::fs::create_dir_all(inside.join("real/dir")).unwrap();
        std::fs::write(inside.join("real/file"), "bytes").unwrap();
        symlink(&outside, inside.join("linked")).unwrap();
        symlink(outside.join("file"), inside.join("real/link")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            inside.join("real/pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        let root = Root::open(&inside).unwrap().unwrap();
        assert_eq!(
            root.read("real/file", 9).unwrap().unwrap().expose(),
            b"bytes"
        );
        assert!(root.read("real/file", 4).is_err());
        for absent in ["real/link", "real/pipe", "real/dir", "linked/file", "none"] {
            assert!(root.read(absent, 9).unwrap().is_none(), "{absent}");
        }
        assert!(names(&root, "linked").is_none());
        let kinds: Vec<Kind> = names(&root, "real")
            .unwrap()
            .into_iter()
            .map(|(_, kind)| kind)
            .collect();
        assert_eq!(kinds, [Kind::Dir, Kind::File, Kind::Link, Kind::Other]);
        assert_eq!(root.kind("real/link").unwrap(), Some(Kind::Link));
        assert_eq!(root.kind("linked/file").unwrap(), None);
        // The way for kernels without openat2.
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::NOFOLLOW;
        assert!(open_each(&root.dir, "real/file", flags).is_ok());
        assert!(open_each(&root.dir, "real/link", flags).is_err());
        assert!(open_each(&root.dir, "linked/file", flags).is_err());
    }
}
