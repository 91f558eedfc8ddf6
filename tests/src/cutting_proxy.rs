//! A proxy that cuts connections in the middle of a response.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

/// Forwards connections to a server. The first connections that ask for a stream are cut after some bytes of the response.
#[derive(Debug)]
pub struct CuttingProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: SocketAddr,
    /// The number of response bytes after which each connection is cut.
    cuts: Vec<usize>,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl CuttingProxy {
    /// Starts a proxy on a free port of 127.0.0.1.
    ///
    /// # Panics
    ///
    /// If no port is free.
    #[must_use]
    pub fn start(server: SocketAddr, cuts: Vec<usize>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let shared =
            Arc::new(Shared { server, cuts, done: AtomicUsize::new(0), stopped: AtomicBool::new(false) });
        let proxy = Self { address, shared: shared.clone() };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if shared.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let shared = shared.clone();
                // Either side may end the connection at any moment.
                thread::spawn(move || drop(shared.pass_on(client)));
            }
        });
        proxy
    }

    /// The base address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns how many connections were cut, or are about to be.
    #[must_use]
    pub fn cuts(&self) -> usize {
        self.shared.done.load(Ordering::SeqCst).min(self.shared.cuts.len())
    }
}

impl Drop for CuttingProxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Ends the wait for the next connection.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn pass_on(self: Arc<Self>, mut client: TcpStream) -> std::io::Result<()> {
        let mut server = TcpStream::connect(self.server)?;
        let (upstream, requests) = (server.try_clone()?, client.try_clone()?);
        let room = Arc::new(AtomicUsize::new(usize::MAX));
        let left = room.clone();
        thread::spawn(move || self.pass_requests_on(requests, upstream, &room));
        let mut buffer = [0; 16 << 10];
        loop {
            let length = server.read(&mut buffer).unwrap_or(0).min(left.load(Ordering::SeqCst));
            client.write_all(&buffer[..length])?;
            if left.load(Ordering::SeqCst) != usize::MAX {
                left.fetch_sub(length, Ordering::SeqCst);
            }
            if length == 0 || left.load(Ordering::SeqCst) == 0 {
                server.shutdown(Shutdown::Both)?;
                return client.shutdown(Shutdown::Both);
            }
        }
    }

    /// Forwards requests one by one, since a later request of the connection may ask for the stream.
    fn pass_requests_on(&self, mut client: TcpStream, mut server: TcpStream, room: &AtomicUsize) {
        let mut buffer = [0; 16 << 10];
        while let Ok(length @ 1..) = client.read(&mut buffer) {
            if buffer[..length].windows(13).any(|window| window == b"/logs/stream ") {
                let number = self.done.fetch_add(1, Ordering::SeqCst);
                room.store(self.cuts.get(number).copied().unwrap_or(usize::MAX), Ordering::SeqCst);
            }
            if server.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        // The other direction notices the end when it reads.
        let _ = server.shutdown(Shutdown::Both);
    }
}
