//! The latest breadcrumbs.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    Breadcrumb, Content, Fields, Timestamp,
    encode::{ByContent, write_value},
};

/// A ring of breadcrumbs, oldest first, each encoded once.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    steps: VecDeque<Arc<Step>>,
    limit: usize,
}

#[derive(Debug)]
struct Step {
    breadcrumb: Breadcrumb,
    encoded: ByContent<Box<[u8]>>,
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
        self.shorten(self.limit - 1);
        self.steps.push_back(Arc::new(Step { breadcrumb, encoded: ByContent::default() }));
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
        fields.written("breadcrumbs", |out, content| {
            for (at, step) in self.steps.iter().enumerate() {
                out.push(if at == 0 { b'[' } else { b',' });
                step.write_to(out, content);
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

impl Step {
    fn write_to(&self, out: &mut Vec<u8>, content: &Content) {
        match self.encoded.get_or_make(content, || self.encode(content).into()) {
            Some(encoded) => out.extend_from_slice(encoded),
            None => out.extend_from_slice(&self.encode(content)),
        }
    }

    fn encode(&self, content: &Content) -> Vec<u8> {
        let mut encoded = Vec::new();
        // An element of an array that is a field of the metadata.
        write_value(&mut encoded, 2, content, &self.breadcrumb);
        encoded
    }
}

impl Default for Trail {
    fn default() -> Self {
        Self { steps: VecDeque::new(), limit: super::Scope::MAX_BREADCRUMBS }
    }
}
