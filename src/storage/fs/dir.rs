//! Looking through many small directories: names only, relative to a directory that is open.
//!
//! Listing ten thousand secrets means reading ten thousand directories. On Linux each takes four
//! system calls, none of them over a long path, and no allocation but the names' own.
//!
//! Limits: elsewhere the standard library does it, over whole paths.

use std::path::{Path, PathBuf};

#[cfg(target_os = "linux")]
use super::is_absent;
#[cfg(target_os = "linux")]
use crate::error::Error;
use crate::error::Result;

/// Room for the names of one directory at a time; kept, so that it is allocated once.
#[derive(Debug, Default)]
pub struct Names {
    #[cfg(target_os = "linux")]
    buffer: Vec<u8>,
}

/// An open directory.
#[derive(Debug)]
pub struct Dir {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    dir: rustix::fd::OwnedFd,
}

#[cfg(target_os = "linux")]
const ROOM: usize = 32 << 10;

#[cfg(target_os = "linux")]
impl Dir {
    /// Opens a directory; `None` if there is no such directory.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        Ok(open_at(rustix::fs::CWD, path, path)?.map(|dir| Self {
            path: path.to_owned(),
            dir,
        }))
    }

    /// Gives every name in a directory below this one to `each`, in no order; `None` if there is
    /// no such directory. Names that are not Unicode are given lossily.
    pub fn names_in(
        &self,
        below: &str,
        names: &mut Names,
        mut each: impl FnMut(&str),
    ) -> Result<Option<()>> {
        use rustix::fs::RawDir;
        use rustix::io::Errno;
        let Some(dir) = open_at(&self.dir, Path::new(below), &self.path)? else {
            return Ok(None);
        };
        names.buffer.reserve(ROOM);
        let mut entries = RawDir::new(&dir, names.buffer.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            match entry {
                Ok(entry) => {
                    let name = entry.file_name().to_bytes();
                    if name != b"." && name != b".." {
                        each(&String::from_utf8_lossy(name));
                    }
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(Error::io("list", &self.path.join(below), error)),
            }
        }
        Ok(Some(()))
    }
}

#[cfg(target_os = "linux")]
fn open_at(
    base: impl rustix::fd::AsFd,
    below: &Path,
    shown: &Path,
) -> Result<Option<rustix::fd::OwnedFd>> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    match rustix::fs::openat(base, below, flags, Mode::empty()) {
        Ok(dir) => Ok(Some(dir)),
        Err(error) if is_absent(&error.into()) => Ok(None),
        Err(error) => Err(Error::io("list", &shown.join(below), error)),
    }
}

#[cfg(not(target_os = "linux"))]
impl Dir {
    /// Opens a directory; `None` if there is no such directory.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        Ok(path.is_dir().then(|| Self {
            path: path.to_owned(),
        }))
    }

    /// Gives every name in a directory below this one to `each`, in no order; `None` if there is
    /// no such directory. Names that are not Unicode are given lossily.
    pub fn names_in(
        &self,
        below: &str,
        _names: &mut Names,
        each: impl FnMut(&str),
    ) -> Result<Option<()>> {
        let names = super::list_dir(&self.path.join(below))?;
        Ok(names.map(|names| names.iter().map(String::as_str).for_each(each)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_names_are_given_and_what_is_absent_is_told() {
        let root = tempfile::tempdir().unwrap();
        let below = root.path().join("below");
        std::fs::create_dir(&below).unwrap();
        // More than fit into the room at once.
        let mut expected: Vec<String> = (0..3000).map(|n| format!("name-{n:04}")).collect();
        for name in &expected {
            std::fs::write(below.join(name), "").unwrap();
        }
        std::fs::write(root.path().join("file"), "").unwrap();
        let dir = Dir::open(root.path()).unwrap().unwrap();
        let mut names = Names::default();
        for _ in 0..2 {
            let mut found = Vec::new();
            dir.names_in("below", &mut names, |name| found.push(name.to_owned()))
                .unwrap()
                .unwrap();
            found.sort();
            expected.sort();
            assert_eq!(found, expected);
        }
        assert!(
            dir.names_in("absent", &mut names, |_| {})
                .unwrap()
                .is_none()
        );
        assert!(dir.names_in("file", &mut names, |_| {}).unwrap().is_none());
        assert!(Dir::open(&root.path().join("absent")).unwrap().is_none());
    }
}
