//! An actix-web server with the routes of the scenarios.

use std::{
    fmt,
    future::{pending, ready},
    io,
    sync::mpsc,
    thread,
};

use actix_web::{
    App as Application, HttpResponse, HttpServer, ResponseError,
    body::SizedStream,
    dev::ServiceResponse,
    error::InternalError,
    http::StatusCode,
    rt::System,
    web::{self, Bytes, Data, Path},
};
use futures_util::{Stream, StreamExt as _, stream};
use logtide_actix::{LogTide, Options};
use logtide_client::Client;
use logtide_tests::middleware::{App, Running, enter_span_around};

pub(crate) fn serve(client: Client, options: Options) -> Running {
    start(client, options, || (), true)
}

/// Like [`serve`], but a client that stops sending ends its connection.
pub(crate) fn serve_whole_connections(client: Client, options: Options) -> Running {
    start(client, options, || (), false)
}

pub(crate) fn serve_inside_a_span(client: Client, options: Options) -> Running {
    start(client, options, enter_span_around, true)
}

/// Starts a server whose threads first run `prepare`. With `allows_half_closed`, it continues when a client stops
/// sending.
fn start(client: Client, options: Options, prepare: fn(), allows_half_closed: bool) -> Running {
    let (started, start) = mpsc::channel();
    let thread = thread::spawn(move || {
        System::new().block_on(async move {
            let app = Data::from(App::new(client.clone()));
            let server = HttpServer::new(move || {
                prepare();
                Application::new()
                    .wrap(LogTide::with_options(client.clone(), options.clone()))
                    .app_data(app.clone())
                    .service(web::resource("/ok").route(web::get().to(ok)).route(web::head().to(ok)))
                    .route("/health", web::get().to(ok))
                    .route("/users/{id}", web::get().to(ok))
                    .route("/status/{code}", web::get().to(status))
                    .route("/fails", web::get().to(fails))
                    .route("/panics", web::get().to(panics))
                    .service(
                        web::resource("/streams")
                            .route(web::get().to(streams))
                            .route(web::head().to(streams)),
                    )
                    .route("/breaks", web::get().to(breaks))
                    .route("/short", web::get().to(short))
                    .route("/too_long", web::get().to(too_long))
                    .route("/endless", web::get().to(endless))
                    .route("/events", web::get().to(events))
                    .route("/waits", web::get().to(pending::<&str>))
                    .route("/held", web::get().to(held))
                    .route("/release", web::get().to(release))
                    .service(
                        web::resource("/refused/{status}")
                            .wrap_fn(|request, _| {
                                let status = request.match_info().query("status").parse().unwrap();
                                let status = StatusCode::from_u16(status).unwrap();
                                ready(Err::<ServiceResponse, _>(InternalError::new("refused", status).into()))
                            })
                            .route(web::get().to(ok)),
                    )
                    .route("/buy/{id}", web::get().to(buy))
                    .route("/outgoing", web::get().to(outgoing))
                    .route("/traced", web::get().to(traced))
            });
            let server = server
                .workers(2)
                .h1_allow_half_closed(allows_half_closed)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            let address = server.addrs()[0];
            let server = server.run();
            started.send((address, server.handle())).unwrap();
            server.await.unwrap();
        });
    });
    let (address, handle) = start.recv().unwrap();
    let stop = move || {
        let _sent = handle.stop(false);
    };
    Running::new(address, stop, thread)
}

async fn ok(app: Data<App>) -> &'static str {
    app.ok()
}

async fn status(code: Path<u16>) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(*code).unwrap())
}

#[derive(Debug)]
struct DatabaseGone;

impl fmt::Display for DatabaseGone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("database gone")
    }
}

impl ResponseError for DatabaseGone {}

async fn fails() -> Result<&'static str, DatabaseGone> {
    Err(DatabaseGone)
}

async fn panics() -> &'static str {
    panic!("expected in this test")
}

async fn streams(app: Data<App>) -> HttpResponse {
    stream(app.into_inner().chunks().map(Ok))
}

async fn breaks() -> HttpResponse {
    stream(stream::iter([Ok(&b"a"[..]), Err(io::Error::other("disk gone"))]))
}

async fn short() -> HttpResponse {
    let chunks = stream::once(ready(Ok::<_, io::Error>(Bytes::from_static(b"a"))));
    HttpResponse::Ok().body(SizedStream::new(10, chunks))
}

/// Announces a longer body than it has, which actix-web corrects.
async fn too_long() -> HttpResponse {
    HttpResponse::Ok().insert_header(("content-length", 10)).body("a")
}

async fn endless() -> HttpResponse {
    stream(stream::repeat(&b"a"[..]).map(Ok))
}

async fn events() -> HttpResponse {
    let events = stream::repeat(Bytes::from_static(b"data: a\n\n")).map(Ok::<_, io::Error>);
    HttpResponse::Ok().content_type("Text/Event-Stream").streaming(events)
}

async fn buy(app: Data<App>, id: Path<String>) -> &'static str {
    app.buy(&id).await
}

async fn held(app: Data<App>) -> &'static str {
    app.hold().await
}

async fn release(app: Data<App>) -> &'static str {
    app.release()
}

async fn outgoing(app: Data<App>) -> String {
    app.outgoing()
}

async fn traced(app: Data<App>) -> &'static str {
    app.trace().await
}

fn stream(chunks: impl Stream<Item = io::Result<&'static [u8]>> + 'static) -> HttpResponse {
    HttpResponse::Ok().streaming(chunks.map(|chunk| chunk.map(Bytes::from_static)))
}
