//! Keys: to the topmost layer if there is one, else to the actions of the table.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui_textarea::{CursorMove, TextArea};

use super::{
    audit, canvas, deeds, edit, edit_place, filter_mut, go_to, here, leave, list_height, load, maps, matrix,
    open_card, palette, push_help, refilter, review, say, settle, step_gap, switch, whatif,
};
use crate::analysis::effective::phases;
use crate::analysis::strip::{Axis, Position};
use crate::catalog::Level;
use crate::tui::actions::{Action, Key};
use crate::tui::layout::areas;
use crate::tui::message::Effect;
use crate::tui::model::{Layer, Model, PaletteState, Pane, Screen};
use crate::tui::screens::{cards, gaps, graph, problems};

/// A key was pressed.
pub fn press(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    if event.kind == KeyEventKind::Release {
        return Vec::new();
    }
    if model.review.following {
        review::press_following(model, event);
        return Vec::new();
    }
    // A toast has been seen once a key follows it.
    model.toast = None;
    if event.code == KeyCode::Char('c') && event.modifiers.contains(KeyModifiers::CONTROL) {
        model.leaving = true;
        return Vec::new();
    }
    // What is on the screen is about to change: a key that is meant for it waits.
    if model.applying {
        model.held.push(event);
        return Vec::new();
    }
    if model.layers.last().is_some() {
        return in_layer(model, event);
    }
    let mut keys = std::mem::take(&mut model.pending);
    keys.push(Key::of(event));
    if let Some(action) = model.keys.action(&keys) {
        return super::act(model, action);
    }
    if model.keys.begins(&keys) {
        model.pending = keys;
        return Vec::new();
    }
    // What did not begin a sequence may be a key of its own.
    if keys.len() > 1
        && let Some(action) = keys.last().and_then(|key| model.keys.action(&[*key]))
    {
        return super::act(model, action);
    }
    Vec::new()
}

/// Pasted text goes where one types; elsewhere it does nothing.
pub fn paste(model: &mut Model, text: &str) {
    let line = text.lines().next().unwrap_or_default().to_owned();
    match model.layers.last_mut() {
        Some(Layer::Filter { .. }) => {
            if let Some(filter) = filter_mut(model) {
                filter.push_str(&line);
            }
            refilter(model);
        }
        Some(Layer::Palette(state)) => {
            state.input.push_str(&line);
            palette::refresh(model);
        }
        Some(Layer::Context { day, .. }) => day.push_str(&line),
        Some(Layer::Logs { input }) => input.push_str(&line),
        Some(Layer::Ask(ask)) => ask.paste(&line),
        Some(Layer::Suppose(state)) => state.input.push_str(&line),
        Some(
            Layer::Help { .. }
            | Layer::Cell { .. }
            | Layer::Conflicts(_)
            | Layer::Deed(_)
            | Layer::Fixes(_)
            | Layer::Form(_)
            | Layer::History(_)
            | Layer::Recovered(_)
            | Layer::Saving(_)
            | Layer::Several(_),
        ) => {}
        None => say(model, "pasted text is not run as keys", false),
    }
}

