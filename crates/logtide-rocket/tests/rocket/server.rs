//! A Rocket server with the routes of the scenarios.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, mpsc},
    task::{Context, Poll},
    thread,
};

use futures_util::{Stream, stream};
use logtide_client::Client;
use logtide_rocket::{LogTide, Options, scoped};
use logtide_tests::middleware::{App, Running, enter_span_around};
use rocket::{
    Config, Request, Response, State,
    config::{LogLevel, Shutdown},
    data::{IoHandler, IoStream},
    fairing::AdHoc,
    get,
    http::{ContentType, Status},
    response::{self, Responder, stream::ByteStream},
    routes,
    tokio::{
        io::{AsyncRead, AsyncSeek, AsyncWriteExt as _, ReadBuf},
        runtime::Builder,
    },
};

type Shared = State<Arc<App>>;

pub(crate) fn serve(client: Client, options: Options) -> Running {
    start(client, options, || ())
}

pub(crate) fn serve_inside_a_span(client: Client, options: Options) -> Running {
    start(client, options, enter_span_around)
}

/// Starts a server whose threads first run `prepare`.
fn start(client: Client, options: Options, prepare: fn()) -> Running {
    let (started, start) = mpsc::channel();
    let config = Config {
        address: [127, 0, 0, 1].into(),
        port: 0,
        log_level: LogLevel::Off,
        shutdown: Shutdown {
            ctrlc: false,
            signals: Default::default(),
            grace: 0,
            mercy: 0,
            ..Shutdown::default()
        },
        ..Config::default()
    };
    let liftoff = AdHoc::on_liftoff("started", move |rocket| {
        Box::pin(async move {
            let config = rocket.config();
            started.send((SocketAddr::new(config.address, config.port), rocket.shutdown())).unwrap();
        })
    });
    let rocket = rocket::custom(config)
        .attach(LogTide::with_options(client.clone(), options))
        .attach(liftoff)
        .manage(App::new(client))
        .mount(
            "/",
            scoped(routes![
                ok, health, user, status, fails, panics, streams, breaks, short, sized, gone, large, endless,
                events, held, release, buy, outgoing, traced, upgrades
            ]),
        );
    let runtime =
        Builder::new_multi_thread().worker_threads(2).on_thread_start(prepare).enable_all().build().unwrap();
    let thread = thread::spawn(move || {
        // Rocket returns an error if it could not complete its requests in time.
        let _ = runtime.block_on(rocket.launch());
    });
    let (address, shutdown) = start.recv().unwrap();
    Running::new(address, move || shutdown.notify(), thread)
}

#[get("/ok")]
fn ok(app: &Shared) -> &'static str {
    app.ok()
}

#[get("/health")]
fn health(app: &Shared) -> &'static str {
    app.ok()
}

#[get("/users/<id>")]
fn user(app: &Shared, id: u64) -> String {
    format!("{} {id}", app.ok())
}

#[get("/status/<code>")]
fn status(code: u16) -> (Status, &'static str) {
    (Status::new(code), "status")
}

#[get("/fails")]
fn fails() -> Result<&'static str, response::Debug<io::Error>> {
    Err(io::Error::other("database gone").into())
}

#[get("/panics")]
fn panics() -> &'static str {
    panic!("expected in this test")
}

#[get("/streams")]
fn streams(app: &Shared) -> ByteStream<impl Stream<Item = &'static [u8]> + use<>> {
    ByteStream(app.inner().clone().chunks())
}

#[get("/breaks")]
fn breaks() -> Broken {
    Broken { has_begun: false }
}

#[get("/short")]
fn short() -> Short {
    Short
}

#[get("/sized")]
fn sized() -> InMemory {
    InMemory(10)
}

#[get("/large")]
fn large() -> Vec<u8> {
    // Larger than the system's buffers of a connection.
    vec![b'a'; 64 << 20]
}

#[get("/gone")]
fn gone() -> Gone {
    Gone
}

#[get("/endless")]
fn endless() -> ByteStream<impl Stream<Item = &'static [u8]>> {
    ByteStream(stream::repeat(&b"a"[..]))
}

#[get("/events")]
fn events() -> (ContentType, ByteStream<impl Stream<Item = &'static [u8]>>) {
    (ContentType::EventStream, ByteStream(stream::repeat(&b"data: a\n\n"[..])))
}

#[get("/held")]
async fn held(app: &Shared) -> &'static str {
    app.hold().await
}

#[get("/release")]
fn release(app: &Shared) -> &'static str {
    app.release()
}

#[get("/buy/<id>")]
async fn buy(app: &Shared, id: &str) -> &'static str {
    app.buy(id).await
}

#[get("/outgoing")]
fn outgoing(app: &Shared) -> String {
    app.outgoing()
}

#[get("/traced")]
async fn traced(app: &Shared) -> &'static str {
    app.trace().await
}

#[get("/upgrades")]
fn upgrades() -> Upgrade {
    Upgrade
}

/// Offers the protocol `greeting`, in which the server says hello.
struct Upgrade;

impl<'r> Responder<'r, 'static> for Upgrade {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build().upgrade("greeting", self).sized_body(2, io::Cursor::new("no")).ok()
    }
}

#[rocket::async_trait]
impl IoHandler for Upgrade {
    async fn io(self: Pin<Box<Self>>, mut io: IoStream) -> io::Result<()> {
        io.write_all(b"hello").await
    }
}

/// A stream of one byte that announces ten.
struct Short;

impl<'r> Responder<'r, 'static> for Short {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build().raw_header("content-length", "10").streamed_body(&b"a"[..]).ok()
    }
}

/// An in-memory body of one byte, with the size that its responder states.
struct InMemory(usize);

impl<'r> Responder<'r, 'static> for InMemory {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build().sized_body(self.0, io::Cursor::new("a")).ok()
    }
}

/// A body of known size that cannot be read, like a file on a disk that was removed.
struct Gone;

impl AsyncRead for Gone {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("disk gone")))
    }
}

impl AsyncSeek for Gone {
    fn start_seek(self: Pin<&mut Self>, _: io::SeekFrom) -> io::Result<()> {
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Poll::Ready(Ok(0))
    }
}

impl<'r> Responder<'r, 'static> for Gone {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build().sized_body(10, self).ok()
    }
}

/// A body that fails after one byte.
struct Broken {
    has_begun: bool,
}

impl AsyncRead for Broken {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if std::mem::replace(&mut self.has_begun, true) {
            return Poll::Ready(Err(io::Error::other("disk gone")));
        }
        buffer.put_slice(b"a");
        Poll::Ready(Ok(()))
    }
}

impl<'r> Responder<'r, 'static> for Broken {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build().streamed_body(self).ok()
    }
}
