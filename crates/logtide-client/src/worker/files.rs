//! The worker's spool: its store, on a thread for blocking work.

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use logtide_core::{
    Event, Pipeline, Tick, Timestamp,
    spool::{Completion, Found, Operation, OperationError},
};

use crate::{
    ClientOptions, Durability,
    spool::Store,
    sync::{Disk, JoinHandle, Mutex, MutexGuard, spawn_blocking},
    unwind,
};

/// The store of a worker, and its current operation.
pub(crate) struct Files {
    dir: Option<PathBuf>,
    durability: Durability,
    /// Shared with the thread that works on it.
    store: Arc<Mutex<Option<Store>>>,
    is_open: bool,
    job: Option<JoinHandle<Done>>,
    /// An operation that could not be started.
    failed: Option<Done>,
    /// When the directory was last searched.
    last_scan: Option<Instant>,
}

/// A completed operation.
#[derive(Debug)]
pub(crate) enum Done {
    /// The store was opened. Its next file has this number, and these files exist.
    Opened(Result<(u64, Vec<Found>), String>, Vec<String>),
    /// An operation was performed.
    Completed(Completion),
    /// The directory was searched for folders of others.
    Adopted(Vec<Found>, Vec<String>),
}

/// The pause between searches of a directory, for a folder whose owner has died or one that cannot be opened.
const SCAN_INTERVAL: Duration = Duration::from_secs(30);

impl Files {
    /// Configures the pipeline's spool, if there is a directory for it.
    pub(crate) fn new(options: &ClientOptions, pipeline: &mut Pipeline) -> Self {
        if let Some(spool) = options.spool_options() {
            pipeline.set_spool(spool);
        }
        Self {
            dir: options.spool.dir.clone(),
            durability: options.spool.durability.unwrap_or_default(),
            store: Arc::default(),
            is_open: false,
            job: None,
            failed: None,
            last_scan: None,
        }
    }

    /// Starts the next operation.
    pub(crate) fn begin(&mut self, pipeline: &mut Pipeline, now: Tick, wall: Timestamp) {
        let Some(dir) = self.dir.as_ref().filter(|_| self.job.is_none() && self.failed.is_none()) else {
            return;
        };
        let is_due = self.last_scan.is_none_or(|last_scan| last_scan.elapsed() >= SCAN_INTERVAL);
        if !self.is_open {
            if is_due {
                self.last_scan = Some(Instant::now());
                let (dir, durability) = (dir.clone(), self.durability);
                let failed = |detail| Done::Opened(Err(detail), Vec::new());
                self.work(move |store| open(store, &dir, durability), failed);
            }
            return;
        }
        if let Some(operation) = pipeline.poll_operation(now, wall) {
            let failed = |detail| Done::Completed(Err(OperationError { detail, is_final: false }));
            self.work(move |store| run(store, operation), failed);
        } else if is_due && !pipeline.is_closed() && pipeline.begin_search() {
            self.last_scan = Some(Instant::now());
            self.work(adopt, |_| Done::Adopted(Vec::new(), Vec::new()));
        }
    }

    /// Waits for the current operation. Pending forever if there is none.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Done> {
        if let Some(failed) = self.failed.take() {
            return Poll::Ready(failed);
        }
        let Some(job) = &mut self.job else { return Poll::Pending };
        let done = std::task::ready!(std::pin::Pin::new(job).poll(context));
        self.job = None;
        Poll::Ready(done.unwrap_or_else(|error| {
            let detail = format!("a spool operation did not complete: {error}");
            if self.is_open {
                Done::Completed(Err(OperationError { detail, is_final: false }))
            } else {
                Done::Opened(Err(detail), Vec::new())
            }
        }))
    }

    /// Reports the result to the pipeline, and returns notices to report.
    pub(crate) fn done(&mut self, done: Done, pipeline: &mut Pipeline, now: Tick) -> Vec<Event> {
        let notices = match done {
            Done::Opened(Ok((next_file, found)), notices) => {
                self.is_open = true;
                pipeline.open_spool(next_file, found, now);
                notices
            }
            Done::Opened(Err(detail), notices) => {
                pipeline.fail_spool(detail, now);
                notices
            }
            Done::Completed(completion) => {
                pipeline.handle_completion(completion, now);
                Vec::new()
            }
            Done::Adopted(found, notices) => {
                pipeline.end_search(found, now);
                notices
            }
        };
        notices.into_iter().map(|detail| Event::Skipped { detail }).collect()
    }

    /// Unlocks the folder for the next owner.
    pub(crate) fn close(&mut self) {
        if self.job.as_ref().is_none_or(JoinHandle::is_finished) {
            let store = lock(&self.store).take();
            drop(store);
            self.dir = None;
        }
    }

    fn work(
        &mut self,
        work: impl FnOnce(&mut Option<Store>) -> Done + Send + 'static,
        failed: impl FnOnce(String) -> Done,
    ) {
        let store = self.store.clone();
        // It panics if the system cannot create a thread.
        let job = unwind::catch(|| spawn_blocking(move || work(&mut lock(&store))));
        if job.is_none() {
            self.failed = Some(failed("the system cannot start a thread for spool operations".to_owned()));
        }
        self.job = job;
    }
}

fn open(store: &mut Option<Store>, dir: &std::path::Path, durability: Durability) -> Done {
    match Store::open(Arc::new(Disk), dir, durability) {
        Ok((mut opened, found)) => {
            let (next, notices) = (opened.next_number(), opened.take_notices());
            *store = Some(opened);
            Done::Opened(Ok((next, found)), notices)
        }
        Err(error) => Done::Opened(Err(error.to_string()), Vec::new()),
    }
}

fn run(store: &mut Option<Store>, operation: Operation) -> Done {
    Done::Completed(match store {
        Some(store) => store.run(operation),
        None => Err(OperationError { detail: "the spool is closed".to_owned(), is_final: false }),
    })
}

fn adopt(store: &mut Option<Store>) -> Done {
    let Some(store) = store else { return Done::Adopted(Vec::new(), Vec::new()) };
    let found = store.adopt();
    Done::Adopted(found, store.take_notices())
}

fn lock(store: &Mutex<Option<Store>>) -> MutexGuard<'_, Option<Store>> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}
