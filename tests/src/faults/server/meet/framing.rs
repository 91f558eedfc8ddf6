//! Receipts with a wrong length or encoding.

use super::super::{
    connection::{Connection, Next, receipt},
    record::Batch,
};
use crate::faults::Framing;

impl Connection {
    /// Stores the entries, and sends their receipt in this form.
    pub(super) async fn framed(self, framing: Framing, batch: &Batch) -> Next {
        self.store(batch, batch.len());
        let bytes = framed(framing, &receipt(batch.len()));
        match framing {
            Framing::LengthTooLarge | Framing::NoLength | Framing::NoLastChunk | Framing::Gzip => {
                self.send_last(&bytes).await
            }
            _ => self.send(&bytes).await,
        }
    }
}

fn framed(framing: Framing, body: &str) -> Vec<u8> {
    let length = body.len();
    let with = |headers: &str, body: &str| format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}").into_bytes();
    let of_length = |length: &str| format!("content-length: {length}\r\n");
    let chunked = "transfer-encoding: chunked\r\n";
    let chunk = format!("{length:x}\r\n{body}\r\n");
    match framing {
        Framing::LengthTooSmall => with(&of_length(&(length / 2).to_string()), body),
        Framing::LengthTooLarge => with(&of_length(&(length + 100).to_string()), body),
        Framing::LengthNegative => with(&of_length("-1"), body),
        Framing::LengthNoNumber => with(&of_length("0x10"), body),
        Framing::LengthTwice => {
            let both = of_length(&length.to_string()) + &of_length(&(length / 2).to_string());
            with(&both, body)
        }
        Framing::LengthAndChunked => {
            let both = of_length(&length.to_string()) + chunked;
            with(&both, &format!("{chunk}0\r\n\r\n"))
        }
        Framing::NoLength => with("connection: close\r\n", body),
        Framing::ChunkSizeNoNumber => with(chunked, &format!("zz\r\n{body}\r\n0\r\n\r\n")),
        Framing::ChunkSizeTooLarge => with(chunked, &format!("fffffffffffffffff\r\n{body}\r\n0\r\n\r\n")),
        Framing::NoLastChunk => with(chunked, &chunk),
        Framing::FalseGzip => with(&(of_length(&length.to_string()) + "content-encoding: gzip\r\n"), body),
        Framing::Gzip => {
            let mut bytes = with("content-encoding: gzip\r\ncontent-length: 90\r\n", "");
            bytes.extend(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xab\x56\x2a\x4a\x4d\x4e\xcd\x2c");
            bytes
        }
        Framing::UnknownEncoding => {
            with(&(of_length(&length.to_string()) + "content-encoding: fault\r\n"), body)
        }
    }
}
