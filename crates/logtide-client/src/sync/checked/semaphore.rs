//! A model of tokio's semaphore.

use std::sync::{Arc, PoisonError};

use super::{Mutex, Notify};

#[derive(Debug)]
pub(crate) struct Semaphore {
    free: Mutex<usize>,
    released: Notify,
}

#[derive(Debug)]
pub(crate) struct OwnedSemaphorePermit(Arc<Semaphore>);

/// No permit is available.
#[derive(Debug)]
pub(crate) struct NoPermit;

impl Semaphore {
    pub(crate) fn new(permits: usize) -> Self {
        Self { free: Mutex::new(permits), released: Notify::new() }
    }

    pub(crate) async fn acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, NoPermit> {
        loop {
            if let Ok(permit) = self.clone().try_acquire_owned() {
                return Ok(permit);
            }
            self.released.notified().await;
        }
    }

    pub(crate) fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, NoPermit> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        if *free == 0 {
            return Err(NoPermit);
        }
        *free -= 1;
        drop(free);
        Ok(OwnedSemaphorePermit(self))
    }

    pub(crate) fn available_permits(&self) -> usize {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for OwnedSemaphorePermit {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.released.notify_one();
    }
}
