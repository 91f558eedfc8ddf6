//! What is secret, excluded or too large does not leave an encoder, whatever it is a part of.

use std::{error::Error, fmt};

use logtide_core::{
    BaseMetadata, Breadcrumb, Content, EMPTY_MESSAGE, Encoder, Head, IntoMetadata as _, Key, Level, LogEntry,
    Metadata, PayloadLimits, Prepared, Redaction, Scope, Serialized, Stacktrace, TRUNCATED, Timestamp, User,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const NOW: Timestamp = Timestamp::from_micros(0);

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
                scope.add_breadcrumb(Breadcrumb::new(message).data(data), NOW);
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

/// Checks an encoded entry, and gives it as a value.
fn checked(bytes: &[u8], entry: &LogEntry, limits: &PayloadLimits) -> Result<Value, TestCaseError> {
    let text = std::str::from_utf8(bytes).expect("an entry is UTF-8");
    let value: Value = serde_json::from_str(text).expect("an entry is JSON");
    prop_assert!(!text.contains(SECRET), "{}", text);
    let largest = limits.max_entry_bytes.max(PayloadLimits::MIN_ENTRY_BYTES);
    prop_assert!(bytes.len() <= largest, "{} > {}", bytes.len(), largest);
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
        entry in any_entry(), scope in any_scope(), base in any_metadata(), prepared in any_metadata(),
        nested in any_metadata(), limits in any_limits(), fails: bool,
    ) {
        let (content, other) = (content(&limits), Content::default());
        let error = Failed(Some(Box::new(Failed(None))));
        let mut head = entry.head(NOW, Some(std::panic::Location::caller().into()));
        head.content = &content;
        head.inherit(&scope);
        let base = BaseMetadata::new(&base.into_iter().collect());
        // One is encoded for other limits, without redaction.
        let prepared = Prepared::new(Content::unchanged(), prepared);
        let own = (&entry.metadata).with(&prepared).with(Serialized(&nested)).with(fails.then_some(&error));
        let mut encoder = Encoder::default();
        let bytes = encoder.encode(&head, &entry.message, own, &base).to_vec();
        checked(&bytes, &entry, &limits)?;
        if let Some(attached) = Stacktrace::parse(BACKTRACE).attach(&bytes, &content) {
            checked(&attached, &entry, &limits)?;
        }
        let read = LogEntry::from_encoded(&head, &bytes).expect("an entry can be read back");
        checked(read.encode(&mut encoder, NOW, &BaseMetadata::empty()), &entry, &PayloadLimits::none())?;
        // Scope, base and breadcrumbs are encoded for the first content that they meet.
        head.content = &other;
        let _ = encoder.encode(&head, "m", (), &base);
        head.content = &content;
        checked(encoder.encode(&head, &entry.message, (), &base), &entry, &limits)?;
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
        scope.add_breadcrumb(Breadcrumb::new("login").data([("api_key", SECRET)]), NOW);
    })
}

