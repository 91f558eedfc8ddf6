//! Redirects.

use super::super::{
    connection::{BESIDE, Connection, INGEST, Next},
    http::answer,
};
use crate::faults::Target;

impl Connection {
    pub(super) async fn redirect(self, status: u16, to: Target, asked: &str) -> Next {
        let location = match to {
            Target::Itself => Some(INGEST.to_owned()),
            Target::Ring if asked.ends_with("/ring") => Some(INGEST.to_owned()),
            Target::Ring => Some("/ring".to_owned()),
            Target::Beside => Some(BESIDE.to_owned()),
            Target::Elsewhere => Some(format!("http://{}{INGEST}", self.shared.elsewhere)),
            Target::Nowhere => None,
        };
        let headers: Vec<_> =
            location.into_iter().map(|location| ("location".to_owned(), location)).collect();
        self.send(&answer(status, &headers, "")).await
    }
}
