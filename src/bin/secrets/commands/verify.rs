//! `verify`: findings a line, and a line that says how many agree.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use secrets::model::shell;
use secrets::ops::verify::{Detail, Finding, Kind, Level, Report};
use secrets::ops::{self, Session};

use super::progress::Progress;
use super::{Call, Exit, Verb};
use crate::annotation::Annotation;
use crate::args::{ReportFormat, Verify};
use crate::output::{self, Printer, Tone, shown};
use crate::parse::prefix;

impl Verb for Verify {
    fn run(&self, call: &Call<'_>) -> Exit {
        verify(call.session()?, self, call.printer, call.progress)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("verifying")
    }
}

fn verify(session: &Session<'_>, args: &Verify, printer: &Printer, progress: &Progress) -> Exit {
    let request = ops::verify::Request {
        prefix: prefix(args.prefix.as_deref())?,
        strict: args.strict,
        below: args.here.then(|| PathBuf::from(".")),
    };
    let report = ops::verify::run(session, &request);
    progress.finish();
    let report = report?;
    let exit = u8::from(!report.ok);
    if printer.json {
        printer.json(&report)?;
        return Ok(exit);
    }
    if args.printed.format == ReportFormat::Github {
        let annotations = report.findings.iter().map(annotation);
        printer.out(&annotations.collect::<String>())?;
        printer.note(&summary(&report));
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
    text.push_str(&format!("{}\n", printer.painted(&summary(&report), tone)));
    printer.out(&text)?;
    if args.here && report.checked == 0 && report.findings.is_empty() {
        printer.warning(
            "nothing was compared: no project is linked at, below or above this directory",
        );
    }
    for hint in hints(&report.findings, &session.settings.config_file) {
        printer.hint(&hint);
    }
    Ok(exit)
}

/// How many secrets agree, and what else there is: an env file can be wrong in more than secrets.
fn summary(report: &Report) -> String {
    let agree = format!("{} of {} agree", report.agree, report.checked);
    let errors = report.findings.iter();
    let errors = errors
        .filter(|finding| finding.level == Level::Error)
        .count();
    match (report.findings.len(), errors) {
        (0, _) => agree,
        (all, errors) => format!("{agree}; errors: {errors}, warnings: {}", all - errors),
    }
}

/// What to type, once for each kind of finding.
fn hints(findings: &[Finding], config: &Path) -> Vec<String> {
    let hints = findings.iter().filter_map(|finding| hint(finding, config));
    let mut hints: Vec<String> = hints.collect();
    let mut seen = BTreeSet::new();
    hints.retain(|hint| seen.insert(hint.clone()));
    hints
}

fn hint(finding: &Finding, config: &Path) -> Option<String> {
    let key_path = finding.key_path.as_ref();
    let file = finding.file.as_deref().map(shell::path);
    Some(match finding.kind {
        Kind::Differs if finding.detail == Detail::Removed => {
            format!("secrets rm {} takes it out", key_path?)
        }
        // It lies under `meta/`, and is no project's to restore.
        Kind::Differs if key_path?.project().is_none() => format!(
            "secrets get {0} | secrets set {0} --exact --env-file {1} takes what the vault has",
            key_path?, file?
        ),
        Kind::Differs => format!(
            "secrets restore {} takes what the vault has, secrets import {} what the env file has",
            key_path?.project()?,
            file?
        ),
        Kind::Missing => format!("secrets restore {} brings it back", key_path?.project()?),
        Kind::Unvaulted if finding.detail == Detail::Uncertain => {
            format!(
                "fix line {} of {}, as with quotes around the value",
                finding.line?, file?
            )
        }
        Kind::Unvaulted => format!(
            "secrets import {} takes it into the vault; what is no secret goes into `plain` of its \
             project in {}",
            file?,
            shell::path(config)
        ),
        Kind::Exposed if finding.detail == Detail::Mode => format!("chmod 600 {}", file?),
        Kind::Overdue => format!("secrets rotate {}", key_path?),
        Kind::Tracked => format!("git rm --cached {}", file?),
        Kind::Forged
        | Kind::Misplaced
        | Kind::RolledBack
        | Kind::Replaced
        | Kind::Gone
        | Kind::Unreadable
        | Kind::Exposed => "secrets doctor says how to fix it".to_owned(),
        Kind::LostLines => format!(
            "secrets restore {0} brings the lines back, secrets accept {0} takes the file as it is",
            finding.project.as_ref()?
        ),
        Kind::Unread => format!(
            "fix line {} of {}, or turn it into a comment",
            finding.line?, file?
        ),
        Kind::Duplicate | Kind::Misread => return None,
    })
}

fn annotation(finding: &Finding) -> String {
    let subject = finding.key_path.as_ref().map(ToString::to_string);
    let message = match subject {
        Some(secret) => format!("{secret}: {}", finding.message),
        None => finding.message.clone(),
    };
    Annotation {
        is_error: finding.level == Level::Error,
        file: finding.file.as_deref(),
        line: finding.line.map(|line| line as u64),
        title: finding.kind.as_str(),
        message: &message,
    }
    .command()
}
