use super::*;

const PROGRAM: &str = "/usr/local/bin/secrets";

fn places() -> Places {
    Places {
        home: "/home/me".into(),
        config: "/home/me/.config".into(),
        claude: None,
        codex: None,
        copilot: None,
        xdg_config: None,
    }
}

fn program() -> Setup {
    Setup::new(PROGRAM)
}

/// Sample texts for a part's file, by file type.
fn texts(part: &Part) -> Vec<&'static str> {
    match part.file.extension().and_then(|it| it.to_str()) {
        Some("json") => vec![
            "",
            "{}",
            "{ }\n",
            "{\n}\n",
            "{\"a\":1}",
            "{\n  \"a\": 1\n}\n",
            "{\n\t\"a\": [1, 2], // why\n\t/* last */\n}\n",
            "{\r\n    \"a\": {\r\n        \"b\": 1\r\n    },\r\n}\r\n",
            "{\n  \"mcpServers\": {},\n  \"servers\": {},\n  \"hooks\": {}\n}\n",
            "{\n  \"hooks\": {\n    \"PreToolUse\": [],\n    \"preToolUse\": [],\n    \"BeforeTool\": [ ]\n  },\n  \"version\": 1\n}",
            "{\n  \"mcpServers\": {\n    \"x\": { \"command\": \"y\", \"env\": {\"K\": \"v\"} }\n  },\n  \"servers\": {\"x\": {}},\n  \"hooks\": {\n    \"PreToolUse\": [\n      { \"matcher\": \"Bash\", \"hooks\": [{ \"type\": \"command\", \"command\": \"lint\" }] }\n    ],\n    \"Stop\": []\n  }\n}\n",
            "// mine\n{\n  // c\n}\n",
            "\u{feff}{\n  \"a\": 1\n}\n",
        ],
        Some("toml") => vec![
            "",
            "# c\n",
            "model = \"x\"\n",
            "model = \"x\"",
            "[mcp_servers.x]\ncommand = \"y\" # c\n\n[projects.\"/p\"]\ntrust_level = \"trusted\"\n",
            "[[hooks.PreToolUse]]\nmatcher = \"Bash\"\n\n[[hooks.PreToolUse.hooks]]\ntype = \"command\"\ncommand = \"lint\"\n\n[tui]\nx = 1\n",
            "mcp_servers = { x = { command = \"y\" } }\n",
            "\u{feff}model = \"x\"\r\n\r\n[tui]\r\nx = 1\r\n",
            "model = \"x\"\r\n[mcp_servers.x]\n# mixed\ncommand = \"y\"\r\n",
        ],
        _ => vec![
            "",
            "# Mine\n",
            "# Mine",
            "# Mine\r\n\r\ntext\r\n",
            "\n\n",
            "# Mine\n\ntext\n\n",
        ],
    }
}

#[test]
fn each_part_is_installed_once_and_removed_to_the_byte() {
    let places = places();
    for agent in Client::ALL {
        for scope in [Scope::User(&places), Scope::Project(Path::new("/p"))] {
            for part in parts(agent, scope) {
                for text in texts(&part) {
                    let what = format!("{agent:?} {:?} {:?} in {text:?}", part.kind, part.file);
                    let new = part.install(text, &program()).expect(&what);
                    assert_ne!(new, text, "{what}");
                    assert_eq!(
                        part.install(&new, &program()).unwrap(),
                        new,
                        "twice: {what}"
                    );
                    let patch = Patch::between(text, &new).unwrap();
                    assert_eq!(patch.undo(&new).as_deref(), Some(text), "{what}\n{new}");
                    let removed = part.remove(&new).unwrap();
                    assert!(!removed.contains("secrets"), "{what}\n{removed}");
                    assert_eq!(part.remove(&removed).unwrap(), removed);
                    if text.is_empty() {
                        assert!(part.is_blank(&removed), "{what}\n{removed}");
                    }
                    // A file with CRLF line ends gets no bare LF.
                    if text.contains("\r\n") && !text.replace("\r\n", "").contains('\n') {
                        assert!(!new.replace("\r\n", "").contains('\n'), "{what}\n{new:?}");
                    }
                    // Everything that was there is kept, in order.
                    let mut rest = new.chars();
                    for c in text.chars().filter(|c| !c.is_whitespace()) {
                        assert!(rest.any(|other| other == c), "{what}\n{new}");
                    }
                }
            }
        }
    }
}

#[test]
fn install_updates_a_moved_program_and_keeps_the_users_flags() {
    let places = places();
    for agent in Client::ALL {
        for part in parts(agent, Scope::User(&places)) {
            if part.kind == PartKind::Instructions {
                continue;
            }
            let old = part.install("", &Setup::new("/old/bin/secrets")).unwrap();
            let old = old.replace("[\"mcp\"]", "[\"mcp\", \"--no-values\"]");
            let new = part.install(&old, &Setup::new("/new dir/secrets")).unwrap();
            assert_eq!(
                new.matches("/new dir/secrets").count(),
                old.matches("/old/bin").count()
            );
            assert!(!new.contains("/old/bin"), "{new}");
            assert_eq!(
                new.matches("--no-values").count(),
                old.matches("--no-values").count()
            );
            assert!(!part.remove(&new).unwrap().contains("secrets"), "{new}");
            // The user's spacing is kept.
            let tight = old.replace(" = ", "=");
            let new = part
                .install(&tight, &Setup::new("/new dir/secrets"))
                .unwrap();
            assert_eq!(
                new.matches(' ').count() - new.matches("new dir").count(),
                tight.matches(' ').count(),
                "{new}"
            );
        }
    }
}

