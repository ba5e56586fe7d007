//! The examples of `docs/ci.md`, run as they stand there; and what a script relies on everywhere.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::sandbox::{Failed, SECRETS, Sandbox, tool};

/// The blocks of a language below a heading of the document.
fn blocks(heading: &str, language: &str) -> Vec<String> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md");
    let document = fs::read_to_string(document).unwrap();
    let section = document
        .split("\n## ")
        .find(|part| part.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("docs/ci.md has no section {heading}"));
    let fence = format!("```{language}\n");
    let blocks = section.split(&fence).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

/// What a value of YAML says, behind its key.
fn yaml_value<'y>(line: &'y str, key: &str) -> Option<&'y str> {
    let line = line.trim_start().trim_start_matches("- ");
    line.strip_prefix(key)?.strip_prefix(':').map(str::trim)
}

/// A checkout with the vault in it, a machine without anything else, and the key for CI.
struct Job {
    sandbox: Sandbox,
    identity: String,
    key: String,
    vars: BTreeMap<String, String>,
}

impl Job {
    fn new() -> Self {
        // Programs are run from it.
        let sandbox = Sandbox::on_disk().and_vault();
        let key = sandbox.canary();
        sandbox.store("meta/other/api_key", sandbox.canary());
        sandbox.allow(sandbox.work().join("x.env"));
        for (name, value) in [
            ("stripe_key", &key),
            ("region_name", &"eu-central-1".to_owned()),
        ] {
            sandbox
                .set(&format!("project/shop/{name}"), value)
                .args(&["--env-file", "x.env"])
                .run()
                .success();
            fs::remove_file(sandbox.work().join("x.env")).unwrap();
        }
        let [add] = &blocks("", "sh")[..] else {
            panic!("one block in front")
        };
        let words: Vec<&str> = add.split_whitespace().skip(1).collect();
        let added = sandbox.secrets(&words).prints_value().run().success();
        let identity = String::from_utf8(added.get_output().stdout.clone()).unwrap();
        let identity = identity.trim().to_owned();
        assert!(identity.starts_with("AGE-SECRET-KEY-1"));
        // The vault goes into the checkout; nothing else of this home is there in CI.
        fs::rename(sandbox.vault(), sandbox.work().join("vault")).unwrap();
        fs::remove_dir_all(sandbox.home()).unwrap();
        fs::create_dir(sandbox.home()).unwrap();
        let mut job = Self {
            sandbox,
            identity,
            key,
            vars: BTreeMap::new(),
        };
        job.script(
            "test.sh",
            "#!/bin/sh\ntest -n \"$STRIPE_KEY\" && echo \"key $STRIPE_KEY\"\n",
        );
        job.script("deploy.sh", "#!/bin/sh\ntest \"$REGION_NAME\" = eu-central-1 && echo \"deployed with ${#STRIPE_KEY}\"\n");
        job.set("HOME", job.sandbox.home().to_str().unwrap().to_owned());
        job.set("CI", "true".to_owned());
        let bin = Path::new(SECRETS).parent().unwrap().display().to_string();
        job.set("PATH", format!("{bin}:/usr/local/bin:/usr/bin:/bin"));
        job
    }

    fn set(&mut self, name: &str, value: String) {
        self.vars.insert(name.to_owned(), value);
    }

    fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.sandbox.work().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Runs a step as a runner does, without a terminal.
    fn step(&self, script: &str) -> Output {
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .env_clear()
            .envs(&self.vars)
            .current_dir(self.sandbox.work())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}: {said}");
        output
    }
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn the_workflow_for_github_runs() {
    let mut job = Job::new();
    let [workflow] = &blocks("GitHub Actions", "yaml")[..] else {
        panic!()
    };
    let workspace = job.sandbox.work().display().to_string();
    let expand = |value: &str, job: &Job| {
        value
            .replace("${{ github.workspace }}", &workspace)
            .replace("${{ secrets.SECRETS_IDENTITY }}", &job.identity)
    };
    for line in workflow.lines() {
        for name in ["SECRETS_VAULT", "SECRETS_IDENTITY"] {
            if let Some(value) = yaml_value(line, name) {
                let value = expand(value, &job);
                assert!(!value.contains("${{"), "{value}");
                job.set(name, value);
            }
        }
    }
    let file = job.sandbox.allow(job.sandbox.path("tmp/github-env"));
    fs::write(&file, "").unwrap();
    job.set("GITHUB_ENV", file.display().to_string());
    job.set("GITHUB_WORKSPACE", workspace);
    let steps: Vec<&str> = workflow
        .lines()
        .filter_map(|line| yaml_value(line, "run"))
        .collect();
    assert_eq!(steps.len(), 5);
    let mut log = String::new();
    for step in &steps {
        let output = job.step(step);
        // What the runner takes out of the log.
        for line in text(&output)
            .lines()
            .filter(|line| !line.starts_with("::add-mask::"))
        {
            log.push_str(line);
            log.push('\n');
        }
        // What the next steps get: `NAME<<DELIMITER`, lines, `DELIMITER`.
        let exported = fs::read_to_string(&file).unwrap();
        let mut lines = exported.lines();
        while let Some((name, delimiter)) = lines.next().and_then(|line| line.split_once("<<")) {
            let value: Vec<&str> = lines
                .by_ref()
                .take_while(|line| *line != delimiter)
                .collect();
            job.set(name, value.join("\n"));
        }
        fs::write(&file, "").unwrap();
    }
    assert!(log.contains("key [secret:STRIPE_KEY]\n"), "{log}");
    assert!(
        log.contains(&format!("deployed with {}\n", job.key.len())),
        "{log}"
    );
    job.sandbox.check_text("the log", log.as_bytes());

    // A value in the code fails the job, and is shown where it is.
    job.sandbox.file("work/leak.txt", &job.key);
    let scan = steps.iter().find(|step| step.contains("scan")).unwrap();
    let failing = job.step(&format!("{scan} || echo failed"));
    assert!(text(&failing).contains("::error file=leak.txt,line=1,"));
    assert!(text(&failing).ends_with("failed\n"));
}

