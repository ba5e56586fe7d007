//! Makes a vault of many secrets, quickly: `cargo bench --bench make_vault -- DIR COUNT`.
//!
//! Not a measurement. It stands here because `secrets set` a thousand times over would take
//! minutes, and so that nothing of it is in the program. Through the library, so what it makes is
//! a vault like any other; on a memory file system its syncs cost nothing.
//!
//! ```text
//! DIR/identity.txt   DIR/vault/   DIR/state/
//! DIR/config.toml    links the first project to
//! DIR/.env           which holds its secrets
//! ```
//!
//! A project has a hundred secrets. Every secret has one version.
#![allow(clippy::disallowed_methods, clippy::print_stderr)] // its own files, its own words

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use secrets::model::entry::{Origin, VaultId};
use secrets::model::key_path::KeyPath;
use secrets::model::secret::SecretBytes;
use secrets::storage::audit::Actor;
use secrets::storage::seal::{self, Identity};
use secrets::storage::state::State;
use secrets::storage::vault::{Draft, OpenVault, Vault};

const IN_A_PROJECT: usize = 100;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    // cargo adds `--bench`, and runs the targets of benches without arguments as tests.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let [dir, count] = &arguments[..] else {
        eprintln!("cargo bench --bench make_vault -- DIR COUNT");
        return ExitCode::SUCCESS;
    };
    match count
        .parse()
        .map_err(Failure::from)
        .and_then(|count| make(Path::new(dir), count))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("make_vault: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(dir: &Path, count: usize) -> Result<(), Failure> {
    fs::create_dir_all(dir.join("vault"))?;
    let dir = dir.canonicalize()?;
    let identity = Identity::generate();
    let identity_file = seal::identity_file(&identity, "2026-01-01T00:00:00Z");
    fs::write(dir.join("identity.txt"), identity_file.expose())?;
    let state = State::new(dir.join("state"));
    let id = VaultId::new([7; 16]);
    let vault = Vault::create(&dir.join("vault"), "me", &identity, id, &state)?;

    let numbers: Vec<usize> = (0..count).collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let threads: Vec<_> = numbers
            .chunks(count.div_ceil(cores).max(1))
            .map(|chunk| scope.spawn(|| chunk.iter().try_for_each(|&n| put(&vault, n))))
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread panicked")?)
    })?;

    let mut env = String::from("# made by make_vault\nPORT=3000\n");
    for n in 0..count.min(IN_A_PROJECT) {
        env.push_str(&format!("SERVICE_{n:05}_API_KEY={}\n", value(n)));
    }
    fs::write(dir.join(".env"), env)?;
    let file: PathBuf = dir.join(".env");
    let config = format!(
        "[projects.project-000]\nenv_file = \"{}\"\nplain = [\"PORT\"]\n",
        file.display()
    );
    fs::write(dir.join("config.toml"), config)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for file in ["identity.txt", ".env", "config.toml"] {
            fs::set_permissions(dir.join(file), fs::Permissions::from_mode(0o600))?;
        }
    }
    Ok(())
}

fn put(vault: &OpenVault, n: usize) -> Result<(), Failure> {
    let project = n / IN_A_PROJECT;
    let key_path = KeyPath::parse(&format!(
        "project/project-{project:03}/service_{n:05}_api_key"
    ))?;
    vault.put(
        &key_path,
        &Draft {
            content: secrets::model::entry::Content::Value(SecretBytes::from(value(n).as_str())),
            description: format!("Key of service {n} for the nightly synchronisation"),
            env_name: Some(key_path.env_name()),
            recipe: None,
            every_days: None,
            origin: Origin::Set,
            moved_to: None,
            created: Timestamp::from_second(1_750_000_000)?,
            since: None,
        },
        &Actor {
            user: "bench".to_owned(),
            program: "make_vault".to_owned(),
        },
    )?;
    Ok(())
}

/// As long as an API key, and no two alike.
fn value(n: usize) -> String {
    format!("bench{:032x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}
