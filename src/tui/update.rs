//! Message in, changed model and effects out. Pure: nothing here reads, writes, or asks the time.

mod audit;
mod canvas;
mod deeds;
mod edit;
mod keys;
mod maps;
mod matrix;
mod mouse;
mod palette;
mod review;
mod whatif;

use std::sync::Arc;

use crate::analysis::Analysis;
use crate::catalog::{Entity, EntityKind};

use super::actions::Action;
use super::layout::{self, areas};
use super::message::{Effect, Message};
use super::model::{Layer, Model, Pane, Screen, Spot, Toast};
use super::screens::{cards, graph, problems};

/// Lets something happen.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = happen(model, message);
    effects.extend(audit::ask(model));
    effects.extend(canvas::ask(model));
    effects.extend(maps::ask(model));
    effects.extend(review::ask(model));
    effects.extend(whatif::ask(model));
    effects
}

fn happen(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => keys::press(model, key),
        Message::Mouse(event, at) => mouse::event(model, event, at),
        Message::Paste(text) => {
            match model.layers.last() {
                Some(Layer::Form(_)) => return edit::paste_form(model, &text),
                Some(Layer::Deed(_)) => return deeds::paste(model, &text),
                _ => {}
            }
            keys::paste(model, &text);
            Vec::new()
        }
        Message::Resize(width, height) => {
            model.size = (width, height);
            let rows = usize::from(super::form::draw::areas(model.size).1.height);
            for layer in &mut model.layers {
                if let Layer::Form(form) = layer {
                    form.fit(rows);
                }
            }
            audit::track(model);
            settle(model);
            canvas::keep(model);
            maps::keep(model);
            Vec::new()
        }
        Message::Loaded(revision, analysis) => {
            if revision != model.revision {
                return Vec::new();
            }
            loaded(model, analysis);
            edit::arrived(model)
        }
        Message::Read(revision, read) => {
            if revision == model.revision {
                edit::read(model, *read)
            } else {
                Vec::new()
            }
        }
        Message::Fixes(asked, place, found) => {
            edit::fixes(model, asked, place, found);
            Vec::new()
        }
        Message::LogsProgress(asked, bytes) => {
            audit::progress(model, asked, bytes);
            Vec::new()
        }
        Message::LogsRead(asked, opened) => {
            audit::read(model, asked, opened);
            Vec::new()
        }
        Message::Ways(asked, place, found, notes) => {
            audit::ways(model, asked, place, found, notes);
            Vec::new()
        }
        Message::Supposed(asked, found) => {
            whatif::supposed(model, asked, found);
            Vec::new()
        }
        Message::Remedies(asked, found) => {
            review::ways(model, asked, found);
            Vec::new()
        }
        Message::Known(asked, known) => {
            review::known(model, asked, known);
            Vec::new()
        }
        Message::Meeting(meeting) => {
            review::followed(model, meeting.map(|meeting| *meeting));
            Vec::new()
        }
        Message::Minutes(written) => review::minutes(model, written),
        Message::Passed(seconds) => review::passed(model, seconds),
        Message::Previewed(asked, preview) => {
            edit::previewed(model, asked, preview);
            Vec::new()
        }
        Message::Together(asked, found) => deeds::together(model, asked, found),
        Message::Tried(asked, tried) => deeds::tried(model, asked, tried),
        Message::Saved(written) => edit::saved(model, &written),
        Message::Undrawn(why) => {
            (model.graph.canvas.waiting, model.maps.waiting) = (false, false);
            say(model, why, true);
            Vec::new()
        }
        Message::Unsaved(why) => {
            model.working = None;
            if model.saving.take().is_some() {
                model.session.not_saved();
            }
            review::unsaved(model);
            say(model, why, true);
            Vec::new()
        }
        Message::Failed(revision, why) => {
            if revision == model.revision {
                model.working = None;
                (model.applying, model.reading) = (false, false);
                if model.analysis.is_some() {
                    say(model, why, true);
                } else {
                    model.failure = Some(why);
                }
            }
            Vec::new()
        }
        Message::Drawn(number, drawing) => {
            canvas::drawn(model, number, drawing);
            Vec::new()
        }
        Message::MapDrawn(number, map) => {
            maps::drawn(model, number, map);
            Vec::new()
        }
        Message::Changed => load(model, "files changed: reading"),
        Message::Say(text, bad) => {
            say(model, text, bad);
            Vec::new()
        }
    }
}

