//! The graph around a focus as a layered drawing: columns of boxes, and lines routed between them.
//!
//! `gather` says what is drawn, [`rank`] in which layer it stands where kinds do not say so,
//! [`order`] in which order, [`place`] on which rows, and [`route`] which way lines take. The same
//! input gives the same picture. Nothing here scrolls or selects; that is for whoever shows it.

pub mod gather;
pub mod order;
pub mod place;
pub mod rank;
pub mod route;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::analysis::Analysis;
use crate::analysis::lens::{Lens, sign, title};
use crate::analysis::view::Mark;
use crate::catalog::{Entity, EntityKind, PersonaId};

use super::picture::{
    Area, Frame, Key, Node, Picture, Point, Run, Tone, Weight, Wire, Zoom, fit, flag_color,
};
use gather::{Gathered, Item, column, gather};
use order::{Bundling, Edge, Layered};

/// The widest box, in columns.
const WIDEST: u32 = 28;
/// As many boxes of a layer may stand apart; of more the layer is packed.
const APART: usize = 8;

/// By what boxes are put into layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layers {
    /// Teams and people, personas, processes, steps, components, skills.
    #[default]
    Kind,
    /// By what leads to what.
    Rank,
}

impl Layers {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Rank => "rank",
        }
    }
}

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it is about.
    pub focus: Option<Entity>,
    /// How many hops around the focus; none: everything.
    pub hops: Option<usize>,
    /// By what boxes are put into layers.
    pub layers: Layers,
    /// How much of each box is shown.
    pub zoom: Zoom,
    /// More boxes of a kind than this are folded into one.
    pub most: usize,
    /// The columns that are not folded, by `column` of a kind.
    pub unfolded: BTreeSet<usize>,
    /// Signs of ASCII only.
    pub ascii: bool,
}

impl Request {
    /// The graph some hops around a focus.
    #[must_use]
    pub fn around(focus: Entity, hops: Option<usize>) -> Self {
        Self {
            focus: Some(focus),
            hops,
            layers: Layers::Kind,
            zoom: Zoom::Boxes,
            most: 40,
            unfolded: BTreeSet::new(),
            ascii: false,
        }
    }
}

/// A picture, and what its boxes stand for.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// The picture.
    pub picture: Picture,
    /// What each of its boxes is, in their order.
    pub items: Vec<Item>,
    /// What each of its boxes is called, in full.
    pub said: Vec<String>,
    /// What is said of each of its lines.
    pub marks: Vec<Mark>,
    /// How many lines cross.
    pub crossings: usize,
}

/// Where boxes and lines lie that are given by numbers only.
#[derive(Clone, Debug)]
pub struct Laid {
    /// The boxes.
    pub areas: Vec<Area>,
    /// Of each edge its corners.
    pub lines: Vec<Vec<Point>>,
    /// Columns and rows of all.
    pub size: (u32, u32),
    /// Boxes in layers, in order.
    pub layered: Layered,
}

/// The size of boxes, and how they stand.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Rows of a box above and below the row of its lines.
    pub room: (u32, u32),
    /// Empty rows between boxes.
    pub gap: u32,
    /// How far below its row a box's lines to its own layer, and to those before it, begin and end.
    pub beside: u32,
    /// Whether edges share their way.
    pub bundling: Bundling,
}

