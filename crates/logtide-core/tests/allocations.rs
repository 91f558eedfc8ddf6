//! Rendering an entry allocates nothing once the buffers have grown.

use allocation_counter::measure;
use logtide_core::{
    Breadcrumb, CallSite, Content, Head, IntoMetadata as _, Json, Level, RecordWriter, Scope, SpanFields,
    SpanId, TraceId, User, Wire as _, bridge::Origin,
};
use serde_json::json;

#[test]
fn a_rendered_entry_allocates_nothing() {
    let content = Content::default();
    let mut origin = Origin::default();
    (origin.logger, origin.module) = (Some("app"), Some("app::db"));
    (origin.file, origin.line) = (Some("src/db.rs"), Some(12));
    let names = ["method", "status", "elapsed", "password"].map(Into::into);
    let call_site = CallSite::new(origin, names).span_name("request").register(0xa110_0001);
    let span = SpanFields::new(call_site, &content, (("method", "GET"), ("user", "ada")));
    let scope = Scope::new().with(|scope| {
        scope.set_tag("region", "eu");
        scope.set_user(User::new().id("u_1"));
        scope.add_breadcrumb(Breadcrumb::new("login").data([("token", 1)]));
    });
    let error = "x".parse::<u8>().expect_err("it is no number");
    let mut head = Head::new(Level::Error, "api");
    (head.call_site, head.content) = (call_site, &content);
    head.ids.trace_id = Some(TraceId::from_random(7).into());
    head.ids.span_id = Some(SpanId::from_random(7).into());
    head.ids.session_id = Some("no session");

    let mut records = Vec::new();
    for nests in [true, false] {
        let mut writer = RecordWriter::default();
        let mut fields = writer.begin(&head);
        fields.message("request\tfailed");
        fields.indexed(1, &500);
        fields.indexed(2, &1.25);
        fields.indexed(3, "secret");
        fields.metadata((("attempt", 3), ("list", json!([1, {"a": "say \"b\""}]))).with(&error));
        fields.metadata((("host", "web-1"), ("big", u64::MAX)));
        fields.span(&span, true);
        fields.span_names();
        fields.origin(true);
        if nests {
            fields.nest_spans();
        }
        fields.scope(&scope);
        records.push(fields.finish().as_bytes().to_vec());
    }
    let records: Vec<_> = records.iter().filter_map(|bytes| logtide_core::Record::first(bytes)).collect();
    let mut json = Json::new(content.clone()).global_metadata(&[("env", "prod")].into_iter().collect());
    let mut body = Vec::new();
    let mut render = |times: usize| {
        body.clear();
        json.begin(&mut body);
        for _ in 0..times {
            records.iter().for_each(|record| json.write(*record, &mut body));
        }
        json.end(&mut body);
    };
    render(100);
    let spent = measure(|| render(90));
    assert_eq!(spent.count_total, 0, "{spent:?}");
}
