//! The process map: a lane per environment, processes in bands, steps with those who perform them.
//!
//! `gather` says what is drawn and how each performer's access stands to what the step needs;
//! `place` says where. Lines for `next` are routed by the grid. A step in several environments stands
//! in each of them. What a step or a badge means in words is for whoever shows it.

pub mod gather;
mod place;
#[cfg(test)]
pub(in crate::layout) mod tests;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::matrix::Amount;
use crate::analysis::matrix::heads::column_labels;
use crate::analysis::matrix::signs::Letters;
use crate::catalog::{Catalog, Entity, PersonaId, ProcessId, StepId};
use crate::graph::Relation;

use super::badge::{Badge, Fit, badge_lines, key, letter, wrapped};
use super::grid::{self, Block, Link, Placed, Plan};
use super::picture::{Area, Frame, Node, Picture, Run, Tone, Weight, Zoom, fit};
use gather::{Drawn, gather};

/// What is to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Only these processes; none: all that have steps.
    pub processes: Option<Vec<ProcessId>>,
    /// In which environment, phase and risk access is looked at; an environment leaves out the others.
    pub context: Context,
    /// How much of each step is shown.
    pub zoom: Zoom,
    /// Whether to keep to ASCII.
    pub ascii: bool,
}

/// A step on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The step.
    pub step: StepId,
    /// In which of its environments; none where it states none.
    pub environment: Option<usize>,
    /// Who performs it.
    pub badges: Vec<Badge>,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessMap {
    /// The picture.
    pub picture: Picture,
    /// What each of its boxes is, in their order: process by process, environment by environment, in
    /// the order of the work.
    pub spots: Vec<Spot>,
}

/// Columns and lines of a box, by how much of it is shown.
struct Detail {
    width: u32,
    names: usize,
    badges: usize,
    uses: usize,
}

impl Detail {
    fn of(zoom: Zoom) -> Self {
        match zoom {
            Zoom::Boxes => Self { width: 20, names: 3, badges: 3, uses: 4 },
            Zoom::Names => Self { width: 16, names: 3, badges: 2, uses: 0 },
            Zoom::Dots => Self { width: 8, names: 0, badges: 4, uses: 0 },
        }
    }
}

/// Draws the map.
#[must_use]
pub fn draw(analysis: &Analysis, request: &Request) -> ProcessMap {
    let drawn = gather(analysis, request);
    let placed = place::place(analysis, &drawn);
    let detail = Detail::of(request.zoom);
    let writer = Writer::of(analysis, request, &detail);
    let boxes: Vec<Placed> = drawn
        .spots
        .iter()
        .zip(&placed.cells)
        .map(|(spot, (column, row))| Placed { column: *column, row: *row, node: writer.node(spot) })
        .collect();
    let links = drawn
        .links
        .iter()
        .map(|link| Link {
            from: link.from,
            to: link.to,
            label: link.repeats.map(|word| Run::new(&loop_label(word, request.ascii), Tone::Strong)),
            weight: Weight::Light,
            tone: if link.repeats.is_some() { Tone::Strong } else { Tone::Plain },
            relations: vec![Relation::Next],
        })
        .collect();
    let mut blocks: Vec<Block> = Vec::new();
    for (environment, columns) in &placed.lanes {
        blocks.push(Block {
            columns: *columns,
            rows: (0, placed.rows),
            outer: true,
            title: Run::new(&format!(" {} ", lane_title(&analysis.catalog, *environment)), Tone::Strong),
            tone: Tone::Faint,
        });
    }
    for group in &placed.groups {
        blocks.push(Block {
            columns: group.columns,
            rows: group.rows,
            outer: false,
            title: Run::new(&format!(" {} ", group.title(request.ascii)), Tone::Strong)
                .of(group.process.into()),
            tone: Tone::Faint,
        });
    }
    let mut picture = grid::draw(Plan { boxes, links, blocks });
    picture.title = format!("Process map of {}", fit(&analysis.catalog.name, 60));
    picture.description = format!("{} {}", description(analysis, &drawn), key(request.ascii));
    let spots = drawn.spots.into_iter().map(|spot| spot.spot).collect();
    ProcessMap { picture, spots }
}

/// The name of a lane: the environment's.
#[must_use]
pub fn lane_title(catalog: &Catalog, environment: Option<usize>) -> String {
    match environment {
        Some(environment) => catalog.settings.environment(environment).to_owned(),
        None => "any environment".to_owned(),
    }
}

fn loop_label(word: &str, ascii: bool) -> String {
    if ascii { format!("{word} loop") } else { format!("↺ {word} loop") }
}

