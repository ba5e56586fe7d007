//! A call that is refused, in words for whoever called: parameters instead of the options of the command
//! line, and for what only the user can do, the command to ask for.

use secrets::Error;
use secrets::error::EntryFault;
use secrets::model::description::good_example;
use secrets::model::value::ValueError;

use crate::failure::Failure;

/// Why a call is refused.
pub(super) struct Refusal(pub(super) Failure);

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let hint = hint(&error);
        let mut failure = Failure::from(error);
        if let Some(hint) = hint {
            failure.hints = vec![hint];
        }
        Self(failure)
    }
}

/// The hint for an agent, where that of the command line speaks of options.
fn hint(error: &Error) -> Option<String> {
    Some(match error {
        Error::DescriptionMissing(key_path) => format!(
            "call again with a description, as \"{}\"",
            good_example(key_path)
        ),
        Error::Description(_) => "call again with a description that says what it is for, as \
             \"Stripe API key for payment processing\""
            .to_owned(),
        Error::Value(error) => match error {
            ValueError::Mask(_) => {
                "pass the real value; if a mask is all that you have, leave value \
                 out: then the user types it"
                    .to_owned()
            }
            ValueError::Empty => "leave value out: then the user types it".to_owned(),
            ValueError::NotUtf8 | ValueError::Nul => {
                "no env file can hold it; ask the user to store it \
                 in the vault alone: secrets set KEY_PATH --from-file FILE --no-env"
                    .to_owned()
            }
            _ => return None,
        },
        Error::DangerousNames(_) => {
            "choose another envName; only the user may set a variable that changes how programs run"
                .to_owned()
        }
        Error::VaultKeyChanged { .. }
        | Error::VaultReplaced { .. }
        | Error::VaultMissing { was_here: true, .. }
        | Error::Gone { .. }
        | Error::Entry {
            fault: EntryFault::Replaced { .. } | EntryFault::RolledBack { .. },
            ..
        } => "stop, and tell the user what this says: a person must find out what changed the \
              vault; secrets doctor shows it"
            .to_owned(),
        Error::EnvName(_) | Error::EnvNameTaken { .. } => {
            "envName gives it another variable".to_owned()
        }
        Error::NoRecipe(key_path) => {
            format!("ask the user to run: secrets rotate {key_path} --ask")
        }
        Error::NotGenerated(name) => format!(
            "to replace it by another typed value, ask the user to run: secrets rotate {name} --ask"
        ),
        Error::NotInitialised { .. }
        | Error::VaultMissing {
            was_here: false, ..
        } => {
            "this server never creates a vault or an identity; ask the user to run: secrets init; \
             or, if they are elsewhere: secrets --vault DIR --identity FILE agent install NAME"
                .to_owned()
        }
        Error::NotLinked(project) => {
            format!("ask the user to run, once: secrets link {project} PATH")
        }
        _ => return None,
    })
}
