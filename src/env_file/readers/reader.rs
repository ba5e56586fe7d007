//! The readers of env files that this program knows by name.
//!
//! A [`Reader`] is only a name; how it reads is in `models`. The ids are stable: configuration
//! files use them.

use std::fmt;
use std::str::FromStr;

macro_rules! readers {
    ($( $(#[$doc:meta])* $variant:ident => $id:literal, )+) => {
        /// A program or library that reads env files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reader { $( $(#[$doc])* $variant, )+ }

        impl Reader {
            /// Every reader, the most widely used first.
            pub const ALL: &'static [Reader] = &[ $( Reader::$variant, )+ ];

            /// Returns the stable name, as written in a configuration file.
            pub fn id(self) -> &'static str {
                match self { $( Reader::$variant => $id, )+ }
            }
        }
    };
}

readers! {
    /// npm `dotenv`.
    NpmDotenv => "npm-dotenv",
    /// PyPI `python-dotenv`.
    PythonDotenv => "python-dotenv",
    /// `docker compose`, an `env_file` of a service.
    Compose => "compose",
    /// The crate `dotenvy`.
    Dotenvy => "dotenvy",
    /// `set -a; . .env` in bash.
    Bash => "bash",
    /// `node --env-file`.
    Node => "node",
    /// Go's `joho/godotenv`.
    Godotenv => "godotenv",
    /// `@dotenvx/dotenvx`.
    Dotenvx => "dotenvx",
    /// The gem `dotenv`.
    RubyDotenv => "ruby-dotenv",
    /// `dotenv` in an `.envrc`.
    Direnv => "direnv",
    /// npm `dotenv` followed by `dotenv-expand`.
    DotenvExpand => "dotenv-expand",
    /// Next.js (`@next/env`).
    Next => "next",
    /// Vite's `loadEnv`.
    Vite => "vite",
    /// PyPI `pydantic-settings`.
    PydanticSettings => "pydantic-settings",
    /// PyPI `environs`.
    Environs => "environs",
    /// PyPI `django-environ`.
    DjangoEnviron => "django-environ",
    /// PyPI `python-decouple`.
    PythonDecouple => "python-decouple",
    /// `. .env` in dash, as `/bin/sh` on Debian and Ubuntu.
    Dash => "dash",
    /// `. .env` in zsh.
    Zsh => "zsh",
    /// `docker run --env-file`: raw lines, no quotes.
    Docker => "docker",
    /// systemd's `EnvironmentFile=`.
    Systemd => "systemd",
    /// PHP's `vlucas/phpdotenv`, which Laravel uses.
    Phpdotenv => "phpdotenv",
    /// PHP's `symfony/dotenv`.
    SymfonyDotenv => "symfony-dotenv",
    /// `include .env` in a Makefile, as GNU make reads it: quotes are literal.
    Make => "make",
}

impl Reader {
    /// The ten readers that the general form was fitted to.
    pub const CORE: &'static [Reader] = &[
        Reader::NpmDotenv,
        Reader::PythonDotenv,
        Reader::Compose,
        Reader::Dotenvy,
        Reader::Bash,
        Reader::Node,
        Reader::Godotenv,
        Reader::Dotenvx,
        Reader::RubyDotenv,
        Reader::Direnv,
    ];

    fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Reader {
    type Err = UnknownReader;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Reader::ALL
            .iter()
            .copied()
            .find(|reader| reader.id() == id)
            .ok_or(UnknownReader)
    }
}

/// No reader has this id. The message lists the ids that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownReader;

impl UnknownReader {
    /// Returns the stable code of this error.
    pub fn code(self) -> &'static str {
        "unknown_reader"
    }
}

impl fmt::Display for UnknownReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown reader; the readers are ")?;
        for (i, reader) in Reader::ALL.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(reader.id())?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownReader {}

/// A set of readers, iterated in the order of [`Reader::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Readers(u64);

impl Readers {
    /// The empty set: the readers of the file are not known.
    pub const NONE: Readers = Readers(0);

    /// Returns the readers of [`Reader::CORE`].
    pub fn core() -> Self {
        Reader::CORE.iter().copied().collect()
    }

    /// Returns every reader.
    pub fn all() -> Self {
        Reader::ALL.iter().copied().collect()
    }

    /// Adds a reader.
    pub fn insert(&mut self, reader: Reader) {
        self.0 |= reader.bit();
    }

    /// Returns whether a reader is in the set.
    pub fn contains(&self, reader: Reader) -> bool {
        self.0 & reader.bit() != 0
    }

    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Returns the number of readers.
    pub fn len(&self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns whether each reader of this set is in the other.
    pub fn is_subset(&self, other: &Readers) -> bool {
        self.0 & !other.0 == 0
    }

    /// Returns the readers in either set.
    #[must_use = "the union is returned"]
    pub fn union(&self, other: &Readers) -> Readers {
        Readers(self.0 | other.0)
    }

    /// Returns the readers in both sets.
    #[must_use = "the intersection is returned"]
    pub fn intersection(&self, other: &Readers) -> Readers {
        Readers(self.0 & other.0)
    }

    /// Iterates over the readers in the order of [`Reader::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Reader> + use<> {
        let set = *self;
        Reader::ALL
            .iter()
            .copied()
            .filter(move |reader| set.contains(*reader))
    }
}

impl FromIterator<Reader> for Readers {
    fn from_iter<I: IntoIterator<Item = Reader>>(readers: I) -> Self {
        let mut set = Self::NONE;
        for reader in readers {
            set.insert(reader);
        }
        set
    }
}

impl From<Reader> for Readers {
    fn from(reader: Reader) -> Self {
        Self(reader.bit())
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl fmt::Display for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, reader) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            f.write_str(reader.id())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_parses_to_its_reader() {
        assert!(Reader::ALL.len() <= 64, "the set has 64 bits");
        for reader in Reader::ALL {
            assert_eq!(reader.id().parse(), Ok(*reader));
        }
    }

    #[test]
    fn the_error_for_an_unknown_id_lists_all_ids() {
        let error = "perl".parse::<Reader>().unwrap_err().to_string();
        for reader in Reader::ALL {
            assert!(error.contains(reader.id()), "{reader}");
        }
        assert!(!error.contains("perl"));
    }

    #[test]
    fn a_set_is_iterated_in_the_order_of_all_readers() {
        let set: Readers = [Reader::Bash, Reader::NpmDotenv].into_iter().collect();
        assert_eq!(set.to_string(), "npm-dotenv, bash");
        assert_eq!(set.len(), 2);
        assert!(set.is_subset(&Readers::core()));
        assert!(!Readers::all().is_subset(&Readers::core()));
    }
}
