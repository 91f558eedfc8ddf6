//! Spans of the SDK's own threads.

use std::sync::{Arc, Mutex, OnceLock};

use logtide_transport::{MemoryTransport, Reply};
use tracing::{Dispatch, Span, dispatcher, info, info_span};
use tracing_subscriber::prelude::*;

use super::named;
use crate::setup::Memory;

#[test]
fn what_the_transport_does_becomes_no_span_wherever_it_closes() {
    let (dispatch, made) = (Arc::new(OnceLock::<Dispatch>::new()), Arc::new(Mutex::new(Vec::<Span>::new())));
    let transport = MemoryTransport::responding({
        let (dispatch, made) = (dispatch.clone(), made.clone());
        move |_| {
            let Some(dispatch) = dispatch.get() else { return Reply::status(200) };
            dispatcher::with_default(dispatch, || {
                info_span!("of the transport").in_scope(|| info!("sending"));
                made.lock().expect("nothing panics").push(info_span!("taken away"));
            });
            Reply::status(200)
        }
    });
    let memory = Memory::with_transport(transport, |options| options);
    let layer = memory.layer().spans(true);
    let dispatch = dispatch.get_or_init(|| Dispatch::new(tracing_subscriber::registry().with(layer)));
    dispatcher::with_default(dispatch, || drop(info_span!("of the program")));
    assert_eq!(memory.spans().len(), 1);
    let taken = std::mem::take(&mut *made.lock().expect("nothing panics"));
    assert!(!taken.is_empty(), "the transport was called");
    drop(taken);
    let spans = memory.spans();
    named(&spans, "of the program");
    assert_eq!((spans.len(), memory.client.metrics().spans.ended), (1, 1));
}
