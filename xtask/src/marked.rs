//! Tables in the documentation that commands write.
//!
//! A table is placed between `<!-- NAME: begin -->` and `<!-- NAME: end -->`.

use std::fs;

use crate::{Result, cargo::root};

/// Writes a table to its place in a file. Returns `false` if the file has no place for it.
///
/// # Errors
///
/// If the file has only one of the two markers or several of them, or cannot be written.
pub(crate) fn write(path: &str, name: &str, table: &str) -> Result<bool> {
    let file = root().join(path);
    let Ok(text) = fs::read_to_string(&file) else { return Ok(false) };
    match replaced(&text, name, table).map_err(|problem| format!("{path}: {problem}"))? {
        Some(text) => fs::write(file, text).map(|()| true).map_err(Into::into),
        None => Ok(false),
    }
}

/// Returns the text with the table in its place, or `None` if it has no place for it.
fn replaced(text: &str, name: &str, table: &str) -> std::result::Result<Option<String>, String> {
    let (begin, end) = (format!("<!-- {name}: begin -->"), format!("<!-- {name}: end -->"));
    match (text.matches(&begin).count(), text.matches(&end).count()) {
        (0, 0) => return Ok(None),
        (1, 1) => {}
        _ => return Err(format!("`{begin}` and `{end}` do not stand there once each")),
    }
    let place = text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = place.ok_or_else(|| format!("`{end}` stands before `{begin}`"))?;
    Ok(Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", table.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_the_former() {
        let text = "# A\n\n<!-- t: begin -->\nold\n<!-- t: end -->\n\nafter\n";
        let once = replaced(text, "t", "\n| a |\n").unwrap().unwrap();
        assert_eq!(once, "# A\n\n<!-- t: begin -->\n\n| a |\n\n<!-- t: end -->\n\nafter\n");
        assert_eq!(replaced(&once, "t", "| a |").unwrap().unwrap(), once, "writing it again changes nothing");
    }

    #[test]
    fn a_text_without_a_place_stays_as_it_is() {
        assert_eq!(replaced("# A\n", "t", "| a |"), Ok(None));
        assert_eq!(replaced("<!-- other: begin --><!-- other: end -->", "t", "| a |"), Ok(None));
    }

    #[test]
    fn half_a_place_and_two_are_refused() {
        for text in [
            "<!-- t: begin -->",
            "<!-- t: end --><!-- t: begin -->",
            &"<!-- t: begin --><!-- t: end -->".repeat(2),
        ] {
            assert!(replaced(text, "t", "| a |").is_err(), "{text}");
        }
    }
}
