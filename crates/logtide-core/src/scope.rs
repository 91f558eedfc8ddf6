//! The common data of the entries of one request or task.

mod breadcrumb_filter;
mod details;
mod trail;

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub use self::breadcrumb_filter::BreadcrumbFilter;
use self::{details::Details, trail::Trail};
use crate::{
    Breadcrumb, Fields, Ids, IntoMetadata, Metadata, OwnedId, SpanId, Timestamp, TraceContext, TraceHeaders,
    TraceId, User, record::SortedTexts,
};

/// The common data of the entries of one request or task: ids, tags, user, extras and breadcrumbs.
///
/// | set | in the entry |
/// |---|---|
/// | trace, span and session id | its own fields |
/// | tags | `metadata.tags` |
/// | user | `metadata.user` |
/// | extras | fields of `metadata` |
/// | breadcrumbs | `metadata.breadcrumbs` |
///
/// An entry's own data takes precedence, for each field of the metadata. The scope takes precedence over the client's
/// global metadata, and its tags, user and breadcrumbs over extras with these names.
///
/// A scope is a value: a copy is cheap, and changes to one never affect another. An empty scope costs nothing. A
/// scope is written once, and copied into each entry.
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
pub struct Scope(Option<Arc<Held>>);

#[derive(Clone, Debug)]
struct Held {
    trace_id: Option<OwnedId<TraceId>>,
    span_id: Option<OwnedId<SpanId>>,
    session_id: Option<OwnedId<Uuid>>,
    /// The caller said that it does not record its span.
    unsampled: bool,
    /// For outgoing requests only: no entry contains them.
    headers: TraceHeaders,
    tags: SortedTexts,
    trail: Trail,
    /// Data that most scopes do not have.
    details: Option<Box<Details>>,
}

impl Scope {
    /// The default maximum number of breadcrumbs.
    pub const MAX_BREADCRUMBS: usize = 100;

    /// Creates an empty scope. Assign one to `*scope` to clear it.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns the scope with changes.
    #[must_use]
    pub fn with(mut self, configure: impl FnOnce(&mut Self)) -> Self {
        configure(&mut self);
        self
    }

    /// Sets the trace id: any text up to 256 bytes. The W3C form is 32 lowercase hex digits.
    ///
    /// The span id of another trace, and the headers that came with it, are removed.
    pub fn set_trace_id(&mut self, id: impl Into<OwnedId<TraceId>>) {
        let id = id.into();
        if self.trace_id() != Some(id.as_str()) {
            let held = self.change();
            (held.trace_id, held.span_id, held.unsampled) = (Some(id), None, false);
            held.headers = TraceHeaders::default();
        }
    }

    /// Sets the span id: 16 hex digits. Anything else is sent as `metadata.span_id`.
    pub fn set_span_id(&mut self, id: impl Into<OwnedId<SpanId>>) {
        self.change().span_id = Some(id.into());
    }

    /// Sets the session: a UUID, as such or as text. Any other text goes to `metadata.session_id`.
    pub fn set_session_id(&mut self, id: impl Into<OwnedId<Uuid>>) {
        self.change().session_id = Some(id.into());
    }

    /// Sets the trace and span of a request, with the headers that came with them.
    pub fn set_trace_context(&mut self, context: &TraceContext) {
        let held = self.change();
        held.trace_id = Some(context.trace_id.clone());
        held.span_id = context.span_id.map(Into::into);
        held.unsampled = !context.sampled;
        held.headers = context.headers.clone();
    }

    /// Sets a tag: a short text to filter by.
    pub fn set_tag(&mut self, key: impl AsRef<str>, value: impl AsRef<str>) {
        self.change().tags.set(key.as_ref(), value.as_ref());
    }

    /// Removes a tag.
    pub fn remove_tag(&mut self, key: impl AsRef<str>) {
        if !self.is_empty() {
            self.change().tags.remove(key.as_ref());
        }
    }

    /// Sets the user, or removes it with `None`.
    pub fn set_user(&mut self, user: impl Into<Option<User>>) {
        let user = user.into().filter(|user| !user.is_empty());
        if user.is_some() || self.user().is_some() {
            self.change().details().set_user(user);
        }
    }

    /// Sets a field for the metadata of every entry. The value can be anything that `serde` serializes.
    pub fn set_extra(&mut self, key: impl Into<String>, value: impl Serialize) {
        self.change().details().extras().insert(key, value);
    }

    /// Sets fields for the metadata of every entry. Fields with other names stay.
    #[track_caller]
    pub fn set_extras(&mut self, extras: impl IntoMetadata) {
        let extras = Metadata::from_fields(extras);
        self.change().details().extras().extend(extras);
    }

    /// Removes a field that was set with [`set_extra`](Self::set_extra).
    pub fn remove_extra(&mut self, key: impl AsRef<str>) {
        if self.details().is_some() {
            self.change().details().extras().remove(key.as_ref());
        }
    }

