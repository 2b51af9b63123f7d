//! The selected cell explained: what is there, what asks for it, what is wrong, and where to go from
//! there.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::analysis::Analysis;
use crate::analysis::matrix::{Explanation, explain};
use crate::analysis::view::line_of;
use crate::catalog::{Entity, Place};
use crate::tui::model::Model;
use crate::tui::text::{cut, wrap};

/// Where a line of the explanation leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The card of an entity.
    Card(Entity),
    /// The graph: how two entities are connected.
    Graph(Entity, Entity),
    /// A finding, as a place in the analysis.
    Gap(usize),
    /// A line of a file.
    File(Place),
}

/// The explanation as lines, and where they lead.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// First line, last line, and where they lead.
    pub jumps: Vec<(usize, usize, Jump)>,
}

/// The explanation of the selected cell.
#[must_use]
pub fn explanation(model: &Model) -> Option<Explanation> {
    let analysis = model.analysis.as_deref()?;
    let matrix = model.matrix.matrix.as_deref()?;
    let (row, column) = model.matrix.pair()?;
    Some(explain(analysis, matrix, row, column))
}

/// The whole explanation, `width` columns wide; one of its jumps may be selected.
#[must_use]
pub fn content(model: &Model, width: usize, chosen: Option<usize>) -> Content {
    let mut content = Content::default();
    let (Some(analysis), Some(matrix), Some(why)) =
        (model.analysis.as_deref(), model.matrix.matrix.as_deref(), explanation(model))
    else {
        return content;
    };
    let theme = model.theme;
    let cross = if theme.ascii { "x" } else { "×" };
    for line in wrap(&why.title(analysis, matrix, cross), width) {
        content.lines.push(Line::from(Span::styled(line, theme.strong())));
    }
    let (sign, mark) = match model.matrix.cell() {
        Some(cell) => (cell.state.glyph(theme.ascii), theme.mark(cell.state.mark())),
        None => (" ", theme.faint()),
    };
    for (place, line) in wrap(&why.verdict, width.saturating_sub(2)).into_iter().enumerate() {
        let sign = if place == 0 { sign } else { " " };
        content.lines.push(Line::from(Span::styled(format!("{sign} {line}"), mark)));
    }
    let mut painter = Painter { model, width, chosen, content };
    painter.facts(analysis, &why);
    painter.findings(analysis, &why);
    painter.content.lines.push(Line::default());
    painter.heading("Go to");
    let label = |entity: Entity| analysis.catalog.label(entity);
    painter.jump(&format!("the card of {}", label(why.row)), "1", Jump::Card(why.row));
    if !matches!(why.column, Entity::Name(_)) {
        painter.jump(&format!("the card of {}", label(why.column)), "", Jump::Card(why.column));
        painter.jump("the graph: how the two are connected", "2", Jump::Graph(why.row, why.column));
    }
    if let Some(place) = why.place {
        painter.jump(&format!("the file: {}", line_of(analysis, place)), "E", Jump::File(place));
    }
    painter.content
}

struct Painter<'a> {
    model: &'a Model,
    width: usize,
    chosen: Option<usize>,
    content: Content,
}

