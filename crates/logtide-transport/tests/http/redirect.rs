//! Redirects, and where the key must not go.

use crate::server::{OK, Server, direct, read_request, send};
use http::{Method, StatusCode};
use logtide_core::ApiKey;
use logtide_transport::{Endpoint, Request};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn the_key_never_reaches_another_origin() {
    let other = Server::answering(OK).await;
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let location = format!("http://{}/api/v1/ingest", other.address);
        let server = redirecting(status, location.clone()).await;
        for method in [Method::GET, Method::POST] {
            let answer = send(&direct(), request(&server, method)).await.unwrap();
            assert!(answer.status.is_redirection());
            assert_eq!(answer.headers["location"], location);
        }
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_the_same_server_is_followed_with_the_key() {
    let server = redirecting("308 Permanent", "/v2/ingest".to_owned()).await;
    let answer = send(&direct(), request(&server, Method::POST)).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(server.connections(), 1, "the answer to the first request was read to its end");
}

fn request(server: &Server, method: Method) -> Request {
    let endpoint = Endpoint::new(&format!("http://{}", server.address), ApiKey::new("lp_secret")).unwrap();
    crate::server::with_timeout(endpoint.request(method, "/api/v1/ingest").unwrap())
}

/// Redirects the first path and accepts `/v2/`, with the key only.
async fn redirecting(status: &'static str, location: String) -> Server {
    Server::start(move |mut stream| {
        let location = location.clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                assert!(request.contains("x-api-key: lp_secret"));
                let answer = match request.contains(" /v2/") {
                    true => OK.to_owned(),
                    false => {
                        format!(
                            "HTTP/1.1 {status}\r\nlocation: {location}\r\ncontent-length: 300000\r\n\r\n{}",
                            "x".repeat(300_000)
                        )
                    }
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    })
    .await
}
