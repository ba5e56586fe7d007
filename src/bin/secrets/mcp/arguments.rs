//! What a call brings, read by hand from its JSON object.
//!
//! Typed parameters would be shorter. But their error messages quote what they did not understand,
//! and an agent that misspells `value` has put a value there. So: names, kinds and what is required
//! come from the table of [`tools`](super::tools); a message names a parameter of the table, and of
//! what was sent only a name that can be nothing else.
//!
//! Invariants: nothing that was sent but such a name is in an error. All strings are wiped when this
//! goes, understood or not.

use rmcp::model::JsonObject;
use secrets::model::secret::SecretBytes;
use serde_json::Value;
use zeroize::Zeroize as _;

use super::tools::{Kind, Parameter, Tool};
use crate::failure::{Code, Failure};

/// The arguments of one call, checked against the table.
pub(super) struct Arguments(JsonObject);

impl Arguments {
    pub(super) fn new(tool: &Tool, fields: Option<JsonObject>) -> Result<Self, Failure> {
        let mut arguments = Self(fields.unwrap_or_default());
        // Many clients send null for what they leave out; Gemini CLI adds a parameter of its own to
        // every tool and sends it along.
        arguments.0.retain(|name, value| {
            !(value.is_null() || name == "wait_for_previous" && value.is_boolean())
        });
        for name in arguments.0.keys() {
            if !tool.parameters.iter().any(|known| known.name == name) {
                return Err(unknown(tool, name));
            }
        }
        for parameter in tool.parameters {
            match arguments.0.get(parameter.name) {
                Some(value) => check(tool, parameter, value)?,
                None if parameter.required => return Err(missing(tool, parameter)),
                None => {}
            }
        }
        Ok(arguments)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        self.0.get(name)?.as_u64()?.try_into().ok()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Takes a value out, without a copy.
    pub(super) fn secret(&mut self, name: &str) -> Option<SecretBytes> {
        match self.0.remove(name)? {
            Value::String(text) => Some(SecretBytes::new(text.into_bytes())),
            _ => None,
        }
    }
}

impl Drop for Arguments {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

fn check(tool: &Tool, parameter: &Parameter, value: &Value) -> Result<(), Failure> {
    let wrong = |what: &str| {
        let message = format!("{} of {} is not {what}", parameter.name, tool.name);
        Err(Failure::new(Code::WrongArgument, message))
    };
    match parameter.kind {
        Kind::Text if value.is_string() => Ok(()),
        Kind::Text => wrong("text"),
        Kind::Number => match value.as_u64() {
            Some(number) if (1..=u64::from(u32::MAX)).contains(&number) => Ok(()),
            _ => wrong("a whole number, 1 or more"),
        },
        Kind::Flag if value.is_boolean() => Ok(()),
        Kind::Flag => wrong("true or false"),
        Kind::Word(words) => match value.as_str() {
            Some(word) if words().contains(&word) => Ok(()),
            _ => wrong(&format!("one of: {}", words().join(", "))),
        },
    }
}

fn missing(tool: &Tool, parameter: &Parameter) -> Failure {
    let message = format!("{} needs {}", tool.name, parameter.name);
    Failure::new(Code::MissingArgument, message)
        .hint(format!("{}: {}", parameter.name, parameter.about))
}

fn unknown(tool: &Tool, name: &str) -> Failure {
    let shown = match is_a_name(name) {
        true => format!("the parameter {name}"),
        false => "a parameter that was sent".to_owned(),
    };
    let message = format!("{} does not have {shown}", tool.name);
    let failure = Failure::new(Code::UnknownArgument, message);
    if let Some(nearest) = nearest(tool, name) {
        return failure.hint(format!("did you mean {nearest}?"));
    }
    let names: Vec<&str> = tool.parameters.iter().map(|known| known.name).collect();
    failure.hint(match names.is_empty() {
        true => format!("{} takes nothing", tool.name),
        false => format!("{} takes: {}", tool.name, names.join(", ")),
    })
}

/// Whether a text can be nothing but the name of a parameter, and may be repeated.
fn is_a_name(text: &str) -> bool {
    let of_letters = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-';
    (1..=16).contains(&text.len()) && text.bytes().all(of_letters)
}

/// The parameter that was probably meant.
fn nearest<'t>(tool: &'t Tool, name: &str) -> Option<&'t str> {
    // Other servers' words for the same things.
    const OTHERS: &[(&str, &str)] = &[
        ("path", "keyPath"),
        ("key", "keyPath"),
        ("name", "keyPath"),
        ("id", "keyPath"),
        ("secret", "value"),
        ("secretvalue", "value"),
        ("password", "value"),
        ("comment", "description"),
        ("purpose", "description"),
        ("variable", "envName"),
        ("env", "envName"),
    ];
    let plain = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let meant = plain(name);
    let names = || tool.parameters.iter().map(|known| known.name);
    let same = names().find(|known| plain(known) == meant);
    let other = || {
        let (_, known) = OTHERS.iter().find(|(other, _)| *other == meant)?;
        names().find(|name| name == known)
    };
    let near = || {
        names()
            .map(|known| (strsim::jaro_winkler(&plain(known), &meant), known))
            .filter(|(likeness, _)| *likeness > 0.84)
            .max_by(|left, right| left.0.total_cmp(&right.0))
            .map(|(_, known)| known)
    };
    same.or_else(other).or_else(near)
}

