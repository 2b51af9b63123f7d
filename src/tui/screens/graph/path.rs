//! Path: every shortest path between the two things that are marked, numbered.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{stroke, thing};
use crate::analysis::Analysis;
use crate::analysis::lens::{detail, mark_of};
use crate::analysis::view::Mark;
use crate::catalog::Entity;
use crate::graph::{Hop, Link};
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad, wrap};
use crate::tui::widgets::{rows, scroll_hint};

/// How many paths are shown.
const MOST: usize = 50;

/// A row of the list of paths.
#[derive(Clone, Debug)]
pub enum Row {
    /// The start of the path of this number.
    Start(usize, Entity),
    /// A hop of it.
    Hop(Hop),
}

/// The state of the projection.
#[derive(Debug, Default)]
pub struct State {
    /// The rows.
    pub rows: Vec<Row>,
    /// Where.
    pub cursor: Cursor,
}

impl State {
    /// Makes the paths anew.
    pub fn rebuild(&mut self, analysis: &Analysis, marks: &[Entity]) {
        self.rows.clear();
        if let [from, to] = marks {
            let paths = analysis.graph.shortest_paths(*from, *to, MOST, |_| true);
            for (number, path) in paths.into_iter().enumerate() {
                self.rows.push(Row::Start(number + 1, *from));
                self.rows.extend(path.hops.into_iter().map(Row::Hop));
            }
        }
        self.cursor = Cursor::default();
    }

    /// The entity under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        self.rows.get(self.cursor.row).map(|row| match row {
            Row::Start(_, entity) => *entity,
            Row::Hop(hop) => hop.to(),
        })
    }

    /// The edge under the cursor.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        match self.rows.get(self.cursor.row) {
            Some(Row::Hop(hop)) => Some(hop.link),
            Some(Row::Start(..)) | None => None,
        }
    }
}

/// Draws the projection.
pub fn render(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.graph.path;
    let width = usize::from(area.width).saturating_sub(1);
    let height = usize::from(area.height);
    let mark_key = model.keys.shown(crate::tui::actions::Action::Mark);
    if model.graph.marks.len() < 2 {
        let text = match model.graph.marks.first() {
            None => format!(
                "Mark two things with {mark_key}, in any projection, to see how one reaches the other."
            ),
            Some(one) => format!(
                "{} is marked. Mark another thing with {mark_key} to see how the two are connected.",
                analysis.catalog.label(*one)
            ),
        };
        let lines: Vec<Line<'_>> =
            wrap(&text, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
        rows(frame, area, &lines, 0);
        return;
    }
    if state.rows.is_empty() {
        rows(frame, area, &[Line::from(" Nothing connects the two.")], 0);
        return;
    }
    let mut lines = Vec::new();
    for (place, row) in state.rows.iter().enumerate().skip(state.cursor.offset).take(height) {
        let selected = place == state.cursor.row;
        let style = if selected { theme.selected(true) } else { theme.base() };
        lines.push(match row {
            Row::Start(number, entity) => Line::from(vec![
                Span::styled(format!(" {number:>2}. "), theme.accent()),
                Span::styled(
                    pad(&thing(analysis, *entity, theme), width.saturating_sub(5), theme.ellipsis()),
                    style.patch(theme.strong()),
                ),
            ]),
            Row::Hop(hop) => {
                let mark = mark_of(analysis, &hop.link);
                let patched = style.patch(theme.mark(mark));
                let name = thing(analysis, hop.to(), theme);
                let more = detail(analysis, &hop.link).map_or(String::new(), |detail| format!(": {detail}"));
                let lead = format!("      {} {}{more} {} ", stroke(mark, theme), hop.verb(), theme.arrow());
                let lead = cut(&lead, width * 2 / 3, theme.ellipsis());
                let used = unicode_width::UnicodeWidthStr::width(lead.as_str());
                let plain = matches!(mark, Mark::Plain | Mark::Needed);
                Line::from(vec![
                    Span::styled(lead, style.patch(if plain { theme.faint() } else { theme.mark(mark) })),
                    Span::styled(
                        pad(
                            &format!("{} {name}", mark.glyph(theme.ascii)),
                            width.saturating_sub(used),
                            theme.ellipsis(),
                        ),
                        if plain { style } else { patched },
                    ),
                ])
            }
        });
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}
