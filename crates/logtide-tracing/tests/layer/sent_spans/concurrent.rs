//! Many tasks at once.

use std::{collections::BTreeMap, sync::Arc};

use tokio::{sync::Barrier, task::yield_now};
use tracing::{Instrument as _, info, info_span, instrument::WithSubscriber as _};
use tracing_subscriber::prelude::*;

use crate::setup::Memory;

const TASKS: usize = 200;

async fn request(number: usize, barrier: Arc<Barrier>) {
    barrier.wait().await;
    let work = async {
        for step in 0..3 {
            let inner = async {
                yield_now().await;
                info!(number, "inside");
            };
            inner.instrument(info_span!("step", number, step)).await;
            yield_now().await;
        }
        let background = async move {
            yield_now().await;
            info!(number, "later");
        };
        let background = background.instrument(info_span!("background", number));
        // The span closes while its subscriber is the thread's. Otherwise the registry keeps the enclosing span.
        let background = async {
            background.await;
        }
        .with_current_subscriber();
        tokio::spawn(background).await.expect("it does not panic");
    };
    work.instrument(info_span!("request", number)).await;
}

#[test]
fn two_hundred_requests_never_mix() {
    let memory = Memory::new();
    let dispatch = tracing::Dispatch::new(tracing_subscriber::registry().with(memory.layer().spans(true)));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("threads");
    runtime.block_on(async {
        let barrier = Arc::new(Barrier::new(TASKS));
        let requests: Vec<_> = (0..TASKS)
            .map(|number| tokio::spawn(request(number, barrier.clone()).with_subscriber(dispatch.clone())))
            .collect();
        for request in requests {
            request.await.expect("it does not panic");
        }
    });
    let spans = memory.spans();
    assert_eq!(spans.len(), TASKS * 5);
    let roots: BTreeMap<_, _> = spans
        .iter()
        .filter(|span| span.name == "request")
        .map(|root| (root.attributes["number"].as_u64().expect("a number"), root))
        .collect();
    assert_eq!(roots.len(), TASKS);
    for span in &spans {
        let root = roots[&span.attributes["number"].as_u64().expect("a number")];
        let parent = if span.name == "request" { "" } else { root.span_id.as_str() };
        assert_eq!((&span.trace_id, span.parent.as_str()), (&root.trace_id, parent), "{span:#?}");
    }
    let by_id: BTreeMap<_, _> = spans.iter().map(|span| (span.span_id.as_str(), span)).collect();
    assert_eq!(by_id.len(), spans.len());
    for entry in memory.entries() {
        let span = by_id[entry["span_id"].as_str().expect("a span")];
        assert_eq!(entry["metadata"]["number"], span.attributes["number"]);
        assert_eq!(entry["trace_id"], span.trace_id.as_str());
    }
}
