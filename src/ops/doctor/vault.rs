//! The vault: is it one, is it the one, who can open it, who can write to it?

use std::path::Path;

use super::{Check, Doctor};
use crate::error::Error;
use crate::model::shell;
use crate::ops::recovery;
use crate::storage::fs;
use crate::storage::seal::Identity;
use crate::storage::vault::{Found, MemberFile, OpenVault, Vault, entry_at, holds_secrets};

impl Doctor<'_> {
    pub(super) fn vault(&mut self) -> Option<Vault> {
        let dir = &self.session.settings.vault_dir;
        let known = fs::resolve(dir)
            .ok()
            .and_then(|place| self.session.state().id_at(&place));
        let check = match (Vault::find(dir), known) {
            (Ok(Found::Vault(vault)), _) => {
                let what = format!("{}, format 1, id {}", dir.display(), vault.id());
                self.say(Check::good("vault", what).at(dir));
                return Some(vault);
            }
            (Ok(Found::Nothing), None) => {
                Check::bad("vault", "there is no vault yet").mend(self.command("init"))
            }
            (Ok(Found::Nothing), Some(id)) => Check::bad(
                "vault",
                format!(
                    "the vault {id} was here and is gone; bring it back (is a disk not mounted?), \
                     or make a new one"
                ),
            )
            .mend(self.command("init --trust")),
            (Ok(Found::Unfinished), None) if holds_secrets(dir).unwrap_or(true) => Check::bad(
                "vault",
                "the vault holds secrets and has lost its vault.toml",
            )
            .mend(copy_back(dir, &dir.join("vault.toml"))),
            (Ok(Found::Unfinished), None) => {
                Check::bad("vault", "the making of this vault was interrupted")
                    .mend(self.command("init"))
            }
            (Ok(Found::Unfinished), Some(id)) => Check::bad(
                "vault",
                "the vault has lost its vault.toml; this machine remembers what it said",
            )
            .mend(format!(
                "printf 'format = 1\\nid = \"%s\"\\n' {id} > {}",
                shell::path(&dir.join("vault.toml"))
            )),
            (Err(error @ Error::VaultFormat { .. }), _) => {
                Check::bad("vault", format!("{error}: a newer secrets is needed"))
            }
            (Err(error), Some(id)) if error.code() == "vault_damaged" => Check::bad(
                "vault",
                format!("{error}; this machine remembers what it said"),
            )
            .mend(format!(
                "printf 'format = 1\\nid = \"%s\"\\n' {id} > {}",
                shell::path(&dir.join("vault.toml"))
            )),
            (Err(error), _) => Check::bad("vault", error.to_string()),
        };
        let check = check.at(dir);
        self.say(check);
        None
    }

    /// Opens the vault's key and compares it with what this machine remembers. The vault is looked
    /// into even if it is not the one that is remembered.
    pub(super) fn key(
        &mut self,
        vault: &Vault,
        identities: Option<&[Identity]>,
    ) -> Option<OpenVault> {
        let identities = identities?;
        let state = &self.session.state();
        let origin = self.session.identity_origin();
        let open = match vault.clone().unlock_untrusted(identities, &origin, state) {
            Ok(open) => open.waiting(self.session.settings.wait),
            Err(error) => {
                let check = Check::bad("vault_key", error.to_string()).at(vault.dir());
                let check = match &error {
                    Error::NotAMember { .. } => check.mend(self.command("--identity FILE doctor")),
                    _ => check,
                };
                self.say(check);
                return None;
            }
        };
        let check = match open.check_trusted() {
            Ok(()) => Check::good(
                "vault_key",
                format!("the identity opens it; public key {}", open.recipient()),
            ),
            Err(error @ (Error::VaultReplaced { .. } | Error::VaultKeyChanged { .. })) => {
                Check::bad(
                    "vault_key",
                    format!("{error}; if you did not do this yourself, do not use this vault"),
                )
                .mend(self.command("init --trust"))
            }
            Err(error) => Check::bad("vault_key", error.to_string()),
        };
        self.say(check.at(vault.dir()));
        Some(open)
    }

    pub(super) fn members(&mut self, vault: &Vault, identities: &[Identity]) {
        let members = match vault.members() {
            Ok(members) => members,
            Err(error) => {
                let keys = vault.dir().join("keys");
                let mend = format!("chmod 700 {}", shell::path(&keys));
                return self.say(
                    Check::bad("members", error.to_string())
                        .at(&keys)
                        .mend(mend),
                );
            }
        };
        let mut whole = Vec::new();
        for member in members {
            let file = vault.member_file(&member);
            match vault.look_at_member(&member, identities) {
                Ok(MemberFile::Broken) => self.say(
                    Check::bad(
                        "members",
                        format!(
                            "the file of {member} is broken, so {member} cannot open the vault; \
                             bring it back from a backup"
                        ),
                    )
                    .at(&file)
                    .mend(copy_back(vault.dir(), &file)),
                ),
                Ok(_) => whole.push(member),
                Err(error) => self.say(Check::bad("members", error.to_string()).at(&file)),
            }
        }
        let tested = |member: &String| match self.session.state().tested(vault.id(), member) {
            Some(when) => format!("{member} (tested {})", day(&when.to_string())),
            None if recovery::is_recovery(member) => {
                format!("{member} (not tested on this machine: secrets recovery test)")
            }
            None => member.clone(),
        };
        let check = match whole.as_slice() {
            [] => Check::bad("members", "nobody can open the vault: keys/ holds no key"),
            [only] => Check::warning(
                "members",
                format!(
                    "ONLY ONE MEMBER can open the vault ({only}): if that identity is lost, every \
                     secret in it is lost with it"
                ),
            )
            .mend(self.command("recovery add")),
            more => {
                let names: Vec<String> = more.iter().map(tested).collect();
                Check::good("members", format!("{}: {}", more.len(), names.join(", ")))
            }
        };
        self.say(check.at(&vault.dir().join("keys")));
    }

    /// The vault as a directory: its mode, and what git would do to it.
    pub(super) fn vault_dir(&mut self) {
        let dir = &self.session.settings.vault_dir;
        if !fs::is_dir(dir) {
            return;
        }
        if let Some(mode) = fs::mode(dir).filter(|mode| mode & 0o077 != 0) {
            let mend = format!("chmod 700 {}", shell::path(dir));
            let check = if mode & 0o002 == 0 {
                Check::warning(
                    "vault_mode",
                    format!(
                        "others can see the names of the secrets: its mode is {mode:o}, not 700"
                    ),
                )
            } else {
                Check::bad(
                    "vault_mode",
                    format!("anybody can write to the vault: its mode is {mode:o}, not 700"),
                )
            };
            self.say(check.at(dir).mend(mend));
        }
        if !fs::is_writable(dir) {
            let what = "the vault cannot be written to: nothing can be stored";
            let mend = format!("chmod -R u+w {}", shell::path(dir));
            self.say(Check::warning("vault_mode", what).at(dir).mend(mend));
        }
        let attributes = dir.join(".gitattributes");
        let is_binary = fs::read(&attributes, 1 << 20)
            .ok()
            .flatten()
            .is_some_and(|text| {
                text.expose()
                    .split(|&byte| byte == b'\n')
                    .any(|line| line.trim_ascii() == b"*.age binary")
            });
        if !is_binary && in_work_tree(dir) {
            self.say(
                Check::warning(
                    "vault_git",
                    "the vault is in a git work tree and does not say that its files are binary: \
                     git may change their line ends, and then they do not open",
                )
                .at(&attributes)
                .mend(format!(
                    "printf '\\n*.age binary\\n' >> {}",
                    shell::path(&attributes)
                )),
            );
        }
    }
}

