//! The part of HTTP/2 that is needed to read requests, to respond, and to fail.

mod frame;

use std::{collections::HashMap, io, sync::Arc, time::Duration};

use tokio::{net::TcpStream, sync::watch, time};
use tokio_rustls::server::TlsStream;

use self::frame::{Frame, Frames, kind};
use super::{Shared, connection::receipt, line::Line, record::Batch, shared::Phase};
use crate::faults::{Fault, Http2Fault};

/// Error codes.
mod code {
    pub(super) const NO_ERROR: u32 = 0;
    pub(super) const INTERNAL_ERROR: u32 = 2;
    pub(super) const REFUSED_STREAM: u32 = 7;
    pub(super) const ENHANCE_YOUR_CALM: u32 = 11;
}

/// The flow-control window of a stream in bytes.
const WINDOW: u32 = 1 << 24;

/// A status of 200 and no other header, in HPACK: an entry of the static table.
const OK: [u8; 1] = [0x88];

/// The longest time without a response: longer than a trial, so that only the client can end it.
const SILENCE: Duration = Duration::from_secs(600);

/// A connection whose streams are requests to store entries.
struct Connection {
    frames: Frames,
    shared: Arc<Shared>,
    /// The incomplete bodies, by stream.
    bodies: HashMap<u32, Vec<u8>>,
}

/// Serves requests until the client, a fault or the server ends the connection.
pub(super) async fn serve(
    stream: TlsStream<TcpStream>,
    mut phase: watch::Receiver<Phase>,
    shared: Arc<Shared>,
) -> io::Result<()> {
    let mut frames = Frames::accept(Line::Tls(Box::new(stream))).await?;
    let current = phase.borrow_and_update().clone();
    let opened = &current.fault;
    if *opened == Fault::Http2(Http2Fault::Stuck) {
        frames.open(WINDOW).await?;
        shared.meet(&current);
        let hanging = shared.hanging();
        // Clients that still wait are counted until then.
        let _ = time::timeout(SILENCE, frames.line().gone()).await;
        drop(hanging);
        return Ok(());
    }
    let is_closed = *opened == Fault::Http2(Http2Fault::NoWindow);
    frames.open(if is_closed { 0 } else { WINDOW }).await?;
    let mut connection = Connection { frames, shared, bodies: HashMap::new() };
    loop {
        let frame = tokio::select! {
            frame = connection.frames.next() => Some(frame?),
            _ = phase.changed() => None,
        };
        let current = phase.borrow_and_update().clone();
        let goes_on = match &current.fault {
            Fault::Http2(Http2Fault::NoWindow) => is_closed,
            Fault::Http2(Http2Fault::Stuck) => false,
            Fault::None | Fault::Slow(_) | Fault::Http2(_) => !is_closed,
            _ => false,
        };
        if !goes_on {
            return Ok(());
        }
        let Some(frame) = frame else { continue };
        if !connection.read(frame, &current).await? {
            return Ok(());
        }
    }
}

impl Connection {
    /// Handles a frame as the fault specifies. Returns whether the connection continues.
    async fn read(&mut self, frame: Frame, phase: &Phase) -> io::Result<bool> {
        match frame.kind {
            kind::SETTINGS if !frame.is_ack() => self.frames.send(kind::SETTINGS, 1, 0, &[]).await?,
            kind::PING if !frame.is_ack() => self.frames.send(kind::PING, 1, 0, &frame.payload).await?,
            kind::RST_STREAM => drop(self.bodies.remove(&frame.stream)),
            kind::GOAWAY => return Ok(false),
            kind::HEADERS => {
                self.shared.meet(phase);
                self.bodies.insert(frame.stream, Vec::new());
                if let Fault::Http2(fault) = phase.fault {
                    return self.fail(fault, frame.stream).await;
                }
            }
            kind::DATA => {
                self.frames.give_leave(frame.payload.len()).await?;
                let Some(body) = self.bodies.get_mut(&frame.stream) else { return Ok(true) };
                body.extend(&frame.payload);
                if frame.is_last() {
                    return self.answer(frame.stream, phase).await;
                }
            }
            _ => {}
        }
        Ok(true)
    }

    /// Fails at the beginning of a request.
    async fn fail(&mut self, fault: Http2Fault, stream: u32) -> io::Result<bool> {
        match fault {
            Http2Fault::GoAway => self.frames.go_away(code::NO_ERROR).await,
            Http2Fault::GoAwayError => self.frames.go_away(code::ENHANCE_YOUR_CALM).await,
            Http2Fault::RefusedStream => self.end_stream(stream, code::REFUSED_STREAM).await,
            Http2Fault::InternalError => self.end_stream(stream, code::INTERNAL_ERROR).await,
            Http2Fault::Reset => self.frames.line().tcp().set_zero_linger().map(|()| false),
            Http2Fault::Garbage => self.frames.garbage().await.map(|()| false),
            Http2Fault::CutAnswer | Http2Fault::Hang | Http2Fault::NoWindow | Http2Fault::Stuck => Ok(true),
        }
    }

    async fn end_stream(&mut self, stream: u32, code: u32) -> io::Result<bool> {
        self.bodies.remove(&stream);
        self.frames.send(kind::RST_STREAM, 0, stream, &code.to_be_bytes()).await?;
        Ok(true)
    }

    /// Responds to a request that was read.
    async fn answer(&mut self, stream: u32, phase: &Phase) -> io::Result<bool> {
        let body = self.bodies.remove(&stream).unwrap_or_default();
        self.shared.record().requests += 1;
        let batch = Batch::read(&body).inspect_err(|_| self.shared.record().garbled += 1)?;
        match phase.fault {
            Fault::Http2(Http2Fault::Hang) => {
                let hanging = self.shared.hanging();
                // The client gives up the stream or the connection.
                let given_up = async {
                    while self.frames.next().await.is_ok_and(|frame| frame.kind != kind::RST_STREAM) {}
                };
                let _ = time::timeout(SILENCE, given_up).await;
                drop(hanging);
                return Ok(false);
            }
            Fault::Slow(delay) => time::sleep(delay).await,
            _ => {}
        }
        self.shared.record().store(&batch, batch.len());
        let receipt = receipt(batch.len());
        self.frames.send(kind::HEADERS, frame::END_HEADERS, stream, &OK).await?;
        if phase.fault == Fault::Http2(Http2Fault::CutAnswer) {
            self.frames.send(kind::DATA, 0, stream, &receipt.as_bytes()[..13]).await?;
            return self.end_stream(stream, code::INTERNAL_ERROR).await;
        }
        self.frames.send(kind::DATA, frame::END_STREAM, stream, receipt.as_bytes()).await?;
        Ok(true)
    }
}
