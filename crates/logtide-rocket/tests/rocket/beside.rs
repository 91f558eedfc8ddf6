//! Code outside handlers, and handlers that are not scoped.

use futures_util::{Stream, stream};
use logtide_client::Client;
use logtide_rocket::{LogTide, scope, scoped};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use rocket::{
    Build, Config, Request, Rocket, State, catch, catchers, config::LogLevel, fairing::AdHoc, get,
    http::Header, http::Status, local::blocking, response::stream::ByteStream, routes,
};
use serde_json::{Value, json};

#[get("/logs")]
fn logs(client: &State<Client>) {
    client.info("app", "in the handler", ());
}

#[get("/panics")]
fn panics() {
    panic!("expected in this test")
}

#[get("/forwards/<_>", rank = 1)]
fn forwards(client: &State<Client>) -> Option<()> {
    client.configure_scope(|scope| scope.set_tag("first", "yes"));
    None
}

#[get("/numbers/<number>", rank = 1)]
fn small(client: Tagged<'_>, number: u8) -> String {
    client.0.info("app", "small", ());
    number.to_string()
}

#[get("/numbers/<number>", rank = 2)]
fn large(client: &State<Client>, number: u64) -> String {
    client.info("app", "large", ());
    number.to_string()
}

#[get("/guarded")]
fn guarded(client: &State<Client>) -> ByteStream<impl Stream<Item = &'static [u8]> + use<>> {
    let guard = Dropped(client.inner().clone());
    ByteStream(stream::repeat_with(move || {
        let _held = &guard;
        &b"a"[..]
    }))
}

/// Logs when it is dropped.
struct Dropped(Client);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.info("app", "dropped", ());
    }
}

/// A guard that sets a tag.
struct Tagged<'r>(&'r Client);

#[rocket::async_trait]
impl<'r> rocket::request::FromRequest<'r> for Tagged<'r> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> rocket::request::Outcome<Self, ()> {
        let client = request.rocket().state::<Client>().unwrap();
        client.configure_scope(|scope| scope.set_tag("guard", "yes"));
        rocket::request::Outcome::Success(Self(client))
    }
}

#[catch(404)]
fn not_found(request: &Request<'_>) -> &'static str {
    let client = request.rocket().state::<Client>().unwrap();
    client.in_scope(scope(request), || client.info("app", "in the catcher", ()));
    "nothing here"
}

/// Sends one request with a trace. Returns the status and the logged entries.
fn dispatch(
    path: &'static str,
    build: impl FnOnce(Rocket<Build>, LogTide) -> Rocket<Build>,
) -> (Status, Vec<Value>) {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost"));
    let rocket = rocket::custom(Config { log_level: LogLevel::Off, ..Config::debug_default() });
    let rocket = build(rocket.manage(client.clone()), LogTide::new(client.clone()));
    let browser = blocking::Client::untracked(rocket.register("/", catchers![not_found])).unwrap();
    let request = browser.get(path).header(Header::new("x-trace-id", "legacy-123"));
    let status = request.dispatch().status();
    drop(browser);
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect();
    (status, entries)
}

fn messages(entries: &[Value]) -> Vec<&str> {
    entries.iter().filter_map(|entry| entry["message"].as_str()?.split(" (").next()).collect()
}

#[test]
fn a_catcher_gets_the_scope_of_its_request() {
    let (status, entries) = dispatch("/missing", |rocket, fairing| rocket.attach(fairing));
    assert_eq!(status, Status::NotFound);
    assert_eq!(messages(&entries), ["GET /missing", "in the catcher", "GET /missing 404"]);
    assert!(entries.iter().all(|entry| entry["trace_id"] == "legacy-123"), "{entries:#?}");
}

#[test]
fn a_handler_that_is_not_scoped_is_logged_all_the_same() {
    let mount = |rocket: Rocket<Build>, fairing| rocket.attach(fairing).mount("/", routes![logs, panics]);
    let (_, entries) = dispatch("/logs", mount);
    assert_eq!(messages(&entries), ["GET /logs", "in the handler", "GET /logs 200"]);
    let traces: Vec<_> = entries.iter().map(|entry| entry["trace_id"].as_str()).collect();
    assert_eq!(traces, [Some("legacy-123"), None, Some("legacy-123")]);
    assert_eq!(entries[2]["metadata"]["route"], "/logs");

    let (status, entries) = dispatch("/panics", mount);
    assert_eq!(status, Status::InternalServerError);
    assert_eq!(messages(&entries), ["GET /panics", "GET /panics 500"]);
    assert_eq!(entries[1]["level"], "error");
}

#[test]
fn without_the_fairing_nothing_changes() {
    let (status, entries) = dispatch("/logs", |rocket, _| rocket.mount("/", scoped(routes![logs])));
    assert_eq!((status, messages(&entries)), (Status::Ok, vec!["in the handler"]));
    assert_eq!(entries[0].get("trace_id"), None);
}

#[test]
fn a_request_that_is_forwarded_keeps_its_scope() {
    let mount = |rocket: Rocket<Build>, fairing| {
        rocket.attach(fairing).mount("/", scoped(routes![small, large, forwards]))
    };
    let (_, entries) = dispatch("/numbers/7", mount);
    assert_eq!(messages(&entries), ["GET /numbers/7", "small", "GET /numbers/7 200"]);
    let (_, entries) = dispatch("/numbers/700", mount);
    assert_eq!(messages(&entries), ["GET /numbers/700", "large", "GET /numbers/700 200"]);
    assert!(
        entries[1..].iter().all(|entry| entry["metadata"]["tags"]["guard"] == json!("yes")),
        "{entries:#?}"
    );
    let (status, entries) = dispatch("/forwards/1", mount);
    assert_eq!(status, Status::NotFound);
    assert_eq!(entries[1]["metadata"]["tags"]["first"], "yes", "the catcher has what the handler set");
}

#[test]
fn what_a_body_holds_is_dropped_in_the_scope() {
    let (_, entries) =
        dispatch("/guarded", |rocket, fairing| rocket.attach(fairing).mount("/", scoped(routes![guarded])));
    assert_eq!(messages(&entries), ["GET /guarded", "dropped", "GET /guarded cancelled"]);
    assert!(entries.iter().all(|entry| entry["trace_id"] == "legacy-123"), "{entries:#?}");
}

#[test]
fn what_a_fairing_before_makes_of_a_response_is_logged() {
    let teapot = || {
        AdHoc::on_response("teapot", |_, response| {
            Box::pin(async move { response.set_status(Status::ImATeapot) })
        })
    };
    let (status, entries) = dispatch("/logs", |rocket, fairing| {
        rocket.attach(teapot()).attach(fairing).mount("/", scoped(routes![logs]))
    });
    assert_eq!((status, &entries[2]["metadata"]["status"]), (Status::ImATeapot, &json!(418)));
    let (status, entries) = dispatch("/logs", |rocket, fairing| {
        rocket.attach(fairing).attach(teapot()).mount("/", scoped(routes![logs]))
    });
    assert_eq!((status, &entries[2]["metadata"]["status"]), (Status::ImATeapot, &json!(200)));
}
