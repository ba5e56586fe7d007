//! What the process does first, so that a value cannot leave it by a side door: no core dumps, no
//! debugger of the same user, no payload in a panic's message.

/// The limit on core dumps that this process was started with.
#[cfg(unix)]
static CORE_LIMIT: std::sync::OnceLock<Option<u64>> = std::sync::OnceLock::new();

/// Whether this process can leave no core dump; `None` where that cannot be told.
pub(crate) fn no_core_dumps() -> Option<bool> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        let none = getrlimit(Resource::Core).current == Some(0);
        #[cfg(target_os = "linux")]
        let none = none || {
            use rustix::process::{DumpableBehavior, dumpable_behavior};
            matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable))
        };
        Some(none)
    }
    #[cfg(not(unix))]
    None
}

/// Closes the side doors. What the system does not offer is left out silently: none of it is
/// needed to be correct.
pub(crate) fn process() {
    std::panic::set_hook(Box::new(|panic| {
        // The payload may hold a value (a failed comparison, an index into text); the place never.
        let place = panic
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        crate::output::panicked(place.as_deref().unwrap_or("an unknown place"));
    }));
    #[cfg(unix)]
    {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        let _ = CORE_LIMIT.set(limit.current);
        limit_core(Some(0));
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}

/// Runs `start`, which starts another program, with the limit on core dumps that this process was
/// started with, because the program inherits it. That it may be debugged comes back by itself.
#[cfg(unix)]
pub(crate) fn lifted<T>(start: impl FnOnce() -> T) -> T {
    limit_core(CORE_LIMIT.get().copied().unwrap_or(Some(0)));
    let started = start();
    limit_core(Some(0));
    started
}

/// The hard limit stays as it is: once lowered it could not be raised again.
#[cfg(unix)]
fn limit_core(current: Option<u64>) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Core).maximum;
    let _ = setrlimit(Resource::Core, Rlimit { current, maximum });
}
