//! Endless responses.

use std::time::Duration;

use tokio::{io::AsyncWriteExt as _, time};

use super::super::{
    connection::{Connection, Next, receipt},
    record::Batch,
};
use crate::faults::Endless;

/// The most bytes of an endless response that are sent.
const MOST: usize = 100 << 20;

/// Bytes that are sent at once.
const PIECE: usize = 256 << 10;

impl Connection {
    pub(super) async fn endless(mut self, what: Endless, batch: &Batch) -> Next {
        let ok = "HTTP/1.1 200 OK\r\n";
        let chunked = "transfer-encoding: chunked\r\n\r\n";
        let (start, piece, pause) = match what {
            Endless::StatusLine => (ok.trim_end().to_owned(), "x".repeat(PIECE), 0),
            Endless::Header => (format!("{ok}a: "), "x".repeat(PIECE), 0),
            Endless::Headers => (ok.to_owned(), "a: b\r\n".repeat(PIECE / 6), 0),
            // The client discards each complete one, so only the request timeout ends them.
            Endless::Interim => (String::new(), "HTTP/1.1 102 Processing\r\n\r\n".to_owned(), 1),
            Endless::ErrorBody => {
                let head = format!("HTTP/1.1 500 Fault\r\ncontent-length: {MOST}\r\n\r\n");
                (head, "x".repeat(PIECE), 0)
            }
            Endless::Body => (format!("{ok}content-length: {MOST}\r\n\r\n"), "x".repeat(PIECE), 0),
            Endless::ReceiptAndChunks => {
                self.store(batch, batch.len());
                let receipt = receipt(batch.len());
                let start = format!("{ok}{chunked}{:x}\r\n{receipt}\r\n", receipt.len());
                (start, format!("{PIECE:x}\r\n{}\r\n", " ".repeat(PIECE)), 0)
            }
            Endless::SmallChunks => (format!("{ok}{chunked}"), "1\r\nx\r\n".repeat(PIECE / 6), 0),
        };
        self.line().write_all(start.as_bytes()).await?;
        let mut sent = 0;
        while sent < MOST {
            if self.line().write_all(piece.as_bytes()).await.is_err() {
                break;
            }
            sent += piece.len();
            if pause > 0 {
                time::sleep(Duration::from_millis(pause)).await;
            }
        }
        let mut record = self.shared.record();
        record.taken = record.taken.max(sent as u64);
        Ok(None)
    }
}
