//! `guard`: a block in git's pre-commit hook that looks through what is about to be committed, and
//! verifies the projects of the work tree.
//!
//! The block is put right behind the first line of the hook, before whatever is there: a script
//! may end with `exit` or `exec`, and what stands behind that is never run. Everything else in the
//! script stays as it was, and so does its mode. Where another program owns the hook, nothing is
//! written: it would take the block out with its next run, or never come to it.
//!
//! Limits: git runs no pre-commit hook for `git merge`, `git rebase`, or with `--no-verify`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Session, git};
use crate::error::{Error, HookProblem, Result};
use crate::model::shell;
use crate::storage::fs;

/// Which repository.
#[derive(Debug)]
pub struct Request {
    /// A directory in its work tree.
    pub dir: PathBuf,
    /// This program, for when git is run by something with another search path.
    pub program: Option<PathBuf>,
    /// Change nothing, say what would change.
    pub dry_run: bool,
}

/// What happened to the hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It has the block now.
    Installed,
    /// Its block was an older one.
    Updated,
    /// It is as it was.
    Unchanged,
    /// The block is gone.
    Removed,
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The hook.
    pub file: PathBuf,
    /// What happened to it.
    pub change: Change,
    /// Whether it lies outside of the repository, so that others may use it too.
    pub shared: bool,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Puts the block into the hook.
pub fn install(session: &Session<'_>, request: &Request) -> Result<Report> {
    let hook = Hook::find(session, &request.dir)?;
    let program = request
        .program
        .as_deref()
        .filter(|program| program.is_absolute() && !hook.is_in_work_tree);
    let block = block(program);
    let before = hook.read()?;
    let without = before.as_deref().map(without_block);
    let (after, change) = match (&before, &without) {
        (None, _) => (format!("#!/bin/sh\n{block}"), Change::Installed),
        (Some(before), Some(without)) => {
            hook.check(without)?;
            let after = with_block(without, &block);
            let change = match () {
                () if after == *before => Change::Unchanged,
                () if without == before => Change::Installed,
                () => Change::Updated,
            };
            (after, change)
        }
        (Some(_), None) => return Err(hook.problem(HookProblem::NotText)),
    };
    if change != Change::Unchanged && !request.dry_run {
        if let Some(dir) = hook.file.parent() {
            fs::make_dir_all_durable(dir)?;
        }
        hook.write(session, Some(&after))?;
    }
    Ok(hook.report(change, request))
}

/// Takes the block out of the hook, and the hook away if nothing else is in it.
pub fn uninstall(session: &Session<'_>, request: &Request) -> Result<Report> {
    let hook = Hook::find(session, &request.dir)?;
    let Some(before) = hook.read()? else {
        return Ok(hook.report(Change::Unchanged, request));
    };
    let after = without_block(&before);
    if after == before {
        return Ok(hook.report(Change::Unchanged, request));
    }
    let is_empty = after
        .lines()
        .all(|line| line.trim().is_empty() || line == "#!/bin/sh");
    if !request.dry_run {
        hook.write(session, (!is_empty).then_some(&after))?;
    }
    Ok(hook.report(Change::Removed, request))
}

/// The pre-commit hook of a repository.
struct Hook {
    file: PathBuf,
    is_in_work_tree: bool,
    is_shared: bool,
}

/// A hook is smaller than this.
const MAX_HOOK: usize = 1 << 20;

impl Hook {
    fn find(session: &Session<'_>, dir: &Path) -> Result<Self> {
        let ask = |args: &[&str]| -> Result<PathBuf> {
            let mut path = git::answer(session.git()?, dir, args)?;
            while path
                .last()
                .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
            {
                path.pop();
            }
            fs::resolve(&dir.join(git::path_of(&path)))
        };
        let top = ask(&["rev-parse", "--show-toplevel"])?;
        let common = ask(&["rev-parse", "--git-common-dir"])?;
        // Follows core.hooksPath, and leads a linked work tree to the hooks of all of them.
        let hooks = ask(&["rev-parse", "--git-path", "hooks"])?;
        let is_in_work_tree = hooks.starts_with(&top) && !hooks.starts_with(&common);
        let hook = Self {
            is_shared: !is_in_work_tree && !hooks.starts_with(&common),
            is_in_work_tree,
            file: hooks.join("pre-commit"),
        };
        if hooks.components().any(|part| part.as_os_str() == ".husky") {
            return Err(hook.problem(HookProblem::Managed("husky")));
        }
        Ok(hook)
    }

