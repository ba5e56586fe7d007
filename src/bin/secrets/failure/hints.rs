//! What to type, for each error of the library.

use std::path::Path;

use secrets::Error;
use secrets::env_file::{EditError, EncodeError};
use secrets::error::{EntryFault, EnvFileProblem, Finish, HookProblem};
use secrets::export::ExportFault;
use secrets::model::description;
use secrets::model::key_path::KeyPath;
use secrets::model::shell;
use secrets::model::value::ValueError;
use secrets::storage::vault::entry_at;

use super::Failure;

/// The hints of an error, the most likely help first.
pub(super) fn hints(error: &Error) -> Vec<String> {
    let one = |hint: String| vec![hint];
    match error {
        Error::KeyPath(error) => match error.nearest() {
            Some(nearest) => one(format!("did you mean {nearest}?")),
            None => one(
                "a key path is project/<project>/<secret> or meta/<provider>/<secret>, as \
                 project/consilio/stripe_api_key"
                    .to_owned(),
            ),
        },
        Error::Description(_) => {
            one("say what it is for, as -d 'Stripe API key for payment processing'".to_owned())
        }
        Error::DescriptionMissing(key_path) => one(format!(
            "add -d and what it is for, as: secrets set {key_path} -d '{}'",
            description::good_example(key_path)
        )),
        Error::Value(ValueError::Mask(_)) => {
            one("pass the real value, or --force if this is the real value".to_owned())
        }
        Error::Value(ValueError::Empty) => one(Failure::pipe_it_in("set", "KEY_PATH")),
        Error::Value(ValueError::NotUtf8 | ValueError::Nul) => {
            one("--no-env keeps it in the vault only".to_owned())
        }
        Error::Locked { .. } => one("try again, or wait longer with --wait SECONDS".to_owned()),
        Error::VaultMissing { was_here: true, .. } => vec![
            "this machine has seen one there: bring it back, or name it with --vault DIR or \
             SECRETS_VAULT"
                .to_owned(),
            "if it is gone for good: secrets init --trust makes a new one".to_owned(),
        ],
        Error::VaultMissing { .. } => {
            one("secrets init makes one; --vault DIR or SECRETS_VAULT names another".to_owned())
        }
        Error::NotInitialised { .. } => one(
            "secrets init makes both; or set SECRETS_VAULT and SECRETS_IDENTITY to those that you \
             have"
                .to_owned(),
        ),
        Error::NotAMember { .. } => {
            one("--identity FILE or SECRETS_IDENTITY_FILE names another identity".to_owned())
        }
        Error::IdentityMissing(_) => vec![
            "put your backup of the identity file there, or name it with --identity FILE"
                .to_owned(),
            "with a recovery key: secrets recovery use makes a new one".to_owned(),
        ],
        Error::IdentityExists(_) => {
            one("nothing is lost; secrets recovery test tries the key".to_owned())
        }
        Error::IdentityInEnvironment => one("unset SECRETS_IDENTITY".to_owned()),
        Error::IdentityBroken { file: None, .. } => one(
            "SECRETS_IDENTITY holds a whole key (AGE-SECRET-KEY-1…), or the text of an identity \
             file; without it the identity file is used: unset SECRETS_IDENTITY"
                .to_owned(),
        ),
        Error::IdentityBroken { .. } => one(
            "restore the identity file from your backup; it is never replaced by a new one"
                .to_owned(),
        ),
        Error::VaultKeyChanged { .. } | Error::VaultReplaced { .. } => one(
            "if you did not do this yourself, do not use this vault: somebody replaced it; if you \
             did: secrets init --trust shows what changed, asks, and accepts it"
                .to_owned(),
        ),
        Error::EntryNotFound(key_path) => one(format!("secrets list {}", parent(key_path))),
        Error::EnvNameTaken { .. } => {
            one("choose another variable for one of them with --env-name NAME".to_owned())
        }
        Error::Gone { key_path, .. } => vec![
            "bring back the copy of the vault that had it: secrets doctor".to_owned(),
            format!("or store it again: secrets set {key_path}"),
            "or, if it was removed on purpose: secrets init --trust".to_owned(),
        ],
        Error::NoMatch { .. } => one("secrets projects; secrets list --names".to_owned()),
        Error::NotGenerated(name) => one(format!(
            "to replace it by a generated value: secrets generate {name} --force; to replace it by \
             another typed value: secrets rotate {name}"
        )),
        Error::EntryExists(key_path) => one(format!(
            "choose another key path, or secrets rm {key_path} first"
        )),
        Error::NoRecipe(key_path) => one(format!(
            "pipe the new value in: printf %s \"$VALUE\" | secrets rotate {key_path}"
        )),
        Error::LayoutNotFound {
            project,
            newest: Some(newest),
            ..
        } => one(format!("secrets restore {project} --at {newest}")),
        Error::EntryRemoved {
            moved_to: Some(to), ..
        } => one(format!("secrets get {to}")),
        Error::EntryRemoved {
            key_path, version, ..
        } if version.previous().is_some() => one(format!(
            "an older value can still be read: secrets get {key_path} --version {}",
            version.previous().unwrap_or(*version)
        )),
        Error::VersionNotFound {
            key_path, newest, ..
        } => one(format!("secrets get {key_path} --version {newest}")),
        Error::Entry { path, fault } => match fault {
            EntryFault::Replaced { .. } => vec![
                "another machine or program stored another version under this number; bring back \
                 the one that was here, or accept the one that is: secrets init --trust"
                    .to_owned(),
            ],
            EntryFault::RolledBack { .. } => vec![
                "somebody put an older copy of the vault in its place; bring the newer one back"
                    .to_owned(),
                "if you did this yourself: secrets init --trust shows what went back, asks, and \
                 accepts it"
                    .to_owned(),
            ],
            _ => damaged(path),
        },
        Error::NotLinked(project) => vec![
            format!("secrets link {project} PATH remembers its env file"),
            "or add --env-file FILE to link it now, or --no-env to keep it in the vault only"
                .to_owned(),
        ],
        Error::AgentFile { .. } => {
            one("nothing was written; fix that line, then type the same again".to_owned())
        }
        Error::DescriptionsMissing { missing } => {
            let mut hints: Vec<String> = missing
                .iter()
                .take(12)
                .map(|(name, key_path)| {
                    let example = description::good_example(key_path);
                    format!("--describe {}", shell::word(&format!("{name}={example}")))
                })
                .collect();
            hints.push(
                "or put a comment above each in the env file, or write a plan to fill in: --plan \
                 import.toml"
                    .to_owned(),
            );
            hints
        }
        Error::DescriptionOf { name, .. } => one(format!(
            "say what it is for, as --describe '{name}=Stripe API key for payment processing'"
        )),
        Error::SameKeyPath { .. } | Error::SameProject { .. } => one(
            "write a plan with --plan import.toml, give one of them another name in it, then \
             --from-plan import.toml"
                .to_owned(),
        ),
        Error::ProjectMissing { proposed, .. } => {
            one(format!("say whose it is, as --project {proposed}"))
        }
        Error::LinkedElsewhere { project, file, .. } => vec![
            format!(
                "give this file a project of its own, as --project {project}-{}",
                file.file_name()
                    .and_then(|name| name.to_str())
                    .and_then(|name| name.strip_prefix(".env."))
                    .unwrap_or("production")
            ),
            format!(
                "or secrets link {project} {}, if it has moved there",
                shell::path(file)
            ),
        ],
        Error::LinkedToOther { file, owner } => vec![
            format!("use the project that has it: project/{owner}/…"),
            format!(
                "or let two projects share it: secrets link PROJECT {}",
                shell::path(file)
            ),
        ],
        Error::Plan { .. } => one("fix that line of the plan".to_owned()),
        Error::EnvFile { path, problem } => match problem {
            EnvFileProblem::Absent => {
                one("name the env file: secrets import FILE --project NAME".to_owned())
            }
            EnvFileProblem::Changed => one("type the same again".to_owned()),
            EnvFileProblem::NotOurs | EnvFileProblem::DanglingLink => {
                one("point the link at a file of yours, or link the project to another".to_owned())
            }
            EnvFileProblem::NoDirectory => one(match path.parent() {
                Some(dir) => format!("mkdir -p {}", shell::path(dir)),
                None => "make the directory first".to_owned(),
            }),
            EnvFileProblem::NotAFile => one(
                "move it away, or link the project to another file: secrets link PROJECT PATH"
                    .to_owned(),
            ),
            EnvFileProblem::AlreadyThere => {
                one("name another file, or move this one away".to_owned())
            }
            EnvFileProblem::Own(_) => {
                one("name another file: no secret is ever written to this program's own".to_owned())
            }
            EnvFileProblem::LeadsAway(to) => vec![
                format!("look at it: ls -l {}", shell::path(path)),
                format!(
                    "if {} is the right file: secrets link PROJECT {}",
                    shell::path(to),
                    shell::path(path)
                ),
            ],
            EnvFileProblem::Tracked => vec![
                format!(
                    "take it out of git: git rm --cached {0}; then add it to .gitignore",
                    shell::path(path)
                ),
                "or --allow-tracked, if the repository may hold the value".to_owned(),
            ],
            EnvFileProblem::NotEnvFile(_) => {
                one("name the env file with --env-file FILE, or use --no-env".to_owned())
            }
            EnvFileProblem::KeepsChanging => one("try again when it is quiet".to_owned()),
            _ => Vec::new(),
        },
        Error::EnvEdit {
            source:
                EditError::Value {
                    error: EncodeError::NoForm { .. },
                    ..
                },
            ..
        } => vec![
            "nothing was stored; --no-env stores it in the vault only".to_owned(),
            "--allow-misread writes it all the same, in the form that most readers take".to_owned(),
            "if not all of them read this file, name those that do: readers = [\"…\"] under the \
             project in config.toml"
                .to_owned(),
        ],
        Error::EnvEdit {
            source:
                EditError::Value {
                    error: EncodeError::WouldRun,
                    ..
                },
            ..
        } => one(
            "name what reads the file: readers = [\"…\"] under the project in config.toml"
                .to_owned(),
        ),
        Error::EnvEdit { path, source } => match source.line() {
            Some(line) => one(format!("fix line {line} of {}", shell::path(path))),
            None => Vec::new(),
        },
        Error::NoVariables(project) => vec![
            format!("secrets list --project {project} shows what it has"),
            "secrets set KEY_PATH --env-name NAME gives a secret a variable".to_owned(),
        ],
        Error::Clash(clash) => one(format!(
            "give one of them another variable: secrets get {} | secrets set {} --exact --env-name \
             NAME",
            clash.second, clash.second
        )),
        Error::Export(error) => error
            .key_path
            .iter()
            .map(|key_path| match error.reason {
                ExportFault::Name | ExportFault::NameTaken => {
                    format!("give it another variable: secrets edit {key_path} --env-name NAME")
                }
                _ => format!(
                    "--format json carries every text; secrets get {key_path} gives the bytes"
                ),
            })
            .collect(),
        Error::GitMissing => one("install git, or put its directory on PATH".to_owned()),
        Error::NotARepository(_) => {
            one("go to a directory in a git work tree, or make one: git init".to_owned())
        }
        Error::Hook { path, problem } => hook_hints(path, *problem),
        Error::GithubEnvMissing => one("in other places use another --format".to_owned()),
        Error::DangerousNames(_) => {
            one("--allow-dangerous passes them on, if you know who stored them".to_owned())
        }
        Error::NotForEnvironment(key_path) => one(format!(
            "let the program read it itself: secrets get {key_path} > FILE"
        )),
        Error::EnvName(_) => one("--env-name NAME gives it another name".to_owned()),
        Error::Interrupted(interrupted) => {
            let mut hints = hints(&interrupted.source);
            hints.push(finish_hint(&interrupted.finish));
            hints
        }
        Error::Config { .. } => one("fix that line, or name another file with --config".to_owned()),
        _ => Vec::new(),
    }
}

