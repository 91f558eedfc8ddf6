//! Requests as an independent decoder reads them, and answers.

mod answers;
mod arbitrary;
mod decode;
mod equal;
mod errors;
mod limits;
mod logs;
mod requests;
mod setup;
mod spans;
