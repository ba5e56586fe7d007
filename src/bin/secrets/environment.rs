//! The only reader of the environment: where things are, who runs this, what the terminal wants.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use secrets::agents::install::Places as AgentPlaces;
use secrets::model::secret::SecretBytes;
use secrets::ops::IdentitySource;

use crate::args::{DEFAULT_WAIT, Global};

/// Where things are, after flags, environment and defaults.
pub(crate) struct Places {
    pub(crate) vault: PathBuf,
    pub(crate) identity: IdentitySource,
    /// The option or the variable that names the identity file; `None` for the default.
    pub(crate) identity_option: Option<&'static str>,
    pub(crate) config: PathBuf,
    pub(crate) state: PathBuf,
}

/// A flag's path goes before the environment's, and that before the default.
pub(crate) fn places(
    vault: Option<&Path>,
    identity: Option<&Path>,
    config: Option<&Path>,
) -> Result<Places, NoHome> {
    let pick = |flag: Option<&Path>, name: &str, base: Option<PathBuf>, below: &str| {
        flag.map(Path::to_owned)
            .or_else(|| path(name))
            .or_else(|| base.map(|base| base.join("secrets").join(below)))
            .ok_or(NoHome)
    };
    let identity_flag = identity;
    let identity = match (identity, secret("SECRETS_IDENTITY")) {
        (None, Some(key)) if path("SECRETS_IDENTITY_FILE").is_none() => IdentitySource::Key(key),
        _ => IdentitySource::File(pick(
            identity,
            "SECRETS_IDENTITY_FILE",
            dirs::config_dir(),
            "identity.txt",
        )?),
    };
    let identity_option = match identity_flag {
        Some(_) => Some("--identity"),
        None => path("SECRETS_IDENTITY_FILE").map(|_| "SECRETS_IDENTITY_FILE"),
    };
    Ok(Places {
        identity_option,
        vault: pick(vault, "SECRETS_VAULT", dirs::data_dir(), "vault")?,
        identity,
        config: pick(config, "SECRETS_CONFIG", dirs::config_dir(), "config.toml")?,
        state: pick(
            None,
            "SECRETS_STATE",
            // macOS and Windows have no state directory of their own.
            dirs::state_dir().or_else(dirs::data_local_dir),
            if dirs::state_dir().is_some() {
                ""
            } else {
                "state"
            },
        )?,
    })
}

/// Returns the global options that name what is in force and differs from the defaults, as absolute
/// paths, for a coding agent, which starts this program without the user's environment. With
/// `only_flags` the environment does not count.
pub(crate) fn options_in_force(global: &Global, only_flags: bool) -> Vec<String> {
    let mut options = Vec::new();
    for (option, flag, name, base, below) in [
        (
            "--vault",
            &global.vault,
            "SECRETS_VAULT",
            dirs::data_dir(),
            "vault",
        ),
        (
            "--identity",
            &global.identity,
            "SECRETS_IDENTITY_FILE",
            dirs::config_dir(),
            "identity.txt",
        ),
        (
            "--config",
            &global.config,
            "SECRETS_CONFIG",
            dirs::config_dir(),
            "config.toml",
        ),
    ] {
        let file = flag.clone().or_else(|| match only_flags {
            true => None,
            false => path(name),
        });
        let Some(file) = file.map(|file| std::path::absolute(&file).unwrap_or(file)) else {
            continue;
        };
        let default = base.map(|base| base.join("secrets").join(below));
        if default.as_ref() != Some(&file) {
            options.extend([option.to_owned(), file.to_string_lossy().into_owned()]);
        }
    }
    if global.wait != DEFAULT_WAIT {
        options.extend(["--wait".to_owned(), global.wait.to_string()]);
    }
    options
}

/// Returns the variables that are in force and that no option can stand for.
pub(crate) fn without_option(global: &Global) -> Vec<&'static str> {
    let has_file = global.identity.is_some() || path("SECRETS_IDENTITY_FILE").is_some();
    let mut names = vec!["SECRETS_STATE"];
    if !has_file {
        names.push("SECRETS_IDENTITY");
    }
    names.retain(|name| variable(name).is_some());
    names
}

