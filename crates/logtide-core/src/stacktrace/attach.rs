//! Frames in an entry that is already encoded.

use std::ops::Range;

use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::value::RawValue;

use super::{Frame, write_lines};
use crate::{Content, encode::write_value};

/// Puts the frames in place of the call's place in `error` and `exception`; the rest of the entry keeps its bytes.
pub(super) fn attach(frames: &[Frame<'_>], entry: &[u8], content: &Content) -> Option<Vec<u8>> {
    let metadata = serde_json::from_slice::<Entry<'_>>(entry).ok()?.metadata;
    let mut patches = Vec::new();
    if let Some(patch) = metadata.error.and_then(|error| patch_stack(frames, error, entry, content)) {
        patches.push(patch);
    }
    if let Some(patch) =
        metadata.exception.and_then(|exception| patch_exception(frames, exception, entry, content))
    {
        patches.push(patch);
    }
    if patches.is_empty() {
        return None;
    }
    patches.sort_by_key(|patch| patch.range.start);
    let mut patched =
        Vec::with_capacity(entry.len() + patches.iter().map(|patch| patch.json.len()).sum::<usize>());
    let mut copied = 0;
    for patch in patches {
        patched.extend_from_slice(&entry[copied..patch.range.start]);
        patched.extend_from_slice(&patch.json);
        copied = patch.range.end;
    }
    patched.extend_from_slice(&entry[copied..]);
    Some(patched)
}

struct Patch {
    range: Range<usize>,
    json: Vec<u8>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    exception: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Summary<'a> {
    #[serde(borrow)]
    stack: &'a RawValue,
}

#[derive(Deserialize)]
struct Exception<'a> {
    #[serde(rename = "type")]
    name: String,
    message: String,
    language: String,
    #[serde(borrow)]
    stacktrace: &'a RawValue,
    raw: Option<IgnoredAny>,
    cause: Option<Box<Cause>>,
}

#[derive(Deserialize)]
struct Cause {
    message: String,
    cause: Option<Box<Self>>,
}

/// The call's place, the only frame that the SDK writes at the log call.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Site {
    file: String,
    line: u32,
    column: Option<u32>,
}

impl Site {
    /// Reads `file:line:column` or `file:line`.
    fn parse(place: &str) -> Option<Self> {
        let (rest, last) = place.rsplit_once(':')?;
        let last = last.parse().ok()?;
        let (file, line, column) = match rest.rsplit_once(':').map(|(file, line)| (file, line.parse())) {
            Some((file, Ok(line))) => (file, line, Some(last)),
            _ => (rest, last, None),
        };
        Some(Self { file: file.to_owned(), line, column })
    }
}

fn patch_stack(frames: &[Frame<'_>], error: &RawValue, entry: &[u8], content: &Content) -> Option<Patch> {
    let summary: Summary<'_> = serde_json::from_str(error.get()).ok()?;
    let stack: String = serde_json::from_str(summary.stack.get()).ok()?;
    let (text, place) = stack.rsplit_once("\n    at ")?;
    // A place is all that the SDK writes at the log call; more lines, or a function, are someone else's.
    let site = Site::parse(place)?;
    if text.contains("\n    at ") {
        return None;
    }
    let mut stack = text.to_owned();
    write_lines(&mut stack, &with_site(frames, &site));
    Some(Patch { range: range_of(summary.stack, entry), json: json(&stack, content) })
}

fn patch_exception(
    frames: &[Frame<'_>],
    exception: &RawValue,
    entry: &[u8],
    content: &Content,
) -> Option<Patch> {
    let exception: Exception<'_> = serde_json::from_str(exception.get()).ok()?;
    let [site] = serde_json::from_str::<[Site; 1]>(exception.stacktrace.get()).ok()?;
    if exception.language != "rust" {
        return None;
    }
    let frames = with_site(frames, &site);
    let mut patch = json(&frames, content);
    let is_wanted = content.error_text().is_none() && content.replacement(b"raw").is_none();
    if exception.raw.is_none() && is_wanted {
        let mut raw = format!("{}: {}", exception.name, exception.message);
        let mut cause = &exception.cause;
        while let Some(link) = cause {
            raw.push_str("\ncaused by: ");
            raw.push_str(&link.message);
            cause = &link.cause;
        }
        write_lines(&mut raw, &frames);
        patch.extend_from_slice(b",\"raw\":");
        patch.extend_from_slice(&json(&raw, content));
    }
    Some(Patch { range: range_of(exception.stacktrace, entry), json: patch })
}

/// A value of `metadata.error` or `metadata.exception`, within the limits.
fn json(value: &(impl Serialize + ?Sized), content: &Content) -> Vec<u8> {
    let mut json = Vec::new();
    write_value(&mut json, 2, content, value);
    json
}

/// The frames, of which the innermost has a file: the server leaves an exception with a raw text out when no frame has one.
fn with_site<'a>(frames: &[Frame<'a>], site: &'a Site) -> Vec<Frame<'a>> {
    let mut frames = frames.to_vec();
    if let Some(first) = frames.first_mut().filter(|first| first.file.is_none()) {
        first.file = Some(&site.file);
        (first.line, first.column) = (Some(site.line), site.column);
    }
    frames
}

/// Where a value that was borrowed from the entry stands in it.
fn range_of(value: &RawValue, entry: &[u8]) -> Range<usize> {
    let start = value.get().as_ptr().addr() - entry.as_ptr().addr();
    start..start + value.get().len()
}
