//! What `--json` prints, verb by verb: the list of all schemas, and the shapes of those answers that
//! are not one operation's report as it stands.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::trust::Changes;
use super::{
    accept, agent, diff, doctor, export, get, guard, history, import, init, link, list, log, prune,
    recovery, rename, restore, rotate, scan, set, show, verify,
};
use crate::model::key_path::KeyPath;
use crate::model::schema;

/// What one verb prints with `--json`.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The verb, with what makes it answer like this.
    pub verb: &'static str,
    /// The schema of its answer.
    pub schema: fn() -> Value,
}

const fn answer<T: JsonSchema>(verb: &'static str) -> Answer {
    Answer {
        verb,
        schema: schema::of::<T>,
    }
}

/// All answers, in the order of the help. A verb that is missing here has no answer of its own:
/// `run` gives the output of the program that it runs.
pub const ANSWERS: &[Answer] = &[
    answer::<Init>("init"),
    answer::<link::Report>("link"),
    answer::<link::Report>("unlink"),
    answer::<Vec<link::Project>>("projects"),
    answer::<set::Report>("set"),
    answer::<get::Shown<'_>>("get"),
    answer::<Vec<list::Item>>("list"),
    answer::<Vec<KeyPath>>("list --names"),
    answer::<show::Report>("show"),
    answer::<set::Report>("edit"),
    answer::<verify::Report>("verify"),
    answer::<set::Report>("generate"),
    answer::<rotate::Report>("rotate"),
    answer::<restore::Report>("restore"),
    answer::<accept::Report>("accept"),
    answer::<import::Report>("import"),
    answer::<diff::Report>("diff"),
    answer::<Vec<history::Item>>("history"),
    answer::<set::Report>("rollback"),
    answer::<set::Report>("rm"),
    answer::<rename::Report>("mv"),
    answer::<prune::Report>("prune"),
    answer::<log::Report>("log"),
    answer::<doctor::Report>("doctor"),
    answer::<RecoveryKey<'_>>("recovery add"),
    answer::<recovery::TestReport>("recovery test"),
    answer::<recovery::UseReport>("recovery use"),
    answer::<Vec<recovery::Member>>("recovery list"),
    answer::<export::Shown<'_>>("export"),
    answer::<scan::Report>("scan"),
    answer::<guard::Report>("guard install"),
    answer::<guard::Report>("guard uninstall"),
    answer::<agent::Report>("agent install"),
    answer::<agent::Report>("agent uninstall"),
    answer::<Script<'_>>("completions"),
    answer::<Page<'_>>("man"),
    answer::<Pages>("man DIR"),
];

/// `init`: what is there afterwards.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Init {
    /// What is there.
    #[serde(flatten)]
    pub report: init::Report,
    /// With --trust: what was accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted: Option<Changes>,
}

/// `recovery add`: the new member and its key. One of the three answers that hold a secret.
#[derive(Serialize, JsonSchema)]
pub struct RecoveryKey<'a> {
    /// The member.
    #[serde(flatten)]
    pub report: &'a recovery::AddReport,
    /// The key, which is kept nowhere; absent in a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<&'a str>,
}

/// `completions`: a script.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Script<'a> {
    /// The shell.
    pub shell: &'a str,
    /// The script.
    pub script: &'a str,
}

/// `man`: the page of the whole program.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Page<'a> {
    /// The page, in the language of man(7).
    pub page: &'a str,
}

/// `man DIR`: what was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pages {
    /// The directory.
    pub dir: PathBuf,
    /// How many pages were written into it.
    pub pages: usize,
}
