//! Notices of the library in words, for the command line and for MCP clients.

use secrets::ops::Notice;

use crate::output::shown;

/// How much a notice matters.
pub(crate) enum Weight {
    /// Printed even with --quiet: it is printed only once, and ignoring it can lose everything.
    Vital,
    Notice,
    Warning,
}

/// Returns the weight of a notice and its lines.
pub(crate) fn words(notice: &Notice<'_>) -> (Weight, Vec<String>) {
    let said = |line: String| (Weight::Notice, vec![line]);
    let warned = |line: String| (Weight::Warning, vec![line]);
    match notice {
        Notice::IdentityCreated { file } => (
            Weight::Vital,
            vec![
                format!("made an identity: {}", shown(file)),
                "back this file up now: without it nothing in the vault can be read again"
                    .to_owned(),
            ],
        ),
        Notice::VaultCreated { vault } => said(format!("made a vault: {}", shown(vault))),
        Notice::Waiting { file } => said(format!(
            "waiting for another run to finish with {}",
            shown(file)
        )),
        Notice::Recovered { file } => {
            said(format!("finished an interrupted write of {}", shown(file)))
        }
        Notice::NotLogged { error } => {
            warned(format!("this read is not in the audit trail: {error}"))
        }
        Notice::EnvFileLost { project } => warned(format!(
            "the env file of {project} has lost most of what it had; this brings it back: secrets \
             restore {project}"
        )),
        Notice::LinesLost { project, lines } => warned(format!(
            "the env file of {project} has lost {lines} lines: secrets restore {project} brings \
             them back, secrets accept {project} takes the file as it is"
        )),
        Notice::StaysInEnv { file, name } => warned(format!(
            "{name} stays in {}: take it out if nothing reads it",
            shown(file)
        )),
        Notice::NotLinked { project, name } => warned(format!(
            "{project} is linked to no env file: one that has {name} keeps the old value; this \
             links it: secrets link {project} PATH"
        )),
        Notice::RunsCode { name } => warned(format!(
            "{name} makes programs run code: run and export refuse it without --allow-dangerous"
        )),
        Notice::MayBeNoValue { kind } => warned(format!(
            "the value may be none: it reads like {}",
            kind.phrase()
        )),
        Notice::LeftOut { what, reason } => warned(format!("{what} is left out: {reason}")),
        Notice::Unresolved { name, reason } => warned(format!(
            "{name} refers to other variables and is given as it stands: {reason}"
        )),
        Notice::Unreadable { error } => warned(format!("{error}: secrets doctor")),
        Notice::Gone { key_path } => warned(format!(
            "{key_path} is gone from the vault, and this machine has seen it: secrets doctor"
        )),
        Notice::NotCompared => warned(
            "the values of env files were not compared with the vault: this server reveals none; \
             the user can run: secrets verify"
                .to_owned(),
        ),
        Notice::LayoutNotKept { project, reason } => warned(format!(
            "the layout of the env file of {project} is not kept, so `restore` could not rebuild \
             it: {reason}"
        )),
        // A new kind of notice without words is no reason to stop.
        _ => (Weight::Notice, Vec::new()),
    }
}
