//! Layout of styled text in lines of limited width.

use std::{borrow::Cow, fmt::Write as _};

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::terminal::Terminal;

/// Replaces a tab, whose width would depend on its column.
const TAB: &str = "    ";

/// The layout of text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The width of a line; `None` if lines are not wrapped.
    pub(crate) width: Option<usize>,
    pub(crate) terminal: Terminal,
}

/// A part of a line in one style, without line breaks and other control characters.
#[derive(Clone, Debug)]
pub(crate) struct Piece<'a> {
    style: Style,
    text: Cow<'a, str>,
}

impl<'a> Piece<'a> {
    pub(crate) fn new(style: Style, text: impl Into<Cow<'a, str>>) -> Self {
        Self { style, text: text.into() }
    }
}

impl Layout {
    /// Appends a line that begins at the column `indent`, and its line break. A line that is too long is wrapped, between words
    /// if possible, and continues at the column `hanging`.
    pub(crate) fn line(&self, out: &mut String, indent: usize, hanging: usize, pieces: &[Piece<'_>]) {
        // Leaves at least half of the line for text.
        let hanging = self.width.map_or(hanging, |width| hanging.min(width / 2));
        out.extend(std::iter::repeat_n(' ', indent));
        let mut line =
            Line { out, column: indent, start: indent, hanging, width: self.width, style: Style::new() };
        for piece in pieces {
            let style = self.terminal.style(piece.style);
            let text = piece.text.replace('\t', TAB);
            for word in text.split_inclusive(' ') {
                line.word(style, word);
            }
        }
        line.restyle(Style::new());
        out.push('\n');
    }
}

/// A line that is being written.
struct Line<'a> {
    out: &'a mut String,
    column: usize,
    /// The column where its text begins.
    start: usize,
    hanging: usize,
    width: Option<usize>,
    /// The style of what was written last.
    style: Style,
}

impl Line<'_> {
    /// Appends a word and the space after it, which may exceed the last column.
    fn word(&mut self, style: Style, word: &str) {
        let visible = width_of(word.trim_end_matches(' '));
        let Some(width) = self.width else { return self.put(style, word) };
        if self.column + visible > width && self.column > self.start {
            self.turn();
        }
        if self.column + visible <= width {
            // A continuation line begins with a word.
            let is_space_alone = visible == 0 && self.column == self.start && self.start == self.hanging;
            if !is_space_alone {
                self.put(style, word);
            }
            return;
        }
        let mut rest = word.trim_end_matches(' ');
        while !rest.is_empty() {
            let (part, after) = split_at_width(rest, width.saturating_sub(self.column).max(1));
            self.put(style, part);
            rest = after;
            if !rest.is_empty() {
                self.turn();
            }
        }
        self.put(style, &word[word.trim_end_matches(' ').len()..]);
    }

    fn turn(&mut self) {
        self.restyle(Style::new());
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', self.hanging));
        (self.column, self.start) = (self.hanging, self.hanging);
    }

    fn put(&mut self, style: Style, text: &str) {
        self.restyle(style);
        self.out.push_str(text);
        self.column += width_of(text);
    }

    fn restyle(&mut self, style: Style) {
        if self.style != style {
            let _ = write!(self.out, "{:#}{style}", self.style);
            self.style = style;
        }
    }
}

/// Returns the width of a text in columns.
pub(crate) fn width_of(text: &str) -> usize {
    text.width()
}

/// Truncates a text to at most `width` columns, and marks the truncation.
pub(crate) fn cut(text: &str, width: usize) -> Cow<'_, str> {
    if width_of(text) <= width {
        return text.into();
    }
    let part = if width > 1 { split_at_width(text, width - 1).0 } else { "" };
    // A character may be wider than the remaining space.
    let part = if width_of(part) < width { part } else { "" };
    format!("{part}…").into()
}

/// Splits a text after the characters that fit in `width` columns.
fn split_at_width(text: &str, width: usize) -> (&str, &str) {
    let mut columns = 0;
    let end = text.char_indices().find(|(index, character)| {
        columns += character.width().unwrap_or(0);
        columns > width && *index > 0
    });
    text.split_at(end.map_or(text.len(), |(index, _)| index))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: Option<usize>, hanging: usize, texts: &[&str]) -> String {
        let terminal = Terminal { is_terminal: false, color: false, width: 100 };
        let pieces: Vec<_> = texts.iter().map(|text| Piece::new(Style::new(), *text)).collect();
        let mut out = String::new();
        Layout { width, terminal }.line(&mut out, 0, hanging, &pieces);
        out
    }

    #[test]
    fn a_line_is_broken_between_words() {
        assert_eq!(lines(None, 2, &["one two ", "three four"]), "one two three four\n");
        assert_eq!(lines(Some(10), 2, &["one two ", "three four"]), "one two\n  three\n  four\n");
        assert_eq!(lines(Some(20), 2, &["one two ", "three four"]), "one two three four\n");
    }

    #[test]
    fn a_word_that_fits_no_line_is_split() {
        assert_eq!(lines(Some(8), 2, &["a ", "0123456789abcdef z"]), "a\n  012345\n  6789ab\n  cdef z\n");
        assert_eq!(lines(Some(3), 9, &["世界世界"]), "世\n 界\n 世\n 界\n");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let text =
            "für 世界 🌊🌊🌊🌊🌊🌊🌊🌊🌊🌊🌊 a\tb  c aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x";
        for width in 4..60 {
            let broken = lines(Some(width), 4, &[text, " k", "=", "v"]);
            assert!(broken.lines().all(|line| width_of(line) <= width), "{width}:\n{broken}");
            let letters = |text: &str| text.replace([' ', '\t', '\n'], "");
            assert_eq!(letters(&broken), letters(text) + "k=v");
        }
    }

    #[test]
    fn what_is_cut_is_marked() {
        assert_eq!(
            (cut("abc", 3), cut("abcd", 3), cut("世界", 3)),
            ("abc".into(), "ab…".into(), "世…".into())
        );
    }
}
