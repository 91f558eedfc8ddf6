//! The items of a record.

use super::{
    CallSite, ErrorValue, Value,
    layout::{
        ERROR, KEY_8, KEY_32, MAX_INDEX, MESSAGE, ORIGIN, SCOPE, SPAN, SPAN_EVENT, SPAN_LINK, SPAN_NAMES,
        SPAN_STATUS, SPAN_TIMES, TEXT_8, TRACE_STATE,
    },
    span_data::{SpanEventItem, SpanLinkItem, SpanStatus, SpanTimes},
    value::{array, byte, long_text, part, short_text, skip_text, text},
};

/// A part of an entry.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A field with its name.
    Field(Key<'a>, Value<'a>),
    /// An error, with its causes.
    Error(ErrorValue<'a>),
    /// A span around the entry, with its fields. Innermost first.
    Span(SpanItem<'a>),
    /// The names of the spans are written here.
    SpanNames,
    /// The origin of the call site is written here.
    Origin {
        /// With module, file and line.
        with_place: bool,
    },
    /// Later items belong to the scope.
    Scope,
    /// Data of a span that has ended, other than its ids, name and fields.
    SpanTimes(SpanTimes),
    /// The status of a span, and its message.
    SpanStatus(SpanStatus, &'a str),
    /// An event of a span.
    SpanEvent(SpanEventItem<'a>),
    /// A link to another span.
    SpanLink(SpanLinkItem<'a>),
    /// The `tracestate` of the trace that a span is in.
    TraceState(&'a str),
}

/// The end of nearly all records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Nothing,
    Origin,
    OriginWithPlace,
}

/// The name of a field.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// One of the names of a call site.
    Indexed(&'static CallSite, usize),
    /// Any name.
    Text(&'a str),
}

/// A span around an entry.
#[derive(Clone, Copy, Debug)]
pub struct SpanItem<'a> {
    /// The call site that creates it.
    pub call_site: Option<&'static CallSite>,
    /// Its fields.
    pub items: Items<'a>,
}

/// Iterates over the items of a record or span. Ends at invalid bytes.
#[derive(Clone, Copy, Debug)]
pub struct Items<'a> {
    rest: &'a [u8],
    /// The call site of the indexes.
    call_site: Option<&'static CallSite>,
}

impl<'a> Key<'a> {
    /// The name.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        match self {
            Self::Indexed(call_site, index) => call_site.name(index).unwrap_or_default(),
            Self::Text(name) => name,
        }
    }
}

impl<'a> Items<'a> {
    pub(super) const fn new(bytes: &'a [u8], call_site: Option<&'static CallSite>) -> Self {
        Self { rest: bytes, call_site }
    }

    /// The unread bytes.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Removes the next item if it is a field whose name has an index below this one.
    #[inline]
    pub(crate) fn next_indexed(
        &mut self,
        is_wanted: impl FnOnce(usize) -> bool,
    ) -> Option<(usize, Value<'a>)> {
        self.skip_message();
        let mut rest = self.rest;
        let kind = byte(&mut rest)?;
        let index = usize::from(kind);
        if kind > MAX_INDEX || !is_wanted(index) {
            return None;
        }
        let value = Value::read(&mut rest)?;
        self.rest = rest;
        Some((index, value))
    }

    /// Removes the value of the next field if it is a text of less than 256 bytes, and returns its bytes, which may
    /// not be UTF-8.
    #[inline]
    pub(crate) fn next_indexed_text(
        &mut self,
        is_wanted: impl FnOnce(usize) -> bool,
    ) -> Option<(usize, &'a [u8])> {
        let (head, rest) = self.rest.split_first_chunk::<3>()?;
        let [kind, TEXT_8, length] = *head else { return None };
        let index = usize::from(kind);
        let (text, rest) = rest.split_at_checked(length.into())?;
        if kind > MAX_INDEX || !is_wanted(index) {
            return None;
        }
        self.rest = rest;
        Some((index, text))
    }

    /// Removes the message, if it comes next.
    pub(super) fn next_message(&mut self) -> Option<&'a str> {
        let mut rest = self.rest.strip_prefix(&[MESSAGE])?;
        let message = text(&mut rest)?;
        self.rest = rest;
        Some(message)
    }

    /// Skips the message, if it comes next.
    #[inline]
    pub(crate) fn skip_message(&mut self) {
        if let Some((&MESSAGE, mut rest)) = self.rest.split_first() {
            self.rest = if skip_text(&mut rest).is_some() { rest } else { &[] };
        }
    }

    /// Removes a span, if it comes next. Returns its call site and items.
    #[inline]
    pub(crate) fn next_span(&mut self) -> Option<SpanItem<'a>> {
        if self.rest.first() != Some(&SPAN) {
            return None;
        }
        match self.next() {
            Some(Item::Span(span)) => Some(span),
            _ => None,
        }
    }

    /// Removes the marker for the names of spans, if it comes next.
    #[inline]
    pub(crate) fn next_span_names(&mut self) -> bool {
        match self.rest.split_first() {
            Some((&SPAN_NAMES, rest)) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Whether nothing is left.
    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether nothing follows except the [origin](Item::Origin), with its location or without.
    pub(crate) fn ending(&self) -> Option<Ending> {
        match self.rest {
            [] => Some(Ending::Nothing),
            [ORIGIN, 0] => Some(Ending::Origin),
            [ORIGIN, _] => Some(Ending::OriginWithPlace),
            _ => None,
        }
    }

    fn read(&mut self) -> Option<Item<'a>> {
        loop {
            let rest = &mut self.rest;
            let kind = byte(rest)?;
            return Some(match kind {
                ..=MAX_INDEX => {
                    let index = usize::from(kind);
                    let call_site = self.call_site.filter(|call_site| call_site.name(index).is_some());
                    Item::Field(Key::Indexed(call_site?, index), Value::read(rest)?)
                }
                KEY_8 => Item::Field(Key::Text(short_text(rest)?), Value::read(rest)?),
                KEY_32 => Item::Field(Key::Text(long_text(rest)?), Value::read(rest)?),
                // It is found by its place.
                MESSAGE => {
                    skip_text(rest)?;
                    continue;
                }
                ERROR => Item::Error(ErrorValue::new(part(rest)?)),
                SPAN => {
                    let call_site = CallSite::by_number(u32::from_le_bytes(array(rest)?));
                    Item::Span(SpanItem { call_site, items: Items::new(part(rest)?, call_site) })
                }
                SPAN_NAMES => Item::SpanNames,
                ORIGIN => Item::Origin { with_place: byte(rest)? != 0 },
                SCOPE => Item::Scope,
                SPAN_TIMES => Item::SpanTimes(SpanTimes::read(rest)?),
                SPAN_STATUS => Item::SpanStatus(SpanStatus::of_number(byte(rest)?), text(rest)?),
                SPAN_EVENT => Item::SpanEvent(SpanEventItem::read(part(rest)?)?),
                SPAN_LINK => Item::SpanLink(SpanLinkItem::read(part(rest)?)?),
                TRACE_STATE => Item::TraceState(text(rest)?),
                _ => return None,
            });
        }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        let item = self.read();
        if item.is_none() {
            self.rest = &[];
        }
        item
    }
}
