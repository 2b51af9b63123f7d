//! Reach: what the focus reaches hop by hop, and who answers for each; of a component, who reaches it.
//! With the blast radius in production, and the edges that hold most of it together.

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::thing;
use crate::analysis::effective::Context;
use crate::analysis::reach::phrases::{access_phrase, answers, blast, cuts};
use crate::analysis::reach::{Choke, Hop, Reach, Via, reach_in};
use crate::analysis::view::line_of;
use crate::analysis::{Analysis, Severity};
use crate::catalog::Entity;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::widgets::{rows, scroll_hint};

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// How far it goes.
    Blast,
    /// An edge that holds a part of it, by place.
    Choke(usize),
    /// Somebody who is reached, by place.
    Hop(usize),
    /// Who answers for that one.
    Answer(usize),
    /// One of that one's accesses, by place.
    Access(usize, usize),
    /// A heading.
    Title(&'static str),
}

/// The state of the projection.
#[derive(Debug, Default)]
pub struct State {
    /// The reach of the focus, if that has one.
    pub reach: Option<Reach>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Where.
    pub cursor: Cursor,
}

impl State {
    /// Makes the reach of a focus anew.
    pub fn rebuild(&mut self, analysis: &Analysis, focus: Entity, context: &Context) {
        let same = self.reach.as_ref().is_some_and(|known| known.who == focus);
        self.rows.clear();
        self.reach = reach_in(analysis, focus, context);
        if let Some(found) = &self.reach {
            self.rows.push(Row::Blast);
            if !found.chokes.is_empty() {
                self.rows.push(Row::Title(""));
                self.rows
                    .push(Row::Title("What holds it together: the edge whose removal cuts most comes first"));
                self.rows.extend((0..found.chokes.len()).map(Row::Choke));
            }
            self.rows.push(Row::Title(""));
            self.rows.push(Row::Title(if found.incoming { "Who reaches it" } else { "What it reaches" }));
            for place in from_each_to_the_next(found) {
                let hop = &found.hops[place];
                self.rows.push(Row::Hop(place));
                if answers(analysis, hop).is_some() {
                    self.rows.push(Row::Answer(place));
                }
                self.rows.extend((0..hop.access.len()).map(|access| Row::Access(place, access)));
            }
        }
        if !same {
            self.cursor = Cursor::default();
        }
        self.cursor.row = self.cursor.row.min(self.rows.len().saturating_sub(1));
    }

    /// Moves by some rows, over headings.
    pub fn step(&mut self, delta: isize, height: usize) {
        let count = self.rows.len();
        self.cursor.by(delta, count, height);
        while matches!(self.rows.get(self.cursor.row), Some(Row::Title(_))) {
            self.cursor.by(if delta < 0 { -1 } else { 1 }, count, height);
        }
    }

    /// The entity under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        self.entity(self.cursor.row)
    }

    /// Moves to an entity, where it is reached.
    pub fn select(&mut self, entity: Entity) {
        let hops =
            (0..self.rows.len()).filter(|row| matches!(self.rows[*row], Row::Hop(_) | Row::Access(..)));
        if let Some(row) = hops.into_iter().find(|row| self.entity(*row) == Some(entity)) {
            self.cursor.row = row;
        }
    }

    fn entity(&self, row: usize) -> Option<Entity> {
        let found = self.reach.as_ref()?;
        match self.rows.get(row)? {
            Row::Choke(place) => Some(found.chokes.get(*place)?.via.to),
            Row::Hop(place) => Some(found.hops.get(*place)?.entity),
            Row::Answer(place) => {
                let hop = found.hops.get(*place)?;
                Some(hop.answers.first().copied().unwrap_or(hop.entity))
            }
            Row::Access(place, access) => Some(found.hops.get(*place)?.access.get(*access)?.component.into()),
            Row::Blast | Row::Title(_) => Some(found.who),
        }
    }
}

