//! Levels by their common names and numbers.

use logtide::Level;

use super::super::parsed::Field;

/// Returns the level that a word means, ignoring case.
pub(in super::super) fn level_of_word(word: &str) -> Option<Level> {
    let mut lower = [0; 13];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"trace" | b"debug" | b"dbg" | b"verbose" | b"fine" | b"finer" | b"finest" | b"trc" => Level::Debug,
        b"info" | b"information" | b"informational" | b"inf" | b"notice" | b"log" | b"config" => Level::Info,
        b"warn" | b"warning" | b"wrn" => Level::Warn,
        b"error" | b"err" | b"eror" | b"severe" | b"failure" => Level::Error,
        b"critical" | b"crit" | b"fatal" | b"panic" | b"alert" | b"emerg" | b"emergency" | b"ftl" => {
            Level::Critical
        }
        _ => return None,
    })
}

/// Reads the value of a level field: a word, a number of bunyan and pino (10 to 60), or one of syslog (0 to 7).
pub(super) fn level_of(value: &Field<'_>) -> Option<Level> {
    match value {
        Field::Text(text) => {
            level_of_word(text.trim()).or_else(|| level_of_number(text.trim().parse().ok()?))
        }
        Field::Unsigned(number) => level_of_number(*number),
        _ => None,
    }
}

/// Returns the level for a severity number of OpenTelemetry, 1 to 24.
pub(super) fn level_of_severity_number(value: &Field<'_>) -> Option<Level> {
    match value {
        Field::Unsigned(1..=8) => Some(Level::Debug),
        Field::Unsigned(9..=12) => Some(Level::Info),
        Field::Unsigned(13..=16) => Some(Level::Warn),
        Field::Unsigned(17..=20) => Some(Level::Error),
        Field::Unsigned(21..=24) => Some(Level::Critical),
        _ => None,
    }
}

/// Returns the level for a severity of syslog.
pub(super) const fn level_of_syslog(severity: u8) -> Option<Level> {
    Some(match severity {
        0..=2 => Level::Critical,
        3 => Level::Error,
        4 => Level::Warn,
        5 | 6 => Level::Info,
        7 => Level::Debug,
        _ => return None,
    })
}

fn level_of_number(number: u64) -> Option<Level> {
    match number {
        0..=7 => level_of_syslog(number as u8),
        10 | 20 => Some(Level::Debug),
        30 => Some(Level::Info),
        40 => Some(Level::Warn),
        50 => Some(Level::Error),
        60 => Some(Level::Critical),
        _ => None,
    }
}
