//! Serving one connection, and breaking it on demand.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tower_service::Service;

/// Lets the handler of a request act on its connection.
#[derive(Debug, Clone)]
pub(crate) struct Connection(mpsc::UnboundedSender<Order>);

#[derive(Debug, Clone, Copy)]
enum Order {
    Reset,
    Close,
}

impl Connection {
    /// Closes the connection with a reset instead of a normal end.
    pub(crate) fn reset(&self) {
        // A closed connection needs no reset.
        let _gone = self.0.send(Order::Reset);
    }

    /// Closes the connection after everything that was passed to it is written.
    pub(crate) fn close_after_answer(&self) {
        let _gone = self.0.send(Order::Close);
    }
}

/// Serves requests until the peer, a fault, `keep_alive` or `stop` ends the connection.
pub(super) async fn serve(
    stream: TcpStream,
    router: Arc<Router>,
    keep_alive: Duration,
    mut stop: watch::Receiver<bool>,
) {
    // Without it, a response of two segments waits for the peer's delayed acknowledgement.
    let _best_effort = stream.set_nodelay(true);
    let (sender, mut orders) = mpsc::unbounded_channel();
    let connection = Connection(sender);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(connection.clone());
        let mut router = Router::clone(&router);
        Box::pin(async move { router.call(request).await })
    });
    let mut http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(keep_alive)
        // A client that closed its side after the request still gets the response.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut stopping = false;
    loop {
        tokio::select! {
            // However the peer ended the connection, nobody is left to be notified.
            _ = &mut http => return,
            Some(order) = orders.recv() => match order {
                Order::Reset => {
                    let stream = http.into_parts().io.into_inner();
                    let _best_effort = stream.set_zero_linger();
                    return;
                }
                Order::Close => std::pin::Pin::new(&mut http).graceful_shutdown(),
            },
            _ = stop.wait_for(|stop| *stop), if !stopping => {
                stopping = true;
                std::pin::Pin::new(&mut http).graceful_shutdown();
            }
        }
    }
}
