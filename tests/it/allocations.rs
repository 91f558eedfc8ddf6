//! What a log call allocates.
