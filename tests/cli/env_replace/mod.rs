//! What happens to the env file as a file: links, hard links, mounts, mode, owner, attributes, and
//! other programs that write to it meanwhile. The whole program, on real files.
//!
//! Unix only. What a machine cannot do (another owner without root, mounts in a container without
//! the right to, access lists on this file system) is skipped, and says so on stderr.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use crate::skipped::skipped;

const KEY_PATH: &str = "project/consilio/stripe_api_key";
const OLD: &str = "A=1\nSTRIPE_API_KEY=old-value # keep\nB='2 3'\n";
const NEW: &str = "A=1\nSTRIPE_API_KEY=new-value # keep\nB='2 3'\n";

/// A home with a vault, and a project's directory.
struct Sandbox {
    root: TempDir,
}

impl Sandbox {
    /// Below the temporary directory, which has attributes, unlike some file systems in memory.
    fn new() -> Self {
        let sandbox = Self {
            root: tempfile::Builder::new()
                .prefix("secrets-env-replace-")
                .tempdir()
                .unwrap(),
        };
        for dir in ["home", "project", "store"] {
            fs::create_dir(sandbox.path(dir)).unwrap();
        }
        let done = sandbox.secrets(&["init", "-q"]).output().unwrap();
        assert!(done.status.success(), "{}", said(&done));
        sandbox
    }

    /// The same, with an env file.
    fn with_env() -> Self {
        let sandbox = Self::new();
        fs::write(sandbox.env(), OLD).unwrap();
        sandbox
    }

    fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    fn env(&self) -> PathBuf {
        self.path("project/.env")
    }

    fn secrets(&self, args: &[&str]) -> Command {
        self.through(&[], args)
    }

    /// The program, started by another one.
    fn through(&self, first: &[&str], args: &[&str]) -> Command {
        let words: Vec<&str> = first
            .iter()
            .copied()
            .chain([env!("CARGO_BIN_EXE_secrets")])
            .chain(args.iter().copied())
            .collect();
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .env("HOME", self.path("home"))
            .env("USER", "tester")
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .current_dir(self.path("project"))
            .stdin(Stdio::null());
        command
    }

    /// `set` with the new value.
    fn set(&self) -> Output {
        self.set_with(&[])
    }

    fn set_with(&self, first: &[&str]) -> Output {
        let env = self.env();
        self.set_of(first, KEY_PATH, &env, "new-value")
    }

