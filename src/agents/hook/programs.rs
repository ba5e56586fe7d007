//! What single programs do with the files among their arguments.
//!
//! Three kinds matter: programs that write files, programs that take them away, and programs that
//! print what is in them. A program that is not known here does nothing. Here is the table; what
//! takes more than a line is in the modules.
//!
//! | module | programs |
//! |---|---|
//! | [`archive`] | `tar`, `unzip`, `zip`, `gzip` |
//! | [`env_tools`] | tools whose business is env files: `dotenvx set`, `vercel env pull` |
//! | [`files`] | `cp`, `mv`, `ln`, `dd`, `curl` |
//! | [`git`] | `git`, `patch` |
//! | [`nested`] | what runs others: `sh -c`, `python -c`, `xargs`, `find -exec` |
//! | [`search`] | `grep`, `rg` |
//! | [`text`] | `sed`, `awk`, `perl -i`, `cut` |

mod archive;
mod arguments;
mod env_tools;
mod files;
mod git;
mod nested;
mod search;
mod text;

use self::arguments::{has_option, operands};
use super::command::Shell;
use super::effect::Kind;
use super::names::names_in;

pub(super) use self::nested::found;

/// Programs that print the files they are given, and their options that take a value.
const PRINTERS: &[(&str, &[&str])] = &[
    ("cat", &[]),
    ("tac", &[]),
    ("nl", &["-b", "-s", "-w", "-v"]),
    ("head", &["-n", "-c"]),
    ("tail", &["-n", "-c"]),
    ("less", &[]),
    ("more", &[]),
    ("most", &[]),
    ("pr", &["-l", "-w"]),
    ("bat", BAT),
    ("batcat", BAT),
    ("sort", &["-k", "-t", "-o", "-S"]),
    ("uniq", &["-f", "-s", "-w"]),
    ("rev", &[]),
    ("fold", &["-w"]),
    ("fmt", &["-w"]),
    ("expand", &["-t"]),
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

const BAT: &[&str] = &[
    "-l",
    "-r",
    "--style",
    "--theme",
    "--language",
    "--line-range",
];

/// Editors, which an agent drives with commands, and their options that take a value.
const EDITORS: &[(&str, &[&str])] = &[
    ("vim", VI),
    ("vi", VI),
    ("nvim", VI),
    ("view", VI),
    ("ex", VI),
    ("ed", &["-p"]),
    ("nano", &["-T", "-r", "-o", "-s", "-Y", "-Q"]),
    ("pico", &["-T", "-r", "-o", "-s"]),
    ("emacs", &["-l", "-f", "--load", "--funcall", "--eval"]),
    ("emacsclient", &["-s", "-f", "-a", "--eval", "-e"]),
    ("micro", &[]),
    ("joe", &[]),
    ("jed", &[]),
    ("ne", &[]),
    ("mcedit", &[]),
    ("kak", &["-e", "-E", "-s", "-c", "-f"]),
    ("hx", &["-c"]),
    ("helix", &["-c"]),
];
const VI: &[&str] = &["-c", "--cmd", "-S", "-s", "-w", "-W", "-u", "-i", "-T"];

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
    if let Some((_, with_value)) = PRINTERS.iter().find(|(printer, _)| *printer == name) {
        shell.name_all(input.map(names_in).unwrap_or_default());
        if name == "sort" {
            files::output_option(shell, args);
        }
        return shell.touch_all(Kind::Read, &operands(args, with_value));
    }
    if let Some((_, with_value)) = EDITORS.iter().find(|(editor, _)| *editor == name) {
        return edit(shell, name, &operands(args, with_value), args);
    }
    if is_python(name) {
        return nested::interpret(shell, args, input, &["-c"]);
    }
    match name {
        "grep" | "egrep" | "fgrep" | "zgrep" | "ugrep" | "ack" => search::grep(shell, name, args),
        "rg" | "ag" => search::ripgrep(shell, args),
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
            shell.touch_all(Kind::Write, &operands(args, &["-Value", "-Encoding"]));
        }
        "sed" | "gsed" => text::sed(shell, args),
        "awk" | "gawk" | "mawk" => text::awk(shell, args),
        "cut" => text::cut(shell, args),
        "jq" | "yq" => text::query(shell, name, args),
        "perl" | "ruby" if text::edit_in_place(shell, args) => {}
        "perl" | "ruby" => nested::interpret(shell, args, input, &["-e", "-E"]),
        "node" | "nodejs" | "bun" | "tsx" | "ts-node" => {
            let flags = ["-e", "-p", "-pe", "--eval", "--print"];
            nested::interpret(shell, args, input, &flags);
        }
        "deno" => nested::interpret(shell, args, input, &["eval"]),
        "php" => nested::interpret(shell, args, input, &["-r"]),
        "sh" | "bash" | "zsh" | "dash" | "ash" | "ksh" | "fish" | "pwsh" | "powershell" => {
            nested::subshell(shell, args, input);
        }
        "cmd" => nested::command_prompt(shell, args),
        "xargs" => nested::xargs(shell, args),
        "find" | "fd" => nested::find(shell, args),
        "cp" | "copy" | "copy-item" | "rsync" | "scp" => files::transfer(shell, name, args, false),
        "mv" | "move" | "move-item" | "rename-item" => files::transfer(shell, name, args, true),
        "install" if !args.iter().any(|arg| arg == "-d") => {
            files::transfer(shell, name, args, false)
        }
        "ln" => files::link(shell, args),
        "dd" => files::dd(shell, args),
        "curl" => {
            files::output_option(shell, args);
            files::upload(shell, args);
        }
        "wget" | "op" | "age" | "gpg" | "sops" | "openssl" | "doppler" => {
            files::output_option(shell, args);
        }
        "truncate" => shell.touch_all(Kind::Write, &operands(args, &["-s", "-r"])),
        "rm" | "unlink" | "shred" | "trash" | "rimraf" | "del" | "erase" | "remove-item" | "ri" => {
            shell.touch_all(Kind::Delete, &operands(args, &["-n", "-s"]));
        }
        "tar" | "bsdtar" | "gtar" => archive::tar(shell, args),
        "unzip" => archive::unzip(shell, args),
        "zip" => archive::zip(shell, args),
        "gzip" | "pigz" | "bzip2" | "xz" | "zstd" => archive::compress(shell, name, args),
        "git" => git::git(shell, args, input),
        "patch" => {
            git::patched(shell, input);
            shell.touch_all(Kind::Write, &operands(args, &["-i", "-p", "-d"]));
        }
        "apply_patch" | "applypatch" => {
            git::patched(shell, input);
            for arg in args {
                git::patched(shell, Some(arg));
            }
        }
        "dotenv" | "dotenvx" => env_tools::dotenv(shell, args),
        "vercel" => env_tools::vercel(shell, args),
        _ => {}
    }
}

fn is_python(name: &str) -> bool {
    let mut names = ["python", "pypy"].iter();
    let version = names.find_map(|python| name.strip_prefix(python));
    version.is_some_and(|version| {
        version
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    })
}

/// An editor writes its files, unless it is told only to show them.
fn edit(shell: &mut Shell<'_>, name: &str, files: &[&str], args: &[String]) {
    let kind = match name == "view" || has_option(args, 'R', "--readonly") {
        true => Kind::Read,
        false => Kind::Write,
    };
    // `+12`, `+/pattern`
    let files = files.iter().filter(|file| !file.starts_with('+'));
    for file in files {
        shell.touch(kind, file);
    }
}
