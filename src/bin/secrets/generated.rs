//! What is generated from the command line's definition: completion scripts and manual pages.

use std::path::Path;

use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::args;
use crate::failure::Failure;

/// The completion script of a shell.
pub(crate) fn completions(shell: Shell) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, &mut args::command(), "secrets", &mut script);
    // zsh is offered hidden arguments as well.
    let script = String::from_utf8_lossy(&script);
    let lines = script.split_inclusive('\n');
    let kept: String = lines
        .filter(|line| !line.contains("'*::refused "))
        .collect();
    kept.into_bytes()
}

/// The manual page of the whole program.
pub(crate) fn manual_page() -> Result<Vec<u8>, Failure> {
    render(&args::command())
}

/// All manual pages: file names and contents.
pub(crate) fn manual_pages() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut command = args::command();
    command.build();
    let mut pages = vec![("secrets.1".to_owned(), manual_page()?)];
    for verb in command.get_subcommands() {
        let name = format!("secrets-{}", verb.get_name());
        let verb = verb.clone().name(leak(&name));
        pages.push((format!("{name}.1"), render(&verb)?));
    }
    Ok(pages)
}

/// clap wants names that live for ever; there are as many as there are verbs.
fn leak(name: &str) -> &'static str {
    Box::leak(name.to_owned().into_boxed_str())
}

fn render(command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .render(&mut page)
        .map_err(|error| Failure::io("cannot write the manual page", error))?;
    Ok(page)
}

/// Writes all manual pages into a directory.
pub(crate) fn write_manual_pages(dir: &Path) -> Result<usize, Failure> {
    let pages = manual_pages()?;
    secrets::storage::fs::make_dir_all_durable(dir)?;
    for (name, page) in &pages {
        secrets::storage::fs::replace_shared(&dir.join(name), page)?;
    }
    Ok(pages.len())
}
