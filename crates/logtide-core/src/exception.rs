//! Errors and panics as metadata.

mod chain;
mod format;
mod panic;
mod type_name;

use std::error::Error;

use serde::{Serialize, Serializer, ser::SerializeMap as _};

use self::chain::Link;
pub use self::{chain::MAX_CAUSES, format::ErrorFormat, panic::Panic};
use crate::{Fields, Frame, IntoMetadata, Metadata};

/// Writes `error` (`name`, `message`, `stack`), the form that the SDKs document, and `exception`, the form that the
/// server groups by, or the one that [`Fields::error_format`] picks.
impl<E: Error + ?Sized> IntoMetadata for &E {
    fn write_to(self, fields: &mut Fields<'_>) {
        let site = fields.location();
        write(fields, &chain::of(self), site);
    }
}

/// Writes an error with its causes in the forms that are asked for; frames can be attached later.
fn write(fields: &mut Fields<'_>, chain: &[Link], site: Option<Frame<'_>>) {
    let Some(link) = chain.first() else { return };
    let site = site.map(Frame::without_toolchain);
    let format = fields.error_format();
    if format != ErrorFormat::Exception {
        let left_out = fields.content().error_text();
        let stack = left_out.map_or_else(|| stack(chain, site), str::to_owned);
        fields.field("error", &Summary { name: &link.name, message: &link.message, stack: &stack });
    }
    if format != ErrorFormat::Error {
        fields.field("exception", &Exception { chain, site });
    }
    fields.note_error();
}

/// The error, its causes and the place of the log call, a line each.
fn stack(chain: &[Link], site: Option<Frame<'_>>) -> String {
    let mut stack = chain::text(chain);
    if let Some(site) = site {
        stack.push_str(&site.line_of_stack());
    }
    stack
}

/// Writes metadata in which there may be an error that became metadata before it was known how it is to be written.
pub(crate) fn write_metadata(metadata: &Metadata, fields: &mut Fields<'_>) {
    let is_error = is_pair(metadata);
    if is_error {
        fields.note_error();
    }
    let (error, exception) = match fields.error_format() {
        _ if !is_error => (true, true),
        ErrorFormat::Both => (true, true),
        ErrorFormat::Exception => (false, true),
        ErrorFormat::Error => (true, false),
    };
    let error_text = fields.content().error_text().filter(|_| is_error);
    for (key, value) in metadata.iter() {
        match (key, error_text) {
            ("error", _) if !error => {}
            ("exception", _) if !exception => {}
            ("error", Some(left_out)) => {
                let mut value = value.clone();
                value["stack"] = left_out.into();
                fields.field(key, &value);
            }
            _ => fields.field(key, value),
        }
    }
}

/// Whether metadata has an error in both forms.
fn is_pair(metadata: &Metadata) -> bool {
    let (Some(error), Some(exception)) = (metadata.get("error"), metadata.get("exception")) else {
        return false;
    };
    exception["language"] == "rust" && error["name"].is_string() && exception["type"] == error["name"]
}

#[derive(Serialize)]
struct Summary<'a> {
    name: &'a str,
    message: &'a str,
    stack: &'a str,
}

struct Exception<'a> {
    /// The error itself, then its causes.
    chain: &'a [Link],
    /// The one frame that is always known: the place of the log call.
    site: Option<Frame<'a>>,
}

impl Serialize for Exception<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some((link, causes)) = self.chain.split_first() {
            map.serialize_entry("type", &link.name)?;
            map.serialize_entry("message", &link.message)?;
            map.serialize_entry("language", "rust")?;
            if let Some(site) = self.site {
                map.serialize_entry("stacktrace", &[site])?;
            }
            if !causes.is_empty() {
                map.serialize_entry("cause", &Self { chain: causes, site: None })?;
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
