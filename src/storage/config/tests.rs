use std::time::Duration;

use super::*;

fn name(text: &str) -> OwnerName {
    text.parse().unwrap()
}

#[test]
fn links_are_remembered_and_everything_else_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("conf/config.toml");
    let env = Path::new("/srv/consilio/.env");
    assert_eq!(
        link(&path, &name("consilio"), NewLink::to(env), Duration::ZERO)
            .unwrap()
            .result,
        None
    );
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "[projects.consilio]\nenv_file = \"/srv/consilio/.env\"\n"
    );
    std::fs::write(
        &path,
        format!("# mine\n{text}plain = [\"PORT\"] # not a secret\n\n[other]\nx = 1\n"),
    )
    .unwrap();
    let moved = Path::new("/srv/other/.env");
    assert_eq!(
        link(&path, &name("consilio"), NewLink::to(moved), Duration::ZERO)
            .unwrap()
            .result
            .as_deref(),
        Some(env)
    );
    link(&path, &name("odin"), NewLink::to(env), Duration::ZERO).unwrap();
    let config = Config::load(&path).unwrap();
    assert_eq!(config.env_file(&name("consilio")), Some(moved));
    assert_eq!(config.env_file(&name("odin")), Some(env));
    assert_eq!(config.project(&name("consilio")).unwrap().plain, ["PORT"]);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# mine\n") && text.contains("# not a secret"));
    assert_eq!(
        unlink(&path, &name("odin"), Duration::ZERO)
            .unwrap()
            .result
            .as_deref(),
        Some(env)
    );
    let again = unlink(&path, &name("odin"), Duration::ZERO).unwrap();
    assert!(again.result.is_none() && !again.changed);
    assert!(!std::fs::read_to_string(&path).unwrap().contains("odin"));
}

#[test]
fn line_ends_of_windows_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let text = "\u{feff}# mine\r\n[projects.odin]\r\nplain = []\r\n";
    std::fs::write(&path, text).unwrap();
    let env = Path::new("/srv/consilio/.env");
    link(&path, &name("consilio"), NewLink::to(env), Duration::ZERO).unwrap();
    let linked = std::fs::read_to_string(&path).unwrap();
    assert!(linked.starts_with(text), "{linked:?}");
    assert!(!linked.replace("\r\n", "").contains('\n'), "{linked:?}");
    unlink(&path, &name("consilio"), Duration::ZERO).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn plain_variables_are_added_once_and_comments_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let env = Path::new("/srv/consilio/.env");
    let text = "# mine\n[projects.consilio]\nplain = [\n  \"PORT\", # the web server's\n  \"HOST\",\n]\nreaders = []\n";
    std::fs::write(&path, text).unwrap();
    let names = ["PORT", "NODE_ENV", "odd\"name"];
    for _ in 0..2 {
        link_with_plain(
            &path,
            &name("consilio"),
            NewLink::to(env),
            &names,
            Duration::ZERO,
        )
        .unwrap();
    }
    let config = Config::load(&path).unwrap();
    let project = config.project(&name("consilio")).unwrap();
    assert_eq!(project.plain, ["PORT", "HOST", "NODE_ENV", "odd\"name"]);
    assert_eq!(project.env_file.as_deref(), Some(env));
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# mine\n") && text.contains("# the web server's"));
    std::fs::write(&path, "[projects.consilio]\nplain = 1\n").unwrap();
    let error = link_with_plain(
        &path,
        &name("consilio"),
        NewLink::to(env),
        &names,
        Duration::ZERO,
    );
    assert_eq!(error.unwrap_err().code(), "config");
}

#[test]
fn an_error_names_the_line_and_shows_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    for (text, line) in [
        ("\n[projects.x]\nenv_file = canary-1\n", 3),
        ("\n\n[projects.\"Not A Name\"]\nplain = []\n", 3),
        ("[projects.x]\nplain = \"canary-2\"\n", 2),
        (
            "[projects.x]\nplain = []\nreaders = [\"bash\",\n\"canary-3\"]\n",
            4,
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = Config::load(&path).unwrap_err();
        assert_eq!(error.code(), "config");
        let message = error.to_string();
        assert!(
            message.contains(&format!("config.toml:{line}:")),
            "{message}"
        );
        assert!(!message.contains("canary"), "{message}");
    }
}

#[test]
fn agents_may_not_read_unless_it_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    for (text, expected) in [
        ("", Some(Permission::Deny)),
        ("[hook]\n", Some(Permission::Deny)),
        ("[hook]\nread = \"allow\"\n", Some(Permission::Allow)),
        ("[hook]\nread = \"perhaps\"\n", None),
        ("[hook]\nraed = \"allow\"\n", None),
    ] {
        std::fs::write(&path, text).unwrap();
        let read = Config::load(&path).map(|config| config.hook().read).ok();
        assert_eq!(read, expected, "{text}");
    }
}

#[test]
fn what_the_mcp_server_may_do_is_read_and_a_misspelt_word_is_no_permission() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    let load = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Config::load(&path)
    };
    assert_eq!(load("").unwrap().mcp(), &Mcp::default());
    let config = load("[mcp]\nget = \"deny\"\nprojects = [\"odin\"]\nmeta = \"allow\"\n");
    let mcp = config.unwrap().mcp().clone();
    assert_eq!(mcp.get, Get::Deny);
    assert_eq!(mcp.projects, Some(vec![name("odin")]));
    assert_eq!(mcp.meta, Some(Permission::Allow));
    for wrong in [
        "get = \"denied\"",
        "gets = \"deny\"",
        "get = false",
        "projects = \"odin\"",
        "projects = [\"Odin\"]",
        "meta = \"\"",
    ] {
        let error = load(&format!("[mcp]\n{wrong}\n")).unwrap_err();
        assert_eq!(error.code(), "config", "{wrong}");
        assert!(
            error.to_string().contains("config.toml:2:"),
            "{wrong}: {error}"
        );
    }
}

#[test]
fn no_file_is_an_empty_configuration() {
    let config = Config::load(Path::new("/nonexistent/config.toml")).unwrap();
    assert_eq!(config.links().iter().count(), 0);
}
