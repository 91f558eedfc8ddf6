//! All faults, by name.

mod answers;
mod connections;
mod secured;

use super::{Fault, Promise, server::Protocol};

/// A fault with a name.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) name: &'static str,
    pub(super) fault: Fault,
    /// What a client promises that meets it.
    pub(super) promise: Promise,
    /// What a server speaks at least that fails so.
    pub(super) protocol: Protocol,
}

impl Listed {
    /// A fault that costs nothing.
    fn survived(name: &'static str, fault: Fault) -> Self {
        Self { name, fault, promise: Promise::NothingLost, protocol: Protocol::Plain }
    }

    /// A fault that costs entries, since the server says that it does not take them.
    fn costly(name: &'static str, fault: Fault) -> Self {
        Self { promise: Promise::LossesTold, ..Self::survived(name, fault) }
    }

    /// Whether a server that speaks so can fail so.
    pub(super) fn is_possible(&self, protocol: Protocol) -> bool {
        match self.protocol {
            Protocol::Plain => true,
            Protocol::Tls => protocol != Protocol::Plain,
            Protocol::Http2 => protocol == Protocol::Http2,
        }
    }
}

/// All faults.
pub(super) fn all() -> Vec<Listed> {
    [connections::all(), answers::all(), secured::all()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own() {
        let mut names: Vec<&str> = all().into_iter().map(|listed| listed.name).collect();
        names.sort_unstable();
        let count = names.len();
        assert!(count >= 40, "{count}");
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
