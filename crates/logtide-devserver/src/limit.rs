//! Rate limits for each key and route.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;

/// Counts requests in windows of a fixed length.
#[derive(Debug)]
pub(crate) struct Limiter {
    max: u64,
    window: Duration,
    buckets: Mutex<HashMap<(String, String), Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    since: Instant,
    used: u64,
}

/// The usage of a route by a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) allowed: bool,
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// Seconds until the window ends, rounded up.
    pub(crate) reset: u64,
}

impl Limiter {
    pub(crate) fn new(max: u64, window: Duration) -> Self {
        Self { max, window, buckets: Mutex::default() }
    }

    /// Counts a request.
    pub(crate) fn take(&self, key: &str, route: &str, now: Instant) -> Usage {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket =
            buckets.entry((key.to_owned(), route.to_owned())).or_insert(Bucket { since: now, used: 0 });
        if now.duration_since(bucket.since) >= self.window {
            *bucket = Bucket { since: now, used: 0 };
        }
        let allowed = bucket.used < self.max;
        bucket.used += u64::from(allowed);
        let left = self.window.saturating_sub(now.duration_since(bucket.since));
        Usage { allowed, limit: self.max, remaining: self.max - bucket.used, reset: whole_seconds(left) }
    }

    /// Returns the usage of a key that has sent nothing.
    pub(crate) fn unused(&self) -> Usage {
        Usage { allowed: true, limit: self.max, remaining: self.max, reset: whole_seconds(self.window) }
    }

    /// Restarts all windows.
    pub(crate) fn clear(&self) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Usage {
    /// Returns the usage of a key that has to wait.
    pub(crate) fn exceeded(self, wait: Duration) -> Self {
        Self { allowed: false, remaining: 0, reset: whole_seconds(wait), ..self }
    }

    /// Writes the `x-ratelimit-*` headers.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert("x-ratelimit-limit", self.limit.into());
        headers.insert("x-ratelimit-remaining", self.remaining.into());
        headers.insert("x-ratelimit-reset", self.reset.into());
    }
}

/// Seconds, rounded up.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_and_route_has_its_own_window() {
        let limiter = Limiter::new(2, Duration::from_secs(10));
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let usage = |allowed, remaining, reset| Usage { allowed, limit: 2, remaining, reset };
        assert_eq!(limiter.take("a", "/x", at(0)), usage(true, 1, 10));
        assert_eq!(limiter.take("a", "/x", at(500)), usage(true, 0, 10));
        assert_eq!(limiter.take("a", "/x", at(1_000)), usage(false, 0, 9));
        assert_eq!(limiter.take("a", "/y", at(1_000)), usage(true, 1, 10));
        assert_eq!(limiter.take("b", "/x", at(1_000)), usage(true, 1, 10));
        assert_eq!(limiter.take("a", "/x", at(10_000)), usage(true, 1, 10));
    }
}
