//! Screen 5, Gaps: the findings, each with its proof, its lines, and why it matters.
//!
//! It shows; it does not mend.

use std::collections::{BTreeSet, HashSet};

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::key::{Key, keys};
use crate::analysis::outside::is_outside;
use crate::analysis::{Analysis, Confidence, Finding, Severity};
use crate::card::source::line_range;
use crate::catalog::{Entity, Place};
use crate::tui::filter::Filter;
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model, Pane};
use crate::tui::text::{cut, highlighted, safe, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule, scroll_hint};

/// How the findings are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Grouping {
    /// By severity.
    #[default]
    Severity,
    /// By rule.
    Rule,
    /// By whom or what they are about.
    Subject,
    /// By the component that they are about.
    Component,
}

impl Grouping {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Severity => Self::Rule,
            Self::Rule => Self::Subject,
            Self::Subject => Self::Component,
            Self::Component => Self::Severity,
        }
    }

    /// The word for the list's title.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Severity => "by severity",
            Self::Rule => "by rule",
            Self::Subject => "by persona",
            Self::Component => "by component",
        }
    }
}

/// A row of the list.
#[derive(Clone, Debug)]
pub enum Row {
    /// The title of a group, its worst severity, and how many are in it.
    Group(String, Severity, usize),
    /// A finding, and which characters of its message matched the filter.
    Finding(usize, Vec<usize>),
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// The filter.
    pub filter: String,
    /// How the findings are grouped.
    pub grouping: Grouping,
    /// The list.
    pub rows: Vec<Row>,
    /// Where in the list.
    pub cursor: Cursor,
    /// The first line of the detail that is shown.
    pub offset: usize,
    /// The findings that are marked, as places in the analysis.
    pub marked: BTreeSet<usize>,
}

impl State {
    /// The selected finding's place in the analysis.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        match self.rows.get(self.cursor.row) {
            Some(Row::Finding(place, _)) => Some(*place),
            Some(Row::Group(..)) | None => None,
        }
    }

    /// The selected finding.
    #[must_use]
    pub fn finding<'a>(&self, analysis: &'a Analysis) -> Option<&'a Finding> {
        analysis.findings.get(self.place()?).map(|finding| &**finding)
    }

    /// Makes the list anew; `keep` is the place of the finding to stay with.
    pub fn rebuild(&mut self, analysis: &Analysis, keep: Option<usize>, height: usize) {
        let filter = Filter::new(&self.filter);
        let mut groups: Vec<(String, Severity, Vec<Row>)> = Vec::new();
        let mut index = std::collections::HashMap::new();
        for (place, finding) in analysis.findings.iter().enumerate() {
            let text = row_text(analysis, finding, self.grouping);
            let Some(places) = filter.finding(analysis, finding, &text) else { continue };
            let title = group(analysis, finding, self.grouping);
            let at = *index.entry(title.clone()).or_insert_with(|| {
                groups.push((title, finding.severity, Vec::new()));
                groups.len() - 1
            });
            groups[at].2.push(Row::Finding(place, places));
        }
        self.rows.clear();
        for (title, worst, findings) in groups {
            self.rows.push(Row::Group(title, worst, findings.len()));
            self.rows.extend(findings);
        }
        let kept = keep.and_then(|keep| self.row_of(keep));
        let first = usize::from(!self.rows.is_empty());
        self.cursor.to(kept.unwrap_or(first), self.rows.len(), height);
        if kept.is_none() {
            self.cursor.offset = 0;
            self.offset = 0;
        }
    }

    /// After new data: what is marked is known by its key, and stays so where it is still there.
    pub fn follow(&mut self, before: Option<&Analysis>, after: &Analysis) {
        let Some(before) = before.filter(|_| !self.marked.is_empty()) else { return };
        let old = keys(before);
        let marked: HashSet<&Key> = self.marked.iter().filter_map(|place| old.get(*place)).collect();
        self.marked = keys(after)
            .iter()
            .enumerate()
            .filter(|(_, key)| marked.contains(key))
            .map(|(place, _)| place)
            .collect();
    }

    /// Where a finding stands in the list.
    #[must_use]
    pub fn row_of(&self, place: usize) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, Row::Finding(found, _) if *found == place))
    }

    /// Moves in the list, over the titles of groups.
    pub fn step(&mut self, delta: isize, height: usize) {
        let start = self.cursor.row;
        self.cursor.by(delta, self.rows.len(), height);
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            let on = if delta < 0 && self.cursor.row > 0 { -1 } else { 1 };
            self.cursor.by(on, self.rows.len(), height);
        }
        if matches!(self.rows.get(self.cursor.row), Some(Row::Group(..))) {
            self.cursor.to(start, self.rows.len(), height);
        }
        self.offset = 0;
    }
}

fn group(analysis: &Analysis, finding: &Finding, grouping: Grouping) -> String {
    let catalog = &analysis.catalog;
    match grouping {
        Grouping::Severity => finding.severity.word().to_owned(),
        Grouping::Rule => finding.rule.id.to_owned(),
        Grouping::Subject => catalog.label(finding.subject),
        Grouping::Component => match (finding.object, finding.subject) {
            (Some(entity @ Entity::Component(_)), _) | (_, entity @ Entity::Component(_)) => {
                catalog.label(entity)
            }
            _ => "about no component".to_owned(),
        },
    }
}

