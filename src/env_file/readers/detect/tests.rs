use super::*;

fn detect(name: &str, text: &str) -> String {
    assert!(is_project_file(name), "{name}");
    detect_readers(&[(name, text)]).to_string()
}

/// One ordinary set-up: what it is, a file of it, the file's text, and its readers.
type SetUp = (&'static str, &'static str, &'static str, &'static str);

/// Ordinary ways to read an env file, one project each. The readers are those that the program or
/// library really uses, where this program models it.
const SET_UPS: &[SetUp] = &[
    (
        "npm dotenv",
        "package.json",
        r#"{"dependencies":{"dotenv":"^16"}}"#,
        "npm-dotenv",
    ),
    (
        "NestJS",
        "package.json",
        r#"{"dependencies":{"@nestjs/config":"4"}}"#,
        "npm-dotenv",
    ),
    (
        "node --env-file",
        "package.json",
        r#"{"scripts":{"dev":"node --env-file=.env server.js"}}"#,
        "node",
    ),
    (
        "tsx --env-file",
        "package.json",
        r#"{"scripts":{"dev":"tsx watch --env-file .env src/x.ts"}}"#,
        "node",
    ),
    (
        "node in a Dockerfile",
        "Dockerfile",
        "FROM node:24\nCMD [\"node\", \"--env-file=.env\", \"server.js\"]\n",
        "node",
    ),
    (
        "dotenv preloaded",
        "package.json",
        r#"{"scripts":{"start":"node -r dotenv/config ."}}"#,
        "npm-dotenv",
    ),
    (
        "Next.js",
        "package.json",
        r#"{"dependencies":{"next":"16"}}"#,
        "next",
    ),
    (
        "Vite",
        "package.json",
        r#"{"devDependencies":{"vite":"7"}}"#,
        "vite",
    ),
    (
        "SvelteKit",
        "package.json",
        r#"{"devDependencies":{"@sveltejs/kit":"2"}}"#,
        "vite",
    ),
    (
        "dotenvx",
        "package.json",
        r#"{"scripts":{"dev":"dotenvx run -- node x.js"}}"#,
        "dotenvx",
    ),
    (
        "dotenv-cli",
        "package.json",
        r#"{"scripts":{"dev":"dotenv -e .env.local -- next dev"}}"#,
        "dotenv-expand",
    ),
    (
        "Serverless",
        "serverless.yml",
        "service: x\nuseDotenv: true\n",
        "dotenv-expand",
    ),
    (
        "VS Code",
        ".vscode/launch.json",
        "{\n  // local\n  \"type\": \"node\",\n  \"envFile\": \"${workspaceFolder}/.env\"\n}\n",
        "npm-dotenv",
    ),
    (
        "monorepo package",
        "packages/api/package.json",
        r#"{"dependencies":{"dotenv":"^16"}}"#,
        "npm-dotenv",
    ),
    (
        "python-dotenv",
        "pyproject.toml",
        "[project]\ndependencies = [\"python_dotenv>=1.0\"]\n",
        "python-dotenv",
    ),
    (
        "requirements folder",
        "requirements/base.txt",
        "django==5\ndjango-environ==0.11\n",
        "django-environ",
    ),
    (
        "requirements-prod",
        "requirements-prod.txt",
        "python-decouple==3.8\n",
        "python-decouple",
    ),
    (
        "pydantic",
        "pyproject.toml",
        "dependencies = [\n  \"Pydantic-Settings\",\n]\n",
        "pydantic-settings",
    ),
    (
        "pipenv",
        "Pipfile",
        "[packages]\nflask = \"*\"\n",
        "python-dotenv",
    ),
    (
        "uvicorn",
        "Procfile",
        "web: uvicorn app:app --env-file .env --port $PORT\n",
        "python-dotenv",
    ),
    (
        "uv",
        "scripts/dev.sh",
        "#!/bin/sh\nuv run --env-file .env python -m app\n",
        "dotenvy",
    ),
    ("compose", "compose.yaml", "services: {}\n", "compose"),
    (
        "compose override",
        "docker-compose.prod.yml",
        "services: {}\n",
        "compose",
    ),
    (
        "compose in docker/",
        "docker/docker-compose.yml",
        "services: {}\n",
        "compose",
    ),
    (
        "docker run",
        "scripts/run",
        "#!/usr/bin/env bash\ndocker run --rm \\\n  --env-file .env app\n",
        "docker",
    ),
    (
        "Cargo",
        "Cargo.toml",
        "[dependencies]\ndotenvy = \"0.15\"\n",
        "dotenvy",
    ),
    (
        "Cargo workspace",
        "crates/web/Cargo.toml",
        "[dependencies]\ndotenvy = { workspace = true }\n",
        "dotenvy",
    ),
    (
        "Rails",
        "Gemfile",
        "group :development do\n  gem 'dotenv-rails'\nend\n",
        "ruby-dotenv",
    ),
    (
        "Go",
        "go.mod",
        "require github.com/joho/godotenv v1.5.1\n",
        "godotenv",
    ),
    (
        "Laravel",
        "composer.json",
        r#"{"require":{"laravel/framework":"^11"}}"#,
        "phpdotenv",
    ),
    (
        "Symfony",
        "composer.json",
        r#"{"require":{"symfony/dotenv":"7.*"}}"#,
        "symfony-dotenv",
    ),
    (
        "direnv dotenv",
        ".envrc",
        "dotenv_if_exists .env.local\n",
        "direnv",
    ),
    ("direnv source", ".envrc", "set -a; source .env\n", "bash"),
    (
        "Makefile include",
        "Makefile",
        "-include .env\nexport\n\nrun:\n\t./app\n",
        "make",
    ),
    (
        "Makefile source",
        "Makefile",
        "run:\n\t@set -a; . ./.env; set +a; ./app\n",
        "bash, dash",
    ),
    (
        "just",
        "justfile",
        "set dotenv-load\n\nrun:\n  ./app\n",
        "dotenvy",
    ),
    (
        "Task",
        "Taskfile.yml",
        "version: '3'\ndotenv: ['.env', '{{.HOME}}/.env']\n",
        "godotenv",
    ),
    ("mise", "mise.toml", "[env]\n_.file = \".env\"\n", "dotenvy"),
    (
        "systemd",
        "deploy/app.service",
        "[Service]\nEnvironmentFile=-/srv/app/.env\nExecStart=/srv/app/run\n",
        "systemd",
    ),
    (
        "sourced in a script",
        "scripts/start.sh",
        "#!/bin/bash\nset -a\nsource \"$(dirname \"$0\")/../.env\"\n",
        "bash",
    ),
    (
        "sourced by zsh",
        "bin/dev",
        "#!/usr/bin/env zsh\nsource ./.env\n",
        "zsh",
    ),
    (
        "GitHub workflow",
        ".github/workflows/ci.yml",
        "jobs:\n  test:\n    steps:\n      - run: |\n          set -a; . ./.env; set +a\n",
        "bash",
    ),
    (
        "conda",
        "environment.yml",
        "dependencies:\n  - pip:\n    - python-dotenv\n",
        "python-dotenv",
    ),
    // Their readers are not modelled.
    (
        "bun",
        "package.json",
        r#"{"scripts":{"dev":"bun run index.ts"}}"#,
        "",
    ),
    (
        "deno",
        "deno.json",
        r#"{"tasks":{"dev":"deno run --env-file main.ts"}}"#,
        "",
    ),
    ("foreman", "Procfile.dev", "web: bin/rails server\n", ""),
];

