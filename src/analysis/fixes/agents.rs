//! Agents: who answers for them, who can stop them, and when their access is there at all.
//!
//! Humans are proposed by how near they are to the agent, never at random; the first is the best.

use crate::analysis::Finding;
use crate::card::kinds::PersonaType;
use crate::card::node::Node;
use crate::card::path::FieldPath;
use crate::catalog::{Actor, CardEdit, Entity, Grant, Party, PersonaId};

use super::access::just_in_time;
use super::hand::{Hand, text, words};
use super::narrow::{change_grant, on};
use super::{Fix, Way};

/// How many humans are proposed for one part.
const PROPOSED: usize = 2;

fn subject(finding: &Finding) -> Option<PersonaId> {
    match finding.subject {
        Entity::Persona(persona) => Some(persona),
        _ => None,
    }
}

/// Human personas and people near an agent, those first who have the part in question already.
fn proposed(hand: &Hand<'_>, agent: PersonaId) -> Vec<Actor> {
    hand.humans_near(agent).into_iter().take(PROPOSED).collect()
}

pub(super) fn unaccountable_agent(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(agent) = subject(finding) else { return Vec::new() };
    let place = hand.persona(agent).place;
    let label = hand.label(agent);
    let mut fixes: Vec<Fix> = proposed(hand, agent)
        .into_iter()
        .map(|human| {
            let edits = if hand.persona(agent).accountable.is_empty() {
                vec![hand.put(place, "accountable", text(hand.id(human)))]
            } else {
                vec![hand.add(place, "accountable", text(hand.id(human)))]
            };
            Fix::edits(Way::Name, format!("Let {} answer for {label}", hand.label(human)), edits)
        })
        .collect();
    fixes.extend(nobody(hand, agent, "answers for it"));
    fixes.push(disable(hand, agent));
    fixes
}

/// Where there is no human to name.
fn nobody(hand: &Hand<'_>, agent: PersonaId, does: &str) -> Option<Fix> {
    hand.humans_near(agent).is_empty().then(|| {
        let title =
            format!("Add a human who {does}: nobody is there who could be named for {}", hand.label(agent));
        Fix::advice(Way::Hire, title)
    })
}

/// Takes an agent out of the catalog, with everything that names it.
fn disable(hand: &Hand<'_>, agent: PersonaId) -> Fix {
    let mut edits = vec![CardEdit::Remove(hand.persona(agent).place.card)];
    edits.extend(hand.catalog().mentions(agent.into()).iter().map(crate::catalog::Mention::removed));
    let title = format!("Disable {}: take its card and what names it out of the catalog", hand.label(agent));
    Fix::edits(Way::Disable, title, edits)
}

pub(super) fn no_escalation(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(agent) = subject(finding) else { return Vec::new() };
    let place = hand.persona(agent).place;
    let human = |actor: &Actor| matches!(actor, Actor::Person(_)) || hand.is_there(*actor);
    let near: Vec<Actor> = proposed(hand, agent).into_iter().filter(human).collect();
    let mut fixes: Vec<Fix> = near
        .iter()
        .map(|human| {
            let title = format!("Let {} escalate to {}", hand.label(agent), hand.label(*human));
            let edit = if hand.persona(agent).escalates_to.is_empty() {
                hand.put(place, "escalates_to", words([hand.id(*human)]))
            } else {
                hand.add(place, "escalates_to", text(hand.id(*human)))
            };
            Fix::edits(Way::Name, title, vec![edit])
        })
        .collect();
    if let [first, second] = near.as_slice()
        && hand.persona(agent).escalates_to.is_empty()
    {
        let (one, two) = (hand.label(*first), hand.label(*second));
        let list = words([hand.id(*first), hand.id(*second)]);
        let title = format!("Let {} escalate to {one}, then to {two}", hand.label(agent));
        fixes.push(Fix::edits(Way::Name, title, vec![hand.put(place, "escalates_to", list)]));
    }
    fixes.extend(nobody(hand, agent, "it can ask"));
    fixes.push(disable(hand, agent));
    fixes
}

pub(super) fn no_override(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(agent) = subject(finding) else { return Vec::new() };
    let own = hand.persona(agent);
    let mut fixes: Vec<Fix> = proposed(hand, agent)
        .into_iter()
        .map(|human| {
            let title = format!("Let {} stop {}", hand.label(human), hand.label(agent));
            let path = FieldPath::CARD.key("override");
            let as_mapping = matches!(hand.catalog().value_at(own.place.with(path)), Some(Node::Map(_)));
            let edit = if as_mapping {
                let by = own.place.with(path.key("by"));
                CardEdit::at(by, crate::card::edit::Change::Insert(usize::MAX, text(hand.id(human))))
            } else {
                hand.add(own.place, "override", text(hand.id(human)))
            };
            Fix::edits(Way::Name, title, vec![edit])
        })
        .collect();
    fixes.extend(nobody(hand, agent, "can stop it"));
    fixes.push(disable(hand, agent));
    fixes
}

