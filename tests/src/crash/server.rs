//! The server of a campaign.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use logtide_devserver::{DevServer, Fault};
use socket2::{Domain, Socket, Type};

use crate::{faults::Result, id_set::IdSet, payload};

/// The embedded server, and a port on which nothing listens.
#[derive(Debug)]
pub(super) struct Server {
    server: DevServer,
    away: SocketAddr,
    /// Reserves the port.
    _reservation: Socket,
}

/// The state of the server in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Healthy,
    Away,
    Unavailable,
    Slow,
    Hanging,
    /// Half of the requests are reset.
    Resetting,
    /// Half of the requests are reset after their entries are stored.
    Forgetful,
}

impl State {
    /// The states of consecutive rounds, repeated from the first.
    pub(super) const ALL: [Self; 10] = [
        Self::Healthy,
        Self::Away,
        Self::Forgetful,
        Self::Slow,
        Self::Healthy,
        Self::Unavailable,
        Self::Resetting,
        Self::Away,
        Self::Healthy,
        Self::Hanging,
    ];
}

/// The content of the database.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) ids: IdSet,
    pub(super) duplicates: u64,
    /// Entries whose content does not match their number.
    pub(super) foreign: u64,
}

impl Server {
    pub(super) fn start(seed: u64) -> Result<Self> {
        let reservation = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        reservation.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        let away = reservation.local_addr()?.as_socket().ok_or("the port has no number")?;
        Ok(Self { server: DevServer::builder().seed(seed).start()?, away, _reservation: reservation })
    }

    /// Enters a state, and returns the address.
    pub(super) fn enter(&self, state: State) -> String {
        self.server.clear_chaos();
        match state {
            State::Healthy => {}
            State::Away => return format!("http://{}", self.away),
            State::Unavailable => self.server.chaos(Fault::Status(503)).always(),
            State::Slow => self.server.chaos(Fault::Slow(Duration::from_millis(30))).always(),
            State::Hanging => self.server.chaos(Fault::Hang).always(),
            State::Resetting => self.server.chaos(Fault::Reset).probability(0.5),
            State::Forgetful => self.server.chaos(Fault::StoreThenReset).probability(0.5),
        }
        self.server.url().to_owned()
    }

    pub(super) fn key(&self) -> &str {
        self.server.write_key()
    }

    /// Reads the content of the database.
    pub(super) fn stored(&self) -> Stored {
        let mut stored = Stored::default();
        for entry in self.server.stored() {
            let id = entry.metadata.and_then(|metadata| metadata["id"].as_u64());
            match id.filter(|id| payload::is_right(*id, &entry.message, &[])) {
                Some(id) => stored.duplicates += u64::from(!stored.ids.insert(id)),
                None => stored.foreign += 1,
            }
        }
        stored
    }
}
