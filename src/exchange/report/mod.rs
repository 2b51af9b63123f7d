//! The report: one page of HTML that holds a whole catalog, its findings and its pictures, for reading
//! in a browser without the program, without a network, and from disk.
//!
//! What stands in it is data; the page's own script makes text of it, and never markup, so that nothing
//! that a card says can run. The page forbids itself all that it does not need: its policy names its one
//! script and its one style by their hashes. It judges nothing and changes nothing.

mod data;
mod findings;
mod matrices;
mod pictures;
#[cfg(test)]
mod tests;

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::escaped;
use crate::analysis::Analysis;
use crate::card::visible::visible;

/// The page around all.
const TEMPLATE: &str = include_str!("../../../assets/report/report.html");
const STYLE: &str = include_str!("../../../assets/report/report.css");

/// The parts of the one script, in the order in which they are read.
const SCRIPTS: [&str; 8] = [
    include_str!("../../../assets/report/script/base.js"),
    include_str!("../../../assets/report/script/filter.js"),
    include_str!("../../../assets/report/script/cards.js"),
    include_str!("../../../assets/report/script/gaps.js"),
    include_str!("../../../assets/report/script/pictures.js"),
    include_str!("../../../assets/report/script/matrix.js"),
    include_str!("../../../assets/report/script/pages.js"),
    include_str!("../../../assets/report/script/start.js"),
];

/// Data longer than this, in bytes, is packed: a page of a large catalog shrinks to a tenth.
const PACKED_FROM: usize = 1 << 20;

/// How the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Served while a meeting edits: the number of this state of the catalog. The page may then ask the
    /// server that it came from, and nobody else, whether there is a newer one.
    pub live: Option<u64>,
}

/// A report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The page.
    pub html: String,
    /// What it allows itself, as the value of a `Content-Security-Policy` header.
    pub policy: String,
}

/// The report of an analysed catalog.
#[must_use]
pub fn report(analysis: &Analysis, options: Options) -> Report {
    // A browser takes the hash of a text with plain line ends, whatever they were where this was built.
    let script = format!("(() => {{\n\"use strict\";\n{}\n}})();\n", SCRIPTS.join("\n")).replace('\r', "");
    let style = STYLE.replace('\r', "");
    let policy = policy(&script, &style, options);
    let json = serde_json::to_string(&data::data(analysis)).unwrap_or_else(|_| "null".to_owned());
    let (kind, data) = if json.len() < PACKED_FROM {
        ("application/json", in_script(&json))
    } else {
        ("application/gzip;base64", STANDARD.encode(packed(json.as_bytes())))
    };
    let live = options.live.map_or(String::new(), |number| format!(" data-live=\"{number}\""));
    let html = fill(
        TEMPLATE,
        &[
            ("live", &live),
            ("policy", &escaped(&policy)),
            ("title", &escaped(&visible(&analysis.catalog.name))),
            ("style", &style),
            ("kind", kind),
            ("data", &data),
            ("script", &script),
        ],
    );
    Report { html, policy }
}

fn policy(script: &str, style: &str, options: Options) -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    let ask = if options.live.is_some() { "; connect-src 'self'" } else { "" };
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'{ask}",
        hash(script),
        hash(style)
    )
}

/// JSON that ends no script, whatever is in it.
fn in_script(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 16);
    for letter in json.chars() {
        match letter {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
    out
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory does not fail.
    let _ = packer.write_all(bytes);
    packer.finish().unwrap_or_default()
}

/// The template with its places filled, in one pass: what is put in is not looked at again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out =
        String::with_capacity(template.len() + values.iter().map(|(_, value)| value.len()).sum::<usize>());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        match after.split_once("}}") {
            Some((name, behind)) => {
                out.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
                rest = behind;
            }
            None => rest = after,
        }
    }
    out + rest
}