/// The places of hops so that each stands below the one from whom it is reached.
fn from_each_to_the_next(found: &Reach) -> Vec<usize> {
    let mut below: HashMap<Entity, Vec<usize>> = HashMap::new();
    for (place, hop) in found.hops.iter().enumerate() {
        if let Some(via) = hop.via {
            below.entry(via.from).or_default().push(place);
        }
    }
    let mut order = Vec::with_capacity(found.hops.len());
    let mut stack = vec![0];
    while let Some(place) = stack.pop() {
        order.push(place);
        let next = found.hops.get(place).and_then(|hop| below.get(&hop.entity));
        stack.extend(next.into_iter().flatten().rev());
    }
    order
}

/// Draws the projection.
pub fn render(model: &Model, analysis: &Analysis, area: Rect, frame: &mut Frame<'_>) {
    let theme = model.theme;
    let state = &model.graph.reach;
    let width = usize::from(area.width).saturating_sub(1);
    let height = usize::from(area.height);
    let Some(found) = &state.reach else {
        let text = "Personas, people, teams and components have a reach. Choose one of them and press a full \
                    stop, and here stands what it reaches, or who reaches it.";
        let lines: Vec<Line<'_>> =
            wrap(text, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
        rows(frame, area, &lines, 0);
        return;
    };
    let lines: Vec<Line<'_>> = state
        .rows
        .iter()
        .enumerate()
        .skip(state.cursor.offset)
        .take(height)
        .map(|(place, row)| {
            let style = if place == state.cursor.row { theme.selected(true) } else { theme.base() };
            line(model, analysis, found, *row, style, width)
        })
        .collect();
    rows(frame, area, &lines, 0);
    scroll_hint(frame, area, theme, state.cursor.offset, state.rows.len(), height);
}

fn line(
    model: &Model,
    analysis: &Analysis,
    found: &Reach,
    row: Row,
    style: Style,
    width: usize,
) -> Line<'static> {
    let theme = model.theme;
    match row {
        Row::Title(title) => {
            Line::from(Span::styled(format!(" {}", cut(title, width, theme.ellipsis())), theme.accent()))
        }
        Row::Blast => blast_line(model, analysis, found, style, width),
        Row::Choke(place) => found
            .chokes
            .get(place)
            .map_or_else(Line::default, |choke| choke_line(model, analysis, choke, place, style, width)),
        Row::Hop(place) => found
            .hops
            .get(place)
            .map_or_else(Line::default, |hop| hop_line(model, analysis, hop, style, width)),
        Row::Answer(place) => {
            let Some((right, text)) = found.hops.get(place).and_then(|hop| answers(analysis, hop)) else {
                return Line::default();
            };
            let indent = indent(found.hops.get(place)) + 2;
            let text = format!("{}{}", " ".repeat(indent), safe(&text));
            let style = if right {
                style.patch(theme.faint())
            } else {
                style.patch(theme.severity(Severity::Critical))
            };
            Line::from(Span::styled(pad(&text, width, theme.ellipsis()), style))
        }
        Row::Access(place, access) => found
            .hops
            .get(place)
            .map_or_else(Line::default, |hop| access_line(model, analysis, hop, access, style, width)),
    }
}

/// A bar beside the share, so that it can be compared at a glance.
fn blast_line(
    model: &Model,
    analysis: &Analysis,
    found: &Reach,
    style: Style,
    width: usize,
) -> Line<'static> {
    let theme = model.theme;
    let room = (width / 5).clamp(6, 24);
    let (full, empty) = if theme.ascii { ("#", ".") } else { ("█", "░") };
    let share = found.share().unwrap_or(0.0);
    // Something is never drawn as nothing.
    let mut wide = (share * room as f64).round() as usize;
    if !found.writes.is_empty() {
        wide = wide.max(1);
    }
    let wide = wide.min(room);
    let severity = match share {
        share if share >= 0.5 => theme.severity(Severity::High),
        share if share > 0.0 => theme.severity(Severity::Medium),
        _ => theme.good(),
    };
    let text = safe(&blast(analysis, found));
    let text = pad(&format!("  {text}"), width.saturating_sub(room + 1), theme.ellipsis());
    Line::from(vec![
        Span::styled(" ", style),
        Span::styled(full.repeat(wide), style.patch(severity)),
        Span::styled(empty.repeat(room - wide), style.patch(theme.faint())),
        Span::styled(text, style.patch(theme.strong())),
    ])
}

