//! Tasks that run where they are awaited.

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use super::switch;

/// Like tokio's, without a runtime.
pub(crate) struct JoinSet<T> {
    tasks: Vec<(Id, Pin<Box<dyn Future<Output = T> + Send>>)>,
    spawned: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Id(u64);

/// Uninhabited, since no task panics.
pub(crate) struct JoinError(Infallible);

impl<T> JoinSet<T> {
    pub(crate) fn new() -> Self {
        Self { tasks: Vec::new(), spawned: 0 }
    }

    /// Returns a handle with the task's id, as tokio does.
    pub(crate) fn spawn(&mut self, task: impl Future<Output = T> + Send + 'static) -> Id {
        self.spawned += 1;
        let id = Id(self.spawned);
        self.tasks.push((id, Box::pin(task)));
        id
    }

    pub(crate) fn poll_join_next_with_id(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<(Id, T), JoinError>>> {
        switch();
        for index in 0..self.tasks.len() {
            let (id, task) = &mut self.tasks[index];
            let id = *id;
            if let Poll::Ready(output) = task.as_mut().poll(context) {
                drop(self.tasks.remove(index));
                return Poll::Ready(Some(Ok((id, output))));
            }
        }
        if self.tasks.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JoinSet").field("tasks", &self.tasks.len()).finish_non_exhaustive()
    }
}

impl Id {
    pub(crate) fn id(self) -> Self {
        self
    }
}

impl JoinError {
    pub(crate) fn id(&self) -> Id {
        match self.0 {}
    }
}
