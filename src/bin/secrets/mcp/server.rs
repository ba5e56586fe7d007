//! The protocol: what rmcp asks for, and the way from a call to a thread.
//!
//! rmcp speaks all revisions from 2024-11-05 to 2026-07-28 by itself; it is told here which tools
//! there are and what a call gives. A mistake in a call is a result with `isError`, with the code,
//! the message and the hints of the command line, so that the model reads it; only what is no call
//! of a tool at all is an error of the protocol.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, CustomRequest,
    CustomResult, ErrorCode, ErrorData, Implementation, JsonObject, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer, ServerInitializeError};
use rmcp::{ServerHandler, ServiceExt as _};
use serde_json::Value;
use tokio::sync::{Notify, Semaphore, watch};

use super::ask::{self, Asked, Pages};
use super::calls::{Caller, Given};
use super::lines::Lines;
use super::page::{Answer, Ending, Kind, Page};
use super::policy::{Flags, Policy};
use super::tools::{self, TOOLS, Tool};
use super::transport::Patient;
use crate::args::Global;
use crate::failure::{Code, Failure};
use crate::{input, output, session};

/// So many calls are worked on at once; others wait their turn.
const AT_ONCE: usize = 16;

/// What a client is told at the start.
const INSTRUCTIONS: &str = "\
Secrets (API keys, passwords, tokens) go to the encrypted vault first and to the project's .env \
second; set_secret does both in this order. Never write a secret into a .env yourself, and never \
repeat a value. To make a new random secret use generate_secret; to run a program with a project's \
secrets use the command `secrets run --project PROJECT -- COMMAND`; neither shows a value. A key \
path is project/<project>/<secret> or meta/<provider>/<secret>, in lower case. When a call is \
refused, the hints say what to do instead.";

/// The server, one for all calls.
#[derive(Clone)]
pub(super) struct Server {
    setup: Arc<Setup>,
    room: Arc<Semaphore>,
    pages: Arc<Pages>,
    /// Whether the input has ended.
    ended: Arc<watch::Sender<bool>>,
}

struct Setup {
    global: Global,
    flags: Flags,
}

impl Setup {
    fn caller(&self, tool: &'static Tool, client: String) -> Caller<'_> {
        Caller {
            global: &self.global,
            flags: &self.flags,
            tool,
            client,
        }
    }
}

impl Server {
    pub(super) fn new(global: Global, flags: Flags) -> Self {
        Self {
            setup: Arc::new(Setup { global, flags }),
            room: Arc::new(Semaphore::new(AT_ONCE)),
            pages: Arc::default(),
            ended: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Serves until the end of input or until it is told to stop. Calls that have begun are
    /// finished.
    pub(super) async fn run(self, stop: &Notify) -> Result<(), Failure> {
        let room = Arc::clone(&self.room);
        let pages = Arc::clone(&self.pages);
        let lines = Lines::new(input::messages(), output::messages());
        let transport = Patient::new(lines, Arc::clone(&self.ended));
        let started = tokio::select! {
            started = self.serve(transport) => started,
            () = stop.notified() => return Ok(()),
        };
        match started {
            Ok(running) => {
                let token = running.cancellation_token();
                let mut waiting = std::pin::pin!(running.waiting());
                tokio::select! {
                    _ = &mut waiting => {}
                    () = stop.notified() => {
                        token.cancel();
                        let _ = waiting.await;
                    }
                }
            }
            // Input that ends before the first message is a client that changed its mind.
            Err(ServerInitializeError::ConnectionClosed(_)) => {}
            // The errors of rmcp hold whole messages.
            Err(_) => {
                return Err(Failure::new(
                    Code::Mcp,
                    "the client and this server cannot begin",
                ));
            }
        }
        // All places are free when no call is being worked on.
        let _ = room.acquire_many(AT_ONCE as u32).await;
        pages.finish_replies().await;
        Ok(())
    }

    /// Runs something that blocks on a thread of its own.
    async fn apart<R: Send + 'static>(
        &self,
        work: impl FnOnce(&Setup) -> R + Send + 'static,
    ) -> Result<R, ErrorData> {
        let place = Arc::clone(&self.room).acquire_owned().await;
        let setup = Arc::clone(&self.setup);
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            work(&setup)
        });
        // A thread that panicked has said on standard error where.
        let bug = |_| ErrorData::internal_error("this is a bug in secrets", None);
        work.await.map_err(bug)
    }

