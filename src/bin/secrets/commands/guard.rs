//! `guard`: what became of git's pre-commit hook.

use std::path::PathBuf;

use secrets::ops::Session;
use secrets::ops::guard::{Change, Report, Request, install, uninstall};

use super::{Call, Exit, Verb, would};
use crate::args::Guard;
use crate::environment;
use crate::output::{Printer, shown};

impl Verb for Guard {
    fn run(&self, call: &Call<'_>) -> Exit {
        guard(call.session()?, self, call.printer)
    }
}

fn guard(session: &Session<'_>, guard: &Guard, printer: &Printer) -> Exit {
    let (setup, run): (_, fn(&Session<'_>, &Request) -> secrets::Result<Report>) = match guard {
        Guard::Install(setup) => (setup, install),
        Guard::Uninstall(setup) => (setup, uninstall),
    };
    let request = Request {
        dir: PathBuf::from("."),
        program: Some(environment::this_program().into()),
        dry_run: setup.dry_run,
    };
    let report = run(session, &request)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let file = shown(&report.file);
    let would = would(report.dry_run);
    printer.note(&match (report.change, guard) {
        (Change::Installed, _) if report.dry_run => format!("{would}put it into {file}"),
        (Change::Installed, _) => format!("commits are looked through by {file}"),
        (Change::Updated, _) => format!("{would}renewed what is in {file}"),
        (Change::Removed, _) => format!("{would}took it out of {file}"),
        (Change::Unchanged, Guard::Install(_)) => format!("it is in {file} already"),
        (Change::Unchanged, Guard::Uninstall(_)) => format!("it is not in {file}"),
    });
    if report.shared && report.change != Change::Unchanged {
        printer.warning(&format!(
            "this is where core.hooksPath leads, so it is the hook of other repositories too: \
             {file}"
        ));
    }
    Ok(0)
}
