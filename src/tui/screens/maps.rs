//! Screen 4, Maps: the process map and the architecture map, drawn by another thread and looked at here.
//!
//! Where boxes stand is for `layout`; which keys do what is for the update. [`wanted`] says what is to be
//! drawn, [`Job`] draws it, and until it is there the old picture stays.

mod draw;

use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::analysis::Analysis;
use crate::analysis::filter::Words;
use crate::card::words::fold;
use crate::catalog::{ComponentId, Entity, PersonaId, ProcessId, StepId};
use crate::layout::architecture_map::{self, ArchitectureMap, views::View, views::views};
use crate::layout::badge::Badge;
use crate::layout::picture::{Picture, Point, Zoom};
use crate::layout::process_map::{self, ProcessMap};
use crate::layout::raster::Emphasis;
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::widgets::picture::Job;
use crate::tui::widgets::picture::follow;

pub use draw::render;

/// Which map is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chosen {
    /// Steps by environment.
    #[default]
    Processes,
    /// One of the pictures of the architecture.
    View(usize),
    /// All of the architecture.
    Architecture,
}

/// What is to be drawn; two that are equal give the same picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The process map.
    Processes(process_map::Request),
    /// The architecture map.
    Architecture(architecture_map::Request),
}

/// What is to be drawn, and of which data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The number of the data.
    pub data: u64,
    /// What and how.
    pub request: Request,
}

/// A map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Map {
    /// The process map.
    Processes(ProcessMap),
    /// The architecture map.
    Architecture(ArchitectureMap),
}

impl Map {
    /// Its picture.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        match self {
            Self::Processes(map) => &map.picture,
            Self::Architecture(map) => &map.picture,
        }
    }

    /// The badges of a box.
    #[must_use]
    pub fn badges(&self, place: usize) -> &[Badge] {
        match self {
            Self::Processes(map) => map.spots.get(place).map_or(&[], |spot| &spot.badges),
            Self::Architecture(map) => map.spots.get(place).map_or(&[], |spot| &spot.badges),
        }
    }

    /// What a box is: kind of thing, and where it stands.
    #[must_use]
    pub fn spot(&self, place: usize) -> Option<(Entity, Option<usize>)> {
        match self {
            Self::Processes(map) => map.spots.get(place).map(|spot| (spot.step.into(), spot.environment)),
            Self::Architecture(map) => map.spots.get(place).map(|spot| (spot.component.into(), None)),
        }
    }

    /// The boxes that a persona has a part in, in their order.
    #[must_use]
    pub fn of_persona(&self, persona: PersonaId) -> Vec<usize> {
        match self {
            Self::Processes(map) => process_map::day_of(map, persona),
            Self::Architecture(map) => architecture_map::of_persona(map, persona),
        }
    }
}

impl Job<Wanted> {
    /// Draws it.
    #[must_use]
    pub fn draw(&self) -> Map {
        match &self.wanted.request {
            Request::Processes(request) => Map::Processes(process_map::draw(&self.analysis, request)),
            Request::Architecture(request) => {
                Map::Architecture(architecture_map::draw(&self.analysis, request))
            }
        }
    }
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// Which map.
    pub chosen: Chosen,
    /// The filter: text and `persona:` make boxes stand out, `process:` and `component:` leave out others.
    pub filter: String,
    /// How much of each box is shown; none: as much as the window has room for.
    pub zoom: Option<Zoom>,
    /// Whether only boxes with something wrong stand out.
    pub only_wrong: bool,
    /// The pictures that the architecture falls apart into.
    pub views: Vec<View>,
    /// What is shown.
    pub map: Option<Arc<Map>>,
    /// What was asked for last.
    pub asked: Option<Wanted>,
    /// The number of that.
    pub number: u64,
    /// Whether the answer is yet to come.
    pub waiting: bool,
    /// The number of the data.
    pub data: u64,
    /// What is to be selected once it is drawn.
    pub wish: Option<Entity>,
    /// The selected box.
    pub selected: Option<usize>,
    /// The selected badge in it.
    pub badge: Option<usize>,
    /// Whose day is looked at.
    pub followed: Option<PersonaId>,
    /// The first cell that is shown.
    pub at: Point,
    /// What stands out.
    pub emphasis: Emphasis,
    /// Where the mouse holds the picture.
    pub held: Option<(u16, u16)>,
}

