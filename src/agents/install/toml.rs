//! Codex's TOML configuration: a table for the server and an array of tables for the hook.

use std::path::Path;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, value};

use super::{Refusal, SERVER, Setup, hook_words, is_hook, is_server, line_at};
use crate::model::line_ends;

const SERVERS: &str = "mcp_servers";
const EVENT: &str = "PreToolUse";

fn parse(text: &str) -> Result<DocumentMut, Refusal> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        // The parser's message may contain a value.
        let at = error.span().map_or(0, |span| span.start);
        Refusal::new(line_at(text, at), "invalid TOML")
    })
}

/// Formats an edited document and keeps the line ends of the original text.
fn text_of(text: &str, document: &DocumentMut) -> Result<String, Refusal> {
    let read = parse(text)?.to_string();
    Ok(line_ends::kept(text, &read, &document.to_string()))
}

/// Builds a refusal with the line on which a key first occurs.
fn refuse(text: &str, key: &str, problem: &str) -> Refusal {
    let at = text.find(key).unwrap_or(0);
    Refusal::new(line_at(text, at), problem)
}

pub(super) fn install_server(text: &str, setup: &Setup) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let servers = document.entry(SERVERS).or_insert_with(implicit);
    let Some(servers) = servers.as_table_like_mut() else {
        return Err(refuse(text, SERVERS, "`mcp_servers` is not a table"));
    };
    let own = own_servers(servers);
    let name = setup.name.clone().or_else(|| own.first().cloned());
    let name = name.unwrap_or(SERVER.to_owned());
    if !own.contains(&name) && servers.contains_key(&name) {
        let problem = format!("another program's MCP server is called `{name}`");
        let key = format!("{SERVERS}.{name}");
        return Err(refuse(text, &key, &problem));
    }
    let args_of = |server: &Item| own_args(server.as_table_like()?).map(|(_, args)| args);
    let old = own.iter().find(|own| **own == name).or(own.first());
    let old_args = old.and_then(|old| args_of(servers.get(old)?));
    let args = setup.server_args(&old_args.clone().unwrap_or_default());
    if let Some(server) = servers.get_mut(&name).and_then(Item::as_table_like_mut) {
        let is_current = server.get("command").and_then(Item::as_str) == Some(&setup.program);
        if is_current && old_args.as_ref() == Some(&args) {
            return Ok(text.to_owned());
        }
        set(server, "command", setup.program.as_str().into());
        if old_args.as_ref() != Some(&args) {
            set(server, "args", Array::from_iter(args).into());
        }
        return text_of(text, &document);
    }
    // Under another name it would be a second server with the same tools.
    for other in own {
        servers.remove(&other);
    }
    let mut server = Table::new();
    server["command"] = value(&setup.program);
    server["args"] = value(Array::from_iter(args));
    if !text.trim().is_empty() {
        server.decor_mut().set_prefix("\n");
    }
    servers.insert(&name, Item::Table(server));
    text_of(text, &document)
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// Returns the program and the arguments of an entry that starts this program's server.
fn own_args(server: &dyn TableLike) -> Option<(String, Vec<String>)> {
    let command = server.get("command").and_then(Item::as_str)?.to_owned();
    let args = server.get("args").and_then(Item::as_array);
    let texts = args.into_iter().flatten().filter_map(|arg| arg.as_str());
    let args: Vec<String> = texts.map(str::to_owned).collect();
    is_server(&command, &args).then_some((command, args))
}

/// Returns the names of the entries that start this program's server.
fn own_servers(servers: &dyn TableLike) -> Vec<String> {
    let own = servers.iter().filter(|(_, server)| {
        let server = server.as_table_like();
        server.is_some_and(|server| own_args(server).is_some())
    });
    own.map(|(name, _)| name.to_owned()).collect()
}

