//! Errors that end a stream, and invalid options.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use logtide::{Client, ClientOptions, HttpOptions, StreamError, StreamOptions};
use logtide_tests::scripted::{ScriptedServer, Step};
use socket2::{Domain, Socket, Type};

use super::started;

fn client(url: &str, key: &str) -> Client {
    Client::new(ClientOptions::new(url, key).http(HttpOptions::new().no_proxy())).expect("the options work")
}

/// Returns the first item of a stream, which must be the last.
fn last(client: &Client, options: StreamOptions) -> StreamError {
    let mut stream = client.stream_blocking(options);
    let error = stream.next().expect("an error").expect_err("an error");
    assert!(error.is_final(), "{error}");
    assert!(stream.next().is_none());
    error
}

#[test]
fn keys_that_may_not_read_end_it_with_what_to_do() {
    let (server, _) = started();
    for complete in [false, true] {
        let options = || match complete {
            true => StreamOptions::new().complete(Duration::from_secs(5)),
            false => StreamOptions::new(),
        };
        let error = last(&client(server.url(), "lp_wrong"), options());
        assert!(error.to_string().contains("does not accept the API key"), "{error}");
        let error = last(&client(server.url(), server.write_key()), options());
        assert!(error.to_string().contains("use a key with full access"), "{error}");
        assert!(!format!("{error:?}").contains("lp_"));
    }
}

#[test]
fn what_is_no_logtide_server_ends_it_with_what_to_do() {
    let page = || Step::Answer {
        status: 200,
        headers: vec![("content-type", "text/html".to_owned())],
        body: "<html>Welcome to nginx!</html>".to_owned(),
    };
    let server = ScriptedServer::start([page(), page()]);
    let error = last(&client(&server.url(), "lp_k"), StreamOptions::new());
    assert!(
        error.to_string().contains("does not come from a LogTide server (content type text/html)"),
        "{error}"
    );
}

#[test]
fn options_that_make_no_sense_are_refused_before_anything_is_sent() {
    let server = ScriptedServer::start([]);
    let client = client(&server.url(), "lp_k");
    let day = Duration::from_secs(24 * 3_600);
    for (options, advice) in [
        (StreamOptions::new().buffer(0), "set it to at least 1"),
        (StreamOptions::new().complete(day + Duration::from_secs(1)), "at most 24 hours"),
        (StreamOptions::new().from_time(std::time::SystemTime::now()), "set `complete`"),
    ] {
        let error = last(&client, options.clone());
        assert!(error.to_string().contains(advice), "{error}");
        assert!(client.stream_with(options, |_| {}, |_| {}).is_err());
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_server_that_is_not_there_is_told_and_tried_again() {
    // Bound, so that no other program gets the port, and not listening.
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("there are sockets");
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port is free");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket()).expect("it is bound");
    let client = client(&format!("http://{address}"), "lp_k");
    let mut stream = client.stream_blocking(StreamOptions::new());
    let error = stream.next().unwrap().unwrap_err();
    assert!(matches!(error, StreamError::Unreachable(_)) && !error.is_final());
    assert!(error.to_string().contains("could not connect"), "{error}");
    let stop = stream.stop_handle();
    stop.stop();
    assert!(stream.next().is_none());
}