/// The figures stand in docs/env-files.md.
#[test]
fn ordinary_set_ups_are_found() {
    let mut found = 0;
    for (what, path, text, readers) in SET_UPS {
        assert_eq!(detect(path, text), *readers, "{what}");
        found += usize::from(!readers.is_empty());
    }
    assert_eq!((found, SET_UPS.len()), (43, 46));
}

/// The same words in other places mean nothing.
#[test]
fn what_only_looks_like_a_reader_is_not_one() {
    for (path, text) in [
        ("package.json", r#"{"name":"dotenv"}"#),
        ("package.json", "not json"),
        ("package.json", r#"{"scripts":{"env":"cat .env"}}"#),
        (
            "requirements.txt",
            "my-python-dotenv-fork\n# python-dotenv\n",
        ),
        (".envrc", "# dotenv\nuse flake\n"),
        (
            "Makefile",
            "include common.mk\n# include .env\ninclude .envrc\n",
        ),
        ("justfile", "set dotenv-load := false\n"),
        ("Taskfile.yml", "tasks:\n  dotenvx:\n    cmds: [echo]\n"),
        (
            "mise.toml",
            "[tools]\nnode = \"24\"\n[env]\nFILE = \".env\"\n",
        ),
        (
            "deploy/app.service",
            "[Service]\n# EnvironmentFile=.env\nEnvironmentFile=/etc/default/app\nEnvironment=A=1\n",
        ),
        ("scripts/x.sh", "source ./lib.sh\n. ./.env.example\n"),
        ("serverless.yml", "useDotenv: false\n"),
        ("Cargo.toml", "[dependencies]\ndotenvy_lite = \"1\"\n"),
        (
            ".vscode/launch.json",
            "{\"type\":\"debugpy\",\n\"envFile\":\".env\"}\n",
        ),
    ] {
        assert_eq!(detect(path, text), "", "{path}: {text}");
    }
}

#[test]
fn files_far_below_or_of_other_names_are_not_wanted() {
    for path in [
        "a/b/c/package.json",
        "README.md",
        "launch.json",
        "composer.yml",
        "notes.txt",
        "src/main.rs",
        "config.toml",
    ] {
        assert!(!is_project_file(path), "{path}");
        assert_eq!(detect_readers(&[(path, "python-dotenv")]), Readers::NONE);
    }
    assert!(is_project_dir("packages") && !is_project_dir("node_modules"));
}

#[test]
fn several_files_add_up() {
    let all = detect_readers(&[
        ("compose.yml", ""),
        ("go.mod", "\tgithub.com/joho/godotenv v1.5.1\n"),
        ("README.md", "python-dotenv"),
        ("web/package.json", r#"{"devDependencies":{"vite":"7"}}"#),
    ]);
    assert_eq!(all.to_string(), "compose, godotenv");
}
