//! The table of tools: names, parameters, what is answered, and hints for clients.
//!
//! The schema of what a tool takes is made from its parameters here, the schema of what it gives
//! from the type of its answer. Patterns are left out of what it takes: a client would refuse a
//! wrong key path by itself, and with it the message that says which one was meant.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool as Offered, ToolAnnotations};
use schemars::JsonSchema;
use secrets::ops;
use secrets::schema;
use serde_json::{Map, Value, json};

use super::calls::{self, Answer, Call, History, Noted, Plan, Secrets};

/// One tool.
pub(super) struct Tool {
    pub(super) name: &'static str,
    title: &'static str,
    about: &'static str,
    pub(super) parameters: &'static [Parameter],
    output: fn() -> Value,
    pub(super) does: Does,
    /// Whether something that was there may be gone from its place afterwards. Never from the vault.
    replaces: bool,
    /// Whether a second call changes nothing more.
    idempotent: bool,
    /// Whether the operation that gave this answer has written a line of the audit trail by itself.
    pub(super) is_noted: fn(&Value) -> bool,
    pub(super) run: fn(&mut Call<'_>) -> Answer,
}

/// What a tool may do at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Looks.
    Read,
    /// Lets a value out.
    LetOut,
    /// Changes the vault or an env file.
    Write,
}

/// One parameter.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) about: &'static str,
}

/// What a parameter is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// From 1.
    Number,
    Flag,
    Word(&'static [&'static str]),
}

const fn parameter(
    name: &'static str,
    kind: Kind,
    required: bool,
    about: &'static str,
) -> Parameter {
    Parameter {
        name,
        kind,
        required,
        about,
    }
}

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
pub(super) const TOOLS: &[Tool] = &[
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
                Kind::Word(&["project", "meta"]),
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
                Kind::Word(&[
                    "base64",
                    "base64url",
                    "hex",
                    "alphanumeric",
                    "uuid",
                    "words",
                ]),
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

/// The tool of a name.
pub(super) fn find(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    /// The tool as it is listed.
    pub(super) fn offered(&self) -> Offered {
        let annotations = ToolAnnotations::with_title(self.title)
            .read_only(self.does != Does::Write)
            .destructive(self.replaces)
            .idempotent(self.idempotent)
            .open_world(false);
        Offered::new(self.name, self.about, Arc::new(self.input()))
            .with_title(self.title)
            .with_raw_output_schema(Arc::new(object((self.output)())))
            .with_annotations(annotations)
    }

    fn input(&self) -> JsonObject {
        let properties: Map<String, Value> = self
            .parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), parameter.schema()))
            .collect();
        let required: Vec<&str> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| parameter.name)
            .collect();
        object(json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }))
    }
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            Kind::Text => json!({ "type": "string" }),
            Kind::Number => json!({ "type": "integer", "minimum": 1 }),
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Word(words) => json!({ "type": "string", "enum": words }),
        };
        schema["description"] = self.about.into();
        schema
    }
}

fn object(schema: Value) -> JsonObject {
    match schema {
        Value::Object(schema) => schema,
        _ => JsonObject::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_says_all_that_a_client_may_want_to_know() {
        for tool in TOOLS {
            let offered = serde_json::to_value(tool.offered()).unwrap();
            for field in ["name", "title", "description", "annotations"] {
                assert!(offered.get(field).is_some(), "{}: {field}", tool.name);
            }
            for schema in ["inputSchema", "outputSchema"] {
                assert_eq!(offered[schema]["type"], "object", "{}: {schema}", tool.name);
            }
            for hint in ["readOnlyHint", "destructiveHint", "idempotentHint"] {
                assert!(
                    offered["annotations"][hint].is_boolean(),
                    "{}: {hint}",
                    tool.name
                );
            }
            assert_eq!(offered["annotations"]["openWorldHint"], false);
            assert!(!tool.replaces || tool.does == Does::Write, "{}", tool.name);
        }
    }

    #[test]
    fn the_words_are_those_of_the_recipes() {
        let formats = secrets::generate::Format::ALL.map(secrets::generate::Format::as_str);
        let tool = find("generate_secret").unwrap();
        let format = tool.parameters.iter().find(|known| known.name == "format");
        let Some(Kind::Word(words)) = format.map(|parameter| parameter.kind) else {
            panic!("format is one of some words");
        };
        assert_eq!(words, formats);
    }
}
