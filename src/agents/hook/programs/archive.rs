//! Programs that pack files and unpack them.
//!
//! Limits: what is in an archive is not known, so unpacking one writes only what is named.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::arguments::{has_option, operands};

/// The letters of `tar` that take a value.
const TAR_VALUES: &str = "fCbXTIVgKNHL";
const TAR_LONG_VALUES: &[&str] = &[
    "--file",
    "--directory",
    "--exclude",
    "--exclude-from",
    "--files-from",
    "--transform",
    "--owner",
    "--group",
    "--mode",
];

pub(super) fn tar(shell: &mut Shell<'_>, args: &[String]) {
    let mut letters = String::new();
    let mut dir = ".".to_owned();
    let mut members: Vec<(String, &str)> = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let is_old_style = letters.is_empty() && members.is_empty() && !arg.starts_with('-');
        if let Some((name, value)) = arg.split_once('=').filter(|_| arg.starts_with("--")) {
            if name == "--directory" {
                dir = value.to_owned();
            }
        } else if arg.starts_with("--") {
            match arg.as_str() {
                "--extract" | "--get" => letters.push('x'),
                "--create" => letters.push('c'),
                "--list" => letters.push('t'),
                "--to-stdout" => letters.push('O'),
                "--directory" => dir = rest.next().cloned().unwrap_or_default(),
                name if TAR_LONG_VALUES.contains(&name) => {
                    rest.next();
                }
                _ => {}
            }
        } else if is_old_style || (arg.len() > 1 && arg.starts_with('-')) {
            for (at, letter) in arg.char_indices().filter(|(_, letter)| *letter != '-') {
                letters.push(letter);
                if !TAR_VALUES.contains(letter) {
                    continue;
                }
                let attached = &arg[at + 1..];
                // `-fx.tar`; in the old style each letter takes a word of its own.
                let value = match is_old_style || attached.is_empty() {
                    true => rest.next().map(String::as_str).unwrap_or_default(),
                    false => attached,
                };
                if letter == 'C' {
                    dir = value.to_owned();
                }
                if !is_old_style {
                    break;
                }
            }
        } else {
            members.push((dir.clone(), arg));
        }
    }
    let kind = match letters.chars().find(|letter| "xcrut".contains(*letter)) {
        Some('x') if !letters.contains('O') => Kind::Write,
        Some('c' | 'r' | 'u') => Kind::Read,
        _ => return,
    };
    for (dir, member) in members {
        shell.touch_in(kind, &dir, member);
    }
}

/// What stands before the members that are left out.
fn named(args: &[String]) -> &[String] {
    args.split(|arg| arg == "-x").next().unwrap_or_default()
}

/// `unzip ARCHIVE [MEMBER…] [-x MEMBER…] [-d DIR]`
pub(super) fn unzip(shell: &mut Shell<'_>, args: &[String]) {
    if ['l', 't', 'v', 'p', 'Z', 'z']
        .iter()
        .any(|&flag| has_option(args, flag, ""))
    {
        return;
    }
    let dir = super::arguments::values_of(args, &["-d"])
        .pop()
        .unwrap_or(".");
    for member in operands(named(args), &["-d", "-P"]).iter().skip(1) {
        shell.touch_in(Kind::Write, dir, member);
    }
}

/// `zip ARCHIVE FILE… [-x FILE…]`
pub(super) fn zip(shell: &mut Shell<'_>, args: &[String]) {
    let named = named(args);
    let files = operands(named, &["-P", "-i", "-b", "-n"]);
    let kind = match has_option(named, 'm', "--move") {
        true => Kind::Delete,
        false => Kind::Read,
    };
    shell.touch_all(kind, files.get(1..).unwrap_or_default());
}

/// `gzip` and its like put a compressed file in a file's place.
pub(super) fn compress(shell: &mut Shell<'_>, name: &str, args: &[String]) {
    if has_option(args, 'd', "--decompress") || has_option(args, 'l', "--list") {
        return;
    }
    let keeps = has_option(args, 'k', "--keep") || has_option(args, 'c', "--stdout");
    let keeps = keeps || (name == "zstd" && !args.iter().any(|arg| arg == "--rm"));
    let kind = if keeps { Kind::Read } else { Kind::Delete };
    shell.touch_all(kind, &operands(args, &["-S", "-o", "-D"]));
}
