//! The grammar of names and of whole paths.

use super::{KeyPathRule, MAX_LEN, MAX_NAME_LEN, NameRule, Scope};

/// Whether a name has to be whole, or may stop anywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Whole,
    Beginning,
}

/// The segments of a text that is right as a whole.
pub(super) fn split_checked(text: &str) -> Result<std::str::Split<'_, char>, KeyPathRule> {
    if text.is_empty() {
        Err(KeyPathRule::Empty)
    } else if text.len() > MAX_LEN {
        Err(KeyPathRule::TooLong)
    } else if text.starts_with('/') || text.ends_with('/') {
        Err(KeyPathRule::OuterSlash)
    } else {
        Ok(text.split('/'))
    }
}

pub(super) fn begins_with_scope(text: &str) -> bool {
    text.split('/').next().and_then(Scope::parse).is_some()
}

pub(super) fn check_owner(text: &str, form: Form) -> Result<(), NameRule> {
    check_length(text)?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => {}
            b'A'..=b'Z' => return Err(NameRule::UpperCase),
            _ => return Err(NameRule::Character),
        }
    }
    if text.starts_with(['_', '-']) {
        Err(NameRule::Start)
    } else if form == Form::Whole && text.ends_with('-') {
        Err(NameRule::End)
    } else {
        check_device(text, form)
    }
}

pub(super) fn check_secret(text: &str, form: Form) -> Result<(), NameRule> {
    check_length(text)?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => {}
            b'A'..=b'Z' => return Err(NameRule::UpperCase),
            b'-' => return Err(NameRule::Dash),
            _ => return Err(NameRule::Character),
        }
    }
    if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
        Err(NameRule::Start)
    } else {
        check_device(text, form)
    }
}

fn check_length(text: &str) -> Result<(), NameRule> {
    match text.len() {
        0 => Err(NameRule::Empty),
        1..=MAX_NAME_LEN => Ok(()),
        _ => Err(NameRule::TooLong),
    }
}

/// Windows opens the device for these, in any folder. `CONIN$` and the like need characters
/// that no name has.
fn check_device(text: &str, form: Form) -> Result<(), NameRule> {
    let numbered = |device| {
        text.strip_prefix(device)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    };
    let is_device =
        matches!(text, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    match is_device && form == Form::Whole {
        true => Err(NameRule::DeviceName),
        false => Ok(()),
    }
}
