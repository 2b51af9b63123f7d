//! The model as a picture: the frame that all screens share, the screen, and what lies over it.
//!
//! It only reads the model. What scrolls, and where, was decided in [`super::update`].

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Severity;
use crate::analysis::filter::KEYS;

use super::actions::ACTIONS;
use super::layers::{ask, conflicts, deed, fixes, history, recovered, saving, several, suppose};
use super::layout::{Areas, areas, footer, is_tiny, problem_count, tabs};
use super::model::{Does, Layer, Model, PaletteState, Screen};
use super::screens::{audit, cards, gaps, graph, maps, matrix, problems, review, whatif};
use super::text::{cut, highlighted, pad, wrap};
use super::theme::Theme;
use super::update::palette_height;
use super::widgets::{centred, popup, rows};

/// Draws everything.
pub fn render(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    frame.buffer_mut().set_style(screen, model.theme.base());
    if is_tiny(model.size) {
        render_tiny(model, frame);
        return;
    }
    let areas = areas(model);
    render_tabs(model, &areas, frame);
    if model.analysis.is_none() {
        render_waiting(model, frame);
    } else {
        match model.screen {
            Screen::Cards => cards::render(model, &areas, frame),
            Screen::Graph => graph::render(model, &areas, frame),
            Screen::Matrix => matrix::render(model, &areas, frame),
            Screen::Maps => maps::render(model, &areas, frame),
            Screen::Gaps => gaps::render(model, &areas, frame),
            Screen::Audit => audit::render(model, &areas, frame),
            Screen::Review => review::render(model, &areas, frame),
            Screen::WhatIf => whatif::render(model, &areas, frame),
            Screen::Problems => problems::render(model, &areas, frame),
        }
    }
    render_status(model, &areas, frame);
    render_footer(model, &areas, frame);
    for layer in &model.layers {
        match layer {
            Layer::Help { offset } => render_help(model, *offset, frame),
            Layer::Palette(state) => render_palette(model, state, frame),
            Layer::Ask(state) => ask::render(model, state, frame),
            Layer::Suppose(state) => suppose::render(model, state, frame),
            Layer::Conflicts(state) => conflicts::render(model, state, frame),
            Layer::Fixes(state) => fixes::render(model, state, frame),
            Layer::Form(form) => {
                if let Some(analysis) = &model.analysis {
                    super::form::draw::render(form, analysis, model.theme, model.size, frame);
                }
            }
            Layer::History(state) => history::render(model, state, frame),
            Layer::Recovered(state) => recovered::render(model, state, frame),
            Layer::Deed(state) => deed::draw::render(model, state, frame),
            Layer::Saving(state) => saving::render(model, state, frame),
            Layer::Several(state) => several::render(model, state, frame),
            Layer::Cell { chosen, offset } => render_cell(model, *chosen, *offset, frame),
            Layer::Context { row, day, error } => render_context(model, *row, day, error.as_deref(), frame),
            Layer::Logs { input } => render_logs(model, input, frame),
            // The filter's line stands where the status is.
            Layer::Filter { .. } => {}
        }
    }
}

fn render_tiny(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let name = match (&model.analysis, model.selected()) {
        (Some(analysis), Some(entity)) => analysis.catalog.label(entity),
        _ => "persona".to_owned(),
    };
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = wrap(&name, width).into_iter().map(Line::from).collect();
    lines.push(Line::from(Span::styled(
        cut("40 columns and 10 rows show more", width, model.theme.ellipsis()),
        model.theme.faint(),
    )));
    rows(frame, area, &lines, 0);
}

fn render_tabs(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let mut end = 0;
    for (screen, text, x) in tabs(model) {
        let here = screen == model.screen;
        let style = if here { theme.selected(true).patch(theme.accent()) } else { theme.faint() };
        let width = u16::try_from(text.width()).unwrap_or(0);
        if x + width > areas.tabs.width {
            break;
        }
        frame.render_widget(Span::styled(text, style), Rect { x, width, ..areas.tabs });
        end = x + width;
    }
    let Some(analysis) = &model.analysis else { return };
    if has_room_for_name(areas.tabs.width, end) {
        render_name(&analysis.catalog.name, theme, areas.tabs, end, frame);
    }
}

