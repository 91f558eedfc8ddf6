//! Resource usage of a process.

use std::{fs, path::Path};

use super::Result;

/// Memory and handles of a process at a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sample {
    /// Resident bytes.
    pub(super) resident: u64,
    pub(super) handles: u64,
    pub(super) threads: u64,
    /// Processor time in seconds.
    pub(super) processor: f64,
}

impl Sample {
    /// Measures a process.
    ///
    /// # Errors
    ///
    /// If it has ended, or the system has no `/proc`.
    pub(super) fn of(process: u32) -> Result<Self> {
        let folder = Path::new("/proc").join(process.to_string());
        let status = fs::read_to_string(folder.join("status"))?;
        let number = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let (resident, threads) = number("VmRSS:").zip(number("Threads:")).ok_or("the process has ended")?;
        let handles = fs::read_dir(folder.join("fd"))?.count() as u64;
        let stat = fs::read_to_string(folder.join("stat"))?;
        // The name may contain spaces. User and system time are the 14th and 15th field.
        let (_, fields) = stat.rsplit_once(')').ok_or("the status has no name")?;
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        // There are 100 ticks a second on every Linux.
        Ok(Self { resident: resident << 10, handles, threads, processor: ticks as f64 / 100.0 })
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_memory_and_handles() {
        let sample = Sample::of(std::process::id()).unwrap();
        assert!(sample.resident > 100_000 && sample.handles >= 3 && sample.threads >= 1, "{sample:?}");
        assert!(Sample::of(u32::MAX).is_err());
    }
}
