//! Reading collected entries.

use crate::protobuf::{FieldValue, take_field, take_varint};

/// Reads services and fields of entries. Ends at the first bytes that are not valid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
}

/// An entry: its service, and the position of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) service: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'a> Entries<'a> {
    pub(super) const fn of(body: &'a [u8]) -> Self {
        Self { whole: body, rest: body }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let length = usize::try_from(take_varint(&mut self.rest)?).ok()?;
        let (service, mut rest) = self.rest.split_at_checked(length)?;
        let start = self.whole.len() - rest.len();
        let (_, FieldValue::Bytes(_)) = take_field(&mut rest)? else { return None };
        let end = self.whole.len() - rest.len();
        self.rest = rest;
        Some(Entry { service: std::str::from_utf8(service).ok()?, start, end })
    }
}
