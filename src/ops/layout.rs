//! The layout of a project's env file: its text, and which of its variables are vaulted.
//!
//! It is kept in the vault, sealed like any entry, with each change that this program makes to the
//! file, so that `restore` can bring the whole file back: comments, order, blank lines, quotes and
//! the lines that are no secrets. A new version is kept only if something else than a vaulted
//! value changed.
//!
//! ```text
//! secrets-layout/1 STRIPE_API_KEY DB_PASSWORD      the vaulted variables
//! <the text of the file to the end>
//! ```
//!
//! Limits: an empty file has no layout.

use std::collections::BTreeSet;

use super::{Notice, Session};
use crate::env_file::{Edit, EnvFile, EnvName, OnMisread, Readers};
use crate::error::{Done, Result};
use crate::model::entry::{Entry, Origin};
use crate::model::key_path::OwnerName;
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::storage::vault::{MAX_LAYOUT, OpenVault, layout_name};

const MAGIC: &[u8] = b"secrets-layout/1";

/// A file's text, and which of its variables are vaulted.
pub(super) struct Layout {
    pub(super) vaulted: BTreeSet<String>,
    pub(super) env: EnvFile,
}

/// Who wrote the vaulted values of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// This program, which would write them in the same way again.
    Ours,
    /// Perhaps somebody else, whose bytes are to come back. These readers read them.
    Others(Readers),
}

impl Layout {
    /// The layout's bytes; `None` if they are more than are kept, or if there are none to keep.
    pub(super) fn to_bytes(&self) -> Option<SecretBytes> {
        let text = self.env.text();
        let mut bytes = SecretBuilder::with_capacity(text.len() + 1024);
        bytes.push(MAGIC);
        for name in &self.vaulted {
            bytes.push(b" ");
            bytes.push(name.as_bytes());
        }
        bytes.push(b"\n");
        bytes.push(text.expose());
        (!text.is_empty() && bytes.len() <= MAX_LAYOUT).then(|| bytes.finish())
    }

    /// What [`to_bytes`](Self::to_bytes) wrote.
    pub(super) fn parse(bytes: &SecretBytes) -> Option<Self> {
        let bytes = bytes.expose();
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        let names = bytes[..end].strip_prefix(MAGIC)?;
        Some(Self {
            vaulted: std::str::from_utf8(names)
                .ok()?
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
            env: EnvFile::parse(SecretBytes::copy_of(&bytes[end + 1..])),
        })
    }

    /// The newest layout of a project, and its entry. What does not open is passed over, and so
    /// are files that were kept only because they were about to be rebuilt.
    pub(super) fn newest(vault: &OpenVault, project: &OwnerName) -> Result<Option<(Self, Entry)>> {
        Self::newest_that(vault, project, |_| true)
    }

    /// The newest layout whose entry is `wanted`.
    pub(super) fn newest_that(
        vault: &OpenVault,
        project: &OwnerName,
        wanted: impl Fn(&Entry) -> bool,
    ) -> Result<Option<(Self, Entry)>> {
        for version in vault.vault().layout_versions(project)?.into_iter().rev() {
            if let Ok(Some(entry)) = vault.layout(project, version)
                && entry.header.origin == Origin::Layout
                && wanted(&entry)
                && let Some(layout) = entry.value().and_then(Self::parse)
            {
                return Ok(Some((layout, entry)));
            }
        }
        Ok(None)
    }

    /// Whether a file has lost this layout: less than half of its variables and comments are
    /// still there.
    pub(super) fn is_lost_in(&self, now: &EnvFile) -> bool {
        let there: BTreeSet<&str> = now.assignments().map(|one| one.name()).collect();
        let comments: BTreeSet<&[u8]> = comment_lines(now).collect();
        let names: BTreeSet<&str> = self.env.assignments().map(|one| one.name()).collect();
        let wanted: Vec<&[u8]> = comment_lines(&self.env).collect();
        let kept = names.iter().filter(|name| there.contains(*name)).count()
            + wanted
                .iter()
                .filter(|line| comments.contains(*line))
                .count();
        kept * 2 < names.len() + wanted.len()
    }

