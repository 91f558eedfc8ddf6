//! The public items of a library.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::Result;

/// The supported version of rustdoc's JSON.
const FORMAT: u64 = 57;

/// Traits whose implementations do not matter to a user.
const SILENT: [&str; 6] = [
    "core::marker::Freeze",
    "core::marker::StructuralPartialEq",
    "core::marker::Unpin",
    "core::marker::UnsafeUnpin",
    "core::panic::unwind_safe::RefUnwindSafe",
    "core::panic::unwind_safe::UnwindSafe",
];

/// A library, and one line for each of its public items.
#[derive(Debug)]
pub(super) struct Surface {
    pub(super) name: String,
    lines: BTreeSet<String>,
}

impl Surface {
    /// Reads rustdoc's output for these libraries. `None` if it has another version of the JSON format.
    ///
    /// # Errors
    ///
    /// If a file is missing or is not JSON of rustdoc.
    pub(super) fn read_all(folder: &Path, names: &[&str]) -> Result<Option<Vec<Self>>> {
        let mut surfaces = Vec::new();
        for name in names {
            let path = folder.join(format!("{}.json", name.replace('-', "_")));
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            if serde_json::from_str::<Value>(&text)?["format_version"] != FORMAT {
                return Ok(None);
            }
            let api = public_api::Builder::from_rustdoc_json(path).omit_blanket_impls(true).build()?;
            surfaces.push(Self::of(name, api.items().map(ToString::to_string)));
        }
        Ok(Some(surfaces))
    }

    pub(super) fn of(name: &str, lines: impl IntoIterator<Item = String>) -> Self {
        Self { name: name.to_owned(), lines: lines.into_iter().filter(|line| !is_silent(line)).collect() }
    }

    pub(super) fn lines(&self) -> BTreeSet<&str> {
        self.lines.iter().map(String::as_str).collect()
    }

    pub(super) fn to_text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

fn is_silent(line: &str) -> bool {
    line.starts_with("impl") && SILENT.iter().any(|name| line.contains(&format!("{name} for ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_matter_and_unwinding_does_not() {
        let lines =
            ["pub struct a::A", "impl core::marker::Send for a::A", "impl core::marker::Unpin for a::A"];
        let surface = Surface::of("a", lines.map(str::to_owned));
        assert_eq!(surface.to_text(), "impl core::marker::Send for a::A\npub struct a::A\n");
    }
}
