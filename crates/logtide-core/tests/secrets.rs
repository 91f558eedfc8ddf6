//! What is secret, excluded or too large is not rendered, whatever it is a part of.

use std::{error::Error, fmt};

use logtide_core::{
    Breadcrumb, CallSite, Content, EMPTY_MESSAGE, Head, IntoMetadata, Json, Level, LogEntry, Metadata,
    PayloadLimits, Record, RecordWriter, Redaction, Scope, Serialized, SpanFields, Stacktrace, TRUNCATED,
    User, Wire as _, bridge::Origin,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Stands in every value that must not leave.
const SECRET: &str = "S3CR3T";

const SECRET_KEYS: [&str; 8] =
    ["password", "apiKeys", "X-Auth-Token", "customer_iban", "cookies", "body", "say \"b\"", "tab\tbed"];

const BACKTRACE: &str = "   0: app::load\n             at ./src/main.rs:12:5\n   1: app::main\n             at ./src/main.rs:3:1\n";

fn content(limits: &PayloadLimits) -> Content {
    let limits = limits.clone().exclude_fields(["body", "say \"b\"", "tab\tbed"]);
    Content::new(&limits, &Redaction::default().keys(["iban"]))
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,12}",
        1 => any::<String>(),
        1 => (any::<char>(), 0usize..4_000).prop_map(|(letter, count)| letter.to_string().repeat(count)),
    ]
}

/// Metadata in which every text under a secret key holds [`SECRET`], and no other does.
fn any_metadata() -> impl Strategy<Value = Map<String, Value>> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            any_object(inner).prop_map(Value::from),
        ]
    });
    any_object(value)
}

fn any_object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    const PLAIN: [&str; 9] =
        ["exception", "error", "breadcrumbs", "sdk", "tags", "user", "hostname", "host", "constructor"];
    let key = prop_oneof![
        2 => "[a-d]{1,2}",
        1 => "\\PC{0,6}",
        2 => prop::sample::select(PLAIN.as_slice()).prop_map(str::to_owned),
        2 => prop::sample::select(SECRET_KEYS.as_slice()).prop_map(str::to_owned),
        1 => Just("prototype".to_owned()),
        1 => Just("__proto__".to_owned()),
    ];
    let field = (key, value).prop_map(|(key, value)| {
        let value = if SECRET_KEYS.contains(&key.as_str()) { filled_with_secrets(value) } else { value };
        (key, value)
    });
    prop::collection::vec(field, 0..6).prop_map(|fields| fields.into_iter().collect())
}

fn filled_with_secrets(value: Value) -> Value {
    match value {
        Value::Array(values) => values.into_iter().chain([SECRET.into()]).map(filled_with_secrets).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(key, value)| (key, filled_with_secrets(value))).collect()
        }
        other => format!("{SECRET} {other}").into(),
    }
}

fn any_scope() -> impl Strategy<Value = Scope> {
    let tags = prop::collection::vec(
        (prop::sample::select(vec!["region", "session_token", "body"]), any_text()),
        0..3,
    );
    let breadcrumbs = prop::collection::vec((any_text(), any_metadata()), 0..6);
    (tags, any_metadata(), breadcrumbs, any_text()).prop_map(|(tags, extras, breadcrumbs, user)| {
        Scope::new().with(|scope| {
            for (key, value) in tags {
                let value = if key == "region" { value } else { format!("{SECRET}{value}") };
                scope.set_tag(key, value);
            }
            scope.set_extras(extras);
            scope.set_user(User::new().id(user));
            for (message, data) in breadcrumbs {
                scope.add_breadcrumb(Breadcrumb::new(message).data(data));
            }
        })
    })
}

fn any_limits() -> impl Strategy<Value = PayloadLimits> {
    let field = prop_oneof![1usize..3_000, Just(usize::MAX)];
    let entry = prop_oneof![3 => 0usize..9_000, 1 => Just(usize::MAX)];
    (field, entry, any::<bool>()).prop_map(|(field, entry, base64)| {
        PayloadLimits::none().max_field_bytes(field).max_entry_bytes(entry).remove_base64(base64)
    })
}

