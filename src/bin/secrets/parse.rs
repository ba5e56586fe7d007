//! Arguments that name something, with a hint where they do not.

use jiff::Timestamp;
use secrets::Error;
use secrets::env_file::EnvName;
use secrets::model::key_path::{KeyPath, KeyPrefix, OwnerName};

use crate::failure::{Code, Failure};

pub(crate) fn key_path(text: &str) -> Result<KeyPath, Failure> {
    Ok(KeyPath::parse(text).map_err(Error::from)?)
}

/// A moment: a date (its end), or a date and a time.
pub(crate) fn moment(text: &str) -> Result<Timestamp, Failure> {
    let end_of_day = format!("{text}T23:59:59Z");
    text.parse().or_else(|_| end_of_day.parse()).map_err(|_| {
        Failure::new(Code::InvalidDate, "this is not a moment")
            .hint("a moment is like 2026-01-21 or 2026-01-21T10:00:00Z")
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