impl State {
    /// What is selected: the persona of a badge, else the step or component.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        let (map, place) = (self.map.as_deref()?, self.selected?);
        let badge = self.badge.and_then(|badge| map.badges(place).get(badge)).and_then(|badge| badge.persona);
        badge.map(Entity::Persona).or_else(|| map.spot(place).map(|(entity, _)| entity))
    }

    /// Selects a box, and brings it into sight.
    pub fn select(&mut self, analysis: &Analysis, place: usize, area: Rect) {
        let Some(map) = self.map.clone() else { return };
        let Some(node) = map.picture().nodes.get(place) else { return };
        if self.selected != Some(place) {
            self.badge = None;
        }
        self.selected = Some(place);
        self.at = follow(map.picture(), self.at, node.area, area);
        self.emphasise(analysis);
    }

    /// The boxes that stand out, in their order; none where all do.
    #[must_use]
    pub fn found(&self, analysis: &Analysis) -> Option<Vec<usize>> {
        let map = self.map.as_deref()?;
        let words = Words::new(&self.filter);
        let text = fold(&words.text());
        let text: Vec<&str> = text.split_whitespace().collect();
        let personas = named(analysis, &self.filter);
        if text.is_empty() && personas.is_empty() && self.followed.is_none() && !self.only_wrong {
            return None;
        }
        let found = (0..map.picture().nodes.len()).filter(|place| {
            let badges = map.badges(*place);
            let has = |persona: PersonaId| badges.iter().any(|badge| badge.persona == Some(persona));
            let said = || {
                let node = &map.picture().nodes[*place];
                let mut said: Vec<&str> = node.lines.iter().flatten().map(|run| run.text.as_str()).collect();
                let name = node.entity.map_or_else(String::new, |entity| analysis.catalog.label(entity));
                said.push(&name);
                fold(&said.join(" "))
            };
            (text.is_empty() || text.iter().all(|word| said().contains(word)))
                && (personas.is_empty() || personas.iter().any(|persona| has(*persona)))
                && self.followed.is_none_or(has)
                && (!self.only_wrong
                    || badges.iter().any(|badge| badge.fit > crate::layout::badge::Fit::Unsure))
        });
        Some(found.collect())
    }

    /// Says anew what stands out.
    pub fn emphasise(&mut self, analysis: &Analysis) {
        let Some(map) = self.map.clone() else { return };
        self.emphasis = match self.found(analysis) {
            None => {
                self.selected.map_or_else(Emphasis::default, |place| Emphasis::around(map.picture(), place))
            }
            Some(found) => {
                let nodes: BTreeSet<usize> = found.into_iter().collect();
                let wires = map.picture().wires.iter().enumerate();
                let wires = wires
                    .filter(|(_, wire)| nodes.contains(&wire.from) && nodes.contains(&wire.to))
                    .map(|(place, _)| place)
                    .collect();
                Emphasis { selected: self.selected, nodes, wires }
            }
        };
    }

    /// Takes a new map; what was selected stays so, and where it was on the screen.
    pub fn take(&mut self, analysis: &Analysis, map: Arc<Map>, area: Rect) {
        let before = self
            .map
            .as_deref()
            .zip(self.selected)
            .and_then(|(map, place)| Some((map.spot(place)?, map.picture().nodes.get(place)?.area)));
        let places = 0..map.picture().nodes.len();
        let wish = self.wish.take();
        let wished = wish.and_then(|wish| map.picture().node_of(wish));
        let same = before.and_then(|(spot, _)| places.clone().find(|place| map.spot(*place) == Some(spot)));
        // Where nothing was selected one begins where one begins to read.
        let first = places.min_by_key(|place| {
            let area = map.picture().nodes[*place].area;
            (area.x, area.y)
        });
        let place = wished.or(same).or(first).unwrap_or(0);
        match (before, map.picture().nodes.get(place)) {
            (Some((_, old)), Some(node)) if same == Some(place) => {
                let (new, was) = (node.area.middle(), old.middle());
                self.at = Point::new(
                    (self.at.x + new.x).saturating_sub(was.x),
                    (self.at.y + new.y).saturating_sub(was.y),
                );
            }
            _ => self.at = Point::default(),
        }
        self.map = Some(map);
        self.selected = None;
        self.select(analysis, place, area);
    }
}