fn in_layer(model: &mut Model, event: KeyEvent) -> Vec<Effect> {
    // A sheet may hold all names of a large catalog, and is not copied for a key.
    if let Some(Layer::Deed(_)) = model.layers.last() {
        return deeds::press(model, event);
    }
    let Some(layer) = model.layers.last().cloned() else { return Vec::new() };
    match layer {
        Layer::Help { offset } => {
            let page = usize::from(model.size.1 / 2);
            let offset = match event.code {
                KeyCode::Char('j') | KeyCode::Down => offset + 1,
                KeyCode::Char('k') | KeyCode::Up => offset.saturating_sub(1),
                KeyCode::PageDown | KeyCode::Char(' ') => offset + page,
                KeyCode::PageUp => offset.saturating_sub(page),
                KeyCode::Char('g') | KeyCode::Home => 0,
                _ => {
                    model.layers.pop();
                    return Vec::new();
                }
            };
            let most = crate::tui::render::help_lines(model).len().saturating_sub(5);
            if let Some(layer) = model.layers.last_mut() {
                *layer = Layer::Help { offset: offset.min(most) };
            }
            Vec::new()
        }
        Layer::Palette(_) => palette::press(model, event),
        Layer::Ask(_) => review::press_ask(model, event),
        Layer::Suppose(_) => whatif::press(model, event),
        Layer::Conflicts(_) => edit::press_conflicts(model, event),
        Layer::Fixes(_) => edit::press_fixes(model, event),
        Layer::Form(_) => edit::press_form(model, event),
        Layer::History(_) => edit::press_history(model, event),
        Layer::Recovered(_) => edit::press_recovered(model, event),
        Layer::Deed(_) => deeds::press(model, event),
        Layer::Saving(_) => deeds::press_saving(model, event),
        Layer::Several(_) => deeds::press_several(model, event),
        Layer::Cell { .. } => matrix::press(model, event),
        Layer::Logs { .. } => audit::press_path(model, event),
        Layer::Filter { before } => {
            match event.code {
                KeyCode::Enter => {
                    model.layers.pop();
                }
                KeyCode::Esc => {
                    if let Some(filter) = filter_mut(model) {
                        *filter = before;
                    }
                    model.layers.pop();
                    refilter(model);
                }
                KeyCode::Down | KeyCode::Up => {
                    let delta = if event.code == KeyCode::Down { 1 } else { -1 };
                    move_by(model, delta);
                }
                _ => {
                    if let Some(filter) = filter_mut(model) {
                        *filter = typed(filter, event);
                    }
                    refilter(model);
                }
            }
            Vec::new()
        }
        Layer::Context { row, day, .. } => context(model, row, &day, event),
    }
}

/// A line of text after a key, with the ways of editing that people expect.
pub fn typed(text: &str, event: KeyEvent) -> String {
    let mut area = TextArea::from([text]);
    area.move_cursor(CursorMove::End);
    if event.code == KeyCode::Char('u') && event.modifiers.contains(KeyModifiers::CONTROL) {
        return String::new();
    }
    area.input(event);
    area.lines().first().cloned().unwrap_or_default()
}

/// How many rows the context has: environment, phase, risk, day.
const CONTEXT_ROWS: usize = 4;

fn context(model: &mut Model, row: usize, day: &str, event: KeyEvent) -> Vec<Effect> {
    let again = |model: &mut Model, row: usize, day: String, error: Option<String>| {
        model.layers.pop();
        model.layers.push(Layer::Context { row, day, error });
    };
    match event.code {
        KeyCode::Esc => {
            model.layers.pop();
            set_context(model);
        }
        KeyCode::Tab | KeyCode::Down => again(model, (row + 1) % CONTEXT_ROWS, day.to_owned(), None),
        KeyCode::BackTab | KeyCode::Up => {
            again(model, (row + CONTEXT_ROWS - 1) % CONTEXT_ROWS, day.to_owned(), None);
        }
        KeyCode::Right => turn(model, row, true),
        KeyCode::Left => turn(model, row, false),
        KeyCode::Enter => {
            let trimmed = day.trim();
            let parsed = if trimmed.is_empty() { Ok(None) } else { trimmed.parse().map(Some) };
            match parsed {
                Ok(parsed) => {
                    model.layers.pop();
                    set_context(model);
                    if parsed != model.day {
                        model.day = parsed;
                        return load(model, "another day: analysing");
                    }
                }
                Err(_) => {
                    let error = Some("Write a day as 2027-03-31, or nothing for today.".to_owned());
                    again(model, CONTEXT_ROWS - 1, day.to_owned(), error);
                }
            }
        }
        _ => again(model, CONTEXT_ROWS - 1, typed(day, event), None),
    }
    Vec::new()
}

