//! The power goes: every image of the disk that may be left.
//!
//! From the log of one undisturbed run a model of the file system is built, and at every point of
//! the run the images that a power cut there may leave are put on a disk and looked at by the
//! program itself. The model grants nothing that POSIX does not grant:
//!
//! - What is in a file is durable as of its last `fsync`. What was written later is there, half
//!   there, or not there.
//! - A name in a directory is durable as of the last `fsync` of that directory. Of the changes
//!   made later any subset may be there: in the order in which they were made up to some point, or
//!   with any of them left out. Up to [`ALL_SUBSETS`] changes all subsets are tried, beyond that
//!   every prefix, every single one left out, every single one alone.
//! - A rename is there or is not, never half.
//! - `syncfs` is an `fsync` of everything: the program uses it only where the file system is known
//!   to do it and to report what failed.
//! - A directory that is durable in itself is lost if its own name in the directory above is not.
//!
//! In each image everything that had been acknowledged must be readable, the env file old or new
//! and not ahead of the vault; and the next run must heal it. In each image from after the
//! program's success the new version and the new env file must be there.
//!
//! Limits: no reordering of one file's pages but "half"; file modes count as durable with the name.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use crate::check::{Expected, NAMED, When};
use crate::outcome::{Outcome, has_strace, one_at_a_time, over_scenarios};
use crate::sandbox::Sandbox;
use crate::scenario::Scenario;
use crate::trace::{Call, traced, unhex};
use crate::tree::{Node, Tree};

/// Up to how many changes that are not durable all their subsets are tried.
const ALL_SUBSETS: usize = 5;

type Id = usize;

#[derive(Debug, Clone)]
enum Content {
    Dir { names: BTreeMap<String, Id> },
    File { durable: Vec<u8>, now: Vec<u8> },
    Link(PathBuf),
}

#[derive(Debug, Clone)]
struct Inode {
    mode: u32,
    /// For a directory the durable names.
    content: Content,
}

/// A change of names that is not durable yet.
#[derive(Debug, Clone)]
struct Change {
    dir: Id,
    adds: Option<(String, Id)>,
    removes: Option<String>,
}

#[derive(Debug, Clone)]
struct Open {
    inode: Option<Id>,
    path: PathBuf,
    offset: usize,
    append: bool,
}

/// The file system below the sandbox's root.
#[derive(Debug, Clone)]
struct Model {
    root: PathBuf,
    inodes: Vec<Inode>,
    /// All names as the running system sees them: directory and name.
    names: BTreeMap<(Id, String), Id>,
    pending: Vec<Change>,
    open: BTreeMap<i64, Open>,
}

impl Model {
    /// The state before, all of it durable.
    fn new(root: &Path, tree: &Tree) -> Self {
        let mut model = Self {
            root: root.to_owned(),
            inodes: vec![Inode {
                mode: 0o755,
                content: Content::Dir {
                    names: BTreeMap::new(),
                },
            }],
            names: BTreeMap::new(),
            pending: Vec::new(),
            open: BTreeMap::new(),
        };
        for (path, node) in &tree.0 {
            let (mode, content) = match node {
                Node::Dir { mode } => (
                    *mode,
                    Content::Dir {
                        names: BTreeMap::new(),
                    },
                ),
                Node::File { mode, bytes } => (
                    *mode,
                    Content::File {
                        durable: bytes.clone(),
                        now: bytes.clone(),
                    },
                ),
                Node::Link(target) => (0o777, Content::Link(target.clone())),
            };
            let id = model.inode(mode, content);
            let (dir, name) = model.place(&root.join(path)).unwrap();
            model.add(dir, name, id);
        }
        let dirs: BTreeSet<Id> = model.pending.iter().map(|change| change.dir).collect();
        for dir in dirs {
            model.sync(dir);
        }
        model
    }

    fn inode(&mut self, mode: u32, content: Content) -> Id {
        self.inodes.push(Inode { mode, content });
        self.inodes.len() - 1
    }

    fn lookup(&self, path: &Path) -> Option<Id> {
        let mut at = 0;
        for part in path.strip_prefix(&self.root).ok()? {
            at = *self.names.get(&(at, part.to_str()?.to_owned()))?;
        }
        Some(at)
    }

    /// The directory and the name of a path; `None` outside the sandbox.
    fn place(&self, path: &Path) -> Option<(Id, String)> {
        let dir = self.lookup(path.parent()?)?;
        Some((dir, path.file_name()?.to_str()?.to_owned()))
    }

    fn add(&mut self, dir: Id, name: String, id: Id) {
        self.names.insert((dir, name.clone()), id);
        self.pending.push(Change {
            dir,
            adds: Some((name, id)),
            removes: None,
        });
    }

