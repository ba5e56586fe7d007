//! The text that `restore` edits: the env file as it is, the file with the lines that it lost, or
//! the stored layout where the file is gone.
//!
//! Invariant: an edit that adds or changes lines is kept; only lost lines come back.

use std::collections::BTreeSet;

use super::Secret;
use crate::env_file::{Edit, EnvFile, EnvName, OnMisread, Readers};
use crate::model::version::Version;
use crate::ops::layout::Layout;

/// A text that takes the place of the env file's own.
pub(super) struct Base {
    pub(super) env: EnvFile,
    /// The version of the layout that it was made from.
    pub(super) layout: Version,
    /// How many lost lines it puts back; `None` if it is the layout, and not the file.
    pub(super) put_back: Option<usize>,
}

/// What a text is made from.
pub(super) struct Sources<'a> {
    pub(super) layout: &'a Layout,
    pub(super) version: Version,
    /// The env file; `None` if it does not exist.
    pub(super) now: Option<&'a EnvFile>,
    pub(super) secrets: &'a [Secret],
    pub(super) readers: &'a Readers,
    pub(super) on_misread: OnMisread,
}

impl Sources<'_> {
    /// The layout with the variables that only the file has.
    pub(super) fn rebuilt(&self) -> Base {
        Base {
            env: self.with_additions(self.whole()),
            layout: self.version,
            put_back: None,
        }
    }

    /// The text to restore to; `None` if the file has lost nothing.
    pub(super) fn base(&self) -> Option<Base> {
        let Some(now) = self.now.filter(|now| !self.layout.is_lost_in(now)) else {
            return Some(self.rebuilt());
        };
        let whole = self.whole();
        let losses = now.losses_since(&whole);
        if !losses.is_torn() {
            return None;
        }
        let env = now.with_lost_lines(&whole);
        // What cannot be edited (a quote that was cut and is not as it was) is rebuilt.
        if self.edited(&env).is_none() {
            return Some(self.rebuilt());
        }
        Some(Base {
            env,
            layout: self.version,
            put_back: Some(losses.gone.max(1)),
        })
    }

    /// The layout as it should be now: with today's values, without secrets that were removed.
    fn whole(&self) -> EnvFile {
        let names = self.secrets.iter().map(|(_, _, name)| name.as_str());
        let env = self.layout.without_removed(&names.collect());
        self.edited(&env).unwrap_or(env)
    }

    /// A text with today's values of the secrets that it has; `None` if it cannot be edited.
    fn edited(&self, env: &EnvFile) -> Option<EnvFile> {
        let edits: Vec<Edit<'_>> = self
            .secrets
            .iter()
            .filter(|(_, _, name)| env.get(name.as_str()).is_some())
            .filter_map(|(_, entry, name)| {
                Some(Edit::Restore {
                    name,
                    value: entry.value()?,
                    earlier: Some(&self.layout.env),
                })
            })
            .collect();
        env.with(&edits, self.readers, self.on_misread).ok()
    }

    /// A text, and behind it the variables that only the file has.
    fn with_additions(&self, base: EnvFile) -> EnvFile {
        let Some(now) = self.now else {
            return base;
        };
        let mut seen = BTreeSet::new();
        let additions: Vec<_> = now
            .assignments()
            .filter(|one| base.get(one.name()).is_none() && seen.insert(one.name().to_owned()))
            .filter_map(|one| {
                let value = now.get(one.name())?.value()?;
                Some((EnvName::try_new(one.name()).ok()?, value))
            })
            .collect();
        let edits: Vec<Edit<'_>> = additions
            .iter()
            .map(|(name, value)| Edit::Restore {
                name,
                value,
                earlier: Some(now),
            })
            .collect();
        // The whole file is kept as a version of the layout, so leaving them out loses nothing.
        base.with(&edits, &Readers::NONE, OnMisread::Allow)
            .unwrap_or(base)
    }
}
