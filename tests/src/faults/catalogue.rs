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
    /// The promise of a client under this fault.
    pub(super) promise: Promise,
    /// The protocol that the fault needs.
    pub(super) protocol: Protocol,
}

impl Listed {
    /// Returns a fault that costs nothing.
    fn survived(name: &'static str, fault: Fault) -> Self {
        Self { name, fault, promise: Promise::NothingLost, protocol: Protocol::Plain }
    }

    /// Returns a fault that costs entries, because the server rejects them.
    fn costly(name: &'static str, fault: Fault) -> Self {
        Self { promise: Promise::LossesTold, ..Self::survived(name, fault) }
    }

    /// Whether the fault is possible with this protocol.
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
