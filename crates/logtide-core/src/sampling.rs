//! Sampling of entries.

/// The fraction of entries to keep, from 0.0 to 1.0.
///
/// Entries of one trace are kept or dropped together, here and in other processes with the same rate. The traces kept
/// at a lower rate are a subset of those kept at a higher one.
///
/// ```
/// use logtide_core::SampleRate;
///
/// let rate = SampleRate::new(0.25);
/// let trace = Some("0af7651916cd43dd8448eb211c80319c");
/// assert_eq!(rate.keeps(trace, 0.1), rate.keeps(trace, 0.9));
/// assert!(rate.keeps(None, 0.1) && !rate.keeps(None, 0.9));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleRate(f64);

impl SampleRate {
    /// Creates a rate. A value outside of 0.0 to 1.0 is clamped.
    #[must_use]
    pub const fn new(rate: f64) -> Self {
        Self(rate)
    }

    /// Whether all entries are kept.
    #[must_use]
    pub fn keeps_all(self) -> bool {
        self.0 >= 1.0
    }

    /// Whether to keep an entry. The trace decides, or else a random number from 0.0 up to 1.0.
    #[must_use]
    pub fn keeps(self, trace_id: Option<&str>, random: f64) -> bool {
        let point = match trace_id {
            Some(trace_id) if !trace_id.is_empty() => point_of(trace_id),
            _ => random,
        };
        point < self.0
    }
}

/// A number from 0.0 up to 1.0 that depends only on the id: FNV-1a, with the bit mixing of SplitMix64.
fn point_of(trace_id: &str) -> f64 {
    let hash = trace_id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    // A double has 53 bits of precision.
    ((hash ^ hash >> 31) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_keep_all_and_nothing() {
        for trace in [None, Some(""), Some("t"), Some("0af7651916cd43dd8448eb211c80319c")] {
            assert!(SampleRate::new(1.0).keeps(trace, 0.999_999));
            assert!(!SampleRate::new(0.0).keeps(trace, 0.0));
        }
    }

    #[test]
    fn traces_are_kept_at_the_rate_and_a_higher_rate_keeps_them_too() {
        let trace = |n: u32| format!("{n:032x}");
        let kept = |rate: f64, n: u32| SampleRate::new(rate).keeps(Some(&trace(n)), 0.5);
        let count = (0..10_000).filter(|n| kept(0.3, *n)).count();
        assert!((2_800..3_200).contains(&count), "{count}");
        assert!((0..10_000).filter(|n| kept(0.3, *n)).all(|n| kept(0.5, n)));
    }
}
