//! The command line.

mod request;

use std::{env, fmt, io::Write, path::Path, sync::Mutex, sync::PoisonError, thread};

use self::request::Request;
use super::{
    Outcome, Promise, Result, Row, Trial,
    campaign::Campaign,
    run_all,
    table::{Line, Table},
    trials, written,
};

/// Runs what the options name, and prints a table.
///
/// # Errors
///
/// If an option is invalid, or something fails.
pub(super) fn run(options: &[String]) -> Result<()> {
    let request = Request::parse(options)?;
    let (rows, alone) = request.choose()?;
    let mixtures: Vec<Trial> = request.mixtures().map(trials::mixture).collect();
    if request.list {
        let rows = rows.iter().map(|row| (&row.name, row.promise));
        let trials = alone.iter().map(|trial| (&trial.name, trial.promise));
        let lines = rows.chain(trials).map(|(name, promise)| format!("{name:24} {promise}\n"));
        return Ok(std::io::stdout().write_all(lines.collect::<String>().as_bytes())?);
    }
    let (mut table, programs) = (Table::default(), rows.len());
    for (row, outcome) in run_rows(rows, &env::current_exe()?) {
        table.add(Line::of_row(&row, &outcome));
    }
    for (trial, verdict) in alone.iter().zip(run_all(&alone, report)) {
        table.add(Line::of_trial(trial, &verdict));
    }
    let repeats = run_mixtures(&mixtures, &mut table);
    write!(std::io::stdout(), "\n{table}{repeats}")?;
    match table.failed() {
        0 if request.write => {
            let path = written::write(&table, programs, mixtures.len() as u64)?;
            Ok(writeln!(std::io::stdout(), "\nwritten to {}", path.display())?)
        }
        0 => Ok(()),
        failed => Err(format!("{failed} of {} rows failed", table.lines().len()).into()),
    }
}

/// Runs the mixtures, and returns the commands that repeat failed ones. The table gets their sums, and the failed ones.
fn run_mixtures(mixtures: &[Trial], table: &mut Table) -> String {
    let verdicts = run_all(mixtures, report);
    let (whole, mut repeats) = (Campaign::of(&verdicts), String::new());
    for (promise, of) in
        [(Promise::NothingLost, "faults that cost nothing"), (Promise::NothingSilent, "all faults")]
    {
        let those = || mixtures.iter().zip(&verdicts).filter(|(trial, _)| trial.promise == promise);
        let count = those().count();
        if count > 0 {
            let sum = Campaign::of(those().map(|(_, verdict)| verdict));
            table.add(Line::of_campaign(format!("{count} mixtures of {of}"), promise, &sum));
        }
    }
    for (trial, verdict) in mixtures.iter().zip(&verdicts) {
        let line = Line::of_trial(trial, verdict);
        if !line.failures.is_empty() {
            table.add(line);
            let seed = trial.name.trim_start_matches("mixture-");
            repeats += &format!("\nrepeat with: cargo xtask faults --mixtures 1 --seed {seed}");
        }
    }
    let missing = whole.missing();
    if mixtures.len() >= request::FEWEST_TO_SHOW && !missing.is_empty() {
        let line = Line::of_campaign("the whole campaign".to_owned(), Promise::NothingSilent, &whole);
        table.add(line.failing(format!("never happened: {}", missing.join(", "))));
    }
    repeats
}

/// Runs the programs that mostly wait in parallel, and the busy ones one after the other.
fn run_rows(rows: Vec<Row>, program: &Path) -> Vec<(Row, Result<Outcome>)> {
    let outcomes: Vec<Mutex<Option<Result<Outcome>>>> = rows.iter().map(|_| Mutex::default()).collect();
    let run = |index: usize| {
        let outcome = rows[index].run(program);
        tell(&rows[index].name, &outcome);
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

fn report(trial: &Trial, verdict: &Result<super::Verdict>) {
    tell(&trial.name, verdict);
}

/// Reports progress on standard error.
fn tell(name: &str, outcome: &Result<impl fmt::Display>) {
    let line = match outcome {
        Ok(outcome) => format!("{name}: {outcome}\n"),
        Err(error) => format!("{name}: {error}\n"),
    };
    // If standard error is closed, there is still the table.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
