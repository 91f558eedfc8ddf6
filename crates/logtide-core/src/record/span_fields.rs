//! The fields of a span.

use super::{CallSite, Fields, Item, Items, Value};
use crate::{Content, IntoMetadata};

/// The fields of a span, written once and copied into the records of its entries.
#[derive(Clone, Debug, Default)]
pub struct SpanFields {
    call_site: Option<&'static CallSite>,
    items: Vec<u8>,
}

impl SpanFields {
    /// Writes the fields of a span that is created at a call site.
    #[must_use]
    pub fn new(call_site: Option<&'static CallSite>, content: &Content, fields: impl IntoMetadata) -> Self {
        let mut items = Vec::new();
        Fields::new(&mut items, content, None, call_site).metadata(fields);
        items.shrink_to_fit();
        Self { call_site, items }
    }

    /// Returns the fields with later ones of the same call site. Fields of the same name are replaced, and so is an
    /// error.
    #[must_use]
    pub fn updated(&self, newer: &Self) -> Self {
        let names = |fields: &Self| {
            Items::new(&fields.items, fields.call_site)
                .filter_map(|item| name(&item).map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let replaced = names(newer);
        let has_error = Items::new(&newer.items, newer.call_site).any(|item| matches!(item, Item::Error(_)));
        let mut items = newer.items.clone();
        self.copy_to(&mut items, |item| match name(item) {
            Some(name) => replaced.iter().all(|replaced| replaced != name),
            None => !(has_error && matches!(item, Item::Error(_))),
        });
        // Without a call site there are names instead of indexes.
        Self { call_site: self.call_site.or(newer.call_site), items }
    }

    /// Returns the fields without those for whose name this is true.
    #[must_use]
    pub fn without(&self, is_left_out: impl Fn(&str) -> bool) -> Self {
        let mut items = Vec::with_capacity(self.items.len());
        self.copy_to(&mut items, |item| name(item).is_none_or(|name| !is_left_out(name)));
        Self { call_site: self.call_site, items }
    }

    /// The value of a field, if it is a text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        Items::new(&self.items, self.call_site).find_map(|item| match item {
            Item::Field(key, Value::Text(text)) if key.as_str() == name => Some(text),
            _ => None,
        })
    }

    /// The message of the error among the fields.
    #[must_use]
    pub fn error_message(&self) -> Option<&str> {
        Items::new(&self.items, self.call_site).find_map(|item| match item {
            Item::Error(error) => Some(error.links().next().map_or("", |(_, message)| message)),
            _ => None,
        })
    }

    /// Removes the message, if the fields are those of an event that has one.
    #[must_use]
    pub fn take_message(&mut self) -> Option<String> {
        let (mut items, mut message) = (Vec::with_capacity(self.items.len()), None);
        let mut all = Items::new(&self.items, self.call_site);
        loop {
            if let Some(text) = all.next_message() {
                message = message.or_else(|| Some(text.to_owned()));
                continue;
            }
            let before = all.rest();
            if all.next().is_none() {
                break;
            }
            items.extend_from_slice(&before[..before.len() - all.rest().len()]);
        }
        if message.is_some() {
            self.items = items;
        }
        message
    }

    /// Adds the items of which this is true.
    fn copy_to(&self, out: &mut Vec<u8>, is_wanted: impl Fn(&Item<'_>) -> bool) {
        let mut items = Items::new(&self.items, self.call_site);
        loop {
            let before = items.rest();
            let Some(item) = items.next() else { break };
            if is_wanted(&item) {
                out.extend_from_slice(&before[..before.len() - items.rest().len()]);
            }
        }
    }

    /// Adds them as one item.
    pub(super) fn write_whole(&self, out: &mut Vec<u8>) {
        Fields::of_items(out, Content::unchanged()).span(self, true);
    }

    /// The call site that created them.
    #[must_use]
    pub const fn call_site(&self) -> Option<&'static CallSite> {
        self.call_site
    }

    pub(super) fn items(&self) -> &[u8] {
        &self.items
    }
}

