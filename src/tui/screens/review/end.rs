//! The end of a meeting: what came of it, where the minutes go, and which files wait to be committed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::choose::heading;
use super::page::bar;
use crate::session::meeting::{Course, Meeting, default_path, summary};
use crate::tui::actions::Action;
use crate::tui::model::Model;
use crate::tui::text::{cut, safe, wrap};
use crate::tui::widgets::rows;

/// Where the minutes go, below the catalog's root.
#[must_use]
pub fn minutes_path(meeting: &Meeting) -> String {
    meeting.minutes.clone().unwrap_or_else(|| default_path(meeting))
}

/// Draws the end.
pub fn render(model: &Model, meeting: &Meeting, body: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let width = usize::from(area.width);
    let mut lines = vec![bar(meeting, theme, width), Line::default()];
    let over = meeting.course == Course::Over;
    let title = if over { "The review has ended" } else { "The end of the agenda" };
    lines.extend(heading(model, title, width, body.height >= 30));
    for sentence in summary(meeting) {
        lines.extend(
            wrap(&sentence, width.min(110))
                .into_iter()
                .map(|line| Line::from(Span::styled(line, theme.strong()))),
        );
    }
    lines.push(Line::default());
    let root = model.analysis.as_deref().map_or(String::new(), |analysis| analysis.catalog.path.clone());
    let minutes = minutes_path(meeting);
    let files = meeting.files();
    let title = if over { "Ready to commit" } else { "To be written" };
    lines.push(Line::from(Span::styled(title, theme.accent())));
    let sign = if theme.ascii { "*" } else { "●" };
    let most = usize::from(area.height).saturating_sub(lines.len() + 8).max(2);
    for file in files.iter().take(most) {
        let unsaved = model.session.is_unsaved(file);
        let mark = if unsaved { format!("  {sign} unsaved") } else { String::new() };
        let room = width.saturating_sub(mark.chars().count() + 2);
        lines.push(Line::from(vec![
            Span::raw(format!("  {}", cut(file, room, theme.ellipsis()))),
            Span::styled(mark, theme.accent()),
        ]));
    }
    if files.len() > most {
        lines.push(Line::from(Span::styled(format!("  and {} more", files.len() - most), theme.faint())));
    }
    let pages = format!("  {} and the same as .html", safe(&minutes));
    lines.push(Line::from(vec![
        Span::raw(cut(&pages, width.saturating_sub(10), theme.ellipsis())),
        Span::styled("  minutes", theme.faint()),
    ]));
    lines.push(Line::default());
    let key = |action| model.keys.shown(action).to_owned();
    let hint = if model.review.following {
        String::new()
    } else if over {
        format!(
            "Nothing is committed: that is yours to do, in {}. {} makes a new agenda.",
            safe(&root),
            key(Action::Open)
        )
    } else if model.readonly {
        format!("This workbench is read-only: nothing is written. {} goes back.", key(Action::PreviousItem))
    } else {
        format!(
            "{} saves the cards, writes the minutes into {} and ends the meeting. {} writes them elsewhere. {} \
             goes back into the agenda, {} undoes.",
            key(Action::Open),
            safe(&root),
            key(Action::EndMeeting),
            key(Action::PreviousItem),
            key(Action::Undo)
        )
    };
    lines.extend(
        wrap(&hint, width.min(110)).into_iter().map(|line| Line::from(Span::styled(line, theme.base()))),
    );
    rows(frame, area, &lines, 0);
}
