//! Connections: so many at once, each with so much time, and no more than a head is read of any.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::answer::{Answer, answered, reason};
use super::state::{Now, State};

/// So many connections at once; a browser holds a few. Who comes on top is told to come again.
const MOST: usize = 64;
/// A head that is longer, in bytes, is refused.
const HEAD: usize = 8 * 1024;
/// A head that takes longer is refused.
const HEAD_TIME: Duration = Duration::from_secs(5);
/// A page that takes longer to send is cut off.
const PAGE_TIME: Duration = Duration::from_secs(60);
/// After so long without news a line is sent, which shows whether somebody still listens.
const SILENCE: Duration = Duration::from_secs(5);

/// Answers whoever connects, for as long as the process lives.
pub fn serve(listener: &TcpListener, port: u16, state: &Arc<State>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let Ok(mut stream) = stream else {
            // Out of descriptors, most likely: those that are open end in time.
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        let held = Held::new(&open);
        if open.load(Ordering::SeqCst) > MOST {
            let _ = stream.set_write_timeout(Some(Duration::from_millis(200)));
            let _ = refuse(&mut stream, 503, "Too many connections; come again in a moment.");
            continue;
        }
        let state = state.clone();
        let answering = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
            let _held = held;
            // Who goes away in the middle of it has what he wants.
            let _ = handle(stream, port, &state);
        });
        drop(answering);
    }
}

/// Counts a connection as long as it is open.
struct Held(Arc<AtomicUsize>);

impl Held {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(open.clone())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn handle(mut stream: TcpStream, port: u16, state: &State) -> std::io::Result<()> {
    let deadline = Instant::now() + HEAD_TIME;
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    let found = loop {
        if let Some(found) = answered(&head, port) {
            break found;
        }
        if head.len() >= HEAD {
            return refuse(&mut stream, 431, "The head of the request is too long.");
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return refuse(&mut stream, 408, "The request took too long.");
        }
        stream.set_read_timeout(Some(left))?;
        let room = piece.len().min(HEAD - head.len());
        match stream.read(&mut piece[..room]) {
            Ok(0) => return Ok(()),
            Ok(count) => head.extend_from_slice(&piece[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return refuse(&mut stream, 408, "The request took too long."),
        }
    };
    match found.answer {
        Answer::Refusal(status, sentence) => refuse(&mut stream, status, sentence),
        Answer::Page => {
            let now = state.now();
            let fields = format!("Content-Security-Policy: {}; frame-ancestors 'none'\r\n", now.page.policy);
            let body = if found.head_only { "" } else { &now.page.html };
            let top = top(200, "text/html; charset=utf-8", Some(now.page.html.len()), &fields);
            send(&mut stream, top.as_bytes())?;
            send(&mut stream, body.as_bytes())?;
            finish(&mut stream)
        }
        Answer::News => {
            send(&mut stream, top(200, "text/event-stream", None, "").as_bytes())?;
            if found.head_only { finish(&mut stream) } else { news(&mut stream, state) }
        }
    }
}

/// Tells of each change until nobody listens.
fn news(stream: &mut TcpStream, state: &State) -> std::io::Result<()> {
    let mut now = state.now();
    loop {
        send(stream, told(&now).as_bytes())?;
        now = loop {
            match state.after(now.turn, SILENCE) {
                Some(next) => break next,
                None => send(stream, b":\n\n")?,
            }
        };
    }
}

fn told(now: &Now) -> String {
    let mut out = format!("event: state\ndata: {}\n\n", now.number);
    if let Some(sentence) = &now.trouble {
        let sentence = crate::card::visible::visible(sentence);
        out.push_str(&format!("event: trouble\ndata: {sentence}\n\n"));
    }
    out
}

fn top(status: u16, kind: &str, length: Option<usize>, fields: &str) -> String {
    let length = length.map_or(String::new(), |length| format!("Content-Length: {length}\r\n"));
    let allow = if status == 405 { "Allow: GET, HEAD\r\n" } else { "" };
    format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {kind}\r\n{length}{allow}{fields}Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nConnection: close\r\n\r\n",
        reason(status)
    )
}

fn refuse(stream: &mut TcpStream, status: u16, sentence: &str) -> std::io::Result<()> {
    let body = format!("{sentence}\n");
    let top = top(status, "text/plain; charset=utf-8", Some(body.len()), "");
    send(stream, format!("{top}{body}").as_bytes())?;
    finish(stream)
}

fn send(stream: &mut TcpStream, mut bytes: &[u8]) -> std::io::Result<()> {
    let deadline = Instant::now() + PAGE_TIME;
    while !bytes.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        stream.set_write_timeout(Some(left))?;
        match stream.write(bytes) {
            Ok(0) => return Err(std::io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Ends an answer so that it arrives: what was sent on top and is not read would make the system cut it off.
fn finish(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut rest = [0; 1024];
    for _ in 0..64 {
        if !matches!(stream.read(&mut rest), Ok(count) if count > 0) {
            break;
        }
    }
    Ok(())
}
