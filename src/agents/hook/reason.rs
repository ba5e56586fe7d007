//! What an agent is told when a call of its is refused: why, and what to run instead.
//!
//! Invariants: a reason holds paths and names of variables and nothing else of the call.

use std::path::Path;

use super::decide::Denial;
use super::effect::{Kind, UNKNOWN};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::shell;

/// How many variables a reason speaks of.
const MAX_SHOWN: usize = 6;

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
            (Kind::Read, Some(project)) => {
                let around = match self.searched {
                    true => {
                        " This search would show lines of it: leave it out, as grep's \
                             --exclude='.env*' does."
                    }
                    false => "",
                };
                format!(
                    "{file} holds the secrets of {project} and is not shown.{around} `secrets list \
                     --project {project}` lists their names and what each is for; `secrets run \
                     --project {project} -- CMD` runs a program with them. No tool call needs their \
                     values."
                )
            }
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
    use std::path::PathBuf;

    use super::*;

    fn denial(project: Option<&str>, file: &str, names: &[&str]) -> Denial {
        Denial {
            kind: Kind::Write,
            file: PathBuf::from(file),
            project: project.map(|name| name.parse().unwrap()),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            searched: false,
        }
    }

    #[test]
    fn the_reason_has_the_command_to_run() {
        let reason = denial(Some("consilio"), "/p/.env", &["STRIPE_API_KEY"]).reason();
        assert!(reason.contains("`secrets set project/consilio/stripe_api_key -d '...'`"));
        assert!(reason.contains("`secrets generate project/consilio/stripe_api_key -d '...'`"));
        let unlinked = denial(None, "/srv/My App/.env", &[]).reason();
        assert!(
            unlinked.contains("secrets link my-app '/srv/My App/.env'"),
            "{unlinked}"
        );
    }
}
