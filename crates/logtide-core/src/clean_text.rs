//! Makes foreign text safe to show.

/// The maximum length in characters. Servers before version 1.0 put whole SQL statements into their messages.
const MAX_CHARS: usize = 300;

/// Replaces a secret.
const HIDDEN: &str = "***";

/// Turns text from a server or a proxy into one short line that can be printed, logged and shown.
///
/// Control characters, line breaks and characters that change the direction of text become spaces. Every secret
/// becomes `***`, regardless of case. The line has at most 300 characters, and ends with `…` if it was cut.
///
/// ```
/// let text = logtide_core::clean_text("no such key: LP_SECRET\r\n\x1b[31m", &["lp_secret"]);
/// assert_eq!(text, "no such key: ***   [31m");
/// ```
#[must_use]
pub fn clean_text(text: &str, secrets: &[&str]) -> String {
    let mut line = String::with_capacity(text.len().min(4 * MAX_CHARS));
    let (mut rest, mut chars) = (text, 0);
    while let Some(char) = rest.chars().next() {
        if chars == MAX_CHARS {
            line.push('…');
            break;
        }
        if let Some(secret) = secrets.iter().find(|secret| starts_with(rest, secret)) {
            line.push_str(HIDDEN);
            rest = &rest[secret.len()..];
        } else {
            line.push(if is_harmful(char) { ' ' } else { char });
            rest = &rest[char.len_utf8()..];
        }
        chars += 1;
    }
    line
}

/// The secret is ASCII, so the match has the same length.
fn starts_with(text: &str, secret: &str) -> bool {
    !secret.is_empty()
        && text
            .as_bytes()
            .get(..secret.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(secret.as_bytes()))
        && text.is_char_boundary(secret.len())
}

/// Whether a character controls a terminal or a viewer instead of being visible.
fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_go_in_whatever_case_and_however_often() {
        let text = "lp_Key and LP_KEY, lp_keylp_key; äp_key lp_ke";
        assert_eq!(clean_text(text, &["lp_key", ""]), "*** and ***, ******; äp_key lp_ke");
    }

    #[test]
    fn a_secret_is_not_cut_in_two() {
        let text = format!("{}lp_secret", "x".repeat(MAX_CHARS - 3));
        let line = clean_text(&text, &["lp_secret"]);
        assert!(line.ends_with("xxx***"), "{line}");
        assert_eq!(clean_text(&"x".repeat(MAX_CHARS), &[]).chars().count(), MAX_CHARS);
        assert!(clean_text(&"x".repeat(9_000), &[]).ends_with("x…"));
    }

    proptest! {
        #[test]
        fn a_line_shows_neither_control_characters_nor_secrets(
            parts in prop::collection::vec(prop_oneof![".{0,9}", "\\PC{0,9}", Just("lp_SECRET".to_owned()), "[\\x00-\\x1f\u{7f}-\u{9f}\u{2028}\u{202e}]"], 0..60),
        ) {
            let line = clean_text(&parts.concat(), &["lp_secret"]);
            prop_assert!(!line.chars().any(is_harmful), "{line:?}");
            prop_assert!(!line.to_ascii_lowercase().contains("lp_secret"), "{line:?}");
            // A secret counts as one character and is shown as three.
            prop_assert!(line.chars().count() <= 3 * MAX_CHARS + 1);
        }
    }
}
