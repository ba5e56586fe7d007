//! Which readers a project uses, from the files around its env file.
//!
//! [`is_project_file`] says which files are worth reading, by their path relative to the env
//! file's directory. [`detect_readers`] takes the text of those files. The caller lists the
//! directories and reads the files; this module reads nothing.
//!
//! A detected reader can be wrong, so detection is conservative: it needs a declared dependency, a
//! configuration file or a command that names the reader. The configuration overrides it.
//!
//! Limits: dependencies of dependencies are not seen, nor is anything above the env file's
//! directory.

mod commands;
mod manifests;

use self::commands::{Script, commands};
use super::reader::{Reader, Readers};

/// How many directories below the env file's own are searched: `packages/api/package.json`.
pub const PROJECT_DEPTH: usize = 2;

/// Directories that hold dependencies, build results or examples.
const SKIPPED_DIRS: &[&str] = &[
    ".cache",
    ".git",
    ".hg",
    ".mypy_cache",
    ".next",
    ".nox",
    ".nuxt",
    ".pnpm-store",
    ".svn",
    ".terraform",
    ".tox",
    ".turbo",
    ".venv",
    ".yarn",
    "__pycache__",
    "bower_components",
    "build",
    "coverage",
    "dist",
    "env",
    "example",
    "examples",
    "fixtures",
    "node_modules",
    "obj",
    "out",
    "sample",
    "samples",
    "site-packages",
    "target",
    "templates",
    "testdata",
    "third_party",
    "tmp",
    "vendor",
    "venv",
];

/// What a project file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    PackageJson,
    Python,
    Pipfile,
    Compose,
    Cargo,
    Gemfile,
    GoMod,
    ComposerJson,
    Envrc,
    Makefile,
    Justfile,
    Taskfile,
    Mise,
    Unit,
    Script,
    Serverless,
    Launch,
}

/// Returns whether a directory of this name can hold project files.
pub fn is_project_dir(name: &str) -> bool {
    !SKIPPED_DIRS.contains(&name)
}

/// Returns whether a file tells which readers a project uses. `path` is relative to the env file's
/// directory, with `/` between its parts.
pub fn is_project_file(path: &str) -> bool {
    kind(path).is_some()
}

fn kind(path: &str) -> Option<Kind> {
    let (dirs, name) = path.rsplit_once('/').unwrap_or(("", path));
    if dirs.split('/').filter(|dir| !dir.is_empty()).count() > PROJECT_DEPTH {
        return None;
    }
    let dir = dirs.rsplit('/').next().unwrap_or("");
    let stem_of = |extensions: &[&str]| {
        let (stem, extension) = name.rsplit_once('.')?;
        extensions.contains(&extension).then_some(stem)
    };
    let yaml = stem_of(&["yml", "yaml"]);
    Some(match name {
        "package.json" => Kind::PackageJson,
        "pyproject.toml" | "setup.cfg" | "setup.py" | "environment.yml" | "environment.yaml"
        | "tox.ini" | "uv.toml" => Kind::Python,
        "Pipfile" => Kind::Pipfile,
        "Cargo.toml" => Kind::Cargo,
        "Gemfile" | "gems.rb" => Kind::Gemfile,
        "go.mod" => Kind::GoMod,
        "composer.json" => Kind::ComposerJson,
        ".envrc" => Kind::Envrc,
        "Makefile" | "makefile" | "GNUmakefile" => Kind::Makefile,
        "justfile" | "Justfile" | ".justfile" => Kind::Justfile,
        "mise.toml" | ".mise.toml" | "mise.local.toml" | ".mise.local.toml" | ".rtx.toml" => {
            Kind::Mise
        }
        "config.toml" if matches!(dir, "mise" | ".mise") => Kind::Mise,
        "launch.json" if dir == ".vscode" => Kind::Launch,
        "Dockerfile" | "Containerfile" | "Procfile" | "Procfile.dev" | "Jenkinsfile"
        | ".gitlab-ci.yml" | "devcontainer.json" | "deno.json" | "deno.jsonc" | ".bashrc"
        | "Tiltfile" => Kind::Script,
        _ if yaml.is_some_and(is_compose) => Kind::Compose,
        _ if yaml.is_some_and(|stem| matches!(stem, "Taskfile" | "taskfile" | "Taskfile.dist")) => {
            Kind::Taskfile
        }
        _ if yaml == Some("serverless") => Kind::Serverless,
        _ if yaml.is_some() && dir == "workflows" => Kind::Script,
        _ if name.starts_with("Dockerfile.") || name.ends_with(".Dockerfile") => Kind::Script,
        _ if stem_of(&["mk"]).is_some() => Kind::Makefile,
        _ if stem_of(&["just"]).is_some() => Kind::Justfile,
        _ if stem_of(&["service", "container"]).is_some() => Kind::Unit,
        _ if stem_of(&["sh", "bash", "zsh"]).is_some() => Kind::Script,
        _ if stem_of(&["txt", "in"])
            .is_some_and(|stem| stem.starts_with("requirements") || dir == "requirements") =>
        {
            Kind::Python
        }
        // Scripts without an extension.
        _ if matches!(dir, "bin" | "script" | "scripts") && !name.contains('.') => Kind::Script,
        _ => return None,
    })
}

/// `compose`, `docker-compose`, and either with a further part: `docker-compose.prod`.
fn is_compose(stem: &str) -> bool {
    let rest = stem
        .strip_prefix("docker-compose")
        .or_else(|| stem.strip_prefix("compose"));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']))
}

