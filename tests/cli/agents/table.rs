//! Tool calls and what becomes of them. `VALUE` stands for a value, `$P` for the directory of the
//! project `consilio`, whose linked env file is `$P/.env`; `$P/sub/settings.conf` is linked to
//! `odd`, and `$P/alias` is a link to `$P/.env`.

mod calls;
mod commands;

pub(crate) use calls::calls;
pub(crate) use commands::COMMANDS;

/// What becomes of a call.
pub(crate) enum Expect {
    /// It is refused, and the reason holds these.
    Deny(&'static [&'static str]),
    /// Nobody has anything against it.
    Pass,
}

const SET: &[&str] = &[
    "secrets set project/consilio/stripe_api_key -d '...'",
    "generate",
];
const FILE: &[&str] = &["env file of consilio", "secrets set project/consilio/"];
const GONE: &[&str] = &["secrets restore consilio"];
const SHOWN: &[&str] = &[
    "secrets list --project consilio",
    "secrets run --project consilio",
];
const SEARCHED: &[&str] = &["holds the secrets of consilio", "--exclude='.env*'"];
const OTHER: &[&str] = &[
    "secrets link ",
    "secrets set project/other/stripe_api_key -d '...'",
];
