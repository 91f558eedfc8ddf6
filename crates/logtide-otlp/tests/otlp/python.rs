//! Requests as the Python package `opentelemetry-proto` reads them.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use logtide_core::{
    Content, RecordWriter, SpanData, SpanFields, SpanId, SpanKind, SpanStatus, SpanTimes, TraceId, Wire as _,
};
use logtide_otlp::Target;
use serde_json::{Value, json};

use crate::setup::{head, logs, spans};

/// How long the package may take to install, and a request to be read.
const PATIENCE: Duration = Duration::from_secs(60);

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

/// What Python reads in a body.
fn read(packages: &Path, kind: &str, body: &[u8]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/otlp/python.py");
    let mut child = python(packages)
        .arg(script)
        .arg(kind)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child.stdin.take().expect("it has an input").write_all(body).expect("it reads the body");
    let mut output = child.stdout.take().expect("it has an output");
    // The output is larger than a pipe holds.
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).map(|_| text)
    });
    assert!(ends_well(child), "Python cannot read the request");
    let text = reader.join().expect("the output is read").expect("it is UTF-8");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The folder of the package, which is installed once.
///
/// # Errors
///
/// It cannot be installed, for this reason.
fn packages() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-opentelemetry-proto");
    let is_there = || {
        let mut check = python(&folder);
        check.args(["-c", "import opentelemetry.proto.collector.logs.v1.logs_service_pb2"]);
        check.stderr(Stdio::null()).spawn().is_ok_and(ends_well)
    };
    if is_there() {
        return Ok(folder);
    }
    let mut install = Command::new("python3");
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]);
    install.arg(&folder).arg("opentelemetry-proto").stdout(Stdio::null()).stderr(Stdio::null());
    let child = install.spawn().map_err(|error| format!("python3 does not start: {error}"))?;
    if ends_well(child) && is_there() {
        Ok(folder)
    } else {
        Err("pip cannot install the Python package opentelemetry-proto".to_owned())
    }
}

fn python(packages: &Path) -> Command {
    let mut python = Command::new("python3");
    python.env("PYTHONPATH", packages).env("PYTHONIOENCODING", "utf-8");
    python
}

/// Whether a process succeeds in time. It is ended where it does not.
fn ends_well(mut child: Child) -> bool {
    let end = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}
