//! Other formats: what the library draws and tells, as text that other programs read, and what these
//! write, as drafts of cards. One file a format.
//!
//! Each is a pure function to a string. Where the text goes is for `cli`.

pub mod dot;
pub mod import;
pub mod mermaid;
pub mod svg;
pub mod text;

use crate::catalog::Catalog;
use crate::layout::picture::{Picture, Wire};

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
