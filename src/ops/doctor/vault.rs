//! The vault: is it one, is it the one, who can open it, does everything in it open?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Check, Doctor, count, name_of};
use crate::entry::Header;
use crate::error::Error;
use crate::fs;
use crate::key_path::{KeyPath, OwnerName};
use crate::ops::recovery;
use crate::seal::Identity;
use crate::shell;
use crate::vault::{
    Found, Listed, MemberFile, OpenVault, Stray, Vault, holds_secrets, in_parallel,
};

const BRING_NEWER: &str = "bring the newer copy of the vault back, or accept this";

/// What the links need to know of the vault.
#[derive(Default)]
pub(super) struct Contents {
    /// Projects that have secrets which belong in their env file.
    pub(super) projects: BTreeSet<OwnerName>,
}

/// A secret with all its versions opened.
struct Examined {
    versions: usize,
    /// The header of the newest version, if it opens.
    newest: Option<Header>,
    /// What does not open, with its file.
    unreadable: Vec<(PathBuf, Error)>,
}

impl Examined {
    fn new(vault: &OpenVault, one: &Listed) -> Self {
        let versions = vault.vault().versions(&one.key_path).unwrap_or_default();
        let mut examined = Self {
            versions: versions.len(),
            newest: None,
            unreadable: Vec::new(),
        };
        for version in versions {
            match vault.read(&one.key_path, version) {
                Ok(entry) if version == one.newest => examined.newest = Some(entry.header),
                Ok(_) => {}
                Err(error) => {
                    let file = vault.vault().entry_file(&one.key_path, version);
                    examined.unreadable.push((file, error));
                }
            }
        }
        examined
    }
}

