//! What the programs that were killed had said.

use crate::{faults::Result, id_set::IdSet};

/// Whose log call began, and whose had returned.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) issued: IdSet,
    pub(crate) acknowledged: IdSet,
    /// What the last program that ended in order counted as lost.
    pub(crate) lost: u64,
}

/// Before the number of an entry whose log call begins.
pub(super) const ISSUED: char = '+';
/// Before the number of an entry whose log call has returned.
pub(super) const ACKNOWLEDGED: char = '-';
/// Before the number of entries that are lost, when the program ends.
pub(super) const LOST: char = '!';

impl Ledger {
    /// Notes a line of a program, and says whether it tells that a log call has returned.
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

    /// Above all numbers of entries so far.
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
