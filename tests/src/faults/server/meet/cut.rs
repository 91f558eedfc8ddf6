//! Connections that end or stall in the middle of an exchange.

use tokio::io::AsyncWriteExt as _;

use super::super::{
    connection::{Connection, Next, confirmation},
    record::Batch,
};
use crate::faults::{Fault, Place};

impl Connection {
    /// Sends the response up to the place, and ends the connection as the fault specifies.
    pub(super) async fn cut(mut self, fault: &Fault, place: Place, batch: &Batch) -> Next {
        let answer = confirmation(batch.len());
        // This detects a client that treats a part of the head as success, or gives up because of it, in every second request.
        if place > Place::InHead || (place == Place::InHead && self.is_second()) {
            self.store(batch, batch.len());
        }
        self.line().write_all(&answer[..length(place, &answer)]).await?;
        self.line().flush().await?;
        self.end(fault).await
    }
}

/// Returns how many bytes of a response precede the place.
fn length(place: Place, answer: &[u8]) -> usize {
    let after = |text: &[u8]| memchr::memmem::find(answer, text).map_or(answer.len(), |at| at + text.len());
    match place {
        Place::BeforeRequest | Place::InRequest | Place::AfterRequest => 0,
        Place::InHead => after(b"\r\n\r\n") / 2,
        Place::InNumber => after(b"\"received\":") + 1,
        Place::InBody => after(b"\"timestamp\":"),
        Place::AfterAnswer => answer.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_cut_at_its_places() {
        let answer = confirmation(123);
        let until = |place| String::from_utf8_lossy(&answer[..length(place, &answer)]).into_owned();
        assert_eq!(until(Place::AfterRequest), "");
        assert!(!until(Place::InHead).contains("\r\n\r\n"));
        assert!(until(Place::InNumber).ends_with("{\"received\":1"));
        assert!(until(Place::InBody).ends_with("{\"received\":123,\"timestamp\":"));
        assert!(until(Place::AfterAnswer).ends_with("\"}"));
    }
}
