//! A card in the look of the template: a coloured flag, the name, the fields, each value marked.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::analysis::view::{CardView, Mark, Value};
use crate::catalog::{Entity, EntityKind};
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::theme::Theme;

/// A card as lines, and which lines each value takes.
#[derive(Debug)]
pub struct Drawn {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// First and last line of each value.
    pub values: Vec<(usize, usize)>,
}

/// Draws a card in the look of the template: a coloured flag, the name, the fields.
#[must_use]
pub fn draw_card(
    analysis: &Analysis,
    view: &CardView,
    theme: Theme,
    width: usize,
    selected: Option<usize>,
) -> Drawn {
    let mut lines = Vec::new();
    let mut values = Vec::new();
    let flag = if view.kind == EntityKind::Persona { safe(&view.id) } else { view.kind.word().to_owned() };
    let flag = format!(" {} ", cut(&flag, 16, theme.ellipsis()));
    let room = width.saturating_sub(flag.width() + 2);
    let flag_style = match view.kind {
        EntityKind::Persona => theme.flag(view.color.as_deref(), &view.id),
        _ => theme.flag(Some("#6b7280"), ""),
    };
    lines.push(Line::from(vec![
        Span::styled(flag.clone(), flag_style),
        Span::raw("  "),
        Span::styled(cut(&view.name, room, theme.ellipsis()), theme.strong()),
    ]));
    let mut subtitle = safe(&view.subtitle);
    if let Entity::Persona(id) = view.entity {
        let score = &analysis.score.personas[id.index()];
        if let Some(value) = score.value() {
            subtitle =
                format!("{subtitle}  score {value:.0} ({} of {} clean)", score.clean(), score.items.len());
        }
    }
    let indent = " ".repeat(flag.width() + 2);
    lines.push(Line::from(vec![
        Span::raw(indent),
        Span::styled(cut(&subtitle, room, theme.ellipsis()), theme.faint()),
    ]));
    if let Some(description) = &view.description {
        lines.push(Line::default());
        lines.extend(wrap(description, width).into_iter().map(Line::from));
    }
    let bullet = if theme.ascii { "*" } else { "◆" };
    let text_width = view
        .fields
        .iter()
        .flat_map(|field| &field.values)
        .map(|value| safe(&value.text).width())
        .max()
        .unwrap_or(0)
        .clamp(8, (width * 2 / 5).max(8))
        .min(36);
    let mut number = 0;
    for field in &view.fields {
        lines.push(Line::default());
        lines.push(Line::from(vec![
            Span::styled(format!("{bullet} "), theme.accent()),
            Span::styled(field.title, theme.strong()),
        ]));
        for value in &field.values {
            let first = lines.len();
            let chosen = selected == Some(number);
            draw_value(analysis, value, theme, width, text_width, chosen, &mut lines);
            values.push((first, lines.len() - 1));
            number += 1;
        }
    }
    Drawn { lines, values }
}

fn draw_value(
    analysis: &Analysis,
    value: &Value,
    theme: Theme,
    width: usize,
    text_width: usize,
    chosen: bool,
    lines: &mut Vec<Line<'static>>,
) {
    let ground = if chosen { theme.selected(true) } else { Style::new() };
    let mark = ground.patch(theme.mark(value.mark));
    let text_style = match value.mark {
        Mark::Needed | Mark::Plain => ground,
        Mark::Missing
        | Mark::Unneeded
        | Mark::TooWide
        | Mark::Unsure
        | Mark::Unknown
        | Mark::Undeclared
        | Mark::Flawed => mark,
    };
    let text = safe(&value.text);
    let badge = value.severity(analysis);
    let badge_width = if badge.is_some() { 4 } else { 0 };
    let detail_room = width.saturating_sub(4 + text_width + 2 + badge_width);
    let word = value.mark.word();
    let mut detail = safe(&value.detail);
    if !word.is_empty() && value.mark != Mark::Needed {
        detail = if detail.is_empty() { word.to_owned() } else { format!("{detail} ({word})") };
    }
    let beside = detail_room >= 18;
    let first_text = if beside {
        pad(&text, text_width, theme.ellipsis())
    } else {
        cut(&text, width.saturating_sub(8), theme.ellipsis())
    };
    // A text too long for its column still says all of itself, on a line of its own.
    let overlong = beside && text.width() > text_width;
    let details = if detail.is_empty() {
        Vec::new()
    } else if beside {
        wrap(&detail, detail_room)
    } else {
        wrap(&detail, width.saturating_sub(6))
    };
    let mut spans = vec![
        Span::styled(
            if chosen { if theme.ascii { "> " } else { "▌ " } } else { "  " },
            if chosen { ground.patch(theme.accent()) } else { ground },
        ),
        Span::styled(format!("{} ", value.mark.glyph(theme.ascii)), mark),
    ];
    let mut rest = details.into_iter();
    if overlong {
        spans.push(Span::styled(
            cut(&text, width.saturating_sub(4 + badge_width), theme.ellipsis()),
            text_style,
        ));
    } else {
        spans.push(Span::styled(first_text, text_style));
        if beside && let Some(detail) = rest.next() {
            spans.push(Span::styled(format!("  {detail}"), ground.patch(theme.faint())));
        }
    }
    let used: usize = spans.iter().map(|span| span.content.width()).sum();
    let gap = width.saturating_sub(used + badge_width);
    spans.push(Span::styled(" ".repeat(gap), ground));
    if let Some(severity) = badge {
        spans.push(Span::styled(
            format!(" {} ", theme.badge(severity)),
            ground.patch(theme.severity(severity)),
        ));
    }
    lines.push(Line::from(spans));
    let indent = if beside && !overlong { 4 + text_width + 2 } else { 6 };
    for detail in rest {
        let line = pad(&format!("{}{detail}", " ".repeat(indent)), width, theme.ellipsis());
        lines.push(Line::from(Span::styled(line, ground.patch(theme.faint()))));
    }
}
