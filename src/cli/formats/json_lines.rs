//! JSON Lines: a document a line, for streams and logs: the check, then problems, findings and notes.
//!
//! Each is what stands in the JSON of the same name; the schema of a line is `$defs/line` there.

use super::super::report::Report;
use super::Format;

pub static FORMAT: Format = Format {
    name: "json-lines",
    aliases: &["jsonl", "ndjson"],
    summary: "a document a line: the check, each problem, each finding",
    print: |shown, _| {
        let mut out = String::new();
        for line in Report::of(shown).lines() {
            out.push_str(&serde_json::to_string(&line)?);
            out.push('\n');
        }
        Ok(out)
    },
};
