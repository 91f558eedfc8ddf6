//! The entry of a release in CHANGELOG.md.

use super::Verdict;

/// Checks that this version has a heading with its date, and that nothing is left under "Unreleased".
pub(super) fn check(changelog: &str, version: &str) -> Verdict {
    let heading = changelog.lines().find_map(|line| line.strip_prefix(&format!("## {version} - ")));
    let Some(date) = heading else {
        return Verdict::Bad(format!(
            "it has no heading `## {version} - YYYY-MM-DD`; what is new stands below it"
        ));
    };
    if !is_date(date.trim()) {
        return Verdict::Bad(format!("`{}` is no date like 2026-01-31", date.trim()));
    }
    let unreleased = changelog.split("\n## ").find(|section| section.starts_with("Unreleased"));
    if unreleased.is_some_and(|section| section.lines().skip(1).any(|line| !line.trim().is_empty())) {
        return Verdict::Bad(format!("something stands under `## Unreleased`: move it to {version}"));
    }
    Verdict::Good(format!("{version} of {}", date.trim()))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [4, 2, 2] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dated_heading_and_nothing_unreleased_pass() {
        let text = "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-12-01\n\n- All.\n";
        assert_eq!(check(text, "0.1.0"), Verdict::Good("0.1.0 of 2026-12-01".to_owned()));
    }

    #[test]
    fn a_missing_heading_a_wrong_date_and_a_late_change_are_found() {
        for text in [
            "# Changelog\n\n## Unreleased\n\n- All.\n",
            "# Changelog\n\n## 0.1.0 - soon\n\n- All.\n",
            "# Changelog\n\n## Unreleased\n\n- More.\n\n## 0.1.0 - 2026-12-01\n\n- All.\n",
        ] {
            assert!(matches!(check(text, "0.1.0"), Verdict::Bad(_)), "{text}");
        }
    }
}
