//! tokio's channel, with a possible thread switch before each operation.

use std::{
    fmt,
    task::{Context, Poll},
};

use tokio::sync::mpsc;

use super::switch;

pub(crate) struct UnboundedSender<T>(mpsc::UnboundedSender<T>);

pub(crate) struct UnboundedReceiver<T>(mpsc::UnboundedReceiver<T>);

pub(crate) fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (UnboundedSender(sender), UnboundedReceiver(receiver))
}

impl<T> UnboundedSender<T> {
    pub(crate) fn send(&self, value: T) -> Result<(), mpsc::error::SendError<T>> {
        switch();
        self.0.send(value)
    }

    pub(crate) fn is_closed(&self) -> bool {
        switch();
        self.0.is_closed()
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> fmt::Debug for UnboundedSender<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T> UnboundedReceiver<T> {
    pub(crate) fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<T>> {
        switch();
        self.0.poll_recv(context)
    }

    pub(crate) fn close(&mut self) {
        switch();
        self.0.close();
    }
}
