//! `import`.

use std::path::Path;

use secrets::Error;
use secrets::error::EnvFileProblem;
use secrets::model::description;
use secrets::ops::Session;
use secrets::ops::import::{self, Class, FileReport, Item, Prepared, Report, Request, Source};
use secrets::ops::set::VaultChange;

use super::progress::Progress;
use super::{Call, Exit, Verb, did};
use crate::args::Import;
use crate::failure::{Code, Failure};
use crate::input;
use crate::output::{Printer, printable, shown, table};
use crate::parse::{existing, project};

impl Verb for Import {
    fn run(&self, call: &Call<'_>) -> Exit {
        import(call.session()?, self, call.printer, call.progress)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("importing")
    }
}

fn import(session: &Session<'_>, args: &Import, printer: &Printer, progress: &Progress) -> Exit {
    for file in &args.files {
        existing(file, "FILE").map_err(|failure| failure.with_code(Code::EnvFileAbsent))?;
    }
    if let Some(dir) = &args.discover {
        existing(dir, "--discover")?;
    }
    if let Some(plan) = &args.from_plan {
        existing(plan, "--from-plan")?;
    }
    let source = match (&args.discover, &args.from_plan) {
        (Some(dir), _) => Source::Discover(dir.clone()),
        (None, Some(plan)) => Source::Plan(plan.clone()),
        (None, None) => Source::Files(args.files.clone()),
    };
    let request = Request {
        source,
        project: args.project.as_deref().map(project).transpose()?,
        describe: args
            .describe
            .iter()
            .map(|text| describe(text))
            .collect::<Result<_, _>>()?,
        all: args.all,
        dry_run: args.dry_run || args.plan.is_some(),
    };
    let mut prepared = import::prepare(session, request)?;
    let plan = args.plan.as_deref().map(|path| (path, prepared.plan(path)));
    if plan.is_none()
        && !args.dry_run
        && args.discover.is_none()
        && input::can_ask()
        && !printer.json
    {
        ask(&mut prepared)?;
    }
    let listing = (args.discover.is_some() && !args.dry_run && args.plan.is_none())
        .then(|| prepared.listing());
    let report = prepared.run();
    progress.finish();
    let report = match (report, listing) {
        // What was found is worth seeing even if it cannot be imported yet.
        (Err(error @ Error::DescriptionsMissing { .. }), Some(listing)) if !printer.json => {
            // The error says more than that this could not be shown.
            let _shown = printer.out(&found(&listing));
            return Err(error.into());
        }
        (report, _) => report.map_err(|error| of_plan(error, args.from_plan.as_deref()))?,
    };
    // At last: what fails before has changed nothing.
    if let Some((path, plan)) = &plan {
        import::write_plan(session, path, plan).map_err(|error| plan_there(error, path))?;
    }
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    if args.discover.is_some() {
        printer.out(&found(&report))?;
    }
    for file in &report.files {
        // The plan and what would be done are asked for; what was done is only news.
        if args.discover.is_none() && (report.dry_run || !printer.is_quiet()) {
            printer.out(&variables(file))?;
        }
        if args.plan.is_none() {
            say(file, report.dry_run, printer);
        }
    }
    if let Some(plan) = &args.plan {
        printer.note(&format!(
            "wrote a plan: fill in {}, then {}",
            shown(plan),
            from_plan(plan)
        ));
    } else if args.dry_run && args.discover.is_none() {
        let missing = report.files.iter().flat_map(|file| &file.variables);
        let missing = missing.filter(|item| item.vault.is_some() && item.description.is_none());
        match missing.count() {
            0 => {}
            count => printer.hint(&format!(
                "to be described first: {count}; --describe NAME=TEXT, or --plan import.toml to \
                 fill in"
            )),
        }
    }
    Ok(0)
}

fn from_plan(plan: &Path) -> String {
    format!(
        "secrets import --from-plan {}",
        secrets::model::shell::path(plan)
    )
}

/// A plan is not written over another, which may have been filled in.
fn plan_there(error: Error, plan: &Path) -> Failure {
    let is_there = matches!(
        error,
        Error::EnvFile {
            problem: EnvFileProblem::AlreadyThere,
            ..
        }
    );
    let mut failure = Failure::from(error);
    if is_there {
        failure.hints = vec![
            format!("to follow it: {}", from_plan(plan)),
            "for a new one, name another file".to_owned(),
        ];
    }
    failure
}

/// What is missing in a plan is best filled in there.
fn of_plan(error: Error, plan: Option<&Path>) -> Failure {
    let is_missing = matches!(error, Error::DescriptionsMissing { .. });
    let mut failure = Failure::from(error);
    if let (Some(plan), true) = (plan, is_missing) {
        failure.hints = vec![format!(
            "fill in `description` of each in {}, then {}",
            shown(plan),
            from_plan(plan)
        )];
    }
    failure
}

