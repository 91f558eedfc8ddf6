//! Memory, time and disk space for ten million entries while the server is down, without a spool and with one.
//!
//! Each row is a separate process. The default is `-- --entries 10000000`. The largest row needs 3 GB on the disk.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use logtide::{Client, ClientOptions, DropPolicy};
use logtide_tests::{
    measure::{self, workload},
    nowhere::{Away, Nowhere},
};

/// Passed to the process of a row.
const ROLE: &str = "row";

const ENTRIES: u64 = 10_000_000;

/// Capacity for all entries.
const LARGE: u64 = 16 << 30;
const MANY_FILES: usize = 1_000_000;

/// The default: without a spool, `close` waits this long in vain.
const SECONDS: Duration = Duration::from_secs(5);
/// Time for a slow disk.
const MINUTES: Duration = Duration::from_secs(600);

/// A named way to log.
struct Row {
    name: &'static str,
    run: fn(u64, &Path) -> measure::Result<Client>,
    /// The time limit of `close`.
    closes_in: Duration,
    /// Whether the files stay for the next row.
    keeps: bool,
}

const ROWS: [Row; 6] = [
    Row { name: "no spool", run: |entries, _| away(entries, options()), closes_in: SECONDS, keeps: false },
    Row {
        name: "spool",
        run: |entries, dir| away(entries, options().spool(dir)),
        closes_in: MINUTES,
        keeps: false,
    },
    Row {
        name: "spool, oldest dropped",
        run: |entries, dir| away(entries, options().spool(dir).drop_policy(DropPolicy::Oldest)),
        closes_in: MINUTES,
        keeps: false,
    },
    Row {
        name: "spool of 16 GiB",
        run: |entries, dir| away(entries, large(dir)),
        closes_in: SECONDS,
        keeps: false,
    },
    Row {
        name: "spool of 16 GiB, blocking",
        run: |entries, dir| away(entries, large(dir).drop_policy(DropPolicy::Block(Duration::from_secs(60)))),
        closes_in: MINUTES,
        keeps: true,
    },
    Row {
        name: "all of that recovered",
        run: |_, dir| recover(large(dir)),
        closes_in: MINUTES,
        keeps: false,
    },
];

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn main() -> measure::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let entries = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [ROLE, name, entries, dir] => return row(name, entries.parse()?, dir.as_ref()),
        ["--entries", entries] => entries.parse()?,
        [] => ENTRIES,
        _ => return Err("there is --entries NUMBER".into()),
    };
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("spool");
    println!("{entries} entries\n");
    println!(
        "| | most memory MiB | s to log | s in all | logged | delivered | in files | pending | dropped | files | MB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for Row { name, keeps, .. } in ROWS {
        let arguments = [ROLE.as_ref(), name.as_ref(), entries.to_string().as_ref(), dir.as_os_str()]
            .map(OsStr::to_owned);
        let status = Command::new(env::current_exe()?).args(arguments).stdin(Stdio::null()).status();
        if !keeps {
            let _ = fs::remove_dir_all(&dir);
        }
        if !status?.success() {
            let _ = fs::remove_dir_all(&dir);
            return Err(format!("{name}: the process failed").into());
        }
    }
    println!();
    Ok(())
}

fn options() -> ClientOptions {
    ClientOptions::new("http://localhost:8080", "lp_bench")
}

fn large(dir: &Path) -> ClientOptions {
    options().spool(dir).spool_max_bytes(LARGE).spool_max_files(MANY_FILES)
}

/// Logs all entries without a server.
fn away(entries: u64, options: ClientOptions) -> measure::Result<Client> {
    let client = Client::with_transport(options, Arc::new(Away))?;
    (0..entries).for_each(|id| client.info("bench", workload::MESSAGE, workload::fields(id)));
    Ok(client)
}

/// Delivers the spooled entries.
fn recover(options: ClientOptions) -> measure::Result<Client> {
    Ok(Client::with_transport(options, Arc::new(Nowhere))?)
}

/// Runs a row in this process, and prints it.
#[expect(clippy::print_stdout, reason = "the row is what the process is for")]
fn row(name: &str, entries: u64, dir: &Path) -> measure::Result<()> {
    let row = ROWS.into_iter().find(|row| row.name == name).ok_or("there is no such row")?;
    let start = Instant::now();
    let client = (row.run)(entries, dir)?;
    let logged = start.elapsed().as_secs_f64();
    let report = client.close_blocking(row.closes_in);
    let (all, metrics) = (start.elapsed().as_secs_f64(), client.metrics());
    let (files, bytes) = files(dir);
    let recovered = metrics.recovered;
    println!(
        "| {name} | {:.0} | {logged:.1} | {all:.1} | {} | {} | {} | {} | {} | {files} | {:.0} |",
        most_memory()?,
        metrics.logged,
        metrics.logs_sent + recovered.delivered,
        metrics.spooled,
        report.pending,
        metrics.logs_dropped + recovered.dropped,
        bytes as f64 / 1e6
    );
    if metrics.logged != metrics.logs_sent + metrics.spooled + metrics.logs_dropped {
        return Err(format!("the counts do not add up: {metrics}").into());
    }
    Ok(())
}

fn files(dir: &Path) -> (usize, u64) {
    let folders = fs::read_dir(dir).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let paths: Vec<PathBuf> = files.map(|file| file.path()).collect();
    let spools = paths.iter().filter(|path| path.extension().is_some_and(|found| found == "spool"));
    let sizes: Vec<u64> =
        spools.filter_map(|path| fs::metadata(path).ok()).map(|metadata| metadata.len()).collect();
    (sizes.len(), sizes.iter().sum())
}

/// Returns the peak memory of this process in MiB.
fn most_memory() -> measure::Result<f64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("there is no VmHWM")?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1_024.0)
}
