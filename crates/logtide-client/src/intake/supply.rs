//! Memory for a shard.

use std::collections::VecDeque;

use super::chunk::Chunk;
use crate::stacktrace::Stack;

/// Memory that a shard lacks for a record. It is got while the shard is not locked: an allocator may log.
///
/// What is left of it, and what was exchanged for it, is freed with this value.
#[derive(Debug, Default)]
pub(super) struct Supply {
    pub(super) chunk: Option<Chunk>,
    /// Empty, with room for a longer row of chunks.
    pub(super) chunks: Vec<Chunk>,
    /// Empty, with room for more of them.
    pub(super) stacks: VecDeque<(usize, Stack)>,
}

/// What a shard lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// A chunk of so many bytes.
    Chunk(usize),
    /// Room for one more than so many chunks.
    Chunks(usize),
    /// Room for one more than so many stacks.
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

/// Room for twice as many, so that it seldom grows.
fn larger(held: usize) -> usize {
    (2 * held).max(4)
}
