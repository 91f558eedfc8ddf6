//! The one client of the facade.

use std::{sync::Arc, time::Duration};

use logtide::{
    Client, ClientOptions, DsnError, EnvError, FlushReport, Level, LogEntry, MemoryTransport, OptionsError,
    SpanId, TraceId,
};
use serde_json::{Value, json};

const TIMEOUT: Duration = Duration::from_secs(20);

fn client() -> (Client, MemoryTransport) {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost:8080", "lp_your_key").service("shop");
    (Client::with_transport(options, Arc::new(transport.clone())).expect("the options work"), transport)
}

/// Level, service and message of what was sent, and the metadata without what the SDK adds.
fn sent(client: &Client, transport: &MemoryTransport) -> Vec<Value> {
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries = |body: &[u8]| {
        let body: Value = serde_json::from_slice(body).expect("the body is JSON");
        body["logs"].as_array().expect("it has entries").clone()
    };
    let entries = transport.requests().iter().flat_map(|request| entries(&request.body)).collect::<Vec<_>>();
    let told = |mut entry: Value| {
        let mut metadata = entry["metadata"].take();
        metadata.as_object_mut().expect("metadata is an object").remove("sdk");
        json!([entry["level"], entry["service"], entry["message"], metadata])
    };
    entries.into_iter().map(told).collect()
}

#[test]
fn a_level_is_chosen_at_run_time() {
    let (client, transport) = client();
    client.set_min_level(Level::Warn);
    let gateway = client.service("gateway");
    for level in [Level::Info, Level::Error] {
        client.log_at(level, "api", "of the client", [("n", 1)]);
        gateway.log_at(level, "of the service", ());
    }
    let expected = [
        json!(["error", "api", "of the client", {"n": 1}]),
        json!(["error", "gateway", "of the service", {}]),
    ];
    assert_eq!(sent(&client, &transport), expected);
}

#[test]
fn a_service_logs_an_entry_under_its_name() {
    let (client, transport) = client();
    client.service("gateway").log(LogEntry::new(Level::Info, "other", "m").metadata([("n", 1)]));
    client.default_service().log(LogEntry::new(Level::Info, "", "m"));
    let expected = [json!(["info", "gateway", "m", {"n": 1}]), json!(["info", "shop", "m", {}])];
    assert_eq!(sent(&client, &transport), expected);
}

#[test]
fn macros_log_with_the_client_or_service_in_front() {
    let (client, transport) = client();
    let (gateway, id) = (client.service("gateway"), 42);
    logtide::info!(client, "started");
    logtide::warn!(&client, service: "api", "GET /{id} of {}", "api", status = 200, path = %"/");
    logtide::error!(gateway, "order {id} failed", order.id = id);
    logtide::info!(gateway.client(), "of its client");
    logtide::debug!(client.service("mail"), "sent",);
    let expected = [
        json!(["info", "shop", "started", {}]),
        json!(["warn", "api", "GET /42 of api", {"status": 200, "path": "/"}]),
        json!(["error", "gateway", "order 42 failed", {"order.id": 42}]),
        json!(["info", "shop", "of its client", {}]),
        json!(["debug", "mail", "sent", {}]),
    ];
    assert_eq!(sent(&client, &transport), expected);
}

#[test]
fn macros_evaluate_nothing_below_the_level_of_their_client() {
    let (client, transport) = client();
    client.set_min_level(Level::Critical);
    let evaluated = || -> u8 { panic!("evaluated") };
    logtide::error!(client, "{}", evaluated(), n = evaluated());
    logtide::error!(client.service("api"), "{}", evaluated());
    assert!(sent(&client, &transport).is_empty());
}

#[test]
fn every_handle_is_the_same_type() {
    fn name(client: &Client) -> Client {
        client.clone()
    }
    let (client, transport) = client();
    for handle in [client.detached(), name(client.service("gateway").client())] {
        handle.info("svc", "m", ());
        assert!(
            handle.query_blocking(logtide::QueryOptions::new()).is_err(),
            "the transport says nothing of it"
        );
    }
    assert!(transport.requests().iter().any(|request| request.uri.path() == "/api/v1/logs"));
}

#[test]
fn one_error_takes_those_of_options_and_client() {
    fn from_dsn(dsn: &str) -> Result<Client, OptionsError> {
        Client::new(ClientOptions::from_dsn(dsn)?)
    }
    fn from_variables() -> Result<Client, OptionsError> {
        Client::new(ClientOptions::from_variables(|_| None)?)
    }
    assert!(matches!(from_dsn("no dsn"), Err(OptionsError::Dsn(DsnError::NotADsn))));
    assert!(matches!(from_variables(), Err(OptionsError::Environment(EnvError::NoServer))));
    assert_eq!(from_dsn("no dsn").unwrap_err().to_string(), DsnError::NotADsn.to_string());
}

/// The crate is built with `-D warnings` by the checks, so a report that must be used fails here.
#[tokio::test]
async fn flush_and_close_stand_alone_with_and_without_a_time_limit() {
    let (client, transport) = client();
    client.info("svc", "m", ());
    client.flush().await;
    client.flush_within(TIMEOUT).await;
    client.flush_blocking(TIMEOUT);
    let report: FlushReport = client.close_within(TIMEOUT).await;
    client.close().await;
    client.close_blocking(TIMEOUT);
    assert_eq!((report.delivered, transport.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_flush_ends_at_its_time_limit() {
    let transport = MemoryTransport::responding(|_| logtide_transport::Reply::hang());
    let options = ClientOptions::new("http://localhost:8080", "lp_your_key");
    let client = Client::with_transport(options, Arc::new(transport)).expect("it is one");
    client.info("svc", "m", ());
    let report = client.flush_within(Duration::from_millis(20)).await;
    assert_eq!((report.delivered, report.pending), (0, 1));
    assert_eq!(client.close_within(Duration::from_millis(20)).await.lost, 1);
}

#[test]
fn new_ids_and_the_version_are_there() {
    assert_ne!(TraceId::random(), TraceId::random());
    assert_ne!(SpanId::random(), SpanId::random());
    assert!(logtide::VERSION.split('.').count() >= 3);
}

#[test]
fn what_is_written_as_text_is_read_from_text() {
    use logtide::{BreadcrumbKind, DropPolicy, ErrorFormat, GiveUp, Interval, SearchMode};
    assert_eq!("UI".parse(), Ok(BreadcrumbKind::Ui));
    assert_eq!("5m".parse(), Ok(Interval::FiveMinutes));
    assert_eq!("substring".parse(), Ok(SearchMode::Substring));
    assert_eq!("never".parse(), Ok(GiveUp::Never));
    assert_eq!("after_retries".parse(), Ok(GiveUp::AfterRetries));
    assert_eq!("exception".parse(), Ok(ErrorFormat::Exception));
    assert_eq!("block: 50ms".parse(), Ok(DropPolicy::Block(Duration::from_millis(50))));
    assert_eq!("oldest".parse(), Ok(DropPolicy::Oldest));
    let error = "some".parse::<GiveUp>().unwrap_err().to_string();
    assert_eq!(error, "unknown way to give up: use never or after_retries");
}

#[cfg(feature = "spool")]
#[test]
fn a_durability_is_read_from_text() {
    use logtide::Durability;
    assert_eq!(" Always".parse(), Ok(Durability::Always));
    assert_eq!("250ms".parse(), Ok(Durability::Every(Duration::from_millis(250))));
    assert!("often".parse::<Durability>().is_err());
}
