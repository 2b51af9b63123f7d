//! Screen 2, Graph: one selection, and ways to look at what is around it.
//!
//! Neighbours, tree, path and reach stand in files of their own; what they share is here.

pub mod neighbours;
pub mod path;
pub mod reach;
pub mod tree;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::analysis::effective::Context;
use crate::analysis::view::{Mark, card_view, line_of};
use crate::analysis::{Analysis, Finding};
use crate::catalog::Entity;
use crate::graph::{Link, Relation};
use crate::tui::layout::Areas;
use crate::tui::model::{Cursor, Model};
use crate::tui::text::{cut, wrap};
use crate::tui::theme::Theme;
use crate::tui::widgets::{rows, rule};

/// How the graph is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Projection {
    /// What leads here, the focus, what it leads to.
    #[default]
    Neighbours,
    /// From the focus outwards.
    Tree,
    /// Between two marked things.
    Path,
    /// What the focus reaches, or who reaches it.
    Reach,
}

impl Projection {
    /// Every projection.
    pub const ALL: [Self; 4] = [Self::Neighbours, Self::Tree, Self::Path, Self::Reach];

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Neighbours => "neighbours",
            Self::Tree => "tree",
            Self::Path => "path",
            Self::Reach => "reach",
        }
    }
}

/// Which relations are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Overlay {
    /// All.
    #[default]
    All,
    /// Who may touch what.
    Access,
    /// Who knows what.
    Skills,
    /// Only what findings are about.
    Findings,
}

impl Overlay {
    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Access,
            Self::Access => Self::Skills,
            Self::Skills => Self::Findings,
            Self::Findings => Self::All,
        }
    }

    /// Its name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all relations",
            Self::Access => "access",
            Self::Skills => "skills",
            Self::Findings => "findings only",
        }
    }

    fn shows(self, relation: Relation, mark: Mark) -> bool {
        match self {
            Self::All => true,
            Self::Access => matches!(
                relation,
                Relation::IsGranted
                    | Relation::Needs
                    | Relation::Uses
                    | Relation::Performs
                    | Relation::HasStep
                    | Relation::TakesPart
            ),
            Self::Skills => matches!(relation, Relation::Has | Relation::Requires | Relation::Implies),
            Self::Findings => matches!(
                mark,
                Mark::Unneeded | Mark::TooWide | Mark::Missing | Mark::Unknown | Mark::Flawed | Mark::Unsure
            ),
        }
    }
}

/// What is let through: relations, and the context in which grants hold.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'c> {
    /// Which relations.
    pub overlay: Overlay,
    /// Where and when.
    pub context: &'c Context,
}

/// An edge as it is shown: with what the analysis says of it.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The edge.
    pub link: Link,
    /// The other end.
    pub entity: Entity,
    /// What the analysis says of it.
    pub mark: Mark,
}

/// The state of the screen.
#[derive(Debug, Default)]
pub struct State {
    /// What it is about.
    pub focus: Option<Entity>,
    /// How it is looked at.
    pub projection: Projection,
    /// Which relations are shown.
    pub overlay: Overlay,
    /// How many hops the tree goes, less one.
    pub hops: usize,
    /// The neighbours.
    pub neighbours: neighbours::State,
    /// The tree.
    pub tree: tree::State,
    /// The paths.
    pub path: path::State,
    /// The reach.
    pub reach: reach::State,
    /// The two ends of paths, or one of them.
    pub marks: Vec<Entity>,
}

impl State {
    /// What is selected.
    #[must_use]
    pub fn selected(&self) -> Option<Entity> {
        match self.projection {
            Projection::Neighbours => self.neighbours.selected().or(self.focus),
            Projection::Tree => self.tree.selected().or(self.focus),
            Projection::Path => self.path.selected().or(self.focus),
            Projection::Reach => self.reach.selected().or(self.focus),
        }
    }

