//! `cargo xtask bench instructions`: the number of instructions for an entry, which does not depend on other load.
//!
//! The program `instructions` of `tests` runs twice under callgrind for each way to log. The difference in instructions divided
//! by the difference in entries is the cost of an entry, without the start and end of the program.

mod callgrind;
mod counts;
mod figures;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{
    Result,
    cargo::{capture, cargo, root},
};

use self::{callgrind::Callgrind, counts::Counts, figures::Figures};

/// The baseline of the counts.
const BASELINE: &str = "tests/instructions.txt";

/// The folder in which callgrind's files stay, for `callgrind_annotate`.
const PROFILES: &str = "target/instructions";

/// The entries of the two runs.
const FEW: u64 = 2_000;
const MANY: u64 = 12_000;

/// The arguments: `[--update] [CASE …]`.
#[derive(Debug, PartialEq, Eq)]
struct Request<'a> {
    update: bool,
    cases: Vec<&'a str>,
}

/// Counts the named cases, or all, and compares them with the baseline or updates it.
///
/// # Errors
///
/// If a case does not exist, exceeds the baseline or is not in it, or if the program fails. Also if the baseline is to be updated on
/// a system that cannot count.
pub(super) fn run(arguments: &[String]) -> Result<()> {
    let request = Request::parse(arguments)?;
    let callgrind = match Callgrind::find() {
        Ok(callgrind) => callgrind,
        Err(reason) if request.update => return Err(reason.into()),
        Err(reason) => {
            println!("instructions were not counted: {reason}");
            return Ok(());
        }
    };
    let program = build()?;
    let cases = cases(&program)?;
    let measured = measure(&callgrind, &program, &request.choose(&cases)?)?;
    let path = root().join(BASELINE);
    let baseline = if path.exists() { fs::read_to_string(&path)?.parse()? } else { Figures::default() };
    println!("\n{}", measured.table(&baseline));
    println!("profile of a case: callgrind_annotate {PROFILES}/CASE-{MANY}.out-01");
    if request.update {
        let text = measured.updating(&baseline, &cases).to_text(&versions(&callgrind)?);
        fs::write(&path, text)?;
        println!("{BASELINE} is written");
        return Ok(());
    }
    let complaints = measured.complaints(&baseline);
    if complaints.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nAfter a change that is worth it, or with another compiler, write {BASELINE} anew with \
         `cargo xtask bench instructions --update`",
        complaints.join("\n")
    )
    .into())
}

impl<'a> Request<'a> {
    fn parse(arguments: &'a [String]) -> Result<Self> {
        let (options, cases): (Vec<&str>, Vec<&str>) =
            arguments.iter().map(String::as_str).partition(|argument| argument.starts_with('-'));
        match options.iter().find(|option| **option != "--update") {
            Some(unknown) => Err(format!("no option `{unknown}`: there is --update").into()),
            None => Ok(Self { update: !options.is_empty(), cases }),
        }
    }

    /// Returns the requested cases in the order of the program.
    fn choose(&self, known: &'a [String]) -> Result<Vec<&'a str>> {
        let known = known.iter().map(String::as_str);
        if let Some(unknown) = self.cases.iter().find(|case| !known.clone().any(|known| known == **case)) {
            let known: Vec<&str> = known.collect();
            return Err(format!("no case `{unknown}`; there are {}", known.join(", ")).into());
        }
        Ok(known.filter(|case| self.cases.is_empty() || self.cases.contains(case)).collect())
    }
}

/// Builds the program in release mode with symbols for profiling.
fn build() -> Result<PathBuf> {
    let arguments = ["build", "--profile", "bench", "-p", "logtide-tests", "--bin", "instructions"];
    let mut command = cargo(arguments.into_iter().chain(["--message-format", "json-render-diagnostics"]));
    command.stderr(Stdio::inherit());
    println!("$ cargo {}", arguments.join(" "));
    executable(&capture(command)?).ok_or_else(|| "cargo does not say where the program is".into())
}

/// Finds the program in the messages of `cargo build`.
fn executable(messages: &str) -> Option<PathBuf> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back()
}

/// Returns the cases, which the program lists if it gets no argument.
fn cases(program: &Path) -> Result<Vec<String>> {
    let output = Command::new(program).output()?;
    if !output.status.success() {
        return Err(format!("the program does not list its cases ({})", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

fn measure(callgrind: &Callgrind, program: &Path, cases: &[&str]) -> Result<Figures> {
    let folder = root().join(PROFILES);
    fs::create_dir_all(&folder)?;
    let mut figures = Figures::default();
    for case in cases {
        println!("counting {case}");
        let count = |entries: u64| {
            let arguments = [(*case).to_owned(), entries.to_string(), MANY.to_string()];
            callgrind.count(program, &arguments, &folder, &format!("{case}-{entries}.out"))
        };
        let (few, many) = (count(FEW)?, count(MANY)?);
        let counts = many.per_entry_beyond(few, MANY - FEW).ok_or("more entries took fewer instructions")?;
        figures.push(case, counts);
    }
    Ok(figures)
}

/// Returns the versions of everything but the code that affects the counts.
fn versions(callgrind: &Callgrind) -> Result<String> {
    let compiler = Command::new("rustc").arg("--version").current_dir(root()).output()?;
    Ok(format!("{}, {}", String::from_utf8(compiler.stdout)?.trim(), callgrind.version()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn cases_are_counted_in_the_order_of_the_program() {
        let (arguments, known) =
            (strings(&["--update", "event", "macro"]), strings(&["macro", "direct", "event"]));
        let request = Request::parse(&arguments).unwrap();
        assert!(request.update);
        assert_eq!(request.choose(&known).unwrap(), ["macro", "event"]);
        assert_eq!(Request::parse(&[]).unwrap().choose(&known).unwrap(), ["macro", "direct", "event"]);
    }

    #[test]
    fn an_unknown_case_or_option_is_refused_with_what_there_is() {
        let (arguments, known) = (strings(&["typo"]), strings(&["macro", "event"]));
        let refusal = Request::parse(&arguments).unwrap().choose(&known).unwrap_err().to_string();
        assert_eq!(refusal, "no case `typo`; there are macro, event");
        let refusal = Request::parse(&strings(&["--write"])).unwrap_err().to_string();
        assert_eq!(refusal, "no option `--write`: there is --update");
    }

    #[test]
    fn the_program_is_where_cargo_says() {
        let messages = concat!(
            "{\"reason\":\"compiler-artifact\",\"executable\":null}\n",
            "{\"reason\":\"compiler-artifact\",\"executable\":\"/target/release/instructions\"}\n",
            "{\"reason\":\"build-finished\",\"success\":true}\n",
        );
        assert_eq!(executable(messages).unwrap(), Path::new("/target/release/instructions"));
        assert_eq!(executable(""), None);
    }
}
