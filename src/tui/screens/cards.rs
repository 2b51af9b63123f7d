//! Screen 1, Cards: the list of everything that has a card, and the card that is selected.
//!
//! Moving over a value explains it; Enter goes to what it names. Cards are not edited here.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::analysis::effective::Context;
use crate::analysis::outside::is_outside;
use crate::analysis::strip::{Axis, Strip, strip};
use crate::analysis::view::{CardView, Mark, Value, card_view, line_of, narrow};
use crate::catalog::{
    ComponentId, Entity, EntityKind, PersonId, PersonaId, ProcessId, ScenarioId, SkillId, TeamId,
};
use crate::tui::actions::Action;
use crate::tui::filter::Filter;
use crate::tui::layers::deed::{Named, named};
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model, Pane};
use crate::tui::text::{cut, highlighted, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::card::draw_card;
use crate::tui::widgets::strip::{changes, line as strip_line};
use crate::tui::widgets::{rows, rule, scroll_hint};

/// The kinds that the list can show, in the order of `v`.
pub const KINDS: [EntityKind; 7] = [
    EntityKind::Persona,
    EntityKind::Process,
    EntityKind::Component,
    EntityKind::Skill,
    EntityKind::Team,
    EntityKind::Person,
    EntityKind::Scenario,
];

/// How the list is grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grouping {
    /// By section, or by layer of components.
    #[default]
    Section,
    /// By team.
    Team,
    /// By the worst gap.
    Gaps,
    /// Not at all.
    None,
}

/// A row of the list.
#[derive(Clone, Debug)]
pub enum Row {
    /// The title of a group, and how many are in it.
    Group(String, usize),
    /// A card, and which characters of its label matched the filter.
    Card(Entity, Vec<usize>),
}

/// The state of the screen.
#[derive(Debug)]
pub struct State {
    /// What the list shows.
    pub kind: EntityKind,
    /// The filter.
    pub filter: String,
    /// How the list is grouped.
    pub grouping: Grouping,
    /// The list.
    pub rows: Vec<Row>,
    /// Where in the list.
    pub cursor: Cursor,
    /// The cards that are marked, of all kinds, by kind and id.
    pub marked: BTreeSet<Named>,
    /// The context that is looked at.
    pub context: Context,
    /// The selected card, as it is in the context.
    pub view: Option<CardView>,
    /// Of a persona, its access over time, risk and phases, where it changes.
    pub strips: Vec<Strip>,
    /// Along which of them keys move.
    pub axis: Axis,
    /// The selected value of the card, of all its values.
    pub value: usize,
    /// The first line of the card that is shown.
    pub offset: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            kind: EntityKind::Persona,
            filter: String::new(),
            grouping: Grouping::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            marked: BTreeSet::new(),
            context: Context::default(),
            view: None,
            strips: Vec::new(),
            axis: Axis::Time,
            value: 0,
            offset: 0,
        }
    }
}

impl State {
    /// The selected card's entity.
    #[must_use]
    pub fn entity(&self) -> Option<Entity> {
        match self.rows.get(self.cursor.row) {
            Some(Row::Card(entity, _)) => Some(*entity),
            Some(Row::Group(..)) | None => None,
        }
    }

