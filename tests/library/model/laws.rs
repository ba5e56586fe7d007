//! What must hold after each step.
//!
//! | law | |
//! |---|---|
//! | refused | a step that fails changed no file but the memory of the machine and the audit trail |
//! | kept | every version that was acknowledged can be read, unless `prune` destroyed it |
//! | stored | an acknowledged version is the newest, and the env file has its value |
//! | owner | a verb that writes a variable leaves no other live secret that claims it |
//! | filed | a value of one secret never becomes a version of another, but by `mv` |
//! | others | a verb changes no variable but those that it reports |
//! | left | a value that leaves an env file is a version of a secret |
//! | restored | after `restore` the env file agrees with the vault |

use std::collections::{BTreeMap, BTreeSet};

use super::Step;
use super::machine::{Done, Machine, Place, View};

/// A machine, and what it has acknowledged.
pub struct Checked {
    machine: Machine,
    acknowledged: BTreeMap<(&'static str, u32), Vec<u8>>,
    /// Where secrets were written that are not found by the link of their project.
    placed: BTreeSet<(&'static str, Place)>,
    steps: Vec<Step>,
}

impl Checked {
    pub fn new() -> Self {
        Self {
            machine: Machine::new(),
            acknowledged: BTreeMap::new(),
            placed: BTreeSet::new(),
            steps: Vec::new(),
        }
    }

    /// Carries a step out and checks the laws.
    pub fn step(&mut self, step: &Step) {
        self.steps.push(step.clone());
        let before = self.machine.view();
        let files = self.machine.files();
        let done = match self.machine.carry_out(step) {
            Ok(done) => done,
            Err(error) => {
                if files != self.machine.files() {
                    self.broken("refused", &format!("{}: {error}", error.code()));
                }
                return;
            }
        };
        let after = self.machine.view();
        let is_editor = matches!(
            step,
            Step::Edit { .. } | Step::DeleteLine { .. } | Step::DeleteFile { .. }
        );
        self.kept(&after, &done);
        if !is_editor {
            self.stored(&after, &done);
            self.owner(&before, &after, &done);
            // An import files what the file has, whoever had the value before.
            if !matches!(step, Step::Import { .. }) {
                self.filed(&before, &after, &done);
            }
            if !matches!(step, Step::Restore { .. }) {
                self.others(&before, &after, &done);
            }
            self.left(&before, &after, step);
        }
        if let Some(project) = done.restored {
            let kinds = self.machine.disagreements(project);
            for kind in ["Missing", "Differs"] {
                if kinds.contains(kind) {
                    self.broken("restored", &format!("{project}: {kinds:?}"));
                }
            }
        }
        self.acknowledged = after.versions;
        let placed = done.placed.into_iter();
        self.placed.extend(placed);
    }

    fn broken(&self, law: &str, what: &str) -> ! {
        panic!("the law `{law}` is broken: {what}\nafter {:#?}", self.steps);
    }

    fn kept(&self, after: &View, done: &Done) {
        for (version, value) in &self.acknowledged {
            let is_destroyed = done.destroyed.contains(version);
            if !is_destroyed && after.versions.get(version) != Some(value) {
                self.broken("kept", &format!("{version:?}"));
            }
        }
    }

    fn stored(&self, after: &View, done: &Done) {
        for (key, number) in &done.stored {
            let value = after.versions.get(&(*key, *number));
            let live = after.live.get(key).map(|live| &live.value);
            if value.is_none() || value != live {
                self.broken(
                    "stored",
                    &format!("{key} version {number} is not the newest"),
                );
            }
        }
        for (key, place) in &done.placed {
            let live = after.live.get(key).map(|live| &live.value);
            if after.variables.get(place) != live {
                self.broken("stored", &format!("{place:?} has not the value of {key}"));
            }
        }
    }

    fn owner(&self, before: &View, after: &View, done: &Done) {
        for (key, place) in &done.placed {
            for (other, live) in &after.live {
                let by_link = other.strip_prefix("project/").is_some_and(|rest| {
                    let project = rest.split('/').next().unwrap();
                    after.links.get(project) == Some(&place.0)
                        && live.env_name.as_deref() == Some(&place.1)
                });
                let was_there = self.placed.contains(&(*other, place.clone()))
                    && before.live.contains_key(other)
                    && before.variables.get(place) == before.live.get(other).map(|l| &l.value);
                if other != key && (by_link || was_there) {
                    let both = format!("{place:?} belongs to {other}, and {key} was written there");
                    self.broken("owner", &both);
                }
            }
        }
    }

    fn filed(&self, before: &View, after: &View, done: &Done) {
        for ((key, number), value) in &after.versions {
            let is_new = !before.versions.contains_key(&(*key, *number));
            if !is_new || done.stored.contains(&(*key, *number)) {
                continue;
            }
            let mut owners = before.live.iter();
            if let Some((owner, _)) = owners.find(|(other, l)| *other != key && l.value == *value) {
                // What `mv` has copied is the value of both.
                let is_own = before
                    .versions
                    .iter()
                    .any(|((k, _), v)| k == key && v == value);
                if !is_own {
                    self.broken(
                        "filed",
                        &format!("the value of {owner} is version {number} of {key}"),
                    );
                }
            }
        }
    }

    fn others(&self, before: &View, after: &View, done: &Done) {
        let places = before.variables.keys().chain(after.variables.keys());
        for place in places {
            let is_reported = done.placed.iter().any(|(_, placed)| placed == place)
                || done.touched.contains(place);
            if !is_reported && before.variables.get(place) != after.variables.get(place) {
                self.broken("others", &format!("{place:?} changed"));
            }
        }
    }

    fn left(&self, before: &View, after: &View, step: &Step) {
        for (place, value) in &before.variables {
            // Nothing has ever called these secrets; `restore` keeps them with the layout.
            let is_plain = place.1 == "PORT" || matches!(step, Step::Restore { rebuild: true, .. });
            if !is_plain
                && after.variables.get(place) != Some(value)
                && !after.versions.values().any(|version| version == value)
            {
                self.broken("left", &format!("the value of {place:?} is in no version"));
            }
        }
    }
}