/// Returns the readers that a project seems to use. `files` holds the path of each project file,
/// relative to the env file's directory, and its text.
///
/// Vite counts only where it is the only one: it passes on nothing but `VITE_…` variables, which
/// are public. A server beside it reads the secrets, and must not be kept from one because Vite,
/// which does not want it, would expand a `$` in it.
pub fn detect_readers(files: &[(&str, &str)]) -> Readers {
    let mut found = Readers::NONE;
    for (path, text) in files {
        if let Some(kind) = kind(path) {
            detect(kind, path, text, &mut found);
        }
    }
    let others: Readers = found
        .iter()
        .filter(|reader| *reader != Reader::Vite)
        .collect();
    if others.is_empty() { found } else { others }
}

fn detect(kind: Kind, path: &str, text: &str, found: &mut Readers) {
    match kind {
        Kind::PackageJson => manifests::package_json(text, found),
        Kind::Python => {
            manifests::python(text, found);
            commands(text, Script::of(path, text), found);
        }
        Kind::Pipfile => {
            // pipenv loads the env file itself, with python-dotenv.
            found.insert(Reader::PythonDotenv);
            manifests::python(text, found);
        }
        Kind::Compose => {
            found.insert(Reader::Compose);
            commands(text, Script::of(path, text), found);
        }
        Kind::Cargo => manifests::cargo(text, found),
        Kind::Gemfile => manifests::gemfile(text, found),
        Kind::GoMod => manifests::go_mod(text, found),
        Kind::ComposerJson => manifests::composer_json(text, found),
        Kind::Envrc => {
            let loads = |line: &str| {
                matches!(
                    line.split_whitespace().next(),
                    Some("dotenv" | "dotenv_if_exists")
                )
            };
            if live_lines(text).any(loads) {
                found.insert(Reader::Direnv);
            }
            commands(text, Script::Bash, found);
        }
        Kind::Makefile => {
            if live_lines(text).any(includes_env) {
                found.insert(Reader::Make);
            }
            commands(text, Script::Sh, found);
        }
        Kind::Justfile => {
            let loads = |line: &str| {
                line.starts_with("set dotenv-")
                    && !line.replace(' ', "").ends_with(":=false")
                    && !line.starts_with("set dotenv-required")
            };
            // just reads it with dotenvy.
            if live_lines(text).any(loads) {
                found.insert(Reader::Dotenvy);
            }
            commands(text, Script::Sh, found);
        }
        Kind::Taskfile => {
            // Task reads it with godotenv.
            if live_lines(text).any(|line| key_of(line, ':') == Some("dotenv")) {
                found.insert(Reader::Godotenv);
            }
            commands(text, Script::Sh, found);
        }
        Kind::Mise => {
            // mise reads it with dotenvy.
            if mise_loads_env(text) {
                found.insert(Reader::Dotenvy);
            }
            commands(text, Script::Sh, found);
        }
        Kind::Unit => {
            // Not `/etc/default/app`, which is another file.
            let names_env = |line: &str| {
                let path = line.strip_prefix("EnvironmentFile=").unwrap_or("");
                path.rsplit('/')
                    .next()
                    .is_some_and(|name| name.contains("env"))
            };
            if live_lines(text).any(names_env) {
                found.insert(Reader::Systemd);
            }
            commands(text, Script::Sh, found);
        }
        Kind::Serverless => {
            let is_on = |line: &str| {
                key_of(line, ':') == Some("useDotenv") && line.trim_end().ends_with("true")
            };
            if live_lines(text).any(is_on) {
                found.insert(Reader::DotenvExpand);
            }
        }
        Kind::Launch => launch_json(text, found),
        Kind::Script => commands(text, Script::of(path, text), found),
    }
}

/// `include .env`, `-include $(ROOT)/.env.local`
fn includes_env(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("include" | "-include" | "sinclude"))
        && words.any(commands::is_env_path)
}

/// `_.file = ".env"`, or `file = …` in the table `[env._]`, or `_ = { file = … }`.
fn mise_loads_env(text: &str) -> bool {
    let mut table = "";
    for line in live_lines(text) {
        if line.starts_with('[') {
            table = line;
            continue;
        }
        let key = key_of(line, '=');
        let loads = match table.trim_matches(['[', ']']) {
            "env" => key == Some("_.file") || (key == Some("_") && line.contains("file")),
            "env._" => key == Some("file"),
            _ => key == Some("env._.file"),
        };
        if loads || key == Some("env_file") {
            return true;
        }
    }
    false
}

/// An `envFile` of a debugger for JavaScript, which VS Code reads with npm `dotenv`.
fn launch_json(text: &str, found: &mut Readers) {
    // The file is JSON with comments, so it is read as text.
    let is_js = [
        "\"node\"",
        "\"pwa-node\"",
        "\"chrome\"",
        "\"node-terminal\"",
    ]
    .iter()
    .any(|kind| text.contains(kind));
    if is_js && live_lines(text).any(|line| line.contains("\"envFile\"")) {
        found.insert(Reader::NpmDotenv);
    }
    commands(text, Script::Sh, found);
}

/// The key of a line `key: value` or `key = value`, without quotes and list dashes.
fn key_of(line: &str, separator: char) -> Option<&str> {
    let (key, _) = line.split_once(separator)?;
    Some(
        key.trim_start_matches("- ")
            .trim()
            .trim_matches(['"', '\'']),
    )
}

/// The lines that are no comments, trimmed.
fn live_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#') && !line.starts_with("//"))
}

#[cfg(test)]
mod tests;
