//! The address of a server and an API key in one string.

use std::{fmt, str::FromStr};

use crate::ApiKey;

/// The address of a server and an API key in one string: `scheme://key@host[:port][/base-path]`.
///
/// ```
/// let dsn: logtide_core::Dsn = "https://lp_abc123@logs.example.com/logtide/".parse()?;
/// assert_eq!(dsn.api_url(), "https://logs.example.com/logtide");
/// assert_eq!(dsn.api_key().expose(), "lp_abc123");
/// # Ok::<(), logtide_core::DsnError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Dsn {
    api_url: String,
    api_key: ApiKey,
}

impl Dsn {
    /// The address of the server with its base path, without the key and without a trailing slash.
    #[must_use]
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// The key.
    #[must_use]
    pub const fn api_key(&self) -> &ApiKey {
        &self.api_key
    }
}

impl FromStr for Dsn {
    type Err = DsnError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").ok_or(DsnError::NotADsn)?;
        if !matches!(scheme, "http" | "https") {
            return Err(DsnError::Scheme);
        }
        if rest.contains(['?', '#']) || rest.contains(char::is_whitespace) {
            return Err(DsnError::NotADsn);
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (key, host) = authority.rsplit_once('@').ok_or(DsnError::Key)?;
        let api_key = ApiKey::new(key);
        if !api_key.is_sendable() {
            return Err(DsnError::Key);
        }
        check_host(host)?;
        let path = path.trim_end_matches('/');
        Ok(Self { api_url: format!("{scheme}://{host}{path}"), api_key })
    }
}

fn check_host(host: &str) -> Result<(), DsnError> {
    let (name, port) = match host.rfind(':') {
        // The colons of an IPv6 address come before its closing bracket.
        Some(colon) if !host[colon..].contains(']') => (&host[..colon], Some(&host[colon + 1..])),
        _ => (host, None),
    };
    if name.is_empty() {
        return Err(DsnError::Host);
    }
    match port.map(str::parse::<u16>) {
        Some(Err(_)) => Err(DsnError::Host),
        Some(Ok(_)) | None => Ok(()),
    }
}

impl fmt::Debug for Dsn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dsn").field("api_url", &self.api_url).field("api_key", &self.api_key).finish()
    }
}

/// A string is not a valid DSN. The error does not contain the string, which may have a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DsnError {
    /// It does not have the form of a DSN.
    #[error("invalid DSN: use the form scheme://key@host[:port][/base-path]")]
    NotADsn,
    /// It is neither `http` nor `https`.
    #[error("the DSN's scheme is not supported: use http or https")]
    Scheme,
    /// There is no key, or it cannot be sent.
    #[error("the DSN has no valid API key: write it before the host, as in https://lp_key@logs.example.com")]
    Key,
    /// There is no host, or the port is not a number.
    #[error("the DSN has no valid host: write it after the key, as in https://lp_key@logs.example.com:8080")]
    Host,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn valid_ones() {
        for (text, api_url, key) in [
            ("https://lp_abc123@logs.example.com", "https://logs.example.com", "lp_abc123"),
            ("http://lp_k@localhost:8080", "http://localhost:8080", "lp_k"),
            ("http://lp_k@localhost:8080/logtide", "http://localhost:8080/logtide", "lp_k"),
            ("http://key@localhost:9000/v2//", "http://localhost:9000/v2", "key"),
            (" http://k@[::1]:80/ ", "http://[::1]:80", "k"),
            ("http://k@[::1]", "http://[::1]", "k"),
        ] {
            let dsn: Dsn = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((dsn.api_url(), dsn.api_key().expose()), (api_url, key), "{text}");
        }
    }

    #[test]
    fn invalid_ones_give_their_reason() {
        for (text, error) in [
            ("", DsnError::NotADsn),
            ("not-a-dsn", DsnError::NotADsn),
            ("ftp://lp_k@host", DsnError::Scheme),
            ("https://logs.example.com", DsnError::Key),
            ("https://@logs.example.com", DsnError::Key),
            ("https://key@", DsnError::Host),
            ("https://key@:80", DsnError::Host),
            ("https://key@host:port", DsnError::Host),
            ("https://lp_SECRET@ho st", DsnError::NotADsn),
            ("https://lp_k@host?x=1", DsnError::NotADsn),
        ] {
            assert_eq!(text.parse::<Dsn>(), Err(error), "{text}");
        }
    }

    #[test]
    fn the_key_is_not_shown() {
        let dsn: Dsn = "https://lp_SECRET@host".parse().unwrap();
        assert!(!format!("{dsn:?}").contains("SECRET"));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(https?://)?.{0,40}") {
            let _ = text.parse::<Dsn>();
        }
    }
}
