//! What there is to say of a row of an audit: why, who answers, what the agent may do there, and when.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Row;
use super::draw::{tail, verdict_sign};
use crate::analysis::Severity;
use crate::analysis::evidence::grant_phrase;
use crate::analysis::view::line_of;
use crate::audit::event::{Event, written};
use crate::audit::judge::{Known, Verdict};
use crate::audit::kept::Kept;
use crate::audit::opened::Opened;
use crate::audit::summary::AgentLine;
use crate::audit::timeline::Class;
use crate::audit::usage::{GrantUse, Use};
use crate::audit::words::{events, number, percent};
use crate::catalog::{Entity, GrantState};
use crate::tui::actions::Action;
use crate::tui::model::Model;
use crate::tui::text::{cut, pad, safe, wrap};
use crate::tui::theme::Theme;

/// The most events of a row that are listed.
const LISTED: usize = 100;

/// How many lines the selected row takes.
#[must_use]
pub fn detail_height(model: &Model, width: usize) -> usize {
    detail(model, width).len()
}

/// What there is to say of the selected row.
#[must_use]
pub fn detail(model: &Model, width: usize) -> Vec<Line<'static>> {
    let state = &model.audit;
    let Some(opened) = state.opened.as_deref() else { return Vec::new() };
    let page = Page { model, opened, theme: model.theme, width };
    match state.row() {
        Some(Row::Events(_, count, _)) => match state.class() {
            Some(class) => page.events(class, *count),
            None => Vec::new(),
        },
        Some(Row::Agent(place, _)) => match opened.summary.agents.get(*place) {
            Some(line) => page.agent(line),
            None => Vec::new(),
        },
        Some(Row::Grant(..)) => state.grant().map_or_else(Vec::new, |one| page.grant(&one)),
        Some(Row::Bad(place)) => match opened.totals.bad.get(*place) {
            Some(bad) => {
                let mut lines = page.said(&format!("{}:{}", bad.source, bad.line), Weight::Strong);
                lines.extend(page.said(&bad.what, Weight::Plain));
                lines.push(Line::default());
                lines.extend(page.said(
                    "It was passed over. All other lines count. Mistakes are counted, and the first are listed.",
                    Weight::Faint,
                ));
                lines
            }
            None => Vec::new(),
        },
        Some(Row::Remark(text)) => page.said(text, Weight::Plain),
        Some(Row::Group(..)) | None => Vec::new(),
    }
}

#[derive(Clone, Copy)]
enum Weight {
    Faint,
    Plain,
    Strong,
    Wrong,
}

struct Page<'a> {
    model: &'a Model,
    opened: &'a Opened,
    theme: Theme,
    width: usize,
}