    /// Works on a call; asks the user on a page, where it needs that and it can be done.
    async fn handle_call(
        &self,
        tool: &'static Tool,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let value = request.arguments.as_ref();
        let value = value.and_then(|fields| fields.get("value"));
        let kind = match tool.name {
            "set_secret" if value.is_none_or(Value::is_null) => Some(Kind::Value),
            "get_secret" => Some(Kind::Reveal),
            _ => None,
        };
        let resumed = match kind {
            Some(_) => self.unless_ended(self.pages.resume(&request)).await,
            None => None,
        };
        let client = client(context.client_info());
        match resumed {
            Some(Asked::Answered(answer, page)) => {
                return self
                    .finish(tool, client, request.arguments, answer, page)
                    .await;
            }
            Some(_) => {
                let result = self.run_call(tool, client, request.arguments, Given::Nothing);
                return Ok(to_call_result(result.await?).into());
            }
            None => {}
        }
        let asks = kind.filter(|_| ask::can_ask(context));
        // There is no value among what is copied here.
        let fields = asks.map(|kind| (kind, request.arguments.clone().unwrap_or_default()));
        let result = self
            .run_call(tool, client.clone(), request.arguments, Given::Nothing)
            .await?;
        let needs_user =
            |failure: &Failure| matches!(failure.code, Code::ValueNotGiven | Code::NotApproved);
        let Some((kind, fields)) = fields.filter(|_| result.as_ref().is_err_and(needs_user)) else {
            return Ok(to_call_result(result).into());
        };
        match self
            .unless_ended(self.ask(tool, &client, kind, &fields, context))
            .await
        {
            Some(Asked::Answered(answer, page)) => {
                self.finish(tool, client, Some(fields), answer, page).await
            }
            Some(Asked::Again(needed)) => Ok((*needed).into()),
            Some(Asked::Nothing) | None => Ok(to_call_result(result).into()),
        }
    }

    /// Runs a call on a thread of its own.
    async fn run_call(
        &self,
        tool: &'static Tool,
        client: String,
        fields: Option<JsonObject>,
        given: Given,
    ) -> Result<Result<Value, Failure>, ErrorData> {
        self.apart(move |setup| setup.caller(tool, client).run(fields, given))
            .await
    }

    /// Asks the user on a page.
    async fn ask(
        &self,
        tool: &'static Tool,
        client: &str,
        kind: Kind,
        fields: &JsonObject,
        context: &RequestContext<RoleServer>,
    ) -> Option<Asked> {
        let (caller, asked) = (client.to_owned(), fields.clone());
        let question = self.apart(move |setup| setup.caller(tool, caller).question(&asked, kind));
        let question = question.await.ok()?.ok()?;
        let (setup, client) = (Arc::clone(&self.setup), client.to_owned());
        let asked = fields.clone();
        let check = Box::new(move |value| setup.caller(tool, client.clone()).check(&asked, value));
        Some(
            self.pages
                .ask(tool.name, fields, question, check, context)
                .await,
        )
    }

    /// Finishes a call with the user's answer, and tells the page how it ended.
    async fn finish(
        &self,
        tool: &'static Tool,
        client: String,
        fields: Option<JsonObject>,
        answer: Answer,
        page: Page,
    ) -> Result<CallToolResponse, ErrorData> {
        let (given, done) = match answer {
            Answer::Value(value) => (Given::Value(value), Ending::Stored),
            Answer::Allow => (Given::Approval, Ending::Revealed),
            Answer::Refuse => (Given::Nothing, Ending::Refused),
        };
        let is_refused = matches!(done, Ending::Refused);
        let result = self.run_call(tool, client, fields, given).await?;
        page.end(match &result {
            Err(failure) if !is_refused => Ending::Failed(failure.words()),
            _ => done,
        });
        Ok(to_call_result(result).into())
    }

