//! What single programs do with the files among their arguments.
//!
//! Three kinds matter: programs that write files, programs that take them away, and programs that
//! print what is in them. A program that is not known here does nothing, but for `-o FILE` of those
//! that have it.

use super::command::{Shell, base};
use super::effect::Kind;
use super::names::{names_in, names_in_sed};
use super::patch;

/// Programs that print the files they are given, and their options that take a value.
const PRINTERS: &[(&str, &[&str])] = &[
    ("cat", &[]),
    ("tac", &[]),
    ("nl", &["-b", "-s", "-w", "-v"]),
    ("head", &["-n", "-c"]),
    ("tail", &["-n", "-c"]),
    ("less", &[]),
    ("more", &[]),
    (
        "bat",
        &[
            "-l",
            "-r",
            "--style",
            "--theme",
            "--language",
            "--line-range",
        ],
    ),
    (
        "batcat",
        &[
            "-l",
            "-r",
            "--style",
            "--theme",
            "--language",
            "--line-range",
        ],
    ),
    ("sort", &["-k", "-t", "-o", "-S"]),
    ("uniq", &["-f", "-s", "-w"]),
    ("rev", &[]),
    ("fold", &["-w"]),
    ("paste", &["-d"]),
    ("column", &["-t", "-s", "-c"]),
    ("strings", &["-n"]),
    ("xxd", &["-l", "-s", "-c"]),
    ("od", &["-A", "-t", "-N", "-j"]),
    ("hexdump", &["-n", "-s", "-e"]),
    ("base64", &["-w"]),
    ("base32", &["-w"]),
    ("diff", &["-U", "-C", "--label"]),
    ("comm", &[]),
    ("get-content", &[]),
    ("gc", &[]),
    ("type", &[]),
];

/// Programs that print the lines of files that fit a pattern.
const SEARCHERS: &[&str] = &[
    "grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "ugrep",
];

/// Programs that read their input and show none of it.
pub(super) fn shows_nothing(program: &str) -> bool {
    matches!(
        program,
        "wc" | "sha256sum" | "sha1sum" | "sha512sum" | "md5sum" | "cksum" | "cmp" | "secrets"
    )
}