/// `NAME=TEXT`.
fn describe(text: &str) -> Result<(String, String), Failure> {
    match text.split_once('=') {
        Some((name, text)) => Ok((name.trim().to_owned(), text.to_owned())),
        None => Err(Failure::new(Code::Usage, "--describe takes NAME=TEXT")
            .hint("--describe 'STRIPE_API_KEY=Stripe API key for payment processing'")),
    }
}

/// Asks for each description that is missing, until it is one.
fn ask(prepared: &mut Prepared<'_>) -> Result<(), Failure> {
    for question in prepared.questions()? {
        let example = description::good_example(&question.key_path);
        let mut prompt = format!(
            "{} (line {} of {}), what is it for?\n  such as: {example}\n> ",
            printable(&question.name),
            question.line,
            shown(&question.env_file),
        );
        loop {
            let Some(text) = input::line(&prompt)? else {
                // What is missing is said by the run.
                return Ok(());
            };
            match prepared.answer(&question, &text) {
                Ok(()) => break,
                Err(error) => prompt = format!("{error}\n> "),
            }
        }
    }
    Ok(())
}

/// The table of one env file.
fn variables(file: &FileReport) -> String {
    let rows = file
        .variables
        .iter()
        .map(|item| {
            let key_path = item.key_path.as_ref().filter(|_| item.vault.is_some());
            vec![
                item.name
                    .clone()
                    .unwrap_or_else(|| format!("line {}", item.line)),
                format!("{}: {}", item.class.as_str(), item.reason),
                match item.vault {
                    Some(VaultChange::Created) => "store".to_owned(),
                    Some(VaultChange::Updated) => "store a new version".to_owned(),
                    Some(VaultChange::Unchanged) => "nothing".to_owned(),
                    None => "leave out".to_owned(),
                },
                key_path.map(ToString::to_string).unwrap_or_default(),
                match (&item.description, item.vault) {
                    (_, None) => String::new(),
                    (Some(description), _) => description.clone(),
                    (None, _) => "needs a description".to_owned(),
                },
            ]
        })
        .collect();
    table(
        &["variable", "class", "do", "key path", "description"],
        rows,
    )
}

/// The table of what was found in a tree.
fn found(report: &Report) -> String {
    let mut rows: Vec<Vec<String>> = report
        .files
        .iter()
        .map(|file| {
            let count = |wanted: fn(&Item) -> bool| {
                let count = file.variables.iter().filter(|&item| wanted(item)).count();
                count.to_string()
            };
            vec![
                file.project.to_string(),
                shown(&file.file),
                count(|item| item.vault.is_some() && item.class != Class::Vaulted),
                count(|item| item.class == Class::Vaulted),
                count(|item| item.vault.is_none()),
                count(|item| item.vault.is_some() && item.description.is_none()),
            ]
        })
        .collect();
    rows.extend(report.left_out.iter().map(|file| {
        let mut row = vec![String::new(), shown(&file.file)];
        row.push(file.reason.clone());
        row.resize(6, String::new());
        row
    }));
    table(
        &[
            "project",
            "env file",
            "to store",
            "stored",
            "left out",
            "undescribed",
        ],
        rows,
    )
}

/// What was done with one env file.
fn say(file: &FileReport, dry_run: bool, printer: &Printer) {
    let count = |change| {
        let with = file
            .variables
            .iter()
            .filter(|item| item.vault == Some(change));
        with.count()
    };
    let (created, updated) = (count(VaultChange::Created), count(VaultChange::Updated));
    let there = count(VaultChange::Unchanged);
    printer.note(&format!(
        "{} {} of {}, {there} already stored; the file is unchanged",
        did(dry_run, "stored", "store"),
        created + updated,
        shown(&file.file)
    ));
    if file.linked {
        printer.note(&format!(
            "{} {} to {}",
            did(dry_run, "linked", "link"),
            file.project,
            shown(&file.file)
        ));
    }
    if !file.plain.is_empty() {
        printer.note(&format!(
            "{} as plain: {}",
            did(dry_run, "recorded", "record"),
            file.plain.join(", ")
        ));
    }
    let lost: Vec<String> = file
        .variables
        .iter()
        .filter(|item| item.class == Class::Unrepresentable || item.class == Class::Outdated)
        .map(|item| {
            let name = item.name.as_deref().unwrap_or("a variable");
            format!("{name} on line {}: {}", item.line, item.reason)
        })
        .collect();
    for lost in lost {
        printer.warning(&format!("not imported: {lost}"));
    }
}
