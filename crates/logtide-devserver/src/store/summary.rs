//! Counts of a search's matches by time, level and service.

use std::collections::BTreeMap;

use serde::Serialize;

use super::search::{Conditions, Search};
use super::{Levels, Result, Store};

/// The possible widths of buckets, in milliseconds: round numbers of seconds, minutes, hours and days.
const WIDTHS: [i64; 22] = [
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
];

/// Counts of a search's matches.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    /// The start of the first bucket, in milliseconds since the epoch.
    from: i64,
    /// The end of the last bucket, in milliseconds since the epoch.
    to: i64,
    /// The width of a bucket in milliseconds.
    width: i64,
    /// The number of matches.
    total: u64,
    /// The buckets with entries by their start, with counts by level.
    buckets: BTreeMap<i64, Levels>,
    /// The number of matches with each level as the filter.
    levels: Levels,
    /// The number of matches with each service as the filter.
    services: BTreeMap<String, u64>,
}

impl Store {
    /// Counts the matches in one pass over the entries of any level and service.
    pub(crate) fn summary(&self, mut search: Search, buckets: u32, now: i64) -> Result<Summary> {
        let levels = std::mem::take(&mut search.levels);
        let services = std::mem::take(&mut search.services);
        let (from, to) = self.extent(&search, now)?;
        let width = width(to - from, buckets.into());
        let mut summary = Summary {
            from: from.div_euclid(width) * width,
            to: (to.div_euclid(width) + 1) * width,
            width,
            total: 0,
            buckets: BTreeMap::new(),
            levels: Levels::new(),
            services: BTreeMap::new(),
        };
        let has = |filter: &[String], name: &String| filter.is_empty() || filter.contains(name);
        self.each_count(&search, width, |bucket, level, service, count| {
            let (level_fits, service_fits) = (has(&levels, &level), has(&services, &service));
            if service_fits {
                *summary.levels.entry(level.clone()).or_default() += count;
            }
            if level_fits {
                *summary.services.entry(service).or_default() += count;
            }
            if level_fits && service_fits {
                summary.total += count;
                *summary.buckets.entry(bucket).or_default().entry(level).or_default() += count;
            }
        })?;
        // A selected service stays in the list, so that it can be deselected.
        for service in services {
            summary.services.entry(service).or_default();
        }
        Ok(summary)
    }

    /// Returns the range of a search: its own, or from the first entry to the last one or `now`.
    fn extent(&self, search: &Search, now: i64) -> Result<(i64, i64)> {
        let bounds = self.read(|connection| {
            let one =
                |sql: &str| connection.prepare_cached(sql)?.query_row((), |row| row.get::<_, Option<i64>>(0));
            Ok((one("SELECT min(time) FROM entries")?, one("SELECT max(time) FROM entries")?))
        });
        let (first, last) = bounds?;
        let to = search.to.unwrap_or_else(|| last.unwrap_or(now).max(now));
        let from = search.from.unwrap_or_else(|| first.unwrap_or(to - 60_000)).min(to);
        Ok((from, to))
    }

    fn each_count(
        &self,
        search: &Search,
        width: i64,
        mut visit: impl FnMut(i64, String, String, u64),
    ) -> Result<()> {
        let conditions = Conditions::of(search);
        let sql = format!(
            "SELECT time - ((time % {width}) + {width}) % {width}, level, service, count(*)
             FROM entries{} GROUP BY 1, 2, 3",
            conditions.sql
        );
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(conditions.parameters())?;
            while let Some(row) = rows.next()? {
                let count: i64 = row.get(3)?;
                visit(row.get(0)?, row.get(1)?, row.get(2)?, count.unsigned_abs());
            }
            Ok(())
        })
    }
}

/// Returns the smallest width that needs no more than `buckets`.
fn width(span: i64, buckets: i64) -> i64 {
    let fits = |width: &&i64| span / **width < buckets;
    WIDTHS.iter().find(fits).copied().unwrap_or_else(|| {
        let week = WIDTHS[WIDTHS.len() - 1];
        (span / buckets / week + 1) * week
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_as_wide_as_needed_and_no_wider() {
        const WEEK: i64 = 604_800_000;
        for (span, expected) in [
            (0, 100),
            (9_900, 100),
            (10_000, 200),
            (3_600_000, 60_000),
            (86_400_000, 900_000),
            (100 * WEEK, 2 * WEEK),
            (5_000 * WEEK, 51 * WEEK),
        ] {
            assert_eq!(width(span, 100), expected, "{span}");
            assert!(span / expected < 100, "{span}");
        }
    }
}
