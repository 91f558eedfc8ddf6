//! Requests through the layer of `tower`.

use logtide_client::Client;
use logtide_tower::ServerLayer;
use tower::Layer;

use super::Result;
use crate::served::{handler, serve};

/// Always serves `most` requests, `logged` of them with entries. The difference between two runs is what the layer adds to the
/// bare service.
pub(super) fn serve_all(client: &Client, logged: u64, most: u64) -> Result<()> {
    let (mut bare, mut with_entries) = (handler(), ServerLayer::new(client.clone()).layer(handler()));
    (0..logged).for_each(|_| serve(&mut with_entries));
    (logged..most).for_each(|_| serve(&mut bare));
    Ok(())
}
