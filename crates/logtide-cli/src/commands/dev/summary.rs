//! What a local server stored, printed when it ends.

use std::{path::Path, time::Instant};

use logtide_devserver::DevServer;

use super::print_line;

/// The state when the server started.
#[derive(Debug)]
pub(super) struct Summary {
    entries: u64,
    spans: u64,
    started: Instant,
}

impl Summary {
    pub(super) fn begin(server: &DevServer) -> Self {
        Self { entries: server.stored_count(), spans: server.stored_span_count(), started: Instant::now() }
    }

    /// Stops the server, and prints what was stored since the start.
    pub(super) fn report(self, server: DevServer, file: Option<&Path>) {
        let (entries, spans) = (server.stored_count(), server.stored_span_count());
        server.shutdown();
        let entries = counted(entries.saturating_sub(self.entries), "entry", "entries");
        let spans = counted(spans.saturating_sub(self.spans), "span", "spans");
        let place = file.map_or_else(|| "memory".to_owned(), |file| file.display().to_string());
        let seconds = self.started.elapsed().as_secs();
        print_line(&format!("stored {entries} and {spans} in {place} in {seconds} s{}", memory()));
    }
}

/// The peak memory of this process, if the system reports it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    peak.map_or_else(String::new, |peak| format!("; at most {} MB of memory", peak.div_ceil(1024)))
}

/// `1,234 entries`.
fn counted(count: u64, one: &str, many: &str) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_named() {
        for (count, expected) in
            [(0, "0 spans"), (1, "1 span"), (999, "999 spans"), (1_234_567, "1,234,567 spans")]
        {
            assert_eq!(counted(count, "span", "spans"), expected);
        }
    }
}
