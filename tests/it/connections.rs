//! Shared connections, changing keys, and headers of the user.

mod api_key;
mod headers;
mod sharing;
