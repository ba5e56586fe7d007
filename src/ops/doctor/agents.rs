//! Coding agents: whether each acts on what `agent install` has written into the user's own
//! configuration.
//!
//! Limits: configurations in projects' directories are not looked at.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Check, Doctor, edit};
use crate::agents::install::{Client, Part, PartKind, Refusal, Scope, parts};
use crate::storage::fs;

const MAX_FILE: usize = 32 << 20;

impl Doctor<'_> {
    pub(super) fn agents(&mut self) {
        let Some(places) = &self.request.agents else {
            return;
        };
        let mut checks = Vec::new();
        // Some agents share a file.
        let mut known = BTreeSet::new();
        for client in Client::ALL {
            let mut found = Vec::new();
            let mut is_installed = false;
            let parts = parts(client, Scope::User(places));
            for part in parts
                .iter()
                .filter(|part| part.kind != PartKind::Instructions)
            {
                let Some(text) = read(&part.file) else {
                    continue;
                };
                let is_there = match part.remove(&text) {
                    Ok(without) => without != text,
                    Err(refusal) => {
                        // Only a file that speaks of this program is any of its business.
                        if text.contains("secrets") && known.insert(part.file.clone()) {
                            found.push(unread(client, part, &refusal));
                        }
                        continue;
                    }
                };
                if !is_there {
                    continue;
                }
                is_installed = true;
                if known.insert(part.file.clone()) {
                    found.extend(self.moved(client, part, &text));
                }
                if let Some(refusal) = part.ignored(&text) {
                    found.push(unread(client, part, &refusal));
                }
                let main = parts.first().and_then(|first| read(&first.file));
                if part.is_untrusted(&main.unwrap_or_default()) {
                    let what = format!(
                        "{} does not run the hook before you trust it: open /hooks in it",
                        client.title()
                    );
                    found.push(Check::warning("agent_trust", what).at(&part.file));
                }
            }
            found.dedup_by(|a, b| a.what == b.what && a.file == b.file);
            if is_installed && found.is_empty() {
                let what = format!("{} is configured", client.title());
                found.push(Check::good("agent", what));
            }
            checks.extend(found);
        }
        for check in checks {
            self.say(check);
        }
    }

    /// A part that starts a program which is not there.
    fn moved(&self, client: Client, part: &Part, text: &str) -> Option<Check> {
        let program = part.program(text)?;
        let path = Path::new(&program);
        if !path.is_absolute() || fs::exists(path).unwrap_or(true) {
            return None;
        }
        let what = format!("{} starts {program}, which is not there", client.title());
        let mend = self.command(&format!("agent install {}", client.name()));
        Some(Check::bad("agent_program", what).at(&part.file).mend(mend))
    }
}

fn unread(client: Client, part: &Part, refusal: &Refusal) -> Check {
    let Refusal { line, problem } = refusal;
    let what = format!("{}: line {line}: {problem}", client.title());
    let check = Check::bad("agent_settings", what).at(&part.file);
    check.mend(edit(&part.file, *line))
}

/// Returns a file's text; `None` if there is none, or none that can be read.
fn read(file: &Path) -> Option<String> {
    let bytes = fs::read(file, MAX_FILE).ok()??;
    bytes.as_str().map(str::to_owned)
}
