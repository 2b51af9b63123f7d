//! What keys and mouse do on the screen of an audit, and when its logs are read.
//!
//! Logs are judged again after each edit while they are small; large ones when that is asked for. Nothing
//! is read here.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::{leave, list_height, loaded, matrix, open_card, say, settle};
use crate::analysis::Analysis;
use crate::analysis::fixes::Proven;
use crate::analysis::outside::carried;
use crate::audit::judge::Verdict;
use crate::audit::opened::Opened;
use crate::catalog::Entity;
use crate::tui::actions::Action;
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, Pane, Screen};
use crate::tui::screens::audit::{self, Logs, Row};

/// Logs of at most so many bytes are judged again after each edit.
const SMALL: u64 = 64 << 20;

/// Asks for the logs to be read where they are not, or not by the cards as they are.
pub fn ask(model: &mut Model) -> Option<Effect> {
    let bare = model.bare.clone()?;
    let state = &mut model.audit;
    if state.logs.paths.is_empty() || state.asked_by.as_ref().is_some_and(|by| Arc::ptr_eq(by, &bare)) {
        return None;
    }
    let is_large = state.opened.as_ref().is_some_and(|opened| opened.totals.bytes > SMALL);
    if is_large && !state.again {
        return None;
    }
    state.again = false;
    state.asked_by = Some(bare);
    state.asked += 1;
    state.reading = Some(0);
    Some(Effect::ReadLogs(state.asked, state.logs.clone()))
}

/// The analysis with what the open logs prove.
pub fn joined(model: &Model, bare: Arc<Analysis>) -> Arc<Analysis> {
    let Some(opened) = &model.audit.opened else { return bare };
    let findings = if Arc::ptr_eq(opened.analysis(), &bare) {
        opened.findings.clone()
    } else {
        carried(&opened.analysis().catalog, &bare.catalog, &opened.findings)
    };
    Arc::new(bare.joined(findings))
}

/// So much of the logs was read.
pub fn progress(model: &mut Model, asked: u64, bytes: u64) {
    if asked == model.audit.asked && model.audit.reading.is_some() {
        model.audit.reading = Some(bytes);
    }
}

/// The logs were read, or could not be.
pub fn read(model: &mut Model, asked: u64, opened: Result<Arc<Opened>, String>) {
    if asked != model.audit.asked {
        return;
    }
    model.audit.reading = None;
    match opened {
        Err(why) => {
            say(model, why.clone(), true);
            model.audit.failure = Some(why);
        }
        Ok(opened) => {
            let first = model.audit.opened.is_none();
            model.audit.failure = None;
            let name = model.audit.name();
            model.audit.opened = Some(opened.clone());
            if first {
                model.audit.span = None;
                let beyond = opened.summary.counts.beyond;
                let key = model.keys.shown(Action::Audit).to_owned();
                let text = format!(
                    "logs read: {}, {} beyond the boundary; {key} shows them",
                    crate::audit::words::events(opened.summary.counts.events),
                    crate::audit::words::number(beyond)
                );
                say(model, text, false);
            }
            rebuild(model, name.as_ref());
            join(model);
        }
    }
}

/// Shows what the logs that are open now prove, or no longer.
fn join(model: &mut Model) {
    let Some(bare) = model.bare.clone() else { return };
    // Places in the analysis change.
    model.layers.retain(|layer| !matches!(layer, Layer::Fixes(_)));
    let working = model.working.take();
    loaded(model, bare);
    model.working = working;
}

/// Makes the list and the timeline anew.
pub fn rebuild(model: &mut Model, keep: Option<&audit::Name>) {
    // How high the list is hangs on how many lines the timeline has.
    track(model);
    let height = height(model);
    model.audit.rebuild(keep, height);
    track(model);
}

/// Makes the timeline anew.
pub fn track(model: &mut Model) {
    let shape = audit::shape(model.size);
    model.audit.track(shape.columns, shape.lines);
}

/// How many rows the list shows.
pub fn height(model: &Model) -> usize {
    let areas = areas(model);
    let area = areas.list.or(areas.detail);
    area.map_or(1, |area| usize::from(area.height.saturating_sub(1))).max(1)
}

/// Moves in the list; whoever is selected is in the timeline.
pub fn step(model: &mut Model, delta: isize) {
    let height = height(model);
    model.audit.step(delta, height);
    let actor = model.audit.actor();
    let has = |actor| model.audit.tracks.iter().any(|track| track.actor.as_ref() == Some(actor));
    if model.audit.tracks.len() > 1 && actor.as_ref().is_some_and(|actor| !has(actor)) {
        track(model);
    }
}

