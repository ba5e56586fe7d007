//! JSON configuration files, which may have comments and trailing commas.

mod document;

use jsonc_parser::cst::{CstArray, CstInputValue, CstNode, CstObject, CstObjectProp};

use self::document::{insert, object_in, parse, refuse, remove_if_empty};
use super::{Refusal, SERVER, Setup, hook_words, is_hook, is_server, line_at};

/// The shape of an agent's server entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `command` and `args`.
    Plain,
    /// The same, with `type`: `stdio`.
    Typed,
    /// The same, with `type`: `local`, and the `tools` that may be used.
    Copilot,
    /// `type`: `local`, and the program and its arguments as one list `command`.
    Opencode,
}

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
        /// Whether the entry has a `type`, a timeout, and a command for each shell.
        shells: bool,
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

fn texts_of(list: &CstArray) -> Vec<String> {
    let elements = list.elements();
    let texts = elements.iter().filter_map(|element| {
        let text = element.as_string_lit()?;
        text.decoded_value().ok()
    });
    texts.collect()
}

/// Returns the program and the arguments of an entry that starts this program's server.
fn own_server(member: &CstObjectProp) -> Option<(String, Vec<String>)> {
    let server = member.object_value()?;
    let (command, args) = match server.array_value("command") {
        Some(command) => {
            let mut words = texts_of(&command).into_iter();
            (words.next()?, words.collect())
        }
        None => {
            let args = server.array_value("args");
            let args = args.map(|args| texts_of(&args)).unwrap_or_default();
            (text_in(&server, "command")?, args)
        }
    };
    is_server(&command, &args).then_some((command, args))
}

/// Returns the entries that start this program's server, by whatever name.
fn own_servers(servers: &CstObject) -> Vec<CstObjectProp> {
    let mut members = servers.properties();
    members.retain(|member| own_server(member).is_some());
    members
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
    shape: Shape,
    setup: &Setup,
) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let servers = object_in(text, &object, list)?;
    let own = own_servers(&servers);
    let name_of = |member: &CstObjectProp| member.decoded_name();
    let first = own.first().and_then(&name_of);
    let name = setup.name.clone().or(first).unwrap_or(SERVER.to_owned());
    let old = own
        .iter()
        .find(|member| name_of(member).as_deref() == Some(&name));
    if old.is_none() && servers.get(&name).is_some() {
        let problem = format!("another program's MCP server is called `{name}`");
        return Err(refuse(text, &[list, &name], problem));
    }
    if let Some(member) = old {
        let Some((program, args)) = own_server(member) else {
            return Ok(text.to_owned());
        };
        let new = setup.server_args(&args);
        if program == setup.program && args == new {
            return Ok(text.to_owned());
        }
        if let Some(server) = member.object_value() {
            update_server(&server, &setup.program, (program, args), new);
        }
        return Ok(root.to_string());
    }
    // Under another name it would be a second server with the same tools.
    let args = own.first().and_then(own_server).map(|(_, args)| args);
    let args = setup.server_args(&args.unwrap_or_default());
    let mut text = text.to_owned();
    if !own.is_empty() {
        own.into_iter().for_each(CstObjectProp::remove);
        text = root.to_string();
    }
    insert(
        &text,
        &[list],
        Some(&name),
        server_entry(shape, &setup.program, args),
    )
}

/// Changes what differs, so that comments and spacing around the rest stay.
fn update_server(
    server: &CstObject,
    program: &str,
    (old_program, old_args): (String, Vec<String>),
    args: Vec<String>,
) {
    let list = |texts: Vec<String>| {
        CstInputValue::Array(texts.into_iter().map(CstInputValue::String).collect())
    };
    let Some(command) = server.get("command") else {
        return;
    };
    if command.array_value().is_some() {
        let mut words = vec![program.to_owned()];
        words.extend(args);
        command.set_value(list(words));
        return;
    }
    if old_program != program {
        command.set_value(program.into());
    }
    if let Some(member) = server.get("args").filter(|_| old_args != args) {
        member.set_value(list(args));
    }
}

fn server_entry(shape: Shape, program: &str, args: Vec<String>) -> CstInputValue {
    let list = |texts: Vec<String>| {
        CstInputValue::Array(texts.into_iter().map(CstInputValue::String).collect())
    };
    let mut server: Vec<(&str, CstInputValue)> = Vec::new();
    match shape {
        Shape::Plain => {}
        Shape::Typed => server.push(("type", "stdio".into())),
        Shape::Copilot | Shape::Opencode => server.push(("type", "local".into())),
    }
    if shape == Shape::Opencode {
        let mut words = vec![program.to_owned()];
        words.extend(args);
        server.push(("command", list(words)));
        server.push(("enabled", CstInputValue::Bool(true)));
        return members(server);
    }
    server.push(("command", program.into()));
    server.push(("args", list(args)));
    if shape == Shape::Copilot {
        server.push(("tools", list(vec!["*".to_owned()])));
    }
    members(server)
}

