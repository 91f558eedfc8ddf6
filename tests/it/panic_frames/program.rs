//! Panics in many ways of the standard library, and prints the location and the backtrace of each. Compiled by the test.

use std::{backtrace::Backtrace, cell::RefCell, collections::HashMap, hint::black_box, panic};

mod hook {
    pub fn report(info: &std::panic::PanicHookInfo<'_>) {
        let place = info.location().expect("a place");
        println!(
            "panic {}:{}:{}\n{}\nend",
            place.file(),
            place.line(),
            place.column(),
            super::Backtrace::force_capture()
        );
    }
    pub fn install() {
        super::panic::set_hook(Box::new(|info| report(info)));
    }
}

macro_rules! ways {
    ($($name:ident: $body:expr;)*) => {
        $(#[inline(never)] fn $name() { let _ = black_box($body); })*
        const WAYS: &[(&str, fn())] = &[$((stringify!($name), $name)),*];
    };
}

#[derive(Debug)]
struct Bad;
struct Boxed;
impl Drop for Boxed {
    fn drop(&mut self) {
        panic_in_drop()
    }
}
#[inline(never)]
fn panic_in_drop() {
    black_box(());
    panic!("in drop")
}

ways! {
    panics: { panic!("literal") };
    formats: { panic!("formatted {}", black_box(1)) };
    panics_any: { panic::panic_any(black_box(7)) };
    unwraps_none: black_box(None::<u8>).unwrap();
    expects_none: black_box(None::<u8>).expect("some");
    unwraps_err: black_box(Err::<u8, Bad>(Bad)).unwrap();
    expects_err: black_box(Err::<u8, Bad>(Bad)).expect("ok");
    unwraps_ok: black_box(Ok::<u8, Bad>(1)).unwrap_err();
    asserts: assert!(black_box(false));
    asserts_eq: assert_eq!(black_box(1), 2, "message");
    asserts_ne: assert_ne!(black_box(1), 1);
    unreachable: { unreachable!("x {}", black_box(1)) };
    indexes: black_box(&[1, 2][..])[black_box(5)];
    indexes_vec: black_box(vec![1])[black_box(5)];
    slices: &black_box(&[1, 2][..])[black_box(3)..];
    slices_end: &black_box(&[1, 2][..])[..black_box(3)];
    slices_order: &black_box(&[1, 2, 3][..])[black_box(2)..black_box(1)];
    slices_text: &black_box("é")[black_box(1)..];
    maps: black_box(HashMap::<u8, u8>::new())[&1];
    removes: black_box(vec![1]).remove(black_box(3));
    swap_removes: black_box(vec![1]).swap_remove(black_box(3));
    splits: black_box(vec![1]).split_off(black_box(3));
    drains: black_box(vec![1]).drain(black_box(3)..).count();
    copies: black_box(&mut [1, 2][..]).copy_from_slice(black_box(&[1]));
    chunks: black_box(&[1][..]).chunks(black_box(0)).count();
    divides: black_box(1) / black_box(0);
    overflows: black_box(i32::MIN) / black_box(-1);
    borrows: { let cell = RefCell::new(1); let _a = cell.borrow_mut(); let _b = black_box(&cell).borrow(); };
    borrows_mut: { let cell = RefCell::new(1); let _a = cell.borrow_mut(); let _b = black_box(&cell).borrow_mut(); };
    durations: std::time::Duration::MAX + black_box(std::time::Duration::MAX);
    instants: std::time::Instant::now() - black_box(std::time::Duration::MAX);
    capacities: Vec::<u64>::with_capacity(black_box(usize::MAX));
    drops: drop(black_box(Boxed));
    iterates: (0..3).map(|n| black_box(&[0u8][..])[n]).collect::<Vec<_>>();
    sorts: { let mut v = vec![3, 1, 2]; v.sort_by(|_, _| panic!("compare")); };
    locks: { let m = std::sync::Mutex::new(1); let _ = panic::catch_unwind(panic::AssertUnwindSafe(|| { let _g = m.lock(); panic::resume_unwind(Box::new(1)) })); let _ = *m.lock().unwrap(); };
    formats_badly: { struct F; impl std::fmt::Display for F { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Err(std::fmt::Error) } } black_box(F).to_string() };
    once: { static L: std::sync::LazyLock<u8> = std::sync::LazyLock::new(|| panic!("lazy")); *L };
    threads: std::thread::spawn(|| panic!("in a thread")).join().is_err();
    async_polls: { let f = std::pin::pin!(async { black_box(()); panic!("async") }); use std::future::Future; let _: std::task::Poll<()> = f.poll(&mut std::task::Context::from_waker(std::task::Waker::noop())); };
}

fn main() {
    hook::install();
    for (name, way) in WAYS {
        println!("way {name}");
        let _ = panic::catch_unwind(way);
    }
}
