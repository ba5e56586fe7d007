//! Asking the user for a value that an agent must not see: with clients that open a page when they are
//! asked to (elicitation of the mode `url`). Never with a form, which the protocol forbids for
//! secrets: its answer would come through the client.
//!
//! In the revision 2025-11-25 the server sends a request of its own while the call waits; from
//! 2026-07-28 on the call is answered with what is needed, and the client calls again. Then the page
//! that belongs to the call is found by a handle that nobody can guess, and the second call must be
//! the same as the first: what the user has read on the page is what is stored.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use rmcp::model::{
    CallToolRequestParams, ClientResult, ElicitRequest, ElicitRequestParams, ElicitationAction,
    InputRequest, InputRequiredResult, InputResponses, JsonObject, ProtocolVersion, ServerRequest,
};
use rmcp::service::{RequestContext, RoleServer};
use secrets::model::key_path::KeyPath;
use secrets::model::secret::SecretBytes;
use serde_json::Value;

use super::page::{self, Page};

/// So many pages wait at once in the newer revisions; the oldest is given up for another.
const PAGES: usize = 8;
/// The name of what is asked for.
const VALUE: &str = "value";

/// The pages of calls that will come again.
#[derive(Default)]
pub(super) struct Pages(Mutex<VecDeque<Waiting>>);

struct Waiting {
    handle: String,
    fields: JsonObject,
    page: Page,
}

/// What came of asking.
pub(super) enum Asked {
    /// The user has typed it.
    Value(SecretBytes),
    /// The client is to open a page and to call again.
    Again(Box<InputRequiredResult>),
    /// There is no value: the client cannot open pages, the user did not want to, or took too long.
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
    /// Asks for the value of a call whose arguments are in order but for it.
    pub(super) async fn ask(
        &self,
        fields: &JsonObject,
        context: &RequestContext<RoleServer>,
    ) -> Asked {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let key_path = text("keyPath").and_then(|text| KeyPath::parse(text).ok());
        let Some(key_path) = key_path else {
            return Asked::Nothing;
        };
        let (Ok(page), Ok(handle)) = (Page::open(&key_path, text("description")), page::token())
        else {
            return Asked::Nothing;
        };
        let request = ElicitRequest::new(ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message: format!(
                "Open the page to type the value of {key_path}. It is on this machine, and the \
                 value does not go through this conversation."
            ),
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
                typed(page).await
            }
            _ => Asked::Nothing,
        }
    }

    /// What came of the page of a call that came again; `None` if it is no such call.
    pub(super) async fn come_again(&self, request: &CallToolRequestParams) -> Option<Asked> {
        let handle = request.request_state.as_deref()?;
        let page = self.take(handle, request.arguments.as_ref());
        let accepted = accepted(request.input_responses.as_ref());
        Some(match page {
            Some(page) if accepted => typed(page).await,
            _ => Asked::Nothing,
        })
    }

    fn keep(&self, waiting: Waiting) {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= PAGES {
            pages.pop_front();
        }
        pages.push_back(waiting);
    }

    /// The page of a handle, once, and only for the call that it was opened for.
    fn take(&self, handle: &str, fields: Option<&JsonObject>) -> Option<Page> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = pages.iter().position(|waiting| waiting.handle == handle)?;
        let waiting = pages.remove(at)?;
        (Some(&waiting.fields) == fields).then_some(waiting.page)
    }
}

async fn typed(mut page: Page) -> Asked {
    match page.value().await {
        Some(value) => Asked::Value(value),
        None => Asked::Nothing,
    }
}

fn accepted(responses: Option<&InputResponses>) -> bool {
    responses
        .and_then(|responses| responses.get(VALUE))
        .is_some_and(|answer| answer["action"] == "accept")
}
