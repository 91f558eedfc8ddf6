//! Faults of complete responses.

use std::{borrow::Cow, time::Duration};

use super::Listed;
use crate::faults::{
    After, Confirmation,
    Fault::{self, Confirm, Early, Framed, Redirect, TooLarge},
    Framing, Target,
};

/// More than the largest entry, and less than what is pending after an outage.
const LIMIT: usize = 110_000;

pub(super) fn all() -> Vec<Listed> {
    [framings(), confirmations(), early(), redirects(), refusals()].concat()
}

fn framings() -> Vec<Listed> {
    let framed = |name, framing| Listed::survived(name, Framed(framing));
    vec![
        framed("length-too-small", Framing::LengthTooSmall),
        framed("length-too-large", Framing::LengthTooLarge),
        framed("length-negative", Framing::LengthNegative),
        framed("length-no-number", Framing::LengthNoNumber),
        framed("length-twice", Framing::LengthTwice),
        framed("length-and-chunked", Framing::LengthAndChunked),
        framed("length-missing", Framing::NoLength),
        framed("chunk-size-no-number", Framing::ChunkSizeNoNumber),
        framed("chunk-size-too-large", Framing::ChunkSizeTooLarge),
        framed("chunk-missing", Framing::NoLastChunk),
        framed("gzip-false", Framing::FalseGzip),
        framed("gzip-cut", Framing::Gzip),
        framed("encoding-unknown", Framing::UnknownEncoding),
    ]
}

fn confirmations() -> Vec<Listed> {
    let survived = Listed::survived;
    let interim = |name, statuses: &'static [u16]| survived(name, Fault::Interim(Cow::Borrowed(statuses)));
    vec![
        survived("slow", Fault::Slow(Duration::from_millis(100))),
        survived("success-204", Confirm(Confirmation::NoContent)),
        survived("success-nothing", Confirm(Confirmation::Nothing)),
        survived("success-empty-object", Confirm(Confirmation::EmptyObject)),
        survived("success-too-many", Confirm(Confirmation::TooMany)),
        survived("success-last", Confirm(Confirmation::Last)),
        Listed::costly("success-half", Confirm(Confirmation::Half)),
        Listed::costly("success-rejected", Confirm(Confirmation::Rejected)),
        Listed::costly("success-zero", Confirm(Confirmation::Zero)),
        survived("success-page", Fault::sign_in_page()),
        survived("success-other-json", Fault::json(200, &[], r#"{"status":"ok"}"#)),
        survived("success-bad-json", Fault::json(200, &[], r#"{"received":"#)),
        survived("success-negative", Fault::json(200, &[], r#"{"received":-1}"#)),
        interim("interim-100", &[100]),
        interim("interim-102", &[102]),
        interim("interim-103", &[103]),
        interim("interim-many", &[100, 102, 103, 103, 102, 100, 199]),
    ]
}

fn early() -> Vec<Listed> {
    let survived = Listed::survived;
    vec![
        survived("limit-413-read", TooLarge(LIMIT, After::Read)),
        survived("limit-413-close", TooLarge(LIMIT, After::Close)),
        survived("limit-413-reset", TooLarge(LIMIT, After::Reset)),
        Listed::costly("early-413-read", Early(413, After::Read)),
        Listed::costly("early-413-close", Early(413, After::Close)),
        Listed::costly("early-413-reset", Early(413, After::Reset)),
        Listed::costly("early-400-read", Early(400, After::Read)),
        Listed::costly("early-400-close", Early(400, After::Close)),
        Listed::costly("early-400-reset", Early(400, After::Reset)),
        survived("early-503-read", Early(503, After::Read)),
        survived("early-503-close", Early(503, After::Close)),
        survived("early-503-reset", Early(503, After::Reset)),
        survived("early-429-close", Early(429, After::Close)),
        survived("early-401-reset", Early(401, After::Reset)),
    ]
}

fn redirects() -> Vec<Listed> {
    let redirect = |name, status, to| Listed::survived(name, Redirect(status, to));
    vec![
        redirect("redirect-301", 301, Target::Beside),
        redirect("redirect-302", 302, Target::Itself),
        redirect("redirect-303", 303, Target::Beside),
        redirect("redirect-307", 307, Target::Beside),
        redirect("redirect-308", 308, Target::Beside),
        redirect("redirect-307-itself", 307, Target::Itself),
        redirect("redirect-308-ring", 308, Target::Ring),
        redirect("redirect-301-elsewhere", 301, Target::Elsewhere),
        redirect("redirect-307-elsewhere", 307, Target::Elsewhere),
        redirect("redirect-308-elsewhere", 308, Target::Elsewhere),
        redirect("redirect-nowhere", 307, Target::Nowhere),
    ]
}

fn refusals() -> Vec<Listed> {
    let survived = Listed::survived;
    let error = |name, status| Listed::survived(name, Fault::error(status));
    let limited = |name, value: &str| survived(name, Fault::json(429, &[("retry-after", value)], "{}"));
    vec![
        limited("429-seconds", "1"),
        limited("429-fraction", "0.2"),
        limited("429-zero", "0"),
        survived("429-date", Fault::LimitedUntil(Duration::from_secs(2))),
        limited("429-date-passed", "Sun, 06 Nov 1994 08:49:37 GMT"),
        limited("429-nonsense", "soon"),
        survived("429-quota", Fault::json(429, &[], r#"{"error":"Quota exceeded"}"#)),
        survived("503-seconds", Fault::json(503, &[("retry-after", "1")], "")),
        error("500", 500),
        error("502", 502),
        error("503", 503),
        error("504", 504),
        error("599", 599),
        error("401", 401),
        error("403", 403),
        survived("404-page", Fault::not_found()),
        error("405", 405),
        error("408", 408),
        Listed::costly("400", Fault::error(400)),
        Listed::costly("413", Fault::error(413)),
        Listed::costly("422", Fault::error(422)),
    ]
}
