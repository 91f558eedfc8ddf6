//! Many seeds on all cores.

use std::{
    collections::BTreeMap,
    error::Error,
    io::Write as _,
    ops::Range,
    panic::catch_unwind,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// The events of all seeds.
#[derive(Clone, Debug, Default)]
pub struct Campaign {
    /// The number of seeds with each kind of event.
    pub seen: BTreeMap<&'static str, u64>,
    /// How many entries were logged.
    pub logged: u64,
    /// The seeds that failed.
    pub failed: Vec<u64>,
}

impl Campaign {
    /// Runs the seeds on this many threads, until one fails.
    #[must_use]
    pub fn run(seeds: Range<u64>, threads: usize) -> Self {
        let (next, done) = (AtomicU64::new(seeds.start), Mutex::new(Self::default()));
        let began = Instant::now();
        thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                scope.spawn(|| {
                    let mut part = Self::default();
                    let mut told = Instant::now();
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= seeds.end {
                            break;
                        }
                        part.add(seed);
                        if !part.failed.is_empty() {
                            next.store(seeds.end, Ordering::Relaxed);
                        }
                        if told.elapsed() > TELL_EVERY {
                            told = Instant::now();
                            tell(&format!("seed {seed}, {:.0?}", began.elapsed()));
                        }
                    }
                    done.lock().unwrap_or_else(PoisonError::into_inner).merge(part);
                });
            }
        });
        done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&mut self, seed: u64) {
        match catch_unwind(|| super::run(seed)) {
            Ok(happened) => {
                self.logged += happened.logged;
                for thing in happened.seen {
                    *self.seen.entry(thing).or_default() += 1;
                }
            }
            Err(_) => self.failed.push(seed),
        }
    }

    fn merge(&mut self, other: Self) {
        self.logged += other.logged;
        self.failed.extend(other.failed);
        for (thing, seeds) in other.seen {
            *self.seen.entry(thing).or_default() += seeds;
        }
    }
}

const TELL_EVERY: Duration = Duration::from_secs(60);

/// Runs the command line: `--seeds N [--from S] [--threads T]`.
///
/// # Errors
///
/// If an option is invalid, or a seed fails.
pub fn main() -> Result<(), Box<dyn Error>> {
    let (mut count, mut from) = (10_000, 0);
    let mut threads = thread::available_parallelism().map_or(1, usize::from);
    let mut options = std::env::args().skip(1);
    while let Some(option) = options.next() {
        let value = options.next().ok_or_else(|| format!("`{option}` needs a number"))?;
        match option.as_str() {
            "--seeds" => count = value.parse()?,
            "--from" => from = value.parse()?,
            "--threads" => threads = value.parse()?,
            _ => return Err(format!("no option `{option}`: there are --seeds, --from and --threads").into()),
        }
    }
    let began = Instant::now();
    let campaign = Campaign::run(from..from + count, threads);
    let mut out = std::io::stdout().lock();
    for (thing, seeds) in &campaign.seen {
        writeln!(out, "{seeds:>9}  {thing}")?;
    }
    if let Some(seed) = campaign.failed.first() {
        return Err(
            format!("seed {seed} failed: `cargo xtask sim --from {seed} --seeds 1` repeats it").into()
        );
    }
    writeln!(
        out,
        "{count} seeds in {:.1?}: {} entries logged, 0 unaccounted for",
        began.elapsed(),
        campaign.logged
    )?;
    Ok(())
}

fn tell(line: &str) {
    // If standard error is closed, there is still the result.
    let _ = writeln!(std::io::stderr(), "{line}");
}
