//! The decision: which tool calls are refused, and what to run instead.
//!
//! A write to an env file, or taking one away, is refused if a link names the file, if the file's
//! own name does, or (taking away) if a directory with a linked file in it goes. Showing the values
//! of a linked file is refused unless the policy allows it. Everything else has no opinion here.
//!
//! Invariants: a reason holds paths and names of variables and nothing else of the call.

use std::path::{Path, PathBuf};

use super::effect::{Effect, Kind};
use super::glob::glob;
use super::search::Search;
use crate::env_file::file_name::is_env_file;
use crate::model::key_path::OwnerName;

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
    /// Whether a search through a directory would have come to it.
    pub searched: bool,
}

/// What is looked up on disk while a call is decided on.
pub trait Disk {
    /// The file behind a path, if that is another.
    fn real(&self, path: &Path) -> Option<PathBuf>;
    /// Whether a search shows a line of a file.
    fn shows(&self, search: &Search, file: &Path) -> bool;
}

/// Decides on a tool call; `None` has no opinion.
pub fn decide(
    effects: &[Effect],
    links: &[Linked],
    may_read: bool,
    disk: &impl Disk,
) -> Option<Denial> {
    let denied = |wanted: Kind| {
        effects
            .iter()
            .filter(|effect| effect.kind == wanted)
            .find_map(|effect| match &effect.search {
                Some(search) => deny_search(effect, search, links, disk),
                None => deny(effect, links, disk),
            })
    };
    denied(Kind::Write)
        .or_else(|| denied(Kind::Delete))
        .or_else(|| if may_read { None } else { denied(Kind::Read) })
}

/// Refuses a search that comes to a linked file and shows a line of it.
fn deny_search(
    effect: &Effect,
    search: &Search,
    links: &[Linked],
    disk: &impl Disk,
) -> Option<Denial> {
    let behind = disk.real(&effect.path);
    let is_shown = |linked: &&Linked| {
        let files = [Some(&linked.file), linked.real.as_ref()];
        let dirs = [Some(&effect.path), behind.as_ref()];
        let is_reached = files.into_iter().flatten().any(|file| {
            let mut dirs = dirs.into_iter().flatten();
            dirs.any(|dir| search.reaches(dir, file))
        });
        is_reached && disk.shows(search, &linked.file)
    };
    let linked = links.iter().find(is_shown)?;
    Some(Denial {
        kind: effect.kind,
        file: linked.file.clone(),
        project: Some(linked.project.clone()),
        names: Vec::new(),
        searched: true,
    })
}

fn deny(effect: &Effect, links: &[Linked], disk: &impl Disk) -> Option<Denial> {
    let path = &effect.path;
    let behind = disk.real(path);
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
        searched: false,
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

#[cfg(test)]
mod tests {
    use super::super::search::{Extent, Syntax};
    use super::*;

    fn linked(project: &str, file: &str) -> Linked {
        Linked {
            project: project.parse().unwrap(),
            file: PathBuf::from(file),
            real: None,
        }
    }

    /// A disk on which `/p/settings` is a link to `/p/.env`, which has one line, and `/alias` to `/p`.
    struct OneLink;

    impl Disk for OneLink {
        fn real(&self, path: &Path) -> Option<PathBuf> {
            match path.to_str()? {
                "/p/settings" => Some("/p/.env".into()),
                "/alias" => Some("/p".into()),
                _ => None,
            }
        }

        fn shows(&self, search: &Search, file: &Path) -> bool {
            file == Path::new("/p/.env") && search.shows(b"STRIPE_API_KEY=canary")
        }
    }

    fn decided(kind: Kind, path: &str, may_read: bool) -> Option<Denial> {
        let effects = [Effect::new(kind, PathBuf::from(path))];
        let links = [
            linked("consilio", "/p/.env"),
            linked("odd", "/q/config.txt"),
        ];
        decide(&effects, &links, may_read, &OneLink)
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
        let denial = decide(&effects, &links, false, &OneLink).unwrap();
        assert_eq!(denial.project.unwrap().as_str(), "consilio");
    }

    #[test]
    fn a_search_is_refused_only_where_it_shows_a_line() {
        let links = [linked("consilio", "/p/.env")];
        for (dir, pattern, denied) in [
            ("/p", "STRIPE", true),
            ("/", "canary", true),
            ("/alias", "STRIPE", true),
            ("/p", "TODO", false),
            ("/q", "STRIPE", false),
        ] {
            let search = Search::new(pattern, Syntax::Basic, Extent::Anywhere);
            let effects = [Effect::searching(PathBuf::from(dir), search)];
            let denial = decide(&effects, &links, false, &OneLink);
            assert_eq!(denial.is_some(), denied, "{dir} {pattern}");
            assert!(decide(&effects, &links, true, &OneLink).is_none());
        }
    }
}