    /// Adds a breadcrumb. If the scope is full, the oldest one is removed.
    ///
    /// The breadcrumb passes the client's `before_breadcrumb` when a client first uses the scope: when it configures
    /// or enters the scope, or logs the first entry inside. A breadcrumb without a
    /// [timestamp](Breadcrumb::timestamp) gets the time of that moment.
    ///
    /// ```
    /// use logtide_core::{Breadcrumb, Scope};
    ///
    /// let scope = Scope::new().with(|scope| scope.add_breadcrumb(Breadcrumb::new("cart loaded")));
    /// assert_eq!(scope.breadcrumbs().count(), 1);
    /// ```
    pub fn add_breadcrumb(&mut self, breadcrumb: Breadcrumb) {
        self.change().trail.add(breadcrumb);
    }

    /// Adds a breadcrumb that [passed](BreadcrumbFilter::pass) a filter, otherwise as [`Scope::add_breadcrumb`]. `now` is its time where it
    /// has none of its own.
    pub fn add_passed_breadcrumb(
        &mut self,
        breadcrumb: Breadcrumb,
        now: impl Into<Timestamp>,
        filter: &BreadcrumbFilter,
    ) {
        self.change().trail.add_passed(breadcrumb, now.into(), filter);
    }

    /// Keeps the latest breadcrumbs, as many as the filter says, and passes through it those that have not passed it. Gives whether
    /// anything was to be done. `now` is asked for the time of those that have none, where there are any.
    pub fn filter_breadcrumbs<T: Into<Timestamp>>(
        &mut self,
        filter: &BreadcrumbFilter,
        now: impl FnOnce() -> T,
    ) -> bool {
        let has_work = self.0.as_ref().is_none_or(|held| !held.trail.is_settled(filter));
        if has_work {
            self.change().trail.filter(filter, now().into());
        }
        has_work
    }

    /// Removes all breadcrumbs.
    pub fn clear_breadcrumbs(&mut self) {
        if !self.is_empty() {
            self.change().trail.clear();
        }
    }

    /// Sets the maximum number of breadcrumbs. The latest are kept. Default:
    /// [`MAX_BREADCRUMBS`](Self::MAX_BREADCRUMBS), and the client's `max_breadcrumbs` once a client uses the scope. A
    /// number larger than the client's has no effect there.
    pub fn set_max_breadcrumbs(&mut self, limit: usize) {
        self.change().trail.set_limit(limit);
    }

    /// The trace id.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.0.as_ref()?.trace_id.as_ref().map(OwnedId::as_str)
    }

    /// The span id.
    #[must_use]
    pub fn span_id(&self) -> Option<&str> {
        self.0.as_ref()?.span_id.as_ref().map(OwnedId::as_str)
    }

    /// The session id.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.0.as_ref()?.session_id.as_ref().map(OwnedId::as_str)
    }

    /// The trace and span for an outgoing request. A span id that is not of the W3C form is omitted.
    #[must_use]
    pub fn trace_context(&self) -> Option<TraceContext> {
        let held = self.0.as_ref()?;
        let mut context = TraceContext::new(held.trace_id.clone()?);
        context.span_id = held.span_id.as_ref().and_then(OwnedId::w3c);
        context.sampled = !held.unsampled;
        context.headers = held.headers.clone();
        Some(context)
    }

    /// The tags, by key.
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|held| held.tags.iter())
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.details()?.user()
    }

    /// The fields for the metadata of every entry, by name.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.details().into_iter().flat_map(Details::iter)
    }

    /// Whether there are breadcrumbs.
    #[must_use]
    #[inline]
    pub fn has_breadcrumbs(&self) -> bool {
        self.0.as_ref().is_some_and(|held| !held.trail.is_empty())
    }

    /// The breadcrumbs, oldest first.
    pub fn breadcrumbs(&self) -> impl Iterator<Item = &Breadcrumb> {
        self.0.iter().flat_map(|held| held.trail.iter())
    }

    /// Sets the ids that an entry does not have itself.
    pub fn fill<'a>(&'a self, ids: &mut Ids<'a>) {
        let Some(held) = &self.0 else { return };
        ids.fill(&Ids {
            trace_id: held.trace_id.as_ref().map(OwnedId::as_id),
            span_id: held.span_id.as_ref().map(OwnedId::as_id),
            session_id: self.session_id(),
        });
    }

    /// Writes the part of the metadata.
    pub(crate) fn write_to(&self, fields: &mut Fields<'_>) {
        if let Some(held) = &self.0 {
            held.trail.write_to(fields);
            held.tags.write_to(fields);
            if let Some(details) = &held.details {
                details.write_to(fields);
            }
        }
    }

    /// Whether nothing was ever set.
    const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    fn details(&self) -> Option<&Details> {
        self.0.as_ref()?.details.as_deref()
    }

    /// The data, for changes.
    fn change(&mut self) -> &mut Held {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl Held {
    fn details(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }
}

impl Default for Held {
    fn default() -> Self {
        Self {
            trace_id: None,
            span_id: None,
            session_id: None,
            unsampled: false,
            headers: TraceHeaders::default(),
            tags: SortedTexts::new("tags"),
            trail: Trail::default(),
            details: None,
        }
    }
}

#[cfg(test)]
mod tests;
