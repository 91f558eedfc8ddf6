//! The difference of two lists.

use std::collections::BTreeSet;

/// The lines that only one of two lists has.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference<'a> {
    pub(super) added: Vec<&'a str>,
    pub(super) removed: Vec<&'a str>,
}

impl<'a> Difference<'a> {
    pub(super) fn between(old: &BTreeSet<&'a str>, new: &BTreeSet<&'a str>) -> Self {
        Self {
            added: new.difference(old).copied().collect(),
            removed: old.difference(new).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_gone_and_new() {
        let (old, new) = (["fn a()", "fn b(u8)"].into(), ["fn a()", "fn b(u16)", "fn c()"].into());
        let difference = Difference::between(&old, &new);
        assert_eq!(difference, Difference { added: vec!["fn b(u16)", "fn c()"], removed: vec!["fn b(u8)"] });
    }
}
