//! JSON configurations, with the comments and trailing commas that many of them have.

use jsonc_parser::ast::Value;
use jsonc_parser::common::{Range, Ranged as _};
use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstRootNode};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::{Refusal, SERVER, is_hook, is_server, line_at};

/// How an agent wants its hook.
#[derive(Debug, Clone)]
pub(super) enum Hook {
    /// `hooks.<event>`: a list of groups, each a matcher and a list of hooks.
    Group {
        event: &'static str,
        matcher: &'static str,
        timeout: u32,
        name: bool,
    },
    /// `hooks.<event>`: a list of hooks; beside `hooks` a `version`.
    Flat {
        events: &'static [(&'static str, Option<&'static str>)],
        typed: bool,
    },
}

impl Hook {
    fn events(&self) -> Vec<&'static str> {
        match self {
            Self::Group { event, .. } => vec![event],
            Self::Flat { events, .. } => events.iter().map(|(event, _)| *event).collect(),
        }
    }
}

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

/// The document and its outermost object, which is made if there is nothing yet.
fn parse(text: &str) -> Result<(CstRootNode, CstObject), Refusal> {
    let text = if text.trim().is_empty() { "{}\n" } else { text };
    let root = CstRootNode::parse(text, &OPTIONS).map_err(|error| {
        // The parser's own words may hold a value.
        Refusal::new(line_at(text, error.range().start), "this is not JSON")
    })?;
    let object = root
        .object_value()
        .ok_or_else(|| Refusal::new(1, "this is not a JSON object"))?;
    Ok((root, object))
}

/// A place in a document: names of members, one in the other.
struct Place<'v, 't> {
    value: &'v Value<'t>,
    /// How many of the names are there.
    depth: usize,
}

/// The innermost value on the way along these names that is there.
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

/// A refusal of what stands at a place.
fn refuse(text: &str, names: &[&str], problem: impl Into<String>) -> Refusal {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS);
    let value = parsed.ok().and_then(|parsed| parsed.value);
    let line = value.map_or(1, |value| {
        line_at(text, find(&value, names).value.range().start)
    });
    Refusal::new(line, problem)
}

fn object_in(text: &str, object: &CstObject, name: &str) -> Result<CstObject, Refusal> {
    let object = object.object_value_or_create(name);
    object.ok_or_else(|| refuse(text, &[name], format!("`{name}` is not an object")))
}

