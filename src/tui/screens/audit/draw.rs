//! The screen of an audit, drawn: the share that ends at no human, the timeline, the list.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Row, State, Track, View, detail, row_text};
use crate::analysis::Severity;
use crate::audit::event::written;
use crate::audit::judge::Verdict;
use crate::audit::opened::Opened;
use crate::audit::usage::Use;
use crate::audit::words::{events, number, percent};
use crate::tui::actions::Action;
use crate::tui::layout::Areas;
use crate::tui::model::{Model, Pane};
use crate::tui::text::{cut, highlighted, pad, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule, scroll_hint};

const HOUR: i64 = 3_600_000_000;

/// How the timeline is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Columns for names.
    pub label: usize,
    /// Columns of time.
    pub columns: usize,
    /// Columns for totals.
    pub totals: usize,
    /// Lines at most, the one of all together among them.
    pub lines: usize,
}

/// The timeline of a screen of a size.
#[must_use]
pub fn shape((width, height): (u16, u16)) -> Shape {
    let width = usize::from(width);
    let (label, totals) = match width {
        ..70 => (0, 0),
        70..110 => (14, 20),
        110..160 => (26, 20),
        _ => (38, 22),
    };
    let lines = match height {
        ..14 => 0,
        14..30 => 1,
        30..50 => 6,
        _ => 11,
    };
    Shape { label, columns: width.saturating_sub(label + totals + 4).max(1), totals, lines }
}

/// How many rows stand above the list.
#[must_use]
pub fn top_height(model: &Model) -> u16 {
    if model.audit.opened.is_none() {
        return 0;
    }
    let tracks = model.audit.tracks.len();
    let axis = usize::from(tracks > 0);
    u16::try_from(2 + tracks + axis + usize::from(tracks > 1)).unwrap_or(3)
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(opened) = model.audit.opened.as_deref() else {
        render_empty(model, areas, frame);
        return;
    };
    if let Some(area) = areas.above {
        let mut lines = headline(model, opened, usize::from(area.width));
        lines.extend(timeline(model, opened));
        rows(frame, area, &lines, 0);
    }
    if let Some(area) = areas.list {
        render_list(model, opened, area, frame);
    }
    if let Some(area) = areas.detail {
        if area.x > 1 {
            frame.render_widget(rule(theme), Rect { x: area.x - 2, width: 1, ..area });
        }
        let lines = detail(model, usize::from(area.width));
        rows(frame, area, &lines, model.audit.offset);
        let edge = Rect { width: area.width + 1, ..area };
        scroll_hint(frame, edge, theme, model.audit.offset, lines.len(), usize::from(area.height));
    }
}

/// What to do where there are no logs.
fn render_empty(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let Some(area) = areas.list else { return };
    let width = usize::from(area.width).saturating_sub(4).min(90);
    let state = &model.audit;
    let mut lines = vec![Line::from(Span::styled(" Audit", theme.accent())), Line::default()];
    let mut say = |text: &str, style: Style| {
        lines.extend(
            wrap(text, width).into_iter().map(|line| Line::from(Span::styled(format!("  {line}"), style))),
        );
        lines.push(Line::default());
    };
    if let Some(bytes) = state.reading {
        let named = state.logs.paths.join(", ");
        say(&format!("Reading {named}{}", theme.ellipsis()), theme.strong());
        say(&format!("{} read; esc stops.", megabytes(bytes)), theme.faint());
    } else {
        if let Some(failure) = &state.failure {
            say(failure, theme.severity(Severity::High));
        } else {
            say("No logs are open.", theme.strong());
        }
        let palette = model.keys.shown(Action::Palette);
        say(
            "With logs of what agents did, this screen says which of it was beyond their grants and why, \
             which human answers for it, and which grants the logs prove unused.",
            theme.base(),
        );
        say(
            &format!("Open some now: {palette} and then \"open audit logs\". Or start with them:"),
            theme.base(),
        );
        say("persona --audit logs/", theme.accent());
        say(
            "Files and folders; plain, gzip or zstd; OpenTelemetry, Azure activity, CloudTrail, CloudEvents, \
             MCP, tables, or JSON lines in the workbench's own form. `persona explain audit` says it all.",
            theme.faint(),
        );
    }
    rows(frame, area, &lines, 0);
}

/// Bytes as people read them.
#[must_use]
pub fn megabytes(bytes: u64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", number(bytes / 1_000)),
        _ => format!("{} MB", number(bytes / 1_000_000)),
    }
}

