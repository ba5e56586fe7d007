use std::path::PathBuf;

use jiff::Timestamp;

use super::*;
use crate::error::EntryFault;
use crate::model::entry::{Content, Origin};
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::audit::Actor;

/// A vault in a temporary directory, and who can open it.
struct Bench {
    dir: tempfile::TempDir,
    identity: Identity,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            dir: tempfile::tempdir().unwrap(),
            identity: Identity::generate(),
        };
        std::fs::create_dir(bench.vault_dir()).unwrap();
        let id = VaultId::new([1; 16]);
        Vault::create(
            &bench.vault_dir(),
            "me",
            &bench.identity,
            id,
            &bench.state(),
        )
        .unwrap();
        bench
    }

    fn vault_dir(&self) -> PathBuf {
        self.dir.path().join("vault")
    }

    fn state(&self) -> State {
        State::new(self.dir.path().join("state"))
    }

    fn open(&self) -> OpenVault {
        let vault = Vault::open(&self.vault_dir()).unwrap();
        let identities = std::slice::from_ref(&self.identity);
        vault.unlock(identities, "here", &self.state()).unwrap()
    }

    fn put(&self, key_path: &KeyPath, value: &str) -> Version {
        let content = match value {
            "" => Content::Tombstone,
            value => Content::Value(SecretBytes::from(value)),
        };
        let draft = Draft {
            content,
            description: "A key of the shop for payments".to_owned(),
            env_name: None,
            recipe: None,
            every_days: None,
            origin: Origin::Set,
            moved_to: None,
            created: Timestamp::UNIX_EPOCH,
            since: None,
        };
        self.open()
            .put(key_path, &draft, &Actor::default())
            .unwrap()
    }

    fn file(&self, key_path: &KeyPath, name: &str) -> PathBuf {
        self.vault_dir()
            .join("entries")
            .join(key_path.to_string())
            .join(name)
    }
}

fn key_path(name: &str) -> KeyPath {
    KeyPath::parse(&format!("project/shop/{name}")).unwrap()
}

fn fault<T>(result: Result<T>) -> EntryFault {
    match result {
        Err(Error::Entry { fault, .. }) => fault,
        Err(error) => panic!("another error: {}", error.code()),
        Ok(_) => panic!("no error"),
    }
}

#[test]
fn a_valid_entry_in_the_place_of_another_of_the_same_number_is_noticed() {
    let bench = Bench::new();
    let one = key_path("one");
    bench.put(&one, "canary-first");
    // What another machine stored under the number that this one takes next.
    let other = tempfile::tempdir().unwrap();
    let copy = other.path().join("0002.age");
    bench.put(&one, "canary-theirs");
    std::fs::rename(bench.file(&one, "0002.age"), &copy).unwrap();
    std::fs::remove_dir_all(bench.dir.path().join("state")).unwrap();
    bench.put(&one, "canary-ours");
    let entry = bench.open().read_newest(&one).unwrap().unwrap();
    assert_eq!(entry.value(), Some(&SecretBytes::from("canary-ours")));

    std::fs::copy(&copy, bench.file(&one, "0002.age")).unwrap();
    let version = Version::new(2).unwrap();
    let replaced = EntryFault::Replaced { version };
    assert_eq!(fault(bench.open().read_newest(&one)), replaced);
    assert_eq!(fault(bench.open().read(&one, version)), replaced);
    assert_eq!(replaced.code(), "entry_replaced");
    assert!(bench.open().is_replaced(&one, version));
    // Older versions stay readable.
    assert!(bench.open().read(&one, Version::FIRST).is_ok());
}

#[test]
fn a_version_that_is_only_read_is_remembered() {
    let bench = Bench::new();
    let one = key_path("one");
    bench.put(&one, "canary-first");
    bench.put(&one, "canary-second");
    std::fs::remove_dir_all(bench.dir.path().join("state")).unwrap();
    let open = bench.open();
    let (listed, _) = open.vault().list(|_| true).unwrap();
    assert_eq!(open.open_versions(&listed[0]).unwrap().len(), 2);
    std::fs::remove_file(bench.file(&one, "0002.age")).unwrap();
    let fault = fault(bench.open().read_newest(&one));
    assert_eq!(fault.code(), "entry_rolled_back");
}

#[test]
fn what_is_gone_is_named() {
    let bench = Bench::new();
    let (one, two) = (key_path("one"), key_path("two"));
    bench.put(&one, "canary-first");
    bench.put(&two, "canary-second");
    assert_eq!(bench.open().gone(|_| true).unwrap(), []);
    std::fs::remove_dir_all(bench.file(&two, "")).unwrap();
    let gone = bench.open().gone(|_| true).unwrap();
    assert_eq!(gone, [(two.clone(), Version::FIRST)]);
    assert_eq!(bench.open().gone(|path| *path != two).unwrap(), []);
}

