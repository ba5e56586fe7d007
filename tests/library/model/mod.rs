//! A model test of the operations: random verbs, and edits of the env files by a foreign editor, on
//! one machine with two projects. After each step the laws of [`laws`] must hold.
//!
//! A case that fails is shrunk to a few steps; add it to `FOUND`, where it is tried in every run.
//! `SECRETS_MODEL_CASES` sets the number of random cases.
//!
//! Limits: values are plain words, so nothing here is about quoting; one process at a time; nothing
//! is interrupted. The crash rigs and the property tests of the env files are about those.

mod laws;
mod machine;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use self::laws::Checked;
use self::machine::{FILES, KEYS, PROJECTS, VARIABLES};

/// One step of a case: a verb of the program, or an edit by another program.
#[derive(Debug, Clone)]
pub enum Step {
    Set {
        key: &'static str,
        name: Option<&'static str>,
        file: Option<&'static str>,
        no_env: bool,
    },
    Generate {
        key: &'static str,
    },
    Rotate {
        key: &'static str,
    },
    Rollback {
        key: &'static str,
        version: u32,
    },
    Remove {
        key: &'static str,
    },
    Move {
        from: &'static str,
        to: &'static str,
    },
    Prune {
        key: &'static str,
        keep: usize,
    },
    Import {
        project: &'static str,
    },
    Restore {
        project: &'static str,
        rebuild: bool,
    },
    Link {
        project: &'static str,
        file: &'static str,
    },
    Unlink {
        project: &'static str,
    },
    /// Another program writes a variable.
    Edit {
        file: &'static str,
        name: &'static str,
    },
    /// Another program deletes a variable.
    DeleteLine {
        file: &'static str,
        name: &'static str,
    },
    /// Another program deletes an env file.
    DeleteFile {
        file: &'static str,
    },
}

fn any_step() -> impl Strategy<Value = Step> {
    let key = || select(KEYS);
    let file = || select(FILES);
    let project = || select(PROJECTS);
    let name = || select(VARIABLES);
    let set = (
        key(),
        prop::option::weighted(0.3, name()),
        prop::option::weighted(0.2, file()),
        prop::bool::weighted(0.2),
    )
        // The two exclude each other; see the arguments of `set`.
        .prop_map(|(key, name, file, no_env)| Step::Set {
            key,
            name,
            file,
            no_env: no_env && file.is_none() && name.is_none(),
        });
    prop_oneof![
        6 => set,
        2 => key().prop_map(|key| Step::Generate { key }),
        3 => key().prop_map(|key| Step::Rotate { key }),
        3 => (key(), 1..4_u32).prop_map(|(key, version)| Step::Rollback { key, version }),
        3 => key().prop_map(|key| Step::Remove { key }),
        3 => (key(), key()).prop_map(|(from, to)| Step::Move { from, to }),
        2 => (key(), 1..3_usize).prop_map(|(key, keep)| Step::Prune { key, keep }),
        2 => project().prop_map(|project| Step::Import { project }),
        3 => (project(), any::<bool>())
            .prop_map(|(project, rebuild)| Step::Restore { project, rebuild }),
        1 => (project(), file()).prop_map(|(project, file)| Step::Link { project, file }),
        1 => project().prop_map(|project| Step::Unlink { project }),
        2 => (file(), name()).prop_map(|(file, name)| Step::Edit { file, name }),
        1 => (file(), name()).prop_map(|(file, name)| Step::DeleteLine { file, name }),
        1 => file().prop_map(|file| Step::DeleteFile { file }),
    ]
}

/// The steps need no reference: the laws say what must hold.
struct AnySteps;

impl ReferenceStateMachine for AnySteps {
    type State = ();
    type Transition = Step;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Step> {
        any_step().boxed()
    }

    fn apply((): (), _: &Step) {}
}

struct Model;

impl StateMachineTest for Model {
    type SystemUnderTest = Checked;
    type Reference = AnySteps;

    fn init_test((): &()) -> Checked {
        Checked::new()
    }

    fn apply(mut machine: Checked, (): &(), step: Step) -> Checked {
        machine.step(&step);
        machine
    }
}

fn config() -> Config {
    let cases = std::env::var("SECRETS_MODEL_CASES").ok();
    let cases_are_set = cases.is_some();
    Config {
        cases: cases.map_or(48, |cases| cases.parse().expect("a number of cases")),
        // The same cases in every ordinary run; others where their number is set.
        rng_seed: match cases_are_set {
            true => RngSeed::Random,
            false => RngSeed::Fixed(20_261_125),
        },
        failure_persistence: None,
        max_shrink_iters: 500,
        ..Config::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    fn the_laws_hold_after_every_step(sequential 1..24 => Model);
}

const A_TOKEN: &str = "project/a/token";
const A_KEY: &str = "project/a/api_key";
const B_TOKEN: &str = "project/b/token";
const B_KEY: &str = "project/b/api_key";
const META: &str = "meta/cf/token";

fn set(key: &'static str) -> Step {
    Step::Set {
        key,
        name: None,
        file: None,
        no_env: false,
    }
}

fn set_as(key: &'static str, name: &'static str) -> Step {
    Step::Set {
        key,
        name: Some(name),
        file: None,
        no_env: false,
    }
}

fn set_in(key: &'static str, file: &'static str) -> Step {
    Step::Set {
        key,
        name: None,
        file: Some(file),
        no_env: false,
    }
}

/// Cases that once broke a law.
fn found() -> Vec<(&'static str, Vec<Step>)> {
    let taken = || {
        vec![
            set(A_KEY),
            Step::Remove { key: A_KEY },
            set_as(A_TOKEN, "API_KEY"),
        ]
    };
    let then = |step: Step| {
        let mut steps = taken();
        steps.push(step);
        steps
    };
    vec![
        (
            "mv onto another secret's variable",
            vec![
                set(A_TOKEN),
                set_as(B_KEY, "TOKEN"),
                Step::Move {
                    from: A_TOKEN,
                    to: B_TOKEN,
                },
            ],
        ),
        (
            "rollback of a removed secret whose variable another has",
            then(Step::Rollback {
                key: A_KEY,
                version: 1,
            }),
        ),
        ("set of it", then(set(A_KEY))),
        ("generate of it", then(Step::Generate { key: A_KEY })),
        (
            "set of a secret that was kept out of env files",
            vec![
                Step::Set {
                    key: A_KEY,
                    name: None,
                    file: None,
                    no_env: true,
                },
                set_as(A_TOKEN, "API_KEY"),
                set(A_KEY),
            ],
        ),
        (
            "set into the env file of another project",
            vec![
                set(A_TOKEN),
                Step::Unlink { project: "b" },
                set_in(B_TOKEN, "a/.env"),
            ],
        ),
        (
            "a secret of a project over one of meta",
            vec![set_in(META, "a/.env"), set_as(A_KEY, "TOKEN")],
        ),
        (
            "a secret of meta over one of a project",
            vec![set(A_TOKEN), set_in(META, "a/.env")],
        ),
    ]
}

#[test]
fn cases_that_once_broke_a_law_keep_it() {
    let mut broken = Vec::new();
    for (what, steps) in found() {
        let tried = std::panic::catch_unwind(|| {
            let mut machine = Checked::new();
            for step in &steps {
                machine.step(step);
            }
        });
        if tried.is_err() {
            broken.push(what);
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
