//! The layered drawing of the graph, and the maps, at 100, 1,000 and 10,000 boxes: laying them out, and
//! drawing a window. Beside it, as a baseline, another engine on the same graphs. Run by hand: `cargo bench --bench pictures`.

use std::sync::Arc;

use divan::{Bencher, black_box};
use persona_workbench::analysis::Analysis;
use persona_workbench::card::parse_text;
use persona_workbench::catalog::{Input, build};
use persona_workbench::layout::graph::order::{Bundling, Edge};
use persona_workbench::layout::graph::{Laid, Measure, lay, rank::ranks};
use persona_workbench::layout::picture::{Area, Frame, Node, Picture, Run, Tone, Weight, Wire};
use persona_workbench::layout::raster::{Emphasis, Raster};
use persona_workbench::layout::{architecture_map, process_map};

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

/// A catalog of so many steps in processes of ten, three environments, and as many components in layers.
fn catalog(boxes: usize) -> Analysis {
    let mut text = String::new();
    for process in 0..boxes / 10 {
        text.push_str(&format!("kind: Process\nname: P{process}\nsteps:\n"));
        for step in 0..10 {
            let (lane, next) = (["dev", "stage", "prod"][step / 4], (step + 1) % 10);
            let used = (process * 7 + step) % boxes;
            text.push_str(&format!(
                "  - {{id: s{step}, environments: [{lane}], uses: [C{used}: write], performers: [A{}], next: [s{next}, {{process: P{}, step: s0}}]}}\n",
                process % 50,
                process + 1
            ));
        }
        text.push_str("---\n");
    }
    text.push_str("kind: PersonaList\nitems:\n");
    for persona in 0..50 {
        text.push_str(&format!("  - {{name: A{persona}, component_access: [C{persona}: write]}}\n"));
    }
    text.push_str("---\nkind: ComponentList\nitems:\n");
    for component in 0..boxes {
        let to = (component * 31 + 7) % boxes;
        text.push_str(&format!(
            "  - {{name: C{component}, layer: L{}, flows_to: [{{component: C{to}, label: data}}]}}\n",
            component * 8 / boxes
        ));
    }
    let files = vec![Arc::new(parse_text("a.yaml", &text))];
    let input = Input { folder: "bench".into(), path: "bench".into(), files, problems: Vec::new() };
    Analysis::of(Arc::new(build(input)), jiff::civil::date(2026, 11, 23))
}

/// The process map, from the analysis to the picture.
#[divan::bench(args = SIZES, sample_count = 5)]
fn process_map(bencher: Bencher<'_, '_>, boxes: usize) {
    let analysis = catalog(boxes);
    bencher.bench_local(|| black_box(process_map::draw(&analysis, &process_map::Request::default())));
}

/// The architecture map, from the analysis to the picture.
#[divan::bench(args = SIZES, sample_count = 5)]
fn architecture_map(bencher: Bencher<'_, '_>, boxes: usize) {
    let analysis = catalog(boxes);
    bencher
        .bench_local(|| black_box(architecture_map::draw(&analysis, &architecture_map::Request::default())));
}

/// A window of 200 by 60 cells of the process map.
#[divan::bench(args = SIZES, sample_count = 20)]
fn process_map_window(bencher: Bencher<'_, '_>, boxes: usize) {
    let map = process_map::draw(&catalog(boxes), &process_map::Request::default());
    let part = Area::new(0, map.picture.height / 2, 200, 60);
    bencher.bench_local(|| black_box(Raster::of(&map.picture, part, false)));
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
