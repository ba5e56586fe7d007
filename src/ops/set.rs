//! `set`: a value that is given.

use super::Session;
use super::store::{self, Provenance};
use crate::error::Result;
use crate::model::entry::Origin;
use crate::model::secret::SecretBytes;
use crate::model::value;

pub use super::order::{EnvChange, VaultChange};
pub use super::store::{EnvReport, Prepared, Report, Request};

/// Checks everything that can be checked without the value. Writes nothing.
pub fn prepare<'a>(session: &'a Session<'a>, request: Request) -> Result<Prepared<'a>> {
    store::prepare(session, request)
}

/// Stores the value: in the vault, and then in the env file. A value that looks like a mask is
/// taken only with `force`.
pub fn store(prepared: Prepared<'_>, value: SecretBytes, force: bool) -> Result<Report> {
    value::check_size(&value)?;
    if !force {
        store::check_given(prepared.session(), &value)?;
    }
    let provenance = Provenance {
        origin: Origin::Set,
        recipe: None,
        since: None,
    };
    prepared.store(value, provenance)
}
