//! `secrets mcp`: the operations as tools of the Model Context Protocol, on standard input and
//! standard output.
//!
//! | module | duty |
//! |---|---|
//! | here | the runtime, its start and its end |
//! | [`server`] | the protocol: what rmcp asks for, and the way from a call to a thread |
//! | [`lines`] | messages, one a line; a line that is not JSON is answered |
//! | [`transport`] | the end of input, and strays before the first request |
//! | [`tools`] | the table: names, parameters, schemas, hints |
//! | [`arguments`] | what a call brings, read by hand |
//! | [`calls`] | a call into a request, a report into a result |
//! | [`refusal`] | what is said of a call that is refused |
//! | [`policy`] | what this server may do |
//! | [`ask`] | asking the user for a value, where the client opens pages |
//! | [`page`] | the page on which the user types it |
//!
//! Invariants: all that is asynchronous in this program is in this module. An operation blocks, so
//! each call runs on a thread of its own; a call that has begun to write is never stopped half-way.
//! Standard output carries messages of the protocol and nothing else. A value is read from its JSON
//! string straight into `SecretBytes`; no message of rmcp's or serde's about arguments is passed on,
//! because they quote them. rmcp's own log lines, which hold whole messages, are compiled out (the
//! feature `max_level_off` of `tracing`).
//!
//! Limits: the buffers of the transport, and JSON text that rmcp has parsed or will write, are not
//! wiped.

mod arguments;
mod ask;
mod calls;
mod lines;
mod page;
mod policy;
mod refusal;
mod server;
mod tools;
mod transport;

use std::sync::Arc;

use tokio::sync::Notify;

use crate::args::{self, Global};
use crate::failure::Failure;
use crate::input;
use crate::output::Printer;

use self::policy::Flags;
use self::server::Server;

/// Serves, and returns the exit code.
pub(crate) fn run(global: &Global, args: &args::Mcp, printer: &Printer) -> u8 {
    match serve(global, args, printer) {
        Ok(()) => 0,
        Err(failure) => {
            printer.failure(&failure);
            failure.exit
        }
    }
}

/// Serves until the end of input, or until a signal asks to end.
fn serve(global: &Global, args: &args::Mcp, printer: &Printer) -> Result<(), Failure> {
    let flags = Flags::new(args)?;
    if input::is_terminal() {
        printer.notice(
            "this is for a coding agent to start, and waits for its messages; Ctrl-D ends it",
        );
    }
    let stop = Arc::new(Notify::new());
    on_signal(&stop);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| Failure::io("cannot start the server", error))?;
    let server = Server::new(global.clone(), flags);
    let ended = runtime.block_on(server.run(&stop));
    // After a signal a read of standard input is still waiting; it cannot be called off.
    runtime.shutdown_background();
    ended
}

/// Tells of the first signal that asks to end. What has begun is finished; a second signal does
/// what it always does.
#[cfg(unix)]
fn on_signal(stop: &Arc<Notify>) {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    let stop = Arc::clone(stop);
    if let Ok(mut signals) = Signals::new([SIGHUP, SIGINT, SIGTERM]) {
        std::thread::spawn(move || {
            let mut asked = false;
            for signal in signals.forever() {
                if asked {
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
                asked = true;
                stop.notify_one();
            }
        });
    }
}

#[cfg(not(unix))]
fn on_signal(_: &Arc<Notify>) {}
