//! Frames of HTTP/2, RFC 9113 section 4.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::super::line::Line;

/// Types of frames.
pub(super) mod kind {
    pub(in super::super) const DATA: u8 = 0;
    pub(in super::super) const HEADERS: u8 = 1;
    pub(in super::super) const RST_STREAM: u8 = 3;
    pub(in super::super) const SETTINGS: u8 = 4;
    pub(in super::super) const PING: u8 = 6;
    pub(in super::super) const GOAWAY: u8 = 7;
    pub(super) const WINDOW_UPDATE: u8 = 8;
}

/// The flag of the last frame of a stream.
pub(super) const END_STREAM: u8 = 1;
/// The flag of headers without a continuation frame.
pub(super) const END_HEADERS: u8 = 4;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEAD: usize = 9;
/// The longest payload in bytes, by default.
const MAX_PAYLOAD: usize = 16 << 10;
const INITIAL_WINDOW_SIZE: u16 = 4;

/// A frame.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: u8,
    flags: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

impl Frame {
    pub(super) const fn is_ack(&self) -> bool {
        self.flags & 1 != 0
    }

    pub(super) const fn is_last(&self) -> bool {
        self.flags & END_STREAM != 0
    }
}

/// A connection that frames are read from.
pub(super) struct Frames {
    line: Line,
    buffer: Vec<u8>,
}

impl Frames {
    /// Reads the connection preface.
    pub(super) async fn accept(mut line: Line) -> io::Result<Self> {
        let mut preface = [0; PREFACE.len()];
        line.read_exact(&mut preface).await?;
        if preface != PREFACE {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self { line, buffer: Vec::new() })
    }

    /// Sends the settings, with this window for each stream.
    pub(super) async fn open(&mut self, window: u32) -> io::Result<()> {
        let mut setting = INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
        setting.extend(window.to_be_bytes());
        self.send(kind::SETTINGS, 0, 0, &setting).await
    }

    /// Lets the connection send this many bytes again.
    pub(super) async fn give_leave(&mut self, bytes: usize) -> io::Result<()> {
        match u32::try_from(bytes) {
            Ok(0) | Err(_) => Ok(()),
            Ok(bytes) => self.send(kind::WINDOW_UPDATE, 0, 0, &bytes.to_be_bytes()).await,
        }
    }

    /// Reads the next frame. Cancel safe.
    pub(super) async fn next(&mut self) -> io::Result<Frame> {
        loop {
            if let [a, b, c, kind, flags, d, e, f, g, ..] = *self.buffer {
                let length = u32::from_be_bytes([0, a, b, c]) as usize;
                if length > MAX_PAYLOAD {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                if self.buffer.len() >= HEAD + length {
                    let payload = self.buffer[HEAD..HEAD + length].to_vec();
                    self.buffer.drain(..HEAD + length);
                    let stream = u32::from_be_bytes([d, e, f, g]);
                    return Ok(Frame { kind, flags, stream, payload });
                }
            }
            if self.line.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    pub(super) async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(io::Error::other)?;
        let mut bytes = length.to_be_bytes()[1..].to_vec();
        bytes.extend([kind, flags]);
        bytes.extend(stream.to_be_bytes());
        bytes.extend(payload);
        self.line.write_all(&bytes).await?;
        self.line.flush().await
    }

    /// Reports that no request was processed, and closes the connection. Returns that it does not continue.
    pub(super) async fn go_away(&mut self, code: u32) -> io::Result<bool> {
        let payload = [0_u32.to_be_bytes(), code.to_be_bytes()].concat();
        self.send(kind::GOAWAY, 0, 0, &payload).await?;
        self.line.shutdown().await?;
        Ok(false)
    }

    /// Sends bytes that are not a frame, and closes the connection.
    pub(super) async fn garbage(&mut self) -> io::Result<()> {
        self.line.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?;
        self.line.shutdown().await
    }

    pub(super) const fn line(&self) -> &Line {
        &self.line
    }
}
