//! Searches.

use logtide_devserver::DevServer;
use serde_json::json;

use crate::client::{Client, batch};

#[test]
fn an_answer_has_the_servers_fields_in_their_order() {
    let server = DevServer::start().expect("the server starts");
    let mut client = Client::new(&server);
    let entry = json!({"time": "2026-11-22T09:58:34.843Z", "metadata": {"bb": 1, "a": 2}, "trace_id": "t",
        "span_id": "b7ad6b7169203331", "session_id": "5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"});
    client.ingest(&batch(&[entry]));
    let answer = client.get("/api/v1/logs?from=2026-11-22T09:00:00Z&to=2026-11-22T12:00:00%2B01:00");
    let answer = client_ids_replaced(&answer.text);
    assert_eq!(
        answer,
        r#"{"logs":[{"id":"ID","time":"2026-11-22T09:58:34.843Z","projectId":"ID","service":"probe","level":"info","message":"hello","metadata":{"a":2,"bb":1},"traceId":"t","sessionId":"5f0c6f7e-0c1a-4d0a-9d8e-2c3b4a5d6e7f"}],"total":1,"hasMore":false,"limit":100,"offset":0}"#
    );
}

/// The answer with the values of `id` and `projectId` made the same in each run.
fn client_ids_replaced(text: &str) -> String {
    let mut text = text.to_owned();
    for name in ["\"id\":\"", "\"projectId\":\""] {
        let start = text.find(name).expect("an id") + name.len();
        text.replace_range(start..start + 36, "ID");
    }
    text
}
