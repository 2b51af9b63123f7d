//! The layered drawing of the graph at 100, 1,000 and 10,000 boxes: laying it out, and drawing a window
//! of it. Beside it, as a baseline, another engine on the same graphs. Run by hand: `cargo bench --bench pictures`.

use divan::{Bencher, black_box};
use persona_workbench::layout::graph::order::{Bundling, Edge};
use persona_workbench::layout::graph::{Laid, Measure, lay, rank::ranks};
use persona_workbench::layout::picture::{Area, Frame, Node, Picture, Run, Tone, Weight, Wire};
use persona_workbench::layout::raster::{Emphasis, Raster};

const SIZES: [usize; 3] = [100, 1_000, 10_000];
const BOXES: Measure = Measure { room: (1, 2), gap: 0, beside: 1, bundling: Bundling::Shared };

fn main() {
    divan::main();
}

/// Two and a half edges a box, most of which lead from one kind to the next or the one behind it.
fn graph(boxes: usize) -> (Vec<usize>, Vec<Edge>) {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = |most: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % most.max(1)
    };
    let kinds: Vec<usize> = (0..boxes).map(|place| place * 6 / boxes).collect();
    let of = |kind: usize| (kind * boxes).div_ceil(6)..((kind + 1) * boxes).div_ceil(6);
    let mut known = std::collections::HashSet::new();
    let mut edges = Vec::new();
    while edges.len() < boxes * 5 / 2 {
        let from = below(boxes);
        let kind = (kinds[from] + [0, 1, 1, 1, 1, 2, 2, 3][below(8)]).min(5);
        let range = of(kind);
        let to = range.start + below(range.len());
        let class = if below(6) == 0 { 3 } else { 0 };
        if from != to && known.insert((from, to)) {
            edges.push(Edge { from, to, class });
        }
    }
    (kinds, edges)
}

fn laid(boxes: usize) -> (Laid, Vec<Edge>) {
    let (kinds, edges) = graph(boxes);
    (lay(&kinds, &edges, &vec![20; boxes], BOXES), edges)
}

/// Layers by kind, as the canvas draws them.
#[divan::bench(args = SIZES)]
fn layout_by_kind(bencher: Bencher<'_, '_>, boxes: usize) {
    let (kinds, edges) = graph(boxes);
    let widths = vec![20; boxes];
    bencher.bench_local(|| black_box(lay(&kinds, &edges, &widths, BOXES)));
}

/// Layers by what leads to what.
#[divan::bench(args = [100, 1_000])]
fn layout_by_rank(bencher: Bencher<'_, '_>, boxes: usize) {
    let (_, edges) = graph(boxes);
    let widths = vec![20; boxes];
    bencher.bench_local(|| black_box(lay(&ranks(boxes, &edges), &edges, &widths, BOXES)));
}

/// The baseline: another engine of this kind, which routes nothing around boxes.
#[divan::bench(args = [100, 1_000], sample_count = 3)]
fn baseline_dagre(bencher: Bencher<'_, '_>, boxes: usize) {
    use dagre::graph::{Graph, GraphOptions};
    let (_, edges) = graph(boxes);
    bencher.bench_local(|| {
        let options = GraphOptions { directed: true, multigraph: true, compound: true };
        let mut graph: Graph<dagre::NodeLabel, dagre::EdgeLabel> = Graph::with_options(options);
        for place in 0..boxes {
            graph.set_node(place.to_string(), Some(dagre::NodeLabel::default()));
        }
        for edge in &edges {
            let (from, to) = (edge.from.to_string(), edge.to.to_string());
            graph.set_edge(&from, &to, Some(dagre::EdgeLabel::default()), None);
        }
        dagre::layout(&mut graph, None);
        black_box(graph.node_count())
    });
}

/// A window of 200 by 60 cells in the middle of the picture.
#[divan::bench(args = SIZES)]
fn window(bencher: Bencher<'_, '_>, boxes: usize) {
    let (laid, edges) = laid(boxes);
    let nodes: Vec<Node> = laid
        .areas
        .iter()
        .map(|area| Node {
            entity: None,
            area: *area,
            frame: Frame::Thin,
            tone: Tone::Plain,
            lines: vec![vec![Run::new("a box of the graph", Tone::Plain)]],
        })
        .collect();
    let wires = edges
        .iter()
        .zip(&laid.lines)
        .map(|(edge, points)| Wire {
            from: edge.from,
            to: edge.to,
            points: points.clone(),
            weight: if edge.class == 0 { Weight::Light } else { Weight::Heavy },
            tone: Tone::Plain,
            arrow: true,
            relations: Vec::new(),
            label: None,
        })
        .collect();
    let (width, height) = laid.size;
    let picture = Picture { width, height, nodes, wires, ..Picture::default() };
    let emphasis = Emphasis::around(&picture, boxes / 2);
    let middle = picture.nodes[boxes / 2].area;
    let part = Area::new(middle.x.saturating_sub(100), middle.y.saturating_sub(30), 200, 60);
    bencher.bench_local(|| black_box(Raster::with(&picture, part, false, &emphasis)));
}
