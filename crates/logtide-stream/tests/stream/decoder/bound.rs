//! The memory that a stream can make the decoder use.

use allocation_counter::measure;
use logtide_stream::{Decoder, Frame};

use super::{OwnedFrame, decode};

/// Doubling the buffer does not give exactly this size.
const BOUND: usize = 700 << 10;

/// What the decoder holds besides an event: the smallest buffer, a name and an id.
const OVERHEAD: usize = 16 << 10;

/// Decodes `chunk` repeatedly, then a blank line, and asserts how much memory that takes. Returns the number of frames.
#[track_caller]
fn assert_within_bound(beginning: &str, chunk: &[u8], times: usize) -> usize {
    let mut decoder = Decoder::new(BOUND);
    let (mut frames, mut held, mut most_held, mut most) = (0, 0_usize, 0, 0);
    let mut feed = |bytes: &[u8]| {
        let taken = measure(|| decoder.decode(bytes, |_| frames += 1));
        most = most.max(held + taken.bytes_max as usize);
        held = held.saturating_add_signed(taken.bytes_current as isize);
        most_held = most_held.max(held);
    };
    feed(beginning.as_bytes());
    (0..times).for_each(|_| feed(chunk));
    feed(b"\n\n");
    assert!(most_held <= BOUND + OVERHEAD, "{most_held} bytes held");
    // A growing buffer may be copied.
    assert!(most <= BOUND + BOUND / 2 + OVERHEAD, "{most} bytes at most");
    assert!(held <= 65 << 10, "{held} bytes kept after the event");
    frames
}

#[test]
fn no_event_takes_more_memory_than_the_bound() {
    // Just within the limit, just over it, and far over it.
    for times in [699, 700, 701, 5_000] {
        assert_eq!(assert_within_bound("data:", &[b'x'; 1_024], times), 1);
    }
    assert_eq!(assert_within_bound("", b"data: some lines of data\n", 100_000), 1);
    assert_eq!(assert_within_bound("data: not UTF-8", &[0xFF; 1_000], 5_000), 1);
    assert_eq!(assert_within_bound("event:", &[b'x'; 1_024], 5_000), 1);
    assert_eq!(assert_within_bound("id:", &[b'x'; 1_024], 900), 1);
    assert_eq!(assert_within_bound(":", &[b'x'; 1_024], 5_000), 1);
}

#[test]
fn comments_and_unknown_fields_take_no_memory() {
    assert_eq!(assert_within_bound("data: x\n", b": a comment\n", 200_000), 200_001);
    assert_eq!(assert_within_bound("data: x\n", b"unknown: field\n", 200_000), 1);
}

#[test]
fn an_event_within_a_chunk_is_not_copied() {
    let stream = "event: log\nid: 1\ndata: some data\n\n: heartbeat\n\n".repeat(100);
    let mut decoder = Decoder::default();
    decoder.decode(stream.as_bytes(), |_| {});
    let mut events = 0;
    let taken = measure(|| {
        decoder.decode(stream.as_bytes(), |frame| {
            if let Frame::Event(event) = frame {
                assert!(stream.as_bytes().as_ptr_range().contains(&event.data.as_ptr()));
                events += 1;
            }
        });
    });
    assert_eq!((events, taken.count_total), (100, 0));
}

#[test]
fn an_oversized_event_is_reported_with_its_size_and_the_next_one_is_decoded() {
    let stream = "data: 0123456789\nid: 1\nretry: 5\ndata: later\n\ndata: 012345678\n\ndata: a\n\n";
    let lines = "data: 0123456789\nid: 1\nretry: 5\ndata: later\n";
    let expected = [
        OwnedFrame::Oversized(lines.len() as u64),
        OwnedFrame::message("012345678"),
        OwnedFrame::message("a"),
    ];
    assert_eq!(decode(15, [stream.as_bytes()]), expected);
    assert_eq!(decode(15, stream.as_bytes().chunks(1)), expected);
}

#[test]
fn the_lines_of_an_event_count_together() {
    let three = |bound| decode(bound, [&b"data: 0123\ndata: 0123\ndata: 0123\n\n"[..]]);
    assert_eq!(three(20), [OwnedFrame::message("0123\n0123\n0123")]);
    assert_eq!(three(19), [OwnedFrame::Oversized(33)]);
}

#[test]
fn fields_before_the_limit_apply() {
    let stream = ": before\nid: 1\ndata: too long for the bound\n: after\nid: 2\n\ndata: a\n\n";
    let expected =
        [OwnedFrame::comment("before"), OwnedFrame::Oversized(58), OwnedFrame::event("message", "a", "1")];
    assert_eq!(decode(20, [stream.as_bytes()]), expected);
}

#[test]
fn a_name_or_id_of_more_than_4_kib_makes_its_event_oversized() {
    for field in ["event", "id"] {
        for (length, fits) in [(4_096, true), (4_097, false)] {
            let tag = "x".repeat(length);
            let stream = format!("data: a\n{field}: {tag}\n\ndata: b\n\n");
            let seen = decode(Decoder::MAX_EVENT_BYTES, [stream.as_bytes()]);
            assert_eq!(seen.len(), 2);
            assert_eq!(matches!(seen[0], OwnedFrame::Oversized(_)), !fits, "{field} of {length}");
            assert_eq!(decode(Decoder::MAX_EVENT_BYTES, stream.as_bytes().chunks(7)), seen);
        }
    }
}

#[test]
fn debug_output_shows_no_content() {
    let mut decoder = Decoder::default();
    decoder.decode(b"id: secret\nevent: secret\ndata: secret", |_| {});
    let text = format!("{decoder:?}");
    assert!(!text.contains("secret") && text.contains("37"), "{text}");
}
