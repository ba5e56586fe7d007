//! Standard input and output as rmcp reads and writes them, with two differences.
//!
//! Input may end while calls are being worked on (`printf … | secrets mcp`): rmcp then waits five
//! seconds for the answers, this waits for all of them. And what comes before the first request and
//! is none (a stray notification or answer) is passed over, where rmcp would end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rmcp::model::{ClientNotification, JsonRpcMessage, RequestId};
use rmcp::service::{RoleServer, RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::sync::{Notify, watch};

/// A transport that ends when every request has its answer.
pub(super) struct Patient<T> {
    inner: T,
    begun: bool,
    /// Also told to those who wait for the user: the client is gone.
    ended: Arc<watch::Sender<bool>>,
    open: Arc<Open>,
}

impl<T> Patient<T> {
    pub(super) fn new(inner: T, ended: Arc<watch::Sender<bool>>) -> Self {
        Self {
            inner,
            begun: false,
            ended,
            open: Arc::default(),
        }
    }
}

/// The requests that have no answer yet.
#[derive(Default)]
struct Open {
    ids: Mutex<HashSet<RequestId>>,
    changed: Notify,
}

impl Open {
    fn ids(&self) -> MutexGuard<'_, HashSet<RequestId>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self, id: &RequestId) {
        self.ids().remove(id);
        self.changed.notify_one();
    }

    async fn all_answered(&self) {
        while !self.ids().is_empty() {
            self.changed.notified().await;
        }
    }
}

impl<T: Transport<RoleServer>> Transport<RoleServer> for Patient<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let answered = match &item {
            JsonRpcMessage::Response(response) => Some(response.id.clone()),
            JsonRpcMessage::Error(error) => error.id.clone(),
            _ => None,
        };
        let open = Arc::clone(&self.open);
        let sending = self.inner.send(item);
        async move {
            let sent = sending.await;
            if let Some(id) = answered {
                open.close(&id);
            }
            sent
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        while !*self.ended.borrow() {
            let Some(message) = self.inner.receive().await else {
                self.ended.send_replace(true);
                break;
            };
            match &message {
                JsonRpcMessage::Request(request) => {
                    self.begun = true;
                    self.open.ids().insert(request.id.clone());
                }
                JsonRpcMessage::Notification(notification) => {
                    // A request that was called off gets no answer.
                    if let ClientNotification::CancelledNotification(cancelled) =
                        &notification.notification
                        && let Some(id) = &cancelled.params.request_id
                    {
                        self.open.close(id);
                    }
                }
                _ => {}
            }
            if self.begun {
                return Some(message);
            }
        }
        self.open.all_answered().await;
        None
    }

    fn close(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}
