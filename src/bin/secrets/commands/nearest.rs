//! Suggests the secret that was probably meant, if there is none of the name that was typed.

use secrets::Error;
use secrets::model::key_path::KeyPath;
use secrets::ops::{self, list};

use super::{Call, Verb};
use crate::failure::Failure;

/// Puts similar key paths in front of the hints. Looks for them only if the verb failed because of
/// its key path; listing names needs no identity.
pub(super) fn suggest(call: &Call<'_>, verb: &dyn Verb, failure: Failure) -> Failure {
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
    let Some(typed) = verb.key_path().filter(|_| is_about_a_name) else {
        return failure;
    };
    let names = call
        .session()
        .and_then(|session| Ok(ops::list::names(session, &list::Request::default())?))
        .unwrap_or_default();
    let mut failure = failure;
    let is_project = |name: &KeyPath| name.project().is_some_and(|name| name.as_str() == typed);
    if names.iter().any(is_project)
        && let Some(meant) = verb.with_project(typed)
    {
        failure.hints.insert(0, format!("did you mean {meant}?"));
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
