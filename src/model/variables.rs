//! What a project's secrets become for another program: variables.
//!
//! Owns: [`Variable`]; that two secrets never claim one name; and the names that make a program
//! do something else than it was started for ([`is_dangerous`]).
//!
//! Limits: the list of dangerous names holds what loaders, shells, interpreters, git and pagers
//! take from the environment. It cannot hold what every program of the world takes.

use std::collections::BTreeMap;

use crate::model::env_name::EnvName;
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;

/// A variable, and the secret that it comes from.
#[derive(Debug, Clone)]
pub struct Variable {
    /// Its name.
    pub name: EnvName,
    /// The secret.
    pub key_path: KeyPath,
    /// The secret's version.
    pub version: Version,
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

/// Refuses two secrets with one name. Names that differ in case only are one name on Windows, and
/// in nobody's mind two, so they clash as well.
pub fn check_distinct(variables: &[Variable]) -> Result<(), Clash> {
    let mut known: BTreeMap<String, &Variable> = BTreeMap::new();
    for variable in variables {
        let folded = variable.name.as_str().to_ascii_uppercase();
        if let Some(first) = known.insert(folded, variable) {
            return Err(Clash {
                name: variable.name.clone(),
                first: first.key_path.clone(),
                second: variable.key_path.clone(),
            });
        }
    }
    Ok(())
}

/// Beginnings of names that nobody but a loader, a shell or a profiler reads.
const DANGEROUS_PREFIXES: &[&str] = &[
    "BASH_FUNC_",
    "COR_",
    "CORECLR_",
    "DYLD_",
    "GIT_CONFIG",
    "LD_",
    "LUA_INIT",
    "MALLOC_",
];

/// In order, so that it can be searched.
const DANGEROUS: &[&str] = &[
    "BASHOPTS",
    "BASH_ENV",
    "BROWSER",
    "BUNDLE_GEMFILE",
    "CDPATH",
    "CLASSPATH",
    "COMSPEC",
    "DOTNET_ADDITIONAL_DEPS",
    "DOTNET_STARTUP_HOOKS",
    "EDITOR",
    "ENV",
    "ERL_AFLAGS",
    "ERL_FLAGS",
    "EXINIT",
    "FPATH",
    "GCONV_PATH",
    "GEM_HOME",
    "GEM_PATH",
    "GETCONF_DIR",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ASKPASS",
    "GIT_DIR",
    "GIT_EDITOR",
    "GIT_EXEC_PATH",
    "GIT_EXTERNAL_DIFF",
    "GIT_PAGER",
    "GIT_PROXY_COMMAND",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "GIT_TEMPLATE_DIR",
    "GOFLAGS",
    "GRADLE_OPTS",
    "HOME",
    "HOSTALIASES",
    "IFS",
    "JAVA_OPTIONS",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "LESSCLOSE",
    "LESSOPEN",
    "LOCPATH",
    "LUA_CPATH",
    "LUA_PATH",
    "MAKEFILES",
    "MAKEFLAGS",
    "MANPAGER",
    "MAVEN_OPTS",
    "NLSPATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NPM_CONFIG_NODE_OPTIONS",
    "NPM_CONFIG_SCRIPT_SHELL",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PAGER",
    "PATH",
    "PATHEXT",
    "PERL5DB",
    "PERL5LIB",
    "PERL5OPT",
    "PERLLIB",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "PROMPT_COMMAND",
    "PS0",
    "PS1",
    "PS2",
    "PS4",
    "PSMODULEPATH",
    "PYTHONBREAKPOINT",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "RSYNC_RSH",
    "RUBYLIB",
    "RUBYOPT",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "R_ENVIRON",
    "R_PROFILE",
    "SECRETS_CONFIG",
    "SECRETS_IDENTITY",
    "SECRETS_IDENTITY_FILE",
    "SECRETS_STATE",
    "SECRETS_VAULT",
    "SHELL",
    "SHELLOPTS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "SYSTEMROOT",
    "TAR_OPTIONS",
    "VIMINIT",
    "VISUAL",
    "WINDIR",
    "ZDOTDIR",
    "_JAVA_OPTIONS",
];

/// Whether a program that finds this name in its environment may run or load something because of
/// it. Upper and lower case are the same: they are on Windows, and npm reads its own in both.
pub fn is_dangerous(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    DANGEROUS.binary_search(&name.as_str()).is_ok()
        || DANGEROUS_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str, key_path: &str) -> Variable {
        Variable {
            name: name.parse().unwrap(),
            key_path: KeyPath::parse(key_path).unwrap(),
            version: crate::model::version::Version::FIRST,
            value: SecretBytes::from("canary"),
        }
    }

    #[test]
    fn the_list_can_be_searched() {
        assert!(DANGEROUS.is_sorted());
    }

    #[test]
    fn names_that_make_programs_run_something_are_dangerous() {
        for name in [
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "DYLD_INSERT_LIBRARIES",
            "BASH_ENV",
            "ENV",
            "NODE_OPTIONS",
            "node_options",
            "PYTHONSTARTUP",
            "PERL5OPT",
            "RUBYOPT",
            "PATH",
            "Path",
            "IFS",
            "PS4",
            "GIT_SSH_COMMAND",
            "GIT_CONFIG_COUNT",
            "npm_config_script_shell",
        ] {
            assert!(is_dangerous(name), "{name}");
        }
    }

    #[test]
    fn the_names_of_ordinary_secrets_are_not() {
        for name in [
            "STRIPE_API_KEY",
            "DATABASE_URL",
            "GITHUB_TOKEN",
            "GIT_TOKEN",
            "CARGO_REGISTRY_TOKEN",
            "NODE_AUTH_TOKEN",
            "PGPASSWORD",
            "ENVIRONMENT",
            "USERNAME",
            "PATHFINDER_KEY",
        ] {
            assert!(!is_dangerous(name), "{name}");
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
