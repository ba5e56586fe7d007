//! The operations on a temporary directory: what each of them leaves on the disk, also when one of
//! its steps fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::store::Request;
use super::*;
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::audit::Actor;
use crate::storage::state::State;

fn version(number: u32) -> Version {
    Version::new(number).unwrap()
}

/// Directories of its own, and a session on them.
struct Bench {
    dir: tempfile::TempDir,
}

const KEY: &str = "project/consilio/stripe_api_key";

impl Bench {
    /// With a vault, an identity, and a project linked to an env file.
    fn new(env: &str) -> Self {
        let bench = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(bench.path("project")).unwrap();
        fs::write(bench.path("project/.env"), env).unwrap();
        bench.run(|session| {
            init::run(session, false).unwrap();
            let (project, file) = ("consilio".parse().unwrap(), bench.path("project"));
            link::link(session, &project, &file, false, false).unwrap();
        });
        bench
    }

    fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    fn run<R>(&self, work: impl FnOnce(&Session<'_>) -> R) -> R {
        let session = Session::new(Settings {
            vault_dir: self.path("vault"),
            identity: IdentitySource::File(self.path("identity.txt")),
            config_file: self.path("config/config.toml"),
            state: State::new(self.path("state")),
            wait: Duration::from_secs(1),
            actor: Actor::default(),
            member: "me".to_owned(),
            may_create: true,
            reach: Reach::EVERYTHING,
            git: std::sync::LazyLock::new(|| None),
            notice: &|_| {},
        });
        work(&session)
    }

    fn set(&self, key: &str, value: &str) -> Result<set::Report> {
        self.set_with(key, value, |_| {})
    }

    fn set_with(
        &self,
        key: &str,
        value: &str,
        change: impl FnOnce(&mut Request),
    ) -> Result<set::Report> {
        self.run(|session| {
            let mut request = Request::new(KeyPath::parse(key).unwrap());
            request.description = Some("What the tests store for nobody".to_owned());
            change(&mut request);
            let prepared = set::prepare(session, request)?;
            set::store(prepared, SecretBytes::from(value), false)
        })
    }

    fn get(&self, key: &str, version: Option<u32>) -> Result<String> {
        self.run(|session| {
            let request = get::Request {
                key_path: KeyPath::parse(key).unwrap(),
                version,
            };
            let report = get::run(session, request)?;
            Ok(report.value.as_str().unwrap().to_owned())
        })
    }

    fn env(&self) -> String {
        fs::read_to_string(self.path("project/.env")).unwrap()
    }

    /// Every file below the vault, so that "nothing changed" can be said of all of it.
    fn vault_files(&self) -> Vec<PathBuf> {
        fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.path("vault"), &mut found);
        found.sort();
        found
    }

    fn versions(&self, key: &str) -> usize {
        let dir = self.path("vault/entries").join(key);
        fs::read_dir(dir).map_or(0, |entries| entries.count())
    }

