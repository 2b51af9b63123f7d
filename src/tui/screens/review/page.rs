//! One gap on the whole screen, to be read from the far end of a room: what is wrong, the path that proves
//! it, and the ways out with what each changes.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::choose::heading;
use crate::analysis::fixes::Proven;
use crate::analysis::{Analysis, Finding, Severity};
use crate::catalog::Entity;
use crate::session::meeting::{Course, Item, Meeting, Standing};
use crate::tui::layers::{difference, summary};
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::big::apart;
use crate::tui::widgets::{rows, rule, scroll_hint};

/// From so many columns on the path and the ways out stand side by side.
const WIDE: u16 = 100;

/// From so many columns on the sentence's letters stand apart.
const APART: usize = 150;

/// Draws the page of a point of the agenda.
pub fn render(
    model: &Model,
    analysis: &Analysis,
    meeting: &Meeting,
    item: &Item,
    body: Rect,
    frame: &mut Frame<'_>,
) {
    let page = lay(model, analysis, meeting, item, body);
    rows(frame, page.head.0, &page.head.1, 0);
    rows(frame, page.left.0, &page.left.1, 0);
    if page.left.0.width < page.head.0.width && page.ways.0.x > 1 {
        let edge = Rect { x: page.ways.0.x - 2, width: 1, ..page.ways.0 };
        frame.render_widget(rule(model.theme), edge);
    }
    let (area, lines) = page.ways;
    let height = usize::from(area.height);
    let offset = model.review.offset.min(lines.len().saturating_sub(height));
    rows(frame, area, &lines, offset);
    let edge = Rect { width: area.width + 1, ..area };
    scroll_hint(frame, edge, model.theme, offset, lines.len(), height);
}

/// How far the ways out can be scrolled.
#[must_use]
pub fn most_offset(model: &Model, body: Rect) -> usize {
    let (Some(analysis), Some(meeting)) = (model.analysis.as_deref(), &model.review.meeting) else {
        return 0;
    };
    let Some(item) = meeting.item() else { return 0 };
    let (area, lines) = lay(model, analysis, meeting, item, body).ways;
    lines.len().saturating_sub(usize::from(area.height))
}

