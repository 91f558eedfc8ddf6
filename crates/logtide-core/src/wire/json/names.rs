//! The names of fields that are used again and again.

use super::{
    keys::Signature,
    name::{Kind, Name},
    rendered::Rendered,
};
use crate::{
    CallSite, Content, Level,
    record::{Ending, Key},
};

/// The names of the fields of call sites, and those that were written last of all others.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By its number; none for one that was not asked for.
    call_sites: Vec<Option<Box<Known>>>,
    others: Others,
}

/// What is rendered of a call site.
#[derive(Debug)]
pub(super) struct Known {
    names: Box<[Name]>,
    /// The bits of all names.
    bits: u128,
    /// What stands between the time and the message of its entries without a service of their own, by level.
    heads: [Vec<u8>; Level::ALL.len()],
    /// What stands behind the fields of its entries, by their [`Ending`]; none where it has a name that a field may have.
    tails: [Option<Option<Rendered>>; 3],
    /// Its origin without and with its place.
    origins: [Option<Rendered>; 2],
}

/// The names that were written last. A program has few, and most entries have none that is new.
///
/// It begins with the 64th name, so that a renderer for one entry does not pay for it.
#[derive(Debug, Default)]
struct Others {
    places: Vec<Place>,
    asked: usize,
    /// One that is not kept, so that it costs no memory of its own either.
    passing: Name,
}

#[derive(Clone, Debug, Default)]
struct Place {
    /// As it was given; none while the place is empty.
    given: Option<String>,
    name: Name,
}

impl Names {
    /// The name of that key. The content is the same each time.
    #[inline]
    pub(super) fn get(&mut self, content: &Content, key: Key<'_>) -> &Name {
        match key {
            Key::Indexed(call_site, index) if index < call_site.names().len() => {
                &self.known(content, call_site).names[index]
            }
            _ => self.others.get(content, key.as_str()),
        }
    }

    /// Takes the names of a call site out, so that they can be used beside the others. They are [put back](Self::put_back) after.
    #[inline]
    pub(super) fn take(&mut self, content: &Content, call_site: &CallSite) -> Box<Known> {
        let number = call_site.number() as usize;
        let kept = self.call_sites.get_mut(number).and_then(Option::take);
        kept.unwrap_or_else(|| Box::new(Known::new(content, call_site)))
    }

    /// Puts back what was taken out.
    #[inline]
    pub(super) fn put_back(&mut self, call_site: &CallSite, known: Box<Known>) {
        let number = call_site.number() as usize;
        if self.call_sites.len() <= number {
            self.call_sites.resize_with(number + 1, || None);
        }
        self.call_sites[number] = Some(known);
    }

    /// What is rendered of the call site with that number, if it was asked for.
    #[inline]
    pub(super) fn by_number(&self, number: u32) -> Option<&Known> {
        self.call_sites.get(number as usize)?.as_deref()
    }

    /// The origin of a call site, once it was put there.
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

    /// The name of a field, unless there is something special about its values.
    #[inline]
    pub(super) fn plain(&self, index: usize) -> Option<&Name> {
        self.names.get(index).filter(|name| name.kind == Kind::Plain)
    }

    /// What stands behind the fields of its entries that end so; `make` makes it of the fields that are the same in all of them.
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

    /// Whether it has none of the names of another one.
    #[inline]
    pub(super) fn shares_none(&self, other: &Self) -> bool {
        self.bits & other.bits == 0 || other.names.iter().all(|name| !self.has(name.bit, &name.text))
    }

    /// Whether other fields have none of its names.
    pub(super) fn is_free_of(&self, fields: &Rendered) -> bool {
        self.names.iter().all(|name| !fields.has(name))
    }

    /// Whether it has a name, which has that bit, and a comma in front and a colon behind.
    pub(super) fn has(&self, bit: u128, text: &[u8]) -> bool {
        self.bits & bit != 0 && self.names.iter().any(|name| name.text == text)
    }

    /// What stands between the time and the message of its entries of that level, as the function writes it.
    #[inline]
    pub(super) fn head(&mut self, level: Level, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        let head = &mut self.heads[level as usize];
        if head.is_empty() {
            write(head);
        }
        head
    }
}

/// A log call may give a name twice, or two that are sent as one.
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
    /// Half as many as a [`Signature`] has slots.
    const PLACES: usize = 64;

    /// Longer names are escaped each time.
    const MAX_NAME: usize = 64;

    /// Bytes of memory that stay for the one that is not kept.
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
                // All names meet each other in all places, in turns.
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
