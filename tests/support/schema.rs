//! A check of answers against the schemas of this program. Stricter than a validator: a field that no
//! schema names is a fault, and so is a keyword that this check does not know.

use serde_json::{Value, json};

/// What is wrong with an answer, by its schema.
pub fn faults(schema: &Value, answer: &Value, at: &str, faults: &mut Vec<String>) {
    const KNOWN: &[&str] = &[
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "const",
        "oneOf",
        "anyOf",
        "format",
        "pattern",
        "minimum",
        "description",
    ];
    let schema = schema.as_object().expect("a schema is an object");
    for keyword in schema.keys() {
        assert!(
            KNOWN.contains(&keyword.as_str()),
            "{at}: this check does not know {keyword}"
        );
    }
    let mut wrong = |what: &str| faults.push(format!("{at}: {what}: {answer}"));
    let one_of = |schemas: &Value| {
        let schemas = schemas.as_array().unwrap().iter();
        let fits = schemas.filter(|schema| {
            let mut own = Vec::new();
            self::faults(schema, answer, at, &mut own);
            own.is_empty()
        });
        fits.count()
    };
    if let Some(types) = schema.get("type") {
        let is = |name: &Value| match name.as_str().unwrap() {
            "object" => answer.is_object(),
            "array" => answer.is_array(),
            "string" => answer.is_string(),
            "boolean" => answer.is_boolean(),
            "integer" => answer.is_u64() || answer.is_i64(),
            "null" => answer.is_null(),
            other => panic!("{at}: this check does not know the type {other}"),
        };
        let fits = match types {
            Value::Array(types) => types.iter().any(is),
            one => is(one),
        };
        if !fits {
            wrong("another type");
        }
    }
    if schema
        .get("enum")
        .is_some_and(|allowed| !allowed.as_array().unwrap().contains(answer))
    {
        wrong("not one of them");
    }
    if schema
        .get("const")
        .is_some_and(|constant| constant != answer)
    {
        wrong("not that");
    }
    if schema
        .get("oneOf")
        .is_some_and(|schemas| one_of(schemas) != 1)
    {
        wrong("none of these, or several");
    }
    if schema
        .get("anyOf")
        .is_some_and(|schemas| one_of(schemas) == 0)
    {
        wrong("none of these");
    }
    if let (Some(least), Some(number)) = (schema.get("minimum"), answer.as_i64())
        && number < least.as_i64().unwrap()
    {
        wrong("too small");
    }
    if let Some(text) = answer.as_str() {
        if let Some(pattern) = schema.get("pattern") {
            let pattern = regex::Regex::new(pattern.as_str().unwrap()).unwrap();
            if !pattern.is_match(text) {
                wrong("does not match");
            }
        }
        if let Some(format) = schema.get("format") {
            assert_eq!(format, "date-time", "{at}");
            if text.parse::<jiff::Timestamp>().is_err() {
                wrong("no moment");
            }
        }
    }
    if let Some(items) = answer.as_array() {
        for (index, item) in items.iter().enumerate() {
            self::faults(&schema["items"], item, &format!("{at}[{index}]"), faults);
        }
    }
    if let (Some(fields), Some(properties)) = (answer.as_object(), schema.get("properties")) {
        for (name, field) in fields {
            match properties.get(name) {
                Some(schema) => self::faults(schema, field, &format!("{at}.{name}"), faults),
                None => faults.push(format!("{at}: no schema has the field {name}")),
            }
        }
        for name in schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if !fields.contains_key(name.as_str().unwrap()) {
                faults.push(format!("{at}: the field {name} is missing"));
            }
        }
    }
}

#[test]
fn the_check_sees_what_is_wrong() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": { "type": "string", "enum": ["x"] },
            "n": { "type": ["integer", "null"], "minimum": 1 },
            "l": { "type": "array", "items": { "type": "string", "format": "date-time" } },
            "k": { "type": "string", "pattern": "^[a-z]+$" },
        },
        "required": ["a"],
    });
    let found = |answer: Value| {
        let mut found = Vec::new();
        faults(&schema, &answer, "", &mut found);
        found.len()
    };
    assert_eq!(
        found(json!({ "a": "x", "n": null, "l": ["2026-01-21T10:00:00Z"], "k": "k" })),
        0
    );
    for wrong in [
        json!({}),
        json!({ "a": "y" }),
        json!({ "a": "x", "n": 0 }),
        json!({ "a": "x", "n": "1" }),
        json!({ "a": "x", "l": ["today"] }),
        json!({ "a": "x", "k": "K" }),
        json!({ "a": "x", "more": 1 }),
        json!([]),
    ] {
        assert_eq!(found(wrong.clone()), 1, "{wrong}");
    }
}
