//! The ranges of all options.

use std::{ops::RangeInclusive, time::Duration};

use logtide_core::{
    PayloadLimits,
    limits::{MAX_BODY_BYTES, MAX_DELAY},
};

#[cfg(feature = "spool")]
use super::Durability;
use super::{ClientOptions, DropPolicy, OptionsError};

const MILLISECOND: Duration = Duration::from_millis(1);
/// The largest buffer, in entries.
pub(crate) const MAX_ENTRIES: usize = 100_000_000;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl ClientOptions {
    /// Checks all values except the address, the key and the connection options, whose types check themselves.
    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        number("batch_size", self.batch_size, 1..=usize::MAX)?;
        number("max_buffer_size", self.max_buffer_size, 1..=MAX_ENTRIES)?;
        number("max_buffer_bytes", self.max_buffer_bytes, 1_024..=usize::MAX / 4)?;
        number("max_batch_bytes", self.max_batch_bytes, 1_024..=MAX_BODY_BYTES)?;
        number("max_in_flight", self.max_in_flight, 1..=64)?;
        number("max_retries", self.max_retries as usize, 0..=100)?;
        number("circuit_breaker_threshold", self.circuit_breaker_threshold as usize, 1..=u32::MAX as usize)?;
        number("max_breadcrumbs", self.max_breadcrumbs, 0..=1_000)?;
        duration("flush_interval", self.flush_interval, MILLISECOND..=DAY)?;
        duration("retry_delay", self.retry_delay, MILLISECOND..=MAX_DELAY)?;
        duration("circuit_breaker_reset", self.circuit_breaker_reset, MILLISECOND..=DAY)?;
        duration("request_timeout", self.request_timeout, MILLISECOND..=DAY)?;
        duration("flush_timeout", self.flush_timeout, Duration::ZERO..=DAY)?;
        duration("shutdown_timeout", self.shutdown_timeout, Duration::ZERO..=DAY)?;
        if let DropPolicy::Block(timeout) = self.drop_policy {
            duration("drop_policy Block", timeout, Duration::ZERO..=DAY)?;
        }
        let limits = &self.payload_limits;
        number("payload_limits.max_field_bytes", limits.max_field_bytes, 1..=usize::MAX)?;
        let least = PayloadLimits::MIN_ENTRY_BYTES;
        number("payload_limits.max_entry_bytes", limits.max_entry_bytes, least..=usize::MAX)?;
        #[cfg(feature = "spool")]
        self.check_spool()?;
        #[cfg(feature = "otlp")]
        rate("traces_sample_rate", self.otlp.traces_sample_rate)?;
        rate("sample_rate", self.sample_rate)
    }

    #[cfg(feature = "spool")]
    fn check_spool(&self) -> Result<(), OptionsError> {
        let super::spool::Spool { dir, durability, max_bytes, max_files, max_age } = &self.spool;
        integer("spool_max_bytes", *max_bytes, 1 << 20..=u64::MAX)?;
        number("spool_max_files", *max_files, 2..=usize::MAX)?;
        duration("spool_max_age", *max_age, Duration::from_secs(1)..=3_653 * DAY)?;
        if let Some(Durability::Every(interval)) = *durability {
            duration("durability Every", interval, MILLISECOND..=DAY)?;
        }
        if dir.is_none() && durability.is_some() { Err(OptionsError::NoSpool) } else { Ok(()) }
    }
}

fn number(option: &'static str, value: usize, range: RangeInclusive<usize>) -> Result<(), OptionsError> {
    integer(option, value as u64, *range.start() as u64..=*range.end() as u64)
}

fn integer(option: &'static str, value: u64, range: RangeInclusive<u64>) -> Result<(), OptionsError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(OptionsError::Number { option, value, min: *range.start(), max: *range.end() })
}

fn duration(
    option: &'static str,
    value: Duration,
    range: RangeInclusive<Duration>,
) -> Result<(), OptionsError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(OptionsError::Duration { option, value, min: *range.start(), max: *range.end() })
}

fn rate(option: &'static str, value: f64) -> Result<(), OptionsError> {
    if (0.0..=1.0).contains(&value) { Ok(()) } else { Err(OptionsError::Rate { option, value }) }
}