    fn read(&self) -> Result<Option<String>> {
        let Some(bytes) = fs::read(&self.file, MAX_HOOK)? else {
            return Ok(None);
        };
        match bytes.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(self.problem(HookProblem::NotText)),
        }
    }

    /// Puts this in the hook's place; `None` takes it away.
    fn write(&self, session: &Session<'_>, script: Option<&String>) -> Result<()> {
        let script = script.map(|script| script.as_bytes());
        let written = match script {
            Some(script) => fs::replace_script(&self.file, script),
            None => fs::remove_private(&self.file),
        };
        session.changed_file(&self.file, script, written)
    }

    /// Whether a block can be put into this script, and would be run.
    fn check(&self, script: &str) -> Result<()> {
        for (mark, manager) in [
            ("File generated by pre-commit", "pre-commit"),
            ("lefthook", "lefthook"),
        ] {
            if script.contains(mark) {
                return Err(self.problem(HookProblem::Managed(manager)));
            }
        }
        let is_for_a_shell = match script
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("#!"))
        {
            Some(program) => program
                .split(['/', ' ', '\t'])
                .any(|word| ["sh", "bash", "dash", "zsh", "ksh", "ash"].contains(&word.trim())),
            // git gives what has no first line of that kind to a shell.
            None => true,
        };
        if !is_for_a_shell {
            return Err(self.problem(HookProblem::NotAShellScript));
        }
        if fs::mode(&self.file).is_some_and(|mode| mode & 0o111 == 0) {
            return Err(self.problem(HookProblem::NotExecutable));
        }
        Ok(())
    }

    fn problem(&self, problem: HookProblem) -> Error {
        Error::Hook {
            path: self.file.clone(),
            problem,
        }
    }

    fn report(self, change: Change, request: &Request) -> Report {
        Report {
            dry_run: request.dry_run,
            file: self.file,
            change,
            shared: self.is_shared,
        }
    }
}

const BEGIN: &str = "# >>> secrets guard >>>";
const END: &str = "# <<< secrets guard <<<";

/// The block. It says nothing where nothing is wrong, and runs no program that is found by a relative
/// path: what lies in the work tree may be anybody's.
fn block(program: Option<&Path>) -> String {
    let otherwise = match program {
        Some(program) => format!(
            " || {{ secrets_guard={0} && [ -x {0} ]; }}",
            shell::path(program)
        ),
        None => String::new(),
    };
    format!(
        r#"{BEGIN}
# Made by `secrets guard install`, taken out by `secrets guard uninstall`.
if {{ secrets_guard=$(command -v secrets) && [ "${{secrets_guard#/}}" != "$secrets_guard" ]; }}{otherwise}; then
    for secrets_check in 'scan --staged' 'verify --here'; do
        # shellcheck disable=SC2086
        secrets_found=$("$secrets_guard" $secrets_check 2>&1) || {{
            printf '%s\n' "$secrets_found" "secrets: the commit was stopped by: secrets $secrets_check" >&2
            echo 'secrets: hint: to commit all the same: git commit --no-verify' >&2
            exit 1
        }}
    done
else
    echo 'secrets: warning: THIS COMMIT WAS NOT LOOKED THROUGH: the program secrets is not installed here' >&2
fi
{END}
"#
    )
}

/// The script with the block behind its first line, or before it if that is no `#!`.
fn with_block(script: &str, block: &str) -> String {
    let first = match script.starts_with("#!") {
        true => script.find('\n').map_or(script.len(), |at| at + 1),
        false => 0,
    };
    let (first, rest) = script.split_at(first);
    let line_break = match first.is_empty() || first.ends_with('\n') {
        true => "",
        false => "\n",
    };
    format!("{first}{line_break}{block}{rest}")
}

/// The script without the block. A block whose end is missing is no block.
fn without_block(script: &str) -> String {
    let lines: Vec<&str> = script.split_inclusive('\n').collect();
    let begin = lines.iter().position(|line| line.trim_end() == BEGIN);
    let end = lines.iter().rposition(|line| line.trim_end() == END);
    match (begin, end) {
        (Some(begin), Some(end)) if begin < end => {
            [&lines[..begin], &lines[end + 1..]].concat().concat()
        }
        _ => script.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_behind_the_first_line_and_comes_out_again() {
        let block = block(Some(Path::new("/opt/my tools/secrets")));
        for script in [
            "#!/bin/sh\necho hello\nexit 0\n",
            "#!/usr/bin/env bash\n",
            "echo no first line",
            "",
        ] {
            let with = with_block(script, &block);
            assert_eq!(without_block(&with), script);
            // Once more changes nothing.
            assert_eq!(with_block(&without_block(&with), &block), with);
        }
        let with = with_block("#!/bin/sh\nexit 0\n", &block);
        assert!(with.starts_with(&format!("#!/bin/sh\n{BEGIN}\n")) && with.ends_with("exit 0\n"));
        // A last line without its line break gets one.
        assert!(with_block("#!/bin/sh", &block).starts_with("#!/bin/sh\n#"));
    }
}
