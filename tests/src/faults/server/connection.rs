//! One connection of a fault server.

use std::{io, sync::Arc, time::Duration};

use tokio::{io::AsyncWriteExt as _, net::TcpStream, sync::watch, time};

use super::{
    Shared,
    http::{Requests, answer},
    http2,
    line::Line,
    meet::{Secured, secure},
    record::Batch,
    shared::Phase,
};
use crate::faults::{Fault, Place};

/// The path for entries.
pub(super) const INGEST: &str = "/api/v1/ingest";
/// The target of redirects, where entries are accepted regardless of the fault.
pub(super) const BESIDE: &str = "/beside";

/// A connection of HTTP/1.1.
pub(super) struct Connection {
    pub(super) requests: Requests,
    pub(super) shared: Arc<Shared>,
    phase: watch::Receiver<Phase>,
    /// The number of answered requests.
    served: u32,
}

/// The connection, if it continues.
pub(super) type Next = io::Result<Option<Connection>>;

/// Serves requests until the client, a fault or the server ends the connection.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Otherwise a response in two packets would wait for the client's acknowledgement. A failure only delays the response.
    let _ = stream.set_nodelay(true);
    let phase = shared.phase.subscribe();
    let current = phase.borrow().clone();
    let served = match secure(stream, &current, &shared).await {
        Ok(Secured::Http1(line)) => {
            let requests = Requests::new(line);
            Connection { requests, shared, phase, served: 0 }.serve().await
        }
        Ok(Secured::Http2(stream)) => http2::serve(*stream, phase, shared).await,
        Ok(Secured::Over) => Ok(()),
        Err(error) => Err(error),
    };
    // Connections break, which the client has to handle.
    drop(served);
}

impl Connection {
    async fn serve(mut self) -> io::Result<()> {
        loop {
            let current = self.phase.borrow_and_update().clone();
            if current.fault.is_before_requests() {
                return self.end_before(&current).await;
            }
            let begins = tokio::select! {
                begins = self.requests.begins() => begins?,
                _ = self.phase.changed() => continue,
            };
            if !begins {
                return Ok(());
            }
            let current = self.phase.borrow().clone();
            if current.fault.is_before_requests() {
                continue;
            }
            let is_met = match current.fault {
                Fault::IdleClose => self.served > 0,
                // Fails only bodies that are too large.
                Fault::TooLarge(..) => false,
                _ => true,
            };
            if is_met {
                self.shared.meet(&current);
            }
            match self.serve_one(&current).await? {
                Some(next) => self = next,
                None => return Ok(()),
            }
        }
    }

    /// Ends a connection without a request.
    async fn end_before(self, current: &Phase) -> io::Result<()> {
        // Faults of a handshake occur in the next handshake.
        if matches!(current.fault, Fault::Reset(_) | Fault::Close(_) | Fault::Hang(..)) {
            self.shared.meet(current);
        }
        self.end(&current.fault).await.map(drop)
    }

    async fn serve_one(mut self, current: &Phase) -> Next {
        let fault = &current.fault;
        if *fault == Fault::IdleClose && self.served > 0 {
            return self.requests.into_line().close().await.map(|()| None);
        }
        let head = self.requests.head().await?;
        let is_beside = head.target.ends_with(BESIDE);
        let fault = if is_beside { &Fault::None } else { fault };
        match fault {
            Fault::Early(status, after) => return self.early(*status, *after, head.length).await,
            Fault::TooLarge(limit, after) if head.length > *limit => {
                self.shared.meet(current);
                return self.early(413, *after, head.length).await;
            }
            Fault::Reset(Place::InRequest)
            | Fault::Close(Place::InRequest)
            | Fault::Hang(Place::InRequest, _) => {
                self.requests.body(head.length / 2).await?;
                return self.end(fault).await;
            }
            _ => {}
        }
        let body = match fault {
            // Half a second for a request of any size.
            Fault::DripRequest => {
                let step = (head.length / 100).max(7);
                self.requests.drip(head.length, step, Duration::from_millis(2)).await?
            }
            _ => self.requests.body(head.length).await?,
        };
        self.shared.record().requests += 1;
        let batch = Batch::read(&body).inspect_err(|_| self.shared.record().garbled += 1)?;
        self.served += 1;
        self.meet(fault, &batch, &head.target).await
    }

    /// Ends the connection as the fault specifies, at this place.
    pub(super) async fn end(self, fault: &Fault) -> Next {
        let (line, shared) = (self.requests.into_line(), self.shared);
        match fault {
            Fault::Reset(_) => line.reset()?,
            Fault::Close(_) => line.close().await?,
            Fault::Hang(place, at_most) => {
                // The end of a connection may not arrive after a request that was not read.
                let hanging = (*place >= Place::AfterRequest).then(|| shared.hanging());
                // Clients that still wait are counted until then.
                let _ = time::timeout(*at_most, line.gone()).await;
                drop(hanging);
            }
            _ => {}
        }
        Ok(None)
    }

    pub(super) fn line(&mut self) -> &mut Line {
        self.requests.line()
    }

    /// Sends a response, and keeps the connection.
    pub(super) async fn send(mut self, bytes: &[u8]) -> Next {
        self.line().write_all(bytes).await?;
        self.line().flush().await?;
        Ok(Some(self))
    }

    /// Sends a response, and closes the connection.
    pub(super) async fn send_last(self, bytes: &[u8]) -> Next {
        match self.send(bytes).await? {
            Some(sent) => sent.requests.into_line().close().await.map(|()| None),
            None => Ok(None),
        }
    }

    pub(super) fn store(&self, batch: &Batch, entries: usize) {
        self.shared.record().store(batch, entries);
    }
}

/// Returns the body that confirms this many entries.
pub(super) fn receipt(entries: usize) -> String {
    format!(r#"{{"received":{entries},"timestamp":"2026-01-01T00:00:00.000Z"}}"#)
}

/// Returns the response that confirms this many entries.
pub(super) fn confirmation(entries: usize) -> Vec<u8> {
    answer(200, &[("content-type".to_owned(), "application/json".to_owned())], &receipt(entries))
}
