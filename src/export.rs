//! Variables in the language of one consumer: a shell, a container, a service manager, CI.
//!
//! Owns: the eight [`Format`]s, each with a writer that is total over what the format can carry.
//! What it cannot is refused with the secret, the variable and the reason, before a byte is
//! written: a caller gets the whole text or an error.
//!
//! Invariants:
//! - What is written, loaded as `docs/run-and-export.md` says, gives the very bytes of each value.
//! - Nothing in a value is executed, expanded or taken for a name.
//! - No error holds a value or a part of one.
//!
//! Limits: the names that a shell keeps for itself were measured with bash 5.2, dash 0.5.12, zsh
//! 5.9 and fish 3.6; a name that a later version takes for itself is not known here.

use std::fmt;

use crate::entry::hex;
use crate::env_file::{EncodeError, EnvName, Readers, encode};
use crate::key_path::KeyPath;
use crate::secret::{SecretBuilder, SecretBytes};
use crate::variables::Variable;

/// Who will read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An env file.
    Dotenv,
    /// `eval` in bash, dash, zsh or another POSIX shell.
    Shell,
    /// `source` in fish.
    Fish,
    /// PowerShell 5 and later.
    Powershell,
    /// One object of strings.
    Json,
    /// `docker run --env-file`.
    Docker,
    /// systemd's `EnvironmentFile=`.
    Systemd,
    /// A step of GitHub Actions.
    Github,
}

impl Format {
    /// The name by which it is asked for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dotenv => "dotenv",
            Self::Shell => "shell",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Json => "json",
            Self::Docker => "docker",
            Self::Systemd => "systemd",
            Self::Github => "github",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Variables as text.
#[derive(Debug)]
pub struct Exported {
    /// For standard output.
    pub text: SecretBytes,
    /// For GitHub only: what is appended to the file that `$GITHUB_ENV` names.
    pub assignments: Option<SecretBytes>,
}

/// A variable that a format cannot carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format} cannot carry {key_path} ({name}): {reason}")]
pub struct ExportError {
    /// The format.
    pub format: Format,
    /// The secret.
    pub key_path: KeyPath,
    /// Its variable.
    pub name: EnvName,
    /// Why.
    pub reason: Reason,
}

impl ExportError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self.reason {
            Reason::Nul => "value_has_nul",
            Reason::NotUtf8 => "value_not_utf8",
            Reason::LineBreak => "value_has_line_break",
            Reason::FinalCarriageReturn => "value_ends_in_carriage_return",
            Reason::TooLong => "value_too_long_for_format",
            Reason::Misread(_) => "value_would_be_misread",
            Reason::Name => "env_name_not_for_format",
            Reason::NameTaken => "env_name_taken",
        }
    }
}

/// Why a format cannot carry a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No environment variable can hold a NUL byte.
    Nul,
    /// The format is text.
    NotUtf8,
    /// The format has one line a variable, and no way to write a line break.
    LineBreak,
    /// The reader takes it for a part of the line's end.
    FinalCarriageReturn,
    /// The reader stops at long lines.
    TooLong,
    /// There is no form that all of the project's readers read rightly.
    Misread(Readers),
    /// The format has no such names.
    Name,
    /// The consumer keeps this name for itself: it would ignore, refuse or change the value.
    NameTaken,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nul => f.write_str("the value holds a NUL byte"),
            Self::NotUtf8 => f.write_str("the value is not UTF-8"),
            Self::LineBreak => f.write_str("the value holds a line break"),
            Self::FinalCarriageReturn => f.write_str("the value ends in a carriage return"),
            Self::TooLong => f.write_str("the value is longer than a line may be there"),
            Self::Misread(readers) => write!(f, "in every form it would be misread by {readers}"),
            Self::Name => f.write_str("a variable cannot have that name there"),
            Self::NameTaken => f.write_str("that name is kept for something else there"),
        }
    }
}

/// Writes the variables, whose names must be distinct.
///
/// `readers` are those of the project's env file, for [`Format::Dotenv`]. `random` keeps the
/// delimiter of [`Format::Github`] from being guessed.
///
/// # Errors
/// If there is a variable that the format cannot carry.
pub fn export(
    format: Format,
    variables: &[Variable],
    readers: &Readers,
    random: [u8; 16],
) -> Result<Exported, ExportError> {
    for variable in variables {
        check_name(format, variable.name.as_str())
            .and_then(|()| check_value(format, variable))
            .map_err(|reason| refused(format, variable, reason))?;
    }
    let mut assignments = None;
    let text = match format {
        Format::Dotenv => dotenv(variables, readers)?,
        Format::Shell => lines(variables, b"export ", b"=", shell_word),
        Format::Fish => lines(variables, b"set -gx ", b" ", fish_word),
        Format::Powershell => lines(variables, b"$env:", b" = ", powershell_expression),
        Format::Json => json(variables),
        Format::Docker => lines(variables, b"", b"=", |out, value| out.push(value)),
        Format::Systemd => lines(variables, b"", b"=", systemd_word),
        Format::Github => {
            assignments = Some(github_assignments(variables, &random));
            github_masks(variables)
        }
    };
    Ok(Exported { text, assignments })
}

