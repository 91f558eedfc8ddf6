//! The messages in Rust sources.

use crate::rust_source::{code_only, strings, unit_tests_line};

/// The least number of words in a message. Shorter texts are names and parts.
const MIN_WORDS: usize = 3;

/// Returns the messages of a source file, with `…` for each placeholder.
pub(super) fn messages(source: &str) -> Vec<String> {
    let code = code_only(source);
    let library_lines = unit_tests_line(&code).unwrap_or(usize::MAX);
    strings(source)
        .into_iter()
        .take_while(|(position, _)| code[..*position].matches('\n').count() < library_lines)
        .filter(|(position, _)| may_be_message(&code[..*position]))
        .map(|(_, written)| with_ellipses(&unescaped(written)))
        .filter(|text| has_words(text))
        .collect()
}

/// Whether a string after this code is neither in a call of `expect` nor in an attribute other than `#[error(…)]`.
fn may_be_message(before: &str) -> bool {
    let is_in_attribute = before.rfind("#[").max(before.rfind("#![")).is_some_and(|start| {
        let attribute = &before[start..];
        attribute.matches('[').count() > attribute.matches(']').count() && !attribute.starts_with("#[error(")
    });
    !is_in_attribute && !before.trim_end().ends_with("expect(")
}

fn has_words(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().filter(|word| is_word(word)).collect();
    let is_lower = |word: &str| word.chars().filter(char::is_ascii_lowercase).count() >= 2;
    words.len() >= MIN_WORDS && words.iter().filter(|word| is_lower(word)).count() >= 2
}

fn is_word(text: &str) -> bool {
    text.chars().filter(char::is_ascii_alphabetic).count() >= 2
}

/// Resolves the escapes of a string literal, except for characters given by their number.
fn unescaped(written: &str) -> String {
    let (mut text, mut characters) = (String::new(), written.chars().peekable());
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some('\n')) => while characters.next_if(|next| next.is_whitespace()).is_some() {},
            ('\\', Some('n' | 'r' | 't')) => {
                characters.next();
                text.push(' ');
            }
            ('\\', Some('"' | '\\' | '\'')) => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}

/// Replaces each placeholder with `…`, and each white space with one space.
fn with_ellipses(format: &str) -> String {
    let (mut text, mut characters) = (String::new(), format.chars().peekable());
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.next_if_eq(&character).is_some() => text.push(character),
            '{' => {
                text.push('…');
                characters.by_ref().find(|&next| next == '}');
            }
            _ => text.push(character),
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_escapes_and_line_breaks_are_resolved() {
        let source = "fn f() { g(\"cannot use {path:?}:\\n \\\"it\\\" \\\n     is {{full}}\") }";
        assert_eq!(messages(source), ["cannot use …: \"it\" is {full}"]);
    }

    #[test]
    fn short_texts_are_not_messages() {
        assert_eq!(
            messages("const A: &str = \"two words\"; const B: &str = \"SELECT A FROM B\";"),
            Vec::<String>::new()
        );
    }
}
