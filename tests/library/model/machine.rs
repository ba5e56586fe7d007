//! The machine that a case runs on: one vault, two projects with an env file each, and the verbs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use secrets::env_file::EnvFile;
use secrets::model::generate::Recipe;
use secrets::model::key_path::{KeyPath, OwnerName};
use secrets::model::reach::Reach;
use secrets::model::secret::SecretBytes;
use secrets::ops::set::{Report, Request};
use secrets::ops::{
    IdentitySource, Session, Settings, generate, get, import, init, link, list, prune, remove,
    rename, restore, rollback, rotate, set, verify,
};
use secrets::storage::audit::Actor;
use secrets::storage::state::State;
use sha2::{Digest as _, Sha256};

use super::Step;

/// The secrets that the steps are about.
pub const KEYS: &[&str] = &[
    "project/a/token",
    "project/a/api_key",
    "project/a/password",
    "project/b/token",
    "project/b/api_key",
    "project/b/password",
    "meta/cf/token",
    "meta/cf/api_key",
];
/// The projects.
pub const PROJECTS: &[&str] = &["a", "b"];
/// The env files. At first each project is linked to its own.
pub const FILES: &[&str] = &["a/.env", "b/.env"];
/// The variables.
pub const VARIABLES: &[&str] = &["TOKEN", "API_KEY", "PASSWORD"];

const DESCRIPTION: &str = "Payments of the corner shop";

/// A variable in an env file.
pub type Place = (&'static str, String);

/// A secret's newest version, if it is not a tombstone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    pub value: Vec<u8>,
    pub env_name: Option<String>,
}

/// Everything that the laws are about, read from the disk by the library.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Each version that holds a value.
    pub versions: BTreeMap<(&'static str, u32), Vec<u8>>,
    /// Each secret that is not removed.
    pub live: BTreeMap<&'static str, Live>,
    /// The value of each variable in each env file.
    pub variables: BTreeMap<Place, Vec<u8>>,
    /// The env file of each project that is linked.
    pub links: BTreeMap<&'static str, &'static str>,
}

/// What a verb reports.
#[derive(Debug, Default)]
pub struct Done {
    /// The versions that hold a value, by their secrets.
    pub stored: Vec<(&'static str, u32)>,
    /// The assignments that the verb answers for, by their secrets.
    pub placed: Vec<(&'static str, Place)>,
    /// Variables that may have changed though no secret is placed there.
    pub touched: Vec<Place>,
    /// The versions that were destroyed.
    pub destroyed: Vec<(&'static str, u32)>,
    /// The project that was restored.
    pub restored: Option<&'static str>,
}

pub struct Machine {
    root: tempfile::TempDir,
    values: u32,
}

impl Machine {
    pub fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let root = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let mut machine = Self {
            root: root.unwrap(),
            values: 0,
        };
        for (project, file) in PROJECTS.iter().zip(FILES) {
            let path = machine.path(file);
            fs::create_dir(path.parent().unwrap()).unwrap();
            let value = machine.new_value();
            let text = format!("# {project}\nPORT=3000\nTOKEN={value}\n");
            fs::write(&path, text).unwrap();
        }
        machine.run(|session| init::run(session, false)).unwrap();
        for (project, file) in PROJECTS.iter().zip(FILES) {
            let path = machine.path(file);
            let project = project.parse().unwrap();
            let linked = machine.run(|session| link::link(session, &project, &path, false, false));
            linked.unwrap();
        }
        machine
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    /// A value that no other secret has.
    fn new_value(&mut self) -> String {
        self.values += 1;
        let digest = Sha256::digest(self.values.to_string());
        let hex: String = digest[..12]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("v{}x{hex}", self.values)
    }

    fn run<T>(&self, verb: impl FnOnce(&Session<'_>) -> secrets::Result<T>) -> secrets::Result<T> {
        let session = Session::new(Settings {
            vault_dir: self.path("vault"),
            identity: IdentitySource::File(self.path("identity.txt")),
            config_file: self.path("config.toml"),
            state: State::new(self.path("state")),
            wait: Duration::from_secs(5),
            actor: Actor::default(),
            member: "me".to_owned(),
            may_create: true,
            reach: Reach::EVERYTHING,
            git: LazyLock::new(|| None),
            notice: &|_| {},
        });
        let result = verb(&session);
        session.conclude(result)
    }

    /// The content of every file but those below `state`: the memory of the machine and the audit
    /// trail, where reads and refusals leave their lines.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut dirs = vec![self.root.path().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path == self.path("state") {
                    continue;
                }
                if path.is_dir() {
                    dirs.push(path);
                } else {
                    files.insert(path.clone(), fs::read(path).unwrap());
                }
            }
        }
        files
    }

