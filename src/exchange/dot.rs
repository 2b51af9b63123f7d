//! A picture's boxes and lines as DOT, for Graphviz: it finds its own places for them.

use std::fmt::Write as _;

use crate::catalog::Catalog;
use crate::layout::picture::{Frame, Picture, Tone, Weight};

use super::{Part, flag, meaning, named, parts};

/// The picture as a digraph.
#[must_use]
pub fn dot(picture: &Picture, catalog: &Catalog) -> String {
    let mut out = format!(
        "// {}\ndigraph {{\n  graph [rankdir=LR, label={}, labelloc=t, fontname=\"Helvetica\"];\n  node [shape=box, fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=9, color=\"#606779\"];\n",
        one_line(&picture.description),
        quoted(&picture.title),
    );
    for (depth, part) in parts(picture) {
        let lead = "  ".repeat(depth);
        let place = match part {
            Part::Open(region) => {
                let title = picture.regions[region].title.text.trim();
                let _ = writeln!(
                    out,
                    "{lead}subgraph cluster{region} {{\n{lead}  label={}; color=\"#8b93a5\"; fontname=\"Helvetica\";",
                    quoted(title)
                );
                continue;
            }
            Part::Close => {
                let _ = writeln!(out, "{lead}}}");
                continue;
            }
            Part::Box(place) => place,
        };
        let node = &picture.nodes[place];
        let lines: Vec<String> =
            node.lines.iter().map(|line| line.iter().map(|run| run.text.as_str()).collect()).collect();
        let style = match node.frame {
            Frame::Thin => "solid",
            Frame::Round => "rounded",
            Frame::Heavy | Frame::Double => "bold",
            Frame::Dashed => "dashed",
            Frame::Bare => "solid",
        };
        let mut more = String::new();
        if let Tone::Gap(_) = node.tone {
            more.push_str(", color=\"#b81430\"");
        }
        if node.tone == Tone::Strong {
            more.push_str(", penwidth=2.5");
        }
        let style = match flag(node) {
            Some((red, green, blue)) => {
                let _ = write!(more, ", fillcolor=\"#{red:02x}{green:02x}{blue:02x}\"");
                let light = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 > 140_000;
                more.push_str(if light { "" } else { ", fontcolor=white" });
                format!("\"{style},filled\"")
            }
            None => style.to_owned(),
        };
        let _ = writeln!(
            out,
            "{lead}n{place} [label={}, tooltip={}, style={style}{more}];",
            quoted(&lines.join("\n")),
            quoted(&named(picture, catalog, place)),
        );
    }
    for wire in &picture.wires {
        let style = match wire.weight {
            Weight::Light => "",
            Weight::Heavy => ", color=\"#b81430\", penwidth=2.5",
            Weight::Dashed => ", color=\"#945b00\", style=dashed",
            Weight::Dotted => ", color=\"#945b00\", style=dotted",
        };
        let head = if wire.arrow { "" } else { ", dir=none" };
        let _ = writeln!(
            out,
            "  n{} -> n{} [label={}{style}{head}];",
            wire.from,
            wire.to,
            quoted(&meaning(wire))
        );
    }
    out.push_str("}\n");
    out
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string of DOT. A backslash would begin an escape that means something there.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Entities are decoded there.
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HOSTILE, graph};
    use super::*;

    #[test]
    fn names_stay_inside_their_quotes() {
        let (analysis, picture) = graph(HOSTILE, false);
        let text = dot(&picture, &analysis.catalog);
        for line in text.lines().filter(|line| line.starts_with("  n")) {
            let mut inside = false;
            let mut escape = false;
            for letter in line.chars() {
                match (letter, escape) {
                    (_, true) => escape = false,
                    ('\\', false) => escape = true,
                    ('"', false) => inside = !inside,
                    _ => {}
                }
            }
            assert!(!inside && line.ends_with("];"), "{line}");
        }
        assert_eq!(text.matches(" -> ").count(), picture.wires.len());
        assert!(text.contains("style=dashed") && text.contains("penwidth=2.5"));
    }
}