/// The parts of the page, each with where it stands.
struct Page {
    head: (Rect, Vec<Line<'static>>),
    left: (Rect, Vec<Line<'static>>),
    ways: (Rect, Vec<Line<'static>>),
}

fn lay(model: &Model, analysis: &Analysis, meeting: &Meeting, item: &Item, body: Rect) -> Page {
    let theme = model.theme;
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let width = usize::from(area.width);
    let finding = model.review.finding(analysis);
    let mut head = vec![bar(meeting, theme, width)];
    if body.height >= 24 {
        head.push(Line::default());
    }
    head.extend(title(model, item, width, body.height));
    head.extend(standing(item, finding, theme, width));
    head.extend(sentence(item, theme, width));
    head.push(Line::default());
    let above = u16::try_from(head.len()).unwrap_or(area.height).min(area.height);
    let below = Rect { y: area.y + above, height: area.height - above, ..area };
    let head = (Rect { height: above, ..area }, head);
    if body.width >= WIDE {
        let share = below.width * 45 / 100;
        let left = Rect { width: share.saturating_sub(2), ..below };
        let right = Rect { x: below.x + share + 1, width: below.width - share - 1, ..below };
        let roomy = below.height >= 18;
        let path = proof(analysis, finding, item, theme, usize::from(left.width), roomy);
        let ways = ways(model, analysis, item, finding.is_some(), usize::from(right.width), roomy);
        return Page { head, left: (left, path), ways: (right, ways) };
    }
    let mut path = proof(analysis, finding, item, theme, width, false);
    // The choices must not be pushed off the screen by a long proof.
    let most = usize::from(below.height * 3 / 5).max(3);
    if path.len() > most {
        let left = path.len() + 1 - most;
        path.truncate(most - 1);
        let text = format!("  {} {left} more lines on the screen Gaps", theme.ellipsis());
        path.push(Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.faint())));
    }
    path.push(Line::default());
    let share = u16::try_from(path.len()).unwrap_or(below.height).min(below.height);
    let left = Rect { height: share, ..below };
    let rest = Rect { y: below.y + share, height: below.height - share, ..below };
    let ways = ways(model, analysis, item, finding.is_some(), width, false);
    Page { head, left: (left, path), ways: (rest, ways) }
}

/// Progress, time and score, in one line.
#[must_use]
pub fn bar(meeting: &Meeting, theme: Theme, width: usize) -> Line<'static> {
    let count = meeting.items.len();
    let settled = meeting.items.iter().filter(|item| item.standing != Standing::Open).count();
    let at = (meeting.at + 1).min(count);
    let minutes = meeting.seconds / 60;
    let state = match meeting.course {
        Course::Running => format!("{minutes} min"),
        Course::Paused => format!("interrupted after {minutes} min"),
        Course::Over => format!("ended after {minutes} min"),
    };
    let left = if meeting.item().is_some() { format!("{at} of {count}") } else { "the end".to_owned() };
    let right = match (meeting.before.value, meeting.now.value) {
        (Some(before), Some(now)) if (before - now).abs() >= 0.05 => {
            format!("score {before:.1} {} {now:.1}", theme.arrow())
        }
        (_, Some(now)) => format!("score {now:.1}"),
        (_, None) => String::new(),
    };
    let middle = format!("{settled} settled   {state}");
    let words = left.width() + middle.width() + right.width() + 9;
    let room = width.saturating_sub(words).min(60);
    let mut spans = Vec::new();
    if room >= 6 {
        let done = (settled * room).checked_div(count).unwrap_or(0);
        let here = (meeting.at * room).checked_div(count).unwrap_or(0).min(room - 1);
        for cell in 0..room {
            let (sign, style) = match (cell == here, cell < done, theme.ascii) {
                (true, _, false) => ("◆", theme.accent()),
                (true, _, true) => ("O", theme.accent()),
                (false, true, false) => ("━", theme.good()),
                (false, true, true) => ("=", theme.good()),
                (false, false, false) => ("─", theme.faint()),
                (false, false, true) => ("-", theme.faint()),
            };
            spans.push(Span::styled(sign, style));
        }
        spans.push(Span::raw("   "));
    }
    spans.push(Span::styled(left, theme.accent()));
    spans.push(Span::styled(format!("   {middle}"), theme.faint()));
    let used: usize = spans.iter().map(|span| span.content.width()).sum();
    let gap = width.saturating_sub(used + right.width());
    if gap > 0 {
        spans.push(Span::raw(" ".repeat(gap)));
        spans.push(Span::styled(right, theme.strong()));
    }
    Line::from(spans)
}

/// The rule, as large as there is room, and how bad it is.
fn title(model: &Model, item: &Item, width: usize, height: u16) -> Vec<Line<'static>> {
    let theme = model.theme;
    let name = item.rule.replace('-', " ");
    let severity = vec![
        Span::styled(theme.badge(item.severity), theme.severity(item.severity)),
        Span::styled(format!(" {}", item.severity.word()), theme.severity(item.severity)),
    ];
    if height < 30 || theme.ascii {
        let spaced = apart(&name);
        let text = if spaced.width() + 14 <= width { spaced } else { name };
        let mut spans = severity;
        spans.push(Span::raw("   "));
        spans.push(Span::styled(cut(&text, width.saturating_sub(14), theme.ellipsis()), theme.accent()));
        let mut lines = vec![Line::from(spans)];
        lines.extend((height >= 18).then(Line::default));
        return lines;
    }
    let mut lines = heading(model, &name, width, true);
    for line in &mut lines {
        for span in &mut line.spans {
            span.style = theme.severity(item.severity);
        }
    }
    lines.push(Line::from(severity));
    lines.push(Line::default());
    lines
}