    fn set_of(&self, first: &[&str], key_path: &str, env: &Path, value: &str) -> Output {
        let args = [
            "set",
            key_path,
            "-d",
            "Stripe account for the shop",
            "--env-file",
        ];
        let mut child = self
            .through(first, &[&args[..], &[env.to_str().unwrap()]].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that refuses at once does not read its value.
        let _ = stdin.write_all(value.as_bytes());
        drop(stdin);
        child.wait_with_output().unwrap()
    }

    /// Fails if anything lies beside the files that belong there, or a record of a write in place
    /// was left.
    fn check_nothing_left(&self, dir: &str, wanted: &[&str]) {
        let found: BTreeSet<String> = fs::read_dir(self.path(dir))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(found, wanted, "in {dir}");
        assert_eq!(self.records(), 0, "a record was left");
    }

    /// How many records of writes in place there are.
    fn records(&self) -> usize {
        let pending = self.path("home/.local/state/secrets/pending");
        fs::read_dir(pending).map_or(0, Iterator::count)
    }
}

fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

fn assert_done(done: &Output) {
    assert!(done.status.success(), "{}: {}", done.status, said(done));
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn a_link_is_followed_and_stays_a_link() {
    for target in ["../store/real.env", "absolute", "../store/middle.env"] {
        let sandbox = Sandbox::new();
        let real = sandbox.path("store/real.env");
        fs::write(&real, OLD).unwrap();
        symlink("real.env", sandbox.path("store/middle.env")).unwrap();
        let target = match target {
            "absolute" => real.clone(),
            relative => PathBuf::from(relative),
        };
        symlink(&target, sandbox.env()).unwrap();
        assert_done(&sandbox.set());
        assert_eq!(fs::read_link(sandbox.env()).unwrap(), target);
        assert_eq!(text(&real), NEW);
        sandbox.check_nothing_left("project", &[".env"]);
        sandbox.check_nothing_left("store", &["middle.env", "real.env"]);
    }
}

#[test]
fn a_link_to_what_is_not_our_file_is_refused_before_anything_is_stored() {
    let refused = |sandbox: &Sandbox, code: &str| {
        let env = sandbox.env();
        let args = [
            "set",
            KEY_PATH,
            "-d",
            "Stripe account for the shop",
            "--env-file",
        ];
        let done = sandbox
            .secrets(&[&args[..], &[env.to_str().unwrap(), "--json"]].concat())
            .output()
            .unwrap();
        assert_eq!(done.status.code(), Some(2), "{}", said(&done));
        assert!(said(&done).contains(code), "{}", said(&done));
        let entries = sandbox.path("home/.local/share/secrets/vault/entries");
        assert!(!entries.join("project/consilio").exists());
    };
    let sandbox = Sandbox::new();
    symlink("/dev/null", sandbox.env()).unwrap();
    refused(&sandbox, "env_not_a_file");

    let sandbox = Sandbox::new();
    symlink("../store/nowhere", sandbox.env()).unwrap();
    refused(&sandbox, "env_dangling_link");

    let sandbox = Sandbox::new();
    symlink(sandbox.path("store"), sandbox.path("project/.env")).unwrap();
    refused(&sandbox, "env_not_a_file");

    // Docker makes this where a file was to be mounted and was not there.
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.env()).unwrap();
    refused(&sandbox, "env_not_a_file");

    if is_root() {
        let sandbox = Sandbox::new();
        let foreign = sandbox.path("store/foreign.env");
        fs::write(&foreign, OLD).unwrap();
        std::os::unix::fs::chown(&foreign, Some(12345), Some(12345)).unwrap();
        symlink(&foreign, sandbox.env()).unwrap();
        refused(&sandbox, "env_not_ours");
        assert_eq!(text(&foreign), OLD);
    } else {
        skipped("a link to somebody else's file: not root");
    }
}

#[test]
fn both_names_of_a_hard_link_have_the_new_content() {
    let sandbox = Sandbox::with_env();
    let second = sandbox.path("store/second.env");
    fs::hard_link(sandbox.env(), &second).unwrap();
    let inode = fs::metadata(sandbox.env()).unwrap().ino();
    assert_done(&sandbox.set());
    assert_eq!(text(&sandbox.env()), NEW);
    assert_eq!(text(&second), NEW);
    assert_eq!(fs::metadata(sandbox.env()).unwrap().ino(), inode);
    assert_eq!(fs::metadata(&second).unwrap().ino(), inode);
    sandbox.check_nothing_left("project", &[".env"]);
    sandbox.check_nothing_left("store", &["second.env"]);
}

/// A shorter and a longer content, both in place: nothing of the old one stays behind the new.
#[test]
fn a_write_in_place_can_shrink_and_grow() {
    let sandbox = Sandbox::with_env();
    fs::hard_link(sandbox.env(), sandbox.path("store/second.env")).unwrap();
    for value in ["x", &"long-".repeat(2000), "y"] {
        assert_done(&sandbox.set_of(&[], KEY_PATH, &sandbox.env(), value));
        assert_eq!(text(&sandbox.env()), OLD.replace("old-value", value));
    }
    sandbox.check_nothing_left("project", &[".env"]);
}

/// Runs the program where the env file is a mount of another file, as in a container. `None` if
/// this machine does not let us mount.
fn set_on_a_mount(sandbox: &Sandbox) -> Option<Output> {
    let mounted = sandbox.path("store/outside.env");
    fs::write(&mounted, OLD).unwrap();
    fs::write(sandbox.env(), "").unwrap();
    let script = format!(
        "mount --bind '{}' '{}' || exit 99; exec \"$0\" \"$@\"",
        mounted.display(),
        sandbox.env().display()
    );
    let mut first = vec!["unshare", "-m"];
    if !is_root() {
        first.push("-r");
    }
    first.extend(["sh", "-c", &script]);
    let done = sandbox.set_with(&first);
    let missing = done.status.code().is_none_or(|code| code == 99)
        || said(&done).contains("unshare")
        || said(&done).contains("mount:");
    if missing {
        skipped(&format!("a mounted file: {}", said(&done).trim()));
        return None;
    }
    Some(done)
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_is_mounted_by_itself_is_written_in_place() {
    let sandbox = Sandbox::new();
    let Some(done) = set_on_a_mount(&sandbox) else {
        return;
    };
    assert_done(&done);
    assert_eq!(text(&sandbox.path("store/outside.env")), NEW);
    assert_eq!(text(&sandbox.env()), "", "what the mount hides");
    sandbox.check_nothing_left("project", &[".env"]);
    sandbox.check_nothing_left("store", &["outside.env"]);
}

#[test]
fn mode_and_owner_stay() {
    for mode in [0o600, 0o640, 0o644, 0o664, 0o400] {
        let sandbox = Sandbox::with_env();
        fs::set_permissions(sandbox.env(), fs::Permissions::from_mode(mode)).unwrap();
        if is_root() {
            std::os::unix::fs::chown(sandbox.env(), Some(12345), Some(23456)).unwrap();
        }
        let before = fs::metadata(sandbox.env()).unwrap();
        assert_done(&sandbox.set());
        let after = fs::metadata(sandbox.env()).unwrap();
        assert_eq!(after.mode() & 0o7777, mode);
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        assert_eq!(text(&sandbox.env()), NEW);
        sandbox.check_nothing_left("project", &[".env"]);
    }
    if !is_root() {
        skipped("another owner: not root");
    }
}

#[test]
fn a_new_file_is_private_whatever_the_umask() {
    let sandbox = Sandbox::new();
    assert_done(&sandbox.set_with(&["sh", "-c", "umask 000; exec \"$0\" \"$@\""]));
    assert_eq!(text(&sandbox.env()), "STRIPE_API_KEY=new-value\n");
    assert_eq!(fs::metadata(sandbox.env()).unwrap().mode() & 0o7777, 0o600);
}

#[test]
fn what_is_there_already_is_not_written_again() {
    let sandbox = Sandbox::with_env();
    assert_done(&sandbox.set());
    let before = fs::metadata(sandbox.env()).unwrap();
    assert_done(&sandbox.set());
    let after = fs::metadata(sandbox.env()).unwrap();
    assert_eq!(
        (after.ino(), after.mtime_nsec(), after.ctime_nsec()),
        (before.ino(), before.mtime_nsec(), before.ctime_nsec())
    );
}

/// Adds a line as another program would: opens the file by its name, writes, closes.
fn append(env: &Path, line: &str) {
    let mut file = fs::OpenOptions::new().append(true).open(env).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

/// The moment at which the vault has the new version lies after the env file was read and before
/// it is replaced. Whoever changes the file just then is not overwritten: the file is read again.
#[test]
fn a_change_between_reading_and_replacing_is_kept() {
    let sandbox = Sandbox::with_env();
    let env = sandbox.env();
    let entries = sandbox.path("home/.local/share/secrets/vault/entries");
    let rounds = 6;
    for round in 1..=rounds {
        let version = entries.join(KEY_PATH).join(format!("{round:04}.age"));
        let done = AtomicBool::new(false);
        let finished = std::thread::scope(|scope| {
            scope.spawn(|| {
                // Once more when all is done: on a busy machine this may run only then.
                loop {
                    let is_done = done.load(Ordering::Acquire);
                    if version.exists() {
                        append(&env, &format!("LINE_{round}=x\n"));
                        return;
                    }
                    if is_done {
                        return;
                    }
                    std::hint::spin_loop();
                }
            });
            let value = format!("value-{round}");
            let finished = sandbox.set_of(&[], KEY_PATH, &env, &value);
            done.store(true, Ordering::Release);
            finished
        });
        assert_done(&finished);
        let after = text(&env);
        assert!(after.contains(&format!("STRIPE_API_KEY=value-{round} # keep\n")));
        for line in 1..=round {
            let line = format!("\nLINE_{line}=x\n");
            assert_eq!(after.matches(&line).count(), 1, "{line:?} in {after:?}");
        }
    }
    sandbox.check_nothing_left("project", &[".env"]);
}

/// Another program appends lines all the while, in quick succession and then with longer and longer
/// breaks. Each line is there in the end.
///
/// It looks whether its line has arrived: between the program's last look and its rename lie some
/// microseconds in which the file can be replaced under the hands of whoever has it open.
#[test]
fn lines_that_another_program_adds_meanwhile_are_kept() {
    let sandbox = Sandbox::with_env();
    let env = sandbox.env();
    let stop = AtomicBool::new(false);
    let lines = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let (mut lines, mut tries) = (0, 0);
            while !stop.load(Ordering::Relaxed) {
                let line = format!("LINE_{lines}=x\n");
                append(&env, &line);
                tries += 1;
                let pause = std::time::Duration::from_millis(1 << (tries % 11));
                let until = std::time::Instant::now() + pause;
                while std::time::Instant::now() < until && !stop.load(Ordering::Relaxed) {
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                lines += u32::from(text(&env).contains(&line));
            }
            lines
        });
        for round in 0..4 {
            let value = format!("value-{round}");
            let done = sandbox.set_of(&[], KEY_PATH, &env, &value);
            // Where the other program is always faster, this one gives up, and says so.
            let code = done.status.code();
            assert!(code == Some(0) || code == Some(3), "{}", said(&done));
            if code == Some(3) {
                assert!(said(&done).contains("keeps changing"), "{}", said(&done));
            }
        }
        stop.store(true, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert_done(&sandbox.set());
    let after = text(&env);
    for number in 0..lines {
        let line = format!("\nLINE_{number}=x\n");
        assert!(after.contains(&line), "{line:?} of {lines} is lost");
    }
    assert!(after.starts_with(NEW));
    sandbox.check_nothing_left("project", &[".env"]);
}

#[test]
fn many_writers_of_one_file_lose_nothing() {
    let sandbox = Sandbox::with_env();
    let env = sandbox.env();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (sandbox, env) = (&sandbox, &env);
            scope.spawn(move || {
                for number in 0..5 {
                    let key_path = format!("project/consilio/key_{writer}_{number}");
                    let value = format!("value-{writer}-{number}");
                    assert_done(&sandbox.set_of(&[], &key_path, env, &value));
                }
            });
        }
    });
    let after = text(&env);
    assert!(after.starts_with(OLD));
    for writer in 0..4 {
        for number in 0..5 {
            let line = format!("\nKEY_{writer}_{number}=value-{writer}-{number}\n");
            assert_eq!(after.matches(&line).count(), 1, "{line}");
        }
    }
    sandbox.check_nothing_left("project", &[".env"]);
}

