//! Searches to their end.

use std::{
    collections::BTreeSet,
    future::poll_fn,
    pin::Pin,
    sync::{Mutex, mpsc},
    task::Poll,
};

use futures_core::Stream;
use logtide_query::{QueryAll, QueryError, QueryOptions};
use logtide_transport::{MemoryTransport, RecordedRequest, Reply};

use crate::setup::{TIMEOUT, client, ids, parameter};

/// A server with `total` entries, each `per_millisecond` of one time, that pages as the real one does: cursors are
/// numbers here.
#[derive(Clone, Copy)]
struct Entries {
    total: usize,
    per_millisecond: usize,
}

impl Entries {
    fn page(self, request: &RecordedRequest) -> Reply {
        let number = |name| parameter(request, name).and_then(|text| text.parse::<usize>().ok());
        let limit = number("limit").unwrap_or(100);
        let start = number("cursor").unwrap_or(0) + number("offset").unwrap_or(0);
        self.slice(start, limit, true)
    }

    fn slice(self, start: usize, limit: usize, new: bool) -> Reply {
        let end = self.total.min(start + limit);
        let logs: Vec<String> = (start..end).map(|number| self.entry(number)).collect();
        let mut body = format!(r#"{{"logs":[{}],"total":7"#, logs.join(","));
        if new {
            body += &format!(r#","hasMore":{}"#, end < self.total);
        }
        if end < self.total {
            body += &format!(r#","nextCursor":"{end}""#);
        }
        Reply::json(body + "}")
    }

    /// Newest first.
    fn entry(self, number: usize) -> String {
        let time = 999_999 - number / self.per_millisecond;
        let (second, milli) = (time / 1000 % 60, time % 1000);
        let minute = time / 60_000;
        format!(
            r#"{{"id":"{number}","time":"2026-11-22T09:{minute:02}:{second:02}.{milli:03}Z","service":"s","level":"info","message":"m"}}"#
        )
    }

    fn served(self) -> MemoryTransport {
        MemoryTransport::responding(move |request| self.page(request))
    }
}

async fn next(all: &mut QueryAll) -> Option<Result<String, QueryError>> {
    let record = poll_fn(|context| Pin::new(&mut *all).poll_next(context)).await?;
    Some(record.map(|record| record.id))
}

async fn read(all: &mut QueryAll) -> Result<Vec<String>, QueryError> {
    let mut ids = Vec::new();
    while let Some(id) = next(all).await {
        ids.push(id?);
    }
    Ok(ids)
}

#[tokio::test]
async fn every_entry_comes_once_and_in_order() {
    for per_millisecond in [1, 10_000] {
        let transport = Entries { total: 2_500, per_millisecond }.served();
        let read = read(&mut client(&transport).query_all(QueryOptions::new())).await.unwrap();
        assert_eq!(read, (0..2_500).map(|id| id.to_string()).collect::<Vec<_>>());
        let limits: Vec<_> =
            transport.requests().iter().map(|request| parameter(request, "limit").unwrap()).collect();
        assert_eq!(limits, ["1000"; 3]);
    }
}

#[tokio::test]
async fn a_last_page_that_is_full_is_the_last() {
    let transport = Entries { total: 20, per_millisecond: 1 }.served();
    let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
    assert_eq!(read(&mut all).await.unwrap().len(), 20);
    assert_eq!(transport.requests().len(), 2);
    assert!(next(&mut all).await.is_none());
}

#[tokio::test]
async fn nothing_found_is_an_end() {
    let transport = Entries { total: 0, per_millisecond: 1 }.served();
    assert!(read(&mut client(&transport).query_all(QueryOptions::new())).await.unwrap().is_empty());
    // A cursor without entries leads nowhere.
    let nowhere = || Reply::json(r#"{"logs":[],"total":9,"hasMore":true,"nextCursor":"1"}"#);
    let transport = MemoryTransport::responding(move |_| nowhere());
    assert!(read(&mut client(&transport).query_all(QueryOptions::new())).await.unwrap().is_empty());
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test]
async fn one_page_is_read_ahead_and_no_more() {
    let transport = Entries { total: 100, per_millisecond: 1 }.served();
    let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
    assert!(transport.requests().is_empty());
    for id in 0..35 {
        assert_eq!(next(&mut all).await.unwrap().unwrap(), id.to_string());
        // The next page is on its way as soon as one has come, and never the one after it.
        let expected = 2 + id / 10;
        assert_eq!(transport.wait_for_requests(expected).await.len(), expected);
    }
}

#[tokio::test]
async fn dropping_it_gives_up_what_is_under_way() {
    let transport = Entries { total: 100, per_millisecond: 1 }.served();
    transport.push(Entries { total: 100, per_millisecond: 1 }.slice(0, 10, true));
    transport.push(Reply::hang());
    let client = client(&transport);
    let mut all = client.query_all(QueryOptions::new().limit(10));
    next(&mut all).await.unwrap().unwrap();
    transport.wait_for_requests(2).await;
    drop(all);
    // The driver is free for others, and asks for nothing more.
    client.query(QueryOptions::new()).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[tokio::test]
async fn the_window_is_the_same_for_every_page() {
    let transport = Entries { total: 30, per_millisecond: 1 }.served();
    read(&mut client(&transport).query_all(QueryOptions::new().limit(10))).await.unwrap();
    let from: BTreeSet<_> =
        transport.requests().iter().map(|request| parameter(request, "from").unwrap()).collect();
    let [from] = from.iter().collect::<Vec<_>>()[..] else { panic!("the window moved: {from:?}") };
    let from: chrono::DateTime<chrono::Utc> = from.replace("%3A", ":").parse().unwrap();
    let age = std::time::SystemTime::now().duration_since(from.into()).unwrap();
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    assert!(age >= day && age < day + TIMEOUT, "{age:?}");

    let transport = Entries { total: 30, per_millisecond: 1 }.served();
    let options = QueryOptions::new().limit(10).from_time(std::time::SystemTime::UNIX_EPOCH);
    read(&mut client(&transport).query_all(options)).await.unwrap();
    for request in transport.requests() {
        assert_eq!(parameter(&request, "from").unwrap(), "1970-01-01T00%3A00%3A00.000000Z");
    }
}

#[tokio::test]
async fn an_offset_counts_once_and_a_cursor_is_where_it_starts() {
    let transport = Entries { total: 40, per_millisecond: 1 }.served();
    let options = QueryOptions::new().limit(10).offset(5).cursor("10").q("a");
    let read = read(&mut client(&transport).query_all(options)).await.unwrap();
    assert_eq!(read, (15..40).map(|id| id.to_string()).collect::<Vec<_>>());
    assert!(transport.requests().iter().all(|request| parameter(request, "q").as_deref() == Some("a")));
}

#[tokio::test]
async fn a_server_that_starts_over_is_an_error_and_not_a_circle() {
    for per_millisecond in [1, 1_000] {
        let entries = Entries { total: 100, per_millisecond };
        let transport = MemoryTransport::responding(move |_| entries.slice(0, 10, true));
        let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
        let mut read = Vec::new();
        let error = loop {
            match next(&mut all).await.unwrap() {
                Ok(id) => read.push(id),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, QueryError::CursorIgnored), "{error}");
        assert_eq!(read.len(), 10);
        assert!(next(&mut all).await.is_none());
        assert_eq!(transport.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_server_that_starts_over_late_with_newer_entries_is_seen_too() {
    // So many have arrived that the first entry is on no page any more, or all are of one millisecond.
    for (per_millisecond, start) in [(1, 5), (1_000, 15)] {
        let entries = Entries { total: 100, per_millisecond };
        let transport = entries.served();
        transport.push(entries.slice(20, 10, true));
        transport.push(entries.slice(30, 10, true));
        transport.push(entries.slice(start, 10, true));
        let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
        let error = read(&mut all).await.unwrap_err();
        assert!(matches!(error, QueryError::CursorIgnored), "{error}");
        assert_eq!(transport.requests().len(), 3);
    }
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_an_error() {
    let entries = Entries { total: 100, per_millisecond: 100 };
    let transport = MemoryTransport::new();
    transport.push(entries.slice(0, 10, true));
    transport
        .push(Reply::json(format!(r#"{{"logs":[{}],"nextCursor":"10","hasMore":true}}"#, entries.entry(50))));
    let error = read(&mut client(&transport).query_all(QueryOptions::new().limit(10))).await.unwrap_err();
    assert!(matches!(error, QueryError::CursorIgnored), "{error}");
}

#[tokio::test]
async fn an_old_server_is_paged_by_its_cursors_alone() {
    let entries = Entries { total: 25, per_millisecond: 3 };
    let transport = MemoryTransport::responding(move |request| {
        let start = parameter(request, "cursor").map_or(0, |cursor| cursor.parse().unwrap());
        entries.slice(start, 10, false)
    });
    let all = read(&mut client(&transport).query_all(QueryOptions::new().limit(10))).await.unwrap();
    assert_eq!(all, (0..25).map(|id| id.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_error_in_the_middle_comes_after_what_was_read_and_ends_it() {
    let transport = Entries { total: 100, per_millisecond: 1 }.served();
    transport.push(Entries { total: 100, per_millisecond: 1 }.slice(0, 10, true));
    transport.push(Reply::status(500));
    let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
    for _ in 0..10 {
        next(&mut all).await.unwrap().unwrap();
    }
    assert!(matches!(next(&mut all).await, Some(Err(QueryError::Status { .. }))));
    assert!(next(&mut all).await.is_none());
    assert_eq!(transport.requests().len(), 2);
}

#[tokio::test]
async fn options_that_cannot_be_sent_are_its_first_item() {
    let transport = MemoryTransport::new();
    let mut all = client(&transport).query_all(QueryOptions::new().limit(1001));
    assert!(matches!(next(&mut all).await, Some(Err(QueryError::OutOfRange { given: 1001, .. }))));
    assert!(next(&mut all).await.is_none());
    assert!(transport.requests().is_empty());
}

#[test]
fn a_caller_that_blocks_iterates() {
    let transport = Entries { total: 25, per_millisecond: 1 }.served();
    let client = client(&transport);
    let all = client.query_all_blocking(QueryOptions::new().limit(10));
    let records = all.collect::<Result<Vec<_>, _>>().unwrap();
    let expected: Vec<String> = (0..25).map(|id| id.to_string()).collect();
    assert_eq!(ids(&records), expected);

    transport.push(Reply::status(500));
    let mut all = client.query_all_blocking(QueryOptions::new());
    assert!(all.next().unwrap().is_err());
    assert!(all.next().is_none());
}

#[tokio::test]
async fn a_stream_that_was_polled_by_one_task_goes_on_in_another() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let transport = MemoryTransport::responding(move |request| {
        // Closed until the other task has the stream, and open to all after that.
        let _ = gate.lock().unwrap().recv();
        Entries { total: 30, per_millisecond: 1 }.page(request)
    });
    let mut all = client(&transport).query_all(QueryOptions::new().limit(10));
    let pending = poll_fn(|context| Poll::Ready(Pin::new(&mut all).poll_next(context).is_pending())).await;
    assert!(pending);
    let read = tokio::spawn(async move {
        drop(open);
        read(&mut all).await.unwrap().len()
    });
    assert_eq!(read.await.unwrap(), 30);
}