/// "cuts 1 write, 3 in all": what a row has room for.
fn cuts_short(analysis: &Analysis, choke: &Choke) -> String {
    let settings = &analysis.catalog.settings;
    let prod = safe(settings.environment(settings.production()));
    let writes = choke.writes.len();
    let word = if writes == 1 { "write" } else { "writes" };
    format!("cuts {writes} {word} in {prod}, {} in all", choke.touches.len())
}

fn choke_line(
    model: &Model,
    analysis: &Analysis,
    choke: &Choke,
    place: usize,
    style: Style,
    width: usize,
) -> Line<'static> {
    let theme = model.theme;
    let (sign, mark) = if place == 0 {
        (if theme.ascii { "=" } else { "━" }, theme.severity(Severity::High))
    } else {
        (if theme.ascii { "-" } else { "─" }, theme.faint())
    };
    let text = edge(model, analysis, &choke.via);
    let cuts = cuts_short(analysis, choke);
    let room = width.saturating_sub(6);
    // The effect is what it is about; the edge gets the rest.
    let first = text.width().min(room.saturating_sub(cuts.width() + 2));
    let text = pad(&text, first, theme.ellipsis());
    Line::from(vec![
        Span::styled(format!(" {:>2} {sign} ", place + 1), style.patch(mark)),
        Span::styled(text, style),
        Span::styled(
            pad(&format!("  {cuts}"), room.saturating_sub(first), theme.ellipsis()),
            style.patch(theme.faint()),
        ),
    ])
}

fn edge(model: &Model, analysis: &Analysis, via: &Via) -> String {
    let theme = model.theme;
    format!(
        "{} {} {} {}",
        thing(analysis, via.from, theme),
        via.verb,
        theme.arrow(),
        thing(analysis, via.to, theme)
    )
}

/// How far a hop stands in.
fn indent(hop: Option<&Hop>) -> usize {
    1 + hop.map_or(0, |hop| hop.distance.min(8)) * 3
}

fn hop_line(model: &Model, analysis: &Analysis, hop: &Hop, style: Style, width: usize) -> Line<'static> {
    let theme = model.theme;
    let lead = " ".repeat(indent(Some(hop)));
    let branch = match (hop.distance, theme.ascii) {
        (0, _) => "",
        (_, false) => "╰─ ",
        (_, true) => "`- ",
    };
    let lead = if hop.distance > 0 { lead[..lead.len().saturating_sub(3)].to_owned() } else { lead };
    let verb = hop.via.map_or(String::new(), |via| format!("{} {} ", via.verb, theme.arrow()));
    let name = thing(analysis, hop.entity, theme);
    let line = hop.via.map_or(String::new(), |via| line_of(analysis, via.place));
    let used = lead.width() + branch.width() + verb.width() + name.width();
    let line = if used + line.width() + 2 <= width { safe(&line) } else { String::new() };
    let room = width.saturating_sub(lead.width() + branch.width() + verb.width() + line.width());
    Line::from(vec![
        Span::styled(format!("{lead}{branch}"), style.patch(theme.faint())),
        Span::styled(verb, style.patch(theme.faint())),
        Span::styled(pad(&safe(&name), room, theme.ellipsis()), style.patch(theme.strong())),
        Span::styled(line, style.patch(theme.faint())),
    ])
}

