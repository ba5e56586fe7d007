//! `hook`. Nothing in here fails: an agent takes a failure for a refusal.

use secrets::hook::{Agent, answer};
use secrets::ops::Context;
use secrets::ops::hook::{Request, run, trace};

use crate::args::Hook;
use crate::output::Printer;
use crate::{environment, input};

pub(super) fn hook(context: Option<&Context<'_>>, args: &Hook, printer: &Printer) -> u8 {
    let agent = args.agent.as_deref().and_then(Agent::named);
    let report = match input::payload() {
        Some(payload) => run(
            context,
            &Request {
                payload,
                agent,
                home: environment::home(),
            },
        ),
        None => return 0,
    };
    if let Some(agent) = report.agent {
        let reason = report.denial.as_ref().map(|denial| denial.reason());
        let _ = printer.out(&answer(agent, reason.as_deref()));
    }
    if let Some(context) = context {
        trace(context, &report);
    }
    0
}