/// Asks for the catalog.
pub fn load(model: &mut Model, why: &str) -> Vec<Effect> {
    model.revision += 1;
    model.working = Some(why.to_owned());
    model.reading = true;
    vec![Effect::Load(model.revision, model.day)]
}

fn say(model: &mut Model, text: impl Into<String>, bad: bool) {
    model.toast = Some(Toast { text: text.into(), bad, fresh: true });
}

/// New data: everything is found again by kind and id, since numbers have changed. What open logs prove
/// joins the findings.
fn loaded(model: &mut Model, bare: Arc<Analysis>) {
    let analysis = audit::joined(model, bare.clone());
    model.bare = Some(bare);
    model.working = None;
    model.failure = None;
    let mut drawn = std::mem::take(&mut model.graph.canvas);
    let names = |entity: Option<Entity>| {
        let old = model.analysis.as_deref()?;
        let entity = entity?;
        Some((old.catalog.kind(entity), old.catalog.id(entity).into_owned()))
    };
    let card = names(model.cards.entity());
    let had_card = card.is_some();
    let focus = names(model.graph.focus);
    let cell = matrix::names(model);
    let marks: Vec<_> = model.graph.marks.iter().filter_map(|mark| names(Some(*mark))).collect();
    let gap = model.analysis.as_deref().and_then(|old| model.gaps.finding(old)).map(|finding| {
        (finding.rule.id, names(Some(finding.subject)), names(finding.object), finding.environment)
    });
    let first = model.analysis.is_none();
    let found = |names: Option<(EntityKind, String)>| find(&analysis, &names?);
    let (card, focus) = (found(card), found(focus));
    let gap = gap.and_then(|(rule, subject, object, environment)| {
        let (subject, object) = (found(subject)?, found(object));
        analysis.findings.iter().position(|finding| {
            finding.rule.id == rule
                && finding.subject == subject
                && finding.object == object
                && finding.environment == environment
        })
    });
    drawn.renumber(|entity| found(names(Some(entity))));
    model.graph.canvas = drawn;
    let renamed = |entity: Entity| found(names(Some(entity)));
    let kept = maps::kept(model, renamed);
    model.gaps.follow(model.analysis.as_deref(), &analysis);
    model.graph.marks = marks.into_iter().filter_map(|names| found(Some(names))).collect();
    let settings = &analysis.catalog.settings;
    model.context.environment =
        model.context.environment.filter(|place| *place < settings.environments.len());
    model.context.risk = model.context.risk.filter(|risk| risk.index() < settings.risk_levels.len());
    model.analysis = Some(analysis.clone());
    let height = list_height(model);
    model.cards.context = model.context.clone();
    let row = model.cards.cursor.row;
    model.cards.rebuild(&analysis, card, height);
    if had_card && card.is_none() {
        // What takes the place of a card that is gone is what stood beside it.
        model.cards.cursor.to(row, model.cards.rows.len(), height);
        model.cards.step(&analysis, 0, height);
    }
    model.gaps.rebuild(&analysis, gap, height);
    model.graph.focus = focus.or_else(|| model.cards.entity());
    let context = model.context.clone();
    model.graph.rebuild(&analysis, &context);
    matrix::loaded(model, &analysis, cell);
    maps::loaded(model, &analysis, kept);
    if first {
        model.graph.neighbours.start();
        if let Some(spot) = model.restore.take() {
            go_to(model, &spot);
        } else if analysis.catalog.personas.is_empty()
            && layout::problem_count(model) > 0
            && model.screen == Screen::Cards
        {
            model.screen = Screen::Problems;
        }
    }
    settle(model);
}

/// An entity by kind and id.
fn find(analysis: &Analysis, (kind, id): &(EntityKind, String)) -> Option<Entity> {
    let found = analysis.catalog.find(id);
    found.into_iter().find(|entity| analysis.catalog.kind(*entity) == *kind)
}

