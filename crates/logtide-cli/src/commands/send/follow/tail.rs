//! A followed file.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::Instant,
};

use file_id::FileId;

use super::{
    super::{
        files::service_of,
        position_tracker::Source,
        reporter::Reporter,
        sink::{Input, Sink},
    },
    fingerprint::{Fingerprint, HEAD},
    positions::Positions,
};

/// The size of one read, in bytes.
const CHUNK: usize = 64 * 1024;

/// The shortest file that is recognized as a copy: shorter files may be equal by accident.
const LEAST_COPY: u64 = 64;

/// What a file contained when it was last read.
#[derive(Clone, Copy)]
pub(super) struct Past<'a> {
    pub(super) whole: Fingerprint,
    head: &'a [u8],
}

/// An opened file.
pub(super) struct Found {
    pub(super) id: FileId,
    file: File,
    metadata: Metadata,
    head: Vec<u8>,
}

/// A file that is read as it grows.
pub(super) struct Tail<'s> {
    pub(super) path: PathBuf,
    /// Since when none of the followed names leads to it.
    pub(super) gone: Option<Instant>,
    pub(super) last_read: Instant,
    file: File,
    id: FileId,
    source: Source,
    input: Input<'s>,
    /// The first bytes, as far as they were read.
    head: Vec<u8>,
    /// The fingerprint of everything that was read, if that began at the start.
    whole: Option<Fingerprint>,
    /// The content before the file was truncated.
    past: Option<(Fingerprint, Vec<u8>)>,
}

impl Past<'_> {
    /// Whether the file may be a copy of this one once it is longer.
    pub(super) fn may_become(self, found: &Found) -> bool {
        found.length() < self.whole.length && self.head.starts_with(&found.head)
    }
}

impl Found {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
        }
        let head = read_head(&mut file, HEAD)?;
        Ok(Self { id: id_of(path, &metadata)?, file, metadata, head })
    }

    pub(super) fn length(&self) -> u64 {
        self.metadata.len()
    }

    /// Whether it begins like a compressed file.
    pub(super) fn is_compressed(&self) -> bool {
        is_compressed(&self.head)
    }

    /// Whether it begins with the bytes of a fingerprint.
    pub(super) fn begins_as(&self, bytes: &Fingerprint) -> bool {
        if bytes.length > self.length() {
            return false;
        }
        if bytes.length <= self.head.len() as u64 {
            return Fingerprint::of(&self.head[..bytes.length as usize]) == *bytes;
        }
        let mut file = &self.file;
        let (mut chunk, mut read) = (vec![0; CHUNK], Fingerprint::default());
        if file.seek(SeekFrom::Start(0)).is_err() {
            return false;
        }
        while read.length < bytes.length {
            let most = (bytes.length - read.length).min(CHUNK as u64) as usize;
            match file.read(&mut chunk[..most]) {
                Ok(0) | Err(_) => return false,
                Ok(length) => read = read.with(&chunk[..length]),
            }
        }
        read == *bytes
    }
}

impl<'s> Tail<'s> {
    /// Begins to read at a position. `None` if the file cannot be read there.
    pub(super) fn begin(
        sink: &'s Sink,
        positions: &Positions,
        path: PathBuf,
        found: Found,
        start: u64,
    ) -> Option<Self> {
        let Found { id, mut file, head, .. } = found;
        file.seek(SeekFrom::Start(start)).ok()?;
        let source = positions.begin(sink, &path, id, &head, start);
        let whole = (start == 0).then(Fingerprint::default);
        let input = Input::new(sink, service_of(&path), source, start);
        Some(Self {
            path,
            gone: None,
            last_read: Instant::now(),
            file,
            id,
            source,
            input,
            head,
            whole,
            past: None,
        })
    }

