//! A client in this process whose server fails, and the fate of its entries.

mod seen;
mod verdict;

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use logtide::{Client, ClientOptions, HttpOptions};
use logtide_transport::Driver;

pub use self::verdict::Verdict;
use self::{seen::Seen, verdict::Trouble};
use super::{
    Fault, FaultServer, Promise, Result, Scenario,
    program::Told,
    server::{Identities, Protocol},
    trials,
};
use crate::{pace::steadily, payload};

/// The time limit for a client to settle after the last fault, and for an entry to arrive then. Far longer than the options
/// allow, since other trials run at the same time.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The options in words, for the table.
pub(super) const OPTIONS: &str =
    "request timeout 400 ms, first retry after 10 ms, circuit breaker open for 100 ms";

/// A client in this process, the server that it logs to, and what must hold.
#[derive(Clone, Debug)]
pub struct Trial {
    pub(super) name: String,
    pub(super) scenario: Scenario,
    /// The names of the scenario's faults, if they have one.
    pub(super) names: Vec<Option<&'static str>>,
    pub(super) protocol: Protocol,
    pub(super) promise: Promise,
    pub(super) entries: u32,
    /// The time over which they are logged.
    pub(super) over: Duration,
    pub(super) in_flight: usize,
    /// Whether each fault must be met.
    pub(super) meets_all: bool,
}

impl Trial {
    /// A trial for each fault, with few requests that meet it.
    #[must_use]
    pub fn each_fault_quickly() -> Vec<Self> {
        trials::alone(true)
    }

    /// Returns a mixture of faults, chosen by the seed.
    #[must_use]
    pub fn mixture(seed: u64) -> Self {
        trials::mixture(seed)
    }

    /// Returns the name of the fault, or of the mixture with its seed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Logs during the faults, and then one large entry.
    ///
    /// # Errors
    ///
    /// If the server or the client does not start or stop.
    pub fn run(&self) -> Result<Verdict> {
        let server = FaultServer::speaking(self.protocol, self.scenario.clone())?;
        let seen = Arc::new(Seen::default());
        let client = Client::new(self.options(&server.url(), &seen)?)?;
        let mut trouble = Trouble::default();
        server.begin();
        steadily(self.entries, self.over, |id| log(&client, u64::from(id)));
        if !wait_for(|| server.phase() >= self.last_phase()) {
            trouble.add("the faults did not end");
        }
        if !wait_for(|| client.metrics().pending == 0) {
            let (pending, error) =
                (client.metrics().pending, client.metrics().last_error.unwrap_or_default());
            trouble.add(format!("{pending} pending long after the last fault ({error})"));
        }
        log(&client, payload::FULL_SIZE);
        if !wait_for(|| server.read(|record| record.ids().contains(&payload::FULL_SIZE))) {
            trouble.add("a large entry did not arrive after the last fault");
        }
        let report = Driver::block_on(client.close())?;
        // The end of the connection does not arrive after a request that does not fit into a narrow connection.
        let is_narrow = self.scenario.faults().any(Fault::is_early);
        if !is_narrow && !wait_for(|| server.read(|record| record.hanging == 0)) {
            trouble.add("a request that its server does not answer was not given up");
        }
        let told = Told::new(&client.metrics(), Some(report));
        let retries = client.metrics().retries;
        drop(client);
        Ok(Verdict::new(self, &told, &server.stop()?, &seen, retries, trouble))
    }

    /// Returns the first phase without an end, or the healthy one after the last.
    fn last_phase(&self) -> usize {
        (0..).find(|number| self.scenario.phase(*number).1.at_most == Duration::MAX).unwrap_or_default()
    }

    fn options(&self, url: &str, seen: &Arc<Seen>) -> Result<ClientOptions> {
        let mut http = HttpOptions::new().no_proxy().connect_timeout(Duration::from_millis(300));
        if self.protocol != Protocol::Plain {
            http = http.ca_certificates(Identities::get()?.authority.as_str());
        }
        let seen = seen.clone();
        Ok(ClientOptions::new(url, "lp_faults")
            .request_timeout(Duration::from_millis(400))
            .retry_delay(Duration::from_millis(10))
            .circuit_breaker_reset(Duration::from_millis(100))
            .flush_interval(Duration::from_millis(20))
            .max_in_flight(self.in_flight)
            .http(http)
            .on_event(move |event| seen.note(event)))
    }
}

fn log(client: &Client, id: u64) {
    let message = payload::message(id);
    match payload::parts(id) {
        parts if parts.is_empty() => client.info("faults", message, [("id", id)]),
        parts => client.info("faults", message, (("id", id), ("parts", parts))),
    }
}

/// Polls until a condition holds. Returns whether it does.
fn wait_for(holds: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + TIMEOUT;
    while !holds() {
        if Instant::now() > deadline {
            return false;
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    true
}