    /// The selected value of the card.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.view.as_ref()?.fields.iter().flat_map(|field| &field.values).nth(self.value)
    }

    /// How many values the card has.
    #[must_use]
    pub fn value_count(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.fields.iter().map(|field| field.values.len()).sum())
    }

    /// Makes the list anew, and keeps an entity selected where it is still there.
    pub fn rebuild(&mut self, analysis: &Analysis, keep: Option<Entity>, height: usize) {
        let filter = Filter::new(&self.filter);
        let mut found: Vec<(String, i64, Entity, Vec<usize>)> = Vec::new();
        for entity in entities(analysis, self.kind) {
            let label = list_label(analysis, entity);
            if let Some((score, places)) = filter.entity(analysis, entity, &label) {
                found.push((self.group(analysis, entity), score, entity, places));
            }
        }
        let mut groups: Vec<String> = Vec::new();
        for (group, ..) in &found {
            if !groups.contains(group) {
                groups.push(group.clone());
            }
        }
        if self.grouping == Grouping::Gaps {
            groups.sort();
        }
        self.rows.clear();
        for group in groups {
            let members: Vec<_> = found.iter().filter(|(of, ..)| *of == group).collect();
            if !group.is_empty() {
                let title = group.split_once('\u{0}').map_or(group.as_str(), |(_, title)| title);
                self.rows.push(Row::Group(title.to_owned(), members.len()));
            }
            self.rows
                .extend(members.into_iter().map(|(_, _, entity, places)| Row::Card(*entity, places.clone())));
        }
        let kept = keep.and_then(|keep| self.place_of(keep));
        let first = self.rows.iter().position(|row| matches!(row, Row::Card(..))).unwrap_or(0);
        self.cursor.to(kept.unwrap_or(first), self.rows.len(), height);
        if kept.is_none() {
            self.cursor.offset = 0;
        }
        self.show(analysis);
    }

    /// Where an entity stands in the list.
    #[must_use]
    pub fn place_of(&self, entity: Entity) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, Row::Card(found, _) if *found == entity))
    }

    /// Shows the selected card.
    pub fn show(&mut self, analysis: &Analysis) {
        let entity = self.entity();
        if self.view.as_ref().map(|view| view.entity) != entity {
            self.value = 0;
            self.offset = 0;
        }
        self.view = entity.map(|entity| {
            let mut view = card_view(analysis, entity);
            narrow(analysis, &mut view, &self.context);
            view
        });
        self.strips = match entity {
            Some(Entity::Persona(id)) => [Axis::Time, Axis::Risk, Axis::Phase]
                .into_iter()
                .map(|axis| strip(analysis, id, axis, &self.context))
                .filter(changes)
                .collect(),
            _ => Vec::new(),
        };
        if let Some(first) = self.strips.first().filter(|_| self.strip().is_none()) {
            self.axis = first.axis;
        }
        self.value = self.value.min(self.value_count().saturating_sub(1));
    }

    /// The strip along which keys move, where the card has one.
    #[must_use]
    pub fn strip(&self) -> Option<&Strip> {
        self.strips.iter().find(|strip| strip.axis == self.axis)
    }

    /// Moves in the list, over the titles of groups.
    pub fn step(&mut self, analysis: &Analysis, delta: isize, height: usize) {
        let start = self.cursor.row;
        self.cursor.by(delta, self.rows.len(), height);
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            let on = if delta < 0 && self.cursor.row > 0 { -1 } else { 1 };
            self.cursor.by(on, self.rows.len(), height);
        }
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            self.cursor.to(start, self.rows.len(), height);
        }
        self.show(analysis);
    }

    /// Keeps the selected value in sight.
    pub fn follow(&mut self, analysis: &Analysis, theme: Theme, width: usize, height: usize) {
        let Some(view) = &self.view else { return };
        let drawn = draw_card(analysis, view, theme, width, None);
        let Some(&(first, last)) = drawn.values.get(self.value) else { return };
        let height = height.max(1);
        // The first value brings the head of the card with it.
        let first = if self.value == 0 { 0 } else { first.saturating_sub(1) };
        if first < self.offset {
            self.offset = first;
        }
        if last + 1 > self.offset + height {
            self.offset = (last + 1).saturating_sub(height).min(first.max(self.offset + 1));
        }
        self.offset = self.offset.min(drawn.lines.len().saturating_sub(height));
    }

    fn group(&self, analysis: &Analysis, entity: Entity) -> String {
        let catalog = &analysis.catalog;
        let name = |name: &Option<crate::card::words::Name>| {
            name.as_ref().map_or(String::new(), |name| name.written().to_owned())
        };
        match (self.grouping, entity) {
            (Grouping::None, _) => String::new(),
            (Grouping::Gaps, _) => match analysis.worst(entity) {
                Some(severity) => format!("{}\u{0}{}", severity as u8, severity.word()),
                None => "9\u{0}no gaps".to_owned(),
            },
            (Grouping::Section, Entity::Persona(id)) => name(&catalog.personas[id.index()].section),
            (Grouping::Team, Entity::Persona(id)) => {
                let team = catalog.personas[id.index()].team;
                team.map_or("no team".to_owned(), |team| catalog.label(team.into()))
            }
            (Grouping::Section | Grouping::Team, Entity::Component(id)) => {
                name(&catalog.components[id.index()].layer)
            }
            (Grouping::Section | Grouping::Team, _) => String::new(),
        }
    }
}

