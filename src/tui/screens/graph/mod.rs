//! Screen 2, Graph: one selection, and ways to look at what is around it.
//!
//! Neighbours, canvas, tree, path and reach stand in files of their own; what they share is here.

pub mod canvas;
pub mod neighbours;
pub mod path;
pub mod reach;
pub mod tree;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::lens::{Lens, Overlay, detail, findings_of, mark_of, sign, title};
use crate::analysis::view::{Mark, card_view, line_of};
use crate::catalog::Entity;
use crate::layout::graph::gather::Item;
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule};

/// How the graph is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Projection {
    /// What leads here, the focus, what it leads to.
    #[default]
    Neighbours,
    /// A layered drawing of what is around the focus.
    Canvas,
    /// From the focus outwards.
    Tree,
    /// Between two marked things.
    Path,
    /// What the focus reaches, or who reaches it.
    Reach,
}

impl Projection {
    /// Every projection.
    pub const ALL: [Self; 5] = [Self::Neighbours, Self::Canvas, Self::Tree, Self::Path, Self::Reach];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Neighbours => "neighbours",
            Self::Canvas => "canvas",
            Self::Tree => "tree",
            Self::Path => "path",
            Self::Reach => "reach",
        }
    }
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// What it is about.
    pub focus: Option<Entity>,
    /// How it is looked at.
    pub projection: Projection,
    /// Which relations are shown.
    pub overlay: Overlay,
    /// How many hops the tree goes, less one.
    pub hops: usize,
    /// The neighbours.
    pub neighbours: neighbours::State,
    /// The canvas.
    pub canvas: canvas::State,
    /// The tree.
    pub tree: tree::State,
    /// The paths.
    pub path: path::State,
    /// The reach.
    pub reach: reach::State,
    /// The two ends of paths, or one of them.
    pub marks: Vec<Entity>,
}

impl State {
    /// What is selected.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        match self.projection {
            Projection::Neighbours => self.neighbours.selected().or(self.focus),
            // A box that stands for several is none of them.
            Projection::Canvas if self.canvas.item().is_some() => self.canvas.selected(),
            Projection::Canvas => self.focus,
            Projection::Tree => self.tree.selected().or(self.focus),
            Projection::Path => self.path.selected().or(self.focus),
            Projection::Reach => self.reach.selected().or(self.focus),
        }
    }

    /// Makes everything anew around a focus.
    pub fn look_at(&mut self, analysis: &Analysis, focus: Entity, context: &Context) {
        self.focus = Some(focus);
        self.rebuild(analysis, context);
        self.neighbours.start();
        self.canvas.wish = Some(focus);
        self.tree.cursor = Cursor::default();
    }

    /// Makes what is shown anew.
    pub fn rebuild(&mut self, analysis: &Analysis, context: &Context) {
        let Some(focus) = self.focus else { return };
        let lens = Lens { overlay: self.overlay, context };
        self.neighbours.rebuild(analysis, focus, lens);
        self.tree.rebuild(analysis, focus, lens, self.hops + 2);
        self.path.rebuild(analysis, &self.marks);
        self.reach.rebuild(analysis, focus, context);
    }

    /// What is selected, if one went there: not what a projection begins with.
    #[must_use]
    pub fn chosen(&self) -> Option<Entity> {
        match self.projection {
            Projection::Neighbours if self.neighbours.is_at_start() => self.focus,
            _ => self.selected(),
        }
    }

    /// Selects an entity in the projection that is shown, where it stands there.
    pub fn select(&mut self, entity: Entity, area: Rect) {
        match self.projection {
            Projection::Neighbours => self.neighbours.select(entity),
            Projection::Canvas => self.canvas.select_entity(entity, area),
            Projection::Tree => {
                if let Some(row) = self.tree.rows.iter().position(|row| row.entity == entity) {
                    self.tree.cursor.row = row;
                }
            }
            Projection::Path => {}
            Projection::Reach => self.reach.select(entity),
        }
    }

    /// Marks an end of a path, or takes the mark away. Of three the oldest goes.
    pub fn mark(&mut self, analysis: &Analysis, entity: Entity) {
        match self.marks.iter().position(|marked| *marked == entity) {
            Some(place) => {
                self.marks.remove(place);
            }
            None => {
                self.marks.push(entity);
                if self.marks.len() > 2 {
                    self.marks.remove(0);
                }
            }
        }
        self.path.rebuild(analysis, &self.marks);
    }
}

