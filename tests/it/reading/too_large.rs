//! A response of unlimited size.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use logtide::{Client, QueryError, QueryOptions};
use logtide_tests::setup::options;

const MEGABYTE: usize = 1 << 20;

/// The size that the server tries to send.
const MEGABYTES: usize = 200;

/// What the client reads, and what the system may buffer in between: a few megabytes, or tens if it is configured for fast
/// networks.
const LIMIT: usize = 64 + 64;

#[test]
fn two_hundred_megabytes_are_given_up_on_the_way_and_not_held() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().expect("the client connects");
        let mut lines = BufReader::new(&stream).lines();
        while lines.next().is_some_and(|line| !line.expect("the request is text").is_empty()) {}
        let mut out = &stream;
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        out.write_all(head).expect("the client reads");
        let chunk = format!("{MEGABYTE:x}\r\n{}\r\n", " ".repeat(MEGABYTE));
        (0..MEGABYTES).take_while(|_| out.write_all(chunk.as_bytes()).is_ok()).count()
    });
    let client = Client::new(options(&url)).expect("the options work");
    let error = client.query_blocking(QueryOptions::new()).expect_err("it is too large");
    assert!(matches!(error, QueryError::TooLarge(_)), "{error}");
    assert!(error.to_string().contains("smaller limit"), "{error}");
    let sent = server.join().expect("the server ends");
    assert!((64..=LIMIT).contains(&sent), "{sent} MB were taken");
}
