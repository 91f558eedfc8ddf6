//! Texts of the application whose formatting may panic.

use std::fmt::{self, Display};

use crate::bridge::catch;

/// What stands at the end of a text whose formatting panicked.
const PANICKED: &str = "(panicked while it was formatted)";

/// Displays as the value does. A panic of its `Display` ends this text and nothing else.
pub(crate) struct Guarded<T>(pub(crate) T);

impl<T: Display> Display for Guarded<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match catch(|| self.0.fmt(formatter)) {
            Ok(result) => result,
            Err(_) => formatter.write_str(PANICKED),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Panics;

    impl Display for Panics {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("some text ")?;
            panic!("expected in this test")
        }
    }

    #[test]
    fn a_panic_leaves_what_was_written_and_says_so() {
        assert_eq!(Guarded(Panics).to_string(), format!("some text {PANICKED}"));
        assert_eq!(Guarded(7).to_string(), "7");
    }
}
