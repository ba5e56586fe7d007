//! All tools.

use schemars::JsonSchema;
use secrets::model::generate::Format;
use secrets::model::key_path::Scope;
use secrets::model::schema;
use secrets::ops;
use serde_json::Value;

use super::super::calls::{self, History, Noted, Plan, Secrets};
use super::{Does, Kind, Parameter, Tool, parameter};
use crate::choice;

const KEY_PATH: Parameter = parameter(
    "keyPath",
    Kind::Text,
    true,
    "The secret: project/<project>/<secret> or meta/<provider>/<secret>, in lower case, as \
     project/consilio/stripe_api_key",
);
const DESCRIPTION: Parameter = parameter(
    "description",
    Kind::Text,
    false,
    "What the secret is for, in a few words, as: Stripe API key for payment processing. Required \
     for a new secret, kept when a new version gives none",
);
const ENV_NAME: Parameter = parameter(
    "envName",
    Kind::Text,
    false,
    "The variable in the project's .env; by default the secret's name in upper case",
);
const PROJECT: Parameter = parameter("project", Kind::Text, true, "The project, as consilio");

/// All tools, in the order in which they are listed.
pub(in crate::mcp) const TOOLS: &[Tool] = &[
    Tool {
        name: "set_secret",
        title: "Store a secret",
        about: "Stores a value: in the encrypted vault first, then in the project's .env. Never \
                write a secret into a .env yourself. Leave `value` out if the value is not in the \
                conversation: the answer has the command with which the user types it in.",
        parameters: &[
            KEY_PATH,
            parameter(
                "value",
                Kind::Text,
                false,
                "The value, exactly as it is to be stored",
            ),
            DESCRIPTION,
            ENV_NAME,
        ],
        output: noted::<ops::set::Report>,
        does: Does::Write,
        replaces: false,
        idempotent: true,
        is_noted: stored,
        run: calls::set,
    },
    Tool {
        name: "get_secret",
        title: "Read a secret",
        about: "Gives the value of a secret. Only if you need the value itself: a program gets it \
                from `secrets run --project PROJECT -- COMMAND` without anybody seeing it.",
        parameters: &[
            KEY_PATH,
            parameter(
                "version",
                Kind::Number,
                false,
                "An older version; by default the newest",
            ),
        ],
        output: noted::<ops::get::Shown<'static>>,
        does: Does::LetOut,
        replaces: false,
        idempotent: true,
        is_noted: always,
        run: calls::get,
    },
    Tool {
        name: "list_secrets",
        title: "List secrets",
        about: "Lists which secrets there are, what they are for and how old they are. No values.",
        parameters: &[
            parameter(
                "scope",
                Kind::Word(choice::names::<Scope>),
                false,
                "Only secrets of projects, or only those under meta/",
            ),
            parameter("project", Kind::Text, false, "Only this project's secrets"),
        ],
        output: noted::<Secrets>,
        does: Does::Read,
        replaces: false,
        idempotent: true,
        is_noted: never,
        run: calls::list,
    },
    Tool {
        name: "generate_secret",
        title: "Generate a secret",
        about: "Makes a random value and stores it in the vault and the project's .env. Nobody has \
                to see it, and it is not in the answer.",
        parameters: &[
            KEY_PATH,
            DESCRIPTION,
            parameter(
                "format",
                Kind::Word(choice::names::<Format>),
                false,
                "How the value looks; by default base64",
            ),
            parameter(
                "bytes",
                Kind::Number,
                false,
                "As hard to guess as so many random bytes; by default 48",
            ),
            ENV_NAME,
        ],
        output: noted::<ops::set::Report>,
        does: Does::Write,
        replaces: false,
        idempotent: false,
        is_noted: stored,
        run: calls::generate,
    },
    Tool {
        name: "rotate_secret",
        title: "Rotate a secret",
        about: "Puts a new random value in the place of an old one, in the vault and in every linked \
                .env that has it. Only for secrets that were generated; for others the answer has \
                the command with which the user types the new value in.",
        parameters: &[KEY_PATH],
        output: noted::<ops::rotate::Report>,
        does: Does::Write,
        replaces: true,
        idempotent: false,
        is_noted: stored,
        run: calls::rotate,
    },
    Tool {
        name: "verify_secrets",
        title: "Verify secrets",
        about: "Checks that every secret in the vault opens and that the .env files agree with the \
                vault; names secrets in a .env that the vault does not have. No values.",
        parameters: &[
            parameter("project", Kind::Text, false, "Only this project"),
            parameter("strict", Kind::Flag, false, "Fail on warnings as well"),
        ],
        output: noted::<ops::verify::Report>,
        does: Does::Read,
        replaces: false,
        idempotent: true,
        is_noted: never,
        run: calls::verify,
    },
    Tool {
        name: "restore_env",
        title: "Restore a .env",
        about: "Brings a project's .env back from the vault: patched where it differs, rebuilt \
                whole, comments and all, where it is lost. No values are in the answer.",
        parameters: &[
            PROJECT,
            parameter(
                "dryRun",
                Kind::Flag,
                false,
                "Change nothing, say what would change",
            ),
        ],
        output: noted::<ops::restore::Report>,
        does: Does::Write,
        replaces: true,
        idempotent: true,
        is_noted: restored,
        run: calls::restore,
    },
    Tool {
        name: "import_env",
        title: "Plan the import of a .env",
        about: "Says what an import of an existing .env into the vault would store, and gives the \
                command that does it. Stores nothing, and no values are in the answer.",
        parameters: &[
            PROJECT,
            parameter(
                "file",
                Kind::Text,
                false,
                "The env file; by default the project's linked one, else .env in the directory in \
                 which the server was started",
            ),
        ],
        output: noted::<Plan>,
        does: Does::Read,
        replaces: false,
        idempotent: true,
        is_noted: never,
        run: calls::import,
    },
    Tool {
        name: "diff_env",
        title: "Compare a .env with the vault",
        about: "Compares a project's .env with the vault, variable by variable: same, differs, \
                missing, unvaulted, plain. Names and states only, no values.",
        parameters: &[PROJECT],
        output: noted::<ops::diff::Report>,
        does: Does::Read,
        replaces: false,
        idempotent: true,
        is_noted: never,
        run: calls::diff,
    },
    Tool {
        name: "secret_history",
        title: "List the versions of a secret",
        about: "Lists the versions of a secret: when each was written, by whom, and what made it. No \
                values.",
        parameters: &[KEY_PATH],
        output: noted::<History>,
        does: Does::Read,
        replaces: false,
        idempotent: true,
        is_noted: never,
        run: calls::history,
    },
];

fn always(_: &Value) -> bool {
    true
}

fn never(_: &Value) -> bool {
    false
}

/// What the vault has already is not stored again.
fn stored(answer: &Value) -> bool {
    answer["vault"] != "unchanged"
}

/// Each value that a file gets is noted.
fn restored(answer: &Value) -> bool {
    answer["dryRun"] != true
        && answer["secrets"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
}

fn noted<T: JsonSchema>() -> Value {
    schema::of::<Noted<T>>()
}
