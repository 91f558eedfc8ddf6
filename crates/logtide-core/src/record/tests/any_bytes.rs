//! Bytes that no writer wrote.

use proptest::prelude::*;

use super::{super::*, any_head, any_shape, any_text};
use crate::{
    Breadcrumb, Content, Field, IntoMetadata as _, Json, LogEntry, PayloadLimits, Redaction, Scope,
    Wire as _, bridge::Origin,
};

/// Makes bytes a record: at least a head, and the length in front.
fn as_record(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().max(Record::MIN_BYTES), 0);
    let length = (bytes.len() as u32).to_le_bytes();
    bytes[..4].copy_from_slice(&length);
    bytes
}

/// Reads and renders a record, and checks that it is an entry all the same.
fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let record = Record::first(bytes).expect("the length is right");
    let _ = (record.items().count(), record.time(), record.level(), format!("{record:?}"));
    let limits = PayloadLimits::default().max_field_bytes(20).max_entry_bytes(PayloadLimits::MIN_ENTRY_BYTES);
    let excluding = PayloadLimits::none().exclude_fields(["message", "a"]);
    for content in [
        Content::unchanged().clone(),
        Content::new(&limits, &Redaction::default()),
        Content::new(&excluding, &Redaction::off()),
    ] {
        let largest = content.max_entry_bytes();
        let (mut json, mut body) = (Json::new(content), Vec::new());
        json.begin(&mut body);
        let start = body.len();
        json.write(record, &mut body);
        let entry = std::str::from_utf8(&body[start..]).expect("an entry is UTF-8");
        prop_assert!(entry.len() <= largest);
        let value: serde_json::Value = serde_json::from_str(entry).expect("an entry is JSON");
        let LogEntry { message, metadata, service, .. } = json.entry(record);
        prop_assert_eq!(&value["message"], &message);
        prop_assert_eq!(&value["service"], &service);
        prop_assert_eq!(&value["metadata"], &serde_json::json!(metadata));
        json.write(record, &mut body);
        json.end(&mut body);
        serde_json::from_slice::<serde_json::Value>(&body).expect("a body is JSON");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_an_entry(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Record::first(&bytes).map(|record| record.items().count());
        check(&as_record(bytes))?;
    }

    /// Of the bytes that mean something, so that more is read before it makes no sense.
    #[test]
    fn any_tags_give_an_entry(
        head in prop::array::uniform22(any::<u8>()),
        items in prop::collection::vec(prop_oneof![0xe0_u8..=0xf9, 0_u8..=0x12, Just(0), 0_u8..4], 0..300),
    ) {
        check(&as_record([&head[..], &items].concat()))?;
    }

    #[test]
    fn bytes_changed_in_a_record_give_an_entry(
        head in any_head(), fields in prop::collection::vec((any_text(), any_shape()), 0..4),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()), nests: bool,
    ) {
        let names = ["a", "error", "exception", "host", "constructor", "event_id"].map(Into::into);
        let origin = Origin { logger: Some("l"), module: Some("m"), file: Some("f"), line: Some(1) };
        let call_site = CallSite::new(origin, names).span_name("span").register(0x7e57_0002);
        let mut given = head.head();
        given.call_site = call_site;
        let scope = Scope::new().with(|scope| {
            scope.set_tag("region", "eu");
            scope.add_breadcrumb(Breadcrumb::new("m"));
        });
        let error = "x".parse::<u8>().unwrap_err();
        let span = SpanFields::new(call_site, Content::unchanged(), [("a", 1)].with(&error));

        let mut writer = RecordWriter::default();
        let mut written = head.begin(&mut writer, &given);
        written.message(&head.message);
        for (key, value) in &fields {
            written.metadata(Field(key.as_str(), value));
        }
        written.metadata(&error);
        written.span(&span, true);
        written.span_names();
        if nests {
            written.nest_spans();
        }
        written.origin(true);
        written.scope(&scope);
        let frame = Frame { function: Some("f"), ..Frame::default() };
        let mut bytes = written.finish().with_frames(&[frame]);
        check(&bytes)?;
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        check(&as_record(bytes))?;
    }
}

#[test]
fn a_head_that_says_more_than_there_is_makes_no_record() {
    let bytes = as_record(vec![0; 30]);
    assert!(Record::first(&bytes[..29]).is_none() && Record::first(&bytes[..3]).is_none());
    assert!(Record::first(&21_u32.to_le_bytes().repeat(8)).is_none(), "less than a head");
    let more = [&bytes[..], b"more"].concat();
    assert_eq!(Record::first(&more).map(Record::len), Some(30));
}
