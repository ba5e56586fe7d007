//! `docker run --env-file`: a line is a name and a literal value. No quotes, no escapes, no
//! comments after a value.

use super::{Reading, find, trim_start, without_bom};
use crate::model::secret::SecretBytes;

/// Docker refuses a file with a longer line.
const LONGEST: usize = 64 * 1024;

pub(super) fn docker(file: &[u8]) -> Option<Reading> {
    std::str::from_utf8(file).ok()?;
    let mut out = Reading::default();
    for line in without_bom(file).split(|b| *b == b'\n') {
        if line.len() >= LONGEST {
            return None;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = trim_start(line, |b| b.is_ascii_whitespace() || b == 0x0b);
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let name = &line[..find(b'=', line, 0).unwrap_or(line.len())];
        if name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
            return None;
        }
        // Without `=` the value comes from the environment.
        let value = line.get(name.len() + 1..).map(SecretBytes::copy_of);
        out.set(name, value);
    }
    Some(out)
}
