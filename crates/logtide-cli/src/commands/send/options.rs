//! How the client of the command works.

use std::{path::Path, sync::Arc, time::Duration};

use logtide::{ClientOptions, DropPolicy, Metadata, PayloadLimits, Redaction};

use super::outage::Outage;

/// Entries that wait for the server.
const WAITING: usize = 20_000;

/// Bytes of entries that wait for the server.
const WAITING_BYTES: usize = 16 * 1024 * 1024;

/// The longest wait for room that the client knows. While the server is away, reading pauses.
const PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long entries wait for others, so that what is followed is soon to be seen.
const INTERVAL: Duration = Duration::from_millis(500);

/// The delay before the first retry, and how often a server that is away is asked.
const RETRIES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// Options with which nothing is lost and nothing is cut but lines that are too long.
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
        // Escapes take room: a line within its limit fits unless most of it is escaped.
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
