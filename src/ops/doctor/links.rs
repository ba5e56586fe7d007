//! The configuration, and the env file of each project that is linked.

use std::path::Path;
use std::sync::Arc;

use super::secrets::Contents;
use super::vault::in_work_tree;
use super::{Check, Doctor, count, dir_of, edit, ignore, untrack};
use crate::env_file::EnvFile;
use crate::error::{EnvFileProblem, Error};
use crate::model::key_path::OwnerName;
use crate::model::shell;
use crate::ops::ReadersFrom;
use crate::ops::git::{self, GitView};
use crate::ops::target::readers_of;
use crate::storage::config::Config;
use crate::storage::fs;

impl Doctor<'_> {
    pub(super) fn configuration(&mut self) -> Option<Arc<Config>> {
        let file = &self.session.settings.config_file;
        if let Some(mode) = fs::mode(file)
            && mode & 0o022 != 0
        {
            self.say(
                Check::bad(
                    "configuration",
                    format!("others can link your projects elsewhere: its mode is {mode:o}"),
                )
                .at(file)
                .mend(format!("chmod 600 {}", shell::path(file))),
            );
        }
        let config = match self.session.config() {
            Ok(config) => config,
            Err(error) => {
                let check = Check::bad("configuration", error.to_string()).at(file);
                self.say(match &error {
                    Error::Config { line, .. } => check.mend(edit(file, *line)),
                    _ => check,
                });
                return None;
            }
        };
        let what = format!("{} linked", count(config.links().iter().count(), "project"));
        self.say(Check::good("configuration", what).at(file));
        Some(config)
    }

    pub(super) fn links(&mut self, config: &Config, contents: &Contents) {
        for link in config.links() {
            let (project, file) = (&link.project, link.file.as_path());
            let before = self.checks.len();
            self.link(project, file, contents);
            if self.checks.len() == before {
                let (readers, from) = readers_of(config, Some(project), file);
                let names: Vec<&str> = readers.iter().map(|reader| reader.id()).collect();
                let readers = match (names.is_empty(), from) {
                    (true, _) => String::new(),
                    (false, ReadersFrom::Configuration) => {
                        format!(", read by {} (configured)", names.join(", "))
                    }
                    (false, ReadersFrom::Directory) => format!(", read by {}", names.join(", ")),
                };
                let what = format!("{project}: {}{readers}", file.display());
                self.say(Check::good("link", what).at(file));
            }
        }
    }

    fn link(&mut self, project: &OwnerName, file: &Path, contents: &Contents) {
        let env = match self.session.read_env(file) {
            Ok(Some(env)) => env,
            Ok(None) => return self.no_env_file(project, file, contents),
            Err(error) => {
                let mend = match &error {
                    Error::EnvFile {
                        problem: EnvFileProblem::NoDirectory,
                        ..
                    } if contents.projects.contains(project) => format!(
                        "mkdir -p {} && {}",
                        shell::path(dir_of(file)),
                        self.command(&format!("restore {project}"))
                    ),
                    Error::EnvFile {
                        problem: EnvFileProblem::NoDirectory,
                        ..
                    } => self.command(&format!("unlink {project}")),
                    Error::Io { .. } => format!("chmod 600 {}", shell::path(file)),
                    _ => self.command(&format!("link {project} PATH")),
                };
                let what = format!("{project}: {error}");
                return self.say(Check::bad("link", what).at(file).mend(mend));
            }
        };
        self.env_problems(project, file, &env);
        if let Some(mode) = fs::mode(file)
            && mode & 0o077 != 0
        {
            self.say(
                Check::warning(
                    "env_mode",
                    format!(
                        "others can read the env file of {project}: its mode is {mode:o}, not 600"
                    ),
                )
                .at(file)
                .mend(format!("chmod 600 {}", shell::path(file))),
            );
        }
        self.env_git(project, file);
        if !fs::is_writable(file) {
            self.say(
                Check::bad(
                    "env_mode",
                    format!("the env file of {project} cannot be written to"),
                )
                .at(file)
                .mend(format!("chmod u+w {}", shell::path(file))),
            );
        }
    }

    fn no_env_file(&mut self, project: &OwnerName, file: &Path, contents: &Contents) {
        let check = if contents.projects.contains(project) {
            Check::bad(
                "link",
                format!("the env file of {project} is gone; the vault has its secrets"),
            )
            .mend(self.command(&format!("restore {project}")))
        } else {
            Check::warning(
                "link",
                format!("{project} is linked to a file that is not there"),
            )
            .mend(self.command(&format!("unlink {project}")))
        };
        self.say(check.at(file));
    }

    fn env_problems(&mut self, project: &OwnerName, file: &Path, env: &EnvFile) {
        let checks = env
            .problems()
            .iter()
            .map(|problem| {
                Check::warning(
                    "env_parse",
                    format!("{project}, line {}: {}", problem.line, problem.kind),
                )
                .at(file)
                .mend(edit(file, problem.line))
            })
            .collect();
        self.say_some(checks);
    }

    fn env_git(&mut self, project: &OwnerName, file: &Path) {
        let Some(git) = self.session.settings.git.as_ref() else {
            if in_work_tree(dir_of(file)) {
                self.say(
                    Check::warning(
                        "env_git",
                        format!(
                            "there is no git on the search path, so nothing is known of whether \
                             it tracks the env file of {project}"
                        ),
                    )
                    .at(file),
                );
            }
            return;
        };
        let check = match git::view(git, file) {
            GitView::Tracked => Check::bad(
                "env_git",
                format!(
                    "git tracks the env file of {project}: every clone has its values, also the \
                     old ones; take it out, and rotate what was in it"
                ),
            )
            .mend(untrack(file)),
            GitView::NotIgnored => Check::warning(
                "env_git",
                format!("git does not ignore the env file of {project}"),
            )
            .mend(ignore(file)),
            GitView::Fine => return,
        };
        self.say(check.at(file));
    }
}
