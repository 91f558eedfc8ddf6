//! The error message in a collector's response: `google.rpc.Status`, in protobuf.

use crate::protobuf::{FieldValue, take_field};

/// Returns the message, or `None` if the body is something else.
pub(super) fn message(body: &[u8]) -> Option<&str> {
    let (mut rest, mut message) = (body, None);
    while !rest.is_empty() {
        match take_field(&mut rest)? {
            (1, FieldValue::Varint(_)) | (3, FieldValue::Bytes(_)) => {}
            (2, FieldValue::Bytes(text)) => message = Some(std::str::from_utf8(text).ok()?),
            _ => return None,
        }
    }
    message.filter(|text| !text.is_empty())
}
