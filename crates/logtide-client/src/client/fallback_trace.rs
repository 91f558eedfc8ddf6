//! The trace of entries that belong to no other.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

/// The client-wide trace id. Asking costs one load while there is none.
#[derive(Debug, Default)]
pub(crate) struct FallbackTrace {
    is_set: AtomicBool,
    id: RwLock<Option<Arc<str>>>,
}

impl FallbackTrace {
    pub(crate) fn set(&self, id: Option<&str>) {
        let id: Option<Arc<str>> = id.filter(|id| !id.is_empty()).map(Into::into);
        let mut current = self.id.write().unwrap_or_else(PoisonError::into_inner);
        self.is_set.store(id.is_some(), Ordering::Release);
        *current = id;
    }

    pub(crate) fn get(&self) -> Option<Arc<str>> {
        if !self.is_set.load(Ordering::Acquire) {
            return None;
        }
        self.id.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