#[test]
fn a_large_entry_in_a_large_scope_keeps_its_message_and_the_bound() {
    let (content, scope) = (Content::default(), scope_of_200_kb());
    let mut head = Head::new(NOW, Level::Error, "svc");
    head.content = &content;
    head.inherit(&scope);
    let mut encoder = Encoder::default();
    let metadata = (("page", "a page ".repeat(1_400)), ("id", "42".to_owned()));
    let bytes = encoder.encode(&head, "the query failed", metadata, &BaseMetadata::default());
    assert!(bytes.len() <= 100 * 1024, "{}", bytes.len());
    let entry: Value = serde_json::from_slice(bytes).unwrap();
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
        let mut head = Head::new(NOW, Level::Error, "svc");
        head.content = &content;
        head.location = Some(std::panic::Location::caller().into());
        let mut encoder = Encoder::default();
        let bytes = encoder.encode(&head, "m", (&metadata).with(&error), &BaseMetadata::empty()).to_vec();
        texts.push_str(&String::from_utf8_lossy(&bytes));
        if let Some(attached) = Stacktrace::parse(BACKTRACE).attach(&bytes, &content) {
            texts.push_str(&String::from_utf8_lossy(&attached));
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
    assert!(!error_without(&["raw"]).contains(r#""raw":"secrets"#));
    let text = error_without(&["error", "exception"]);
    assert!(!text.contains("the query") && !text.contains("app::load"), "{text}");
}

#[test]
fn frames_that_are_attached_keep_the_limits() {
    let limits = PayloadLimits::default().max_entry_bytes(6_000).max_field_bytes(1_000);
    let content = Content::new(&limits, &Redaction::default());
    let error = Failed(None);
    let mut head = Head::new(NOW, Level::Error, "svc");
    head.content = &content;
    head.location = Some(std::panic::Location::caller().into());
    let mut encoder = Encoder::default();
    let message = "m".repeat(4_000);
    let bytes = encoder.encode(&head, &message, &error, &BaseMetadata::default()).to_vec();
    assert!(bytes.len() < 6_000);
    let frames: String =
        (0..90).map(|n| format!("  {n}: app::function_{n}\n             at ./src/main.rs:{n}:5\n")).collect();
    let attached = Stacktrace::parse(&frames).attach(&bytes, &content).unwrap();
    assert!(attached.len() <= 6_000, "{}", attached.len());
    let entry: Value = serde_json::from_slice(&attached).unwrap();
    let exception = &entry["metadata"]["exception"];
    assert_eq!(exception["stacktrace"][0]["function"], "app::function_0");
    for text in [&exception["raw"], &entry["metadata"]["error"]["stack"]] {
        assert!(text.as_str().is_none_or(|text| text.len() <= 1_000 + TRUNCATED.len()), "{text}");
    }
}

#[test]
fn a_key_and_fields_of_other_limits_are_redacted_where_they_are_used() {
    let content = content(&PayloadLimits::none().max_field_bytes(100));
    let [key, other] = ["body", "password"].map(|name| Key::new(Content::unchanged(), name));
    struct Keyed<'a>([&'a Key; 2]);
    impl logtide_core::IntoMetadata for Keyed<'_> {
        fn write_to(self, fields: &mut logtide_core::Fields<'_>) {
            for key in self.0 {
                fields.keyed(key, SECRET);
            }
        }
    }
    struct Nested<'a>(&'a Prepared);
    impl logtide_core::IntoMetadata for Nested<'_> {
        fn write_to(self, fields: &mut logtide_core::Fields<'_>) {
            fields.object("span", self.0);
        }
    }
    let fields = (("token", SECRET.to_owned()), ("page", "a page ".repeat(100)));
    let prepared = Prepared::new(Content::unchanged(), fields);
    let mut head = Head::new(NOW, Level::Info, "svc");
    head.content = &content;
    let mut encoder = Encoder::default();
    let metadata = Keyed([&key, &other]).with(Nested(&prepared)).with(&prepared);
    let bytes = encoder.encode(&head, "m", metadata, &BaseMetadata::default());
    let entry: Value = serde_json::from_slice(bytes).unwrap();
    let page = format!("{}{TRUNCATED}", &"a page ".repeat(100)[..100]);
    assert_eq!(entry["metadata"]["span"], json!({"token": "[REDACTED]", "page": page}),);
    assert_eq!(
        (&entry["metadata"]["token"], &entry["metadata"]["page"]),
        (&json!("[REDACTED]"), &json!(page))
    );
    assert_eq!(
        (&entry["metadata"]["body"], &entry["metadata"]["password"]),
        (&json!("[EXCLUDED]"), &json!("[REDACTED]"))
    );
}

#[test]
fn every_part_of_a_scope_can_be_excluded() {
    let limits = PayloadLimits::default().exclude_fields(["breadcrumbs", "tags", "user", "rows"]);
    let content = Content::new(&limits, &Redaction::off());
    let scope = scope_of_200_kb().with(|scope| {
        scope.set_user(User::new().id(SECRET));
        scope.remove_extra("db_password");
    });
    let mut head = Head::new(NOW, Level::Info, "svc");
    head.content = &content;
    head.inherit(&scope);
    let mut encoder = Encoder::default();
    let entry: Value =
        serde_json::from_slice(encoder.encode(&head, "m", (), &BaseMetadata::empty())).unwrap();
    let expected = ["breadcrumbs", "tags", "user", "rows"].map(|key| (key.to_owned(), json!("[EXCLUDED]")));
    assert_eq!(entry["metadata"], Value::Object(expected.into_iter().collect()));
}
