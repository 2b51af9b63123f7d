//! Drawing of the maps' screen: the line that says what one sees, the picture, the legend, the inspector.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Chosen, Map, area, zoom};
use crate::analysis::Analysis;
use crate::analysis::evidence::grant_phrase;
use crate::analysis::view::subtitle;
use crate::catalog::{Entity, PersonaId};
use crate::layout::badge::{Badge, Fit};
use crate::layout::process_map::gather::needs;
use crate::tui::layout::Areas;
use crate::tui::model::Model;
use crate::tui::text::{cut, safe, wrap};
use crate::tui::widgets::picture::{render as render_picture, window};
use crate::tui::widgets::{rows, rule};

/// Lines of what is said of the selected box, where no inspector says it.
pub(super) fn strip_height(model: &Model, areas: &Areas) -> u16 {
    match (areas.inspector, model.size.1) {
        (Some(_), _) | (None, 0..20) => 0,
        (None, 20..30) => 3,
        (None, _) => 6,
    }
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(list)) = (model.analysis.as_deref(), areas.list) else { return };
    let theme = model.theme;
    let area = area(model, areas);
    frame.render_widget(title(model, areas, usize::from(list.width)), Rect { height: 1, ..list });
    match model.maps.map.as_deref() {
        Some(map) if map.picture().nodes.is_empty() => {
            let lines: Vec<Line<'_>> =
                wrap(empty(model, map), usize::from(area.width.min(76)).saturating_sub(4))
                    .into_iter()
                    .map(|line| Line::from(format!("  {line}")))
                    .collect();
            rows(
                frame,
                Rect { y: area.y + area.height / 4, height: area.height - area.height / 4, ..area },
                &lines,
                0,
            );
        }
        Some(map) => {
            let (at, emphasis) = (model.maps.at, &model.maps.emphasis);
            render_picture(frame, area, map.picture(), at, emphasis, theme);
            lanes(model, map, area, frame);
        }
        None => {}
    }
    let legend = Rect { y: area.y + area.height, height: 1, ..list };
    frame.render_widget(key(model, analysis, usize::from(list.width)), legend);
    let (place, air) = match areas.inspector {
        Some(inspector) => {
            let line = Rect { x: inspector.x.saturating_sub(2), width: 1, ..inspector };
            frame.render_widget(rule(theme), line);
            (inspector, 0)
        }
        None => (Rect { y: legend.y + 1, height: strip_height(model, areas), ..list }, 1),
    };
    if place.height > 0 {
        let width = usize::from(place.width).saturating_sub(1 + air);
        rows(frame, place, &said(model, analysis, width), 0);
    }
}

/// The names of lanes whose tops are out of sight, in the first line: one knows where one is.
fn lanes(model: &Model, map: &Map, area: Rect, frame: &mut Frame<'_>) {
    let Map::Processes(map) = map else { return };
    let (shown, drawn) = window(&map.picture, model.maps.at, area);
    if shown.y == 0 {
        return;
    }
    // The line is theirs alone: what is cut there would be read with them.
    for x in area.x..area.right() {
        if let Some(cell) = frame.buffer_mut().cell_mut((x, drawn.y)) {
            cell.reset();
            cell.set_style(model.theme.base());
        }
    }
    for region in map.picture.regions.iter().filter(|region| region.area.y == 0) {
        let start = region.area.x.max(shown.x);
        let end = region.area.right().min(shown.right());
        let text = region.title.text.as_str();
        let room = end.saturating_sub(start + 2);
        if room < 3 {
            continue;
        }
        let text = cut(text, usize::try_from(room).unwrap_or(0), model.theme.ellipsis());
        let x = drawn.x + u16::try_from(start + 1 - shown.x).unwrap_or(0);
        let width = u16::try_from(text.width()).unwrap_or(0).min(area.right().saturating_sub(x));
        let style = model.theme.base().patch(model.theme.accent());
        frame.render_widget(Span::styled(text, style), Rect::new(x, drawn.y, width, 1));
    }
}

