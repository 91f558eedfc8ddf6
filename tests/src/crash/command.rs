//! The command line.

use std::{env, io::Write};

use super::Crash;
use crate::faults::Result;

/// Runs the rounds with these options, and prints the results.
///
/// # Errors
///
/// If an option is invalid, or an entry is missing.
pub(super) fn run(options: &[String]) -> Result<()> {
    let summary = parse(options)?.run(&env::current_exe()?)?;
    writeln!(std::io::stdout(), "{summary}")?;
    if summary.failures().is_empty() { Ok(()) } else { Err("the rounds failed".into()) }
}

fn parse(options: &[String]) -> Result<Crash> {
    let mut crash = Crash { rounds: 100, threads: 4, seed: 1 };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let number = || -> Result<u64> {
            let text = options.as_slice().first().ok_or_else(|| format!("`{option}` needs a number"))?;
            Ok(text.parse().map_err(|_| format!("`{text}` is not a number"))?)
        };
        match option.as_str() {
            "--rounds" => crash.rounds = u32::try_from(number()?)?,
            "--threads" => crash.threads = number()?.max(1),
            "--seed" => crash.seed = number()?,
            unknown => {
                let message = format!("no option `{unknown}`: there are --rounds, --threads and --seed");
                return Err(message.into());
            }
        }
        options.next();
    }
    Ok(crash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(options: &[&str]) -> Result<Crash> {
        parse(&options.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn options_say_how_often_and_which() {
        let crash = parsed(&["--rounds", "7", "--seed", "9"]).unwrap();
        assert_eq!((crash.rounds, crash.threads, crash.seed), (7, 4, 9));
        assert_eq!(parsed(&[]).unwrap().rounds, 100);
        assert!(parsed(&["--rounds"]).is_err() && parsed(&["--fast"]).is_err());
    }
}
