//! Canvas: the neighbourhood as a layered drawing, with lines routed between boxes.
//!
//! The drawing is made on another thread: [`wanted`] says which one, [`Job`] makes it, and until it is
//! there the old one stays. What keys do here is for the update.

use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::lens::{Lens, Overlay, mark_of};
use crate::card::words::fold;
use crate::catalog::Entity;
use crate::graph::Link;
use crate::layout::graph::gather::{Item, class, column};
use crate::layout::graph::{Drawing, Layers, Request, draw, kind};
use crate::layout::picture::{Point, Zoom};
use crate::layout::raster::{Emphasis, stroke};
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::text::{cut, wrap};
use crate::tui::widgets::picture::{Job, follow, render as render_picture};
use crate::tui::widgets::rows;

/// More hops than these show everything.
pub const HOPS: usize = 3;

/// Below this size of the window names alone are shown, unless one says otherwise.
const ROOMY: (u16, u16) = (90, 22);

/// What is to be drawn; two that are equal give the same drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Of which data: its number.
    pub data: u64,
    /// What and how.
    pub request: Request,
    /// Which relations.
    pub overlay: Overlay,
    /// Where and when.
    pub context: Context,
}

impl Job<Wanted> {
    /// Makes the drawing.
    #[must_use]
    pub fn draw(&self) -> Drawing {
        let lens = Lens { overlay: self.wanted.overlay, context: &self.wanted.context };
        draw(&self.analysis, lens, &self.wanted.request)
    }
}

/// The state of the projection.
#[derive(Debug, Default)]
pub struct State {
    /// How many hops around the focus, less one; [`HOPS`] and more: everything.
    pub hops: usize,
    /// What makes the layers.
    pub layers: Layers,
    /// How much of each box is shown; none: as much as the window has room for.
    pub zoom: Option<Zoom>,
    /// The kinds that are not folded.
    pub unfolded: BTreeSet<usize>,
    /// What is shown.
    pub drawing: Option<Arc<Drawing>>,
    /// What was asked for last.
    pub asked: Option<Wanted>,
    /// The number of that.
    pub number: u64,
    /// Whether the answer to that is yet to come.
    pub waiting: bool,
    /// The number of the data.
    pub data: u64,
    /// What is to be selected once it is drawn.
    pub wish: Option<Entity>,
    /// The selected box.
    pub selected: Option<usize>,
    /// The box from which one came along a line.
    pub came: Option<usize>,
    /// What is searched for: boxes that say so stand out.
    pub search: String,
    /// The first cell that is shown.
    pub at: Point,
    /// What stands out: the selected box and what it is connected with.
    pub emphasis: Emphasis,
    /// Where the mouse holds the picture.
    pub held: Option<(u16, u16)>,
}