    /// Makes everything anew around a focus.
    pub fn look_at(&mut self, analysis: &Analysis, focus: Entity, context: &Context) {
        self.focus = Some(focus);
        self.rebuild(analysis, context);
        self.neighbours.start();
        self.tree.cursor = Cursor::default();
    }

    /// Makes what is shown anew.
    pub fn rebuild(&mut self, analysis: &Analysis, context: &Context) {
        let Some(focus) = self.focus else { return };
        let lens = Lens { overlay: self.overlay, context };
        self.neighbours.rebuild(analysis, focus, lens);
        self.tree.rebuild(analysis, focus, lens, self.hops + 2);
        self.path.rebuild(analysis, &self.marks);
        self.reach.rebuild(analysis, focus);
    }

    /// Marks an end of a path, or takes the mark away. Of three the oldest goes.
    pub fn mark(&mut self, analysis: &Analysis, entity: Entity) {
        match self.marks.iter().position(|marked| *marked == entity) {
            Some(place) => {
                self.marks.remove(place);
            }
            None => {
                self.marks.push(entity);
                if self.marks.len() > 2 {
                    self.marks.remove(0);
                }
            }
        }
        self.path.rebuild(analysis, &self.marks);
    }
}

/// The edges around an entity, one for each relation and other end, with what is said of them.
/// A need that a grant answers, and a requirement that is met, are the grant's and the skill's.
#[must_use]
pub fn edges(analysis: &Analysis, entity: Entity, outgoing: bool, lens: Lens<'_>) -> Vec<Shown> {
    let mut links = if outgoing { analysis.graph.outgoing(entity) } else { analysis.graph.incoming(entity) };
    links.retain(|link| holds(analysis, link, lens.context));
    let mut seen = std::collections::HashSet::new();
    let pairs: std::collections::HashSet<(Relation, Entity)> =
        links.iter().map(|link| (link.relation, if outgoing { link.to } else { link.from })).collect();
    let mut shown: Vec<Shown> = links
        .into_iter()
        .filter_map(|link| {
            let other = if outgoing { link.to } else { link.from };
            if !seen.insert((link.relation, other)) {
                return None;
            }
            let of_persona = matches!(link.from, Entity::Persona(_));
            let answered = match link.relation {
                Relation::Needs => pairs.contains(&(Relation::IsGranted, other)),
                Relation::Requires if of_persona => {
                    pairs.contains(&(Relation::Has, other)) || has(analysis, &link)
                }
                _ => false,
            };
            if answered {
                return None;
            }
            let mark = mark_of(analysis, &link);
            lens.overlay.shows(link.relation, mark).then_some(Shown { link, entity: other, mark })
        })
        .collect();
    shown.sort_by_key(|shown| shown.link.relation);
    shown
}

/// Whether a grant or a need is one in the context; all else is, always.
fn holds(analysis: &Analysis, link: &Link, context: &Context) -> bool {
    if context.is_open() {
        return true;
    }
    let Entity::Persona(persona) = link.from else { return true };
    match (link.relation, link.to) {
        (Relation::IsGranted, _) => {
            let grants = &analysis.catalog.personas[persona.index()].grants;
            let grant = grants.iter().find(|grant| grant.place == link.place);
            grant.is_none_or(|grant| grant.is_active(analysis.day) && context.admits(grant))
        }
        (Relation::Needs, Entity::Component(component)) => {
            analysis.facts.of_persona(persona).needs_of(component).iter().any(|need| context.concerns(need))
        }
        _ => true,
    }
}

/// Whether a persona has a required skill through another one.
fn has(analysis: &Analysis, link: &Link) -> bool {
    match (link.from, link.to) {
        (Entity::Persona(persona), Entity::Skill(skill)) => {
            analysis.facts.of_persona(persona).held(skill).is_some()
        }
        _ => false,
    }
}

