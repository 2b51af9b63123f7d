//! JSON, as `assets/schema/findings-1.json` says.

use super::super::report::Report;
use super::Format;

pub static FORMAT: Format = Format {
    name: "json",
    aliases: &[],
    summary: "one document for other programs",
    print: |shown, _| Ok(serde_json::to_string_pretty(&Report::of(shown))? + "\n"),
};
