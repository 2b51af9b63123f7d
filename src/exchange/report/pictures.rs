//! Pictures for a report: both maps and the whole graph, from the layouts that the screen and the SVG
//! have, as shapes that the page's script draws, so that each box leads to its card.

use serde::Serialize;

use super::data::Numbers;
use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::lens::{Lens, Overlay};
use crate::catalog::Entity;
use crate::exchange::is_light;
use crate::exchange::svg::{CELL, arrow, class, node_title, outline, path, route, weight, wire_title};
use crate::layout::architecture_map::views::views;
use crate::layout::picture::{Frame, Node, Picture, Point, Run, Tone};
use crate::layout::{architecture_map, graph, process_map};

/// A piece of text: x, y, width, words, tone or colour, and what it stands for.
type RunData = (u32, u32, u32, String, String, Option<u32>);
/// A lane or a layer: x, y, width, height, class, title.
type RegionData = (u32, u32, u32, u32, &'static str, RunData);
/// A line: class, weight, path, head, what it says, label, the boxes at its ends.
type WireData = (&'static str, &'static str, String, String, String, Option<RunData>, usize, usize);
/// A box: x, y, width, height, frame, class, what it says, what it stands for, its text.
type NodeData = (u32, u32, u32, u32, &'static str, &'static str, String, Option<u32>, Vec<RunData>);

/// A picture to choose.
#[derive(Serialize)]
pub(super) struct MapData {
    /// `graph`, `process` or `architecture`.
    kind: &'static str,
    /// What it is called among those of its kind.
    name: String,
    picture: PictureData,
}

#[derive(Serialize)]
struct PictureData {
    title: String,
    description: String,
    width: u32,
    height: u32,
    regions: Vec<RegionData>,
    wires: Vec<WireData>,
    nodes: Vec<NodeData>,
    captions: Vec<RunData>,
    /// Class, weight, words.
    legend: Vec<(&'static str, &'static str, String)>,
}

/// As many boxes of a kind are drawn in the whole graph; more are folded.
const MOST: usize = 60;

/// In a graph of more boxes no line can be followed; then it shows what findings are about only.
const READABLE: usize = 220;

/// Every picture that has something in it.
pub(super) fn maps(analysis: &Analysis, numbers: &mut Numbers) -> Vec<MapData> {
    let mut out = Vec::new();
    let mut add = |kind: &'static str, name: String, picture: &Picture| {
        if !picture.nodes.is_empty() {
            out.push(MapData { kind, name, picture: picture_data(analysis, numbers, picture) });
        }
    };
    let context = Context::default();
    let whole = graph::Request {
        focus: None,
        hops: None,
        layers: graph::Layers::Kind,
        zoom: crate::layout::picture::Zoom::Boxes,
        most: MOST,
        unfolded: std::collections::BTreeSet::new(),
        ascii: false,
    };
    let drawn = |overlay| graph::draw(analysis, Lens { overlay, context: &context }, &whole).picture;
    let all = drawn(Overlay::All);
    if all.nodes.len() > READABLE {
        add("graph", "Gaps".to_owned(), &drawn(Overlay::Findings));
    } else {
        add("graph", "All".to_owned(), &all);
    }
    let map = process_map::draw(analysis, &process_map::Request::default());
    add("process", "All processes".to_owned(), &map.picture);
    let all = views(&analysis.catalog);
    let request =
        |view| architecture_map::Request { view, width: 180, ..architecture_map::Request::default() };
    let whole = architecture_map::draw(analysis, &request(None));
    add("architecture", "All layers".to_owned(), &whole.picture);
    for view in all {
        let name = crate::card::visible::visible(&view.name).into_owned();
        add("architecture", name, &architecture_map::draw(analysis, &request(Some(view))).picture);
    }
    out
}

fn picture_data(analysis: &Analysis, numbers: &mut Numbers, picture: &Picture) -> PictureData {
    let catalog = &analysis.catalog;
    let regions = picture.regions.iter().map(|region| {
        let (x, y, width, height) = outline(region.area);
        let at = Point::new(region.area.x + region.inset, region.area.y);
        (x, y, width, height, class(region.tone), run(numbers, at, &region.title))
    });
    let regions = regions.collect();
    let mut wires = Vec::new();
    for wire in picture.wires.iter().filter(|wire| wire.points.len() > 1) {
        let points = route(picture, wire);
        let head = match (wire.arrow, points.as_slice()) {
            (true, [.., before, end]) => arrow(*before, *end),
            _ => String::new(),
        };
        let label = wire.label.as_ref().map(|(at, label)| run(numbers, *at, label));
        let said = wire_title(picture, catalog, wire);
        wires.push((
            class(wire.tone),
            weight(wire.weight),
            path(&points),
            head,
            said,
            label,
            wire.from,
            wire.to,
        ));
    }
    let nodes = (0..picture.nodes.len()).map(|place| {
        let node = &picture.nodes[place];
        let (x, y, width, height) = outline(node.area);
        let entity = node.entity.map(|entity| numbers.number(entity));
        let text = lines(numbers, node);
        let frame = match node.frame {
            Frame::Thin => "thin",
            Frame::Round => "round",
            Frame::Heavy => "heavy",
            Frame::Dashed => "dashed",
            Frame::Double => "double",
            Frame::Bare => "bare",
        };
        (x, y, width, height, frame, class(node.tone), node_title(picture, catalog, place), entity, text)
    });
    let nodes = nodes.collect();
    let captions = picture.captions.iter().flat_map(|caption| runs(numbers, caption.at, &caption.runs));
    let captions = captions.collect();
    let legend = picture.legend.iter().map(|key| (class(key.tone), weight(key.weight), key.text.clone()));
    PictureData {
        title: picture.title.clone(),
        description: picture.description.clone(),
        width: picture.width * CELL.0,
        height: picture.height * CELL.1,
        regions,
        wires,
        nodes,
        captions,
        legend: legend.collect(),
    }
}

fn lines(numbers: &mut Numbers, node: &Node) -> Vec<RunData> {
    let inset = u32::from(node.frame != Frame::Bare);
    let mut out = Vec::new();
    for (row, line) in (0_u32..).zip(&node.lines) {
        out.extend(runs(numbers, Point::new(node.area.x + inset, node.area.y + inset + row), line));
    }
    out
}

fn runs(numbers: &mut Numbers, at: Point, line: &[Run]) -> Vec<RunData> {
    let mut x = at.x;
    let mut out = Vec::new();
    for piece in line {
        if piece.width() > 0 {
            out.push(run(numbers, Point::new(x, at.y), piece));
        }
        x += piece.width();
    }
    out
}

fn run(numbers: &mut Numbers, at: Point, run: &Run) -> RunData {
    let tone = match run.tone {
        Tone::Flag(red, green, blue) => {
            let on = if is_light(red, green, blue) { "light" } else { "dark" };
            format!("#{red:02x}{green:02x}{blue:02x} {on}")
        }
        tone => class(tone).to_owned(),
    };
    let entity = run.entity.filter(|entity| matches!(entity, Entity::Persona(_) | Entity::Process(_)));
    let entity = entity.map(|entity| numbers.number(entity));
    (at.x * CELL.0, at.y * CELL.1, run.width() * CELL.0, run.text.clone(), tone, entity)
}
