//! Requests as an independent decoder reads them, and responses.

mod answers;
mod arbitrary;
mod decode;
mod equal;
mod errors;
mod limits;
mod logs;
mod python;
mod requests;
mod setup;
mod spans;
