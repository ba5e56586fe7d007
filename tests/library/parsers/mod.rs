//! The parsers of files that others may have written: entries, key paths, the configuration, sealed
//! files. They are tested on random bytes and on the corpus of the fuzz targets (`fuzz/corpus`).
//! `env_corpus` tests the parser of env files.

mod check;

use std::path::Path;

use crate::skipped::skipped;
use proptest::prelude::*;

/// Runs a check on every file of a target's corpus.
fn replay(target: &str, check: impl Fn(&[u8])) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let Ok(files) = std::fs::read_dir(dir) else {
        // The published package does not include `fuzz`.
        return skipped(&format!("there is no corpus of {target}"));
    };
    let mut count = 0;
    for file in files {
        let path = file.unwrap().path();
        eprintln!("{}", path.display());
        check(&std::fs::read(path).unwrap());
        count += 1;
    }
    assert!(count >= 10, "{target}: {count} files");
}

#[test]
fn the_corpus_of_the_entry() {
    replay("entry", check::entry);
}

#[test]
fn the_corpus_of_the_key_path() {
    replay("key_path", check::key_path);
}

#[test]
fn the_corpus_of_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    replay("config", |bytes| check::config(bytes, dir.path()));
}

#[test]
fn the_corpus_of_sealed_files() {
    replay("sealed", check::sealed);
}

/// Generates random bytes, and bytes made of pieces of valid input.
fn bytes_like(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => prop::sample::select(pieces).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat()),
    ]
}

proptest! {
    #[test]
    fn any_bytes_as_an_entry(bytes in bytes_like(&[
        "vault = \"0123456789abcdef0123456789abcdef\"\n", "key_path = \"project/a/b\"\n",
        "version = 1\n", "created = \"2026-01-21T10:00:00Z\"\n", "writer = \"me\"\n",
        "origin = \"set\"\n", "description = \"what for\"\n", "removed = true\n", "---\n", "value",
        "\n", "\r\n", "= ", "\"",
    ])) {
        check::entry(&bytes);
    }

    #[test]
    fn any_bytes_as_a_key_path(bytes in bytes_like(&[
        "project", "meta", "/", "consilio", "stripe_key", "-", "_", "..", "\\", "A", "é", "con", " ",
    ])) {
        check::key_path(&bytes);
    }

    #[test]
    fn any_bytes_as_a_sealed_file(bytes in bytes_like(&[
        "-----BEGIN AGE ENCRYPTED FILE-----\n", "-----END AGE ENCRYPTED FILE-----\n",
        "age-encryption.org/v1\n", "-> X25519 ", "-> x AAAA\n", "--- ", "AAAA", "\n", "\r\n",
        "AGE-SECRET-KEY-1", "AGE-PLUGIN-X-1", "age1", "# ",
    ])) {
        check::sealed(&bytes);
    }

    #[test]
    fn any_bytes_as_a_configuration(bytes in bytes_like(&[
        "[projects.consilio]\n", "[projects]\n", "env_file = \"/p/.env\"\n", "plain = [\"PORT\"]\n",
        "readers = [\"bash\"]\n", "projects = ", "{}", "[[projects.consilio]]\n", "consilio.", "#",
        "\n", "'''", "\"", "\u{feff}",
    ])) {
        let dir = tempfile::tempdir().unwrap();
        check::config(&bytes, dir.path());
    }
}
