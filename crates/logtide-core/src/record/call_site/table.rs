//! The call sites of the process.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use super::CallSite;

/// The call sites of the process.
pub(super) static TABLE: Table = Table([const { OnceLock::new() }; LEVELS]);

/// Hash tables, each four times as large as the previous one, created when needed. Call sites are only ever added.
///
/// There is no lock, so a child that is forked at any time can use it. Nothing is allocated while a slot is claimed,
/// since an allocator may log. If two threads register the same call site at the same time, both may succeed.
pub(super) struct Table([OnceLock<Box<[Slot]>>; LEVELS]);

const LEVELS: usize = 4;

/// The number of slots of the first table.
const FIRST: usize = 256;

/// The number of slots that are checked for an address.
const PROBES: usize = 8;

#[derive(Default)]
struct Slot {
    /// Zero while the slot is free.
    address: AtomicUsize,
    /// Missing for a short time after the slot was claimed. In a child that was forked during that time, forever.
    call_site: OnceLock<Box<CallSite>>,
}

impl Table {
    #[inline]
    pub(super) fn find(&self, address: usize, matches: &impl Fn(&CallSite) -> bool) -> Option<&CallSite> {
        let slot = &self.0[0].get()?[hash(address) % FIRST];
        if slot.address.load(Ordering::Acquire) == address
            && let Some(call_site) = slot.call_site.get().filter(|call_site| matches(call_site))
        {
            return Some(call_site);
        }
        self.search(address, matches)
    }

    /// Visits every slot that an address may have.
    #[cold]
    fn search(&self, address: usize, matches: &impl Fn(&CallSite) -> bool) -> Option<&CallSite> {
        for (level, table) in self.0.iter().enumerate() {
            let slots = table.get()?;
            for index in probes(address, level) {
                let slot = &slots[index];
                let found = slot.address.load(Ordering::Acquire);
                if found == address
                    && let Some(call_site) = slot.call_site.get().filter(|call_site| matches(call_site))
                {
                    return Some(call_site);
                }
                if found == 0 {
                    return None;
                }
            }
        }
        None
    }

    /// `None` if there is no free slot, and for the address that marks free slots.
    #[cold]
    pub(super) fn register(&self, address: usize, call_site: CallSite) -> Option<&CallSite> {
        if address == 0 {
            return None;
        }
        let mut call_site = Box::new(call_site);
        for (level, table) in self.0.iter().enumerate() {
            if table.get().is_none() {
                // One that another thread created first is equivalent.
                let _ = table.set((0..size(level)).map(|_| Slot::default()).collect());
            }
            let slots = table.get()?;
            for index in probes(address, level) {
                let slot = &slots[index];
                let claimed = slot.address.compare_exchange(0, address, Ordering::AcqRel, Ordering::Relaxed);
                if claimed.is_ok() {
                    call_site.number = (before(level) + index + 1) as u32;
                    let _ = slot.call_site.set(call_site);
                    return slot.call_site.get().map(|call_site| &**call_site);
                }
            }
        }
        None
    }

    #[inline]
    pub(super) fn get(&self, number: u32) -> Option<&CallSite> {
        let mut index = (number as usize).checked_sub(1)?;
        for (level, table) in self.0.iter().enumerate() {
            if index < size(level) {
                return table.get()?[index].call_site.get().map(|call_site| &**call_site);
            }
            index -= size(level);
        }
        None
    }
}

/// The number of slots of a table.
const fn size(level: usize) -> usize {
    FIRST << (2 * level)
}

/// The number of slots of all tables before it.
const fn before(level: usize) -> usize {
    (size(level) - FIRST) / 3
}

fn probes(address: usize, level: usize) -> impl Iterator<Item = usize> {
    (0..PROBES).map(move |probe| (hash(address) + probe) % size(level))
}

#[inline]
const fn hash(address: usize) -> usize {
    // An odd number without a pattern: 2^64 divided by the golden ratio. The upper bits depend on all others.
    ((address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::Origin;

    #[test]
    fn places_are_found_again_by_address_and_number_however_many_there_are() {
        let table = Table([const { OnceLock::new() }; LEVELS]);
        let place = |name: String| CallSite::new(Origin::default(), [name.into()]);
        let mut registered = 0;
        for address in 1..30_000_usize {
            let address = address * 24;
            if let Some(call_site) = table.register(address, place(address.to_string())) {
                registered += 1;
                assert!(std::ptr::eq(table.get(call_site.number()).unwrap(), call_site));
            }
        }
        assert!((15_000..=21_760).contains(&registered), "{registered}");
        for address in 1..100_usize {
            let name = (address * 24).to_string();
            let found = table.find(address * 24, &|call_site| call_site.name(0) == Some(&name));
            assert!(found.is_some(), "{address}");
        }
        assert!(
            table.find(7, &|_| true).is_none() && table.get(0).is_none() && table.get(u32::MAX).is_none()
        );
    }

    #[test]
    fn nothing_is_registered_under_the_address_of_free_slots() {
        let table = Table([const { OnceLock::new() }; LEVELS]);
        let place = |name: &'static str| CallSite::new(Origin::default(), [name.into()]);
        assert!(table.register(0, place("none")).is_none());
        for address in 1..200_usize {
            let registered = table.register(address, place("own")).expect("there is room");
            assert_eq!(registered.name(0), Some("own"));
        }
        assert!(table.find(0, &|_| true).is_none());
    }

    #[test]
    fn several_places_share_an_address() {
        let table = Table([const { OnceLock::new() }; LEVELS]);
        for notes in 0..20 {
            assert!(table.find(8, &|call_site| call_site.notes() == notes).is_none());
            table.register(8, CallSite::new(Origin::default(), []).with_notes(notes)).expect("there is room");
        }
        for notes in 0..20 {
            assert!(table.find(8, &|call_site| call_site.notes() == notes).is_some());
        }
    }
}
