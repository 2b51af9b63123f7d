//! Ways out of what logs prove: grant it just in time, block it, take it away; each as edits of cards.
//!
//! What an edit does to the kept events is not believed but judged again, by the cards after it. Which
//! findings of the cards it closes and opens is for the analysis to say.

use std::sync::Arc;

use smallvec::SmallVec;

use super::boundary::{Boundary, Directory};
use super::event::Text;
use super::judge::{Judgement, Reason, Verdict, judge};
use super::kept::Kept;
use super::mapping::Mapping;
use super::opened::Opened;
use crate::analysis::decide::{Verdict as Decided, decide};
use crate::analysis::fixes::{Fix, Way};
use crate::analysis::outside::{BEYOND_GRANT, UNATTRIBUTED, UNUSED_GRANT};
use crate::analysis::{Analysis, Finding};
use crate::card::edit::{Change, items};
use crate::card::kinds::DecisionAction;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::card::words::Name;
use crate::catalog::{Actor, CardEdit, Catalog, ComponentId, Entity, Grant, Level, PersonaId};

/// The ways out of a finding that logs prove, best first. `shown` is the analysis with the findings of the
/// logs among the others, and `place` the finding's place in it.
#[must_use]
pub fn ways(opened: &Opened, shown: &Analysis, place: usize) -> Vec<Fix> {
    let Some(finding) = shown.findings.get(place) else { return Vec::new() };
    let (Entity::Persona(persona), object) = (finding.subject, finding.object) else {
        return vec![advice(Way::Declare, "Give the agent a card, or map its identity to the persona it is")];
    };
    let component = match object {
        Some(Entity::Component(component)) => Some(component),
        _ => None,
    };
    match (finding.rule.id, component) {
        (id, Some(component)) if id == BEYOND_GRANT.id => beyond(opened, shown, place, persona, component),
        (id, Some(component)) if id == UNUSED_GRANT.id => unused(&shown.catalog, persona, component),
        (id, None) if id == BEYOND_GRANT.id => {
            vec![advice(Way::Declare, "Give the component a card, or map its name to the one it is")]
        }
        (id, _) if id == UNATTRIBUTED.id => {
            vec![advice(
                Way::Name,
                "Name a human who answers for it: the gap unaccountable-agent offers whom",
            )]
        }
        _ => Vec::new(),
    }
}

/// How many of the kept events that a finding is about the cards after an edit would admit, and of how many.
#[must_use]
pub fn admitted(opened: &Opened, finding: &Finding, after: &Arc<Analysis>) -> (usize, usize) {
    let mut directory = Directory::default();
    let boundary = Boundary::of(after.clone(), &Mapping::default(), &mut directory);
    let events: Vec<(&Judgement, &Kept)> = about(opened, finding).collect();
    let all = events.len();
    let fits = events.into_iter().filter(|(judgement, kept)| {
        // Whom and what the log means was found with its mapping, which is not at hand; ids do as well.
        let mut event = kept.event.clone();
        let named = |entity: Option<Entity>| -> Option<SmallVec<[Text<'static>; 2]>> {
            let word = after.catalog.id(entity?).into_owned();
            Some([Text::from(word)].into_iter().collect())
        };
        if let Some(words) = named(Some(finding.subject)) {
            event.agents = words;
        }
        if let Some(words) = named(finding.object) {
            event.components = words;
        }
        if let Some(environment) = judgement.environment {
            event.environment = Text::from(after.catalog.settings.environment(environment).to_owned());
        }
        if let Some(level) = judgement.level {
            event.level = Text::from(after.catalog.settings.level(level).to_owned());
        }
        // Nobody could approve yet what the cards did not ask to be approved.
        event.approval = Text::default();
        event.shows_approval = false;
        judge(&boundary, 0, &boundary, &event).verdict == Verdict::Allowed
    });
    (fits.count(), all)
}

