//! The transport on a driver.

use crate::server::{OK, Server, TIMEOUT, direct, send};
use logtide_transport::Driver;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_a_stopped_driver_do_not_spoil_the_next() {
    let server = Server::answering(OK).await;
    let (driver, transport) = (Driver::new(), direct());
    for round in 1..=3 {
        for _ in 0..2 {
            let (transport, request) = (transport.clone(), server.get("/"));
            let answer = driver.run(async move { send(&transport, request).await }).await;
            assert_eq!(answer.unwrap().unwrap().body, "ok");
        }
        assert_eq!(server.connections(), round);
        driver.stop();
    }
}

#[test]
fn a_caller_without_a_runtime_gets_an_answer() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::answering(OK));
    let (transport, request) = (direct(), server.get("/"));
    let answer = Driver::new().run_blocking(TIMEOUT, async move { send(&transport, request).await });
    assert_eq!(answer.unwrap().unwrap().body, "ok");
}