impl Page<'_> {
    fn said(&self, text: &str, weight: Weight) -> Vec<Line<'static>> {
        let style = match weight {
            Weight::Faint => self.theme.faint(),
            Weight::Plain => self.theme.base(),
            Weight::Strong => self.theme.strong(),
            Weight::Wrong => self.theme.severity(Severity::High),
        };
        wrap(text, self.width).into_iter().map(|line| Line::from(Span::styled(line, style))).collect()
    }

    fn title(&self, text: &'static str) -> Line<'static> {
        Line::from(Span::styled(text, self.theme.accent()))
    }

    fn events(&self, class: &Class, count: u64) -> Vec<Line<'static>> {
        let (opened, theme) = (self.opened, self.theme);
        let catalog = &opened.analysis().catalog;
        let (sign, style) = verdict_sign(class.verdict, theme);
        let mut head = vec![Span::styled(format!("{sign} {}", class.verdict.word()), style)];
        if let Some(reason) = class.reason {
            head.push(Span::styled(format!("  {}", reason.word()), theme.accent()));
        }
        head.push(Span::styled("  from the logs", theme.faint()));
        let mut lines = vec![Line::from(head), Line::default()];
        let there = class
            .environment
            .map_or(String::new(), |place| format!(" in {}", catalog.settings.environment(place)));
        let who = opened.actor(&class.actor);
        let what = opened.component(&class.component);
        let sentence = match class.verdict {
            Verdict::Beyond => format!("{who} went beyond the boundary on {what}{there}: {}.", events(count)),
            Verdict::Allowed => format!("{who} used {what}{there} as it may: {}.", events(count)),
            Verdict::Unjudged => format!("{who} acted{there} on nothing that is named: {}.", events(count)),
        };
        lines.extend(self.said(&sentence, Weight::Strong));
        let crossing = opened.crossing(class);
        if let Some(crossing) = crossing {
            let mut text = self.when(crossing.when.first, crossing.when.last);
            if crossing.refused > 0 {
                let verb = if crossing.refused == 1 { "was" } else { "were" };
                text.push_str(&format!(
                    " {} of all {verb} refused when asked for.",
                    number(crossing.refused)
                ));
            }
            lines.extend(self.said(text.trim(), Weight::Faint));
        }
        lines.push(Line::default());
        if let Some(reason) = class.reason {
            lines.push(self.title("Why"));
            let phrase = reason.phrase();
            lines.extend(self.said(&format!("{}{}.", capital(phrase), ""), Weight::Plain));
            if let Some((version, row)) = crossing.and_then(|crossing| crossing.row) {
                let boundary = opened.versions.version(version as usize);
                if let (Some(row), Some(place)) = (boundary.rows.get(row as usize), boundary.line(row)) {
                    let phrase = grant_phrase(catalog, boundary.grant(row));
                    lines
                        .extend(self.said(&format!("The nearest grant: {phrase} ({place})."), Weight::Plain));
                }
            }
            lines.push(Line::default());
        }
        lines.extend(self.chain(&class.actor));
        lines.extend(self.may(class));
        let kept: Vec<&Kept> = opened.kept(class).collect();
        if !kept.is_empty() {
            lines.push(self.title("Events"));
            let all = crossing.map_or(count, |crossing| crossing.when.count);
            for one in kept.iter().take(LISTED) {
                lines.extend(self.event(one));
            }
            let shown = kept.len().min(LISTED) as u64;
            if all > shown {
                let text =
                    format!("{} of {} are listed; the others are counted only.", number(shown), number(all));
                lines.extend(self.said(&text, Weight::Faint));
            }
            lines.push(Line::default());
        }
        if class.verdict == Verdict::Beyond {
            lines.extend(self.ways(class));
        }
        lines
    }

    /// What can be done about a crossing, with which keys.
    fn ways(&self, class: &Class) -> Vec<Line<'static>> {
        let keys = &self.model.keys;
        let mut lines = vec![self.title("What now")];
        if class.actor.number().is_none() {
            lines.extend(self.said(
                "Give the agent a card with this id or identity, or map it with --map: until then nobody answers \
                 for what it does.",
                Weight::Plain,
            ));
            return lines;
        }
        if class.component.number().is_none() {
            lines.extend(
                self.said("Give the component a card of this name, or map it with --map.", Weight::Plain),
            );
            return lines;
        }
        let text = format!(
            "{}: grant it just in time, or block it, with what that changes.  {}: to the grant, or to where it is \
             missing.  {}: the cell of the matrix.  {}: the graph.",
            keys.shown(Action::ApplyFix),
            keys.shown(Action::Open),
            keys.shown(Action::Matrix),
            keys.shown(Action::FocusGraph),
        );
        lines.extend(self.said(&text, Weight::Plain));
        lines
    }

    fn when(&self, first: Option<i64>, last: Option<i64>) -> String {
        let moment = |at: i64| {
            let text = written(at);
            text.get(..16).unwrap_or(&text).replace('T', " ")
        };
        match (first, last) {
            (Some(first), Some(last)) if first == last => format!("At {}.", moment(first)),
            (Some(first), Some(last)) => format!("From {} to {}.", moment(first), moment(last)),
            _ => String::new(),
        }
    }

    /// From who acted to the human who answers, drawn; and who set it to work.
    fn chain(&self, actor: &Known) -> Vec<Line<'static>> {
        let (opened, theme) = (self.opened, self.theme);
        let mut lines = vec![self.title("Who answers")];
        let (node, bar) = if theme.ascii { ("o", "|") } else { ("●", "│") };
        let catalog = &opened.analysis().catalog;
        match actor.number().and_then(|number| opened.versions.acting(number)) {
            None => lines.extend(self.said("Nobody: the catalog does not know who this is.", Weight::Wrong)),
            Some(acting) => {
                let ids: Vec<&str> = if acting.answered && !acting.human {
                    acting.chain.split(" > ").collect()
                } else {
                    vec![&acting.id]
                };
                for (place, id) in ids.iter().enumerate() {
                    let entity = catalog
                        .find(id)
                        .into_iter()
                        .find(|one| matches!(one, Entity::Persona(_) | Entity::Person(_)));
                    let label = entity.map_or_else(|| safe(id), |entity| catalog.label(entity));
                    let is_end = place + 1 == ids.len() && acting.answered;
                    let style = if is_end { theme.good().patch(theme.strong()) } else { theme.base() };
                    lines.push(Line::from(vec![
                        Span::styled(format!("{node} "), theme.accent()),
                        Span::styled(cut(&label, self.width.saturating_sub(2), theme.ellipsis()), style),
                    ]));
                    if place + 1 < ids.len() {
                        lines.push(Line::from(Span::styled(format!("{bar}  answers to"), theme.faint())));
                    }
                }
                if !acting.answered {
                    lines.push(Line::from(Span::styled(format!("{bar}  answers to"), theme.faint())));
                    lines.extend(self.said("! no human who is there", Weight::Wrong));
                } else if acting.answers.len() > 1 {
                    lines.extend(
                        self.said(&format!("In the end: {}.", acting.answers.join(", ")), Weight::Faint),
                    );
                }
            }
        }
        if let Some(line) = opened.agent(actor)
            && !line.set_by.is_empty()
        {
            let name = |number: u32| {
                opened.versions.acting(number).map_or_else(|| "?".into(), |acting| acting.label.clone())
            };
            let by: Vec<String> = line
                .set_by
                .iter()
                .map(|(who, how, count)| format!("{} ({}, {})", name(*who), how.word(), number(*count)))
                .collect();
            lines.extend(self.said(&format!("Set to work by {}.", by.join(", ")), Weight::Plain));
        }
        lines.push(Line::default());
        lines
    }

    /// What an agent may do on a component, by the cards as they are.
    fn may(&self, class: &Class) -> Vec<Line<'static>> {
        let now = self.opened.versions.now();
        let analysis = &now.analysis;
        let acting = class.actor.number().and_then(|number| now.acting(number));
        let component = class.component.number().and_then(|number| *now.components.get(number as usize)?);
        let (Some(acting), Some(component)) = (acting, component) else { return Vec::new() };
        let personas = match acting.entity {
            Entity::Persona(id) => vec![id],
            Entity::Person(id) => {
                let own = &analysis.catalog.people[id.index()].personas;
                own.iter().filter_map(|one| one.persona).collect()
            }
            _ => Vec::new(),
        };
        let mut lines = vec![self.title("What it may do there")];
        let mut none = true;
        for id in personas {
            for grant in &analysis.catalog.personas[id.index()].grants {
                if grant.component != component {
                    continue;
                }
                none = false;
                let state = match grant.state(analysis.day) {
                    GrantState::Active => "",
                    GrantState::NotYet => ", not yet",
                    GrantState::Expired => ", expired",
                };
                let text = format!(
                    "{}{state}  ({})",
                    grant_phrase(&analysis.catalog, grant),
                    line_of(analysis, grant.place)
                );
                lines.extend(self.said(&text, Weight::Plain));
            }
        }
        if none {
            let name = analysis.catalog.label(component.into());
            lines.extend(self.said(&format!("Nothing: it has no grant on {name}."), Weight::Wrong));
        }
        lines.push(Line::default());
        lines
    }

    /// One event, in a line or two.
    fn event(&self, kept: &Kept) -> Vec<Line<'static>> {
        let event = &kept.event;
        let time = kept.time.map_or_else(|| event.time.get().to_owned(), written);
        let time = time.get(..19).unwrap_or(&time).replace('T', " ");
        let place = format!("{}:{}", tail(&kept.source), kept.line);
        let mut words: Vec<String> = Vec::new();
        let said = [&event.action, &event.tool, &event.level, &event.environment, &event.phase];
        words.extend(said.into_iter().map(|word| word.get().to_owned()).filter(|word| !word.is_empty()));
        if !event.risk.is_empty() {
            words.push(format!("at {} risk", event.risk.get()));
        }
        if !event.approval.is_empty() {
            words.push(format!("approved by {}", event.approval.get()));
        }
        if event.is_refused() {
            words.push("refused".to_owned());
        }
        let who = Event::first(&event.agents);
        if !event.on_behalf_of.is_empty() {
            words.push(format!("{who} for {}", event.on_behalf_of.get()));
        }
        let text = safe(&words.join(", "));
        let (time, place) = (safe(&time), safe(&place));
        let room = self.width.saturating_sub(time.width() + 2);
        let beside = text.width() + place.width() + 2 <= room;
        let text_line = if beside { pad(&text, room - place.width(), "") } else { String::new() };
        if beside {
            return vec![Line::from(vec![
                Span::raw(format!("{time}  ")),
                Span::raw(text_line),
                Span::styled(place, self.theme.faint()),
            ])];
        }
        let ellipsis = self.theme.ellipsis();
        let mut lines = vec![Line::from(vec![
            Span::raw(format!("{time}  ")),
            Span::styled(cut(&place, room, ellipsis), self.theme.faint()),
        ])];
        let wrapped = wrap(&text, self.width.saturating_sub(4));
        lines.extend(wrapped.into_iter().map(|line| Line::from(format!("    {line}"))));
        lines
    }

    fn agent(&self, line: &AgentLine) -> Vec<Line<'static>> {
        let (opened, counts) = (self.opened, line.counts);
        let mut lines = self.said(&opened.actor(&line.actor), Weight::Strong);
        let share = percent(counts.beyond, counts.events);
        let text = format!(
            "{}: {} allowed, {} beyond ({share}), {} unjudged.",
            capital(&events(counts.events)),
            number(counts.allowed),
            number(counts.beyond),
            number(counts.unjudged)
        );
        lines.extend(self.said(&text, Weight::Plain));
        lines.extend(self.said(&self.when(line.when.first, line.when.last), Weight::Faint));
        lines.push(Line::default());
        lines.extend(self.chain(&line.actor));
        if !line.reasons.is_empty() {
            lines.push(self.title("Why it went beyond"));
            for (reason, count) in &line.reasons {
                let text = format!("{:>9}  {}: {}", number(*count), reason.word(), reason.phrase());
                lines.push(Line::from(cut(&text, self.width, self.theme.ellipsis())));
            }
            lines.push(Line::default());
        }
        let now = opened.versions.now();
        let acting = line.actor.number().and_then(|number| now.acting(number));
        if let Some(Entity::Persona(id)) = acting.map(|acting| acting.entity)
            && let Some(creep) = opened.creep(|one| one.persona == id)
        {
            lines.push(self.title("How far its access has crept"));
            lines.extend(self.said(
                &format!("{creep:.0} of 100: what is granted and not used, of what is granted."),
                Weight::Plain,
            ));
        }
        lines
    }

    fn grant(&self, one: &GrantUse) -> Vec<Line<'static>> {
        let analysis = self.opened.analysis();
        let catalog = &analysis.catalog;
        let grant = &catalog.personas[one.persona.index()].grants[one.grant];
        let days = self.opened.usage.days;
        let (who, what) = (catalog.label(one.persona.into()), catalog.label(one.component.into()));
        let sentence = match one.used {
            Use::Below(level) => format!(
                "{who} is granted {what}, and in {days} days used it at {} at most.",
                catalog.settings.level(level)
            ),
            _ => format!("{who} is granted {what}, and the logs prove that it was not used for {days} days."),
        };
        let mut lines = self.said(&sentence, Weight::Strong);
        lines.push(Line::default());
        lines.push(self.title("The grant"));
        lines.extend(self.said(&grant_phrase(catalog, grant), Weight::Plain));
        lines.extend(self.said(&line_of(analysis, grant.place), Weight::Faint));
        let last = one.last.map_or("It was never used.".to_owned(), |last| {
            let text = written(last);
            format!("It was last used on {}.", text.get(..10).unwrap_or(&text))
        });
        lines.extend(self.said(&last, Weight::Plain));
        lines.push(Line::default());
        if let Some(creep) = self.opened.creep(|other| other.persona == one.persona) {
            lines.push(self.title("How far the access of this persona has crept"));
            let room = self.width.clamp(10, 50);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss,
                reason = "a share of a few columns"
            )]
            let full = ((creep / 100.0 * room as f64).round() as usize).min(room);
            let (block, rest) = if self.theme.ascii { ("#", ".") } else { ("█", "░") };
            lines.push(Line::from(vec![
                Span::styled(block.repeat(full), self.theme.severity(Severity::Medium)),
                Span::styled(rest.repeat(room - full), self.theme.faint()),
                Span::styled(format!(" {creep:.0} of 100"), self.theme.strong()),
            ]));
            lines.extend(self.said(
                "What is granted and not used, of what is granted, each weighed by its level; over the grants of \
                 which the logs can tell.",
                Weight::Faint,
            ));
            lines.push(Line::default());
        }
        let text = format!(
            "{}: take it away, or keep it for when it is used, with what that changes.  {}: to the grant.",
            self.model.keys.shown(Action::ApplyFix),
            self.model.keys.shown(Action::Open)
        );
        lines.push(self.title("What now"));
        lines.extend(self.said(&text, Weight::Plain));
        lines
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