/// The command that finishes what was interrupted.
fn finish_hint(finish: &Finish) -> String {
    let command = match finish {
        Finish::Repeat | Finish::StoreRest { .. } | Finish::WriteRest { .. } => {
            return "fix this, then run the same command again: it continues where it stopped"
                .to_owned();
        }
        Finish::WriteAgain { .. } => {
            return "check the disk, then run the same command again".to_owned();
        }
        Finish::StoreAgain { name, .. } => {
            // The layout of an env file is stored again by whatever finishes the command.
            return match KeyPath::parse(name) {
                Ok(name) => {
                    format!("check the disk, then: secrets get {name} | secrets set {name} --exact")
                }
                Err(_) => "check the disk, then run the same command again".to_owned(),
            };
        }
        Finish::EnvFile {
            key_path,
            file,
            named,
            removal,
            ..
        } => match (removal, named, key_path.project()) {
            (true, _, _) => format!("secrets rm {key_path}"),
            (false, false, Some(project)) => format!("secrets restore {project}"),
            _ => format!(
                "secrets get {key_path} | secrets set {key_path} --exact --env-file {}",
                shell::path(file)
            ),
        },
        Finish::Link { project, file } => format!("secrets link {project} {}", shell::path(file)),
        Finish::Move { from, to } => format!("secrets mv {from} {to}"),
        Finish::Prune { key_path, keep } => format!("secrets prune {key_path} --keep {keep}"),
    };
    format!("when that is fixed, this finishes it: {command}")
}

