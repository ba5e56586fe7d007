//! `link`, `unlink`, `projects`.

use std::fs;
use std::os::unix::fs::symlink;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, NAME, Sandbox, json_of, keys, mode};

/// The project and the file of each link.
fn links(sandbox: &Sandbox) -> Vec<(String, String)> {
    let projects = json_of(&sandbox.secrets(&["projects", "--json"]).run().success());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let links = projects.as_array().unwrap().iter();
    links
        .map(|link| (text(&link["project"]), text(&link["envFile"])))
        .collect()
}

#[test]
fn a_link_is_to_a_file_a_directory_or_here() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("work/api")).unwrap();
    sandbox
        .secrets(&["link", "here"])
        .run()
        .success()
        .stdout("");
    sandbox
        .secrets(&["link", "directory", "api"])
        .run()
        .success();
    sandbox
        .secrets(&["link", "file", "api/.env.production"])
        .run()
        .success();
    sandbox
        .secrets(&["link", "above", "../.env"])
        .dir(sandbox.path("work/api"))
        .run()
        .success();
    let at = |path: &str| sandbox.path(path).to_str().unwrap().to_owned();
    let wanted = [
        ("above".to_owned(), at("work/.env")),
        ("directory".to_owned(), at("work/api/.env")),
        ("file".to_owned(), at("work/api/.env.production")),
        ("here".to_owned(), at("work/.env")),
    ];
    assert_eq!(links(&sandbox), wanted);
    assert_eq!(mode(&sandbox.config()), 0o600);
}

#[test]
fn the_configuration_is_the_documented_one() {
    let sandbox = Sandbox::new();
    sandbox.secrets(&["link", "consilio"]).run().success();
    let file = sandbox.env_file();
    let text = format!("[projects.consilio]\nenv_file = \"{}\"\n", file.display());
    assert_eq!(fs::read_to_string(sandbox.config()).unwrap(), text);
}

#[test]
fn linking_needs_neither_vault_nor_identity_nor_the_file() {
    let sandbox = Sandbox::new();
    let done = sandbox.secrets(&["link", "consilio"]).run().success();
    done.stderr(contains("does not exist yet"));
    assert!(!sandbox.vault().exists() && !sandbox.env_file().exists());
}

#[test]
fn linking_again_moves_the_link_and_says_from_where() {
    let sandbox = Sandbox::new();
    sandbox.secrets(&["link", "consilio"]).run().success();
    let done = sandbox
        .secrets(&["link", "consilio", ".env.other"])
        .run()
        .success();
    done.stderr(contains("it was linked to").and(contains("/work/.env\n")));
    let report = json_of(
        &sandbox
            .secrets(&["link", "consilio", "--json"])
            .run()
            .success(),
    );
    assert_eq!(keys(&report).len(), report.as_object().unwrap().len());
    assert_eq!(report["project"], "consilio");
    assert_eq!(
        report["before"],
        sandbox.path("work/.env.other").to_str().unwrap()
    );
    assert_eq!(links(&sandbox).len(), 1);
}

#[test]
fn a_file_that_is_another_projects_too_is_said() {
    let sandbox = Sandbox::with_env("A=1\n");
    symlink(sandbox.env_file(), sandbox.work().join("link")).unwrap();
    for path in [".env", "link"] {
        let link = || sandbox.secrets(&["link", "second", path]);
        link()
            .run()
            .success()
            .stderr(contains("also linked to consilio"));
        let report = json_of(&link().arg("--json").run().success());
        assert_eq!(report["sharedWith"], serde_json::json!(["consilio"]));
    }
    let own = sandbox.secrets(&["link", "third", ".env.third"]).run();
    own.success().stderr(contains("also").not());
}

#[test]
fn what_is_not_linked_is_unlinked_without_a_trace() {
    let sandbox = Sandbox::new();
    let unlink = sandbox.secrets(&["unlink", "consilio"]);
    unlink.fails(1, "not_linked");
    assert!(!sandbox.config().parent().unwrap().exists());
}

#[test]
fn unlinking_keeps_the_file_and_what_else_is_configured() {
    let sandbox = Sandbox::with_env("A=1\n");
    let text = fs::read_to_string(sandbox.config()).unwrap();
    fs::write(
        sandbox.config(),
        format!("# mine\n{text}plain = [\"A\"] # not secret\n"),
    )
    .unwrap();
    sandbox
        .secrets(&["unlink", "consilio"])
        .run()
        .success()
        .stdout("");
    assert_eq!(sandbox.env(), "A=1\n");
    assert_eq!(links(&sandbox), []);
    let text = fs::read_to_string(sandbox.config()).unwrap();
    assert_eq!(
        text,
        "# mine\n[projects.consilio]\nplain = [\"A\"] # not secret\n"
    );
    sandbox.set(KEY, sandbox.canary()).fails(2, "not_linked");
}