/// The personas that the filter names: `persona:P009`.
fn named(analysis: &Analysis, filter: &str) -> Vec<PersonaId> {
    let words: Vec<&str> =
        filter.split_whitespace().filter(|word| fold(word).starts_with("persona:")).collect();
    if words.iter().all(|word| word.len() <= "persona:".len()) {
        return Vec::new();
    }
    let words = Words::new(&words.join(" "));
    (0..analysis.catalog.personas.len())
        .map(PersonaId::from_index)
        .filter(|persona| words.entity(analysis, (*persona).into()))
        .collect()
}

/// Whether a filter has a word of a key, and the rest of it.
fn keyed(filter: &str, key: &str) -> Option<String> {
    let word = filter.split_whitespace().find(|word| fold(word).starts_with(key))?;
    Some(fold(&word[key.len()..])).filter(|value| !value.is_empty())
}

/// What is to be drawn now.
#[must_use]
pub fn wanted(model: &Model, areas: &Areas) -> Option<Wanted> {
    let analysis = model.analysis.as_deref()?;
    let state = &model.maps;
    let area = area(model, areas);
    let zoom = zoom(model, areas);
    let context = model.context.clone();
    let ascii = model.theme.ascii;
    let view = match state.chosen {
        Chosen::Processes => {
            let processes = keyed(&state.filter, "process:").map(|word| {
                (0..analysis.catalog.processes.len())
                    .map(ProcessId::from_index)
                    .filter(|process| fold(&analysis.catalog.name((*process).into())).contains(&word))
                    .collect()
            });
            let request = process_map::Request { processes, context, zoom, ascii };
            return Some(Wanted { data: state.data, request: Request::Processes(request) });
        }
        Chosen::View(view) => state.views.get(view).cloned(),
        Chosen::Architecture => None,
    };
    let components = keyed(&state.filter, "component:").map(|word| {
        (0..analysis.catalog.components.len())
            .map(ComponentId::from_index)
            .filter(|component| fold(&analysis.catalog.name((*component).into())).contains(&word))
            .collect()
    });
    let width = u32::from(area.width.max(76));
    let request = architecture_map::Request { view, components, context, zoom, width, ascii };
    Some(Wanted { data: state.data, request: Request::Architecture(request) })
}

/// The pictures of a catalog's architecture.
#[must_use]
pub fn views_of(analysis: &Analysis) -> Vec<View> {
    views(&analysis.catalog)
}

/// How much of each box is shown: all, unless the window is small or one says otherwise.
#[must_use]
pub fn zoom(model: &Model, areas: &Areas) -> Zoom {
    let area = area(model, areas);
    // The architecture takes as many columns as there are; the processes have as many as they have.
    let roomy = if model.maps.chosen == Chosen::Processes { 180 } else { 100 };
    model.maps.zoom.unwrap_or(if area.width < roomy { Zoom::Names } else { Zoom::Boxes })
}

/// The part of the screen that the picture has: below the line that says which map it is, above the
/// legend, and above what is said of the selected box where no inspector says it.
#[must_use]
pub fn area(model: &Model, areas: &Areas) -> Rect {
    let list = areas.list.unwrap_or_default();
    let strip = draw::strip_height(model, areas);
    Rect { y: list.y + 1, height: list.height.saturating_sub(2 + strip), ..list }
}

/// The step of the selected box.
#[must_use]
pub fn step(model: &Model) -> Option<(StepId, Option<usize>)> {
    let (map, place) = (model.maps.map.as_deref()?, model.maps.selected?);
    match map.spot(place)? {
        (Entity::Step(step), environment) => Some((step, environment)),
        _ => None,
    }
}
