//! A form as it is drawn: the card's fields as rows, and below them what is being typed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::{Analysis, Severity};
use crate::tui::text::{cut, highlighted, pad, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, scroll_hint, sheet, sheet_area};

use super::input::{Input, Offer, Pick, SHOWN, Way, line};
use super::page::{Row, What};
use super::{Form, Page, Preview, row_key};

/// How many columns a form takes at most.
const COLUMNS: u16 = 120;

/// Where a form lies on a screen of this size: its box, its rows, and what is below them.
#[must_use]
pub fn areas(size: (u16, u16)) -> (Rect, Rect, Rect) {
    let area = sheet_area(size, COLUMNS);
    let inner = Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    };
    let below = (inner.height / 2).clamp(4, 12).min(inner.height);
    let above = inner.height - below;
    (area, Rect { height: above, ..inner }, Rect { y: inner.y + above, height: below, ..inner })
}

/// Draws a form.
pub fn render(form: &Form, analysis: &Analysis, theme: Theme, size: (u16, u16), frame: &mut Frame<'_>) {
    let (_, above, below) = areas(size);
    let Some(page) = form.pages.last() else { return };
    let title: Vec<String> = form.pages.iter().map(|page| safe(&page.title)).collect();
    let separator = if theme.ascii { " > " } else { " › " };
    let _ = sheet(frame, COLUMNS, &title.join(separator), theme);
    let mut lines = Vec::new();
    let height = usize::from(above.height);
    for (place, row) in page.rows.iter().enumerate().skip(page.cursor.offset).take(height) {
        let chosen = place == page.cursor.row;
        let title = row.first || place == page.cursor.offset;
        lines.push(row_line(form, page, row, theme, usize::from(above.width), chosen, title));
    }
    rows(frame, above, &lines, 0);
    let edge = Rect { width: above.width + 1, ..above };
    scroll_hint(frame, edge, theme, page.cursor.offset, page.rows.len(), height);
    let lines = match &form.input {
        Some(input) => {
            input_lines(form, page, input, theme, usize::from(below.width), usize::from(below.height))
        }
        None => about_lines(form, analysis, theme, usize::from(below.width), usize::from(below.height)),
    };
    rows(frame, below, &lines, 0);
}

fn row_line(
    form: &Form,
    page: &Page,
    row: &Row,
    theme: Theme,
    width: usize,
    chosen: bool,
    title: bool,
) -> Line<'static> {
    const TITLE: usize = 20;
    let ground = if chosen { theme.selected(form.input.is_none()) } else { theme.base() };
    let name = if title { row.field.name.replace('_', " ") } else { String::new() };
    let sign = if chosen { if theme.ascii { "> " } else { "▌ " } } else { "  " };
    let opens = matches!(row.what, What::Item(..) | What::Mapping(_));
    let (text, style) = if row.node.is_some() {
        (safe(&row.text.replace('\n', " ")), ground)
    } else {
        let hint = match row.what {
            What::Empty | What::NoEntry => "none",
            _ => "not stated",
        };
        (hint.to_owned(), ground.patch(theme.faint()))
    };
    let draft = [false, true].iter().any(|adding| form.drafts.contains_key(&row_key(page, row, *adding)));
    let end = match (draft, opens) {
        (true, _) => " draft ",
        (false, true) if theme.ascii => " > ",
        (false, true) => " › ",
        (false, false) => "",
    };
    let room = width.saturating_sub(TITLE + 2 + end.width());
    let mut spans = vec![
        Span::styled(sign, ground.patch(theme.accent())),
        Span::styled(pad(&name, TITLE, theme.ellipsis()), ground.patch(theme.faint())),
    ];
    let shown = cut(&text, room, theme.ellipsis());
    let mut used = shown.width();
    spans.push(Span::styled(shown, style));
    if !row.detail.is_empty() && room > used + 6 {
        let detail = cut(&safe(&row.detail), room - used - 2, theme.ellipsis());
        used += detail.width() + 2;
        spans.push(Span::styled(format!("  {detail}"), ground.patch(theme.faint())));
    }
    spans.push(Span::styled(" ".repeat(room.saturating_sub(used)), ground));
    spans
        .push(Span::styled(end.to_owned(), ground.patch(if draft { theme.accent() } else { theme.faint() })));
    Line::from(spans)
}

