//! Assembles events from lines.

use super::{Event, Frame, field::Field, tags::Tags};

/// A buffer that grew larger than this for one event is freed afterwards, in bytes.
const KEPT_BYTES: usize = 64 << 10;

/// The initial size of the buffer, in bytes.
const FIRST_BYTES: usize = 1 << 10;

/// The event that is being read.
pub(super) struct Assembly {
    max_bytes: usize,
    /// The lines of data, each with a line feed, followed by the start of an incomplete line.
    buffer: String,
    /// The length of the data in the buffer.
    data_end: usize,
    tags: Tags,
    /// The size of the complete lines, each with one byte for its end.
    bytes: u64,
    /// The size of the incomplete line.
    line_bytes: u64,
    /// The event is over the limit, and the rest of it is skipped.
    oversized: bool,
}

impl Assembly {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            buffer: String::new(),
            data_end: 0,
            tags: Tags::default(),
            bytes: 0,
            line_bytes: 0,
            oversized: false,
        }
    }

    /// The size of the event so far.
    pub(super) const fn bytes(&self) -> u64 {
        self.bytes + self.line_bytes
    }

    /// Adds a line, or the rest of an incomplete line.
    ///
    /// `in_place` is the data of the event for as long as it is a single line of the same text, which needs no copy.
    pub(super) fn line<'t>(
        &mut self,
        text: &'t str,
        in_place: &mut Option<&'t str>,
        each: &mut impl FnMut(Frame<'_>),
    ) {
        let is_whole = self.line_bytes == 0;
        let line_bytes = self.line_bytes + text.len() as u64;
        self.line_bytes = 0;
        if line_bytes == 0 {
            return self.blank_line(in_place.take(), each);
        }
        self.bytes += line_bytes + 1;
        if self.oversized {
            return;
        }
        let fits = self.is_within_limit(line_bytes, *in_place)
            && if is_whole {
                self.whole_line(text, in_place, each)
            } else {
                self.push(text);
                self.buffered_line(each)
            };
        if !fits {
            self.discard();
        }
    }

    /// Buffers the start of a line, and the data that was in place.
    pub(super) fn keep(&mut self, text: &str, in_place: Option<&str>) {
        self.line_bytes += text.len() as u64;
        if self.oversized {
            return;
        }
        if !self.is_within_limit(self.line_bytes, in_place) {
            return self.discard();
        }
        if let Some(data) = in_place {
            self.push_data(data);
        }
        self.push(text);
    }

    /// Reads a line that lies in the text. Returns whether its value is within the limits.
    fn whole_line<'t>(
        &mut self,
        line: &'t str,
        in_place: &mut Option<&'t str>,
        each: &mut impl FnMut(Frame<'_>),
    ) -> bool {
        match Field::parse(line) {
            Field::Data(value) if self.data_end == 0 && in_place.is_none() => *in_place = Some(value),
            Field::Data(value) => {
                if let Some(first) = in_place.take() {
                    self.push_data(first);
                }
                self.push_data(value);
            }
            other => return self.tags.apply(other, each),
        }
        true
    }

    /// Reads the line after the data in the buffer. Returns whether its value is within the limits.
    fn buffered_line(&mut self, each: &mut impl FnMut(Frame<'_>)) -> bool {
        match Field::parse(&self.buffer[self.data_end..]) {
            Field::Data(value) => {
                let value_start = self.buffer.len() - value.len();
                self.buffer.drain(self.data_end..value_start);
                self.end_data();
                true
            }
            other => {
                let fits = self.tags.apply(other, each);
                self.buffer.truncate(self.data_end);
                fits
            }
        }
    }

    fn blank_line(&mut self, in_place: Option<&str>, each: &mut impl FnMut(Frame<'_>)) {
        if self.oversized {
            each(Frame::Oversized { bytes: self.bytes });
        } else if let Some(data) = in_place.or_else(|| self.buffer.strip_suffix('\n')) {
            each(Frame::Event(Event { name: self.tags.name(), data, id: self.tags.id() }));
        }
        self.oversized = false;
        self.bytes = 0;
        self.tags.end_event();
        self.clear();
    }

    fn is_within_limit(&self, line_bytes: u64, in_place: Option<&str>) -> bool {
        let data_bytes = self.data_end + in_place.map_or(0, |data| data.len() + 1);
        data_bytes as u64 + line_bytes <= self.max_bytes as u64
    }

    fn discard(&mut self) {
        self.oversized = true;
        self.clear();
    }

    fn push_data(&mut self, value: &str) {
        self.push(value);
        self.end_data();
    }

    fn end_data(&mut self) {
        self.push("\n");
        self.data_end = self.buffer.len();
    }

    fn push(&mut self, text: &str) {
        let needed = self.buffer.len() + text.len();
        if needed > self.buffer.capacity() {
            let wanted = needed.max(self.buffer.capacity() * 2).max(FIRST_BYTES);
            // Doubling alone could reach twice the limit. A growing buffer may be copied, and then has half its new size.
            let wanted = if wanted > self.max_bytes / 2 { self.max_bytes } else { wanted };
            self.buffer.reserve_exact(wanted - self.buffer.len());
        }
        self.buffer.push_str(text);
    }

    fn clear(&mut self) {
        self.data_end = 0;
        if self.buffer.capacity() > KEPT_BYTES {
            self.buffer = String::new();
        } else {
            self.buffer.clear();
        }
    }
}