/// The next or previous value of a row; before the first and after the last comes "any".
fn turn(model: &mut Model, row: usize, forward: bool) {
    let Some(analysis) = model.analysis.clone() else { return };
    let settings = &analysis.catalog.settings;
    let step = |place: Option<usize>, count: usize| match (place, forward) {
        (None, true) if count > 0 => Some(0),
        (None, false) => count.checked_sub(1),
        (Some(place), true) => Some(place + 1).filter(|place| *place < count),
        (Some(place), false) => place.checked_sub(1),
        (None, true) => None,
    };
    match row {
        0 => model.context.environment = step(model.context.environment, settings.environments.len()),
        1 => {
            let phases = phases(&analysis.catalog);
            let place =
                model.context.phase.as_ref().and_then(|phase| phases.iter().position(|known| known == phase));
            model.context.phase = step(place, phases.len()).and_then(|place| phases.get(place).cloned());
        }
        2 => {
            let place = model.context.risk.map(Level::index);
            let next = step(place, settings.risk_levels.len());
            model.context.risk = next.and_then(|place| u8::try_from(place).ok()).map(Level);
        }
        _ => {}
    }
}

/// The environment is a word of the gaps' filter, so that it shows, and can be taken back.
fn apply_environment(model: &mut Model) {
    let word = model.context.environment.and_then(|environment| {
        let analysis = model.analysis.as_deref()?;
        Some(format!("env:{}", analysis.catalog.settings.environment(environment)))
    });
    let kept: Vec<&str> =
        model.gaps.filter.split_whitespace().filter(|token| !token.starts_with("env:")).collect();
    let mut words: Vec<String> = kept.into_iter().map(str::to_owned).collect();
    words.extend(word);
    model.gaps.filter = words.join(" ");
    let screen = std::mem::replace(&mut model.screen, Screen::Gaps);
    refilter(model);
    model.screen = screen;
}

fn move_by(model: &mut Model, delta: isize) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    match (model.screen, model.pane) {
        (Screen::Cards, Pane::List) => model.cards.step(&analysis, delta, height),
        (Screen::Cards, Pane::Detail) => {
            let count = model.cards.value_count();
            model.cards.value = model.cards.value.saturating_add_signed(delta).min(count.saturating_sub(1));
            settle(model);
        }
        (Screen::Gaps, Pane::List) => model.gaps.step(delta, height),
        (Screen::Gaps, Pane::Detail) => scroll_gap(model, delta),
        (Screen::Audit, Pane::List) => audit::step(model, delta),
        (Screen::Audit, Pane::Detail) => audit::scroll(model, delta),
        (Screen::Graph, _) => match model.graph.projection {
            graph::Projection::Neighbours => model.graph.neighbours.step(delta, height),
            graph::Projection::Canvas => canvas::go_by(model, delta),
            graph::Projection::Tree => model.graph.tree.cursor.by(delta, model.graph.tree.rows.len(), height),
            graph::Projection::Path => model.graph.path.cursor.by(delta, model.graph.path.rows.len(), height),
            graph::Projection::Reach => model.graph.reach.step(delta, height),
        },
        (Screen::Matrix, _) => matrix::step(model, delta),
        (Screen::Maps | Screen::Review | Screen::WhatIf, _) => {}
        (Screen::Problems, _) => {
            let count = problems::all(&analysis).len();
            model.problems.cursor.by(delta, count, height);
        }
    }
}

/// Scrolls what is said of the selected gap.
pub fn scroll_gap(model: &mut Model, delta: isize) {
    let Some(area) = areas(model).detail else { return };
    let most = gaps::detail_height(model, usize::from(area.width)).saturating_sub(usize::from(area.height));
    model.gaps.offset = model.gaps.offset.saturating_add_signed(delta).min(most);
}

/// Moves by some rows, as keys and wheel do.
pub fn move_rows(model: &mut Model, delta: isize) {
    move_by(model, delta);
}