/// Whether a line that is taken up to a column has room for the catalog's name.
fn has_room_for_name(width: u16, end: u16) -> bool {
    width.saturating_sub(end) >= 9
}

/// The catalog's name at the end of a line that is taken up to a column.
fn render_name(name: &str, theme: Theme, line: Rect, end: u16, frame: &mut Frame<'_>) {
    let name = cut(name, usize::from(line.width.saturating_sub(end + 3)), theme.ellipsis());
    let width = u16::try_from(name.width()).unwrap_or(0);
    let x = line.width.saturating_sub(width + 1);
    frame.render_widget(Span::styled(name, theme.strong()), Rect { x, width, ..line });
}

fn render_waiting(model: &Model, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let area = frame.area();
    let width = usize::from(area.width.saturating_sub(4)).min(90);
    let mut lines = Vec::new();
    match (&model.failure, &model.working) {
        (Some(failure), _) => {
            lines.push(Line::from(Span::styled("There is no catalog to show.", theme.strong())));
            lines.push(Line::default());
            for line in failure.lines() {
                lines.extend(wrap(line, width).into_iter().map(Line::from));
            }
        }
        (None, Some(working)) => {
            lines.push(Line::from(Span::styled(format!("{working}{}", theme.ellipsis()), theme.faint())))
        }
        (None, None) => {}
    }
    let top = area.height / 3;
    rows(
        frame,
        Rect {
            x: 2,
            y: top,
            width: area.width.saturating_sub(4),
            height: area.height.saturating_sub(top + 2),
        },
        &lines,
        0,
    );
}

fn render_status(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let width = usize::from(areas.status.width);
    if let Some(Layer::Filter { .. }) = model.layers.last() {
        let text = format!(" / {}", model.filter());
        let text = cut(&text, width.saturating_sub(2), theme.ellipsis());
        let x = u16::try_from(text.width()).unwrap_or(0);
        let line = Line::from(vec![
            Span::styled(text, theme.accent()),
            Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()),
            Span::styled(
                cut(
                    match model.screen {
                        Screen::Audit => "  agent: component: env: reason: verdict:",
                        _ => "  team: type: skill: component: process: finding:",
                    },
                    width.saturating_sub(usize::from(x) + 2),
                    theme.ellipsis(),
                ),
                theme.faint(),
            ),
        ]);
        frame.render_widget(line, areas.status);
        return;
    }
    if let Some(toast) = &model.toast {
        let style = if toast.bad { theme.severity(Severity::Medium) } else { theme.good() };
        let sign = if toast.bad {
            "!"
        } else if theme.ascii {
            "+"
        } else {
            "✓"
        };
        let text = cut(&format!(" {sign} {}", toast.text), width, theme.ellipsis());
        frame.render_widget(Span::styled(text, style), areas.status);
        return;
    }
    let mut spans = vec![Span::raw(" ")];
    if let Some(analysis) = &model.analysis {
        for (severity, count) in Severity::ALL.into_iter().zip(analysis.counts()) {
            if count > 0 {
                spans.push(Span::styled(
                    format!("{} {count}  ", theme.badge(severity)),
                    theme.severity(severity),
                ));
            }
        }
        if analysis.counts().iter().sum::<usize>() == 0 {
            spans.push(Span::styled("no gaps  ", theme.good()));
        }
        let score = match (analysis.score.value, analysis.score.grade()) {
            (Some(value), Some(grade)) => format!("score {value:.0} ({grade})"),
            (Some(value), None) => format!("score {value:.0}, no grade"),
            (None, _) => "no score".to_owned(),
        };
        spans.push(Span::styled(format!("{score}  "), theme.strong()));
        let problems = problem_count(model);
        if problems > 0 {
            spans.push(Span::styled(
                format!("{problems} {}  ", if problems == 1 { "problem" } else { "problems" }),
                theme.severity(Severity::High),
            ));
        }
        match model.session.unsaved().count() {
            0 => {}
            count => {
                let sign = if theme.ascii { "*" } else { "●" };
                spans.push(Span::styled(format!("{sign} {count} unsaved  "), theme.accent()));
            }
        }
        if !model.session.conflicts().is_empty() {
            let text = format!("! {} in conflict  ", model.session.conflicts().len());
            spans.push(Span::styled(text, theme.severity(Severity::High)));
        }
        if model.readonly {
            spans.push(Span::styled("read-only  ", theme.faint()));
        }
        if let Some(day) = model.day {
            spans.push(Span::styled(format!("on {day}  "), theme.accent()));
        }
        if !model.context.is_open() {
            spans
                .push(Span::styled(format!("{}  ", model.context.phrase(&analysis.catalog)), theme.accent()));
        }
    }
    if !model.filter().is_empty() {
        spans.push(Span::styled(
            format!("filter: {}  ", cut(model.filter(), 40, theme.ellipsis())),
            theme.accent(),
        ));
    }
    if let (Some(working), true) = (&model.working, model.analysis.is_some()) {
        spans.push(Span::styled(format!("{working}{}", theme.ellipsis()), theme.faint()));
    }
    if let Some(bytes) = model.audit.reading {
        let text = format!("reading logs, {}{}", audit::megabytes(bytes), theme.ellipsis());
        spans.push(Span::styled(text, theme.faint()));
    }
    if !model.pending.is_empty() {
        let keys: Vec<_> = model.pending.iter().map(ToString::to_string).collect();
        spans.push(Span::styled(keys.join(" "), theme.accent()));
    }
    let line = Line::from(spans);
    let end = u16::try_from(line.width()).unwrap_or(u16::MAX);
    frame.render_widget(line, areas.status);
    // Tabs that fill their line leave the name of the catalog to this one.
    let tabs_end = tabs(model).last().map_or(0, |(_, text, x)| x + u16::try_from(text.width()).unwrap_or(0));
    if let Some(analysis) = &model.analysis
        && !has_room_for_name(areas.tabs.width, tabs_end)
        && has_room_for_name(areas.status.width, end)
    {
        render_name(&analysis.catalog.name, theme, areas.status, end, frame);
    }
}

