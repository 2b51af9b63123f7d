//! The sheet of a deed as it is drawn: the questions above, what the answers come to below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::{Sheet, Takes, Tried};
use crate::analysis::Severity;
use crate::tui::form::draw::{hints, pick_lines, typed};
use crate::tui::form::input::Way;
use crate::tui::layers::{comes_to, said};
use crate::tui::model::Model;
use crate::tui::text::{cut, safe};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, scroll_hint, sheet, sheet_area};

/// How many columns the sheet takes at most.
const COLUMNS: u16 = 120;

/// Columns of what is asked, before the answer.
const LABEL: usize = 14;

/// How many choices are shown at most.
const CHOICES: usize = 8;

/// Where the questions lie on a screen of this size, and how many choices there is room for.
#[must_use]
pub fn area(size: (u16, u16), state: &Sheet) -> (Rect, usize) {
    let area = sheet_area(size, COLUMNS);
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    let room = usize::from(inner.height / 2).saturating_sub(state.questions.len());
    (inner, room.clamp(2, CHOICES))
}

/// Draws it.
pub fn render(model: &Model, state: &Sheet, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let inner = sheet(frame, COLUMNS, &safe(&state.title), theme);
    let (_, most) = area(model.size, state);
    let width = usize::from(inner.width);
    let mut lines = Vec::new();
    for (place, (question, input)) in state.questions.iter().enumerate() {
        let here = place == state.row;
        let sign = match (here, theme.ascii) {
            (true, true) => "> ",
            (true, false) => "▌ ",
            (false, _) => "  ",
        };
        let label = format!("{sign}{:<room$}", question.label, room = LABEL - 2);
        match (&input.way, here) {
            (Way::Line(area) | Way::Text(area), true) => {
                let text = area.lines().first().cloned().unwrap_or_default();
                lines.push(typed(&label, &text, area.cursor().1, theme, width));
            }
            (Way::Pick(pick), true) => {
                let column = pick.query.chars().count();
                let text = if pick.query.is_empty() { String::new() } else { pick.query.clone() };
                let mut line = typed(&label, &text, column, theme, width);
                if pick.query.is_empty() {
                    let hint = match (&question.takes, pick.chosen.is_some()) {
                        (_, true) => "  space chooses, type to find",
                        (Takes::One { open: true, .. }, _) => "  choose one, or write another",
                        _ if pick.all.len() > most => "  type to find",
                        _ => "",
                    };
                    line.push_span(Span::styled(
                        cut(hint, width.saturating_sub(LABEL + 2), theme.ellipsis()),
                        theme.faint(),
                    ));
                }
                lines.push(line);
                lines.extend(pick_lines(pick, theme, width, most));
            }
            (_, false) => lines.push(answered(state, question.id, &label, theme, width)),
        }
    }
    let rule = if theme.ascii { "-" } else { "─" };
    lines.push(Line::from(Span::styled(rule.repeat(width), theme.faint())));
    let above = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(inner.height.saturating_sub(1));
    rows(frame, Rect { height: above, ..inner }, &lines, 0);
    let below = Rect { y: inner.y + above, height: inner.height.saturating_sub(above + 1), ..inner };
    let detail = match &state.tried {
        None => vec![Line::from(Span::styled(
            format!("looking what it comes to{}", theme.ellipsis()),
            theme.faint(),
        ))],
        Some(Err(why)) => said(why, width, theme.severity(Severity::Medium)),
        Some(Ok(tried)) => outcome(model, tried, width),
    };
    let height = usize::from(below.height);
    let offset = state.offset.min(detail.len().saturating_sub(height));
    rows(frame, below, &detail, offset);
    scroll_hint(frame, Rect { width: below.width + 1, ..below }, theme, offset, detail.len(), height);
    let foot = Rect { y: inner.y + inner.height.saturating_sub(1), height: 1, ..inner };
    let does = match &state.tried {
        _ if state.keep => "as soon as it is known what it comes to",
        Some(Err(_)) => "do it: not yet",
        _ => "do it",
    };
    let keys: &[(&str, &str)] = if state.questions.len() > 1 {
        &[("enter", does), ("esc", "leave"), ("tab", "next line"), ("pgdn", "scroll")]
    } else {
        &[("enter", does), ("esc", "leave"), ("pgdn", "scroll")]
    };
    match detail.first() {
        // On the smallest screen what it comes to is more than which key does it.
        Some(first) if below.height == 0 => rows(frame, foot, std::slice::from_ref(first), 0),
        _ => rows(frame, foot, &hints(keys, theme, width), 0),
    }
}

/// A question that one is not at, with its answer.
fn answered(state: &Sheet, id: &str, label: &str, theme: Theme, width: usize) -> Line<'static> {
    let words = state.wish.words(id);
    let mut text = words.join(", ");
    let mut style = theme.strong();
    if text.is_empty() {
        (text, style) = ("nothing".to_owned(), theme.faint());
    }
    let room = width.saturating_sub(label.width());
    let shown = cut(&text, room, theme.ellipsis());
    let used = shown.width();
    let about = state.questions.iter().find(|(question, _)| question.id == id).and_then(|(question, _)| {
        match &question.takes {
            Takes::One { choices, .. } => choices.iter().find(|choice| words == [choice.word.as_str()]),
            Takes::Line | Takes::Several(_) => None,
        }
    });
    let mut spans = vec![Span::styled(label.to_owned(), theme.faint()), Span::styled(shown, style)];
    if let Some(about) = about.filter(|about| !about.about.is_empty() && room > used + 6) {
        let about = cut(&safe(&about.about), room - used - 2, theme.ellipsis());
        spans.push(Span::styled(format!("  {about}"), theme.faint()));
    }
    Line::from(spans)
}

fn outcome(model: &Model, tried: &Tried, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let mut lines = Vec::new();
    for note in &tried.notes {
        match note.strip_prefix("  ") {
            Some(item) => lines.push(Line::from(Span::styled(
                format!("  {}", cut(&safe(item), width.saturating_sub(2), theme.ellipsis())),
                theme.faint(),
            ))),
            None => lines.extend(said(note, width, theme.strong())),
        }
    }
    if let Some(analysis) = model.analysis.as_deref() {
        // Edits are measured by the cards alone.
        lines.extend(comes_to(model.bare.as_deref().unwrap_or(analysis), &tried.outcome, theme, width));
    }
    lines
}
