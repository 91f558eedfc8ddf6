//! Accepting connections until the server stops.

mod connection;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) use connection::Connection;

/// How long open requests may take when the server stops.
const GRACE: Duration = Duration::from_millis(250);

/// The pause after a failed accept, which usually means that no file descriptor is left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves connections until `stop` becomes true. Idle connections are closed after `keep_alive`.
pub(crate) async fn serve(
    listener: std::net::TcpListener,
    router: Router,
    keep_alive: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let router = Arc::new(router);
    let stopped = stop.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection::serve(stream, router.clone(), keep_alive, stopped.clone()));
                }
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
            _ = stop.wait_for(|stop| *stop) => break,
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    let _cut_short = tokio::time::timeout(GRACE, ended).await;
}
