//! Steps that run one after the other.

use std::{fmt::Write as _, time::Instant};

use crate::Result;

/// A named check.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) action: fn() -> Result<Outcome>,
}

/// The result of a step that did not fail.
#[derive(Clone, Copy)]
pub(crate) enum Outcome {
    Passed,
    /// The step could not run on this machine and may be left out. The text says what it needs.
    Skipped(&'static str),
}

/// Returns the steps that the arguments name, or all if there are none.
///
/// # Errors
///
/// If an argument is not the name of a step, or nothing follows `--only`.
pub(crate) fn select(steps: Vec<Step>, arguments: &[String]) -> Result<Vec<Step>> {
    if arguments.last().is_some_and(|last| last == "--only") {
        return Err("`--only` needs the name of a step".into());
    }
    let mut names = Vec::new();
    for argument in arguments {
        let name = argument.strip_prefix("--only=").unwrap_or(argument);
        if name == "--only" {
            continue;
        }
        if !steps.iter().any(|step| step.name == name) {
            return Err(format!("no step `{name}`; the steps are:\n{}", list(&steps).trim_end()).into());
        }
        names.push(name);
    }
    if names.is_empty() {
        return Ok(steps);
    }
    Ok(steps.into_iter().filter(|step| names.contains(&step.name)).collect())
}

/// Formats the names and descriptions of the steps, one per line.
pub(crate) fn list(steps: &[Step]) -> String {
    let mut lines = String::new();
    for step in steps {
        writeln!(lines, "  {:<12}{}", step.name, step.about).expect("a String takes every write");
    }
    lines
}

/// Runs the steps, and stops at the first failure.
///
/// # Errors
///
/// The error of the failed step, with its name.
pub(crate) fn run(steps: Vec<Step>) -> Result<()> {
    let start = Instant::now();
    let mut skipped = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        println!("==> [{}/{}] {}: {}", index + 1, steps.len(), step.name, step.about);
        let begun = Instant::now();
        let outcome = (step.action)();
        let seconds = begun.elapsed().as_secs_f64();
        match outcome {
            Ok(Outcome::Passed) => println!("<== {} passed in {seconds:.1} s\n", step.name),
            Ok(Outcome::Skipped(reason)) => {
                println!("<== {} skipped: {reason}\n", step.name);
                skipped.push(step.name);
            }
            Err(error) => {
                println!("<== {} failed after {seconds:.1} s", step.name);
                return Err(format!("step `{}`: {error}", step.name).into());
            }
        }
    }
    println!("{:.1} s in all", start.elapsed().as_secs_f64());
    println!("{}", closing_line(steps.len(), &skipped));
    Ok(())
}

fn closing_line(steps: usize, skipped: &[&str]) -> String {
    let passed = steps - skipped.len();
    let noun = if passed == 1 { "step" } else { "steps" };
    if skipped.is_empty() {
        format!("all {passed} {noun} passed")
    } else {
        format!("all {passed} {noun} passed (skipped: {})", skipped.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 2] = [
        Step { name: "good", about: "passes", action: || Ok(Outcome::Passed) },
        Step { name: "bad", about: "fails", action: || Err("broken".into()) },
    ];

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        select(STEPS.to_vec(), &arguments).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_step_is_chosen_by_name_with_or_without_the_flag() {
        assert_eq!(names(&[]), ["good", "bad"]);
        assert_eq!(names(&["bad"]), ["bad"]);
        assert_eq!(names(&["--only", "bad"]), ["bad"]);
        assert_eq!(names(&["--only=bad"]), ["bad"]);
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_list() {
        let error = select(STEPS.to_vec(), &["typo".to_owned()]).err().unwrap().to_string();
        assert!(error.contains("`typo`") && error.contains("good"), "{error}");
        assert!(select(STEPS.to_vec(), &["--only".to_owned()]).is_err());
    }

    #[test]
    fn a_failing_step_fails_the_run_with_its_name() {
        assert!(run(vec![STEPS[0]]).is_ok());
        assert_eq!(run(STEPS.to_vec()).err().unwrap().to_string(), "step `bad`: broken");
    }

    #[test]
    fn the_closing_line_counts_and_names_what_was_skipped() {
        assert_eq!(closing_line(8, &[]), "all 8 steps passed");
        assert_eq!(closing_line(8, &["deny"]), "all 7 steps passed (skipped: deny)");
    }
}