    fn remove(&mut self, dir: Id, name: String) {
        self.names.remove(&(dir, name.clone()));
        self.pending.push(Change {
            dir,
            adds: None,
            removes: Some(name),
        });
    }

    fn sync(&mut self, id: Id) {
        match &mut self.inodes[id].content {
            Content::File { durable, now } => durable.clone_from(now),
            Content::Dir { names } => {
                for change in self.pending.iter().filter(|change| change.dir == id) {
                    apply(names, change);
                }
                self.pending.retain(|change| change.dir != id);
            }
            Content::Link(_) => {}
        }
    }

    fn write(&mut self, fd: i64, bytes: &[u8], at: Option<usize>) {
        let Some(open) = self.open.get_mut(&fd) else {
            return;
        };
        let Some(id) = open.inode else { return };
        let Content::File { now, .. } = &mut self.inodes[id].content else {
            return;
        };
        let start = match at {
            Some(at) => at,
            None if open.append => now.len(),
            None => open.offset,
        };
        let end = start + bytes.len();
        now.resize(now.len().max(end), 0);
        now[start..end].copy_from_slice(bytes);
        if at.is_none() {
            open.offset = end;
        }
    }

    /// Plays a call. Says whether it may have changed what a power cut leaves.
    fn play(&mut self, call: &Call) -> bool {
        let Some(returned) = call.returned else {
            return false;
        };
        let path = |index: usize| call.text(index).map(PathBuf::from);
        match call.name.as_str() {
            "open" => self.play_open(&path(0).unwrap(), &call.args[1], call.args.get(2), returned),
            "openat" => {
                self.play_open(&path(1).unwrap(), &call.args[2], call.args.get(3), returned)
            }
            // Only the reading of the vault uses it: a path below a directory that is open.
            "openat2" => {
                let dir = call.number(0).and_then(|fd| self.open.get(&fd));
                let dir = dir.map(|open| open.path.clone()).unwrap_or_default();
                let flags = call.args[2].trim_start_matches('{');
                let flags = flags.split(',').next().unwrap();
                let flags = flags.trim_start_matches("flags=").to_owned();
                assert!(!flags.contains("O_CREAT"), "{call:?}");
                self.play_open(&dir.join(path(1).unwrap()), &flags, None, returned)
            }
            "dup" | "dup3" | "dup2" | "fcntl" => {
                let duplicate = call.name != "fcntl" || call.args[1].starts_with("F_DUPFD");
                let open = call.number(0).and_then(|fd| self.open.get(&fd).cloned());
                if let (true, Some(open)) = (duplicate, open) {
                    self.open.insert(returned, open);
                }
                false
            }
            "close" => {
                if let Some(fd) = call.number(0) {
                    self.open.remove(&fd);
                }
                false
            }
            "read" => {
                if let Some(open) = call.number(0).and_then(|fd| self.open.get_mut(&fd)) {
                    open.offset += returned as usize;
                }
                false
            }
            "lseek" => {
                if let Some(open) = call.number(0).and_then(|fd| self.open.get_mut(&fd)) {
                    open.offset = returned as usize;
                }
                false
            }
            "write" => {
                let mut bytes = unhex(&call.args[1]).unwrap();
                bytes.truncate(returned as usize);
                self.write(call.number(0).unwrap(), &bytes, None);
                true
            }
            "pwrite64" => {
                let bytes = unhex(&call.args[1]).unwrap();
                let at = call.number(3).unwrap() as usize;
                self.write(call.number(0).unwrap(), &bytes, Some(at));
                true
            }
            "ftruncate" => {
                let len = call.number(1).unwrap() as usize;
                let open = &self.open[&call.number(0).unwrap()];
                if let Some(id) = open.inode
                    && let Content::File { now, .. } = &mut self.inodes[id].content
                {
                    now.resize(len, 0);
                }
                true
            }
            // It reserves room and changes nothing that can be read (KEEP_SIZE).
            "fallocate" => {
                assert!(call.args[1].contains("KEEP_SIZE"), "{call:?}");
                false
            }
            "fsync" | "fdatasync" => {
                let open = self.open.get(&call.number(0).unwrap()).cloned();
                if let Some(id) = open.and_then(|open| open.inode.or(self.lookup(&open.path))) {
                    self.sync(id);
                }
                true
            }
            "syncfs" => {
                (0..self.inodes.len()).for_each(|id| self.sync(id));
                true
            }
            "fchmod" => {
                let open = self.open.get(&call.number(0).unwrap()).cloned();
                if let Some(id) = open.and_then(|open| open.inode) {
                    self.inodes[id].mode = octal(&call.args[1]);
                }
                false
            }
            "chmod" | "fchmodat" => {
                let at = usize::from(call.name == "fchmodat");
                if let Some(id) = self.lookup(&path(at).unwrap()) {
                    self.inodes[id].mode = octal(&call.args[at + 1]);
                }
                false
            }
            "mkdir" => self.play_mkdir(&path(0).unwrap(), &call.args[1]),
            "mkdirat" => self.play_mkdir(&path(1).unwrap(), &call.args[2]),
            "linkat" => {
                let from = call.text(1).unwrap();
                let id = match from.strip_prefix("/proc/self/fd/") {
                    Some(fd) => self.open[&fd.parse().unwrap()].inode.unwrap(),
                    None => self.lookup(Path::new(&from)).unwrap(),
                };
                let (dir, name) = self.place(&path(3).unwrap()).unwrap();
                self.add(dir, name, id);
                true
            }
            "link" => {
                let id = self.lookup(&path(0).unwrap()).unwrap();
                let (dir, name) = self.place(&path(1).unwrap()).unwrap();
                self.add(dir, name, id);
                true
            }
            "rename" => self.play_rename(&path(0).unwrap(), &path(1).unwrap()),
            "renameat" | "renameat2" => self.play_rename(&path(1).unwrap(), &path(3).unwrap()),
            "unlink" | "rmdir" => self.play_unlink(&path(0).unwrap()),
            "unlinkat" => self.play_unlink(&path(1).unwrap()),
            "writev" | "pwritev" | "pwritev2" | "sendfile" | "copy_file_range" | "symlink"
            | "symlinkat" | "truncate" | "creat" | "io_uring_enter" | "fork" | "sync" | "vfork"
            | "clone" | "clone3" => {
                panic!("the model does not know {}", call.name)
            }
            _ => false,
        }
    }