/// The command that makes a file of the vault one that can be used.
pub(super) fn bring_back(vault: &Path, file: &Path, error: &Error) -> String {
    match error {
        Error::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            format!("chmod 600 {}", shell::path(file))
        }
        Error::Entry { fault, .. } if fault.is_damage() => {
            let older = entry_at(file).and_then(|(key_path, version)| {
                Some(format!(
                    "secrets rollback {key_path} {}",
                    version.previous()?
                ))
            });
            match older {
                Some(older) => format!(
                    "{}, or, if there is no copy, the value before it: {older}",
                    copy_back(vault, file)
                ),
                None => copy_back(vault, file),
            }
        }
        _ => copy_back(vault, file),
    }
}

/// The command that brings a file of the vault back.
fn copy_back(vault: &Path, file: &Path) -> String {
    let below = file.strip_prefix(vault).unwrap_or(file);
    if in_work_tree(vault) {
        format!(
            "git -C {} checkout -- {}",
            shell::path(vault),
            shell::path(below)
        )
    } else {
        format!("cp BACKUP/{} {}", shell::path(below), shell::path(file))
    }
}

/// Whether a directory is in a git work tree.
pub(super) fn in_work_tree(dir: &Path) -> bool {
    let Ok(dir) = fs::resolve(dir) else {
        return false;
    };
    dir.ancestors()
        .any(|dir| fs::exists(&dir.join(".git")).unwrap_or(false))
}

/// The day of a moment in its usual form.
fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}
