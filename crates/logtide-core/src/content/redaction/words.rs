//! The words of a key.

/// Whether a word starts or ends before the byte at `at`.
pub(super) fn is_boundary(key: &[u8], at: usize) -> bool {
    let Some((before, after)) = at.checked_sub(1).and_then(|before| Some((key[before], *key.get(at)?)))
    else {
        return true;
    };
    if is_separator(before) || is_separator(after) || before.is_ascii_digit() != after.is_ascii_digit() {
        return true;
    }
    // `apiKey`, and `APIKey` where the next letter shows that the capital belongs to it.
    after.is_ascii_uppercase()
        && (!before.is_ascii_uppercase() || key.get(at + 1).is_some_and(u8::is_ascii_lowercase))
}

/// Whether a byte separates words. Bytes of non-ASCII letters do not.
pub(super) const fn is_separator(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

/// The end of the words that start at `start` and together spell `term`, with an optional plural `s`.
pub(super) fn match_words(key: &[u8], start: usize, term: &[u8]) -> Option<usize> {
    let mut at = start;
    for letter in term.iter().filter(|letter| !is_separator(**letter)) {
        while key.get(at).is_some_and(|byte| is_separator(*byte)) {
            at += 1;
        }
        if !key.get(at)?.eq_ignore_ascii_case(letter) {
            return None;
        }
        at += 1;
    }
    word_end(key, at)
}

/// The end of the word whose letters before `end` are `term`, with an optional plural `s`.
pub(super) fn match_ending(key: &[u8], end: usize, term: &[u8]) -> Option<usize> {
    let start = end.checked_sub(term.len())?;
    let within =
        key[start..end].eq_ignore_ascii_case(term) && !(start + 1..end).any(|at| is_boundary(key, at));
    if within { word_end(key, end) } else { None }
}

/// The last word of a key.
pub(super) fn last_word(key: &[u8]) -> (usize, &[u8]) {
    let end = key.iter().rposition(|byte| !is_separator(*byte)).map_or(0, |last| last + 1);
    let start = (0..end).rev().find(|at| is_boundary(key, *at)).unwrap_or(0);
    (start, &key[start..end])
}

/// `end`, or the byte after a plural `s`, if a word ends there.
fn word_end(key: &[u8], end: usize) -> Option<usize> {
    if is_boundary(key, end) && !is_plural(key, end) {
        return Some(end);
    }
    is_plural(key, end).then_some(end + 1)
}

fn is_plural(key: &[u8], end: usize) -> bool {
    key.get(end).is_some_and(|byte| byte.eq_ignore_ascii_case(&b's')) && is_boundary(key, end + 1)
}
