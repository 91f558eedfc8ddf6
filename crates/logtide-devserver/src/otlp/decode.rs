//! Decoding the body of a request.

use std::io::Read;

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use flate2::read::MultiGzDecoder;
use thiserror::Error;

use super::{Signal, protobuf};
use crate::body::MAX_BODY;
use crate::json::{self, Value};

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a body is rejected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum DecodeError {
    #[error("the content type is neither JSON nor protobuf")]
    Type,
    #[error("the body is larger than {MAX_BODY} bytes")]
    TooLarge,
    #[error("the body is not JSON")]
    Json,
    #[error("Failed to decode OTLP protobuf: {0}")]
    Protobuf(String),
    #[error("the body is not an OTLP request")]
    Request,
}

/// Decodes a request in any encoding and passes it to `use_request`.
pub(crate) fn decode<T>(
    signal: Signal,
    headers: &HeaderMap,
    bytes: &[u8],
    use_request: impl FnOnce(&Value<'_>) -> T,
) -> Result<T, DecodeError> {
    let format = Format::of(headers).ok_or(DecodeError::Type)?;
    let unpacked = unpack(headers, bytes).map_err(|error| match error {
        Unpack::TooLarge => DecodeError::TooLarge,
        Unpack::Invalid(reason) => format.refuse(reason),
    })?;
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    match format {
        Format::Json => {
            let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::Json)?;
            let request = json::parse(text).map_err(|_| DecodeError::Json)?;
            match request {
                Value::Object(_) => Ok(use_request(&request)),
                _ => Err(DecodeError::Request),
            }
        }
        Format::Protobuf => {
            let request = protobuf::decode(signal, bytes);
            let request = request.map_err(|error| format.refuse(error.to_string()))?;
            Ok(use_request(&request))
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Protobuf,
}

enum Unpack {
    TooLarge,
    Invalid(String),
}

impl Format {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        match value.split(';').next()?.trim().to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "application/x-protobuf" | "application/protobuf" => Some(Self::Protobuf),
            _ => None,
        }
    }

    fn refuse(self, reason: String) -> DecodeError {
        match self {
            Self::Json => DecodeError::Json,
            Self::Protobuf => DecodeError::Protobuf(reason),
        }
    }
}

/// Decompresses a body; `None` if it is not compressed.
fn unpack(headers: &HeaderMap, bytes: &[u8]) -> Result<Option<Vec<u8>>, Unpack> {
    let encoding = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or_default().trim());
    let gzip = encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("gzip"));
    let plain =
        encoding.is_none_or(|encoding| encoding.is_empty() || encoding.eq_ignore_ascii_case("identity"));
    if !gzip && !plain {
        return Err(Unpack::Invalid("unsupported content encoding".into()));
    }
    if !gzip && !bytes.starts_with(&GZIP) {
        return Ok(None);
    }
    let mut unpacked = Vec::new();
    let mut limited = MultiGzDecoder::new(bytes).take(MAX_BODY as u64 + 1);
    limited.read_to_end(&mut unpacked).map_err(|error| Unpack::Invalid(error.to_string()))?;
    if unpacked.len() > MAX_BODY { Err(Unpack::TooLarge) } else { Ok(Some(unpacked)) }
}
