//! The number of entries per second that are synced when their log call returns, and the number of syncs.
//!
//! The server never responds, so that the files stay and show how often they were written. For comparison, one thread appends a
//! line of the same size and syncs it.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use logtide::{Client, ClientOptions, Durability};
use logtide_tests::{
    measure::{self, workload},
    nowhere::Silent,
};

/// How long each number of threads logs.
const LASTS: Duration = Duration::from_secs(3);

const THREADS: [u64; 3] = [1, 8, 64];

/// The number of runs.
const ROUNDS: usize = 3;

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("durability");
    fs::create_dir_all(&dir)?;
    println!("{} is on {}", dir.display(), file_system(&dir));
    println!(
        "| threads | entries a second | syncs a second | entries a sync | plain appends a second | ratio |"
    );
    println!("|---:|---:|---:|---:|---:|---:|");
    for _ in 0..ROUNDS {
        for threads in THREADS {
            // Measured right before, since the speed of a shared disk varies.
            let plain = appends(&dir)?;
            let (entries, syncs) = log(&dir, threads)?;
            println!(
                "| {threads} | {entries:.0} | {syncs:.0} | {:.1} | {plain:.0} | {:.2} |",
                entries / syncs,
                entries / plain
            );
        }
    }
    println!();
    fs::remove_dir_all(&dir)?;
    Ok(())
}

/// Appends lines to a file, and syncs each. Returns the number per second.
fn appends(dir: &Path) -> measure::Result<f64> {
    let path = dir.join("appended");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    // The size of a workload entry in a file, with the header of its block.
    let line = [b'x'; 300];
    let (start, mut lines) = (Instant::now(), 0_u32);
    while start.elapsed() < LASTS {
        file.write_all(&line)?;
        file.sync_data()?;
        lines += 1;
    }
    let seconds = start.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(f64::from(lines) / seconds)
}

/// Logs from this many threads. Returns entries and syncs per second.
fn log(dir: &Path, threads: u64) -> measure::Result<(f64, f64)> {
    let spool = dir.join("spool");
    let options =
        ClientOptions::new("http://localhost:8080", "lp_bench").spool(&spool).durability(Durability::Always);
    let client = Client::with_transport(options, Arc::new(Silent))?;
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for id in 0.. {
                    client.info("bench", workload::MESSAGE, workload::fields(id));
                    if start.elapsed() >= LASTS {
                        break;
                    }
                }
            });
        }
    });
    let (seconds, metrics) = (start.elapsed().as_secs_f64(), client.metrics());
    if metrics.spooled != metrics.logged {
        return Err(format!("not all is in files: {metrics}").into());
    }
    let syncs = blocks(&spool)?;
    client.close_blocking(Duration::ZERO);
    fs::remove_dir_all(spool)?;
    Ok((metrics.logged as f64 / seconds, syncs / seconds))
}

/// Returns the number of blocks in the files. Each was written and synced separately.
fn blocks(spool: &Path) -> measure::Result<f64> {
    let mut blocks = 0;
    for file in fs::read_dir(spool.join("1"))? {
        let bytes = fs::read(file?.path())?;
        blocks += memchr::memmem::find_iter(&bytes, "#logtide-spool ").count();
    }
    Ok(blocks as f64)
}

/// Returns the kind of file system of a directory.
fn file_system(dir: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        words.next().zip(words.next())
    });
    let holding = mounts.filter(|(place, _)| dir.starts_with(place));
    let nearest = holding.max_by_key(|(place, _)| place.len());
    nearest.map_or_else(|| "an unknown file system".to_owned(), |(_, kind)| kind.to_owned())
}