/// Scrolls what is said of the selected row.
pub fn scroll(model: &mut Model, delta: isize) {
    let Some(area) = areas(model).detail else { return };
    let most = audit::detail_height(model, usize::from(area.width)).saturating_sub(usize::from(area.height));
    model.audit.offset = model.audit.offset.saturating_add_signed(delta).min(most);
}

/// An action that the screen has its own way of; none where it has not.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let keep = model.audit.name();
    match action {
        Action::NextView => {
            model.audit.view = model.audit.view.next();
            rebuild(model, None);
        }
        Action::Sort => {
            model.audit.grouping = model.audit.grouping.next();
            rebuild(model, keep.as_ref());
        }
        Action::Overlay => {
            model.audit.verdict = match model.audit.verdict {
                Some(Verdict::Beyond) => Some(Verdict::Allowed),
                Some(Verdict::Allowed) => Some(Verdict::Unjudged),
                Some(Verdict::Unjudged) => None,
                None => Some(Verdict::Beyond),
            };
            model.audit.view = audit::View::Events;
            rebuild(model, keep.as_ref());
        }
        Action::More | Action::Fewer => {
            model.audit.zoom(action == Action::More);
            rebuild(model, keep.as_ref());
        }
        Action::PageLeft | Action::PageRight => {
            if model.audit.span.is_none() {
                let key = model.keys.shown(Action::More).to_owned();
                say(model, format!("all of it is shown; {key} looks nearer"), false);
            }
            model.audit.shift(action == Action::PageRight);
            rebuild(model, keep.as_ref());
        }
        Action::Open => open(model),
        Action::Back => return back(model).then(|| stop(model)),
        _ => return None,
    }
    settle(model);
    Some(Vec::new())
}

/// Esc takes back the span, and gives up reading; the rest is as everywhere.
fn back(model: &mut Model) -> bool {
    if model.zoom || model.pane == Pane::Detail || !model.audit.filter.is_empty() {
        return false;
    }
    if model.audit.span.is_some() {
        let keep = model.audit.name();
        model.audit.span = None;
        rebuild(model, keep.as_ref());
        return true;
    }
    model.audit.reading.is_some()
}

/// Gives up reading where logs are read.
fn stop(model: &mut Model) -> Vec<Effect> {
    if model.audit.reading.take().is_none() {
        return Vec::new();
    }
    // What answers still is an answer to an old question.
    model.audit.asked += 1;
    let text = if model.audit.opened.is_some() {
        "reading given up; what is shown is as it was before"
    } else {
        model.audit.failure = Some("Reading the logs was given up.".to_owned());
        "reading given up"
    };
    say(model, text, false);
    vec![Effect::StopLogs]
}

/// Enter: to the grant, or to where it is missing.
fn open(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let (subject, object) = model.audit.entities(&analysis);
    match model.audit.row() {
        Some(Row::Events(..) | Row::Agent(..) | Row::Grant(..)) => {}
        Some(Row::Group(..) | Row::Bad(_) | Row::Remark(_)) | None => {
            if areas(model).detail.is_none() {
                model.pane = Pane::Detail;
            } else {
                say(model, "this leads nowhere", true);
            }
            return;
        }
    }
    // Where one pane is shown, its page comes first.
    if areas(model).detail.is_none() {
        model.pane = Pane::Detail;
        return;
    }
    let Some(subject) = subject else {
        match object {
            Some(object) => open_card(model, object),
            None => say(model, "the catalog has no card of this", true),
        }
        return;
    };
    let place = nearest_grant(model);
    open_card(model, subject);
    if model.screen != Screen::Cards {
        return;
    }
    let Some(view) = &model.cards.view else { return };
    let values: Vec<_> = view
        .fields
        .iter()
        .flat_map(|field| field.values.iter().map(move |value| (field.title, value)))
        .collect();
    let exact = values.iter().position(|(_, value)| place.is_some() && value.place == place);
    let on = || values.iter().position(|(_, value)| object.is_some() && value.entity == object);
    let first = || values.iter().position(|(title, _)| *title == "Component access");
    let missing = exact.is_none() && on().is_none() && object.is_some();
    if let Some(value) = exact.or_else(on).or_else(first) {
        model.cards.value = value;
    }
    if missing && let Some(object) = object {
        let name = analysis.catalog.label(object);
        say(model, format!("there is no grant on {name}: here is where one would stand"), false);
    }
    settle(model);
}

/// Where the grant of the selected row stands, or the one that comes nearest, in the cards as they are.
pub fn nearest_grant(model: &Model) -> Option<crate::catalog::Place> {
    let state = &model.audit;
    let opened = state.opened.as_deref()?;
    let analysis = model.analysis.as_deref()?;
    if !Arc::ptr_eq(&opened.analysis().catalog, &analysis.catalog) {
        return None;
    }
    if let Some(grant) = state.grant() {
        return Some(analysis.catalog.personas[grant.persona.index()].grants.get(grant.grant)?.place);
    }
    let (_, row) = opened.crossing(state.class()?)?.row?;
    Some(opened.versions.now().rows.get(row as usize)?.place)
}

