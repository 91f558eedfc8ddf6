//! A trace as a timeline.

use std::time::Duration;

use anstyle::Style;
use chrono::{DateTime, Local, Utc};
use logtide::{LogRecord, SpanNode, SpanTree, StoredSpan};

use crate::{
    output::{Layout, Palette, Piece, cut, level_style, width_of},
    sanitize,
    terminal::Terminal,
};

/// The narrowest terminal with bars, in columns.
const MIN_WIDTH_WITH_BARS: usize = 60;

/// The width of a duration or of a time since the start, in columns.
const TIME_WIDTH: usize = 8;

/// The depth beyond which spans are not indented further.
const MAX_DEPTH: usize = 12;

/// Draws the spans of a trace as bars over time, with the entries below the spans that they were logged in.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    tree: &'a SpanTree,
    start: DateTime<Utc>,
    length: Duration,
    layout: Layout,
    /// The widths of the names and of the bars.
    columns: (usize, usize),
}

/// A line below a span.
enum Below<'a> {
    Span(SpanNode<'a>),
    Entry(&'a LogRecord),
}

impl<'a> Timeline<'a> {
    pub(super) fn new(tree: &'a SpanTree, terminal: Terminal) -> Self {
        let entries = tree.iter().flat_map(|node| node.entries().iter()).chain(tree.other_entries());
        let times: Vec<_> = entries.map(|entry| entry.time).collect();
        let starts = tree.iter().map(|node| node.span().start).chain(times.iter().copied());
        let ends = tree.iter().map(|node| node.span().end).chain(times.iter().copied());
        let start = starts.min().unwrap_or_default();
        let end = ends.max().unwrap_or_default();
        let bars = match terminal.width {
            width if width < MIN_WIDTH_WITH_BARS || tree.is_empty() => 0,
            width => width * 2 / 5,
        };
        let names = (terminal.width - bars).saturating_sub(TIME_WIDTH + 2 + usize::from(bars > 0));
        Self {
            tree,
            start,
            length: (end - start).to_std().unwrap_or_default(),
            layout: Layout { width: None, terminal },
            columns: (names, bars),
        }
    }

    pub(super) fn write(&self, out: &mut String) {
        self.title(out);
        // Iterates instead of recursing: a tree may have any depth.
        let mut left: Vec<_> = self.roots();
        left.reverse();
        while let Some((below, depth)) = left.pop() {
            match below {
                Below::Entry(entry) => self.entry(out, entry, depth),
                Below::Span(node) => {
                    self.span(out, node, depth);
                    let mut children = below_of(node, depth + 1);
                    children.reverse();
                    left.extend(children);
                }
            }
        }
    }

    fn roots(&self) -> Vec<(Below<'a>, usize)> {
        let spans = self.tree.roots().map(|node| (Below::Span(node), 0));
        let entries = self.tree.other_entries().iter().map(|entry| (Below::Entry(entry), 0));
        by_time(spans.chain(entries).collect())
    }

    fn title(&self, out: &mut String) {
        let start = self.start.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S%.3f UTC%:z");
        let entries: usize = self.tree.iter().map(|node| node.entries().len()).sum();
        let entries = entries + self.tree.other_entries().len();
        let count = |number: usize, name: &str| match number {
            1 => format!("1 {}", name.trim_end_matches(['s'])),
            _ => format!("{number} {name}"),
        };
        let entries = if entries == 1 { "1 entry".to_owned() } else { count(entries, "entries") };
        let title =
            format!("{start}, {}, {}, {entries}", shown(self.length), count(self.tree.len(), "spans"));
        let layout = Layout { width: Some(self.layout.terminal.width), ..self.layout };
        layout.line(out, 0, 2, &[Piece::new(Palette::FAINT, title)]);
    }

    fn span(&self, out: &mut String, node: SpanNode<'_>, depth: usize) {
        let span = node.span();
        let has_failed = span.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("error"));
        let style = if has_failed { Palette::FAILED } else { Palette::TITLE };
        let mut notes = String::new();
        if node.is_orphan() {
            notes.push_str(" (its parent is missing)");
        }
        if has_failed {
            let why = span.status_message.as_deref().unwrap_or("failed");
            notes.push_str(&format!(" ! {}", sanitize::line(why)));
        }
        let mut columns = self.columns.0;
        let mut pieces = vec![indent(depth, &mut columns)];
        for (style, text) in [
            (style, sanitize::line(&span.operation).into_owned()),
            (Palette::SERVICE, format!(" {}", sanitize::line(&span.service))),
            (style, notes),
        ] {
            pieces.push(fitted(style, &text, &mut columns));
        }
        pieces.push(Piece::new(Palette::PLAIN, " ".repeat(columns)));
        pieces.push(Piece::new(Palette::PLAIN, format!("  {:>TIME_WIDTH$}", shown(span.duration))));
        if self.columns.1 > 0 {
            let style = if has_failed { Palette::FAILED } else { Palette::SPAN };
            let (before, bar) = self.bar(span);
            pieces.push(Piece::new(Palette::PLAIN, " ".repeat(before + 1)));
            pieces.push(Piece::new(style, "█".repeat(bar)));
        }
        self.layout.line(out, 0, 0, &pieces);
    }

    fn entry(&self, out: &mut String, entry: &LogRecord, depth: usize) {
        let since = (entry.time - self.start).to_std().unwrap_or_default();
        let message = sanitize::text(&entry.message);
        let mut lines = message.lines();
        // Entries have no bar, so their messages may use its columns.
        let mut columns = self.layout.terminal.width;
        let mut pieces = vec![indent(depth, &mut columns)];
        for (style, text) in [
            (Palette::FAINT, format!("+{} ", shown(since))),
            (level_style(entry.level), entry.level.to_string().to_uppercase()),
            (Palette::SERVICE, format!(" {}", sanitize::line(&entry.service))),
            (Palette::PLAIN, format!(" {}", lines.next().unwrap_or_default())),
        ] {
            pieces.push(fitted(style, &text.replace('\t', " "), &mut columns));
        }
        self.layout.line(out, 0, 0, &pieces);
        for line in lines {
            let mut columns = self.layout.terminal.width;
            let indent = indent(depth + 2, &mut columns);
            let line = fitted(Palette::PLAIN, &line.replace('\t', " "), &mut columns);
            self.layout.line(out, 0, 0, &[indent, line]);
        }
    }

    /// Returns the columns before the bar of a span, and the width of the bar, which is at least one.
    fn bar(&self, span: &StoredSpan) -> (usize, usize) {
        let columns = self.columns.1.saturating_sub(1);
        let length = self.length.as_secs_f64();
        let place = |time: DateTime<Utc>| {
            let since = (time - self.start).to_std().unwrap_or_default().as_secs_f64();
            if length > 0.0 { ((since / length * columns as f64).round() as usize).min(columns) } else { 0 }
        };
        let before = place(span.start).min(columns.saturating_sub(1));
        (before, place(span.end).saturating_sub(before).max(1))
    }
}

