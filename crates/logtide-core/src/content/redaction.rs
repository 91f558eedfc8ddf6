//! Values that are not sent because their key looks like a secret.

use serde::Deserialize;

/// Keys of metadata whose values are not sent: `[REDACTED]` stands in their place, at any depth.
///
/// A key is meant when it ends with one of [`Redaction::KEYS`] or of the application's own, whatever the case and the separators
/// (`_`, `-`, `.`, space): `api_key` means `X-Api-Key`, `apiKey` and `stripe.api_key` too.
///
/// ```
/// use logtide_core::Redaction;
///
/// let redaction = Redaction::default().keys(["iban", "card_number"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Redaction {
    /// Whether anything is redacted. Default true.
    pub enabled: bool,
    /// Keys of the application's own, beside [`Redaction::KEYS`]. Default none.
    pub keys: Vec<String>,
}

impl Redaction {
    /// The keys that always look like secrets.
    pub const KEYS: [&str; 16] = [
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "secret",
        "token",
        "api_key",
        "access_key",
        "secret_key",
        "private_key",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "connection_string",
        "dsn",
    ];

    /// Sends every value as it is.
    #[must_use]
    pub const fn off() -> Self {
        Self { enabled: false, keys: Vec::new() }
    }

    /// Adds keys.
    #[must_use]
    pub fn keys(mut self, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.keys.extend(keys.into_iter().map(Into::into));
        self
    }

    pub(super) fn compile(&self) -> SecretKeys {
        let mut secrets = SecretKeys::none();
        if self.enabled {
            Self::KEYS
                .into_iter()
                .chain(self.keys.iter().map(String::as_str))
                .for_each(|key| secrets.add(key));
        }
        secrets
    }
}

impl Default for Redaction {
    fn default() -> Self {
        Self { enabled: true, keys: Vec::new() }
    }
}

/// Endings of keys, ready for a comparison that most keys leave after their last two bytes.
#[derive(Clone, Debug)]
pub(super) struct SecretKeys {
    /// For each class of a key's last byte, which classes the byte before it may have.
    ends: [u32; OTHER + 1],
    /// Lower case, without separators.
    words: Vec<Vec<u8>>,
}

/// The class of every byte that is not a letter.
const OTHER: usize = 26;

impl SecretKeys {
    pub(super) const fn none() -> Self {
        Self { ends: [0; OTHER + 1], words: Vec::new() }
    }

    fn add(&mut self, key: &str) {
        let word: Vec<u8> =
            key.bytes().filter(|byte| !is_separator(*byte)).map(|byte| byte.to_ascii_lowercase()).collect();
        let Some(last) = word.last() else { return };
        // A separator may stand before the last letter, and a word of one letter may be the whole key.
        let before = match word.len() {
            1 => u32::MAX,
            length => 1 << class(word[length - 2]) | 1 << OTHER,
        };
        self.ends[class(*last)] |= before;
        self.words.push(word);
    }

    /// Whether a key ends with one of the words.
    #[inline]
    pub(super) fn contains(&self, key: &[u8]) -> bool {
        let [.., before, last] = key else {
            return key.len() == 1 && self.compare(key);
        };
        self.ends[class(*last)] & 1 << class(*before) != 0 && self.compare(key)
    }

    fn compare(&self, key: &[u8]) -> bool {
        self.words.iter().any(|word| {
            let mut key =
                key.iter().rev().filter(|byte| !is_separator(**byte)).map(|byte| byte.to_ascii_lowercase());
            word.iter().rev().all(|byte| key.next() == Some(*byte))
        })
    }
}

/// A number for a letter of either case, and one for everything else.
#[inline]
fn class(byte: u8) -> usize {
    usize::from((byte | 0x20).wrapping_sub(b'a')).min(OTHER)
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b' ')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_are_known_in_any_case_and_form() {
        let secrets = Redaction::default().keys(["IBAN", "x", "öl"]).compile();
        for key in [
            "password",
            "Password",
            "db_password",
            "API_KEY",
            "apiKey",
            "X-Api-Key",
            "Set-Cookie",
            "token",
            "accessToken",
            "private.key",
            "Proxy-Authorization",
            "client secret",
            "d_s_n",
            "customer_iban",
            "x",
            "öl",
        ] {
            assert!(secrets.contains(key.as_bytes()), "{key}");
        }
        for key in
            ["", "y", "user", "tokens_used", "secretary", "keyboard", "key", "author", "region", "name", "id"]
        {
            assert!(!secrets.contains(key.as_bytes()), "{key}");
        }
        assert!(!Redaction::off().keys(["iban"]).compile().contains(b"iban"));
    }

    proptest! {
        #[test]
        fn the_quick_look_rules_out_nothing_that_the_comparison_finds(
            word in "[a-zA-Z_.0-9ä]{1,6}", prefix in "[a-zA-Z_-]{0,4}", key in "[a-zA-Z0-9_ ]{0,6}[a-z0-9]",
        ) {
            let secrets = Redaction::default().keys([word.as_str()]).compile();
            let ending = format!("{prefix}{}", word.trim_end_matches(['_', '.']));
            for key in [key, ending] {
                prop_assert_eq!(secrets.contains(key.as_bytes()), secrets.compare(key.as_bytes()), "{}", key);
            }
        }
    }
}