/// The kept events that a finding is about.
fn about<'a>(
    opened: &'a Opened,
    finding: &'a Finding,
) -> impl Iterator<Item = (&'a Judgement, &'a Kept)> + use<'a> {
    let now = opened.versions.now();
    opened.totals.kept.iter().map(|(judgement, kept)| (&**judgement, kept)).filter(move |(judgement, _)| {
        let actor = judgement.actor.number().and_then(|number| now.acting(number));
        let component =
            judgement.component.number().and_then(|number| *now.components.get(number as usize)?);
        actor.is_some_and(|acting| acting.entity == finding.subject)
            && component.map(Entity::Component) == finding.object
            && judgement.environment == finding.environment
    })
}

fn beyond(
    opened: &Opened,
    shown: &Analysis,
    place: usize,
    persona: PersonaId,
    component: ComponentId,
) -> Vec<Fix> {
    let Some(finding) = shown.findings.get(place) else { return Vec::new() };
    let catalog = &shown.catalog;
    let events: Vec<(&Judgement, &Kept)> = about(opened, finding).collect();
    let name = catalog.label(component.into());
    let there = finding
        .environment
        .map_or(String::new(), |place| format!(" in {}", catalog.settings.environment(place)));
    let mut ways = Vec::new();
    let approvals = events.iter().filter(|(judgement, _)| {
        matches!(judgement.reason, Some(Reason::ApprovalMissing | Reason::ApprovalWrong))
    });
    if approvals.count() == events.len() && !events.is_empty() {
        let who = approvers(catalog, persona, component);
        ways.push(advice(Way::Name, &format!("Have {who} approve it before it is done")));
    } else {
        let level = events.iter().filter_map(|(judgement, _)| judgement.level).max();
        let word = level.map_or(String::new(), |level| format!(" {}", catalog.settings.level(level)));
        let grant = asked_for(shown, finding, persona, component, level, &events);
        let card = catalog.personas[persona.index()].place;
        let list = card.with(FieldPath::CARD.key("component_access"));
        ways.push(Fix {
            way: Way::JustInTime,
            title: format!("Grant {name}{word}{there}, just in time"),
            edits: vec![CardEdit::at(list, Change::Insert(usize::MAX, grant))],
            safe: false,
        });
    }
    let own = grants(catalog, persona, component);
    if !own.is_empty() {
        ways.push(Fix {
            way: Way::Remove,
            title: format!("Block {name}: take every access to it away"),
            edits: own.iter().map(|grant| CardEdit::at(grant.place, Change::Remove)).collect(),
            safe: false,
        });
    }
    let verdict = Decided {
        action: DecisionAction::Fix,
        reason: Some(format!("to be blocked where {name} enforces access")),
        by: None,
        decided: shown.day,
        until: None,
        work_item: None,
    };
    if let Ok(edits) = decide(shown, &[place], &verdict) {
        let title = format!("Block it where {name} enforces access: record that this is to be fixed");
        ways.push(Fix { way: Way::Record, title, edits, safe: false });
    }
    ways
}

