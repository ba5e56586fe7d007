//! One secret and what is known of it: `show`, `edit`.

use jiff::Timestamp;
use secrets::ops::show::{Report, State};
use secrets::ops::{self, Session};

use super::store::{of_versions, say_stored};
use super::{Call, Exit, Verb};
use crate::args::{Edit, Show};
use crate::output::{Printer, ago, day, printable, shown};
use crate::parse::{env_name, key_path};

impl Verb for Show {
    fn run(&self, call: &Call<'_>) -> Exit {
        show(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn show(session: &Session<'_>, args: &Show, printer: &Printer) -> Exit {
    let report = ops::show::run(session, key_path(&args.key_path)?)
        .map_err(|error| of_versions(error, "show"))?;
    if printer.json {
        printer.json(&report)?;
    } else {
        let now = Timestamp::now();
        let mut text = String::new();
        for (name, value) in lines(&report, now) {
            text.push_str(&format!("{name:<12} {}\n", printable(&value)));
        }
        printer.out(&text)?;
    }
    Ok(0)
}

/// What is said of a secret, with the name of each.
fn lines(report: &Report, now: Timestamp) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("key path", report.key_path.to_string()),
        ("description", report.description.clone()),
        (
            "version",
            match report.versions {
                1 => report.version.to_string(),
                count => format!("{} ({count} versions)", report.version),
            },
        ),
        (
            "value since",
            format!("{} ({})", day(report.since), ago(report.since, now)),
        ),
    ];
    if let (Some(days), Some(due)) = (report.every_days, report.due) {
        let overdue = if report.overdue { ", overdue" } else { "" };
        let due = format!("every {days} days, due {}{overdue}", day(due));
        lines.push(("rotation", due));
    }
    if let Some(recipe) = &report.recipe {
        lines.push(("generated", recipe.clone()));
    }
    let name = report.env_name.as_deref().unwrap_or("none, vault only");
    lines.push(("variable", name.to_owned()));
    for place in &report.env_files {
        let state = match place.state {
            State::Agrees => "",
            State::Differs => " (has another value)",
            State::Missing => " (does not have it)",
            State::Unreadable => " (cannot be read)",
        };
        lines.push(("env file", format!("{}{state}", shown(&place.file))));
    }
    lines.push((
        "written",
        format!(
            "{} by {} ({})",
            day(report.updated),
            report.writer,
            report.origin
        ),
    ));
    lines
}

impl Verb for Edit {
    fn run(&self, call: &Call<'_>) -> Exit {
        edit(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn edit(session: &Session<'_>, args: &Edit, printer: &Printer) -> Exit {
    let request = ops::edit::Request {
        key_path: key_path(&args.key_path)?,
        description: args.description.clone(),
        every: args.every,
        env_name: env_name(args.env_name.as_deref())?,
        dry_run: args.dry_run,
    };
    let report = ops::edit::run(session, request).map_err(|error| of_versions(error, "edit"))?;
    say_stored(&report, printer)?;
    Ok(0)
}