/// The share of events that end at no human, and how many there are of which verdict.
fn headline(model: &Model, opened: &Opened, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let counts = opened.summary.counts;
    let first = if counts.events == 0 {
        Line::from(Span::styled(" The logs hold no events.", theme.strong()))
    } else if counts.unattributed == 0 {
        let sign = if theme.ascii { "+" } else { "✓" };
        let text = format!(" {sign} Each of {} ends at a human.", events(counts.events));
        Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.good().patch(theme.strong())))
    } else {
        let share = percent(counts.unattributed, counts.events);
        let style = theme.severity(Severity::High);
        let rest = format!(" of {} end at no human: {}", events(counts.events), number(counts.unattributed));
        Line::from(vec![
            Span::styled(format!(" {} {share}", theme.badge(Severity::High)), style),
            Span::styled(
                cut(&rest, width.saturating_sub(share.width() + 5), theme.ellipsis()),
                theme.strong(),
            ),
        ])
    };
    let mut parts: Vec<(String, Style)> = vec![
        (format!("{} allowed", number(counts.allowed)), theme.good()),
        (format!("{} beyond", number(counts.beyond)), theme.severity(Severity::High)),
    ];
    if counts.unjudged > 0 {
        parts.push((format!("{} unjudged", number(counts.unjudged)), theme.faint()));
    }
    if let Some(creep) = opened.creep(|_| true) {
        parts.push((format!("creep {creep:.0} of 100"), theme.base()));
    }
    let wrong: u64 = opened.totals.wrong.values().sum();
    if wrong > 0 {
        let word = if wrong == 1 { "line" } else { "lines" };
        parts.push((format!("{} bad {word}", number(wrong)), theme.severity(Severity::Medium)));
    }
    if !opened.totals.unreadable.is_empty() {
        let text = format!("{} unreadable", opened.totals.unreadable.len());
        parts.push((text, theme.severity(Severity::High)));
    }
    let current = model.bare.as_ref().is_some_and(|bare| std::sync::Arc::ptr_eq(bare, opened.analysis()));
    if !current && model.audit.reading.is_none() {
        let key = model.keys.shown(Action::Reload);
        parts.push((format!("by the cards as they were; {key} judges again"), theme.accent()));
    }
    let logs = if opened.totals.sources == 1 {
        "1 log".to_owned()
    } else {
        format!("{} logs", opened.totals.sources)
    };
    parts.push((logs, theme.faint()));
    let mut spans = vec![Span::raw(" ")];
    let mut used = 1;
    for (text, style) in parts {
        if used + text.width() + 3 > width {
            break;
        }
        used += text.width() + 3;
        spans.push(Span::styled(text, style));
        spans.push(Span::styled(if theme.ascii { " - " } else { " · " }, theme.faint()));
    }
    spans.pop();
    vec![first, Line::from(spans)]
}

/// A line for each track, and the axis below them.
fn timeline(model: &Model, opened: &Opened) -> Vec<Line<'static>> {
    let theme = model.theme;
    let state = &model.audit;
    let shape = shape(model.size);
    if state.tracks.is_empty() {
        return Vec::new();
    }
    let selected = state.actor();
    let mut lines: Vec<Line<'static>> = state
        .tracks
        .iter()
        .map(|track| {
            let here = track.actor.is_some() && track.actor == selected;
            line_of(track, shape, theme, here)
        })
        .collect();
    if let Some((from, to)) = state.span.or(opened.span) {
        lines.push(axis(state, (from, to), shape, theme));
    }
    if state.tracks.len() > 1 {
        lines.push(Line::default());
    }
    lines
}

