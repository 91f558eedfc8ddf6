//! Connections that several clients share, keys that change, and headers of the user.

mod api_key;
mod headers;
mod sharing;
