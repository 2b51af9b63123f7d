//! Grants that are not needed, not enough, not clear, or out of time.

use crate::analysis::Finding;
use crate::analysis::facts::covers;
use crate::card::kinds::Mode;
use crate::card::node::Node;
use crate::card::words::nearest;
use crate::catalog::{CardEdit, ComponentId, EnvironmentSet, Grant, GrantState, Level, PersonaId};

use super::hand::{Hand, and, text, words};
use super::narrow::{change_grant, on};
use super::{Fix, Way};

pub(super) fn unneeded_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let name = hand.label(component);
    let grants = hand.grants(persona, component);
    let mut fixes = vec![Fix::edits(
        Way::Remove,
        format!("Remove the access to {name}"),
        grants.iter().map(|grant| hand.remove(grant.place)).collect(),
    )];
    if let Ok(yesterday) = hand.context.day.yesterday() {
        let last = text(yesterday.to_string());
        fixes.push(Fix::edits(
            Way::Disable,
            format!("End the access to {name}, and keep it on the card as expired"),
            change_grant(hand, &grants, &[("expires", last)]),
        ));
    }
    fixes.push(Fix::advice(
        Way::Describe,
        format!("If {} does use {name}, describe the step of a process that does", hand.label(persona)),
    ));
    fixes
}

pub(super) fn redundant_grant(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let (Some((_, component)), Some(place)) = (on(finding), finding.place) else { return Vec::new() };
    let title = format!("Remove the grant of {} that another one covers", hand.label(component));
    vec![Fix::safe(Way::Remove, title, vec![hand.remove(place)])]
}

pub(super) fn expired_grant(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let day = hand.context.day;
    let expired: Vec<&Grant> = hand
        .persona(persona)
        .grants
        .iter()
        .filter(|grant| grant.component == component && grant.state(day) == GrantState::Expired)
        .collect();
    let name = hand.label(component);
    let mut fixes = vec![Fix::safe(
        Way::Remove,
        format!("Remove the expired grant of {name}"),
        expired.iter().map(|grant| hand.remove(grant.place)).collect(),
    )];
    if let Ok(until) = day.checked_add(jiff::Span::new().days(90)) {
        let edits = expired
            .iter()
            .flat_map(|grant| hand.set(grant, "expires", Some(text(until.to_string()))))
            .collect();
        fixes.push(Fix::edits(Way::Renew, format!("Renew the access to {name} until {until}"), edits));
    }
    fixes
}

pub(super) fn unspecified_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let crate::catalog::Entity::Persona(persona) = finding.subject else { return Vec::new() };
    let facts = hand.context.facts.of_persona(persona);
    let own = hand.persona(persona);
    let vague: Vec<&Grant> = facts
        .active
        .iter()
        .map(|&place| &own.grants[place])
        .filter(|grant| grant.environments.is_empty() || grant.highest_level().is_none())
        .collect();
    let mut known = Vec::new();
    let mut least = Vec::new();
    let mut unknown = Vec::new();
    for grant in &vague {
        let needs = hand.needs(persona, grant.component);
        let environments: EnvironmentSet =
            needs.iter().map(|need| need.environments).fold(EnvironmentSet::NONE, EnvironmentSet::union);
        let any = needs.iter().any(|need| need.environments.is_empty());
        let level = needs.iter().filter_map(|need| need.level).max();
        let all: EnvironmentSet = (0..hand.catalog().settings.environments.len()).collect();
        let stated = |level: Option<Level>, environments: EnvironmentSet| {
            let mut fields: Vec<(&str, Node)> = Vec::new();
            if let Some(level) = level.filter(|_| grant.highest_level().is_none()) {
                fields.push(("level", text(hand.level(level))));
            }
            if grant.environments.is_empty() && !environments.is_empty() {
                fields.push(("environments", hand.environments(environments)));
            }
            hand.set_all(grant, &fields)
        };
        let environments = if any { all } else { environments };
        let complete = (level.is_some() || grant.highest_level().is_some())
            && (!environments.is_empty() || !grant.environments.is_empty());
        if complete {
            known.extend(stated(level, environments));
            least.extend(stated(level, environments));
        } else {
            unknown.push(hand.label(grant.component));
            let environments = if environments.is_empty() { EnvironmentSet::one(0) } else { environments };
            least.extend(stated(Some(level.unwrap_or(Level(0))), environments));
        }
    }
    let mut fixes = Vec::new();
    if unknown.is_empty() {
        let title = "State level and environments as its work needs them".to_owned();
        fixes.push(Fix::edits(Way::Narrow, title, known));
    } else {
        let title = "State level and environments: what its work needs, else the least there is".to_owned();
        fixes.push(Fix::edits(Way::Narrow, title, least));
        fixes.push(Fix::advice(
            Way::Describe,
            format!("Describe the work with {}; then level and environments follow", and(&unknown)),
        ));
    }
    fixes
}

