//! Reads `.env` files with the crate named by the first argument, in the way a program does:
//! `from_path`, then look into the environment.
//!
//! In: paths on stdin, each ended by NUL. Out: one line a file,
//! `ok NAME=VALUE NAME=VALUE …` or `error MESSAGE`, every field in hex.

use std::env;
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('?'));
        }
    }
    text
}

fn main() -> io::Result<()> {
    let crate_name = env::args().nth(1).unwrap_or_default();
    let mut paths = Vec::new();
    io::stdin().read_to_end(&mut paths)?;
    let mut out = io::stdout().lock();
    for path in paths.split(|byte| *byte == 0).filter(|path| !path.is_empty()) {
        for (name, _) in env::vars_os().collect::<Vec<_>>() {
            env::remove_var(name);
        }
        let path = PathBuf::from(std::ffi::OsString::from_vec(path.to_vec()));
        let outcome = match crate_name.as_str() {
            "dotenv" => dotenv::from_path(&path).map_err(|error| error.to_string()),
            "dotenvy" => dotenvy::from_path(&path).map_err(|error| error.to_string()),
            other => Err(format!("no crate {other}")),
        };
        match outcome {
            Ok(()) => {
                write!(out, "ok")?;
                for (name, value) in env::vars_os() {
                    write!(out, " {}={}", hex(name.as_bytes()), hex(value.as_bytes()))?;
                }
                writeln!(out)?;
            }
            Err(message) => writeln!(out, "error {}", hex(message.as_bytes()))?,
        }
    }
    out.flush()
}
