//! Output for people.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset as _};
use logtide::{Level, LogRecord};

use super::{
    Mark, exception,
    layout::{Layout, Piece},
    level_style, logfmt,
    palette::Palette,
};
use crate::sanitize;

/// The indentation of further lines of an entry.
const INDENT: usize = 4;

/// Writes entries for people: one line each if that is enough, and further details indented below it.
///
/// A separate line with the date and the time zone precedes the first entry, and each entry for which they change.
#[derive(Debug)]
pub(super) struct Pretty {
    layout: Layout,
    day: Option<(NaiveDate, FixedOffset)>,
}

impl Pretty {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, day: None }
    }

    pub(super) fn write(&mut self, out: &mut String, record: &LogRecord, mark: Mark) {
        let time = record.time.with_timezone(&Local);
        self.day(out, &time);
        let message = sanitize::text(&record.message).replace("\\r\n", "\n");
        let mut lines = message.lines();
        let text_style = if mark == Mark::Context { Palette::FAINT } else { Palette::PLAIN };
        let mut first = vec![
            Piece::new(Palette::FAINT, time.format("%H:%M:%S%.3f").to_string()),
            Piece::new(Palette::PLAIN, " "),
            Piece::new(level_style(record.level), level_name(record.level)),
            Piece::new(Palette::PLAIN, " "),
            Piece::new(Palette::SERVICE, sanitize::line(&record.service)),
            Piece::new(text_style, format!(" {}", lines.next().unwrap_or_default())),
        ];
        match mark {
            Mark::None => {}
            Mark::Match => first.insert(0, Piece::new(Palette::TITLE, "> ")),
            Mark::Context => first.insert(0, Piece::new(Palette::PLAIN, "  ")),
        }
        let (error, shown) = exception::lines(&record.metadata);
        let pairs = pairs(record, shown);
        let rest: Vec<&str> = lines.collect();
        if rest.is_empty() {
            first.extend(pairs.iter().cloned());
        }
        self.layout.line(out, 0, INDENT, &first);
        for line in &rest {
            self.layout.line(out, INDENT, 2 * INDENT, &[Piece::new(text_style, *line)]);
        }
        if !rest.is_empty() && !pairs.is_empty() {
            self.layout.line(out, INDENT - 1, INDENT, &pairs);
        }
        for line in error {
            self.layout.line(out, INDENT, 2 * INDENT, &[Piece::new(Palette::FAINT, sanitize::line(&line))]);
        }
    }

    /// Writes the date and the time zone if they differ from those of the previous entry.
    fn day(&mut self, out: &mut String, time: &DateTime<Local>) {
        let day = (time.date_naive(), time.offset().fix());
        if self.day.replace(day) == Some(day) {
            return;
        }
        let zone = match day.1.local_minus_utc() {
            0 => "UTC".to_owned(),
            _ => format!("UTC{}", day.1),
        };
        self.layout.line(out, 0, 0, &[Piece::new(Palette::FAINT, format!("-- {}, {zone} --", day.0))]);
    }
}

/// Returns the fields of an entry other than the message, each with a space before it.
fn pairs<'a>(record: &LogRecord, shown: &[&str]) -> Vec<Piece<'a>> {
    let ids = [("trace", &record.trace_id), ("span", &record.span_id)];
    let ids = ids.into_iter().filter_map(|(key, id)| Some((key.to_owned(), id.clone()?)));
    let metadata = record.metadata.iter().filter(|(key, _)| !shown.contains(&key.as_str()));
    let metadata = metadata.map(|(key, value)| (key.clone(), logfmt::text_of(value)));
    let pairs = metadata.chain(ids);
    pairs
        .flat_map(|(key, value)| {
            let (key, value) = (logfmt::key_of(&key), logfmt::quoted(&value));
            [Piece::new(Palette::FAINT, format!(" {key}=")), Piece::new(Palette::PLAIN, value)]
        })
        .collect()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO ",
        Level::Warn => "WARN ",
        Level::Error => "ERROR",
        Level::Critical => "CRIT ",
    }
}
