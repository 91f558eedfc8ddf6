//! HTTP/2, where the other side offers it.

use crate::{
    https::{get, server_config, trusting},
    server::{Server, send},
};
use bytes::Bytes;
use http::{Response, Version};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use logtide_transport::{ErrorKind, fetch};
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_rustls::TlsAcceptor;

#[tokio::test]
async fn it_is_spoken_where_the_server_offers_it() {
    let (mut config, ca) = server_config(&["localhost"]);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let server = Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            let answer = service_fn(|request: http::Request<_>| async move {
                assert_eq!(request.version(), Version::HTTP_2);
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
            });
            let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
        }
    })
    .await;
    let transport = trusting(&ca, |options| options.no_proxy());
    let exchange = || async { send(&transport, get(&server, "localhost")).await.unwrap() };
    let (first, second) = tokio::join!(exchange(), exchange());
    assert_eq!([first.body, second.body], ["ok", "ok"]);
    assert_eq!(exchange().await.body, "ok");
}

#[tokio::test]
async fn a_connection_that_went_silent_is_not_used_again() {
    let (mut config, ca) = server_config(&["localhost"]);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let connections = Arc::new(AtomicUsize::new(0));
    let server = Server::start(move |stream| {
        let (acceptor, number) = (acceptor.clone(), connections.fetch_add(1, Ordering::SeqCst));
        async move {
            let stream = acceptor.accept(stream).await.unwrap();
            let answer = service_fn(move |_: http::Request<_>| async move {
                if number == 0 {
                    std::future::pending::<()>().await;
                }
                Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
            });
            let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
            let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
        }
    })
    .await;
    let transport = trusting(&ca, |options| options.no_proxy());
    let mut silent = get(&server, "localhost");
    silent.timeout = Some(Duration::from_millis(100));
    let error = fetch(&transport, silent, 100).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    assert_eq!(send(&transport, get(&server, "localhost")).await.unwrap().body, "ok");
}
