//! The smallest program, which the others are compared with.

fn main() {
    println!("hello");
}
