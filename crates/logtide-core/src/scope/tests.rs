//! What a scope adds to entries.

use serde_json::{Value, json};

use super::*;
use crate::{Content, Head, Json, Level, RecordWriter};

const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_000_000);

fn encode(scope: &Scope, metadata: impl IntoMetadata) -> Value {
    encode_head(&Head::new(Level::Info, "svc"), Some(scope), metadata)
}

fn encode_head<'a>(head: &Head<'a>, scope: Option<&'a Scope>, metadata: impl IntoMetadata) -> Value {
    let global: Metadata = [("sdk", "stamp"), ("region", "global")].into_iter().collect();
    let mut json = Json::default().global_metadata(&global);
    serde_json::from_str(&text(&mut json, head, scope, metadata)).unwrap()
}

fn text<'a>(
    json: &mut Json,
    head: &Head<'a>,
    scope: Option<&'a Scope>,
    metadata: impl IntoMetadata,
) -> String {
    let mut head = *head;
    head.time = Some(NOW);
    if let Some(scope) = scope {
        scope.fill(&mut head.ids);
    }
    let mut writer = RecordWriter::default();
    let mut fields = writer.begin(&head);
    fields.message("m");
    fields.metadata(metadata);
    if let Some(scope) = scope {
        fields.scope(scope);
    }
    json.text(fields.finish())
}

fn breadcrumb(number: usize) -> Breadcrumb {
    Breadcrumb::new(format!("item-{number}"))
}

#[test]
fn everything_lands_where_the_server_expects_it() {
    let scope = Scope::new().with(|scope| {
        scope.set_trace_id("4bf92f3577b34da6a3ce929d0e0e4736");
        scope.set_span_id("00f067aa0ba902b7");
        scope.set_session_id(uuid::uuid!("5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"));
        scope.set_tag("plan", "free");
        scope.set_user(User::new().id("u_1"));
        scope.set_extras((("order_id", "42"), ("count", u64::MAX)));
        scope.add_breadcrumb(breadcrumb(1).timestamp(NOW));
    });
    let entry = encode(&scope, [("own", 1)]);
    assert_eq!(
        entry,
        json!({
            "time": "2023-11-14T22:13:20.000000Z", "service": "svc", "level": "info", "message": "m",
            "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": "00f067aa0ba902b7",
            "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f",
            "metadata": {
                "own": 1, "tags": {"plan": "free"}, "user": {"id": "u_1"}, "order_id": "42",
                "count": u64::MAX.to_string(), "sdk": "stamp", "region": "global",
                "breadcrumbs": [
                    {"type": "custom", "message": "item-1", "level": "info", "timestamp": 1_700_000_000_000_u64},
                ],
            },
        })
    );
}

#[test]
fn an_empty_scope_adds_nothing() {
    let scope = Scope::new().with(|scope| {
        scope.set_tag("gone", "soon");
        scope.set_user(User::new());
        scope.set_extra("gone", 1);
        scope.add_breadcrumb(breadcrumb(1));
        scope.remove_tag("gone");
        scope.remove_extra("gone");
        scope.clear_breadcrumbs();
    });
    assert_eq!(encode(&scope, ()), encode_head(&Head::new(Level::Info, "svc"), None, ()));
}

#[test]
fn the_entry_wins_over_the_scope_and_the_scope_over_the_client() {
    let scope = Scope::new().with(|scope| {
        scope.set_extras((
            ("k", "from-scope"),
            ("region", "scope"),
            ("tags", "shadowed"),
            ("breadcrumbs", 1),
        ));
        scope.set_tag("a", "b");
        scope.add_breadcrumb(breadcrumb(1));
    });
    let metadata = &encode(&scope, [("k", "from-entry")])["metadata"];
    assert_eq!((&metadata["k"], &metadata["region"]), (&json!("from-entry"), &json!("scope")));
    assert_eq!(
        (&metadata["tags"], &metadata["breadcrumbs"][0]["message"]),
        (&json!({"a": "b"}), &json!("item-1"))
    );
    let own = &encode(&scope, (("tags", 1), ("breadcrumbs", 2)))["metadata"];
    assert_eq!((&own["tags"], &own["breadcrumbs"]), (&json!(1), &json!(2)));
}

