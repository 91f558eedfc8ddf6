//! hyper without a framework on a real socket, with gRPC responses like tonic's.

use std::{convert::Infallible, net::SocketAddr, thread};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt as _, Empty, StreamBody};
use hyper::{body::Incoming, client::conn::http2};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use logtide_client::Client;
use logtide_tests::{
    middleware::{Running, Site},
    setup::TIMEOUT,
};
use logtide_tower::{Options, ServerLayer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::Builder,
    sync::oneshot,
    time::timeout,
};
use tower::{Layer as _, service_fn};

type Frames = stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, Infallible>>>;

async fn handle(request: Request<Incoming>) -> Result<Response<StreamBody<Frames>>, Infallible> {
    let message = || Frame::data(Bytes::from_static(b"message"));
    let status = |status: u16| HeaderMap::from_iter([("grpc-status".parse().unwrap(), status.into())]);
    let (frames, head) = match request.uri().path() {
        "/shop.Orders/Place" => (vec![message(), Frame::trailers(status(0))], HeaderMap::new()),
        "/shop.Orders/Break" => (vec![message(), Frame::trailers(status(13))], HeaderMap::new()),
        "/shop.Orders/Refuse" => (vec![], status(5)),
        _ => (vec![message()], HeaderMap::new()),
    };
    let mut response =
        Response::new(StreamBody::new(stream::iter(frames.into_iter().map(Ok).collect::<Vec<_>>())));
    response.headers_mut().extend(head);
    if let Some(kind) = request.headers().get("content-type") {
        response.headers_mut().insert("content-type", kind.clone());
    }
    Ok(response)
}

fn serve(client: Client, options: Options) -> Running {
    let service = ServerLayer::with_options(client, options).layer(service_fn(handle));
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let accept = async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(async move {
                auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await
            });
        }
    };
    let thread = thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept => {}
                _ = stopped => {}
            }
        });
    });
    Running::new(address, move || drop(stop), thread)
}

/// Calls a method of a gRPC service. Returns the status that the client sees.
fn call(address: SocketAddr, path: &str) -> u16 {
    let request = Request::post(format!("http://{address}{path}"))
        .header("content-type", "application/grpc")
        .body(Empty::<Bytes>::new())
        .unwrap();
    let exchange = async {
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(request).await.unwrap();
        let head = response.headers().clone();
        let trailers = response.into_body().collect().await.unwrap().trailers().cloned();
        trailers.unwrap_or(head)["grpc-status"].clone()
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let status = runtime.block_on(async { timeout(TIMEOUT, exchange).await }).unwrap();
    status.to_str().unwrap().parse().unwrap()
}

#[test]
fn a_request_is_logged_when_it_arrives_and_when_it_ends() {
    let site = Site::new(serve, Options::new());
    let answer = site.get("/plain", &[]).unwrap();
    assert!(answer.body.contains("message"), "{answer:?}");
    let entries = site.finish(2);
    assert_eq!(entries[0]["message"], "GET /plain");
    assert!(entries[1]["message"].as_str().unwrap().starts_with("GET /plain 200 ("), "{entries:#?}");
}

#[test]
fn a_call_of_grpc_is_logged_by_its_own_status() {
    for (method, status, level) in [("Place", 0, "info"), ("Break", 13, "error"), ("Refuse", 5, "warn")] {
        let site = Site::new(serve, Options::new());
        let path = format!("/shop.Orders/{method}");
        assert_eq!(call(site.server().address(), &path), status);
        let entry = &site.finish(2)[1];
        assert_eq!((&entry["level"], &entry["metadata"]["grpc_status"]), (&level.into(), &status.into()));
        assert_eq!(entry["metadata"]["status"], 200);
        assert!(entry["message"].as_str().unwrap().starts_with(&format!("POST {path} 200 (")), "{entry}");
    }
}