/// What the analysis says of an edge.
#[must_use]
pub fn mark_of(analysis: &Analysis, link: &Link) -> Mark {
    let against = findings_of(analysis, link);
    let open =
        |rules: &[&str]| against.iter().any(|finding| finding.is_open() && rules.contains(&finding.rule.id));
    match link.relation {
        Relation::IsGranted => {
            if open(&["unneeded-access"]) {
                let unsure = matches!(link.from, Entity::Persona(id) if analysis.facts.of_persona(id).unsure);
                if unsure { Mark::Unsure } else { Mark::Unneeded }
            } else if open(&["excess-level", "excess-tools", "human-write-in-prod", "unneeded-environment"]) {
                Mark::TooWide
            } else if against.iter().any(|finding| finding.is_open()) {
                Mark::Flawed
            } else {
                Mark::Needed
            }
        }
        Relation::Needs => Mark::Missing,
        Relation::Requires => match (link.from, link.to) {
            (Entity::Persona(persona), Entity::Skill(skill)) => {
                if analysis.facts.of_persona(persona).held(skill).is_some() {
                    Mark::Needed
                } else {
                    Mark::Missing
                }
            }
            _ => undeclared(analysis, link.to),
        },
        Relation::Has => match (link.from, link.to) {
            (Entity::Persona(persona), Entity::Skill(skill))
                if !analysis.facts.of_persona(persona).requirements_of(skill).is_empty() =>
            {
                Mark::Needed
            }
            _ => undeclared(analysis, link.to),
        },
        _ if matches!(link.to, Entity::Name(_)) => Mark::Unknown,
        _ => {
            if against.iter().any(|finding| finding.is_open()) {
                Mark::Flawed
            } else {
                undeclared(analysis, link.to)
            }
        }
    }
}

fn undeclared(analysis: &Analysis, entity: Entity) -> Mark {
    match entity {
        Entity::Name(_) => Mark::Unknown,
        entity if !analysis.catalog.is_declared(entity) => Mark::Undeclared,
        _ => Mark::Plain,
    }
}

/// The findings between the two ends of an edge.
#[must_use]
pub fn findings_of<'a>(analysis: &'a Analysis, link: &Link) -> Vec<&'a Finding> {
    analysis
        .about(link.from)
        .map(|(_, finding)| finding)
        .filter(|finding| finding.subject == link.from && finding.object == Some(link.to))
        .filter(|finding| finding.rule.id != "missing-access" || link.relation == Relation::Needs)
        .collect()
}

/// The stroke of an edge: heavy where it is too much, dashed where it is missing.
#[must_use]
pub fn stroke(mark: Mark, theme: Theme) -> &'static str {
    match (mark, theme.ascii) {
        (Mark::Unneeded | Mark::TooWide, false) => "━━",
        (Mark::Missing, false) => "┄┄",
        (Mark::Undeclared | Mark::Unknown, false) => "╌╌",
        (_, false) => "──",
        (Mark::Unneeded | Mark::TooWide, true) => "==",
        (Mark::Missing, true) => "..",
        (Mark::Undeclared | Mark::Unknown, true) => "~~",
        (_, true) => "--",
    }
}

/// A thing with its kind's sign.
#[must_use]
pub fn thing(analysis: &Analysis, entity: Entity, theme: Theme) -> String {
    let sign = match entity {
        Entity::Persona(id) => theme.persona(analysis.catalog.personas[id.index()].persona_type),
        Entity::Process(_) => {
            if theme.ascii {
                "P"
            } else {
                "▷"
            }
        }
        Entity::Step(_) => {
            if theme.ascii {
                "-"
            } else {
                "▹"
            }
        }
        Entity::Component(_) => {
            if theme.ascii {
                "C"
            } else {
                "▣"
            }
        }
        Entity::Skill(_) => {
            if theme.ascii {
                "K"
            } else {
                "★"
            }
        }
        Entity::Team(_) => {
            if theme.ascii {
                "T"
            } else {
                "▤"
            }
        }
        Entity::Person(_) => {
            if theme.ascii {
                "i"
            } else {
                "☺"
            }
        }
        Entity::Name(_) => "?",
        Entity::Scenario(_) => {
            if theme.ascii {
                "?"
            } else {
                "◇"
            }
        }
        _ => " ",
    };
    let name = match entity {
        Entity::Persona(id) => {
            let persona = &analysis.catalog.personas[id.index()];
            if persona.id == persona.name {
                persona.name.written().to_owned()
            } else {
                format!("{} {}", persona.id, persona.name)
            }
        }
        other => analysis.catalog.name(other).into_owned(),
    };
    format!("{sign} {name}")
}