#[test]
fn an_explicit_trace_id_wins_while_the_span_still_fills() {
    let scope = Scope::new().with(|scope| {
        scope.set_trace_id("scope");
        scope.set_span_id("00f067aa0ba902b7");
    });
    let mut head = Head::new(Level::Info, "svc");
    head.ids.trace_id = Some("own".into());
    let entry = encode_head(&head, Some(&scope), ());
    assert_eq!((&entry["trace_id"], &entry["span_id"]), (&json!("own"), &json!("00f067aa0ba902b7")));
    head.ids.trace_id = Some("".into());
    assert_eq!(encode_head(&head, Some(&scope), ())["trace_id"], "scope", "an empty id is none");
}

#[test]
fn a_change_shows_in_later_entries_and_in_no_copy() {
    let mut scope = Scope::new().with(|scope| scope.set_tag("outer", "yes"));
    assert_eq!(encode(&scope, ())["metadata"]["tags"], json!({"outer": "yes"}));
    let copy = scope.clone();
    scope.set_tag("inner", "yes");
    scope.add_breadcrumb(breadcrumb(1));
    scope.set_user(User::new().ip("::1"));
    assert_eq!(encode(&scope, ())["metadata"]["tags"], json!({"outer": "yes", "inner": "yes"}));
    assert_eq!(encode(&scope, ())["metadata"]["user"], json!({"ip": "::1"}));
    let copied = encode(&copy, ());
    assert_eq!(copied["metadata"]["tags"], json!({"outer": "yes"}));
    assert_eq!((copied["metadata"].get("user"), copied["metadata"].get("breadcrumbs")), (None, None));
}

#[test]
fn the_latest_breadcrumbs_stay_oldest_first() {
    let messages =
        |scope: &Scope| scope.breadcrumbs().map(|breadcrumb| breadcrumb.message.clone()).collect::<Vec<_>>();
    let mut scope = Scope::new();
    (0..110).for_each(|number| scope.add_breadcrumb(breadcrumb(number)));
    let kept = messages(&scope);
    assert_eq!((kept.len(), kept[0].as_str(), kept[99].as_str()), (100, "item-10", "item-109"));
    scope.set_max_breadcrumbs(2);
    assert_eq!(messages(&scope), ["item-108", "item-109"]);
    scope.add_breadcrumb(breadcrumb(110));
    assert_eq!(messages(&scope), ["item-109", "item-110"]);
    scope.set_max_breadcrumbs(0);
    scope.add_breadcrumb(breadcrumb(111));
    assert_eq!(messages(&scope), [""; 0]);
}

#[test]
fn a_breadcrumb_has_its_own_time_or_that_of_the_first_filter() {
    let filter = BreadcrumbFilter::new(10, None);
    let mut scope = Scope::new();
    scope.add_breadcrumb(breadcrumb(1).timestamp(Timestamp::from_micros(5_000)));
    scope.add_breadcrumb(breadcrumb(2));
    scope.filter_breadcrumbs(&filter, || Timestamp::from_micros(7_000));
    scope.add_breadcrumb(breadcrumb(3));
    scope.filter_breadcrumbs(&filter, || Timestamp::from_micros(9_000));
    let breadcrumbs = &encode(&scope, ())["metadata"]["breadcrumbs"];
    assert_eq!([0, 1, 2].map(|index| &breadcrumbs[index]["timestamp"]), [5, 7, 9]);
}

