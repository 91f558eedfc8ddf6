//! A cache of field names.

use super::{
    keys::Signature,
    name::{Kind, Name},
    rendered::Rendered,
};
use crate::{
    CallSite, Content, Level,
    record::{Ending, Key},
};

/// The field names of call sites, and the most recent other names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By number. None until it is needed.
    call_sites: Vec<Option<Box<Known>>>,
    others: Others,
}

/// The rendered parts of a call site.
#[derive(Debug)]
pub(super) struct Known {
    names: Box<[Name]>,
    /// The bits of all names.
    bits: u128,
    /// The part between the time and the message of its entries without a service of their own, by level.
    heads: [Vec<u8>; Level::ALL.len()],
    /// The part after the fields of its entries, by their [`Ending`]. None if it has a name that a field may have.
    tails: [Option<Option<Rendered>>; 3],
    /// Its origin without and with its location.
    origins: [Option<Rendered>; 2],
}

/// The most recent names. A program has few, and most entries have no new one.
///
/// It starts at the 64th name, so that a renderer for one entry does not pay for it.
#[derive(Debug, Default)]
struct Others {
    places: Vec<Place>,
    asked: usize,
    /// A name that is not cached, which reuses memory.
    passing: Name,
}

#[derive(Clone, Debug, Default)]
struct Place {
    /// The original name. None while the slot is empty.
    given: Option<String>,
    name: Name,
}

impl Names {
    /// The name of a key. The content is the same each time.
    #[inline]
    pub(super) fn get(&mut self, content: &Content, key: Key<'_>) -> &Name {
        match key {
            Key::Indexed(call_site, index) if index < call_site.names().len() => {
                &self.known(content, call_site).names[index]
            }
            _ => self.others.get(content, key.as_str()),
        }
    }

    /// Removes the names of a call site, so that they can be used together with the others. [Put them
    /// back](Self::put_back) afterwards.
    #[inline]
    pub(super) fn take(&mut self, content: &Content, call_site: &CallSite) -> Box<Known> {
        let number = call_site.number() as usize;
        let kept = self.call_sites.get_mut(number).and_then(Option::take);
        kept.unwrap_or_else(|| Box::new(Known::new(content, call_site)))
    }

    /// Puts back what was removed.
    #[inline]
    pub(super) fn put_back(&mut self, call_site: &CallSite, known: Box<Known>) {
        let number = call_site.number() as usize;
        if self.call_sites.len() <= number {
            self.call_sites.resize_with(number + 1, || None);
        }
        self.call_sites[number] = Some(known);
    }

    /// The rendered parts of the call site with this number, if they exist.
    #[inline]
    pub(super) fn by_number(&self, number: u32) -> Option<&Known> {
        self.call_sites.get(number as usize)?.as_deref()
    }

    /// The origin of a call site, if it was stored.
    pub(super) fn origin(
        &mut self,
        content: &Content,
        call_site: &CallSite,
        with_place: bool,
    ) -> &mut Option<Rendered> {
        &mut self.known(content, call_site).origins[usize::from(with_place)]
    }

    #[inline]
    pub(super) fn known(&mut self, content: &Content, call_site: &CallSite) -> &mut Known {
        let number = call_site.number() as usize;
        if self.call_sites.len() <= number {
            self.call_sites.resize_with(number + 1, || None);
        }
        self.call_sites[number].get_or_insert_with(|| Box::new(Known::new(content, call_site)))
    }
}

impl Known {
    #[cold]
    fn new(content: &Content, call_site: &CallSite) -> Self {
        let names = names_of(content, call_site);
        let bits = names.iter().fold(0, |bits, name| bits | name.bit);
        Self { names, bits, heads: Default::default(), tails: Default::default(), origins: [None, None] }
    }

    /// The name of a field, unless its values need special treatment.
    #[inline]
    pub(super) fn plain(&self, index: usize) -> Option<&Name> {
        self.names.get(index).filter(|name| name.kind == Kind::Plain)
    }

    /// The part after the fields of its entries with this ending. `make` creates it from the fields that are the same
    /// in all of them.
    #[inline]
    pub(super) fn tail(&mut self, ending: Ending, make: impl FnOnce() -> Rendered) -> Option<&Rendered> {
        let Self { names, tails, .. } = self;
        let tail = tails[ending as usize].get_or_insert_with(|| {
            let rendered = make();
            let is_free = names.iter().all(|name| !rendered.has(name));
            is_free.then_some(rendered)
        });
        tail.as_ref()
    }

    /// Whether it shares no name with another one.
    #[inline]
    pub(super) fn shares_none(&self, other: &Self) -> bool {
        self.bits & other.bits == 0 || other.names.iter().all(|name| !self.has(name.bit, &name.text))
    }

    /// Whether other fields have none of its names.
    pub(super) fn is_free_of(&self, fields: &Rendered) -> bool {
        self.names.iter().all(|name| !fields.has(name))
    }

    /// Whether it has a name with this bit, with a comma before it and a colon after it.
    pub(super) fn has(&self, bit: u128, text: &[u8]) -> bool {
        self.bits & bit != 0 && self.names.iter().any(|name| name.text == text)
    }

    /// The part between the time and the message of its entries of this level, as the function writes it.
    #[inline]
    pub(super) fn head(&mut self, level: Level, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        let head = &mut self.heads[level as usize];
        if head.is_empty() {
            write(head);
        }
        head
    }
}

