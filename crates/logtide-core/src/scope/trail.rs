//! The latest breadcrumbs.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, OnceLock},
};

use super::BreadcrumbFilter;
use crate::{Breadcrumb, Content, Fields, Timestamp, record::write_value};

/// A ring of breadcrumbs, oldest first, each written once.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail {
    steps: VecDeque<Arc<Step>>,
    /// Later ones, which a filter has not processed yet: one that it drops must not have displaced another.
    waiting: VecDeque<Arc<Step>>,
    /// Set on the scope itself.
    own_limit: Option<usize>,
    /// The maximum of the last filter.
    filter_limit: Option<usize>,
    /// The filter that all breadcrumbs have passed, except those that wait. 0 for none.
    settled: u64,
}

#[derive(Debug)]
struct Step {
    breadcrumb: Breadcrumb,
    /// The filters with a hook that it passed.
    passed: Vec<u64>,
    /// As a value of a record, without limits.
    written: OnceLock<Box<[u8]>>,
}

impl Trail {
    pub(super) fn set_limit(&mut self, limit: usize) {
        self.own_limit = Some(limit);
        self.shorten();
    }

    /// Adds a breadcrumb that has still to pass a filter.
    pub(super) fn add(&mut self, breadcrumb: Breadcrumb) {
        self.waiting.push_back(Step::new(breadcrumb, Vec::new()));
        self.shorten();
    }

    /// Adds a breadcrumb that passed the filter.
    pub(super) fn add_passed(
        &mut self,
        mut breadcrumb: Breadcrumb,
        now: Timestamp,
        filter: &BreadcrumbFilter,
    ) {
        self.filter_limit = Some(filter.max());
        breadcrumb.timestamp.get_or_insert(now);
        let step = Step::new(breadcrumb, filter.mark().into_iter().collect());
        if self.is_empty() {
            self.settled = filter.id();
        }
        if self.is_settled(filter) {
            self.steps.push_back(step);
        } else {
            self.waiting.push_back(step);
        }
        self.shorten();
    }

    pub(super) fn is_settled(&self, filter: &BreadcrumbFilter) -> bool {
        self.settled == filter.id() && self.waiting.is_empty()
    }

    /// Keeps the latest breadcrumbs, as the filter changes those that have not passed it. Those without a time have `now`.
    pub(super) fn filter(&mut self, filter: &BreadcrumbFilter, now: Timestamp) {
        let pass = |step: Arc<Step>| Step::pass(step.at(now), filter);
        if self.settled != filter.id() {
            self.steps = mem::take(&mut self.steps).into_iter().filter_map(pass).collect();
        }
        self.steps.extend(mem::take(&mut self.waiting).into_iter().filter_map(pass));
        (self.settled, self.filter_limit) = (filter.id(), Some(filter.max()));
        self.shorten();
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.waiting.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.steps.clear();
        self.waiting.clear();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Breadcrumb> {
        self.kept().map(|step| &step.breadcrumb)
    }

    pub(super) fn write_to(&self, fields: &mut Fields<'_>) {
        if self.is_empty() {
            return;
        }
        fields.array("breadcrumbs", |out, content| self.kept().for_each(|step| step.write_to(out, content)));
    }

    fn kept(&self) -> impl Iterator<Item = &Arc<Step>> {
        let surplus = (self.steps.len() + self.waiting.len()).saturating_sub(self.limit());
        self.steps.iter().chain(&self.waiting).skip(surplus)
    }

    fn limit(&self) -> usize {
        let own = self.own_limit.unwrap_or(usize::MAX);
        match self.filter_limit {
            Some(filter) => own.min(filter),
            None => self.own_limit.unwrap_or(super::Scope::MAX_BREADCRUMBS),
        }
    }

    fn shorten(&mut self) {
        let limit = self.limit();
        for steps in [&mut self.steps, &mut self.waiting] {
            let surplus = steps.len().saturating_sub(limit);
            steps.drain(..surplus);
        }
    }
}

impl Step {
    fn new(breadcrumb: Breadcrumb, passed: Vec<u64>) -> Arc<Self> {
        Arc::new(Self { breadcrumb, passed, written: OnceLock::new() })
    }

    /// The step, with that time where it has none.
    fn at(self: Arc<Self>, now: Timestamp) -> Arc<Self> {
        if self.breadcrumb.timestamp.is_some() {
            return self;
        }
        Self::new(self.breadcrumb.clone().timestamp(now), self.passed.clone())
    }

    /// The step behind a filter; none where that drops it.
    fn pass(step: Arc<Self>, filter: &BreadcrumbFilter) -> Option<Arc<Self>> {
        let Some(mark) = filter.mark().filter(|mark| !step.passed.contains(mark)) else {
            return Some(step);
        };
        let breadcrumb = filter.pass(step.breadcrumb.clone())?;
        let passed = step.passed.iter().copied().chain([mark]).collect();
        Some(Self::new(breadcrumb, passed))
    }

    fn write_to(&self, out: &mut Vec<u8>, content: &Content) {
        let written = match self.written.get() {
            Some(written) => written,
            None => {
                // Created before it is stored, since an allocator may log.
                let written = self.value(Content::unchanged());
                let _ = self.written.set(written);
                self.written.get().map_or(&[][..], |written| written)
            }
        };
        if written.len() <= content.max_field_bytes() {
            out.extend_from_slice(written);
        } else {
            out.extend_from_slice(&self.value(content));
        }
    }

    fn value(&self, content: &Content) -> Box<[u8]> {
        let mut value = Vec::new();
        // An element of an array that is a field of the metadata.
        write_value(&mut value, 2, content, &self.breadcrumb);
        value.into()
    }
}
