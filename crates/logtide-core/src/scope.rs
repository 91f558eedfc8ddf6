//! What the entries of one request or task have in common.

mod breadcrumb_filter;
mod trail;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use serde::Serialize;
use uuid::Uuid;

pub use self::breadcrumb_filter::BreadcrumbFilter;
use self::trail::Trail;
use crate::{
    Breadcrumb, Content, Fields, Ids, IntoMetadata, Metadata, SpanId, Timestamp, TraceContext, TraceId, User,
    trace::OwnedId,
};

/// What the entries of one request or task have in common: ids, tags, user, extras and breadcrumbs.
///
/// | set | in the entry |
/// |---|---|
/// | trace, span and session id | its own fields |
/// | tags | `metadata.tags` |
/// | user | `metadata.user` |
/// | extras | fields of `metadata` |
/// | breadcrumbs | `metadata.breadcrumbs` |
///
/// What an entry has itself wins, field by field of the metadata. The scope wins over the client's global metadata, and its tags, user
/// and breadcrumbs win over extras of these names.
///
/// A scope is a value: a copy costs little, and changes to one never show in another. It is written once, and copied into each entry.
///
/// ```
/// use logtide_core::{Scope, User};
///
/// let scope = Scope::new().with(|scope| {
///     scope.set_tag("region", "eu");
///     scope.set_user(User::new().id("u_1"));
///     scope.set_extra("order_id", "42");
/// });
/// assert_eq!(scope.tags().collect::<Vec<_>>(), [("region", "eu")]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Scope(Arc<Held>);

#[derive(Clone, Debug, Default)]
struct Held {
    trace_id: Option<OwnedId<TraceId>>,
    span_id: Option<OwnedId<SpanId>>,
    session_id: Option<String>,
    /// The caller said that it does not record its span.
    unsampled: bool,
    tags: BTreeMap<String, String>,
    user: Option<User>,
    extras: Metadata,
    trail: Trail,
    /// Tags, user and extras as items of a record, without limits, once an entry asked for them.
    items: OnceLock<Box<[u8]>>,
}

impl Scope {
    /// How many breadcrumbs are kept where nothing else is set.
    pub const MAX_BREADCRUMBS: usize = 100;

    /// An empty scope. Assigning one to `*scope` clears it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the scope with changes.
    #[must_use]
    pub fn with(mut self, configure: impl FnOnce(&mut Self)) -> Self {
        configure(&mut self);
        self
    }

    /// Sets the trace: any text up to 256 bytes, W3C form is 32 lower-case hex digits.
    ///
    /// The span id of another trace is removed.
    pub fn set_trace_id(&mut self, id: impl Into<String>) {
        let id = id.into();
        if self.trace_id() != Some(&id) {
            let content = Arc::make_mut(&mut self.0);
            (content.trace_id, content.span_id, content.unsampled) = (Some(id.into()), None, false);
        }
    }

    /// Sets the span: 16 hex digits; anything else goes to `metadata.span_id`.
    pub fn set_span_id(&mut self, id: impl Into<String>) {
        Arc::make_mut(&mut self.0).span_id = Some(id.into().into());
    }

    /// Sets the session.
    pub fn set_session_id(&mut self, id: Uuid) {
        Arc::make_mut(&mut self.0).session_id = Some(id.hyphenated().to_string());
    }

    /// Sets trace and span as a request carried them.
    pub fn set_trace_context(&mut self, context: &TraceContext) {
        let content = Arc::make_mut(&mut self.0);
        content.trace_id = Some(context.trace_id.as_str().into());
        content.span_id = context.span_id.map(Into::into);
        content.unsampled = !context.sampled;
    }

    /// Sets a tag: a short text to filter by.
    pub fn set_tag(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.fields().tags.insert(key.into(), value.into());
    }

    /// Removes a tag.
    pub fn remove_tag(&mut self, key: &str) {
        self.fields().tags.remove(key);
    }

    /// Sets the user, or none with `None`.
    pub fn set_user(&mut self, user: impl Into<Option<User>>) {
        self.fields().user = user.into().filter(|user| !user.is_empty());
    }

    /// Sets a field that goes into the metadata of every entry. The value is anything that `serde` serializes.
    pub fn set_extra(&mut self, key: impl Into<String>, value: impl Serialize) {
        self.fields().extras.insert(key, value);
    }

    /// Sets fields that go into the metadata of every entry. Those of other names stay.
    #[track_caller]
    pub fn set_extras(&mut self, extras: impl IntoMetadata) {
        let extras = Metadata::from_fields(extras);
        self.fields().extras.extend(extras);
    }

