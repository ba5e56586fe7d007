//! Programs that copy, move, link, pack and fetch files.

use super::super::command::{Shell, base};
use super::super::effect::Kind;
use super::arguments::{operands, values_of};

/// The options of a program that take a value.
fn with_value(program: &str) -> &'static [&'static str] {
    match program {
        "install" => &["-t", "-S", "-m", "-o", "-g", "--target-directory"],
        "scp" => &["-P", "-i", "-o", "-F", "-c", "-J", "-l", "-S", "-D", "-X"],
        "rsync" => &[
            "-e",
            "-f",
            "-B",
            "-T",
            "--rsh",
            "--exclude",
            "--include",
            "--filter",
            "--exclude-from",
            "--include-from",
            "--files-from",
        ],
        _ => &["-t", "-S", "--target-directory", "--suffix"],
    }
}

/// `cp`, `mv` and their like: the last operand is where to, the others where from.
pub(super) fn transfer(shell: &mut Shell<'_>, program: &str, args: &[String], takes_away: bool) {
    let from = if takes_away { Kind::Delete } else { Kind::Read };
    let mut files = operands(args, with_value(program));
    let into = match program {
        "scp" | "rsync" => None,
        _ => values_of(args, &["-t", "--target-directory"]).pop(),
    };
    let to = match into {
        Some(dir) => Some((dir, true)),
        None => files.pop().map(|to| {
            let is_dir = to.ends_with('/') || matches!(base(to), "." | ".." | "~");
            (to, is_dir || files.len() > 1)
        }),
    };
    shell.touch_all(from, &files);
    match to {
        Some((dir, true)) => {
            for file in &files {
                shell.touch_in(Kind::Write, dir, base(file));
            }
        }
        Some((to, false)) if !files.is_empty() => shell.touch(Kind::Write, to),
        _ => {}
    }
}

pub(super) fn link(shell: &mut Shell<'_>, args: &[String]) {
    let files = operands(args, &["-S", "-t"]);
    match files.as_slice() {
        [target] => shell.touch(Kind::Write, base(target)),
        [target, .., dir] if dir.ends_with('/') || matches!(*dir, "." | "..") => {
            shell.touch_in(Kind::Write, dir, base(target));
        }
        [.., name] => shell.touch(Kind::Write, name),
        [] => {}
    }
}

/// `-o FILE`, `--output FILE`, `-O FILE`, `-out FILE`.
pub(super) fn output_option(shell: &mut Shell<'_>, args: &[String]) {
    for (at, arg) in args.iter().enumerate() {
        let file = match arg.as_str() {
            "-o" | "-O" | "--output" | "--out-file" | "-out" | "--output-document" => {
                args.get(at + 1).map(String::as_str)
            }
            arg => ["--output=", "--out-file=", "--output-document="]
                .iter()
                .find_map(|option| arg.strip_prefix(option)),
        };
        if let Some(file) = file {
            shell.touch(Kind::Write, file);
        }
    }
}

pub(super) fn dd(shell: &mut Shell<'_>, args: &[String]) {
    for arg in args {
        if let Some(file) = arg.strip_prefix("of=") {
            shell.touch(Kind::Write, file);
        } else if let Some(file) = arg.strip_prefix("if=") {
            shell.touch(Kind::Read, file);
        }
    }
}

/// What `curl` sends: `-T FILE`, `-d @FILE`, `-F name=@FILE;type=…`.
pub(super) fn upload(shell: &mut Shell<'_>, args: &[String]) {
    shell.touch_all(Kind::Read, &values_of(args, &["-T", "--upload-file"]));
    for arg in args {
        let file = arg
            .strip_prefix('@')
            .or_else(|| Some(arg.split_once("=@")?.1));
        if let Some(file) = file.and_then(|file| file.split(';').next()) {
            shell.touch(Kind::Read, file);
        }
    }
}
