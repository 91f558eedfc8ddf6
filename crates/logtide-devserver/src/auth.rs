//! API keys and what they allow.

use std::collections::HashMap;
use std::fmt;

use axum::http::HeaderMap;

/// What an API key allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyKind {
    /// Send and read.
    Full,
    /// Only send; reads get status 403.
    Write,
}

/// The keys that the server knows.
#[derive(Clone, Default)]
pub(crate) struct Keys(HashMap<String, KeyKind>);

/// Why a request is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// There is no key, or an unknown one.
    Key,
    /// A session token was given; this server has no sessions.
    Session,
}

impl Keys {
    pub(crate) fn add(&mut self, key: String, kind: KeyKind) {
        self.0.insert(key, kind);
    }

    /// Finds the key of a request. With `token`, the query parameter of that name is checked first.
    pub(crate) fn find<'a>(&self, headers: &'a HeaderMap, token: bool) -> Result<(&'a str, KeyKind), Denied> {
        if token {
            return Err(Denied::Session);
        }
        match headers.get("x-api-key").map(|key| key.to_str().unwrap_or_default()) {
            None | Some("") if headers.contains_key("authorization") => Err(Denied::Session),
            None => Err(Denied::Key),
            Some(key) => self.0.get(key).map(|kind| (key, *kind)).ok_or(Denied::Key),
        }
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("count", &self.0.len()).finish()
    }
}

/// Creates a key: `lp_` and 64 hexadecimal digits.
pub(crate) fn new_key() -> String {
    format!("lp_{:032x}{:032x}", fastrand::u128(..), fastrand::u128(..))
}
