//! `persona serve` over raw sockets: who is answered, what is not, and that an edit is told.
#![allow(clippy::disallowed_methods)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const CARD: &str = "kind: Persona\nid: P1\nname: Ana\ncomponent_access: [Store]\n";

/// A server of a catalog of one card, for as long as it is kept.
struct Server {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("catalog.yaml"), "kind: Catalog\nname: Served\n").expect("written");
        std::fs::write(folder.path().join("ana.yaml"), CARD).expect("written");
        std::fs::write(folder.path().join("secret.txt"), "a secret").expect("written");
        let mut child = Command::new(env!("CARGO_BIN_EXE_persona"))
            .arg("serve")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("an address");
        let rest = line.split_once("http://127.0.0.1:").expect("the loopback address").1;
        let port = rest.split('/').next().and_then(|port| port.parse().ok()).expect("a port");
        Self { child, port, folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
        stream
    }

    /// The whole answer to what is sent.
    fn ask(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(bytes);
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out);
        String::from_utf8(out).expect("text")
    }

    fn get(&self, path: &str) -> String {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port).as_bytes())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

#[test]
fn the_page_is_served_and_nothing_else_is() {
    let server = Server::start();
    let page = server.get("/");
    assert_eq!(status(&page), "200");
    let (head, body) = page.split_once("\r\n\r\n").expect("a head");
    assert!(body.starts_with("<!doctype html>") && body.contains("Ana") && body.contains("data-live="));
    assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{head}");
    for field in [
        "connect-src 'self'; frame-ancestors 'none'",
        "nosniff",
        "no-store",
        "Cross-Origin-Resource-Policy: same-origin",
    ] {
        assert!(head.contains(field), "{field} in {head}");
    }
    for path in [
        "/secret.txt",
        "/ana.yaml",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "//etc/passwd",
        "/./secret.txt",
        "/\\..\\secret.txt",
        "/events/../secret.txt",
    ] {
        let answer = server.get(path);
        assert_eq!(status(&answer), "404", "{path}");
        assert!(!answer.contains("a secret"));
    }
    let head = server.ask(format!("HEAD / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", server.port).as_bytes());
    assert!(status(&head) == "200" && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn other_names_other_methods_and_no_http_are_refused() {
    let server = Server::start();
    let port = server.port;
    assert_eq!(
        status(&server.ask(format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n").as_bytes())),
        "421"
    );
    assert_eq!(status(&server.ask(b"GET / HTTP/1.1\r\n\r\n")), "421");
    let post = server.ask(
        format!("POST / HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 4\r\n\r\nkind").as_bytes(),
    );
    assert!(status(&post) == "405" && post.contains("Allow: GET, HEAD"), "{post}");
    assert_eq!(status(&server.ask(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")), "400");
    let long = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nX: {}\r\n\r\n", "x".repeat(20_000));
    assert_eq!(status(&server.ask(long.as_bytes())), "431");
    let many = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n{}\r\n", "X: y\r\n".repeat(200));
    assert_eq!(status(&server.ask(many.as_bytes())), "431");
    assert_eq!(status(&server.get("/")), "200", "and it is well after all that");
}

#[test]
fn who_sends_nothing_is_let_go_and_holds_nobody_up() {
    let server = Server::start();
    let mut slow = server.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("sent");
    assert_eq!(status(&server.get("/")), "200", "others are answered meanwhile");
    let mut out = String::new();
    slow.read_to_string(&mut out).expect("an end");
    assert_eq!(status(&out), "408");
}

#[test]
fn too_many_connections_are_told_to_come_again() {
    let server = Server::start();
    let mut held: Vec<TcpStream> = (0..64).map(|_| server.connect()).collect();
    for stream in &mut held {
        stream.write_all(b"G").expect("sent");
    }
    // Connections are taken in their order, so that all of the 64 are held by now.
    assert_eq!(status(&server.get("/")), "503");
    drop(held);
    let well = (0..200).any(|_| status(&server.get("/")) == "200");
    assert!(well, "and when they are gone all is well");
}

#[test]
fn nobody_else_can_connect() {
    let server = Server::start();
    let other = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), server.port));
    assert!(
        TcpStream::connect_timeout(&other, Duration::from_secs(2)).is_err(),
        "it listens on one address only"
    );
}

/// The lines of an answer that does not end.
fn lines(stream: TcpStream) -> impl Iterator<Item = String> {
    BufReader::new(stream).lines().map_while(Result::ok)
}

#[test]
fn an_edit_is_told_and_served_and_a_broken_card_too() {
    let server = Server::start();
    let mut stream = server.connect();
    let request = format!("GET /events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", server.port);
    stream.write_all(request.as_bytes()).expect("sent");
    let mut news = lines(stream).filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let first = news.next().expect("its number");
    assert!(server.get("/").contains(&format!("data-live=\"{first}\"")));
    replace(&server.folder.path().join("ana.yaml"), &CARD.replace("Ana", "Berta"));
    let second = news.next().expect("another number");
    assert_ne!(first, second);
    let page = server.get("/");
    assert!(
        page.contains(&format!("data-live=\"{second}\"")) && page.contains("Berta") && !page.contains("Ana")
    );
    replace(&server.folder.path().join("ana.yaml"), "kind: Persona\nname: [oh\n");
    news.next().expect("a third number");
    assert!(server.get("/").contains("ana.yaml:"), "what is broken is said in the page");
}

/// As editors do it.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    std::fs::write(&new, text).expect("written");
    std::fs::rename(new, path).expect("renamed");
}

#[cfg(unix)]
#[test]
fn it_ends_well_on_an_interrupt() {
    let mut server = Server::start();
    let killed = Command::new("kill").args(["-INT", &server.child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    assert_eq!(server.child.wait().expect("an end").code(), Some(0));
}

#[test]
fn a_port_that_is_taken_and_a_folder_that_is_not_there_are_said() {
    let server = Server::start();
    let run = |arguments: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_persona")).args(arguments).output().expect("the program");
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let folder = server.folder.path().to_str().expect("a path");
    let (code, said) = run(&["serve", folder, "--port", &server.port.to_string()]);
    assert!(code == Some(2) && said.contains("take another --port"), "{said}");
    let (code, said) = run(&["serve", "/nowhere/at/all"]);
    assert!(code == Some(2) && said.contains("there is no folder"), "{said}");
    assert_eq!(run(&["serve", folder, "--port", "70000"]).0, Some(64));
}
