//! `--json`: every verb has it, and it is what `docs/json.md` says.
//!
//! One run over all verbs gives real answers. Each is checked against the schema of its type, more
//! strictly than a validator would: a field that no schema names is a fault as well. The same answers
//! are the examples of the documentation, with paths, times and keys made the same on every machine.
//!
//! `SECRETS_UPDATE=1 cargo test --test cli generated` writes `docs/json.md` and
//! `docs/json-schema.json` anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use secrets::ops::answers::ANSWERS;
use serde_json::{Map, Value, json};

use crate::sandbox::{Run, Sandbox, json_of};
use crate::schema::faults;

/// Verbs whose standard output is not an answer of theirs.
const WITHOUT: &[(&str, &str)] = &[
    ("run", "the output of the program that it runs"),
    ("mcp", "the messages of the protocol"),
    ("hook", "what the coding agent wants to hear"),
];

/// What one verb printed.
struct Given {
    verb: &'static str,
    command: String,
    answer: Value,
}

/// Runs every verb, in an order in which each has something to say.
fn given() -> Vec<Given> {
    let sandbox = Sandbox::new();
    let value = sandbox.canary();
    let mut all: Vec<Given> = Vec::new();
    let mut run = |verb: &'static str, args: &[&str], prepare: &dyn Fn(Run<'_>) -> Run<'_>| {
        let command = prepare(sandbox.secrets(args).arg("--json"))
            .prints_value()
            .run();
        let answer = json_of(&command);
        let args = args.join(" ");
        all.push(Given {
            verb,
            command: format!("secrets {args} --json"),
            answer: same_everywhere(&answer, &sandbox, &value),
        });
        answer
    };
    let plain: &dyn Fn(Run<'_>) -> Run<'_> = &|run| run;
    let piped: &dyn Fn(Run<'_>) -> Run<'_> = &|run| run.stdin(&value);
    let stripe = "project/consilio/stripe_api_key";
    let jwt = "project/consilio/jwt_secret";
    let description = "Stripe-payments";

    run("init", &["init"], plain);
    sandbox.write_env("PORT=3000\nSENDGRID_API_KEY=\n");
    run("link", &["link", "consilio", "."], plain);
    run("projects", &["projects"], plain);
    run("set", &["set", stripe, "-d", description], piped);
    run("get", &["get", stripe], plain);
    run(
        "export",
        &["export", "consilio", "--format", "json"],
        &|run| run,
    );
    run(
        "generate",
        &["generate", jwt, "-d", "Session-signatures"],
        plain,
    );
    run("rotate", &["rotate", jwt], plain);
    run("rollback", &["rollback", jwt, "1"], plain);
    run("list", &["list"], plain);
    run("list --names", &["list", "--names"], plain);
    run("history", &["history", jwt], plain);
    run("show", &["show", jwt], plain);
    run("edit", &["edit", jwt, "--every", "90d"], plain);
    run("diff", &["diff", "consilio"], plain);
    let env = sandbox.env();
    sandbox.write_env(
        env.replace("JWT_SECRET=", "JWT_SECRET_=")
            .replace("API_KEY=\n", "API_KEY=x9f2mQ7LrT4vBn8KwZ1p\n"),
    );
    run("verify", &["verify"], plain);
    sandbox.write_env("");
    run("restore", &["restore", "consilio"], plain);
    run("accept", &["accept", "consilio"], plain);
    sandbox.file(
        "work/other/.env",
        "MODE=live\nTWILIO_AUTH_TOKEN=x9f2mQ7LrT4vBn8KwZ1p\n",
    );
    run(
        "import",
        &[
            "import",
            "other/.env",
            "--project",
            "other",
            "--describe",
            "TWILIO_AUTH_TOKEN=Twilio-messages",
        ],
        plain,
    );
    run("mv", &["mv", jwt, "project/consilio/session_secret"], plain);
    run("rm", &["rm", "project/consilio/session_secret"], plain);
    run("prune", &["prune", jwt, "--keep", "1", "--yes"], plain);
    run("log", &["log", "project/consilio/stripe"], plain);
    run("doctor", &["doctor"], plain);
    let added = run("recovery add", &["recovery", "add", "--print"], plain);
    let key = added["key"].as_str().unwrap().to_owned();
    run("recovery test", &["recovery", "test"], &|run| {
        run.stdin(&key)
    });
    run(
        "recovery use",
        &["recovery", "use", "--identity", "new.txt"],
        &|run| run.stdin(&key),
    );
    run("recovery list", &["recovery", "list"], plain);
    run("unlink", &["unlink", "other"], plain);
    sandbox.file("work/notes.txt", format!("the key:\n{value}\n"));
    run("scan", &["scan", "notes.txt"], plain);
    let git: &dyn Fn(Run<'_>) -> Run<'_> = &|run| run.system_path();
    sandbox.git(&["init", "-q"]);
    run("guard install", &["guard", "install"], git);
    run("guard uninstall", &["guard", "uninstall"], git);
    let project = &["agent", "install", "claude", "--project-dir", "."];
    run("agent install", project, plain);
    let project = &["agent", "uninstall", "claude", "--project-dir", "."];
    run("agent uninstall", project, plain);
    run("completions", &["completions", "fish"], plain);
    run("man", &["man"], plain);
    run("man DIR", &["man", "pages"], plain);
    all
}

/// The answer with what differs from machine to machine and from run to run put to one text.
fn same_everywhere(answer: &Value, sandbox: &Sandbox, value: &str) -> Value {
    match answer {
        Value::Array(items) => {
            let items = items.iter();
            items
                .map(|item| same_everywhere(item, sandbox, value))
                .collect()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, field)| {
                // There is a page a verb, and a new verb is no reason to change the example.
                let field = match name.as_str() {
                    "pages" => json!(30),
                    _ => same_everywhere(field, sandbox, value),
                };
                (name.clone(), field)
            });
            Value::Object(fields.collect())
        }
        Value::String(text) => Value::String(same_text(text, sandbox, value)),
        other => other.clone(),
    }
}