/// Does an action that can be done.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if canvas::is_shown(model) && canvas::act(model, action) {
        return Vec::new();
    }
    if model.screen == Screen::Maps && maps::act(model, action) {
        return Vec::new();
    }
    if model.screen == Screen::Audit
        && let Some(effects) = audit::act(model, action)
    {
        return effects;
    }
    if model.screen == Screen::WhatIf
        && let Some(effects) = whatif::act(model, action)
    {
        return effects;
    }
    if model.screen == Screen::Review
        && let Some(effects) = review::act(model, action)
    {
        return effects;
    }
    let page = isize::try_from(list_height(model)).unwrap_or(10).max(2);
    match action {
        Action::Down => move_by(model, 1),
        Action::Up => move_by(model, -1),
        Action::PageDown => move_by(model, page - 1),
        Action::PageUp => move_by(model, 1 - page),
        Action::HalfDown => move_by(model, page / 2),
        Action::HalfUp => move_by(model, -page / 2),
        Action::Top => move_by(model, -1_000_000),
        Action::Bottom => move_by(model, 1_000_000),
        Action::Left => sideways(model, false),
        Action::Right => sideways(model, true),
        Action::Open | Action::More | Action::Fewer | Action::NextView | Action::Sort
            if model.screen == Screen::Matrix =>
        {
            matrix::act(model, action);
        }
        Action::More | Action::Fewer if model.screen == Screen::Cards => {
            return along(model, action == Action::More);
        }
        Action::Overlay if model.screen == Screen::Cards => {
            let place = model.cards.strips.iter().position(|strip| strip.axis == model.cards.axis);
            let next = place.map_or(0, |place| place + 1) % model.cards.strips.len().max(1);
            if let Some(strip) = model.cards.strips.get(next) {
                model.cards.axis = strip.axis;
            }
        }
        Action::Cluster
        | Action::Empty
        | Action::PageLeft
        | Action::PageRight
        | Action::Totals
        | Action::Transpose => matrix::act(model, action),
        Action::Overlay if model.screen == Screen::Matrix => {
            turn(model, 0, true);
            set_context(model);
        }
        Action::NextPane | Action::PreviousPane if model.screen == Screen::Matrix => {
            matrix::across(model, if action == Action::NextPane { 1 } else { -1 });
        }
        Action::NextPane | Action::PreviousPane => {
            if model.screen == Screen::Graph {
                model.graph.neighbours.across(action == Action::NextPane);
            } else {
                model.pane = if model.pane == Pane::List { Pane::Detail } else { Pane::List };
            }
            settle(model);
        }
        Action::Zoom => {
            model.zoom = !model.zoom;
            settle(model);
            canvas::keep(model);
        }
        Action::ZoomIn => canvas::zoom(model, true),
        Action::ZoomOut => canvas::zoom(model, false),
        Action::Audit => switch(model, Screen::Audit),
        Action::Cards => switch(model, Screen::Cards),
        Action::ClearContext => return clear_context(model),
        Action::CloseLogs => return audit::close(model),
        Action::OpenLogs => audit::ask_path(model),
        Action::Graph => switch(model, Screen::Graph),
        Action::Maps => switch(model, Screen::Maps),
        Action::Matrix => switch(model, Screen::Matrix),
        // Only maps have somebody to be followed, and take that themselves.
        Action::Follow => {}
        Action::Gaps => switch(model, Screen::Gaps),
        Action::Review => switch(model, Screen::Review),
        Action::WhatIf => switch(model, Screen::WhatIf),
        Action::Suppose => whatif::suppose(model),
        // Only what is supposed has these.
        Action::DropAllSupposed | Action::DropSupposed => {}
        // Only a meeting has these, and takes them itself.
        Action::AcceptGap
        | Action::DeferGap
        | Action::EndMeeting
        | Action::PreviousItem
        | Action::RejectGap
        | Action::TrackGap => {}
        Action::Problems => switch(model, Screen::Problems),
        Action::Open => return open(model),
        Action::Back => back(model),
        Action::Close => close(model),
        Action::Quit => model.leaving = true,
        Action::Filter => {
            let before = model.filter().to_owned();
            model.pane = Pane::List;
            model.layers.push(Layer::Filter { before });
        }
        Action::Palette => {
            model.layers.push(Layer::Palette(PaletteState::default()));
            palette::refresh(model);
        }
        Action::Help => push_help(model),
        Action::Context => {
            let day = model.day.map_or(String::new(), |day| day.to_string());
            model.layers.push(Layer::Context { row: 0, day, error: None });
        }
        Action::HistoryBack => {
            if let Some(spot) = model.back.pop() {
                model.forward.push(here(model));
                go_to(model, &spot);
            }
        }
        Action::HistoryForward => {
            if let Some(spot) = model.forward.pop() {
                model.back.push(here(model));
                go_to(model, &spot);
            }
        }
        Action::NextGap => step_gap(model, true),
        Action::PreviousGap => step_gap(model, false),
        Action::NextView => next_view(model),
        Action::Sort => sort(model),
        Action::FocusGraph => focus_graph(model),
        Action::Mark if model.screen != Screen::Graph => deeds::mark(model),
        Action::Unmark => {
            if !deeds::unmark(model) && model.screen == Screen::Graph {
                model.graph.marks.clear();
                rebuild_graph(model);
            }
        }
        Action::BulkEdit
        | Action::DeleteCard
        | Action::Duplicate
        | Action::Merge
        | Action::NewCard
        | Action::Rename
        | Action::Split => return deeds::open(model, action),
        Action::Raise => return deeds::nudge(model, true),
        Action::Lower => return deeds::nudge(model, false),
        Action::ShowUnsaved => return edit::show_unsaved(model),
        Action::Mark => {
            if let (Some(analysis), Some(entity)) = (model.analysis.clone(), model.graph.selected()) {
                model.graph.mark(&analysis, entity);
                if model.graph.marks.len() == 2 {
                    model.graph.projection = graph::Projection::Path;
                } else {
                    say(model, "marked; mark another to see the paths between", false);
                }
            }
        }
        Action::Overlay => {
            model.graph.overlay = model.graph.overlay.next();
            rebuild_graph(model);
        }
        Action::More => {
            model.graph.hops = (model.graph.hops + 1).min(3);
            model.graph.projection = graph::Projection::Tree;
            rebuild_graph(model);
        }
        Action::Fewer => {
            model.graph.hops = model.graph.hops.saturating_sub(1);
            model.graph.projection = graph::Projection::Tree;
            rebuild_graph(model);
        }
        Action::Copy => return copy(model),
        Action::EditFile => {
            return match edit_place(model) {
                Some((file, line)) => vec![Effect::Edit(file, line)],
                None => {
                    say(model, "no file belongs to what is selected", true);
                    Vec::new()
                }
            };
        }
        Action::ApplyFix => return edit::ask_fixes(model),
        Action::Discard => return edit::discard(model),
        Action::EditValue => return edit::open_form(model),
        Action::History => edit::open_history(model),
        Action::Redo => return edit::turn(model, true),
        Action::Save => return edit::save(model, false),
        Action::SaveAll => return edit::save(model, true),
        Action::SaveElsewhere => return edit::save_elsewhere(model),
        Action::Undo => return edit::turn(model, false),
        Action::Reload => {
            model.audit.again = true;
            // Logs may have grown while no card has changed.
            model.audit.asked_by = None;
            return load(model, "reading the files again");
        }
        Action::Suspend => return vec![Effect::Suspend],
        Action::Theme => {
            model.theme = model.theme.next();
            say(model, format!("theme: {}", model.theme.name), false);
        }
    }
    Vec::new()
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let Some(analysis) = model.analysis.clone() else { return Vec::new() };
    let text = match model.screen {
        Screen::Gaps => model.gaps.finding(&analysis).map(|finding| finding.message.clone()),
        Screen::Review => model.review.finding(&analysis).map(|finding| finding.message.clone()),
        Screen::Problems => problems::all(&analysis).get(model.problems.cursor.row).map(|problem| {
            format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message)
        }),
        Screen::Audit => audit::sentence(model),
        Screen::Matrix => super::super::screens::matrix::cell::explanation(model)
            .zip(model.matrix.matrix.as_deref())
            .map(|(why, matrix)| format!("{}: {}", why.title(&analysis, matrix, "x"), why.verdict)),
        Screen::Cards | Screen::Graph | Screen::Maps | Screen::WhatIf => {
            model.selected().map(|entity| analysis.catalog.label(entity))
        }
    };
    match text {
        Some(text) => {
            say(model, format!("copied: {text}"), false);
            vec![Effect::Copy(text)]
        }
        None => Vec::new(),
    }
}

