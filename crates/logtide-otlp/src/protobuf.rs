//! The parts of protobuf's wire format that OTLP needs.

/// Returns the tag of a length-delimited field with a number below 16.
pub(crate) const fn length_tag(field: u8) -> u8 {
    field << 3 | 2
}

/// Returns the tag of a varint field with a number below 16.
pub(crate) const fn varint_tag(field: u8) -> u8 {
    field << 3
}

/// Returns the tag of an eight-byte field with a number below 16.
pub(crate) const fn fixed64_tag(field: u8) -> u8 {
    field << 3 | 1
}

/// Returns the size of a varint in bytes.
pub(crate) const fn varint_bytes(value: u64) -> usize {
    (70 - (value | 1).leading_zeros() as usize) / 7
}

/// Appends a varint.
#[inline]
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a field of bytes.
#[inline]
pub(crate) fn put_bytes(out: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    out.push(length_tag(field));
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a varint field, unless the value is zero, which is the default.
#[inline]
pub(crate) fn put_number(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        out.push(varint_tag(field));
        put_varint(out, value);
    }
}

/// Appends an eight-byte field, unless the value is zero.
#[inline]
pub(crate) fn put_fixed64(out: &mut Vec<u8>, field: u8, value: u64) {
    if value != 0 {
        out.push(fixed64_tag(field));
        out.extend_from_slice(&value.to_le_bytes());
    }
}

/// A length-delimited field that is being written.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub(crate) struct Open {
    /// The start of its value.
    start: usize,
    /// The bytes reserved for its length.
    reserved: usize,
}

impl Open {
    /// Begins a value that probably has fewer than 128 bytes.
    #[inline]
    pub(crate) fn short(out: &mut Vec<u8>) -> Self {
        out.push(0);
        Self { start: out.len(), reserved: 1 }
    }

    /// Begins a value that probably has 128 to 16,383 bytes.
    #[inline]
    pub(crate) fn long(out: &mut Vec<u8>) -> Self {
        out.extend_from_slice(&[0; 2]);
        Self { start: out.len(), reserved: 2 }
    }

    /// The position of its length.
    pub(crate) const fn length_at(&self) -> usize {
        self.start - self.reserved
    }

    /// Ends the value and writes its length.
    #[inline]
    pub(crate) fn end(self, out: &mut Vec<u8>) {
        let length = out.len() - self.start;
        if self.reserved == 1 && length < 0x80 {
            out[self.start - 1] = length as u8;
        } else {
            self.end_moving(out, length);
        }
    }

    fn end_moving(self, out: &mut Vec<u8>, length: usize) {
        let needed = varint_bytes(length as u64);
        if needed != self.reserved {
            let start = self.length_at() + needed;
            out.resize(out.len().max(start + length), 0);
            out.copy_within(self.start..self.start + length, start);
            out.truncate(start + length);
        }
        let mut rest = length;
        for byte in &mut out[self.length_at()..self.length_at() + needed] {
            *byte = rest as u8 | 0x80;
            rest >>= 7;
        }
        out[self.length_at() + needed - 1] &= 0x7f;
    }
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FieldValue<'a> {
    Varint(u64),
    Bytes(&'a [u8]),
    /// A fixed-size value, which nothing here needs.
    Fixed,
}

/// Removes the first field from some bytes. `None` if they are not protobuf.
pub(crate) fn take_field<'a>(rest: &mut &'a [u8]) -> Option<(u64, FieldValue<'a>)> {
    let tag = take_varint(rest)?;
    let value = match tag & 7 {
        0 => FieldValue::Varint(take_varint(rest)?),
        1 => take(rest, 8).map(|_| FieldValue::Fixed)?,
        2 => {
            let length = usize::try_from(take_varint(rest)?).ok()?;
            FieldValue::Bytes(take(rest, length)?)
        }
        5 => take(rest, 4).map(|_| FieldValue::Fixed)?,
        _ => return None,
    };
    (tag >> 3 != 0).then_some((tag >> 3, value))
}

/// Removes a varint from some bytes.
pub(crate) fn take_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for index in 0..10 {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_of_any_size_are_read_back() {
        for shift in 0..64 {
            for value in [1_u64 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                put_varint(&mut out, value);
                assert_eq!(out.len(), varint_bytes(value), "{value}");
                assert_eq!(take_varint(&mut &*out), Some(value));
            }
        }
        assert_eq!(take_varint(&mut &[0x80; 11][..]), None);
    }

    #[test]
    fn lengths_take_no_more_bytes_than_they_need() {
        for length in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152] {
            for begin in [Open::short, Open::long] {
                let mut out = vec![length_tag(3)];
                let open = begin(&mut out);
                out.resize(out.len() + length, 7);
                open.end(&mut out);
                assert_eq!(out.len(), 1 + varint_bytes(length as u64) + length);
                let mut rest = &*out;
                assert_eq!(take_field(&mut rest), Some((3, FieldValue::Bytes(&vec![7; length]))));
                assert!(rest.is_empty());
            }
        }
    }

    #[test]
    fn what_is_no_protobuf_is_refused() {
        for bytes in [
            &b"\x0a\x05ab"[..],
            b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
            b"{",
            b"<",
            b"\x02\0",
            b"\x09abc",
        ] {
            assert_eq!(take_field(&mut &*bytes), None, "{}", bytes.escape_ascii());
        }
    }
}
