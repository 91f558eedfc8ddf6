//! The cost of a run.

use std::{fmt, str::FromStr};

/// The cost of one run; times and bytes are per entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    /// Nanoseconds of a log call, as its caller sees it.
    pub(super) caller: f64,
    /// Nanoseconds of these with a processor.
    pub(super) own: f64,
    /// Nanoseconds between log calls of all threads together.
    pub(super) aggregate: f64,
    /// Microseconds of user and system time, all threads of the process.
    pub(super) processor: f64,
    /// Microseconds from the first log call to the end of the client.
    pub(super) wall: f64,
    /// Peak resident memory in MiB.
    pub(super) memory: f64,
    /// Bytes of resident memory for each pending entry when all are pending. NaN if they never are.
    pub(super) held: f64,
    /// Bytes of request bodies.
    pub(super) bytes: f64,
    /// Requests of the whole run.
    pub(super) requests: f64,
    /// Entries of the whole run that did not arrive.
    pub(super) missing: f64,
    /// Allocations of all threads. NaN if they are not counted.
    pub(super) allocations: f64,
}

impl Figures {
    const LENGTH: usize = 11;

    /// Returns the figures in the order of the fields.
    pub(super) const fn to_array(self) -> [f64; Self::LENGTH] {
        let Self {
            caller,
            own,
            aggregate,
            processor,
            wall,
            memory,
            held,
            bytes,
            requests,
            missing,
            allocations,
        } = self;
        [caller, own, aggregate, processor, wall, memory, held, bytes, requests, missing, allocations]
    }

    pub(super) const fn from_array(figures: [f64; Self::LENGTH]) -> Self {
        let [caller, own, aggregate, processor, wall, memory, held, bytes, requests, missing, allocations] =
            figures;
        Self { caller, own, aggregate, processor, wall, memory, held, bytes, requests, missing, allocations }
    }

    /// Returns the median of every figure.
    pub(super) fn median(runs: &[Self]) -> Self {
        Self::from_array(std::array::from_fn(|index| {
            median(runs.iter().map(|run| run.to_array()[index]).collect())
        }))
    }

    /// Returns every figure as a ratio to another run's.
    pub(super) fn ratio(self, reference: Self) -> Self {
        let (own, other) = (self.to_array(), reference.to_array());
        Self::from_array(std::array::from_fn(|index| own[index] / other[index]))
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_array().iter().try_for_each(|figure| write!(formatter, "{figure} "))
    }
}

impl FromStr for Figures {
    type Err = Box<dyn std::error::Error>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let figures = text.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        let figures = figures.try_into().map_err(|_| format!("`{text}` is not what a run cost"))?;
        Ok(Self::from_array(figures))
    }
}

/// Returns the median, or NaN of no values.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_taken_figure_by_figure() {
        let run = |caller, memory| Figures { caller, memory, ..Figures::default() };
        let median = Figures::median(&[run(3.0, 10.0), run(1.0, 30.0), run(2.0, 20.0)]);
        assert_eq!(median, run(2.0, 20.0));
        assert_eq!(median.ratio(run(4.0, 40.0)).caller, 0.5);
        assert_eq!(median.to_string().parse::<Figures>().unwrap(), median);
    }
}