pub(super) fn unknown_role(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let catalog = hand.catalog();
    let known: Vec<&str> = catalog.components[component.index()]
        .roles
        .iter()
        .map(|role| role.name.written())
        .chain(catalog.settings.roles.iter().map(|(role, _)| role.written()))
        .collect();
    let grants = hand.grants(persona, component);
    let wrong: Vec<&Grant> = grants.into_iter().filter(|grant| !grant.unknown_roles.is_empty()).collect();
    let Some(first) = wrong.first().and_then(|grant| grant.unknown_roles.first()) else { return Vec::new() };
    let name = hand.label(component);
    let with = |role: Option<&str>| -> Vec<CardEdit> {
        wrong
            .iter()
            .flat_map(|grant| {
                let roles: Vec<&str> = grant
                    .roles
                    .iter()
                    .filter_map(
                        |own| if grant.unknown_roles.contains(own) { role } else { Some(own.written()) },
                    )
                    .collect();
                match roles.as_slice() {
                    [] => hand.set(grant, "role", None),
                    [one] => role_edits(hand, grant, text(*one)),
                    several => role_edits(hand, grant, words(several)),
                }
            })
            .collect()
    };
    let mut fixes = Vec::new();
    if let Some(near) = nearest(first.written(), known.iter().copied()) {
        let title = format!("Write the role {near} instead of {first}");
        fixes.push(Fix::edits(Way::Rename, title, with(Some(near))));
    }
    let least = hand.needs(persona, component).iter().filter_map(|need| need.level).max();
    if let Some(level) = least {
        let edits = wrong.iter().flat_map(|grant| hand.set_level(grant, level)).collect();
        let title = format!("Grant {} instead of the role {first}, as its work needs", hand.level(level));
        fixes.push(Fix::edits(Way::Narrow, title, edits));
    }
    if catalog.components[component.index()].declared {
        let level = least.unwrap_or(Level(0));
        let role = Node::Map(vec![
            ("name".into(), text(first.written())),
            ("level".into(), text(hand.level(level))),
        ]);
        let place = catalog.components[component.index()].place;
        fixes.push(Fix::edits(
            Way::Declare,
            format!("Declare the role {first} on the card of {name}, as {}", hand.level(level)),
            vec![hand.add(place, "roles", role)],
        ));
    }
    fixes.push(Fix::edits(Way::Remove, format!("Remove the role {first}"), with(None)));
    fixes
}

/// Edits that make a grant's roles these.
fn role_edits(hand: &Hand<'_>, grant: &Grant, roles: Node) -> Vec<CardEdit> {
    let item = hand.catalog().value_at(grant.place);
    // The word of a short form is the role itself.
    if let Some(Node::Map(entries)) = &item
        && item.as_ref().is_some_and(|item| item.get("component").is_none())
        && let [(_, Node::Text(_) | Node::List(_))] = entries.as_slice()
    {
        let route = crate::card::edit::Route::from(grant.place.path).then(0usize);
        let change = crate::card::edit::Change::Set(roles);
        return vec![CardEdit::Change { card: grant.place.card, route, change }];
    }
    hand.set(grant, "role", Some(roles))
}

pub(super) fn static_credential(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let fixed = |auth: &str| ["api-key", "password", "pat", "connection-string"].contains(&auth);
    let name = hand.label(component);
    let grants: Vec<&Grant> = hand
        .grants(persona, component)
        .into_iter()
        .filter(|grant| grant.auth.as_ref().is_some_and(|auth| fixed(auth.folded())))
        .collect();
    let catalog = hand.catalog();
    let mut ways: Vec<&str> = catalog.components[component.index()]
        .auth
        .iter()
        .filter(|auth| !fixed(auth.folded()))
        .map(|auth| auth.written())
        .collect();
    // Where the component's card does not say how one signs in to it.
    if ways.is_empty() {
        ways = if hand.persona(persona).is_human() {
            vec!["oauth2"]
        } else {
            vec!["managed-identity", "workload-identity"]
        };
    }
    let mut fixes: Vec<Fix> = ways
        .into_iter()
        .map(|auth| {
            let edits = change_grant(hand, &grants, &[("auth", text(auth))]);
            Fix::edits(Way::Redesign, format!("Sign in to {name} with {auth}"), edits)
        })
        .collect();
    fixes.push(Fix::edits(
        Way::Remove,
        format!("Remove the access to {name}"),
        grants.iter().map(|grant| hand.remove(grant.place)).collect(),
    ));
    fixes
}

