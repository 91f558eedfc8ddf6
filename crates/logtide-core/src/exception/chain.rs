//! An error and its causes.

use std::{
    error::Error,
    fmt::{Display, Write as _},
    ptr,
};

use super::type_name::error_type;
use crate::record::Guarded;

/// The maximum number of causes. Deeper ones rarely add information.
pub(super) const MAX_CAUSES: usize = 10;

/// One error of a chain, as strings.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) message: String,
}

impl Link {
    /// A blank message is replaced by the name, because the server records no exception without a message.
    pub(crate) fn new(name: String, message: impl Display) -> Self {
        let mut text = String::new();
        // If `Display` fails, the text up to that point is kept.
        let _ = write!(text, "{}", Guarded(message));
        if text.trim().is_empty() {
            text.clone_from(&name);
        }
        Self { name, message: text }
    }

    /// The error itself, then its causes. Each appears once, even if they form a cycle.
    pub(crate) fn chain<E: Error + ?Sized>(error: &E) -> Vec<Self> {
        let mut chain = vec![Self::new(error_type(error), error)];
        chain.extend(causes(error).into_iter().map(|cause| Self::new(error_type(cause), cause)));
        chain
    }
}

/// Writes a line for an error and one for each cause, from their names and messages.
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

/// Whether a cause is the error that the chain started with. The address alone is not enough, because the first field
/// of a struct has the same address as the struct. So both must have the same source too.
fn is_root<E: Error + ?Sized>(root: &E, cause: &(dyn Error + 'static)) -> bool {
    ptr::addr_eq(root, cause)
        && match (root.source(), cause.source()) {
            (Some(first), Some(second)) => ptr::eq(first, second),
            _ => false,
        }
}
