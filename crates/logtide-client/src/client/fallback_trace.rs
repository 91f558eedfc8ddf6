//! The trace id of entries that have no other.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use logtide_transport::PerProcess;

/// The client-wide trace id. Reading it costs one load if there is none.
#[derive(Debug)]
pub(crate) struct FallbackTrace {
    is_set: AtomicBool,
    id: PerProcess<RwLock<Option<Arc<str>>>>,
}

impl FallbackTrace {
    pub(crate) fn set(&self, id: Option<&str>) {
        let id: Option<Arc<str>> = id.filter(|id| !id.is_empty()).map(Into::into);
        let mut current = self.id.get().write().unwrap_or_else(PoisonError::into_inner);
        self.is_set.store(id.is_some(), Ordering::Release);
        let former = std::mem::replace(&mut *current, id);
        drop(current);
        // Freed after the lock is released: an allocator may log.
        drop(former);
    }

    #[inline]
    pub(crate) fn get(&self) -> Option<Arc<str>> {
        if self.is_set.load(Ordering::Acquire) { self.read() } else { None }
    }

    #[cold]
    fn read(&self) -> Option<Arc<str>> {
        self.id.get().read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Default for FallbackTrace {
    fn default() -> Self {
        let inherit = |parents: &RwLock<Option<Arc<str>>>| {
            RwLock::new(parents.try_read().ok().and_then(|id| id.clone()))
        };
        Self { is_set: AtomicBool::new(false), id: PerProcess::new(RwLock::default(), inherit) }
    }
}
