//! Responses before the end of the request.

use tokio::io::AsyncWriteExt as _;

use super::super::{
    connection::{Connection, Next},
    http::answer,
};
use crate::faults::{After, Fault, Place};

impl Connection {
    /// Responds to a request whose body was not read.
    pub(in crate::faults::server) async fn early(mut self, status: u16, after: After, length: usize) -> Next {
        self.line().write_all(&answer(status, &[], r#"{"error":"Fault"}"#)).await?;
        self.line().flush().await?;
        match after {
            After::Read => {
                self.requests.body(length).await?;
                Ok(Some(self))
            }
            After::Close => self.end(&Fault::Close(Place::AfterAnswer)).await,
            After::Reset => self.end(&Fault::Reset(Place::AfterAnswer)).await,
        }
    }
}