/// The word of a grouping, for the list's title.
#[must_use]
pub fn grouping_word(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::Section => "by section",
        Grouping::Team => "by team",
        Grouping::Gaps => "by worst gap",
        Grouping::None => "in file order",
    }
}

fn entities(analysis: &Analysis, kind: EntityKind) -> Vec<Entity> {
    let catalog = &analysis.catalog;
    match kind {
        EntityKind::Persona => {
            (0..catalog.personas.len()).map(|id| PersonaId::from_index(id).into()).collect()
        }
        EntityKind::Process => {
            (0..catalog.processes.len()).map(|id| ProcessId::from_index(id).into()).collect()
        }
        EntityKind::Component => {
            (0..catalog.components.len()).map(|id| ComponentId::from_index(id).into()).collect()
        }
        EntityKind::Skill => (0..catalog.skills.len()).map(|id| SkillId::from_index(id).into()).collect(),
        EntityKind::Team => (0..catalog.teams.len()).map(|id| TeamId::from_index(id).into()).collect(),
        EntityKind::Person => (0..catalog.people.len()).map(|id| PersonId::from_index(id).into()).collect(),
        EntityKind::Scenario => {
            (0..catalog.scenarios.len()).map(|id| ScenarioId::from_index(id).into()).collect()
        }
        EntityKind::Catalog
        | EntityKind::Step
        | EntityKind::Decision
        | EntityKind::DutySet
        | EntityKind::Name => Vec::new(),
    }
}

/// What the list says of an entity: `P006 GenAI Data Scientist`.
fn list_label(analysis: &Analysis, entity: Entity) -> String {
    let (id, name) = (analysis.catalog.id(entity), analysis.catalog.name(entity));
    if id == name { safe(&name) } else { format!("{}  {}", safe(&id), safe(&name)) }
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let Some(analysis) = model.analysis.as_deref() else { return };
    if let Some(area) = areas.list {
        render_list(model, analysis, area, frame);
    }
    if let Some(area) = areas.detail {
        render_detail(model, analysis, area, areas.inspector.is_none(), frame);
    }
    if let Some(area) = areas.strip {
        render_strips(model, analysis, area, frame);
    }
    if let Some(area) = areas.inspector {
        frame.render_widget(rule(model.theme), Rect { x: area.x.saturating_sub(2), width: 1, ..area });
        let lines = explain(model, analysis, usize::from(area.width));
        rows(frame, area, &lines, 0);
    }
}