/// A finding in one line: whom, what, on what, where. What the group's title says is left out.
#[must_use]
pub fn row_text(analysis: &Analysis, finding: &Finding, grouping: Grouping) -> String {
    let catalog = &analysis.catalog;
    let mut words: Vec<String> = Vec::new();
    if grouping != Grouping::Subject {
        words.push(catalog.id(finding.subject).into_owned());
    }
    if grouping != Grouping::Rule {
        words.push(finding.rule.id.to_owned());
    }
    if let Some(object) = finding.object {
        words.push(format!("\u{b7} {}", catalog.label(object)));
    }
    if let Some(environment) = finding.environment {
        words.push(format!("({})", catalog.settings.environment(environment)));
    }
    safe(&words.join(" "))
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let Some(analysis) = model.analysis.as_deref() else { return };
    if let Some(area) = areas.list {
        render_list(model, analysis, area, frame);
    }
    if let Some(area) = areas.detail {
        if area.x > 1 {
            frame.render_widget(rule(model.theme), Rect { x: area.x - 2, width: 1, ..area });
        }
        let lines = detail(model, analysis, usize::from(area.width));
        rows(frame, area, &lines, model.gaps.offset);
        let edge = Rect { width: area.width + 1, ..area };
        scroll_hint(frame, edge, model.theme, model.gaps.offset, lines.len(), usize::from(area.height));
    }
}

fn render_list(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.gaps;
    let width = usize::from(area.width);
    let count = state.rows.iter().filter(|row| matches!(row, Row::Finding(..))).count();
    let mut lines = vec![Line::from(vec![
        Span::styled(
            format!(" Gaps ({count})"),
            if model.pane == Pane::List { theme.accent() } else { theme.strong() },
        ),
        Span::styled(format!("  {}", state.grouping.word()), theme.faint()),
    ])];
    if !state.marked.is_empty()
        && let Some(line) = lines.first_mut()
    {
        line.push_span(Span::styled(format!("  {} marked", state.marked.len()), theme.accent()));
    }
    if state.rows.is_empty() {
        let hint = if state.filter.is_empty() {
            "No gaps: everything that the cards say fits together.".to_owned()
        } else {
            format!("No gap matches \"{}\". Esc clears the filter.", state.filter)
        };
        lines.push(Line::default());
        lines.extend(
            wrap(&hint, width.saturating_sub(2)).into_iter().map(|line| Line::from(format!(" {line}"))),
        );
    }
    let height = usize::from(area.height).saturating_sub(1);
    for (place, row) in state.rows.iter().enumerate().skip(state.cursor.offset).take(height) {
        lines.push(match row {
            Row::Group(title, worst, count) => Line::from(vec![
                Span::styled(format!(" {} ", theme.badge(*worst)), theme.severity(*worst)),
                Span::styled(cut(title, width.saturating_sub(10), theme.ellipsis()), theme.strong()),
                Span::styled(format!(" {count}"), theme.faint()),
            ]),
            Row::Finding(found, places) => {
                let finding = &analysis.findings[*found];
                let selected = place == state.cursor.row;
                let style = if selected { theme.selected(model.pane == Pane::List) } else { theme.base() };
                let style = if finding.is_open() { style } else { style.patch(theme.faint()) };
                let mut spans = vec![
                    Span::styled(
                        format!(" {} ", theme.mark_sign(state.marked.contains(found))),
                        style.patch(theme.accent()),
                    ),
                    Span::styled(
                        format!("{} ", theme.badge(finding.severity)),
                        style.patch(theme.severity(finding.severity)),
                    ),
                ];
                let room = width.saturating_sub(8);
                let text = row_text(analysis, finding, state.grouping);
                let cut_text = cut(&text, room, theme.ellipsis());
                let used = unicode_width::UnicodeWidthStr::width(cut_text.as_str());
                let hit = style.patch(theme.hit());
                spans.extend(highlighted(&text, places, room, style, hit, theme.ellipsis()));
                spans.push(Span::styled(" ".repeat(room.saturating_sub(used) + 1), style));
                Line::from(spans)
            }
        });
    }
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}

/// How many lines the selected finding takes.
#[must_use]
pub fn detail_height(model: &Model, width: usize) -> usize {
    model.analysis.as_deref().map_or(0, |analysis| detail(model, analysis, width).len())
}

