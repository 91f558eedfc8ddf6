//! The standard's algorithm, transcribed for a stream that is available as a whole.

use std::time::Duration;

use logtide_core::limits::MAX_RETRY_AFTER;

use super::OwnedFrame;

/// Decodes a whole stream. `max_event_bytes` limits the data together with the line that is being read.
pub(super) fn interpret(stream: &[u8], max_event_bytes: usize) -> Vec<OwnedFrame> {
    let decoded = String::from_utf8_lossy(stream);
    let decoded = decoded.strip_prefix('\u{FEFF}').unwrap_or(&decoded);
    let text = decoded.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<&str> = text.split('\n').collect();
    lines.pop();

    let (mut data, mut event_type, mut last_event_id) = (String::new(), String::new(), String::new());
    let (mut bytes, mut oversized) = (0, false);
    let mut seen = Vec::new();
    for line in lines {
        if line.is_empty() {
            if oversized {
                seen.push(OwnedFrame::Oversized(bytes));
            } else if !data.is_empty() {
                data.pop();
                let name = if event_type.is_empty() { "message" } else { &event_type };
                seen.push(OwnedFrame::event(name, &data, &last_event_id));
            }
            data.clear();
            event_type.clear();
            (bytes, oversized) = (0, false);
            continue;
        }
        bytes += line.len() as u64 + 1;
        oversized |= data.len() + line.len() > max_event_bytes;
        if oversized {
            continue;
        }
        let (field, value) = match line.find(':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, ""),
        };
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" => seen.push(OwnedFrame::comment(value)),
            "event" => event_type = value.to_owned(),
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "id" if !value.contains('\0') => last_event_id = value.to_owned(),
            "retry" if value.chars().all(|digit| digit.is_ascii_digit()) => {
                if let Ok(milliseconds) = value.parse() {
                    seen.push(OwnedFrame::Retry(Duration::from_millis(milliseconds).min(MAX_RETRY_AFTER)));
                }
            }
            _ => {}
        }
    }
    seen
}