fn render_footer(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    // What lies in the place of the body has keys of its own, and says them.
    let sheet = |layer: &Layer| {
        matches!(
            layer,
            Layer::Conflicts(_)
                | Layer::Deed(_)
                | Layer::Fixes(_)
                | Layer::Form(_)
                | Layer::Saving(_)
                | Layer::Several(_)
        )
    };
    if model.layers.iter().any(sheet) {
        return;
    }
    for (_, key, word, x) in footer(model) {
        let line = Line::from(vec![
            Span::styled(key, theme.accent()),
            Span::styled(format!(" {word}"), theme.faint()),
        ]);
        let width = areas.footer.width.saturating_sub(x);
        frame.render_widget(line, Rect { x, width, ..areas.footer });
    }
}

/// The help of where one is, as lines.
#[must_use]
pub fn help_lines(model: &Model) -> Vec<Line<'static>> {
    let theme = model.theme;
    let width = usize::from(model.size.0.saturating_sub(8)).min(84);
    let mut lines = Vec::new();
    let about = match model.screen {
        Screen::Cards => {
            "Everything that has a card. Move with j and k; enter goes into the card, where each value is \
             marked with what the analysis says of it and explained below or beside. Enter on a value opens \
             what it names; v shows the next kind of card."
        }
        Screen::Graph => {
            "What is around one thing: v changes between neighbours, canvas, tree, path and reach. A heavy line \
             is more than is needed, a dashed one is missing, a dotted one leads to what has no card. Space marks \
             an end of a path; a full stop makes what is selected the focus; enter opens its card. On the canvas \
             h j k l go along lines, else to the next box; [ and ] draw fewer and more hops, + and - nearer and \
             farther; s puts boxes into layers by kind or by rank; wheel, drag, H and L move the window; / \
             searches, and tab goes to the next that is found."
        }
        Screen::Maps => {
            "Where work is done and where data flows: v goes from the process map to the pictures of the \
             architecture. Arrow keys go along the lines, plus and minus come nearer and go farther, tab goes \
             through the badges of a box. f follows a persona: all else steps back, and tab goes through its day. \
             Enter opens the card of the step's process, of the component, or of a badge's persona. In the \
             filter persona:P009 and text make boxes stand out, process: and component: leave out others; o \
             shows only what is wrong."
        }
        Screen::Matrix => {
            "Who against what: v shows the next matrix, o the next environment. Beside a cell's sign stand \
             what there is and what is asked for. Enter says why a cell is as it is, and leads on from \
             there. s sorts (at last by the selected column), C moves like by like, x turns it, 0 shows \
             what is empty, [ and ] change how wide a cell is. In the filter state:missing, state:too-high \
             or state:wrong keep such cells."
        }
        Screen::Gaps => {
            "What is wrong, worst first. Beside it why: the path through the cards that proves it, the line \
             that causes it, why it matters and how to fix it. Enter opens the card, a full stop the graph, \
             E the file at the line."
        }
        Screen::Audit => {
            "What agents did, as logs tell it, against what they may do. Above: how many events end at no human, \
             and when events were: shades are how many there were, bars how many of them were beyond the boundary. [ and ] look at a \
             longer and a shorter span of time, H and L at an earlier and a later one; the list follows. v goes \
             from events to agents, to grants that the logs prove unused, and to lines that could not be read; o \
             from what is beyond to what is allowed, s groups by reason, agent or component. Enter goes to the \
             grant, or to where it is missing; a offers to grant it just in time or to block it; 3 shows the \
             cell, a full stop the graph."
        }
        Screen::Review => {
            "A meeting, one gap a page. First the agenda: words of the filter, what is new since the last review or \
             since a commit, how severe. Then one key decides about the gap on the page: a applies the chosen way \
             out, w accepts it until a day, d defers it, r rejects it, t tracks it as a work item; each asks who \
             and why. j and k choose a way out, n goes on, b goes back and what was decided can be decided anew. \
             Each decision is one step that u undoes. m goes to the end, where enter saves the cards and writes \
             the minutes. A meeting that is left is taken up again here; `persona follow` shows it elsewhere."
        }
        Screen::WhatIf => {
            "Suppositions on a scratch copy: somebody leaves or comes, an agent does not run, personas become one, a \
             grant comes or goes, it is another day. Enter asks for one; several add up, each with the gaps that \
             appear, vanish or change because of it. c looks in a phase, at a risk, in an environment: what does not \
             hold there stands below. X takes the selected one back, a keeps all as one step that u undoes."
        }
        Screen::Problems => "What could not be read as it is meant. Enter opens the file at the line.",
    };
    lines.push(Line::from(Span::styled(model.screen.title(), theme.accent())));
    lines.extend(wrap(about, width).into_iter().map(Line::from));
    lines.push(Line::default());
    if let (Screen::Gaps, Some(analysis)) = (model.screen, model.analysis.as_deref())
        && let Some(finding) = model.gaps.finding(analysis)
    {
        for line in finding.rule.help.lines().filter(|line| !line.starts_with("```")) {
            if let Some(title) = line.strip_prefix('#') {
                lines.push(Line::from(Span::styled(
                    title.trim_start_matches('#').trim().to_owned(),
                    theme.accent(),
                )));
            } else if line.starts_with("  ") || line.starts_with("kind:") {
                lines.push(Line::from(Span::styled(cut(line, width, theme.ellipsis()), theme.faint())));
            } else {
                lines.extend(wrap(&line.replace('`', ""), width).into_iter().map(Line::from));
            }
        }
        lines.push(Line::default());
    }
    lines.push(Line::from(Span::styled("Signs", theme.accent())));
    for severity in Severity::ALL {
        lines.push(Line::from(vec![
            Span::styled(format!("  {}", theme.badge(severity)), theme.severity(severity)),
            Span::raw(format!("  {}", severity.word())),
        ]));
    }
    for mark in crate::analysis::view::Mark::ALL {
        if !mark.word().is_empty() {
            lines.push(Line::from(vec![
                Span::styled(format!("  {} ", mark.glyph(theme.ascii)), theme.mark(mark)),
                Span::raw(format!("  {}", mark.word())),
            ]));
        }
    }
    if model.screen == Screen::Matrix {
        lines.push(Line::default());
        lines.push(Line::from(Span::styled("Cells of this matrix", theme.accent())));
        for state in crate::analysis::matrix::State::ALL {
            lines.push(Line::from(vec![
                Span::styled(format!("  {} ", state.glyph(theme.ascii)), theme.mark(state.mark())),
                Span::raw(format!("  {}", state.meaning(model.matrix.kind))),
            ]));
        }
        if let Some(analysis) = model.analysis.as_deref() {
            let settings = &analysis.catalog.settings;
            for (letter, word) in model.matrix.letters.legend(settings, model.matrix.kind) {
                lines.push(Line::from(vec![
                    Span::styled(format!("  {letter} "), theme.strong()),
                    Span::raw(format!("  {}", cut(&word, width.saturating_sub(6), theme.ellipsis()))),
                ]));
            }
        }
    }
    lines.push(Line::default());
    lines.push(Line::from(Span::styled("Keys here", theme.accent())));
    for entry in ACTIONS {
        let key = model.keys.shown(entry.action);
        if key.is_empty() || (!entry.screens.is_empty() && !entry.screens.contains(&model.screen)) {
            continue;
        }
        lines.push(Line::from(vec![
            Span::styled(pad(&format!("  {key}"), 12, theme.ellipsis()), theme.strong()),
            Span::raw(cut(entry.title, width.saturating_sub(12), theme.ellipsis())),
        ]));
    }
    lines.push(Line::default());
    lines.push(Line::from(Span::styled("Words of the filter", theme.accent())));
    for (key, what) in KEYS {
        lines.push(Line::from(vec![
            Span::styled(pad(&format!("  {key}:"), 14, theme.ellipsis()), theme.strong()),
            Span::raw(what),
        ]));
    }
    lines
}

