//! Records are read as they were written, and any bytes are read without harm.

mod any_bytes;
mod shape;

use std::{error::Error, fmt};

use proptest::prelude::*;

use self::shape::{Shape, any_shape, owned};
use super::*;
use crate::{Field, IntoMetadata as _, SpanId, TraceId, bridge::Origin};

#[test]
fn a_record_without_anything_has_nothing() {
    let mut writer = RecordWriter::default();
    let record = writer.begin(&Head::new(Level::Info, "")).finish();
    assert_eq!(
        (record.len(), record.message(), record.items().next().is_none()),
        (Record::MIN_BYTES, None, true)
    );
    assert!(record.call_site().is_none() && !record.is_final() && !record.has_error());
    let prefix = record.prefix();
    assert_eq!((prefix.service, prefix.trace_id, prefix.span_id), (None, None, None));
    assert_eq!((prefix.session_id, prefix.time, record.time()), (None, None, Timestamp::from_micros(0)));
}

#[test]
fn fields_of_a_call_site_go_by_their_index_in_any_order() {
    let names = ["a", "b", "c"].map(Into::into);
    let call_site = CallSite::new(Origin::default(), names).register(0x7e57_0001);
    let mut head = Head::new(Level::Info, "");
    head.call_site = call_site;
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.field("b", &1);
    fields.field("other", &2);
    fields.field("c", &3);
    fields.field("a", &4);
    fields.indexed(0, &5);
    fields.indexed_display(2, 6);
    fields.indexed(3, &7);
    let record = fields.finish();
    let read: Vec<_> = record
        .items()
        .map(|item| match item {
            Item::Field(key, value) => (matches!(key, Key::Indexed(..)), key.as_str(), owned(value)),
            other => panic!("{other:?}"),
        })
        .collect();
    let (number, text) = (Shape::U8, |text: &str| Shape::Text(text.to_owned()));
    assert_eq!(
        read,
        [
            (true, "b", number(1).expected()),
            (false, "other", number(2).expected()),
            (true, "c", number(3).expected()),
            (false, "a", number(4).expected()),
            (true, "a", number(5).expected()),
            (true, "c", text("6").expected()),
        ]
    );
    assert_eq!(record.call_site().map(CallSite::number), call_site.map(CallSite::number));
}

#[test]
fn the_service_of_a_call_site_is_that_of_no_entry_that_says_another() {
    let mut writer = RecordWriter::default();
    for (address, own) in [(0x7e57_0002, None), (0x7e57_0003, Some("api")), (0x7e57_0004, Some(""))] {
        let call_site = own.into_iter().fold(CallSite::new(Origin::default(), []), CallSite::service);
        let call_site = call_site.register(address);
        for service in ["api", "", "web"] {
            let mut head = Head::new(Level::Info, service);
            head.call_site = call_site;
            let read = writer.begin(&head).finish().service().unwrap_or_default();
            assert_eq!(read, service, "at a place of {own:?}");
        }
    }
}

/// What stands in front of the items, and the message.
fn any_head() -> impl Strategy<Value = AnyHead> {
    let text = || prop::option::of(any_text());
    let numbers = (any::<u64>(), prop::option::of(any::<i64>()), prop::option::of(any::<(u128, u64)>()));
    let event_id = any::<(u64, u128)>().prop_map(|(millis, random)| EventId::new(millis, random));
    let identity = prop::option::of((prop::option::of(event_id), prop::option::of(any::<u64>())));
    (any_text(), [text(), text(), text()], numbers, any_text(), identity).prop_map(
        |(service, [trace_id, span_id, session_id], (nanos, micros, ids), message, identity)| AnyHead {
            identity: identity.map(|(event_id, sequence)| Identity { event_id, sequence }),
            service,
            trace_id,
            span_id,
            session_id,
            nanos,
            micros,
            ids,
            message,
        },
    )
}

#[derive(Debug)]
struct AnyHead {
    service: String,
    trace_id: Option<String>,
    span_id: Option<String>,
    session_id: Option<String>,
    nanos: u64,
    micros: Option<i64>,
    /// Of the W3C form, in place of the texts.
    ids: Option<(u128, u64)>,
    message: String,
    identity: Option<Identity>,
}

impl AnyHead {
    /// Begins a record with a head that is like this one.
    fn begin<'w>(&self, writer: &'w mut RecordWriter, head: &Head<'w>) -> Fields<'w> {
        writer.begin_with(head, head.nanos, &head.ids, head.content, self.identity.as_ref())
    }

    fn head(&self) -> Head<'_> {
        let mut head = Head::new(Level::Error, &self.service);
        (head.nanos, head.time) = (self.nanos, self.micros.map(Timestamp::from_micros));
        head.ids.trace_id = self.trace_id.as_deref().map(Id::from);
        head.ids.span_id = self.span_id.as_deref().map(Id::from);
        if let Some((trace, span)) = self.ids {
            head.ids.trace_id = Some(TraceId::from_random(trace).into());
            head.ids.span_id = Some(SpanId::from_random(span).into());
        }
        head.ids.session_id = self.session_id.as_deref();
        head
    }
}

