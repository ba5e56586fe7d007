//! `init`, `link`, `unlink`, `projects`, `man`.

use secrets::Error;
use secrets::model::key_path::OwnerName;
use secrets::model::version::Version;
use secrets::ops::answers;
use secrets::ops::trust::Changes;
use secrets::ops::{self, Session};
use secrets::storage::vault::is_member_name;

use super::{Call, Exit, Verb, recovery};
use crate::args::{Init, Link, Projects, RecoveryAdd, Unlink};
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::{Printer, shown, table};
use crate::parse::project;

impl Verb for Init {
    fn run(&self, call: &Call<'_>) -> Exit {
        if self
            .member
            .as_deref()
            .is_some_and(|name| !is_member_name(name))
        {
            return Err(Failure::new(
                Code::InvalidMember,
                "a member's name has lower-case letters, digits, - and _ only",
            )
            .hint("secrets init --member me"));
        }
        let session = call.session_with(|settings| {
            settings.may_create = true;
            if let Some(member) = &self.member {
                settings.member.clone_from(member);
            }
        })?;
        init(session, self, call.printer)
    }
}

fn init(session: &Session<'_>, args: &Init, printer: &Printer) -> Exit {
    let recovery = args.recovery.then_some(RecoveryAdd {
        print: args.print,
        dry_run: args.dry_run,
    });
    if let Some(recovery) = &recovery {
        // Before anything is made.
        recovery::may_show(recovery, printer)?;
    }
    let trusted = match args.trust {
        true => Some(trust(session, args.yes, printer)?),
        false => None,
    };
    let report = ops::init::run(session, args.dry_run)?;
    if printer.json {
        // With a recovery key the one object is that of `recovery add`.
        if recovery.is_none() || args.dry_run {
            printer.json(&answers::Init { report, trusted })?;
        }
    } else if !report.created {
        printer.note(&format!(
            "the vault {} is there and opens",
            shown(&report.vault)
        ));
    } else if report.dry_run {
        // What is really made is told as it is made.
        if let Some(file) = report.identity.filter(|_| report.identity_created) {
            printer.note(&format!("would create an identity: {}", shown(&file)));
        }
        printer.note(&format!("would create a vault: {}", shown(&report.vault)));
    }
    match recovery {
        Some(_) if args.dry_run => {
            printer.note("would create a recovery key and show it once");
            Ok(0)
        }
        Some(recovery) => recovery::add(session, &recovery, printer),
        None => Ok(0),
    }
}

/// Shows what has changed since this machine last saw the vault, asks, and accepts it.
fn trust(session: &Session<'_>, yes: bool, printer: &Printer) -> Result<Changes, Failure> {
    let changes = ops::trust::look(session)?;
    if changes.is_empty() {
        printer.note("the vault is the one that this machine remembers; nothing is to be accepted");
        return Ok(changes);
    }
    printer.notice(&format!(
        "this machine remembers the vault at {} otherwise:",
        shown(&changes.vault)
    ));
    for (what, pin) in [("id", &changes.id), ("public key", &changes.recipient)] {
        if pin.changed() {
            let or_none = |text: &Option<String>| text.clone().unwrap_or("none".to_owned());
            printer.notice(&format!("  {what} before: {}", or_none(&pin.before)));
            printer.notice(&format!("  {what} now:    {}", or_none(&pin.now)));
        }
    }
    let now = |found: Option<Version>| match found {
        None => "gone".to_owned(),
        Some(version) => format!("version {version}"),
    };
    let secrets = changes.secrets.iter();
    let secrets = secrets.map(|one| (one.key_path.to_string(), one.seen, one.found));
    let layouts = changes.layouts.iter().map(|one| {
        let name = format!("layout of the env file of {}", one.project);
        (name, one.seen, one.found)
    });
    for (name, seen, found) in secrets.chain(layouts) {
        let now = match found == Some(seen) {
            true => format!("another version {seen}"),
            false => now(found),
        };
        printer.notice(&format!("  {name}: version {seen} before, now {now}"));
    }
    for one in &changes.versions {
        printer.notice(&format!("  {}: {}", one.key_path, one.problem));
    }
    const SHOWN: usize = 10;
    for flaw in changes.trail.iter().take(SHOWN) {
        printer.notice(&format!("  audit trail: {flaw}"));
    }
    if let Some(more) = changes
        .trail
        .len()
        .checked_sub(SHOWN)
        .filter(|more| *more > 0)
    {
        printer.notice(&format!(
            "  audit trail: {more} more (secrets log --verify)"
        ));
    }
    if !changes.trail.is_empty() {
        printer.notice("  the audit trail is set aside as it is, and a new one begins");
    }
    let question = "did you do this yourself, and is it to be trusted? [y/N] ";
    if !yes && !input::confirm(question)? {
        return Err(Failure::new(Code::NotConfirmed, "nothing was accepted"));
    }
    ops::trust::accept(session, &changes)?;
    printer.note("accepted; it is in the audit trail");
    Ok(changes)
}