fn line_of(track: &Track, shape: Shape, theme: Theme, here: bool) -> Line<'static> {
    // Shades are how much there was, bars how much of it was beyond: told apart without colours too.
    let (shades, bars, mark): ([&str; 4], [&str; 9], &str) = if theme.ascii {
        ([" ", ".", ":", "-"], [" ", "^", "^", "^", "A", "A", "A", "#", "#"], "^")
    } else {
        ([" ", "░", "▒", "▓"], [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"], "▲")
    };
    let most = |counts: &[u64]| counts.iter().copied().max().unwrap_or(0).max(1);
    let (most_events, most_beyond) = (most(&track.lane.events), most(&track.lane.beyond));
    // What there is of is never drawn as nothing.
    let step = |count: u64, most: u64, steps: u64| {
        let step = if count == 0 { 0 } else { (count * steps).div_ceil(most).clamp(1, steps) };
        usize::try_from(step).unwrap_or(0)
    };
    let style = if here { theme.accent() } else { theme.base() };
    let sign = match (here, theme.ascii) {
        (false, _) => " ",
        (true, false) => "▌",
        (true, true) => ">",
    };
    let mut spans = vec![Span::styled(sign, theme.accent())];
    if shape.label > 0 {
        spans.push(Span::styled(pad(&track.label, shape.label, theme.ellipsis()), style));
        spans.push(Span::raw(" "));
    }
    // Cells of one look are one span: a line may be hundreds of columns wide.
    let mut run = String::new();
    let mut run_beyond = false;
    for (count, beyond) in track.lane.events.iter().zip(&track.lane.beyond) {
        let is_beyond = *beyond > 0;
        let glyph = if is_beyond {
            bars[step(*beyond, most_beyond, 8)]
        } else {
            shades[step(*count, most_events, 3)]
        };
        if is_beyond != run_beyond && !run.is_empty() {
            spans.push(Span::styled(std::mem::take(&mut run), run_style(run_beyond, theme)));
        }
        run_beyond = is_beyond;
        run.push_str(glyph);
    }
    spans.push(Span::styled(run, run_style(run_beyond, theme)));
    if shape.totals > 0 {
        let (all, beyond) = track.lane.total;
        let all = format!(" {:>9} ", number(all));
        let beyond = if beyond == 0 { String::new() } else { format!("{mark}{}", number(beyond)) };
        let room = shape.totals.saturating_sub(all.width());
        spans.push(Span::styled(all, theme.faint()));
        spans.push(Span::styled(cut(&beyond, room, theme.ellipsis()), theme.severity(Severity::High)));
    }
    Line::from(spans)
}

fn run_style(beyond: bool, theme: Theme) -> Style {
    if beyond { theme.severity(Severity::High) } else { theme.faint() }
}

/// From when to when, below the tracks.
fn axis(state: &State, (from, to): (i64, i64), shape: Shape, theme: Theme) -> Line<'static> {
    let long = to.saturating_sub(from) > 48 * HOUR;
    let moment = |at: i64| {
        let text = written(at);
        let cut = if long { 10 } else { 19 };
        text.get(..cut).unwrap_or(&text).replace('T', " ")
    };
    let (first, last) = (moment(from), moment(to.saturating_sub(1)));
    let middle = moment(from + to.saturating_sub(from) / 2);
    let indent = if shape.label > 0 { shape.label + 2 } else { 1 };
    let gap = shape.columns.saturating_sub(first.width() + middle.width() + last.width());
    let text = if gap >= 8 {
        format!("{first}{}{middle}{}{last}", " ".repeat(gap / 2), " ".repeat(gap - gap / 2))
    } else {
        let gap = shape.columns.saturating_sub(first.width() + last.width());
        format!("{first}{}{last}", " ".repeat(gap.max(1)))
    };
    let style = if state.span.is_some() { theme.accent() } else { theme.faint() };
    Line::from(vec![Span::raw(" ".repeat(indent)), Span::styled(text, style)])
}

