//! The verbs that change something: `set`, `generate`, `rotate`, `rollback`, `rm`, `mv`, `prune`,
//! `restore`.

use std::ffi::OsString;
use std::path::Path;

use secrets::Error;
use secrets::model::generate::{Format, Recipe, RecipeError};
use secrets::model::key_path::KeyPath;
use secrets::model::value::ValueError;
use secrets::model::version::Version;
use secrets::ops::restore::At;
use secrets::ops::set::{EnvChange, VaultChange};
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb, did};
use crate::args::{Accept, Generate, Mv, Prune, Restore, Rm, Rollback, Rotate, Set};
use crate::failure::{Code, Failure};
use crate::input::{self, Source};
use crate::output::{self, Printer, shown};
use crate::parse::{env_name, key_path, moment, only_link, project};

impl Verb for Set {
    fn run(&self, call: &Call<'_>) -> Exit {
        set(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn set(session: &Session<'_>, args: &Set, printer: &Printer) -> Exit {
    refuse_arguments(&args.refused, "set", &args.key_path)?;
    let key_path = key_path(&args.key_path)?;
    let request = ops::set::Request {
        description: args.description.clone(),
        env_file: args.env.env_file.clone(),
        env_name: env_name(args.env.env_name.as_deref())?,
        no_env: args.env.no_env,
        every_days: args.every,
        allow_misread: args.env.allow_misread,
        allow_tracked: args.env.allow_tracked,
        dry_run: args.dry_run,
        ..ops::set::Request::new(key_path.clone())
    };
    let prepared = ops::set::prepare(session, request)?;
    let source = source(
        args.from_file.as_deref(),
        args.from_env.as_deref(),
        args.exact,
    );
    let value = input::value(&source, &format!("value of {key_path} (not shown): "))?;
    let report = ops::set::store(prepared, value, args.force)
        .map_err(|error| of_value(error, "set", &key_path))?;
    say_stored(&report, printer)?;
    Ok(0)
}

/// An error, of which a missing value says how to give one to this very command.
fn of_value(error: Error, verb: &str, key_path: &KeyPath) -> Failure {
    let is_missing = matches!(error, Error::Value(ValueError::Empty));
    let mut failure = Failure::from(error);
    if is_missing {
        failure.hints = vec![Failure::pipe_it_in(verb, &key_path.to_string())];
    }
    failure
}

/// An error, of which a secret that has moved says how this very command goes, and a version that
/// is not there says where those that are can be seen.
pub(super) fn of_versions(error: Error, verb: &str) -> Failure {
    let hint = match &error {
        Error::EntryRemoved {
            moved_to: Some(to), ..
        } => Some(format!("secrets {verb} {to}")),
        Error::VersionNotFound { key_path, .. } => Some(format!("secrets history {key_path}")),
        _ => None,
    };
    let mut failure = Failure::from(error);
    if let Some(hint) = hint {
        failure.hints = vec![hint];
    }
    failure
}

/// A value that was typed as an argument, beside the key path or behind an equals sign, is refused;
/// it is not repeated.
fn refuse_arguments(refused: &[OsString], verb: &str, key_path: &str) -> Result<(), Failure> {
    let (name, joined) = match key_path.split_once('=') {
        Some((name, _)) => (name, true),
        None => (key_path, false),
    };
    if !joined && refused.is_empty() {
        return Ok(());
    }
    let name = KeyPath::parse(name).ok().map(|name| name.to_string());
    Err(Failure::value_as_argument(verb, name.as_deref()))
}

fn source<'a>(file: Option<&'a Path>, name: Option<&'a str>, exact: bool) -> Source<'a> {
    match (file, name) {
        (Some(file), _) => Source::File(file),
        (None, Some(name)) => Source::Environment(name),
        (None, None) => Source::Standard { exact },
    }
}

impl Verb for Generate {
    fn run(&self, call: &Call<'_>) -> Exit {
        generate(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn generate(session: &Session<'_>, args: &Generate, printer: &Printer) -> Exit {
    let format = args.format;
    let recipe = match (args.bytes, args.length) {
        (Some(bytes), _) => Recipe::with_bytes(format, bytes),
        (None, Some(length)) => Recipe::with_length(format, length),
        (None, None) => Ok(Recipe::usual(format)),
    }
    .map_err(|error| {
        let failure = Failure::parse(error.code(), error);
        match error {
            RecipeError::Length(Format::Uuid) => failure.hint("leave out --length"),
            RecipeError::Length(_) => failure.hint(
                "--bytes N says how much; --format alphanumeric --length N is so many characters",
            ),
            RecipeError::Amount(Format::Words | Format::Alphanumeric) => {
                failure.hint("--length N says how many")
            }
            RecipeError::Amount(Format::Base64 | Format::Base64Url | Format::Hex) => {
                failure.hint("--bytes N says how many")
            }
            _ => failure,
        }
    })?;
    let request = ops::set::Request {
        description: args.description.clone(),
        env_file: args.env.env_file.clone(),
        env_name: env_name(args.env.env_name.as_deref())?,
        no_env: args.env.no_env,
        every_days: args.every,
        allow_misread: args.env.allow_misread,
        allow_tracked: args.env.allow_tracked,
        force: args.force,
        dry_run: args.dry_run,
        ..ops::set::Request::new(key_path(&args.key_path)?)
    };
    let (report, value) = ops::generate::run(session, request, recipe)?;
    say_stored(&report, printer)?;
    if args.print && !args.dry_run {
        printer.value(&value, output::stdout_is_terminal())?;
    }
    Ok(0)
}

impl Verb for Rotate {
    fn run(&self, call: &Call<'_>) -> Exit {
        rotate(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn rotate(session: &Session<'_>, args: &Rotate, printer: &Printer) -> Exit {
    refuse_arguments(&args.refused, "rotate", &args.key_path)?;
    let key_path = key_path(&args.key_path)?;
    let request = ops::set::Request {
        every_days: args.every,
        allow_misread: args.allow_misread,
        dry_run: args.dry_run,
        ..ops::set::Request::new(key_path.clone())
    };
    let prepared =
        ops::rotate::prepare(session, request).map_err(|error| of_versions(error, "rotate"))?;
    let is_given = args.ask || args.from_file.is_some() || args.from_env.is_some();
    let value = if is_given || !prepared.has_recipe() {
        let source = source(
            args.from_file.as_deref(),
            args.from_env.as_deref(),
            args.exact,
        );
        let prompt = format!("new value of {key_path} (not shown): ");
        Some(input::value(&source, &prompt)?)
    } else {
        None
    };
    let report = prepared
        .run(value)
        .map_err(|error| of_value(error, "rotate", &key_path))?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    say_stored(&report.stored, printer)?;
    let replaced = did(report.stored.dry_run, "replaced", "replace");
    for also in &report.also {
        let secret = also
            .key_path
            .as_ref()
            .map(|key_path| format!(" (and stored a new version of {key_path})"))
            .unwrap_or_default();
        let (name, place) = (&also.name, place(&also.file, also.line));
        printer.note(&format!("{replaced} {name} in {place}{secret}"));
    }
    if let Some(recipe) = &report.recipe {
        printer.note(&format!(
            "generated like the old value ({recipe}); --ask reads a new value instead"
        ));
    }
    Ok(0)
}

impl Verb for Rollback {
    fn run(&self, call: &Call<'_>) -> Exit {
        rollback(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn rollback(session: &Session<'_>, args: &Rollback, printer: &Printer) -> Exit {
    let key_path = key_path(&args.key_path)?;
    let report = ops::rollback::run(session, key_path, args.version, args.dry_run)
        .map_err(|error| of_versions(error, "rollback"))?;
    say_stored(&report, printer)?;
    Ok(0)
}

impl Verb for Rm {
    fn run(&self, call: &Call<'_>) -> Exit {
        rm(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn rm(session: &Session<'_>, args: &Rm, printer: &Printer) -> Exit {
    let report = ops::remove::run(session, key_path(&args.key_path)?, args.dry_run)
        .map_err(|error| of_versions(error, "rm"))?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let key_path = &report.key_path;
    printer.note(&format!(
        "{} {key_path} with version {}; older versions stay readable: secrets history {key_path}",
        did(report.dry_run, "removed", "remove"),
        report.version
    ));
    say_gone(&report.env, report.dry_run, printer);
    Ok(0)
}

impl Verb for Mv {
    fn run(&self, call: &Call<'_>) -> Exit {
        mv(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.from)
    }
}

fn mv(session: &Session<'_>, args: &Mv, printer: &Printer) -> Exit {
    let (from, to) = (key_path(&args.from)?, key_path(&args.to)?);
    let report = ops::rename::run(session, from, to, args.dry_run)?;
    if printer.json {
        printer.json(&report)?;
    } else {
        let moved = did(report.dry_run, "moved", "move");
        printer.note(&format!("{moved} {} to {}", report.from, report.to));
        say_env(&report.env, report.dry_run, printer);
        say_gone(&report.old_env, report.dry_run, printer);
        if let (None, Some(_), Some(project)) =
            (&report.env.file, &report.old_env.file, report.to.project())
        {
            printer.hint(&format!(
                "no env file has it now, because {project} has no link: secrets link {project} PATH \
                 && secrets restore {project}"
            ));
        }
    }
    Ok(0)
}

impl Verb for Prune {
    fn run(&self, call: &Call<'_>) -> Exit {
        prune(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        Some(&self.key_path)
    }
}

fn prune(session: &Session<'_>, args: &Prune, printer: &Printer) -> Exit {
    let key_path = key_path(&args.key_path)?;
    let keep = args.keep as usize;
    let plan = ops::prune::plan(session, key_path, keep)?;
    let mut report = plan;
    let what = |report: &ops::prune::Report| {
        let layouts = match report.layouts.len() {
            0 => String::new(),
            1 => " and 1 old layout of its env file".to_owned(),
            count => format!(" and {count} old layouts of its env file"),
        };
        let versions = match report.destroyed.len() {
            1 => "version",
            _ => "versions",
        };
        format!(
            "{versions} {} of {}{layouts}",
            numbers(&report.destroyed),
            report.key_path
        )
    };
    if !args.dry_run && !report.destroyed.is_empty() {
        let question = format!("destroy {} forever? [y/N] ", what(&report));
        if !args.yes && !input::confirm(&question)? {
            return Err(Failure::new(Code::NotConfirmed, "nothing was destroyed"));
        }
        report = ops::prune::carry_out(session, report)?;
    }
    if printer.json {
        printer.json(&report)?;
    } else if report.destroyed.is_empty() {
        printer.note("no version to destroy");
    } else {
        let destroyed = did(args.dry_run, "destroyed", "destroy");
        printer.note(&format!("{destroyed} {}", what(&report)));
    }
    Ok(0)
}

fn numbers(versions: &[Version]) -> String {
    let texts: Vec<String> = versions.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl Verb for Restore {
    fn run(&self, call: &Call<'_>) -> Exit {
        restore(call.session()?, self, call.printer)
    }

    fn progress_label(&self) -> Option<&'static str> {
        Some("restoring")
    }
}

fn restore(session: &Session<'_>, args: &Restore, printer: &Printer) -> Exit {
    let at = match args.at.as_deref() {
        None => None,
        Some(text) => Some(match text.parse() {
            Ok(version) => At::Version(version),
            Err(_) => At::Time(moment(text)?),
        }),
    };
    let request = ops::restore::Request {
        project: project(&args.project)?,
        to: args.to.clone(),
        at,
        rebuild: args.rebuild,
        allow_misread: args.allow_misread,
        dry_run: args.dry_run,
    };
    let report = ops::restore::run(session, &request).map_err(only_link)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let file = shown(&report.file);
    if let Some(layout) = report.layout {
        printer.note(&format!(
            "{} {file} from version {layout} of its layout",
            did(report.dry_run, "rebuilt", "rebuild")
        ));
    }
    if report.lines_restored > 0 {
        printer.note(&format!(
            "{} {} lost lines of {file}; if they were removed on purpose: secrets accept {}",
            did(report.dry_run, "put back", "put back"),
            report.lines_restored,
            report.project
        ));
    }
    let mut untouched = 0;
    for secret in &report.secrets {
        let (name, version) = (&secret.name, secret.version);
        let line = secret.line.map(|line| format!(", line {line}"));
        let line = line.unwrap_or_default();
        match secret.change {
            EnvChange::Added => {
                let added = did(report.dry_run, "added", "add");
                printer.note(&format!("{added} {name}, version {version}{line}"));
            }
            EnvChange::Replaced => {
                let replaced = did(report.dry_run, "replaced", "replace");
                printer.note(&format!("{replaced} {name}, version {version}{line}"));
            }
            _ => untouched += 1,
        }
        if let Some(found) = secret.found_version {
            say_found(&format!(" for {name}"), found, report.dry_run, printer);
        }
    }
    if report.secrets.is_empty() {
        printer.note(&format!("the vault has no secrets for {file}"));
    } else if untouched == report.secrets.len() && !report.rebuilt && report.lines_restored == 0 {
        printer.note(&format!("{file} already agrees with the vault"));
    }
    Ok(0)
}

impl Verb for Accept {
    fn run(&self, call: &Call<'_>) -> Exit {
        accept(call.session()?, self, call.printer)
    }
}

fn accept(session: &Session<'_>, args: &Accept, printer: &Printer) -> Exit {
    let project = project(&args.project)?;
    let report = ops::accept::run(session, &project, args.dry_run).map_err(only_link)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let file = shown(&report.file);
    if report.unchanged {
        printer.note(&format!("{file} is already what restore brings back"));
    } else {
        let keep = did(report.dry_run, "kept", "keep");
        printer.note(&format!("{keep} {file} as it is: restore brings this back"));
    }
    if report.lines > 0 {
        let names: Vec<String> = report
            .variables
            .iter()
            .map(|name| output::printable(name))
            .collect();
        let names = match names.is_empty() {
            true => String::new(),
            false => format!(": {}", names.join(", ")),
        };
        printer.note(&format!(
            "{} {} lines of the layout before{names}",
            did(report.dry_run, "gave up", "give up"),
            report.lines
        ));
    }
    for key_path in &report.missing {
        printer.warning(&format!(
            "{key_path} is not in the file: secrets rm {key_path} removes it, secrets restore \
             {project} brings it back"
        ));
    }
    Ok(0)
}

/// What a verb that stores one value says.
pub(super) fn say_stored(report: &ops::set::Report, printer: &Printer) -> Result<(), Failure> {
    if printer.json {
        return printer.json(report);
    }
    let dry_run = report.dry_run;
    let vault = match report.vault {
        VaultChange::Created => did(dry_run, "stored", "store"),
        VaultChange::Updated => did(dry_run, "stored a new version of", "store a new version of"),
        VaultChange::Unchanged => "the vault already has".to_owned(),
    };
    printer.note(&format!(
        "{vault} {}, version {}",
        report.key_path, report.version
    ));
    if let Some(found) = report.found_version {
        say_found("", found, report.dry_run, printer);
    }
    say_env(&report.env, report.dry_run, printer);
    if let Some(old) = &report.old_name {
        printer.note(&format!(
            "{old}, the previous variable, stays in the file: remove it if nothing reads it"
        ));
    }
    if let Some(project) = &report.linked {
        let linked = did(dry_run, "linked", "link");
        printer.note(&format!("{linked} {project} to that file"));
    }
    Ok(())
}

/// Reports that a value which only the env file had is now a version, so that it is not lost.
fn say_found(of: &str, version: Version, dry_run: bool, printer: &Printer) {
    let kept = did(dry_run, "kept", "keep");
    printer.note(&format!(
        "{kept} the value found in the env file{of} as version {version}"
    ));
}

/// What happened to the env file.
fn say_env(env: &ops::set::EnvReport, dry_run: bool, printer: &Printer) {
    if let (Some(file), Some(name)) = (&env.file, &env.name) {
        let place = place(file, env.line);
        printer.note(&match env.change {
            EnvChange::Added => format!("{} {name} to {place}", did(dry_run, "added", "add")),
            EnvChange::Replaced => {
                format!("{} {name} in {place}", did(dry_run, "replaced", "replace"))
            }
            EnvChange::Removed => {
                format!("{} {name} from {place}", did(dry_run, "removed", "remove"))
            }
            EnvChange::Unchanged | EnvChange::Skipped => {
                format!("{} already has this value of {name}", shown(file))
            }
        });
    }
}

/// What happened to the env file of a secret that is no longer there.
fn say_gone(env: &ops::set::EnvReport, dry_run: bool, printer: &Printer) {
    match (&env.file, &env.name, env.change) {
        (Some(file), Some(name), EnvChange::Unchanged) => {
            printer.note(&format!("{} has no {name}", shown(file)));
        }
        _ => say_env(env, dry_run, printer),
    }
}

/// A file, with the line where it is known.
fn place(file: &Path, line: Option<usize>) -> String {
    match line {
        Some(line) => format!("{}, line {line}", shown(file)),
        None => shown(file),
    }
}
