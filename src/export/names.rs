//! Names that a consumer keeps for itself.

use super::Format;

/// Whether the consumer would ignore, refuse or change a variable of this name.
pub(super) fn is_taken(format: Format, name: &str) -> bool {
    let taken: &[&str] = match format {
        Format::Shell => SHELL_NAMES,
        Format::Fish => FISH_NAMES,
        Format::Github => GITHUB_NAMES,
        _ => &[],
    };
    taken.binary_search(&name).is_ok()
}

/// Names that bash, dash or zsh would refuse to set, or whose value would not come through: they
/// are read-only, computed, numbers, or (in zsh) arrays. Setting zsh's `USERNAME` changes the user.
const SHELL_NAMES: &[&str] = &[
    "ARGC",
    "BASHOPTS",
    "BASHPID",
    "BASH_ALIASES",
    "BASH_ARGC",
    "BASH_ARGV",
    "BASH_ARGV0",
    "BASH_CMDS",
    "BASH_COMMAND",
    "BASH_LINENO",
    "BASH_SOURCE",
    "BASH_SUBSHELL",
    "BASH_VERSINFO",
    "COLUMNS",
    "COMP_CWORD",
    "COMP_WORDS",
    "DIRSTACK",
    "DIRSTACKSIZE",
    "EGID",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "ERRNO",
    "EUID",
    "FUNCNAME",
    "FUNCNEST",
    "GID",
    "GROUPS",
    "HISTCHARS",
    "HISTCMD",
    "HISTSIZE",
    "KEYBOARD_HACK",
    "KEYTIMEOUT",
    "LINENO",
    "LINES",
    "LISTMAX",
    "LOGCHECK",
    "MAILCHECK",
    "OPTIND",
    "PIPESTATUS",
    "PPID",
    "RANDOM",
    "SAVEHIST",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "TRY_BLOCK_ERROR",
    "TRY_BLOCK_INTERRUPT",
    "TTYIDLE",
    "UID",
    "USERNAME",
    "WATCH",
    "ZSH_EVAL_CONTEXT",
    "ZSH_SUBSHELL",
    "_",
    "aliases",
    "argv",
    "builtins",
    "cdpath",
    "commands",
    "dirstack",
    "dis_aliases",
    "dis_builtins",
    "dis_functions",
    "dis_functions_source",
    "dis_galiases",
    "dis_patchars",
    "dis_reswords",
    "dis_saliases",
    "fignore",
    "fpath",
    "funcfiletrace",
    "funcsourcetrace",
    "funcstack",
    "functions",
    "functions_source",
    "functrace",
    "galiases",
    "histchars",
    "history",
    "historywords",
    "jobdirs",
    "jobstates",
    "jobtexts",
    "keymaps",
    "mailpath",
    "manpath",
    "module_path",
    "modules",
    "nameddirs",
    "options",
    "parameters",
    "patchars",
    "path",
    "pipestatus",
    "psvar",
    "reswords",
    "saliases",
    "signals",
    "status",
    "termcap",
    "terminfo",
    "userdirs",
    "usergroups",
    "watch",
    "widgets",
    "zsh_eval_context",
    "zsh_scheduled_events",
];

/// Names that fish keeps for itself.
const FISH_NAMES: &[&str] = &[
    "FISH_VERSION",
    "PWD",
    "SHLVL",
    "_",
    "argv",
    "fish_kill_signal",
    "fish_killring",
    "fish_pid",
    "history",
    "hostname",
    "pipestatus",
    "status",
    "status_generation",
    "umask",
    "version",
];

/// Names that the runner refuses, or overwrites with its own in the next step.
const GITHUB_NAMES: &[&str] = &[
    "GITHUB_ACTION",
    "GITHUB_ACTIONS",
    "GITHUB_ACTION_PATH",
    "GITHUB_ACTION_REF",
    "GITHUB_ACTION_REPOSITORY",
    "GITHUB_ACTOR",
    "GITHUB_ACTOR_ID",
    "GITHUB_API_URL",
    "GITHUB_BASE_REF",
    "GITHUB_ENV",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_GRAPHQL_URL",
    "GITHUB_HEAD_REF",
    "GITHUB_JOB",
    "GITHUB_OUTPUT",
    "GITHUB_PATH",
    "GITHUB_REF",
    "GITHUB_REF_NAME",
    "GITHUB_REF_PROTECTED",
    "GITHUB_REF_TYPE",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID",
    "GITHUB_REPOSITORY_OWNER",
    "GITHUB_REPOSITORY_OWNER_ID",
    "GITHUB_RETENTION_DAYS",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_STATE",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_TRIGGERING_ACTOR",
    "GITHUB_WORKFLOW",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_WORKFLOW_SHA",
    "GITHUB_WORKSPACE",
    "NODE_OPTIONS",
    "RUNNER_ARCH",
    "RUNNER_DEBUG",
    "RUNNER_ENVIRONMENT",
    "RUNNER_NAME",
    "RUNNER_OS",
    "RUNNER_TEMP",
    "RUNNER_TOOL_CACHE",
    "RUNNER_WORKSPACE",
];

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::env_file::EnvName;
    use crate::export::testing::{named, skipped, text, through};

    #[test]
    fn the_lists_of_names_can_be_searched() {
        for names in [SHELL_NAMES, FISH_NAMES, GITHUB_NAMES] {
            assert!(names.is_sorted());
        }
    }

    #[test]
    fn every_name_that_a_shell_changes_is_on_the_list() {
        // What the shells here have set is what they may keep for themselves.
        for (shell, script) in [
            ("bash", "compgen -v"),
            ("zsh", "zmodload zsh/parameter; print -l ${(k)parameters}"),
            ("dash", "set | sed 's/=.*//'"),
        ] {
            let Ok(output) = Command::new(shell).args(["-c", script]).output() else {
                skipped(&format!("{shell} is not on this machine"));
                continue;
            };
            for name in String::from_utf8_lossy(&output.stdout).lines() {
                if EnvName::try_new(name).is_err() || SHELL_NAMES.contains(&name) || name == "PATH"
                {
                    continue;
                }
                let variables = [named(name, b"probe va[lue")];
                let written = text(Format::Shell, &variables);
                let got = through(shell, "eval \"$(cat)\"; exec /usr/bin/env -0", &written);
                let got = got.unwrap();
                let got = got.get(name).map(Vec::as_slice);
                assert_eq!(got, Some(&b"probe va[lue"[..]), "{shell}: {name}");
            }
        }
    }
}