/// The stroke of an edge: heavy where it is too much, dashed where it is missing.
#[must_use]
pub fn stroke(mark: Mark, theme: Theme) -> &'static str {
    match (mark, theme.ascii) {
        (Mark::Unneeded | Mark::TooWide, false) => "━━",
        (Mark::Missing, false) => "╌╌",
        (Mark::Undeclared | Mark::Unknown, false) => "┈┈",
        (_, false) => "──",
        (Mark::Unneeded | Mark::TooWide, true) => "==",
        (Mark::Missing, true) => "..",
        (Mark::Undeclared | Mark::Unknown, true) => "~~",
        (_, true) => "--",
    }
}

/// A thing with its kind's sign.
#[must_use]
pub fn thing(analysis: &Analysis, entity: Entity, theme: Theme) -> String {
    format!("{} {}", sign(&analysis.catalog, entity, theme.ascii), title(&analysis.catalog, entity))
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(area)) = (model.analysis.as_deref(), areas.list) else { return };
    let theme = model.theme;
    let width = usize::from(area.width);
    let state = &model.graph;
    let mut head = vec![Span::styled(" ", Style::new())];
    for projection in Projection::ALL {
        let style = if projection == state.projection { theme.accent() } else { theme.faint() };
        let text = if projection == state.projection {
            format!("[{}] ", projection.word())
        } else {
            format!(" {}  ", projection.word())
        };
        head.push(Span::styled(text, style));
    }
    if state.projection == Projection::Canvas {
        let used: usize = head.iter().map(|span| span.content.chars().count()).sum();
        let text = canvas::head(model, areas);
        head.push(Span::styled(cut(&text, width.saturating_sub(used), theme.ellipsis()), theme.faint()));
    } else {
        head.push(Span::styled(format!(" {}", state.overlay.word()), theme.faint()));
    }
    if !model.context.is_open() {
        head.push(Span::styled(format!(", {}", model.context.phrase(&analysis.catalog)), theme.accent()));
    }
    if state.projection == Projection::Tree {
        head.push(Span::styled(format!(", {} hops", state.hops + 2), theme.faint()));
    }
    if !state.marks.is_empty() {
        let marks: Vec<_> = state.marks.iter().map(|entity| analysis.catalog.label(*entity)).collect();
        let used: usize = head.iter().map(|span| span.content.chars().count()).sum();
        let text = format!("  marked: {}", marks.join(", "));
        head.push(Span::styled(cut(&text, width.saturating_sub(used), theme.ellipsis()), theme.faint()));
    }
    rows(frame, Rect { height: 1, ..area }, &[Line::from(head)], 0);
    let mut body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if state.focus.is_none() {
        let hint =
            ["Nothing is in focus.", "Choose a card on screen 1 and press . to see what is around it."];
        let lines: Vec<Line<'_>> = hint.into_iter().map(|line| Line::from(format!(" {line}"))).collect();
        rows(frame, body, &lines, 0);
        return;
    }
    let below = strip_height(model, areas, body.height);
    if below > 0 {
        let strip = Rect { y: body.y + body.height - below, height: below, ..body };
        body.height -= below;
        let line = if theme.ascii { "-" } else { "─" };
        let mut lines = vec![Line::from(Span::styled(line.repeat(width), theme.faint()))];
        lines.extend(explain(model, analysis, width.saturating_sub(2)));
        rows(frame, strip, &lines, 0);
    }
    match state.projection {
        Projection::Neighbours => neighbours::render(model, analysis, body, frame),
        Projection::Canvas => canvas::render(model, areas, frame),
        Projection::Tree => tree::render(model, analysis, body, frame),
        Projection::Path => path::render(model, analysis, body, frame),
        Projection::Reach => reach::render(model, analysis, body, frame),
    }
    if let Some(inspector) = areas.inspector {
        frame.render_widget(rule(theme), Rect { x: inspector.x.saturating_sub(2), width: 1, ..inspector });
        let mut lines = explain(model, analysis, usize::from(inspector.width));
        if let Some(entity) = state.selected() {
            lines.push(Line::default());
            let view = card_view(analysis, entity);
            let drawn = crate::tui::widgets::card::draw_card(
                analysis,
                &view,
                theme,
                usize::from(inspector.width),
                None,
            );
            lines.extend(drawn.lines);
        }
        rows(frame, inspector, &lines, 0);
    }
}

