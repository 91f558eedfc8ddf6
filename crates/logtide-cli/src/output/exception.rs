//! The error of an entry, with its causes and frames.

use serde_json::{Map, Value};

/// The most causes that are shown. The chain of an entry may be longer.
const MAX_CAUSES: usize = 20;

/// Returns the lines that describe the error of an entry, and the metadata that they replace.
pub(super) fn lines(metadata: &Map<String, Value>) -> (Vec<String>, &'static [&'static str]) {
    let mut lines = Vec::new();
    if let Some(Value::Object(exception)) = metadata.get("exception") {
        let mut link = Some(exception);
        for depth in 0..MAX_CAUSES {
            let Some(exception) = link else { break };
            write(&mut lines, exception, depth);
            link = exception.get("cause").and_then(Value::as_object);
        }
        return (lines, &["exception", "error"]);
    }
    if let Some(Value::Object(error)) = metadata.get("error")
        && let Some(stack) = text(error, "stack")
    {
        let title = title_of(text(error, "name"), text(error, "message"));
        lines.extend(title.filter(|title| !stack.starts_with(title)));
        lines.extend(stack.lines().map(str::to_owned));
        return (lines, &["error"]);
    }
    (lines, &[])
}

fn write(lines: &mut Vec<String>, exception: &Map<String, Value>, depth: usize) {
    let title = title_of(text(exception, "type"), text(exception, "message")).unwrap_or_default();
    let before = if depth == 0 { "" } else { "caused by " };
    lines.extend(format!("{before}{title}").lines().map(str::to_owned));
    let frames = exception.get("stacktrace").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    lines.extend(frames.iter().filter_map(Value::as_object).map(frame));
    if frames.is_empty()
        && let Some(raw) = text(exception, "raw")
    {
        lines.extend(raw.lines().map(|line| format!("  {line}")));
    }
}

fn title_of(kind: Option<&str>, message: Option<&str>) -> Option<String> {
    match (kind, message) {
        (Some(kind), Some(message)) => Some(format!("{kind}: {message}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

fn frame(frame: &Map<String, Value>) -> String {
    let function = text(frame, "function").unwrap_or("?");
    let mut place = text(frame, "file").map(str::to_owned).unwrap_or_default();
    for name in ["line", "column"] {
        if let Some(number) = frame.get(name).and_then(Value::as_u64) {
            place = format!("{place}:{number}");
        }
    }
    let space = if place.is_empty() { "" } else { " " };
    format!("  at {function}{space}{place}")
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}
