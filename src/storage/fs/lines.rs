//! Adding lines at the end of a file of the program's own, one run after the other.

use std::io::{self, Write as _};
use std::path::Path;

use super::{lock, make_dir_all_durable, open_private, parent, sync_above, sync_file};
use crate::error::{Error, Result};

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