#[test]
fn sync_programs_leave_conflict_copies_and_files_that_are_ignored() {
    let bench = Bench::new();
    let one = key_path("one");
    bench.put(&one, "canary-first");
    for name in [".DS_Store", "Thumbs.db", "._0001.age"] {
        std::fs::write(bench.file(&one, name), "x").unwrap();
        std::fs::write(bench.vault_dir().join("entries").join(name), "x").unwrap();
        std::fs::write(bench.vault_dir().join("keys").join(name), "x").unwrap();
    }
    let vault = Vault::open(&bench.vault_dir()).unwrap();
    assert_eq!(vault.list(|_| true).unwrap().1, []);
    assert_eq!(vault.odd_key_files().unwrap(), []);
    let copy = bench.file(&one, "0001 (conflicted copy).age");
    std::fs::write(&copy, "x").unwrap();
    let (listed, strays) = vault.list(|_| true).unwrap();
    assert_eq!(listed.len(), 1);
    let of = Version::FIRST;
    assert_eq!(
        strays,
        [Stray {
            path: copy,
            kind: StrayKind::ConflictCopy { of }
        }]
    );
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    fn make_fifo(path: &Path) {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        mknodat(CWD, path, FileType::Fifo, Mode::RWXU, 0).unwrap();
    }

    #[test]
    fn links_pipes_and_directories_are_strays_and_never_versions() {
        let bench = Bench::new();
        let (one, two) = (key_path("one"), key_path("two"));
        bench.put(&one, "canary-first");
        bench.put(&two, "canary-second");
        let shop = bench.vault_dir().join("entries/project/shop");
        symlink(bench.file(&one, ""), shop.join("alias")).unwrap();
        symlink(bench.file(&one, "0001.age"), bench.file(&two, "0002.age")).unwrap();
        make_fifo(&bench.file(&two, "0003.age"));
        std::fs::create_dir(bench.file(&two, "0004.age")).unwrap();
        let open = bench.open();
        let (listed, strays) = open.vault().list(|_| true).unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[1].newest, Version::FIRST);
        assert_eq!(strays.len(), 4);
        assert!(
            strays
                .iter()
                .all(|stray| stray.kind == StrayKind::NotRegular)
        );
        assert!(open.read_newest(&two).is_ok());
        for version in 2..=4 {
            let version = Version::new(version).unwrap();
            assert_eq!(
                open.read(&two, version).unwrap_err().code(),
                "entry_not_found"
            );
        }
        // The names are taken: the next version has a free one.
        assert_eq!(bench.put(&two, "canary-third").get(), 5);
    }

    #[test]
    fn nothing_is_written_or_destroyed_through_a_link() {
        let bench = Bench::new();
        let one = key_path("one");
        bench.put(&one, "canary-first");
        bench.put(&one, "canary-second");
        let alias = key_path("alias");
        let shop = bench.vault_dir().join("entries/project/shop");
        symlink(bench.file(&one, ""), shop.join("alias")).unwrap();
        let open = bench.open();
        assert_eq!(open.vault().versions(&alias).unwrap(), []);
        assert!(open.read_newest(&alias).unwrap().is_none());
        let first = Version::FIRST;
        let error = open.destroy(&alias, first, &Actor::default()).unwrap_err();
        assert_eq!(error.code(), "vault_damaged");
        let puts = std::panic::catch_unwind(|| bench.put(&alias, "canary-third"));
        assert!(puts.is_err());
        assert_eq!(open.vault().versions(&one).unwrap().len(), 2);
    }

    #[test]
    fn odd_files_in_keys_stop_nobody_and_are_reported() {
        let bench = Bench::new();
        let one = key_path("one");
        bench.put(&one, "canary-first");
        let keys = bench.vault_dir().join("keys");
        // All sort before `me`.
        std::fs::create_dir(keys.join("a.age")).unwrap();
        std::fs::write(keys.join("b.age"), vec![b'x'; 100 << 10]).unwrap();
        symlink("/dev/zero", keys.join("c.age")).unwrap();
        make_fifo(&keys.join("d.age"));
        std::fs::write(keys.join("e.age"), "garbage").unwrap();
        std::fs::write(keys.join("Not a member"), "x").unwrap();
        let foreign = seal_key(&keys, &Identity::generate(), &bench.identity.recipient()).unwrap();
        std::fs::write(keys.join("f.age"), foreign).unwrap();
        let open = bench.open();
        let entry = open.read_newest(&one).unwrap().unwrap();
        assert_eq!(entry.value(), Some(&SecretBytes::from("canary-first")));
        let odd = open.vault().odd_key_files().unwrap();
        let names: Vec<_> = odd
            .iter()
            .map(|odd| odd.path.file_name().unwrap())
            .collect();
        let expected = ["Not a member", "a.age", "b.age", "c.age", "d.age", "e.age"];
        assert_eq!(names, expected);
    }
}
