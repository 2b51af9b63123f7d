//! Accesses that are too wide, made as wide as the work needs: by level, environment and tools.
//!
//! The least privilege comes first; where one grant serves several environments it can be split.

use crate::analysis::{Finding, Need};
use crate::catalog::{CardEdit, ComponentId, Entity, EnvironmentSet, Grant, Level, PersonaId};

use super::hand::{Hand, and, text, words};
use super::{Fix, Way};

pub(super) fn on(finding: &Finding) -> Option<(PersonaId, ComponentId)> {
    match (finding.subject, finding.object) {
        (Entity::Persona(persona), Some(Entity::Component(component))) => Some((persona, component)),
        _ => None,
    }
}

/// The level that the needs in an environment ask for at most.
fn asked(needs: &[Need], environment: Option<usize>) -> Option<Level> {
    let there = needs.iter().filter(|need| environment.is_none_or(|environment| need.is_in(environment)));
    there.map(|need| need.level).collect::<Option<Vec<_>>>()?.into_iter().max()
}

pub(super) fn excess_level(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let needs = hand.needs(persona, component);
    let Some(level) = asked(needs, finding.environment) else { return Vec::new() };
    let name = hand.label(component);
    let word = hand.level(level);
    let too_high: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| match finding.environment {
            Some(environment) => {
                grant.environments.contains(environment)
                    && grant.level_in(environment).is_some_and(|own| own > level)
            }
            None => {
                grant.environments.is_empty()
                    && grant.level_without_environment().is_some_and(|own| own > level)
            }
        })
        .collect();
    let mut fixes = Vec::new();
    let Some(environment) = finding.environment else {
        let edits = too_high.iter().flat_map(|grant| hand.set_level(grant, level)).collect();
        fixes.push(Fix::edits(Way::Narrow, format!("Narrow {name} to {word}"), edits));
        return fixes;
    };
    // As high as any of its environments asks for: one change where that is enough.
    let whole: Vec<CardEdit> = too_high
        .iter()
        .flat_map(|grant| {
            let most = grant.environments.iter().filter_map(|other| asked(needs, Some(other))).max();
            hand.set_level(grant, most.unwrap_or(level))
        })
        .collect();
    fixes.push(Fix::edits(Way::Narrow, format!("Narrow {name} to {word}"), whole));
    fixes.extend(split(hand, persona, &name, &too_high, environment, Some(level)));
    fixes
}

/// Takes an environment out of grants, and gives it a grant of its own at a level.
fn split(
    hand: &Hand<'_>,
    persona: PersonaId,
    name: &str,
    grants: &[&Grant],
    environment: usize,
    level: Option<Level>,
) -> Option<Fix> {
    let mut edits = Vec::new();
    let mut own: Vec<(&str, crate::card::node::Node)> = Vec::new();
    if let Some(level) = level {
        own.push(("level", text(hand.level(level))));
    }
    own.push(("environments", words([hand.environment(environment)])));
    for grant in grants {
        edits.extend(without(hand, grant, environment));
    }
    let first = grants.first()?;
    if level.is_some() {
        let place = hand.persona(persona).place;
        edits.push(hand.add(place, "component_access", hand.copy_of(first, &own)));
    }
    let there = hand.environment(environment);
    let title = match level {
        Some(level) => format!("Split {name} by environment: {} in {there}", hand.level(level)),
        None => format!("Take {there} out of the access to {name}"),
    };
    Some(Fix::edits(if level.is_some() { Way::Split } else { Way::Narrow }, title, edits))
}

/// A grant without one of its environments; the grant goes where that was its last.
fn without(hand: &Hand<'_>, grant: &Grant, environment: usize) -> Vec<CardEdit> {
    let rest: EnvironmentSet = grant.environments.iter().filter(|own| *own != environment).collect();
    if rest.is_empty() {
        vec![hand.remove(grant.place)]
    } else {
        hand.set(grant, "environments", Some(hand.environments(rest)))
    }
}

pub(super) fn unneeded_environment(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Some((persona, component)), Some(environment)) = (on(finding), finding.environment) else {
        return Vec::new();
    };
    let name = hand.label(component);
    let there = hand.environment(environment);
    let stating: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| grant.environments.contains(environment))
        .collect();
    let mut fixes: Vec<Fix> = split(hand, persona, &name, &stating, environment, None).into_iter().collect();
    let needed: EnvironmentSet = hand
        .needs(persona, component)
        .iter()
        .map(|need| need.environments)
        .fold(EnvironmentSet::NONE, EnvironmentSet::union);
    if !needed.is_empty() {
        let edits = stating
            .iter()
            .flat_map(|grant| {
                let kept: EnvironmentSet =
                    grant.environments.iter().filter(|own| needed.contains(*own)).collect();
                if kept.is_empty() {
                    vec![hand.remove(grant.place)]
                } else {
                    hand.set(grant, "environments", Some(hand.environments(kept)))
                }
            })
            .collect();
        let list = hand.catalog().settings.environment_list(needed);
        fixes.push(Fix::edits(Way::Narrow, format!("Narrow {name} to {list}, where it is needed"), edits));
    }
    fixes.push(Fix::advice(
        Way::Describe,
        format!(
            "If {} does work with {name} in {there}, describe that step in its process",
            hand.label(persona)
        ),
    ));
    fixes
}

