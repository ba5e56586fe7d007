//! What `git` and `patch` do to files of the work tree.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::super::patch;
use super::arguments::{has_option, is_short_flag, operands};
use super::files::transfer;

pub(super) fn git(shell: &mut Shell<'_>, args: &[String], input: Option<&str>) {
    let mut dir = String::new();
    let mut args = args;
    // `git -C dir -c name=value --no-pager VERB …`
    while let [flag, behind @ ..] = args {
        args = match flag.as_str() {
            "-C" => {
                let below = behind.first().map(String::as_str).unwrap_or_default();
                if below.starts_with('/') {
                    dir.clear();
                }
                dir.push_str(below);
                dir.push('/');
                behind.get(1..).unwrap_or_default()
            }
            "-c" => behind.get(1..).unwrap_or_default(),
            flag if flag.starts_with("--") => behind,
            _ => break,
        };
    }
    let Some((verb, rest)) = args.split_first() else {
        return;
    };
    let is_below = |arg: &str| !arg.starts_with(['-', '/', '~']);
    let in_dir: Vec<String>;
    let rest = match dir.is_empty() || !shell.may_put_in(dir.len() * rest.len()) {
        true => rest,
        false => {
            let words = rest.iter().map(|arg| match is_below(arg) {
                true => format!("{dir}{arg}"),
                false => arg.clone(),
            });
            in_dir = words.collect();
            &in_dir
        }
    };
    let here = if dir.is_empty() { "." } else { &dir };
    let files = operands(rest, &["-s", "--source", "-e"]);
    let has = |flag: &str| rest.iter().any(|arg| arg == flag);
    match verb.as_str() {
        // Of a new branch this is the name; of the index alone no file changes.
        "checkout" if ["-b", "-B", "--orphan"].iter().any(|flag| has(flag)) => {}
        "restore" if (has("--staged") || has("-S")) && !(has("--worktree") || has("-W")) => {}
        "checkout" | "restore" => shell.touch_all(Kind::Write, &files),
        "rm" if !rest.iter().any(|arg| arg == "--cached") => {
            shell.touch_all(Kind::Delete, &files);
        }
        "mv" => transfer(shell, "mv", rest, true),
        // Puts what is ignored away, too.
        "stash" if has_option(rest, 'a', "--all") => shell.touch(Kind::Delete, here),
        "apply" => patched(shell, input),
        // Takes away what is ignored, and an env file is.
        "clean" => {
            let has = |flag| rest.iter().any(|arg| is_short_flag(arg, flag));
            let ignored = has('x') || has('X');
            if ignored && has('f') && !has('n') {
                let spared = rest.iter().any(|arg| arg.contains(".env"));
                for dir in if files.is_empty() { vec![here] } else { files } {
                    if !spared {
                        shell.touch(Kind::Delete, dir);
                    }
                }
            }
        }
        _ => {}
    }
}

pub(super) fn patched(shell: &mut Shell<'_>, patch: Option<&str>) {
    for touched in patch.map(patch::touched).unwrap_or_default() {
        shell.name_all(touched.names);
        shell.touch(touched.kind, &touched.path);
    }
}
