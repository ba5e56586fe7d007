//! Codex's TOML configuration: a table for the server and an array of tables for the hook.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, value};

use super::{Refusal, SERVER, is_hook, is_server, line_at};
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

pub(super) fn install_server(text: &str, program: &str) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let servers = document.entry(SERVERS).or_insert_with(implicit);
    let Some(servers) = servers.as_table_like_mut() else {
        return Err(refuse(text, SERVERS, "`mcp_servers` is not a table"));
    };
    if let Some(server) = servers.get_mut(SERVER) {
        let Some(server) = server.as_table_like_mut().filter(|server| is_own(*server)) else {
            let problem = "another program's MCP server is called `secrets`";
            return Err(refuse(text, "mcp_servers.secrets", problem));
        };
        if server.get("command").and_then(Item::as_str) == Some(program) {
            return Ok(text.to_owned());
        }
        set(server, "command", program);
        return text_of(text, &document);
    }
    let mut server = Table::new();
    server["command"] = value(program);
    server["args"] = value(Array::from_iter(["mcp"]));
    if !text.trim().is_empty() {
        server.decor_mut().set_prefix("\n");
    }
    servers.insert(SERVER, Item::Table(server));
    text_of(text, &document)
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn is_own(server: &dyn TableLike) -> bool {
    let command = server.get("command").and_then(Item::as_str);
    let args = server.get("args").and_then(Item::as_array);
    let first = args.and_then(|args| args.get(0)?.as_str());
    command.is_some_and(|command| is_server(command, first))
}

/// Sets a string and keeps the spacing and comments around it.
fn set(table: &mut dyn TableLike, key: &str, text: &str) {
    let mut new = toml_edit::Value::from(text);
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
    let server = servers.get(SERVER).and_then(Item::as_table_like);
    if !server.is_some_and(is_own) {
        return Ok(text.to_owned());
    }
    servers.remove(SERVER);
    if servers.is_empty() {
        document.remove(SERVERS);
    }
    text_of(text, &document)
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

pub(super) fn install_hook(text: &str, matcher: &str, command: &str) -> Result<String, Refusal> {
    let mut document = parse(text)?;
    let mut found = false;
    if let Some(groups) = groups(&mut document, text)? {
        let hooks = groups.iter_mut().filter_map(hooks_of);
        for hook in hooks.flat_map(ArrayOfTables::iter_mut) {
            let own = hook.get("command").and_then(Item::as_str);
            let is_own = own.is_some_and(is_hook);
            found |= is_own;
            if is_own && own != Some(command) {
                set(hook, "command", command);
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
    hook["command"] = value(command);
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
