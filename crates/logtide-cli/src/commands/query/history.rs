//! Entries that are found newest first and shown oldest first.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    mem,
};

use logtide::LogRecord;

use crate::failure::Failure;

/// The bytes of entries held in memory; others are in a temporary file.
const CHUNK: usize = 8 * 1024 * 1024;

/// Entries, newest first. Memory holds at most about 8 MiB and one more entry.
#[derive(Debug, Default)]
pub(super) struct History {
    entries: u64,
    /// The last entries, as lines of JSON.
    lines: Vec<u8>,
    /// The entries before these, in an unnamed file.
    file: Option<File>,
    /// The lengths of the chunks in the file.
    chunks: Vec<u64>,
}

impl History {
    pub(super) fn len(&self) -> u64 {
        self.entries
    }

    /// Adds an entry that is not newer than those before.
    pub(super) fn push(&mut self, record: &LogRecord) -> Result<(), Failure> {
        self.keep(record, CHUNK).map_err(unkept)
    }

    /// Passes on all entries, the last first.
    pub(super) fn oldest_first(
        mut self,
        mut take: impl FnMut(LogRecord) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        loop {
            for line in self.lines.rsplit(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let text = std::str::from_utf8(line).map_err(|error| unkept(io::Error::other(error)))?;
                take(LogRecord::from_json(text).map_err(|error| unkept(error.into()))?)?;
            }
            let (Some(length), Some(file)) = (self.chunks.pop(), &mut self.file) else { return Ok(()) };
            self.lines.clear();
            let start = self.chunks.iter().sum();
            file.seek(SeekFrom::Start(start)).map_err(unkept)?;
            file.take(length).read_to_end(&mut self.lines).map_err(unkept)?;
        }
    }

    fn keep(&mut self, record: &LogRecord, chunk: usize) -> io::Result<()> {
        serde_json::to_writer(&mut self.lines, record)?;
        self.lines.push(b'\n');
        self.entries += 1;
        if self.lines.len() < chunk {
            return Ok(());
        }
        let mut file = self.file.take().map_or_else(tempfile::tempfile, Ok)?;
        let lines = mem::take(&mut self.lines);
        file.write_all(&lines)?;
        self.chunks.push(lines.len() as u64);
        self.file = Some(file);
        Ok(())
    }
}

fn unkept(error: io::Error) -> Failure {
    let folder = std::env::temp_dir();
    let sentence = format!("cannot store entries in {} to sort them: {error}", folder.display());
    Failure::new(Failure::PARTIAL, format_args!("{sentence}; use --reverse, which needs no sorting"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_in_the_other_order_whatever_the_size_of_the_chunks() {
        for chunk in [1, 300, 1_000, usize::MAX] {
            let mut history = History::default();
            for number in 0..50 {
                let text = format!(
                    r#"{{"id":"{number}","time":"2026-11-22T09:58:34Z","service":"s","level":"info","message":"a\nb {number}"}}"#
                );
                history.keep(&LogRecord::from_json(&text).unwrap(), chunk).unwrap();
            }
            assert_eq!(history.len(), 50);
            let mut ids = Vec::new();
            let take = |record: LogRecord| {
                ids.push(record.id);
                Ok(())
            };
            history.oldest_first(take).unwrap();
            let expected: Vec<_> = (0..50).rev().map(|number| number.to_string()).collect();
            assert_eq!(ids, expected, "{chunk}");
        }
    }
}
