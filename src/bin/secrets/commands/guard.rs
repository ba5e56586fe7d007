//! `guard`: what became of git's pre-commit hook.

use std::path::PathBuf;

use secrets::ops::guard::{Change, Request};
use secrets::ops::{self, Context};

use super::Exit;
use crate::args::Guard;
use crate::environment;
use crate::output::{Printer, shown};

pub(super) fn guard(context: &Context<'_>, guard: &Guard, printer: &Printer) -> Exit {
    let request = Request {
        dir: PathBuf::from("."),
        program: Some(environment::this_program().into()),
    };
    let report = match guard {
        Guard::Install => ops::guard::install(context, &request)?,
        Guard::Uninstall => ops::guard::uninstall(context, &request)?,
    };
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let file = shown(&report.file);
    match (report.change, guard) {
        (Change::Installed, _) => printer.note(&format!("commits are looked through by {file}")),
        (Change::Updated, _) => printer.note(&format!("renewed what is in {file}")),
        (Change::Removed, _) => printer.note(&format!("took it out of {file}")),
        (Change::Unchanged, Guard::Install) => printer.note(&format!("it is in {file} already")),
        (Change::Unchanged, Guard::Uninstall) => printer.note(&format!("it is not in {file}")),
    }
    if report.shared && report.change != Change::Unchanged {
        printer.warning(&format!(
            "this is where core.hooksPath leads, so it is the hook of other repositories too: \
             {file}"
        ));
    }
    Ok(0)
}
