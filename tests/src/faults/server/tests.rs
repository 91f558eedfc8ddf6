//! A fault server, as seen by a simple client.

use std::{
    io::{BufRead, BufReader, ErrorKind, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::*;
use crate::faults::{Fault, Place, scenario::Extent};

/// Longer than any test takes.
const TIMEOUT: Duration = Duration::from_secs(20);

fn connect(server: &FaultServer) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(server.address)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    Ok(stream)
}

fn send(stream: &mut TcpStream, id: u64) {
    let body = format!(r#"{{"logs":[{{"message":"entry {id}","metadata":{{"id":{id}}}}}]}}"#);
    let head = format!("POST /api/v1/ingest HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all((head + &body).as_bytes()).unwrap();
}

/// The status line and the body of the next answer.
fn read_answer(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::with_capacity(1, stream);
    let (mut status, mut length) = (String::new(), 0);
    reader.read_line(&mut status).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (status.trim_end().to_owned(), String::from_utf8(body).unwrap())
}

#[test]
fn a_healthy_server_stores_what_it_confirms() {
    let server = FaultServer::start(Scenario::healthy()).unwrap();
    let mut stream = connect(&server).unwrap();
    for (id, stored) in [(7, 1), (8, 2), (8, 2)] {
        send(&mut stream, id);
        let (status, body) = read_answer(&stream);
        assert_eq!(status, "HTTP/1.1 200 Fault");
        assert!(body.starts_with(r#"{"received":1,"#), "{body}");
        // The response was read, so the record has the entry without a wait.
        assert_eq!(server.read(ServerRecord::stored), stored);
    }
    let record = server.stop().unwrap();
    assert_eq!((record.stored(), record.duplicates, record.requests), (2, 1, 3));
}

#[test]
fn nothing_is_stored_that_was_answered_otherwise_or_not_at_all() {
    let faults = [
        Fault::unavailable(),
        Fault::rate_limited(1),
        Fault::not_found(),
        Fault::sign_in_page(),
        Fault::Reset(Place::AfterRequest),
        Fault::Hang(Place::AfterRequest, Duration::from_millis(1)),
    ];
    for fault in faults {
        let server = FaultServer::start(Scenario::always(fault.clone())).unwrap();
        let mut stream = connect(&server).unwrap();
        send(&mut stream, 1);
        match &fault {
            Fault::Answer { status, body, .. } => {
                assert_eq!(read_answer(&stream), (format!("HTTP/1.1 {status} Fault"), body.clone()));
            }
            Fault::Reset(_) => {
                assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
            }
            _ => assert_eq!(stream.read(&mut [0]).unwrap(), 0, "the connection is closed"),
        }
        let record = server.stop().unwrap();
        assert_eq!((record.stored(), record.requests), (0, 1), "{fault:?}");
    }
}

#[test]
fn a_request_that_is_cut_off_is_not_stored() {
    let server = FaultServer::start(Scenario::healthy()).unwrap();
    let mut stream = connect(&server).unwrap();
    let body = r#"{"logs":[{"message":"entry 1","metadata":{"id":1}}]}"#;
    let head = format!("POST /api/v1/ingest HTTP/1.1\r\ncontent-length: {}\r\n\r\n", body.len() + 1);
    stream.write_all((head + body).as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it is not answered");
    let record = server.stop().unwrap();
    assert_eq!((record.stored(), record.requests), (0, 0));
}

#[test]
fn a_closed_port_refuses_and_opens_when_its_time_is_over() {
    let lasts = Duration::from_millis(50);
    let server = FaultServer::start(Scenario::first(Fault::Refuse, lasts)).unwrap();
    assert_eq!(connect(&server).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    server.begin();
    let begun = Instant::now();
    let mut stream = loop {
        match connect(&server) {
            Ok(stream) => break stream,
            Err(error) => assert!(begun.elapsed() < TIMEOUT, "{error}"),
        }
        thread::park_timeout(Duration::from_millis(1));
    };
    assert!(begun.elapsed() >= lasts, "the port was open after {:?}", begun.elapsed());
    send(&mut stream, 1);
    read_answer(&stream);
    assert_eq!(server.stop().unwrap().stored(), 1);
}

#[test]
fn a_port_that_closes_ends_its_connections_and_can_open_again() {
    let scenario = Scenario::first(Fault::None, Duration::from_millis(1))
        .then(Fault::Refuse, Duration::from_millis(1))
        .then(Fault::None, Duration::from_millis(1))
        .then(Fault::Refuse, Duration::MAX);
    let server = FaultServer::start(scenario).unwrap();
    let mut stream = connect(&server).unwrap();
    send(&mut stream, 1);
    read_answer(&stream);
    server.begin();
    assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0, "the connection is closed");
    let begun = Instant::now();
    while connect(&server).is_ok() {
        assert!(begun.elapsed() < TIMEOUT, "the port does not close");
        thread::park_timeout(Duration::from_millis(1));
    }
    assert_eq!(server.stop().unwrap().stored(), 1);
}

#[test]
fn an_answer_is_cut_where_the_fault_says_and_ends_as_it_says() {
    for (place, end) in
        [(Place::InHead, ""), (Place::InNumber, "\"received\":1"), (Place::InBody, "\"timestamp\":")]
    {
        for fault in [Fault::Close(place), Fault::Reset(place)] {
            let server = FaultServer::start(Scenario::always(fault.clone())).unwrap();
            let mut stream = connect(&server).unwrap();
            send(&mut stream, 1);
            let mut read = Vec::new();
            let ended = stream.read_to_end(&mut read).map_err(|error| error.kind());
            let is_reset = ended == Err(ErrorKind::ConnectionReset);
            assert_eq!(is_reset, matches!(fault, Fault::Reset(_)), "{fault:?}: {ended:?}");
            let read = String::from_utf8(read).unwrap();
            assert!(read.starts_with("HTTP/1.1 200") && read.ends_with(end), "{fault:?}: {read}");
            // A truncated head stores every second request, and this is the first.
            let stored = u64::from(place != Place::InHead);
            assert_eq!(server.stop().unwrap().stored(), stored, "{fault:?}");
        }
    }
}

#[test]
fn a_silent_server_knows_when_its_client_has_gone() {
    let scenario = Scenario::always(Fault::Hang(Place::AfterRequest, TIMEOUT));
    let server = FaultServer::start(scenario).unwrap();
    let mut stream = connect(&server).unwrap();
    send(&mut stream, 1);
    let wait_until_hanging = |hanging| {
        let begun = Instant::now();
        while server.read(|record| record.hanging) != hanging {
            assert!(begun.elapsed() < TIMEOUT / 2, "not {hanging} hanging");
            thread::park_timeout(Duration::from_millis(1));
        }
    };
    wait_until_hanging(1);
    drop(stream);
    wait_until_hanging(0);
}

#[test]
fn a_fault_that_ends_when_it_was_met_ends_then() {
    let extent = Extent { at_least: Duration::ZERO, meets: 2, at_most: Duration::MAX, unmet: Duration::MAX };
    let scenario = Scenario::default().then_until(Fault::unavailable(), extent);
    let server = FaultServer::start(scenario).unwrap();
    server.begin();
    let mut stream = connect(&server).unwrap();
    let statuses: Vec<String> = (0..4)
        .map(|id| {
            send(&mut stream, id);
            let (status, _) = read_answer(&stream);
            if id == 1 {
                let begun = Instant::now();
                while server.phase() == 0 {
                    assert!(begun.elapsed() < TIMEOUT, "the fault goes on");
                    thread::park_timeout(Duration::from_millis(1));
                }
            }
            status[9..12].to_owned()
        })
        .collect();
    assert_eq!(statuses, ["503", "503", "200", "200"]);
    let record = server.stop().unwrap();
    assert_eq!((record.met(0), record.met(1)), (2, 2));
}