    /// What comes of asking, unless the client goes away meanwhile.
    async fn unless_ended(&self, asked: impl Future<Output = Option<Asked>>) -> Option<Asked> {
        let mut ended = self.ended.subscribe();
        tokio::select! {
            asked = asked => asked,
            _ = ended.wait_for(|ended| *ended) => Some(Asked::Nothing),
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let me = Implementation::new("secrets", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(me.with_title("secrets"))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.apart(offered).await?;
        Ok(ListToolsResult::with_all_items(tools))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = tools::find(&request.name) else {
            // The name is not repeated: it may be anything.
            return Err(ErrorData::invalid_params(
                "there is no such tool; tools/list names those that there are",
                None,
            ));
        };
        tokio::select! {
            // A call that waits for a place is dropped; one that has begun is finished, and its
            // answer is not sent.
            () = context.ct.cancelled() => {
                Err(ErrorData::internal_error("the call was called off", None))
            }
            response = self.handle_call(tool, request, &context) => response,
        }
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        // Also what has the name of a known method and cannot be understood arrives here. Nothing of
        // it is repeated.
        Err(match request.method.as_str() {
            "tools/call" => ErrorData::invalid_params(
                "the params of tools/call are {\"name\": text, \"arguments\": object}",
                None,
            ),
            _ => ErrorData::new(
                ErrorCode::METHOD_NOT_FOUND,
                "there is no such method, or its params are not right",
                None,
            ),
        })
    }
}

/// The tools that are offered. If that cannot be known, all are listed, and every call says why it
/// is refused.
fn offered(setup: &Setup) -> Vec<rmcp::model::Tool> {
    let policy = session::settings(&setup.global, &|_| {})
        .ok()
        .and_then(|settings| Policy::load(&settings, &setup.flags).ok());
    let is_offered = |tool: &&Tool| policy.as_ref().is_none_or(|policy| policy.offers(tool));
    TOOLS.iter().filter(is_offered).map(Tool::offered).collect()
}

/// Returns a result as the protocol has it.
///
/// The first text of a failure is words, and only the second is JSON: Gemini CLI parses a first text
/// that is JSON, holds it against the tool's output schema, and shows the model only that it does
/// not match.
fn to_call_result(result: Result<Value, Failure>) -> CallToolResult {
    match result {
        Ok(answer) => {
            let mut result = CallToolResult::success(vec![ContentBlock::text(answer.to_string())]);
            result.structured_content = Some(answer);
            result
        }
        Err(failure) => CallToolResult::error(vec![
            ContentBlock::text(failure.words()),
            ContentBlock::text(failure.json()),
        ]),
    }
}

/// Who calls, for the audit trail: `mcp <client> <version>`, of printable characters and not long.
fn client(info: Option<Implementation>) -> String {
    let plain = |text: &str, most: usize| -> String {
        let kept = text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ');
        let kept: String = kept.take(most).collect();
        kept.trim().to_owned()
    };
    let (name, version) = match &info {
        Some(info) => (plain(&info.name, 40), plain(&info.version, 20)),
        None => Default::default(),
    };
    let name = if name.is_empty() { "unknown" } else { &name };
    format!("mcp {name} {version}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_a_name_that_fits_a_line() {
        let client = |name: &str, version: &str| client(Some(Implementation::new(name, version)));
        assert_eq!(client("claude-code", "2.1.0"), "mcp claude-code 2.1.0");
        assert_eq!(client("a\nb\u{1b}[31m\"", " "), "mcp ab[31m\"");
        assert_eq!(client("\u{202e}", "1"), "mcp unknown 1");
        assert_eq!(
            client(&"x".repeat(5000), &"1".repeat(5000)).len(),
            4 + 40 + 1 + 20
        );
        assert_eq!(super::client(None), "mcp unknown");
    }
}
