//! Tools: names, parameters, what is answered, and hints for clients. The table of them is in [`table`].
//!
//! The schema of what a tool takes is made from its parameters here, the schema of what it gives
//! from the type of its answer. Patterns are left out of what it takes: a client would refuse a
//! wrong key path by itself, and with it the message that says which one was meant.

mod table;

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool as Offered, ToolAnnotations};
use serde_json::{Map, Value, json};

use super::calls::{Answer, Call};

pub(super) use self::table::TOOLS;

/// One tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    title: &'static str,
    about: &'static str,
    pub(super) parameters: &'static [Parameter],
    output: fn() -> Value,
    pub(super) does: Does,
    /// Whether something that was there may be gone from its place afterwards. Never from the vault.
    replaces: bool,
    /// Whether a second call changes nothing more.
    idempotent: bool,
    /// Whether the operation that gave this answer has written a line of the audit trail by itself.
    pub(super) is_noted: fn(&Value) -> bool,
    pub(super) run: fn(&mut Call<'_>) -> Answer,
}

/// What a tool may do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Looks.
    Read,
    /// Lets a value out.
    LetOut,
    /// Changes the vault or an env file.
    Write,
}

/// One parameter.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) about: &'static str,
}

/// What a parameter is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// From 1.
    Number,
    Flag,
    /// One of the names of a type of the library.
    Word(fn() -> Vec<&'static str>),
}

const fn parameter(
    name: &'static str,
    kind: Kind,
    required: bool,
    about: &'static str,
) -> Parameter {
    Parameter {
        name,
        kind,
        required,
        about,
    }
}

/// The tool of a name.
pub(super) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// The tool as it is listed.
    pub(super) fn offered(&self) -> Offered {
        // A revealed value leaves this machine with the conversation. Clients that run harmless
        // tools without asking must ask for this one.
        let annotations = ToolAnnotations::with_title(self.title)
            .read_only(self.does == Does::Read)
            .destructive(self.replaces)
            .idempotent(self.idempotent)
            .open_world(self.does == Does::LetOut);
        Offered::new(self.name, self.about, Arc::new(self.input()))
            .with_title(self.title)
            .with_raw_output_schema(Arc::new(object((self.output)())))
            .with_annotations(annotations)
    }

    fn input(&self) -> JsonObject {
        let properties: Map<String, Value> = self
            .parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), parameter.schema()))
            .collect();
        let required: Vec<&str> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| parameter.name)
            .collect();
        object(json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }))
    }
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text => json!({ "type": "string" }),
            Kind::Number => json!({ "type": "integer", "minimum": 1 }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Word(words) => json!({ "type": "string", "enum": words() }),
        };
        schema["description"] = self.about.into();
        schema
    }
}

fn object(schema: Value) -> JsonObject {
    match schema {
        Value::Object(schema) => schema,
        _ => JsonObject::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_all_that_a_client_may_want_to_know() {
        for tool in TOOLS {
            let offered = serde_json::to_value(tool.offered()).unwrap();
            for field in ["name", "title", "description", "annotations"] {
                assert!(offered.get(field).is_some(), "{}: {field}", tool.name);
            }
            for schema in ["inputSchema", "outputSchema"] {
                assert_eq!(offered[schema]["type"], "object", "{}: {schema}", tool.name);
            }
            for hint in ["readOnlyHint", "destructiveHint", "idempotentHint"] {
                assert!(
                    offered["annotations"][hint].is_boolean(),
                    "{}: {hint}",
                    tool.name
                );
            }
            let reveals = tool.does == Does::LetOut;
            assert_eq!(offered["annotations"]["openWorldHint"], reveals);
            assert!(!reveals || offered["annotations"]["readOnlyHint"] == false);
            assert!(!tool.replaces || tool.does == Does::Write, "{}", tool.name);
        }
    }
}