impl Verb for Link {
    fn run(&self, call: &Call<'_>) -> Exit {
        link(call.session()?, self, call.printer)
    }
}

fn link(session: &Session<'_>, args: &Link, printer: &Printer) -> Exit {
    let report = ops::link::link(
        session,
        &project(&args.project)?,
        &args.path,
        args.allow_tracked,
        args.dry_run,
    )?;
    if printer.json {
        printer.json(&report)?;
    } else {
        let absent = if report.exists {
            ""
        } else {
            " (which does not exist yet)"
        };
        let (project, file) = (&report.project, shown(&report.env_file));
        printer.note(&match report.dry_run {
            true => format!("would link {project} to {file}{absent}"),
            false => format!("{project} is linked to {file}{absent}"),
        });
        if let Some(target) = &report.target {
            printer.note(&format!("symbolic links lead to {}", shown(target)));
        }
        if let Some(before) = &report.before {
            let (was, before) = (if report.dry_run { "is" } else { "was" }, shown(before));
            printer.note(&format!("it {was} linked to {before}"));
        }
    }
    if !report.shared_with.is_empty() {
        let others: Vec<&str> = report.shared_with.iter().map(OwnerName::as_str).collect();
        printer.warning(&format!(
            "this file is also linked to {}: each variable in it belongs to one secret of one of \
             them",
            others.join(", ")
        ));
    }
    Ok(0)
}

impl Verb for Unlink {
    fn run(&self, call: &Call<'_>) -> Exit {
        unlink(call.session()?, self, call.printer)
    }
}

fn unlink(session: &Session<'_>, args: &Unlink, printer: &Printer) -> Exit {
    let name = project(&args.project)?;
    let Some(report) = ops::link::unlink(session, &name, args.dry_run)? else {
        let mut failure = Failure::from(Error::NotLinked(name));
        failure.hints = vec!["secrets projects lists those that are".to_owned()];
        failure.exit = 1;
        return Err(failure);
    };
    if printer.json {
        printer.json(&report)?;
    } else {
        let (project, file) = (&report.project, shown(&report.env_file));
        printer.note(&match report.dry_run {
            true => format!("would unlink {project} from {file}"),
            false => format!("{project} is no longer linked to {file}; the file stays as it is"),
        });
    }
    Ok(0)
}

impl Verb for Projects {
    fn run(&self, call: &Call<'_>) -> Exit {
        projects(call.session()?, call.printer)
    }
}

fn projects(session: &Session<'_>, printer: &Printer) -> Exit {
    let reports = ops::link::projects(session)?;
    if printer.json {
        printer.json(&reports)?;
    } else if reports.is_empty() {
        printer.note("no project is linked; secrets link PROJECT PATH links one");
    } else {
        let rows = reports
            .iter()
            .map(|report| {
                let state = if report.exists { "" } else { " (missing)" };
                vec![
                    report.project.to_string(),
                    format!("{}{state}", shown(&report.env_file)),
                    report.readers.join(", "),
                ]
            })
            .collect();
        printer.out(&table(&["project", "env file", "readers"], rows))?;
    }
    Ok(0)
}