/// The cell of the matrix that the selected row is about.
pub fn cell(model: &Model) -> Option<(Entity, Entity)> {
    let (subject, object) = model.audit.entities(model.analysis.as_deref()?);
    match (subject?, object?) {
        (persona @ Entity::Persona(_), object) => Some((persona, object)),
        _ => None,
    }
}

/// Goes to the cell of the matrix that a row was about.
pub fn enter_matrix(model: &mut Model, cell: (Entity, Entity)) {
    if model.matrix.kind != crate::analysis::matrix::Kind::Components {
        model.matrix.kind = crate::analysis::matrix::Kind::Components;
        model.matrix.options.filter.clear();
        model.matrix.matrix = None;
    }
    let turned = model.matrix.options.transpose;
    matrix::rebuild(model, Some(if turned { (cell.1, cell.0) } else { cell }));
}

/// Asks where logs are.
pub fn ask_path(model: &mut Model) {
    let input = model.audit.logs.paths.join(":");
    model.layers.push(Layer::Logs { input });
}

/// A key where logs are named.
pub fn press_path(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    let Some(Layer::Logs { input }) = model.layers.last_mut() else { return Vec::new() };
    match event.code {
        KeyCode::Esc => {
            model.layers.pop();
        }
        KeyCode::Enter => {
            let typed = std::mem::take(input);
            let paths: Vec<String> =
                typed.split(':').map(str::trim).filter(|path| !path.is_empty()).map(str::to_owned).collect();
            model.layers.pop();
            if paths.is_empty() {
                return Vec::new();
            }
            let map = model.audit.logs.map.take();
            open_logs(model, Logs { paths, map });
        }
        _ => *input = super::keys::typed(input, event),
    }
    Vec::new()
}

/// Opens logs, in the place of those that are open, and goes to their screen.
pub fn open_logs(model: &mut Model, logs: Logs) {
    forget(model);
    model.audit.logs = logs;
    if model.screen != Screen::Audit {
        leave(model);
        model.screen = Screen::Audit;
        model.pane = Pane::List;
    }
}

/// Closes the logs: what they prove goes from all screens.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let was_reading = model.audit.reading.is_some();
    forget(model);
    join(model);
    say(model, "the logs are closed", false);
    if was_reading { vec![Effect::StopLogs] } else { Vec::new() }
}

fn forget(model: &mut Model) {
    let asked = model.audit.asked + 1;
    let (view, grouping) = (model.audit.view, model.audit.grouping);
    model.audit = audit::State { asked, view, grouping, ..audit::State::default() };
}

/// The ways out of a gap that logs prove came.
pub fn ways(model: &mut Model, asked: u64, place: usize, found: Arc<Vec<Proven>>, notes: Vec<String>) {
    if asked != model.asked {
        return;
    }
    if let Some(Layer::Fixes(state)) = model.layers.last_mut()
        && state.place == place
    {
        state.found = Some(found);
        state.notes = notes;
    }
}

/// Why the ways out of what logs prove cannot be said now.
pub fn unready(model: &Model, place: usize) -> Option<&'static str> {
    let finding = model.analysis.as_deref()?.findings.get(place)?;
    if !crate::analysis::outside::is_outside(finding.rule) {
        return None;
    }
    let opened = model.audit.opened.as_ref()?;
    let is_current = model.bare.as_ref().is_some_and(|bare| Arc::ptr_eq(bare, opened.analysis()));
    match (is_current, model.audit.reading.is_some()) {
        (true, _) => None,
        (false, true) => {
            Some("the logs are being judged again by the cards as they are; try again in a moment")
        }
        (false, false) => Some("the logs were judged by the cards as they were; read the files again first"),
    }
}

/// What is said of the selected row, to be copied.
pub fn sentence(model: &Model) -> Option<String> {
    let lines = audit::detail(model, 4_000);
    let mut texts = lines.iter().map(|line| {
        line.spans.iter().map(|span| span.content.as_ref()).collect::<String>().trim().to_owned()
    });
    let has_head = matches!(model.audit.row(), Some(Row::Events(..)));
    if has_head { texts.nth(2) } else { texts.next() }.filter(|text| !text.is_empty())
}

/// How many rows there are to go through.
pub fn settle_rows(model: &mut Model) {
    let height = list_height(model);
    let (row, count) = (model.audit.cursor.row, model.audit.rows.len());
    model.audit.cursor.to(row, count, height);
}