#[cfg(target_os = "linux")]
mod attributes {
    use rustix::fs::{XattrFlags, getxattr, setxattr};

    use super::*;

    const ACCESS_LIST: &str = "system.posix_acl_access";
    const DEFAULT_LIST: &str = "system.posix_acl_default";
    const ANYBODY: u32 = u32::MAX;

    /// An access list as the kernel has it: read and write for the owner, and for user 12345 what
    /// `named` says, as far as `mask` allows.
    fn list(named: u16, mask: u16) -> Vec<u8> {
        let mut bytes = 2u32.to_le_bytes().to_vec();
        for (tag, permissions, id) in [
            (0x01u16, 6u16, ANYBODY),
            (0x02, named, 12345),
            (0x04, 0, ANYBODY),
            (0x10, mask, ANYBODY),
            (0x20, 0, ANYBODY),
        ] {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(permissions.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    fn get(path: &Path, name: &str) -> Option<Vec<u8>> {
        let mut value = vec![0; 4096];
        let len = getxattr(path, name, &mut value[..]).ok()?;
        value.truncate(len);
        Some(value)
    }

    fn put(path: &Path, name: &str, value: &[u8]) -> bool {
        let done = setxattr(path, name, value, XattrFlags::empty());
        if let Err(error) = done {
            skipped(&format!("{name}: {error}"));
        }
        done.is_ok()
    }

    #[test]
    fn attributes_of_the_user_stay() {
        let sandbox = Sandbox::with_env();
        let long = vec![b'x'; 1000];
        if !put(&sandbox.env(), "user.note", b"the shop's") {
            return;
        }
        assert!(put(&sandbox.env(), "user.long", &long));
        assert!(put(&sandbox.env(), "user.empty", b""));
        assert_done(&sandbox.set());
        assert_eq!(text(&sandbox.env()), NEW);
        assert_eq!(get(&sandbox.env(), "user.note").unwrap(), b"the shop's");
        assert_eq!(get(&sandbox.env(), "user.long").unwrap(), long);
        assert_eq!(get(&sandbox.env(), "user.empty").unwrap(), b"");
    }

    #[test]
    fn the_access_list_stays() {
        for (named, mask) in [(4, 4), (6, 6), (6, 4), (4, 0)] {
            let sandbox = Sandbox::with_env();
            let wanted = list(named, mask);
            if !put(&sandbox.env(), ACCESS_LIST, &wanted) {
                return;
            }
            let mode = fs::metadata(sandbox.env()).unwrap().mode();
            assert_done(&sandbox.set());
            assert_eq!(text(&sandbox.env()), NEW);
            assert_eq!(get(&sandbox.env(), ACCESS_LIST).unwrap(), wanted);
            assert_eq!(fs::metadata(sandbox.env()).unwrap().mode(), mode);
            sandbox.check_nothing_left("project", &[".env"]);
        }
    }

    /// A directory may give every new file an access list; the old file had none.
    #[test]
    fn nobody_gets_in_by_the_directorys_default_list() {
        let sandbox = Sandbox::with_env();
        fs::set_permissions(sandbox.env(), fs::Permissions::from_mode(0o640)).unwrap();
        if !put(&sandbox.path("project"), DEFAULT_LIST, &list(6, 6)) {
            return;
        }
        assert_done(&sandbox.set());
        assert_eq!(text(&sandbox.env()), NEW);
        assert_eq!(get(&sandbox.env(), ACCESS_LIST), None);
        assert_eq!(fs::metadata(sandbox.env()).unwrap().mode() & 0o7777, 0o640);

        // A file that is made there has the list, but nobody gets anything by it.
        fs::remove_file(sandbox.env()).unwrap();
        assert_done(&sandbox.set());
        assert_eq!(fs::metadata(sandbox.env()).unwrap().mode() & 0o7777, 0o600);
    }
}