/// What was decided, before or now, and what became of the gap.
fn standing(item: &Item, finding: Option<&Finding>, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut said = Vec::new();
    let yes = if theme.ascii { "+" } else { "✓" };
    match (item.decided(), item.standing) {
        (Some(verdict), _) => {
            let until = verdict.until.map_or(String::new(), |day| format!(" until {day}"));
            let tracked = verdict.work_item.as_deref().map_or(String::new(), |item| format!(" as {item}"));
            let why = if verdict.why.is_empty() { String::new() } else { format!(": {}", verdict.why) };
            let text = format!("{yes} {}{until}{tracked} by {}{why}", verdict.act.word(), verdict.by);
            said.push((text, theme.good()));
        }
        (None, Standing::Closed) if finding.is_some() => {
            said.push((format!("{yes} decided on meanwhile, outside of this meeting"), theme.good()));
        }
        (None, Standing::Closed) => said.push((format!("{yes} closed meanwhile: it is gone"), theme.good())),
        (None, _) => {}
    }
    if let Some(earlier) = &item.earlier {
        let text =
            if item.expired { format!("! back again: {earlier}") } else { format!("before: {earlier}") };
        said.push((text, theme.severity(Severity::Medium)));
    }
    if item.late {
        said.push(("came up while the meeting ran".to_owned(), theme.faint()));
    }
    let mut lines: Vec<Line<'static>> = said
        .into_iter()
        .map(|(text, style)| Line::from(Span::styled(cut(&text, width, theme.ellipsis()), style)))
        .collect();
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines
}

/// What is wrong; its letters stand apart where there is room for them.
fn sentence(item: &Item, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let spaced = width >= APART && item.message.width() * 2 <= width * 3;
    let room = if spaced { width / 2 } else { width.min(110) };
    wrap(&item.message, room)
        .into_iter()
        .map(|line| Line::from(Span::styled(if spaced { apart(&line) } else { line }, theme.strong())))
        .collect()
}

/// The proof as a drawn path; where the gap is gone, as it was.
fn proof(
    analysis: &Analysis,
    finding: Option<&Finding>,
    item: &Item,
    theme: Theme,
    width: usize,
    roomy: bool,
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled("Why", theme.accent()))];
    if roomy {
        lines.push(Line::default());
    }
    let Some(finding) = finding else {
        for step in &item.path {
            lines.extend(
                wrap(step, width).into_iter().map(|line| Line::from(Span::styled(line, theme.faint()))),
            );
        }
        return lines;
    };
    let catalog = &analysis.catalog;
    let (node, bar, tip) = if theme.ascii { ("o", "|", "v") } else { ("●", "│", "▼") };
    let thing = |entity: Entity| {
        let named = entity == finding.subject || Some(entity) == finding.object;
        let kind = catalog.kind(entity).word();
        let label = cut(&catalog.label(entity), width.saturating_sub(kind.len() + 4), theme.ellipsis());
        Line::from(vec![
            Span::styled(format!("{node} "), theme.accent()),
            Span::styled(label, if named { theme.strong() } else { theme.base() }),
            Span::styled(format!("  {kind}"), theme.faint()),
        ])
    };
    let mut last = None;
    for edge in &finding.evidence {
        if last != Some(edge.from) {
            lines.push(thing(edge.from));
        }
        let location = catalog.locate(edge.place);
        let detail = if edge.detail.is_empty() { String::new() } else { format!(": {}", safe(&edge.detail)) };
        let text = format!("{}{detail}", edge.relation);
        let place = format!("{}:{}", safe(location.file), location.position.line);
        let side_by_side = text.width() + place.width() + 8 <= width;
        if roomy || !side_by_side {
            let said = wrap(&text, width.saturating_sub(4));
            let most = if roomy { said.len() } else { 1 };
            for line in said.into_iter().take(most) {
                lines.push(Line::from(vec![
                    Span::styled(format!("{bar}   "), theme.faint()),
                    Span::raw(line),
                ]));
            }
            if roomy {
                lines.push(Line::from(vec![
                    Span::styled(format!("{tip}   "), theme.faint()),
                    Span::styled(cut(&place, width.saturating_sub(4), theme.ellipsis()), theme.faint()),
                ]));
            }
        } else {
            lines.push(Line::from(vec![
                Span::styled(format!("{tip}   "), theme.faint()),
                Span::raw(text),
                Span::styled(format!("   {place}"), theme.faint()),
            ]));
        }
        lines.push(thing(edge.to));
        last = Some(edge.to);
    }
    if finding.evidence.is_empty() {
        lines.push(thing(finding.subject));
        if let Some(place) = finding.place {
            let location = catalog.locate(place);
            let text = format!("    {}:{}", safe(location.file), location.position.line);
            lines.push(Line::from(Span::styled(cut(&text, width, theme.ellipsis()), theme.faint())));
        }
    }
    lines
}

