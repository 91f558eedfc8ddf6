//! What responses mean.

mod partial_success;
mod rpc_status;

use logtide_core::{Outcome, ServerAnswer, Timestamp, retry_after};

use crate::Target;

/// Reads the response to a request, in JSON or protobuf.
///
/// An error means the same as for LogTide's own format, except for status 400. LogTide's OTLP endpoints return 400 for any error,
/// such as a database that is down; the text says if the request could not be decoded.
pub(crate) fn outcome(
    answer: ServerAnswer<'_>,
    target: Target,
    retry_after_header: Option<&str>,
    now: Timestamp,
) -> Outcome {
    if (200..300).contains(&answer.status()) {
        return of_success(answer, target);
    }
    let answer = match rpc_status::message(answer.body()) {
        Some(message) => answer.words(message),
        None => answer,
    };
    match answer.outcome(retry_after_header, now) {
        Outcome::Refused { detail }
            if answer.status() == 400 && target == Target::LogTide && !tells_bad_request(&answer) =>
        {
            let retry_after = retry_after_header.and_then(|value| retry_after(value, now));
            Outcome::Failed { retry_after, detail }
        }
        outcome => outcome,
    }
}

fn of_success(answer: ServerAnswer<'_>, target: Target) -> Outcome {
    let (body, is_whole) = (answer.body(), answer.is_whole());
    if is_whole && body.trim_ascii().is_empty() {
        return Outcome::Stored { received: None, rejected: 0 };
    }
    let unexpected = match answer.rejected() {
        Ok(rejected) => return Outcome::Stored { received: None, rejected },
        Err(unexpected) => unexpected,
    };
    if let Some(rejected) = partial_success::rejected(body, is_whole) {
        return Outcome::Stored { received: None, rejected };
    }
    let detail = format!(
        "status {}, but not from {}: {unexpected}; check the API URL and any proxy",
        answer.status(),
        target.receiver()
    );
    Outcome::Unavailable { retry_after: None, detail }
}

/// Whether LogTide says that it cannot read the request. Another attempt does not change that.
fn tells_bad_request(answer: &ServerAnswer<'_>) -> bool {
    match answer.text() {
        Some(text) => text.contains("Failed to decode OTLP"),
        None => answer.body().trim_ascii() == b"{}",
    }
}
