//! The count of rejected records in a collector's response, in protobuf.

use crate::protobuf::{FieldValue, take_field};

/// Returns how many entries or spans a body rejects. `None` if it is not protobuf, or ends before the count.
pub(super) fn rejected(body: &[u8], is_whole: bool) -> Option<usize> {
    let (mut rest, mut rejected) = (body, None);
    while !rest.is_empty() {
        match take_field(&mut rest) {
            Some((1, FieldValue::Bytes(partial))) => rejected = Some(of_partial_success(partial)?),
            Some(_) => {}
            // In a truncated body, what was read is complete, and an incomplete string may precede the rest.
            None if !is_whole => return rejected.or_else(|| of_beginning(body)),
            None => return None,
        }
    }
    if is_whole { Some(rejected.unwrap_or_default()) } else { rejected }
}

fn of_partial_success(mut rest: &[u8]) -> Option<usize> {
    let mut rejected = 0;
    while !rest.is_empty() {
        if let (1, FieldValue::Varint(count)) = take_field(&mut rest)? {
            rejected = usize::try_from(count.cast_signed()).unwrap_or_default();
        }
    }
    Some(rejected)
}

/// Reads a truncated partial success. Its count comes first.
fn of_beginning(body: &[u8]) -> Option<usize> {
    let mut rest = body.strip_prefix(&[0x0a])?;
    crate::protobuf::take_varint(&mut rest)?;
    match take_field(&mut rest)? {
        (1, FieldValue::Varint(count)) => Some(usize::try_from(count.cast_signed()).unwrap_or_default()),
        _ => None,
    }
}
