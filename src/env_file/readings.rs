//! [`Readings`]: what readers read in a whole file.
//!
//! [`Assignment::misreaders`](super::Assignment::misreaders) judges one line by itself. Here the
//! rest of the file counts too: npm reads the line after a heading `Database:` as its value, a line
//! `export K` unsets `K` for python-dotenv, and a byte order mark hides the first name.
//!
//! Limits: a reader that refuses the file or would run a command in it is left out, because the
//! models know only what an env file may contain.

use super::document::EnvFile;
use super::readers::models::{self, Reading};
use super::readers::{Reader, Readers};
use crate::model::secret::SecretBytes;

/// What each of several readers reads in one file.
pub struct Readings(Vec<(Reader, Reading)>);

impl std::fmt::Debug for Readings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Readings([redacted])")
    }
}

impl EnvFile {
    /// Returns what these readers read in the whole file.
    pub fn readings(&self, readers: &Readers) -> Readings {
        let read = |reader| {
            let reading = models::read(reader, self.text.expose())?;
            (!reading.runs).then_some((reader, reading))
        };
        Readings(readers.iter().filter_map(read).collect())
    }
}

impl Readings {
    /// Returns the readers that read something other than this value for a variable.
    pub fn misreaders(&self, name: &str, value: &SecretBytes) -> Readers {
        let wrong = |(_, reading): &&(Reader, Reading)| reading.get(name.as_bytes()) != Some(value);
        let wrong = self.0.iter().filter(wrong);
        wrong.map(|(reader, _)| *reader).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_of_the_file_can_change_a_reading() {
        for (text, readers, wrong) in [
            ("K=v\n", Readers::all(), ""),
            ("Database:\nK=v\n", Readers::core(), "npm-dotenv, dotenvx"),
            (
                "K=v\nexport K\n",
                Reader::PythonDotenv.into(),
                "python-dotenv",
            ),
            ("\u{feff}K=v\n", Readers::core(), "node, godotenv"),
            ("K=old\nK=v\n", Readers::core(), "dotenvy"),
            ("K='v'\n", Readers::core(), ""),
            // Left out: bash would run a program, dotenvy refuses the file.
            (
                "A=b c\nK=v\n",
                [Reader::Bash, Reader::Dotenvy].into_iter().collect(),
                "",
            ),
        ] {
            let file = EnvFile::parse(SecretBytes::from(text));
            let found = file
                .readings(&readers)
                .misreaders("K", &SecretBytes::from("v"));
            assert_eq!(found.to_string(), wrong, "{text:?}");
        }
    }
}
