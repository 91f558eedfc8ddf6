//! One request, with waits for rate limits.

use std::time::Duration;

use logtide_transport::{Answer, Request, Transport, TransportError, fetch};
use tokio::time::{Instant, sleep};

use crate::answer;

/// The longest response that is read. A page of 1,000 entries of usual size has about 1 MB.
pub(crate) const MAX_ANSWER_BYTES: usize = 64 << 20;

/// How long to wait if a rate limit does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);

/// The shortest wait, so that `Retry-After: 0` does not cause a busy loop.
const MIN_WAIT: Duration = Duration::from_millis(100);

/// Sends the request until the response is not a rate limit, or `timeout` leaves no time for another attempt. The request stays as it was
/// sent last.
pub(crate) async fn exchange(
    transport: &dyn Transport,
    request: &mut Request,
    timeout: Duration,
) -> Result<Answer, TransportError> {
    let start = Instant::now();
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        let attempt = Request { timeout: Some(left), ..request.clone() };
        let answer = fetch(transport, attempt, MAX_ANSWER_BYTES).await?;
        if !answer::is_rate_limit(&answer) {
            return Ok(answer);
        }
        let wait = answer::retry_after(&answer).unwrap_or(DEFAULT_WAIT).max(MIN_WAIT);
        if start.elapsed().saturating_add(wait) >= timeout {
            return Ok(answer);
        }
        sleep(wait).await;
        request.refresh();
    }
}