    /// Reads everything that the laws are about.
    pub fn view(&self) -> View {
        let mut view = View::default();
        self.run(|session| {
            for key in KEYS {
                let dir = self.path("vault/entries").join(key);
                for entry in fs::read_dir(dir).into_iter().flatten() {
                    let name = entry.unwrap().file_name().into_string().unwrap();
                    let Some(number) = name.strip_suffix(".age") else {
                        continue;
                    };
                    let number: u32 = number.parse().unwrap();
                    let request = get::Request {
                        key_path: key.parse().unwrap(),
                        version: Some(number),
                    };
                    match get::run(session, request) {
                        Ok(got) => {
                            view.versions
                                .insert((key, number), got.value.expose().to_vec());
                        }
                        Err(error) if error.code() == "entry_removed" => {}
                        Err(error) => panic!("{key} version {number}: {error}"),
                    }
                }
            }
            for item in list::run(session, &list::Request::default())? {
                let path = item.key_path.to_string();
                let key = *KEYS.iter().find(|key| **key == path).unwrap();
                let value = view.versions[&(key, item.version.get())].clone();
                let env_name = item.env_name;
                view.live.insert(key, Live { value, env_name });
            }
            for project in link::projects(session)? {
                let name = project.project.to_string();
                let name = *PROJECTS.iter().find(|one| **one == name).unwrap();
                if let Some(file) = self.file_at(&project.env_file) {
                    view.links.insert(name, file);
                }
            }
            Ok(())
        })
        .unwrap();
        for file in FILES {
            let Ok(text) = fs::read(self.path(file)) else {
                continue;
            };
            let env = EnvFile::parse(SecretBytes::copy_of(&text));
            for assignment in env.assignments() {
                let value = assignment.value().expect("the model writes plain values");
                let place = (*file, assignment.name().to_owned());
                view.variables.insert(place, value.expose().to_vec());
            }
        }
        view
    }

