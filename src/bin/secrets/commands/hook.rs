//! `hook`. Nothing in here fails: an agent takes a failure for a refusal.

use secrets::agents::hook::{Agent, answer};
use secrets::model::secret::SecretBytes;
use secrets::ops::Session;
use secrets::ops::hook::{Request, run, trace};

use crate::args::Hook;
use crate::output::Printer;
use crate::{environment, input, session};

use super::{Call, Exit, Verb};

impl Verb for Hook {
    fn run(&self, call: &Call<'_>) -> Exit {
        // Notices are dropped: an agent would take them for the answer.
        let session = session::settings(call.global, &|_| {})
            .map(Session::new)
            .ok();
        Ok(hook(session.as_ref(), self, call.printer))
    }
}

fn hook(session: Option<&Session<'_>>, args: &Hook, printer: &Printer) -> u8 {
    let agent = args.agent.as_deref().and_then(Agent::named);
    // What is too large to be understood gets an answer as well: Cursor takes silence for a refusal.
    let payload = input::payload().unwrap_or_else(|| SecretBytes::new(Vec::new()));
    let request = Request {
        payload,
        agent,
        home: environment::home(),
    };
    let report = run(session, &request);
    if let Some(agent) = report.agent {
        let reason = report.denial.as_ref().map(|denial| denial.reason());
        let _ = printer.out(&answer(agent, reason.as_deref()));
    }
    if let Some(session) = session {
        trace(session, &report);
    }
    0
}