pub(super) fn unmonitored_agent(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(agent) = subject(finding) else { return Vec::new() };
    let place = hand.persona(agent).place;
    let catalog = hand.catalog();
    // Who watches others already, then who answers for it.
    let mut watchers: Vec<Actor> = Vec::new();
    for persona in &catalog.personas {
        for watcher in persona.monitored_by.iter().filter_map(|named| named.target) {
            watchers.push(Actor::Persona(watcher));
        }
    }
    watchers.extend(hand.humans_near(agent));
    let mut known = Vec::new();
    for watcher in watchers {
        if let Actor::Persona(id) = watcher
            && id != agent
            && !known.contains(&id)
        {
            known.push(id);
        }
    }
    let mut fixes: Vec<Fix> = known
        .into_iter()
        .take(PROPOSED)
        .map(|watcher| {
            let title = format!("Let {} monitor {}", hand.label(watcher), hand.label(agent));
            Fix::edits(Way::Name, title, vec![hand.add(place, "monitored_by", text(hand.id(watcher)))])
        })
        .collect();
    if fixes.is_empty() {
        let title = format!("Add a persona, human or agent, that monitors {}", hand.label(agent));
        fixes.push(Fix::advice(Way::Hire, title));
    }
    fixes
}

/// The phases in which a persona's work needs a component.
fn phases(hand: &Hand<'_>, persona: PersonaId, grant: &Grant) -> Vec<String> {
    let mut phases: Vec<String> = Vec::new();
    for need in hand.needs(persona, grant.component) {
        if let crate::analysis::NeedSource::Step(step, _) = need.source
            && let Some(phase) = &hand.catalog().steps[step.index()].phase
            && !phases.iter().any(|known| phase.is(known))
        {
            phases.push(phase.written().to_owned());
        }
    }
    phases
}

/// What is known to hold for a grant's use: its phases, and a risk that is not the highest.
fn conditions(hand: &Hand<'_>, persona: PersonaId, grant: &Grant) -> Vec<(&'static str, Node)> {
    let mut conditions = Vec::new();
    let phases = phases(hand, persona, grant);
    if !phases.is_empty() {
        conditions.push(("phases", words(phases)));
    }
    let risks = &hand.catalog().settings.risk_levels;
    if let Some(risk) = risks.get(risks.len().saturating_sub(2)) {
        conditions.push(("max_risk", text(risk.written())));
    }
    conditions
}

pub(super) fn standing_agent_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let name = hand.label(component);
    let standing: Vec<&Grant> =
        hand.grants(persona, component).into_iter().filter(|grant| grant.is_standing()).collect();
    let mut fixes = vec![Fix::edits(
        Way::JustInTime,
        format!("Grant {name} just in time, for an hour at most"),
        just_in_time(hand, &standing, &[]),
    )];
    let expires = hand.context.day.checked_add(jiff::Span::new().days(180)).ok();
    let edits = standing
        .iter()
        .flat_map(|grant| {
            let mut own = conditions(hand, persona, grant);
            own.extend(expires.map(|day| ("expires", text(day.to_string()))));
            just_in_time(hand, &[*grant], &own)
        })
        .collect();
    fixes.push(Fix::edits(
        Way::JustInTime,
        format!("Grant {name} just in time, bound to phase, risk and an end in half a year"),
        edits,
    ));
    if let Some(human) = hand.humans_near(persona).into_iter().next() {
        fixes.push(Fix::edits(
            Way::JustInTime,
            format!("Grant {name} just in time, approved by {}", hand.label(human)),
            just_in_time(hand, &standing, &[("approval", text(hand.id(human)))]),
        ));
    }
    let edits = standing.iter().map(|grant| hand.remove(grant.place)).collect();
    fixes.push(Fix::edits(Way::Remove, format!("Remove the access to {name}"), edits));
    fixes
}

