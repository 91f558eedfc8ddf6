//! The program's client, as the facade gives it.

use crate::Client;

/// The program's client, while there is one: it was made by [`init`](crate::init), and its guard was not dropped.
#[must_use]
pub fn client() -> Option<Client> {
    logtide_client::client().map(Client::from)
}
