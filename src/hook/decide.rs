//! The decision: which tool calls are refused, and what to run instead.
//!
//! A write to an env file, or taking one away, is refused if a link names the file, if the file's
//! own name does, or (taking away) if a directory with a linked file in it goes. Showing the values
//! of a linked file is refused unless the policy allows it. Everything else has no opinion here.
//!
//! Invariants: a reason holds paths and names of variables and nothing else of the call.

use std::path::{Path, PathBuf};

use super::effect::{Effect, Kind, UNKNOWN};
use crate::env_file::file_name::is_env_file;
use crate::key_path::{KeyPath, OwnerName};
use crate::shell;

/// An env file that a link names.
#[derive(Debug, Clone)]
pub struct Linked {
    /// Whose it is.
    pub project: OwnerName,
    /// As the link names it.
    pub file: PathBuf,
    /// The file behind it, if that is another.
    pub real: Option<PathBuf>,
}

/// A tool call that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What it would have done.
    pub kind: Kind,
    /// To which file.
    pub file: PathBuf,
    /// The project that is linked to it.
    pub project: Option<OwnerName>,
    /// The variables that it would have set.
    pub names: Vec<String>,
}

/// How many variables a reason speaks of.
const MAX_SHOWN: usize = 6;

/// Decides on a tool call; `None` has no opinion. `real` gives the file behind a path that is a
/// link, if it is one.
pub fn decide(
    effects: &[Effect],
    links: &[Linked],
    may_read: bool,
    real: &dyn Fn(&Path) -> Option<PathBuf>,
) -> Option<Denial> {
    let denied = |wanted: Kind| {
        effects
            .iter()
            .filter(|effect| effect.kind == wanted)
            .find_map(|effect| deny(effect, links, real))
    };
    denied(Kind::Write)
        .or_else(|| denied(Kind::Delete))
        .or_else(|| if may_read { None } else { denied(Kind::Read) })
}

fn deny(
    effect: &Effect,
    links: &[Linked],
    real: &dyn Fn(&Path) -> Option<PathBuf>,
) -> Option<Denial> {
    let path = &effect.path;
    let behind = real(path);
    let is = |linked: &&Linked| {
        let files = [Some(&linked.file), linked.real.as_ref()];
        let paths = [Some(path), behind.as_ref()];
        files.into_iter().flatten().any(|file| {
            paths.into_iter().flatten().any(|path| {
                file == path
                    || (effect.kind == Kind::Delete && file.starts_with(path))
                    || fits(path, file)
            })
        })
    };
    let linked = links.iter().find(is);
    let by_name = effect.kind != Kind::Read
        && path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(is_env_file);
    if linked.is_none() && !by_name {
        return None;
    }
    Some(Denial {
        kind: effect.kind,
        file: linked.map_or(path, |linked| &linked.file).clone(),
        project: linked.map(|linked| linked.project.clone()),
        names: effect.names.clone(),
    })
}

/// Whether a path whose name is a pattern (`.env*`) fits a file.
fn fits(path: &Path, file: &Path) -> bool {
    let (Some(pattern), Some(name)) = (
        path.file_name().and_then(|name| name.to_str()),
        file.file_name().and_then(|name| name.to_str()),
    ) else {
        return false;
    };
    // A `*` alone does not take names that begin with a dot.
    pattern.contains(['*', '?'])
        && pattern.starts_with('.') == name.starts_with('.')
        && path.parent() == file.parent()
        && glob(pattern.as_bytes(), name.as_bytes())
}

/// Whether a pattern with `*` and `?` fits a name.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place, mut star) = (0, 0, None);
    while place < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(&c) if c == b'?' || c == name[place] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((star_at, from)) => {
                    at = star_at + 1;
                    place = from + 1;
                    star = Some((star_at, place));
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|&c| c == b'*')
}

impl Denial {
    /// The secret that the call would have set, if it is one and its project is known.
    pub fn key_path(&self) -> Option<KeyPath> {
        match (&self.project, self.names.as_slice()) {
            (Some(project), [name]) => KeyPath::nearest_for_env_name(project, name),
            _ => None,
        }
    }

    /// What the agent is told: why, and what to run instead.
    pub fn reason(&self) -> String {
        let file = shown(&self.file);
        match (self.kind, &self.project) {
            (Kind::Read, Some(project)) => format!(
                "{file} holds the secrets of {project} and is not shown. `secrets list --project \
                 {project}` lists their names and what each is for; `secrets run --project \
                 {project} -- CMD` runs a program with them. No tool call needs their values."
            ),
            (Kind::Delete, Some(project)) => format!(
                "{file} is the env file of {project} and is not to be deleted or moved by a tool \
                 call. If it is broken, `secrets restore {project}` brings it back from the vault. \
                 If it has to go, ask the user to do it."
            ),
            (Kind::Delete | Kind::Read, _) => format!(
                "{file} is an env file: its values may exist nowhere else, so it is not to be \
                 deleted or moved by a tool call. `secrets import {file} --project {}` takes them \
                 into the vault; ask the user before it goes.",
                self.guess()
            ),
            (Kind::Write, Some(project)) => format!(
                "{file} is the env file of {project}. Its values go into the vault first, never \
                 directly into the file. {} `secrets list --project {project}` shows what there \
                 is, `secrets restore {project}` brings a lost file back.",
                self.instead(project.as_str())
            ),
            (Kind::Write, None) => {
                let project = self.guess();
                format!(
                    "{file} is an env file. Its values go into the vault first, never directly \
                     into the file. Link it once: `secrets link {project} {}`. {}",
                    shell::word(&file),
                    self.instead(&project)
                )
            }
        }
    }

