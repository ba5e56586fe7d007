//! `scan`: a line for each place, and what was not looked for or at.

use std::path::{Path, PathBuf};

use secrets::leaks::encodings::{Kind, MIN_CHARS};
use secrets::ops::scan::{Finding, Place, Reason, Report, Request};
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb};
use crate::annotation::Annotation;
use crate::args::{ReportFormat, Scan};
use crate::failure::Failure;
use crate::output::{Printer, table};
use crate::parse::existing;
use crate::transcripts;

/// So many names or files are listed in one warning.
const SHOWN: usize = 10;

impl Verb for Scan {
    fn run(&self, call: &Call<'_>) -> Exit {
        scan(call.session()?, self, call.printer)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("scanning")
    }
}

fn scan(session: &Session<'_>, args: &Scan, printer: &Printer) -> Exit {
    for path in &args.paths {
        existing(path, "PATH")?;
    }
    let here = || PathBuf::from(".");
    let mut request = Request {
        paths: args.paths.clone(),
        skip_ignored: args.skip_ignored,
        staged: args.staged.then(here),
        transcripts: Vec::new(),
    };
    if args.transcripts {
        request.transcripts = transcripts::all();
    }
    if !args.staged && !args.transcripts && request.paths.is_empty() {
        request.paths.push(here());
    }
    let report = ops::scan::run(session, &request)?;
    print(&report, args.printed.format, printer)?;
    Ok(u8::from(!report.ok))
}

fn print(report: &Report, format: ReportFormat, printer: &Printer) -> Result<(), Failure> {
    warn(report, printer);
    if printer.json {
        return printer.json(report);
    }
    if format == ReportFormat::Github {
        let annotations = report.findings.iter().map(annotation);
        return printer.out(&annotations.collect::<String>());
    }
    if report.ok {
        printer.note(&format!(
            "nothing found: {} for {}",
            looked_through(report),
            count(report.values as u64, "value")
        ));
        return Ok(());
    }
    let rows = report.findings.iter().map(|finding| {
        vec![
            place(finding),
            finding.key_path.to_string(),
            version(finding),
            form(finding.form).to_owned(),
        ]
    });
    printer.out(&table(
        &["where", "key path", "version", "as"],
        rows.collect(),
    ))?;
    if report.omitted > 0 {
        printer.note(&format!("and {} more in the same files", report.omitted));
    }
    printer.note(&looked_through(report));
    let is_staged = report
        .findings
        .iter()
        .any(|finding| finding.place == Place::Staged);
    if is_staged {
        printer.hint(
            "take the values out and stage the files again; a program gets them from its env \
             file, or from secrets run",
        );
    } else {
        printer.hint("what others may have read is no secret any more: secrets rotate KEY_PATH");
    }
    Ok(())
}

/// What was not looked at or not looked for is never kept quiet.
fn warn(report: &Report, printer: &Printer) {
    let names = |reason: Reason| -> Vec<String> {
        let unsought = report.not_sought.iter();
        unsought
            .filter(|one| one.reason == reason)
            .map(|one| one.key_path.to_string())
            .collect()
    };
    for (reason, because) in [
        (
            Reason::TooShort,
            format!("they have fewer than {MIN_CHARS} characters"),
        ),
        (
            Reason::Ordinary,
            "their values are ordinary words or numbers".to_owned(),
        ),
    ] {
        let names = names(reason);
        if !names.is_empty() {
            printer.note(&format!(
                "not looked for, because {because}: {}",
                listed(&names)
            ));
        }
    }
    let unread = report.unread.iter();
    let unread: Vec<String> = unread
        .map(|one| match one.message.contains(&one.file) {
            true => one.message.clone(),
            false => format!("{}: {}", one.file, one.message),
        })
        .collect();
    for message in unread.iter().take(SHOWN) {
        printer.warning(message);
    }
    if unread.len() > SHOWN {
        let more = unread.len() - SHOWN;
        printer.warning(&format!("{more} more could not be read"));
    }
}

fn listed(names: &[String]) -> String {
    match names.len() {
        0..=SHOWN => names.join(", "),
        all => format!("{} and {} more", names[..SHOWN].join(", "), all - SHOWN),
    }
}

fn place(finding: &Finding) -> String {
    match finding.line {
        Some(line) => format!("{}:{line}", finding.file),
        None => format!("{} (byte {})", finding.file, finding.offset),
    }
}

fn version(finding: &Finding) -> String {
    match finding.current {
        true => finding.version.to_string(),
        false => format!("{} (old)", finding.version),
    }
}

fn form(form: Kind) -> &'static str {
    match form {
        Kind::Value => "it is",
        Kind::Line => "a line of it",
        Kind::Part => "a part of it",
        Kind::Shell => "shell quotes",
        Kind::Json => "JSON",
        Kind::Csv => "CSV",
        Kind::Html => "HTML",
        Kind::Url => "URL",
        Kind::Hex => "hex",
        Kind::Base64 => "base64",
    }
}

fn annotation(finding: &Finding) -> String {
    let message = format!(
        "a value of {} (version {}) is here; take it out and rotate it",
        finding.key_path, finding.version
    );
    Annotation {
        is_error: true,
        file: Some(Path::new(&finding.file)),
        line: finding.line,
        title: "secret",
        message: &message,
    }
    .command()
}

fn looked_through(report: &Report) -> String {
    let mut text = format!(
        "looked through {}, {}",
        count(report.files, "file"),
        size(report.bytes)
    );
    if !report.agents.is_empty() {
        text.push_str(&format!(" ({})", report.agents.join(", ")));
    }
    text
}

fn count(count: u64, of: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {of}{plural}")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => count(bytes, "byte"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}
