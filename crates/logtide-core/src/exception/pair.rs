//! Metadata that contains an error, from before the error format was known.

use serde_json::Value;

use super::{Link, write_chain};
use crate::{ErrorPlace, Fields, Frame, Metadata};

/// Writes metadata. An error that is in it in both forms, as the SDK writes them, becomes an error of the entry
/// again.
pub(crate) fn write_metadata(metadata: &Metadata, fields: &mut Fields<'_>) {
    let error = error_of(metadata);
    for (key, value) in metadata.iter() {
        match (key, &error) {
            ("error", Some((links, place))) => {
                fields.links(links, place.map_or(ErrorPlace::Unknown, ErrorPlace::Frame));
            }
            ("exception", Some(_)) => {}
            _ => fields.field(key, value),
        }
    }
}

/// The error that the metadata has in both forms, exactly as the SDK writes it, and where it is reported.
fn error_of(metadata: &Metadata) -> Option<(Vec<Link>, Option<Frame<'_>>)> {
    let (error, exception) = (metadata.get("error")?, metadata.get("exception")?);
    let place = match exception.get("stacktrace") {
        Some(stacktrace) => Some(place_of(stacktrace)?),
        None => None,
    };
    let mut links = Vec::new();
    let mut next = Some(exception);
    while let Some(link) = next {
        links.push(link_of(link, links.is_empty() && place.is_some())?);
        next = link.get("cause");
    }
    let mut stack = String::new();
    write_chain(&mut stack, links.iter().map(|link| (link.name.as_str(), link.message.as_str())));
    if let Some(place) = place {
        place.write_line(&mut stack);
    }
    let (name, message) = (&links.first()?.name, &links.first()?.message);
    let expected = serde_json::json!({"name": name, "message": message, "stack": stack});
    (*error == expected).then_some((links, place))
}

/// An error or cause with exactly the fields that the SDK writes.
fn link_of(link: &Value, has_place: bool) -> Option<Link> {
    let fields = link.as_object()?;
    let known = 3 + usize::from(has_place) + usize::from(fields.contains_key("cause"));
    let text = |key: &str| fields.get(key)?.as_str().map(str::to_owned);
    let is_whole = fields.len() == known && fields.get("language")? == "rust";
    is_whole.then_some(Link { name: text("type")?, message: text("message")? })
}

/// The only frame, which has a file and no function.
fn place_of(stacktrace: &Value) -> Option<Frame<'_>> {
    let [frame] = stacktrace.as_array()?.as_slice() else { return None };
    let fields = frame.as_object()?;
    let number = |key: &str| fields.get(key)?.as_u64().and_then(|number| u32::try_from(number).ok());
    let place = Frame {
        file: Some(fields.get("file")?.as_str()?),
        function: None,
        line: number("line"),
        column: number("column"),
    };
    let known = 1 + usize::from(place.line.is_some()) + usize::from(place.column.is_some());
    (fields.len() == known).then_some(place)
}