/// The part of the screen that a projection's list has.
#[must_use]
pub fn list_height(model: &Model, areas: &Areas) -> usize {
    let Some(area) = areas.list else { return 1 };
    let body = area.height.saturating_sub(2);
    usize::from(body.saturating_sub(strip_height(model, areas, body))).max(1)
}

/// How many rows below a projection explain what is selected, where nothing does so beside it.
fn strip_height(model: &Model, areas: &Areas, body: u16) -> u16 {
    let whole = model.zoom && model.graph.projection == Projection::Canvas;
    if areas.inspector.is_none() && body >= 14 && !whole { 5 } else { 0 }
}

/// What there is to say of the selected edge.
fn explain(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let link = match model.graph.projection {
        Projection::Neighbours => model.graph.neighbours.link(),
        Projection::Canvas => {
            if let Some(Item::Folded(kind, entities)) = model.graph.canvas.item() {
                let names: Vec<String> =
                    entities.iter().map(|entity| analysis.catalog.label(*entity)).collect();
                let word = if entities.len() == 1 { kind.word() } else { kind.plural() };
                let key = model.keys.shown(crate::tui::actions::Action::Open);
                let text = format!("{} {word}, which {key} shows: {}", entities.len(), names.join(", "));
                return wrap(&text, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
            }
            model.graph.focus.and_then(|focus| model.graph.canvas.link(analysis, focus))
        }
        Projection::Tree => model.graph.tree.link(),
        Projection::Path => model.graph.path.link(),
        Projection::Reach => return reach::explain(model, analysis, width),
    };
    let Some(link) = link else {
        let Some(entity) = model.graph.selected() else { return Vec::new() };
        let gaps = analysis.about(entity).filter(|(_, finding)| finding.is_open()).count();
        let gaps = match gaps {
            0 => "no gaps".to_owned(),
            1 => "1 gap".to_owned(),
            count => format!("{count} gaps"),
        };
        let text =
            format!("{}: {}, {gaps}", analysis.catalog.label(entity), card_view(analysis, entity).subtitle);
        return wrap(&text, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    };
    let mark = mark_of(analysis, &link);
    let catalog = &analysis.catalog;
    let text = format!("{} {} {}", catalog.label(link.from), link.relation.verb(), catalog.label(link.to));
    let mut lines: Vec<Line<'static>> = wrap(&text, width)
        .into_iter()
        .map(|line| Line::from(Span::styled(format!(" {line}"), theme.strong())))
        .collect();
    if let Some(detail) = detail(analysis, &link) {
        lines.extend(wrap(&detail, width).into_iter().map(|line| Line::from(format!(" {line}"))));
    }
    for finding in findings_of(analysis, &link) {
        for line in wrap(&finding.message, width.saturating_sub(4)) {
            lines.push(Line::from(vec![
                Span::styled(
                    format!(" {} ", theme.badge(finding.severity)),
                    theme.severity(finding.severity),
                ),
                Span::raw(line),
            ]));
        }
    }
    let word = if mark.word().is_empty() { String::new() } else { format!("  {}", mark.word()) };
    lines.push(Line::from(vec![
        Span::styled(
            format!(" {}", cut(&line_of(analysis, link.place), width.saturating_sub(14), theme.ellipsis())),
            theme.faint(),
        ),
        Span::styled(word, theme.mark(mark)),
    ]));
    lines
}
