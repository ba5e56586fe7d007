//! What a project's secrets become for another program: variables.
//!
//! Owns: [`Variable`], and that two secrets never claim one name.

use std::collections::BTreeMap;

use crate::model::env_name::EnvName;
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;

/// A version of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The secret.
    pub key_path: KeyPath,
    /// The version.
    pub version: Version,
}

/// A variable, and where it comes from.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: EnvName,
    /// The secret that it comes from; `None` for a plain line of the env file.
    pub secret: Option<Stored>,
    /// The value, byte for byte.
    pub value: SecretBytes,
}

/// Two secrets that claim one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is the variable of both {first} and {second}")]
pub struct Clash {
    /// The name.
    pub name: EnvName,
    /// The secret that comes first in order.
    pub first: KeyPath,
    /// The other one.
    pub second: KeyPath,
}

impl Variable {
    /// The secret that it comes from.
    pub fn key_path(&self) -> Option<&KeyPath> {
        self.secret.as_ref().map(|stored| &stored.key_path)
    }
}

/// Refuses two secrets with one name. Names that differ in case only are one name on Windows, and
/// in nobody's mind two, so they clash as well.
pub fn check_distinct(variables: &[Variable]) -> Result<(), Clash> {
    let mut known: BTreeMap<String, &KeyPath> = BTreeMap::new();
    for variable in variables {
        let Some(key_path) = variable.key_path() else {
            continue;
        };
        let folded = variable.name.as_str().to_ascii_uppercase();
        if let Some(first) = known.insert(folded, key_path) {
            return Err(Clash {
                name: variable.name.clone(),
                first: first.clone(),
                second: key_path.clone(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, key_path: &str) -> Variable {
        Variable {
            name: name.parse().unwrap(),
            secret: Some(Stored {
                key_path: KeyPath::parse(key_path).unwrap(),
                version: Version::FIRST,
            }),
            value: SecretBytes::from("canary"),
        }
    }

    #[test]
    fn two_secrets_do_not_claim_one_name() {
        let one = variable("API_TOKEN", "project/x/api_token");
        let other = variable("API_TOKEN", "meta/cloudflare/api_token");
        let clash = check_distinct(&[one.clone(), other]).unwrap_err();
        assert_eq!(
            clash.to_string(),
            "API_TOKEN is the variable of both project/x/api_token and meta/cloudflare/api_token"
        );
        let folded = variable("Api_Token", "project/x/other");
        assert!(check_distinct(&[one.clone(), folded]).is_err());
        let third = variable("OTHER", "project/x/other");
        assert_eq!(check_distinct(&[one, third]), Ok(()));
    }
}
