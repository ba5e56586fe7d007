//! The verbs that pass values on to another program: `export` and `run`.

use secrets::leaks::detect::is_ordinary;
use secrets::leaks::encodings::has_form;
use secrets::leaks::mask::{MIN_CHARS, Masks};
use secrets::model::variables::Variable;
use secrets::ops::{self, Session};

use super::{Call, Exit, Verb};
use crate::args::{Export, Run};
use crate::failure::{Code, Failure};
use crate::output::{self, Printer};
use crate::parse::{key_path, project};
use crate::{environment, run};

impl Verb for Export {
    fn run(&self, call: &Call<'_>) -> Exit {
        export(call.session()?, self, call.printer)
    }
}

fn export(session: &Session<'_>, args: &Export, printer: &Printer) -> Exit {
    let request = ops::export::Request {
        project: project(&args.project)?,
        format: args.format,
        github_env: environment::github_env(),
        allow_dangerous: args.allow_dangerous,
        secrets_only: args.secrets_only,
    };
    let report = ops::export::run(session, &request)?;
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

impl Verb for Run {
    fn run(&self, call: &Call<'_>) -> Exit {
        run(call.session()?, self, call.printer)
    }

    fn key_path(&self) -> Option<&str> {
        match self.key_paths.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    fn with_project(&self, project: &str) -> Option<String> {
        Some(format!("secrets run --project {project} -- CMD"))
    }

    fn exit(&self, failure: &Failure) -> u8 {
        run::exit_code(failure)
    }
}

fn run(session: &Session<'_>, args: &Run, printer: &Printer) -> Exit {
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
        secrets_only: args.secrets_only,
    };
    // Before anything is read: whether there is a program at all.
    let program = run::find(&args.command)?;
    let report = ops::run::run(session, &request)?;
    let terminal = output::stdout_is_terminal() && output::stderr_is_terminal();
    let masks = match args.mask || !(args.no_mask || terminal) {
        true => Some(masks(&report, args.mask, printer)?),
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

/// Prepares to mask the values. Ordinary words would be replaced all over redirected output, so they
/// are masked only if the user asked for it.
fn masks(
    report: &ops::run::Report,
    mask_ordinary: bool,
    printer: &Printer,
) -> Result<Masks, Failure> {
    let (ordinary, masked): (Vec<Variable>, Vec<Variable>) =
        report.variables.iter().cloned().partition(|variable| {
            let value = &variable.value;
            !mask_ordinary && has_form(value.expose()) && is_ordinary(variable.name.as_str(), value)
        });
    let masks = Masks::new(&masked).map_err(|error| {
        Failure::parse(error.code(), error).hint("--no-mask leaves the output alone")
    })?;
    if !masks.too_short().is_empty() {
        printer.warning(&format!(
            "not masked, because they have fewer than {MIN_CHARS} characters: {}",
            masks.too_short().join(", ")
        ));
    }
    if !ordinary.is_empty() {
        let names: Vec<&str> = ordinary.iter().map(|one| one.name.as_str()).collect();
        printer.warning(&format!(
            "not masked, because their values are ordinary words or numbers: {}; --mask masks them",
            names.join(", ")
        ));
    }
    Ok(masks)
}
