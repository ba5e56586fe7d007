//! The verbs that only look: `get`, `list`, `history`, `diff`, `log`.

use jiff::Timestamp;
use secrets::ops::list::Stale;
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb};
use crate::args::{Diff, Get, History, List, Log};
use crate::failure::Failure;
use crate::output::{self, Printer, Tone, ago, table};
use crate::parse::{key_path, moment, only_link, prefix, project};

impl Verb for Get {
    fn run(&self, call: &Call<'_>) -> Exit {
        get(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn get(session: &Session<'_>, args: &Get, printer: &Printer) -> Exit {
    let request = ops::get::Request {
        key_path: key_path(&args.key_path)?,
        version: args.version,
    };
    let report = ops::get::run(session, request)?;
    if !printer.json {
        printer.value(&report.value, output::stdout_is_terminal())?;
        return Ok(0);
    }
    let shown = report
        .shown()
        .ok_or_else(|| Failure::value_not_text(&report.key_path))?;
    printer.json_with_value(&shown, shown.value.len())?;
    Ok(0)
}

impl Verb for List {
    fn run(&self, call: &Call<'_>) -> Exit {
        list(call.session()?, self, call.printer)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("listing")
    }
}

fn list(session: &Session<'_>, args: &List, printer: &Printer) -> Exit {
    let request = ops::list::Request {
        prefix: prefix(args.prefix.as_deref())?,
        scope: args.scope,
        project: args.project.as_deref().map(project).transpose()?,
        deleted: args.deleted,
        stale: args.stale.map(|days| match days {
            Some(days) => Stale::Days(days),
            None => Stale::Overdue,
        }),
    };
    if args.names {
        let names = ops::list::names(session, &request)?;
        if printer.json {
            printer.json(&names)?;
        } else {
            let mut text = String::with_capacity(names.len() * 48);
            for name in &names {
                name.push_onto(&mut text);
                text.push('\n');
            }
            printer.out(&text)?;
        }
        return Ok(0);
    }
    let items = ops::list::run(session, &request)?;
    if printer.json {
        printer.json(&items)?;
    } else if items.is_empty() {
        printer.note(match (&request.stale, request.deleted) {
            (Some(Stale::Overdue), _) => "no rotation is overdue",
            (Some(Stale::Days(_)), _) => "no secret is that old",
            (None, true) => "no removed secrets match",
            (None, false) => "no secrets match",
        });
    } else {
        let now = Timestamp::now();
        let rows = items
            .iter()
            .map(|item| {
                vec![
                    item.key_path.to_string(),
                    item.version.to_string(),
                    ago(item.since, now),
                    item.description.clone(),
                ]
            })
            .collect();
        printer.out(&table(&["key path", "version", "age", "description"], rows))?;
    }
    Ok(0)
}

impl Verb for History {
    fn run(&self, call: &Call<'_>) -> Exit {
        history(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn history(session: &Session<'_>, args: &History, printer: &Printer) -> Exit {
    let key_path = key_path(&args.key_path)?;
    let items = ops::history::run(session, &key_path)?;
    if printer.json {
        printer.json(&items)?;
        return Ok(0);
    }
    let now = Timestamp::now();
    let rows = items
        .iter()
        .map(|item| {
            let origin = match (&item.problem, item.removed, &item.moved_to) {
                (Some(problem), _, _) => problem.clone(),
                (None, true, Some(to)) => format!("moved to {to}"),
                (None, true, None) => "removed".to_owned(),
                (None, false, _) => item.origin.unwrap_or_default().to_owned(),
            };
            vec![
                item.version.to_string(),
                item.created.map(|then| ago(then, now)).unwrap_or_default(),
                origin,
                item.writer.clone().unwrap_or_default(),
                item.description.clone().unwrap_or_default(),
            ]
        })
        .collect();
    printer.out(&table(
        &["version", "age", "made by", "writer", "description"],
        rows,
    ))?;
    Ok(0)
}

impl Verb for Diff {
    fn run(&self, call: &Call<'_>) -> Exit {
        diff(call.session()?, self, call.printer)
    }
}

fn diff(session: &Session<'_>, args: &Diff, printer: &Printer) -> Exit {
    let report = ops::diff::run(session, &project(&args.project)?).map_err(only_link)?;
    if printer.json {
        printer.json(&report)?;
    } else {
        let rows = report
            .variables
            .iter()
            .map(|item| {
                vec![
                    item.state.as_str().to_owned(),
                    item.name.clone(),
                    item.line.map(|line| line.to_string()).unwrap_or_default(),
                    item.key_path
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                ]
            })
            .collect();
        printer.out(&table(&["state", "variable", "line", "key path"], rows))?;
    }
    Ok(u8::from(args.exit_code && report.same != Some(true)))
}

impl Verb for Log {
    fn run(&self, call: &Call<'_>) -> Exit {
        log(call.session()?, self, call.printer)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("reading the log")
    }
}

fn log(session: &Session<'_>, args: &Log, printer: &Printer) -> Exit {
    let request = ops::log::Request {
        prefix: prefix(args.prefix.as_deref())?,
        since: args.since.as_deref().map(start).transpose()?,
        by: args.by.clone(),
        verify: args.verify,
    };
    let report = ops::log::run(session, &request)?;
    let exit = u8::from(!report.flaws.is_empty());
    if printer.json {
        printer.json(&report)?;
        return Ok(exit);
    }
    let rows: Vec<Vec<String>> = report
        .lines
        .iter()
        .map(|line| {
            vec![
                line.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                line.user.clone(),
                line.program.clone(),
                line.op.clone(),
                line.key_path.clone().unwrap_or_default(),
                line.version
                    .map(|version| version.to_string())
                    .unwrap_or_default(),
                line.note.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let rows_are_empty = rows.is_empty();
    if !rows.is_empty() {
        let header = [
            "time", "user", "program", "op", "key path", "version", "note",
        ];
        printer.out(&table(&header, rows))?;
    }
    if rows_are_empty {
        printer.note("no log lines match");
    }
    for flaw in &report.flaws {
        let label = printer.painted("error", Tone::Bad);
        let flaw = output::printable(&flaw.to_string());
        printer.out(&format!("{label}: {flaw}\n"))?;
    }
    if args.verify && report.flaws.is_empty() {
        printer.out(&format!(
            "{}\n",
            printer.painted("the audit trail is complete", Tone::Good)
        ))?;
    }
    Ok(exit)
}

/// A date begins with its first second.
fn start(text: &str) -> Result<Timestamp, Failure> {
    format!("{text}T00:00:00Z")
        .parse()
        .or_else(|_| moment(text))
}
