//! What a request is answered, from its head alone. No IO.
//!
//! There are two things to ask for: the page, and news of it. Whoever calls this machine by a name that is
//! not its own is refused: a page from elsewhere whose name was made to lead here must not read the report.

/// As many fields a request may have.
const FIELDS: usize = 64;

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The page; to a HEAD its head only.
    Page,
    /// News of the page, as long as the connection lasts.
    News,
    /// A refusal: a status, and a sentence.
    Refusal(u16, &'static str),
}

/// An answer, and whether only its head is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What is sent.
    pub answer: Answer,
    /// Whether only its head is.
    pub head_only: bool,
}

/// The answer to a request's head; none while the head is not whole.
pub fn answered(bytes: &[u8], port: u16) -> Option<Answered> {
    let refused =
        |status, sentence| Some(Answered { answer: Answer::Refusal(status, sentence), head_only: false });
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return None,
        Err(httparse::Error::TooManyHeaders) => return refused(431, "The request has too many fields."),
        Err(_) => return refused(400, "This is no request of HTTP."),
    }
    let head_only = match request.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return refused(405, "This server only shows; it takes GET and HEAD."),
    };
    let named = |name: &str| -> Vec<&[u8]> {
        request
            .headers
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
            .collect()
    };
    match named("host").as_slice() {
        [host] if is_here(host, port) => {}
        _ => return refused(421, "This server answers to 127.0.0.1 and localhost only."),
    }
    // A browser says from where it was sent here; news are for our own page.
    let elsewhere = named("sec-fetch-site").iter().any(|site| !matches!(*site, b"same-origin" | b"none"));
    let path = request.path.unwrap_or_default();
    let answer = match path.split(['?', '#']).next().unwrap_or_default() {
        "/" => Answer::Page,
        "/events" if elsewhere => Answer::Refusal(403, "News are for the page of this server."),
        "/events" => Answer::News,
        _ => Answer::Refusal(404, "There is only one page: /"),
    };
    Some(Answered { answer, head_only })
}

fn is_here(host: &[u8], port: u16) -> bool {
    let Ok(host) = std::str::from_utf8(host) else { return false };
    let (name, said) = match host.rsplit_once(':') {
        Some((name, said)) => (name, said.parse::<u16>().ok()),
        None => (host, Some(80)),
    };
    said == Some(port) && (name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost"))
}

/// The word of a status.
pub fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        421 => "Misdirected Request",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(head: &str) -> Answer {
        answered(head.as_bytes(), 7000).expect("a whole head").answer
    }

    fn status(head: &str) -> u16 {
        match answer(head) {
            Answer::Refusal(status, _) => status,
            Answer::Page | Answer::News => 200,
        }
    }

    #[test]
    fn there_is_one_page_whatever_path_is_tried() {
        let get = |path: &str| status(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:7000\r\n\r\n"));
        assert_eq!(get("/"), 200);
        assert_eq!(get("/?x=../../etc/passwd"), 200);
        for path in [
            "/../etc/passwd",
            "//",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..\\..\\x",
            "/personas/catalog.yaml",
            "/.git/config",
            "http://127.0.0.1:7000/",
            "*",
        ] {
            assert!(matches!(get(path), 400 | 404), "{path}: {}", get(path));
        }
    }

    #[test]
    fn only_our_own_names_are_answered() {
        let to = |host: &str| status(&format!("GET / HTTP/1.1\r\n{host}\r\n\r\n"));
        assert_eq!((to("Host: 127.0.0.1:7000"), to("host: LocalHost:7000")), (200, 200));
        for host in [
            "Host: evil.example",
            "Host: evil.example:7000",
            "Host: 127.0.0.1",
            "Host: 127.0.0.1:7001",
            "Host: 127.0.0.1.evil.example:7000",
            "Host: localhost:7000\r\nHost: evil.example",
            "X: y",
            "Host:",
            "Host: [::1]:7000",
            "Host: 127.0.0.1:7000:7000",
        ] {
            assert_eq!(to(host), 421, "{host}");
        }
    }

    #[test]
    fn it_only_shows() {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"] {
            assert_eq!(
                status(&format!("{method} / HTTP/1.1\r\nHost: localhost:7000\r\n\r\n")),
                405,
                "{method}"
            );
        }
        let head = answered(b"HEAD / HTTP/1.1\r\nHost: localhost:7000\r\n\r\n", 7000).expect("a whole head");
        assert_eq!(head, Answered { answer: Answer::Page, head_only: true });
    }

    #[test]
    fn news_are_for_our_own_page() {
        let from = |site: &str| {
            status(&format!("GET /events HTTP/1.1\r\nHost: localhost:7000\r\nSec-Fetch-Site: {site}\r\n\r\n"))
        };
        assert_eq!((from("same-origin"), from("cross-site"), from("same-site")), (200, 403, 403));
        assert_eq!(answer("GET /events HTTP/1.1\r\nHost: localhost:7000\r\n\r\n"), Answer::News);
    }

    #[test]
    fn half_a_head_is_none_yet_and_what_is_no_http_is_refused() {
        assert_eq!(answered(b"GET / HTTP/1.1\r\nHost: loc", 7000), None);
        assert_eq!(status("\u{16}\u{3}\u{1}\r\n\r\n"), 400);
        let many = "X: y\r\n".repeat(FIELDS + 1);
        assert_eq!(status(&format!("GET / HTTP/1.1\r\n{many}\r\n")), 431);
    }
}