    /// Keeps the layout in the vault, unless `known`, the [newest](Self::newest) one there, is like
    /// it. `before` is the file as it was found: what is missing now because it was taken out just
    /// now is not lost. Lines that the file had lost before stay in the layout, until somebody
    /// accepts the file without them.
    pub(super) fn keep(
        &self,
        known: Option<(Self, Entry)>,
        before: &EnvFile,
        values: Values,
        session: &Session<'_>,
        project: &OwnerName,
    ) -> Result<()> {
        let Some((known, entry)) = known else {
            return self.store(session, project, Origin::Layout);
        };
        let comes_back = match values {
            Values::Ours => true,
            Values::Others(readers) => known.gives(&self.env, &readers),
        };
        if known.is_like(self) && comes_back {
            return known.make_durable(&entry, session, project);
        }
        // What is left of a file is not what the file should look like.
        if known.is_lost_in(before) && known.is_lost_in(&self.env) {
            session.notice(Notice::EnvFileLost { project });
            return self.store(session, project, Origin::Found);
        }
        let taken_out = before
            .assignments()
            .filter(|one| self.env.get(one.name()).is_none());
        let wanted = known.without(&taken_out.map(|one| one.name()).collect());
        let losses = self.env.losses_since(&wanted);
        if !losses.is_torn() {
            return self.store(session, project, Origin::Layout);
        }
        session.notice(Notice::LinesLost {
            project,
            lines: losses.gone.max(1),
        });
        let env = self.env.with_lost_lines(&wanted);
        let vaulted = known.vaulted.union(&self.vaulted);
        let vaulted = vaulted.filter(|name| env.get(name).is_some()).cloned();
        let whole = Self {
            vaulted: vaulted.collect(),
            env,
        };
        match known.is_like(&whole) {
            true => known.make_durable(&entry, session, project),
            false => whole.store(session, project, Origin::Layout),
        }
    }

    /// Keeps a layout that has lost nothing, since it was made from one.
    pub(super) fn keep_whole(
        &self,
        known: Option<(Self, Entry)>,
        session: &Session<'_>,
        project: &OwnerName,
    ) -> Result<()> {
        match known {
            Some((known, entry)) if known.is_like(self) => {
                known.make_durable(&entry, session, project)
            }
            _ => self.store(session, project, Origin::Layout),
        }
    }

    /// Whether `restore` makes this text of the layout, with the values that the text has.
    fn gives(&self, wanted: &EnvFile, readers: &Readers) -> bool {
        let values: Vec<(EnvName, SecretBytes)> = self
            .vaulted
            .iter()
            .filter_map(|name| {
                let one = wanted.get(name)?;
                let value = one.value_for(readers).or_else(|| one.value())?;
                Some((EnvName::existing(name.as_str()).ok()?, value))
            })
            .collect();
        let edits: Vec<Edit<'_>> = values
            .iter()
            .map(|(name, value)| Edit::Restore {
                name,
                value,
                earlier: Some(&self.env),
            })
            .collect();
        self.env
            .with(&edits, readers, OnMisread::Refuse)
            .is_ok_and(|made| made.text() == wanted.text())
    }

    /// A run that was stopped may have named it and not synced it.
    fn make_durable(
        &self,
        entry: &Entry,
        session: &Session<'_>,
        project: &OwnerName,
    ) -> Result<()> {
        session
            .vault()?
            .make_layout_durable(project, entry.header.version)
    }

    /// The text without the variables of secrets that are no longer there, whose old values it
    /// still has. `there` are the variables of those that are.
    pub(super) fn without_removed(&self, there: &BTreeSet<&str>) -> EnvFile {
        let vaulted = self.vaulted.iter().map(String::as_str);
        self.without(&vaulted.filter(|name| !there.contains(name)).collect())
    }

