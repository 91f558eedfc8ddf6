//! Plain text, with a level and a time at its start.

use std::borrow::Cow;

use logtide::Level;

use super::{
    super::parsed::Parsed,
    level::{level_of_syslog, level_of_word},
    time::{self, Zone},
};

/// The number of words that are searched for a level.
const WORDS: usize = 8;

/// Parses a text, whose message is the text itself.
pub(super) fn parse(text: &str, zone: Zone) -> Parsed<'_> {
    let first = text.lines().next().unwrap_or_default();
    let plain = without_styles(first);
    let (level, rest) = match priority(&plain) {
        Some((level, rest)) => (Some(level), rest),
        None => (None, &*plain),
    };
    let start = rest.trim_start_matches(['[', '(', ' ', '\t']);
    let time = time::leading(start, zone);
    let rest = time.map_or(rest, |(_, length)| &start[length..]);
    Parsed {
        level: level.or_else(|| level_in(rest)).or_else(|| level_of_trace(text, rest)),
        time: time.map(|(time, _)| time),
        message: Some(Cow::Borrowed(text)),
        ..Parsed::default()
    }
}

/// Finds the level at the start of a text: `[ERROR]`, `WARN:`, `error:`, `E1127 04:46:01`, `level=warn`.
fn level_in(text: &str) -> Option<Level> {
    let mut words = text.split_ascii_whitespace();
    if let Some(level) = words.clone().next().and_then(level_of_glog) {
        return Some(level);
    }
    let mut is_first = true;
    words.by_ref().take(WORDS).find_map(|word| {
        let word_is_first = is_first;
        is_first = is_first && !word.bytes().any(|byte| byte.is_ascii_alphabetic());
        level_in_word(word, word_is_first)
    })
}

fn level_in_word(word: &str, is_first: bool) -> Option<Level> {
    let is_enclosed = word.starts_with(['[', '<', '(', '|']) && word.ends_with([']', '>', ')', '|', ':']);
    let end = word.find([':', '!']);
    let is_label = word.ends_with([':', '!'])
        || end.is_some_and(|at| {
            word[at..].len() > 1 && word[..at].bytes().all(|byte| byte.is_ascii_uppercase())
        });
    let bare = word.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    let bare = if is_label && !is_enclosed { bare.split([':', '!']).next().unwrap_or(bare) } else { bare };
    if let Some(value) = word.strip_prefix("level=").or_else(|| word.strip_prefix("lvl=")) {
        return level_of_word(value.trim_matches('"'));
    }
    let level = level_of_word(bare)?;
    let is_upper = bare.len() > 2 && bare.bytes().all(|byte| byte.is_ascii_uppercase()) && bare != "LOG";
    (is_upper || is_enclosed || (is_first && is_label)).then_some(level)
}

/// Reads the level of glog and klog, as in `E1127`.
fn level_of_glog(word: &str) -> Option<Level> {
    let (first, digits) = word.split_at_checked(1)?;
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match first {
        "I" => Some(Level::Info),
        "W" => Some(Level::Warn),
        "E" => Some(Level::Error),
        "F" => Some(Level::Critical),
        _ => None,
    }
}

/// Reads a prefix such as `<3>`, which daemons write for journald and syslog, and returns the rest too.
fn priority(text: &str) -> Option<(Level, &str)> {
    let (digits, rest) = text.strip_prefix('<')?.split_once('>')?;
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let priority: u16 = digits.parse().ok().filter(|priority| *priority < 192)?;
    Some((level_of_syslog((priority % 8) as u8)?, rest))
}

/// A stack trace without a level is an error.
fn level_of_trace(text: &str, first: &str) -> Option<Level> {
    let first = first.trim_start();
    let is_panic = first.starts_with("panic: ") || first.starts_with("fatal error: ");
    let is_rust = first.starts_with("thread '") && first.contains(" panicked at ");
    let is_trace = first.starts_with("Traceback (most recent call last)")
        || first.starts_with("Exception in thread ")
        || text.lines().skip(1).take(4).any(|line| {
            line.starts_with("\tat ")
                || line.starts_with("    at ")
                || line.starts_with("Traceback (most recent")
        });
    if is_panic || is_rust { Some(Level::Critical) } else { is_trace.then_some(Level::Error) }
}

/// Removes the escape sequences that colour a line.
fn without_styles(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|character: char| !character.is_ascii_digit() && character != ';');
        plain.push_str(end.map_or("", |end| part[end..].get(1..).unwrap_or_else(|| &part[end..])));
    }
    Cow::Owned(plain)
}