#[cfg(test)]
mod tests {
    use super::super::tools;
    use super::*;
    use serde_json::json;

    fn refused(tool: &str, fields: Value) -> Failure {
        let Value::Object(fields) = fields else {
            panic!("arguments are an object");
        };
        match Arguments::new(tools::find(tool).unwrap(), Some(fields)) {
            Ok(_) => panic!("this was to be refused"),
            Err(failure) => failure,
        }
    }

    #[test]
    fn a_misspelt_parameter_is_named_with_the_right_one_and_its_value_is_not() {
        for (name, right) in [
            ("key_path", "keyPath"),
            ("keypath", "keyPath"),
            ("path", "keyPath"),
            ("keyPaht", "keyPath"),
            ("Value", "value"),
            ("valeu", "value"),
            ("secret", "value"),
            ("desc", "description"),
            ("descriptoin", "description"),
            ("env_name", "envName"),
            ("envname", "envName"),
        ] {
            let failure = refused("set_secret", json!({ name: "canary-1" }));
            assert_eq!(failure.code, Code::UnknownArgument);
            assert_eq!(failure.hints, [format!("did you mean {right}?")], "{name}");
            assert!(failure.message().contains(name), "{}", failure.message());
            assert!(!format!("{failure:?}").contains("canary"));
        }
        let failure = refused("set_secret", json!({ "sk_live_4eC39HqLyjWDarjtT1": "x" }));
        assert!(!format!("{failure:?}").contains("4eC39"), "{failure:?}");
        assert!(failure.hints[0].contains("keyPath"), "{failure:?}");
    }

    #[test]
    fn a_wrong_kind_is_named_and_not_quoted() {
        for (tool, fields) in [
            ("set_secret", json!({ "keyPath": ["canary-2"] })),
            (
                "set_secret",
                json!({ "keyPath": "a", "value": { "canary-2": "canary-2" } }),
            ),
            ("set_secret", json!({ "keyPath": "a", "value": 13_371_337 })),
            (
                "get_secret",
                json!({ "keyPath": "a", "version": "canary-2" }),
            ),
            ("get_secret", json!({ "keyPath": "a", "version": 0 })),
            ("get_secret", json!({ "keyPath": "a", "version": 1.5 })),
            (
                "get_secret",
                json!({ "keyPath": "a", "version": 13_371_337_000u64 }),
            ),
            (
                "generate_secret",
                json!({ "keyPath": "a", "format": "canary-2" }),
            ),
            ("verify_secrets", json!({ "strict": "canary-2" })),
        ] {
            let failure = refused(tool, fields.clone());
            assert_eq!(failure.code, Code::WrongArgument, "{fields}");
            let text = format!("{failure:?}");
            assert!(!text.contains("canary") && !text.contains("1337"), "{text}");
        }
        let failure = refused("set_secret", json!({ "value": "canary-3" }));
        assert_eq!(failure.code, Code::MissingArgument);
        assert!(!format!("{failure:?}").contains("canary"));
    }

    #[test]
    fn the_parameter_that_gemini_adds_is_dropped_and_no_other() {
        let tool = tools::find("get_secret").unwrap();
        let accepts = |fields: Value| {
            let Value::Object(fields) = fields else {
                unreachable!()
            };
            Arguments::new(tool, Some(fields)).is_ok()
        };
        for sent in [true, false] {
            assert!(accepts(
                json!({ "keyPath": "a", "wait_for_previous": sent })
            ));
        }
        assert!(!accepts(
            json!({ "keyPath": "a", "wait_for_previous": "true" })
        ));
        assert!(!accepts(json!({ "keyPath": "a", "waitForPrevious": true })));
        assert!(!accepts(json!({ "keyPath": "a", "wait_for_next": true })));
    }

    #[test]
    fn null_is_the_same_as_nothing() {
        let fields = json!({ "keyPath": "a", "value": null, "description": null });
        let Value::Object(fields) = fields else {
            unreachable!()
        };
        let tool = tools::find("set_secret").unwrap();
        let Ok(mut arguments) = Arguments::new(tool, Some(fields)) else {
            panic!("null was refused");
        };
        assert!(arguments.secret("value").is_none());
        assert_eq!(arguments.text("keyPath"), Some("a"));
    }
}
