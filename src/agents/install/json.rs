//! JSON configuration files, which may have comments and trailing commas.

mod document;

use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject};

use self::document::{insert, object_in, parse, refuse, remove_if_empty};
use super::{Refusal, SERVER, is_hook, is_server};

/// The shape of an agent's hook entry.
#[derive(Debug, Clone)]
pub(super) enum Hook {
    /// `hooks.<event>` is a list of groups; each group has a matcher and a list of hooks.
    Group {
        event: &'static str,
        matcher: &'static str,
        timeout: u32,
        name: bool,
    },
    /// `hooks.<event>` is a list of hooks, and the document has a `version`.
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

fn is_own_server(server: &CstObject) -> bool {
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
        let server = member.object_value().filter(is_own_server).ok_or_else(|| {
            let problem = "another program's MCP server is called `secrets`";
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
    insert(text, &[list], Some(SERVER), members(server))
}

pub(super) fn remove_server(text: &str, list: &str) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let Some(servers) = object.object_value(list) else {
        return Ok(text.to_owned());
    };
    let own = servers.get(SERVER).filter(|member| {
        member
            .object_value()
            .is_some_and(|server| is_own_server(&server))
    });
    let Some(own) = own else {
        return Ok(text.to_owned());
    };
    own.remove();
    remove_if_empty(&object, list);
    Ok(root.to_string())
}

/// Finds this program's hooks in a list. A hook that is the only one in its group comes with that
/// group.
fn own_hooks(list: &CstArray) -> Vec<(CstObject, Option<CstObject>)> {
    let mut found = Vec::new();
    for element in list.elements().iter().filter_map(CstNode::as_object) {
        let is_own = |hook: &CstObject| {
            ["command", "bash"]
                .iter()
                .any(|name| text_in(hook, name).is_some_and(|command| is_hook(&command)))
        };
        if is_own(&element) {
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
        for hook in hooks.iter().filter(|hook| is_own(hook)) {
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
        text = insert(&text, &[], Some("version"), version)?;
    }
    for event in form.events() {
        let (root, object) = parse(&text)?;
        let list = object.object_value("hooks");
        let list = list.and_then(|hooks| hooks.array_value(event));
        let existing = list.as_ref().map(own_hooks).unwrap_or_default();
        if existing.is_empty() {
            text = insert(&text, &["hooks", event], None, entry(form, event, command))?;
            continue;
        }
        let mut changed = false;
        for (hook, _) in existing {
            for name in ["command", "bash"] {
                let known = text_in(&hook, name);
                if known.is_some_and(|known| known != command && is_hook(&known))
                    && let Some(member) = hook.get(name)
                {
                    member.set_value(command.into());
                    changed = true;
                }
            }
        }
        if changed {
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
            // Sources disagree on the unit of Cursor's timeout, so its default is used.
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
        for (hook, group) in own_hooks(&list) {
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

/// Reports whether a document has no comments and no members except a version.
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
