//! `agent install` and `agent uninstall`.

use secrets::agents::install::{Client, PartKind, Setup};
use secrets::ops::Session;
use secrets::ops::agent::{Change, PartReport, Report, Request, install, uninstall};

use super::{Call, Exit, Verb};
use crate::args::{Agent, AgentSetup};
use crate::environment;
use crate::failure::{Code, Failure};
use crate::output::{Printer, shown};

impl Verb for Agent {
    fn run(&self, call: &Call<'_>) -> Exit {
        agent(call, self)
    }
}

fn agent(call: &Call<'_>, args: &Agent) -> Exit {
    let (session, printer) = (call.session()?, call.printer);
    let (setup, run): (_, fn(&Session<'_>, &Request<'_>) -> secrets::Result<Report>) = match args {
        Agent::Install(setup) => (setup, install),
        Agent::Uninstall(setup) => (setup, uninstall),
    };
    let no_home = || Failure::new(Code::NoHome, "no home directory").hint("set HOME");
    let places = environment::agents().ok_or_else(no_home)?;
    let report = run(session, &request(call, setup, &places)?)?;
    let exit = u8::from(!report.problems.is_empty());
    if printer.json {
        printer.json(&report)?;
        return Ok(exit);
    }
    for part in &report.parts {
        print_part(part, report.dry_run, printer)?;
    }
    if matches!(args, Agent::Install(_)) {
        for hint in hints(setup) {
            printer.note(hint);
        }
    }
    for problem in &report.problems {
        let place = format!("{}:{}", shown(&problem.file), problem.line);
        printer.warning(&format!("{place}: {}; remove it", problem.problem));
    }
    Ok(exit)
}

fn request<'p>(
    call: &Call<'_>,
    setup: &AgentSetup,
    places: &'p secrets::agents::install::Places,
) -> Result<Request<'p>, Failure> {
    let project = match &setup.project_dir {
        Some(dir) if !secrets::storage::fs::is_dir(dir) => {
            let problem = format!("{} is not a directory", shown(dir));
            return Err(Failure::new(Code::Usage, problem).hint("--project-dir takes a directory"));
        }
        Some(dir) => Some(secrets::storage::fs::resolve(dir)?),
        None => None,
    };
    if let Some(name) = &setup.name {
        check_name(name)?;
    }
    // A project's files are shared with other machines, which have the program and the vault
    // elsewhere.
    let is_shared = project.is_some();
    if !is_shared {
        for name in environment::without_option(call.global) {
            call.printer.warning(&format!(
                "{name} is set, and no option stands for it: the agent starts this program without it"
            ));
        }
    }
    Ok(Request {
        client: setup.client,
        setup: Setup {
            program: match is_shared {
                true => "secrets".to_owned(),
                false => environment::this_program(),
            },
            options: environment::options_in_force(call.global, is_shared),
            name: setup.name.clone(),
            posix: cfg!(unix),
        },
        project,
        places,
        dry_run: setup.dry_run,
    })
}

/// Refuses a name that some agent would not take for a server.
fn check_name(name: &str) -> Result<(), Failure> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    match (1..=32).contains(&name.len()) && name.bytes().all(is_plain) {
        true => Ok(()),
        false => Err(Failure::new(Code::Usage, "invalid value for --name")
            .hint("--name takes 1 to 32 letters, digits, `-` and `_`, such as meta")),
    }
}

fn print_part(part: &PartReport, dry_run: bool, printer: &Printer) -> Result<(), Failure> {
    let kind = match part.part {
        PartKind::Mcp => "the MCP server",
        PartKind::Hook => "the hook",
        PartKind::Instructions => "the instructions",
    };
    let file = shown(&part.file);
    let (done, would) = match part.change {
        Change::Added => ("added", "would add"),
        Change::Updated => ("updated", "would update"),
        Change::Removed => ("removed", "would remove"),
        Change::Unchanged => ("unchanged:", "unchanged:"),
        Change::Kept => ("kept for another agent:", "would keep for another agent:"),
    };
    let line = format!("{} {kind} in {file}", if dry_run { would } else { done });
    if !dry_run {
        printer.note(&line);
        return Ok(());
    }
    let mut text = format!("{line}\n");
    let changes = matches!(part.change, Change::Added | Change::Updated);
    if let Some(content) = part.text.as_ref().filter(|_| changes) {
        for line in content.lines() {
            text.push_str(&format!("    {line}\n"));
        }
    }
    printer.out(&text)
}

/// Returns notes on what the user has to do for the agent.
fn hints(setup: &AgentSetup) -> &'static [&'static str] {
    match (setup.client, &setup.project_dir) {
        (Client::Codex, _) => {
            &["Codex runs a hook only after you trust it: open /hooks in Codex and trust it"]
        }
        (Client::Cursor, None) => &[
            "Cursor keeps your own rules in its settings, not in a file: use --project-dir DIR to \
             write them to a project's AGENTS.md",
        ],
        (Client::Claude | Client::Gemini, _) => &["restart running sessions to apply the change"],
        _ => &[],
    }
}
