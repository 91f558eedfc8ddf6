//! Memory for a shard.

use std::collections::VecDeque;

use super::chunk::Chunk;
use crate::stacktrace::Stack;

/// Memory that a shard lacks for a record. It is allocated while the shard is not locked, because an allocator may
/// log.
///
/// Dropping this frees the rest, and what was swapped for it.
#[derive(Debug, Default)]
pub(super) struct Supply {
    pub(super) chunk: Option<Chunk>,
    /// Empty, with capacity for more chunks.
    pub(super) chunks: Vec<Chunk>,
    /// Empty, with capacity for more stacks.
    pub(super) stacks: VecDeque<(usize, Stack)>,
}

/// The memory that a shard lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// A chunk of this size in bytes.
    Chunk(usize),
    /// Capacity for one more than this many chunks.
    Chunks(usize),
    /// Capacity for one more than this many stacks.
    Stacks(usize),
}

impl Supply {
    pub(super) fn fetch(&mut self, lack: Lack) {
        match lack {
            Lack::Chunk(bytes) => self.chunk = Some(Chunk::with_capacity(bytes)),
            Lack::Chunks(held) => self.chunks = Vec::with_capacity(larger(held)),
            Lack::Stacks(held) => self.stacks = VecDeque::with_capacity(larger(held)),
        }
    }
}

/// Doubles the capacity, so that it rarely grows.
fn larger(held: usize) -> usize {
    (2 * held).max(4)
}
