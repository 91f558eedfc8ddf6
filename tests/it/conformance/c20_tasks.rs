//! A thousand tasks that share a few threads.

use std::{collections::BTreeSet, sync::Arc, thread};

use logtide_client::{Client, InScope};
use logtide_core::{Breadcrumb, Scope, User};
use logtide_tests::{
    entries,
    setup::{TIMEOUT, memory_client, options},
};
use logtide_transport::MemoryTransport;
use serde_json::{Value, json};
use tokio::{runtime::Builder, sync::Barrier, task::JoinSet};

const TASKS: u64 = 1_000;
const STEPS: u64 = 4;

/// One task in four has no scope.
fn is_bare(task: u64) -> bool {
    task % 4 == 3
}

fn trace_id(task: u64) -> String {
    format!("{:032x}", task + 1)
}

/// Logs in each step, after all tasks have done the previous one. Returns the number of threads that the task ran on.
async fn work(client: Client, task: u64, barrier: Arc<Barrier>) -> usize {
    let mut threads = BTreeSet::new();
    for step in 0..STEPS {
        barrier.wait().await;
        threads.insert(format!("{:?}", thread::current().id()));
        client.add_breadcrumb(Breadcrumb::new(format!("{task}/{step}")));
        client.configure_scope(|scope| {
            scope.set_tag("step", step.to_string());
            scope.set_user(User::new().id(task.to_string()));
        });
        client.info("svc", "step", (("task", task), ("step", step)));
        tokio::task::yield_now().await;
        client.info("svc", "step", (("task", task), ("step", step)));
    }
    let child = client.clone();
    let child = async move {
        child.configure_scope(|scope| scope.set_tag("child", "yes"));
        child.info("svc", "child", [("task", task)]);
    };
    tokio::spawn(child.in_current_scope()).await.expect("no task panics");
    client.info("svc", "last", [("task", task)]);
    threads.len()
}

fn check(entry: &Value) {
    let metadata = &entry["metadata"];
    let task = metadata["task"].as_u64().expect("every entry names its task");
    let child = entry["message"] == "child";
    if is_bare(task) {
        let scoped = ["user", "breadcrumbs"].map(|key| metadata.get(key));
        assert_eq!((entry.get("trace_id"), scoped), (None, [None, None]), "{entry}");
        let tags = metadata.get("tags");
        assert_eq!(tags, child.then_some(&json!({"child": "yes"})), "{entry}");
        return;
    }
    let step = metadata["step"].as_u64().unwrap_or(STEPS - 1);
    assert_eq!(entry["trace_id"], trace_id(task));
    assert_eq!(metadata["user"], json!({"id": task.to_string()}), "{entry}");
    let mut tags = json!({"task": task.to_string(), "step": step.to_string()});
    if child {
        tags["child"] = json!("yes");
    }
    assert_eq!(metadata["tags"], tags, "{entry}");
    let breadcrumbs = metadata["breadcrumbs"].as_array().expect("there is one for each step");
    let messages: Vec<_> =
        breadcrumbs.iter().filter_map(|breadcrumb| breadcrumb["message"].as_str()).collect();
    let expected: Vec<_> = (0..=step).map(|step| format!("{task}/{step}")).collect();
    assert_eq!(messages, expected, "{entry}");
}

#[test]
fn c20_a_thousand_tasks_on_a_few_threads_never_see_each_other() {
    let transport = MemoryTransport::new();
    let client = memory_client(&transport, options("http://localhost").max_buffer_size(20_000));
    let runtime = Builder::new_multi_thread().worker_threads(4).build().expect("a runtime starts");
    let migrated = runtime.block_on(async {
        let barrier = Arc::new(Barrier::new(TASKS as usize));
        let mut tasks = JoinSet::new();
        for task in 0..TASKS {
            let work = work(client.clone(), task, barrier.clone());
            if is_bare(task) {
                tasks.spawn(work);
            } else {
                let scope = Scope::new().with(|scope| {
                    scope.set_tag("task", task.to_string());
                    scope.set_trace_id(trace_id(task));
                });
                tasks.spawn(work.with_scope(scope));
            }
        }
        tasks.join_all().await.into_iter().filter(|threads| *threads > 1).count()
    });
    assert!(migrated > 0, "no task went from one thread to another");
    assert!(client.flush_blocking(TIMEOUT).is_complete());
    let entries: Vec<_> =
        transport.requests().iter().flat_map(|request| entries::of_body(&request.body)).collect();
    assert_eq!(entries.len() as u64, TASKS * (2 * STEPS + 2));
    entries.iter().for_each(check);
}
