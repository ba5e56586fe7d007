//! An env file on disk: locked, read, replaced, read back.
//!
//! Invariants:
//! - Everything between reading and replacing happens under the lock on the file's directory. A
//!   link that leads elsewhere by then is an error, not a write without the lock.
//! - The file is either old or new. Where it cannot be replaced by a rename (a file that is
//!   mounted by itself, a hard link, an owner or an access list that cannot be kept) it is
//!   overwritten in place, and a record of the old and the new content, sealed to the vault's key,
//!   is made durable in the state directory first. The next run that opens the same env file
//!   finishes from the record.
//! - What was written is read back before anybody is told.
//!
//! Limits: the record is this machine's; a container that loses its state directory together with
//! a torn file has only the vault to restore from.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::env_file::EnvFile;
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::storage::fs::{self, DirLock, FileStamp, Replaced};
use crate::storage::vault::OpenVault;

/// The largest env file that is taken for one: 16 MiB.
pub const MAX_ENV_FILE: usize = 16 << 20;
const PENDING_MAGIC: &[u8] = b"secrets-pending/1\n";

/// Reads an env file without locking it, to look and not to change.
pub fn read(path: &Path) -> Result<Option<EnvFile>> {
    let (bytes, stamp) = fs::read_stamped(path, MAX_ENV_FILE)?;
    Ok(stamp.existed().then(|| EnvFile::parse(bytes)))
}

/// Whether an in-place write of the file was begun and not finished: whoever locks the file next
/// finishes it, see [`LockedEnv::recover`].
pub fn is_unfinished(path: &Path, vault: &OpenVault) -> Result<bool> {
    fs::exists(&vault.state().pending_file(&fs::find_real(path)?))
}

/// An env file that no other run of this program changes meanwhile.
#[must_use = "the lock ends when this is dropped"]
pub struct LockedEnv {
    path: PathBuf,
    /// The directory that is locked.
    dir: PathBuf,
    _lock: DirLock,
}

impl LockedEnv {
    /// Locks the directory of the file (of the link's target, if the path is a link), and takes
    /// away what a killed run left there.
    pub fn lock(path: &Path, wait: Duration, waiting: impl FnOnce()) -> Result<Self> {
        let real = fs::find_real(path)?;
        let dir = real.parent().unwrap_or(Path::new("/"));
        let lock = fs::lock_dir(dir, wait, waiting)?;
        fs::remove_leftover(dir)?;
        Ok(Self {
            path: path.to_owned(),
            dir: dir.to_owned(),
            _lock: lock,
        })
    }

    /// Reads the file as it is now; one that does not exist reads as empty.
    pub fn read(&self) -> Result<(EnvFile, FileStamp)> {
        let (bytes, stamp) = self.read_bytes()?;
        Ok((EnvFile::parse(bytes), stamp))
    }

    fn read_bytes(&self) -> Result<(SecretBytes, FileStamp)> {
        let (bytes, stamp) = fs::read_stamped(&self.path, MAX_ENV_FILE)?;
        if stamp.dir() != self.dir {
            return Err(Error::EnvFile {
                path: self.path.clone(),
                problem: EnvFileProblem::Changed,
            });
        }
        Ok((bytes, stamp))
    }

    /// Finishes an in-place write that an earlier run did not finish. Says whether it had torn the
    /// file.
    pub fn recover(&self, vault: &OpenVault) -> Result<bool> {
        let real = fs::find_real(&self.path)?;
        let record_file = vault.state().pending_file(&real);
        let Some(sealed) = fs::read(&record_file, fs::MAX_FILE)? else {
            return Ok(false);
        };
        let mut torn = false;
        // A record that does not open was never complete or is another vault's: the write that it
        // announces comes after it, so the file was not touched.
        if let Ok(record) = vault.unseal(sealed.expose(), fs::MAX_FILE)
            && let Some((old, new)) = parse_record(&record)
        {
            let (now, stamp) = self.read_bytes()?;
            let whole = now.expose() == old || now.expose() == new;
            torn = stamp.existed() && !whole && is_mixture(now.expose(), old, new);
            if torn {
                fs::overwrite(&stamp.real, &SecretBytes::copy_of(new))?;
            }
        }
        fs::remove_private(&record_file)?;
        Ok(torn)
    }

    /// Puts the new document in the file's place; `false` if the file changed since it was read.
    #[must_use = "false means that nothing was written"]
    pub fn write(
        &self,
        old: &EnvFile,
        stamp: &FileStamp,
        new: &EnvFile,
        vault: &OpenVault,
    ) -> Result<bool> {
        let replaced = match fs::replace_stamped(stamp, new.text())? {
            Replaced::InPlaceOnly => self.write_in_place(old, stamp, new, vault)?,
            other => other,
        };
        if replaced == Replaced::Changed {
            return Ok(false);
        }
        let (bytes, _) = self.read_bytes()?;
        if bytes == *new.text() {
            Ok(true)
        } else if bytes.len() != new.text().len() {
            // Somebody else has saved the file since: it is read again, and patched again if what
            // was written is gone.
            Ok(false)
        } else {
            Err(Error::EnvFile {
                path: self.path.clone(),
                problem: EnvFileProblem::ReadBack,
            })
        }
    }