fn render_help(model: &Model, offset: usize, frame: &mut Frame<'_>) {
    let lines = help_lines(model);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let area = centred(frame.area(), 90, height);
    let inner = popup(frame, area, "Help", model.theme);
    let most = lines.len().saturating_sub(usize::from(inner.height));
    rows(frame, inner, &lines, offset.min(most));
    super::widgets::scroll_hint(
        frame,
        Rect { width: inner.width + 1, ..inner },
        model.theme,
        offset.min(most),
        lines.len(),
        usize::from(inner.height),
    );
}

/// Where the palette lies.
#[must_use]
pub fn palette_area(model: &Model) -> Rect {
    let height = u16::try_from(palette_height() + 4).unwrap_or(18);
    let screen = Rect::new(0, 0, model.size.0, model.size.1);
    let area = centred(screen, 84, height);
    Rect { y: (model.size.1 / 8).min(area.y), ..area }
}

fn render_palette(model: &Model, state: &PaletteState, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let inner = popup(frame, palette_area(model), "Commands and cards", theme);
    let width = usize::from(inner.width);
    let mut lines = vec![
        Line::from(vec![
            Span::styled(": ", theme.accent()),
            Span::raw(cut(&state.input, width.saturating_sub(4), theme.ellipsis())),
            Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()),
        ]),
        Line::default(),
    ];
    if state.choices.is_empty() {
        lines.push(Line::from(Span::styled("nothing is called that", theme.faint())));
    }
    let height = usize::from(inner.height).saturating_sub(2);
    for (place, choice) in state.choices.iter().enumerate().skip(state.cursor.offset).take(height) {
        let style = if place == state.cursor.row { theme.selected(true) } else { theme.base() };
        let key = match choice.does {
            Does::Act(action) => model.keys.shown(action).to_owned(),
            Does::Go(_) => "go".to_owned(),
        };
        let end = choice.unavailable.map_or(key, str::to_owned);
        let end = cut(&end, width / 3, theme.ellipsis());
        let room = width.saturating_sub(end.width() + 2);
        let plain = if choice.unavailable.is_some() { style.patch(theme.faint()) } else { style };
        let mut spans = highlighted(
            &choice.title,
            &choice.places,
            room,
            plain,
            plain.patch(theme.hit()),
            theme.ellipsis(),
        );
        let used: usize = spans.iter().map(|span| span.content.width()).sum();
        spans.push(Span::styled(" ".repeat(width.saturating_sub(used + end.width())), style));
        spans.push(Span::styled(end, style.patch(theme.faint())));
        lines.push(Line::from(spans));
    }
    rows(frame, inner, &lines, 0);
}

