//! `agent install` and `agent uninstall`.

use secrets::agents::hook::Agent as AgentName;
use secrets::agents::install::PartKind;
use secrets::ops::Session;
use secrets::ops::agent::{Change, PartReport, Report, Request, install, uninstall};

use super::{Call, Exit, Verb};
use crate::args::{Agent, AgentSetup};
use crate::environment;
use crate::failure::{Code, Failure};
use crate::output::{Printer, shown};

impl Verb for Agent {
    fn run(&self, call: &Call<'_>) -> Exit {
        agent(call.session()?, self, call.printer)
    }
}

fn agent(session: &Session<'_>, args: &Agent, printer: &Printer) -> Exit {
    let (setup, run): (_, fn(&Session<'_>, &Request<'_>) -> secrets::Result<Report>) = match args {
        Agent::Install(setup) => (setup, install),
        Agent::Uninstall(setup) => (setup, uninstall),
    };
    let no_home = || Failure::new(Code::NoHome, "no home directory").hint("set HOME");
    let places = environment::agents().ok_or_else(no_home)?;
    let report = run(session, &request(setup, &places)?)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    for part in &report.parts {
        print_part(part, report.dry_run, printer)?;
    }
    if matches!(args, Agent::Install(_)) {
        for hint in hints(setup) {
            printer.note(hint);
        }
    }
    Ok(0)
}

fn request<'p>(
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
    Ok(Request {
        agent: setup.agent,
        // A project's files are shared with other machines, which have the program elsewhere.
        program: match project {
            Some(_) => "secrets".to_owned(),
            None => environment::this_program(),
        },
        project,
        places,
        dry_run: setup.dry_run,
    })
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
    match (setup.agent, &setup.project_dir) {
        (AgentName::Codex, _) => {
            &["Codex runs a hook only after you trust it: open /hooks in Codex and trust it"]
        }
        (AgentName::Cursor, None) => &[
            "Cursor keeps your own rules in its settings, not in a file: use --project-dir DIR to \
             write them to a project's AGENTS.md",
        ],
        (AgentName::Claude | AgentName::Gemini, _) => {
            &["restart running sessions to apply the change"]
        }
        _ => &[],
    }
}
