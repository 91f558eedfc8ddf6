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

#[cfg(test)]
mod tests {
    use super::*;
    use std::mem::ManuallyDrop;

    fn key(text: &str) -> ApiKey {
        ApiKey::new(text)
    }

    #[test]
    fn a_child_starts_with_the_key_of_its_parent_and_changes_its_own() {
        let mut parents = Key::new(&key("lp_first")).unwrap();
        parents.set(&key("lp_second")).unwrap();
        parents.0.pretend_to_be_forked();
        assert_eq!(parents.value(), "lp_second");
        parents.set(&key("lp_third")).unwrap();
        assert_eq!(parents.value(), "lp_third");
    }

    #[test]
    fn a_child_waits_for_no_lock_of_its_parent() {
        let mut parents = Key::new(&key("lp_first")).unwrap();
        // A thread of the parent that a child does not have.
        let _held = ManuallyDrop::new(parents.0.get().current.write().unwrap());
        parents.0.pretend_to_be_forked();
        assert_eq!(parents.value(), "lp_first");
        parents.set(&key("lp_second")).unwrap();
        assert_eq!(parents.value(), "lp_second");
    }
}
