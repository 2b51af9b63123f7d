//! Other formats: what the library draws and tells, as text that other programs read, and what these
//! write, as drafts of cards. One file a format.
//!
//! Each is a pure function to a string. Where the text goes is for `cli`.

pub mod agent_card;
pub mod cards;
pub mod cells;
pub mod csv;
pub mod dot;
pub mod import;
pub mod markdown;
pub mod mermaid;
pub mod policy;
pub mod pptx;
pub mod report;
pub mod sheets;
pub mod svg;
pub mod text;
pub mod xlsx;

use crate::catalog::{Catalog, Entity};
use crate::layout::picture::{Area, Node, Picture, Tone, Wire};

/// Text that a browser takes for nothing but text, in an element and in an attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Whether dark text is read better on a colour than light text.
fn is_light(red: u8, green: u8, blue: u8) -> bool {
    u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114 > 140_000
}

/// What a box of a picture says, in one line.
fn said(picture: &Picture, node: usize) -> String {
    let lines = picture.nodes.get(node).map_or(&[][..], |node| node.lines.as_slice());
    let lines: Vec<String> =
        lines.iter().map(|line| line.iter().map(|run| run.text.as_str()).collect::<String>()).collect();
    lines.join(", ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a box of a picture is called.
fn named(picture: &Picture, catalog: &Catalog, node: usize) -> String {
    match picture.nodes.get(node).and_then(|node| node.entity) {
        Some(entity) => crate::card::visible::visible(&catalog.label(entity)).into_owned(),
        None => said(picture, node),
    }
}

/// What a line means, between the names of its ends.
fn meaning(wire: &Wire) -> String {
    let verbs: Vec<&str> = wire.relations.iter().map(|relation| relation.verb()).collect();
    let label = wire.label.as_ref().map(|(_, run)| run.text.as_str());
    match (verbs.as_slice(), label) {
        ([], None) => "leads to".to_owned(),
        ([], Some(label)) => label.to_owned(),
        (verbs, None) => verbs.join(", "),
        (verbs, Some(label)) if verbs.contains(&label) => verbs.join(", "),
        (verbs, Some(label)) => format!("{} ({label})", verbs.join(", ")),
    }
}

/// The colour of a box that stands for a persona.
fn flag(node: &Node) -> Option<(u8, u8, u8)> {
    // A step or a component has the flags of several, and the colour of none.
    if matches!(node.entity, Some(Entity::Step(_) | Entity::Component(_))) {
        return None;
    }
    node.lines.iter().flatten().find_map(|run| match run.tone {
        Tone::Flag(red, green, blue) => Some((red, green, blue)),
        _ => None,
    })
}

/// A line of a listing of boxes within their frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// A frame begins, as a place in the picture's regions.
    Open(usize),
    /// A box.
    Box(usize),
    /// A frame ends.
    Close,
}

/// The boxes of a picture within its frames, each in the smallest that holds it, with the depth of each.
fn parts(picture: &Picture) -> Vec<(usize, Part)> {
    let holds = |outer: Area, inner: Area| {
        outer.x <= inner.x
            && outer.y <= inner.y
            && outer.right() >= inner.right()
            && outer.bottom() >= inner.bottom()
    };
    let size = |area: Area| u64::from(area.width) * u64::from(area.height);
    let home = |area: Area| {
        let around = picture.regions.iter().enumerate().filter(|(_, region)| holds(region.area, area));
        let around = around.filter(|(_, region)| size(region.area) > size(area));
        around.min_by_key(|(_, region)| size(region.area)).map(|(place, _)| place)
    };
    let mut inside: Vec<Vec<Part>> = vec![Vec::new(); picture.regions.len() + 1];
    for (place, region) in picture.regions.iter().enumerate() {
        inside[home(region.area).map_or(0, |home| home + 1)].push(Part::Open(place));
    }
    for (place, node) in picture.nodes.iter().enumerate() {
        inside[home(node.area).map_or(0, |home| home + 1)].push(Part::Box(place));
    }
    let mut out = Vec::new();
    let mut stack: Vec<std::vec::IntoIter<Part>> = vec![std::mem::take(&mut inside[0]).into_iter()];
    while let Some(top) = stack.last_mut() {
        match top.next() {
            Some(part) => {
                out.push((stack.len(), part));
                if let Part::Open(region) = part {
                    stack.push(std::mem::take(&mut inside[region + 1]).into_iter());
                }
            }
            None => {
                stack.pop();
                if !stack.is_empty() {
                    out.push((stack.len(), Part::Close));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod testing {
    use crate::analysis::testing::analysis;
    use crate::analysis::{Analysis, effective::Context, lens::Lens, lens::Overlay};
    use crate::layout::graph::{Request, draw};
    use crate::layout::picture::Picture;

    /// Names that try to be markup, a string's end, a command, or an escape sequence.
    pub const HOSTILE: &str = "kind: Persona\nid: P1\nname: 'a\"]; <script>&amp; \\\" `x` #35; --> end %%{'\nteam: \"\\e[31mRed\"\ncolor: '#123456'\ncomponent_access: ['Store \"A\"; <b>', subgraph, {end: write}]\nprocesses: [Build]\n---\nkind: Process\nname: Build\nsteps: [{name: s, uses: [']]>--', class], skills: ['click']}]\n";

    /// The graph of a catalog.
    pub fn graph(text: &str, ascii: bool) -> (Analysis, Picture) {
        let analysis = analysis(text);
        let context = Context::default();
        let lens = Lens { overlay: Overlay::All, context: &context };
        let focus = analysis.catalog.find("P1")[0];
        let drawing = draw(&analysis, lens, &Request { ascii, ..Request::around(focus, None) });
        (analysis, drawing.picture)
    }
}
