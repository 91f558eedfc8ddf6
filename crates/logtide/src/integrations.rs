//! Frameworks that log through the SDK, each with its feature.
//!
//! | module | feature | for |
//! |---|---|---|
//! | `integrations::tracing` | `tracing` | events and spans of `tracing`: a layer for `tracing-subscriber` |
//! | `integrations::log` | `log` | records of the `log` crate: a logger |
//! | `integrations::tower` | `tower`, `axum` | requests of axum, hyper and tonic, and those that go out through tower: layers |
//! | `integrations::actix` | `actix` | requests of actix-web: a middleware |
//! | `integrations::rocket` | `rocket` | requests of Rocket: a fairing |
//!
//! The modules have the names of the crates that they are for. They stand here and not at the root, so that `use logtide::*` hides none of
//! these crates.

#[cfg(feature = "actix")]
#[doc(inline)]
pub use logtide_actix as actix;
#[cfg(feature = "log")]
#[doc(inline)]
pub use logtide_log as log;
#[cfg(feature = "rocket")]
#[doc(inline)]
pub use logtide_rocket as rocket;
#[cfg(feature = "tower")]
#[doc(inline)]
pub use logtide_tower as tower;
#[cfg(feature = "tracing")]
#[doc(inline)]
pub use logtide_tracing as tracing;
