//! Adding lines at the end of a file that another program gave us for that.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{EnvFileProblem, Error, Result};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// A file that is there, is open and can be written at its end.
#[derive(Debug)]
pub struct Appendable {
    file: File,
    path: PathBuf,
}

impl Appendable {
    /// Opens a file that must be there: whoever named it made it.
    #[expect(clippy::disallowed_methods, reason = "`fs` is the home of files")]
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(path)
            .map_err(|error| Error::io("open", path, error))?;
        let metadata = file
            .metadata()
            .map_err(|error| Error::io("read", path, error))?;
        if !metadata.is_file() {
            return Err(Error::EnvFile {
                path: path.to_owned(),
                problem: EnvFileProblem::NotAFile,
            });
        }
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    /// Adds lines in one write, behind a line break if the file does not end in one. Not synced:
    /// this is a message to the next program, nothing to keep.
    pub fn append_lines(mut self, lines: &SecretBytes) -> Result<()> {
        let failed = |error| Error::io("write", &self.path, error);
        let mut last = [b'\n'];
        if self.file.seek(SeekFrom::End(0)).map_err(failed)? > 0 {
            self.file.seek(SeekFrom::End(-1)).map_err(failed)?;
            self.file.read_exact(&mut last).map_err(failed)?;
        }
        let mut text = SecretBuilder::with_capacity(lines.len() + 1);
        if last != *b"\n" {
            text.push(b"\n");
        }
        text.push(lines.expose());
        self.file.write_all(text.finish().expose()).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_begin_on_a_line_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("env");
        for (before, after) in [("", "new\n"), ("a\n", "a\nnew\n"), ("a", "a\nnew\n")] {
            std::fs::write(&path, before).unwrap();
            let file = Appendable::open(&path).unwrap();
            file.append_lines(&SecretBytes::from("new\n")).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), after);
        }
    }

    #[test]
    fn a_file_that_nobody_made_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Appendable::open(&dir.path().join("env")).is_err());
        assert!(Appendable::open(dir.path()).is_err());
        assert!(!dir.path().join("env").exists());
    }
}