fn line_between(theme: Theme, width: usize) -> Line<'static> {
    let sign = if theme.ascii { "-" } else { "─" };
    Line::from(Span::styled(sign.repeat(width), theme.faint()))
}

fn about_lines(
    form: &Form,
    analysis: &Analysis,
    theme: Theme,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![line_between(theme, width)];
    let Some(page) = form.pages.last() else { return lines };
    if let Some(complaint) = &form.complaint {
        lines.extend(said(complaint, width, theme.severity(Severity::Medium)));
    }
    if let Some(row) = page.rows.get(page.cursor.row) {
        lines.extend(said(row.field.about, width, theme.faint()));
        if row.node.is_none()
            && let Some(example) = row.field.examples.first()
        {
            lines.push(Line::from(Span::styled(
                cut(&format!("For example: {example}"), width, theme.ellipsis()),
                theme.faint(),
            )));
        }
        for (severity, message) in form.said(analysis) {
            let text = format!("{} {message}", theme.badge(severity));
            lines.extend(said(&text, width, theme.severity(severity)));
        }
    }
    lines.truncate(height.saturating_sub(2).max(1));
    while lines.len() < height.saturating_sub(1) {
        lines.push(Line::default());
    }
    let keys = [
        ("enter", "edit or open"),
        // The way out is never what a narrow screen cuts.
        ("esc", if form.pages.len() > 1 { "back" } else { "close" }),
        ("i", "add"),
        ("D", "remove"),
        ("J K", "move"),
        ("u", "undo"),
        ("ctrl-s", "save"),
        ("E", "editor"),
    ];
    lines.extend(hints(&keys, theme, width));
    lines.truncate(height);
    lines
}

fn input_lines(
    form: &Form,
    page: &Page,
    input: &Input,
    theme: Theme,
    width: usize,
    height: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![line_between(theme, width)];
    let row = page.rows.get(page.cursor.row);
    let field = row.map_or("", |row| row.field.name).replace('_', " ");
    let label = if input.adding { format!("add to {field}: ") } else { format!("{field}: ") };
    let foot = foot_lines(form, theme, width);
    let keys: &[(&str, &str)] = match &input.way {
        Way::Line(_) => &[("enter", "keep"), ("tab", "keep, next field"), ("esc", "leave, keep as draft")],
        Way::Text(_) => &[("ctrl-s", "keep"), ("tab", "keep, next field"), ("esc", "leave, keep as draft")],
        Way::Pick(pick) if pick.chosen.is_some() => {
            &[("space, tab", "choose"), ("enter", "keep"), ("esc", "leave")]
        }
        Way::Pick(_) => &[("type", "to find"), ("enter", "keep"), ("esc", "leave")],
    };
    let room = height.saturating_sub(foot.len() + 2).max(1);
    match &input.way {
        Way::Line(area) => {
            let (_, column) = position(area);
            let text = area.lines().first().cloned().unwrap_or_default();
            lines.push(typed(&label, &text, column, theme, width));
        }
        Way::Text(area) => {
            lines.push(Line::from(Span::styled(cut(&label, width, theme.ellipsis()), theme.accent())));
            let (at, column) = position(area);
            let shown = room.saturating_sub(1).max(1);
            let first = (at + 1).saturating_sub(shown);
            for (place, text) in area.lines().iter().enumerate().skip(first).take(shown) {
                if place == at {
                    lines.push(typed("", text, column, theme, width));
                } else {
                    lines.push(Line::from(cut(text, width, theme.ellipsis())));
                }
            }
        }
        Way::Pick(pick) => {
            let column = pick.query.chars().count();
            lines.push(typed(&label, &pick.query, column, theme, width));
            lines.extend(pick_lines(pick, theme, width, shown_choices(room)));
        }
    }
    lines.truncate(room + 1);
    while lines.len() < height.saturating_sub(foot.len() + 1) {
        lines.push(Line::default());
    }
    lines.extend(foot);
    lines.extend(hints(keys, theme, width));
    lines.truncate(height);
    lines
}