pub(super) fn missing_access(hand: &Hand<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((persona, component)) = on(finding) else { return Vec::new() };
    let catalog = hand.catalog();
    let name = hand.label(component);
    let environment = finding.environment;
    let needs: Vec<_> = hand
        .needs(persona, component)
        .iter()
        .filter(|need| match environment {
            Some(environment) => need.environments.contains(environment),
            None => need.environments.is_empty(),
        })
        .collect();
    let level = needs.iter().filter_map(|need| need.level).max();
    let mut tools: Vec<&str> = Vec::new();
    for tool in needs.iter().flat_map(|need| need.tools(catalog)) {
        if !tools.contains(&tool.written()) {
            tools.push(tool.written());
        }
    }
    let place = hand.persona(persona).place;
    let approver = hand.humans_near(persona).into_iter().next();
    let grant = |conditions: Vec<(Box<str>, Node)>| {
        let mut fields: Vec<(Box<str>, Node)> = vec![("component".into(), text(hand.id(component)))];
        fields.extend(level.map(|level| (Box::from("level"), text(hand.level(level)))));
        fields.extend(
            environment
                .map(|environment| (Box::from("environments"), words([hand.environment(environment)]))),
        );
        if !tools.is_empty() {
            fields.push(("tools".into(), words(&tools)));
        }
        fields.extend(conditions);
        vec![hand.add(place, "component_access", Node::Map(fields))]
    };
    let there =
        environment.map_or(String::new(), |environment| format!(" in {}", hand.environment(environment)));
    let what = level.map_or("access", |level| hand.level(level));
    let mut fixes = Vec::new();
    let mut conditions: Vec<(Box<str>, Node)> = vec![("mode".into(), text("jit"))];
    conditions.push(("max_duration".into(), text("1h")));
    conditions.extend(of_crossing(hand, persona, component, level, tools.is_empty()));
    let with_approval = |mut conditions: Vec<(Box<str>, Node)>| {
        conditions.extend(approver.map(|actor| (Box::from("approval"), text(hand.id(actor)))));
        conditions
    };
    let human = hand.persona(persona).is_human();
    let standing = Fix::edits(Way::Grant, format!("Grant {what} on {name}{there}"), grant(Vec::new()));
    if human {
        fixes.extend(widened(hand, persona, finding));
        fixes.push(standing);
        let eligible = vec![("mode".into(), text("eligible")), ("max_duration".into(), text("8h"))];
        fixes.push(Fix::edits(
            Way::JustInTime,
            format!("Make {what} on {name}{there} eligible, to be activated for 8 hours at most"),
            grant(eligible),
        ));
    } else {
        fixes.push(Fix::edits(
            Way::JustInTime,
            format!("Grant {what} on {name}{there} just in time, for an hour at most"),
            grant(conditions.clone()),
        ));
        if let Some(approver) = approver {
            fixes.push(Fix::edits(
                Way::JustInTime,
                format!("Grant {what} on {name}{there} just in time, approved by {}", hand.label(approver)),
                grant(with_approval(conditions)),
            ));
        }
        fixes.extend(widened(hand, persona, finding));
        fixes.push(standing);
    }
    fixes.extend(reassigned(hand, persona, finding));
    fixes
}