impl Painter<'_> {
    fn heading(&mut self, text: &str) {
        self.content.lines.push(Line::from(Span::styled(text.to_owned(), self.model.theme.accent())));
    }

    fn facts(&mut self, analysis: &Analysis, why: &Explanation) {
        let mut last = "";
        for fact in &why.facts {
            if fact.title != last {
                last = fact.title;
                self.content.lines.push(Line::default());
                let mut title = fact.title.to_owned();
                if let Some(first) = title.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                self.heading(&title);
            }
            match fact.place {
                Some(place) => {
                    let line = line_of(analysis, place);
                    self.lines(&fact.text, Some(&line), Some(Jump::File(place)), "", None);
                }
                None => self.lines(&fact.text, None, None, "", None),
            }
        }
    }

    fn findings(&mut self, analysis: &Analysis, why: &Explanation) {
        if why.findings.is_empty() {
            return;
        }
        self.content.lines.push(Line::default());
        self.heading(if why.findings.len() == 1 { "Gap" } else { "Gaps" });
        for (number, place) in why.findings.iter().enumerate() {
            let finding = &analysis.findings[*place];
            let decided = if finding.is_open() { "" } else { " Decided on." };
            let text = format!("{}{decided}", finding.message);
            let key = if number == 0 { "5" } else { "" };
            self.lines(&text, Some(finding.rule.id), Some(Jump::Gap(*place)), key, Some(finding.severity));
        }
    }

    fn jump(&mut self, text: &str, key: &str, jump: Jump) {
        self.lines(text, None, Some(jump), key, None);
    }

    /// A text over several lines, with what stands faint below it, and the key that leads there.
    fn lines(
        &mut self,
        text: &str,
        below: Option<&str>,
        jump: Option<Jump>,
        key: &str,
        severity: Option<crate::analysis::Severity>,
    ) {
        let theme = self.model.theme;
        let first = self.content.lines.len();
        let chosen = jump.is_some() && self.chosen == Some(self.content.jumps.len());
        let ground = if chosen { theme.selected(true) } else { theme.base() };
        let edge = match (chosen, theme.ascii) {
            (true, false) => "▌ ",
            (true, true) => "> ",
            (false, _) => "  ",
        };
        let badge = severity.map_or(String::new(), |severity| format!("{} ", theme.badge(severity)));
        let room = self.width.saturating_sub(2 + badge.width() + key.width() + usize::from(!key.is_empty()));
        for (place, line) in wrap(text, room).into_iter().enumerate() {
            let lead = if place == 0 { badge.clone() } else { " ".repeat(badge.width()) };
            let style = severity.map_or(ground, |severity| ground.patch(theme.severity(severity)));
            let gap = room.saturating_sub(line.width()) + usize::from(!key.is_empty());
            let mut spans = vec![
                Span::styled(edge, ground.patch(theme.accent())),
                Span::styled(lead, style),
                Span::styled(format!("{line}{}", " ".repeat(gap)), ground),
            ];
            let key = if place == 0 { key.to_owned() } else { " ".repeat(key.width()) };
            spans.push(Span::styled(key, ground.patch(theme.accent())));
            self.content.lines.push(Line::from(spans));
        }
        if let Some(below) = below {
            let room = self.width.saturating_sub(2 + badge.width());
            let text = cut(below, room, theme.ellipsis());
            let fill = " ".repeat(room.saturating_sub(text.width()));
            self.content.lines.push(Line::from(vec![
                Span::styled(edge, ground.patch(theme.accent())),
                Span::styled(" ".repeat(badge.width()), ground),
                Span::styled(format!("{text}{fill}"), ground.patch(theme.faint())),
            ]));
        }
        if let Some(jump) = jump {
            self.content.jumps.push((first, self.content.lines.len() - 1, jump));
        }
    }
}

/// The explanation in two to four lines: the names, the sides, the worst gap.
#[must_use]
pub fn short(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let (Some(matrix), Some(why)) = (model.matrix.matrix.as_deref(), explanation(model)) else {
        return Vec::new();
    };
    let cross = if theme.ascii { "x" } else { "×" };
    let title = cut(&why.title(analysis, matrix, cross), width, theme.ellipsis());
    let (sign, mark) = match model.matrix.cell() {
        Some(cell) => (cell.state.glyph(theme.ascii), theme.mark(cell.state.mark())),
        None => (" ", theme.faint()),
    };
    let verdict = cut(&why.verdict, width.saturating_sub(2), theme.ellipsis());
    let mut lines = vec![
        Line::from(Span::styled(format!(" {title}"), theme.strong())),
        Line::from(Span::styled(format!(" {sign} {verdict}"), mark)),
    ];
    let worst = why.findings.iter().map(|place| &analysis.findings[*place]).find(|finding| finding.is_open());
    match worst {
        Some(finding) => {
            for (place, line) in wrap(&finding.message, width.saturating_sub(4)).into_iter().enumerate() {
                let badge = if place == 0 { theme.badge(finding.severity) } else { "  " };
                lines.push(Line::from(vec![
                    Span::styled(format!(" {badge} "), theme.severity(finding.severity)),
                    Span::raw(line),
                ]));
            }
        }
        None => {
            // What holds where one looks says more than what does not.
            let (here, elsewhere): (Vec<_>, Vec<_>) = why.facts.iter().partition(|fact| fact.here);
            for fact in here.into_iter().chain(elsewhere).take(2) {
                let place =
                    fact.place.map_or(String::new(), |place| format!("  {}", line_of(analysis, place)));
                let text = format!("   {} {}{place}", fact.title, fact.text);
                let text = cut(&text, width, theme.ellipsis());
                lines.push(Line::from(Span::styled(text, theme.faint())));
            }
        }
    }
    lines
}
