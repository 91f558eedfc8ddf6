//! No file contains the path of a folder on a particular machine.

use crate::repository::Repository;

/// Top-level folders that exist only on some machines.
const FOLDERS: [&str; 3] = ["work", "root", "home"];

pub(super) fn check(repository: &Repository) -> Vec<String> {
    let outside = ["..", "shared"].join("/");
    let mut violations = Vec::new();
    for file in repository.files() {
        for (index, line) in file.text.lines().enumerate() {
            let place = format!("{}:{}", file.path, index + 1);
            for folder in FOLDERS.iter().filter(|folder| names_folder(line, folder)) {
                violations.push(format!("{place}: `/{folder}/` is a path of one machine"));
            }
            if line.contains(&outside) {
                violations.push(format!("{place}: `{outside}` is outside the repository"));
            }
        }
    }
    violations
}

/// Whether the line contains an absolute path into the folder; `a/home/b` does not count.
fn names_folder(line: &str, folder: &str) -> bool {
    let part_of_path = |character: char| character.is_alphanumeric() || ".-_~*>})]".contains(character);
    line.match_indices(&format!("/{folder}/")).any(|(start, _)| !line[..start].ends_with(part_of_path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_are_found() {
        for folder in FOLDERS {
            let text = format!("first\ncd /{folder}/main\n");
            let violations = check(&Repository::of(&[("README.md", &text)]));
            assert_eq!(violations, [format!("README.md:2: `/{folder}/` is a path of one machine")]);
        }
        let outside = ["..", "shared", "notes.md"].join("/");
        assert_eq!(check(&Repository::of(&[("a.rs", &outside)])).len(), 1);
    }

    #[test]
    fn relative_paths_and_addresses_pass() {
        let text = format!("src/{0}/a.rs https://example.com/{0}/b frame{0}/", "home");
        assert!(check(&Repository::of(&[("a.md", &text)])).is_empty());
    }
}
