//! One connection of a fault server.

use std::{io, sync::Arc};

use tokio::{net::TcpStream, time};

use super::{
    Fault, Shared,
    books::Batch,
    http::{Request, Requests, answer},
};

/// Where entries are sent.
const INGEST: &str = "POST /api/v1/ingest";

/// Serves requests until the client, a fault or the server ends the connection.
pub(super) async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let mut requests = Requests::new(stream);
    // An answer in two packets would otherwise wait for the client's acknowledgement. Without it the answer is only late.
    let _ = requests.stream().set_nodelay(true);
    while let Ok(Some(request)) = requests.next().await {
        shared.books().count_request();
        let fault = shared.fault().clone();
        if !matches!(meet(fault, &request, requests.stream(), &shared).await, Ok(true)) {
            break;
        }
    }
}

/// Does with the request as the fault has it, and says whether the connection goes on.
async fn meet(fault: Fault, request: &Request, stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    match fault {
        Fault::None => store(request, stream, shared).await,
        Fault::Slow(delay) => {
            time::sleep(delay).await;
            store(request, stream, shared).await
        }
        // The port closes at this moment, and the connection with it.
        Fault::Refuse => Ok(false),
        Fault::Reset => {
            stream.set_zero_linger()?;
            Ok(false)
        }
        Fault::Hang(delay) => {
            time::sleep(delay).await;
            Ok(false)
        }
        Fault::Answer { status, headers, body } => {
            let answer = answer(status, &headers, &body);
            stream.writable().await?;
            write(stream, &answer).map(|()| true)
        }
    }
}

/// Stores the entries of the request and confirms them.
async fn store(request: &Request, stream: &TcpStream, shared: &Shared) -> io::Result<bool> {
    if request.target != INGEST {
        return Ok(false);
    }
    let batch = Batch::read(&request.body)?;
    let receipt = format!(r#"{{"received":{},"timestamp":"2026-01-01T00:00:00.000Z"}}"#, batch.len());
    let answer = answer(200, &[("content-type".to_owned(), "application/json".to_owned())], &receipt);
    stream.writable().await?;
    shared.books().store(&batch, || write(stream, &answer)).map(|()| true)
}

/// Writes a short answer whole, which the buffer of a connection with one request at a time has space for.
fn write(stream: &TcpStream, answer: &[u8]) -> io::Result<()> {
    if stream.try_write(answer)? == answer.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}