/// How many rows the list of the screen shows.
fn list_height(model: &Model) -> usize {
    let areas = areas(model);
    match model.screen {
        Screen::Graph => graph::list_height(model, &areas),
        Screen::Matrix => super::screens::matrix::shape(model).rows.max(1),
        Screen::Maps | Screen::Review | Screen::WhatIf => 1,
        Screen::Problems => areas.list.map_or(1, problems::height),
        Screen::Audit => audit::height(model),
        Screen::Cards | Screen::Gaps => usize::from(model.size.1.saturating_sub(5)).max(1),
    }
}

/// After anything that may move things: cursors in sight, the card's value in sight.
fn settle(model: &mut Model) {
    let height = list_height(model);
    let Some(analysis) = model.analysis.clone() else { return };
    match model.screen {
        Screen::Cards => {
            let (row, count) = (model.cards.cursor.row, model.cards.rows.len());
            model.cards.cursor.to(row, count, height);
            follow_value(model, &analysis);
        }
        Screen::Gaps => {
            let (row, count) = (model.gaps.cursor.row, model.gaps.rows.len());
            model.gaps.cursor.to(row, count, height);
        }
        Screen::Graph => {
            model.graph.neighbours.step(0, height);
            model.graph.reach.step(0, height);
            let (row, count) = (model.graph.tree.cursor.row, model.graph.tree.rows.len());
            model.graph.tree.cursor.to(row, count, height);
        }
        Screen::Audit => audit::settle_rows(model),
        Screen::Matrix => super::screens::matrix::settle(model),
        Screen::Maps | Screen::Review | Screen::WhatIf => {}
        Screen::Problems => {
            let (row, count) = (model.problems.cursor.row, problems::all(&analysis).len());
            model.problems.cursor.to(row, count, height);
        }
    }
}

fn follow_value(model: &mut Model, analysis: &Analysis) {
    let areas = areas(model);
    let Some(area) = areas.detail else { return };
    let (card, _) = cards::split(area, areas.inspector.is_none());
    if model.pane == Pane::Detail {
        model.cards.follow(analysis, model.theme, usize::from(card.width), usize::from(card.height));
    }
}

/// Where one is.
fn here(model: &Model) -> Spot {
    let entity = match model.screen {
        Screen::Cards => model.cards.entity(),
        Screen::Graph => model.graph.focus,
        Screen::Matrix => model.matrix.selected().map(|(row, _)| row),
        Screen::Maps => {
            super::screens::maps::step(model).map(|(step, _)| step.into()).or(model.maps.selected())
        }
        Screen::Audit | Screen::Gaps | Screen::Review | Screen::WhatIf | Screen::Problems => None,
    };
    let entity = entity.and_then(|entity| {
        let analysis = model.analysis.as_deref()?;
        Some((analysis.catalog.kind(entity), analysis.catalog.id(entity).into_owned()))
    });
    let row = match model.screen {
        Screen::Audit => model.audit.cursor.row,
        Screen::Gaps => model.gaps.cursor.row,
        Screen::Problems => model.problems.cursor.row,
        Screen::Cards => model.cards.cursor.row,
        Screen::Graph | Screen::Matrix | Screen::Maps | Screen::Review | Screen::WhatIf => 0,
    };
    Spot { screen: model.screen, kind: model.cards.kind, entity, filter: model.filter().to_owned(), row }
}

/// Remembers where one is before going elsewhere.
fn leave(model: &mut Model) {
    let spot = here(model);
    if model.back.last() != Some(&spot) {
        model.back.push(spot);
    }
    if model.back.len() > 200 {
        model.back.remove(0);
    }
    model.forward.clear();
}

