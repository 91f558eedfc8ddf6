//! The logger, and what is sent of records.

mod records;
mod setting;
