//! The identity: is it there, is it private, can it be read?

use std::path::Path;

use super::{Check, Doctor, dir_of, untrack};
use crate::error::Error;
use crate::model::shell;
use crate::ops::git::{self, GitView};
use crate::ops::{IdentitySource, doctor};
use crate::storage::fs;
use crate::storage::seal::Identity;

impl Doctor<'_> {
    /// The identities, if they can be read.
    pub(super) fn identity(&mut self) -> Option<Vec<Identity>> {
        let identities = self.session.identities();
        let file = match &self.session.settings.identity {
            IdentitySource::File(file) => Some(file.clone()),
            IdentitySource::Key(_) => None,
        };
        let at = |check: Check| match &file {
            Some(file) => check.at(file),
            None => check,
        };
        match &identities {
            Ok(Some(found)) => {
                let number = match found.len() {
                    1 => "it is there".to_owned(),
                    more => format!("{more} identities are there"),
                };
                let from = match &file {
                    Some(file) => format!("in {}", file.display()),
                    None => "in the environment variable SECRETS_IDENTITY".to_owned(),
                };
                self.say(at(Check::good("identity", format!("{number}, {from}"))));
            }
            Ok(None) => self.no_identity(file.as_deref()),
            Err(error @ Error::IdentityBroken { .. }) => {
                let check = Check::bad(
                    "identity",
                    format!("{error}; bring it back from your backup"),
                );
                self.say(at(match &file {
                    Some(file) => check.mend(format!("cp BACKUP {}", shell::path(file))),
                    None => check.mend("unset SECRETS_IDENTITY"),
                }));
            }
            Err(error) => {
                let check = Check::bad("identity", error.to_string());
                self.say(at(match &file {
                    Some(file) if !fs::is_dir(file) => {
                        check.mend(format!("chmod 600 {}", shell::path(file)))
                    }
                    _ => check,
                }));
            }
        }
        if let Some(file) = file {
            self.identity_is_private(&file);
        }
        identities.ok().flatten()
    }

    fn no_identity(&mut self, file: Option<&Path>) {
        let file = file.unwrap_or(Path::new("SECRETS_IDENTITY"));
        let has_vault =
            fs::exists(&self.session.settings.vault_dir.join("vault.toml")).unwrap_or(true);
        self.say(
            if has_vault {
                Check::bad(
                    "identity",
                    "there is no identity, so the vault cannot be opened; bring the file back from \
                     your backup, or make a new one with a recovery key",
                )
                .mend(self.command("recovery use"))
            } else {
                Check::bad("identity", "there is no identity yet").mend(self.command("init"))
            }
            .at(file),
        );
    }

    fn identity_is_private(&mut self, file: &Path) {
        if let Some(mode) = fs::mode(file)
            && mode & 0o077 != 0
        {
            self.say(
                Check::bad(
                    "identity_mode",
                    format!("others can read the identity file: its mode is {mode:o}, not 600"),
                )
                .at(file)
                .mend(format!("chmod 600 {}", shell::path(file))),
            );
        }
        let dir = dir_of(file);
        if let Some(mode) = fs::mode(dir)
            && mode & 0o022 != 0
            && mode & 0o1000 == 0
        {
            self.say(
                Check::bad(
                    "identity_mode",
                    format!(
                        "others can put another file in the identity's place: the mode of its \
                         directory is {mode:o}, not 700"
                    ),
                )
                .at(dir)
                .mend(format!("chmod 700 {}", shell::path(dir))),
            );
        }
        let Some(git) = self.session.settings.git.as_ref() else {
            return;
        };
        let check = match git::view(git, file) {
            GitView::Tracked => Check::bad(
                "identity_git",
                "git tracks the identity file: whoever has a clone can open the vault, also after \
                 it was taken out",
            )
            .mend(untrack(file)),
            GitView::NotIgnored => Check::warning(
                "identity_git",
                "the identity file lies in a git work tree that does not ignore it",
            )
            .mend(doctor::ignore(file)),
            GitView::Fine => return,
        };
        self.say(check.at(file));
    }
}
