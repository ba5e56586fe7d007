//! Tools whose business is env files, and which write one that their command need not name.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::super::names::names_in;
use super::arguments::{operands, values_of};

/// `dotenv set NAME VALUE`, `dotenvx set NAME VALUE -f FILE`.
pub(super) fn dotenv(shell: &mut Shell<'_>, args: &[String]) {
    let own = args.split(|arg| arg == "--").next().unwrap_or_default();
    let operands = operands(own, &["-f", "--file", "--env-file", "-fk", "-q", "--quote"]);
    let name = match operands.as_slice() {
        ["set" | "unset", name, ..] => Some(*name),
        ["encrypt" | "decrypt" | "rotate", ..] => None,
        _ => return,
    };
    shell.name_all(
        name.map(|name| names_in(&format!("{name}=x")))
            .unwrap_or_default(),
    );
    let named = values_of(own, &["-f", "--file", "--env-file"]);
    let files = if named.is_empty() {
        vec![".env"]
    } else {
        named
    };
    shell.touch_all(Kind::Write, &files);
}

/// `vercel env pull [FILE]`
pub(super) fn vercel(shell: &mut Shell<'_>, args: &[String]) {
    let with_value = [
        "--environment",
        "--git-branch",
        "--cwd",
        "--token",
        "-t",
        "--scope",
    ];
    if let ["env", "pull", file @ ..] = operands(args, &with_value).as_slice() {
        shell.touch(Kind::Write, file.first().unwrap_or(&".env.local"));
    }
}