/// Goes to a remembered place, with its filter and cursor.
fn go_to(model: &mut Model, spot: &Spot) {
    model.screen = spot.screen;
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    let entity = spot.entity.as_ref().and_then(|names| find(&analysis, names));
    match spot.screen {
        Screen::Cards => {
            model.cards.kind = spot.kind;
            model.cards.filter.clone_from(&spot.filter);
            model.cards.rebuild(&analysis, entity, height);
        }
        Screen::Graph => {
            if let Some(entity) = entity {
                let context = model.context.clone();
                model.graph.look_at(&analysis, entity, &context);
            }
        }
        Screen::Maps => {
            model.maps.filter.clone_from(&spot.filter);
            maps::go_to(model, entity);
        }
        Screen::Matrix => {
            model.matrix.options.filter.clone_from(&spot.filter);
            let column = model.matrix.selected().map(|(_, column)| column);
            matrix::rebuild(model, entity.zip(column.or(entity)));
        }
        Screen::Gaps => {
            model.gaps.filter.clone_from(&spot.filter);
            model.gaps.rebuild(&analysis, None, height);
            model.gaps.cursor.to(spot.row, model.gaps.rows.len(), height);
            model.gaps.step(0, height);
        }
        Screen::Audit => {
            model.audit.filter.clone_from(&spot.filter);
            audit::rebuild(model, None);
            let height = list_height(model);
            model.audit.cursor.to(spot.row, model.audit.rows.len(), height);
            audit::step(model, 0);
        }
        Screen::Review => review::refresh(model),
        Screen::WhatIf => {}
        Screen::Problems => model.problems.cursor.to(spot.row, problems::all(&analysis).len(), height),
    }
    settle(model);
}

/// What the session remembers.
#[must_use]
pub fn spot(model: &Model) -> Spot {
    here(model)
}

/// Opens the card of an entity.
fn open_card(model: &mut Model, entity: Entity) {
    let Some(analysis) = model.analysis.clone() else { return };
    let kind = analysis.catalog.kind(entity);
    let (entity, kind) = match entity {
        // Steps have no list of their own; their process has.
        Entity::Step(step) => {
            (Entity::Process(analysis.catalog.steps[step.index()].process), EntityKind::Process)
        }
        other => (other, kind),
    };
    if !cards::KINDS.contains(&kind) {
        say(model, format!("{} has no card", analysis.catalog.label(entity)), true);
        return;
    }
    leave(model);
    model.screen = Screen::Cards;
    let height = list_height(model);
    let filtered_out = model.cards.kind == kind && model.cards.place_of(entity).is_none();
    if model.cards.kind != kind || filtered_out {
        model.cards.kind = kind;
        model.cards.filter.clear();
    }
    model.cards.rebuild(&analysis, Some(entity), height);
    model.pane = Pane::Detail;
    settle(model);
}

/// The next or previous gap from where one is.
fn step_gap(model: &mut Model, forward: bool) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    if model.screen != Screen::Gaps {
        let (about, of_cell) = (model.selected(), matrix::gap(model));
        leave(model);
        model.screen = Screen::Gaps;
        let place = of_cell
            .or_else(|| about.and_then(|entity| analysis.about(entity).map(|(place, _)| place).next()));
        if place.is_some_and(|place| model.gaps.row_of(place).is_none()) {
            model.gaps.filter.clear();
        }
        model.gaps.rebuild(&analysis, place.or(model.gaps.place()), height);
        settle(model);
        return;
    }
    let count = model.gaps.rows.len();
    let (old, delta) = (model.gaps.cursor.row, if forward { 1 } else { -1 });
    model.gaps.step(delta, height);
    if model.gaps.cursor.row == old && count > 1 {
        let end = if forward { 1 } else { count - 1 };
        model.gaps.cursor.to(end, count, height);
        model.gaps.step(0, height);
        say(model, if forward { "from the first gap again" } else { "from the last gap" }, false);
    }
}

/// Makes the rows of a filtered screen anew after its filter changed.
fn refilter(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    match model.screen {
        Screen::Cards => {
            let keep = model.cards.entity();
            model.cards.rebuild(&analysis, keep, height);
        }
        Screen::Gaps => {
            let keep = model.gaps.place();
            model.gaps.rebuild(&analysis, keep, height);
        }
        Screen::Audit => {
            let keep = model.audit.name();
            audit::rebuild(model, keep.as_ref());
        }
        Screen::Matrix => matrix::arrange(model, model.matrix.selected()),
        Screen::Graph => canvas::seek(model),
        Screen::Maps => maps::seek(model),
        Screen::Review => review::refresh(model),
        Screen::WhatIf | Screen::Problems => {}
    }
}