    /// The text with these values, and without the variables of other secrets. A value that is as
    /// it was keeps the bytes that it had.
    pub(super) fn with_values<'v>(
        &self,
        values: impl Iterator<Item = (&'v EnvName, &'v SecretBytes)> + Clone,
        readers: &Readers,
    ) -> EnvFile {
        let env = self.without_removed(&values.clone().map(|(name, _)| name.as_str()).collect());
        let edits: Vec<Edit<'_>> = values
            .filter(|(name, _)| env.get(name.as_str()).is_some())
            .map(|(name, value)| Edit::Restore {
                name,
                value,
                earlier: Some(&self.env),
            })
            .collect();
        let edited = env.with(&edits, readers, OnMisread::Allow);
        edited.unwrap_or(env)
    }

    /// The text without these variables.
    fn without(&self, names: &BTreeSet<&str>) -> EnvFile {
        let names: Vec<EnvName> = names
            .iter()
            .filter_map(|name| EnvName::existing(*name).ok())
            .collect();
        let edits: Vec<Edit<'_>> = names.iter().map(|name| Edit::Remove { name }).collect();
        self.env
            .with(&edits, &Readers::NONE, OnMisread::Allow)
            .unwrap_or_else(|_| self.env.clone())
    }

    /// Stores the layout as a new version.
    pub(super) fn store(
        &self,
        session: &Session<'_>,
        project: &OwnerName,
        origin: Origin,
    ) -> Result<()> {
        match self.to_bytes() {
            Some(bytes) => {
                let vault = session.vault()?;
                let version =
                    vault.put_layout(project, bytes, origin, session.now(), session.actor())?;
                session.record(Done::Stored {
                    name: layout_name(project),
                    version,
                });
                Ok(())
            }
            None if self.env.text().is_empty() => Ok(()),
            None => {
                session.notice(Notice::LayoutNotKept {
                    project,
                    reason: "the file is too large",
                });
                Ok(())
            }
        }
    }

    /// Whether the two differ in nothing but vaulted values.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let around = |layout: &Self| {
            let env = &layout.env;
            env.text_without_values(|name| layout.vaulted.contains(name))
        };
        self.vaulted == other.vaulted
            && match (around(self), around(other)) {
                (Some(ours), Some(theirs)) => ours == theirs,
                // Where a value cannot be told apart, only the same text is surely alike.
                _ => self.env.text() == other.env.text(),
            }
    }
}

fn comment_lines(env: &EnvFile) -> impl Iterator<Item = &[u8]> {
    env.text()
        .expose()
        .split(|&byte| byte == b'\n')
        .map(|line| line.trim_ascii())
        .filter(|line| line.starts_with(b"#"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> Layout {
        Layout {
            vaulted: BTreeSet::from(["A".to_owned(), "C".to_owned()]),
            env: EnvFile::parse(SecretBytes::from(text)),
        }
    }

    #[test]
    fn a_layout_reads_back() {
        let written = layout("# note\nA='1'\n\nB=2\n");
        let read = Layout::parse(&written.to_bytes().unwrap()).unwrap();
        assert_eq!(read.vaulted, written.vaulted);
        assert_eq!(read.env.text(), written.env.text());
        assert!(layout("").to_bytes().is_none());
        assert!(Layout::parse(&SecretBytes::from("A=1\n")).is_none());
    }

    #[test]
    fn only_vaulted_values_may_differ_in_what_is_alike() {
        let one = layout("# note\nA='1'\nB=2\n");
        assert!(one.is_like(&layout("# note\nA=\"changed\"\nB=2\n")));
        assert!(!one.is_like(&layout("# note\nA='1'\nB=3\n")));
        assert!(!one.is_like(&layout("# other\nA='1'\nB=2\n")));
        assert!(!one.is_like(&layout("# note\nA='1'\nB=2\nC=3\n")));
        let twice = layout("A=1 # one\nA='2'\n");
        assert!(twice.is_like(&layout("A=3 # one\nA=4\n")));
        assert!(!twice.is_like(&layout("A=3 # two\nA=4\n")));
    }

    #[test]
    fn where_a_value_ends_for_some_readers_only_the_same_text_is_alike() {
        let one = layout("A='1' 2\nB=3\n");
        assert!(one.is_like(&layout("A='1' 2\nB=3\n")));
        assert!(!one.is_like(&layout("A='9' 2\nB=3\n")));
        let open = layout("B=3\nA='1\n");
        assert!(!open.is_like(&layout("B=3\nA='9\n")));
    }
}