    /// Removes a field that was set with [`set_extra`](Self::set_extra).
    pub fn remove_extra(&mut self, key: &str) {
        self.fields().extras.remove(key);
    }

    /// Adds a breadcrumb, with `now` as its time where it has none of its own. The oldest makes room for it where there is none.
    ///
    /// It passes the client's `before_breadcrumb` as soon as a client has to do with the scope: when it
    /// configures or enters it, or at the first entry that it logs inside.
    pub fn add_breadcrumb(&mut self, breadcrumb: Breadcrumb, now: impl Into<Timestamp>) {
        Arc::make_mut(&mut self.0).trail.add(breadcrumb, now.into());
    }

    /// Adds a breadcrumb that [passed](BreadcrumbFilter::pass) a filter, otherwise as [`Scope::add_breadcrumb`].
    pub fn add_passed_breadcrumb(
        &mut self,
        breadcrumb: Breadcrumb,
        now: impl Into<Timestamp>,
        filter: &BreadcrumbFilter,
    ) {
        Arc::make_mut(&mut self.0).trail.add_passed(breadcrumb, now.into(), filter);
    }

    /// Keeps the latest breadcrumbs, as many as the filter says, and passes through it those that have not passed it. Gives whether
    /// anything was to be done.
    pub fn filter_breadcrumbs(&mut self, filter: &BreadcrumbFilter) -> bool {
        let has_work = !self.0.trail.is_settled(filter);
        if has_work {
            Arc::make_mut(&mut self.0).trail.filter(filter);
        }
        has_work
    }

    /// Removes all breadcrumbs.
    pub fn clear_breadcrumbs(&mut self) {
        Arc::make_mut(&mut self.0).trail.clear();
    }

    /// Sets how many breadcrumbs are kept, the latest. Default [`MAX_BREADCRUMBS`](Self::MAX_BREADCRUMBS), and what the client's
    /// `max_breadcrumbs` says as soon as a client has to do with the scope. A larger number than the client's has no effect there.
    pub fn set_max_breadcrumbs(&mut self, limit: usize) {
        Arc::make_mut(&mut self.0).trail.set_limit(limit);
    }

    /// The trace.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.trace_id.as_ref().map(OwnedId::as_str)
    }

    /// The span.
    #[must_use]
    pub fn span_id(&self) -> Option<&str> {
        self.0.span_id.as_ref().map(OwnedId::as_str)
    }

    /// The session.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.0.session_id.as_deref()
    }

    /// Trace and span, as a request from here would carry them. A span id that is not of the W3C form is left out.
    #[must_use]
    pub fn trace_context(&self) -> Option<TraceContext> {
        let mut context = TraceContext::new(self.trace_id()?);
        context.span_id = self.span_id().and_then(|id| id.parse::<SpanId>().ok());
        context.sampled = !self.0.unsampled;
        Some(context)
    }

    /// The tags, by key.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.tags.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.0.user.as_ref()
    }

    /// The fields that go into the metadata of every entry.
    #[must_use]
    pub fn extras(&self) -> &Metadata {
        &self.0.extras
    }

    /// The breadcrumbs, oldest first.
    pub fn breadcrumbs(&self) -> impl Iterator<Item = &Breadcrumb> {
        self.0.trail.iter()
    }

    /// Gives an entry each of the ids that it does not have itself.
    pub fn fill<'a>(&'a self, ids: &mut Ids<'a>) {
        ids.fill(&Ids {
            trace_id: self.0.trace_id.as_ref().map(OwnedId::as_id),
            span_id: self.0.span_id.as_ref().map(OwnedId::as_id),
            session_id: self.session_id(),
        });
    }

    /// Writes what belongs into the metadata of an entry.
    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        self.0.trail.write_to(fields);
        let items = match self.0.items.get() {
            Some(items) => items,
            None => {
                // Made before they are put there, since an allocator may log.
                let mut items = Vec::new();
                self.0.write_fields(&mut Fields::of_items(&mut items, Content::unchanged()));
                let _ = self.0.items.set(items.into());
                self.0.items.get().map_or(&[][..], |items| items)
            }
        };
        if items.len() <= fields.content().max_field_bytes() {
            fields.items(items);
        } else {
            self.0.write_fields(fields);
        }
    }

    /// What is written together, to be changed.
    fn fields(&mut self) -> &mut Held {
        let content = Arc::make_mut(&mut self.0);
        content.items = OnceLock::new();
        content
    }
}

impl Held {
    fn write_fields(&self, fields: &mut Fields<'_>) {
        if !self.tags.is_empty() {
            fields.field("tags", &self.tags);
        }
        if let Some(user) = &self.user {
            fields.field("user", user);
        }
        (&self.extras).write_to(fields);
    }
}

#[cfg(test)]
mod tests;