    /// Syncs a file that says already what it should: whoever wrote it may not have.
    pub fn make_durable(&self, stamp: &FileStamp) -> Result<()> {
        fs::sync_existing(&stamp.real)
    }

    fn write_in_place(
        &self,
        old: &EnvFile,
        stamp: &FileStamp,
        new: &EnvFile,
        vault: &OpenVault,
    ) -> Result<Replaced> {
        let record_file = vault.state().pending_file(&stamp.real);
        let record = record(old.text(), new.text());
        let sealed = vault.seal(&record).map_err(|problem| {
            Error::io(
                "seal the record",
                &record_file,
                std::io::Error::other(problem.code()),
            )
        })?;
        if let Some(dir) = record_file.parent() {
            fs::make_dir_all_durable(dir)?;
        }
        write_record(&record_file, &sealed)?;
        let written = fs::write_in_place(stamp, new.text());
        match &written {
            // Written, but perhaps not for ever: the record stays for the next run. The failed
            // sync is not tried again.
            Err(Error::Io { action: "sync", .. }) => {}
            // Put back what was there, so that "failed" means "unchanged" if at all possible; if
            // not, the record stays for the next run.
            Err(_) => {
                fs::overwrite(&stamp.real, old.text())?;
                fs::remove_private(&record_file)?;
            }
            Ok(_) => fs::remove_private(&record_file)?,
        }
        written
    }
}

fn write_record(file: &Path, sealed: &[u8]) -> Result<()> {
    crate::fail_point!("no-record", |_| Ok(()));
    fs::replace_private(file, sealed)
}

fn record(old: &SecretBytes, new: &SecretBytes) -> SecretBytes {
    let mut record = SecretBuilder::with_capacity(64 + old.len() + new.len());
    record.push(PENDING_MAGIC);
    record.push(format!("{}\n", old.len()).as_bytes());
    record.push(old.expose());
    record.push(new.expose());
    record.finish()
}

fn parse_record(record: &SecretBytes) -> Option<(&[u8], &[u8])> {
    let rest = record.expose().strip_prefix(PENDING_MAGIC)?;
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let len: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok()?;
    rest[end + 1..].split_at_checked(len)
}

/// Whether a content is what a stopped overwrite leaves: at every place the old or the new byte
/// (or a hole), and no longer than the longer of the two. Anything else is somebody's edit.
fn is_mixture(now: &[u8], old: &[u8], new: &[u8]) -> bool {
    now.len() <= old.len().max(new.len())
        && now
            .iter()
            .enumerate()
            .all(|(at, byte)| old.get(at) == Some(byte) || new.get(at) == Some(byte) || *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_gives_back_both_contents() {
        let (old, new) = (SecretBytes::from("A=1\n"), SecretBytes::from("A=canary\n"));
        let record = record(&old, &new);
        assert_eq!(parse_record(&record), Some((old.expose(), new.expose())));
        assert_eq!(
            parse_record(&SecretBytes::from("secrets-pending/1\n99\nx")),
            None
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_locked_directory_is_not_followed() {
        let root = tempfile::tempdir().unwrap();
        for dir in ["here", "there"] {
            std::fs::create_dir(root.path().join(dir)).unwrap();
            std::fs::write(root.path().join(dir).join("real"), "A=1\n").unwrap();
        }
        let link = root.path().join(".env");
        std::os::unix::fs::symlink("here/real", &link).unwrap();
        let locked = LockedEnv::lock(&link, Duration::ZERO, || {}).unwrap();
        assert!(locked.read().is_ok());
        std::fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink("there/real", &link).unwrap();
        assert_eq!(locked.read().unwrap_err().code(), "env_changed");
    }

    #[test]
    fn a_torn_file_is_told_from_an_edited_one() {
        let (old, new) = (b"A=1\nB=2\n".as_slice(), b"A=11\nB=2\n".as_slice());
        for at in 0..=old.len() {
            let mut torn = new[..at].to_vec();
            torn.extend(&old[at..]);
            assert!(is_mixture(&torn, old, new));
        }
        assert!(is_mixture(b"", old, new));
        assert!(is_mixture(b"A=1\0\0\0\0\0\0", old, new));
        assert!(!is_mixture(b"A=3\nB=2\n", old, new));
        assert!(!is_mixture(b"A=11\nB=2\nC=3\n", old, new));
    }
}
