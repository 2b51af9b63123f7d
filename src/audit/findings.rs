//! What logs prove, as findings: beside those of the catalog's own rules, in every format of `check`.
//!
//! One finding a persona, component and environment, whatever the number of events; rows of single
//! events are for `persona audit`.

use std::collections::BTreeMap;

use super::summary::{Crossing, Summary, name};
use super::usage::{Usage, Use};
use super::versions::Versions;
use crate::analysis::evidence::granted;
use crate::analysis::finding::{Finding, Severity, Sink};
use crate::analysis::outside::{BEYOND_GRANT, UNATTRIBUTED, UNUSED_GRANT, unused_severity};
use crate::catalog::{Entity, PersonaId};

/// The most strangers that are named.
const NAMED: usize = 5;

/// The findings of an audit, about the catalog as it is.
#[must_use]
pub fn findings(versions: &Versions, summary: &Summary, usage: Option<&Usage>) -> Vec<Finding> {
    let mut out = beyond(versions, summary);
    out.extend(unattributed(versions, summary));
    out.extend(usage.map(|usage| unused(versions, usage)).unwrap_or_default());
    out
}

fn beyond(versions: &Versions, summary: &Summary) -> Vec<Finding> {
    let now = versions.now();
    let catalog = &now.analysis.catalog;
    let mut groups: BTreeMap<_, Vec<&Crossing>> = BTreeMap::new();
    for one in &summary.crossings {
        groups.entry((one.actor.clone(), one.component.clone(), one.environment)).or_default().push(one);
    }
    let mut sink = Sink::new(&BEYOND_GRANT);
    for ((actor, component, environment), crossings) in groups {
        let Some(acting) = actor.number().and_then(|number| now.acting(number)) else { continue };
        let events: u64 = crossings.iter().map(|one| one.when.count).sum();
        let refused: u64 = crossings.iter().map(|one| one.refused).sum();
        let why: Vec<&str> = crossings.iter().map(|one| one.reason.phrase()).collect();
        let place =
            environment.map_or(String::new(), |place| format!(" in {}", catalog.settings.environment(place)));
        let times = if events == 1 { "once".to_owned() } else { format!("{events} times") };
        let blocked = match refused {
            0 => String::new(),
            all if all == events => "; it was refused each time".to_owned(),
            some => format!("; it was refused {some} times"),
        };
        let message = format!(
            "{} went beyond its grants on {}{place} {times}: {}{blocked}.",
            acting.label,
            name(versions, &component, false),
            why.join("; ")
        );
        let severity = if refused == events { Severity::Medium } else { Severity::High };
        let object = component.number().and_then(|number| *now.components.get(number as usize)?);
        let nearest = crossings
            .iter()
            .filter_map(|one| one.row)
            .filter(|(version, _)| *version as usize + 1 == versions.count())
            .filter_map(|(_, row)| now.rows.get(row as usize))
            .collect::<Vec<_>>();
        let evidence = nearest.iter().map(|row| granted(catalog, row.persona, now.grant(row))).collect();
        let place = nearest.first().map(|row| row.place).or_else(|| catalog.place(acting.entity));
        let draft = sink.about(acting.entity, severity, message).environment(environment);
        match object {
            Some(object) => draft.object(object).because(place, evidence),
            None => draft.because(place, evidence),
        }
    }
    sink.take()
}

fn unattributed(versions: &Versions, summary: &Summary) -> Vec<Finding> {
    let now = versions.now();
    let catalog = &now.analysis.catalog;
    let mut sink = Sink::new(&UNATTRIBUTED);
    let (mut strangers, mut events) = (Vec::new(), 0);
    for line in summary.agents.iter().filter(|line| line.counts.unattributed > 0) {
        let Some(acting) = line.actor.number().and_then(|number| now.acting(number)) else {
            strangers.push(name(versions, &line.actor, true));
            events += line.counts.unattributed;
            continue;
        };
        let count = line.counts.unattributed;
        let message = format!(
            "{} of {}, and no human answers for {}.",
            if count == 1 { "1 event is".to_owned() } else { format!("{count} events are") },
            acting.label,
            if count == 1 { "it" } else { "them" }
        );
        sink.about(acting.entity, Severity::High, message).because(catalog.place(acting.entity), Vec::new());
    }
    if !strangers.is_empty() {
        let more = strangers.len().saturating_sub(NAMED);
        let named = strangers.iter().take(NAMED).map(|name| &**name).collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "{} of agents that the catalog does not know: {named}{more}.",
            if events == 1 { "1 event is".to_owned() } else { format!("{events} events are") }
        );
        sink.about(Entity::Catalog, Severity::High, message).because(catalog.settings.place, Vec::new());
    }
    sink.take()
}

fn unused(versions: &Versions, usage: &Usage) -> Vec<Finding> {
    let catalog = &versions.now().analysis.catalog;
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for one in &usage.grants {
        groups.entry((one.persona, one.component)).or_default().push(one);
    }
    let mut sink = Sink::new(&UNUSED_GRANT);
    for ((persona, component), grants) in groups {
        if grants.iter().any(|one| one.used != Use::Unused) {
            continue;
        }
        let stated = |place: usize| &catalog.personas[PersonaId::index(persona)].grants[place];
        let writes = grants.iter().any(|one| {
            stated(one.grant).highest_level().is_some_and(|level| level >= catalog.settings.second_level())
        });
        let message = format!(
            "{} is granted {}, and the logs prove that it was not used for {} days.",
            catalog.label(persona.into()),
            catalog.label(component.into()),
            usage.days
        );
        let evidence = grants.iter().map(|one| granted(catalog, persona, stated(one.grant))).collect();
        let place = grants.first().map(|one| stated(one.grant).place);
        sink.about(persona, unused_severity(writes), message).object(component).because(place, evidence);
    }
    sink.take()
}
