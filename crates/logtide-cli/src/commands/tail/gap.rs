//! What may be missing, in a sentence.

use chrono::{DateTime, Local, Utc};
use logtide::{Gap, GapCause};

/// Says what may be missing and what to do about it.
pub(super) fn sentence(gap: &Gap) -> String {
    let time = |time: DateTime<Utc>| time.with_timezone(&Local).format("%H:%M:%S%.3f");
    let when = match (gap.from, gap.to) {
        (Some(from), Some(to)) => format!(" from {} to {}", time(from), time(to)),
        (Some(from), None) => format!(" from {} on", time(from)),
        (None, Some(to)) => format!(" until {}", time(to)),
        (None, None) => String::new(),
    };
    let why = match gap.cause {
        GapCause::Burst => "more were logged at once than the server streams; without --plain all are shown",
        GapCause::Interruption => "the stream was interrupted; without --plain all are shown",
        GapCause::Unreadable => "the server sent what could not be read",
        GapCause::Lookback => {
            "too many were logged to know them all again; follow fewer services, or set a shorter --lookback"
        }
        GapCause::CatchUp => "the output was taken too slowly; see them with `logtide query`",
        GapCause::Clock => "the clock of the server was set back; see them with `logtide query`",
        _ => "the reason is not known",
    };
    format!("entries{when} may be missing: {why}")
}
