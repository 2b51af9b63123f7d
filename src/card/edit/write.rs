//! Values -> YAML text, in the style of where they go.
//!
//! Only new values are written; what stands in a file is never written again. Every text is checked
//! to be read back as it was meant before it goes without quotes.

use crate::card::node::{Node, documents};

/// A value as text: what goes on the line of its key or dash, and the whole lines below.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Written {
    pub(super) head: String,
    pub(super) tail: Vec<String>,
}

/// Quotes around a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::card) enum Quotes {
    /// None where the text can do without.
    Free,
    /// Single ones where the text can be said in them.
    Single,
    Double,
}

/// Writes a value on one line.
pub(super) fn on_one_line(node: &Node, quotes: Quotes, in_flow: bool) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Int(value) => value.to_string(),
        Node::Float(value) => float(*value),
        Node::Text(text) => word(text, quotes, in_flow),
        Node::List(items) => {
            let items: Vec<_> = items.iter().map(|item| on_one_line(item, Quotes::Free, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Node::Map(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, value)| {
                    let value = on_one_line(value, Quotes::Free, true);
                    format!("{}: {value}", word(key, Quotes::Free, true))
                })
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// How lists below a key are set in, in columns: 0 or 2.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) list_indent: usize,
}

/// Writes the value of a key that stands at column `indent`.
pub(super) fn below_key(node: &Node, quotes: Quotes, indent: usize, style: Style) -> Written {
    match node {
        Node::Map(entries) if !entries.is_empty() => {
            Written { head: String::new(), tail: map_lines(entries, indent + 2, style) }
        }
        Node::List(items) if !items.is_empty() => {
            Written { head: String::new(), tail: list_lines(items, indent + style.list_indent, style) }
        }
        Node::Text(text) if text.contains('\n') => block(text, indent + 2),
        _ => Written { head: on_one_line(node, quotes, false), tail: Vec::new() },
    }
}

/// Writes an item of a list of which the dash stands at column `indent`; the dash is not written.
pub(super) fn below_dash(node: &Node, quotes: Quotes, indent: usize, style: Style) -> Written {
    let mut lines = match node {
        Node::Map(entries) if !entries.is_empty() => map_lines(entries, indent + 2, style),
        Node::List(items) if !items.is_empty() => list_lines(items, indent + 2, style),
        Node::Text(text) if text.contains('\n') => return block(text, indent + 2),
        _ => return Written { head: on_one_line(node, quotes, false), tail: Vec::new() },
    };
    let head = lines.remove(0).trim_start().to_owned();
    Written { head, tail: lines }
}

/// The lines of a mapping at column `indent`.
pub(super) fn map_lines(entries: &[(Box<str>, Node)], indent: usize, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, value) in entries {
        let written = below_key(value, Quotes::Free, indent, style);
        lines.push(format!("{}{}:{}", spaces(indent), word(key, Quotes::Free, false), after(&written.head)));
        lines.extend(written.tail);
    }
    lines
}

fn list_lines(items: &[Node], indent: usize, style: Style) -> Vec<String> {
    let mut lines = Vec::new();
    for item in items {
        let written = below_dash(item, Quotes::Free, indent, style);
        lines.push(format!("{}-{}", spaces(indent), after(&written.head)));
        lines.extend(written.tail);
    }
    lines
}

/// What stands after a `:` or `-`.
pub(super) fn after(head: &str) -> String {
    if head.is_empty() { String::new() } else { format!(" {head}") }
}

pub(super) fn spaces(count: usize) -> String {
    " ".repeat(count)
}

/// Text of several lines, as `|` where that says it exactly.
fn block(text: &str, indent: usize) -> Written {
    let body = text.trim_end_matches('\n');
    let trailing = text.len() - body.len();
    let odd = body.is_empty()
        || trailing > 1
        || body.starts_with([' ', '\t', '\n'])
        || body.lines().any(|line| line.ends_with([' ', '\t']) || line.chars().any(needs_escape));
    if odd {
        return Written { head: double(text), tail: Vec::new() };
    }
    let head = if trailing == 0 { "|-" } else { "|" }.to_owned();
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{}{line}", spaces(indent)) };
    Written { head, tail: body.split('\n').map(line).collect() }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        ".nan".to_owned()
    } else if value.is_infinite() {
        if value > 0.0 { ".inf" } else { "-.inf" }.to_owned()
    } else {
        format!("{value:?}")
    }
}

/// Writes one word or sentence.
pub(in crate::card) fn word(text: &str, quotes: Quotes, in_flow: bool) -> String {
    let can_single = !text.chars().any(|c| needs_escape(c) || c == '\n');
    match quotes {
        Quotes::Free if is_plain(text, in_flow) => text.to_owned(),
        Quotes::Single if can_single => format!("'{}'", text.replace('\'', "''")),
        Quotes::Free | Quotes::Single | Quotes::Double => double(text),
    }
}

/// Words that other readers of YAML take for something else than text.
const TAKEN: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

fn is_plain(text: &str, in_flow: bool) -> bool {
    let indicators = "-?:,[]{}#&*!|>'\"%@`=~<";
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(|c| indicators.contains(c))
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && !(in_flow && text.contains([',', '[', ']', '{', '}', ':']))
        && !text.chars().any(|c| needs_escape(c) || c == '\n')
        && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
        && documents(text) == (vec![Node::Text(text.into())], None)
}

/// Characters that are not seen, or that end a line: never written as they are.
fn needs_escape(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}' | '\u{fffe}' | '\u{ffff}')
}

fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if needs_escape(c) => {
                let code = u32::from(c);
                out.push_str(&if code <= 0xff { format!("\\x{code:02x}") } else { format!("\\u{code:04x}") });
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_without_quotes_only_where_it_stays_text() {
        for (text, written) in [
            ("Azure Storage", "Azure Storage"),
            ("2026-11-23", "2026-11-23"),
            ("5", "\"5\""),
            ("true", "\"true\""),
            ("no", "\"no\""),
            ("", "\"\""),
            ("- a", "\"- a\""),
            ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""),
            (" a", "\" a\""),
            ("#92D050", "\"#92D050\""),
            ("a\u{7}b", "\"a\\x07b\""),
            ("null", "\"null\""),
            ("C#", "C#"),
            ("model knowledge (LLM, SLM)", "model knowledge (LLM, SLM)"),
        ] {
            assert_eq!(word(text, Quotes::Free, false), written);
            assert_eq!(documents(written).0, [Node::Text(text.into())]);
        }
        assert_eq!(word("a, b", Quotes::Free, true), "\"a, b\"");
        assert_eq!(word("it's", Quotes::Single, false), "'it''s'");
    }

    #[test]
    fn text_of_several_lines_is_a_block_where_that_says_it_exactly() {
        let written = below_key(&Node::Text("a\n\nb".into()), Quotes::Free, 0, Style { list_indent: 2 });
        assert_eq!(
            written,
            Written { head: "|-".into(), tail: vec!["  a".into(), String::new(), "  b".into()] }
        );
        let odd = below_key(&Node::Text(" a\nb".into()), Quotes::Free, 0, Style { list_indent: 2 });
        assert_eq!(odd.head, "\" a\\nb\"");
    }
}