    /// Reads a part of the new content. Returns whether there was any.
    pub(super) fn read(
        &mut self,
        sink: &'s Sink,
        positions: &Positions,
        reporter: &Reporter,
    ) -> io::Result<bool> {
        let now = Instant::now();
        let length = self.file.metadata()?.len();
        let position = self.input.position();
        if length < position || (length > position && !self.has_same_head()?) {
            self.restart(sink, positions, reporter, length)?;
        }
        if self.input.position() == 0 && length > 0 {
            // An archive may have been empty when it was found.
            let head = self.read_head(HEAD)?;
            if is_compressed(&head) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "is compressed and is skipped"));
            }
            if may_be_compressed(&head) {
                return Ok(false);
            }
        }
        let mut chunk = vec![0; CHUNK.min(length.saturating_sub(self.input.position()).max(1) as usize)];
        let read = match self.file.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            read => read?,
        };
        if read == 0 {
            self.input.pass_on_due(now);
            return Ok(false);
        }
        let bytes = &chunk[..read];
        if self.head.len() < HEAD {
            self.head = self.read_head(HEAD)?;
            positions.grow(self.source, &self.head);
        }
        self.whole = self.whole.map(|whole| whole.with(bytes));
        self.last_read = now;
        self.input.feed(bytes, now);
        Ok(true)
    }

    /// Stops reading in the middle of the file. An incomplete line is left for the next run.
    pub(super) fn stop(&mut self) {
        self.input.pass_on_held();
    }

    /// Stops reading a file that has lost its name.
    pub(super) fn retire(&mut self, sink: &Sink, positions: &Positions) {
        self.input.finish(Instant::now());
        positions.finish(sink, self.source, self.input.position());
    }

    /// Whether a copy of this file may have that path: its name with a suffix.
    pub(super) fn names_copy(&self, path: &Path) -> bool {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_name = || Some(name(path)?.starts_with(&name(&self.path)?));
        path.parent() == self.path.parent() && is_name() == Some(true)
    }

    /// Returns the content of the file, and its content before it was truncated.
    pub(super) fn pasts(&self) -> impl Iterator<Item = Past<'_>> {
        let present = self.whole.map(|whole| Past { whole, head: &self.head });
        let past = self.past.as_ref().map(|(whole, head)| Past { whole: *whole, head });
        present.into_iter().chain(past).filter(|past| past.whole.length >= LEAST_COPY)
    }

    /// Starts again with a file that was truncated.
    fn restart(
        &mut self,
        sink: &'s Sink,
        positions: &Positions,
        reporter: &Reporter,
        length: u64,
    ) -> io::Result<()> {
        self.input.finish(Instant::now());
        positions.forget(self.source);
        reporter.say(format_args!(
            "{} was truncated and is read from its start ({length} bytes)",
            self.path.display()
        ));
        self.past = self.whole.map(|whole| (whole, std::mem::take(&mut self.head)));
        self.head = self.read_head(HEAD)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.source = positions.begin(sink, &self.path, self.id, &self.head, 0);
        self.whole = Some(Fingerprint::default());
        self.input = Input::new(sink, service_of(&self.path), self.source, 0);
        Ok(())
    }

    /// Whether the file begins as before. A truncated file may have grown beyond its old length.
    fn has_same_head(&mut self) -> io::Result<bool> {
        let length = self.head.len();
        Ok(self.read_head(length)? == self.head)
    }

    fn read_head(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let position = self.file.stream_position()?;
        let head = read_head(&mut self.file, length);
        self.file.seek(SeekFrom::Start(position))?;
        head
    }
}

/// The first bytes of gzip, zstd, xz and bzip2.
const MAGIC: [&[u8]; 4] = [&[0x1f, 0x8b], &[0x28, 0xb5, 0x2f, 0xfd], &[0xfd, b'7', b'z', b'X', b'Z'], b"BZh"];

fn is_compressed(head: &[u8]) -> bool {
    MAGIC.iter().any(|magic| head.starts_with(magic))
}

/// Whether it takes more bytes to tell if a file is compressed.
fn may_be_compressed(head: &[u8]) -> bool {
    MAGIC.iter().any(|magic| magic.len() > head.len() && magic.starts_with(head))
}

fn read_head(file: &mut File, length: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(length);
    file.seek(SeekFrom::Start(0))?;
    file.take(length as u64).read_to_end(&mut head)?;
    Ok(head)
}

#[cfg(unix)]
fn id_of(_path: &Path, metadata: &Metadata) -> io::Result<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(FileId::new_inode(metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn id_of(path: &Path, _metadata: &Metadata) -> io::Result<FileId> {
    file_id::get_file_id(path)
}
