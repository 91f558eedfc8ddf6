//! Errors with causes.

use std::{
    error::Error,
    fmt::{self, Display},
    sync::OnceLock,
};

/// An error with a text, and possibly a cause, which may lead back to it.
#[derive(Debug)]
pub struct Link {
    text: String,
    cause: OnceLock<Cause>,
}

#[derive(Debug)]
enum Cause {
    Owned(Box<Link>),
    /// Hides its fields in `Debug`, which would recurse forever.
    Circle(Back),
}

struct Back(&'static Link);

impl Link {
    /// Creates an error with the first text, whose causes have the following texts.
    ///
    /// # Panics
    ///
    /// If there is no text.
    #[must_use]
    pub fn chain(texts: &[&str]) -> Self {
        let mut links = texts.iter().rev();
        let last = Self::new(links.next().expect("a chain has at least one error"));
        links.fold(last, |cause, text| {
            let link = Self::new(text);
            let _ = link.cause.set(Cause::Owned(Box::new(cause)));
            link
        })
    }

    /// Creates a chain like [`Link::chain`] whose last error has the first one as its cause. It is never freed.
    ///
    /// # Panics
    ///
    /// If there is no text.
    #[must_use]
    pub fn circle(texts: &[&str]) -> &'static Self {
        let first: &'static Self = Box::leak(Box::new(Self::chain(texts)));
        let mut last = first;
        while let Some(Cause::Owned(cause)) = last.cause.get() {
            last = cause;
        }
        let _ = last.cause.set(Cause::Circle(Back(first)));
        first
    }

    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cause: OnceLock::new() }
    }
}

impl Display for Link {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self.cause.get()? {
            Cause::Owned(cause) => Some(&**cause),
            Cause::Circle(back) => Some(back.0),
        }
    }
}

impl fmt::Debug for Back {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "back to {}", self.0.text)
    }
}