#[test]
fn the_job_for_gitlab_runs() {
    let mut job = Job::new();
    let [yaml] = &blocks("GitLab", "yaml")[..] else {
        panic!()
    };
    job.set("SECRETS_IDENTITY", job.identity.clone());
    let vault = yaml
        .lines()
        .find_map(|line| yaml_value(line, "SECRETS_VAULT"));
    let dir = job.sandbox.work().display().to_string();
    job.set(
        "SECRETS_VAULT",
        vault.unwrap().replace("$CI_PROJECT_DIR", &dir),
    );
    let script = yaml.split("script:\n").nth(1).unwrap();
    let steps = script
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "));
    let mut log = String::new();
    for step in steps {
        log.push_str(&text(&job.step(step)));
    }
    assert!(
        log.contains("3 of 3 agree") && log.contains("key [secret:STRIPE_KEY]"),
        "{log}"
    );
}

#[test]
fn the_shell_script_runs() {
    let mut job = Job::new();
    let [script] = &blocks("A shell script", "bash")[..] else {
        panic!()
    };
    job.set("SECRETS_IDENTITY", job.identity.clone());
    job.set(
        "SECRETS_VAULT",
        job.sandbox.work().join("vault").display().to_string(),
    );
    let path = job.script("script", script);
    let output = job.step(path.to_str().unwrap());
    assert_eq!(
        text(&output),
        format!(
            "the key has {} characters\nthe region is eu-central-1\nthere is no such key\n\
             entry_not_found\nknown: project/shop/region_name\nknown: project/shop/stripe_key\n",
            job.key.len()
        )
    );
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_hook_stops_a_commit() {
    if tool("git").is_none() {
        return;
    }
    let mut job = Job::new();
    let [script] = &blocks("A pre-commit hook", "sh")[..] else {
        panic!()
    };
    job.set("SECRETS_IDENTITY", job.identity.clone());
    job.set(
        "SECRETS_VAULT",
        job.sandbox.work().join("vault").display().to_string(),
    );
    job.set("GIT_CONFIG_GLOBAL", "/dev/null".to_owned());
    let commit = "git -c user.name=me -c user.email=me@example.com commit -qm x";
    job.step("git init -q; echo clean > a; git add a");
    job.script(".git/hooks/pre-commit", script);
    job.step(commit);
    job.sandbox.file("work/leak", &job.key);
    job.step(&format!("git add leak; ! {commit}"));
}

#[test]
fn nothing_is_asked_without_a_terminal_and_a_failure_is_one_line_of_json() {
    let sandbox = Sandbox::with_vault();
    let key = "project/consilio/api_key";
    sandbox.store(key, sandbox.canary());
    for args in [
        &["init", "--member", "UPPER"][..],
        &["link", "No-Project"],
        &["unlink", "No-Project"],
        &[
            "set",
            "project/consilio/new_key",
            "-d",
            "Key of the new shop",
            "--no-env",
        ],
        &["set", key],
        &["get", "project/consilio/nothing"],
        &["list", "nonsense"],
        &["verify", "nonsense"],
        &["generate", "project/consilio/new_key"],
        &["rotate", key],
        &["restore", "nothing"],
        &["import", "not-there", "--project", "x"],
        &["diff", "nothing"],
        &["history", "project/consilio/nothing"],
        &["rollback", key, "7"],
        &["rm", "project/consilio/nothing"],
        &["mv", "project/consilio/nothing", "project/consilio/other"],
        &["prune", key, "--keep", "1"],
        &["log", "--since", "nonsense"],
        &["recovery", "add"],
        &["recovery", "use"],
        &["export", "nothing", "--format", "json"],
        &["run", "--project", "nothing", "--", "true"],
        &["scan", "not-there"],
        &["guard", "install"],
        &["completions", "nothing"],
        &["nothing"],
    ] {
        // Without a terminal of any kind: `setsid` takes away the one that may be there.
        let done = sandbox
            .secrets(&["--json"])
            .args(args)
            .through(&["/usr/bin/setsid", "--wait"])
            .run();
        // What is done already is not a failure (`prune` of one version).
        if done.get_output().status.success() {
            continue;
        }
        let done = done.stdout("");
        let lines = String::from_utf8_lossy(&done.get_output().stderr)
            .lines()
            .count();
        assert_eq!(lines, 1, "{args:?}");
        assert!(!Failed::of(done).code.is_empty());
    }
}
