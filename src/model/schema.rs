//! How this program's own types look in JSON, as JSON Schema (draft 2020-12).
//!
//! A report derives [`JsonSchema`] beside `Serialize`; its doc comments become the descriptions. What
//! is here: the types that are written as one text, and [`of`], which gives the schema of a report
//! as a client of any kind takes it: whole, without references, and without the formats that only
//! schemars knows.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, RemoveRefSiblings, Transform as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::model::key_path::{KeyPath, OwnerName, Scope};

/// The schema of what a type is written as.
pub fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| {
            settings.inline_subschemas = true;
            settings.meta_schema = None;
        });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RemoveRefSiblings::default().transform(&mut schema);
    RecursiveTransform(tidy).transform(&mut schema);
    schema.to_value()
}

/// Takes out the names of Rust's types, and their numbers' formats, which no other program knows.
fn tidy(schema: &mut Schema) {
    schema.remove("title");
    let is_known = |format: &Value| format == "date-time";
    if schema.get("format").is_some_and(|format| !is_known(format)) {
        schema.remove("format");
    }
    // What may be left out is left out, and never null.
    let required: Vec<Value> = match schema.get("required") {
        Some(Value::Array(names)) => names.clone(),
        _ => Vec::new(),
    };
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            if !required.iter().any(|required| required == name.as_str()) {
                not_null(property);
            }
        }
    }
    // A comment that is broken into lines is one text.
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
}

/// Takes null out of what a schema allows.
fn not_null(schema: &mut Value) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            schema["type"] = only.clone();
        }
    }
    for of in ["anyOf", "oneOf"] {
        if let Some(Value::Array(schemas)) = schema.get_mut(of) {
            schemas.retain(|schema| schema.get("type").is_none_or(|name| name != "null"));
        }
    }
}

/// A moment, for `#[schemars(with = "Moment")]` on a timestamp.
pub struct Moment;

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The grammar of the name of a project or provider.
const OWNER: &str = "[a-z0-9][a-z0-9_-]{0,62}";
/// The grammar of the name of a secret.
const SECRET: &str = "[a-z][a-z0-9_]{0,62}";

impl JsonSchema for KeyPath {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "KeyPath".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^(project|meta)/{OWNER}/{SECRET}$"),
        })
    }
}

impl JsonSchema for OwnerName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "OwnerName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{OWNER}$") })
    }
}

impl JsonSchema for Scope {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Scope".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["project", "meta"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a report is like.
    #[derive(serde::Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    struct Report {
        /// A number, over
        /// two lines.
        some_number: u32,
        /// When.
        #[schemars(with = "Option<Moment>")]
        created: Option<String>,
        /// Only sometimes.
        #[serde(skip_serializing_if = "Option::is_none")]
        only: Option<KeyPath>,
    }

    #[test]
    fn a_schema_says_what_is_written() {
        let schema = of::<Report>();
        let properties = &schema["properties"];
        assert_eq!(
            properties["someNumber"]["description"],
            "A number, over two lines."
        );
        assert_eq!(properties["someNumber"]["type"], "integer");
        assert!(properties["someNumber"].get("format").is_none());
        assert_eq!(properties["created"]["format"], "date-time");
        let required = schema["required"].as_array().unwrap();
        assert_eq!(required, &["someNumber", "created"]);
        assert_eq!(
            properties["created"]["type"],
            serde_json::json!(["string", "null"])
        );
        assert_eq!(properties["only"]["type"], "string");
        let text = schema.to_string();
        assert!(!text.contains("$ref") && !text.contains("title"), "{text}");
    }
}
