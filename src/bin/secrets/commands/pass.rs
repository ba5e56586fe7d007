//! The verbs that pass values on to another program: `export` and `run`.

use secrets::export::Format;
use secrets::leaks::mask::{MIN_CHARS, Masks};
use secrets::ops::{self, Context};

use super::Exit;
use super::parse::{key_path, project};
use crate::args::{Export, ExportFormat, Run};
use crate::failure::{Code, Failure};
use crate::output::{self, Printer};
use crate::{environment, run};

pub(super) fn export(context: &Context<'_>, args: &Export, printer: &Printer) -> Exit {
    let request = ops::export::Request {
        project: project(&args.project)?,
        format: match args.format {
            ExportFormat::Dotenv => Format::Dotenv,
            ExportFormat::Shell => Format::Shell,
            ExportFormat::Fish => Format::Fish,
            ExportFormat::Powershell => Format::Powershell,
            ExportFormat::Json => Format::Json,
            ExportFormat::Docker => Format::Docker,
            ExportFormat::Systemd => Format::Systemd,
            ExportFormat::Github => Format::Github,
        },
        github_env: environment::github_env(),
    };
    let report = ops::export::run(context, &request)?;
    if !report.dangerous.is_empty() {
        printer.warning(&format!(
            "these variables change how programs run: {}",
            report.dangerous.join(", ")
        ));
    }
    if printer.json {
        let shown = report.shown();
        printer.json_with_value(&shown, shown.text.len())?;
    } else {
        printer.value(&report.text, false)?;
    }
    report.hand_over()?;
    Ok(0)
}

pub(super) fn run(context: &Context<'_>, args: &Run, printer: &Printer) -> Exit {
    if args.project.is_none() && args.key_paths.is_empty() {
        return Err(
            Failure::new(Code::Usage, "no secret and no project was named")
                .hint("secrets run --project PROJECT -- CMD")
                .hint("or secrets run KEY_PATH -- CMD"),
        );
    }
    let request = ops::run::Request {
        project: args.project.as_deref().map(project).transpose()?,
        key_paths: args
            .key_paths
            .iter()
            .map(|text| key_path(text))
            .collect::<Result<_, _>>()?,
        allow_dangerous: args.allow_dangerous,
    };
    // Before anything is read: whether there is a program at all.
    let program = run::find(&args.command)?;
    let report = ops::run::run(context, &request)?;
    let terminal = output::stdout_is_terminal() && output::stderr_is_terminal();
    let masks = match args.mask || !(args.no_mask || terminal) {
        true => Some(masks(&report, printer)?),
        false => None,
    };
    let start = run::Start {
        program: &program,
        command: &args.command,
        variables: &report.variables,
        clean: args.clean,
    };
    match masks.filter(|masks| !masks.is_empty()) {
        Some(masks) => run::masked(&start, &masks, printer),
        None => run::replace(&start),
    }
}

fn masks(report: &ops::run::Report, printer: &Printer) -> Result<Masks, Failure> {
    let masks = Masks::new(&report.variables).map_err(|error| {
        Failure::parse(error.code(), error).hint("--no-mask leaves the output alone")
    })?;
    if !masks.too_short().is_empty() {
        printer.warning(&format!(
            "not masked, because they have fewer than {MIN_CHARS} characters: {}",
            masks.too_short().join(", ")
        ));
    }
    Ok(masks)
}
