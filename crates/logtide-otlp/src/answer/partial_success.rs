//! What a collector says that it did not take, in protobuf.

use crate::protobuf::{FieldValue, take_field};

/// How many entries or spans a body rejects. `None` where it is no protobuf, or ends before it says how many.
pub(super) fn rejected(body: &[u8], is_whole: bool) -> Option<usize> {
    let (mut rest, mut rejected) = (body, None);
    while !rest.is_empty() {
        match take_field(&mut rest) {
            Some((1, FieldValue::Bytes(partial))) => rejected = Some(of_partial_success(partial)?),
            Some(_) => {}
            // Of a body that goes on, what was read is whole, and in front of it there may be a text that is not.
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

/// Of a partial success that is cut: its count stands first.
fn of_beginning(body: &[u8]) -> Option<usize> {
    let mut rest = body.strip_prefix(&[0x0a])?;
    crate::protobuf::take_varint(&mut rest)?;
    match take_field(&mut rest)? {
        (1, FieldValue::Varint(count)) => Some(usize::try_from(count.cast_signed()).unwrap_or_default()),
        _ => None,
    }
}
