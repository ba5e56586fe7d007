//! `guard`: what became of git's pre-commit hook.

use std::path::PathBuf;

use secrets::ops::Session;
use secrets::ops::guard::{Change, Report, Request, install, uninstall};

use super::{Call, Exit, Verb, did};
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
    let dry_run = report.dry_run;
    printer.note(&match (report.change, guard) {
        (Change::Installed, _) => {
            format!("{} the hook {file}", did(dry_run, "installed", "install"))
        }
        (Change::Updated, _) => format!("{} the hook {file}", did(dry_run, "updated", "update")),
        (Change::Removed, _) => format!("{} the hook {file}", did(dry_run, "removed", "remove")),
        (Change::Unchanged, Guard::Install(_)) => format!("the hook {file} is already installed"),
        (Change::Unchanged, Guard::Uninstall(_)) => format!("{file} has no hook of secrets"),
    });
    if report.shared && report.change != Change::Unchanged {
        printer.warning(&format!(
            "core.hooksPath points here, so other repositories use this hook too: {file}"
        ));
    }
    Ok(0)
}
