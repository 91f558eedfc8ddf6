//! Any text as a DSN.

use logtide_core::Dsn;
use logtide_transport::Endpoint;

/// Asserts that a DSN is parsed without loss, and that an error does not show its text.
pub fn dsn(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let dsn: Dsn = match text.parse() {
        Ok(dsn) => dsn,
        Err(error) => {
            // Error texts share words with short inputs.
            assert!(text.trim().len() < 30 || !error.to_string().contains(text.trim()));
            return;
        }
    };
    let (url, key) = (dsn.api_url(), dsn.api_key().expose());
    let (scheme, host) = url.split_once("://").expect("an address begins with its scheme");
    assert!(matches!(scheme, "http" | "https") && !host.is_empty() && !host.ends_with('/'), "{url}");
    assert!(!url.contains(char::is_whitespace) && !url.contains(['?', '#']), "{url}");
    assert!(!key.is_empty() && text.contains(key));
    assert_eq!(format!("{scheme}://{key}@{host}").parse(), Ok(dsn.clone()), "{url}");
    // An invalid address is rejected; any other is used as it is.
    let _ = Endpoint::new(url, dsn.api_key().clone());
    assert!(key.len() < 8 || url.contains(key) || !format!("{dsn:?}").contains(key));
}
