//! The measured entry: a line of an access log, with five fields.

use logtide_core::IntoMetadata;

/// The message of every entry.
pub const MESSAGE: &str = "request completed";

/// Returns the metadata of an entry, in the form that a program would usually pass.
pub fn fields(id: u64) -> impl IntoMetadata {
    (
        ("method", "GET"),
        ("path", "/api/users/42"),
        ("status", 200_u64),
        ("duration_ms", 12.5_f64),
        ("user_id", id),
    )
}

/// Logs an entry through `tracing`, to any subscriber.
pub fn event(id: u64) {
    tracing::info!(
        method = "GET",
        path = "/api/users/42",
        status = 200_u64,
        duration_ms = 12.5_f64,
        user_id = id,
        "request completed"
    );
}
