//! The verbs that change something: `set`, `generate`, `rotate`, `rollback`, `rm`, `mv`, `prune`,
//! `restore`.

use std::ffi::OsString;
use std::path::Path;

use secrets::generate::{Format, Recipe};
use secrets::key_path::KeyPath;
use secrets::ops::restore::At;
use secrets::ops::set::{EnvChange, VaultChange};
use secrets::ops::{self, Context};

use super::Exit;
use super::parse::{env_name, key_path, moment, project};
use crate::args::{FormatArg, Generate, Mv, Prune, Restore, Rm, Rollback, Rotate, Set};
use crate::failure::Failure;
use crate::input::{self, Source};
use crate::output::{self, Printer, shown};

pub(super) fn set(context: &Context<'_>, args: &Set, printer: &Printer) -> Exit {
    refuse_arguments(&args.refused, "set", &args.key_path)?;
    let key_path = key_path(&args.key_path)?;
    let request = ops::set::Request {
        key_path: key_path.clone(),
        description: args.description.clone(),
        env_file: args.env.env_file.clone(),
        env_name: env_name(args.env.env_name.as_deref())?,
        no_env: args.env.no_env,
        unlinked_is_fine: false,
        every_days: args.every,
        allow_misread: args.env.allow_misread,
        dry_run: args.dry_run,
    };
    let prepared = ops::set::prepare(context, request)?;
    let source = source(
        args.from_file.as_deref(),
        args.from_env.as_deref(),
        args.exact,
    );
    let value = input::value(&source, &format!("value of {key_path} (not shown): "))?;
    let report = ops::set::store(prepared, value, args.force)?;
    say_stored(&report, printer)?;
    Ok(0)
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

pub(super) fn generate(context: &Context<'_>, args: &Generate, printer: &Printer) -> Exit {
    let format = match args.format {
        FormatArg::Base64 => Format::Base64,
        FormatArg::Base64url => Format::Base64Url,
        FormatArg::Hex => Format::Hex,
        FormatArg::Alphanumeric => Format::Alphanumeric,
        FormatArg::Uuid => Format::Uuid,
        FormatArg::Words => Format::Words,
    };
    let recipe = match (args.bytes, args.length) {
        (Some(bytes), _) => Recipe::with_bytes(format, bytes),
        (None, Some(length)) => Recipe::new(format, length),
        (None, None) => Ok(Recipe::usual(format)),
    }
    .map_err(|error| Failure::new(error.code(), error.to_string()))?;
    let request = ops::set::Request {
        key_path: key_path(&args.key_path)?,
        description: args.description.clone(),
        env_file: args.env.env_file.clone(),
        env_name: env_name(args.env.env_name.as_deref())?,
        no_env: args.env.no_env,
        unlinked_is_fine: false,
        every_days: args.every,
        allow_misread: args.env.allow_misread,
        dry_run: args.dry_run,
    };
    let (report, value) = ops::generate::run(context, request, recipe)?;
    say_stored(&report, printer)?;
    if args.print && !args.dry_run {
        printer.value(&value, output::stdout_is_terminal())?;
    }
    Ok(0)
}

pub(super) fn rotate(context: &Context<'_>, args: &Rotate, printer: &Printer) -> Exit {
    refuse_arguments(&args.refused, "rotate", &args.key_path)?;
    let key_path = key_path(&args.key_path)?;
    let request = ops::set::Request {
        every_days: args.every,
        allow_misread: args.allow_misread,
        dry_run: args.dry_run,
        ..ops::set::Request::new(key_path.clone())
    };
    let prepared = ops::rotate::prepare(context, request)?;
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
    let report = prepared.run(value)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    say_stored(&report.stored, printer)?;
    for also in &report.also {
        let secret = also
            .key_path
            .as_ref()
            .map(|key_path| format!(" (and stored a new version of {key_path})"))
            .unwrap_or_default();
        let (name, file) = (&also.name, shown(&also.file));
        printer.note(&format!("replaced {name} in {file}{secret}"));
    }
    Ok(0)
}

pub(super) fn rollback(context: &Context<'_>, args: &Rollback, printer: &Printer) -> Exit {
    let key_path = key_path(&args.key_path)?;
    let report = ops::rollback::run(context, key_path, args.version, args.dry_run)?;
    say_stored(&report, printer)?;
    Ok(0)
}

pub(super) fn rm(context: &Context<'_>, args: &Rm, printer: &Printer) -> Exit {
    let report = ops::remove::run(context, key_path(&args.key_path)?, args.dry_run)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let would = if report.dry_run { "would have: " } else { "" };
    let key_path = &report.key_path;
    printer.note(&format!(
        "{would}removed {key_path} with version {}; older versions stay: secrets history {key_path}",
        report.version
    ));
    say_env(&report, printer);
    Ok(0)
}

pub(super) fn mv(context: &Context<'_>, args: &Mv, printer: &Printer) -> Exit {
    let (from, to) = (key_path(&args.from)?, key_path(&args.to)?);
    let report = ops::rename::run(context, from, to, args.dry_run)?;
    if printer.json {
        printer.json(&report)?;
    } else {
        let would = if report.dry_run { "would have: " } else { "" };
        printer.note(&format!("{would}moved {} to {}", report.from, report.to));
    }
    Ok(0)
}

pub(super) fn prune(context: &Context<'_>, args: &Prune, printer: &Printer) -> Exit {
    let key_path = key_path(&args.key_path)?;
    let keep = args.keep as usize;
    let plan = ops::prune::run(context, key_path.clone(), keep, true)?;
    let mut report = plan;
    if !args.dry_run && !report.destroyed.is_empty() {
        let question = format!(
            "destroy versions {} of {key_path}, for ever? [y/N] ",
            numbers(&report.destroyed)
        );
        if !args.yes && !input::confirm(&question)? {
            return Err(Failure::new("not_confirmed", "nothing was destroyed"));
        }
        report = ops::prune::run(context, key_path, keep, false)?;
    }
    if printer.json {
        printer.json(&report)?;
    } else if report.destroyed.is_empty() {
        printer.note("there is nothing to destroy");
    } else {
        let would = if args.dry_run { "would have: " } else { "" };
        printer.note(&format!(
            "{would}destroyed versions {} of {}",
            numbers(&report.destroyed),
            report.key_path
        ));
    }
    Ok(0)
}

fn numbers(versions: &[u32]) -> String {
    let texts: Vec<String> = versions.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

pub(super) fn restore(context: &Context<'_>, args: &Restore, printer: &Printer) -> Exit {
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
    let report = ops::restore::run(context, &request)?;
    if printer.json {
        printer.json(&report)?;
        return Ok(0);
    }
    let would = if report.dry_run { "would have: " } else { "" };
    let file = shown(&report.file);
    if let Some(layout) = report.layout {
        printer.note(&format!(
            "{would}rebuilt {file} from version {layout} of its layout"
        ));
    }
    let mut untouched = 0;
    for secret in &report.secrets {
        let (name, version) = (&secret.name, secret.version);
        match secret.change {
            EnvChange::Added => printer.note(&format!("{would}added {name}, version {version}")),
            EnvChange::Replaced => {
                printer.note(&format!("{would}replaced {name}, version {version}"));
            }
            _ => untouched += 1,
        }
        if let Some(found) = secret.found_version {
            printer.note(&format!(
                "the value that the env file had for {name} was in no version: it is version \
                 {found} now"
            ));
        }
    }
    if report.secrets.is_empty() {
        printer.note(&format!("the vault has no secrets for {file}"));
    } else if untouched == report.secrets.len() && !report.rebuilt {
        printer.note(&format!("{file} already agrees with the vault"));
    }
    Ok(0)
}

/// What a verb that stores one value says.
fn say_stored(report: &ops::set::Report, printer: &Printer) -> Result<(), Failure> {
    if printer.json {
        return printer.json(report);
    }
    let would = if report.dry_run { "would have: " } else { "" };
    let vault = match report.vault {
        VaultChange::Created => "stored",
        VaultChange::Updated => "stored a new version of",
        VaultChange::Unchanged => "the vault already has",
    };
    printer.note(&format!(
        "{would}{vault} {}, version {}",
        report.key_path, report.version
    ));
    if let Some(found) = report.found_version {
        printer.note(&format!(
            "the value that the env file had was in no version: it is version {found} now"
        ));
    }
    say_env(report, printer);
    if let Some(project) = &report.linked {
        printer.note(&format!("{would}linked {project} to that file"));
    }
    Ok(())
}

/// What happened to the env file.
fn say_env(report: &ops::set::Report, printer: &Printer) {
    let would = if report.dry_run { "would have: " } else { "" };
    if let (Some(file), Some(name)) = (&report.env.file, &report.env.name) {
        let file = shown(file);
        printer.note(&match report.env.change {
            EnvChange::Added => format!("{would}added {name} to {file}"),
            EnvChange::Replaced => format!("{would}replaced {name} in {file}"),
            EnvChange::Removed => format!("{would}removed {name} from {file}"),
            EnvChange::Unchanged | EnvChange::Skipped => {
                format!("{file} already has this {name}")
            }
        });
    }
}