fn render_list(model: &Model, opened: &Opened, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.audit;
    let width = usize::from(area.width);
    let mut head = vec![Span::raw(" ")];
    for view in View::ALL {
        let here = view == state.view;
        let text = if here { format!("[{}] ", view.word()) } else { format!("{} ", view.word()) };
        let used: usize = head.iter().map(|span| span.content.width()).sum();
        if !here && used + text.width() > width {
            break;
        }
        let style = match (here, model.pane) {
            (true, Pane::List) => theme.accent(),
            (true, Pane::Detail) => theme.strong(),
            (false, _) => theme.faint(),
        };
        head.push(Span::styled(text, style));
    }
    if state.view == View::Events {
        let used: usize = head.iter().map(|span| span.content.width()).sum();
        let word = state.verdict.map_or("all verdicts", Verdict::word);
        let span = if state.span.is_some() { " in this span:" } else { "" };
        let text = format!("{span} {word} {}", state.grouping.word());
        head.push(Span::styled(cut(&text, width.saturating_sub(used), theme.ellipsis()), theme.faint()));
    }
    let mut lines = vec![Line::from(head)];
    if state.rows.is_empty() {
        lines.push(Line::default());
        let hint = empty(state, opened);
        lines.extend(
            wrap(&hint, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
        );
    }
    let height = usize::from(area.height).saturating_sub(1);
    for (place, row) in state.rows.iter().enumerate().skip(state.cursor.offset).take(height) {
        let style =
            if place == state.cursor.row { theme.selected(model.pane == Pane::List) } else { theme.base() };
        lines.push(line_of_row(state, opened, row, width, style, theme));
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}

fn empty(state: &State, opened: &Opened) -> String {
    if let Some(mistake) = &state.mistake {
        return format!("{mistake}. Esc clears the filter.");
    }
    if !state.filter.is_empty() {
        return format!("Nothing matches \"{}\". Esc clears the filter.", state.filter);
    }
    match state.view {
        View::Events if state.span.is_some() => {
            "Nothing of this kind happened in this span of time. Esc shows all of it.".to_owned()
        }
        View::Events if state.verdict == Some(Verdict::Beyond) && opened.summary.counts.events > 0 => {
            "Nothing went beyond the boundary: each event is admitted by a grant.".to_owned()
        }
        View::Events | View::Agents => "There are no such events.".to_owned(),
        View::Grants => format!(
            "The logs prove no grant unused. They cover {} days, of {} that it takes.",
            opened.usage.covered, opened.usage.days
        ),
        View::Remarks => "Every line could be read, and nothing was odd.".to_owned(),
    }
}

fn line_of_row(
    state: &State,
    opened: &Opened,
    row: &Row,
    width: usize,
    style: Style,
    theme: Theme,
) -> Line<'static> {
    let end = |text: &str, hits: &[usize], sign: (&'static str, Style), last: String, last_style: Style| {
        let room = width.saturating_sub(6 + last.width());
        let used = cut(text, room, theme.ellipsis()).width();
        let mut spans = vec![Span::styled(format!("  {} ", sign.0), style.patch(sign.1))];
        spans.extend(highlighted(text, hits, room, style, style.patch(theme.hit()), theme.ellipsis()));
        spans.push(Span::styled(" ".repeat(room.saturating_sub(used)), style));
        spans.push(Span::styled(format!("{last}  "), style.patch(last_style)));
        Line::from(spans)
    };
    match row {
        Row::Group(title, last) => Line::from(vec![
            Span::styled(
                format!(" {}", cut(title, width.saturating_sub(last.width() + 3), theme.ellipsis())),
                theme.strong(),
            ),
            Span::styled(format!(" {last}"), theme.faint()),
        ]),
        Row::Events(class, count, hits) => {
            let Some(class) = opened.totals.timeline.classes().get(*class as usize) else {
                return Line::default();
            };
            let text = row_text(opened, class, state.grouping);
            end(&text, hits, verdict_sign(class.verdict, theme), number(*count), theme.strong())
        }
        Row::Agent(place, hits) => {
            let Some(line) = opened.summary.agents.get(*place) else { return Line::default() };
            let sign = if line.counts.beyond > 0 { Verdict::Beyond } else { Verdict::Allowed };
            let last = if line.counts.beyond > 0 {
                format!("{} of {}", number(line.counts.beyond), number(line.counts.events))
            } else {
                number(line.counts.events)
            };
            let text = safe(&opened.actor(&line.actor));
            end(&text, hits, verdict_sign(sign, theme), last, theme.faint())
        }
        Row::Grant(place, hits) => {
            let Some(one) = opened.usage.grants.get(*place) else { return Line::default() };
            let catalog = &opened.analysis().catalog;
            let last = match one.used {
                Use::Below(level) => format!("{} at most", catalog.settings.level(level)),
                _ => "not used".to_owned(),
            };
            let sign = if theme.ascii { "o" } else { "○" };
            let text = safe(&catalog.label(one.component.into()));
            end(&text, hits, (sign, theme.severity(Severity::Medium)), last, theme.faint())
        }
        Row::Bad(place) => {
            let Some(bad) = opened.totals.bad.get(*place) else { return Line::default() };
            let text = format!("{}:{}", tail(&bad.source), bad.line);
            end(&safe(&text), &[], ("!", theme.severity(Severity::Medium)), String::new(), theme.faint())
        }
        Row::Remark(text) => {
            let sign = if theme.ascii { "-" } else { "·" };
            end(&safe(text), &[], (sign, theme.faint()), String::new(), theme.faint())
        }
    }
}

/// The sign of a verdict, and how it looks.
pub(super) fn verdict_sign(verdict: Verdict, theme: Theme) -> (&'static str, Style) {
    match (verdict, theme.ascii) {
        (Verdict::Allowed, false) => ("✓", theme.good()),
        (Verdict::Allowed, true) => ("+", theme.good()),
        (Verdict::Beyond, false) => ("▲", theme.severity(Severity::High)),
        (Verdict::Beyond, true) => ("^", theme.severity(Severity::High)),
        (Verdict::Unjudged, _) => ("?", theme.faint()),
    }
}

/// The name of a log without its folders.
pub(super) fn tail(source: &str) -> &str {
    source.rsplit(['/', '\\']).next().unwrap_or(source)
}
