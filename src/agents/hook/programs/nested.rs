//! Programs that run others: shells, script languages, `xargs`, `find`.

use super::super::command::Shell;
use super::super::effect::Kind;
use super::arguments::is_short_flag;

/// A script language: its code on the command line, or from its input.
pub(super) fn interpret(
    shell: &mut Shell<'_>,
    args: &[String],
    input: Option<&str>,
    flags: &[&str],
) {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let is_code = flags.contains(&arg.as_str())
            || (arg.len() > 2
                && flags
                    .iter()
                    .any(|flag| flag.len() == 2 && is_group(arg, flag)));
        if is_code {
            if let Some(code) = rest.next() {
                shell.code(code);
            }
            return;
        }
        if !arg.starts_with('-') {
            return;
        }
    }
    let code = given(shell, input);
    shell.code(&code);
}

/// `-ne` for `-e`.
fn is_group(arg: &str, flag: &str) -> bool {
    arg.starts_with('-') && !arg.starts_with("--") && arg.ends_with(&flag[1..])
}

/// What a program reads: a here-document, or the words that the command before prints.
fn given(shell: &Shell<'_>, input: Option<&str>) -> String {
    input.map_or_else(|| shell.piped().join("\n"), str::to_owned)
}

pub(super) fn subshell(shell: &mut Shell<'_>, args: &[String], input: Option<&str>) {
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if is_short_flag(arg, 'c') || arg.eq_ignore_ascii_case("-command") {
            // Options may still follow the one that says that a script does.
            if let Some(script) = rest.find(|arg| !arg.starts_with('-')) {
                shell.nested(script);
            }
            return;
        }
        if arg == "-s" || arg == "-" {
            break;
        }
        if !arg.starts_with('-') {
            return;
        }
    }
    let script = given(shell, input);
    shell.nested(&script);
}

pub(super) fn xargs(shell: &mut Shell<'_>, args: &[String]) {
    let with_value = [
        "-I",
        "-n",
        "-P",
        "-L",
        "-d",
        "-s",
        "-a",
        "-E",
        "--max-args",
        "--max-procs",
    ];
    let replaced = args
        .iter()
        .enumerate()
        .find_map(|(at, arg)| match arg.as_str() {
            "-I" => args.get(at + 1).cloned(),
            "-i" => Some("{}".to_owned()),
            arg => arg.strip_prefix("-I").map(str::to_owned),
        });
    let mut at = 0;
    while let Some(arg) = args.get(at).filter(|arg| arg.starts_with('-')) {
        at += if with_value.contains(&arg.as_str()) {
            2
        } else {
            1
        };
    }
    let command = args.get(at..).unwrap_or_default();
    let given = shell.piped().to_vec();
    let words = match replaced {
        Some(mark) if !mark.is_empty() => {
            let given = given.join(" ");
            let marks: usize = command.iter().map(|word| word.matches(&mark).count()).sum();
            if !shell.may_put_in(marks.saturating_mul(given.len())) {
                return;
            }
            let fill = |word: &String| word.replace(&mark, &given);
            command.iter().map(fill).collect()
        }
        _ => [command, &given].concat(),
    };
    if !command.is_empty() {
        shell.run_by_another(&words);
    }
}

/// More directories or names are not looked at.
const MAX_FOUND: usize = 32;

/// The files that `find` would name, as far as its arguments do.
pub(in crate::agents::hook) fn found(args: &[String]) -> Vec<String> {
    let names = args
        .windows(2)
        .filter(|two| matches!(two[0].as_str(), "-name" | "-iname"));
    let dirs: Vec<&String> = args
        .iter()
        .take_while(|arg| !arg.starts_with('-'))
        .take(MAX_FOUND)
        .collect();
    names
        .take(MAX_FOUND)
        .flat_map(|two| match dirs.is_empty() {
            true => vec![two[1].clone()],
            false => dirs.iter().map(|dir| format!("{dir}/{}", two[1])).collect(),
        })
        .collect()
}

pub(super) fn find(shell: &mut Shell<'_>, args: &[String]) {
    let files = found(args);
    if args.iter().any(|arg| arg == "-delete") {
        for file in &files {
            shell.touch(Kind::Delete, file);
        }
    }
    let exec = args
        .iter()
        .position(|arg| matches!(arg.as_str(), "-exec" | "-execdir" | "-ok" | "-x" | "--exec"));
    if let Some(at) = exec {
        let command = args[at + 1..]
            .iter()
            .take_while(|arg| !matches!(arg.as_str(), ";" | "+"));
        let given = files.join(" ");
        let words: Vec<String> = command.map(|word| word.replace("{}", &given)).collect();
        shell.run_by_another(&words);
    }
}

/// `cmd /c LINE`, of Windows.
pub(super) fn command_prompt(shell: &mut Shell<'_>, args: &[String]) {
    if let [flag, line @ ..] = args
        && flag.eq_ignore_ascii_case("/c")
    {
        shell.nested(&line.join(" "));
    }
}
