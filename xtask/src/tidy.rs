//! `cargo xtask tidy`: the rules of this repository that no other tool checks.

mod conformance;
mod crate_dependencies;
mod exceptions;
mod exported_types;
mod fault_table;
mod file_length;
mod guarantees;
mod license_list;
mod machine_paths;
mod module_docs;
mod module_files;
mod package_fields;
mod package_files;
mod placeholders;
mod readme;
mod rust_version;
mod sdk_tree;
mod sleeps;
mod troubleshooting;

use crate::{Result, graph::Graph, package::Package, repository::Repository};

/// The result of a rule.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    /// One line for each violation: where, what, and what to do.
    violations: Vec<String>,
    /// Why the rule had nothing to check, if it was skipped.
    skipped: Option<&'static str>,
}

impl From<Vec<String>> for Findings {
    fn from(violations: Vec<String>) -> Self {
        Self { violations, skipped: None }
    }
}

/// Checks all rules and prints all violations.
///
/// # Errors
///
/// If a rule is violated, or the repository cannot be read.
pub(crate) fn run() -> Result<()> {
    let repository = Repository::read()?;
    let packages = Package::read_all()?;
    let graph = Graph::read()?;
    let findings: Vec<(&str, Findings)> = vec![
        ("dependencies between the crates", crate_dependencies::check(&packages).into()),
        ("fields of packages", package_fields::check(&packages).into()),
        ("files of packages", package_files::check(&repository, &packages).into()),
        ("versions of Rust", rust_version::check(&graph).into()),
        ("list of licences", license_list::check(&repository, &graph).into()),
        ("dependencies of the SDK", sdk_tree::check()?.into()),
        ("types that the facade exports", exported_types::check(&repository).into()),
        ("length of files", file_length::check(&repository).into()),
        ("module documentation", module_docs::check(&repository).into()),
        ("module files", module_files::check(&repository).into()),
        ("placeholders", placeholders::check(&repository).into()),
        ("sleeps in tests", sleeps::check(&repository).into()),
        ("machine paths", machine_paths::check(&repository).into()),
        ("conformance table", conformance::check(&repository).into()),
        ("guarantees and their tests", guarantees::check(&repository).into()),
        ("fault table", fault_table::check(&repository)),
        ("messages in the troubleshooting guide", troubleshooting::check(&repository).into()),
        ("README and crate docs", readme::check(&repository)),
    ];
    report(&findings)
}

fn report(findings: &[(&str, Findings)]) -> Result<()> {
    let mut count = 0;
    for (rule, findings) in findings {
        match (findings.violations.len(), findings.skipped) {
            (0, None) => println!("  ok      {rule}"),
            (0, Some(reason)) => println!("  skipped {rule}: {reason}"),
            (violations, _) => {
                println!("  broken  {rule}");
                for violation in &findings.violations {
                    println!("          {violation}");
                }
                count += violations;
            }
        }
    }
    match count {
        0 => Ok(()),
        1 => Err("one rule of the repository is broken, see above".into()),
        _ => Err(format!("rules of the repository are broken in {count} places, see above").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_fails_the_report_and_a_skipped_rule_does_not() {
        let skipped = Findings { skipped: Some("nothing to compare"), ..Findings::default() };
        assert!(report(&[("clean", Findings::default()), ("skipped", skipped)]).is_ok());

        let broken = Findings::from(vec!["here".to_owned(), "there".to_owned()]);
        assert!(report(&[("broken", broken)]).err().unwrap().to_string().contains("2 places"));
    }
}