fn any_entry() -> impl Strategy<Value = LogEntry> {
    let message = (any_text(), 1usize..4).prop_map(|(text, times)| text.repeat(times));
    let ids = [(); 3].map(|()| prop::option::of(any_text()));
    (message, any_metadata(), "\\PC{0,120}", ids).prop_map(|(message, metadata, service, ids)| {
        let mut entry = LogEntry::new(Level::Error, service, message).metadata(metadata);
        [entry.trace_id, entry.span_id, entry.session_id] = ids;
        entry
    })
}

/// The text of an entry.
fn text(json: &mut Json, record: Record<'_>) -> String {
    let mut body = Vec::new();
    json.write(record, &mut body);
    String::from_utf8(body).expect("an entry is UTF-8")
}

/// A record with a message and metadata, within a scope.
fn record<'w>(
    writer: &'w mut RecordWriter,
    mut head: Head<'w>,
    scope: Option<&'w Scope>,
    message: &str,
    metadata: impl IntoMetadata,
) -> Record<'w> {
    if let Some(scope) = scope {
        scope.fill(&mut head.ids);
    }
    let mut fields = writer.begin(&head);
    fields.message(message);
    fields.metadata(metadata);
    if let Some(scope) = scope {
        fields.scope(scope);
    }
    fields.finish()
}

