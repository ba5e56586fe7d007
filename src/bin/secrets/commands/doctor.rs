//! `doctor`.

use secrets::model::shell;
use secrets::ops::doctor::{Check, Health, Report, Request};
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb};
use crate::args::{Doctor, Global};
use crate::output::{self, Printer, Tone};
use crate::{environment, harden};

impl Verb for Doctor {
    fn run(&self, call: &Call<'_>) -> Exit {
        doctor(call.session()?, self, call.global, call.printer)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("checking")
    }
}

fn doctor(session: &Session<'_>, args: &Doctor, global: &Global, printer: &Printer) -> Exit {
    let request = Request {
        fix: args.fix,
        program: program(global),
        interactive: output::stdout_is_terminal(),
        agents: environment::agents(),
        no_core_dumps: harden::no_core_dumps(),
    };
    let report = ops::doctor::run(session, &request);
    if printer.json {
        printer.json(&report)?;
    } else {
        printer.out(&screen(&report, printer))?;
    }
    Ok(u8::from(!report.ok))
}

/// How this program was called, as far as it says where things are.
fn program(global: &Global) -> String {
    let mut program = "secrets".to_owned();
    for (flag, path) in [
        ("--vault", &global.vault),
        ("--identity", &global.identity),
        ("--config", &global.config),
    ] {
        if let Some(path) = path {
            program.push_str(&format!(" {flag} {}", shell::path(path)));
        }
    }
    program
}

fn screen(report: &Report, printer: &Printer) -> String {
    let mut text = String::new();
    for check in &report.checks {
        text.push_str(&lines(check, printer));
    }
    let number = |state| {
        let checks = report.checks.iter();
        checks.filter(|check| check.state == state).count()
    };
    let (bad, warnings) = (number(Health::Bad), number(Health::Warning));
    let (summary, tone) = match (bad, warnings) {
        (0, 0) => ("all is good".to_owned(), Tone::Good),
        (0, n) => (format!("nothing is bad; warnings: {n}"), Tone::Warning),
        (n, m) => (format!("bad: {n}; warnings: {m}"), Tone::Bad),
    };
    text.push_str(&format!("{}\n", printer.painted(&summary, tone)));
    text
}

fn lines(check: &Check, printer: &Printer) -> String {
    let (word, tone) = match check.state {
        Health::Good => ("good   ", Tone::Good),
        Health::Warning => ("warning", Tone::Warning),
        Health::Bad => ("bad    ", Tone::Bad),
    };
    let word = printer.painted(word, tone);
    let id = check.id.replace('_', " ");
    let what = output::printable(&check.what);
    let mut text = format!("{word}  {id:14} {what}\n");
    let indent = " ".repeat(24);
    if check.state != Health::Good {
        if let Some(file) = &check.file {
            text.push_str(&format!("{indent}{}\n", output::shown(file)));
        }
        if let Some(mend) = &check.mend {
            let mend = output::printable(mend);
            text.push_str(&format!(
                "{indent}{} {mend}\n",
                printer.painted("→", Tone::Good)
            ));
        }
    }
    text
}