fn sideways(model: &mut Model, right: bool) {
    match model.screen {
        Screen::Graph if model.graph.projection == graph::Projection::Neighbours => {
            model.graph.neighbours.across(right);
        }
        Screen::Audit | Screen::Cards | Screen::Gaps => {
            model.pane = if right { Pane::Detail } else { Pane::List }
        }
        Screen::Matrix => matrix::across(model, if right { 1 } else { -1 }),
        Screen::Graph | Screen::Maps | Screen::Review | Screen::WhatIf | Screen::Problems => {}
    }
    settle(model);
}

fn open(model: &mut Model) -> Vec<Effect> {
    match (model.screen, model.pane) {
        (Screen::Cards, Pane::List) => {
            model.pane = Pane::Detail;
            settle(model);
        }
        (Screen::Cards, Pane::Detail) => match model.cards.value().and_then(|value| value.entity) {
            Some(entity) => open_card(model, entity),
            None => say(model, "this value leads nowhere", true),
        },
        (Screen::Gaps, Pane::List) if areas(model).detail.is_none() => model.pane = Pane::Detail,
        (Screen::Graph | Screen::Gaps | Screen::Maps | Screen::Matrix, _) => {
            if let Some(entity) = model.selected() {
                open_card(model, entity);
            }
        }
        // They have their own ways.
        (Screen::Audit | Screen::Review | Screen::WhatIf, _) => {}
        (Screen::Problems, _) => return act(model, Action::EditFile),
    }
    Vec::new()
}