#[test]
fn an_invalid_file_is_refused_with_its_line() {
    let places = places();
    let part = |agent, kind| {
        let mut parts = parts(agent, Scope::User(&places)).into_iter();
        parts.find(|part| part.kind == kind).unwrap()
    };
    for (agent, kind, text, line) in [
        (Client::Claude, PartKind::Mcp, "{\n  \"a\": canary\n}", 2),
        (
            Client::Claude,
            PartKind::Mcp,
            "{\n\n  \"mcpServers\": []\n}",
            3,
        ),
        (
            Client::Claude,
            PartKind::Mcp,
            "{\n  \"mcpServers\": {\n    \"secrets\": {\"command\": \"canary\"}\n  }\n}",
            3,
        ),
        (
            Client::Claude,
            PartKind::Hook,
            "{\"hooks\": {\n  \"PreToolUse\": {}\n}}",
            2,
        ),
        (Client::Claude, PartKind::Hook, "[]", 1),
        (Client::Codex, PartKind::Mcp, "a = 1\nb = canary\n", 2),
        (
            Client::Codex,
            PartKind::Mcp,
            "a = 1\n[mcp_servers.secrets]\ncommand = \"canary\"\n",
            2,
        ),
        (Client::Codex, PartKind::Hook, "a = 1\nhooks = 1\n", 2),
        (
            Client::Claude,
            PartKind::Instructions,
            "x\n<!-- secrets: end -->\n",
            2,
        ),
    ] {
        let refusal = part(agent, kind).install(text, &program()).unwrap_err();
        assert_eq!(refusal.line, line, "{text}: {refusal:?}");
        assert!(!refusal.problem.contains("canary"));
    }
}

#[test]
fn options_stand_before_the_verb_and_a_server_is_renamed_with_its_flags() {
    let places = places();
    let other = Setup {
        options: vec!["--vault".to_owned(), "/v".to_owned()],
        name: Some("meta".to_owned()),
        ..program()
    };
    for client in Client::ALL {
        for part in parts(client, Scope::User(&places)) {
            let old = part.install("", &program()).unwrap();
            if part.kind == PartKind::Instructions {
                assert_eq!(part.install(&old, &other).unwrap(), old);
                continue;
            }
            let old = old.replace("[\"mcp\"]", "[\"mcp\", \"--read-only\"]");
            let new = part.install(&old, &other).unwrap();
            let what = format!("{client:?}: {new}");
            assert!(new.contains("--vault") && new.contains("/v"), "{what}");
            assert_eq!(
                new.contains("--read-only"),
                old.contains("--read-only"),
                "{what}"
            );
            assert_eq!(part.program(&new).as_deref(), Some(PROGRAM), "{what}");
            if part.kind == PartKind::Mcp {
                let has_old_name = new.contains("\"secrets\"") || new.contains(".secrets]");
                assert!(new.contains("meta") && !has_old_name, "{what}");
            }
            // Without a name and options they stay as they are.
            assert_eq!(part.install(&new, &program()).unwrap(), new, "{what}");
            assert!(!part.remove(&new).unwrap().contains("mcp\""), "{what}");
        }
    }
}

#[test]
fn another_program_s_server_of_that_name_is_refused() {
    let places = places();
    let other = Setup {
        name: Some("meta".to_owned()),
        ..program()
    };
    for (client, text, line) in [
        (
            Client::Claude,
            "{\"mcpServers\": {\n\"meta\": {\"command\": \"x\"}}}",
            2,
        ),
        (
            Client::Opencode,
            "{\"mcp\": {\n\"meta\": {\"command\": [\"x\"]}}}",
            2,
        ),
        (Client::Codex, "\n[mcp_servers.meta]\ncommand = \"x\"\n", 2),
    ] {
        let part = &parts(client, Scope::User(&places))[0];
        assert_eq!(part.install(text, &other).unwrap_err().line, line);
        assert!(part.install(text, &program()).is_ok());
    }
}

#[test]
fn what_the_agent_does_not_act_on_is_found() {
    let places = places();
    let part = |client, kind| {
        let mut parts = parts(client, Scope::User(&places)).into_iter();
        parts.find(|part| part.kind == kind).unwrap()
    };
    let mcp = part(Client::Claude, PartKind::Mcp);
    let hook = part(Client::Claude, PartKind::Hook);
    for (text, mcp_line, hook_line) in [
        ("", None, None),
        ("{\n  \"a\": 1\n}\n", None, None),
        ("{\n  // why\n  \"a\": 1\n}\n", Some(2), Some(2)),
        ("{\n  \"a\": [1,\n  ]\n}\n", Some(3), Some(3)),
        ("{\n  \"disableAllHooks\": true\n}\n", None, Some(2)),
        ("{\n  \"disableAllHooks\": false\n}\n", None, None),
    ] {
        assert_eq!(mcp.ignored(text).map(|it| it.line), mcp_line, "{text}");
        assert_eq!(hook.ignored(text).map(|it| it.line), hook_line, "{text}");
    }
    let hook = part(Client::Codex, PartKind::Hook);
    let off = "[features]\nhooks = false\n";
    assert_eq!(hook.ignored(off).unwrap().line, 2);
    assert!(hook.ignored("[features]\nhooks = true\n").is_none());
    assert!(
        part(Client::Gemini, PartKind::Hook)
            .ignored("{ // why\n}")
            .is_none()
    );
    // Codex runs what the user has trusted.
    let state = format!("{}:pre_tool_use:0:0", hook.file.display());
    let text = format!("[hooks.state.\"{state}\"]\ntrusted_hash = \"sha256:1\"\n");
    assert!(hook.is_untrusted("") && !hook.is_untrusted(&text));
    assert!(hook.is_untrusted(&format!("{text}enabled = false\n")));
}