/// Where the explanation of a cell lies: its box, and what is inside.
#[must_use]
pub fn cell_area(model: &Model) -> (Rect, Rect) {
    let screen = Rect::new(0, 0, model.size.0, model.size.1);
    let width = 92.min(screen.width.saturating_sub(2));
    let wanted = matrix::cell::content(model, usize::from(width.saturating_sub(4)), None).lines.len() + 2;
    let area = centred(screen, width, u16::try_from(wanted).unwrap_or(u16::MAX));
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    (area, inner)
}

fn render_cell(model: &Model, chosen: usize, offset: usize, frame: &mut Frame<'_>) {
    let (area, inside) = cell_area(model);
    let content = matrix::cell::content(model, usize::from(inside.width), Some(chosen));
    let inner = popup(frame, area, "Why", model.theme);
    let height = usize::from(inner.height);
    rows(frame, inner, &content.lines, offset.min(content.lines.len().saturating_sub(height)));
    let edge = Rect { width: inner.width + 1, ..inner };
    super::widgets::scroll_hint(frame, edge, model.theme, offset, content.lines.len(), height);
}

fn render_logs(model: &Model, input: &str, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let inner = popup(frame, centred(frame.area(), 76, 7), "Open audit logs", theme);
    let width = usize::from(inner.width);
    // The end of a long path is what one is typing.
    let skipped = input.chars().count().saturating_sub(width.saturating_sub(4));
    let shown: String = input.chars().skip(skipped).collect();
    let mut lines = vec![
        Line::from(vec![
            Span::styled("> ", theme.accent()),
            Span::raw(super::text::safe(&shown)),
            Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()),
        ]),
        Line::default(),
    ];
    let hint =
        "A file or a folder, plain, gzip or zstd; several apart by a colon.   enter: read   esc: leave";
    lines.extend(wrap(hint, width).into_iter().map(|line| Line::from(Span::styled(line, theme.faint()))));
    rows(frame, inner, &lines, 0);
}