/// The selected finding: sentence, proof, lines, and why it matters.
#[must_use]
pub fn detail(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let Some(finding) = model.gaps.finding(analysis) else { return Vec::new() };
    let mut lines = Vec::new();
    let mut head = vec![
        Span::styled(
            format!("{} {}", theme.badge(finding.severity), finding.severity.word()),
            theme.severity(finding.severity),
        ),
        Span::raw("  "),
        Span::styled(finding.rule.id, theme.accent()),
    ];
    if finding.confidence == Confidence::Low {
        head.push(Span::styled("  not sure: the catalog says too little", theme.faint()));
    }
    if is_outside(finding.rule) {
        head.push(Span::styled("  from the logs", theme.accent()));
    }
    if !finding.is_open() {
        head.push(Span::styled("  decided on", theme.faint()));
    }
    lines.push(Line::from(head));
    lines.push(Line::default());
    lines.extend(
        wrap(&finding.message, width).into_iter().map(|line| Line::from(Span::styled(line, theme.strong()))),
    );
    lines.push(Line::default());
    if !finding.evidence.is_empty() {
        lines.push(title("Why", theme));
        lines.extend(path(analysis, finding, theme, width));
        lines.push(Line::default());
    }
    if let Some(place) = finding.place {
        lines.push(title("Where", theme));
        lines.extend(source(analysis, place, theme, width));
        lines.push(Line::default());
    }
    lines.push(title("Why it matters, and how to fix it", theme));
    for paragraph in help(finding.rule.help) {
        let (bullet, text) = match paragraph.strip_prefix("- ") {
            Some(text) => (if theme.ascii { "- " } else { "• " }, text),
            None => ("", paragraph.as_str()),
        };
        let indent = " ".repeat(bullet.chars().count());
        for (place, line) in wrap(text, width.saturating_sub(indent.len())).into_iter().enumerate() {
            lines.push(Line::from(format!("{}{line}", if place == 0 { bullet } else { &indent })));
        }
        if bullet.is_empty() {
            lines.push(Line::default());
        }
    }
    lines
}

fn title(text: &'static str, theme: Theme) -> Line<'static> {
    Line::from(Span::styled(text, theme.accent()))
}

/// The proof as a drawn path: things, and between them how they are related.
fn path(analysis: &Analysis, finding: &Finding, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let catalog = &analysis.catalog;
    let (node, bar, tip) = if theme.ascii { ("o", "|", "v") } else { ("●", "│", "▼") };
    let thing = |entity: Entity| {
        let style = if entity == finding.subject || Some(entity) == finding.object {
            theme.strong()
        } else {
            theme.base()
        };
        let kind = catalog.kind(entity).word();
        let room = width.saturating_sub(kind.len() + 5);
        Line::from(vec![
            Span::styled(format!("{node} "), theme.accent()),
            Span::styled(cut(&catalog.label(entity), room, theme.ellipsis()), style),
            Span::styled(format!("  {kind}"), theme.faint()),
        ])
    };
    let mut lines = Vec::new();
    let mut last = None;
    for edge in &finding.evidence {
        if last != Some(edge.from) {
            lines.push(thing(edge.from));
        }
        let location = catalog.locate(edge.place);
        let detail = if edge.detail.is_empty() { String::new() } else { format!(": {}", safe(&edge.detail)) };
        for line in wrap(&format!("{}{detail}", edge.relation), width.saturating_sub(4)) {
            lines.push(Line::from(vec![Span::styled(format!("{bar}   "), theme.faint()), Span::raw(line)]));
        }
        let place = format!("{}:{}", location.file, location.position.line);
        lines.push(Line::from(vec![
            Span::styled(format!("{tip}   "), theme.faint()),
            Span::styled(cut(&place, width.saturating_sub(4), theme.ellipsis()), theme.faint()),
        ]));
        lines.push(thing(edge.to));
        last = Some(edge.to);
    }
    lines
}

/// The line that causes it, with what stands around it.
fn source(analysis: &Analysis, place: Place, theme: Theme, width: usize) -> Vec<Line<'static>> {
    let location = analysis.catalog.locate(place);
    let file = analysis.catalog.file_of(place.card);
    let position = location.position;
    let mut lines = vec![Line::from(Span::styled(
        cut(&format!("{}:{}", location.file, position.line), width, theme.ellipsis()),
        theme.faint(),
    ))];
    for number in position.line.saturating_sub(2).max(1)..=position.line + 3 {
        let Some(range) = line_range(&file.text, number) else { continue };
        let text = file.text[range].replace('\t', "    ");
        let here = number == position.line;
        let sign = match (here, theme.ascii) {
            (false, _) => " ",
            (true, false) => "▶",
            (true, true) => ">",
        };
        let style = if here { theme.strong() } else { theme.faint() };
        lines.push(Line::from(vec![
            Span::styled(format!("{sign}{number:>4} {} ", theme.line()), theme.faint()),
            Span::styled(cut(&text, width.saturating_sub(8), theme.ellipsis()), style),
        ]));
    }
    lines
}

/// What a rule finds, and why that matters, from its page.
fn help(page: &str) -> Vec<String> {
    let mut wanted = false;
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        if let Some(title) = line.strip_prefix('#') {
            let title = title.trim_start_matches('#').trim();
            wanted = matches!(title, "Why it matters" | "How to fix it");
            open = false;
        } else if line.trim().is_empty() {
            open = false;
        } else if wanted {
            let line = line.trim().replace('`', "");
            match paragraphs.last_mut().filter(|_| open && !line.starts_with("- ")) {
                Some(paragraph) => {
                    paragraph.push(' ');
                    paragraph.push_str(&line);
                }
                None => paragraphs.push(line),
            }
            open = true;
        }
    }
    paragraphs
}