/// Draws the graph.
#[must_use]
pub fn draw(analysis: &Analysis, lens: Lens<'_>, request: &Request) -> Drawing {
    let gathered = gather(analysis, lens, request);
    let edges: Vec<Edge> = gathered.links.iter().map(|link| link.edge).collect();
    let layer_of = match request.layers {
        Layers::Kind => by_kind(analysis, &gathered),
        Layers::Rank => rank::ranks(gathered.items.len(), &edges),
    };
    let mut nodes: Vec<Node> = gathered.items.iter().map(|item| node(analysis, item, request)).collect();
    let widths: Vec<u32> = nodes.iter().map(|node| node.area.width).collect();
    let largest = largest(&layer_of);
    let measure = match request.zoom {
        Zoom::Boxes => Measure {
            room: (1, 2),
            gap: if largest > APART { 0 } else { 1 },
            beside: 1,
            bundling: Bundling::Shared,
        },
        Zoom::Names | Zoom::Dots => Measure { room: (0, 0), gap: 0, beside: 0, bundling: Bundling::Shared },
    };
    let laid = lay(&layer_of, &edges, &widths, measure);
    for (node, area) in nodes.iter_mut().zip(&laid.areas) {
        node.area = *area;
    }
    let wires = gathered
        .links
        .iter()
        .zip(&laid.lines)
        .map(|(link, points)| Wire {
            from: link.edge.from,
            to: link.edge.to,
            points: points.clone(),
            weight: weight(link.mark),
            tone: tone(link.mark),
            arrow: true,
            relations: link.relations.clone(),
            label: None,
        })
        .collect();
    let (title, description) = words(analysis, &gathered, request);
    Drawing {
        picture: Picture {
            title,
            description,
            width: laid.size.0,
            height: laid.size.1,
            wires,
            nodes,
            legend: legend(&gathered),
            ..Picture::default()
        },
        said: gathered
            .items
            .iter()
            .map(|item| match item {
                Item::One(entity) => analysis.catalog.label(*entity),
                Item::Folded(_, entities) => {
                    let names: Vec<String> =
                        entities.iter().map(|entity| analysis.catalog.label(*entity)).collect();
                    names.join(", ")
                }
            })
            .collect(),
        marks: gathered.links.iter().map(|link| link.mark).collect(),
        crossings: laid.layered.crossings(),
        items: gathered.items,
    }
}

/// Lays out boxes of given widths in given layers, and routes edges between them.
#[must_use]
pub fn lay(layer_of: &[usize], edges: &[Edge], widths: &[u32], measure: Measure) -> Laid {
    let mut layered = Layered::of(layer_of, edges, measure.bundling);
    layered.uncross();
    let rows = place::rows(&layered, measure.room, measure.gap);
    let wide: Vec<u32> = layered
        .layers
        .iter()
        .map(|layer| layer.iter().filter_map(|item| widths.get(*item)).copied().max().unwrap_or(1))
        .collect();
    let routed = route::route(&layered, edges, &rows, &wide, measure.beside);
    let (above, below) = measure.room;
    let areas: Vec<Area> = (0..layered.boxes)
        .map(|item| {
            let layer = layered.layer_of[item];
            Area::new(routed.columns[layer], rows[item] - above, wide[layer], above + below + 1)
        })
        .collect();
    let lines = rows.iter().map(|row| row + 1).max().unwrap_or(0);
    let height = areas.iter().map(|area| area.bottom()).max().unwrap_or(0).max(lines).max(routed.height);
    Laid { areas, lines: routed.lines, size: (routed.width, height), layered }
}

fn largest(layer_of: &[usize]) -> usize {
    let mut counts = std::collections::HashMap::new();
    for layer in layer_of {
        *counts.entry(*layer).or_insert(0_usize) += 1;
    }
    counts.into_values().max().unwrap_or(0)
}

/// Layers by kind; a kind of which nothing is shown takes no room.
fn by_kind(analysis: &Analysis, gathered: &Gathered) -> Vec<usize> {
    let columns: Vec<usize> = gathered.items.iter().map(|item| column(kind(analysis, item))).collect();
    let used: BTreeSet<usize> = columns.iter().copied().collect();
    let used: Vec<usize> = used.into_iter().collect();
    columns.into_iter().map(|column| used.iter().position(|used| *used == column).unwrap_or(0)).collect()
}

/// The kind of what a box stands for.
#[must_use]
pub fn kind(analysis: &Analysis, item: &Item) -> EntityKind {
    match item {
        Item::One(entity) => analysis.catalog.kind(*entity),
        Item::Folded(kind, _) => *kind,
    }
}