fn refused(format: Format, variable: &Variable, reason: Reason) -> ExportError {
    ExportError {
        format,
        key_path: variable.key_path.clone(),
        name: variable.name.clone(),
        reason,
    }
}

/// Docker's scanner gives up on a line of this length, line end not counted.
const DOCKER_LINE: usize = 64 << 10;

fn check_value(format: Format, variable: &Variable) -> Result<(), Reason> {
    let value = variable.value.expose();
    if value.contains(&0) {
        return Err(Reason::Nul);
    }
    // A POSIX shell and fish take any bytes but NUL.
    if !matches!(format, Format::Shell | Format::Fish) && variable.value.as_str().is_none() {
        return Err(Reason::NotUtf8);
    }
    match format {
        Format::Docker if value.contains(&b'\n') => Err(Reason::LineBreak),
        Format::Docker | Format::Github if value.ends_with(b"\r") => {
            Err(Reason::FinalCarriageReturn)
        }
        Format::Docker if variable.name.as_str().len() + 1 + value.len() >= DOCKER_LINE => {
            Err(Reason::TooLong)
        }
        _ => Ok(()),
    }
}

fn check_name(format: Format, name: &str) -> Result<(), Reason> {
    let usual = EnvName::try_new(name).is_ok();
    let possible = match format {
        Format::Json => true,
        Format::Docker => name.bytes().all(|byte| byte.is_ascii_graphic()),
        _ => usual,
    };
    if !possible {
        return Err(Reason::Name);
    }
    let taken: &[&str] = match format {
        Format::Shell => SHELL_NAMES,
        Format::Fish => FISH_NAMES,
        Format::Github => GITHUB_NAMES,
        _ => &[],
    };
    match taken.binary_search(&name) {
        Ok(_) => Err(Reason::NameTaken),
        Err(_) => Ok(()),
    }
}

/// One line a variable; a value may bring line breaks of its own.
fn lines(
    variables: &[Variable],
    before: &[u8],
    between: &[u8],
    word: fn(&mut SecretBuilder, &[u8]),
) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    for variable in variables {
        out.push(before);
        out.push(variable.name.as_str().as_bytes());
        out.push(between);
        word(&mut out, variable.value.expose());
        out.push(b"\n");
    }
    out.finish()
}

fn capacity(variables: &[Variable]) -> usize {
    variables
        .iter()
        .map(|one| one.name.as_str().len() + one.value.len() + one.value.len() / 8 + 24)
        .sum()
}

/// Copies `text`, with something else in the place of some bytes.
fn replacing(
    out: &mut SecretBuilder,
    text: &[u8],
    mut instead: impl FnMut(u8) -> Option<&'static [u8]>,
) {
    let mut from = 0;
    for (at, &byte) in text.iter().enumerate() {
        if let Some(instead) = instead(byte) {
            out.push(&text[from..at]);
            out.push(instead);
            from = at + 1;
        }
    }
    out.push(&text[from..]);
}

fn dotenv(variables: &[Variable], readers: &Readers) -> Result<SecretBytes, ExportError> {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    for variable in variables {
        let encoded = encode(&variable.value, readers).map_err(|error| {
            let reason = match error {
                EncodeError::Nul => Reason::Nul,
                EncodeError::NoForm { readers } => Reason::Misread(readers),
                _ => Reason::NotUtf8,
            };
            refused(Format::Dotenv, variable, reason)
        })?;
        out.push(variable.name.as_str().as_bytes());
        out.push(b"=");
        out.push(encoded.text().expose());
        out.push(b"\n");
    }
    Ok(out.finish())
}

/// In single quotes nothing but the single quote itself means anything to a POSIX shell.
fn shell_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"'");
    replacing(out, value, |byte| (byte == b'\'').then_some(br"'\''"));
    out.push(b"'");
}

/// In fish's single quotes the quote and the backslash are escaped, and nothing else can be.
fn fish_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"'");
    replacing(out, value, |byte| match byte {
        b'\'' => Some(br"\'"),
        b'\\' => Some(br"\\"),
        _ => None,
    });
    out.push(b"'");
}

