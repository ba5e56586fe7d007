//! Parses arguments that name something; a failure has a hint that shows the right form.

use std::path::Path;

use jiff::Timestamp;
use secrets::Error;
use secrets::env_file::EnvName;
use secrets::model::key_path::{KeyPath, KeyPrefix, OwnerName};

use crate::failure::{Code, Failure};

/// How every age identity begins.
const AGE_KEY: &[u8] = b"AGE-SECRET-KEY-";

/// Checks that something has the name that an option was given. The failure does not repeat the
/// name: somebody may have given a value in its place.
pub(crate) fn existing(path: &Path, option: &str) -> Result<(), Failure> {
    not_a_key(path, option)?;
    match secrets::storage::fs::exists(path) {
        Ok(true) => Ok(()),
        Err(Error::Io { source, .. }) if source.kind() == std::io::ErrorKind::PermissionDenied => {
            Ok(())
        }
        _ => Err(Failure::new(
            Code::Usage,
            format!("the path given as {option} does not exist"),
        )
        .hint(format!("{option} takes the name of a file, never a value"))),
    }
}

/// Refuses an age key in the place of a path.
pub(crate) fn not_a_key(path: &Path, option: &str) -> Result<(), Failure> {
    if !path.as_os_str().as_encoded_bytes().starts_with(AGE_KEY) {
        return Ok(());
    }
    let message = format!("{option} takes the name of a file, and was given an age key");
    Err(Failure::new(Code::Usage, message)
        .hint("a key itself goes into the environment variable SECRETS_IDENTITY")
        .hint("this key may now be in the shell's history: remove it there"))
}

pub(crate) fn key_path(text: &str) -> Result<KeyPath, Failure> {
    Ok(KeyPath::parse(text).map_err(Error::from)?)
}

/// A moment: a date (its end), or a date and a time.
pub(crate) fn moment(text: &str) -> Result<Timestamp, Failure> {
    let end_of_day = format!("{text}T23:59:59Z");
    text.parse().or_else(|_| end_of_day.parse()).map_err(|_| {
        Failure::new(Code::InvalidDate, "not a date or time")
            .hint("use a form such as 2026-01-21 or 2026-01-21T10:00:00Z")
    })
}

pub(crate) fn project(text: &str) -> Result<OwnerName, Failure> {
    text.parse()
        .map_err(|error: secrets::model::key_path::NameError| {
            let hint = match error.nearest() {
                Some(nearest) => format!("did you mean {nearest}?"),
                None => "a project's name is like consilio or health-agent".to_owned(),
            };
            Failure::parse(error.code(), error).hint(hint)
        })
}

pub(crate) fn prefix(text: Option<&str>) -> Result<Option<KeyPrefix>, Failure> {
    text.map(|text| {
        KeyPrefix::parse(text).map_err(|error| {
            let hint = match error.nearest() {
                Some(nearest) => format!("did you mean {}?", nearest.as_str()),
                None => "a prefix is like project, project/consilio or meta/cloudflare".to_owned(),
            };
            Failure::parse(error.code(), error).hint(hint)
        })
    })
    .transpose()
}

pub(crate) fn env_name(text: Option<&str>) -> Result<Option<EnvName>, Failure> {
    text.map(|text| {
        EnvName::try_new(text).map_err(|error| {
            Failure::parse(error.code(), error).hint("a variable's name is like STRIPE_API_KEY")
        })
    })
    .transpose()
}

/// For verbs whose only way out of a missing link is to make one.
pub(crate) fn only_link(error: Error) -> Failure {
    let is_missing = matches!(error, Error::NotLinked(_));
    let mut failure = Failure::from(error);
    if is_missing {
        failure.hints.truncate(1);
    }
    failure
}