fn name<'a>(item: &Item<'a>) -> Option<&'a str> {
    match item {
        Item::Field(key, _) => Some(key.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Head, Json, Level, RecordWriter, Redaction, bridge::Origin};

    fn metadata(span: &SpanFields) -> crate::Metadata {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&Head::new(Level::Info, ""));
        fields.span(span, true);
        Json::new(Content::new(&crate::PayloadLimits::none(), &Redaction::off()))
            .entry(fields.finish())
            .metadata
    }

    #[test]
    fn what_is_recorded_later_takes_the_place_of_the_former() {
        let names = ["a", "b"].map(Into::into);
        let call_site = CallSite::new(Origin::default(), names).register(0x59a4_0001);
        for call_site in [None, call_site] {
            let span =
                |fields: &[(&str, u32)]| SpanFields::new(call_site, Content::unchanged(), fields.to_vec());
            let updated = span(&[("a", 1), ("c", 2)]).updated(&span(&[("b", 3), ("a", 4)]));
            let metadata = metadata(&updated);
            let read = |key| metadata.get(key).and_then(serde_json::Value::as_u64);
            assert_eq!(["a", "b", "c"].map(read), [Some(4), Some(3), Some(2)]);
        }
    }

    #[test]
    fn fields_are_looked_up_and_left_out_by_name_and_the_message_is_taken_once() {
        struct Event;
        impl IntoMetadata for Event {
            fn write_to(self, fields: &mut Fields<'_>) {
                fields.field("a", "one");
                fields.message("said");
                fields.field("b", &2);
                fields.error(&"x".parse::<u16>().unwrap_err());
            }
        }
        let mut span = SpanFields::new(None, Content::unchanged(), Event);
        assert_eq!((span.text("a"), span.text("b"), span.text("said")), (Some("one"), None, None));
        assert_eq!(span.error_message(), Some("invalid digit found in string"));
        assert_eq!((span.take_message().as_deref(), span.take_message()), (Some("said"), None));
        let metadata = metadata(&span.without(|name| name == "a"));
        assert_eq!((metadata.get("a"), metadata.get("b")), (None, Some(&2.into())));
        assert!(metadata.contains_key("exception"));
        assert_eq!(SpanFields::default().error_message(), None);
    }

    #[test]
    fn a_span_that_is_recorded_again_and_again_does_not_grow() {
        let mut span = SpanFields::default();
        let mut size = None;
        for attempt in 10..90_u8 {
            let error = "x".parse::<u16>().unwrap_err();
            let newer = [("attempt", attempt)].with(&error);
            span = span.updated(&SpanFields::new(None, Content::unchanged(), newer));
            assert_eq!(span.items().len(), *size.get_or_insert_with(|| span.items().len()));
        }
        let metadata = metadata(&span);
        assert_eq!(metadata.get("attempt"), Some(&89.into()));
        assert!(metadata.contains_key("error") && metadata.contains_key("exception"));
    }

    #[test]
    fn fields_that_are_recorded_before_or_after_their_place_is_registered_are_kept() {
        static PLACE: u8 = 0;
        let registered = CallSite::get_or_register(
            std::ptr::from_ref(&PLACE).addr(),
            |_| false,
            || CallSite::new(Origin::default(), ["a".into(), "b".into()]),
        );
        let fields = |call_site, values: [(&'static str, u8); 2]| {
            SpanFields::new(call_site, Content::unchanged(), values)
        };
        for (former, newer) in [(None, registered), (registered, None), (registered, registered)] {
            let updated = fields(former, [("a", 1), ("c", 2)]).updated(&fields(newer, [("a", 3), ("b", 4)]));
            let mut names: Vec<_> = Items::new(&updated.items, updated.call_site)
                .filter_map(|item| name(&item).map(str::to_owned))
                .collect();
            names.sort_unstable();
            assert_eq!(names, ["a", "b", "c"]);
        }
    }
}
