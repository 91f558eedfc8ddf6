//! Detects a search that makes no progress.

use chrono::{DateTime, Utc};

use crate::{LogsResponse, QueryError};

/// What is known of the pages so far, to detect a server that starts over because it ignores an invalid cursor.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The newest entry of the first page.
    first: Option<String>,
    /// The time of the last entry.
    last: Option<DateTime<Utc>>,
    /// The cursor of the current page.
    cursor: Option<String>,
}

impl Progress {
    /// Records a page.
    ///
    /// # Errors
    ///
    /// [`QueryError::CursorIgnored`] if the page does not follow the previous ones. A server that starts over returns
    /// entries that are newer than the last one, or, if all have the same millisecond, the first one again.
    pub(super) fn check(&mut self, page: &LogsResponse) -> Result<(), QueryError> {
        let (Some(newest), Some(oldest)) = (page.logs.first(), page.logs.last()) else { return Ok(()) };
        let goes_back = self.last.is_some_and(|last| newest.time > last);
        let starts_over =
            self.first.as_ref().is_some_and(|first| page.logs.iter().any(|record| record.id == *first));
        let stands_still = self.cursor.is_some() && self.cursor == page.next_cursor;
        if goes_back || starts_over || stands_still {
            return Err(QueryError::CursorIgnored);
        }
        self.first.get_or_insert_with(|| newest.id.clone());
        self.last = Some(oldest.time);
        self.cursor.clone_from(&page.next_cursor);
        Ok(())
    }
}