/// How a line is drawn by what is said of it.
#[must_use]
pub fn weight(mark: Mark) -> Weight {
    match gather::class(mark) {
        0 => Weight::Light,
        1 => Weight::Dotted,
        2 => Weight::Dashed,
        _ => Weight::Heavy,
    }
}

/// What the lines mean of which there are any.
fn legend(gathered: &Gathered) -> Vec<Key> {
    [
        (Mark::Plain, "as it should be"),
        (Mark::TooWide, "more than is needed"),
        (Mark::Missing, "missing"),
        (Mark::Undeclared, "no card"),
    ]
    .into_iter()
    .filter(|(mark, _)| gathered.links.iter().any(|link| link.edge.class == gather::class(*mark)))
    .map(|(mark, text)| Key { weight: weight(mark), tone: tone(mark), text: text.to_owned() })
    .collect()
}

/// What a line is marked with.
fn tone(mark: Mark) -> Tone {
    match gather::class(mark) {
        0 | 1 => Tone::Marked(Mark::Plain),
        _ => Tone::Marked(mark),
    }
}

/// A box with its text, as wide as that needs.
fn node(analysis: &Analysis, item: &Item, request: &Request) -> Node {
    let focus = matches!(item, Item::One(entity) if Some(*entity) == request.focus);
    let (head, facts, entity) = match item {
        Item::One(entity) => {
            (head(analysis, *entity, request, focus), facts(analysis, *entity, request), Some(*entity))
        }
        Item::Folded(kind, entities) => {
            let word = if entities.len() == 1 { kind.word() } else { kind.plural() };
            let text = format!("+{} {word}", entities.len());
            let worst = entities.iter().filter_map(|entity| analysis.worst(*entity)).min();
            let mut facts = vec![Run::new("not shown", Tone::Faint)];
            facts.extend(
                worst.map(|worst| Run::new(&format!("  {}", worst.badge(request.ascii)), Tone::Gap(worst))),
            );
            (vec![Run::new(&text, Tone::Strong)], facts, None)
        }
    };
    let lines = match request.zoom {
        Zoom::Boxes => vec![head, facts],
        Zoom::Names => vec![head],
        Zoom::Dots => {
            let mut first = head;
            first.truncate(1);
            if let Some(run) = first.first_mut() {
                run.text = match item {
                    Item::One(entity) => sign(&analysis.catalog, *entity, request.ascii).to_owned(),
                    Item::Folded(_, entities) => format!("+{}", entities.len()),
                };
            }
            vec![first]
        }
    };
    let lines = match request.zoom {
        // Without a frame a blank keeps the name apart from lines.
        Zoom::Names => lines
            .into_iter()
            .map(|line| {
                let blank = || std::iter::once(Run::new(" ", Tone::Plain));
                blank().chain(line).chain(blank()).collect()
            })
            .collect(),
        Zoom::Boxes | Zoom::Dots => lines,
    };
    let wide = lines.iter().map(|line| line.iter().map(Run::width).sum::<u32>()).max().unwrap_or(1).max(1);
    let (frame, inset) = match (request.zoom, item) {
        (Zoom::Boxes, Item::One(entity)) if !analysis.catalog.is_declared(*entity) => (Frame::Dashed, 2),
        (Zoom::Boxes, Item::One(Entity::Persona(_) | Entity::Person(_) | Entity::Team(_))) => {
            (Frame::Round, 2)
        }
        (Zoom::Boxes, _) => (Frame::Thin, 2),
        (Zoom::Names | Zoom::Dots, _) => (Frame::Bare, 0),
    };
    let worst = entity.and_then(|entity| analysis.worst(entity));
    let tone = match worst {
        _ if focus => Tone::Strong,
        Some(severity) if severity.at_least(crate::analysis::Severity::High) => Tone::Gap(severity),
        _ => Tone::Faint,
    };
    Node { entity, area: Area::new(0, 0, wide + inset, 1), frame, tone, lines }
}

