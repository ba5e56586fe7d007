//! The coding agents themselves, as `.ci/agents-install` installs them: Claude Code, Codex, Gemini CLI
//! and Copilot CLI. Each is started with a cleared environment and a home of its own; its model is a
//! script on the loopback interface (`tests/agents/real/model.mjs`), which makes the same tool calls
//! with each of them and writes down what comes back.
//!
//! An agent that is not installed, or does not come to ask its model, is skipped and said so, also
//! where everything is to be tested: that is not this program's fault.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::sandbox::{DESCRIPTION, SECRETS, Sandbox};
use crate::skipped::not_run;

const OLD: &str = "project/consilio/old_key";
/// What the model is told to store. It says it itself, so it is in the agent's own transcripts.
const TOLD: &str = "sk_live_said_by_the_model_0987654321";
/// Longer than any agent takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// One agent.
struct Agent {
    /// Its name here, and the name of its program.
    name: &'static str,
    /// The name of its shell tool, and of the command in its arguments, as regular expressions.
    shell: &'static str,
    command: &'static str,
    /// What stands before the names of our tools.
    prefix: &'static str,
    /// A configuration file that it needs, below the home directory.
    settings: Option<(&'static str, &'static str)>,
    /// The files that `agent install` writes, below the home directory.
    files: &'static [&'static str],
    args: fn(port: &str) -> Vec<String>,
    env: fn(port: &str) -> Vec<(&'static str, String)>,
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

const CLAUDE: Agent = Agent {
    name: "claude",
    shell: "Bash",
    command: "command",
    prefix: "mcp__secrets__",
    settings: None,
    files: &[".claude.json", ".claude/settings.json", ".claude/CLAUDE.md"],
    args: |_| {
        texts(&[
            "-p",
            "go",
            "--model",
            "sonnet",
            "--allowedTools",
            "mcp__secrets",
            "Bash",
        ])
    },
    env: |port| {
        vec![
            ("ANTHROPIC_BASE_URL", format!("http://127.0.0.1:{port}")),
            ("ANTHROPIC_API_KEY", "none".to_owned()),
            // Otherwise the tools of MCP servers are offered only after a search.
            ("ENABLE_TOOL_SEARCH", "false".to_owned()),
            ("DISABLE_AUTOUPDATER", "1".to_owned()),
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1".to_owned()),
        ]
    },
};

const CODEX: Agent = Agent {
    name: "codex",
    shell: "exec_command|shell|shell_command",
    command: "cmd",
    prefix: "mcp__secrets(__)?",
    settings: None,
    files: &[".codex/config.toml", ".codex/AGENTS.md"],
    args: |port| {
        let provider = format!(
            "model_providers.scripted={{name=\"scripted\",base_url=\"http://127.0.0.1:{port}/v1\",\
             env_key=\"KEY\",wire_api=\"responses\"}}"
        );
        texts(&[
            "exec",
            "--skip-git-repo-check",
            "--dangerously-bypass-approvals-and-sandbox",
            "--dangerously-bypass-hook-trust",
            "-c",
            "model_provider=scripted",
            "-c",
            &provider,
            "-m",
            "gpt-5",
            "go",
        ])
    },
    env: |_| vec![("KEY", "none".to_owned())],
};

const GEMINI: Agent = Agent {
    name: "gemini",
    shell: "run_shell_command",
    command: "command",
    prefix: "mcp_secrets_",
    settings: Some((
        ".gemini/settings.json",
        "{\n  \"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}}\n}\n",
    )),
    files: &[".gemini/settings.json", ".gemini/GEMINI.md"],
    args: |_| {
        texts(&[
            "-p",
            "go",
            "--yolo",
            "--skip-trust",
            "-m",
            "gemini-2.5-flash",
        ])
    },
    env: |port| {
        vec![
            ("GEMINI_API_KEY", "none".to_owned()),
            ("GOOGLE_GEMINI_BASE_URL", format!("http://127.0.0.1:{port}")),
            ("GEMINI_TELEMETRY_ENABLED", "false".to_owned()),
        ]
    },
};

const COPILOT: Agent = Agent {
    name: "copilot",
    shell: "bash",
    command: "command",
    prefix: "secrets-",
    settings: None,
    files: &[
        ".copilot/mcp-config.json",
        ".copilot/hooks/secrets.json",
        ".copilot/instructions/secrets.instructions.md",
    ],
    args: |_| texts(&["-p", "go", "--allow-all-tools"]),
    env: |port| {
        vec![
            (
                "COPILOT_PROVIDER_BASE_URL",
                format!("http://127.0.0.1:{port}/v1"),
            ),
            ("COPILOT_PROVIDER_TYPE", "openai".to_owned()),
            ("COPILOT_PROVIDER_API_KEY", "none".to_owned()),
            ("COPILOT_MODEL", "gpt-5".to_owned()),
            ("COPILOT_OFFLINE", "true".to_owned()),
        ]
    },
};

/// Where the agents are.
fn lab() -> PathBuf {
    match std::env::var_os("SECRETS_AGENTS") {
        Some(dir) => dir.into(),
        None => Path::new(SECRETS)
            .ancestors()
            .nth(2)
            .unwrap()
            .join("agents"),
    }
}

fn node() -> Option<PathBuf> {
    let search = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&search).map(|dir| dir.join("node"));
    places.find(|node| node.is_file())
}

