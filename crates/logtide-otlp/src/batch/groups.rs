//! Entries grouped by service.

use std::{collections::BTreeMap, ops::Range};

use super::Entries;

/// The services of a body in order of first appearance, and the entries of each in order.
#[derive(Debug, Default)]
pub(super) struct Groups {
    groups: Vec<Group>,
    /// The number of the group, and the position of the entry.
    entries: Vec<(usize, Range<usize>)>,
}

#[derive(Debug)]
struct Group {
    service: Range<usize>,
    entries: usize,
    bytes: usize,
}

/// The entries of a service.
pub(super) struct OfService<'a, I> {
    pub(super) service: &'a str,
    pub(super) entry_bytes: usize,
    pub(super) entries: I,
}

impl Groups {
    /// Reads the entries of a body.
    pub(super) fn collect(&mut self, body: &[u8]) {
        self.groups.clear();
        self.entries.clear();
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let (mut last, mut number) = ("", 0);
        for entry in Entries::of(body) {
            if self.groups.is_empty() || entry.service != last {
                number = *numbers.entry(entry.service).or_insert(self.groups.len());
                last = entry.service;
            }
            if number == self.groups.len() {
                let service = entry.start - entry.service.len()..entry.start;
                self.groups.push(Group { service, entries: 0, bytes: 0 });
            }
            let group = &mut self.groups[number];
            group.entries += 1;
            group.bytes += entry.end - entry.start;
            self.entries.push((number, entry.start..entry.end));
        }
        if self.groups.len() > 1 {
            // A stable sort keeps the order within a group.
            self.entries.sort_by_key(|(number, _)| *number);
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.groups.len()
    }

    /// Returns the services of the body that was read, with their entries.
    pub(super) fn iter<'a>(
        &'a self,
        body: &'a [u8],
    ) -> impl Iterator<Item = OfService<'a, impl Iterator<Item = &'a [u8]>>> {
        let mut rest = &*self.entries;
        self.groups.iter().map(move |group| {
            let (entries, behind) = rest.split_at(group.entries);
            rest = behind;
            OfService {
                service: std::str::from_utf8(&body[group.service.clone()]).unwrap_or_default(),
                entry_bytes: group.bytes,
                entries: entries.iter().map(move |(_, at)| &body[at.clone()]),
            }
        })
    }

    /// Removes all entries, and keeps no more capacity than `most` entries need.
    pub(super) fn clear(&mut self, most: usize) {
        self.groups.clear();
        self.entries.clear();
        self.groups.shrink_to(most);
        self.entries.shrink_to(most);
    }

    #[cfg(test)]
    pub(super) fn held_bytes(&self) -> usize {
        self.groups.capacity() * size_of::<Group>()
            + self.entries.capacity() * size_of::<(usize, Range<usize>)>()
    }
}
