//! The logger, and how records are sent.

mod records;
mod setting;
