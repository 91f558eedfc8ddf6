//! Any text as a DSN.

use logtide_core::Dsn;
use logtide_transport::Endpoint;

/// Asserts that a DSN is taken apart without loss, and that what is refused is not shown.
pub fn dsn(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let dsn: Dsn = match text.parse() {
        Ok(dsn) => dsn,
        Err(error) => {
            // Error texts have words in common with short texts.
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
    // What it cannot use as an address it refuses; the rest it takes as it is.
    let _ = Endpoint::new(url, dsn.api_key().clone());
    assert!(key.len() < 8 || url.contains(key) || !format!("{dsn:?}").contains(key));
}
