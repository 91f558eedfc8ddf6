//! The course of a soak.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{
    Line, Result, Summary,
    logger::{self, Told},
    sample::Sample,
    schedule,
};
use crate::{
    crash::{self, Ledger},
    faults::FaultServer,
    process::Process,
    temporary::Temporary,
};

/// A steady program under changing faults.
#[derive(Clone, Copy, Debug)]
pub struct Soak {
    /// How long it logs.
    pub lasts: Duration,
    /// How many entries a second.
    pub rate: u32,
    /// The seed for the faults.
    pub seed: u64,
}

/// How long after the last fault entries may be pending.
const TIMEOUT: Duration = Duration::from_secs(120);

/// The first number for entries of programs that are killed.
const VISITORS: u64 = 1 << 32;
const VISITOR: u64 = 1 << 20;

/// The interval of reported lines.
const INTERVAL: Duration = Duration::from_secs(60);

impl Soak {
    /// Runs it with this program, the binary `soak` of this package, and returns the result. Reports a line once a minute and at
    /// the end.
    ///
    /// # Errors
    ///
    /// If a process does not start or fails.
    pub fn run(&self, program: &Path, report: impl FnMut(&Line)) -> Result<Summary> {
        Course::start(self, program, report)?.run()
    }
}

/// A running soak.
struct Course<'a, R> {
    soak: &'a Soak,
    program: &'a Path,
    report: R,
    random: fastrand::Rng,
    dir: Temporary,
    server: FaultServer,
    logger: Process,
    begun: Instant,
    told: Told,
    samples: Vec<(Duration, Sample)>,
    visitor: Option<(Process, Instant)>,
    visitors: u64,
    killed: Ledger,
    reopened: u64,
    most_files: usize,
}

impl<'a, R: FnMut(&Line)> Course<'a, R> {
    fn start(soak: &'a Soak, program: &'a Path, report: R) -> Result<Self> {
        let (dir, server) = (Temporary::new(), FaultServer::start(schedule::of(soak.seed, soak.lasts))?);
        let place = dir.to_str().ok_or("the directory is not UTF-8")?;
        let arguments = [logger::ROLE, &server.url(), place, &soak.rate.to_string()];
        let logger = Process::start(program, &arguments)?;
        server.begin();
        Ok(Self {
            soak,
            program,
            report,
            random: fastrand::Rng::with_seed(soak.seed),
            dir,
            server,
            logger,
            begun: Instant::now(),
            told: Told::default(),
            samples: Vec::new(),
            visitor: None,
            visitors: 0,
            killed: Ledger::default(),
            reopened: 0,
            most_files: 0,
        })
    }

    fn run(mut self) -> Result<Summary> {
        let end = self.begun + self.soak.lasts;
        let (mut reopens, mut visits) = (self.after(8, 60), self.after(5, 120));
        let mut reports = self.begun + INTERVAL;
        while Instant::now() < end {
            self.listen(end.min(Instant::now() + Duration::from_millis(200)))?;
            let now = Instant::now();
            if now >= reopens {
                self.logger.tell(logger::REOPEN)?;
                self.reopened += 1;
                reopens = self.after(8, 60);
            }
            if now >= visits {
                self.visit()?;
                visits = self.after(5, 120);
            }
            if now >= reports {
                self.report_line();
                reports += INTERVAL;
            }
        }
        self.end_visit()?;
        self.logger.tell(logger::STOP)?;
        // A new client takes over what the killed program left at once. An existing one does so within half a minute.
        self.logger.tell(logger::REOPEN)?;
        let deadline = Instant::now() + TIMEOUT;
        while self.is_busy() && Instant::now() < deadline {
            self.listen(Instant::now() + Duration::from_millis(200))?;
        }
        self.report_line();
        self.finish(deadline + Duration::from_secs(20))
    }

    /// Reads the reports of the programs until then, and kills the second program when its time is up.
    fn listen(&mut self, until: Instant) -> Result<()> {
        while let Some((at, line)) = self.logger.poll_line(until) {
            let Some(line) = line else { return Err("the program has ended".into()) };
            self.told = serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?;
            self.samples.push((at - self.begun, Sample::of(self.logger.id())?));
            self.most_files = self.most_files.max(self.files());
        }
        if self.visitor.as_ref().is_some_and(|(_, until)| Instant::now() >= *until) {
            self.end_visit()?;
        }
        Ok(())
    }

    /// Whether something is left to deliver. The program's report may be a second old.
    fn is_busy(&self) -> bool {
        let Told { logged, pending, spooled, .. } = &self.told;
        pending + spooled > 0 || self.files() > 0 || *logged == 0
    }

    /// Returns a moment about this long from now, or a part of a short soak.
    fn after(&mut self, part: u32, seconds: u64) -> Instant {
        let time = (self.soak.lasts / part).min(Duration::from_secs(seconds));
        Instant::now() + time.mul_f64(0.5 + self.random.f64())
    }

    /// Starts a second program on the same spool, which is killed a little later.
    fn visit(&mut self) -> Result<()> {
        self.end_visit()?;
        let load = crash::Load {
            url: self.server.url(),
            key: "lp_soak".to_owned(),
            dir: self.dir.to_path_buf(),
            first: VISITORS + self.visitors * VISITOR,
            threads: 2,
            interval: Duration::from_millis(5),
        };
        let process = Process::start(self.program, &[crash::ROLE, &serde_json::to_string(&load)?])?;
        self.visitors += 1;
        self.visitor = Some((process, self.after(20, 5)));
        Ok(())
    }

    fn end_visit(&mut self) -> Result<()> {
        let Some((mut process, _)) = self.visitor.take() else { return Ok(()) };
        process.kill()?;
        while let (_, Some(line)) = process.next_line(Instant::now() + TIMEOUT)? {
            self.killed.note(&line)?;
        }
        Ok(())
    }

    fn report_line(&mut self) {
        let line = self.line();
        (self.report)(&line);
    }

    fn line(&self) -> Line {
        let sample = self.samples.last().map(|(_, sample)| *sample).unwrap_or_default();
        let record = self.server.read(|record| (record.stored(), record.duplicates));
        Line::new(self.begun.elapsed(), record, &self.told, &self.killed, self.files(), sample)
    }

    fn files(&self) -> usize {
        crash::files_of(&self.dir).whole
    }

    fn finish(mut self, deadline: Instant) -> Result<Summary> {
        let last = self.line();
        self.logger.tell(logger::CLOSE)?;
        while let (_, Some(line)) = self.logger.next_line(deadline)? {
            self.told = serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?;
        }
        let complaints = self.logger.finish(deadline)?;
        let left = crash::files_of(&self.dir);
        let record = self.server.stop()?;
        Ok(Summary::new(super::summary::Ended {
            soak: *self.soak,
            last,
            told: self.told,
            killed: self.killed,
            visitors: self.visitors,
            reopened: self.reopened,
            most_files: self.most_files,
            left,
            samples: self.samples,
            record,
            complaints,
        }))
    }
}