fn render_list(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.cards;
    let width = usize::from(area.width);
    let cards = state.rows.iter().filter(|row| matches!(row, Row::Card(..))).count();
    let title = format!("{} ({cards})", capital(state.kind.plural()));
    let mut lines = vec![Line::from(vec![
        Span::styled(
            format!(" {title}"),
            if model.pane == Pane::List { theme.accent() } else { theme.strong() },
        ),
        Span::styled(format!("  {}", grouping_word(state.grouping)), theme.faint()),
    ])];
    let marked = state.marked.iter().filter(|(kind, _)| *kind == state.kind).count();
    if marked > 0
        && let Some(line) = lines.first_mut()
    {
        line.push_span(Span::styled(format!("  {marked} marked"), theme.accent()));
    }
    if state.rows.is_empty() {
        lines.push(Line::default());
        for text in empty_hint(model, analysis) {
            lines.extend(
                wrap(&text, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
            );
        }
    }
    let height = usize::from(area.height).saturating_sub(1);
    for (place, row) in state.rows.iter().enumerate().skip(state.cursor.offset).take(height) {
        lines.push(match row {
            Row::Group(title, count) => Line::from(vec![
                Span::styled(
                    format!(" {}", cut(title, width.saturating_sub(8), theme.ellipsis())),
                    theme.faint(),
                ),
                Span::styled(format!(" {count}"), theme.faint()),
            ]),
            Row::Card(entity, places) => {
                let selected = place == state.cursor.row;
                let marked =
                    !state.marked.is_empty() && state.marked.contains(&named(&analysis.catalog, *entity));
                card_row(
                    analysis,
                    (*entity, marked),
                    places,
                    width,
                    theme,
                    selected.then_some(model.pane == Pane::List),
                )
            }
        });
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}

fn card_row(
    analysis: &Analysis,
    (entity, marked): (Entity, bool),
    places: &[usize],
    width: usize,
    theme: Theme,
    selected: Option<bool>,
) -> Line<'static> {
    let style = selected.map_or(theme.base(), |focused| theme.selected(focused));
    let glyph = match entity {
        Entity::Persona(id) => theme.persona(analysis.catalog.personas[id.index()].persona_type),
        other if !analysis.catalog.is_declared(other) => Mark::Undeclared.glyph(theme.ascii),
        _ => " ",
    };
    let badge = analysis.worst(entity);
    let room = width.saturating_sub(8);
    let label = list_label(analysis, entity);
    let mark = theme.mark_sign(marked);
    let mut spans = vec![
        Span::styled(format!(" {mark}"), style.patch(theme.accent())),
        Span::styled(format!("{glyph} "), style.patch(theme.faint()).patch(style)),
    ];
    spans.extend(highlighted(&label, places, room, style, style.patch(theme.hit()), theme.ellipsis()));
    let used = cut(&label, room, theme.ellipsis()).width();
    spans.push(Span::styled(" ".repeat(room.saturating_sub(used) + 1), style));
    match badge {
        Some(severity) => {
            spans.push(Span::styled(theme.badge(severity), style.patch(theme.severity(severity))))
        }
        None => spans.push(Span::styled("  ", style)),
    }
    spans.push(Span::styled(" ", style));
    Line::from(spans)
}

fn empty_hint(model: &Model, analysis: &Analysis) -> Vec<String> {
    if !model.cards.filter.is_empty() {
        return vec![
            format!("Nothing matches \"{}\".", model.cards.filter),
            "Esc clears the filter.".to_owned(),
        ];
    }
    let mut hints = vec![format!("There are no {} yet.", model.cards.kind.plural())];
    if analysis.catalog.personas.is_empty() && model.cards.kind == EntityKind::Persona {
        let key = model.keys.shown(crate::tui::actions::Action::NewCard);
        hints.push(format!("{key} adds one here; `persona demo` shows an example."));
    }
    if analysis.catalog.real_problems().next().is_some() {
        hints.push(format!(
            "Some files could not be read: {} lists them.",
            model.keys.shown(crate::tui::actions::Action::Problems)
        ));
    }
    hints
}

fn render_detail(model: &Model, analysis: &Analysis, area: Rect, explain_below: bool, frame: &mut Frame<'_>) {
    let theme = model.theme;
    if area.x > 1 {
        frame.render_widget(rule(theme), Rect { x: area.x - 2, width: 1, ..area });
    }
    let Some(view) = &model.cards.view else { return };
    let (card, below) = split(area, explain_below);
    let focused = model.pane == Pane::Detail;
    let selected = focused.then_some(model.cards.value);
    let drawn = draw_card(analysis, view, theme, usize::from(card.width), selected);
    rows(frame, card, &drawn.lines, model.cards.offset);
    scroll_hint(
        frame,
        Rect { width: card.width + 1, ..card },
        theme,
        model.cards.offset,
        drawn.lines.len(),
        usize::from(card.height),
    );
    if let Some(below) = below {
        let line = if theme.ascii { "-" } else { "─" };
        let mut lines = vec![Line::from(Span::styled(line.repeat(usize::from(below.width)), theme.faint()))];
        lines.extend(explain(model, analysis, usize::from(below.width)));
        rows(frame, below, &lines, 0);
    }
}

/// How many rows the strips of a card take below it, in a pane of a height.
#[must_use]
pub fn strip_height(model: &Model, height: u16) -> u16 {
    let rows = u16::try_from(model.cards.strips.len()).unwrap_or(3);
    if rows == 0 || height < 18 { 0 } else { rows + 1 }
}

fn render_strips(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let width = usize::from(area.width);
    let keys = &model.keys;
    let head = format!(
        "Access: at once + once activated  {} {}: along it  {}: next  {}: clear",
        keys.shown(Action::Fewer),
        keys.shown(Action::More),
        keys.shown(Action::Overlay),
        keys.shown(Action::ClearContext)
    );
    let mut lines = vec![Line::from(Span::styled(cut(&head, width, theme.ellipsis()), theme.faint()))];
    let settings = &analysis.catalog.settings;
    lines.extend(
        model
            .cards
            .strips
            .iter()
            .map(|strip| strip_line(strip, settings, theme, width, strip.axis == model.cards.axis)),
    );
    if area.x > 1 {
        frame.render_widget(rule(theme), Rect { x: area.x - 2, width: 1, ..area });
    }
    rows(frame, area, &lines, 0);
}

/// The card's part of the pane, and below it that of the explanation, where there is room.
#[must_use]
pub fn split(area: Rect, explain_below: bool) -> (Rect, Option<Rect>) {
    let below = (area.height / 3).clamp(5, 12);
    if !explain_below || area.height < 16 {
        return (area, None);
    }
    let card = Rect { height: area.height - below, ..area };
    (card, Some(Rect { y: area.y + card.height, height: below, ..area }))
}

/// What there is to say of the selected value; from the list, of the selected card.
fn explain(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    if model.pane == Pane::Detail
        && let Some(value) = model.cards.value()
    {
        let word = value.mark.word();
        lines.push(Line::from(vec![
            Span::styled(
                cut(&value.text, width.saturating_sub(word.len() + 4), theme.ellipsis()),
                theme.strong(),
            ),
            Span::styled(
                if word.is_empty() { String::new() } else { format!("  {word}") },
                theme.mark(value.mark),
            ),
        ]));
        if !value.detail.is_empty() && value.why.is_empty() {
            lines.extend(wrap(&value.detail, width).into_iter().map(Line::from));
        }
        if value.why.is_empty() {
            let about = value.entity.map(|entity| card_view(analysis, entity));
            if let Some(about) = about {
                let text = match &about.description {
                    Some(description) => format!("{}. {description}", capital(&about.subtitle)),
                    None => capital(&about.subtitle),
                };
                lines.extend(wrap(&text, width).into_iter().map(Line::from));
            }
        }
        for why in &value.why {
            let bullet = if theme.ascii { "- " } else { "• " };
            for (place, line) in wrap(why, width.saturating_sub(2)).into_iter().enumerate() {
                lines.push(Line::from(format!("{}{line}", if place == 0 { bullet } else { "  " })));
            }
        }
        if let Some(place) = value.place {
            lines.push(Line::from(Span::styled(
                cut(&line_of(analysis, place), width, theme.ellipsis()),
                theme.faint(),
            )));
        }
        return lines;
    }
    let Some(view) = &model.cards.view else { return lines };
    let gaps: Vec<_> = view.findings.iter().filter_map(|&place| analysis.findings.get(place)).collect();
    if gaps.is_empty() {
        lines.push(Line::from(vec![
            Span::styled(Mark::Needed.glyph(theme.ascii), theme.good()),
            Span::raw(" No gaps."),
        ]));
        return lines;
    }
    let word = if gaps.len() == 1 { "gap" } else { "gaps" };
    lines.push(Line::from(Span::styled(format!("{} {word}", gaps.len()), theme.strong())));
    for finding in gaps {
        let style = if finding.is_open() { theme.severity(finding.severity) } else { theme.faint() };
        let from = if is_outside(finding.rule) { "From the logs: " } else { "" };
        let message = format!("{from}{}", finding.message);
        for (place, line) in wrap(&message, width.saturating_sub(4)).into_iter().enumerate() {
            let sign = if place == 0 { theme.badge(finding.severity) } else { "  " };
            lines.push(Line::from(vec![Span::styled(format!("{sign}  "), style), Span::raw(line)]));
        }
    }
    lines
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