/// The ways out, and what the chosen one changes.
fn ways(
    model: &Model,
    analysis: &Analysis,
    item: &Item,
    is_there: bool,
    width: usize,
    roomy: bool,
) -> Vec<Line<'static>> {
    let theme = model.theme;
    let faint = |text: &str| -> Vec<Line<'static>> {
        wrap(text, width).into_iter().map(|line| Line::from(Span::styled(line, theme.faint()))).collect()
    };
    let mut lines = vec![Line::from(Span::styled("Ways out", theme.accent()))];
    if roomy {
        lines.push(Line::default());
    }
    if !is_there {
        if let Some(verdict) = item.decided() {
            if let Some(fix) = &verdict.fix {
                lines.extend(wrap(fix, width).into_iter().map(Line::from));
                lines.push(Line::default());
            }
            let changes: Vec<_> = verdict
                .changes
                .iter()
                .map(|change| crate::catalog::FileChange {
                    path: change.path.clone(),
                    before: change.before.clone(),
                    after: change.after.clone(),
                })
                .collect();
            lines.extend(difference(&changes, theme, width));
        } else {
            lines.extend(faint("Nothing is left to decide."));
        }
        return lines;
    }
    let Some(found) = model.review.found() else {
        lines.extend(faint(&format!("trying each of them{}", theme.ellipsis())));
        return lines;
    };
    if found.is_empty() {
        lines.extend(faint("No edit of the cards closes this gap without opening another as bad."));
        return lines;
    }
    let chosen = model.review.meeting.as_ref().map_or(0, |meeting| meeting.chosen).min(found.len() - 1);
    for (place, proven) in found.iter().enumerate() {
        lines.push(way(proven, place == chosen, theme, width));
    }
    lines.push(Line::default());
    if let Some(Proven { fix, outcome }) = found.get(chosen) {
        let Some(outcome) = outcome else {
            lines.extend(wrap(&fix.title, width).into_iter().map(Line::from));
            lines.extend(faint("This is advice: nothing in the cards changes until it is done."));
            return lines;
        };
        if fix.title.width() + 18 > width {
            lines.extend(wrap(&fix.title, width).into_iter().map(Line::from));
        }
        lines.extend(
            wrap(&summary(analysis, outcome), width)
                .into_iter()
                .map(|line| Line::from(Span::styled(line, theme.strong()))),
        );
        for new in outcome.new_findings().take(4) {
            let text = format!("opens {} {}", theme.badge(new.severity), new.message);
            let style = theme.severity(new.severity);
            lines.extend(wrap(&text, width).into_iter().map(|line| Line::from(Span::styled(line, style))));
        }
        if roomy {
            lines.push(Line::default());
        }
        lines.extend(difference(&outcome.changes, theme, width));
    }
    lines
}

fn way(proven: &Proven, chosen: bool, theme: Theme, width: usize) -> Line<'static> {
    let style = if chosen { theme.selected(true) } else { theme.base() };
    let after = match &proven.outcome {
        Some(outcome) => outcome.score().value.map_or(String::new(), |value| format!("score {value:.1}")),
        None => "advice".to_owned(),
    };
    let sign = match (chosen, theme.ascii) {
        (false, _) => "  ",
        (true, false) => "▸ ",
        (true, true) => "> ",
    };
    let room = width.saturating_sub(after.width() + 5);
    Line::from(vec![
        Span::styled(sign, style.patch(theme.accent())),
        Span::styled(pad(&proven.fix.title, room, theme.ellipsis()), style),
        Span::styled(format!("  {after} "), style.patch(theme.faint())),
    ])
}