/// How many choices there is room for in so many lines.
fn shown_choices(room: usize) -> usize {
    room.saturating_sub(1).min(SHOWN)
}

/// How many choices are shown below the rows of a form.
#[must_use]
pub fn choices_room(form: &Form, width: usize, height: usize) -> usize {
    // What is said below them takes as many lines in every look.
    let foot = foot_lines(form, Theme::new("none", crate::tui::theme::Depth::None, true), width);
    shown_choices(height.saturating_sub(foot.len() + 2).max(1))
}

/// The first choice that is shown where there is room for so many.
#[must_use]
pub fn first_choice(pick: &Pick, height: usize) -> usize {
    // The list may be shown smaller than it is moved in.
    pick.cursor.offset.max((pick.cursor.row + 1).saturating_sub(height.max(1)))
}

/// The choices that are shown where there is room for so many.
#[must_use]
pub fn pick_lines(pick: &Pick, theme: Theme, width: usize, height: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let offset = first_choice(pick, height);
    for (place, offer) in pick.shown.iter().enumerate().skip(offset).take(height) {
        let chosen = place == pick.cursor.row;
        let ground = if chosen { theme.selected(true) } else { theme.base() };
        let mut spans = Vec::new();
        match offer {
            Offer::Known(at, letters) => {
                let Some(choice) = pick.all.get(*at) else { continue };
                let mark = match (&pick.chosen, pick.is_chosen(choice), theme.ascii) {
                    (None, ..) => "  ",
                    (Some(_), true, true) => "x ",
                    (Some(_), true, false) => "✓ ",
                    (Some(_), false, _) => "· ",
                };
                spans.push(Span::styled(format!("  {mark}"), ground.patch(theme.accent())));
                let text = line(choice);
                let room = width.saturating_sub(6);
                spans.extend(highlighted(
                    &text,
                    letters,
                    room,
                    ground,
                    ground.patch(theme.hit()),
                    theme.ellipsis(),
                ));
                let used = cut(&text, room, theme.ellipsis()).width();
                if room > used + 6 && !choice.about.is_empty() {
                    let about = choice.about.strip_prefix(&choice.also).unwrap_or(&choice.about);
                    let about = cut(about.trim_start_matches(", "), room - used - 2, theme.ellipsis());
                    spans.push(Span::styled(format!("  {about}"), ground.patch(theme.faint())));
                }
            }
            Offer::AsTyped => {
                let text = format!("  + use {} as it is", pick.query.trim());
                spans.push(Span::styled(cut(&text, width, theme.ellipsis()), ground));
            }
            Offer::Create(kind) => {
                let text = format!("  + create the {} {}", kind.word().to_lowercase(), pick.query.trim());
                spans.push(Span::styled(cut(&text, width, theme.ellipsis()), ground));
            }
        }
        lines.push(Line::from(spans));
    }
    if pick.shown.is_empty() {
        lines.push(Line::from(Span::styled("    nothing is called that", theme.faint())));
    }
    lines
}

/// What is wrong with what is typed, and what it would come to.
fn foot_lines(form: &Form, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(complaint) = &form.complaint {
        lines.extend(said(complaint, width, theme.severity(Severity::Medium)));
    }
    if let Some(preview) = &form.preview {
        lines.extend(preview_lines(preview, theme, width));
    }
    lines.truncate(4);
    lines
}