/// There is no home directory and no flag or variable to do without.
#[derive(Debug)]
pub(crate) struct NoHome;

/// The path that a variable holds.
pub(crate) fn path(name: &str) -> Option<PathBuf> {
    variable(name).map(PathBuf::from)
}

/// A variable that is set and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the home of the environment"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn secret(name: &str) -> Option<SecretBytes> {
    let value = variable(name)?;
    Some(SecretBytes::new(value.into_encoded_bytes()))
}

/// The value of a variable, byte for byte, for `--from-env`.
pub(crate) fn value(name: &str) -> Option<SecretBytes> {
    secret(name)
}

/// Whether a CI service runs this.
pub(crate) fn is_ci() -> bool {
    variable("CI").is_some()
}

/// Whether the environment asks for no colour, or for colour even where there is no terminal.
pub(crate) fn colour() -> Option<bool> {
    if variable("NO_COLOR").is_some() {
        Some(false)
    } else if variable("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        Some(true)
    } else if variable("TERM").is_some_and(|term| term == "dumb") {
        Some(false)
    } else {
        None
    }
}

/// How wide the user wants what is shown on a terminal.
pub(crate) fn columns() -> Option<usize> {
    let columns = variable("COLUMNS")?.into_string().ok()?;
    columns.parse().ok().filter(|&columns| columns > 0)
}

/// The user's name, as the environment has it.
pub(crate) fn user() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(variable)
        .and_then(|name| name.into_string().ok())
}

/// The user's home directory.
pub(crate) fn home() -> Option<PathBuf> {
    dirs::home_dir()
}

/// Where coding agents keep the user's own configuration; `None` without a home.
pub(crate) fn agents() -> Option<AgentPlaces> {
    Some(AgentPlaces {
        home: home()?,
        config: dirs::config_dir()?,
        claude: path("CLAUDE_CONFIG_DIR"),
        codex: path("CODEX_HOME"),
        copilot: path("COPILOT_HOME"),
        xdg_config: path("XDG_CONFIG_HOME").filter(|dir| dir.is_absolute()),
    })
}

/// What another program is to start in order to start this one: where the search path finds it, if
/// it does, else where it lies. The search path's name may be a link that an update points
/// elsewhere. Never the name alone: an agent that was started from a desktop has another search path.
pub(crate) fn this_program() -> String {
    let lies = std::env::current_exe().ok();
    let real = |path: &Path| secrets::storage::fs::resolve(path).ok();
    let found = program("secrets").filter(|found| {
        lies.as_deref()
            .and_then(real)
            .is_some_and(|lies| real(found) == Some(lies))
    });
    found.or(lies).map_or_else(
        || "secrets".to_owned(),
        |path| path.to_string_lossy().into_owned(),
    )
}

/// The file in which a step of GitHub Actions leaves variables for the next ones.
pub(crate) fn github_env() -> Option<PathBuf> {
    path("GITHUB_ENV")
}

/// The time zone of the user: `TZ`, or that of the system.
pub(crate) fn time_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::system()
}

/// The directories in which programs are looked for. Only absolute ones: an empty or relative
/// entry would mean the current directory, which may be anybody's.
pub(crate) fn search_path() -> Vec<PathBuf> {
    // What POSIX systems look through when nothing is said.
    let search = variable("PATH").unwrap_or_else(|| OsString::from("/bin:/usr/bin"));
    std::env::split_paths(&search)
        .filter(|dir| dir.is_absolute())
        .collect()
}

/// An absolute path of a program; only absolute directories of the search path count, so that
/// nothing is ever run from the current directory.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    search_path()
        .into_iter()
        .map(|dir| dir.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// Whether a shell asks for completions, or for the script by which it will ask.
pub(crate) fn asks_for_completion() -> bool {
    let known = ["bash", "elvish", "fish", "powershell", "zsh"];
    variable("COMPLETE").is_some_and(|shell| {
        let name = Path::new(&shell).file_stem();
        name.is_some_and(|name| known.iter().any(|known| name == *known))
    })
}