    fn file_at(&self, path: &Path) -> Option<&'static str> {
        FILES.iter().copied().find(|file| self.path(file) == path)
    }

    /// What `verify` says about a project's env file: the kinds of its findings.
    pub fn disagreements(&self, project: &str) -> BTreeSet<String> {
        let request = verify::Request {
            prefix: Some(format!("project/{project}").parse().unwrap()),
            ..verify::Request::default()
        };
        let report = self.run(|session| verify::run(session, &request)).unwrap();
        let findings = report.findings.iter();
        findings
            .map(|finding| format!("{:?}", finding.kind))
            .collect()
    }

    /// Carries a step out. Steps of a foreign editor always succeed.
    pub fn carry_out(&mut self, step: &Step) -> secrets::Result<Done> {
        let mut done = Done::default();
        match *step {
            Step::Set {
                key,
                name,
                file,
                no_env,
            } => {
                let value = SecretBytes::copy_of(self.new_value().as_bytes());
                let request = Request {
                    env_name: name.map(|name| name.parse().unwrap()),
                    env_file: file.map(|file| self.path(file)),
                    no_env,
                    ..request(key)
                };
                let report = self.run(|session| {
                    let prepared = set::prepare(session, request)?;
                    set::store(prepared, value, false)
                })?;
                self.stored(&mut done, key, &report);
            }
            Step::Generate { key } => {
                let recipe: Recipe = "hex 24".parse().unwrap();
                let request = request(key);
                let (report, _) = self.run(|session| generate::run(session, request, recipe))?;
                self.stored(&mut done, key, &report);
            }
            Step::Rotate { key } => {
                let value = SecretBytes::copy_of(self.new_value().as_bytes());
                let request = Request {
                    description: None,
                    ..request(key)
                };
                let report =
                    self.run(|session| rotate::prepare(session, request)?.run(Some(value)))?;
                self.stored(&mut done, key, &report.stored);
                for other in &report.also {
                    let file = self.file_at(&other.file).unwrap();
                    done.touched.push((file, other.name.clone()));
                }
            }
            Step::Rollback { key, version } => {
                let report =
                    self.run(|session| rollback::run(session, path(key), version, false))?;
                self.stored(&mut done, key, &report);
            }
            Step::Remove { key } => {
                let report = self.run(|session| remove::run(session, path(key), false))?;
                if let (Some(file), Some(name)) = (&report.env.file, &report.env.name) {
                    let file = self.file_at(file).unwrap();
                    done.touched.push((file, name.clone()));
                }
            }
            Step::Move { from, to } => {
                let report =
                    self.run(|session| rename::run(session, path(from), path(to), false))?;
                done.stored.push((to, report.version.get()));
                if let (Some(file), Some(name)) = (&report.env.file, &report.env.name) {
                    let place = (self.file_at(file).unwrap(), name.clone());
                    done.placed.push((to, place));
                }
                if let (Some(file), Some(name)) = (&report.old_env.file, &report.old_env.name) {
                    let file = self.file_at(file).unwrap();
                    done.touched.push((file, name.clone()));
                }
            }
            Step::Prune { key, keep } => {
                let report = self.run(|session| {
                    let plan = prune::plan(session, path(key), keep)?;
                    prune::carry_out(session, plan)
                })?;
                let destroyed = report.destroyed.iter();
                done.destroyed = destroyed.map(|version| (key, version.get())).collect();
            }
            Step::Import { project } => {
                let request = import::Request {
                    source: import::Source::Files(Vec::new()),
                    project: Some(project.parse().unwrap()),
                    describe: Vec::new(),
                    all: false,
                    dry_run: false,
                };
                self.run(|session| {
                    let mut prepared = import::prepare(session, request)?;
                    for question in prepared.questions()? {
                        prepared.answer(&question, DESCRIPTION)?;
                    }
                    prepared.run()
                })?;
            }
            Step::Restore { project, rebuild } => {
                let request = restore::Request {
                    project: owner(project),
                    to: None,
                    at: None,
                    rebuild,
                    allow_misread: false,
                    dry_run: false,
                };
                self.run(|session| restore::run(session, &request))?;
                done.restored = Some(project);
            }
            Step::Link { project, file } => {
                let file = self.path(file);
                self.run(|session| link::link(session, &owner(project), &file, false, false))?;
            }
            Step::Unlink { project } => {
                self.run(|session| link::unlink(session, &owner(project), false))?;
            }
            Step::Edit { file, name } => {
                let value = self.new_value();
                self.edit(file, name, Some(&value));
            }
            Step::DeleteLine { file, name } => self.edit(file, name, None),
            Step::DeleteFile { file } => {
                let _ = fs::remove_file(self.path(file));
            }
        }
        Ok(done)
    }

    /// What a foreign editor does: replaces, adds or deletes the line of a variable.
    fn edit(&self, file: &str, name: &str, value: Option<&str>) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let is_other = |line: &&str| !line.starts_with(&format!("{name}="));
        let mut lines: Vec<String> = text.lines().filter(is_other).map(str::to_owned).collect();
        lines.extend(value.map(|value| format!("{name}={value}")));
        fs::write(path, lines.join("\n") + "\n").unwrap();
    }

    fn stored(&self, done: &mut Done, key: &'static str, report: &Report) {
        done.stored.push((key, report.version.get()));
        if let (Some(file), Some(name)) = (&report.env.file, &report.env.name) {
            let file = self.file_at(file).unwrap();
            done.placed.push((key, (file, name.clone())));
        }
    }
}

fn path(key: &str) -> KeyPath {
    key.parse().unwrap()
}

fn owner(project: &str) -> OwnerName {
    project.parse().unwrap()
}

fn request(key: &str) -> Request {
    Request {
        description: Some(DESCRIPTION.to_owned()),
        ..Request::new(path(key))
    }
}
