//! The frames do not depend on where chunks end, and equal those of the standard's algorithm.

use logtide_stream::Decoder;
use proptest::{prelude::*, sample::select};

use super::{decode, reference::interpret};

/// Parts of streams, and text that resembles them.
const FRAGMENTS: [&[u8]; 32] = [
    b"\n",
    b"\n",
    b"\n",
    b"\n\n",
    b"\r",
    b"\r\n",
    b"\r\n\r\n",
    b":",
    b":",
    b" ",
    b"data",
    b"data:",
    b"data: ",
    b"data: a\n",
    b"\ndata:",
    b"event: ",
    b"event:e\n",
    b"id",
    b"id: ",
    b"id:7\n",
    b"retry:",
    b"retry: 100\n",
    b"\xEF\xBB\xBF",
    b"\xEF\xBB",
    b"\xF0\x9F\xA6\x80",
    b"\xF0\x9F",
    b"\x80",
    b"\xFF",
    b"\0",
    b"99",
    b": heartbeat\n\n",
    b"some text that is longer than the others",
];

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        9 => select(&FRAGMENTS[..]).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

fn max_event_bytes() -> impl Strategy<Value = usize> {
    prop_oneof![Just(Decoder::MAX_EVENT_BYTES), 0..60_usize]
}

/// Splits the stream into chunks of these sizes, repeatedly. Some are empty.
fn cut<'a>(mut stream: &'a [u8], sizes: &[usize]) -> Vec<&'a [u8]> {
    let mut chunks = Vec::new();
    for size in sizes.iter().cycle() {
        let (chunk, rest) = stream.split_at(stream.len().min(*size));
        chunks.push(chunk);
        stream = rest;
        if stream.is_empty() {
            break;
        }
    }
    chunks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn chunks_may_end_anywhere(
        stream in stream(),
        bound in max_event_bytes(),
        sizes in prop::collection::vec(0..20_usize, 1..10).prop_filter("no progress", |sizes| sizes.iter().any(|size| *size > 0)),
    ) {
        let whole = decode(bound, [&stream[..]]);
        prop_assert_eq!(decode(bound, cut(&stream, &sizes)), &whole[..]);
        prop_assert_eq!(decode(bound, stream.chunks(1)), whole);
    }

    #[test]
    fn the_frames_equal_those_of_the_reference(stream in stream(), bound in max_event_bytes()) {
        prop_assert_eq!(decode(bound, [&stream[..]]), interpret(&stream, bound));
    }
}
