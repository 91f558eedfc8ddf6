//! The latest breadcrumbs.

use std::{collections::VecDeque, sync::Arc};

use super::BreadcrumbFilter;
use crate::{
    Breadcrumb, Content, Fields, Timestamp,
    encode::{ByContent, write_value},
};

/// A ring of breadcrumbs, oldest first, each encoded once.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    steps: VecDeque<Arc<Step>>,
    /// Set on the scope itself.
    own_limit: Option<usize>,
    /// That of the filter that was applied last.
    filter_limit: Option<usize>,
    /// The filter that all breadcrumbs passed; 0 for none.
    settled: u64,
}

#[derive(Debug)]
struct Step {
    breadcrumb: Breadcrumb,
    /// The filters with a hook that it passed.
    passed: Vec<u64>,
    encoded: ByContent<Box<[u8]>>,
}

impl Trail {
    pub(super) fn set_limit(&mut self, limit: usize) {
        self.own_limit = Some(limit);
        self.shorten(self.limit());
    }

    /// Adds a breadcrumb that has still to pass a filter.
    pub(super) fn add(&mut self, breadcrumb: Breadcrumb, now: Timestamp) {
        self.settled = 0;
        self.push(breadcrumb, now, Vec::new());
    }

    /// Adds a breadcrumb that passed the filter.
    pub(super) fn add_passed(&mut self, breadcrumb: Breadcrumb, now: Timestamp, filter: &BreadcrumbFilter) {
        self.filter_limit = Some(filter.max());
        if self.steps.is_empty() {
            self.settled = filter.id();
        } else if self.settled != filter.id() {
            self.settled = 0;
        }
        self.push(breadcrumb, now, if filter.has_hook() { vec![filter.id()] } else { Vec::new() });
    }

    pub(super) const fn is_settled(&self, filter: &BreadcrumbFilter) -> bool {
        self.settled == filter.id()
    }

    /// Keeps the latest breadcrumbs, as the filter changes those that have not passed it.
    pub(super) fn filter(&mut self, filter: &BreadcrumbFilter) {
        self.filter_limit = Some(filter.max());
        if filter.has_hook() {
            self.steps = self.steps.iter().filter_map(|step| Step::pass(step, filter)).collect();
        }
        self.shorten(self.limit());
        self.settled = filter.id();
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

    fn push(&mut self, mut breadcrumb: Breadcrumb, now: Timestamp, passed: Vec<u64>) {
        let limit = self.limit();
        if limit == 0 {
            return self.clear();
        }
        breadcrumb.timestamp.get_or_insert(now);
        self.shorten(limit - 1);
        self.steps.push_back(Arc::new(Step { breadcrumb, passed, encoded: ByContent::default() }));
    }

    fn limit(&self) -> usize {
        let filter = self.filter_limit.unwrap_or(super::Scope::MAX_BREADCRUMBS);
        self.own_limit.map_or(filter, |own| if self.filter_limit.is_some() { own.min(filter) } else { own })
    }

    fn shorten(&mut self, limit: usize) {
        while self.steps.len() > limit {
            self.steps.pop_front();
        }
    }
}

impl Step {
    /// The step behind a filter; none where that drops it.
    fn pass(step: &Arc<Self>, filter: &BreadcrumbFilter) -> Option<Arc<Self>> {
        if step.passed.contains(&filter.id()) {
            return Some(step.clone());
        }
        let breadcrumb = filter.pass(step.breadcrumb.clone())?;
        let passed = step.passed.iter().copied().chain([filter.id()]).collect();
        Some(Arc::new(Self { breadcrumb, passed, encoded: ByContent::default() }))
    }

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
