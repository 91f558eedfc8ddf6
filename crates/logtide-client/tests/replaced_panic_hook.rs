//! A program that sets its own panic hook. The panic hook is global to the process, so this is a separate binary.

use std::{panic, sync::Arc, thread};

use logtide_client::{Client, ClientOptions, integration::Integration};
use logtide_transport::MemoryTransport;

#[test]
fn a_hook_is_installed_although_the_program_replaced_that_of_watched_panics() {
    let transport = MemoryTransport::new();
    let options = ClientOptions::new("http://localhost", "lp_key");
    let client = Client::with_transport(options, Arc::new(transport.clone())).unwrap();
    Integration::of(&client).watch_panics();
    panic::set_hook(Box::new(|_| ()));
    client.install_panic_hook();
    for _ in 0..2 {
        let before = transport.requests().len();
        assert!(thread::spawn(|| panic!("expected in this test")).join().is_err());
        assert_eq!(transport.requests().len(), before + 1);
    }
}