/// What to write where `guard install` may not.
fn hook_hints(path: &Path, problem: HookProblem) -> Vec<String> {
    const CHECK: &str = "secrets scan --staged && secrets verify --here";
    match problem {
        HookProblem::Managed("husky") => {
            vec![format!("add this line to .husky/pre-commit: {CHECK}")]
        }
        HookProblem::Managed("pre-commit") => vec![
            format!(
                "add this below repos: in .pre-commit-config.yaml: {{repo: local, hooks: [{{id: \
                 secrets, name: secrets, language: system, entry: sh -c '{CHECK}', \
                 pass_filenames: false, always_run: true}}]}}"
            ),
            "then: pre-commit install".to_owned(),
        ],
        HookProblem::Managed("lefthook") => vec![format!(
            "add this to lefthook.yml: {{pre-commit: {{commands: {{secrets: {{run: {CHECK}}}}}}}}}"
        )],
        HookProblem::NotExecutable => vec![format!(
            "chmod +x {0}, if it shall run again, or remove it",
            shell::path(path)
        )],
        _ => vec![format!(
            "let the hook run this, and fail if it fails: {CHECK}"
        )],
    }
}

fn parent(key_path: &KeyPath) -> String {
    format!("{}/{}/", key_path.scope().as_str(), key_path.owner())
}

/// What brings a secret back whose newest file is damaged.
fn damaged(path: &Path) -> Vec<String> {
    let mut hints = Vec::new();
    if let Some((key_path, version)) = entry_at(path) {
        if let Some(older) = version.previous() {
            hints.push(format!(
                "secrets rollback {key_path} {older} stores the value of version {older} again"
            ));
        }
        if key_path.project().is_some() {
            hints.push(format!(
                "secrets import --project {} takes the value that the env file has",
                key_path.owner()
            ));
        }
    }
    hints.push("secrets doctor says how a backup brings the file back".to_owned());
    hints
}
