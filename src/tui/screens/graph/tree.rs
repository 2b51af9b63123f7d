//! Tree: from the focus outwards, some hops deep; what comes round again is named once more, not opened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::thing;
use crate::analysis::Analysis;
use crate::analysis::lens::{Lens, Shown, edges};
use crate::analysis::view::Mark;
use crate::catalog::Entity;
use crate::graph::Link;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::pad;
use crate::tui::widgets::{rows, scroll_hint};

/// More rows than anybody reads.
const MOST: usize = 2_000;

/// A row of the tree.
#[derive(Clone, Debug)]
pub struct Row {
    /// The lines that lead to it.
    pub guides: Vec<bool>,
    /// What it is.
    pub entity: Entity,
    /// The edge that leads to it; none at the focus.
    pub shown: Option<Shown>,
    /// Whether it stands above itself already.
    pub again: bool,
}

/// The state of the projection.
#[derive(Debug, Default)]
pub struct State {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether there would be more.
    pub cut: bool,
    /// Where.
    pub cursor: Cursor,
}

impl State {
    /// Makes the tree anew, `hops` deep.
    pub fn rebuild(&mut self, analysis: &Analysis, focus: Entity, lens: Lens<'_>, hops: usize) {
        self.rows = vec![Row { guides: Vec::new(), entity: focus, shown: None, again: false }];
        self.cut = false;
        let mut above = vec![focus];
        self.grow(analysis, focus, lens, hops, &mut above, &mut Vec::new());
        self.cursor.row = self.cursor.row.min(self.rows.len() - 1);
    }

    fn grow(
        &mut self,
        analysis: &Analysis,
        entity: Entity,
        lens: Lens<'_>,
        hops: usize,
        above: &mut Vec<Entity>,
        guides: &mut Vec<bool>,
    ) {
        if hops == 0 {
            return;
        }
        let children = edges(analysis, entity, true, lens);
        let count = children.len();
        for (place, shown) in children.into_iter().enumerate() {
            if self.rows.len() >= MOST {
                self.cut = true;
                return;
            }
            let again = above.contains(&shown.entity);
            guides.push(place + 1 < count);
            self.rows.push(Row { guides: guides.clone(), entity: shown.entity, shown: Some(shown), again });
            if !again {
                above.push(shown.entity);
                self.grow(analysis, shown.entity, lens, hops - 1, above, guides);
                above.pop();
            }
            guides.pop();
        }
    }

    /// The entity under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        self.rows.get(self.cursor.row).map(|row| row.entity)
    }

    /// The edge that leads to it.
    #[must_use]
    pub fn link(&self) -> Option<Link> {
        self.rows.get(self.cursor.row)?.shown.map(|shown| shown.link)
    }
}

/// Draws the projection.
pub fn render(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.graph.tree;
    let width = usize::from(area.width).saturating_sub(1);
    let height = usize::from(area.height);
    let mut lines = Vec::new();
    for (place, row) in state.rows.iter().enumerate().skip(state.cursor.offset).take(height) {
        let selected = place == state.cursor.row;
        let style = if selected { theme.selected(true) } else { theme.base() };
        let mut lead = " ".to_owned();
        for (depth, more) in row.guides.iter().enumerate() {
            let last = depth + 1 == row.guides.len();
            lead.push_str(match (last, more, theme.ascii) {
                (true, true, false) => "├─ ",
                (true, false, false) => "└─ ",
                (false, true, false) => "│  ",
                (true, _, true) => "+- ",
                (false, true, true) => "|  ",
                (false, false, _) => "   ",
            });
        }
        let mark = row.shown.map_or(Mark::Plain, |shown| shown.mark);
        let verb = row.shown.map_or("", |shown| shown.link.relation.verb());
        let sign = if row.shown.is_some() { format!("{} ", mark.glyph(theme.ascii)) } else { String::new() };
        let mut name = thing(analysis, row.entity, theme);
        if row.again {
            name = format!(
                "{} {}",
                if theme.ascii { "(again)" } else { "↺" },
                analysis.catalog.label(row.entity)
            );
        }
        let used = unicode_width::UnicodeWidthStr::width(lead.as_str()) + verb.len() + sign.len().min(2) + 2;
        let strong = matches!(mark, Mark::Plain | Mark::Needed);
        lines.push(Line::from(vec![
            Span::styled(lead, theme.faint()),
            Span::styled(
                if verb.is_empty() { String::new() } else { format!("{verb} ") },
                style.patch(theme.faint()),
            ),
            Span::styled(sign, style.patch(theme.mark(mark))),
            Span::styled(
                pad(&name, width.saturating_sub(used), theme.ellipsis()),
                if strong { style } else { style.patch(theme.mark(mark)) },
            ),
        ]));
    }
    if state.cut && lines.len() < height {
        lines.push(Line::from(Span::styled(
            format!(" and more than {MOST} rows; fewer hops show less"),
            theme.faint(),
        )));
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}
