//! Escapes text from elsewhere, so that it is safe for a terminal.
//!
//! Anyone who can log can put escape sequences into a message, which move the cursor, change the title of the window, or hide
//! text. They are shown in the usual notation, such as `\x1b`.

use std::{borrow::Cow, fmt::Write as _};

/// Escapes control characters except tabs and line breaks.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    escaped(text, |character| is_harmful(character) && !matches!(character, '\n' | '\t'), notation)
}

/// Escapes all control characters, so that the text stays on one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_harmful, notation)
}

/// Escapes what serde_json leaves unescaped in a JSON text, without changing its meaning.
pub(crate) fn json(json: &str) -> Cow<'_, str> {
    // Outside strings, the only control characters of JSON are line breaks and tabs, and neither is written here.
    escaped(json, is_harmful, |out, character| {
        let _ = write!(out, "\\u{:04x}", u32::from(character));
    })
}

/// Whether a terminal may treat a character as something other than text.
fn is_harmful(character: char) -> bool {
    match character {
        ' '..='~' => false,
        // C0, DEL and C1. U+009B, of C1, begins an escape sequence like ESC [.
        _ if character.is_control() => true,
        // Bidirectional controls reorder the text around them, and the separators break lines.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        _ => false,
    }
}

fn notation(out: &mut String, character: char) {
    let _ = match character {
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\0'..='\u{7f}' => write!(out, "\\x{:02x}", u32::from(character)),
        _ => write!(out, "\\u{{{:x}}}", u32::from(character)),
    };
}

fn escaped(text: &str, is_harmful: impl Fn(char) -> bool, write: impl Fn(&mut String, char)) -> Cow<'_, str> {
    let Some(first) = text.find(&is_harmful) else { return text.into() };
    let mut out = String::with_capacity(text.len() + 16);
    let (harmless, rest) = text.split_at(first);
    out.push_str(harmless);
    for character in rest.chars() {
        if is_harmful(character) {
            write(&mut out, character);
        } else {
            out.push(character);
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_as_it_was() {
        for ordinary in ["", "plain", "Grüße, 世界 🌊", "a\u{301}"] {
            assert!(matches!(text(ordinary), Cow::Borrowed(_)), "{ordinary}");
            assert_eq!((line(ordinary), json(ordinary)), (ordinary.into(), ordinary.into()));
        }
    }

    #[test]
    fn no_control_character_is_left() {
        let every: String = ('\0'..='\u{2fff}').collect();
        let left = |text: &str| text.chars().filter(|character| is_harmful(*character)).collect::<String>();
        assert_eq!(left(&line(&every)), "");
        assert_eq!(left(&text(&every)), "\t\n");
        assert_eq!(
            line("\x1b]0;title\x07\u{9b}2J\r\n\u{202e}"),
            "\\x1b]0;title\\x07\\u{9b}2J\\r\\n\\u{202e}"
        );
    }

    #[test]
    fn json_means_the_same() {
        let harmful = "\u{1b}[2J \u{7f} \u{9b} \u{202e} \u{2028} \u{61c}";
        let written = serde_json::to_string(harmful).unwrap();
        let safe = json(&written);
        assert_eq!(line(&safe), safe);
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), harmful);
    }
}
