//! The architecture map: layers of components in the order of the flows, with who has access where.
//!
//! [`views`] says into which pictures a catalog falls apart, `gather` what stands in a layer, and the
//! grid draws it. Components without a layer, and those without a card, stand in a frame of their own.

pub mod gather;
#[cfg(test)]
mod tests;
pub mod views;

use std::collections::{BTreeMap, HashMap};

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::matrix::signs::Letters;
use crate::analysis::matrix::{Amount, Kind, Matrix, State};
use crate::analysis::view::Mark;
use crate::catalog::{Catalog, ComponentId, Entity, PersonaId};
use crate::graph::Relation;

use super::badge::{Badge, Fit, badge_lines, key, letter, wrapped};
use super::grid::{self, Block, Link, Placed, Plan};
use super::picture::{Area, Frame, Node, Picture, Run, Tone, Weight, Zoom, fit};
use gather::{Layer, gather};
use views::View;

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Which picture of the catalog; none: all of it.
    pub view: Option<View>,
    /// Only these components; none: all of the view.
    pub components: Option<Vec<ComponentId>>,
    /// In which environment, phase and risk access is looked at.
    pub context: Context,
    /// How much of each component is shown.
    pub zoom: Zoom,
    /// About how many columns the picture may have.
    pub width: u32,
    /// Whether to keep to ASCII.
    pub ascii: bool,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            view: None,
            components: None,
            context: Context::default(),
            zoom: Zoom::default(),
            width: 160,
            ascii: false,
        }
    }
}

/// A component on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The component.
    pub component: ComponentId,
    /// Who has access to it, or should have.
    pub badges: Vec<Badge>,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArchitectureMap {
    /// The picture.
    pub picture: Picture,
    /// What each of its boxes is, layer by layer.
    pub spots: Vec<Spot>,
}

/// Columns and lines of a box, by how much of it is shown.
struct Detail {
    width: u32,
    names: usize,
    badges: usize,
    platform: bool,
}

impl Detail {
    fn of(zoom: Zoom) -> Self {
        match zoom {
            Zoom::Boxes => Self { width: 22, names: 2, badges: 4, platform: true },
            Zoom::Names => Self { width: 16, names: 2, badges: 1, platform: false },
            Zoom::Dots => Self { width: 8, names: 0, badges: 4, platform: false },
        }
    }
}

/// Draws the map.
#[must_use]
pub fn draw(analysis: &Analysis, request: &Request) -> ArchitectureMap {
    let catalog = &analysis.catalog;
    let detail = Detail::of(request.zoom);
    // A box has a frame, and a way beside it.
    let across = (request.width.saturating_sub(4) / (detail.width + 7)).clamp(2, 12) as usize;
    let layers = gather(catalog, request, across);
    let badges = badges(analysis, &request.context);
    let mut plan = Plan::default();
    let mut spots = Vec::new();
    let mut place_of: HashMap<ComponentId, usize> = HashMap::new();
    for placed in pack(&layers, across) {
        let layer = &layers[placed.layer];
        for (component, (column, row)) in layer.components.iter().zip(&layer.cells) {
            let spot =
                Spot { component: *component, badges: badges.get(component).cloned().unwrap_or_default() };
            let node = node(analysis, request, &detail, &spot);
            place_of.insert(*component, plan.boxes.len());
            plan.boxes.push(Placed { column: placed.column + column, row: placed.row + row, node });
            spots.push(spot);
        }
        plan.blocks.push(Block {
            columns: (placed.column, placed.end),
            rows: (placed.row, placed.row + placed.rows),
            outer: false,
            title: Run::new(&format!(" {} ", layer.title()), Tone::Strong),
            tone: Tone::Faint,
        });
    }
    plan.links = links(catalog, &spots, &place_of);
    let flows = plan.links.len();
    let mut picture = grid::draw(plan);
    let name = fit(&catalog.name, 60);
    picture.title = match &request.view {
        Some(view) => format!("Architecture map of {name}: {}", fit(&view.name, 80)),
        None => format!("Architecture map of {name}"),
    };
    let count =
        |wanted: Fit| spots.iter().flat_map(|spot| &spot.badges).filter(|badge| badge.fit == wanted).count();
    picture.description = format!(
        "{} components in {} layers, with {flows} flows between them, and the personas that have access. {} of these \
         may do more than anything they do needs, {} lack what they need. {}",
        spots.len(),
        layers.len(),
        count(Fit::Wide),
        count(Fit::Lacks),
        key(request.ascii)
    );
    ArchitectureMap { picture, spots }
}