/// Lets a program touch its files.
pub(super) fn run(shell: &mut Shell<'_>, name: &str, args: &[String], input: Option<&str>) {
    let name = name.strip_suffix(".exe").unwrap_or(name);
    let touch_all = |shell: &mut Shell<'_>, kind, files: &[&str]| {
        for file in files {
            shell.touch(kind, file);
        }
    };
    if let Some((_, with_value)) = PRINTERS.iter().find(|(printer, _)| *printer == name) {
        shell.name_all(input.map(names_in).unwrap_or_default());
        if name == "sort" {
            output_option(shell, args);
        }
        return touch_all(shell, Kind::Read, &operands(args, with_value));
    }
    if SEARCHERS.contains(&name) {
        return search(shell, args);
    }
    if let Some(version) = ["python", "pypy"]
        .iter()
        .find_map(|it| name.strip_prefix(it))
        && version
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return interpret(shell, args, input, &["-c"]);
    }
    match name {
        // `secrets` itself is the road that is open.
        "secrets" => {}
        "echo" | "printf" | "print" | "write-output" => {
            for arg in args {
                shell.name_all(names_in(arg));
            }
        }
        "tee" | "sponge" | "set-content" | "add-content" | "out-file" | "sc" | "ac" => {
            for arg in args.iter().chain(shell.piped().to_vec().iter()) {
                shell.name_all(names_in(arg));
            }
            shell.name_all(input.map(names_in).unwrap_or_default());
            touch_all(
                shell,
                Kind::Write,
                &operands(args, &["-Value", "-Encoding"]),
            );
        }
        "sed" | "gsed" => sed(shell, args),
        "awk" | "gawk" | "mawk" => awk(shell, args),
        "cut" => {
            // The names alone are no values.
            let only_names = args
                .iter()
                .any(|arg| matches!(arg.as_str(), "-f1" | "--fields=1"))
                || args.windows(2).any(|two| two[0] == "-f" && two[1] == "1");
            if !only_names {
                let files = operands(args, &["-d", "-f", "-b", "-c"]);
                touch_all(shell, Kind::Read, &files);
            }
        }
        "perl" | "ruby" => {
            let in_place = args.iter().any(|arg| is_short_flag(arg, 'i'));
            if in_place {
                for arg in args {
                    shell.name_all(names_in_sed(arg));
                }
                let files = operands(args, &["-e", "-E"]);
                return touch_all(shell, Kind::Write, files_behind_script(args, &files));
            }
            interpret(shell, args, input, &["-e", "-E"]);
        }
        "node" | "nodejs" | "bun" => {
            interpret(
                shell,
                args,
                input,
                &["-e", "-p", "-pe", "--eval", "--print"],
            );
        }
        "deno" => interpret(shell, args, input, &["eval"]),
        "php" => interpret(shell, args, input, &["-r"]),
        "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "fish" => subshell(shell, args, input),
        "pwsh" | "powershell" => subshell(shell, args, input),
        "cp" | "copy" | "copy-item" | "rsync" | "scp" => transfer(shell, args, false),
        "mv" | "move" | "move-item" | "rename-item" => transfer(shell, args, true),
        "install" if !args.iter().any(|arg| arg == "-d") => transfer(shell, args, false),
        "ln" => link(shell, args),
        "dd" => {
            for arg in args {
                if let Some(file) = arg.strip_prefix("of=") {
                    shell.touch(Kind::Write, file);
                } else if let Some(file) = arg.strip_prefix("if=") {
                    shell.touch(Kind::Read, file);
                }
            }
        }
        "truncate" => touch_all(shell, Kind::Write, &operands(args, &["-s", "-r"])),
        "ed" | "ex" | "patch" => {
            patched(shell, input);
            touch_all(shell, Kind::Write, &operands(args, &["-i", "-p", "-d"]));
        }
        "rm" | "unlink" | "shred" | "trash" | "rimraf" | "del" | "erase" | "remove-item" | "ri" => {
            touch_all(shell, Kind::Delete, &operands(args, &["-n", "-s"]));
        }
        "git" => git(shell, args, input),
        "xargs" => xargs(shell, args),
        "find" | "fd" => find(shell, args),
        "apply_patch" | "applypatch" => {
            patched(shell, input);
            for arg in args {
                patched(shell, Some(arg));
            }
        }
        "curl" | "wget" | "op" | "age" | "gpg" | "sops" | "openssl" | "doppler" => {
            output_option(shell, args);
        }
        _ => {}
    }
}

/// The arguments that are no options; those named take a value.
fn operands<'a>(args: &'a [String], with_value: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "--" {
            found.extend(args.map(String::as_str));
            break;
        }
        if arg.len() > 1 && arg.starts_with('-') {
            if with_value.contains(&arg.as_str()) {
                args.next();
            }
        } else {
            found.push(arg.as_str());
        }
    }
    found
}

/// Whether an argument is a group of short options that has this one: `-i`, `-ni`, `-i.bak`.
fn is_short_flag(arg: &str, flag: char) -> bool {
    arg.strip_prefix('-').is_some_and(|flags| {
        let letters: String = flags
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        !flags.starts_with('-') && letters.contains(flag)
    })
}

/// The files of a program whose first operand is a script, unless an option gave one.
fn files_behind_script<'a, 'f>(args: &[String], files: &'f [&'a str]) -> &'f [&'a str] {
    let given = args.iter().any(|arg| {
        is_short_flag(arg, 'e')
            || is_short_flag(arg, 'f')
            || arg.starts_with("--expression")
            || arg.starts_with("--file")
    });
    if given {
        files
    } else {
        files.get(1..).unwrap_or_default()
    }
}

fn search(shell: &mut Shell<'_>, args: &[String]) {
    let shows_no_line = args.iter().any(|arg| {
        ['q', 'c', 'l', 'L']
            .into_iter()
            .any(|flag| is_short_flag(arg, flag))
            || matches!(
                arg.as_str(),
                "--quiet" | "--count" | "--files-with-matches" | "--files-without-match"
            )
    });
    if shows_no_line {
        return;
    }
    let with_value = [
        "-e",
        "-f",
        "-m",
        "-A",
        "-B",
        "-C",
        "-g",
        "-t",
        "--include",
        "--exclude",
    ];
    let files = operands(args, &with_value);
    for file in files_behind_script(args, &files) {
        shell.touch(Kind::Read, file);
    }
}

