//! Call sites.

mod table;

use std::{borrow::Cow, cell::Cell};

use self::table::TABLE;
use super::layout::MAX_INDEX;
use crate::{Frame, bridge::Origin};

/// The static data of a place in the program that logs or creates spans. Records refer to it by number.
///
/// It is registered once, and kept until the process ends.
#[derive(Debug)]
pub struct CallSite {
    /// The name of the span that is created there. Empty for a log call.
    pub(crate) span_name: &'static str,
    /// The location.
    pub(crate) origin: Origin<'static>,
    pub(crate) column: Option<u32>,
    names: Box<[Name]>,
    service: Option<Name>,
    notes: u64,
    number: u32,
}

impl CallSite {
    /// The maximum number of field names.
    pub const MAX_NAMES: usize = MAX_INDEX as usize + 1;

    /// Creates a call site with the names of its fields. Names beyond [`MAX_NAMES`](Self::MAX_NAMES) are ignored.
    #[must_use]
    pub fn new(origin: Origin<'static>, names: impl IntoIterator<Item = Cow<'static, str>>) -> Self {
        let names = names.into_iter().take(Self::MAX_NAMES).map(Name::new).collect();
        Self { span_name: "", origin, column: None, names, service: None, notes: 0, number: 0 }
    }

    /// Sets the column.
    #[must_use]
    pub fn column(mut self, column: u32) -> Self {
        self.column = Some(column);
        self
    }

    /// Sets the name of the span that is created there.
    #[must_use]
    pub fn span_name(mut self, name: &'static str) -> Self {
        self.span_name = name;
        self
    }

    /// Sets the service of most of its entries, which records then omit.
    #[must_use]
    pub fn service(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.service = Some(Name::new(name.into()));
        self
    }

    /// Sets data for the code that registers it.
    #[must_use]
    pub fn with_notes(mut self, notes: u64) -> Self {
        self.notes = notes;
        self
    }

    /// Returns the matching call site that is registered under an address, or creates and registers one.
    ///
    /// Several call sites may have one address. Returns `None` if 20,000 are registered, for the address 0, and while
    /// the thread registers another one, since that allocates and an allocator may log.
    #[inline]
    pub fn get_or_register(
        address: usize,
        matches: impl Fn(&Self) -> bool,
        make: impl FnOnce() -> Self,
    ) -> Option<&'static Self> {
        match TABLE.find(address, &matches) {
            Some(found) => Some(found),
            None => Self::register_once(address, make),
        }
    }

    #[cold]
    fn register_once(address: usize, make: impl FnOnce() -> Self) -> Option<&'static Self> {
        thread_local! {
            static REGISTERS: Cell<bool> = const { Cell::new(false) };
        }
        if REGISTERS.replace(true) {
            return None;
        }
        let registered = TABLE.register(address, make());
        REGISTERS.set(false);
        registered
    }

    /// Returns the matching call site that is registered under an address.
    #[inline]
    pub fn find(address: usize, matches: impl Fn(&Self) -> bool) -> Option<&'static Self> {
        TABLE.find(address, &matches)
    }

    /// Registers a call site, even if there is an equal one. Returns `None` if 20,000 are registered, and for the
    /// address 0.
    pub fn register(self, address: usize) -> Option<&'static Self> {
        TABLE.register(address, self)
    }

    /// Returns the call site with this number.
    #[must_use]
    #[inline]
    pub fn by_number(number: u32) -> Option<&'static Self> {
        TABLE.get(number)
    }

    /// Its number, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// The data for the code that registered it.
    #[must_use]
    pub const fn notes(&self) -> u64 {
        self.notes
    }

    /// Where it is.
    #[must_use]
    pub const fn origin(&self) -> &Origin<'static> {
        &self.origin
    }

    /// The name of a field.
    #[must_use]
    #[inline]
    pub fn name(&self, index: usize) -> Option<&str> {
        self.names.get(index).map(|name| &*name.text)
    }

    /// The service of entries that have no other one.
    pub(super) fn own_service(&self) -> Option<&str> {
        self.service.as_ref().map(|service| &*service.text)
    }

    /// Whether an entry of this service can omit it. An empty name is that of the default service.
    #[inline]
    pub(super) fn has_service(&self, name: &str) -> bool {
        self.service.as_ref().map_or(name.is_empty(), |service| service.is(name))
    }

    /// The names of its fields, as log calls compare them.
    #[inline]
    pub(super) fn own_names(&self) -> &[Name] {
        &self.names
    }

    /// The names of its fields.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &*name.text)
    }

    /// The location of an error that is reported there.
    #[must_use]
    pub fn frame(&self) -> Option<Frame<'static>> {
        let mut frame = self.origin.frame()?;
        frame.column = self.column;
        Some(frame)
    }
}

/// The name of a field, with its ends as numbers.
#[derive(Debug)]
pub(super) struct Name {
    length: usize,
    ends: [u64; 2],
    text: Cow<'static, str>,
}

impl Name {
    fn new(text: Cow<'static, str>) -> Self {
        Self { length: text.len(), ends: ends(text.as_bytes()), text }
    }

    /// Whether it is that name. It takes a few comparisons: this is asked for each field of a log call.
    #[inline(always)]
    pub(super) fn is(&self, name: &str) -> bool {
        #[cold]
        fn is_long(text: &str, name: &str) -> bool {
            text == name
        }
        // Up to 16 bytes the ends are all of it.
        self.length == name.len()
            && self.ends == ends(name.as_bytes())
            && (name.len() <= 16 || is_long(&self.text, name))
    }
}

/// The first and last eight bytes; of less than eight, all of them.
#[inline(always)]
fn ends(name: &[u8]) -> [u64; 2] {
    let half = |chunk: &[u8; 4]| u64::from(u32::from_le_bytes(*chunk));
    if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        [u64::from_le_bytes(*first), u64::from_le_bytes(*last)]
    } else if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        [half(first), half(last)]
    } else if let [first, .., last] = name {
        // The middle one of three, or one of two again.
        [u64::from(*first) << 16 | u64::from(name[name.len() / 2]) << 8 | u64::from(*last), 0]
    } else {
        [name.first().map_or(0, |byte| u64::from(*byte)), 0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_logs_while_it_is_registered_registers_no_other() {
        static PLACES: [u8; 2] = [0; 2];
        let [outer, inner] = [0, 1].map(|index| std::ptr::from_ref(&PLACES[index]).addr());
        let place = || CallSite::new(Origin::default(), []);
        let register =
            |address, make: &dyn Fn() -> CallSite| CallSite::get_or_register(address, |_| true, make);
        let registered = register(outer, &|| {
            assert!(register(inner, &place).is_none());
            place()
        });
        assert!(registered.is_some_and(|outer| outer.number() > 0) && register(inner, &place).is_some());
    }
}