/// A grant that admits what was done, and no more: this level, these tools and phases, up to this risk, there.
fn asked_for(
    shown: &Analysis,
    finding: &Finding,
    persona: PersonaId,
    component: ComponentId,
    level: Option<Level>,
    events: &[(&Judgement, &Kept)],
) -> Node {
    let settings = &shown.catalog.settings;
    let mut fields = vec![("component", text(&shown.catalog.id(component.into())))];
    fields.extend(level.map(|level| ("level", text(settings.level(level)))));
    if let Some(environment) = finding.environment {
        fields.push(("environments", Node::List(vec![text(settings.environment(environment))])));
    }
    let stated = |word: fn(&Kept) -> &str| -> Option<Vec<Name>> {
        let mut out: Vec<Name> = Vec::new();
        for (_, kept) in events {
            let word = Name::new(word(kept));
            // Where one event does not say, a grant that lists the words of others still admits it.
            if !word.is_empty() && !out.contains(&word) {
                out.push(word);
            }
        }
        (!out.is_empty()).then_some(out)
    };
    let words = |names: Vec<Name>| Node::List(names.iter().map(|name| text(name.written())).collect());
    let component = &shown.catalog.components[component.index()];
    let has_tools = !component.tools.is_empty() || component.platform.as_ref().is_some_and(|of| of.is("mcp"));
    if has_tools && let Some(tools) = stated(|kept| kept.event.tool.get()) {
        fields.push(("tools", words(tools)));
    }
    fields.push(("mode", text("jit")));
    if let Some(phases) = stated(|kept| kept.event.phase.get()) {
        fields.push(("phases", words(phases)));
    }
    let risks = stated(|kept| kept.event.risk.get()).unwrap_or_default();
    let places = risks.iter().filter_map(|risk| settings.risk_levels.iter().position(|known| known == risk));
    if let Some(most) = places.max().and_then(|place| settings.risk_levels.get(place)) {
        fields.push(("max_risk", text(most.written())));
    }
    // Whoever answers for an agent approves what it changes where it matters most.
    let changes = level.is_none_or(|level| level >= settings.second_level());
    let critical = finding.environment.is_none_or(|place| place == settings.production());
    let human = shown.facts.answerable[persona.index()].iter().find(|end| match end {
        Actor::Persona(id) => shown.catalog.personas[id.index()].is_human(),
        Actor::Person(_) => true,
    });
    if changes
        && critical
        && let Some(human) = human
    {
        fields.push(("approval", text(&shown.catalog.id((*human).into()))));
    }
    Node::Map(fields.into_iter().map(|(field, value)| (Box::from(field), value)).collect())
}

fn unused(catalog: &Catalog, persona: PersonaId, component: ComponentId) -> Vec<Fix> {
    let own = grants(catalog, persona, component);
    let name = catalog.label(component.into());
    let taken = own.iter().map(|grant| CardEdit::at(grant.place, Change::Remove)).collect();
    let mut ways =
        vec![Fix { way: Way::Remove, title: format!("Take {name} away"), edits: taken, safe: false }];
    let standing: Vec<CardEdit> = own
        .iter()
        .filter(|grant| grant.is_standing())
        .flat_map(|grant| {
            let is_level = |word: &str| {
                let word = crate::card::words::fold(word);
                catalog.settings.access_levels.iter().any(|level| level.is(&word))
            };
            let item = catalog.value_at(grant.place);
            let route = grant.place.path.into();
            item.map(|item| {
                items::set_field(&item, "component_access", &route, "mode", Some(text("jit")), is_level)
            })
            .unwrap_or_default()
            .into_iter()
            .map(|(route, change)| CardEdit::Change { card: grant.place.card, route, change })
        })
        .collect();
    if !standing.is_empty() {
        let title = format!("Keep {name} for when it is used: just in time");
        ways.push(Fix { way: Way::JustInTime, title, edits: standing, safe: false });
    }
    ways
}

fn grants(catalog: &Catalog, persona: PersonaId, component: ComponentId) -> Vec<&Grant> {
    let own = &catalog.personas[persona.index()].grants;
    own.iter().filter(|grant| grant.component == component).collect()
}

fn approvers(catalog: &Catalog, persona: PersonaId, component: ComponentId) -> String {
    let mut names: Vec<String> = grants(catalog, persona, component)
        .into_iter()
        .flat_map(|grant| &grant.approval)
        .map(|named| named.target.map_or(named.name.to_string(), |actor| catalog.label(actor.into())))
        .collect();
    names.dedup();
    if names.is_empty() { "whom the grant names".to_owned() } else { names.join(" or ") }
}

fn advice(way: Way, title: &str) -> Fix {
    Fix { way, title: title.to_owned(), edits: Vec::new(), safe: false }
}

fn text(word: &str) -> Node {
    Node::Text(word.into())
}
