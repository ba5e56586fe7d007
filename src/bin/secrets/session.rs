//! The library's session for one command: where everything is and who acts, after flags,
//! environment and defaults.

use std::io;
use std::sync::LazyLock;
use std::time::Duration;

use secrets::Error;
use secrets::model::reach::Reach;
use secrets::ops::{IdentitySource, Notice, Settings};
use secrets::storage::audit::Actor;
use secrets::storage::fs;
use secrets::storage::state::State;
use secrets::storage::vault::is_member_name;

use crate::args::Global;
use crate::failure::{Code, Failure};
use crate::{environment, parse};

/// Collects the settings of a session. Opens no file.
pub(crate) fn settings<'a>(
    global: &Global,
    notice: &'a (dyn Fn(Notice<'_>) + Sync),
) -> Result<Settings<'a>, Failure> {
    let places = environment::places(
        global.vault.as_deref(),
        global.identity.as_deref(),
        global.config.as_deref(),
    )
    .map_err(|_| {
        Failure::new(
            Code::NoHome,
            "there is no home directory to keep the vault in",
        )
        .hint("set HOME, or SECRETS_VAULT, SECRETS_IDENTITY_FILE, SECRETS_CONFIG and SECRETS_STATE")
    })?;
    if let (Some(option), IdentitySource::File(path)) = (places.identity_option, &places.identity) {
        parse::not_a_key(path, option)?;
        if let Err(Error::Io { source, .. }) = fs::exists(path)
            && source.kind() == io::ErrorKind::InvalidFilename
        {
            return Err(Failure::io(format!("cannot read {option}"), source)
                .hint(format!("{option} takes the name of an identity file")));
        }
    }
    let user = environment::user();
    Ok(Settings {
        vault_dir: places.vault,
        identity: places.identity,
        config_file: places.config,
        state: State::new(places.state),
        wait: Duration::from_secs(global.wait),
        actor: actor(user.as_deref()),
        member: member(user.as_deref()),
        may_create: !environment::is_ci(),
        reach: Reach::EVERYTHING,
        git: LazyLock::new(|| environment::program("git")),
        notice,
    })
}

/// Returns a failure without the name of an identity file that was given and does not exist:
/// somebody may have given the key in its place.
pub(crate) fn conceal(global: &Global, failure: Failure) -> Failure {
    let places = environment::places(
        global.vault.as_deref(),
        global.identity.as_deref(),
        global.config.as_deref(),
    );
    let Ok(environment::Places {
        identity: IdentitySource::File(named),
        identity_option: Some(option),
        ..
    }) = places
    else {
        return failure;
    };
    let message = match failure.library_error() {
        Some(Error::IdentityMissing(path)) if *path == named => {
            format!("the identity file given as {option} does not exist")
        }
        Some(Error::NotInitialised { vault, identity }) if *identity == named => format!(
            "there is no vault at {}, and the identity file given as {option} does not exist",
            vault.display()
        ),
        _ => return failure,
    };
    failure.with_message(message)
}

/// Returns who acts: the user, with this program's command line.
fn actor(user: Option<&str>) -> Actor {
    let user = user.unwrap_or("unknown").chars();
    Actor {
        user: user.filter(|c| !c.is_control()).take(64).collect(),
        program: format!("command line {}", env!("CARGO_PKG_VERSION")),
    }
}

/// Returns the user's name in the form of a member's name.
fn member(user: Option<&str>) -> String {
    let name: String = user
        .unwrap_or_default()
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(64)
        .collect();
    let name = name.trim_matches('-');
    if is_member_name(name) {
        name.to_owned()
    } else {
        "me".to_owned()
    }
}