impl Doctor<'_> {
    pub(super) fn vault(&mut self) -> Option<Vault> {
        let dir = &self.context.vault;
        let known = fs::resolve(dir)
            .ok()
            .and_then(|place| self.context.state.id_at(&place));
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
        let state = &self.context.state;
        let origin = self.context.identity_origin();
        let open = match vault.clone().unlock_untrusted(identities, &origin, state) {
            Ok(open) => open.waiting(self.context.wait),
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
        let tested = |member: &String| match self.context.state.tested(vault.id(), member) {
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

    /// What there is, by names alone.
    pub(super) fn names(&mut self, vault: &Vault) -> Contents {
        match vault.list(|_| true) {
            Ok((listed, strays)) => {
                self.say(
                    Check::warning(
                        "secrets",
                        format!(
                            "{} by name; whether they open is not known without the vault's key",
                            count(listed.len(), "secret")
                        ),
                    )
                    .at(vault.dir()),
                );
                self.strays(vault.dir(), strays);
                let projects = listed.into_iter().filter(|one| !one.removed);
                Contents {
                    projects: projects
                        .filter_map(|one| one.key_path.project().cloned())
                        .collect(),
                }
            }
            Err(error) => {
                self.say(Check::bad("secrets", error.to_string()).at(vault.dir()));
                Contents::default()
            }
        }
    }

    /// Opens every version of every secret.
    pub(super) fn secrets(&mut self, vault: &OpenVault) -> Contents {
        let dir = vault.vault().dir();
        let (listed, strays) = match vault.vault().list(|_| true) {
            Ok(found) => found,
            Err(error) => {
                self.say(Check::bad("secrets", error.to_string()).at(dir));
                return Contents::default();
            }
        };
        let examined = in_parallel(&listed, |one| Examined::new(vault, one));
        let mut contents = Contents::default();
        let (mut versions, mut removed) = (0, 0);
        let mut unreadable = Vec::new();
        let mut hints = Vec::new();
        for (one, examined) in listed.iter().zip(&examined) {
            versions += examined.versions;
            if let Some(header) = &examined.newest {
                removed += usize::from(header.removed);
                if header.removed != one.removed {
                    hints.push(self.hint(vault, one, header.removed));
                }
                if let Some(project) = one.key_path.project()
                    && header.env_name.is_some()
                    && !header.removed
                {
                    contents.projects.insert(project.clone());
                }
            }
            let checks = examined.unreadable.iter().map(|(file, error)| {
                Check::bad("secrets", format!("{}: {error}", one.key_path))
                    .mend(bring_back(dir, file, error))
                    .at(file)
            });
            unreadable.extend(checks);
        }
        let live = listed.len() - removed;
        let total = format!(
            "{}, {} removed, {}",
            count(live, "secret"),
            removed,
            count(versions, "version")
        );
        if unreadable.is_empty() {
            let what = format!("{total}; every one opens");
            self.say(Check::good("secrets", what).at(dir));
        }
        self.say_some(unreadable);
        self.say_some(hints);
        self.went_back(vault, &listed);
        self.strays(dir, strays);
        self.layouts(vault);
        contents
    }

    /// Opens the layouts of env files, from which `restore` builds a file that is lost.
    fn layouts(&mut self, vault: &OpenVault) {
        let dir = vault.vault().dir();
        let (projects, strays) = match vault.vault().layout_projects() {
            Ok(found) => found,
            Err(error) => return self.say(Check::bad("layouts", error.to_string()).at(dir)),
        };
        let mut wrong = Vec::new();
        for project in &projects {
            let versions = vault.vault().layout_versions(project).unwrap_or_default();
            let errors = versions.into_iter().filter_map(|version| {
                let error = vault.layout(project, version).err()?;
                let file = vault.vault().layout_file(project, version);
                let what = format!("the layout of the env file of {project}: {error}");
                let mend = bring_back(dir, &file, &error);
                Some(Check::bad("layouts", what).mend(mend).at(&file))
            });
            wrong.extend(errors);
        }
        self.say_some(wrong);
        let went_back = vault.state().seen_layouts(vault.vault().id());
        let went_back = went_back.into_iter().filter_map(|project| {
            let error = vault.check_layout_not_rolled_back(&project).err()?;
            Some(
                self.accept(
                    Check::bad(
                        "rolled_back",
                        format!("the layout of the env file of {project}: {error}; {BRING_NEWER}"),
                    )
                    .at(dir),
                ),
            )
        });
        let went_back = went_back.collect();
        self.say_some(went_back);
        self.strays(dir, strays);
    }

    /// What is mended by accepting the vault as it is.
    fn accept(&self, check: Check) -> Check {
        check.mend(self.command("init --trust"))
    }

    fn hint(&self, vault: &OpenVault, one: &Listed, removed: bool) -> Check {
        let name = &one.key_path;
        let file = vault
            .vault()
            .entry_file(name, one.newest)
            .with_extension("removed");
        if removed {
            let check = Check::warning(
                "hints",
                format!("{name} is removed, and its tombstone has lost the mark that shows it"),
            )
            .at(&file)
            .mend(self.command("doctor --fix"));
            self.fix(check, || vault.mend_hint(name, one.newest))
        } else {
            let check = Check::warning(
                "hints",
                format!("{name} is marked as removed and is not, so `list --names` hides it"),
            )
            .at(&file)
            .mend(self.command("doctor --fix"));
            self.fix(check, || fs::remove_private(&file))
        }
    }

    /// Versions that this machine has seen and that are gone.
    fn went_back(&mut self, vault: &OpenVault, listed: &[Listed]) {
        let id = vault.vault().id();
        let state = &self.context.state;
        let found = |key_path: &KeyPath| {
            listed
                .binary_search_by(|one| one.key_path.cmp(key_path))
                .map_or(0, |at| listed[at].newest)
        };
        let gone: Vec<Check> = state
            .seen(id)
            .into_iter()
            .filter_map(|key_path| {
                let (seen, found) = (state.newest(id, &key_path), found(&key_path));
                (found < seen).then(|| {
                    let what = match found {
                        0 => format!("{key_path} is gone; this machine has seen version {seen}"),
                        _ => format!(
                            "{key_path} went back to version {found}; this machine has seen \
                             version {seen}"
                        ),
                    };
                    let what = format!("{what}; {BRING_NEWER}");
                    self.accept(Check::bad("rolled_back", what).at(vault.vault().dir()))
                })
            })
            .collect();
        self.say_some(gone);
    }

    fn strays(&mut self, dir: &Path, strays: Vec<Stray>) {
        let mut aside = dir.as_os_str().to_owned();
        aside.push(".strays");
        let aside = shell::path(&PathBuf::from(aside));
        let checks = strays
            .into_iter()
            // Leftovers have a check of their own.
            .filter(|stray| !fs::is_leftover(&name_of(&stray.0)))
            .map(|stray| {
                Check::warning("strays", "this does not belong in a vault")
                    .at(&stray.0)
                    .mend(format!(
                        "mkdir -p {aside} && mv {} {aside}/",
                        shell::path(&stray.0)
                    ))
            })
            .collect();
        self.say_some(checks);
    }

    /// The vault as a directory: its mode, and what git would do to it.
    pub(super) fn vault_dir(&mut self) {
        let dir = &self.context.vault;
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
fn bring_back(vault: &Path, file: &Path, error: &Error) -> String {
    match error {
        Error::Io { source, .. } if source.kind() == std::io::ErrorKind::PermissionDenied => {
            format!("chmod 600 {}", shell::path(file))
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
