//! The details of faults.

/// A place in an exchange, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Before a byte of the request is read.
    BeforeRequest,
    /// In the middle of the request's body.
    InRequest,
    /// After the request, before a byte of the answer.
    AfterRequest,
    /// In the middle of the answer's head.
    InHead,
    /// In the answer's body, inside the number of the entries that were received.
    InNumber,
    /// In the answer's body, behind the number of the entries that were received.
    InBody,
    /// After the whole answer.
    AfterAnswer,
}

/// What a server does after an answer that came before the end of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// It reads the rest of the request, and the connection goes on.
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

/// How the length or encoding of a receipt is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// `Content-Length` is shorter than the body, which ends inside the receipt there.
    LengthTooSmall,
    /// `Content-Length` is longer than the body, after which the connection is closed.
    LengthTooLarge,
    /// `Content-Length` is below zero.
    LengthNegative,
    /// `Content-Length` is no number.
    LengthNoNumber,
    /// There are two different `Content-Length`.
    LengthTwice,
    /// There are `Content-Length` and `Transfer-Encoding: chunked`; the body is chunked.
    LengthAndChunked,
    /// There is no length; the connection ends after the body.
    NoLength,
    /// The size of a chunk is no number.
    ChunkSizeNoNumber,
    /// The size of a chunk does not fit into 64 bits.
    ChunkSizeTooLarge,
    /// The last chunk is missing; the connection is closed.
    NoLastChunk,
    /// The body is said to be gzip and is not.
    FalseGzip,
    /// The body is gzip, which nobody asked for, and is cut off.
    Gzip,
    /// The body is in an encoding that nobody knows.
    UnknownEncoding,
}

/// What does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endless {
    /// The status line.
    StatusLine,
    /// A header.
    Header,
    /// The headers.
    Headers,
    /// Interim answers.
    Interim,
    /// The body of an error, of 100 MB.
    ErrorBody,
    /// The body of a success, of 100 MB, that is no receipt.
    Body,
    /// Chunks behind a receipt. The entries are stored.
    ReceiptAndChunks,
    /// A chunk a byte.
    SmallChunks,
}

/// Where a redirect leads.
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

/// How a TLS handshake goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The certificate has expired.
    Expired,
    /// The certificate is not valid yet.
    NotYetValid,
    /// The certificate is that of another server.
    WrongName,
    /// Nobody known signed the certificate.
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

/// What goes wrong inside of HTTP/2.
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
    /// RST_STREAM in the middle of the answer's body. The entries are stored.
    CutAnswer,
    /// The connection is reset under the request.
    Reset,
    /// The request is not answered.
    Hang,
    /// The connection is silent for ever, and others are not affected.
    Stuck,
    /// The request gets no window to send its body.
    NoWindow,
    /// Bytes that are no frame.
    Garbage,
}