/// Draws the screen.
pub fn render(model: &Model, areas: &Areas, frame: &mut Frame<'_>) {
    let (Some(analysis), Some(area)) = (model.analysis.as_deref(), areas.list) else { return };
    let theme = model.theme;
    let width = usize::from(area.width);
    let state = &model.graph;
    let mut head = vec![Span::styled(" ", Style::new())];
    for projection in Projection::ALL {
        let style = if projection == state.projection { theme.accent() } else { theme.faint() };
        let text = if projection == state.projection {
            format!("[{}] ", projection.word())
        } else {
            format!(" {}  ", projection.word())
        };
        head.push(Span::styled(text, style));
    }
    head.push(Span::styled(format!(" {}", state.overlay.word()), theme.faint()));
    if !model.context.is_open() {
        head.push(Span::styled(format!(", {}", model.context.phrase(&analysis.catalog)), theme.accent()));
    }
    if state.projection == Projection::Tree {
        head.push(Span::styled(format!(", {} hops", state.hops + 2), theme.faint()));
    }
    if !state.marks.is_empty() {
        let marks: Vec<_> = state.marks.iter().map(|entity| analysis.catalog.label(*entity)).collect();
        let used: usize = head.iter().map(|span| span.content.chars().count()).sum();
        let text = format!("  marked: {}", marks.join(", "));
        head.push(Span::styled(cut(&text, width.saturating_sub(used), theme.ellipsis()), theme.faint()));
    }
    rows(frame, Rect { height: 1, ..area }, &[Line::from(head)], 0);
    let mut body = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    if state.focus.is_none() {
        let hint =
            ["Nothing is in focus.", "Choose a card on screen 1 and press . to see what is around it."];
        let lines: Vec<Line<'_>> = hint.into_iter().map(|line| Line::from(format!(" {line}"))).collect();
        rows(frame, body, &lines, 0);
        return;
    }
    let below = if areas.inspector.is_none() && body.height >= 14 { 5 } else { 0 };
    if below > 0 {
        let strip = Rect { y: body.y + body.height - below, height: below, ..body };
        body.height -= below;
        let line = if theme.ascii { "-" } else { "─" };
        let mut lines = vec![Line::from(Span::styled(line.repeat(width), theme.faint()))];
        lines.extend(explain(model, analysis, width.saturating_sub(2)));
        rows(frame, strip, &lines, 0);
    }
    match state.projection {
        Projection::Neighbours => neighbours::render(model, analysis, body, frame),
        Projection::Tree => tree::render(model, analysis, body, frame),
        Projection::Path => path::render(model, analysis, body, frame),
        Projection::Reach => reach::render(model, analysis, body, frame),
    }
    if let Some(inspector) = areas.inspector {
        frame.render_widget(rule(theme), Rect { x: inspector.x.saturating_sub(2), width: 1, ..inspector });
        let mut lines = explain(model, analysis, usize::from(inspector.width));
        if let Some(entity) = state.selected() {
            lines.push(Line::default());
            let view = card_view(analysis, entity);
            let drawn = crate::tui::widgets::card::draw_card(
                analysis,
                &view,
                theme,
                usize::from(inspector.width),
                None,
            );
            lines.extend(drawn.lines);
        }
        rows(frame, inspector, &lines, 0);
    }
}

/// The part of the screen that a projection's list has.
#[must_use]
pub fn list_height(areas: &Areas) -> usize {
    let Some(area) = areas.list else { return 1 };
    let body = area.height.saturating_sub(2);
    let below = if areas.inspector.is_none() && body >= 14 { 5 } else { 0 };
    usize::from(body.saturating_sub(below)).max(1)
}

