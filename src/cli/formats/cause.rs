//! The lines that made a finding differ, in words: one sentence a cause, both sides named.

use super::super::style::safe;
use crate::analysis::causes::{Cause, Link, Side};

/// `because a.yaml:5 "level: read" -> a.yaml:5 "level: write"`.
#[must_use]
pub fn cause_words(cause: &Cause, arrow: &str) -> String {
    format!(
        "{} {} {arrow} {}",
        link_words(cause.link),
        side(cause.before.as_ref()),
        side(cause.after.as_ref())
    )
}

/// How sure it is, as the beginning of a sentence.
#[must_use]
pub fn link_words(link: Link) -> &'static str {
    match link {
        Link::Proven => "because",
        Link::Proof => "changed in its proof:",
        Link::Card => "changed in its card:",
    }
}

fn side(side: Option<&Side>) -> String {
    let Some(side) = side else { return "no file".to_owned() };
    match &side.text {
        Some(text) => format!("{}:{} \"{}\"", safe(&side.file), side.line, safe(&shortened(text))),
        None => format!("{}:{} nothing", safe(&side.file), side.line),
    }
}

/// Lines of cards are short; those of hostile ones need not be.
#[must_use]
pub fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((byte, _)) => format!("{}...", &text[..byte]),
        None => text.to_owned(),
    }
}