fn same_text(text: &str, sandbox: &Sandbox, value: &str) -> String {
    let path = |path: std::path::PathBuf| path.display().to_string();
    let text = text
        .replace(&path(sandbox.work()), "/home/me/consilio")
        .replace(&path(sandbox.home()), "/home/me")
        .replace(value, "sk_test_…")
        .replace(env!("CARGO_PKG_VERSION"), "1.0.0");
    let today: String = jiff::Timestamp::now()
        .to_string()
        .chars()
        .take(10)
        .collect();
    let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_moment = text.parse::<jiff::Timestamp>().is_ok();
    match &text {
        _ if is_moment => "2026-01-21T10:00:00Z".to_owned(),
        _ if is_hex => "0123456789abcdef0123456789abcdef".to_owned(),
        text if text.starts_with("age1") => "age1…".to_owned(),
        text if text.starts_with("AGE-SECRET-KEY-1") => "AGE-SECRET-KEY-1…".to_owned(),
        text => text.replace(&today, "2026-01-21"),
    }
}

#[test]
fn what_every_verb_prints_is_what_its_schema_says() {
    let given = given();
    for one in &given {
        let answer = ANSWERS
            .iter()
            .find(|answer| answer.verb == one.verb)
            .expect(one.verb);
        let mut found = Vec::new();
        faults(&(answer.schema)(), &one.answer, one.verb, &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
    let tried: BTreeSet<&str> = given.iter().map(|one| one.verb).collect();
    let listed: BTreeSet<&str> = ANSWERS.iter().map(|answer| answer.verb).collect();
    assert_eq!(tried, listed, "every answer is to be tried here");
}

/// All verbs, as the help has them.
fn verbs() -> Vec<String> {
    let sandbox = Sandbox::new();
    let help = sandbox.secrets(&["--help"]).run().success();
    let help = String::from_utf8(help.get_output().stdout.clone()).unwrap();
    let verbs = help.split("Commands:\n").nth(1).unwrap();
    let verbs = verbs.lines().take_while(|line| !line.is_empty());
    let verbs = verbs.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    verbs
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_verb_has_a_schema() {
    let verbs = verbs();
    assert!(verbs.len() > 20, "{verbs:?}");
    for verb in &verbs {
        let listed = ANSWERS
            .iter()
            .any(|answer| answer.verb.split(' ').next() == Some(verb));
        let excepted = WITHOUT.iter().any(|(without, _)| without == verb);
        assert!(
            listed != excepted,
            "{verb}: add it to ops::answers::ANSWERS and to `given` here"
        );
    }
}

/// `docs/json.md`, as it should be.
pub fn documentation() -> String {
    let given = given();
    let mut text = String::from(HEAD);
    let verbs = verbs();
    for (verb, what) in WITHOUT {
        if verbs.iter().any(|there| there == verb) {
            writeln!(text, "- `{verb}`: {what}").unwrap();
        }
    }
    for answer in ANSWERS {
        let verb = answer.verb;
        let schema = (answer.schema)();
        write!(text, "\n## {verb}\n").unwrap();
        let subject = if schema["type"] == "array" {
            &schema["items"]
        } else {
            &schema
        };
        if let Some(about) = subject["description"].as_str() {
            let about = if schema["type"] == "array" {
                format!("An array. {about}")
            } else {
                about.to_owned()
            };
            write!(text, "\n{about}\n").unwrap();
        }
        let mut rows = Vec::new();
        fields(&schema, "", &mut rows);
        if !rows.is_empty() {
            text.push_str("\n| field | type | always there | meaning |\n|---|---|---|---|\n");
            for row in rows {
                writeln!(text, "| {} |", row.join(" | ")).unwrap();
            }
        }
        for one in given.iter().filter(|one| one.verb == verb) {
            let example = serde_json::to_string_pretty(&shortened(&one.answer)).unwrap();
            write!(text, "\n`{}`\n\n```json\n{example}\n```\n", one.command).unwrap();
        }
    }
    text
}

/// `docs/json-schema.json`, as it should be.
pub fn schemas() -> String {
    let schemas: Map<String, Value> = ANSWERS
        .iter()
        .map(|answer| (answer.verb.to_owned(), (answer.schema)()))
        .collect();
    let document = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "What each verb of `secrets` prints with --json; generated, see docs/json.md",
        "$defs": schemas,
    });
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap())
}