/// What there is to say of the selected edge.
fn explain(model: &Model, analysis: &Analysis, width: usize) -> Vec<Line<'static>> {
    let theme = model.theme;
    let link = match model.graph.projection {
        Projection::Neighbours => model.graph.neighbours.link(),
        Projection::Tree => model.graph.tree.link(),
        Projection::Path => model.graph.path.link(),
        Projection::Reach => return reach::explain(model, analysis, width),
    };
    let Some(link) = link else {
        let Some(entity) = model.graph.selected() else { return Vec::new() };
        let gaps = analysis.about(entity).filter(|(_, finding)| finding.is_open()).count();
        let gaps = match gaps {
            0 => "no gaps".to_owned(),
            1 => "1 gap".to_owned(),
            count => format!("{count} gaps"),
        };
        let text =
            format!("{}: {}, {gaps}", analysis.catalog.label(entity), card_view(analysis, entity).subtitle);
        return wrap(&text, width).into_iter().map(|line| Line::from(format!(" {line}"))).collect();
    };
    let mark = mark_of(analysis, &link);
    let catalog = &analysis.catalog;
    let text = format!("{} {} {}", catalog.label(link.from), link.relation.verb(), catalog.label(link.to));
    let mut lines: Vec<Line<'static>> = wrap(&text, width)
        .into_iter()
        .map(|line| Line::from(Span::styled(format!(" {line}"), theme.strong())))
        .collect();
    if let Some(detail) = detail(analysis, &link) {
        lines.extend(wrap(&detail, width).into_iter().map(|line| Line::from(format!(" {line}"))));
    }
    for finding in findings_of(analysis, &link) {
        for line in wrap(&finding.message, width.saturating_sub(4)) {
            lines.push(Line::from(vec![
                Span::styled(
                    format!(" {} ", theme.badge(finding.severity)),
                    theme.severity(finding.severity),
                ),
                Span::raw(line),
            ]));
        }
    }
    let word = if mark.word().is_empty() { String::new() } else { format!("  {}", mark.word()) };
    lines.push(Line::from(vec![
        Span::styled(
            format!(" {}", cut(&line_of(analysis, link.place), width.saturating_sub(14), theme.ellipsis())),
            theme.faint(),
        ),
        Span::styled(word, theme.mark(mark)),
    ]));
    lines
}

/// What matters about an edge: level and environments of a grant or a need.
#[must_use]
pub fn detail(analysis: &Analysis, link: &Link) -> Option<String> {
    use crate::analysis::evidence::{grant_phrase, need_phrase};
    let catalog = &analysis.catalog;
    match (link.relation, link.from, link.to) {
        (Relation::IsGranted, Entity::Persona(persona), _) => {
            let grants = &catalog.personas[persona.index()].grants;
            let grant = grants.iter().find(|grant| grant.place == link.place)?;
            Some(grant_phrase(catalog, grant))
        }
        (Relation::Needs, Entity::Persona(persona), Entity::Component(component)) => {
            let needs = analysis.facts.of_persona(persona).needs_of(component);
            needs.first().map(|need| need_phrase(catalog, need))
        }
        (Relation::Uses, Entity::Step(step), _) => {
            let step = &catalog.steps[step.index()];
            let used = step.uses.iter().find(|used| used.place == link.place)?;
            let environments =
                if used.environments.is_empty() { step.environments } else { used.environments };
            let level = used.level.map_or("no particular level", |level| catalog.settings.level(level));
            Some(format!("{level} in {}", catalog.settings.environment_list(environments)))
        }
        (Relation::FlowsTo, Entity::Component(component), _) => {
            let flows = &catalog.components[component.index()].flows_to;
            flows.iter().find(|flow| flow.place == link.place)?.label.clone()
        }
        _ => None,
    }
}