/// What something is called, with its sign, a persona with its flag.
fn head(analysis: &Analysis, entity: Entity, request: &Request, focus: bool) -> Vec<Run> {
    let catalog = &analysis.catalog;
    let tone = if focus { Tone::Strong } else { Tone::Plain };
    let sign = sign(catalog, entity, request.ascii);
    match entity {
        Entity::Persona(id) => {
            let persona = &catalog.personas[id.index()];
            let id = persona.id.written();
            let (red, green, blue) = flag_color(persona.color.as_deref(), id);
            let flag =
                if persona.id == persona.name { sign.to_owned() } else { format!("{sign} {}", fit(id, 10)) };
            let flag = Run::new(&flag, Tone::Flag(red, green, blue));
            let room = WIDEST.saturating_sub(flag.width() + 1);
            let name = Run::new(&format!(" {}", fit(persona.name.written(), room)), tone);
            vec![flag, name]
        }
        other => {
            let name = fit(&title(catalog, other), WIDEST - 2);
            vec![Run::new(&format!("{sign} "), tone), Run::new(&name, tone)]
        }
    }
}

/// What else there is to say of something: what it is, and its gaps.
fn facts(analysis: &Analysis, entity: Entity, request: &Request) -> Vec<Run> {
    let catalog = &analysis.catalog;
    let what = match entity {
        Entity::Persona(id) => of_persona(analysis, id),
        Entity::Component(id) => {
            let component = &catalog.components[id.index()];
            component
                .platform
                .as_ref()
                .map_or("component".to_owned(), |platform| platform.written().to_owned())
        }
        Entity::Step(id) => {
            let step = &catalog.steps[id.index()];
            catalog.processes[step.process.index()].name.written().to_owned()
        }
        Entity::Name(_) => "not there".to_owned(),
        other => catalog.kind(other).word().to_owned(),
    };
    let mut runs = vec![Run::new(&fit(&what, WIDEST - 8), Tone::Faint)];
    if let Some(worst) = analysis.worst(entity) {
        let count = analysis.about(entity).filter(|(_, finding)| finding.is_open()).count();
        runs.push(Run::new(&format!("  {} {count}", worst.badge(request.ascii)), Tone::Gap(worst)));
    }
    runs
}

fn of_persona(analysis: &Analysis, id: PersonaId) -> String {
    use crate::card::kinds::PersonaType;
    match analysis.catalog.personas[id.index()].persona_type {
        PersonaType::Human => "human",
        PersonaType::Agent => "agent",
        PersonaType::Service => "service",
    }
    .to_owned()
}

/// The picture in words.
fn words(analysis: &Analysis, gathered: &Gathered, request: &Request) -> (String, String) {
    let around = match (request.focus, request.hops) {
        (Some(focus), Some(hops)) => {
            let hops = if hops == 1 { "1 hop".to_owned() } else { format!("{hops} hops") };
            format!("The graph around {}, {hops}", analysis.catalog.label(focus))
        }
        _ => format!("The graph of {}", analysis.catalog.name),
    };
    let count = |wanted: u8| gathered.links.iter().filter(|link| link.edge.class == wanted).count();
    let boxes = gathered.items.len();
    let mut said = format!("{boxes} boxes and {} lines", gathered.links.len());
    for (class, word) in
        [(3, "of access that is too wide"), (2, "of what is missing"), (1, "to what has no card")]
    {
        let many = count(class);
        if many > 0 {
            said.push_str(&format!(", {many} {word}"));
        }
    }
    let folded: usize = gathered
        .items
        .iter()
        .map(|item| match item {
            Item::Folded(_, entities) => entities.len(),
            Item::One(_) => 0,
        })
        .sum();
    if folded > 0 {
        said.push_str(&format!("; {folded} more are folded"));
    }
    (around, format!("{said}."))
}