/// What edits would come to.
#[must_use]
pub fn preview_lines(preview: &Preview, theme: Theme, width: usize) -> Vec<Line<'static>> {
    if let Some(why) = &preview.refused {
        return said(why, width, theme.severity(Severity::Medium));
    }
    let score = match preview.scores {
        (Some(before), Some(after)) if (before - after).abs() >= 0.05 => {
            format!("score {before:.1} {} {after:.1}", if theme.ascii { "->" } else { "→" })
        }
        (_, Some(after)) => format!("score stays {after:.1}"),
        (_, None) => String::new(),
    };
    let mut spans = vec![Span::styled("It ", theme.faint())];
    let counted = |count: usize| if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    if preview.gone.is_empty() && preview.new.is_empty() {
        spans.push(Span::raw("closes no gap and opens none"));
    }
    if !preview.gone.is_empty() {
        spans.push(Span::styled(format!("closes {}", counted(preview.gone.len())), theme.good()));
    }
    if !preview.gone.is_empty() && !preview.new.is_empty() {
        spans.push(Span::raw(" and "));
    }
    if let Some(worst) = preview.new.iter().map(|(severity, _)| *severity).min() {
        let text = format!("opens {} ({})", counted(preview.new.len()), theme.badge(worst));
        spans.push(Span::styled(text, theme.severity(worst)));
    }
    spans.push(Span::styled(format!("; {score}"), theme.faint()));
    let mut lines = vec![Line::from(spans)];
    let sentences = preview
        .new
        .iter()
        .map(|(severity, text)| (theme.badge(*severity), theme.severity(*severity), text))
        .chain(
            preview.gone.iter().map(|(_, text)| (if theme.ascii { "+ " } else { "✓ " }, theme.good(), text)),
        );
    for (sign, style, text) in sentences.take(2) {
        lines.push(Line::from(vec![
            Span::styled(format!("  {sign} "), style),
            Span::styled(cut(text, width.saturating_sub(6), theme.ellipsis()), theme.faint()),
        ]));
    }
    lines
}

fn said(text: &str, width: usize, style: Style) -> Vec<Line<'static>> {
    wrap(text, width).into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
}

/// A line that is typed into: the cursor is always in sight.
#[must_use]
pub fn typed(label: &str, text: &str, column: usize, theme: Theme, width: usize) -> Line<'static> {
    let room = width.saturating_sub(label.width() + 1).max(1);
    let before: String = text.chars().take(column).collect();
    let before = safe(&before);
    let at: String = text.chars().skip(column).take(1).collect();
    let after: String = text.chars().skip(column + 1).collect();
    let mut from = String::new();
    for letter in before.chars().rev() {
        if from.width() + 1 >= room {
            break;
        }
        from.insert(0, letter);
    }
    let left = room.saturating_sub(from.width());
    let at = if at.is_empty() { " ".to_owned() } else { safe(&at) };
    let after = cut(&after, left.saturating_sub(at.width()), theme.ellipsis());
    Line::from(vec![
        Span::styled(label.to_owned(), theme.accent()),
        Span::raw(from),
        Span::styled(at, Style::new().add_modifier(Modifier::REVERSED)),
        Span::raw(after),
    ])
}

fn position(area: &ratatui_textarea::TextArea<'_>) -> (usize, usize) {
    let cursor = area.cursor();
    (cursor.0, cursor.1)
}

/// Keys and what they do, as far as there is room.
#[must_use]
pub fn hints(keys: &[(&str, &str)], theme: Theme, width: usize) -> Vec<Line<'static>> {
    let mut spans = Vec::new();
    let mut used = 0;
    for (key, word) in keys {
        let wide = key.width() + word.width() + 3;
        if used + wide > width + 2 {
            break;
        }
        used += wide;
        spans.push(Span::styled((*key).to_owned(), theme.accent()));
        spans.push(Span::styled(format!(" {word}  "), theme.faint()));
    }
    vec![Line::from(spans)]
}