impl State {
    /// What is selected.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        match self.item()? {
            Item::One(entity) => Some(*entity),
            Item::Folded(..) => None,
        }
    }

    /// What the selected box stands for.
    #[must_use]
    pub fn item(&self) -> Option<&Item> {
        self.drawing.as_deref()?.items.get(self.selected?)
    }

    /// Selects a box, and brings it into sight.
    pub fn select(&mut self, place: usize, area: Rect) {
        let Some(drawing) = self.drawing.clone() else { return };
        let Some(node) = drawing.picture.nodes.get(place) else { return };
        if self.selected != Some(place) {
            let linked = drawing.picture.wires.iter().any(|wire| {
                self.selected == Some(wire.from) && wire.to == place
                    || self.selected == Some(wire.to) && wire.from == place
            });
            self.came = self.selected.filter(|_| linked);
        }
        self.selected = Some(place);
        self.emphasis = if self.search.trim().is_empty() {
            Emphasis::around(&drawing.picture, place)
        } else {
            Emphasis {
                selected: Some(place),
                nodes: self.found().into_iter().collect(),
                ..Emphasis::default()
            }
        };
        self.at = follow(&drawing.picture, self.at, node.area, area);
    }

    /// The boxes that say all words of what is searched for, column by column.
    #[must_use]
    pub fn found(&self) -> Vec<usize> {
        let Some(drawing) = self.drawing.as_deref() else { return Vec::new() };
        let search = fold(&self.search);
        let words: Vec<&str> = search.split_whitespace().collect();
        let nodes = &drawing.picture.nodes;
        let mut found: Vec<usize> = (0..nodes.len())
            .filter(|place| {
                let said = fold(drawing.said.get(*place).map_or("", String::as_str));
                words.iter().all(|word| said.contains(word))
            })
            .collect();
        found.sort_by_key(|place| (nodes[*place].area.x, nodes[*place].area.y));
        found
    }

    /// Selects the first box that is found, unless the selected one is found too.
    pub fn seek(&mut self, area: Rect) {
        let found = self.found();
        let here = self.selected.filter(|selected| found.contains(selected));
        if let Some(place) = here.or(found.first().copied()).or(self.selected) {
            self.select(place, area);
        }
    }

    /// Selects an entity: its box, where there is one, else once it is drawn.
    pub fn select_entity(&mut self, entity: Entity, area: Rect) {
        match self.drawing.as_deref().and_then(|drawing| drawing.picture.node_of(entity)) {
            Some(place) => self.select(place, area),
            None => self.wish = Some(entity),
        }
    }

    /// Takes a new drawing; what was selected stays so, and where it was on the screen.
    pub fn take(&mut self, drawing: Arc<Drawing>, focus: Option<Entity>, area: Rect) {
        let before = self.item().cloned();
        let old = self
            .drawing
            .as_deref()
            .and_then(|old| old.picture.nodes.get(self.selected?))
            .map(|node| node.area);
        let same = |item: &Item| match (item, &before) {
            (Item::One(one), Some(Item::One(other))) => one == other,
            (Item::Folded(one, _), Some(Item::Folded(other, _))) => one == other,
            _ => false,
        };
        // Of what was folded and no longer is, the first is selected.
        let unfolded = |item: &Item| match (item, &before) {
            (Item::One(entity), Some(Item::Folded(_, entities))) => entities.contains(entity),
            (Item::Folded(_, entities), Some(Item::One(entity))) => entities.contains(entity),
            _ => false,
        };
        let wish = self.wish.take().and_then(|wish| drawing.picture.node_of(wish));
        let place = wish
            .or_else(|| drawing.items.iter().position(same))
            .or_else(|| drawing.items.iter().position(unfolded))
            .or_else(|| drawing.picture.node_of(focus?))
            .unwrap_or(0);
        if let (Some(old), Some(node)) = (old, drawing.picture.nodes.get(place)) {
            let new = node.area.middle();
            let was = old.middle();
            self.at = Point::new(
                (self.at.x + new.x).saturating_sub(was.x),
                (self.at.y + new.y).saturating_sub(was.y),
            );
        }
        self.drawing = Some(drawing);
        self.selected = None;
        self.came = None;
        self.select(place, area);
    }

    /// The same drawing for new data, in which things have other numbers; what is gone is nothing.
    pub fn renumber(&mut self, find: impl Fn(Entity) -> Option<Entity>) {
        self.data += 1;
        let Some(old) = &self.drawing else { return };
        let mut drawing = Drawing::clone(old);
        for node in &mut drawing.picture.nodes {
            node.entity = node.entity.and_then(&find);
        }
        for item in &mut drawing.items {
            *item = match item {
                Item::One(entity) => find(*entity).map_or(Item::One(Entity::Catalog), Item::One),
                Item::Folded(kind, entities) => {
                    Item::Folded(*kind, entities.iter().filter_map(|entity| find(*entity)).collect())
                }
            };
        }
        self.drawing = Some(Arc::new(drawing));
    }

    /// Shows the kind of the selected box without folding, if that is folded.
    pub fn unfold(&mut self, analysis: &Analysis) -> bool {
        match self.item() {
            Some(item @ Item::Folded(..)) => {
                let column = column(kind(analysis, item));
                self.unfolded.insert(column)
            }
            _ => false,
        }
    }

    /// The edge to be explained: the one that one came along, else the one to the focus.
    #[must_use]
    pub fn link(&self, analysis: &Analysis, focus: Entity) -> Option<Link> {
        let selected = self.selected()?;
        let came = self.came.and_then(|place| self.drawing.as_deref()?.picture.nodes.get(place)?.entity);
        [came, Some(focus)].into_iter().flatten().find_map(|other| {
            let mut links = analysis.graph.between(other, selected);
            links.extend(analysis.graph.between(selected, other));
            links
                .into_iter()
                .max_by_key(|link| (class(mark_of(analysis, link)), std::cmp::Reverse(link.edge)))
        })
    }
}