fn links(catalog: &Catalog, spots: &[Spot], place_of: &HashMap<ComponentId, usize>) -> Vec<Link> {
    let mut out = Vec::new();
    for (from, spot) in spots.iter().enumerate() {
        let mut by_target: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for flow in &catalog.components[spot.component.index()].flows_to {
            if let Some(to) = place_of.get(&flow.component) {
                by_target.entry(*to).or_default().extend(flow.label.as_deref());
            }
        }
        for (to, labels) in by_target {
            let label = labels.join(", ");
            out.push(Link {
                from,
                to,
                label: (!label.trim().is_empty()).then(|| Run::new(label.trim(), Tone::Plain)),
                weight: Weight::Light,
                tone: Tone::Plain,
                relations: vec![Relation::FlowsTo],
            });
        }
    }
    out
}

/// Who has access to what, or should have, worst first.
fn badges(analysis: &Analysis, context: &Context) -> HashMap<ComponentId, Vec<Badge>> {
    let letters = Letters::of(&analysis.catalog.settings);
    let matrix = Matrix::of(analysis, Kind::Components, context);
    let mut out: HashMap<ComponentId, Vec<Badge>> = HashMap::new();
    for cell in matrix.cells().iter().filter(|cell| cell.state != State::Inactive) {
        let amount = if cell.left == Amount::Nothing { cell.right } else { cell.left };
        let fitting = Fit::of_cell(cell);
        let badge = Badge::new(
            &analysis.catalog,
            PersonaId::from_index(cell.row as usize),
            letter(&letters, amount),
            fitting,
        );
        out.entry(ComponentId::from_index(cell.column as usize)).or_default().push(badge);
    }
    for badges in out.values_mut().filter(|badges| badges.len() > 12) {
        // Of many the worst are seen first; of few each stands where the catalog has it.
        badges.sort_by_key(|badge| std::cmp::Reverse(badge.fit));
    }
    out
}

fn node(analysis: &Analysis, request: &Request, detail: &Detail, spot: &Spot) -> Node {
    let catalog = &analysis.catalog;
    let component = &catalog.components[spot.component.index()];
    let width = detail.width;
    let undeclared = Tone::Marked(Mark::Undeclared);
    let mut lines: Vec<Vec<Run>> = Vec::new();
    let sign = if component.declared {
        String::new()
    } else {
        format!("{} ", Mark::Undeclared.glyph(request.ascii))
    };
    let tone = if component.declared { Tone::Strong } else { undeclared };
    let names = wrapped(&format!("{sign}{}", component.name.written()), width, detail.names);
    lines.extend(names.into_iter().map(|text| vec![Run::new(&text, tone)]));
    if let (true, Some(platform)) = (detail.platform, &component.platform) {
        lines.push(vec![Run::new(&fit(platform.written(), width), Tone::Faint)]);
    }
    lines.extend(badge_lines(catalog, &spot.badges, width, detail.badges, request.ascii));
    if lines.is_empty() {
        lines.push(vec![Run::new(if request.ascii { "-" } else { "–" }, Tone::Faint)]);
    }
    let height = u32::try_from(lines.len()).unwrap_or(1) + 2;
    Node {
        entity: Some(Entity::Component(spot.component)),
        area: Area::new(0, 0, width + 2, height),
        frame: if component.declared { Frame::Round } else { Frame::Dashed },
        tone: if component.declared { Tone::Plain } else { undeclared },
        lines,
    }
}

/// A layer with its place.
struct PlacedLayer {
    layer: usize,
    column: usize,
    end: usize,
    row: usize,
    rows: usize,
}

/// Puts layers beside each other as they come, as far as there are columns, and then into the next rows.
fn pack(layers: &[Layer], across: usize) -> Vec<PlacedLayer> {
    let mut bands: Vec<Vec<usize>> = Vec::new();
    let mut used = 0;
    for (place, layer) in layers.iter().enumerate() {
        match bands.last_mut() {
            Some(band) if used + layer.wide <= across && !layer.apart => band.push(place),
            _ => {
                bands.push(vec![place]);
                used = 0;
            }
        }
        used += layer.wide;
    }
    let widest =
        bands.iter().map(|band| band.iter().map(|place| layers[*place].wide).sum()).max().unwrap_or(0);
    let mut out = Vec::new();
    let mut row = 0;
    for band in bands {
        let rows = band.iter().map(|place| layers[*place].rows).max().unwrap_or(1);
        let mut column = 0;
        let last = band.len() - 1;
        for (position, place) in band.into_iter().enumerate() {
            let end = if position == last { widest } else { column + layers[place].wide };
            out.push(PlacedLayer { layer: place, column, end, row, rows });
            column = end;
        }
        row += rows;
    }
    out
}

/// The boxes of the components that a persona has access to, or should have.
#[must_use]
pub fn of_persona(map: &ArchitectureMap, persona: PersonaId) -> Vec<usize> {
    (0..map.spots.len())
        .filter(|place| map.spots[*place].badges.iter().any(|badge| badge.persona == Some(persona)))
        .collect()
}
