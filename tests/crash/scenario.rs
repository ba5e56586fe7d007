//! What is interrupted: one entry a way in which the program writes.
//!
//! A new writing verb is one more entry in [`SCENARIOS`]; all rigs then try it.

use crate::sandbox::{Sandbox, words};

/// The env file of the project `demo`.
pub const ENV: &str = "proj/.env";
/// The env file of the project `second`.
pub const SECOND: &str = "second/.env";
pub const CONFIG: &str = "conf/config.toml";

/// Every value that a scenario stores holds this word; it may turn up in no message.
pub const CANARY: &str = "canary";

const DESCRIPTION: &str = "Live key of the payment processor";
const STRIPE: &str = "project/demo/stripe_key";
const OTHER: &str = "project/demo/mail_password";

const ENV_TEXT: &str = "# how the shop runs\nPORT=3000\n\nMAIL_PASSWORD=\"canary mail one\"  # keep\n\
                        export REGION='eu # west'\nLOG_LEVEL=info\n";

/// An env file that says itself what its secrets are for.
const IMPORTED: &str = "# how the shop runs\nPORT=3000\n\n# Password of the mail relay\n\
                        MAIL_PASSWORD=\"canary mail three\"  # keep\n\
                        # Live key of the payment processor\nSTRIPE_KEY=canary-stripe-new\n";

/// A way in which the program writes.
pub struct Scenario {
    pub name: &'static str,
    /// Makes the state before.
    pub prepare: fn(&mut Start<'_>),
    /// What is run, and its standard input.
    pub args: &'static [&'static str],
    pub stdin: &'static str,
    /// The secrets that it gives versions, each with the env file that must not show the change
    /// before the vault has it.
    pub keys: &'static [(&'static str, &'static str)],
    /// It makes a value at random: that of the first secret.
    pub random: bool,
    /// Versions that it destroys on purpose.
    pub destroys: &'static [(&'static str, u32)],
    /// A directory below which it makes, changes and removes files of its own: each of them old or
    /// new.
    pub makes: &'static str,
    /// Killed at every call, also where a kill leaves what the one before left.
    pub every_call: bool,
    /// How the same command may end when it was done already, besides 0.
    pub again: &'static [i32],
}

const PLAIN: Scenario = Scenario {
    name: "",
    prepare: |_| {},
    args: &[],
    stdin: "",
    keys: &[],
    random: false,
    destroys: &[],
    makes: "",
    every_call: false,
    again: &[],
};

