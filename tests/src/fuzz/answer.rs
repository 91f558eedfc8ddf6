//! Any bytes as the response of a server or a proxy.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use logtide_core::{ApiKey, Outcome, Timestamp};
use logtide_query::{LogsResponse, QueryClient, QueryError, QueryOptions, block_on};
use logtide_transport::{Driver, Endpoint, MemoryTransport, Reply};

const KEY: &str = "lp_0123456789abcdef";

/// The longest text of an outcome: the kept part of the server's text, and the SDK's words around it.
const MAX_DETAIL: usize = 440;

/// Asserts that the response to a batch is classified, and that the response to a query is decoded or rejected without showing
/// the key.
pub fn answer(body: &[u8]) {
    for status in [200, 202, 301, 400, 401, 408, 413, 422, 429, 500, 503, 999] {
        of_ingest(status, body);
    }
    let body = Bytes::copy_from_slice(body);
    // A page that cannot be decoded is an error, which is allowed.
    let _ = of_query(Reply::status(200).body(body.clone()));
    for status in [400, 401, 403, 404, 418, 429, 500] {
        let error = of_query(Reply::status(status).body(body.clone())).expect_err("an error status");
        assert!(!error.to_string().contains(KEY), "{error}");
    }
}

fn of_ingest(status: u16, body: &[u8]) {
    let header = String::from_utf8_lossy(body);
    let outcome = Outcome::of_answer(status, Some(&header), body, Timestamp::from_micros(0));
    let (statuses, detail): (&[u16], _) = match &outcome {
        Outcome::Stored { received, rejected } => {
            assert!(*received != Some(0) || *rejected > 0, "nothing was stored: {outcome:?}");
            (&[200, 202], "")
        }
        Outcome::Refused { detail } => (&[200, 202, 400, 422], detail.as_str()),
        Outcome::TooLarge { detail } => (&[413], detail.as_str()),
        Outcome::Denied { detail, .. } => (&[301, 401], detail.as_str()),
        Outcome::Limited { detail, .. } => (&[429], detail.as_str()),
        Outcome::Failed { detail, .. } => (&[500, 503, 999], detail.as_str()),
        Outcome::Unavailable { detail, .. } => (&[200, 202, 408], detail.as_str()),
        other => panic!("{other:?} is unknown here"),
    };
    assert!(statuses.contains(&status), "{status}: {outcome:?}");
    assert!(detail.chars().count() <= MAX_DETAIL, "{detail}");
}

fn of_query(reply: Reply) -> Result<LogsResponse, QueryError> {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    let transport = MemoryTransport::new();
    transport.push(reply);
    let endpoint = Endpoint::new("http://logs.example", ApiKey::new(KEY)).expect("the address is valid");
    let client = QueryClient::new(endpoint, Arc::new(transport), DRIVER.get_or_init(Driver::new).clone());
    let page = block_on(client.query(QueryOptions::new()));
    if let Ok(page) = &page {
        serde_json::to_string(page).expect("what was read as JSON can be written as JSON");
    }
    page
}
