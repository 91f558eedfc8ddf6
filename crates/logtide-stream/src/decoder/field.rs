//! The field on a line of an event.

use std::time::Duration;

use logtide_core::limits::MAX_RETRY_AFTER;

/// A field, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Comment(&'a str),
    Data(&'a str),
    Name(&'a str),
    Id(&'a str),
    Retry(Duration),
    /// A field or a value that the standard ignores.
    Ignored,
}

impl<'a> Field<'a> {
    /// Parses a line that is not blank.
    pub(super) fn parse(line: &'a str) -> Self {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "data" => Self::Data(value),
            "" => Self::Comment(value),
            "event" => Self::Name(value),
            "id" if !value.contains('\0') => Self::Id(value),
            "retry" => milliseconds(value).map_or(Self::Ignored, Self::Retry),
            _ => Self::Ignored,
        }
    }
}

fn milliseconds(value: &str) -> Option<Duration> {
    // `parse` accepts a sign too.
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let wait = digits.then(|| value.parse().ok()).flatten().map(Duration::from_millis)?;
    Some(wait.min(MAX_RETRY_AFTER))
}
