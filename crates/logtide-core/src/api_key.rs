//! The secret that authenticates a project.

use std::fmt;

/// An API key, as sent in the `X-API-Key` header.
///
/// The key never appears in `Debug` output, and there is no `Display`: only [`ApiKey::expose`] returns it.
///
/// ```
/// let key = logtide_core::ApiKey::new("lp_secret");
/// assert_eq!(format!("{key:?}"), "ApiKey(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Creates a key from the text that the server's page shows. Surrounding white space is removed.
    pub fn new(key: impl Into<String>) -> Self {
        let key = key.into();
        Self(key.trim().to_owned())
    }

    /// The key itself, for the header that it is sent in.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the key can be sent: it is not empty and has only visible ASCII characters.
    #[must_use]
    pub fn is_sendable(&self) -> bool {
        !self.0.is_empty() && self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKey(***)")
    }
}
