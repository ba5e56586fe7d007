//! Programs that work on the lines of files: `sed`, `awk`, `cut`, `jq` and their like.

use super::super::code;
use super::super::command::Shell;
use super::super::effect::Kind;
use super::super::names::names_in_sed;
use super::arguments::{files_behind_script, has_option, is_short_flag, operands};

pub(super) fn sed(shell: &mut Shell<'_>, args: &[String]) {
    let in_place = args.iter().any(|arg| is_in_place(arg));
    let mut files = operands(args, &["-e", "-f", "-l"]);
    let mut kind = Kind::Read;
    if in_place {
        kind = Kind::Write;
        // BSD's `sed -i '' …` has an empty word for the suffix.
        files.retain(|file| !file.is_empty());
        for arg in args {
            shell.name_all(names_in_sed(arg));
        }
    }
    shell.touch_all(kind, files_behind_script(args, &files));
}

fn is_in_place(arg: &str) -> bool {
    // `-e` takes what follows it, so letters behind it are no options.
    let group = arg.split('e').next().unwrap_or_default();
    arg.starts_with("--in-place") || is_short_flag(group, 'i')
}

pub(super) fn awk(shell: &mut Shell<'_>, args: &[String]) {
    let in_place = args
        .windows(2)
        .any(|two| two[0] == "-i" && two[1] == "inplace");
    let files = operands(args, &["-F", "-v", "-f", "-i"]);
    let given = args.iter().any(|arg| arg == "-f");
    let files = match files.split_first() {
        Some((script, files)) if !given => {
            // `print > "file"`
            for file in code::redirected(script) {
                shell.touch(Kind::Write, file);
            }
            files
        }
        _ => &files[..],
    };
    let kind = if in_place { Kind::Write } else { Kind::Read };
    shell.touch_all(kind, files);
}

/// `perl -i`, `ruby -i`; whether it is that.
pub(super) fn edit_in_place(shell: &mut Shell<'_>, args: &[String]) -> bool {
    let in_place = args.iter().any(|arg| is_short_flag(arg, 'i'));
    if in_place {
        for arg in args {
            shell.name_all(names_in_sed(arg));
        }
        let files = operands(args, &["-e", "-E"]);
        shell.touch_all(Kind::Write, files_behind_script(args, &files));
    }
    in_place
}

pub(super) fn cut(shell: &mut Shell<'_>, args: &[String]) {
    // The names alone are no values.
    let only_names = args
        .iter()
        .any(|arg| matches!(arg.as_str(), "-f1" | "--fields=1"))
        || args.windows(2).any(|two| two[0] == "-f" && two[1] == "1");
    if !only_names {
        shell.touch_all(Kind::Read, &operands(args, &["-d", "-f", "-b", "-c"]));
    }
}

/// `jq`, `yq`: a filter, then files.
pub(super) fn query(shell: &mut Shell<'_>, name: &str, args: &[String]) {
    let files = operands(
        args,
        &["-f", "--from-file", "-o", "-p", "--arg", "--argjson"],
    );
    let kind = match name == "yq" && has_option(args, 'i', "--inplace") {
        true => Kind::Write,
        false => Kind::Read,
    };
    shell.touch_all(kind, files.get(1..).unwrap_or_default());
}
