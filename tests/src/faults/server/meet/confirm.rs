//! Successful responses of all kinds.

use super::super::{
    connection::{Connection, Next, confirmation, receipt},
    http::answer,
    record::Batch,
};
use crate::faults::Confirmation;

impl Connection {
    pub(super) async fn confirm_so(self, how: Confirmation, batch: &Batch) -> Next {
        let entries = batch.len();
        let json =
            |body: &str| answer(200, &[("content-type".to_owned(), "application/json".to_owned())], body);
        let (stored, bytes) = match how {
            Confirmation::NoContent => (entries, b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
            Confirmation::Nothing => (entries, json("")),
            Confirmation::EmptyObject => (entries, json("{}")),
            Confirmation::Half => (entries.div_ceil(2), confirmation(entries.div_ceil(2))),
            Confirmation::Rejected => {
                let body = format!(
                    r#"{{"received":{0},"rejected":[{{"index":{0},"reason":"fault"}}]}}"#,
                    entries - 1
                );
                (entries - 1, json(&body))
            }
            Confirmation::TooMany => (entries, json(&receipt(entries * 1_000))),
            Confirmation::Zero => (0, json(&receipt(0))),
            Confirmation::Last => {
                let headers = [("connection".to_owned(), "close".to_owned())];
                self.store(batch, entries);
                return self.send_last(&answer(200, &headers, &receipt(entries))).await;
            }
        };
        self.store(batch, stored);
        self.send(&bytes).await
    }

    /// Whether this is the second of two requests, which a fault stores.
    pub(super) fn is_second(&self) -> bool {
        self.shared.record().requests.is_multiple_of(2)
    }
}
