//! Small pieces that several screens draw.

pub mod big;
pub mod card;
pub mod picture;
pub mod strip;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Paragraph};

use super::theme::Theme;

/// Lines from a first one on, as far as the area goes.
pub fn rows(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>], offset: usize) {
    for (place, line) in lines.iter().skip(offset).take(usize::from(area.height)).enumerate() {
        let y = area.y + u16::try_from(place).unwrap_or(0);
        frame.render_widget(line.clone(), Rect { y, height: 1, ..area });
    }
}

/// A vertical line between panes.
#[must_use]
pub fn rule(theme: Theme) -> Paragraph<'static> {
    let lines: Vec<Line<'static>> =
        (0..200).map(|_| Line::from(Span::styled(theme.line(), theme.faint()))).collect();
    Paragraph::new(lines)
}

/// How far a list is scrolled, at its right edge, where it is longer than its pane.
pub fn scroll_hint(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: Theme,
    offset: usize,
    count: usize,
    height: usize,
) {
    if count <= height || height < 3 || area.width < 4 {
        return;
    }
    let track = height;
    let size = (track * height / count).max(1);
    let start = offset * (track - size) / (count - height).max(1);
    let x = area.x + area.width - 1;
    let top = area.y + area.height - u16::try_from(height).unwrap_or(area.height);
    let sign = if theme.ascii { "#" } else { "▐" };
    for row in start..(start + size).min(track) {
        let y = top + u16::try_from(row).unwrap_or(0);
        frame.render_widget(Span::styled(sign, theme.faint()), Rect::new(x, y, 1, 1));
    }
}

/// A box over the screen: cleared, with a title, the rest for its content.
#[must_use]
pub fn popup(frame: &mut Frame<'_>, area: Rect, title: &str, theme: Theme) -> Rect {
    let whole = Rect {
        x: area.x.saturating_sub(1),
        y: area.y,
        width: (area.width + 2).min(frame.area().width - area.x.saturating_sub(1)),
        height: area.height,
    };
    frame.render_widget(Clear, whole);
    let border = if theme.ascii {
        ratatui::symbols::border::Set {
            top_left: "+",
            top_right: "+",
            bottom_left: "+",
            bottom_right: "+",
            vertical_left: "|",
            vertical_right: "|",
            horizontal_top: "-",
            horizontal_bottom: "-",
        }
    } else {
        ratatui::symbols::border::ROUNDED
    };
    let block = ratatui::widgets::Block::bordered()
        .border_set(border)
        .border_style(theme.accent())
        .title(Span::styled(format!(" {title} "), theme.accent()))
        .style(theme.base());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Where a sheet of at most so many columns lies: the body of the screen, below the tabs and above
/// the status line.
#[must_use]
pub fn sheet_area(size: (u16, u16), most: u16) -> Rect {
    let width = if size.0 < most + 20 { size.0.saturating_sub(2) } else { most };
    let height = size.1.saturating_sub(3).min(46);
    Rect { x: (size.0 - width) / 2, y: 1.min(size.1), width, height }
}

/// A box in the place of the screen's body. Nothing is left beside it: what was there would be cut in
/// the middle of words.
#[must_use]
pub fn sheet(frame: &mut Frame<'_>, most: u16, title: &str, theme: Theme) -> Rect {
    let screen = frame.area();
    let body = Rect { y: screen.y + 1.min(screen.height), height: screen.height.saturating_sub(3), ..screen };
    frame.render_widget(Clear, body);
    frame.buffer_mut().set_style(body, theme.base());
    let area = sheet_area((screen.width, screen.height), most);
    let title = super::text::cut(title, usize::from(area.width.saturating_sub(6)), theme.ellipsis());
    popup(frame, area, &title, theme)
}

/// A box of at most this size in the middle of the screen.
#[must_use]
pub fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(screen.width.saturating_sub(2));
    let height = height.min(screen.height.saturating_sub(2));
    Rect { x: (screen.width - width) / 2, y: (screen.height - height) / 2, width, height }
}