/// Esc: one level at a time.
fn back(model: &mut Model) {
    if model.zoom {
        model.zoom = false;
    } else if model.pane == Pane::Detail {
        model.pane = Pane::List;
    } else if !model.filter().is_empty() {
        if let Some(filter) = filter_mut(model) {
            filter.clear();
        }
        refilter(model);
    } else if deeds::unmark(model) {
        // What was marked is no longer.
    } else if model.screen == Screen::Maps && maps::back(model) {
        // It has taken back what made some stand out.
    } else if model.screen == Screen::Graph && !model.graph.marks.is_empty() {
        model.graph.marks.clear();
        rebuild_graph(model);
    } else if let Some(spot) = model.back.pop() {
        model.forward.push(here(model));
        go_to(model, &spot);
    }
    settle(model);
}

/// `q`: what is open, then the workbench.
fn close(model: &mut Model) {
    if model.zoom {
        model.zoom = false;
        settle(model);
    } else if model.pane == Pane::Detail && areas(model).list.is_none() {
        model.pane = Pane::List;
        settle(model);
    } else {
        model.leaving = true;
    }
}

fn next_view(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    match model.screen {
        Screen::Cards => {
            let place = cards::KINDS.iter().position(|kind| *kind == model.cards.kind).unwrap_or(0);
            // Kinds of which there is nothing are passed over.
            for step in 1..=cards::KINDS.len() {
                model.cards.kind = cards::KINDS[(place + step) % cards::KINDS.len()];
                model.cards.filter.clear();
                model.cards.rebuild(&analysis, None, height);
                if !model.cards.rows.is_empty() {
                    break;
                }
            }
            model.pane = Pane::List;
        }
        Screen::Graph => {
            let place = graph::Projection::ALL.iter().position(|known| *known == model.graph.projection);
            let next = (place.unwrap_or(0) + 1) % graph::Projection::ALL.len();
            let selected = model.graph.chosen();
            model.graph.projection = graph::Projection::ALL[next];
            if let Some(entity) = selected {
                let area = graph::canvas::area(model, &areas(model));
                model.graph.select(entity, area);
            }
        }
        Screen::Gaps => sort(model),
        Screen::Audit
        | Screen::Maps
        | Screen::Matrix
        | Screen::Review
        | Screen::WhatIf
        | Screen::Problems => {}
    }
    settle(model);
}

