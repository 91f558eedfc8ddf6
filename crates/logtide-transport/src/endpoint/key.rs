//! The key of an endpoint, which may change.

use super::EndpointError;
use crate::PerProcess;
use http::HeaderValue;
use logtide_core::ApiKey;
use std::sync::{PoisonError, RwLock};

/// Where the key is sent.
pub(super) const KEY_HEADER: &str = "x-api-key";

pub(super) struct Key(PerProcess<Slot>);

struct Slot {
    first: HeaderValue,
    current: RwLock<HeaderValue>,
}

impl Key {
    pub(super) fn new(key: &ApiKey) -> Result<Self, EndpointError> {
        Ok(Self(PerProcess::new(Slot::new(header(key)?), Slot::of_child)))
    }

    /// The key as a header, which no `Debug` shows.
    pub(super) fn value(&self) -> HeaderValue {
        self.0.get().current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, key: &ApiKey) -> Result<(), EndpointError> {
        let value = header(key)?;
        let mut current = self.0.get().current.write().unwrap_or_else(PoisonError::into_inner);
        let former = std::mem::replace(&mut *current, value);
        drop(current);
        // Freed when the lock is: an allocator may log.
        drop(former);
        Ok(())
    }
}

impl Slot {
    fn new(value: HeaderValue) -> Self {
        // The first clone of a header allocates memory, which must not happen under the lock.
        Self { first: value.clone(), current: RwLock::new(value) }
    }

    fn of_child(parents: &Self) -> Self {
        let current = parents.current.try_read().map(|value| value.clone());
        Self::new(current.unwrap_or_else(|_| parents.first.clone()))
    }
}

fn header(key: &ApiKey) -> Result<HeaderValue, EndpointError> {
    if key.expose().is_empty() {
        return Err(EndpointError::EmptyKey);
    }
    let value = HeaderValue::from_str(key.expose()).ok().filter(|_| key.is_sendable());
    let mut value = value.ok_or(EndpointError::UnsendableKey)?;
    value.set_sensitive(true);
    // See `Slot::new`.
    let _shared = value.clone();
    Ok(value)
}