/// A log call may pass a name twice, or two names that are sent as one.
fn names_of(content: &Content, call_site: &CallSite) -> Box<[Name]> {
    let mut names: Box<[Name]> = call_site.names().map(|name| Name::new(content, name)).collect();
    for at in 1..names.len() {
        let (former, rest) = names.split_at_mut(at);
        if rest[0].kind == Kind::Plain && former.iter().any(|name| name.text == rest[0].text) {
            rest[0].kind = Kind::Repeated;
        }
    }
    names
}

impl Others {
    /// Half the number of slots of a [`Signature`].
    const PLACES: usize = 64;

    /// Longer names are escaped each time.
    const MAX_NAME: usize = 64;

    /// The memory that is kept for a name that is not cached, in bytes.
    const MAX_KEPT_BYTES: usize = 4 << 10;

    #[inline]
    fn get(&mut self, content: &Content, given: &str) -> &Name {
        if self.places.is_empty() || given.len() > Self::MAX_NAME {
            self.begin();
            self.passing.rewrite(content, given);
            self.passing.shrink_to(Self::MAX_KEPT_BYTES);
            return &self.passing;
        }
        let place = &mut self.places[Signature::of(given.as_bytes()).slot() % Self::PLACES];
        if place.given.as_deref() != Some(given) {
            place.rewrite(content, given);
        }
        &place.name
    }

    fn begin(&mut self) {
        self.asked += 1;
        if self.asked == Self::PLACES {
            self.places.resize_with(Self::PLACES, Place::default);
        }
    }
}

impl Place {
    #[cold]
    fn rewrite(&mut self, content: &Content, given: &str) {
        let mut kept = self.given.take().unwrap_or_default();
        kept.clear();
        kept.push_str(given);
        self.given = Some(kept);
        self.name.rewrite(content, given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PayloadLimits, Redaction, bridge::Origin};

    fn warm(content: &Content) -> Names {
        let mut names = Names::default();
        (0..Others::PLACES).for_each(|_| drop(names.get(content, Key::Text("a")).clone()));
        assert_eq!(names.others.places.len(), Others::PLACES);
        names
    }

    fn text(name: &Name) -> (String, Option<&'static str>) {
        (String::from_utf8(name.quoted().to_vec()).unwrap(), name.replacement)
    }

    #[test]
    fn a_name_that_is_kept_is_as_one_that_is_new() {
        let kept = ["", "a", "b\"", "b\\\"", "__proto__", "_proto_", "token", "host", "\0", "\u{fffd}"];
        for content in [Content::default(), Content::new(&PayloadLimits::none(), &Redaction::off())] {
            let mut names = warm(&content);
            for round in 0..300 {
                // All names compete for all slots, in turns.
                let name = format!("{}{}", kept[round % kept.len()], round / 7 % 5);
                for name in [name.as_str(), kept[round % kept.len()]] {
                    let new = text(&Name::new(&content, name));
                    assert_eq!(text(names.get(&content, Key::Text(name))), new, "{name:?}");
                }
            }
        }
    }

    #[test]
    fn names_that_are_not_kept_are_escaped_in_the_same_memory() {
        for mut names in [Names::default(), warm(Content::unchanged())] {
            for name in ["x".repeat(200), "y".repeat(100), "z".repeat(65)] {
                let name = names.get(Content::unchanged(), Key::Text(&name)).clone();
                assert_eq!(text(&name).0, format!("\"{}\"", name.plain));
            }
            let kept =
                |names: &Names| names.others.passing.text.capacity() + names.others.passing.plain.capacity();
            assert!(kept(&names) >= 400);
            drop(names.get(Content::unchanged(), Key::Text(&"long".repeat(100_000))).clone());
            drop(names.get(Content::unchanged(), Key::Text(&"x".repeat(65))).clone());
            assert!(kept(&names) <= 3 * Others::MAX_KEPT_BYTES, "{}", kept(&names));
            assert!(
                names
                    .others
                    .places
                    .iter()
                    .all(|place| place.given.as_ref().is_none_or(|given| given.len() <= 1))
            );
        }
    }

    #[test]
    fn names_that_are_sent_as_one_are_plain_once() {
        let names = ["a", "b", "a", "__proto__", "_proto_", "n\0", "n\u{fffd}", "host", "host", "a"];
        let call_site = CallSite::new(Origin::default(), names.map(Into::into))
            .register(0x5171_0002)
            .expect("there is room");
        let mut names = Names::default();
        let plain = (0..10).filter(|index| {
            names.get(Content::unchanged(), Key::Indexed(call_site, *index)).kind == Kind::Plain
        });
        assert_eq!(plain.collect::<Vec<_>>(), [0, 1, 3, 5]);
    }

    #[test]
    fn names_of_a_call_site_are_known_by_their_index() {
        let call_site = CallSite::new(Origin::default(), ["a".into(), "password".into(), "a\0".into()])
            .register(0x5171_0001)
            .expect("there is room");
        let (content, mut names) = (Content::default(), Names::default());
        for _ in 0..2 {
            let texts = [0, 1, 2].map(|index| text(names.get(&content, Key::Indexed(call_site, index))));
            let expected = [("\"a\"", None), ("\"password\"", Some("[REDACTED]")), ("\"a\u{fffd}\"", None)];
            assert_eq!(texts, expected.map(|(text, replacement)| (text.to_owned(), replacement)));
        }
    }
}