/// The part of the screen that the drawing has.
#[must_use]
pub fn area(model: &Model, areas: &Areas) -> Rect {
    let Some(area) = areas.list else { return Rect::default() };
    let body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let below = super::strip_height(model, areas, body.height);
    // The last row says what lines mean.
    Rect { height: body.height.saturating_sub(below + 1), ..body }
}

/// The zoom level that is shown.
#[must_use]
pub fn zoom(model: &Model, area: Rect) -> Zoom {
    model.graph.canvas.zoom.unwrap_or(if area.width >= ROOMY.0 && area.height >= ROOMY.1 {
        Zoom::Boxes
    } else {
        Zoom::Names
    })
}

/// What should be drawn now; nothing where another projection is looked at.
#[must_use]
pub fn wanted(model: &Model, areas: &Areas) -> Option<Wanted> {
    let state = &model.graph.canvas;
    let focus = model.graph.focus?;
    let area = area(model, areas);
    let zoom = zoom(model, area);
    Some(Wanted {
        data: state.data,
        request: Request {
            focus: Some(focus),
            hops: (state.hops < HOPS).then_some(state.hops + 1),
            layers: state.layers,
            zoom,
            most: match zoom {
                Zoom::Boxes => 24,
                Zoom::Names => 60,
                Zoom::Dots => 400,
            },
            unfolded: state.unfolded.clone(),
            ascii: model.theme.ascii,
        },
        overlay: model.graph.overlay,
        context: model.context.clone(),
    })
}

/// What the head line says of the projection.
#[must_use]
pub fn head(model: &Model, areas: &Areas) -> String {
    let state = &model.graph.canvas;
    let hops = match state.hops + 1 {
        1 => "1 hop".to_owned(),
        hops if hops <= HOPS => format!("{hops} hops"),
        _ => "everything".to_owned(),
    };
    let overlay = match model.graph.overlay {
        Overlay::All => String::new(),
        overlay => format!("{}, ", overlay.word()),
    };
    format!(" {overlay}{hops}, by {}, {}", state.layers.word(), zoom(model, area(model, areas)).word())
}

/// Draws the projection.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let area = area(model, areas);
    let state = &model.graph.canvas;
    let Some(drawing) = state.drawing.as_deref() else {
        let text = format!(" drawing{}", theme.ellipsis());
        rows(frame, area, &[Line::from(Span::styled(text, theme.faint()))], 0);
        return;
    };
    let picture = &drawing.picture;
    if picture.wires.is_empty() {
        let key = |action| model.keys.shown(action).to_owned();
        let text = format!(
            "Nothing is connected with it here. {} shows more hops, {} other relations.",
            key(crate::tui::actions::Action::More),
            key(crate::tui::actions::Action::Overlay)
        );
        let lines: Vec<Line<'_>> = wrap(&text, usize::from(area.width.saturating_sub(2)))
            .into_iter()
            .map(|line| Line::from(Span::styled(format!(" {line}"), theme.faint())))
            .collect();
        rows(frame, Rect { height: 2, ..area }, &lines, 0);
    }
    render_picture(frame, area, picture, state.at, &state.emphasis, theme);
    // What lines mean, and how much there is of all.
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    let room = usize::from(area.width);
    for key in &picture.legend {
        let line = stroke(key.weight, theme.ascii).repeat(3);
        if used + line.width() + key.text.width() + 4 > room {
            break;
        }
        used += line.width() + key.text.width() + 4;
        spans.push(Span::styled(format!("{line} "), theme.tone(key.tone)));
        spans.push(Span::styled(format!("{}   ", key.text), theme.faint()));
    }
    let text = if !state.search.trim().is_empty() {
        let found = state.found();
        let here = state.selected.and_then(|selected| found.iter().position(|place| *place == selected));
        match (here, found.len()) {
            (_, 0) => "nothing is called that here".to_owned(),
            (Some(here), count) => format!("{} of {count}", here + 1),
            (None, count) => format!("{count} found"),
        }
    } else if state.waiting {
        format!("drawing{}", theme.ellipsis())
    } else {
        format!("{} boxes, {} lines", picture.nodes.len(), picture.wires.len())
    };
    if used + text.width() + 1 < room {
        spans.push(Span::raw(" ".repeat(room.saturating_sub(used + text.width() + 1))));
        spans.push(Span::styled(cut(&text, room, theme.ellipsis()), theme.faint()));
    }
    let below = Rect { y: area.y + area.height, height: 1, ..area };
    rows(frame, below, &[Line::from(spans)], 0);
}
