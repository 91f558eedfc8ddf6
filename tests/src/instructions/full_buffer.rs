//! Log calls while the buffer is full.

use std::{sync::Arc, time::Duration};

use logtide_client::{Client, ClientOptions, DropPolicy};
use logtide_core::DropReason;

use super::Result;
use crate::{measure::workload, nowhere::Silent, setup::NEVER};

/// Small enough that the limit is exact.
const ROOM: u64 = 1_000;

/// Fills the buffer, and logs this many entries that are dropped.
pub(super) fn run(entries: u64, _most: u64) -> Result<()> {
    let options = ClientOptions::new("http://localhost:8080", "lp_bench")
        .batch_size(1_000_000_000)
        .flush_interval(NEVER)
        .max_buffer_size(ROOM as usize)
        .drop_policy(DropPolicy::Newest);
    let client = Client::with_transport(options, Arc::new(Silent))?;
    (0..ROOM + entries).for_each(|id| client.info("bench", workload::MESSAGE, workload::fields(id)));
    let dropped = client.metrics().dropped_for(DropReason::BufferFull);
    client.close_blocking(Duration::ZERO);
    if dropped == entries { Ok(()) } else { Err(format!("{dropped} of {entries} were dropped").into()) }
}