pub(super) fn unconditioned_agent_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(persona) = subject(finding) else { return Vec::new() };
    let own = hand.persona(persona);
    let facts = hand.context.facts.of_persona(persona);
    let free: Vec<&Grant> = facts
        .active
        .iter()
        .map(|&place| &own.grants[place])
        .filter(|grant| grant.phases.is_empty() && grant.max_risk.is_none())
        .collect();
    let with = |both: bool| -> Vec<CardEdit> {
        free.iter()
            .flat_map(|grant| {
                let mut own = conditions(hand, persona, grant);
                if !both {
                    own.retain(|(field, _)| *field == "max_risk");
                }
                change_grant(hand, &[*grant], &own)
            })
            .collect()
    };
    vec![
        Fix::edits(
            Way::Narrow,
            "Bind its access to the phases of its work, and cap the risk".to_owned(),
            with(true),
        ),
        Fix::edits(Way::Narrow, "Cap the risk up to which its access holds".to_owned(), with(false)),
    ]
}

pub(super) fn unapproved_agent_write(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let settings = &hand.catalog().settings;
    let production = settings.production();
    let (name, there) = (hand.label(component), hand.environment(production));
    let writing: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| {
            grant.environments.contains(production)
                && grant.approval.is_empty()
                && grant.level_in(production).is_some_and(|level| level >= settings.second_level())
        })
        .collect();
    let mut fixes: Vec<Fix> = proposed(hand, persona)
        .into_iter()
        .map(|human| {
            let edits = change_grant(hand, &writing, &[("approval", text(hand.id(human)))]);
            let title = format!("Let {} approve what it writes to {name}", hand.label(human));
            Fix::edits(Way::Name, title, edits)
        })
        .collect();
    let lowest = crate::catalog::Level(0);
    fixes.push(Fix::edits(
        Way::Narrow,
        format!("Narrow {name} to {}", hand.level(lowest)),
        writing.iter().flat_map(|grant| hand.set_level(grant, lowest)).collect(),
    ));
    let edits = writing
        .iter()
        .flat_map(|grant| {
            let rest = grant.environments.iter().filter(|own| *own != production).collect();
            let rest: crate::catalog::EnvironmentSet = rest;
            if rest.is_empty() {
                vec![hand.remove(grant.place)]
            } else {
                hand.set(grant, "environments", Some(hand.environments(rest)))
            }
        })
        .collect();
    fixes.push(Fix::edits(Way::Narrow, format!("Take {there} out of the access to {name}"), edits));
    fixes
}

pub(super) fn delegation_widening(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let catalog = hand.catalog();
    let name = hand.label(component);
    let reach = hand.context.graph.reach(catalog, persona);
    let open: Vec<(PersonaId, &Grant)> = reach
        .iter()
        .filter(|reached| reached.persona != persona && hand.persona(reached.persona).is_agent())
        .flat_map(|reached| {
            hand.grants(reached.persona, component).into_iter().map(move |grant| (reached.persona, grant))
        })
        .filter(|(_, grant)| grant.is_standing() && grant.approval.is_empty())
        .collect();
    let grants: Vec<&Grant> = open.iter().map(|(_, grant)| *grant).collect();
    let Some((first, _)) = open.first() else { return Vec::new() };
    let mut fixes = vec![Fix::edits(
        Way::JustInTime,
        format!("Grant {name} just in time to {}", hand.label(*first)),
        just_in_time(hand, &grants, &[]),
    )];
    if let Some(human) = hand.humans_near(*first).into_iter().next() {
        let edits = change_grant(hand, &grants, &[("approval", text(hand.id(human)))]);
        let title = format!("Let {} approve what {} does with {name}", hand.label(human), hand.label(*first));
        fixes.push(Fix::edits(Way::Name, title, edits));
    }
    let invoked = hand.persona(persona).invokes.iter().find(|named| named.target == Some(*first));
    if let Some(named) = invoked {
        let title =
            format!("Take from {} that it may hand work to {}", hand.label(persona), hand.label(*first));
        fixes.push(Fix::edits(Way::Remove, title, vec![hand.remove(named.place)]));
    }
    fixes
}

pub(super) fn shared_identity(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Some(first), Some(Entity::Persona(second))) = (subject(finding), finding.object) else {
        return Vec::new();
    };
    let mut fixes = vec![Fix::advice(
        Way::Name,
        format!("Make an identity for {}, and write its id on the card", hand.label(second)),
    )];
    for one in [second, first] {
        let own = hand.persona(one);
        let path = FieldPath::CARD.key("identity");
        let title = format!("Take the shared identity off the card of {} until it has one", hand.label(one));
        fixes.push(Fix::edits(Way::Remove, title, vec![hand.remove(own.place.with(path))]));
    }
    fixes
}

