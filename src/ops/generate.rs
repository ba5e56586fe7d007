//! `generate`: a random value, by a recipe that the entry keeps.

use super::store::{Provenance, Report, Request};
use super::{Session, store};
use crate::error::{Error, Result};
use crate::model::entry::Origin;
use crate::model::generate::Recipe;
use crate::model::secret::SecretBytes;

/// Makes a value and stores it like `set`. The value is returned for a caller that was asked to
/// show it.
pub fn run(
    session: &Session<'_>,
    request: Request,
    recipe: Recipe,
) -> Result<(Report, SecretBytes)> {
    let force = request.force;
    let prepared = store::prepare(session, request)?;
    if !force
        && let Some(newest) = prepared.newest()
        && !newest.header.removed
        && newest.header.recipe.is_none()
    {
        return Err(Error::NotGenerated(newest.header.key_path.clone()));
    }
    let value = random(&recipe)?;
    let provenance = Provenance {
        origin: Origin::Generate,
        recipe: Some(recipe),
        since: None,
    };
    let report = prepared.store(value.clone(), provenance)?;
    Ok((report, value))
}

/// A value by a recipe, from the operating system's randomness.
pub(super) fn random(recipe: &Recipe) -> Result<SecretBytes> {
    recipe.generate(|bytes| getrandom::fill(bytes).map_err(|_| Error::NoRandomness))
}