/// Checks a rendered entry, and gives it as a value.
fn checked(text: &str, entry: &LogEntry, limits: &PayloadLimits) -> Result<Value, TestCaseError> {
    let value: Value = serde_json::from_str(text).expect("an entry is JSON");
    prop_assert!(!text.contains(SECRET), "{}", text);
    let largest = limits.max_entry_bytes.max(PayloadLimits::MIN_ENTRY_BYTES);
    prop_assert!(text.len() <= largest, "{} > {}", text.len(), largest);
    let own = entry.message.replace('\0', "\u{fffd}");
    let own = if own.is_empty() { EMPTY_MESSAGE } else { &own };
    let message = value["message"].as_str().expect("a message is a text");
    let is_own = message == own
        || message.strip_suffix(TRUNCATED).is_some_and(|start| !start.is_empty() && own.starts_with(start));
    prop_assert!(is_own, "{:?} is not the beginning of {:?}", message, own);
    prop_assert!(value["metadata"].is_object());
    Ok(value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_secret_leaves_whatever_it_is_a_part_of(
        entry in any_entry(), scope in any_scope(), base in any_metadata(), outer in any_metadata(),
        inner in any_metadata(), limits in any_limits(), fails: bool, nests: bool, writes_within: bool,
    ) {
        let content = content(&limits);
        let mut json = Json::new(content.clone()).global_metadata(&base.into_iter().collect());
        let error = Failed(Some(Box::new(Failed(None))));
        let mut head = entry.head();
        // What is not known where an entry is written is left out where it is rendered.
        head.content = if writes_within { &content } else { Content::unchanged() };
        let location = std::panic::Location::caller().into();
        head.location = Some(&location);
        scope.fill(&mut head.ids);
        let call_site = CallSite::new(Origin::default(), []).span_name("span").register(0x5ec2_0001);
        let spans = [inner, outer.clone()].map(|fields| SpanFields::new(call_site, head.content, fields));

        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.message(&entry.message);
        fields.metadata((&entry.metadata).with(Serialized(&outer)).with(fails.then_some(&error)));
        spans.iter().for_each(|span| fields.span(span, true));
        if nests {
            fields.nest_spans();
        }
        fields.span_names();
        fields.scope(&scope);
        let record = fields.finish();
        let value = checked(&text(&mut json, record), &entry, &limits)?;
        let as_value = json.entry(record);
        prop_assert_eq!(&value["message"], &as_value.message);
        prop_assert_eq!(&value["metadata"], &json!(as_value.metadata));
        if let Some(attached) = Stacktrace::parse(BACKTRACE).attach(record) {
            let attached = Record::first(&attached).expect("it stays a record");
            checked(&text(&mut json, attached), &entry, &limits)?;
        }
        // What was left out stays out of an entry that is sent as it is.
        let mut head = as_value.head();
        head.content = Content::unchanged();
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.message(&as_value.message);
        fields.metadata(&as_value.metadata);
        fields.set_final();
        let last = text(&mut json, fields.finish());
        prop_assert_eq!(checked(&last, &entry, &limits)?, value);
    }
}

/// An error that repeats its own cause.
#[derive(Debug)]
struct Failed(Option<Box<Self>>);

impl fmt::Display for Failed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the query for ada failed")
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

fn scope_of_200_kb() -> Scope {
    Scope::new().with(|scope| {
        scope.set_tag("session_token", SECRET);
        scope.set_extra("db_password", SECRET);
        scope.set_extra("rows", vec!["some words ".repeat(900); 20]);
        scope.add_breadcrumb(Breadcrumb::new("login").data([("api_key", SECRET)]));
    })
}

#[test]
fn a_large_entry_in_a_large_scope_keeps_its_message_and_the_bound() {
    let (content, scope) = (Content::default(), scope_of_200_kb());
    let mut head = Head::new(Level::Error, "svc");
    head.content = &content;
    let metadata = (("page", "a page ".repeat(1_400)), ("id", "42".to_owned()));
    let mut writer = RecordWriter::default();
    let record = record(&mut writer, head, Some(&scope), "the query failed", metadata);
    let text = text(&mut Json::new(content.clone()), record);
    assert!(text.len() <= 100 * 1024, "{}", text.len());
    let entry: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(entry["message"], "the query failed");
    assert_eq!((&entry["metadata"]["id"], &entry["metadata"]["_truncated"]), (&json!("42"), &json!(true)));
    assert_eq!(entry["metadata"]["breadcrumbs"][0]["message"], "login");
    assert_eq!(entry["metadata"]["tags"]["session_token"], "[REDACTED]");
    assert!(!entry.to_string().contains(SECRET));
}

/// The text of an entry with an error and its frames, from which fields are excluded.
fn error_without(excluded: &[&str]) -> String {
    let content =
        Content::new(&PayloadLimits::default().exclude_fields(excluded.to_vec()), &Redaction::default());
    let error = Failed(Some(Box::new(Failed(None))));
    let owned = Metadata::from_fields(&error);
    let mut texts = String::new();
    for metadata in [owned, Metadata::new()] {
        let mut head = Head::new(Level::Error, "svc");
        head.content = &content;
        let location = std::panic::Location::caller().into();
        head.location = Some(&location);
        let (mut writer, mut json) = (RecordWriter::default(), Json::new(content.clone()));
        let record = record(&mut writer, head, None, "m", (&metadata).with(&error));
        texts.push_str(&text(&mut json, record));
        if let Some(attached) = Stacktrace::parse(BACKTRACE).attach(record) {
            texts.push_str(&text(&mut json, Record::first(&attached).expect("it stays a record")));
        }
    }
    texts
}

#[test]
fn texts_that_repeat_an_excluded_field_of_an_error_are_left_out_too() {
    assert!(
        error_without(&[]).contains("the query for ada failed") && error_without(&[]).contains("app::load")
    );
    assert!(!error_without(&["message"]).contains("the query"));
    assert!(error_without(&["message"]).contains("app::load"), "frames are left in");
    for excluded in ["function", "file"] {
        let text = error_without(&[excluded]);
        assert!(
            text.contains("the query") && !text.contains("app::load") && !text.contains("main.rs"),
            "{text}"
        );
    }
    assert!(
        error_without(&[]).contains(r#""raw":"Failed"#) && !error_without(&["raw"]).contains(r#""raw":"#)
    );
    let text = error_without(&["error", "exception"]);
    assert!(!text.contains("the query") && !text.contains("app::load"), "{text}");
}

#[test]
fn frames_that_are_attached_keep_the_limits() {
    let limits = PayloadLimits::default().max_entry_bytes(6_000).max_field_bytes(1_000);
    let content = Content::new(&limits, &Redaction::default());
    let error = Failed(None);
    let mut head = Head::new(Level::Error, "svc");
    head.content = &content;
    let location = std::panic::Location::caller().into();
    head.location = Some(&location);
    let (mut writer, mut json) = (RecordWriter::default(), Json::new(content.clone()));
    let message = "m".repeat(4_000);
    let record = record(&mut writer, head, None, &message, &error);
    assert!(text(&mut json, record).len() < 6_000);
    let frames: String =
        (0..90).map(|n| format!("  {n}: app::function_{n}\n             at ./src/main.rs:{n}:5\n")).collect();
    let attached = Stacktrace::parse(&frames).attach(record).unwrap();
    let attached = text(&mut json, Record::first(&attached).expect("it stays a record"));
    assert!(attached.len() <= 6_000, "{}", attached.len());
    let entry: Value = serde_json::from_str(&attached).unwrap();
    let exception = &entry["metadata"]["exception"];
    assert_eq!(exception["stacktrace"][0]["function"], "app::function_0");
    for text in [&exception["raw"], &entry["metadata"]["error"]["stack"]] {
        assert!(text.as_str().is_none_or(|text| text.len() <= 1_000 + TRUNCATED.len()), "{text}");
    }
}

#[test]
fn names_of_call_sites_and_fields_of_spans_are_redacted_where_they_are_rendered() {
    let content = content(&PayloadLimits::none().max_field_bytes(100));
    let fields = (("token", SECRET.to_owned()), ("page", "a page ".repeat(100)));
    let place = |names: [&'static str; 2]| {
        let call_site = CallSite::new(Origin::default(), names.map(Into::into)).span_name("span");
        call_site.register(0x5ec2_0002).expect("there is room")
    };
    let span = SpanFields::new(Some(place(["token", "page"])), Content::unchanged(), fields);
    let mut head = Head::new(Level::Info, "svc");
    head.call_site = Some(place(["body", "password"]));
    let mut json = Json::new(content);
    for nests in [true, false] {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.indexed(0, SECRET);
        fields.indexed_display(1, SECRET);
        fields.span(&span, true);
        if nests {
            fields.nest_spans();
        }
        let entry: Value = serde_json::from_str(&text(&mut json, fields.finish())).unwrap();
        let metadata = &entry["metadata"];
        let page = format!("{}{TRUNCATED}", &"a page ".repeat(100)[..100]);
        let of_span = if nests { &metadata["span"] } else { metadata };
        assert_eq!((&of_span["token"], &of_span["page"]), (&json!("[REDACTED]"), &json!(page)));
        assert_eq!((&metadata["body"], &metadata["password"]), (&json!("[EXCLUDED]"), &json!("[REDACTED]")));
    }
}

#[test]
fn every_part_of_a_scope_can_be_excluded() {
    let limits = PayloadLimits::default().exclude_fields(["breadcrumbs", "tags", "user", "rows"]);
    let content = Content::new(&limits, &Redaction::off());
    let scope = scope_of_200_kb().with(|scope| {
        scope.set_user(User::new().id(SECRET));
        scope.remove_extra("db_password");
    });
    let mut head = Head::new(Level::Info, "svc");
    head.content = &content;
    let mut writer = RecordWriter::default();
    let record = record(&mut writer, head, Some(&scope), "m", ());
    let entry: Value = serde_json::from_str(&text(&mut Json::new(content.clone()), record)).unwrap();
    let mut metadata: Map<String, Value> = entry["metadata"].as_object().unwrap().clone();
    assert!(metadata.remove("sdk").is_some());
    let expected = ["breadcrumbs", "tags", "user", "rows"].map(|key| (key.to_owned(), json!("[EXCLUDED]")));
    assert_eq!(metadata, expected.into_iter().collect());
}