    /// Puts a file where a directory should be (or was), so that whatever goes there fails.
    fn block(&self, below: &str) {
        let path = self.path(below);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
}

#[test]
fn the_vault_has_it_and_then_the_env_file() {
    let bench = Bench::new("# note\nPORT=1\n");
    let report = bench.set(KEY, "canary-1").unwrap();
    assert_eq!(
        (report.version.get(), report.vault),
        (1, set::VaultChange::Created)
    );
    assert_eq!(report.env.change, set::EnvChange::Added);
    assert_eq!(bench.get(KEY, None).unwrap(), "canary-1");
    assert_eq!(bench.env(), "# note\nPORT=1\nSTRIPE_API_KEY=canary-1\n");
}

#[test]
fn the_same_again_changes_nothing_but_mends_the_env_file() {
    let bench = Bench::new("");
    bench.set(KEY, "canary-1").unwrap();
    let files = bench.vault_files();
    let report = bench.set(KEY, "canary-1").unwrap();
    assert_eq!(report.vault, set::VaultChange::Unchanged);
    assert_eq!(report.env.change, set::EnvChange::Unchanged);
    fs::write(bench.path("project/.env"), "").unwrap();
    let report = bench.set(KEY, "canary-1").unwrap();
    assert_eq!(report.vault, set::VaultChange::Unchanged);
    assert_eq!(report.env.change, set::EnvChange::Added);
    assert_eq!(bench.vault_files(), files);
}

#[test]
fn a_value_that_only_the_env_file_has_becomes_a_version_first() {
    let bench = Bench::new("STRIPE_API_KEY='only here'\n");
    let report = bench.set(KEY, "canary-1").unwrap();
    assert_eq!(
        (report.found_version, report.version),
        (Version::new(1), version(2))
    );
    assert_eq!(bench.get(KEY, Some(1)).unwrap(), "only here");
    // A value that some version has is not kept again.
    fs::write(bench.path("project/.env"), "STRIPE_API_KEY='only here'\n").unwrap();
    let report = bench.set(KEY, "canary-2").unwrap();
    assert_eq!((report.found_version, report.version), (None, version(3)));
}

#[test]
fn whatever_fails_before_the_vault_leaves_everything_as_it_was() {
    let bench = Bench::new("A='open\nSTRIPE_API_KEY=old\n");
    let (files, env) = (bench.vault_files(), bench.env());
    let unchanged = |result: Result<set::Report>, code: &str| {
        assert_eq!(result.unwrap_err().code(), code);
        assert_eq!(bench.vault_files(), files, "{code}");
        assert_eq!(bench.env(), env, "{code}");
    };
    unchanged(bench.set(KEY, ""), "value_empty");
    unchanged(bench.set(KEY, "********"), "value_is_mask");
    unchanged(bench.set(KEY, "nul\0"), "value_has_nul");
    unchanged(
        bench.set_with(KEY, "canary", |request| request.description = None),
        "description_missing",
    );
    unchanged(bench.set("project/other/key", "canary"), "not_linked");
    unchanged(
        bench.set_with(KEY, "canary", |request| {
            request.env_file = Some(bench.path("nowhere/.env"));
        }),
        "env_no_directory",
    );
    // The quote that does not end: what is behind it cannot be told apart.
    unchanged(bench.set(KEY, "canary"), "env_file_uncertain");
}

#[test]
fn a_write_that_cannot_be_logged_does_not_happen_and_a_read_does() {
    let bench = Bench::new("");
    bench.set(KEY, "canary-1").unwrap();
    bench.block("state");
    let env = bench.env();
    assert_eq!(bench.set(KEY, "canary-2").unwrap_err().code(), "io");
    assert_eq!(bench.versions(KEY), 1);
    assert_eq!(bench.env(), env);
    assert_eq!(bench.get(KEY, None).unwrap(), "canary-1");
}

#[test]
fn a_vault_that_cannot_be_written_leaves_the_env_file_alone() {
    let bench = Bench::new("OTHER=1\n");
    bench.block("vault/entries/project");
    let error = bench.set(KEY, "canary").unwrap_err();
    assert_eq!(error.code(), "vault_damaged");
    assert_eq!(bench.env(), "OTHER=1\n");
}

#[test]
fn what_fails_after_the_vault_says_so_and_can_be_finished() {
    // The layout.
    let bench = Bench::new("OTHER=1\n");
    bench.block("vault/layouts");
    let error = bench.set(KEY, "canary-1").unwrap_err();
    assert_eq!(error.code(), "env_behind");
    assert_eq!(bench.get(KEY, None).unwrap(), "canary-1");
    assert_eq!(bench.env(), "OTHER=1\n");
    fs::remove_file(bench.path("vault/layouts")).unwrap();
    let report = bench.set(KEY, "canary-1").unwrap();
    assert_eq!(
        (report.version.get(), report.vault),
        (1, set::VaultChange::Unchanged)
    );
    assert_eq!(bench.env(), "OTHER=1\nSTRIPE_API_KEY=canary-1\n");

    // The link.
    let bench = Bench::new("");
    fs::write(bench.path("project/second.env"), "").unwrap();
    bench.block("config");
    let link_it = |request: &mut Request| request.env_file = Some(bench.path("project/second.env"));
    let error = bench
        .set_with("project/second/key", "canary-2", link_it)
        .unwrap_err();
    assert_eq!(error.code(), "link_unfinished");
    assert_eq!(bench.versions("project/second/key"), 1);
    assert_eq!(
        fs::read_to_string(bench.path("project/second.env")).unwrap(),
        "KEY=canary-2\n"
    );

    // A reader for which the value has no form.
    let bench = Bench::new("");
    let config = bench.path("config/config.toml");
    let mut text = fs::read_to_string(&config).unwrap();
    text.push_str("readers = [\"docker\"]\n");
    fs::write(&config, text).unwrap();
    let error = bench.set(KEY, "two\nlines").unwrap_err();
    // Known before anything is stored, so nothing is.
    assert_eq!(error.code(), "value_would_be_misread");
    assert!(error.to_string().contains("docker"), "{error}");
    assert_eq!(bench.versions(KEY), 0);
    assert_eq!(bench.env(), "");
    let allowed = bench.set_with(KEY, "two\nlines", |request| request.allow_misread = true);
    assert_eq!(allowed.unwrap().vault, set::VaultChange::Created);
    assert_ne!(bench.env(), "");
}

#[test]
fn a_lock_that_is_held_stops_everything_before_it_begins() {
    let bench = Bench::new("OTHER=1\n");
    let lock = crate::storage::fs::lock_dir(&bench.path("project"), Duration::ZERO, || {}).unwrap();
    assert_eq!(bench.set(KEY, "canary").unwrap_err().code(), "locked");
    assert_eq!(bench.versions(KEY), 0);
    drop(lock);
    bench.set(KEY, "canary").unwrap();
}

#[test]
fn a_dry_run_changes_nothing_and_says_what_would_change() {
    let bench = Bench::new("STRIPE_API_KEY=old\n");
    let (files, env) = (bench.vault_files(), bench.env());
    let report = bench
        .set_with(KEY, "canary", |request| request.dry_run = true)
        .unwrap();
    assert_eq!(report.env.change, set::EnvChange::Replaced);
    assert!(report.dry_run);
    assert_eq!((bench.vault_files(), bench.env()), (files, env));
}

#[test]
fn removing_and_rolling_back_keep_the_env_file_in_step() {
    let bench = Bench::new("# note\nSTRIPE_API_KEY=one # why\n");
    bench.set(KEY, "one").unwrap();
    bench.set(KEY, "two").unwrap();
    let key = || KeyPath::parse(KEY).unwrap();
    bench.run(|session| {
        remove::run(session, key(), false).unwrap();
        assert_eq!(bench.env(), "# note\n");
        assert_eq!(
            remove::run(session, key(), false).unwrap_err().code(),
            "entry_removed"
        );
        assert!(
            list::run(session, &list::Request::default())
                .unwrap()
                .is_empty()
        );
        let report = rollback::run(session, key(), 1, false).unwrap();
        assert_eq!(report.version, version(4));
        assert_eq!(bench.env(), "# note\nSTRIPE_API_KEY=one\n");
        assert_eq!(
            rollback::run(session, key(), 3, false).unwrap_err().code(),
            "entry_removed"
        );
        assert_eq!(
            rollback::run(session, key(), 9, false).unwrap_err().code(),
            "version_not_found"
        );
    });
}

#[test]
fn a_lost_file_comes_back_as_it_was_and_a_mangled_one_is_kept_first() {
    let text = "# head\nPORT=3000\n\nSTRIPE_API_KEY=\"one\"   # why\nexport X='a b'\n# tail\n";
    let bench = Bench::new(text);
    bench.set(KEY, "one").unwrap();
    let restore = |rebuild| {
        bench.run(|session| {
            let request = restore::Request {
                project: "consilio".parse().unwrap(),
                to: None,
                at: None,
                rebuild,
                allow_misread: false,
                dry_run: false,
            };
            restore::run(session, &request).unwrap()
        })
    };
    fs::remove_file(bench.path("project/.env")).unwrap();
    assert!(restore(false).rebuilt);
    assert_eq!(bench.env(), text);
    assert!(!restore(false).rebuilt);

    fs::write(
        bench.path("project/.env"),
        "STRIPE_API_KEY=mangled\nNEW=1\n",
    )
    .unwrap();
    let report = restore(false);
    assert!(report.rebuilt);
    assert_eq!(report.secrets[0].found_version, Version::new(2));
    assert_eq!(bench.get(KEY, Some(2)).unwrap(), "mangled");
    assert_eq!(bench.get(KEY, None).unwrap(), "one");
    assert_eq!(bench.env(), format!("{text}NEW=1\n"));
}

#[test]
fn a_moved_secret_keeps_its_variable_and_leaves_a_tombstone_that_names_it() {
    let bench = Bench::new("");
    bench.set(KEY, "canary").unwrap();
    let to = KeyPath::parse("project/consilio/payments_key").unwrap();
    let from = KeyPath::parse(KEY).unwrap();
    bench.run(|session| {
        rename::run(session, from.clone(), to.clone(), false).unwrap();
        let items = history::run(session, &from).unwrap();
        assert_eq!(
            items[1].moved_to.as_deref(),
            Some("project/consilio/payments_key")
        );
        let report = verify::run(session, &verify::Request::default()).unwrap();
        assert!(report.ok, "{:?}", report.findings);
    });
    assert_eq!(bench.env(), "STRIPE_API_KEY=canary\n");
    assert_eq!(
        bench.get("project/consilio/payments_key", None).unwrap(),
        "canary"
    );
}

#[test]
fn rotation_reaches_the_other_env_files_that_had_the_old_value() {
    let bench = Bench::new("");
    bench.set(KEY, "canary-old").unwrap();
    fs::write(
        bench.path("project/second.env"),
        "STRIPE_API_KEY=canary-old\n",
    )
    .unwrap();
    fs::write(bench.path("project/third.env"), "STRIPE_API_KEY=another\n").unwrap();
    bench.run(|session| {
        for name in ["second", "third"] {
            let file = bench.path(&format!("project/{name}.env"));
            link::link(session, &name.parse().unwrap(), &file, false, false).unwrap();
        }
        let prepared =
            rotate::prepare(session, Request::new(KeyPath::parse(KEY).unwrap())).unwrap();
        assert!(!prepared.has_recipe());
        let report = prepared.run(Some(SecretBytes::from("canary-new"))).unwrap();
        assert_eq!(report.also.len(), 1);
    });
    let read = |name: &str| fs::read_to_string(bench.path(&format!("project/{name}"))).unwrap();
    assert_eq!(bench.env(), "STRIPE_API_KEY=canary-new\n");
    assert_eq!(read("second.env"), "STRIPE_API_KEY=canary-new\n");
    assert_eq!(read("third.env"), "STRIPE_API_KEY=another\n");
}

#[test]
fn a_generated_value_is_rotated_by_its_recipe() {
    let bench = Bench::new("");
    bench.run(|session| {
        let mut request = Request::new(KeyPath::parse(KEY).unwrap());
        request.description = Some("What the tests generate for nobody".to_owned());
        let recipe = "hex 20".parse().unwrap();
        generate::run(session, request, recipe).unwrap();
        let first = bench.get(KEY, None).unwrap();
        let prepared =
            rotate::prepare(session, Request::new(KeyPath::parse(KEY).unwrap())).unwrap();
        prepared.run(None).unwrap();
        let second = bench.get(KEY, None).unwrap();
        assert_eq!((first.len(), second.len()), (40, 40));
        assert_ne!(first, second);
    });
}

#[test]
fn pruning_destroys_old_versions_and_never_the_newest() {
    let bench = Bench::new("");
    for value in ["canary-1", "canary-2", "canary-3"] {
        bench.set(KEY, value).unwrap();
    }
    bench.run(|session| {
        let key_path = KeyPath::parse(KEY).unwrap();
        let report = prune::plan(session, key_path.clone(), 0).unwrap();
        let report = prune::carry_out(session, report).unwrap();
        assert_eq!(
            (report.destroyed, report.kept),
            (vec![version(1), version(2)], vec![version(3)])
        );
        assert!(
            verify::run(session, &verify::Request::default())
                .unwrap()
                .ok
        );
    });
    assert_eq!(bench.get(KEY, None).unwrap(), "canary-3");
    assert_eq!(bench.set(KEY, "canary-4").unwrap().version, version(4));
}