fn access_line(
    model: &Model,
    analysis: &Analysis,
    hop: &Hop,
    access: usize,
    style: Style,
    width: usize,
) -> Line<'static> {
    let theme = model.theme;
    let Some(access) = hop.access.get(access) else { return Line::default() };
    let lead = " ".repeat(indent(Some(hop)) + 2);
    let (sign, mark) = match (access.writes, theme.ascii) {
        (true, false) => ("▲", theme.severity(Severity::High)),
        (true, true) => ("^", theme.severity(Severity::High)),
        (false, false) => ("·", theme.faint()),
        (false, true) => ("-", theme.faint()),
    };
    // What is granted begins in one column for all, however far a hop stands in.
    let wide = (width / 2).min(44).saturating_sub(lead.width() + 2).max(12);
    let name = pad(&thing(analysis, access.component.into(), theme), wide, theme.ellipsis());
    let phrase = safe(&access_phrase(analysis, hop, access));
    let place = line_of(analysis, access.place);
    let used = lead.width() + 2 + name.width() + 2;
    let place = if used + phrase.width() + place.width() + 2 <= width { safe(&place) } else { String::new() };
    let room = width.saturating_sub(used + place.width());
    Line::from(vec![
        Span::styled(format!("{lead}{sign} "), style.patch(mark)),
        Span::styled(name, style),
        Span::styled(format!("  {}", pad(&phrase, room, theme.ellipsis())), style.patch(theme.faint())),
        Span::styled(place, style.patch(theme.faint())),
    ])
}

/// What there is to say of the row under the cursor: who is cut off, or what all can be written.
#[must_use]
pub fn explain(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let state = &model.graph.reach;
    let (Some(found), Some(row)) = (&state.reach, state.rows.get(state.cursor.row)) else {
        return Vec::new();
    };
    let names = |entities: &[Entity]| {
        let labels: Vec<String> = entities.iter().map(|one| analysis.catalog.label(*one)).collect();
        labels.join(", ")
    };
    let mut paragraphs: Vec<(Style, String)> = Vec::new();
    match row {
        Row::Blast | Row::Title(_) => {
            paragraphs.push((
                theme.strong(),
                format!("{}: {}", analysis.catalog.label(found.who), blast(analysis, found)),
            ));
            if !found.writes.is_empty() {
                paragraphs.push((theme.base(), names(&found.writes)));
            }
        }
        Row::Choke(place) => {
            if let Some(choke) = found.chokes.get(*place) {
                let via = &choke.via;
                let label = |one: Entity| analysis.catalog.label(one);
                let title = format!(
                    "{} {} {}: {}",
                    label(via.from),
                    via.verb,
                    label(via.to),
                    cuts(analysis, found, choke)
                );
                paragraphs.push((theme.strong(), title));
                let lost = if choke.writes.is_empty() { &choke.touches } else { &choke.writes };
                paragraphs.push((theme.base(), names(lost)));
                paragraphs.push((theme.faint(), line_of(analysis, via.place)));
            }
        }
        Row::Hop(place) | Row::Answer(place) => {
            if let Some(hop) = found.hops.get(*place) {
                let answer = answers(analysis, hop).map_or(String::new(), |(_, text)| format!(": {text}"));
                paragraphs.push((theme.strong(), format!("{}{answer}", analysis.catalog.label(hop.entity))));
                if let Some(via) = hop.via {
                    paragraphs.push((theme.faint(), line_of(analysis, via.place)));
                }
            }
        }
        Row::Access(place, access) => {
            if let Some((hop, access)) =
                found.hops.get(*place).and_then(|hop| Some((hop, hop.access.get(*access)?)))
            {
                let component = analysis.catalog.label(access.component.into());
                let text = format!("{component}: {}", access_phrase(analysis, hop, access));
                paragraphs.push((theme.strong(), text));
                paragraphs.push((theme.faint(), line_of(analysis, access.place)));
            }
        }
    }
    paragraphs
        .into_iter()
        .flat_map(|(style, text)| {
            wrap(&text, width)
                .into_iter()
                .map(move |line| Line::from(Span::styled(format!(" {line}"), style)))
        })
        .collect()
}
