//! Instructions of a run or of an entry.

use crate::Result;

/// Counts of instructions by thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Of the thread that logs, which is the first.
    pub(super) caller: u64,
    /// Of all threads.
    pub(super) all: u64,
}

impl Counts {
    /// Adds a thread from a file of callgrind.
    ///
    /// # Errors
    ///
    /// If the text is not such a file, or is incomplete.
    pub(super) fn add_thread(&mut self, file: &str) -> Result<()> {
        let thread = value(file, "thread:").ok_or("callgrind does not say which thread it counted")?;
        // This line is written last, so it is missing if the program was killed.
        let instructions = value(file, "totals:").ok_or("callgrind's file has no end")?;
        self.all += instructions;
        if thread == 1 {
            self.caller += instructions;
        }
        Ok(())
    }

    /// Returns the rounded difference to another run, divided by the number of additional entries. `None` if the other run has
    /// larger counts.
    pub(super) fn per_entry_beyond(self, other: Self, entries: u64) -> Option<Self> {
        let per_entry = |own: u64, other: u64| Some((own.checked_sub(other)? + entries / 2) / entries);
        Some(Self { caller: per_entry(self.caller, other.caller)?, all: per_entry(self.all, other.all)? })
    }
}

fn value(file: &str, key: &str) -> Option<u64> {
    file.lines().find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(thread: u64, totals: u64) -> String {
        format!(
            "# callgrind format\nversion: 1\npart: 1\nthread: {thread}\n\nevents: Ir\nsummary: 7\n\nfn=(1) main\n16 3\n\n\
             totals: {totals}\n"
        )
    }

    #[test]
    fn the_first_thread_is_the_caller() {
        let mut counts = Counts::default();
        for file in [file(2, 30), file(1, 100), file(3, 7)] {
            counts.add_thread(&file).unwrap();
        }
        assert_eq!(counts, Counts { caller: 100, all: 137 });
    }

    #[test]
    fn a_file_without_an_end_is_an_error() {
        let cut = file(1, 100).replace("totals", "total");
        assert!(Counts::default().add_thread(&cut).is_err());
        assert!(Counts::default().add_thread("totals: 12\n").is_err());
    }

    #[test]
    fn what_two_runs_have_in_common_drops_out() {
        let (few, many) = (Counts { caller: 1_500, all: 2_000 }, Counts { caller: 1_525, all: 2_024 });
        assert_eq!(many.per_entry_beyond(few, 10), Some(Counts { caller: 3, all: 2 }));
        assert_eq!(few.per_entry_beyond(many, 10), None);
    }
}
