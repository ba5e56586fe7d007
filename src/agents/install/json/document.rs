//! Edits of a JSON document at one path. Comments and spacing are kept.

use jsonc_parser::ast::Value;
use jsonc_parser::common::{Range, Ranged as _};
use jsonc_parser::cst::{CstInputValue, CstObject, CstRootNode};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::super::{Refusal, line_at};

const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Parses a document and returns it with its root object; an empty text becomes `{}`.
pub(super) fn parse(text: &str) -> Result<(CstRootNode, CstObject), Refusal> {
    let text = if text.trim().is_empty() { "{}\n" } else { text };
    let root = CstRootNode::parse(text, &OPTIONS).map_err(|error| {
        // The parser's message may contain a value.
        Refusal::new(line_at(text, error.range().start), "invalid JSON")
    })?;
    let object = root
        .object_value()
        .ok_or_else(|| Refusal::new(1, "not a JSON object"))?;
    Ok((root, object))
}

/// The innermost existing value on a path of member names.
struct Place<'v, 't> {
    value: &'v Value<'t>,
    /// How many names of the path exist.
    depth: usize,
}

/// Follows the names as far as they exist.
fn find<'v, 't>(value: &'v Value<'t>, names: &[&str]) -> Place<'v, 't> {
    let mut place = Place { value, depth: 0 };
    for name in names {
        let Value::Object(object) = place.value else {
            break;
        };
        let named = |name: &str| {
            let mut members = object.properties.iter();
            members.find(|member| member.name.as_str() == name)
        };
        let Some(member) = named(name) else {
            break;
        };
        place = Place {
            value: &member.value,
            depth: place.depth + 1,
        };
    }
    place
}

/// Builds a refusal with the line of the value at a path.
pub(super) fn refuse(text: &str, names: &[&str], problem: impl Into<String>) -> Refusal {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS);
    let value = parsed.ok().and_then(|parsed| parsed.value);
    let line = value.map_or(1, |value| {
        line_at(text, find(&value, names).value.range().start)
    });
    Refusal::new(line, problem)
}

pub(super) fn object_in(text: &str, object: &CstObject, name: &str) -> Result<CstObject, Refusal> {
    let object = object.object_value_or_create(name);
    object.ok_or_else(|| refuse(text, &[name], format!("`{name}` is not an object")))
}

/// Appends a value to the list at a path, or inserts it as `member` of the object there. Missing
/// objects on the path are created.
pub(super) fn insert(
    text: &str,
    names: &[&str],
    member: Option<&str>,
    value: CstInputValue,
) -> Result<String, Refusal> {
    if let Some(text) = insert_on_one_line(text, names, member, &value) {
        return Ok(text);
    }
    let (root, mut object) = parse(text)?;
    let objects = match member {
        Some(_) => names,
        None => &names[..names.len() - 1],
    };
    for (at, name) in objects.iter().enumerate() {
        object = object
            .object_value_or_create(name)
            .ok_or_else(|| refuse(text, &names[..=at], format!("`{name}` is not an object")))?;
    }
    match (member, names.last()) {
        (Some("version"), _) => {
            object.insert(0, "version", value);
        }
        (Some(member), _) => {
            object.append(member, value);
        }
        (None, Some(name)) => {
            let list = object.array_value_or_create(name);
            let list = list.ok_or_else(|| {
                refuse(text, names, format!("`{}` is not a list", names.join(".")))
            })?;
            list.append(value);
        }
        (None, None) => {}
    }
    Ok(root.to_string())
}

/// [`insert`] into a non-empty container on one line, which stays on one line.
fn insert_on_one_line(
    text: &str,
    names: &[&str],
    member: Option<&str>,
    value: &CstInputValue,
) -> Option<String> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).ok()?;
    let document = parsed.value?;
    let place = find(&document, names);
    let end = |last: Option<Range>| last.map(|range| range.end);
    let is_whole = place.depth == names.len();
    let last = match place.value {
        Value::Object(object) if !is_whole || member.is_some() => {
            end(object.properties.last().map(|member| member.range()))
        }
        Value::Array(list) if is_whole && member.is_none() => {
            end(list.elements.last().map(|element| element.range()))
        }
        _ => None,
    }?;
    let range = place.value.range();
    if text[range.start..range.end].contains('\n') {
        return None;
    }
    // Wraps the value in the missing containers, innermost first.
    let mut addition = match member {
        Some(member) => format!("{}: {}", quoted(member), one_line(value)),
        None if is_whole => one_line(value),
        None => format!("[{}]", one_line(value)),
    };
    for (at, name) in names.iter().enumerate().skip(place.depth).rev() {
        let is_list = member.is_none() && at + 1 == names.len();
        addition = match is_list {
            true => format!("{}: {addition}", quoted(name)),
            false => format!("{}: {{{addition}}}", quoted(name)),
        };
    }
    let after = &text[last..range.end];
    if after.contains('/') {
        // A comment may contain commas and brackets.
        return None;
    }
    let comma = after.find(',').map(|at| last + at + 1);
    let (at, front) = match comma {
        Some(at) => (at, " "),
        None => (last, ", "),
    };
    Some(format!("{}{front}{addition}{}", &text[..at], &text[at..]))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Formats a value on one line.
fn one_line(value: &CstInputValue) -> String {
    match value {
        CstInputValue::Null => "null".to_owned(),
        CstInputValue::Bool(value) => value.to_string(),
        CstInputValue::Number(value) => value.clone(),
        CstInputValue::String(value) => quoted(value),
        CstInputValue::Array(values) => {
            let values: Vec<String> = values.iter().map(one_line).collect();
            format!("[{}]", values.join(", "))
        }
        CstInputValue::Object(members) => {
            let members = members.iter();
            let members: Vec<String> = members
                .map(|(name, value)| format!("{}: {}", quoted(name), one_line(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// Removes a member that is an empty object or list without comments.
pub(super) fn remove_if_empty(object: &CstObject, name: &str) {
    let Some(member) = object.get(name) else {
        return;
    };
    let children = match member.value() {
        Some(value) => value.children(),
        None => return,
    };
    let is_empty = children
        .iter()
        .all(|child| child.is_token() || child.is_whitespace() || child.is_newline());
    if is_empty {
        member.remove();
    }
}
