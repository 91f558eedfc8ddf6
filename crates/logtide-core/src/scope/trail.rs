//! The latest breadcrumbs.

use std::{collections::VecDeque, sync::Arc};

use crate::{Breadcrumb, Fields, Timestamp, encode::write_value};

/// A ring of breadcrumbs, oldest first, each encoded once.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    steps: VecDeque<Arc<Step>>,
    limit: usize,
}

#[derive(Debug)]
struct Step {
    breadcrumb: Breadcrumb,
    encoded: Box<[u8]>,
}

impl Trail {
    pub(super) const fn has_limit(&self, limit: usize) -> bool {
        self.limit == limit
    }

    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.shorten(limit);
    }

    pub(super) fn add(&mut self, mut breadcrumb: Breadcrumb, now: Timestamp) {
        if self.limit == 0 {
            return;
        }
        breadcrumb.timestamp.get_or_insert(now);
        let mut encoded = Vec::new();
        // An element of an array that is a field of the metadata.
        write_value(&mut encoded, 2, &breadcrumb);
        self.shorten(self.limit - 1);
        self.steps.push_back(Arc::new(Step { breadcrumb, encoded: encoded.into() }));
    }

    pub(super) fn clear(&mut self) {
        self.steps.clear();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Breadcrumb> {
        self.steps.iter().map(|step| &step.breadcrumb)
    }

    pub(super) fn write_to(&self, fields: &mut Fields<'_>) {
        if self.steps.is_empty() {
            return;
        }
        fields.prepared(b"\"breadcrumbs\"", |out| {
            for (at, step) in self.steps.iter().enumerate() {
                out.push(if at == 0 { b'[' } else { b',' });
                out.extend_from_slice(&step.encoded);
            }
            out.push(b']');
        });
    }

    fn shorten(&mut self, limit: usize) {
        while self.steps.len() > limit {
            self.steps.pop_front();
        }
    }
}

impl Default for Trail {
    fn default() -> Self {
        Self { steps: VecDeque::new(), limit: super::Scope::MAX_BREADCRUMBS }
    }
}
