//! The reports of the killed programs.

use crate::{faults::Result, id_set::IdSet};

/// The entries whose log call began, and those whose log call had returned.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) issued: IdSet,
    pub(crate) acknowledged: IdSet,
    /// The lost entries that the last program counted before it ended normally.
    pub(crate) lost: u64,
}

/// The prefix of an entry's number when its log call begins.
pub(super) const ISSUED: char = '+';
/// The prefix of an entry's number when its log call has returned.
pub(super) const ACKNOWLEDGED: char = '-';
/// The prefix of the number of lost entries, when the program ends.
pub(super) const LOST: char = '!';

impl Ledger {
    /// Records a line of a program. Returns whether it reports that a log call has returned.
    pub(crate) fn note(&mut self, line: &str) -> Result<bool> {
        let mut rest = line.chars();
        let kind = rest.next();
        let number: u64 = rest.as_str().parse().map_err(|_| format!("a program says `{line}`"))?;
        match kind {
            Some(ISSUED) => drop(self.issued.insert(number)),
            Some(ACKNOWLEDGED) => drop(self.acknowledged.insert(number)),
            Some(LOST) => self.lost = number,
            _ => return Err(format!("a program says `{line}`").into()),
        }
        Ok(kind == Some(ACKNOWLEDGED))
    }

    /// Returns a number above those of all entries so far.
    pub(super) fn next(&self) -> u64 {
        self.issued.iter().last().map_or(0, |last| last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_what_began_and_what_returned() {
        let mut ledger = Ledger::default();
        assert!(!ledger.note("+3").unwrap() && ledger.note("-3").unwrap() && !ledger.note("+4").unwrap());
        assert!(ledger.issued.contains(4) && !ledger.acknowledged.contains(4));
        assert_eq!((ledger.issued.len(), ledger.acknowledged.len(), ledger.next()), (2, 1, 5));
        assert!(ledger.note("panicked").is_err() && ledger.note("").is_err());
    }
}
