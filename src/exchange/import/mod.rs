//! Other documents -> drafts of cards, and what of them was not understood. One file a format.
//!
//! A format reads bytes and says what they state, no more: what an input leaves open stays open. How
//! drafts meet the cards that are there already is for [`merge`]; files are read and written by `cli`.

mod a2a;
mod agent_md;
mod azure;
mod backstage;
mod csv;
pub mod draft;
mod json;
mod kubernetes;
mod markdown;
pub mod marked;
mod mcp;
pub mod merge;
pub mod sheets;
pub mod words;
mod xlsx;

use crate::card::LARGEST_FILE;
use draft::Reading;
pub use json::SCHEMA as JSON_SCHEMA;
use words::Vocabulary;

/// A document to read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its path as the user wrote it, with `/` between folders.
    pub path: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl Source<'_> {
    /// Whether its path ends so, in whatever case.
    #[must_use]
    pub fn ends(&self, endings: &[&str]) -> bool {
        let path = self.path.to_lowercase();
        endings.iter().any(|ending| path.ends_with(ending))
    }

    /// Its text, without a byte-order mark.
    ///
    /// # Errors
    /// A sentence where it is too large, or no UTF-8.
    pub fn text(&self) -> Result<&str, String> {
        if self.bytes.len() as u64 > LARGEST_FILE {
            return Err(too_large(self.bytes.len() as u64));
        }
        if self.bytes.starts_with(&[0xff, 0xfe]) || self.bytes.starts_with(&[0xfe, 0xff]) {
            return Err("this file is UTF-16; save it as UTF-8 and import it again".to_owned());
        }
        let text = std::str::from_utf8(self.bytes).map_err(|error| {
            let before = &self.bytes[..error.valid_up_to()];
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            format!("line {line} holds bytes that are not UTF-8; save the file as UTF-8 and import it again")
        })?;
        if text.contains('\0') {
            return Err("this file is binary, not text".to_owned());
        }
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// Its text where it has any.
    fn peek(&self) -> &str {
        self.text().unwrap_or_default()
    }
}

/// The sentence for a file that is not read because of its size in bytes.
#[must_use]
pub fn too_large(bytes: u64) -> String {
    format!(
        "this file has {} MB, and more than {} MB are not read; split it",
        bytes / 1_000_000,
        LARGEST_FILE / 1024 / 1024
    )
}

/// A format that can be read.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it reads, in half a sentence.
    pub summary: &'static str,
    /// Whether a document looks like it, from 0 (no) to 100 (certainly).
    pub sniff: fn(&Source<'_>) -> u8,
    /// Reads a document.
    pub read: fn(&Source<'_>, &Vocabulary) -> Reading,
}

/// Every format, in alphabetical order.
pub static FORMATS: &[&Format] = &[
    &a2a::FORMAT,
    &agent_md::FORMAT,
    &azure::FORMAT,
    &backstage::FORMAT,
    &csv::FORMAT,
    &json::FORMAT,
    &kubernetes::FORMAT,
    &markdown::FORMAT,
    &mcp::FORMAT,
    &xlsx::FORMAT,
];

/// Reads the tables of all documents together, and puts drafts of one card together.
pub fn finish(reading: &mut Reading, words: &Vocabulary) {
    let tables = std::mem::take(&mut reading.tables);
    if !tables.is_empty() {
        reading.extend(sheets::read(&tables, words));
    }
    reading.combine();
}

/// The format that a document most looks like.
#[must_use]
pub fn guess(source: &Source<'_>) -> Option<&'static Format> {
    let scored = FORMATS.iter().map(|format| ((format.sniff)(source), *format));
    // Of equals the first of the table.
    scored.rev().max_by_key(|(score, _)| *score).filter(|(score, _)| *score > 0).map(|(_, format)| format)
}