/// A string in single quotes; if it holds anything but printable ASCII, pieces that are joined.
///
/// A single-quoted string may hold line breaks and any character, and needs its quotes doubled,
/// also the four typographic ones that PowerShell takes for quotes. But on its way from a native
/// program the text is split into lines and put together with the line ends of the system, and is
/// decoded with the console's code page. So everything that could suffer is written as a number
/// (of UTF-16, which is what PowerShell's strings are), and each assignment is one line of ASCII.
fn powershell_expression(out: &mut SecretBuilder, value: &[u8]) {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let quoted = |out: &mut SecretBuilder, piece: &[u8]| {
        out.push(b"'");
        replacing(out, piece, |byte| (byte == b'\'').then_some(b"''"));
        out.push(b"'");
    };
    if value.iter().all(plain) {
        return quoted(out, value);
    }
    out.push(b"-join @(");
    // It was checked that this is text.
    let text = std::str::from_utf8(value).unwrap_or_default();
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        if !std::mem::take(&mut first) {
            out.push(b",");
        }
        let run = rest.bytes().take_while(|byte| plain(byte)).count();
        if run > 0 {
            quoted(out, &rest.as_bytes()[..run]);
            rest = &rest[run..];
            continue;
        }
        let mut chars = rest.chars();
        let mut units = [0; 2];
        for (i, unit) in chars
            .next()
            .unwrap_or_default()
            .encode_utf16(&mut units)
            .iter()
            .enumerate()
        {
            if i > 0 {
                out.push(b",");
            }
            out.push(format!("([char]0x{unit:04X})").as_bytes());
        }
        rest = chars.as_str();
    }
    out.push(b")");
}

/// An object of strings, one member a line, in pure ASCII but for the values' own characters.
fn json(variables: &[Variable]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    out.push(b"{");
    for (i, variable) in variables.iter().enumerate() {
        out.push(if i > 0 { b",\n  " } else { b"\n  " });
        json_string(&mut out, variable.name.as_str().as_bytes());
        out.push(b": ");
        json_string(&mut out, variable.value.expose());
    }
    out.push(if variables.is_empty() {
        b"}\n"
    } else {
        b"\n}\n"
    });
    out.finish()
}