/// What an agent's grant says where it crosses to another platform, or calls the tools of a server: how it
/// signs in, and which tools, the least that are of the level.
fn of_crossing(
    hand: &Hand<'_>,
    persona: PersonaId,
    component: ComponentId,
    level: Option<Level>,
    lists_no_tools: bool,
) -> Vec<(Box<str>, Node)> {
    let own = &hand.catalog().components[component.index()];
    let identity = hand.persona(persona).identity.as_ref();
    let home = identity.and_then(|identity| identity.provider.as_ref());
    let home = home.map(|provider| if provider.is("entra") { "azure" } else { provider.folded() });
    let crosses = own.platform.as_ref().is_some_and(|platform| {
        platform.is("saas") || platform.is("mcp") || home.is_some_and(|home| !platform.is(home))
    });
    let mut fields: Vec<(Box<str>, Node)> = Vec::new();
    let lowest = own.tools.iter().filter_map(|(_, level)| *level).min();
    let within = level.or(lowest);
    let least: Vec<&str> = own
        .tools
        .iter()
        .filter(|(_, own)| own.zip(within).is_none_or(|(own, within)| own <= within))
        .map(|(tool, _)| tool.written())
        .collect();
    if lists_no_tools && !least.is_empty() {
        fields.push(("tools".into(), words(least)));
    }
    if crosses && own.auth.is_empty() {
        fields.push(("auth".into(), text("oauth2")));
    }
    fields
}

/// Where a grant of the component is there, it is made wide enough.
fn widened(hand: &Hand<'_>, persona: PersonaId, finding: &Finding) -> Option<Fix> {
    let (_, component) = on(finding)?;
    let catalog = hand.catalog();
    let environment = finding.environment;
    let grants = hand.grants(persona, component);
    let grant = grants.iter().find(|grant| {
        environment
            .is_none_or(|own| grant.environments.contains(own) && grant.environments.iter().count() == 1)
    })?;
    let needs = hand.needs(persona, component);
    let short = needs.iter().filter(|need| !covers(catalog, grant, need, environment));
    let level = short
        .filter_map(|need| need.level)
        .max()
        .filter(|level| grant.highest_level().is_some_and(|own| own < *level))?;
    let edits = hand.set_level(grant, level);
    let title = format!("Raise the access to {} to {}", hand.label(component), hand.level(level));
    Some(Fix::edits(Way::Grant, title, edits))
}

/// Gives the steps that need it to somebody who has the access already.
fn reassigned(hand: &Hand<'_>, persona: PersonaId, finding: &Finding) -> Vec<Fix> {
    let Some((_, component)) = on(finding) else { return Vec::new() };
    let catalog = hand.catalog();
    let facts = hand.context.facts;
    let steps: Vec<_> = facts
        .of_persona(persona)
        .performs
        .iter()
        .filter(|performed| {
            let step = &catalog.steps[performed.step.index()];
            performed.named_at.is_some() && step.uses.iter().any(|used| used.component == component)
        })
        .collect();
    if steps.is_empty() {
        return Vec::new();
    }
    hand.kindred(persona, None)
        .into_iter()
        .filter(|other| !hand.grants(*other, component).is_empty())
        .take(2)
        .map(|other| {
            let mut edits: Vec<CardEdit> = steps
                .iter()
                .filter_map(|performed| {
                    let step = &catalog.steps[performed.step.index()];
                    let place = performed.named_at?;
                    // Who performs it already needs no second mention.
                    if step.performers.iter().any(|performer| performer.persona == Some(other)) {
                        return Some(hand.remove(place));
                    }
                    hand.rename(place, &hand.id(other))
                })
                .collect();
            let given: Vec<_> = steps.iter().map(|performed| performed.step).collect();
            edits.extend(hand.handed_over(persona, &given));
            let title = format!("Give the work with {} to {}", hand.label(component), hand.label(other));
            Fix::edits(Way::Reassign, title, edits)
        })
        .collect()
}

/// Makes the mode of grants just in time, with the conditions that are known to hold.
pub(super) fn just_in_time(hand: &Hand<'_>, grants: &[&Grant], conditions: &[(&str, Node)]) -> Vec<CardEdit> {
    grants
        .iter()
        .flat_map(|grant| {
            let mut fields: Vec<(&str, Node)> = vec![("mode", text("jit"))];
            if grant.max_duration.is_none() {
                fields.push(("max_duration", text("1h")));
            }
            let stated = |field: &str| match field {
                "phases" => !grant.phases.is_empty(),
                "max_risk" => grant.max_risk.is_some(),
                "expires" => grant.expires.is_some(),
                "approval" => !grant.approval.is_empty(),
                _ => false,
            };
            fields.extend(conditions.iter().filter(|(field, _)| !stated(field)).cloned());
            if grant.mode == Some(Mode::JustInTime) {
                fields.remove(0);
            }
            hand.set_all(grant, &fields)
        })
        .collect()
}