fn below_of(node: SpanNode<'_>, depth: usize) -> Vec<(Below<'_>, usize)> {
    let spans = node.children().map(|child| (Below::Span(child), depth));
    let entries = node.entries().iter().map(|entry| (Below::Entry(entry), depth));
    by_time(spans.chain(entries).collect())
}

fn by_time(mut below: Vec<(Below<'_>, usize)>) -> Vec<(Below<'_>, usize)> {
    below.sort_by_key(|(below, _)| match below {
        Below::Span(node) => node.span().start,
        Below::Entry(entry) => entry.time,
    });
    below
}

fn indent(depth: usize, columns: &mut usize) -> Piece<'static> {
    let indent = (2 * depth.min(MAX_DEPTH)).min(*columns / 2);
    *columns -= indent;
    Piece::new(Palette::PLAIN, " ".repeat(indent))
}

/// Returns a piece that fits in the remaining columns.
fn fitted(style: Style, text: &str, columns: &mut usize) -> Piece<'static> {
    let text = if *columns == 0 { String::new() } else { cut(text, *columns).into_owned() };
    *columns -= width_of(&text).min(*columns);
    Piece::new(style, text)
}

/// Formats a duration in few characters.
fn shown(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 1.0 => format!("{}ms", duration.as_millis()),
        seconds if seconds < 60.0 => format!("{seconds:.2}s"),
        seconds if seconds < 3_600.0 => format!("{}m{:02}s", seconds as u64 / 60, seconds as u64 % 60),
        seconds => format!("{}h{:02}m", seconds as u64 / 3_600, seconds as u64 % 3_600 / 60),
    }
}
