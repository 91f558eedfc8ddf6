//! The circuit breaker as seen from outside.

use std::{collections::BTreeSet, time::Duration};

use logtide_core::{BatchId, CircuitState, PipelineOptions, Tick};

pub(crate) struct BreakerBook {
    threshold: u32,
    reset: Duration,
    /// Batches given up since the last response of the server.
    failures: u32,
    /// Nothing may be sent before this time.
    open_until: Tick,
    probe: Option<BatchId>,
    /// Whether the last event may open the breaker.
    may_open: bool,
}

impl BreakerBook {
    pub(super) fn new(options: &PipelineOptions) -> Self {
        Self {
            threshold: options.circuit_breaker_threshold,
            reset: options.circuit_breaker_reset,
            failures: 0,
            open_until: Tick::ZERO,
            probe: None,
            may_open: false,
        }
    }

    /// Records a request; `before` is the previous state.
    pub(crate) fn transmitted(&mut self, id: BatchId, before: CircuitState, now: Tick) {
        match before {
            CircuitState::Closed => {}
            CircuitState::Open => {
                assert!(now >= self.open_until, "a request while the breaker is open");
                assert_eq!(self.probe, None, "a second probe");
                self.probe = Some(id);
            }
            CircuitState::HalfOpen => panic!("a request beside the probe"),
        }
    }

    pub(super) fn answered(
        &mut self,
        id: BatchId,
        failed: bool,
        gives_up: bool,
        seen: &mut BTreeSet<&'static str>,
    ) {
        let probe = self.probe == Some(id);
        if probe {
            self.probe = None;
        }
        if probe {
            seen.insert(if failed { "probe failed" } else { "probe succeeded" });
        }
        match (failed, probe || gives_up) {
            (false, _) => (self.failures, self.probe) = (0, None),
            (true, true) => self.failures += 1,
            (true, false) => {}
        }
        self.may_open = failed && (probe || self.failures >= self.threshold);
    }

    pub(super) fn opened(&mut self, reset: Duration, now: Tick) {
        assert!(self.may_open, "the breaker opened after {} failures", self.failures);
        assert_eq!(reset, self.reset);
        self.may_open = false;
        self.open_until = now.after(reset);
    }

    pub(super) fn check(&self, state: CircuitState) {
        match state {
            CircuitState::Closed => assert!(self.failures < self.threshold, "still closed"),
            CircuitState::Open => assert!(self.open_until > Tick::ZERO),
            CircuitState::HalfOpen => assert!(self.probe.is_some(), "half-open without a probe"),
        }
    }
}
