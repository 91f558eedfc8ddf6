//! Faults of TLS and HTTP/2.

use super::Listed;
use crate::faults::{Fault, Http2Fault, TlsFault, server::Protocol};

pub(super) fn all() -> Vec<Listed> {
    let tls = |name, fault| Listed { protocol: Protocol::Tls, ..Listed::survived(name, Fault::Tls(fault)) };
    let http2 =
        |name, fault| Listed { protocol: Protocol::Http2, ..Listed::survived(name, Fault::Http2(fault)) };
    vec![
        tls("tls-expired", TlsFault::Expired),
        tls("tls-not-yet-valid", TlsFault::NotYetValid),
        tls("tls-wrong-name", TlsFault::WrongName),
        tls("tls-unknown-authority", TlsFault::UnknownAuthority),
        tls("tls-hang", TlsFault::Hang),
        tls("tls-close", TlsFault::Close),
        tls("tls-reset", TlsFault::Reset),
        tls("tls-cut", TlsFault::Cut),
        tls("tls-plain-http", TlsFault::PlainHttp),
        tls("tls-alert", TlsFault::Alert),
        tls("tls-garbage", TlsFault::Garbage),
        http2("http2-goaway", Http2Fault::GoAway),
        http2("http2-goaway-error", Http2Fault::GoAwayError),
        http2("http2-refused-stream", Http2Fault::RefusedStream),
        http2("http2-internal-error", Http2Fault::InternalError),
        http2("http2-cut-answer", Http2Fault::CutAnswer),
        http2("http2-reset", Http2Fault::Reset),
        http2("http2-hang", Http2Fault::Hang),
        http2("http2-stuck", Http2Fault::Stuck),
        http2("http2-no-window", Http2Fault::NoWindow),
        http2("http2-garbage", Http2Fault::Garbage),
    ]
}
