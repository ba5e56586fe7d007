//! JSON configurations, with the comments and trailing commas that many of them have.

mod document;

use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject};

use self::document::{object_in, parse, put, refuse, remove_if_empty};
use super::{Refusal, SERVER, is_hook, is_server};

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