fn json_string(out: &mut SecretBuilder, text: &[u8]) {
    const CONTROL: [&[u8]; 32] = [
        br"\u0000", br"\u0001", br"\u0002", br"\u0003", br"\u0004", br"\u0005", br"\u0006",
        br"\u0007", br"\b", br"\t", br"\n", br"\u000b", br"\f", br"\r", br"\u000e", br"\u000f",
        br"\u0010", br"\u0011", br"\u0012", br"\u0013", br"\u0014", br"\u0015", br"\u0016",
        br"\u0017", br"\u0018", br"\u0019", br"\u001a", br"\u001b", br"\u001c", br"\u001d",
        br"\u001e", br"\u001f",
    ];
    out.push(b"\"");
    replacing(out, text, |byte| match byte {
        b'"' => Some(br#"\""#),
        b'\\' => Some(br"\\"),
        0x7f => Some(br"\u007f"),
        byte => CONTROL.get(usize::from(byte)).copied(),
    });
    out.push(b"\"");
}

/// systemd drops a backslash before these four in double quotes, and takes all else as it stands,
/// line breaks too.
fn systemd_word(out: &mut SecretBuilder, value: &[u8]) {
    out.push(b"\"");
    replacing(out, value, |byte| match byte {
        b'"' => Some(br#"\""#),
        b'\\' => Some(br"\\"),
        b'`' => Some(br"\`"),
        b'$' => Some(br"\$"),
        _ => None,
    });
    out.push(b"\"");
}

/// One command for each line of each value: the runner masks line by line. A line of nothing but
/// white space cannot be masked and would only draw a warning.
fn github_masks(variables: &[Variable]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(2 * capacity(variables));
    for variable in variables {
        for line in variable
            .value
            .expose()
            .split(|b| matches!(b, b'\n' | b'\r'))
        {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            out.push(b"::add-mask::");
            // The line has no line breaks; their escapes are here for whoever changes the split.
            replacing(&mut out, line, |byte| match byte {
                b'%' => Some(b"%25"),
                b'\r' => Some(b"%0D"),
                b'\n' => Some(b"%0A"),
                _ => None,
            });
            out.push(b"\n");
        }
    }
    out.finish()
}

/// `NAME<<delimiter`, the value, the delimiter on a line of its own.
fn github_assignments(variables: &[Variable], random: &[u8; 16]) -> SecretBytes {
    let mut delimiter = format!("secrets_{}", hex(random));
    // That a value holds it by chance does not happen; that it does on purpose takes a broken
    // source of randomness. Either way it must not end the value.
    while variables
        .iter()
        .any(|one| contains(one.value.expose(), delimiter.as_bytes()))
    {
        delimiter.push('_');
    }
    let mut out = SecretBuilder::with_capacity(capacity(variables) + variables.len() * 100);
    for variable in variables {
        out.push(variable.name.as_str().as_bytes());
        out.push(b"<<");
        out.push(delimiter.as_bytes());
        out.push(b"\n");
        out.push(variable.value.expose());
        out.push(b"\n");
        out.push(delimiter.as_bytes());
        out.push(b"\n");
    }
    out.finish()
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Names that bash, dash or zsh would refuse to set, or whose value would not come through: they
/// are read-only, computed, numbers, or (in zsh) arrays. Setting zsh's `USERNAME` changes the user.
const SHELL_NAMES: &[&str] = &[
    "ARGC",
    "BASHOPTS",
    "BASHPID",
    "BASH_ALIASES",
    "BASH_ARGC",
    "BASH_ARGV",
    "BASH_ARGV0",
    "BASH_CMDS",
    "BASH_COMMAND",
    "BASH_LINENO",
    "BASH_SOURCE",
    "BASH_SUBSHELL",
    "BASH_VERSINFO",
    "COLUMNS",
    "COMP_CWORD",
    "COMP_WORDS",
    "DIRSTACK",
    "DIRSTACKSIZE",
    "EGID",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "ERRNO",
    "EUID",
    "FUNCNAME",
    "FUNCNEST",
    "GID",
    "GROUPS",
    "HISTCHARS",
    "HISTCMD",
    "HISTSIZE",
    "KEYBOARD_HACK",
    "KEYTIMEOUT",
    "LINENO",
    "LINES",
    "LISTMAX",
    "LOGCHECK",
    "MAILCHECK",
    "OPTIND",
    "PIPESTATUS",
    "PPID",
    "RANDOM",
    "SAVEHIST",
    "SECONDS",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "TRY_BLOCK_ERROR",
    "TRY_BLOCK_INTERRUPT",
    "TTYIDLE",
    "UID",
    "USERNAME",
    "WATCH",
    "ZSH_EVAL_CONTEXT",
    "ZSH_SUBSHELL",
    "_",
    "aliases",
    "argv",
    "builtins",
    "cdpath",
    "commands",
    "dirstack",
    "dis_aliases",
    "dis_builtins",
    "dis_functions",
    "dis_functions_source",
    "dis_galiases",
    "dis_patchars",
    "dis_reswords",
    "dis_saliases",
    "fignore",
    "fpath",
    "funcfiletrace",
    "funcsourcetrace",
    "funcstack",
    "functions",
    "functions_source",
    "functrace",
    "galiases",
    "histchars",
    "history",
    "historywords",
    "jobdirs",
    "jobstates",
    "jobtexts",
    "keymaps",
    "mailpath",
    "manpath",
    "module_path",
    "modules",
    "nameddirs",
    "options",
    "parameters",
    "patchars",
    "path",
    "pipestatus",
    "psvar",
    "reswords",
    "saliases",
    "signals",
    "status",
    "termcap",
    "terminfo",
    "userdirs",
    "usergroups",
    "watch",
    "widgets",
    "zsh_eval_context",
    "zsh_scheduled_events",
];

/// Names that fish keeps for itself.
const FISH_NAMES: &[&str] = &[
    "FISH_VERSION",
    "PWD",
    "SHLVL",
    "_",
    "argv",
    "fish_kill_signal",
    "fish_killring",
    "fish_pid",
    "history",
    "hostname",
    "pipestatus",
    "status",
    "status_generation",
    "umask",
    "version",
];

/// Names that the runner refuses, or overwrites with its own in the next step.
const GITHUB_NAMES: &[&str] = &[
    "GITHUB_ACTION",
    "GITHUB_ACTIONS",
    "GITHUB_ACTION_PATH",
    "GITHUB_ACTION_REF",
    "GITHUB_ACTION_REPOSITORY",
    "GITHUB_ACTOR",
    "GITHUB_ACTOR_ID",
    "GITHUB_API_URL",
    "GITHUB_BASE_REF",
    "GITHUB_ENV",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_GRAPHQL_URL",
    "GITHUB_HEAD_REF",
    "GITHUB_JOB",
    "GITHUB_OUTPUT",
    "GITHUB_PATH",
    "GITHUB_REF",
    "GITHUB_REF_NAME",
    "GITHUB_REF_PROTECTED",
    "GITHUB_REF_TYPE",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID",
    "GITHUB_REPOSITORY_OWNER",
    "GITHUB_REPOSITORY_OWNER_ID",
    "GITHUB_RETENTION_DAYS",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_STATE",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_TRIGGERING_ACTOR",
    "GITHUB_WORKFLOW",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_WORKFLOW_SHA",
    "GITHUB_WORKSPACE",
    "NODE_OPTIONS",
    "RUNNER_ARCH",
    "RUNNER_DEBUG",
    "RUNNER_ENVIRONMENT",
    "RUNNER_NAME",
    "RUNNER_OS",
    "RUNNER_TEMP",
    "RUNNER_TOOL_CACHE",
    "RUNNER_WORKSPACE",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use proptest::prelude::*;

    use super::*;
    use crate::env_file::{Reader, misreaders};

    const FORMATS: [Format; 8] = [
        Format::Dotenv,
        Format::Shell,
        Format::Fish,
        Format::Powershell,
        Format::Json,
        Format::Docker,
        Format::Systemd,
        Format::Github,
    ];

    fn variables(values: &[&[u8]]) -> Vec<Variable> {
        (0..)
            .zip(values)
            .map(|(i, value)| named(&format!("VALUE_{i}"), value))
            .collect()
    }

    fn named(name: &str, value: &[u8]) -> Variable {
        Variable {
            name: EnvName::existing(name).unwrap(),
            key_path: KeyPath::parse("project/x/y").unwrap(),
            version: 1,
            value: SecretBytes::copy_of(value),
        }
    }

    fn text(format: Format, variables: &[Variable]) -> Vec<u8> {
        let exported = export(format, variables, &Readers::NONE, [7; 16]).unwrap();
        exported.text.expose().to_vec()
    }

    fn reason(format: Format, variable: Variable) -> Option<Reason> {
        match export(format, &[variable], &Readers::NONE, [7; 16]) {
            Ok(_) => None,
            Err(error) => Some(error.reason),
        }
    }

    /// Values that hurt: quotes of all kinds, what shells expand, line breaks, ends of lines.
    fn nasty() -> Vec<Vec<u8>> {
        let mut values: Vec<Vec<u8>> = [
            "plain",
            " blanks at both ends ",
            "it's",
            "''",
            "'; touch canary; '",
            "a\"b",
            "$HOME ${HOME} $(id) `id`",
            "back\\slash\\",
            "\\'\\\"\\$\\n",
            "line\nbreak",
            "ends in a line break\n",
            "\n\nbegins with two",
            "a\r\nb\rc",
            "-----BEGIN KEY-----\nTUlJ\n-----END KEY-----\n",
            "tab\tbell\x07escape\x1b[31mdelete\x7f",
            "=#!&|;<>()[]{}*?~^%",
            "# comment",
            "NAME=value\nOTHER=value",
            "Grüße, 日本, 🦀",
            "‘typographic’ ‚quotes‛ “of” „all kinds”",
            "\u{feff}bom",
            "\u{202e}turned",
            "-n",
            "--",
            "%25 %0A ::add-mask::x",
            "<<EOF",
            "@x",
            "a,b",
        ]
        .map(|text| text.as_bytes().to_vec())
        .to_vec();
        for byte in 1..=127u8 {
            values.push(vec![byte]);
            values.push(vec![b'x', byte, byte, b'x']);
        }
        values.push(vec![b'x'; 100_000]);
        values
    }

    /// What a shell's child gets after the shell has read `text` the way `script` says.
    fn through(program: &str, script: &str, text: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
        let mut child = match Command::new(program)
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
        {
            Ok(child) => child,
            Err(_) => {
                eprintln!("{program} is not installed: skipped");
                return None;
            }
        };
        let mut stdin = child.stdin.take().unwrap();
        let text = text.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&text));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "{program}");
        let variables = output.stdout.split(|byte| *byte == 0);
        Some(
            variables
                .filter_map(|one| {
                    let at = one.iter().position(|byte| *byte == b'=')?;
                    let name = String::from_utf8(one[..at].to_vec()).ok()?;
                    Some((name, one[at + 1..].to_vec()))
                })
                .collect(),
        )
    }

    fn assert_came_through(program: &str, script: &str, format: Format, values: &[Vec<u8>]) {
        // Linux passes on 2 MiB at most.
        for values in values.chunks(64) {
            let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
            let variables = variables(&values);
            let Some(got) = through(program, script, &text(format, &variables)) else {
                return;
            };
            for variable in &variables {
                assert_eq!(
                    got.get(variable.name.as_str()).map(Vec::as_slice),
                    Some(variable.value.expose()),
                    "{program}: {}",
                    variable.name
                );
            }
        }
    }

    const EVAL: &str = "eval \"$(cat)\"; exec env -0";

    #[test]
    fn shells_get_the_very_bytes() {
        for shell in ["bash", "dash", "zsh"] {
            assert_came_through(shell, EVAL, Format::Shell, &nasty());
        }
        // With zsh's option that doubles quotes within quotes.
        let script = "setopt rc_quotes 2>/dev/null; eval \"$(cat)\"; exec env -0";
        assert_came_through("zsh", script, Format::Shell, &nasty());
    }

    #[test]
    fn shells_get_bytes_that_are_no_text() {
        let values: Vec<Vec<u8>> = (128..=255u8).map(|byte| vec![b'x', byte, byte]).collect();
        for shell in ["bash", "dash", "zsh"] {
            assert_came_through(shell, EVAL, Format::Shell, &values);
        }
    }

    #[test]
    fn fish_gets_the_very_bytes() {
        let mut values = nasty();
        values.extend((128..=255u8).map(|byte| vec![b'x', byte, byte]));
        assert_came_through("fish", "source; exec env -0", Format::Fish, &values);
    }

    #[test]
    fn a_sourced_file_for_systemd_is_one_for_a_shell_too() {
        let script = "set -a; eval \"$(cat)\"; exec env -0";
        assert_came_through("bash", script, Format::Systemd, &nasty());
    }

    #[test]
    fn systemd_reads_the_very_bytes() {
        let systemd: Readers = [Reader::Systemd].into_iter().collect();
        for value in nasty() {
            let written = text(Format::Systemd, &variables(&[&value]));
            let raw = written.strip_prefix(b"VALUE_0=").unwrap();
            let raw = raw.strip_suffix(b"\n").unwrap();
            let value = SecretBytes::new(value);
            assert_eq!(misreaders(raw, &value, &systemd), []);
        }
    }

    #[test]
    fn docker_reads_the_very_bytes_or_is_not_given_them() {
        let docker: Readers = [Reader::Docker].into_iter().collect();
        let mut refused = 0;
        for value in nasty() {
            let variables = variables(&[&value]);
            let Ok(exported) = export(Format::Docker, &variables, &Readers::NONE, [7; 16]) else {
                refused += 1;
                continue;
            };
            let raw = exported.text.expose().strip_prefix(b"VALUE_0=").unwrap();
            let raw = raw.strip_suffix(b"\n").unwrap();
            assert_eq!(misreaders(raw, &variables[0].value, &docker), []);
        }
        // Those with a line feed or a CR at the end, and the one that is too long.
        let unfit = |value: &Vec<u8>| {
            value.contains(&b'\n') || value.ends_with(b"\r") || value.len() > 65_000
        };
        assert_eq!(refused, nasty().iter().filter(|value| unfit(value)).count());
    }

    #[test]
    fn json_is_an_object_of_strings() {
        let values = nasty();
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        let variables = variables(&values);
        let read: BTreeMap<String, String> =
            serde_json::from_slice(&text(Format::Json, &variables)).unwrap();
        assert_eq!(read.len(), variables.len());
        for variable in &variables {
            let value = read.get(variable.name.as_str()).unwrap();
            assert!(value.as_bytes() == variable.value.expose());
        }
        assert_eq!(text(Format::Json, &[]), b"{}\n");
    }

    /// What PowerShell makes of one line: an assignment of a string in single quotes, in which a
    /// quote of any kind is doubled, or of such strings and characters, joined.
    fn powershell(line: &str) -> Option<(String, String)> {
        let (name, mut rest) = line.strip_prefix("$env:")?.split_once(" = ")?;
        let mut units: Vec<u16> = Vec::new();
        let joined = match rest.strip_prefix("-join @(") {
            Some(list) => {
                rest = list.strip_suffix(")")?;
                true
            }
            None => false,
        };
        let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
        loop {
            if let Some(number) = rest.strip_prefix("([char]0x").filter(|_| joined) {
                let (digits, more) = number.split_once(')')?;
                units.push(u16::from_str_radix(digits, 16).ok()?);
                rest = more;
            } else {
                let mut chars = rest.strip_prefix('\'')?.chars();
                loop {
                    match chars.next()? {
                        c if is_quote(c) => {
                            let mut ahead = chars.clone();
                            match ahead.next() {
                                Some(c) if is_quote(c) => {
                                    units.extend(c.encode_utf16(&mut [0; 2]).iter());
                                    chars = ahead;
                                }
                                _ => break,
                            }
                        }
                        c => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
                    }
                }
                rest = chars.as_str();
            }
            match rest.strip_prefix(',').filter(|_| joined) {
                Some(more) => rest = more,
                None if rest.is_empty() => break,
                None => return None,
            }
        }
        Some((name.to_owned(), String::from_utf16(&units).ok()?))
    }

    #[test]
    fn powershell_gets_each_value_in_one_line_of_ascii() {
        for value in nasty() {
            let written = text(Format::Powershell, &variables(&[&value]));
            let line = written.strip_suffix(b"\n").unwrap();
            assert!(line.iter().all(|byte| matches!(byte, b' '..=b'~')));
            let (name, read) = powershell(std::str::from_utf8(line).unwrap()).unwrap();
            assert_eq!(name, "VALUE_0");
            assert!(read.as_bytes() == value);
        }
        let some = variables(&[b"it's", "a\n’".as_bytes()]);
        assert_eq!(
            String::from_utf8(text(Format::Powershell, &some)).unwrap(),
            "$env:VALUE_0 = 'it''s'\n\
             $env:VALUE_1 = -join @('a',([char]0x000A),([char]0x2019))\n"
        );
        let pwsh = "($input | Out-String) | Invoke-Expression; & env -0";
        assert_came_through("pwsh", pwsh, Format::Powershell, &nasty());
    }

    /// What GitHub's runner reads from the file of `$GITHUB_ENV`.
    fn github(mut file: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
        let mut read = BTreeMap::new();
        let line = |file: &mut &[u8]| {
            let at = file.iter().position(|byte| *byte == b'\n')?;
            let line = &file[..at];
            *file = &file[at + 1..];
            Some(line.to_vec())
        };
        while let Some(first) = line(&mut file) {
            let first = String::from_utf8(first).ok()?;
            let (name, delimiter) = first.split_once("<<")?;
            let mut lines = Vec::new();
            loop {
                match line(&mut file)? {
                    end if end == delimiter.as_bytes() => break,
                    more => lines.push(more),
                }
            }
            read.insert(name.to_owned(), lines.join(&b'\n'));
        }
        file.is_empty().then_some(read)
    }

    #[test]
    fn github_gets_the_very_bytes_and_a_mask_for_each_line() {
        let values = nasty();
        let values: Vec<&[u8]> = values
            .iter()
            .map(Vec::as_slice)
            .filter(|value| !value.ends_with(b"\r"))
            .collect();
        let variables = variables(&values);
        let exported = export(Format::Github, &variables, &Readers::NONE, [7; 16]).unwrap();
        let read = github(exported.assignments.unwrap().expose()).unwrap();
        for variable in &variables {
            assert!(read[variable.name.as_str()] == variable.value.expose());
        }
        let masks = String::from_utf8(exported.text.expose().to_vec()).unwrap();
        let masks: Vec<&str> = masks.lines().collect();
        for value in values {
            for line in std::str::from_utf8(value).unwrap().split(['\n', '\r']) {
                let mask = format!("::add-mask::{}", line.replace('%', "%25"));
                let blank = line.bytes().all(|byte| byte.is_ascii_whitespace());
                assert_eq!(masks.contains(&mask.as_str()), !blank, "{line:?}");
            }
        }
    }

    #[test]
    fn githubs_delimiter_is_in_no_value() {
        let expected = format!("secrets_{}", hex(&[7; 16]));
        let value = format!("x\n{expected}\n{expected}_\nEVIL=1\n");
        let variables = variables(&[value.as_bytes()]);
        let exported = export(Format::Github, &variables, &Readers::NONE, [7; 16]).unwrap();
        let read = github(exported.assignments.unwrap().expose()).unwrap();
        assert_eq!(read.len(), 1);
        assert!(read["VALUE_0"] == value.as_bytes());
    }

    #[test]
    fn what_a_format_cannot_carry_is_refused_with_the_reason() {
        let value = |value: &[u8]| named("VALUE", value);
        for format in FORMATS {
            assert_eq!(reason(format, value(b"a\0b")), Some(Reason::Nul));
            let bytes = matches!(format, Format::Shell | Format::Fish);
            let refused = (!bytes).then_some(Reason::NotUtf8);
            assert_eq!(reason(format, value(b"a\xffb")), refused, "{format}");
            let odd = matches!(format, Format::Json | Format::Docker);
            let refused = (!odd).then_some(Reason::Name);
            assert_eq!(reason(format, named("A.B-C", b"x")), refused, "{format}");
        }
        let docker = |value: &[u8]| reason(Format::Docker, named("VALUE", value));
        assert_eq!(docker(b"a\nb"), Some(Reason::LineBreak));
        assert_eq!(docker(b"a\r"), Some(Reason::FinalCarriageReturn));
        assert_eq!(docker(&vec![b'x'; DOCKER_LINE - 6]), Some(Reason::TooLong));
        assert_eq!(docker(&vec![b'x'; DOCKER_LINE - 7]), None);
        assert_eq!(
            reason(Format::Github, value(b"a\r")),
            Some(Reason::FinalCarriageReturn)
        );
        for (format, name) in [
            (Format::Shell, "UID"),
            (Format::Shell, "RANDOM"),
            (Format::Shell, "USERNAME"),
            (Format::Fish, "status"),
            (Format::Github, "NODE_OPTIONS"),
            (Format::Github, "GITHUB_ENV"),
        ] {
            assert_eq!(reason(format, named(name, b"x")), Some(Reason::NameTaken));
            assert_eq!(reason(Format::Json, named(name, b"x")), None);
        }
        assert_eq!(reason(Format::Github, named("GITHUB_TOKEN", b"x")), None);
    }

    #[test]
    fn dotenv_is_written_for_the_readers_of_the_project() {
        let variables = variables(&[b"${X}"]);
        let python: Readers = [Reader::PythonDotenv].into_iter().collect();
        let error = export(Format::Dotenv, &variables, &python, [7; 16]).unwrap_err();
        assert_eq!(error.reason, Reason::Misread(python));
        assert_eq!(
            error.to_string(),
            "dotenv cannot carry project/x/y (VALUE_0): in every form it would be misread by \
             python-dotenv"
        );
        assert_eq!(text(Format::Dotenv, &variables), b"VALUE_0='${X}'\n");
    }

    #[test]
    fn no_error_holds_the_value() {
        for format in FORMATS {
            let variable = named("VALUE", b"canary\0canary");
            let error = export(format, &[variable], &Readers::NONE, [7; 16]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn the_lists_of_names_can_be_searched() {
        for names in [SHELL_NAMES, FISH_NAMES, GITHUB_NAMES] {
            assert!(names.is_sorted());
        }
    }

    #[test]
    fn every_name_that_a_shell_changes_is_on_the_list() {
        // What the shells here have set is what they may keep for themselves.
        for (shell, script) in [
            ("bash", "compgen -v"),
            ("zsh", "zmodload zsh/parameter; print -l ${(k)parameters}"),
            ("dash", "set | sed 's/=.*//'"),
        ] {
            let Ok(output) = Command::new(shell).args(["-c", script]).output() else {
                continue;
            };
            for name in String::from_utf8_lossy(&output.stdout).lines() {
                if EnvName::try_new(name).is_err() || SHELL_NAMES.contains(&name) || name == "PATH"
                {
                    continue;
                }
                let variables = [named(name, b"probe va[lue")];
                let written = text(Format::Shell, &variables);
                let got = through(shell, "eval \"$(cat)\"; exec /usr/bin/env -0", &written);
                let got = got.unwrap();
                let got = got.get(name).map(Vec::as_slice);
                assert_eq!(got, Some(&b"probe va[lue"[..]), "{shell}: {name}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn any_value_comes_through_bash(
            values in proptest::collection::vec(
                proptest::collection::vec(1..=255u8, 1..60), 1..20)
        ) {
            assert_came_through("bash", EVAL, Format::Shell, &values);
        }

        #[test]
        fn any_text_comes_through_every_format_that_takes_it(value in "[^\\x00]{1,60}") {
            let value = value.into_bytes();
            let (_, read) =
                powershell(std::str::from_utf8(text(Format::Powershell, &variables(&[&value]))
                    .strip_suffix(b"\n").unwrap()).unwrap()).unwrap();
            prop_assert_eq!(read.as_bytes(), &value[..]);
            let read: BTreeMap<String, String> =
                serde_json::from_slice(&text(Format::Json, &variables(&[&value]))).unwrap();
            prop_assert_eq!(read["VALUE_0"].as_bytes(), &value[..]);
            if !value.ends_with(b"\r") {
                let exported =
                    export(Format::Github, &variables(&[&value]), &Readers::NONE, [7; 16]).unwrap();
                let read = github(exported.assignments.unwrap().expose()).unwrap();
                prop_assert_eq!(&read["VALUE_0"], &value);
            }
        }
    }
}
