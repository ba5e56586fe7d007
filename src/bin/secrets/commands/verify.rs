//! `verify`: findings a line, and a line that says how many agree.

use secrets::ops::verify::Level;
use secrets::ops::{self, Context};

use super::Exit;
use super::parse::prefix;
use super::progress::Progress;
use crate::args::Verify;
use crate::output::{self, Printer, Tone, shown};

pub(super) fn verify(
    context: &Context<'_>,
    args: &Verify,
    printer: &Printer,
    progress: &Progress,
) -> Exit {
    let request = ops::verify::Request {
        prefix: prefix(args.prefix.as_deref())?,
        strict: args.strict,
    };
    let report = ops::verify::run(context, &request);
    progress.finish();
    let report = report?;
    let exit = u8::from(!report.ok);
    if printer.json {
        printer.json(&report)?;
        return Ok(exit);
    }
    let mut text = String::new();
    for finding in &report.findings {
        let label = match finding.level {
            Level::Error => printer.painted("error", Tone::Bad),
            Level::Warning => printer.painted("warning", Tone::Warning),
        };
        let place = match (&finding.file, finding.line) {
            (Some(file), Some(line)) => format!("{}:{line}: ", shown(file)),
            (Some(file), None) => format!("{}: ", shown(file)),
            _ => String::new(),
        };
        let secret = finding
            .key_path
            .as_ref()
            .map(|key_path| format!("{key_path}: "))
            .unwrap_or_default();
        let message = output::printable(&finding.message);
        text.push_str(&format!("{label}: {place}{secret}{message}\n"));
    }
    let tone = if report.ok { Tone::Good } else { Tone::Bad };
    let summary = format!("{} of {} agree", report.agree, report.checked);
    text.push_str(&format!("{}\n", printer.painted(&summary, tone)));
    printer.out(&text)?;
    Ok(exit)
}
