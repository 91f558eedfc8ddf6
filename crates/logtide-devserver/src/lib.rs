//! An embedded LogTide-compatible server for tests, for local development and for trying out.

mod auth;
mod body;
mod chaos;
mod control;
mod counter;
mod error;
mod gate;
mod json;
mod ledger;
mod limit;
mod listener;
mod parameters;
mod reply;
mod routes;
mod server;
mod state;
mod store;
mod validate;

pub use auth::KeyKind;
pub use chaos::{Chaos, Fault, Target, When};
pub use error::StartError;
pub use ledger::{IngestRequest, Requests};
pub use server::{DevServer, DevServerBuilder};
pub use store::{Database, StoredEntry};