    fn play_open(&mut self, path: &Path, flags: &str, mode: Option<&String>, fd: i64) -> bool {
        let has = |flag: &str| flags.split('|').any(|one| one == flag);
        let mut changed = false;
        let mode = mode.map_or(0o600, |mode| octal(mode));
        let empty = || Content::File {
            durable: Vec::new(),
            now: Vec::new(),
        };
        let inode = if has("O_TMPFILE") {
            path.starts_with(&self.root)
                .then(|| self.inode(mode, empty()))
        } else {
            let found = self.lookup(path);
            if found.is_none() && has("O_CREAT") && path.starts_with(&self.root) {
                let (dir, name) = self.place(path).unwrap();
                let id = self.inode(mode, empty());
                self.add(dir, name, id);
                changed = true;
                Some(id)
            } else {
                found
            }
        };
        if has("O_TRUNC")
            && let Some(id) = inode
            && let Content::File { now, .. } = &mut self.inodes[id].content
        {
            now.clear();
            changed = true;
        }
        self.open.insert(
            fd,
            Open {
                inode,
                path: path.to_owned(),
                offset: 0,
                append: has("O_APPEND"),
            },
        );
        changed
    }

    fn play_mkdir(&mut self, path: &Path, mode: &str) -> bool {
        let Some((dir, name)) = self.place(path) else {
            return false;
        };
        let names = BTreeMap::new();
        let id = self.inode(octal(mode), Content::Dir { names });
        self.add(dir, name, id);
        true
    }

    fn play_rename(&mut self, from: &Path, to: &Path) -> bool {
        let (from_dir, from_name) = self.place(from).unwrap();
        let (dir, name) = self.place(to).unwrap();
        assert_eq!(
            from_dir, dir,
            "the model does not know renames between directories"
        );
        let id = self.names.remove(&(dir, from_name.clone())).unwrap();
        self.names.insert((dir, name.clone()), id);
        self.pending.push(Change {
            dir,
            adds: Some((name, id)),
            removes: Some(from_name),
        });
        true
    }

    fn play_unlink(&mut self, path: &Path) -> bool {
        match self.place(path) {
            Some((dir, name)) => {
                self.remove(dir, name);
                true
            }
            None => false,
        }
    }

    /// Every image that a power cut now may leave.
    fn images(&self) -> Vec<Tree> {
        let mut images = Vec::new();
        for chosen in subsets(self.pending.len()) {
            let mut inodes = self.inodes.clone();
            for (change, chosen) in self.pending.iter().zip(&chosen) {
                if let (true, Content::Dir { names }) = (chosen, &mut inodes[change.dir].content) {
                    apply(names, change);
                }
            }
            for written in [Written::Not, Written::Half, Written::All] {
                let mut tree = Tree::default();
                collect(&inodes, 0, Path::new(""), written, &mut tree);
                images.push(tree);
            }
        }
        images
    }
}

/// How much of what was written since the last sync is there.
#[derive(Debug, Clone, Copy)]
enum Written {
    Not,
    Half,
    All,
}

