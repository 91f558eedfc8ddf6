//! Values that are not sent because their key names a secret.

mod secret_keys;
mod words;

use serde::Deserialize;

pub(super) use self::secret_keys::SecretKeys;

/// Replaces values whose key names a secret with `[REDACTED]`, at any depth.
///
/// A key is compared word by word. A word ends at any character that is not a letter or a digit, between letters and
/// digits, and before a capital letter in camel case. Case and a plural `s` are ignored. So `api_key` matches
/// `apiKey`, `API-KEYS`, `apikey` and `stripe.api_key.old`, and `token` does not match `tokenizer`.
///
/// A value is redacted if its key
///
/// 1. contains one of [`Redaction::KEYS`], or has a word that ends with one of them of at least five letters (`dbpassword`), or has
///    `auth` as its last word; unless
///    - its last word is one of [`Redaction::DESCRIPTIONS`], and so says something about a secret (`password_changed_at`), or
///    - the words are one of [`Redaction::HARMLESS`] (`next_page_token`, `max_tokens`);
/// 2. or contains one of the application's own [`keys`](Self::keys), or has a word that ends with one of them of at least five
///    letters, whatever else it says.
///
/// A key that equals one of [`allow_keys`](Self::allow_keys) is always sent, unless
/// [`PayloadLimits::excluded_fields`](crate::PayloadLimits::excluded_fields) contains it.
///
/// ```
/// use logtide_core::Redaction;
///
/// let redaction = Redaction::default().keys(["iban", "card_number"]).allow_keys(["csrf_token"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Redaction {
    /// Whether to redact. Default: true.
    pub enabled: bool,
    /// Additional keys to redact. Default: none.
    pub keys: Vec<String>,
    /// Keys to send although they name a secret. Each matches the whole key, in any case and with any separators.
    /// Default: none.
    pub allow_keys: Vec<String>,
}

impl Redaction {
    /// The words that name a secret. `auth` does so only as the last word of a key; see [`Redaction`] for the other
    /// rules.
    pub const KEYS: &'static [&'static str] = &[
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "passcode",
        "secret",
        // Vault's, which the description `id` would make harmless.
        "secret_id",
        "token",
        "jwt",
        "bearer",
        "cookie",
        "credential",
        "authorization",
        "auth_header",
        "auth_code",
        "api_key",
        "access_key",
        "account_key",
        "auth_key",
        "encryption_key",
        "master_key",
        "private_key",
        "session_key",
        "shared_key",
        "signing_key",
        "ssh_key",
        "connection_string",
        "dsn",
    ];

    /// Last words of a key that describe a secret without being one.
    pub const DESCRIPTIONS: &'static [&'static str] = &[
        "age",
        "algorithm",
        "amount",
        "at",
        "attempt",
        "budget",
        "changed",
        "consent",
        "count",
        "counter",
        "domain",
        "enabled",
        "endpoint",
        "expiration",
        "expired",
        "expires",
        "expiry",
        "file",
        "id",
        "index",
        "issuer",
        "kind",
        "length",
        "limit",
        "method",
        "minute",
        "mode",
        "name",
        "path",
        "policy",
        "provider",
        "quota",
        "rate",
        "ratio",
        "remaining",
        "required",
        "scheme",
        "scope",
        "second",
        "size",
        "status",
        "strength",
        "ttl",
        "type",
        "usage",
        "used",
        "valid",
        "version",
    ];

    /// Word sequences that contain a secret's word but are harmless: positions in a list, and token counts of
    /// language models.
    pub const HARMLESS: &'static [&'static str] = &[
        "page_token",
        "next_token",
        "previous_token",
        "continuation_token",
        "cursor_token",
        "sync_token",
        "max_tokens",
        "min_tokens",
        "num_tokens",
        "total_tokens",
        "input_tokens",
        "output_tokens",
        "prompt_tokens",
        "completion_tokens",
        "reasoning_tokens",
        "thinking_tokens",
        "cached_tokens",
        "generated_tokens",
        "remaining_tokens",
        "used_tokens",
    ];

    /// Turns redaction off.
    #[must_use]
    pub const fn off() -> Self {
        Self { enabled: false, keys: Vec::new(), allow_keys: Vec::new() }
    }

    /// Adds keys to redact.
    #[must_use]
    pub fn keys(mut self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    /// Adds keys to send although they name a secret.
    ///
    /// Each matches the whole key, in any case and with any separators: `csrf_token` allows `csrfToken`, but not
    /// `old_csrf_token`.
    #[must_use]
    pub fn allow_keys(mut self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.allow_keys.extend(keys.into_iter().map(Into::into));
        self
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self { enabled: true, ..Self::off() }
    }
}