#[test]
fn projects_is_a_table_and_says_what_is_missing() {
    let sandbox = Sandbox::new();
    sandbox
        .secrets(&["projects"])
        .run()
        .success()
        .stdout("")
        .stderr(contains("secrets link"));
    sandbox.secrets(&["link", "consilio"]).run().success();
    let done = sandbox.secrets(&["projects"]).run().success();
    done.stdout(contains("consilio").and(contains("missing")));
    sandbox.write_env("");
    let done = sandbox.secrets(&["projects"]).run().success();
    done.stdout(contains("consilio").and(contains("missing").not()));
}

#[test]
fn what_cannot_be_linked_is_refused() {
    let sandbox = Sandbox::new();
    sandbox
        .secrets(&["link", "Consilio"])
        .fails(2, "invalid_project_name")
        .says("consilio");
    sandbox
        .secrets(&["link", "a-"])
        .fails(2, "invalid_project_name");
    sandbox
        .secrets(&["link", "con"])
        .fails(2, "invalid_project_name");
    sandbox
        .secrets(&["link", "consilio", "no/such/.env"])
        .fails(2, "env_no_directory");
    sandbox
        .secrets(&["link", "consilio", "/dev/null"])
        .fails(2, "env_not_a_file");
    symlink("nowhere", sandbox.path("work/dangling")).unwrap();
    sandbox
        .secrets(&["link", "consilio", "dangling"])
        .fails(2, "env_dangling_link");
    assert!(!sandbox.config().exists());
}

#[test]
fn a_link_to_a_link_follows_it_wherever_it_points_later() {
    let sandbox = Sandbox::with_vault();
    let (one, two) = (sandbox.file("work/one", ""), sandbox.file("work/two", ""));
    let link = sandbox.allow(sandbox.path("work/current"));
    symlink(&one, &link).unwrap();
    sandbox
        .secrets(&["link", "consilio", "current"])
        .run()
        .success();
    let (first, second) = (sandbox.canary(), sandbox.canary());
    sandbox.set(KEY, &first).run().success();
    fs::remove_file(&link).unwrap();
    symlink(&two, &link).unwrap();
    sandbox.set(KEY, &second).run().success();
    assert_eq!(
        fs::read_to_string(one).unwrap(),
        format!("{NAME}={first}\n")
    );
    assert_eq!(
        fs::read_to_string(two).unwrap(),
        format!("{NAME}={second}\n")
    );
}

#[test]
fn a_configuration_that_is_a_link_stays_one() {
    let sandbox = Sandbox::new();
    let real = sandbox.path("home/dotfiles.toml");
    fs::write(&real, "# mine\n").unwrap();
    fs::create_dir_all(sandbox.config().parent().unwrap()).unwrap();
    symlink(&real, sandbox.config()).unwrap();
    sandbox.secrets(&["link", "consilio"]).run().success();
    assert!(sandbox.config().is_symlink());
    let text = fs::read_to_string(real).unwrap();
    assert!(text.contains("# mine\n") && text.contains("[projects.consilio]\n"));
}

#[test]
fn odd_paths_are_linked_and_written() {
    for dir in [
        "with space",
        "with\nnewline",
        "with 'quotes\"",
        "ünï",
        "-dash",
        "a\\b",
        "tab\t",
    ] {
        let sandbox = Sandbox::with_vault();
        fs::create_dir(sandbox.work().join(dir)).unwrap();
        let file = sandbox.allow(sandbox.work().join(dir).join(".env"));
        let link = sandbox.secrets(&["link", "consilio", "--"]).arg(dir);
        link.run().success();
        let value = sandbox.canary();
        sandbox.set(KEY, &value).run().success();
        assert_eq!(
            fs::read_to_string(file).unwrap(),
            format!("{NAME}={value}\n"),
            "{dir}"
        );
        assert_eq!(sandbox.finding_kinds(), [""; 0]);
    }
}

#[test]
fn a_path_that_is_not_unicode_is_refused_or_works_and_never_panics() {
    let sandbox = Sandbox::with_vault();
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"a\xffb");
    fs::create_dir(sandbox.work().join(name)).unwrap();
    sandbox
        .secrets(&["link", "consilio"])
        .arg(name)
        .run()
        .code(2);
    let set = sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .arg("--vault")
        .arg(name);
    set.run().code(2);
    sandbox
        .secrets(&["init", "--vault"])
        .arg(name)
        .run()
        .success();
}