/// A process that ends with the test.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the model. Returns its port.
fn model(sandbox: &Sandbox, node: &Path, steps: &Value) -> (Killed, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agents/real/model.mjs");
    let file = sandbox.path("steps.json");
    fs::write(&file, steps.to_string()).unwrap();
    let mut child = Command::new(node)
        .arg(script)
        .arg(file)
        .arg(sandbox.path("model.log"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    let stdout = child.stdout.take().unwrap();
    let child = Killed(child);
    BufReader::new(stdout).read_line(&mut port).unwrap();
    (child, port.trim().to_owned())
}

/// What the model has heard: the results of its calls in the last request, and whatever else it wrote.
fn heard(sandbox: &Sandbox) -> (Vec<String>, String) {
    let log = fs::read_to_string(sandbox.path("model.log")).unwrap_or_default();
    let mut lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
    let last = lines.rfind(|line: &Value| line["results"].is_array());
    let results = last.map(|line| line["results"].as_array().unwrap().clone());
    let results = results.unwrap_or_default().into_iter();
    let results = results.map(|result| result.as_str().unwrap().to_owned());
    (results.collect(), log)
}

fn configuration(sandbox: &Sandbox, agent: &Agent) -> Vec<Option<Vec<u8>>> {
    let files = agent.files.iter();
    files
        .map(|file| fs::read(sandbox.home().join(file)).ok())
        .collect()
}

/// Starts an agent and lets it do what its model says.
fn run(sandbox: &Sandbox, agent: &Agent, program: &Path, node: &Path, port: &str) -> String {
    let search = format!(
        "{}:{}:/usr/local/bin:/usr/bin:/bin",
        sandbox.path("bin").display(),
        node.parent().unwrap().display()
    );
    let said = fs::File::create(sandbox.path("agent.out")).unwrap();
    let child = Command::new(program)
        .args((agent.args)(port))
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", search)
        .env("USER", "tester")
        .env("TERM", "dumb")
        .env("TMPDIR", sandbox.path("tmp"))
        .envs((agent.env)(port))
        .current_dir(sandbox.work())
        .stdin(Stdio::null())
        .stdout(said.try_clone().unwrap())
        .stderr(said)
        .spawn();
    let Ok(child) = child else {
        return "it cannot be started".to_owned();
    };
    let mut child = Killed(child);
    let started = Instant::now();
    while child.0.try_wait().unwrap().is_none() && started.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(child);
    let mut said = Vec::new();
    let mut file = fs::File::open(sandbox.path("agent.out")).unwrap();
    file.read_to_end(&mut said).unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

fn story(agent: &Agent) {
    let program = lab().join("node_modules/.bin").join(agent.name);
    let (true, Some(node)) = (program.exists(), node()) else {
        return not_run(&format!(
            "{} is not installed; .ci/agents-install installs it",
            agent.name
        ));
    };
    let sandbox = Sandbox::with_env("PORT=3000\n");
    symlink(SECRETS, sandbox.path("bin/secrets")).unwrap();
    // Nothing may show this value.
    let canary = sandbox.canary();
    sandbox.store(OLD, &canary);
    let install = |verb: &str| {
        let run = sandbox.secrets(&["agent", verb, agent.name, "-q"]).run();
        run.success();
    };
    sandbox.git(&["init", "-q", "."]);
    if let Some((file, text)) = agent.settings {
        let file = sandbox.home().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let before = configuration(&sandbox, agent);
    install("install");

    let tool = |name: &str| format!("{}{name}", agent.prefix);
    let shell = |command: &str| {
        let mut arguments = json!({ agent.command: command });
        if agent.command == "command" {
            arguments["description"] = json!("A step of the test");
        }
        json!({ "tool": agent.shell, "arguments": arguments })
    };
    let secret = |key_path: &str| json!({ "keyPath": key_path, "description": DESCRIPTION });
    let mut set = secret("project/consilio/stripe_api_key");
    set["value"] = json!(TOLD);
    let mut wrong = secret("consilio-stripe-key");
    wrong["value"] = json!(TOLD);
    let steps = json!([
        { "tool": tool("list_secrets"), "arguments": {} },
        shell("echo NEW_KEY=abc123 >> .env"),
        shell("cat .env"),
        { "tool": tool("set_secret"), "arguments": set },
        { "tool": tool("generate_secret"), "arguments": secret("project/consilio/jwt_secret") },
        { "tool": tool("set_secret"), "arguments": wrong },
    ]);
    let (model, port) = model(&sandbox, &node, &steps);
    let said = run(&sandbox, agent, &program, &node, &port);
    drop(model);
    let (results, log) = heard(&sandbox);
    if log.is_empty() {
        return not_run(&format!("{} does not ask its model: {said}", agent.name));
    }
    let name = agent.name;
    assert_eq!(results.len(), 6, "{name}: {said}\n{log}");
    for (result, expected) in results.iter().zip([
        OLD,
        "secrets set project/consilio/new_key",
        "secrets run --project consilio",
        "\"vault\":\"created\"",
        "\"vault\":\"created\"",
        "did you mean project/consilio/stripe_key?",
    ]) {
        assert!(result.contains(expected), "{name}: {expected}: {result}");
    }
    assert!(results[5].contains("error: "), "{name}: {}", results[5]);
    let env = sandbox.env();
    assert!(
        env.contains(&format!("STRIPE_API_KEY={TOLD}\n")),
        "{name}: {env}"
    );
    assert!(
        env.contains("JWT_SECRET=") && !env.contains("NEW_KEY"),
        "{name}: {env}"
    );
    // Neither the agent's own files nor what its model heard hold the value that was not told.
    sandbox.check_text("what the model heard", log.as_bytes());
    sandbox.check_files();

    // The agent has changed its configuration meanwhile; everything of ours goes, and no byte more.
    install("uninstall");
    let after = configuration(&sandbox, agent);
    for (file, content) in agent.files.iter().zip(&after) {
        let content = String::from_utf8_lossy(content.as_deref().unwrap_or_default());
        assert!(
            !content.contains(SECRETS) && !content.contains("bin/secrets"),
            "{file}: {content}"
        );
    }
    install("install");
    install("uninstall");
    assert_eq!(configuration(&sandbox, agent), after, "{name}");
    if agent.name != "claude" && agent.name != "gemini" {
        assert_eq!(after, before, "{name}");
    }
}

#[test]
fn claude_code_uses_the_tools_and_is_refused_by_the_hook() {
    story(&CLAUDE);
}

#[test]
fn codex_uses_the_tools_and_is_refused_by_the_hook() {
    story(&CODEX);
}

#[test]
fn gemini_cli_uses_the_tools_and_is_refused_by_the_hook() {
    story(&GEMINI);
}

#[test]
fn copilot_cli_uses_the_tools_and_is_refused_by_the_hook() {
    story(&COPILOT);
}