pub(super) fn remove_server(text: &str, list: &str) -> Result<String, Refusal> {
    let (root, object) = parse(text)?;
    let own = object.object_value(list);
    let own = own.map(|servers| own_servers(&servers)).unwrap_or_default();
    if own.is_empty() {
        return Ok(text.to_owned());
    }
    own.into_iter().for_each(CstObjectProp::remove);
    remove_if_empty(&object, list);
    Ok(root.to_string())
}

/// Returns the program of the first entry that starts this program's server.
pub(super) fn server_program(text: &str, list: &str) -> Option<String> {
    let (_, object) = parse(text).ok()?;
    let own = own_servers(&object.object_value(list)?);
    own_server(own.first()?).map(|(program, _)| program)
}

/// Returns the program of the first hook that is this program's.
pub(super) fn hook_program(text: &str, form: &Hook) -> Option<String> {
    let (_, object) = parse(text).ok()?;
    let hooks = object.object_value("hooks")?;
    let lists = form.events().into_iter();
    let mut own = lists
        .filter_map(|event| hooks.array_value(event))
        .flat_map(|list| own_hooks(&list));
    let (hook, _) = own.next()?;
    let commands = ["command", "bash"].into_iter();
    let mut words = commands
        .filter_map(|name| text_in(&hook, name))
        .filter_map(|command| hook_words(&command));
    words.next()?.into_iter().next()
}

/// Returns why a reader of strict JSON does not read a text that has comments or trailing commas.
pub(super) fn not_strict(text: &str) -> Option<Refusal> {
    if text.trim().is_empty() {
        return None;
    }
    // Of the parser's error only the line is used: the rest may hold a value.
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    let problem = "a comment or a trailing comma, so Claude Code does not read this file";
    Some(Refusal::new(error.line().max(1), problem))
}

/// Returns why no hook runs although it is there.
pub(super) fn hooks_disabled(text: &str) -> Option<Refusal> {
    const SWITCH: &str = "disableAllHooks";
    let (_, object) = parse(text).ok()?;
    let value = object.get(SWITCH)?.value()?;
    let is_on = value.as_boolean_lit().is_some_and(|value| value.value());
    let at = text.find(SWITCH).unwrap_or(0);
    is_on.then(|| {
        let problem = format!("`{SWITCH}` is set, so Claude Code runs no hook");
        Refusal::new(line_at(text, at), problem)
    })
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

/// A hook's command line, made from the one that is there.
type Command<'c> = &'c dyn Fn(Option<&str>) -> String;

pub(super) fn install_hook(
    text: &str,
    form: &Hook,
    command: Command<'_>,
    powershell: Command<'_>,
) -> Result<String, Refusal> {
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
            let entry = entry(form, event, &command(None), &powershell(None));
            text = insert(&text, &["hooks", event], None, entry)?;
            continue;
        }
        let mut changed = false;
        for (hook, _) in existing {
            changed |= update_hook(&hook, form, command, powershell);
        }
        if changed {
            text = root.to_string();
        }
    }
    Ok(text)
}

/// Brings the command lines of a hook up to date.
fn update_hook(
    hook: &CstObject,
    form: &Hook,
    command: Command<'_>,
    powershell: Command<'_>,
) -> bool {
    let known = |name: &str| text_in(hook, name).filter(|command| is_hook(command));
    let old = known("command").or_else(|| known("bash"));
    let mut wanted: Vec<(&str, String)> = Vec::new();
    for name in ["command", "bash"] {
        if known(name).is_some() {
            wanted.push((name, command(old.as_deref())));
        }
    }
    if matches!(form, Hook::Flat { shells: true, .. }) {
        if hook.get("bash").is_none() {
            wanted.push(("bash", command(old.as_deref())));
        }
        wanted.push(("powershell", powershell(old.as_deref())));
    }
    let mut changed = false;
    for (name, new) in wanted {
        if text_in(hook, name).as_ref() == Some(&new) {
            continue;
        }
        changed = true;
        match hook.get(name) {
            Some(member) => member.set_value(new.as_str().into()),
            None => {
                hook.append(name, new.as_str().into());
            }
        }
    }
    changed
}

fn entry(form: &Hook, event: &str, command: &str, powershell: &str) -> CstInputValue {
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
        Hook::Flat { events, shells } => {
            let mut hook: Vec<(&str, CstInputValue)> = Vec::new();
            if *shells {
                hook.push(("type", "command".into()));
            }
            hook.push(("command", command.into()));
            if *shells {
                hook.push(("bash", command.into()));
                hook.push(("powershell", powershell.into()));
            }
            let matcher = events.iter().find(|(known, _)| *known == event);
            if let Some((_, Some(matcher))) = matcher {
                hook.push(("matcher", (*matcher).into()));
            }
            // Sources disagree on the unit of Cursor's timeout, so its default is used.
            if *shells {
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
