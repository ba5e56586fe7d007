//! What `git` and `patch` do to files of the work tree.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::super::patch;
use super::arguments::{has_option, is_short_flag, operands};
use super::files::transfer;

pub(super) fn git(shell: &mut Shell<'_>, args: &[String], input: Option<&str>) {
    let args = match args {
        // `git -C dir …`
        [flag, dir, rest @ ..] if flag == "-C" => {
            let rest: Vec<String> = rest
                .iter()
                .map(|arg| match arg.starts_with('-') || arg.contains('/') {
                    false if rest.first() != Some(arg) => format!("{dir}/{arg}"),
                    _ => arg.clone(),
                })
                .collect();
            return git(shell, &rest, input);
        }
        args => args,
    };
    let Some((verb, rest)) = args.split_first() else {
        return;
    };
    let files = operands(rest, &["-s", "--source", "-e"]);
    match verb.as_str() {
        "checkout" | "restore" => {
            shell.touch_all(Kind::Write, &files);
        }
        "rm" if !rest.iter().any(|arg| arg == "--cached") => {
            shell.touch_all(Kind::Delete, &files);
        }
        "mv" => transfer(shell, "mv", rest, true),
        // Puts what is ignored away, too.
        "stash" if has_option(rest, 'a', "--all") => shell.touch(Kind::Delete, "."),
        "apply" => patched(shell, input),
        // Takes away what is ignored, and an env file is.
        "clean" => {
            let has = |flag| rest.iter().any(|arg| is_short_flag(arg, flag));
            let ignored = has('x') || has('X');
            if ignored && has('f') && !has('n') {
                let spared = rest.iter().any(|arg| arg.contains(".env"));
                for dir in if files.is_empty() { vec!["."] } else { files } {
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