/// What one sees: the map, the zoom, whose day.
fn title(model: &Model, areas: &Areas, width: usize) -> Line<'static> {
    let theme = model.theme;
    let state = &model.maps;
    let name = match state.chosen {
        Chosen::Processes => "Process map".to_owned(),
        Chosen::View(view) => {
            let name = state.views.get(view).map_or("", |view| view.name.as_str());
            format!("Architecture map {} of {}: {}", view + 1, state.views.len(), safe(name))
        }
        Chosen::Architecture => "Architecture map".to_owned(),
    };
    let zoom = match zoom(model, areas) {
        crate::layout::picture::Zoom::Dots => "badges only",
        other => other.word(),
    };
    let mut words = vec![zoom.to_owned()];
    if let (Some(analysis), Some(who)) = (model.analysis.as_deref(), state.followed) {
        let day = state.found(analysis).unwrap_or_default();
        let at = state.selected.and_then(|place| day.iter().position(|one| *one == place));
        let at = at.map_or_else(|| "-".to_owned(), |at| (at + 1).to_string());
        let name = safe(&analysis.catalog.label(who.into()));
        words.push(match state.chosen {
            Chosen::Processes => format!("the day of {name}: step {at} of {}, tab for the next", day.len()),
            Chosen::View(_) | Chosen::Architecture => {
                format!("what {name} touches: {at} of {}, tab for the next", day.len())
            }
        });
    }
    if state.only_wrong {
        words.push("only what is wrong".to_owned());
    }
    if state.waiting {
        words.push(format!("drawing{}", theme.ellipsis()));
    }
    let text = format!("  {}", words.join(", "));
    let room = width.saturating_sub(name.chars().count() + 2);
    Line::from(vec![
        Span::styled(format!(" {}", cut(&name, width.saturating_sub(1), theme.ellipsis())), theme.accent()),
        Span::styled(cut(&text, room, theme.ellipsis()), theme.faint()),
    ])
}

/// What signs and letters mean.
fn key(model: &Model, analysis: &Analysis, width: usize) -> Line<'static> {
    let theme = model.theme;
    let settings = &analysis.catalog.settings;
    let letters = crate::analysis::matrix::signs::Letters::of(settings);
    let levels = letters.legend(settings, crate::analysis::matrix::Kind::Components);
    let levels: Vec<String> =
        levels.into_iter().map(|(letter, word)| format!("{letter} {}", safe(&word))).collect();
    let mut spans = vec![Span::styled(format!(" {}  ", levels.join(" ")), theme.faint())];
    let mut used = spans[0].content.chars().count();
    for (fit, word) in [
        (Fit::Wide, "too wide"),
        (Fit::WideHere, "wider than this step"),
        (Fit::Lacks, "lacks it"),
        (Fit::Unsure, "not sure"),
    ] {
        let sign = fit.sign(theme.ascii);
        let text = format!(" {word}  ");
        used += 1 + text.chars().count();
        if used > width {
            break;
        }
        spans.push(Span::styled(sign, theme.tone(fit.tone())));
        spans.push(Span::styled(text, theme.faint()));
    }
    Line::from(spans)
}

/// What to do where there is nothing to draw.
fn empty(model: &Model, map: &Map) -> &'static str {
    if !model.maps.filter.is_empty() {
        return "Nothing here passes the filter. Esc takes it back.";
    }
    match map {
        Map::Processes(_) => {
            "There is no process with steps yet. Write a card of kind Process with steps: each has a name, \
             environments, uses, performers and what comes next. `persona new process NAME` begins one. Then \
             they stand here by environment, with who performs them."
        }
        Map::Architecture(_) => {
            "There is no component yet. Write a card of kind Component with a layer and flows_to; `persona new \
             component NAME` begins one. Then they stand here layer by layer, with who has access."
        }
    }
}

