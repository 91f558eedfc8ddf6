//! The command line: which rows are run, and what is printed.

use std::{env, io::Write, path::Path, sync::Mutex, sync::PoisonError, thread};

use super::{Outcome, Result, Row, rows, table::Table};

/// Runs the rows that the options name, and prints them as a table.
///
/// # Errors
///
/// An option is wrong, or a row fails.
pub(super) fn run(options: &[String]) -> Result<()> {
    let request = Request::parse(options)?;
    let rows = request.choose(rows::all(request.quick, &request.seeds))?;
    if request.list {
        let lines = rows.iter().map(|row| format!("{:16} {}\n", row.name, row.promise)).collect::<String>();
        return Ok(std::io::stdout().write_all(lines.as_bytes())?);
    }
    let outcomes = run_all(rows, &env::current_exe()?);
    write!(std::io::stdout(), "\n{}", Table(&outcomes))?;
    let failed =
        outcomes.iter().filter(|(_, outcome)| !outcome.as_ref().is_ok_and(Outcome::is_right)).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} rows failed", outcomes.len()).into()) }
}

/// The seeds of mixtures when none are given.
const SEEDS: [u64; 3] = [1, 2, 3];

#[derive(Debug, Default)]
struct Request {
    list: bool,
    quick: bool,
    only: Vec<String>,
    seeds: Vec<u64>,
}

impl Request {
    fn parse(options: &[String]) -> Result<Self> {
        let (mut request, mut options) = (Self::default(), options.iter());
        while let Some(option) = options.next() {
            match option.as_str() {
                "--list" => request.list = true,
                "--quick" => request.quick = true,
                "--only" => {
                    let names = options.next().ok_or("`--only` needs the names of rows")?;
                    request.only.extend(names.split(',').map(str::to_owned));
                }
                "--seeds" => {
                    let seeds = options.next().ok_or("`--seeds` needs numbers")?;
                    let seeds = seeds.split(',').map(str::parse);
                    request.seeds.extend(seeds.collect::<std::result::Result<Vec<u64>, _>>()?);
                }
                unknown => {
                    let message =
                        format!("no option `{unknown}`: there are --list, --quick, --only and --seeds");
                    return Err(message.into());
                }
            }
        }
        if request.seeds.is_empty() {
            request.seeds = SEEDS.to_vec();
        }
        Ok(request)
    }

    /// The rows of these names; a name that no row has stands for those that begin with it.
    fn choose(&self, rows: Vec<Row>) -> Result<Vec<Row>> {
        let meant = |name: &str, row: &Row| {
            row.name == name || (row.name.starts_with(name) && rows.iter().all(|row| row.name != name))
        };
        if let Some(unknown) = self.only.iter().find(|name| !rows.iter().any(|row| meant(name, row))) {
            return Err(format!("no row `{unknown}`: `--list` names them").into());
        }
        let chosen = |row: &&Row| self.only.is_empty() || self.only.iter().any(|name| meant(name, row));
        Ok(rows.iter().filter(chosen).cloned().collect())
    }
}

/// Runs the rows that mostly wait at the same time, and the busy ones one after the other.
fn run_all(rows: Vec<Row>, program: &Path) -> Vec<(Row, Result<Outcome>)> {
    let outcomes: Vec<Mutex<Option<Result<Outcome>>>> = rows.iter().map(|_| Mutex::default()).collect();
    let run = |index: usize| {
        let outcome = rows[index].run(program);
        report(&rows[index], &outcome);
        *outcomes[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
    };
    let (busy, waiting): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|&index| rows[index].is_busy());
    thread::scope(|scope| {
        let run = &run;
        for index in waiting {
            scope.spawn(move || run(index));
        }
        busy.into_iter().for_each(run);
    });
    let outcomes = outcomes.into_iter().map(|outcome| {
        let outcome = outcome.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcome.unwrap_or_else(|| Err("the row was not run".into()))
    });
    rows.iter().cloned().zip(outcomes).collect()
}

/// Says that a row is done, for those who wait.
fn report(row: &Row, outcome: &Result<Outcome>) {
    let line = match outcome {
        Ok(outcome) => format!("{}: {outcome}\n", row.name),
        Err(error) => format!("{}: {error}\n", row.name),
    };
    // Without a standard error there is still the table.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(options: &[&str]) -> Result<Vec<String>> {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let request = Request::parse(&options)?;
        let rows = request.choose(rows::all(request.quick, &request.seeds))?;
        Ok(rows.into_iter().map(|row| row.name).collect())
    }

    #[test]
    fn a_name_stands_for_its_row_and_a_prefix_for_many() {
        assert_eq!(names(&["--only", "refused"]).unwrap(), ["refused"]);
        assert_eq!(names(&["--only", "burst-w,down"]).unwrap(), ["burst-waiting", "down"]);
        assert_eq!(
            names(&["--only", "end-"]).unwrap(),
            ["end-drop", "end-return", "end-return-200", "end-exit"]
        );
        assert_eq!(names(&["--quick"]).unwrap().len(), rows::all(true, &SEEDS).len());
        assert_eq!(names(&["--only", "mixed", "--seeds", "7,9"]).unwrap(), ["mixed-7", "mixed-9"]);
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(names(&["--only", "typo"]).is_err());
        assert!(names(&["--only"]).is_err());
        assert!(names(&["--seeds", "a"]).is_err());
        assert!(names(&["--fast"]).is_err());
    }
}