pub(super) fn missing_auth(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let name = hand.label(component);
    let own = &hand.catalog().components[component.index()];
    let grants: Vec<&Grant> =
        hand.grants(persona, component).into_iter().filter(|grant| grant.auth.is_none()).collect();
    let mut fixes: Vec<Fix> = ["oauth2", "workload-identity"]
        .into_iter()
        .map(|auth| {
            let edits = change_grant(hand, &grants, &[("auth", text(auth))]);
            Fix::edits(Way::Redesign, format!("Sign in to {name} with {auth}"), edits)
        })
        .collect();
    if own.declared {
        let edits = vec![hand.add(own.place, "auth", text("oauth2"))];
        fixes.push(Fix::edits(
            Way::Declare,
            format!("State on the card of {name} that it takes oauth2"),
            edits,
        ));
    }
    fixes
}

pub(super) fn missing_protocol(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Some(first), Some(Entity::Persona(second))) = (subject(finding), finding.object) else {
        return Vec::new();
    };
    let states = |from: PersonaId, to: PersonaId, protocol: &str| -> Fix {
        let own = hand.persona(from);
        let named = own.interactions.iter().find(|interaction| interaction.party == Party::Persona(to));
        let edits = match named {
            Some(named) => {
                hand.set_in_list(named.place, "primary_interaction", "protocol", Some(text(protocol)))
            }
            None => {
                let item =
                    Node::Map(vec![("with".into(), text(hand.id(to))), ("protocol".into(), text(protocol))]);
                vec![hand.add(own.place, "primary_interaction", item)]
            }
        };
        let title = format!("State that {} speaks {protocol} with {}", hand.label(from), hand.label(to));
        Fix::edits(Way::Record, title, edits)
    };
    let named = |from: PersonaId, to: PersonaId| {
        hand.persona(from).interactions.iter().any(|interaction| interaction.party == Party::Persona(to))
    };
    let (from, to) =
        if named(first, second) || !named(second, first) { (first, second) } else { (second, first) };
    vec![states(from, to, "a2a"), states(from, to, "mcp")]
}

pub(super) fn self_approval(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let catalog = hand.catalog();
    let unattended = |actor: Actor| matches!(actor, Actor::Persona(id) if catalog.personas[id.index()].persona_type != PersonaType::Human);
    let own: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| {
            !grant.approval.is_empty()
                && grant.approval.iter().all(|named| named.target.is_some_and(unattended))
        })
        .collect();
    let name = hand.label(component);
    let mut fixes = Vec::new();
    for human in proposed(hand, persona) {
        let label = hand.label(human);
        let edits = change_grant(hand, &own, &[("approval", text(hand.id(human)))]);
        fixes.push(Fix::edits(Way::Name, format!("Let {label} approve the access to {name}"), edits));
    }
    if let Some(human) = proposed(hand, persona).first() {
        let edits = own
            .iter()
            .flat_map(|grant| {
                let mut all: Vec<String> =
                    grant.approval.iter().map(|named| named.name.written().to_owned()).collect();
                all.push(hand.id(*human));
                hand.set(grant, "approval", Some(words(all)))
            })
            .collect();
        let title = format!("Let {} approve the access to {name} as well", hand.label(*human));
        fixes.push(Fix::edits(Way::Name, title, edits));
    }
    fixes.extend(nobody(hand, persona, "approves"));
    let edits = own.iter().map(|grant| hand.remove(grant.place)).collect();
    fixes.push(Fix::edits(Way::Remove, format!("Remove the access to {name}"), edits));
    fixes
}

pub(super) fn unlogged_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Entity::Component(component) = finding.subject else { return Vec::new() };
    let own = &hand.catalog().components[component.index()];
    let name = hand.label(component);
    let log = own.platform.as_ref().and_then(|platform| {
        Some(match platform.folded() {
            "azure" => "Azure Activity Log",
            "aws" => "AWS CloudTrail",
            "gcp" => "Cloud Audit Logs",
            "github" => "GitHub audit log",
            _ => return None,
        })
    });
    let mut fixes: Vec<Fix> = log
        .map(|log| {
            let edits = vec![hand.put(own.place, "audit_log", text(log))];
            Fix::edits(Way::Record, format!("State that the use of {name} is recorded in {log}"), edits)
        })
        .into_iter()
        .collect();
    fixes.push(Fix::advice(
        Way::Record,
        format!("Record the use of {name} where it can be audited, and name the log on its card"),
    ));
    let granted: Vec<CardEdit> = hand
        .kindred(PersonaId::from_index(0), None)
        .into_iter()
        .chain([PersonaId::from_index(0)])
        .filter(|persona| hand.catalog().personas.get(persona.index()).is_some_and(|own| own.is_agent()))
        .flat_map(|persona| hand.grants(persona, component))
        .map(|grant| hand.remove(grant.place))
        .collect();
    if !granted.is_empty() {
        fixes.push(Fix::edits(Way::Remove, format!("Take {name} from agents until it is recorded"), granted));
    }
    fixes
}