/// What the whole map says, for those who cannot see it.
fn description(analysis: &Analysis, drawn: &Drawn) -> String {
    let processes: std::collections::BTreeSet<ProcessId> =
        drawn.spots.iter().map(|spot| analysis.catalog.steps[spot.spot.step.index()].process).collect();
    let wide =
        drawn.spots.iter().flat_map(|spot| &spot.spot.badges).filter(|badge| badge.fit == Fit::Wide).count();
    let lacking =
        drawn.spots.iter().flat_map(|spot| &spot.spot.badges).filter(|badge| badge.fit == Fit::Lacks).count();
    let count =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let loops = drawn.links.iter().filter(|link| link.repeats.is_some()).count();
    format!(
        "{} of {}, by environment, with who performs them. Arrows lead to the next step; {loops} \
         of them lead back. {wide} performers may do more than anything they do there needs, {lacking} may do less \
         than their step needs.",
        count(drawn.spots.len(), "step", "steps"),
        count(processes.len(), "process", "processes")
    )
}

/// Writes boxes.
struct Writer<'a> {
    analysis: &'a Analysis,
    ascii: bool,
    detail: &'a Detail,
    letters: Letters,
    /// What components are called, shortly.
    components: Vec<String>,
}

impl<'a> Writer<'a> {
    fn of(analysis: &'a Analysis, request: &Request, detail: &'a Detail) -> Self {
        let components: Vec<Entity> = (0..analysis.catalog.components.len())
            .map(|index| crate::catalog::ComponentId::from_index(index).into())
            .collect();
        let components = if detail.uses == 0 {
            Vec::new()
        } else {
            column_labels(&analysis.catalog, &components, request.ascii)
        };
        Self {
            analysis,
            ascii: request.ascii,
            detail,
            letters: Letters::of(&analysis.catalog.settings),
            components,
        }
    }

    fn node(&self, spot: &gather::Found) -> Node {
        let catalog = &self.analysis.catalog;
        let step = &catalog.steps[spot.spot.step.index()];
        let width = self.detail.width;
        let mut lines: Vec<Vec<Run>> = Vec::new();
        let worst = spot.severity.map(|severity| Run::new(severity.badge(self.ascii), Tone::Gap(severity)));
        // The finding's sign stands before the name, where the eye begins.
        let lead = worst.as_ref().map_or(String::new(), |run| format!("{} ", run.text));
        for (place, text) in wrapped(&format!("{lead}{}", step.name.written()), width, self.detail.names)
            .into_iter()
            .enumerate()
        {
            let mut line = Vec::new();
            match (&worst, place) {
                (Some(run), 0) if text.starts_with(&run.text) => {
                    line.push(run.clone());
                    line.push(Run::new(&text[run.text.len()..], Tone::Strong));
                }
                _ => line.push(Run::new(&text, Tone::Strong)),
            }
            lines.push(line);
        }
        if self.detail.names == 0 {
            lines.extend(worst.map(|run| vec![run]));
        }
        if spot.spot.badges.is_empty() {
            let nobody = Badge::unknown("nobody");
            lines.push(nobody.runs(catalog, self.ascii, width));
        } else {
            lines.extend(badge_lines(catalog, &spot.spot.badges, width, self.detail.badges, self.ascii));
        }
        lines.extend(self.uses(step));
        let is_alarming =
            spot.spot.badges.is_empty() || spot.spot.badges.iter().all(|badge| badge.fit == Fit::Unknown);
        let height = u32::try_from(lines.len()).unwrap_or(1) + 2;
        Node {
            entity: Some(spot.spot.step.into()),
            area: Area::new(0, 0, width + 2, height),
            frame: if is_alarming { Frame::Dashed } else { Frame::Round },
            tone: if is_alarming { Fit::Unknown.tone() } else { Tone::Plain },
            lines,
        }
    }

    /// What a step uses: a letter for the level, and a short name.
    fn uses(&self, step: &crate::catalog::Step) -> Vec<Vec<Run>> {
        let most = self.detail.uses;
        let mut lines: Vec<Vec<Run>> = Vec::new();
        if most == 0 {
            return lines;
        }
        for (place, used) in step.uses.iter().enumerate() {
            if place + 1 == most && step.uses.len() > most {
                lines.push(vec![Run::new(&format!("+{} more", step.uses.len() - place), Tone::Faint)]);
                break;
            }
            let level = letter(&self.letters, used.level.map_or(Amount::Unstated, Amount::Access));
            let name = self.components.get(used.component.index()).map_or("", String::as_str);
            let name = name.trim_start_matches(['…', '~']).trim_start();
            lines.push(vec![Run::new(&fit(&format!("{level} {name}"), self.detail.width), Tone::Faint)]);
        }
        lines
    }
}

/// The boxes that a persona has a part in, in the order of the work.
#[must_use]
pub fn day_of(map: &ProcessMap, persona: PersonaId) -> Vec<usize> {
    (0..map.spots.len())
        .filter(|place| map.spots[*place].badges.iter().any(|badge| badge.persona == Some(persona)))
        .collect()
}
