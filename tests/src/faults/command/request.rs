//! The options of the command line.

use super::super::{Result, Row, Trial, campaign::MIXTURES, rows, trials};

/// The default seeds of the programs with changing faults.
const SEEDS: [u64; 3] = [1, 2, 3];

/// The mixtures of a quick run.
const QUICK_MIXTURES: u64 = 8;

/// Runs with fewer mixtures need not cover everything.
pub(super) const FEWEST_TO_SHOW: usize = 50;

/// The requested rows and trials.
#[derive(Debug, Default)]
pub(super) struct Request {
    pub(super) list: bool,
    pub(super) write: bool,
    quick: bool,
    only: Vec<String>,
    seeds: Vec<u64>,
    mixtures: Option<u64>,
    seed: Option<u64>,
}

impl Request {
    pub(super) fn parse(options: &[String]) -> Result<Self> {
        let (mut request, mut options) = (Self::default(), options.iter());
        while let Some(option) = options.next() {
            let mut value = || {
                options.next().ok_or_else(|| format!("`{option}` needs a value: `cargo xtask help` names it"))
            };
            match option.as_str() {
                "--list" => request.list = true,
                "--quick" => request.quick = true,
                "--write" => request.write = true,
                "--only" => request.only.extend(value()?.split(',').map(str::to_owned)),
                "--seeds" => {
                    let seeds = value()?.split(',').map(str::parse);
                    request.seeds.extend(seeds.collect::<std::result::Result<Vec<u64>, _>>()?);
                }
                "--mixtures" => request.mixtures = Some(value()?.parse()?),
                "--seed" => request.seed = Some(value()?.parse()?),
                unknown => {
                    let known = "--list, --quick, --write, --only, --seeds, --mixtures and --seed";
                    return Err(format!("no option `{unknown}`: there are {known}").into());
                }
            }
        }
        if request.seeds.is_empty() {
            request.seeds = SEEDS.to_vec();
        }
        if request.write && (request.quick || !request.is_whole()) {
            return Err("`--write` writes the table of a whole run: leave the other options out".into());
        }
        Ok(request)
    }

    const fn is_whole(&self) -> bool {
        self.only.is_empty() && self.mixtures.is_none() && self.seed.is_none()
    }

    /// Returns the seeds of the mixtures, or none if only rows are requested.
    pub(super) fn mixtures(&self) -> std::ops::Range<u64> {
        let first = self.seed.unwrap_or(1);
        let count = match self.mixtures {
            Some(count) => count,
            None if self.seed.is_none() && !self.only.is_empty() => 0,
            None if self.quick => QUICK_MIXTURES,
            None => MIXTURES,
        };
        first..first.saturating_add(count)
    }

    /// Returns the programs and the faults of these names, or all if neither names nor mixtures are requested. A name without an
    /// exact match stands for all that begin with it.
    pub(super) fn choose(&self) -> Result<(Vec<Row>, Vec<Trial>)> {
        let (mut rows, mut alone) = (rows::all(self.quick, &self.seeds), trials::alone(self.quick));
        let names: Vec<String> = rows
            .iter()
            .map(|row| row.name.clone())
            .chain(alone.iter().map(|trial| trial.name.clone()))
            .collect();
        let meant = |asked: &str, name: &str| {
            name == asked || (name.starts_with(asked) && names.iter().all(|name| name != asked))
        };
        if let Some(unknown) = self.only.iter().find(|asked| !names.iter().any(|name| meant(asked, name))) {
            return Err(format!("no row `{unknown}`: `--list` names them").into());
        }
        let chosen = |name: &str| self.is_whole() || self.only.iter().any(|asked| meant(asked, name));
        rows.retain(|row| chosen(&row.name));
        alone.retain(|trial| chosen(&trial.name));
        Ok((rows, alone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(options: &[&str]) -> Result<Request> {
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        Request::parse(&options)
    }

    fn names(options: &[&str]) -> Result<Vec<String>> {
        let (rows, alone) = parse(options)?.choose()?;
        let rows = rows.into_iter().map(|row| row.name);
        Ok(rows.chain(alone.into_iter().map(|trial| trial.name)).collect())
    }

    #[test]
    fn a_name_stands_for_its_row_and_a_prefix_for_many() {
        assert_eq!(names(&["--only", "outage-refused"]).unwrap(), ["outage-refused"]);
        assert_eq!(names(&["--only", "burst-w,down"]).unwrap(), ["burst-waiting", "down"]);
        assert_eq!(
            names(&["--only", "end-"]).unwrap(),
            ["end-drop", "end-return", "end-return-200", "end-exit"]
        );
        assert_eq!(names(&["--only", "mixed", "--seeds", "7,9"]).unwrap(), ["mixed-7", "mixed-9"]);
        assert_eq!(names(&["--only", "tls-hang,interim-1"]).unwrap().len(), 4);
    }

    #[test]
    fn everything_is_run_unless_something_is_asked_for() {
        let everything = rows::all(false, &SEEDS).len() + trials::alone(false).len();
        assert_eq!(names(&[]).unwrap().len(), everything);
        assert_eq!(parse(&[]).unwrap().mixtures(), 1..MIXTURES + 1);
        assert_eq!(parse(&["--quick"]).unwrap().mixtures(), 1..QUICK_MIXTURES + 1);
        assert!(parse(&["--only", "down"]).unwrap().mixtures().is_empty());
    }

    #[test]
    fn mixtures_that_are_asked_for_are_run_alone() {
        let options = ["--mixtures", "1", "--seed", "17"];
        assert_eq!(names(&options).unwrap(), Vec::<String>::new());
        assert_eq!(parse(&options).unwrap().mixtures(), 17..18);
    }

    #[test]
    fn every_row_has_a_name_of_its_own() {
        let mut names = names(&[]).unwrap();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(names(&["--only", "typo"]).is_err());
        assert!(names(&["--only"]).is_err());
        assert!(names(&["--seeds", "a"]).is_err());
        assert!(names(&["--mixtures", "-1"]).is_err());
        assert!(names(&["--fast"]).is_err());
        assert!(names(&["--write", "--quick"]).is_err());
    }
}