fn sort(model: &mut Model) {
    let Some(analysis) = model.analysis.clone() else { return };
    let height = list_height(model);
    match model.screen {
        Screen::Cards => {
            model.cards.grouping = match model.cards.grouping {
                cards::Grouping::Section => cards::Grouping::Team,
                cards::Grouping::Team => cards::Grouping::Gaps,
                cards::Grouping::Gaps => cards::Grouping::None,
                cards::Grouping::None => cards::Grouping::Section,
            };
            let keep = model.cards.entity();
            model.cards.rebuild(&analysis, keep, height);
        }
        Screen::Gaps => {
            model.gaps.grouping = model.gaps.grouping.next();
            let keep = model.gaps.place();
            model.gaps.rebuild(&analysis, keep, height);
        }
        Screen::Audit
        | Screen::Graph
        | Screen::Maps
        | Screen::Matrix
        | Screen::Review
        | Screen::WhatIf
        | Screen::Problems => {}
    }
    settle(model);
}

fn focus_graph(model: &mut Model) {
    let (Some(analysis), Some(entity)) = (model.analysis.clone(), model.selected()) else { return };
    if !analysis.graph.contains(entity) {
        say(model, format!("{} is no part of the graph", analysis.catalog.label(entity)), true);
        return;
    }
    leave(model);
    model.screen = Screen::Graph;
    model.pane = Pane::List;
    if model.graph.projection == graph::Projection::Path {
        model.graph.projection = graph::Projection::Neighbours;
    }
    let context = model.context.clone();
    model.graph.look_at(&analysis, entity, &context);
    settle(model);
}

/// Any environment, phase and risk, and today.
fn clear_context(model: &mut Model) -> Vec<Effect> {
    model.context = crate::analysis::effective::Context::default();
    set_context(model);
    say(model, "the context is cleared: any environment, phase and risk, today", false);
    if model.day.take().is_some() { load(model, "another day: analysing") } else { Vec::new() }
}

/// The next or previous step of the card's access along its strip becomes the context; before the first
/// all are open.
fn along(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(strip) = model.cards.strip().cloned() else { return Vec::new() };
    let next = match (strip.here, forward) {
        (None, true) => Some(0),
        (None, false) => None,
        (Some(here), true) => Some((here + 1).min(strip.steps.len().saturating_sub(1))),
        (Some(here), false) => here.checked_sub(1),
    };
    let at = next.and_then(|next| strip.steps.get(next)).map(|step| step.at.clone());
    match (strip.axis, at) {
        (Axis::Risk, Some(Position::Risk(risk))) => model.context.risk = Some(risk),
        (Axis::Risk, _) => model.context.risk = None,
        (Axis::Phase, Some(Position::Phase(Some(phase)))) => model.context.phase = Some(phase),
        // What no phase of its own is cannot be looked at alone; the step after it can.
        (Axis::Phase, Some(Position::Phase(None))) if forward => {
            let named = strip.steps.iter().find_map(|step| match &step.at {
                Position::Phase(phase) => phase.clone(),
                _ => None,
            });
            model.context.phase = named;
        }
        (Axis::Phase, _) => model.context.phase = None,
        (Axis::Time, Some(Position::Days { first, last })) if next != strip.here => {
            model.day = first.or(last);
            return load(model, "another day: analysing");
        }
        (Axis::Time, _) => {}
    }
    set_context(model);
    Vec::new()
}

/// All screens show what holds in the context as it is now.
pub fn set_context(model: &mut Model) {
    apply_environment(model);
    model.cards.context = model.context.clone();
    if let Some(analysis) = model.analysis.clone() {
        model.cards.show(&analysis);
    }
    rebuild_graph(model);
    context_changed(model);
}

/// Another environment, phase or risk makes another matrix, where one is looked at.
fn context_changed(model: &mut Model) {
    whatif::stale(model);
    if model.matrix.matrix.is_some() {
        matrix::rebuild(model, None);
    }
}

fn rebuild_graph(model: &mut Model) {
    if let Some(analysis) = model.analysis.clone() {
        let context = model.context.clone();
        model.graph.rebuild(&analysis, &context);
    }
    settle(model);
}
