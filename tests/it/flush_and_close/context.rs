//! The contexts of a call, and the calls.

use std::time::Duration;

use logtide_client::Client;
use logtide_core::FlushReport;
use tokio::runtime::Builder;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Flush,
    FlushBlocking,
    Close,
    CloseBlocking,
    Drop,
}

impl Way {
    pub(super) fn closes(self) -> bool {
        matches!(self, Self::Close | Self::CloseBlocking | Self::Drop)
    }

    async fn call(self, client: Client, timeout: Duration) -> Option<FlushReport> {
        match self {
            Self::Flush => Some(client.flush().await),
            Self::FlushBlocking => Some(client.flush_blocking(timeout)),
            Self::Close => Some(client.close().await),
            Self::CloseBlocking => Some(client.close_blocking(timeout)),
            Self::Drop => {
                drop(client);
                None
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Context {
    /// A future polled by an executor that is not a tokio runtime.
    NoRuntime,
    CurrentThread,
    /// A task on a worker thread.
    MultiThread,
}

impl Context {
    pub(super) fn with_each_way() -> impl Iterator<Item = (Self, Way)> {
        let ways = [Way::Flush, Way::FlushBlocking, Way::Close, Way::CloseBlocking, Way::Drop];
        let contexts = [Self::NoRuntime, Self::CurrentThread, Self::MultiThread];
        contexts.into_iter().flat_map(move |context| ways.map(|way| (context, way)))
    }

    /// Makes the call. `timeout` applies to the calls with a time limit; the others use the client's options.
    pub(super) fn call(self, way: Way, client: Client, timeout: Duration) -> Option<FlushReport> {
        let call = way.call(client, timeout);
        match self {
            Self::NoRuntime => futures::executor::block_on(call),
            Self::CurrentThread => {
                Builder::new_current_thread().build().expect("a runtime starts").block_on(call)
            }
            Self::MultiThread => {
                let runtime =
                    Builder::new_multi_thread().worker_threads(2).build().expect("a runtime starts");
                runtime.block_on(runtime.spawn(call)).expect("the call does not panic")
            }
        }
    }
}