fn render_context(model: &Model, row: usize, day: &str, error: Option<&str>, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(analysis) = &model.analysis else { return };
    let area = centred(frame.area(), 76, 12);
    let inner = popup(frame, area, "Context", theme);
    let width = usize::from(inner.width);
    let settings = &analysis.catalog.settings;
    let context = &model.context;
    let phases = crate::analysis::effective::phases(&analysis.catalog);
    let phase = context.phase.as_ref().and_then(|phase| phases.iter().position(|known| known == phase));
    let rows_of = [
        ("Environment", &settings.environments, context.environment),
        ("Phase", &phases, phase),
        ("Risk", &settings.risk_levels, context.risk.map(crate::catalog::Level::index)),
    ];
    let mut lines = Vec::new();
    for (place, (title, words, chosen)) in rows_of.into_iter().enumerate() {
        let head = if place == row { theme.accent() } else { theme.base() };
        let mut spans = vec![Span::styled(pad(title, 13, theme.ellipsis()), head)];
        let mut room = width.saturating_sub(13);
        // What is chosen comes first, so that it is never what a narrow box cuts.
        let any = std::iter::once((None, "any"));
        let all: Vec<_> =
            any.chain(words.iter().enumerate().map(|(at, word)| (Some(at), word.written()))).collect();
        let start = all.iter().position(|(at, _)| *at == chosen).unwrap_or(0).saturating_sub(3);
        for (at, word) in all.into_iter().skip(start) {
            let text = format!(" {} ", cut(word, 18, theme.ellipsis()));
            if text.width() > room {
                break;
            }
            room -= text.width();
            let style = if at == chosen { theme.selected(true).patch(theme.accent()) } else { theme.faint() };
            spans.push(Span::styled(text, style));
        }
        lines.push(Line::from(spans));
    }
    let shown = if day.is_empty() { format!("{} (today)", analysis.day) } else { day.to_owned() };
    lines.push(Line::from(vec![
        Span::styled(pad("Day", 14, theme.ellipsis()), if row == 3 { theme.accent() } else { theme.base() }),
        Span::styled(shown, theme.strong()),
        Span::styled(if theme.ascii { "_" } else { "▏" }, theme.accent()),
    ]));
    lines.push(Line::default());
    if let Some(error) = error {
        lines.push(Line::from(Span::styled(error.to_owned(), theme.severity(Severity::Medium))));
    }
    let hint =
        "Up and down: which. Left and right: change. Type a day, as 2027-03-31. Enter keeps, esc leaves.";
    lines.extend(wrap(hint, width).into_iter().map(|line| Line::from(Span::styled(line, theme.faint()))));
    rows(frame, inner, &lines, 0);
}