#[test]
fn the_span_of_another_trace_is_not_kept() {
    let mut scope = Scope::new();
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    scope.set_trace_context(&TraceContext::from_headers(Some(parent), None).unwrap());
    scope.set_trace_id("4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(scope.trace_context().unwrap().traceparent(1).unwrap().to_string(), parent);
    scope.set_trace_id("0af7651916cd43dd8448eb211c80319c");
    assert_eq!(scope.trace_context(), Some(TraceContext::new("0af7651916cd43dd8448eb211c80319c")));
}

#[test]
fn a_breadcrumb_that_the_server_would_reject_is_fixed() {
    let mut scope = Scope::new();
    let data = json!({"a\0b": u64::MAX, "__proto__": 1});
    scope.add_breadcrumb(Breadcrumb::new("m").data(data));
    let data = &encode(&scope, ())["metadata"]["breadcrumbs"][0]["data"];
    assert_eq!(data, &json!({"a\u{fffd}b": u64::MAX.to_string(), "_proto_": 1}));
}

#[test]
fn scopes_travel_between_threads() {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Scope>();
}

#[test]
fn limits_and_redaction_hold_for_scopes_whichever_client_comes_first() {
    let scope = Scope::new().with(|scope| {
        scope.set_tag("session_token", "tag-secret");
        scope.set_extra("password", "extra-secret");
        scope.set_extra("text", "x".repeat(20_000));
        let data = serde_json::json!({"api_key": "crumb-secret"});
        scope.add_breadcrumb(Breadcrumb::new("login").data(data));
    });
    let encoded = |content: &Content| {
        let mut head = Head::new(Level::Info, "svc");
        head.content = content;
        text(&mut Json::new(content.clone()).without_global(), &head, Some(&scope), ())
    };
    let (first, second) = (Content::default(), Content::default());
    for content in [&first, &second, &first] {
        let text = encoded(content);
        assert!(!text.contains("-secret") && text.matches("[REDACTED]").count() == 3, "{text}");
        assert!(text.len() < 11_000);
    }
    assert_eq!(encoded(Content::unchanged()).matches("-secret").count(), 3);
}

fn filter(max: usize) -> BreadcrumbFilter {
    BreadcrumbFilter::new(
        max,
        Some(Arc::new(|mut breadcrumb: Breadcrumb| {
            breadcrumb.message.push('+');
            (breadcrumb.message != "ping+").then_some(breadcrumb)
        })),
    )
}

fn messages(scope: &Scope) -> Vec<&str> {
    scope.breadcrumbs().map(|breadcrumb| breadcrumb.message.as_str()).collect()
}

#[test]
fn what_the_filter_drops_takes_no_place() {
    let (filter, mut scope) = (filter(2), Scope::new());
    for message in ["a", "b", "ping", "ping", "ping"] {
        scope.add_breadcrumb(Breadcrumb::new(message));
        assert!(scope.filter_breadcrumbs(&filter, || NOW));
        assert!(!scope.filter_breadcrumbs(&filter, || NOW), "there is nothing to be done twice");
    }
    assert_eq!(messages(&scope), ["a+", "b+"]);
    scope.add_breadcrumb(Breadcrumb::new("c"));
    assert_eq!(messages(&scope), ["b+", "c"]);
}

#[test]
fn each_breadcrumb_passes_each_filter_once_and_keeps_its_place() {
    let (first, second, mut scope) = (filter(10), filter(10), Scope::new());
    scope.add_breadcrumb(Breadcrumb::new("a"));
    scope.add_passed_breadcrumb(Breadcrumb::new("b"), NOW, &first);
    scope.add_breadcrumb(Breadcrumb::new("c"));
    for filter in [&first, &second, &first, &second] {
        scope.filter_breadcrumbs(filter, || NOW);
    }
    assert_eq!(messages(&scope), ["a++", "b+", "c++"]);
}

#[test]
fn the_smaller_limit_counts_and_a_filter_raises_the_default_one() {
    let (large, mut scope) = (BreadcrumbFilter::new(200, None), Scope::new());
    let add = |scope: &mut Scope| {
        (0..300).for_each(|number| scope.add_breadcrumb(breadcrumb(number)));
        scope.breadcrumbs().count()
    };
    assert_eq!(add(&mut scope), 100);
    scope.filter_breadcrumbs(&large, || NOW);
    assert_eq!(add(&mut scope), 200);
    scope.set_max_breadcrumbs(250);
    assert_eq!(add(&mut scope), 200);
    scope.set_max_breadcrumbs(5);
    scope.filter_breadcrumbs(&large, || NOW);
    assert_eq!(add(&mut scope), 5);
}

#[test]
fn a_breadcrumb_stays_as_it_was_when_the_hook_panics() {
    let filter = BreadcrumbFilter::new(2, Some(Arc::new(|_| panic!("expected in this test"))));
    let mut scope = Scope::new();
    scope.add_breadcrumb(Breadcrumb::new("a"));
    scope.filter_breadcrumbs(&filter, || NOW);
    assert_eq!(messages(&scope), ["a"]);
}

#[test]
fn an_error_of_the_scope_is_none_of_the_entry() {
    let error = "x".parse::<u16>().unwrap_err();
    let content = Content::default();
    for text in [String::new(), "x".repeat(100_000)] {
        let scope = Scope::new().with(|scope| {
            scope.set_extras(&error);
            scope.set_extra("text", text);
        });
        let (mut writer, mut head) = (RecordWriter::default(), Head::new(Level::Info, "svc"));
        head.content = &content;
        let mut fields = writer.begin(&head);
        fields.scope(&scope);
        assert!(!fields.has_error(), "its stack would be that of the log call");
        assert!(!fields.finish().has_error());
    }
}
