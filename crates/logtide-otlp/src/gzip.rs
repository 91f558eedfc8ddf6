//! Gzip with memory that is reused from one body to the next.

use std::fmt;

use flate2::{Compress, Compression, FlushCompress, Status};

/// Compresses bodies.
#[derive(Default)]
pub(crate) struct Gzip {
    /// `None` until the first body: it takes about 300 KB.
    compress: Option<Compress>,
}

impl Gzip {
    /// The compression level, from 0 to 9. Higher levels take more time and do not make bodies of logs smaller.
    const LEVEL: u32 = 4;

    /// The size of the window, as a power of two: the largest that gzip supports.
    const WINDOW_BITS: u8 = 15;

    /// Appends the compressed form of some bytes.
    pub(crate) fn compress(&mut self, plain: &[u8], out: &mut Vec<u8>) {
        let compress = self
            .compress
            .get_or_insert_with(|| Compress::new_gzip(Compression::new(Self::LEVEL), Self::WINDOW_BITS));
        compress.reset();
        loop {
            let rest = &plain[compress.total_in() as usize..];
            out.reserve(rest.len() / 8 + 256);
            match compress.compress_vec(rest, out, FlushCompress::Finish) {
                Ok(Status::Ok | Status::BufError) => {}
                // Compression fails on no input. The server would reject a body that ends early, which is reported.
                Ok(Status::StreamEnd) | Err(_) => return,
            }
        }
    }
}

impl fmt::Debug for Gzip {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gzip").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn bodies_of_any_size_are_read_back_one_after_the_other() {
        let mut gzip = Gzip::default();
        let mut number = 1_u32;
        for size in [0, 1, 1_000, 100_000, 3_000_000] {
            let noise: Vec<u8> = std::iter::repeat_with(|| {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (number >> 24) as u8
            })
            .take(size)
            .collect();
            for plain in [noise, vec![7; size]] {
                let mut out = Vec::new();
                gzip.compress(&plain, &mut out);
                let mut read = Vec::new();
                GzDecoder::new(&*out).read_to_end(&mut read).unwrap();
                assert!(read == plain, "{size}");
            }
        }
    }
}
