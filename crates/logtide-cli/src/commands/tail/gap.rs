//! Sentences about gaps in the stream.

use chrono::{DateTime, Local, Utc};
use logtide::{Gap, GapCause};

/// Describes what may be missing, and what to do about it.
pub(super) fn sentence(gap: &Gap) -> String {
    let time = |time: DateTime<Utc>| time.with_timezone(&Local).format("%H:%M:%S%.3f");
    let when = match (gap.from, gap.to) {
        (Some(from), Some(to)) => format!(" from {} to {}", time(from), time(to)),
        (Some(from), None) => format!(" from {} on", time(from)),
        (None, Some(to)) => format!(" until {}", time(to)),
        (None, None) => String::new(),
    };
    let why = match gap.cause {
        GapCause::Burst => "the server streams at most 100 entries a second; omit --plain to see all",
        GapCause::Interruption => "the stream was interrupted; omit --plain to see all",
        GapCause::Unreadable => "the server sent an event that cannot be read",
        GapCause::Lookback => {
            "there are too many entries to keep track of; follow fewer services, or set a shorter --lookback"
        }
        GapCause::CatchUp => "the output was read too slowly; see them with `logtide query`",
        GapCause::Clock => "the server's clock was set back; see them with `logtide query`",
        _ => "the reason is not known",
    };
    format!("entries{when} may be missing: {why}")
}