/// `@` before an argument stands for the sandbox.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "set: first version",
        every_call: true,
        prepare: linked,
        args: &["set", STRIPE, "-d", DESCRIPTION],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: next version",
        every_call: true,
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &["set", STRIPE],
        stdin: "canary stripe two, which is longer\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: new project",
        every_call: true,
        prepare: |start| {
            start.sandbox.must(&["init"], "");
            start.project();
        },
        args: &["set", STRIPE, "-d", DESCRIPTION, "--env-file", "@proj/.env"],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: first use of all",
        every_call: true,
        prepare: |start| start.project(),
        args: &["set", STRIPE, "-d", DESCRIPTION, "--env-file", "@proj/.env"],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: over a value that only the env file has",
        prepare: |start| {
            linked(start);
            let text = format!("{ENV_TEXT}STRIPE_KEY=canary-that-was-found\n");
            start.sandbox.write(ENV, &text);
        },
        args: &["set", STRIPE, "-d", DESCRIPTION],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: no env file yet",
        prepare: |start| {
            start.sandbox.must(&["init"], "");
            start.sandbox.write("proj/README", "a project\n");
            start.link("demo", "proj/.env");
        },
        args: &["set", STRIPE, "-d", DESCRIPTION],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: a link for an env file",
        prepare: |start| {
            linked(start);
            let sandbox = start.sandbox;
            std::fs::rename(sandbox.at(ENV), sandbox.at("proj/real.env")).unwrap();
            std::os::unix::fs::symlink("real.env", sandbox.at(ENV)).unwrap();
        },
        args: &["set", STRIPE, "-d", DESCRIPTION],
        stdin: "canary stripe one\n",
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "set: meta, in the vault only",
        prepare: linked,
        args: &[
            "set",
            "meta/cloudflare/api_token",
            "-d",
            "Token of the name servers",
        ],
        stdin: "canary cloudflare\n",
        keys: &[("meta/cloudflare/api_token", "")],
        ..PLAIN
    },
    Scenario {
        name: "init",
        prepare: |start| start.project(),
        args: &["init"],
        ..PLAIN
    },
    Scenario {
        name: "link",
        prepare: linked,
        args: &["link", "second", "@second"],
        ..PLAIN
    },
    Scenario {
        name: "unlink",
        prepare: linked,
        args: &["unlink", "demo"],
        again: &[1],
        ..PLAIN
    },
    Scenario {
        name: "generate",
        prepare: linked,
        args: &["generate", STRIPE, "-d", DESCRIPTION],
        keys: &[(STRIPE, ENV)],
        random: true,
        ..PLAIN
    },
    Scenario {
        name: "rotate: by its recipe, in two env files",
        prepare: |start| {
            linked(start);
            start.generate(STRIPE, &["-d", DESCRIPTION]);
            let value = String::from_utf8(start.sandbox.get(STRIPE, None).unwrap()).unwrap();
            start
                .sandbox
                .write(SECOND, &format!("STRIPE_KEY={value}\n"));
            start.link("second", "second/.env");
        },
        args: &["rotate", STRIPE],
        keys: &[(STRIPE, ENV), (STRIPE, SECOND)],
        random: true,
        ..PLAIN
    },
    Scenario {
        name: "rotate: a value given, two secrets",
        prepare: |start| {
            linked(start);
            start.sandbox.write(SECOND, "STRIPE_KEY=\n");
            start.link("second", "second/.env");
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
            start.set(
                "project/second/stripe_key",
                "canary stripe one",
                &["-d", DESCRIPTION],
            );
        },
        args: &["rotate", STRIPE],
        stdin: "canary stripe two\n",
        keys: &[(STRIPE, ENV), ("project/second/stripe_key", SECOND)],
        ..PLAIN
    },
    Scenario {
        name: "rm",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &["rm", STRIPE],
        keys: &[(STRIPE, ENV)],
        again: &[1],
        ..PLAIN
    },
    Scenario {
        name: "rollback",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
            start.set(STRIPE, "canary stripe two", &[]);
        },
        args: &["rollback", STRIPE, "1"],
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "mv: within a project",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &["mv", STRIPE, "project/demo/payment_key"],
        keys: &[(STRIPE, ""), ("project/demo/payment_key", "")],
        ..PLAIN
    },
    Scenario {
        name: "mv: between projects",
        prepare: |start| {
            linked(start);
            start.sandbox.write(SECOND, "# the second\nPORT=3001\n");
            start.link("second", "second/.env");
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &["mv", STRIPE, "project/second/stripe_key"],
        keys: &[(STRIPE, ENV), ("project/second/stripe_key", SECOND)],
        ..PLAIN
    },
    Scenario {
        name: "restore: the env file is gone",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
            std::fs::remove_file(start.sandbox.at(ENV)).unwrap();
        },
        args: &["restore", "demo"],
        keys: &[(STRIPE, ENV), (OTHER, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "restore: the env file has drifted",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
            let text = format!("{ENV_TEXT}STRIPE_KEY='canary that drifted'\n");
            start.sandbox.write(ENV, &text);
        },
        args: &["restore", "demo"],
        keys: &[(STRIPE, ENV), (OTHER, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "restore: a part of the env file is gone",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
            let text = std::fs::read_to_string(start.sandbox.at(ENV)).unwrap();
            let end = text.find("two").unwrap();
            start.sandbox.write(ENV, &text[..end]);
        },
        args: &["restore", "demo"],
        keys: &[(STRIPE, ENV), (OTHER, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "restore: a project without secrets",
        prepare: |start| {
            linked(start);
            start.sandbox.must(&["rm", OTHER], "");
            std::fs::remove_file(start.sandbox.at(ENV)).unwrap();
        },
        args: &["restore", "demo"],
        keys: &[(OTHER, "")],
        ..PLAIN
    },
    Scenario {
        name: "edit",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &[
            "edit",
            STRIPE,
            "--env-name",
            "PAYMENT_KEY",
            "--every",
            "30d",
        ],
        keys: &[(STRIPE, ENV)],
        ..PLAIN
    },
    Scenario {
        name: "accept",
        prepare: |start| {
            linked(start);
            start
                .sandbox
                .write(ENV, &ENV_TEXT.replace("LOG_LEVEL=info\n", ""));
        },
        args: &["accept", "demo"],
        keys: &[(OTHER, "")],
        ..PLAIN
    },
    Scenario {
        name: "import: a project of its own",
        prepare: |start| {
            start.sandbox.must(&["init"], "");
            start.project();
            start.sandbox.write(ENV, IMPORTED);
        },
        args: &["import", "@proj/.env", "--project", "demo"],
        keys: &[(OTHER, ""), (STRIPE, "")],
        ..PLAIN
    },
    Scenario {
        name: "import: over a vault that has some of it, many at once",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe old", &["-d", DESCRIPTION]);
            let mut text = IMPORTED.to_owned();
            for n in 0..8 {
                text.push_str(&format!(
                    "# Signs the tickets of hall {n}\nHALL_{n}_TICKET_SECRET=canary-of-hall-{n}\n"
                ));
            }
            start.sandbox.write(ENV, &text);
        },
        args: &["import", "@proj/.env", "--project", "demo"],
        keys: &[
            (OTHER, ""),
            (STRIPE, ""),
            ("project/demo/hall_0_ticket_secret", ""),
            ("project/demo/hall_7_ticket_secret", ""),
        ],
        ..PLAIN
    },
    Scenario {
        name: "restore: a copy elsewhere",
        prepare: |start| {
            linked(start);
            start.set(STRIPE, "canary stripe one", &["-d", DESCRIPTION]);
        },
        args: &["restore", "demo", "--to", "@second/copy.env"],
        makes: "second",
        again: &[2],
        ..PLAIN
    },
    Scenario {
        name: "import: a plan",
        prepare: |start| {
            linked(start);
            start.sandbox.write(ENV, IMPORTED);
        },
        args: &[
            "import",
            "@proj/.env",
            "--project",
            "demo",
            "--plan",
            "@second/plan.toml",
        ],
        makes: "second",
        again: &[2],
        ..PLAIN
    },
    Scenario {
        name: "recovery add",
        prepare: linked,
        args: &["recovery", "add", "--print"],
        ..PLAIN
    },
    Scenario {
        name: "agent install: a file there, others not",
        prepare: |start| {
            linked(start);
            start
                .sandbox
                .write("second/CLAUDE.md", "# The rules\n\nBe kind.\n");
        },
        args: &["agent", "install", "claude", "--project-dir", "@second"],
        makes: "second",
        ..PLAIN
    },
    Scenario {
        name: "agent uninstall",
        prepare: |start| {
            linked(start);
            start
                .sandbox
                .write("second/CLAUDE.md", "# The rules\n\nBe kind.\n");
            let dir = start.sandbox.arg("second");
            let install = ["agent", "install", "claude", "--project-dir", &dir];
            start.sandbox.must(&install, "");
        },
        args: &["agent", "uninstall", "claude", "--project-dir", "@second"],
        makes: "second",
        ..PLAIN
    },
    Scenario {
        name: "prune",
        prepare: |start| {
            linked(start);
            for value in [
                "canary stripe one",
                "canary stripe two",
                "canary stripe three",
            ] {
                start.set(STRIPE, value, &["-d", DESCRIPTION]);
            }
        },
        args: &["prune", STRIPE, "--keep", "1", "--yes"],
        keys: &[(STRIPE, "")],
        destroys: &[(STRIPE, 1), (STRIPE, 2)],
        ..PLAIN
    },
];

/// A vault, and a project `demo` that is linked to its env file and has one secret.
fn linked(start: &mut Start<'_>) {
    start.sandbox.must(&["init"], "");
    start.project();
    start.link("demo", "proj/.env");
    start.set(
        OTHER,
        "canary mail two",
        &["-d", "Password of the mail relay"],
    );
}

/// The state before, as it is made: through the program, each acknowledged version noted.
pub struct Start<'a> {
    pub sandbox: &'a Sandbox,
    pub acknowledged: Vec<(String, u32, Vec<u8>)>,
}

impl<'a> Start<'a> {
    pub fn new(sandbox: &'a Sandbox) -> Self {
        Self {
            sandbox,
            acknowledged: Vec::new(),
        }
    }

    /// Two project directories, the first with an env file.
    pub fn project(&self) {
        self.sandbox.write(ENV, ENV_TEXT);
        self.sandbox.write("proj/README", "a project\n");
        self.sandbox.write("proj/.env.example", "PORT=\n");
        self.sandbox.write("second/README", "another project\n");
    }

    pub fn link(&self, project: &str, file: &str) {
        self.sandbox
            .must(&["link", project, &self.sandbox.arg(file)], "");
    }

    pub fn set(&mut self, key_path: &str, value: &str, more: &[&str]) {
        let args: Vec<&str> = ["set", key_path].iter().chain(more).copied().collect();
        self.sandbox.must(&args, value);
        self.acknowledge(key_path);
    }

    pub fn generate(&mut self, key_path: &str, more: &[&str]) {
        let args: Vec<&str> = ["generate", key_path].iter().chain(more).copied().collect();
        self.sandbox.must(&args, "");
        self.acknowledge(key_path);
    }

    /// Notes every version that the secret has now and that was not noted before: the one that was
    /// just acknowledged, and one that keeps a value found in the env file.
    fn acknowledge(&mut self, key_path: &str) {
        let noted = self
            .acknowledged
            .iter()
            .filter(|(key, ..)| key == key_path)
            .count() as u32;
        for version in noted + 1.. {
            let Ok(value) = self.sandbox.get(key_path, Some(version)) else {
                break;
            };
            self.acknowledged
                .push((key_path.to_owned(), version, value));
        }
    }
}

impl Scenario {
    pub fn args(&self, sandbox: &Sandbox) -> Vec<String> {
        let mut args = words(self.args);
        for arg in &mut args {
            if let Some(below) = arg.strip_prefix('@') {
                *arg = sandbox.arg(below);
            }
        }
        args
    }
}