/// Of any length, and such as have their length in one byte or four.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        1 => (any::<char>(), 200_usize..300).prop_map(|(character, count)| character.to_string().repeat(count)),
    ]
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Failed {
    message: String,
    #[source]
    cause: Option<Box<Self>>,
}

fn any_error() -> impl Strategy<Value = Failed> {
    prop::collection::vec(any_text(), 1..5).prop_map(|messages| {
        let wrap = |cause, message| Some(Box::new(Failed { message, cause }));
        *messages.into_iter().fold(None, wrap).expect("there is a message")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(
        head in any_head(), fields in prop::collection::vec((any_text(), any_shape()), 0..6),
        shown in any_text(), error in any_error(), frames in prop::collection::vec(any_frame(), 0..4), is_final: bool,
    ) {
        let given = head.head();
        let mut writer = RecordWriter::default();
        let mut written = head.begin(&mut writer, &given);
        written.message(&head.message);
        for (key, value) in &fields {
            written.metadata(Field(key.as_str(), value));
        }
        written.display("shown", &shown);
        written.error(&error);
        if is_final {
            written.set_final();
        }
        let record = written.finish();
        let with_frames: Vec<Frame<'_>> = frames.iter().map(AnyFrame::frame).collect();
        let with_frames = record.with_frames(&with_frames);

        for (record, frames) in [(record, &[][..]), (Record::first(&with_frames).unwrap(), &frames)] {
            prop_assert_eq!(record.as_bytes().len(), record.len());
            prop_assert_eq!((record.nanos(), record.level()), (head.nanos, Level::Error));
            prop_assert_eq!(record.message(), Some(head.message.as_str()));
            prop_assert_eq!((record.is_final(), record.has_error()), (is_final, true));
            let filled = |text: &str| !text.is_empty();
            let prefix = record.prefix();
            prop_assert_eq!(prefix.service, Some(head.service.as_str()).filter(|text| filled(text)));
            prop_assert_eq!(prefix.trace_id, given.ids.trace_id.filter(|id| !id.is_empty()));
            prop_assert_eq!(prefix.span_id, given.ids.span_id.filter(|id| !id.is_empty()));
            prop_assert_eq!(prefix.session_id, given.ids.session_id.filter(|text| filled(text)));
            prop_assert_eq!(prefix.time, given.time);
            prop_assert_eq!(prefix.identity(), head.identity.unwrap_or_default());
            prop_assert_eq!(prefix.frames.collect::<Vec<_>>(), frames.iter().map(AnyFrame::frame).collect::<Vec<_>>());

            let mut items = record.items();
            for (key, value) in &fields {
                let Some(Item::Field(read, read_value)) = items.next() else { panic!("a field is missing") };
                prop_assert_eq!((read.as_str(), owned(read_value)), (key.as_str(), value.expected()));
            }
            let Some(Item::Field(key, value)) = items.next() else { panic!("a field is missing") };
            prop_assert_eq!((key.as_str(), value), ("shown", Value::Text(&shown)));
            let Some(Item::Error(read)) = items.next() else { panic!("the error is missing") };
            let mut links = read.links();
            let mut next: Option<&dyn Error> = Some(&error);
            while let Some(link) = next {
                let text = link.to_string();
                let message = if text.trim().is_empty() { "Failed" } else { &text };
                prop_assert_eq!(links.next(), Some(("Failed", message)));
                next = link.source();
            }
            prop_assert_eq!((links.next(), read.place, items.next().is_none()), (None, ErrorPlace::Unknown, true));
        }
    }
}

#[derive(Debug)]
struct AnyFrame {
    texts: [Option<String>; 2],
    numbers: [Option<u32>; 2],
}

impl AnyFrame {
    fn frame(&self) -> Frame<'_> {
        let ([file, function], [line, column]) = (&self.texts, self.numbers);
        Frame { file: file.as_deref(), function: function.as_deref(), line, column }
    }
}

fn any_frame() -> impl Strategy<Value = AnyFrame> {
    let text = || prop::option::of(any_text());
    ([text(), text()], any::<[Option<u32>; 2]>()).prop_map(|(texts, numbers)| AnyFrame { texts, numbers })
}

#[test]
fn a_field_that_fails_or_panics_leaves_one_that_says_so() {
    struct Panics;
    impl crate::IntoMetadata for Panics {
        fn write_to(self, fields: &mut Fields<'_>) {
            fields.field("half", &1);
            panic!("expected in this test")
        }
    }
    struct Fails;
    impl fmt::Display for Fails {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("half of")?;
            Err(fmt::Error)
        }
    }
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&Head::new(Level::Info, ""));
    fields.message(Fails);
    fields.metadata([("kept", 1)].with(None::<()>));
    fields.metadata(Panics);
    fields.display("shown", Fails);
    let record = fields.finish();
    assert_eq!(record.message(), Some("half of"));
    let keys: Vec<_> = record
        .items()
        .map(|item| match item {
            Item::Field(key, _) => key.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys, ["kept", "logtide_error", "shown"]);
}
