//! Writes protobuf by hand, so that the server's decoder is not tested against itself.

/// A field of bytes, of text or of another message.
pub(crate) fn field(number: u8, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let bytes = bytes.as_ref();
    [&[number << 3 | 2][..], &varint(bytes.len() as u64), bytes].concat()
}

/// A field with an integer or a boolean.
pub(crate) fn number(number: u8, value: u64) -> Vec<u8> {
    [&[number << 3][..], &varint(value)].concat()
}

/// A field of eight bytes: a time or a double.
pub(crate) fn fixed64(number: u8, value: u64) -> Vec<u8> {
    [&[number << 3 | 1][..], &value.to_le_bytes()].concat()
}

/// A `KeyValue` with an encoded value.
pub(crate) fn pair(key: &str, value: &[u8]) -> Vec<u8> {
    [field(1, key), field(2, value)].concat()
}

/// An `ExportLogsServiceRequest` with one record.
pub(crate) fn logs(resource: &[u8], scope: &[u8], record: &[u8]) -> Vec<u8> {
    let scope_logs = [field(1, scope), field(2, record)].concat();
    field(1, [field(1, resource), field(2, scope_logs)].concat())
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}
