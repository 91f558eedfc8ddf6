//! The messages that the guide lists.

/// The least number of bytes, apart from `…`, with which a listed message can stand for others.
const MIN_LITERAL: usize = 12;

/// The messages in the first column of the guide's tables, with `…` for what differs.
pub(super) struct Guide<'a>(Vec<&'a str>);

impl<'a> Guide<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        Self(cells.flat_map(code_spans).collect())
    }

    /// Whether a message of the guide contains this one, or stands for it because it ends or begins with `…`.
    pub(super) fn lists(&self, message: &str) -> bool {
        self.0.iter().any(|listed| contains(listed, message) || stands_for(listed, message))
    }
}

fn contains(listed: &str, message: &str) -> bool {
    are_in_order(&literals(message), listed)
}

fn stands_for(listed: &str, message: &str) -> bool {
    let literals = literals(listed);
    let (Some(first), Some(last)) = (literals.first(), literals.last()) else { return false };
    literals.iter().map(|literal| literal.len()).sum::<usize>() >= MIN_LITERAL
        && (listed.starts_with('…') || message.starts_with(first))
        && (listed.ends_with('…') || message.ends_with(last))
        && are_in_order(&literals, message)
}

fn literals(text: &str) -> Vec<&str> {
    text.split('…').map(str::trim).filter(|literal| !literal.is_empty()).collect()
}

fn are_in_order(literals: &[&str], text: &str) -> bool {
    let mut rest = text;
    literals.iter().all(|literal| match rest.split_once(literal) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Returns the contents of the code spans in a Markdown text.
fn code_spans(text: &str) -> Vec<&str> {
    let (mut spans, mut rest) = (Vec::new(), text);
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let content = &rest[start + ticks..];
        let Some(end) = end_of_span(content, ticks) else { break };
        spans.push(if ticks == 1 { &content[..end] } else { content[..end].trim() });
        rest = &content[end + ticks..];
    }
    spans
}

/// Returns where a run of exactly this many backticks begins.
fn end_of_span(content: &str, ticks: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(start) = content[from..].find('`').map(|start| from + start) {
        let run = content[start..].len() - content[start..].trim_start_matches('`').len();
        if run == ticks {
            return Some(start);
        }
        from = start + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_may_contain_backticks() {
        assert_eq!(code_spans("`a …`, `` set `b` too `` and `c`"), ["a …", "set `b` too", "c"]);
    }

    #[test]
    fn a_listed_message_stands_for_longer_and_shorter_ones() {
        let guide = Guide::parse(
            "| `cannot use …: the disk is full` | Free it. |\n| `the driver stopped: …` | Report it. |\n",
        );
        assert!(guide.lists("the disk is full"));
        assert!(guide.lists("cannot use …: the disk is full"));
        assert!(guide.lists("the driver stopped: it ran out of threads"));
        assert!(!guide.lists("the disk is slow"));
        assert!(!guide.lists("Free it."));
    }
}
