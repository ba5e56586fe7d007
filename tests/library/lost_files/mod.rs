//! A lost env file comes back byte for byte, and a file that lost a part is reported and mended.

mod dialects;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use dialects::DIALECTS;
use secrets::model::reach::Reach;
use secrets::ops::verify::{Kind, Report};
use secrets::ops::{IdentitySource, Session, Settings, accept, import, init, restore, verify};
use secrets::storage::audit::Actor;
use secrets::storage::state::State;

/// How often each file is cut.
const CUTS: usize = 20;

/// A vault, and one env file that was imported.
struct Shop {
    root: tempfile::TempDir,
}

impl Shop {
    fn with(text: &[u8]) -> Self {
        let memory = Path::new("/dev/shm");
        let root = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let shop = Self {
            root: root.unwrap(),
        };
        fs::create_dir(shop.path("project")).unwrap();
        shop.write(text);
        shop.run(|session| init::run(session, false)).unwrap();
        shop.import();
        shop
    }

    fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    fn file(&self) -> PathBuf {
        self.path("project/.env")
    }

    fn write(&self, text: &[u8]) {
        fs::write(self.file(), text).unwrap();
    }

    fn text(&self) -> Vec<u8> {
        fs::read(self.file()).unwrap()
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

    fn import(&self) {
        let request = import::Request {
            source: import::Source::Files(vec![self.file()]),
            project: Some("shop".parse().unwrap()),
            describe: Vec::new(),
            all: false,
            dry_run: false,
        };
        let imported = self.run(|session| {
            let mut prepared = import::prepare(session, request)?;
            for question in prepared.questions()? {
                prepared.answer(&question, "Payments of the corner shop")?;
            }
            prepared.run()
        });
        imported.unwrap();
    }

    fn restore(&self) -> restore::Report {
        let request = restore::Request {
            project: "shop".parse().unwrap(),
            to: None,
            at: None,
            rebuild: false,
            allow_misread: false,
            dry_run: false,
        };
        self.run(|session| restore::run(session, &request)).unwrap()
    }

    fn verify(&self) -> Report {
        self.run(|session| verify::run(session, &verify::Request::default()))
            .unwrap()
    }
}

fn show(text: &[u8]) -> String {
    text.escape_ascii().to_string()
}

#[test]
fn a_file_that_was_deleted_comes_back_byte_for_byte() {
    assert!(DIALECTS.len() >= 60);
    for (name, text) in DIALECTS {
        let shop = Shop::with(text.as_bytes());
        for _ in 0..2 {
            fs::remove_file(shop.file()).unwrap();
            assert!(!shop.verify().ok, "{name}: the lost file is not reported");
            assert!(shop.restore().rebuilt, "{name}");
            let found = shop.text();
            assert_eq!(show(&found), show(text.as_bytes()), "{name}");
        }
    }
}

#[test]
fn a_file_that_was_cut_is_reported_and_gets_back_what_it_lost() {
    for (name, text) in DIALECTS {
        let text = text.as_bytes();
        let shop = Shop::with(text);
        // Each file ends with an assignment, so every cut takes a part of one.
        let end = text.trim_ascii_end().len();
        for at in 0..CUTS {
            let cut = &text[..1 + at * (end - 1) / CUTS];
            shop.write(cut);
            let report = shop.verify();
            let is_reported = report.findings.iter().any(|finding| {
                matches!(
                    finding.kind,
                    Kind::LostLines | Kind::Missing | Kind::Differs | Kind::Unreadable
                )
            });
            assert!(
                is_reported,
                "{name}, cut to {}: nothing is reported",
                show(cut)
            );
            // What verify saw did not become what is restored.
            shop.restore();
            let found = shop.text();
            assert_eq!(show(&found), show(text), "{name}, cut to {}", show(cut));
        }
        assert_eq!(shop.restore().lines_restored, 0, "{name}");
    }
}

#[test]
fn an_edit_of_plain_lines_is_kept_and_becomes_the_layout() {
    for (name, text) in DIALECTS {
        let shop = Shop::with(text.as_bytes());
        let line_end = if text.ends_with('\n') { "" } else { "\n" };
        let edited = format!("{text}{line_end}# a note\nADDED=1\n");
        shop.write(edited.as_bytes());
        let report = shop.verify();
        assert!(
            report
                .findings
                .iter()
                .all(|one| one.kind != Kind::LostLines),
            "{name}"
        );
        assert_eq!(shop.restore().lines_restored, 0, "{name}");
        assert_eq!(show(&shop.text()), show(edited.as_bytes()), "{name}");
        fs::remove_file(shop.file()).unwrap();
        shop.restore();
        assert_eq!(show(&shop.text()), show(edited.as_bytes()), "{name}");
    }
}

#[test]
fn what_was_taken_out_on_purpose_is_accepted() {
    let text = "# app\nPORT=3000\nDEBUG=1\nAPI_TOKEN=tk_9fQ2mZx81LpVw03s\nLOG=info\n";
    let shop = Shop::with(text.as_bytes());
    let less = text.replace("DEBUG=1\n", "").replace("LOG=info\n", "");
    shop.write(less.as_bytes());
    let lost = |report: &Report| {
        let mut findings = report.findings.iter();
        findings.any(|finding| finding.kind == Kind::LostLines)
    };
    assert!(lost(&shop.verify()));
    // A write does not make it the layout either.
    shop.import();
    assert!(lost(&shop.verify()));
    let project = "shop".parse().unwrap();
    let report = shop
        .run(|session| accept::run(session, &project, true))
        .unwrap();
    assert_eq!(report.variables, ["DEBUG", "LOG"]);
    assert!(lost(&shop.verify()));
    shop.run(|session| accept::run(session, &project, false))
        .unwrap();
    assert!(!lost(&shop.verify()));
    assert_eq!(shop.restore().lines_restored, 0);
    fs::remove_file(shop.file()).unwrap();
    shop.restore();
    assert_eq!(show(&shop.text()), show(less.as_bytes()));
}

#[test]
fn a_file_of_ten_thousand_lines_comes_back() {
    let mut text = String::from("API_TOKEN=tk_9fQ2mZx81LpVw03s\n");
    for n in 0..10_000 {
        text.push_str(&format!("# line {n}: {}\nPLAIN_{n}={n}\n", "-".repeat(100)));
    }
    assert!(text.len() > 1 << 20);
    let shop = Shop::with(text.as_bytes());
    fs::remove_file(shop.file()).unwrap();
    shop.restore();
    assert!(shop.text() == text.as_bytes());
    shop.write(&text.as_bytes()[..text.len() * 3 / 4]);
    shop.restore();
    assert!(shop.text() == text.as_bytes());
}
