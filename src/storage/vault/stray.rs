//! What lies in a vault without belonging there.
//!
//! Invariants: a stray is reported and never read. Files that desktops and sync programs leave in
//! every directory, and what a killed run of this program left, are no strays.

use std::path::PathBuf;

use super::store::Kind;
use crate::model::version::Version;
use crate::storage::fs;

/// Something in the vault that does not belong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is.
    pub kind: StrayKind,
}

/// What a stray is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StrayKind {
    /// A name that nothing in a vault has.
    UnknownName,
    /// A link, a pipe or a device, or a directory in the place of a file, or the reverse.
    NotRegular,
    /// A sync program's copy of a version that two machines created.
    ConflictCopy {
        /// The version that it is a copy of.
        of: Version,
    },
}

/// Names that desktops and sync programs create.
const IGNORED: &[&str] = &[
    ".DS_Store",
    ".Spotlight-V100",
    ".TemporaryItems",
    ".Trash",
    ".directory",
    ".dropbox",
    ".dropbox.attr",
    ".dropbox.cache",
    ".fseventsd",
    ".localized",
    ".stfolder",
    ".stignore",
    ".stversions",
    "Icon\r",
    "Thumbs.db",
    "desktop.ini",
    "ehthumbs.db",
];

/// How such names begin, where the rest varies.
const IGNORED_PREFIXES: &[&str] = &[
    "._",
    ".Trash-",
    ".fuse_hidden",
    ".nfs",
    ".stfolder.",
    ".sync_",
    ".syncthing.",
    "~syncthing~",
];

/// Returns whether a name is left out of every listing.
pub(super) fn is_ignored(name: &str) -> bool {
    let is_known = IGNORED.iter().any(|known| known.eq_ignore_ascii_case(name));
    let begins = |prefix: &&str| name.starts_with(*prefix);
    is_known || IGNORED_PREFIXES.iter().any(begins) || fs::is_leftover(name)
}

/// Returns what a name in the directory of versions is that belongs to none of them.
pub(super) fn classify(name: &str, kind: Kind) -> StrayKind {
    match conflict_copy_of(name) {
        _ if kind != Kind::File => StrayKind::NotRegular,
        Some(of) => StrayKind::ConflictCopy { of },
        None => StrayKind::UnknownName,
    }
}

/// The version whose copy a name says that it is: `0002 (conflicted copy).age`,
/// `0002.sync-conflict-20260121-101500-ABCDEFG.age`, `0002-laptop.age`, `0002 2.age`.
fn conflict_copy_of(name: &str) -> Option<Version> {
    let stem = name.strip_suffix(".age")?;
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = stem.split_at(digits);
    let is_separated = rest.starts_with([' ', '.', '-', '_', '(']);
    let version = super::slot::version_of(&format!("{number}.age"), ".age")?;
    is_separated.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_copies_of_common_sync_programs_are_recognised() {
        let version = Version::new(2).unwrap();
        for name in [
            "0002 (conflicted copy).age",
            "0002 (me's conflicted copy 2026-01-21).age",
            "0002.sync-conflict-20260121-101500-ABCDEFG.age",
            "0002 2.age",
            "0002 (1).age",
            "0002-laptop.age",
            "0002_conflict-20260121.age",
        ] {
            let expected = StrayKind::ConflictCopy { of: version };
            assert_eq!(classify(name, Kind::File), expected, "{name}");
            assert_eq!(classify(name, Kind::Dir), StrayKind::NotRegular);
        }
        for name in [
            "note.age",
            "0002.age.bak",
            "0002x.age",
            "002 2.age",
            "0000 2.age",
        ] {
            assert_eq!(classify(name, Kind::File), StrayKind::UnknownName, "{name}");
        }
    }

    #[test]
    fn files_of_desktops_and_sync_programs_are_ignored() {
        for name in [
            ".DS_Store",
            "thumbs.db",
            "desktop.ini",
            ".stfolder",
            "._0001.age",
            ".Trash-1000",
            ".syncthing.0001.age.tmp",
        ] {
            assert!(is_ignored(name), "{name}");
        }
        for name in ["0001.age", "notes.txt", "0001 (conflicted copy).age"] {
            assert!(!is_ignored(name), "{name}");
        }
    }
}
