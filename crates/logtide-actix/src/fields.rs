//! Header fields as actix-web has them.

use actix_web::http::header::HeaderMap;
use logtide_middleware::Headers;

pub(crate) struct HeaderFields<'a>(pub(crate) &'a HeaderMap);

impl Headers for HeaderFields<'_> {
    fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get_all(name).filter_map(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}
