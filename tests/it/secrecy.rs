//! With all diagnostics enabled, the key appears only in its header.

use std::{
    env,
    error::Error,
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_core::{Dsn, Event, GiveUp};
use logtide_tests::{
    scripted::{ScriptedServer, Step},
    setup::{NEVER, TIMEOUT},
    watch::Watch,
};
use logtide_transport::{HttpOptions, MemoryTransport};

const KEY: &str = "lp_SECRET0123456789";

/// Set in the child whose output is checked.
const CHILD: &str = "LOGTIDE_TESTS_SECRECY_CHILD";

#[test]
fn nothing_that_a_program_prints_shows_the_key() {
    let program = env::current_exe().expect("the test knows its program");
    let child = Command::new(program)
        .args(["--exact", "secrecy::everything_is_told", "--nocapture"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("the child runs");
    let [out, err] = [child.stdout, child.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(child.status.success(), "{out}{err}");
    for expected in [
        "logtide: cannot send 1 entry (status 401",
        "logtide: sending 1 entry failed",
        "logtide: sent 1 entry",
        "logtide: circuit breaker opened",
        "to find the invalid ones",
        "no to *** and ***",
        "not from a LogTide server",
        "a redirect to http://elsewhere.example/?key=***",
    ] {
        assert!(err.contains(expected), "the child did not say {expected:?}:\n{err}");
    }
    let told = format!("{out}{err}");
    assert!(!told.to_lowercase().contains("secret0123456789"), "{told}");
    assert!(!told.contains(['\u{1b}', '\u{2028}', '\r']), "{told}");
    assert!(!told.lines().any(|line| line.starts_with("logtide: sent 9999")), "{told}");
}

/// Runs only in the child.
#[test]
fn everything_is_told() {
    if env::var_os(CHILD).is_none() {
        return;
    }
    Watch::install(KEY);
    // A server, or a proxy in front of it, echoes the request and tries to inject lines.
    let echo = format!(
        r#"{{"error":"no","message":"no to {KEY} and {}\u001b[31m\nlogtide: sent 9999 entries\r\u2028x"}}"#,
        KEY.to_lowercase()
    );
    let answer = |status| Step::Answer {
        status,
        headers: vec![("location", format!("http://elsewhere.example/?key={KEY}"))],
        body: echo.clone(),
    };
    let script = [
        answer(401),
        Step::Store,
        answer(400),
        answer(500),
        answer(200),
        Step::ok(&format!(r#"{{"received":"{KEY}"}}"#)),
        answer(302),
        Step::Reset,
        Step::Garbage,
        Step::TruncatedBody,
        answer(429),
        Step::Store,
        Step::Store,
    ];
    let server = ScriptedServer::start(script);
    let told = Arc::new(Mutex::new(Vec::new()));
    let hook = told.clone();
    let options = ClientOptions::new(server.url(), KEY)
        .debug(true)
        .on_event(move |event: &Event| hook.lock().expect("no panic").push(format!("{event} {event:?}")))
        .flush_interval(NEVER)
        .max_retries(20)
        .retry_delay(Duration::from_millis(1))
        .http(HttpOptions::new().no_proxy());
    let mut told_by_debug = vec![format!("{options:?}")];
    let client = Client::new(options).expect("the options work");
    for entries in [1, 2, 1, 1, 1] {
        for _ in 0..entries {
            client.info("svc", "hello", ());
        }
        told_by_debug.push(format!("{:?}", client.flush_blocking(TIMEOUT)));
        told_by_debug.push(format!("{:?} {}", client.metrics(), client.metrics()));
    }
    client.close_blocking(TIMEOUT);
    told_by_debug.push(format!(
        "{client:?} {:?} {:?} {:?} {:?}",
        client.service("svc"),
        Integration::of(&client).endpoint(),
        Integration::of(&client).transport(),
        Integration::of(&client).driver()
    ));
    refused_connection();
    told_by_debug.push(refused_query(&echo));
    let transport = MemoryTransport::new();
    let in_memory =
        Client::with_transport(ClientOptions::new("http://localhost", KEY), Arc::new(transport.clone()));
    let in_memory = in_memory.expect("the options work");
    in_memory.info("svc", "hello", ());
    in_memory.flush_blocking(TIMEOUT);
    told_by_debug.push(format!("{transport:?} {:?}", transport.requests()));
    for text in [format!("https://{KEY}@ho st"), format!("ftp://{KEY}@host"), format!("https://{KEY}@host")] {
        told_by_debug.push(format!("{:?}", text.parse::<Dsn>()));
    }
    for url in [format!("https://{KEY}@host"), format!("https://{KEY}@host:port")] {
        let error = Client::new(ClientOptions::new(url, KEY)).map(|_| ()).expect_err("the url is refused");
        told_by_debug.push(format!("{error} {error:?} {:?}", error.source()));
    }
    told_by_debug.extend(told.lock().expect("no panic").drain(..));
    eprintln!("{told_by_debug:#?}");
    assert!(Watch::seen() > 0 && !Watch::leaked());
    assert!(server.requests().iter().all(|request| request.header("x-api-key") == Some(KEY)));
}

#[test]
fn a_proxy_that_quotes_its_credentials_shows_them_nowhere() {
    const CREDENTIALS: &str = "dXNlcjpTRUNSRVQ=";
    let body = format!(r#"{{"message":"not with Basic {CREDENTIALS}"}}"#);
    let refusal = || Step::Answer { status: 407, headers: Vec::new(), body: body.clone() };
    let proxy = ScriptedServer::start([refusal(), refusal()]);
    let through = HttpOptions::new().proxy(proxy.url().replace("://", "://user:SECRET@"));
    let options = ClientOptions::new("http://logs.example", KEY)
        .give_up(GiveUp::AfterRetries)
        .max_retries(0)
        .http(through);
    let client = logtide::Client::new(options).expect("the options work");
    client.info("svc", "hello", ());
    client.flush_blocking(TIMEOUT);
    let last_error = client.metrics().last_error.expect("it is told");
    let query =
        client.query_blocking(logtide::QueryOptions::new()).expect_err("the proxy refuses").to_string();
    for told in [last_error, query] {
        assert!(told.contains("not with Basic ***") && !told.contains(CREDENTIALS), "{told}");
    }
    assert!(proxy.requests().iter().all(|request| {
        request.header("proxy-authorization").is_some_and(|sent| sent.ends_with(CREDENTIALS))
    }));
}

fn refused_connection() {
    let options = ClientOptions::new("http://127.0.0.1:1", KEY)
        .debug(true)
        .max_retries(0)
        .circuit_breaker_threshold(1)
        .http(HttpOptions::new().no_proxy());
    let client = Client::new(options).expect("the options work");
    client.info("svc", "hello", ());
    client.flush_blocking(TIMEOUT);
}

/// Returns the errors of a query and of the stream from a server that echoes the key.
fn refused_query(echo: &str) -> String {
    let step = |status| Step::Answer { status, headers: Vec::new(), body: echo.to_owned() };
    let server = ScriptedServer::start([step(403), step(200), step(403)]);
    let options = ClientOptions::new(server.url(), KEY).http(HttpOptions::new().no_proxy());
    let client = logtide::Client::new(options).expect("the options work");
    let query = || client.query_blocking(logtide::QueryOptions::new()).expect_err("the server refuses");
    let mut told: Vec<String> = [query(), query()].iter().map(|error| format!("{error} {error:?}")).collect();
    let mut stream = client.stream_blocking(logtide::StreamOptions::new());
    told.push(format!("{:?}", stream.next()));
    told.join("; ")
}
