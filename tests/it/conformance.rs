//! The contract that every LogTide SDK keeps, one file an id. See CONFORMANCE.md.

mod c15_incoming_trace;
mod c20_scopes;
mod c20_tasks;
mod c21_breadcrumbs;
mod c25_outgoing_trace;
mod c26_correlation;
