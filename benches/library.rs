//! What the parts cost, without a process around them: `cargo bench --bench library`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)] // a benchmark that cannot go on may stop

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use secrets::env_file::{Edit, EnvFile, EnvName, OnMisread, Readers};
use secrets::model::entry::{Content, Entry, Header, MacKey, Origin, VaultId};
use secrets::model::key_path::KeyPath;
use secrets::model::reach::Reach;
use secrets::model::secret::SecretBytes;
use secrets::ops::{self, IdentitySource, Session, Settings};
use secrets::storage::audit::Actor;
use secrets::storage::seal::{self, Identity};
use secrets::storage::state::State;
use secrets::storage::vault::{Draft, Vault};

const SIZES: [usize; 3] = [10, 1_000, 10_000];

fn sealing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("seal");
    let identity = Identity::generate();
    let recipient = identity.recipient();
    let identities = [identity];
    for size in [512, 64 << 10, 1 << 20] {
        let plaintext = SecretBytes::new(vec![b'x'; size]);
        let sealed = seal::seal(&plaintext, &recipient).unwrap();
        group.throughput(Throughput::Bytes(size as u64));
        group.bench_function(format!("seal {size} bytes"), |bencher| {
            bencher.iter(|| seal::seal(black_box(&plaintext), &recipient).unwrap());
        });
        group.bench_function(format!("open {size} bytes"), |bencher| {
            bencher.iter(|| seal::open(black_box(&sealed), &identities, 1 << 20).unwrap());
        });
    }
}

fn entry() -> Entry {
    Entry {
        header: Header {
            vault: VaultId::new([7; 16]),
            key_path: "project/consilio/stripe_api_key".to_owned(),
            version: secrets::model::version::Version::FIRST,
            created: Timestamp::from_second(1_750_000_000).unwrap(),
            since: None,
            writer: "bench, library".to_owned(),
            origin: Origin::Set,
            description: "Stripe key for the payments of the shop".to_owned(),
            env_name: Some("STRIPE_API_KEY".to_owned()),
            recipe: None,
            every_days: Some(90),
            log: None,
            moved_to: None,
            removed: false,
        },
        content: Content::Value(SecretBytes::from(
            "bench_value_of_forty_characters_or_about",
        )),
    }
}

fn entries(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("entry");
    let key = MacKey::derive(&SecretBytes::from("AGE-SECRET-KEY-1BENCH"));
    let entry = entry();
    let bytes = entry.to_bytes(&key).unwrap();
    group.bench_function("to_bytes", |bencher| {
        bencher.iter(|| black_box(&entry).to_bytes(&key).unwrap());
    });
    group.bench_function("from_bytes", |bencher| {
        bencher.iter(|| Entry::from_bytes(black_box(&bytes), &key).unwrap());
    });
}

/// A file such as people have: comments, blank lines, quotes, a reference now and then.
fn env_text(lines: usize) -> SecretBytes {
    let mut text = String::new();
    for n in 0..lines {
        let line = match n % 5 {
            0 => format!("# about the following {n}"),
            1 => format!("SERVICE_{n}_API_KEY=bench{n:032x}"),
            2 => format!("SERVICE_{n}_URL=\"https://example.org/{n}\" # where"),
            3 => format!("export NAME_{n}='two words'"),
            _ => String::new(),
        };
        writeln!(text, "{line}").unwrap();
    }
    SecretBytes::from(text.as_str())
}

fn env_files(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("env file");
    let mut texts: Vec<(String, SecretBytes)> = SIZES
        .iter()
        .map(|&lines| (format!("{lines} lines"), env_text(lines)))
        .collect();
    // What could be quadratic in a careless parser.
    let long =
        |unit: &str| SecretBytes::from(format!("A=1\nB={}\nC=3\n", unit.repeat(100_000)).as_str());
    texts.push(("100,000 quotes".to_owned(), long("\"")));
    texts.push(("100,000 apostrophes".to_owned(), long("'")));
    texts.push(("100,000 backslashes".to_owned(), long("\\")));
    texts.push(("a value of 100 kB".to_owned(), long("x")));
    let lines = "K=\"\n".repeat(25_000);
    texts.push((
        "25,000 open quotes".to_owned(),
        SecretBytes::from(lines.as_str()),
    ));
    let name = EnvName::try_new("SERVICE_6_API_KEY").unwrap();
    let value = SecretBytes::from("sk_live_bench with a blank and a 'quote'");
    for (title, text) in &texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("parse {title}"), |bencher| {
            bencher.iter_batched(|| text.clone(), EnvFile::parse, BatchSize::LargeInput);
        });
        let file = EnvFile::parse(text.clone());
        let edit = [Edit::Set {
            name: &name,
            value: &value,
        }];
        group.bench_function(format!("patch {title}"), |bencher| {
            // Some of the pathological files are refused, which must be as quick.
            bencher.iter(|| {
                file.with(black_box(&edit), &Readers::core(), OnMisread::Allow)
                    .is_ok()
            });
        });
    }
}

/// A vault of so many secrets, on a memory file system where there is one.
fn vault(count: usize) -> tempfile::TempDir {
    let memory = PathBuf::from("/dev/shm");
    let dir = if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    };
    let place = dir.path().join("vault");
    std::fs::create_dir(&place).unwrap();
    let identity = Identity::generate();
    let file = seal::identity_file(&identity, "2026-01-01T00:00:00Z");
    std::fs::write(dir.path().join("identity.txt"), file.expose()).unwrap();
    let state = State::new(dir.path().join("state"));
    let id = VaultId::new([7; 16]);
    let vault = Vault::create(&place, "me", &identity, id, &state).unwrap();
    for n in 0..count {
        let key_path = format!("project/project-{:03}/service_{n:05}_api_key", n / 100);
        let key_path = KeyPath::parse(&key_path).unwrap();
        let draft = Draft {
            content: Content::Value(SecretBytes::from("bench")),
            description: format!("Key of service {n} for the nightly synchronisation"),
            env_name: Some(key_path.env_name()),
            recipe: None,
            every_days: None,
            origin: Origin::Set,
            moved_to: None,
            created: Timestamp::from_second(1_750_000_000).unwrap(),
            since: None,
        };
        vault.put(&key_path, &draft, &Actor::default()).unwrap();
    }
    dir
}

fn listing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("list");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(8));
    for count in SIZES {
        let dir = vault(count);
        // A session unlocks once: each run has one of its own, as in the program.
        let session = || {
            Session::new(Settings {
                vault_dir: dir.path().join("vault"),
                identity: IdentitySource::File(dir.path().join("identity.txt")),
                config_file: dir.path().join("config.toml"),
                state: State::new(dir.path().join("state")),
                wait: Duration::ZERO,
                actor: Actor::default(),
                member: "me".to_owned(),
                may_create: false,
                reach: Reach::EVERYTHING,
                git: LazyLock::new(|| None),
                notice: &|_| {},
            })
        };
        let request = ops::list::Request::default();
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("names of {count}"), |bencher| {
            bencher.iter(|| ops::list::names(&session(), &request).unwrap());
        });
        group.bench_function(format!("all of {count}"), |bencher| {
            bencher.iter(|| ops::list::run(&session(), &request).unwrap());
        });
    }
}

criterion_group!(parts, sealing, entries, env_files, listing);
criterion_main!(parts);
