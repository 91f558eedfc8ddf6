//! Closing with a spool.

use super::*;

/// Closes, and gives pending and spooled entries of the report and after how many milliseconds it came.
fn close(spooled: &mut Spooled, seconds: u32) -> (u64, u64, u128) {
    let (now, deadline) = (spooled.bench.now, spooled.bench.after(seconds));
    spooled.bench.pipeline.close(deadline, now);
    let mut at = now;
    while !spooled.bench.pipeline.is_closed() {
        spooled.settle();
        let Some((next, _)) = spooled.bench.pipeline.poll_timeout() else { break };
        at = next;
        spooled.bench.now = at;
        spooled.bench.pipeline.handle_timeout(at);
    }
    spooled.settle();
    assert!(spooled.bench.pipeline.is_closed());
    let ended = spooled.bench.events.iter().rev().find_map(|event| match event {
        Event::Flushed { pending, spooled, .. } => Some((*pending, *spooled)),
        _ => None,
    });
    let (pending, stored) = ended.expect("the end is told");
    (pending, stored, at.since(now).as_millis())
}

#[test]
fn a_close_that_cannot_deliver_leaves_everything_in_files_and_ends_early() {
    let mut spooled = Spooled::new(|_| {});
    spooled.is_up = false;
    spooled.push(0..250);
    let (pending, stored, after) = close(&mut spooled, 5);
    assert_eq!((pending, stored), (0, 250));
    assert!(after < 2_000, "{after}");
    assert_eq!(
        (spooled.in_files(), spooled.counters().spooled(), spooled.counters().pending()),
        (all(0..250), 250, 0)
    );
    let mut next = spooled.restart(|_| {});
    next.push(1_000..1_001);
    assert_eq!(close(&mut next, 5), (0, 0, 0));
    assert_eq!(next.stored().len(), 251);
    assert!(next.folder.is_empty());
}

#[test]
fn a_close_with_no_time_writes_what_is_left() {
    let mut spooled = Spooled::new(|_| {});
    spooled.is_up = false;
    spooled.push(0..50);
    assert_eq!(close(&mut spooled, 0), (0, 50, 0));
    assert_eq!(spooled.in_files(), all(0..50));
}

#[test]
fn a_close_of_a_healthy_pipeline_leaves_no_file() {
    let mut spooled = Spooled::new(|_| {});
    spooled.push(0..50);
    spooled.run(2);
    assert_eq!(spooled.counters().spooled(), 50);
    assert_eq!(close(&mut spooled, 5), (0, 0, 0));
    assert!(spooled.folder.is_empty());
}

#[test]
fn a_close_without_a_writable_folder_tells_what_is_lost() {
    let mut spooled = Spooled::new(|_| {});
    (spooled.is_up, spooled.failure) = (false, Some("no space left"));
    spooled.push(0..50);
    let (pending, stored, _) = close(&mut spooled, 5);
    assert_eq!((pending, stored, spooled.counters().dropped.get(DropReason::Shutdown)), (0, 0, 50));
}

#[test]
fn a_request_that_hangs_over_the_end_is_in_a_file() {
    let mut spooled = Spooled::new(|options| options.batch_size = 10);
    spooled.push(0..20);
    let transmit = spooled.bench.pipeline.poll_transmit(spooled.bench.now).expect("a batch is due");
    assert_eq!(transmit.entries, 20);
    let deadline = spooled.bench.after(5);
    spooled.bench.pipeline.close(deadline, spooled.bench.now);
    while let Some((at, _)) = spooled.bench.pipeline.poll_timeout() {
        spooled.bench.now = at;
        spooled.bench.pipeline.handle_timeout(at);
        while spooled.operate() {}
    }
    assert!(spooled.bench.pipeline.is_closed());
    assert_eq!((spooled.in_files(), spooled.counters().spooled()), (all(0..20), 20));
}

#[test]
fn a_folder_that_opens_late_is_waited_for() {
    let mut bench = Bench::new(|_| {});
    bench.pipeline.set_spool(SpoolOptions::default());
    bench.push(0..5);
    bench.pipeline.close(bench.now, bench.now);
    while bench.send(unavailable) {}
    assert!(!bench.pipeline.is_closed());
    bench.pipeline.open_spool(1, [], bench.now);
    let operation = bench.pipeline.poll_operation(bench.now, Timestamp::from_micros(0));
    assert!(matches!(operation, Some(Operation::Create { .. })), "{operation:?}");
    bench.pipeline.handle_completion(Ok(Vec::new()), bench.now);
    assert!(bench.pipeline.is_closed());
    assert_eq!(bench.pipeline.counters().spooled(), 5);
}

/// The folder may turn out to be unusable when the time of the close is up already.
#[test]
fn a_close_ends_when_the_folder_cannot_be_opened_in_its_time() {
    let mut bench = Bench::new(|_| {});
    bench.pipeline.set_spool(SpoolOptions::default());
    bench.push(0..7);
    let deadline = bench.after(1);
    bench.pipeline.close(deadline, bench.now);
    bench.now = deadline;
    bench.pipeline.handle_timeout(bench.now);
    assert!(!bench.pipeline.is_closed(), "the folder may be there in a moment");
    bench.pipeline.fail_spool("no folder".to_owned(), bench.after(1));
    assert!(bench.pipeline.is_closed());
    assert_eq!(bench.pipeline.counters().dropped.get(DropReason::Shutdown), 7);
}

/// A flush that is under way when the pipeline closes has a deadline of its own, also while files are still to be delivered.
#[test]
fn a_flush_before_the_close_ends_in_its_time() {
    let mut before = Spooled::new(|_| {});
    before.is_up = false;
    before.push(0..10);
    before.run(5);
    let mut spooled = before.restart(|_| {});
    spooled.is_up = false;
    spooled.push(10..20);
    let (short, long) = (spooled.bench.after(1), spooled.bench.after(20));
    let token = spooled.bench.pipeline.flush(short, spooled.bench.now);
    spooled.settle();
    spooled.bench.pipeline.close(long, spooled.bench.now);
    spooled.bench.now = short;
    spooled.bench.pipeline.handle_timeout(short);
    let is_told = |event: &Event| matches!(event, Event::Flushed { token: ended, .. } if *ended == token);
    assert!(std::iter::from_fn(|| spooled.bench.pipeline.poll_event()).any(|event| is_told(&event)));
    assert!(!spooled.bench.pipeline.poll_timeout().is_some_and(|next| next == (short, Wake::FlushDeadline)));
}

#[test]
fn a_close_ends_when_an_empty_folder_opens_after_everything_is_delivered() {
    let mut bench = Bench::new(|_| {});
    bench.pipeline.set_spool(SpoolOptions::default());
    bench.push(0..5);
    let deadline = bench.after(5);
    bench.pipeline.close(deadline, bench.now);
    while bench.send(ok) {}
    assert!(!bench.pipeline.is_closed() && bench.flushed().is_none());
    bench.pipeline.open_spool(1, [], bench.now);
    assert!(bench.pipeline.is_closed());
    assert!(matches!(bench.pipeline.poll_event(), Some(Event::Flushed { pending: 0, spooled: 0, .. })));
}
