//! A picture's boxes and lines as a Mermaid flowchart, which many wikis and forges draw.

use std::fmt::Write as _;

use crate::layout::picture::{Frame, Picture, Tone, Weight};

use super::{Part, flag, meaning, parts};

/// The picture as a flowchart.
#[must_use]
pub fn mermaid(picture: &Picture) -> String {
    let mut out = String::from("flowchart LR\n");
    let _ = writeln!(out, "  accTitle: {}", one_line(&picture.title));
    let _ = writeln!(out, "  accDescr: {}", one_line(&picture.description));
    for (depth, part) in parts(picture) {
        let lead = "  ".repeat(depth);
        let place = match part {
            Part::Open(region) => {
                let title = escaped(picture.regions[region].title.text.trim());
                let _ = writeln!(out, "{lead}subgraph r{region} [\"{title}\"]");
                continue;
            }
            Part::Close => {
                let _ = writeln!(out, "{lead}end");
                continue;
            }
            Part::Box(place) => place,
        };
        let node = &picture.nodes[place];
        let lines: Vec<String> = node
            .lines
            .iter()
            .map(|line| escaped(line.iter().map(|run| run.text.as_str()).collect::<String>().trim()))
            .collect();
        let label = lines.join("<br/>");
        let _ = match node.frame {
            Frame::Round => writeln!(out, "{lead}n{place}(\"{label}\")"),
            _ => writeln!(out, "{lead}n{place}[\"{label}\"]"),
        };
    }
    for wire in &picture.wires {
        let line = match (wire.weight, wire.arrow) {
            (Weight::Light, true) => "-->",
            (Weight::Light, false) => "---",
            (Weight::Heavy, true) => "==>",
            (Weight::Heavy, false) => "===",
            (Weight::Dashed | Weight::Dotted, true) => "-.->",
            (Weight::Dashed | Weight::Dotted, false) => "-.-",
        };
        let _ = writeln!(out, "  n{} {line}|\"{}\"| n{}", wire.from, escaped(&meaning(wire)), wire.to);
    }
    for (weight, style) in [
        (Weight::Heavy, "stroke:#b81430,stroke-width:3px"),
        (Weight::Dashed, "stroke:#945b00"),
        (Weight::Dotted, "stroke:#945b00"),
    ] {
        let lines: Vec<String> = (0..picture.wires.len())
            .filter(|wire| picture.wires[*wire].weight == weight)
            .map(|wire| wire.to_string())
            .collect();
        if !lines.is_empty() {
            let _ = writeln!(out, "  linkStyle {} {style}", lines.join(","));
        }
    }
    for (place, node) in picture.nodes.iter().enumerate() {
        let mut style = Vec::new();
        if let Some((red, green, blue)) = flag(node) {
            let light = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 > 140_000;
            style.push(format!("fill:#{red:02x}{green:02x}{blue:02x}"));
            style.push(format!("color:{}", if light { "#101010" } else { "#fafafa" }));
        }
        match (node.tone, node.frame) {
            (Tone::Strong, _) => style.push("stroke-width:3px".to_owned()),
            (_, Frame::Dashed) => style.push("stroke-dasharray:5 4".to_owned()),
            (Tone::Gap(_), _) => style.push("stroke:#b81430".to_owned()),
            _ => {}
        }
        if !style.is_empty() {
            let _ = writeln!(out, "  style n{place} {}", style.join(","));
        }
    }
    out
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter == ';' { ',' } else { letter }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text in quotes: what the language or Markdown would take for its own is written as a number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '*' | '_' | '[' | ']' | '{' | '}' | '(' | ')'
            | '|' | '%' | ';' | '$' | '~' => {
                let _ = write!(out, "#{};", u32::from(letter));
            }
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HOSTILE, graph};
    use super::*;

    #[test]
    fn nothing_of_a_name_is_the_languages_own() {
        let (_, picture) = graph(HOSTILE, false);
        let text = mermaid(&picture);
        for line in text.lines().filter(|line| line.starts_with("  n")) {
            assert_eq!(line.matches('"').count() % 2, 0, "{line}");
            assert!(!line.contains("<script") && !line.contains("%%"), "{line}");
        }
        assert!(text.contains("==>|") && text.contains("-.->|"), "{text}");
        assert!(text.contains("fill:#123456,color:#fafafa"));
    }
}
