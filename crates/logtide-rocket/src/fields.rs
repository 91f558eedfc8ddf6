//! Rocket's header fields.

use logtide_middleware::Headers;
use rocket::http::HeaderMap;

pub(crate) struct HeaderFields<'a, 'h>(pub(crate) &'a HeaderMap<'h>);

impl Headers for HeaderFields<'_, '_> {
    fn names(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|header| header.name().to_string())
    }

    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name)
    }
}