/// Sets a value and keeps the spacing and comments around it.
fn set(table: &mut dyn TableLike, key: &str, mut new: toml_edit::Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    match table.get_mut(key) {
        Some(item) => *item = Item::Value(new),
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

pub(super) fn remove_server(text: &str) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let Some(servers) = document.get_mut(SERVERS).and_then(Item::as_table_like_mut) else {
        return Ok(text.to_owned());
    };
    let own = own_servers(servers);
    if own.is_empty() {
        return Ok(text.to_owned());
    }
    for name in own {
        servers.remove(&name);
    }
    if servers.is_empty() {
        document.remove(SERVERS);
    }
    text_of(text, &document)
}

/// Returns the program of the first entry that starts this program's server.
pub(super) fn server_program(text: &str) -> Option<String> {
    let document = parse(text).ok()?;
    let servers = document.get(SERVERS)?.as_table_like()?;
    let name = own_servers(servers).into_iter().next()?;
    let server = servers.get(&name)?.as_table_like()?;
    own_args(server).map(|(program, _)| program)
}

/// Returns the program of the first hook that is this program's.
pub(super) fn hook_program(text: &str) -> Option<String> {
    let mut document = parse(text).ok()?;
    let groups = groups(&mut document, text).ok()??;
    let mut words = groups
        .iter_mut()
        .filter_map(hooks_of)
        .flat_map(|hooks| hooks.iter())
        .filter_map(|hook| hook_words(hook.get("command")?.as_str()?));
    words.next()?.into_iter().next()
}

/// Returns why no hook runs although it is there.
pub(super) fn hooks_disabled(text: &str) -> Option<Refusal> {
    let document = parse(text).ok()?;
    let features = document.get("features")?.as_table_like()?;
    let is_off = |name: &&str| features.get(name).and_then(Item::as_bool) == Some(false);
    let name = ["hooks", "codex_hooks"].into_iter().find(is_off)?;
    let problem = format!("`features.{name}` is false, so Codex runs no hook");
    let at = text.find(name).unwrap_or(0);
    Some(Refusal::new(line_at(text, at), problem))
}

/// Reports whether Codex's configuration says that a pre-tool hook of a file was trusted. Whether it
/// still is what was trusted then, only Codex knows.
pub(super) fn is_trusted(text: &str, file: &Path) -> bool {
    let Ok(document) = parse(text) else {
        return false;
    };
    let state = document.get("hooks").and_then(|hooks| hooks.get("state"));
    let beginning = format!("{}:pre_tool_use:", file.display());
    let mut states = state
        .and_then(Item::as_table_like)
        .into_iter()
        .flat_map(|states| states.iter());
    states.any(|(key, state)| {
        let is_on = state.get("enabled").and_then(Item::as_bool) != Some(false);
        key.starts_with(&beginning) && is_on && state.get("trusted_hash").is_some()
    })
}

/// Returns the hook groups of the event; an error if they are not an array of tables.
fn groups<'d>(
    document: &'d mut DocumentMut,
    text: &str,
) -> Result<Option<&'d mut ArrayOfTables>, Refusal> {
    let Some(hooks) = document.get_mut("hooks") else {
        return Ok(None);
    };
    let Some(hooks) = hooks.as_table_mut() else {
        return Err(refuse(text, "hooks", "`hooks` is not a `[hooks]` table"));
    };
    match hooks.get_mut(EVENT) {
        None => Ok(None),
        Some(Item::ArrayOfTables(groups)) => Ok(Some(groups)),
        Some(_) => Err(refuse(
            text,
            EVENT,
            "`hooks.PreToolUse` is not `[[hooks.PreToolUse]]`",
        )),
    }
}

pub(super) fn install_hook(
    text: &str,
    matcher: &str,
    command: &dyn Fn(Option<&str>) -> String,
) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let mut found = false;
    if let Some(groups) = groups(&mut document, text)? {
        let hooks = groups.iter_mut().filter_map(hooks_of);
        for hook in hooks.flat_map(ArrayOfTables::iter_mut) {
            let own = hook.get("command").and_then(Item::as_str);
            let Some(own) = own.filter(|own| is_hook(own)) else {
                continue;
            };
            found = true;
            let new = command(Some(own));
            if own != new {
                set(hook, "command", new.into());
            }
        }
    }
    if found {
        return text_of(text, &document);
    }
    let hooks = document.entry("hooks").or_insert_with(implicit);
    let Some(hooks) = hooks.as_table_mut() else {
        return Err(refuse(text, "hooks", "`hooks` is not a `[hooks]` table"));
    };
    let groups = hooks
        .entry(EVENT)
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(groups) = groups.as_array_of_tables_mut() else {
        return Err(refuse(
            text,
            EVENT,
            "`hooks.PreToolUse` is not `[[hooks.PreToolUse]]`",
        ));
    };
    let mut hook = Table::new();
    hook["type"] = value("command");
    hook["command"] = value(command(None));
    hook["timeout"] = value(10);
    hook.decor_mut().set_prefix("\n");
    let mut inner = ArrayOfTables::new();
    inner.push(hook);
    let mut group = Table::new();
    group["matcher"] = value(matcher);
    group.insert("hooks", Item::ArrayOfTables(inner));
    if !text.trim().is_empty() {
        group.decor_mut().set_prefix("\n");
    }
    groups.push(group);
    text_of(text, &document)
}

fn hooks_of(group: &mut Table) -> Option<&mut ArrayOfTables> {
    group.get_mut("hooks")?.as_array_of_tables_mut()
}

pub(super) fn remove_hook(text: &str) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let Ok(Some(groups)) = groups(&mut document, text) else {
        return Ok(text.to_owned());
    };
    let is_own = |hook: &Table| {
        hook.get("command")
            .and_then(Item::as_str)
            .is_some_and(is_hook)
    };
    let mut found = false;
    for hooks in groups.iter_mut().filter_map(hooks_of) {
        let before = hooks.len();
        hooks.retain(|hook| !is_own(hook));
        found |= hooks.len() != before;
    }
    if !found {
        return Ok(text.to_owned());
    }
    groups.retain(|group| {
        let hooks = group.get("hooks").and_then(Item::as_array_of_tables);
        hooks.is_none_or(|hooks| !hooks.is_empty())
    });
    let is_empty = groups.is_empty();
    if is_empty && let Some(hooks) = document.get_mut("hooks").and_then(Item::as_table_mut) {
        hooks.remove(EVENT);
        if hooks.is_empty() {
            document.remove("hooks");
        }
    }
    text_of(text, &document)
}
