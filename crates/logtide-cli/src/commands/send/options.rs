//! The client options of the command.

use std::{path::Path, sync::Arc, time::Duration};

use logtide::{ClientOptions, DropPolicy, Metadata, PayloadLimits, Redaction};

use super::outage::Outage;

/// The most entries that wait for the server.
const WAITING: usize = 20_000;

/// The most bytes of entries that wait for the server.
const WAITING_BYTES: usize = 16 * 1024 * 1024;

/// The longest wait for buffer capacity that the client supports. Reading pauses while the server is down.
const PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// The flush interval, short enough that followed lines appear soon.
const INTERVAL: Duration = Duration::from_millis(500);

/// The delay before the first retry, and the longest delay between attempts while the server is down.
const RETRIES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Returns options with which nothing is lost, and only lines that are too long are truncated.
pub(super) fn options(
    options: ClientOptions,
    outage: Arc<Outage>,
    metadata: Metadata,
    spool: Option<&Path>,
    max_line: usize,
    redacts: bool,
) -> ClientOptions {
    let limits = PayloadLimits::default()
        .max_field_bytes(3 * max_line)
        // Leaves space for escapes: a line within its limit fits unless most of it is escaped.
        .max_entry_bytes(3 * max_line + 100 * 1024)
        .remove_base64(false);
    let options = options
        .batch_size(1_000)
        .flush_interval(INTERVAL)
        .max_buffer_size(WAITING)
        .max_buffer_bytes(WAITING_BYTES)
        .drop_policy(DropPolicy::Block(PAUSE))
        .retry_delay(RETRIES.0)
        .circuit_breaker_reset(RETRIES.1)
        .payload_limits(limits)
        .global_metadata(metadata)
        .outage_notice(false)
        .on_event(move |event| outage.note(event));
    let options = if redacts { options } else { options.redaction(Redaction::off()) };
    match spool {
        Some(spool) => options.spool(spool),
        None => options,
    }
}
