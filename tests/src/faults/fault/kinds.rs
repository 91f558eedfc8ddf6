//! The details of faults.

/// A place in an exchange. The variants are in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before a byte of the request is read.
    BeforeRequest,
    /// In the middle of the request's body.
    InRequest,
    /// After the request, before any byte of the response.
    AfterRequest,
    /// In the middle of the response's head.
    InHead,
    /// In the response's body, inside the number of received entries.
    InNumber,
    /// In the response's body, after the number of received entries.
    InBody,
    /// After the complete response.
    AfterAnswer,
}

/// What a server does after a response that precedes the end of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It reads the rest of the request, and keeps the connection.
    Read,
    /// It closes the connection, with FIN.
    Close,
    /// It resets the connection, with RST.
    Reset,
}

/// How a request is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// 204, without a body.
    NoContent,
    /// 200 with an empty body.
    Nothing,
    /// 200 with `{}`.
    EmptyObject,
    /// 200 with a receipt of half the entries, and only those are stored.
    Half,
    /// 200 with a receipt that lists the last entry as rejected, and only the others are stored.
    Rejected,
    /// 200 with a receipt of a thousand times as many entries.
    TooMany,
    /// 200 with a receipt of none, and nothing is stored.
    Zero,
    /// 200 with a receipt, and `Connection: close`.
    Last,
}

/// How the length or encoding of a receipt is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length` is shorter than the body, and ends inside the receipt.
    LengthTooSmall,
    /// `Content-Length` is longer than the body, after which the connection is closed.
    LengthTooLarge,
    /// `Content-Length` is negative.
    LengthNegative,
    /// `Content-Length` is not a number.
    LengthNoNumber,
    /// There are two different `Content-Length`.
    LengthTwice,
    /// There are both `Content-Length` and `Transfer-Encoding: chunked`; the body is chunked.
    LengthAndChunked,
    /// There is no length; the connection ends after the body.
    NoLength,
    /// The size of a chunk is not a number.
    ChunkSizeNoNumber,
    /// The size of a chunk does not fit into 64 bits.
    ChunkSizeTooLarge,
    /// The last chunk is missing; the connection is closed.
    NoLastChunk,
    /// The body is declared as gzip, but is not.
    FalseGzip,
    /// The body is truncated gzip, which was not requested.
    Gzip,
    /// The body has an unknown encoding.
    UnknownEncoding,
}

/// An endless part of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endless {
    /// The status line.
    StatusLine,
    /// A header.
    Header,
    /// The headers.
    Headers,
    /// Interim responses.
    Interim,
    /// The body of an error, of 100 MB.
    ErrorBody,
    /// The body of a success, of 100 MB, that is not a receipt.
    Body,
    /// Chunks after a receipt. The entries are stored.
    ReceiptAndChunks,
    /// One-byte chunks.
    SmallChunks,
}

/// The target of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To the same address.
    Itself,
    /// From one address to another and back.
    Ring,
    /// To another path of the server, where requests are confirmed.
    Beside,
    /// To another server.
    Elsewhere,
    /// Nowhere: the header is missing.
    Nowhere,
}

/// Faults of a TLS handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is that of another server.
    WrongName,
    /// The certificate is signed by an unknown authority.
    UnknownAuthority,
    /// The server reads the first message and does not answer.
    Hang,
    /// The server reads the first message and closes the connection.
    Close,
    /// The server reads the first message and resets the connection.
    Reset,
    /// The server sends half of its first message and closes the connection.
    Cut,
    /// The server answers in plain HTTP.
    PlainHttp,
    /// The server answers with an alert.
    Alert,
    /// The server answers with random bytes.
    Garbage,
}

/// Faults inside HTTP/2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Http2Fault {
    /// GOAWAY without an error in the middle of a request, which is not processed.
    GoAway,
    /// GOAWAY with an error.
    GoAwayError,
    /// RST_STREAM with REFUSED_STREAM.
    RefusedStream,
    /// RST_STREAM with INTERNAL_ERROR.
    InternalError,
    /// RST_STREAM in the middle of the response's body. The entries are stored.
    CutAnswer,
    /// The connection is reset during the request.
    Reset,
    /// The request gets no response.
    Hang,
    /// The connection stays silent, and others are not affected.
    Stuck,
    /// The request gets no window to send its body.
    NoWindow,
    /// Bytes that are not a frame.
    Garbage,
}