const HEAD: &str = "\
<!-- Generated: SECRETS_UPDATE=1 cargo test --test cli generated -->
# JSON

Every verb takes `--json`. It prints one object or one array on standard output, on one line; the
examples here are broken into lines. When it fails, standard output stays empty, and standard error
gets one line `{\"error\":{\"code\":…,\"message\":…,\"hints\":[…]}}` (docs/errors.md).

A test checks what every verb prints against these schemas, which are also in `docs/json-schema.json`
for programs. Fields may be added in a later version; none changes its meaning or goes away within a
major version. No answer holds a value, but those of `get` and `export`, and the key of `recovery add`.

What has no answer of its own:

";

/// A row a field, those of objects within objects after their own.
fn fields(schema: &Value, at: &str, rows: &mut Vec<[String; 4]>) {
    if schema["type"] == "array" {
        return fields(&schema["items"], &format!("{at}[]"), rows);
    }
    // What may be null is documented by what it is otherwise.
    for of in ["anyOf", "oneOf"] {
        for schema in schema[of].as_array().into_iter().flatten() {
            fields(schema, at, rows);
        }
    }
    let Some(properties) = schema["properties"].as_object() else {
        return;
    };
    let required = schema["required"].as_array();
    for (name, field) in properties {
        let path = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        let always = required.is_some_and(|names| names.contains(&json!(name)));
        rows.push([
            format!("`{path}`"),
            type_of(field),
            if always { "yes" } else { "no" }.to_owned(),
            meaning(field),
        ]);
        fields(field, &path, rows);
    }
}

fn type_of(schema: &Value) -> String {
    let name = |name: &Value| {
        match name.as_str().unwrap() {
            "string" if schema["format"] == "date-time" => "time",
            "string"
                if schema["pattern"]
                    .as_str()
                    .is_some_and(|pattern| pattern.starts_with("^(project")) =>
            {
                "key path"
            }
            name => name,
        }
        .to_owned()
    };
    match &schema["type"] {
        Value::Array(types) => types.iter().map(name).collect::<Vec<_>>().join(" or "),
        Value::String(text) if text == "array" => format!("array of {}", type_of(&schema["items"])),
        Value::Null => {
            let variants = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
            let names: BTreeSet<String> = variants.into_iter().flatten().map(type_of).collect();
            let (null, others): (Vec<_>, Vec<_>) =
                names.into_iter().partition(|name| name == "null");
            [others, null].concat().join(" or ")
        }
        other => name(other),
    }
}

/// What a field means; of a word, what each of the words means.
fn meaning(schema: &Value) -> String {
    let about = schema["description"].as_str().unwrap_or_default();
    let mut words = Vec::new();
    collect_words(schema, &mut words);
    let text = match words.is_empty() {
        true => about.to_owned(),
        false => format!("{about} {}", words.join("; ")),
    };
    text.trim().replace('|', "\\|")
}

fn collect_words(schema: &Value, words: &mut Vec<String>) {
    for of in ["anyOf", "oneOf"] {
        for schema in schema[of].as_array().into_iter().flatten() {
            collect_words(schema, words);
        }
    }
    if let Some(word) = schema["const"].as_str() {
        let about = schema["description"].as_str().unwrap_or_default();
        words.push(format!("`{word}`: {}", about.trim_end_matches('.')));
    }
    for word in schema["enum"].as_array().into_iter().flatten() {
        if let Some(word) = word.as_str() {
            words.push(format!("`{word}`"));
        }
    }
    if schema["type"] == "array" {
        collect_words(&schema["items"], words);
    }
}

/// An example that can be read: of what a machine's state decides only the beginning, and of long
/// texts as well.
fn shortened(answer: &Value) -> Value {
    match answer {
        Value::String(text) if text.chars().count() > 120 => {
            let start: String = text.chars().take(40).collect();
            Value::String(format!("{start}…"))
        }
        Value::Array(items) => {
            let is_check = |item: &Value| item.get("mend").is_some() || item.get("state").is_some();
            let checks = items
                .iter()
                .any(|item| is_check(item) && item.get("id").is_some());
            let few = if checks { 1 } else { items.len() };
            items.iter().take(few).map(shortened).collect()
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(name, field)| (name.clone(), shortened(field)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}
