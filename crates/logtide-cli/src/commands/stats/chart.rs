//! Charts of counts over time.

use chrono::{DateTime, Local, TimeDelta, Utc};
use logtide::Level;

use super::summary::Summary;
use crate::{
    output::{Layout, Palette, Piece, level_style, width_of},
    terminal::Terminal,
};

/// Bars of one eighth to eight eighths of a line.
const EIGHTHS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The width of the level names, with the space after them.
const NAMES: usize = 9;

/// Draws a row of bars for each level, each row with its own scale.
#[derive(Debug)]
pub(super) struct Chart<'a> {
    summary: &'a Summary,
    terminal: Terminal,
    /// The number of bars.
    columns: usize,
    /// The seconds that a bar covers: a multiple of the interval.
    seconds: i64,
    /// The start of the first bar, in seconds since 1970.
    start: i64,
}

impl<'a> Chart<'a> {
    pub(super) fn new(summary: &'a Summary, terminal: Terminal) -> Self {
        let counts = &summary.counts;
        let interval = counts.seconds();
        let start = counts.from.timestamp().div_euclid(interval) * interval;
        let intervals = (counts.to.timestamp() - start).max(0) / interval + 1;
        let digits = counts.total().to_string().len().max(5);
        let width = terminal.width.saturating_sub(NAMES + 1 + digits).max(1) as i64;
        let together = (intervals + width - 1) / width;
        let columns = (intervals + together - 1) / together;
        Self { summary, terminal, columns: columns as usize, seconds: interval * together, start }
    }

    pub(super) fn write(&self, out: &mut String) {
        let counts = &self.summary.counts;
        let total = counts.total();
        let wrapped = Layout { width: Some(self.terminal.width), terminal: self.terminal };
        let range = format!("{} to {}", self.day_and_time(counts.from), self.day_and_time(counts.to));
        let zone = counts.from.with_timezone(&Local).format("UTC%:z");
        let entries = if total == 1 { "entry" } else { "entries" };
        let title = [
            Piece::new(Palette::TITLE, format!("{total} {entries}")),
            Piece::new(Palette::FAINT, format!(" from {range}, {zone}")),
        ];
        wrapped.line(out, 0, 2, &title);
        if total == 0 {
            return;
        }
        out.push('\n');
        for level in Level::ALL.into_iter().rev().filter(|level| counts.of_level(*level) > 0) {
            self.row(out, level);
        }
        self.axis(out);
        let note = format!("each column is {}, each row has its own scale", length(self.seconds));
        wrapped.line(out, NAMES.min(self.terminal.width / 3), NAMES, &[Piece::new(Palette::FAINT, note)]);
    }

    fn row(&self, out: &mut String, level: Level) {
        let mut sums = vec![0_u64; self.columns];
        for (time, numbers) in self.summary.counts.buckets() {
            let column = usize::try_from((time.timestamp() - self.start) / self.seconds).unwrap_or(0);
            let column = column.min(self.columns - 1);
            sums[column] = sums[column].saturating_add(numbers[level as usize]);
        }
        let most = sums.iter().copied().max().unwrap_or(0).max(1);
        let columns = sums.iter().map(|sum| match sum {
            0 => ' ',
            _ => EIGHTHS[(((*sum - 1) as u128 * 8 / most as u128) as usize).min(7)],
        });
        let style = level_style(level);
        let pieces = [
            Piece::new(style, format!("{:<NAMES$}", level.as_str())),
            Piece::new(style, columns.collect::<String>()),
            Piece::new(Palette::PLAIN, format!(" {}", self.summary.counts.of_level(level))),
        ];
        Layout { width: None, terminal: self.terminal }.line(out, 0, 0, &pieces);
    }

    /// Writes the times of some bars, as many as fit.
    fn axis(&self, out: &mut String) {
        let is_days = self.seconds * self.columns as i64 > 2 * 86_400;
        let mut axis = String::new();
        for column in 0..self.columns {
            let Some(time) = DateTime::from_timestamp(self.start + column as i64 * self.seconds, 0) else {
                continue;
            };
            let time = time.with_timezone(&Local);
            let label = time.format(if is_days { "%m-%d" } else { "%H:%M" }).to_string();
            let gap = if axis.is_empty() { 0 } else { 4 };
            let is_free = column >= width_of(&axis) + gap || column == 0;
            if is_free && column + width_of(&label) <= self.columns.max(width_of(&label)) {
                axis.extend(std::iter::repeat_n(' ', column - width_of(&axis)));
                axis.push_str(&label);
            }
        }
        let pieces = [Piece::new(Palette::PLAIN, " ".repeat(NAMES)), Piece::new(Palette::FAINT, axis)];
        Layout { width: None, terminal: self.terminal }.line(out, 0, 0, &pieces);
    }

    fn day_and_time(&self, time: DateTime<Utc>) -> impl std::fmt::Display {
        time.with_timezone(&Local).format("%Y-%m-%d %H:%M")
    }
}

/// Formats a duration in the largest unit that divides it.
fn length(seconds: i64) -> String {
    let length = TimeDelta::seconds(seconds);
    let units = [
        (length.num_days(), 86_400, "day"),
        (length.num_hours(), 3_600, "hour"),
        (length.num_minutes(), 60, "minute"),
    ];
    let found = units.into_iter().find(|(number, unit, _)| *number > 0 && number * unit == seconds);
    let (number, _, name) = found.unwrap_or((seconds, 1, "second"));
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}
