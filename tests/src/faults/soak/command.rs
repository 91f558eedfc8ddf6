//! The command line of a soak.

use std::{env, io::Write, time::Duration};

use super::{Line, Result, Soak};

/// Runs a soak with these options, and prints a line a minute and the result.
///
/// # Errors
///
/// If an option is invalid, or the soak fails.
pub(super) fn run(options: &[String]) -> Result<()> {
    let soak = parse(options)?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", Line::HEADER)?;
    let summary = soak.run(&env::current_exe()?, |line| {
        // If standard output is closed, the status still tells.
        let _ = writeln!(output, "{line}");
    })?;
    writeln!(std::io::stdout(), "\n{summary}")?;
    match summary.failures().len() {
        0 => Ok(()),
        failures => Err(format!("the soak failed in {failures} points").into()),
    }
}

fn parse(options: &[String]) -> Result<Soak> {
    let mut soak = Soak { lasts: Duration::from_secs(60 * 60), rate: 2_000, seed: 1 };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let number = || -> Result<u64> {
            let text = options.as_slice().first().ok_or_else(|| format!("`{option}` needs a number"))?;
            Ok(text.parse().map_err(|_| format!("`{text}` is not a number"))?)
        };
        match option.as_str() {
            "--minutes" => soak.lasts = Duration::from_secs(60 * number()?.max(1)),
            "--seconds" => soak.lasts = Duration::from_secs(number()?.max(1)),
            "--rate" => soak.rate = u32::try_from(number()?)?.max(1),
            "--seed" => soak.seed = number()?,
            unknown => {
                let known = "there are --minutes, --seconds, --rate and --seed";
                return Err(format!("no option `{unknown}`: {known}").into());
            }
        }
        options.next();
    }
    Ok(soak)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(options: &[&str]) -> Result<Soak> {
        parse(&options.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn options_say_how_long_and_how_fast() {
        let soak = parsed(&["--minutes", "2", "--rate", "500", "--seed", "7"]).unwrap();
        assert_eq!((soak.lasts, soak.rate, soak.seed), (Duration::from_secs(120), 500, 7));
        assert_eq!(parsed(&["--seconds", "5"]).unwrap().lasts, Duration::from_secs(5));
        assert_eq!(parsed(&[]).unwrap().lasts, Duration::from_secs(3_600));
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(parsed(&["--fast"]).is_err() && parsed(&["--minutes"]).is_err());
        assert!(parsed(&["--seconds", "a"]).is_err());
    }
}