fn sed(shell: &mut Shell<'_>, args: &[String]) {
    let in_place = args.iter().any(|arg| is_in_place(arg));
    let files = operands(args, &["-e", "-f", "-l"]);
    if in_place {
        // BSD's `sed -i '' …` has an empty word for the suffix.
        let files: Vec<&str> = files.into_iter().filter(|file| !file.is_empty()).collect();
        for arg in args {
            shell.name_all(names_in_sed(arg));
        }
        for file in files_behind_script(args, &files) {
            shell.touch(Kind::Write, file);
        }
    } else {
        for file in files_behind_script(args, &files) {
            shell.touch(Kind::Read, file);
        }
    }
}

fn is_in_place(arg: &str) -> bool {
    // `-e` takes what follows it, so letters behind it are no options.
    let group = arg.split('e').next().unwrap_or_default();
    arg.starts_with("--in-place") || is_short_flag(group, 'i')
}

fn awk(shell: &mut Shell<'_>, args: &[String]) {
    let in_place = args
        .windows(2)
        .any(|two| two[0] == "-i" && two[1] == "inplace");
    let files = operands(args, &["-F", "-v", "-f", "-i"]);
    let behind = args.iter().any(|arg| arg == "-f");
    let files = if behind {
        &files[..]
    } else {
        files.get(1..).unwrap_or_default()
    };
    for file in files {
        shell.touch(if in_place { Kind::Write } else { Kind::Read }, file);
    }
}

/// A script language: its code on the command line, or from its input.
fn interpret(shell: &mut Shell<'_>, args: &[String], input: Option<&str>, flags: &[&str]) {
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

fn subshell(shell: &mut Shell<'_>, args: &[String], input: Option<&str>) {
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

/// `cp`, `mv` and their like: the last operand is where to, the others where from.
fn transfer(shell: &mut Shell<'_>, args: &[String], takes_away: bool) {
    let with_value = [
        "-t",
        "-S",
        "-m",
        "-o",
        "-g",
        "-e",
        "-P",
        "-i",
        "--target-directory",
    ];
    let from = if takes_away { Kind::Delete } else { Kind::Read };
    let mut files = operands(args, &with_value);
    let into = args
        .iter()
        .enumerate()
        .find_map(|(at, arg)| match arg.as_str() {
            "-t" | "--target-directory" => args.get(at + 1).map(String::as_str),
            arg => arg.strip_prefix("--target-directory="),
        });
    let to = match into {
        Some(dir) => Some((dir, true)),
        None => files.pop().map(|to| {
            let is_dir = to.ends_with('/') || matches!(base(to), "." | ".." | "~");
            (to, is_dir || files.len() > 1)
        }),
    };
    for file in &files {
        shell.touch(from, file);
    }
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

fn link(shell: &mut Shell<'_>, args: &[String]) {
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

fn git(shell: &mut Shell<'_>, args: &[String], input: Option<&str>) {
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
            for file in files {
                shell.touch(Kind::Write, file);
            }
        }
        "rm" if !rest.iter().any(|arg| arg == "--cached") => {
            for file in files {
                shell.touch(Kind::Delete, file);
            }
        }
        "mv" => transfer(shell, rest, true),
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

fn xargs(shell: &mut Shell<'_>, args: &[String]) {
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
            let fill = |word: &String| word.replace(&mark, &given);
            command.iter().map(fill).collect()
        }
        _ => [command, &given].concat(),
    };
    if !command.is_empty() {
        shell.dispatch(&words, None);
    }
}

/// The files that `find` would name, as far as its arguments do.
pub(super) fn found(args: &[String]) -> Vec<String> {
    let names = args
        .windows(2)
        .filter(|two| matches!(two[0].as_str(), "-name" | "-iname"));
    let dirs: Vec<&String> = args
        .iter()
        .take_while(|arg| !arg.starts_with('-'))
        .collect();
    names
        .flat_map(|two| match dirs.is_empty() {
            true => vec![two[1].clone()],
            false => dirs.iter().map(|dir| format!("{dir}/{}", two[1])).collect(),
        })
        .collect()
}

fn find(shell: &mut Shell<'_>, args: &[String]) {
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
        shell.dispatch(&words, None);
    }
}

/// `-o FILE`, `--output FILE`, `-O FILE`, `-out FILE`.
fn output_option(shell: &mut Shell<'_>, args: &[String]) {
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

fn patched(shell: &mut Shell<'_>, patch: Option<&str>) {
    for touched in patch.map(patch::touched).unwrap_or_default() {
        shell.name_all(touched.names);
        shell.touch(touched.kind, &touched.path);
    }
}