    /// The commands that do what the call wanted.
    fn instead(&self, project: &str) -> String {
        let mut commands = Vec::new();
        for name in self.names.iter().take(MAX_SHOWN) {
            commands.push(set_command(project, name));
        }
        let more = self.names.len().saturating_sub(MAX_SHOWN);
        let key = match commands.first() {
            Some(_) => self.names.first().map(String::as_str),
            None => None,
        };
        let generate = key.map_or_else(
            || format!("`secrets generate project/{project}/NAME -d '...'`"),
            |name| {
                format!(
                    "`{}`",
                    set_command(project, name).replacen(" set ", " generate ", 1)
                )
            },
        );
        if commands.is_empty() {
            commands.push(format!("secrets set project/{project}/NAME -d '...'"));
        }
        let list = commands
            .iter()
            .map(|command| format!("`{command}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let rest = match more {
            0 => String::new(),
            n => format!(" and so on for {n} more"),
        };
        format!(
            "Run instead: {list}{rest}, with the value on standard input (never as an argument) \
             and what it is for behind -d; it writes the vault and the file. For a new random \
             value: {generate}. Only the user has the value? Let them run it: it asks. A setting \
             that is no secret is the user's to write."
        )
    }

    /// A project's name for a file that is linked to none: its directory's.
    fn guess(&self) -> String {
        let dir = self.file.parent().and_then(Path::file_name);
        dir.and_then(|dir| dir.to_str())
            .and_then(|dir| match dir.parse::<OwnerName>() {
                Ok(name) => Some(name.to_string()),
                Err(error) => error.nearest().map(str::to_owned),
            })
            .unwrap_or_else(|| "PROJECT".to_owned())
    }
}

fn set_command(project: &str, name: &str) -> String {
    let key_path = project
        .parse::<OwnerName>()
        .ok()
        .and_then(|project| KeyPath::nearest_for_env_name(&project, name));
    match key_path {
        Some(key_path) if key_path.env_name() == name => {
            format!("secrets set {key_path} -d '...'")
        }
        Some(key_path) => format!("secrets set {key_path} --env-name {name} -d '...'"),
        None => format!(
            "secrets set project/{project}/{} -d '...'",
            name.to_ascii_lowercase()
        ),
    }
}

/// A path for people: what is not known of it is shown as `…`, and nothing can be a control
/// character.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let shown: String = text
        .chars()
        .map(|c| match c {
            UNKNOWN => '…',
            c if c.is_control() => '?',
            c => c,
        })
        .take(400)
        .collect();
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(project: &str, file: &str) -> Linked {
        Linked {
            project: project.parse().unwrap(),
            file: PathBuf::from(file),
            real: None,
        }
    }

    fn decided(kind: Kind, path: &str, may_read: bool) -> Option<Denial> {
        let effects = [Effect::new(kind, PathBuf::from(path))];
        let links = [
            linked("consilio", "/p/.env"),
            linked("odd", "/q/config.txt"),
        ];
        decide(&effects, &links, may_read, &|_| None)
    }

    #[test]
    fn a_link_or_a_name_makes_an_env_file() {
        for (kind, path, denied) in [
            (Kind::Write, "/p/.env", true),
            (Kind::Write, "/other/.env.local", true),
            (Kind::Write, "/q/config.txt", true),
            (Kind::Write, "/p/.env.example", false),
            (Kind::Write, "/p/src/main.rs", false),
            (Kind::Read, "/p/.env", true),
            (Kind::Read, "/p/.env*", true),
            (Kind::Read, "/p/*", false),
            (Kind::Read, "/other/.env", false),
            (Kind::Delete, "/p", true),
            (Kind::Delete, "/p/.env*", true),
            (Kind::Delete, "/p/src", false),
            (Kind::Delete, "/other/.env", true),
        ] {
            assert_eq!(
                decided(kind, path, false).is_some(),
                denied,
                "{kind:?} {path}"
            );
        }
        assert!(decided(Kind::Read, "/p/.env", true).is_none());
        assert!(decided(Kind::Write, "/p/.env", true).is_some());
    }

    #[test]
    fn a_link_to_an_env_file_is_one() {
        let effects = [Effect::new(Kind::Write, PathBuf::from("/p/settings"))];
        let links = [linked("consilio", "/p/.env")];
        let real = |path: &Path| (path == Path::new("/p/settings")).then(|| "/p/.env".into());
        let denial = decide(&effects, &links, false, &real).unwrap();
        assert_eq!(denial.project.unwrap().as_str(), "consilio");
    }

    #[test]
    fn the_reason_has_the_command_to_run() {
        let mut effect = Effect::new(Kind::Write, PathBuf::from("/p/.env"));
        effect.names = vec!["STRIPE_API_KEY".to_owned()];
        let links = [linked("consilio", "/p/.env")];
        let denial = decide(&[effect], &links, false, &|_| None).unwrap();
        let reason = denial.reason();
        assert!(reason.contains("`secrets set project/consilio/stripe_api_key -d '...'`"));
        assert!(reason.contains("`secrets generate project/consilio/stripe_api_key -d '...'`"));
        let unlinked = decided(Kind::Write, "/srv/My App/.env", false)
            .unwrap()
            .reason();
        assert!(
            unlinked.contains("secrets link my-app '/srv/My App/.env'"),
            "{unlinked}"
        );
    }

    #[test]
    fn patterns_fit_as_in_a_shell() {
        for (pattern, name, expected) in [
            (".env*", ".env", true),
            (".env.?", ".env.x", true),
            (".e*v", ".env", true),
            ("*", ".env", true),
            (".env", ".env.x", false),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
        ] {
            assert_eq!(
                glob(pattern.as_bytes(), name.as_bytes()),
                expected,
                "{pattern} {name}"
            );
        }
    }
}
