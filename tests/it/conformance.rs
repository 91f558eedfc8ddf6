//! The contract that every LogTide SDK keeps, one file an id. See CONFORMANCE.md.

mod c01_basic_log;
mod c02_batch_by_size;
mod c03_batch_by_interval;
mod c04_wire_strictness;
mod c07_retries;
mod c08_permanent_refusals;
mod c09_retry_after;
mod c10_breaker_opens;
mod c11_half_open;
mod c12_buffer_cap;
mod c13_close;
mod c14_dsn;
mod c15_incoming_trace;
mod c16_secrets_and_privacy;
mod c17_robust_values;
mod c18_time_stamps;
mod c20_scopes;
mod c20_tasks;
mod c21_breadcrumbs;
mod c25_outgoing_trace;
mod c26_correlation;
mod hand;