pub(super) fn excess_tools(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let tools = needed_tools(hand, persona, component);
    let name = hand.label(component);
    let grants = hand.grants(persona, component);
    let listed: Vec<&&Grant> = grants.iter().filter(|grant| !grant.tools.is_empty()).collect();
    let edits = listed
        .iter()
        .flat_map(|grant| {
            let own: Vec<&String> = tools
                .iter()
                .filter(|tool| grant.has_every_tool() || grant.tools.iter().any(|own| own.is(tool)))
                .collect();
            if own.is_empty() {
                vec![hand.remove(grant.place)]
            } else {
                hand.set(grant, "tools", Some(words(own)))
            }
        })
        .collect();
    vec![
        Fix::edits(Way::Narrow, format!("Narrow {name} to the tools {}", and(&tools)), edits),
        Fix::advice(
            Way::Describe,
            format!("If the other tools are used, name them in the step of the process that uses {name}"),
        ),
    ]
}

/// The tools that the needs of a component state, as first written.
fn needed_tools(hand: &Hand<'_>, persona: PersonaId, component: ComponentId) -> Vec<String> {
    let mut tools: Vec<&crate::card::words::Name> = Vec::new();
    for need in hand.needs(persona, component) {
        for tool in need.tools(hand.catalog()) {
            if !tools.contains(&tool) {
                tools.push(tool);
            }
        }
    }
    tools.into_iter().map(|tool| tool.written().to_owned()).collect()
}

pub(super) fn unscoped_tools(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let declared = &hand.catalog().components[component.index()].tools;
    let name = hand.label(component);
    let open: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| grant.tools.is_empty() || grant.has_every_tool())
        .collect();
    let list = |title: String, tools: &[String]| {
        let edits = open.iter().flat_map(|grant| hand.set(grant, "tools", Some(words(tools)))).collect();
        Fix::edits(Way::Narrow, title, edits)
    };
    let mut fixes = Vec::new();
    let needed = needed_tools(hand, persona, component);
    if !needed.is_empty() {
        fixes.push(list(format!("Grant only the tools that its work names: {}", and(&needed)), &needed));
    }
    let level = asked(hand.needs(persona, component), None)
        .or_else(|| open.iter().filter_map(|grant| grant.highest_level()).max());
    let within: Vec<String> = declared
        .iter()
        .filter(|(_, own)| own.zip(level).is_none_or(|(own, level)| own <= level))
        .map(|(tool, _)| tool.written().to_owned())
        .collect();
    if let Some(level) = level.filter(|_| !within.is_empty()) {
        let title = format!("Grant only the tools up to {}: {}", hand.level(level), and(&within));
        fixes.push(list(title, &within));
    }
    let lowest = declared.iter().filter_map(|(_, level)| *level).min();
    let least: Vec<String> = declared
        .iter()
        .filter(|(_, own)| *own == lowest)
        .map(|(tool, _)| tool.written().to_owned())
        .collect();
    if !least.is_empty() && least.len() < declared.len() {
        fixes.push(list(format!("Grant only the least of its tools: {}", and(&least)), &least));
    }
    let edits = open.iter().map(|grant| hand.remove(grant.place)).collect();
    fixes.push(Fix::edits(Way::Remove, format!("Remove the access to {name}"), edits));
    if fixes.len() == 1 {
        fixes.insert(
            0,
            Fix::advice(
                Way::Describe,
                format!("List the tools of {name} on its card, then grant single ones"),
            ),
        );
    }
    fixes
}

pub(super) fn human_write_in_prod(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let settings = &hand.catalog().settings;
    let production = settings.production();
    let name = hand.label(component);
    let there = hand.environment(production);
    let second = settings.second_level();
    let standing: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| {
            grant.is_standing()
                && grant.environments.contains(production)
                && grant.level_in(production).is_some_and(|level| level >= second)
        })
        .collect();
    let needs = hand.needs(persona, component);
    let there_needed = needs.iter().any(|need| need.is_in(production));
    let level = asked(needs, Some(production));
    let writes = there_needed && level.is_none_or(|level| level >= second);
    let mut fixes = Vec::new();
    let just_in_time = |title: String, alone: bool| {
        let mut edits: Vec<CardEdit> = Vec::new();
        for grant in &standing {
            let own = vec![("mode", text("eligible")), ("max_duration", text("8h"))];
            if alone && grant.environments.iter().count() > 1 {
                edits.extend(without(hand, grant, production));
                let fields: Vec<_> = own.into_iter().chain([("environments", words([there]))]).collect();
                let place = hand.persona(persona).place;
                let mut copy = hand.copy_of(grant, &fields);
                if grant.level.is_none()
                    && let Some(level) = grant.level_in(production)
                    && let crate::card::node::Node::Map(entries) = &mut copy
                {
                    entries.insert(1, ("level".into(), text(hand.level(level))));
                }
                edits.push(hand.add(place, "component_access", copy));
            } else {
                edits.extend(hand.set_all(grant, &own));
            }
        }
        Fix::edits(Way::JustInTime, title, edits)
    };
    let split_title = format!("Make {name} in {there} eligible, to be activated for 8 hours at most");
    let lower = || {
        let least = level.unwrap_or(Level(0)).min(Level(0));
        split(hand, persona, &name, &standing, production, Some(least))
    };
    if writes {
        fixes.push(just_in_time(split_title, true));
        fixes.push(just_in_time(format!("Make all access to {name} eligible"), false));
    } else {
        if there_needed {
            fixes.extend(lower());
        }
        fixes.extend(split(hand, persona, &name, &standing, production, None));
        fixes.push(just_in_time(split_title, true));
        fixes.push(just_in_time(format!("Make all access to {name} eligible"), false));
    }
    fixes
}

/// Grants of which a field says how it is set from now on.
pub(super) fn change_grant(
    hand: &Hand<'_>,
    grants: &[&Grant],
    fields: &[(&str, crate::card::node::Node)],
) -> Vec<CardEdit> {
    grants.iter().flat_map(|grant| hand.set_all(grant, fields)).collect()
}
