//! Asking the user for a value that an agent must not see, or whether the agent may see one: with
//! clients that open a page when they are asked to (elicitation of the mode `url`). Never with a form, which the protocol forbids for
//! secrets: its answer would come through the client.
//!
//! In the revision 2025-11-25 the server sends a request of its own while the call waits; from
//! 2026-07-28 on the call is answered with what is needed, and the client calls again. Then the page
//! that belongs to the call is found by a handle that nobody can guess, and the second call must be
//! the same as the first: what the user has read on the page is what is stored.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, ClientResult, ElicitRequest, ElicitRequestParams, ElicitationAction,
    InputRequest, InputRequiredResult, InputResponses, JsonObject, ProtocolVersion, ServerRequest,
};
use rmcp::service::{RequestContext, RoleServer};

use super::page::{self, Answer, Check, Kind, Page, Question};

/// So many pages wait at once in the newer revisions; the oldest is given up for another.
const PAGES: usize = 8;
/// The name of what is asked for.
const VALUE: &str = "value";

/// The pages of calls that will come again.
#[derive(Default)]
pub(super) struct Pages {
    waiting: Mutex<VecDeque<Waiting>>,
    /// Replies of pages that are being made.
    replies: Arc<AtomicUsize>,
}

struct Waiting {
    handle: String,
    tool: String,
    fields: JsonObject,
    page: Page,
}

/// What came of asking.
pub(super) enum Asked {
    /// The user has answered; the page waits for how the call ends.
    Answered(Answer, Page),
    /// The client is to open a page and to call again.
    Again(Box<InputRequiredResult>),
    /// There is no answer: the client cannot open pages, the user did not want to, or took too long.
    Nothing,
}

/// Whether the client opens pages when it is asked to, in a revision that has this.
pub(super) fn can_ask(context: &RequestContext<RoleServer>) -> bool {
    let is_new = context
        .protocol_version()
        .is_some_and(|version| version >= ProtocolVersion::V_2025_11_25);
    let opens = context
        .client_capabilities()
        .and_then(|capabilities| capabilities.elicitation)
        .is_some_and(|elicitation| elicitation.url.is_some());
    is_new && opens
}

impl Pages {
    /// Asks the user on a page.
    pub(super) async fn ask(
        &self,
        tool: &str,
        fields: &JsonObject,
        question: Question,
        check: Check,
        context: &RequestContext<RoleServer>,
    ) -> Asked {
        let message = message(&question);
        let replies = Arc::clone(&self.replies);
        let (Ok(page), Ok(handle)) = (Page::open(question, check, replies), page::token()) else {
            return Asked::Nothing;
        };
        let request = ElicitRequest::new(ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message,
            url: page.url.clone(),
            elicitation_id: handle.clone(),
        });
        let is_modern = context
            .protocol_version()
            .is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if is_modern {
            let requests = BTreeMap::from([(VALUE.to_owned(), InputRequest::Elicitation(request))]);
            self.keep(Waiting {
                handle: handle.clone(),
                tool: tool.to_owned(),
                fields: fields.clone(),
                page,
            });
            let result = InputRequiredResult::new(Some(requests), Some(handle));
            return Asked::Again(Box::new(result));
        }
        match context
            .peer
            .send_request(ServerRequest::ElicitRequest(request))
            .await
        {
            Ok(ClientResult::ElicitResult(answer))
                if answer.action == ElicitationAction::Accept =>
            {
                answered(page).await
            }
            _ => Asked::Nothing,
        }
    }

    /// Returns what came of the page of a call that came again; `None` if it is no such call.
    pub(super) async fn resume(&self, request: &CallToolRequestParams) -> Option<Asked> {
        let handle = request.request_state.as_deref()?;
        let page = self.take(handle, request);
        let accepted = accepted(request.input_responses.as_ref());
        Some(match page {
            Some(page) if accepted => answered(page).await,
            _ => Asked::Nothing,
        })
    }

    /// Waits until no reply is being made, but not long: a browser may be slow.
    pub(super) async fn finish_replies(&self) {
        for _ in 0..100 {
            if self.replies.load(Ordering::Relaxed) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn keep(&self, waiting: Waiting) {
        let mut pages = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= PAGES {
            pages.pop_front();
        }
        pages.push_back(waiting);
    }

    /// The page of a handle, once, and only for the call that it was opened for.
    fn take(&self, handle: &str, request: &CallToolRequestParams) -> Option<Page> {
        let mut pages = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let at = pages.iter().position(|waiting| waiting.handle == handle)?;
        let waiting = pages.remove(at)?;
        let is_same =
            waiting.tool == request.name && Some(&waiting.fields) == request.arguments.as_ref();
        is_same.then_some(waiting.page)
    }
}

/// What the client shows before it opens the page.
fn message(question: &Question) -> String {
    let Question {
        key_path, client, ..
    } = question;
    match question.kind {
        Kind::Value => format!(
            "Open the page to type the value of {key_path}. It is on this machine, and the value \
             does not go through this conversation."
        ),
        Kind::Reveal => format!(
            "Open the page to decide whether {client} may read the value of {key_path}. It is on \
             this machine."
        ),
    }
}

async fn answered(page: Page) -> Asked {
    match page.answer().await {
        Some(answer) => Asked::Answered(answer, page),
        None => Asked::Nothing,
    }
}

fn accepted(responses: Option<&InputResponses>) -> bool {
    responses
        .and_then(|responses| responses.get(VALUE))
        .is_some_and(|answer| answer["action"] == "accept")
}
