//! `recovery`: the one place where a key is shown.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use secrets::model::secret::{SecretBuilder, SecretBytes};
use secrets::ops::answers::RecoveryKey;
use secrets::ops::recovery::{AddReport, Added, TestReport};
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb};
use crate::args::{Recovery, RecoveryAdd, RecoveryUse};
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::{self, Printer, shown, table};

impl Verb for Recovery {
    fn run(&self, call: &Call<'_>) -> Exit {
        recovery(call.session()?, self, call.printer)
    }
}

fn recovery(session: &Session<'_>, args: &Recovery, printer: &Printer) -> Exit {
    match args {
        Recovery::Add(args) => {
            may_show(args, printer)?;
            add(session, args, printer)
        }
        Recovery::Test => test(session, printer),
        Recovery::Use(args) => use_key(session, args, printer),
        Recovery::List => list(session, printer),
    }
}

/// Whether there is somebody to show the key to. To be asked before anything is made.
pub(super) fn may_show(args: &RecoveryAdd, printer: &Printer) -> Result<(), Failure> {
    if args.print || args.dry_run || (output::stdout_is_terminal() && !printer.json) {
        return Ok(());
    }
    Err(Failure::new(
        Code::NoTerminal,
        "the recovery key is shown once, on a terminal, and there is none",
    )
    .hint("run this in a terminal, with a printer or a pen at hand")
    .hint("--print prints the bare key on standard output, for a script that keeps it safe"))
}

pub(super) fn add(session: &Session<'_>, args: &RecoveryAdd, printer: &Printer) -> Exit {
    if args.dry_run {
        let report = ops::recovery::look(session)?;
        match printer.json {
            true => printer.json(&RecoveryKey {
                report: &report,
                key: None,
            })?,
            false => printer.note(&format!(
                "would create the member {}: {}",
                report.member,
                shown(&report.file)
            )),
        }
        return Ok(0);
    }
    let added = ops::recovery::add(session)?;
    if let Err(failure) = show(&added, args, printer) {
        // A member whose key nobody has seen would only look like safety.
        ops::recovery::withdraw(session, &added.report)?;
        return Err(failure.hint("the recovery member was taken back; try again"));
    }
    if !printer.json {
        let report = &added.report;
        printer.note(&format!(
            "{} can open the vault now; so can: {}",
            report.member,
            others(report)
        ));
        if !args.print {
            printer.note("print it or write it down, and keep it somewhere else");
            printer.note("it is shown only this once, and is in no file of this machine");
            printer.note("when it is on paper, try it: secrets recovery test");
        }
    }
    Ok(0)
}

fn others(report: &AddReport) -> String {
    let names = report.members.iter().filter(|name| **name != report.member);
    let names: Vec<&str> = names.map(String::as_str).collect();
    names.join(", ")
}

fn show(added: &Added, args: &RecoveryAdd, printer: &Printer) -> Result<(), Failure> {
    if printer.json {
        let shown = RecoveryKey {
            report: &added.report,
            key: added.key.as_str(),
        };
        return printer.json_with_value_or_fail(&shown, added.key.len());
    }
    if args.print {
        let mut line = SecretBuilder::with_capacity(128);
        line.push(added.key.expose());
        line.push(b"\n");
        return printer.value_or_fail(&line.finish());
    }
    printer.value_or_fail(&sheet(&added.key, printer))
}

/// What is drawn around a QR code, in columns.
const QUIET_ZONE: usize = 8;

/// The key as text and as a QR code.
fn sheet(key: &SecretBytes, printer: &Printer) -> SecretBytes {
    let mut sheet = SecretBuilder::with_capacity(8 << 10);
    sheet.push(b"\n");
    let code = QrCode::with_error_correction_level(key.expose(), EcLevel::M).ok();
    // A code whose lines are broken cannot be scanned.
    let fits = |code: &QrCode| {
        output::terminal_width().is_none_or(|columns| code.width() + QUIET_ZONE <= columns)
    };
    if let Some(code) = code.filter(fits) {
        // Dark on light, as scanners want it, whatever the terminal's colours; where colours are
        // not wanted, the light parts are drawn, which is right on a dark terminal.
        let coloured = printer.colours_out();
        let (dark, light) = if coloured {
            (Dense1x2::Dark, Dense1x2::Light)
        } else {
            (Dense1x2::Light, Dense1x2::Dark)
        };
        let drawn = code
            .render::<Dense1x2>()
            .dark_color(light)
            .light_color(dark)
            .build();
        let drawn = SecretBytes::new(drawn.into_bytes());
        for line in drawn.expose().split(|&byte| byte == b'\n') {
            if coloured {
                sheet.push(b"\x1b[30;107m");
            }
            sheet.push(line);
            if coloured {
                sheet.push(b"\x1b[0m");
            }
            sheet.push(b"\n");
        }
    } else {
        sheet.push(b"(the terminal is too narrow for a QR code)\n");
    }
    sheet.push(b"\n");
    sheet.push(key.expose());
    sheet.push(b"\n\n");
    sheet.finish()
}

fn test(session: &Session<'_>, printer: &Printer) -> Exit {
    let key = input::key("recovery key (not shown): ")?;
    let report = ops::recovery::test(session, &key)?;
    if printer.json {
        printer.json(&report)?;
    } else {
        printer.out(&format!("{}\n", output::printable(&said(&report))))?;
    }
    Ok(u8::from(!report.opens))
}

fn said(report: &TestReport) -> String {
    match (&report.member, report.problem) {
        (Some(member), None) => format!(
            "this key opens the vault: it is {member}'s, and {} of {} secrets open with it",
            report.secrets, report.secrets
        ),
        (Some(member), Some(problem)) => format!(
            "this is {member}'s key; {problem}: {} of {} do not open; see secrets verify",
            report.unreadable, report.secrets
        ),
        (None, problem) => problem.unwrap_or("this key opens nothing").to_owned(),
    }
}

fn use_key(session: &Session<'_>, args: &RecoveryUse, printer: &Printer) -> Exit {
    let key = input::key("recovery key (not shown): ")?;
    let report = ops::recovery::use_key(session, &key, args.dry_run)?;
    if printer.json {
        printer.json(&report)?;
    } else if report.dry_run {
        let (identity, member) = (shown(&report.identity), &report.member);
        printer.note(&format!(
            "would make {identity} the identity of {member}, with the key of {}",
            report.with
        ));
    } else {
        printer.note(&format!(
            "{} is the new identity, the member {}",
            shown(&report.identity),
            report.member
        ));
        printer.note(&format!(
            "{}'s key was used, so it has been on a screen: secrets recovery add makes another",
            report.with
        ));
    }
    Ok(0)
}

fn list(session: &Session<'_>, printer: &Printer) -> Exit {
    let members = ops::recovery::list(session)?;
    if printer.json {
        printer.json(&members)?;
        return Ok(0);
    }
    let rows = members
        .iter()
        .map(|member| {
            let kind = match (member.mine, member.recovery) {
                (Some(true), _) => "the identity here",
                (_, true) => "recovery key",
                _ => "",
            };
            let tested = member.tested.map(|when| when.to_string());
            vec![
                member.name.clone(),
                kind.to_owned(),
                tested.unwrap_or_default(),
            ]
        })
        .collect();
    printer.out(&table(&["member", "", "tested here"], rows))?;
    Ok(0)
}
