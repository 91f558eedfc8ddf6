//! Keys that name a secret, prepared for comparison.

use super::{
    Redaction,
    words::{is_boundary, is_separator, last_word, match_ending, match_words},
};

/// A [`Redaction`], prepared so that most keys are ruled out by letters that they lack.
#[derive(Clone, Debug)]
pub(in crate::content) struct SecretKeys {
    /// For each term, the letters that a secret's key must have, unless another term's letters are a subset. All bits
    /// if there is no term.
    letters: Vec<[u32; LANES]>,
    terms: Vec<Term>,
    /// Without separators.
    allowed: Vec<Vec<u8>>,
}

/// Words that name a secret, without separators.
#[derive(Clone, Debug)]
struct Term {
    text: Vec<u8>,
    letters: u32,
    rule: Rule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// Anywhere, unless the key describes a secret or is harmless.
    Usual,
    /// At the end of the key.
    Last,
    /// Anywhere.
    Always,
}

/// The number of terms that are checked in one step.
const LANES: usize = 8;

/// A shorter term is not matched at the end of a longer word: too many words end with one by chance.
const SHORTEST_ENDING: usize = 5;

impl SecretKeys {
    pub(in crate::content) const fn none() -> Self {
        Self { letters: Vec::new(), terms: Vec::new(), allowed: Vec::new() }
    }

    pub(in crate::content) fn new(redaction: &Redaction) -> Self {
        if !redaction.enabled {
            return Self::none();
        }
        let usual = Redaction::KEYS.iter().map(|key| (*key, Rule::Usual));
        let own = redaction.keys.iter().map(|key| (key.as_str(), Rule::Always));
        let terms: Vec<Term> = usual
            .chain([("auth", Rule::Last)])
            .chain(own)
            .map(|(key, rule)| Term::new(key, rule))
            .filter(|term| !term.text.is_empty())
            .collect();
        let letters = fewest_letters(&terms);
        Self { letters, terms, allowed: redaction.allow_keys.iter().map(|key| joined(key)).collect() }
    }

    /// Whether the value of a key is redacted.
    #[inline]
    pub(in crate::content) fn contains(&self, key: &[u8]) -> bool {
        if self.terms.is_empty() {
            return false;
        }
        let letters = letters_of(key);
        // Without a branch for each, so that the compiler checks several in one step.
        let has_all =
            |needed: &[u32; LANES]| needed.iter().fold(false, |any, needed| any | (needed & !letters == 0));
        self.letters.iter().any(has_all) && self.compare(key)
    }

    fn compare(&self, key: &[u8]) -> bool {
        let letters = letters_of(key);
        let names_secret = self.terms.iter().any(|term| term.letters & !letters == 0 && term.is_in(key));
        names_secret && !self.allowed.iter().any(|allowed| is_whole(key, allowed))
    }
}

impl Term {
    fn new(key: &str, rule: Rule) -> Self {
        let text = joined(key);
        Self { letters: letters_of(&text), text, rule }
    }

    fn is_in(&self, key: &[u8]) -> bool {
        let starts_word = |at: &usize| key[*at].eq_ignore_ascii_case(&self.text[0]) && is_boundary(key, *at);
        let starts = (0..key.len()).filter(starts_word);
        let whole = starts.filter_map(|start| match_words(key, start, &self.text));
        let ends = if self.text.len() < SHORTEST_ENDING { 0..0 } else { self.text.len()..key.len() + 1 };
        let endings = ends.filter_map(|end| match_ending(key, end, &self.text));
        whole.chain(endings).any(|end| match self.rule {
            Rule::Usual => !is_description(key, end) && !is_harmless(key, end),
            Rule::Last => key[end..].iter().all(|byte| is_separator(*byte)),
            Rule::Always => true,
        })
    }
}

/// Whether the words after `end` describe what comes before.
fn is_description(key: &[u8], end: usize) -> bool {
    let (start, word) = last_word(key);
    start >= end
        && Redaction::DESCRIPTIONS
            .iter()
            .any(|description| match_words(word, 0, description.as_bytes()) == Some(word.len()))
}

/// Whether the words before `end` are harmless.
fn is_harmless(key: &[u8], end: usize) -> bool {
    let starts = || (0..end).filter(|at| !is_separator(key[*at]) && is_boundary(key, *at));
    Redaction::HARMLESS
        .iter()
        .any(|harmless| starts().any(|start| match_words(key, start, harmless.as_bytes()) == Some(end)))
}

/// Whether a key consists of these letters and digits, in this order.
fn is_whole(key: &[u8], text: &[u8]) -> bool {
    key.iter().filter(|byte| !is_separator(**byte)).map(u8::to_ascii_lowercase).eq(text.iter().copied())
}

/// In lowercase, without separators.
fn joined(key: &str) -> Vec<u8> {
    key.bytes().filter(|byte| !is_separator(*byte)).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// The letters of the terms, without those that are supersets of another.
fn fewest_letters(terms: &[Term]) -> Vec<[u32; LANES]> {
    let mut fewest: Vec<u32> = Vec::new();
    for more in terms.iter().map(|term| term.letters) {
        if !fewest.iter().any(|fewer| fewer & !more == 0) {
            fewest.retain(|other| more & !other != 0);
            fewest.push(more);
        }
    }
    fewest.resize(fewest.len().next_multiple_of(LANES), u32::MAX);
    fewest.as_chunks().0.to_vec()
}

/// A bit for each letter, of either case, that a text has.
#[inline]
fn letters_of(text: &[u8]) -> u32 {
    const LETTERS: u32 = (1 << 26) - 1;
    let letters = text.iter().fold(0_u32, |letters, byte| {
        letters | 1_u32.checked_shl(u32::from((byte | 0x20).wrapping_sub(b'a'))).unwrap_or(0)
    });
    letters & LETTERS
}

#[cfg(test)]
mod tests;
