//! A directory tree in memory: taken from the disk, put back, compared.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    Dir { mode: u32 },
    File { mode: u32, bytes: Vec<u8> },
    Link(PathBuf),
}

/// What lies below a directory, by relative path. Parents come before what is in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Tree(pub BTreeMap<PathBuf, Node>);

impl Tree {
    pub fn read(root: &Path) -> Self {
        let mut tree = Self::default();
        tree.read_below(root, Path::new(""));
        tree
    }

    fn read_below(&mut self, root: &Path, below: &Path) {
        let Ok(entries) = fs::read_dir(root.join(below)) else {
            return;
        };
        for entry in entries.flatten() {
            let path = below.join(entry.file_name());
            let full = root.join(&path);
            let Ok(metadata) = fs::symlink_metadata(&full) else {
                continue;
            };
            let mode = metadata.permissions().mode() & 0o7777;
            let node = if metadata.is_dir() {
                Node::Dir { mode }
            } else if metadata.is_symlink() {
                Node::Link(fs::read_link(&full).unwrap_or_default())
            } else {
                let bytes = fs::read(&full).unwrap_or_default();
                Node::File { mode, bytes }
            };
            let is_dir = metadata.is_dir();
            self.0.insert(path.clone(), node);
            if is_dir {
                self.read_below(root, &path);
            }
        }
    }

    /// Makes the directory hold this and nothing else.
    pub fn write(&self, root: &Path) {
        match fs::remove_dir_all(root) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => panic!("cannot empty {}: {error}", root.display()),
        }
        fs::create_dir_all(root).unwrap();
        for (path, node) in &self.0 {
            let full = root.join(path);
            match node {
                Node::Dir { mode } => {
                    fs::DirBuilder::new().mode(*mode).create(&full).unwrap();
                }
                Node::Link(target) => symlink(target, &full).unwrap(),
                Node::File { mode, bytes } => {
                    use std::io::Write as _;
                    let mut file = fs::OpenOptions::new()
                        .write(true)
                        .create_new(true)
                        .mode(*mode)
                        .open(&full)
                        .unwrap();
                    file.write_all(bytes).unwrap();
                }
            }
        }
    }

    /// The bytes of a file; links within the same directory are followed.
    pub fn file(&self, path: &Path) -> Option<&[u8]> {
        match self.0.get(path)? {
            Node::File { bytes, .. } => Some(bytes),
            Node::Link(target) => self.file(&path.parent()?.join(target)),
            Node::Dir { .. } => None,
        }
    }

    pub fn files(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.0.iter().filter_map(|(path, node)| match node {
            Node::File { bytes, .. } => Some((path.as_path(), bytes.as_slice())),
            _ => None,
        })
    }
}
