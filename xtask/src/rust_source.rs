//! Rust source without comments and string contents.

/// Replaces comments, characters and the contents of strings with spaces.
///
/// Lines keep their numbers. The quotes of strings stay, so that an empty string differs from one with text.
pub(crate) fn code_only(source: &str) -> String {
    Scanner::scan(source).code
}

/// Returns the contents of string literals as written, each with the position of its opening quote in [`code_only`].
pub(crate) fn strings(source: &str) -> Vec<(usize, &str)> {
    Scanner::scan(source).strings
}

/// Whether all of a file is tests.
pub(crate) fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
}

/// Returns the index of the line of code that opens the unit tests, which end the file.
pub(crate) fn unit_tests_line(code: &str) -> Option<usize> {
    let lines: Vec<&str> = code.lines().collect();
    (0..lines.len()).find(|&index| {
        lines[index].trim().starts_with("#[cfg(test)]")
            && lines[index..].iter().take(4).any(|line| {
                let line = line.trim_start().trim_start_matches("#[cfg(test)]").trim_start();
                line.starts_with("mod ") && line.trim_end().ends_with('{')
            })
    })
}

/// Whether `word` is at the byte `start` of the code, and not part of a longer identifier.
pub(crate) fn is_word_at(code: &str, start: usize, word: &str) -> bool {
    let identifier = |character: char| character.is_alphanumeric() || character == '_';
    !code[..start].ends_with(identifier) && !code[start + word.len()..].starts_with(identifier)
}

struct Scanner<'a> {
    rest: &'a str,
    code: String,
    strings: Vec<(usize, &'a str)>,
}

impl<'a> Scanner<'a> {
    fn scan(source: &'a str) -> Self {
        let mut scanner =
            Self { rest: source, code: String::with_capacity(source.len()), strings: Vec::new() };
        while !scanner.rest.is_empty() {
            scanner.step();
        }
        scanner
    }

    fn step(&mut self) {
        if self.rest.starts_with("//") {
            self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.blank(block_comment_length(self.rest));
        } else if let Some((opening, content, closing)) = self.string() {
            self.skip(opening);
            self.strings.push((self.code.len(), &self.rest[..content]));
            self.code.push('"');
            self.blank(content);
            self.skip(closing);
            self.code.push('"');
        } else if let Some(length) = character_length(self.rest) {
            self.blank(length);
        } else {
            let character = self.rest.chars().next().expect("the loop ends with the source");
            self.code.push(character);
            self.skip(character.len_utf8());
        }
    }

    fn skip(&mut self, length: usize) {
        self.rest = &self.rest[length..];
    }

    fn blank(&mut self, length: usize) {
        let (blanked, rest) = self.rest.split_at(length);
        self.code.extend(blanked.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        self.rest = rest;
    }

    /// Returns the lengths of the opening, the content and the closing of the string that begins here.
    fn string(&self) -> Option<(usize, usize, usize)> {
        ["", "b", "c", "r", "br", "cr"].iter().find_map(|prefix| {
            let body = self.rest.strip_prefix(prefix)?;
            if !prefix.ends_with('r') {
                let content = body.strip_prefix('"')?;
                return Some((prefix.len() + 1, escaped_length(content)?, 1));
            }
            let hashes = body.len() - body.trim_start_matches('#').len();
            let content = body[hashes..].strip_prefix('"')?;
            let end = content.find(&format!("\"{}", "#".repeat(hashes)))?;
            Some((prefix.len() + hashes + 1, end, 1 + hashes))
        })
    }
}

fn escaped_length(content: &str) -> Option<usize> {
    let mut escaped = false;
    content.bytes().position(|byte| {
        let closing = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closing
    })
}

fn block_comment_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut index = 0;
    while index < rest.len() {
        if rest.as_bytes()[index..].starts_with(b"/*") {
            depth += 1;
            index += 2;
        } else if rest.as_bytes()[index..].starts_with(b"*/") {
            depth -= 1;
            index += 2;
            if depth == 0 {
                return index;
            }
        } else {
            index += 1;
        }
    }
    rest.len()
}

fn character_length(rest: &str) -> Option<usize> {
    let content = rest.strip_prefix('\'')?;
    if let Some(escape) = content.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let first = content.chars().next()?.len_utf8();
    content[first..].starts_with('\'').then_some(1 + first + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeezed(source: &str) -> String {
        code_only(source).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_are_blanked_nested_ones_too() {
        assert_eq!(squeezed("a // b\nc /* d /* e */ f */ g"), "a c g");
    }

    #[test]
    fn strings_keep_their_quotes_only() {
        assert_eq!(squeezed(r#"x("a\"b", b"c", "")"#), r#"x(" ", " ", "")"#);
        assert_eq!(squeezed("x(r#\"a \"b\" // c\"#) y"), "x(\" \") y");
        assert_eq!(squeezed("r#type"), "r#type");
    }

    #[test]
    fn strings_are_found_with_their_positions() {
        let source = "é(\"a\\\"b\", r#\"c\"d\"#) // \"e\"";
        assert_eq!(strings(source), [(3, "a\\\"b"), (11, "c\"d")]);
        assert!(code_only(source)[11..].starts_with('"'));
    }

    #[test]
    fn characters_are_blanked_and_lifetimes_stay() {
        assert_eq!(squeezed(r"f('\'', '\u{1F600}', 'é') &'a str"), "f( , , ) &'a str");
        assert_eq!(squeezed("'\"' x \"y\" z"), "x \" \" z");
    }

    #[test]
    fn lines_stay_where_they_are() {
        let source = "a\n/* b\nc */\n\"d\ne\"\nf";
        assert_eq!(code_only(source).lines().count(), source.lines().count());
        assert_eq!(code_only(source).lines().last(), Some("f"));
    }

    #[test]
    fn a_word_is_not_found_inside_another() {
        assert!(is_word_at("a.sleep()", 2, "sleep"));
        assert!(!is_word_at("asleep()", 1, "sleep"));
        assert!(!is_word_at("sleepy()", 0, "sleep"));
    }
}
