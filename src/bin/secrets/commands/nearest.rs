//! The secret that was probably meant, where there is none of the name that was typed.

use secrets::Error;
use secrets::model::key_path::KeyPath;
use secrets::ops::{self, Context, list};

use crate::args::Command;
use crate::failure::Failure;

/// Puts the secrets that a command may have meant in front of the hints. Looks for them only if
/// the command failed for its key path; names alone need no key.
pub(super) fn suggest(context: &Context<'_>, command: &Command, failure: Failure) -> Failure {
    let is_about_a_name = match failure.library_error() {
        Some(
            Error::EntryNotFound(_)
            | Error::DescriptionMissing(_)
            | Error::DescriptionsMissing { .. },
        ) => true,
        // Where the rules give a nearest key path, it is among the hints already.
        Some(Error::KeyPath(error)) => error.nearest().is_none(),
        _ => false,
    };
    let Some(typed) = named(command).filter(|_| is_about_a_name) else {
        return failure;
    };
    let names = ops::list::names(context, &list::Request::default()).unwrap_or_default();
    let mut failure = failure;
    // `run consilio -- npm start`: the project, where secrets are named.
    let is_project = |name: &KeyPath| name.project().is_some_and(|name| name.as_str() == typed);
    if let (Command::Run(_), true) = (command, names.iter().any(is_project)) {
        let hint = format!("did you mean secrets run --project {typed} -- CMD?");
        failure.hints.insert(0, hint);
        return failure;
    }
    let meant = KeyPath::nearest_of(typed, &names);
    if !meant.is_empty() {
        let meant: Vec<String> = meant.iter().map(ToString::to_string).collect();
        failure
            .hints
            .insert(0, format!("did you mean {}?", meant.join(" or ")));
    }
    failure
}

/// The key path that a command is about, as it was typed.
fn named(command: &Command) -> Option<&str> {
    Some(match command {
        Command::Set(args) => &args.key_path,
        Command::Generate(args) => &args.key_path,
        Command::Get(args) => &args.key_path,
        Command::Rotate(args) => &args.key_path,
        Command::Rollback(args) => &args.key_path,
        Command::History(args) => &args.key_path,
        Command::Rm(args) => &args.key_path,
        Command::Mv(args) => &args.from,
        Command::Prune(args) => &args.key_path,
        Command::Run(args) => match args.key_paths.as_slice() {
            [only] => only,
            _ => return None,
        },
        _ => return None,
    })
}
