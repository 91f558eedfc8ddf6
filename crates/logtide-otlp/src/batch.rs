//! Requests made of entries that were written one at a time.

mod entries;
mod groups;

use self::{entries::Entries, groups::Groups};
use crate::{
    Compression, MAX_ENTRIES,
    gzip::Gzip,
    protobuf::{Open, length_tag, put_bytes, put_varint, varint_bytes},
    resource::{SERVICE_NAME, put_attribute},
};

/// Builds the body of a request: groups entries that each name their service into one list for each service.
///
/// A collected entry is its service with a length prefix, followed by a protobuf field.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The attributes that all resources share, and the scope of each list.
    shared: Shared,
    compression: Compression,
    gzip: Gzip,
    groups: Groups,
    /// The body before compression.
    plain: Vec<u8>,
}

#[derive(Debug)]
struct Shared {
    resource: Vec<u8>,
    scope: Vec<u8>,
}

// Field numbers, which are the same for logs and for spans.
const RESOURCE_LIST: u8 = 1;
const RESOURCE: u8 = 1;
const SCOPE_LIST: u8 = 2;
const SCOPE: u8 = 1;
const ENTRY: u8 = 2;
/// The field number of the attributes in a resource.
pub(crate) const RESOURCE_ATTRIBUTES: u8 = 1;

impl Batch {
    /// The capacity kept for the uncompressed body, in bytes: twice the default size of a request.
    const MAX_KEPT_BYTES: usize = 2 << 20;

    /// The most bytes that a service, its resource and its list add, apart from the service's name and the shared attributes.
    const MAX_FRAME_BYTES: usize = 64;

    /// Creates a batch whose resources all have these encoded attributes.
    pub(crate) fn new(resource: Vec<u8>, compression: Compression) -> Self {
        let mut scope = Vec::new();
        put_bytes(&mut scope, 1, logtide_core::Json::SDK_NAME.as_bytes());
        put_bytes(&mut scope, 2, env!("CARGO_PKG_VERSION").as_bytes());
        let mut field = Vec::new();
        put_bytes(&mut field, SCOPE, &scope);
        Self {
            shared: Shared { resource, scope: field },
            compression,
            gzip: Gzip::default(),
            groups: Groups::default(),
            plain: Vec::new(),
        }
    }

    /// Begins an entry of a service, and returns the handle that ends it.
    pub(crate) fn begin_entry(out: &mut Vec<u8>, service: &str) -> Open {
        put_varint(out, service.len() as u64);
        out.extend_from_slice(service.as_bytes());
        out.push(length_tag(ENTRY));
        Open::long(out)
    }

    /// The bytes that [`end`](Self::end) adds for one service. The name does not count, because each entry contains it.
    pub(crate) fn end_bytes(&self) -> usize {
        Self::MAX_FRAME_BYTES + self.shared.resource.len() + self.shared.scope.len()
    }

    /// Turns the entries in the buffer into the body of a request.
    pub(crate) fn end(&mut self, body: &mut Vec<u8>) {
        let Self { shared, plain, groups, .. } = self;
        plain.clear();
        groups.collect(body);
        plain.reserve(body.len() + groups.len() * (shared.resource.len() + shared.scope.len() + 64));
        for group in groups.iter(body) {
            shared.write(group.service, group.entry_bytes, group.entries, plain);
        }
        body.clear();
        match self.compression {
            Compression::Gzip => self.gzip.compress(plain, body),
            Compression::None => body.extend_from_slice(plain),
        }
        plain.clear();
        plain.shrink_to(Self::MAX_KEPT_BYTES);
        groups.clear(MAX_ENTRIES);
    }

    /// The memory that it keeps, in bytes.
    #[cfg(test)]
    pub(crate) fn held_bytes(&self) -> usize {
        self.plain.capacity() + self.groups.held_bytes()
    }
}

impl Shared {
    /// Writes the resource of a service, with the list of its entries.
    fn write<'a>(
        &self,
        service: &str,
        entry_bytes: usize,
        entries: impl Iterator<Item = &'a [u8]>,
        out: &mut Vec<u8>,
    ) {
        let mut attribute = Vec::with_capacity(SERVICE_NAME.len() + service.len() + 16);
        put_attribute(&mut attribute, RESOURCE_ATTRIBUTES, SERVICE_NAME, service);
        let resource = attribute.len() + self.resource.len();
        let list = self.scope.len() + entry_bytes;
        begin_field(out, RESOURCE_LIST, field_bytes(resource) + field_bytes(list));
        begin_field(out, RESOURCE, resource);
        out.extend_from_slice(&attribute);
        out.extend_from_slice(&self.resource);
        begin_field(out, SCOPE_LIST, list);
        out.extend_from_slice(&self.scope);
        entries.for_each(|entry| out.extend_from_slice(entry));
    }
}

/// Begins a field of this length.
fn begin_field(out: &mut Vec<u8>, field: u8, bytes: usize) {
    out.push(length_tag(field));
    put_varint(out, bytes as u64);
}

/// The size of a field whose value has this length.
const fn field_bytes(value: usize) -> usize {
    1 + varint_bytes(value as u64) + value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(services: impl Iterator<Item = String>, bytes: usize) -> Vec<u8> {
        let mut body = Vec::new();
        for service in services {
            let entry = Batch::begin_entry(&mut body, &service);
            body.resize(body.len() + bytes, 0);
            entry.end(&mut body);
        }
        body
    }

    #[test]
    fn a_large_body_leaves_no_memory_behind() {
        let mut batch = Batch::new(Vec::new(), Compression::None);
        batch.end(&mut body((0..100_000).map(|index| index.to_string()), 100));
        assert!(batch.held_bytes() < 4 << 20, "{}", batch.held_bytes());
    }

    #[test]
    fn bodies_of_one_size_use_the_same_memory() {
        let mut batch = Batch::new(Vec::new(), Compression::None);
        let of_requests: Vec<_> = (0..3)
            .map(|_| {
                batch.end(&mut body((0..1_000).map(|_| "api".to_owned()), 300));
                (batch.plain.as_ptr(), batch.held_bytes())
            })
            .collect();
        assert!(of_requests.windows(2).all(|pair| pair[0] == pair[1]), "{of_requests:?}");
    }

    #[test]
    fn what_a_service_adds_is_known_before() {
        for service in ["a", &"x".repeat(300)] {
            for (entries, bytes) in [(1, 0), (1, 100), (1, 100_000), (1_000, 16_000)] {
                let mut resource = Vec::new();
                put_attribute(&mut resource, RESOURCE_ATTRIBUTES, "host.name", &"h".repeat(200));
                let mut batch = Batch::new(resource, Compression::None);
                let mut body = body((0..entries).map(|_| service.to_owned()), bytes);
                let before = body.len();
                batch.end(&mut body);
                assert!(body.len() <= before + batch.end_bytes(), "{entries} entries of {bytes} bytes");
            }
        }
    }

    #[test]
    fn what_is_no_entry_ends_the_body() {
        let mut whole = body(["api".to_owned()].into_iter(), 10);
        let mut with_rest = whole.clone();
        with_rest.extend_from_slice(b"\x03ap");
        let mut batch = Batch::new(Vec::new(), Compression::None);
        batch.end(&mut whole);
        batch.end(&mut with_rest);
        assert_eq!(whole, with_rest);
    }
}
