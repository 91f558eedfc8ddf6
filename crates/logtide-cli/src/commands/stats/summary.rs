//! The output of the counts.

use std::collections::BTreeMap;

use anstyle::Style;
use chrono::{DateTime, SecondsFormat, Utc};
use logtide::Level;
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{counts::Counts, tops::Tops};
use crate::{
    output::{Layout, Palette, Piece, cut},
    sanitize,
    terminal::Terminal,
};

/// Counts over time, and the most frequent services and messages.
#[derive(Debug)]
pub(super) struct Summary {
    pub(super) counts: Counts,
    pub(super) services: List,
    pub(super) errors: List,
}

/// A list of the most frequent values.
#[derive(Debug)]
pub(super) struct List {
    /// Describes which entries are counted, if they differ from those over time.
    pub(super) scope: &'static str,
    pub(super) items: Vec<(String, u64)>,
    /// Whether all entries were counted.
    pub(super) is_exact: bool,
}

impl List {
    /// Creates a summary with the most frequent values of the counted entries.
    pub(super) fn of(tops: Tops) -> Self {
        let (items, is_partial) = tops.most();
        Self { scope: "", items, is_exact: !is_partial }
    }
}

impl Summary {
    /// Writes the lists for people.
    pub(super) fn write_lists(&self, out: &mut String, terminal: Terminal) {
        list(out, terminal, "Top services", &self.services, Palette::SERVICE);
        list(out, terminal, "Top errors", &self.errors, Palette::PLAIN);
    }
}

fn list(out: &mut String, terminal: Terminal, title: &str, list: &List, style: Style) {
    if list.items.is_empty() {
        return;
    }
    let layout = Layout { width: Some(terminal.width), terminal };
    let notes = [list.scope, if list.is_exact { "" } else { "too many to count all" }];
    let notes: Vec<_> = notes.into_iter().filter(|note| !note.is_empty()).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    out.push('\n');
    layout.line(out, 0, 2, &[Piece::new(Palette::TITLE, title), Piece::new(Palette::FAINT, notes)]);
    let digits = list.items.iter().map(|(_, count)| count.to_string().len()).max().unwrap_or(0);
    for (text, count) in &list.items {
        let text = sanitize::line(text);
        let text = cut(&text, terminal.width.saturating_sub(digits + 4).max(1)).into_owned();
        let count = Piece::new(Palette::PLAIN, format!("  {count:>digits$}  "));
        Layout { width: None, terminal }.line(out, 0, 0, &[count, Piece::new(style, text)]);
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Bucket {
            time: String,
            total: u64,
            by_level: BTreeMap<&'static str, u64>,
        }
        let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
        let by_level = |count: &dyn Fn(Level) -> u64| {
            Level::ALL.into_iter().map(|level| (level.as_str(), count(level))).collect::<BTreeMap<_, _>>()
        };
        let counts = &self.counts;
        let buckets = counts.buckets().map(|(start, numbers)| Bucket {
            time: time(start),
            total: numbers.iter().sum(),
            by_level: by_level(&|level| numbers[level as usize]),
        });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("from", &time(counts.from))?;
        map.serialize_entry("to", &time(counts.to))?;
        map.serialize_entry("total", &counts.total())?;
        map.serialize_entry("by_level", &by_level(&|level| counts.of_level(level)))?;
        map.serialize_entry("interval_seconds", &counts.seconds())?;
        map.serialize_entry("timeseries", &buckets.collect::<Vec<_>>())?;
        map.serialize_entry("top_services", &Items(&self.services, "service"))?;
        map.serialize_entry("top_errors", &Items(&self.errors, "message"))?;
        map.end()
    }
}

/// A list as JSON, with this name for the text of its items.
struct Items<'a>(&'a List, &'static str);

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(List { scope, items, is_exact }, name) = self;
        let item = |(text, count): &(String, u64)| serde_json::json!({ *name: text, "count": count });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("scope", if scope.is_empty() { "the same entries" } else { *scope })?;
        map.serialize_entry("is_exact", is_exact)?;
        map.serialize_entry("items", &items.iter().map(item).collect::<Vec<_>>())?;
        map.end()
    }
}
