//! Handling a request as a fault specifies.

mod confirm;
mod cut;
mod early;
mod endless;
mod framing;
mod redirect;
mod tls;

use std::time::Duration;

use chrono::Utc;
use tokio::{io::AsyncWriteExt as _, time};

pub(super) use self::tls::{Secured, secure};
use super::{
    connection::{Connection, Next, confirmation},
    http::answer,
    record::Batch,
};
use crate::faults::Fault;

impl Connection {
    /// Handles the batch as the fault specifies.
    pub(super) async fn meet(mut self, fault: &Fault, batch: &Batch, target: &str) -> Next {
        match fault {
            Fault::Slow(delay) => {
                time::sleep(*delay).await;
                self.confirm(batch).await
            }
            Fault::Reset(place) | Fault::Close(place) | Fault::Hang(place, _) => {
                self.cut(fault, *place, batch).await
            }
            Fault::DripAnswer(pause) => {
                self.store(batch, batch.len());
                self.drip(&confirmation(batch.len()), *pause).await
            }
            Fault::Answer { status, headers, body } => {
                let bytes = answer(*status, headers, body);
                self.send(&bytes).await
            }
            Fault::LimitedUntil(delay) => {
                let date = (Utc::now() + *delay).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
                self.send(&answer(429, &[("retry-after".to_owned(), date)], "{}")).await
            }
            Fault::Confirm(how) => self.confirm_so(*how, batch).await,
            Fault::Framed(framing) => self.framed(*framing, batch).await,
            Fault::Bytes(bytes) => self.send_last(bytes).await,
            Fault::Endless(what) => self.endless(*what, batch).await,
            Fault::Interim(statuses) => {
                for status in statuses.iter() {
                    let interim = format!("HTTP/1.1 {status} Interim\r\nlink: </a>; rel=preload\r\n\r\n");
                    self.line().write_all(interim.as_bytes()).await?;
                }
                self.confirm(batch).await
            }
            Fault::Redirect(status, to) => self.redirect(*status, *to, target).await,
            // Other faults occur earlier or elsewhere.
            _ => self.confirm(batch).await,
        }
    }

    /// Stores the entries of a request and confirms them.
    async fn confirm(self, batch: &Batch) -> Next {
        self.store(batch, batch.len());
        self.send(&confirmation(batch.len())).await
    }

    async fn drip(mut self, bytes: &[u8], pause: Duration) -> Next {
        for byte in bytes {
            time::sleep(pause).await;
            self.line().write_all(&[*byte]).await?;
            self.line().flush().await?;
        }
        Ok(Some(self))
    }
}
