//! Forwarding signals to the command.

use std::process::Child;

use crate::failure::Failure;

#[cfg(not(unix))]
pub(super) use self::other::Forwarding;
#[cfg(unix)]
pub(super) use self::unix::Forwarding;

#[cfg(unix)]
mod unix {
    use std::{fs::File, io, sync::mpsc, thread};

    use nix::{
        sys::signal::{Signal, kill},
        unistd::{Pid, getpgrp, tcgetpgrp},
    };
    use tokio::{
        runtime::Builder,
        signal::unix::{Signal as Stream, SignalKind, signal},
    };

    use super::{Child, Failure};

    /// Forwards signals to a child from its start, so that they end the child and not the command that waits for it.
    pub(in super::super) struct Forwarding(mpsc::SyncSender<Pid>);

    impl Forwarding {
        /// Starts to receive signals. They are kept until the child runs.
        pub(in super::super) fn listen() -> Result<Self, Failure> {
            let failed = |error: io::Error| {
                Failure::new(Failure::PARTIAL, format_args!("cannot handle signals: {error}"))
            };
            let (begin, begun) = mpsc::sync_channel(1);
            let runtime = Builder::new_current_thread().enable_io().build().map_err(failed)?;
            let mut streams = runtime.block_on(async { Streams::new() }).map_err(failed)?;
            let pass_on = move || {
                let Ok(child) = begun.recv() else { return };
                runtime.block_on(async move {
                    loop {
                        let signal = streams.next().await;
                        if !(signal == Signal::SIGINT || signal == Signal::SIGQUIT)
                            || !terminal_sends_to_group()
                        {
                            let _ = kill(child, signal);
                        }
                    }
                });
            };
            thread::Builder::new().name("logtide-signals".to_owned()).spawn(pass_on).map_err(failed)?;
            Ok(Self(begin))
        }

        /// Forwards them to this child.
        pub(in super::super) fn begin(self, child: &Child) {
            if let Ok(id) = i32::try_from(child.id()) {
                let _ = self.0.send(Pid::from_raw(id));
            }
        }
    }

    /// Whether the terminal itself sends the signals of its keys to the child: it does so for the whole foreground group.
    fn terminal_sends_to_group() -> bool {
        File::open("/dev/tty").is_ok_and(|terminal| tcgetpgrp(terminal) == Ok(getpgrp()))
    }

    struct Streams([(Signal, Stream); 6]);

    impl Streams {
        fn new() -> io::Result<Self> {
            let stream = |kind: SignalKind, which| signal(kind).map(|stream| (which, stream));
            Ok(Self([
                stream(SignalKind::interrupt(), Signal::SIGINT)?,
                stream(SignalKind::terminate(), Signal::SIGTERM)?,
                stream(SignalKind::hangup(), Signal::SIGHUP)?,
                stream(SignalKind::quit(), Signal::SIGQUIT)?,
                stream(SignalKind::user_defined1(), Signal::SIGUSR1)?,
                stream(SignalKind::user_defined2(), Signal::SIGUSR2)?,
            ]))
        }

        async fn next(&mut self) -> Signal {
            std::future::poll_fn(|context| {
                for (signal, stream) in &mut self.0 {
                    if stream.poll_recv(context).is_ready() {
                        return std::task::Poll::Ready(*signal);
                    }
                }
                std::task::Poll::Pending
            })
            .await
        }
    }
}

#[cfg(not(unix))]
mod other {
    use super::{Child, Failure};

    /// Ctrl-C reaches the child without help.
    pub(in super::super) struct Forwarding;

    impl Forwarding {
        pub(in super::super) fn listen() -> Result<Self, Failure> {
            Ok(Self)
        }

        pub(in super::super) fn begin(self, _child: &Child) {}
    }
}