/// What there is to say of the selected box.
fn said(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let state = &model.maps;
    let (Some(map), Some(place)) = (state.map.as_deref(), state.selected) else { return Vec::new() };
    let Some((entity, environment)) = map.spot(place) else { return Vec::new() };
    let mut out = Vec::new();
    let mut say = |style: Style, lead: &str, text: &str| {
        for (row, line) in wrap(text, width.saturating_sub(lead.chars().count())).into_iter().enumerate() {
            let lead = if row == 0 { lead.to_owned() } else { " ".repeat(lead.chars().count()) };
            out.push(Line::from(Span::styled(format!("{lead}{line}"), style)));
        }
    };
    let catalog = &analysis.catalog;
    let about = match (entity, environment) {
        (Entity::Step(step), Some(environment)) => {
            let process = catalog.steps[step.index()].process;
            format!("{}, in {}", catalog.name(process.into()), catalog.settings.environment(environment))
        }
        (Entity::Step(step), None) => {
            let process = catalog.steps[step.index()].process;
            format!("{}, in any environment", catalog.name(process.into()))
        }
        _ => subtitle(catalog, entity),
    };
    say(theme.strong(), " ", &catalog.name(entity));
    say(theme.faint(), " ", &about);
    let description = match entity {
        Entity::Step(step) => catalog.steps[step.index()].description.clone(),
        Entity::Component(component) => catalog.components[component.index()].description.clone(),
        _ => None,
    };
    if let Some(text) = description {
        say(theme.base(), " ", &text);
    }
    // Who is followed, or whose badge is selected, comes first.
    let badges = map.badges(place);
    let first = state.badge.or_else(|| {
        badges.iter().position(|badge| badge.persona.is_some() && badge.persona == state.followed)
    });
    let order = first.into_iter().chain((0..badges.len()).filter(|one| Some(*one) != first));
    for one in order {
        let badge = &badges[one];
        let lead = if first == Some(one) { if theme.ascii { ">" } else { "▸" } } else { " " };
        let who = badge.persona.map_or_else(|| badge.name.clone(), |persona| catalog.label(persona.into()));
        let level = if badge.level == ' ' { String::new() } else { format!(" {}", badge.level) };
        let sign = badge.fit.sign(theme.ascii);
        let text = format!("{who}{level} {sign} {}", badge.fit.meaning());
        say(theme.tone(badge.fit.tone()), lead, &text);
        if let (Entity::Step(step), Some(persona)) = (entity, badge.persona) {
            for line in accesses(analysis, persona, step, environment) {
                say(theme.base(), "   ", &line);
            }
        }
        if let (Entity::Component(component), Some(persona)) = (entity, badge.persona) {
            for grant in
                catalog.personas[persona.index()].grants.iter().filter(|grant| grant.component == component)
            {
                say(theme.base(), "   ", &format!("granted {}", grant_phrase(catalog, grant)));
            }
        }
    }
    if let Entity::Component(component) = entity {
        for flow in &catalog.components[component.index()].flows_to {
            let label = flow.label.as_deref().map_or(String::new(), |label| format!(": {label}"));
            say(
                theme.base(),
                " ",
                &format!("{} {}{label}", theme.arrow(), catalog.name(flow.component.into())),
            );
        }
    }
    for (_, finding) in findings(analysis, entity, environment, badges) {
        say(
            theme.severity(finding.severity),
            &format!(" {} ", theme.badge(finding.severity)),
            &finding.message,
        );
    }
    out
}

/// What a step asks of a persona, and what it may: a line a use.
fn accesses(
    analysis: &Analysis,
    persona: PersonaId,
    step: crate::catalog::StepId,
    environment: Option<usize>,
) -> Vec<String> {
    let catalog = &analysis.catalog;
    let mut out = Vec::new();
    for need in needs(analysis, persona, step, environment) {
        let needed = need.level.map_or("any level", |level| catalog.settings.level(level));
        let grants = catalog.personas[persona.index()].grants.iter().filter(|grant| {
            grant.component == need.component
                && grant.is_active(analysis.day)
                && environment
                    .is_none_or(|place| grant.environments.is_empty() || grant.environments.contains(place))
        });
        let may: Vec<String> = grants.map(|grant| grant_phrase(catalog, grant)).collect();
        let may = if may.is_empty() {
            "nothing granted here".to_owned()
        } else {
            format!("may {}", may.join("; "))
        };
        out.push(format!("{}: needs {needed}, {may}", catalog.name(need.component.into())));
    }
    out
}

/// The open findings about a box: about itself, and about what those at it are granted there.
fn findings<'a>(
    analysis: &'a Analysis,
    entity: Entity,
    environment: Option<usize>,
    badges: &[Badge],
) -> Vec<(usize, &'a crate::analysis::Finding)> {
    let used: Vec<Entity> = match entity {
        Entity::Step(step) => {
            analysis.catalog.steps[step.index()].uses.iter().map(|used| used.component.into()).collect()
        }
        other => vec![other],
    };
    let mut out: Vec<_> = analysis.about(entity).filter(|(_, finding)| finding.subject == entity).collect();
    for persona in badges.iter().filter_map(|badge| badge.persona) {
        out.extend(analysis.about(persona.into()).filter(|(_, finding)| {
            finding.subject == Entity::Persona(persona)
                && finding.object.is_some_and(|object| used.contains(&object))
                && (environment.is_none()
                    || finding.environment.is_none()
                    || finding.environment == environment)
        }));
    }
    out.retain(|(_, finding)| finding.is_open());
    out.sort_by_key(|(place, _)| *place);
    out.dedup_by_key(|(place, _)| *place);
    out
}
