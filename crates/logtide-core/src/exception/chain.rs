//! An error and what caused it.

use std::{
    error::Error,
    fmt::{Display, Write as _},
    ptr,
};

use super::type_name::error_type;
use crate::record::Guarded;

/// Causes that are followed from an error: those further down rarely say more.
pub(super) const MAX_CAUSES: usize = 10;

/// One error of a chain, as texts.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) message: String,
}

impl Link {
    /// A blank message is replaced by the name: the server records no exception without one.
    pub(crate) fn new(name: String, message: impl Display) -> Self {
        let mut text = String::new();
        // A Display that fails leaves what it wrote until then.
        let _ = write!(text, "{}", Guarded(message));
        if text.trim().is_empty() {
            text.clone_from(&name);
        }
        Self { name, message: text }
    }

    /// The error itself, then its causes; each once, also where they form a circle.
    pub(crate) fn chain<E: Error + ?Sized>(error: &E) -> Vec<Self> {
        let mut chain = vec![Self::new(error_type(error), error)];
        chain.extend(causes(error).into_iter().map(|cause| Self::new(error_type(cause), cause)));
        chain
    }
}

/// Writes a line for an error, and one for each cause, from their names and messages.
pub(crate) fn write_chain<T: Display>(text: &mut String, links: impl Iterator<Item = (T, T)>) {
    for (at, (name, message)) in links.enumerate() {
        let _ = match at {
            0 => write!(text, "{name}: {message}"),
            _ => write!(text, "\ncaused by: {message}"),
        };
    }
}

fn causes<E: Error + ?Sized>(error: &E) -> Vec<&(dyn Error + 'static)> {
    let mut causes: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next.filter(|cause| {
        causes.len() < MAX_CAUSES
            && !is_root(error, *cause)
            && !causes.iter().any(|seen| ptr::eq(*seen, *cause))
    }) {
        causes.push(cause);
        next = cause.source();
    }
    causes
}

/// Whether a cause is the error that the chain began with. The address alone does not tell: the first field of a struct has the
/// address of the struct. So both have to have the same source too.
fn is_root<E: Error + ?Sized>(root: &E, cause: &(dyn Error + 'static)) -> bool {
    ptr::addr_eq(root, cause)
        && match (root.source(), cause.source()) {
            (Some(first), Some(second)) => ptr::eq(first, second),
            _ => false,
        }
}
