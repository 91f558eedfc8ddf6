//! Answers of others.

use logtide_query::QueryError;

/// Whether an error may come from a proxy or another server. Where there was a LogTide server before, it may be back soon.
pub(crate) fn is_foreign(error: &QueryError) -> bool {
    matches!(
        error,
        QueryError::Unreadable { .. }
            | QueryError::Undecodable(_)
            | QueryError::NotFound { .. }
            | QueryError::UnknownEndpoint { .. }
            | QueryError::Redirected { .. }
    )
}