fn apply(names: &mut BTreeMap<String, Id>, change: &Change) {
    if let Some(name) = &change.removes {
        names.remove(name);
    }
    if let Some((name, id)) = &change.adds {
        names.insert(name.clone(), *id);
    }
}

fn collect(inodes: &[Inode], id: Id, path: &Path, written: Written, tree: &mut Tree) {
    let Content::Dir { names } = &inodes[id].content else {
        return;
    };
    for (name, &id) in names {
        let path = path.join(name);
        let mode = inodes[id].mode;
        let node = match &inodes[id].content {
            Content::Dir { .. } => Node::Dir { mode },
            Content::Link(target) => Node::Link(target.clone()),
            Content::File { durable, now } => Node::File {
                mode,
                bytes: match written {
                    Written::Not => durable.clone(),
                    Written::All => now.clone(),
                    Written::Half => half(durable, now),
                },
            },
        };
        tree.0.insert(path.clone(), node);
        collect(inodes, id, &path, written, tree);
    }
}

/// The first half of what was written over what was there.
fn half(durable: &[u8], now: &[u8]) -> Vec<u8> {
    if durable == now {
        return now.to_vec();
    }
    let same = durable.iter().zip(now).take_while(|(a, b)| a == b).count();
    let cut = same + (now.len() - same) / 2;
    let mut bytes = now[..cut].to_vec();
    bytes.extend(durable.get(cut..).unwrap_or_default());
    bytes
}

fn subsets(n: usize) -> Vec<Vec<bool>> {
    let mut subsets = BTreeSet::new();
    if n <= ALL_SUBSETS {
        for bits in 0..1_usize << n {
            subsets.insert((0..n).map(|at| bits >> at & 1 == 1).collect());
        }
    } else {
        for cut in 0..=n {
            subsets.insert((0..n).map(|at| at < cut).collect());
        }
        for one in 0..n {
            subsets.insert((0..n).map(|at| at != one).collect());
            subsets.insert((0..n).map(|at| at == one).collect());
        }
    }
    subsets.into_iter().collect()
}

fn octal(text: &str) -> u32 {
    u32::from_str_radix(text, 8).unwrap()
}

pub fn cut_the_power(scenario: &Scenario, sandbox: &Sandbox) -> Outcome {
    let expected = Expected::new(scenario, sandbox);
    expected.reset();
    let (ran, calls) = traced(sandbox, &expected.args, scenario.stdin, &[]);
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    if ran.code != Some(0) {
        outcome.found(
            scenario.name,
            [format!("it fails undisturbed: {}", ran.end())],
        );
        return outcome;
    }
    let mut model = Model::new(sandbox.root(), &expected.before);
    let mut seen = HashSet::new();
    let mut cuts = vec![("the start".to_owned(), model.images(), When::Stopped)];
    for call in &calls {
        if model.play(call) {
            cuts.push((call.place(), model.images(), When::Stopped));
        }
    }
    cuts.push(("exit 0".to_owned(), model.images(), When::Done));
    outcome.count("points", cuts.len());
    for (point, images, when) in cuts {
        for image in images {
            let mut hasher = DefaultHasher::new();
            (&image, when == When::Done).hash(&mut hasher);
            if !seen.insert(hasher.finish()) || outcome.is_enough() {
                continue;
            }
            outcome.count("images", 1);
            let place = format!("{}, power cut after {point}", scenario.name);
            sandbox.put(&image);
            outcome.found(&place, expected.check_image(when));
            if when == When::Stopped {
                let again = expected.run_again();
                outcome.found(&place, expected.check_healed(&again));
            }
        }
    }
    outcome
}

#[test]
fn the_power_is_cut() {
    let _alone = one_at_a_time();
    if !has_strace("power") {
        return;
    }
    over_scenarios(|_| true, None, cut_the_power).must_be_clean("power");
}

#[test]
fn the_power_is_cut_where_every_file_has_a_name() {
    let _alone = one_at_a_time();
    if !has_strace("power") {
        return;
    }
    let outcome = over_scenarios(crate::kill::has_a_new_file, Some(NAMED), cut_the_power);
    outcome.must_be_clean("power, all files named");
}

#[test]
fn a_power_cut_finds_a_file_that_is_not_synced() {
    sees("no-file-sync", "");
}

#[test]
fn a_power_cut_finds_a_directory_that_is_not_synced() {
    sees("no-dir-sync", "");
}

#[test]
fn a_power_cut_finds_a_directory_whose_name_is_not_synced() {
    sees("no-parent-sync", "not readable");
}

#[cfg(test)]
fn sees(fault: &'static str, about: &str) {
    let _alone = one_at_a_time();
    if !has_strace("power") {
        return;
    }
    let outcome = over_scenarios(
        |scenario| scenario.name == "set: first version",
        Some(fault),
        cut_the_power,
    );
    outcome.must_find("power", fault, about);
}
