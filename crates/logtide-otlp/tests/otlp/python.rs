//! Requests as the Python package `opentelemetry-proto` reads them.

use std::{
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use logtide_core::{
    Content, RecordWriter, SpanData, SpanFields, SpanId, SpanKind, SpanStatus, SpanTimes, TraceId, Wire as _,
};
use logtide_otlp::Target;
use serde_json::{Value, json};

use crate::setup::{head, logs, spans};

/// The time limit for installing the package, and for reading a request.
const TIMEOUT: Duration = Duration::from_secs(60);

#[test]
fn python_reads_logs_and_spans() {
    let packages = match packages() {
        Ok(packages) => packages,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let nested = json!({"list": [1, "two", null, 2.5, {"deep": true}], "large": 9_007_199_254_740_993_i64});

    let (mut wire, mut writer, mut body) = (logs(Target::Collector), RecordWriter::default(), Vec::new());
    for service in ["a", "b"] {
        let mut head = head(service);
        head.ids.trace_id = Some(TraceId::from_random(0xabc).into());
        let mut fields = writer.begin(&head);
        fields.message("über 😀");
        fields.field("nested", &nested);
        fields.field("negative", &-7);
        fields.field("long", &"x".repeat(20_000));
        wire.write(fields.finish(), &mut body);
    }
    wire.end(&mut body);
    let attributes = json!({"nested": nested, "negative": -7, "long": "x".repeat(20_000)});
    let entry = json!({
        "severity": [9, "info"], "body": "über 😀", "trace": format!("{:032x}", 0xabc), "attributes": attributes,
    });
    assert_eq!(read(&packages, "logs", &body), json!([["a", [entry]], ["b", [entry]]]));

    let mut head = head("api");
    head.ids.trace_id = Some(TraceId::from_random(1).into());
    head.ids.span_id = Some(SpanId::from_random(2).into());
    let mut data = SpanData::default();
    data.set_status(SpanStatus::Error, "failed");
    data.event(5, "retry", &SpanFields::new(None, Content::unchanged(), [("attempt", 2)]));
    data.link(
        TraceId::from_random(3),
        SpanId::from_random(4),
        &SpanFields::new(None, Content::unchanged(), ()),
    );
    let mut times = SpanTimes::new(1);
    (times.parent, times.kind) = (Some(SpanId::from_random(9)), SpanKind::Server);
    let mut fields = writer.begin(&head);
    fields.message("GET /");
    fields.field("nested", &nested);
    fields.ended_span(&times, &data);
    let (mut wire, mut body) = (spans(Target::Collector), Vec::new());
    wire.write(fields.finish(), &mut body);
    wire.end(&mut body);
    let span = json!({
        "name": "GET /", "kind": 2, "status": [2, "failed"], "trace": format!("{:032x}", 1),
        "span": format!("{:016x}", 2), "parent": format!("{:016x}", 9), "attributes": {"nested": nested},
        "events": [["retry", {"attempt": 2}]], "links": [format!("{:016x}", 4)],
    });
    assert_eq!(read(&packages, "spans", &body), json!([["api", [span]]]));
}

/// Decodes a body in Python.
fn read(packages: &Path, kind: &str, body: &[u8]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/otlp/python.py");
    let mut python = python(packages);
    let text = output(python.arg(script).arg(kind), body).expect("Python reads the request");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Returns the folder of the package, which is installed once.
///
/// # Errors
///
/// The reason why it cannot be installed.
fn packages() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-opentelemetry-proto");
    let is_there = || {
        let mut check = python(&folder);
        output(check.args(["-c", "import opentelemetry.proto.collector.logs.v1.logs_service_pb2"]), b"")
            .is_ok()
    };
    if is_there() {
        return Ok(folder);
    }
    let mut install = Command::new("python3");
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]);
    install.arg(&folder).arg("opentelemetry-proto");
    output(&mut install, b"")
        .map_err(|error| format!("pip does not install opentelemetry-proto: {error}"))?;
    if is_there() { Ok(folder) } else { Err("Python does not import opentelemetry-proto".to_owned()) }
}

fn python(packages: &Path) -> Command {
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", packages).env("PYTHONIOENCODING", "utf-8");
    python
}

/// Returns the output of a command.
///
/// # Errors
///
/// If the command does not start, fails, or takes too long. It is killed in the last case.
fn output(command: &mut Command, input: &[u8]) -> io::Result<String> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (sender, receiver) = mpsc::channel();
    // The output is larger than a pipe holds. The reader ends with the process.
    let reader = thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.map(|mut stdout| stdout.read_to_string(&mut text));
        // The receiver was dropped if the command took too long.
        let _ = sender.send(read.transpose().map(|_| text));
    });
    let written = stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input));
    let text = receiver.recv_timeout(TIMEOUT);
    if text.is_err() {
        child.kill()?;
    }
    let status = child.wait()?;
    let _ = reader.join();
    let text = text.map_err(io::Error::other)??;
    written?;
    if status.success() { Ok(text) } else { Err(io::Error::other(status.to_string())) }
}