fn filter_mut(model: &mut Model) -> Option<&mut String> {
    match model.screen {
        Screen::Cards => Some(&mut model.cards.filter),
        Screen::Audit => Some(&mut model.audit.filter),
        Screen::Gaps => Some(&mut model.gaps.filter),
        Screen::Matrix => Some(&mut model.matrix.options.filter),
        Screen::Maps => Some(&mut model.maps.filter),
        Screen::Graph if canvas::is_shown(model) => Some(&mut model.graph.canvas.search),
        Screen::Review if model.review.meeting.is_none() => Some(&mut model.review.choose.scope.words),
        Screen::Graph | Screen::Review | Screen::WhatIf | Screen::Problems => None,
    }
}

/// What is selected, as a file and a line to be edited.
fn edit_place(model: &Model) -> Option<(String, u32)> {
    let analysis = model.analysis.as_deref()?;
    let place = match model.screen {
        Screen::Cards => match model.pane {
            Pane::Detail => {
                model.cards.value().and_then(|value| value.place).or_else(|| model.cards.view.as_ref()?.place)
            }
            Pane::List => model.cards.view.as_ref()?.place,
        },
        Screen::Gaps => model.gaps.finding(analysis).and_then(|finding| finding.place),
        Screen::Audit => audit::nearest_grant(model)
            .or_else(|| model.selected().and_then(|entity| analysis.catalog.place(entity))),
        Screen::Review => model.review.finding(analysis).and_then(|finding| finding.place),
        Screen::Graph | Screen::Maps | Screen::WhatIf => {
            model.selected().and_then(|entity| analysis.catalog.place(entity))
        }
        Screen::Matrix => super::screens::matrix::cell::explanation(model)?.place,
        Screen::Problems => {
            let problem = *problems::all(analysis).get(model.problems.cursor.row)?;
            return Some((problem.file.clone(), problem.line));
        }
    };
    let location = analysis.catalog.locate(place?);
    Some((location.file.to_owned(), location.position.line))
}

fn switch(model: &mut Model, screen: Screen) {
    if model.screen == screen {
        return;
    }
    // The card as a whole goes along, not the value that the cursor is on: that is for a full stop.
    let selected = if model.screen == Screen::Cards { model.cards.entity() } else { model.selected() };
    let cell = if model.screen == Screen::Audit { audit::cell(model) } else { None };
    leave(model);
    model.screen = screen;
    model.pane = Pane::List;
    let Some(analysis) = model.analysis.clone() else { return };
    if screen == Screen::Matrix {
        matrix::enter(model);
        if let Some(cell) = cell {
            audit::enter_matrix(model, cell);
        }
    }
    if screen == Screen::Review && model.review.meeting.is_none() {
        review::refresh(model);
    }
    if let (Screen::Maps, Some(entity)) = (screen, selected) {
        maps::go_to(model, Some(entity));
    }
    if screen == Screen::Graph
        && let Some(entity) = selected.filter(|entity| analysis.graph.contains(*entity))
    {
        // Coming back to what is in focus already keeps the cursor where it was.
        if model.graph.focus != Some(entity) {
            let context = model.context.clone();
            model.graph.look_at(&analysis, entity, &context);
        }
    }
    settle(model);
}

fn push_help(model: &mut Model) {
    model.layers.push(Layer::Help { offset: 0 });
}

pub use edit::{farewell, offer};
pub use keys::typed;
pub use review::{left, remember};

/// Does an action of the table.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(why) = model.unavailable(action) {
        // What follows the first part of a title says what it does elsewhere, and would hide why it cannot here.
        let title = super::actions::entry_of(action).title;
        say(model, format!("{}: {why}", short_title(title)), true);
        return Vec::new();
    }
    keys::act(model, action)
}

/// The first part of what a key does: `mark` of `mark: a card, a gap`.
fn short_title(title: &str) -> &str {
    title.split([':', ';']).next().unwrap_or(title)
}

/// How many lines the palette shows.
#[must_use]
pub fn palette_height() -> usize {
    palette::HEIGHT
}
