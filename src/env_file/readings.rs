//! [`Readings`]: what the readers of a project make of a whole file.
//!
//! [`Assignment::misreaders`](super::Assignment::misreaders) looks at one line by itself. Here the
//! rest of the file counts too: a heading `Database:` takes the next line away from npm, `export K`
//! alone takes the value away from python-dotenv, a byte order mark hides the first name.
//!
//! Limits: a reader that refuses the file, as far as its model knows, or would run something in it,
//! is not heard: the models know only what an env file may contain.

use super::document::EnvFile;
use super::readers::models::{self, Reading};
use super::readers::{Reader, Readers};
use crate::model::secret::SecretBytes;

/// What each of some readers reads in one file.
pub struct Readings(Vec<(Reader, Reading)>);

impl std::fmt::Debug for Readings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Readings([redacted])")
    }
}

impl EnvFile {
    /// Puts the whole file to these readers.
    pub fn readings(&self, readers: &Readers) -> Readings {
        let read = |reader| {
            let reading = models::read(reader, self.text.expose())?;
            (!reading.runs).then_some((reader, reading))
        };
        Readings(readers.iter().filter_map(read).collect())
    }
}

impl Readings {
    /// The readers that get something other than this value for a variable.
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
    fn what_else_is_in_the_file_counts() {
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
            // Not heard: bash would run a program (as above), dotenvy refuses the file.
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