/// Puts a value at the end of a list, or (`member`) of an object, inside of these objects, which
/// are made where they are not there.
fn put(
    text: &str,
    names: &[&str],
    member: Option<&str>,
    value: CstInputValue,
) -> Result<String, Refusal> {
    if let Some(text) = put_in_line(text, names, member, &value) {
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

/// [`put`] for a container that has members and stands on one line: it stays on one line.
fn put_in_line(
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
    // What is missing on the way, from the inside out.
    let mut addition = match member {
        Some(member) => format!("{}: {}", quoted(member), in_line(value)),
        None if is_whole => in_line(value),
        None => format!("[{}]", in_line(value)),
    };
    for (at, name) in names.iter().enumerate().skip(place.depth).rev() {
        let is_list = member.is_none() && at + 1 == names.len();
        addition = match is_list {
            true => format!("{}: {addition}", quoted(name)),
            false => format!("{}: {{{addition}}}", quoted(name)),
        };
    }
    let behind = &text[last..range.end];
    if behind.contains('/') {
        // A comment, which may have commas and brackets of its own.
        return None;
    }
    let comma = behind.find(',').map(|at| last + at + 1);
    let (at, front) = match comma {
        Some(at) => (at, " "),
        None => (last, ", "),
    };
    Some(format!("{}{front}{addition}{}", &text[..at], &text[at..]))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value on one line.
fn in_line(value: &CstInputValue) -> String {
    match value {
        CstInputValue::Null => "null".to_owned(),
        CstInputValue::Bool(value) => value.to_string(),
        CstInputValue::Number(value) => value.clone(),
        CstInputValue::String(value) => quoted(value),
        CstInputValue::Array(values) => {
            let values: Vec<String> = values.iter().map(in_line).collect();
            format!("[{}]", values.join(", "))
        }
        CstInputValue::Object(members) => {
            let members = members.iter();
            let members: Vec<String> = members
                .map(|(name, value)| format!("{}: {}", quoted(name), in_line(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

fn text_in(object: &CstObject, name: &str) -> Option<String> {
    object
        .get(name)?
        .value()?
        .as_string_lit()?
        .decoded_value()
        .ok()
}

fn first_of(object: &CstObject, name: &str) -> Option<String> {
    let first = object.array_value(name)?.elements().into_iter().next()?;
    first.as_string_lit()?.decoded_value().ok()
}

fn is_our_server(server: &CstObject) -> bool {
    let first = first_of(server, "args");
    text_in(server, "command").is_some_and(|command| is_server(&command, first.as_deref()))
}

fn members(members: Vec<(&str, CstInputValue)>) -> CstInputValue {
    let owned = members.into_iter();
    CstInputValue::Object(
        owned
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    )
}

pub(super) fn install_server(
    text: &str,
    list: &str,
    typed: bool,
    program: &str,
) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let servers = object_in(text, &object, list)?;
    if let Some(member) = servers.get(SERVER) {
        let server = member.object_value().filter(is_our_server).ok_or_else(|| {
            let problem = "there is an MCP server `secrets` that is not this program's";
            refuse(text, &[list, SERVER], problem)
        })?;
        if text_in(&server, "command").as_deref() == Some(program) {
            return Ok(text.to_owned());
        }
        if let Some(command) = server.get("command") {
            command.set_value(program.into());
        }
        return Ok(root.to_string());
    }
    let mut server: Vec<(&str, CstInputValue)> = Vec::new();
    if typed {
        server.push(("type", "stdio".into()));
    }
    server.push(("command", program.into()));
    server.push(("args", CstInputValue::Array(vec!["mcp".into()])));
    put(text, &[list], Some(SERVER), members(server))
}

pub(super) fn remove_server(text: &str, list: &str) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let Some(servers) = object.object_value(list) else {
        return Ok(text.to_owned());
    };
    let ours = servers.get(SERVER).filter(|member| {
        member
            .object_value()
            .is_some_and(|server| is_our_server(&server))
    });
    let Some(ours) = ours else {
        return Ok(text.to_owned());
    };
    ours.remove();
    remove_if_empty(&object, list);
    Ok(root.to_string())
}

/// Takes away a member that is an empty object or list, comments in it aside.
fn remove_if_empty(object: &CstObject, name: &str) {
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

/// The hooks in a list that are this program's, each with the group that it is the only one of.
fn ours(list: &CstArray) -> Vec<(CstObject, Option<CstObject>)> {
    let mut found = Vec::new();
    for element in list.elements().iter().filter_map(CstNode::as_object) {
        let is_ours = |hook: &CstObject| {
            ["command", "bash"]
                .iter()
                .any(|name| text_in(hook, name).is_some_and(|command| is_hook(&command)))
        };
        if is_ours(&element) {
            found.push((element.clone(), None));
        }
        let Some(inner) = element.array_value("hooks") else {
            continue;
        };
        let hooks: Vec<CstObject> = inner
            .elements()
            .iter()
            .filter_map(CstNode::as_object)
            .collect();
        for hook in hooks.iter().filter(|hook| is_ours(hook)) {
            let group = (hooks.len() == 1).then(|| element.clone());
            found.push((hook.clone(), group));
        }
    }
    found
}

pub(super) fn install_hook(text: &str, form: &Hook, command: &str) -> Result<String, Refusal> {
    let mut text = text.to_owned();
    let (_, object) = parse(&text)?;
    if matches!(form, Hook::Flat { .. }) && object.get("version").is_none() {
        let version = CstInputValue::Number("1".to_owned());
        text = put(&text, &[], Some("version"), version)?;
    }
    for event in form.events() {
        let (root, object) = parse(&text)?;
        let list = object.object_value("hooks");
        let list = list.and_then(|hooks| hooks.array_value(event));
        let there = list.as_ref().map(ours).unwrap_or_default();
        if there.is_empty() {
            text = put(&text, &["hooks", event], None, entry(form, event, command))?;
            continue;
        }
        let mut same = true;
        for (hook, _) in there {
            for name in ["command", "bash"] {
                let known = text_in(&hook, name);
                if known.is_some_and(|known| known != command && is_hook(&known))
                    && let Some(member) = hook.get(name)
                {
                    member.set_value(command.into());
                    same = false;
                }
            }
        }
        if !same {
            text = root.to_string();
        }
    }
    Ok(text)
}

fn entry(form: &Hook, event: &str, command: &str) -> CstInputValue {
    let number = |number: u32| CstInputValue::Number(number.to_string());
    match form {
        Hook::Group {
            matcher,
            timeout,
            name,
            ..
        } => {
            let mut hook: Vec<(&str, CstInputValue)> = Vec::new();
            if *name {
                hook.push(("name", "secrets".into()));
            }
            hook.push(("type", "command".into()));
            hook.push(("command", command.into()));
            hook.push(("timeout", number(*timeout)));
            members(vec![
                ("matcher", (*matcher).into()),
                ("hooks", CstInputValue::Array(vec![members(hook)])),
            ])
        }
        Hook::Flat { events, typed } => {
            let mut hook: Vec<(&str, CstInputValue)> = Vec::new();
            if *typed {
                hook.push(("type", "command".into()));
            }
            hook.push(("command", command.into()));
            let matcher = events.iter().find(|(known, _)| *known == event);
            if let Some((_, Some(matcher))) = matcher {
                hook.push(("matcher", (*matcher).into()));
            }
            // Sources disagree on whether Cursor counts seconds or milliseconds; it has a default.
            if *typed {
                hook.push(("timeout", number(10)));
            }
            members(hook)
        }
    }
}

pub(super) fn remove_hook(text: &str, form: &Hook) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let Some(hooks) = object.object_value("hooks") else {
        return Ok(text.to_owned());
    };
    let mut found = false;
    for event in form.events() {
        let Some(list) = hooks.array_value(event) else {
            continue;
        };
        for (hook, group) in ours(&list) {
            found = true;
            group.unwrap_or(hook).remove();
        }
        if found {
            remove_if_empty(&hooks, event);
        }
    }
    if !found {
        return Ok(text.to_owned());
    }
    remove_if_empty(&object, "hooks");
    Ok(root.to_string())
}

/// Whether a document has no members, or none but a version.
pub(super) fn is_blank(text: &str) -> bool {
    let Ok((root, object)) = parse(text) else {
        return false;
    };
    let is_trivial = |member: &jsonc_parser::cst::CstObjectProp| {
        member.decoded_name().as_deref() == Some("version")
    };
    let comments = root
        .children()
        .iter()
        .chain(object.children().iter())
        .any(CstNode::is_comment);
    !comments && object.properties().iter().all(is_trivial)
}
