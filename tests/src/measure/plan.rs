//! Plans of measurements.

use std::{fmt, path::PathBuf};

use super::Result;

/// How entries are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A thousand entries at a time, each followed by a flush, so that the default buffer is never full.
    Steady,
    /// As fast as the callers can, into a buffer that holds all entries, while they are delivered.
    Flood,
    /// Like a flood, but nothing is confirmed before all entries are logged: all are pending at the same time.
    Burst,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Steady, Self::Flood, Self::Burst];

    const fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Flood => "flood",
            Self::Burst => "burst",
        }
    }

    fn parse(name: &str) -> Result<Self> {
        let known = Self::ALL.into_iter().find(|mode| mode.name() == name);
        known.ok_or_else(|| format!("no mode `{name}`: there are steady, flood and burst").into())
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One run of one client.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) mode: Mode,
    pub(super) entries: u64,
    pub(super) threads: u64,
    pub(super) address: String,
}

impl Plan {
    /// Creates a plan for this receiver, with the client's default options.
    #[must_use]
    pub fn steady(address: &str, entries: u64, threads: u64) -> Self {
        Self { mode: Mode::Steady, entries, threads, address: address.to_owned() }
    }

    /// The address of the receiver, `host:port`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether the client's buffer holds all entries at once, instead of having its default size.
    #[must_use]
    pub fn holds_all(&self) -> bool {
        self.mode != Mode::Steady
    }

    pub(super) fn parse(arguments: &[&str]) -> Result<Self> {
        let [mode, entries, threads, address] = arguments else {
            return Err("a plan has a mode, entries, threads and an address".into());
        };
        Ok(Self {
            mode: Mode::parse(mode)?,
            entries: entries.parse()?,
            threads: threads.parse()?,
            address: (*address).to_owned(),
        })
    }

    pub(super) fn arguments(&self) -> [String; 4] {
        let Self { mode, entries, threads, address } = self;
        [mode.to_string(), entries.to_string(), threads.to_string(), address.clone()]
    }
}

/// The requested measurements.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) modes: Vec<Mode>,
    pub(super) entries: u64,
    pub(super) threads: Vec<u64>,
    pub(super) rounds: usize,
    /// The file for the short table.
    pub(super) summary: Option<PathBuf>,
}

impl Request {
    /// Reads `--modes steady,burst --entries 1000000 --threads 1,4 --rounds 3 --summary FILE`.
    pub(super) fn parse(arguments: &[&str]) -> Result<Self> {
        let mut request = Self {
            modes: Mode::ALL.to_vec(),
            entries: 1_000_000,
            threads: vec![1, 4],
            rounds: 3,
            summary: None,
        };
        for pair in arguments.chunks(2) {
            let &[option, value] = pair else {
                return Err(format!("`{}` needs a value", pair[0]).into());
            };
            match option {
                "--modes" => request.modes = value.split(',').map(Mode::parse).collect::<Result<_>>()?,
                "--entries" => request.entries = value.parse()?,
                "--threads" => {
                    let threads = value.split(',').map(str::parse);
                    request.threads = threads.collect::<std::result::Result<_, _>>()?;
                }
                "--rounds" => request.rounds = value.parse()?,
                "--summary" => request.summary = Some(PathBuf::from(value)),
                unknown => {
                    return Err(format!(
                        "no option `{unknown}`: there are --modes, --entries, --threads, --rounds and --summary"
                    )
                    .into());
                }
            }
        }
        if request.entries == 0 || request.rounds == 0 || request.threads.contains(&0) {
            return Err("entries, threads and rounds are at least 1".into());
        }
        Ok(request)
    }
}
