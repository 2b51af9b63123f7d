//! Every route for other programs, as `assets/schema/simulate-1.json` says.

use serde_json::{Value, json};

use super::super::report::{self, entity, location};
use super::{Shown, widest};
use crate::analysis::routes::asks::{Ask, Lack, Ruling};
use crate::analysis::routes::phrases::{answers, stuck_words};
use crate::analysis::routes::{Hop, MOST_MOVES, MOST_STATES, Move, Outcome, Route, Stuck};
use crate::card::kinds::Mode;
use crate::card::words::Name;
use crate::catalog::PersonaId;

/// The largest whole number that every reader of JSON keeps.
const LARGEST: u128 = 1 << 53;

pub fn print(shown: &Shown<'_>) -> anyhow::Result<String> {
    let catalog = &shown.analysis.catalog;
    let scenario = &catalog.scenarios[shown.found.scenario.index()];
    let [through, some, none] = shown.totals();
    let report = json!({
        "schema": "persona-workbench/simulate/1",
        "catalog": report::catalog(catalog),
        "at": shown.analysis.day.to_string(),
        "scenario": {"name": scenario.name.written(), "location": location(catalog, scenario.place)},
        "bounds": {"moves": MOST_MOVES, "states": MOST_STATES},
        "left_out": shown.found.left_out,
        "movers": shown.found.movers.iter().map(|id| json!({
            "persona": entity(catalog, (*id).into()),
            "at_start": shown.found.at_start.contains(id),
        })).collect::<Vec<_>>(),
        "totals": {"routes": shown.found.routes.len(), "through": through, "through_in_some": some, "stuck": none},
        "routes": shown.found.routes.iter().map(|route| route_part(shown, route)).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

fn route_part(shown: &Shown<'_>, route: &Route) -> Value {
    let catalog = &shown.analysis.catalog;
    let trigger = shown.trigger(route);
    json!({
        "trigger": {
            "number": route.trigger + 1,
            "change": trigger.change.as_ref().map(Name::written),
            "phase": trigger.phase.as_ref().map(Name::written),
            "risk": trigger.risk.map(|risk| catalog.settings.risk(risk)),
            "location": location(catalog, trigger.place),
        },
        "after": route.after.iter().map(|place| place + 1).collect::<Vec<_>>(),
        "absent": route.absent.iter().map(|id| entity(catalog, (*id).into())).collect::<Vec<_>>(),
        "hops": route.hops.iter().map(|hop| hop_part(shown, hop)).collect::<Vec<_>>(),
        "outcomes": route.outcomes.iter().map(|one| outcome_part(shown, route, one)).collect::<Vec<_>>(),
    })
}

fn hop_part(shown: &Shown<'_>, hop: &Hop) -> Value {
    let catalog = &shown.analysis.catalog;
    json!({
        "name": hop.name.written(),
        "persona": hop.persona.map(|id| entity(catalog, id.into())),
        "location": location(catalog, hop.place),
        "giver": hop.giver.map(|id| entity(catalog, id.into())),
        "protocol": hop.protocol.as_ref().map(Name::written),
        "answers": hop.persona.map_or_else(Vec::new, |id| answers(shown.analysis, id)),
        "described": hop.work.described,
        "would_do": hop.work.would_do.iter().map(|id| entity(catalog, (*id).into())).collect::<Vec<_>>(),
        "asks": hop.persona.map_or_else(Vec::new, |id| {
            hop.work.asks.iter().map(|(ask, ruling)| ask_part(shown, id, ask, ruling)).collect()
        }),
        "stuck": hop.stuck.as_ref().map(|stuck| stuck_part(shown, hop, stuck)),
        "held": hop.held.iter().filter_map(|(id, grant)| {
            let grant = catalog.personas[id.index()].grants.get(*grant)?;
            Some(json!({
                "persona": entity(catalog, (*id).into()),
                "component": entity(catalog, grant.component.into()),
                "location": location(catalog, grant.place),
            }))
        }).collect::<Vec<_>>(),
        "weight": hop.width,
    })
}

fn ask_part(shown: &Shown<'_>, persona: PersonaId, ask: &Ask, ruling: &Ruling) -> Value {
    let catalog = &shown.analysis.catalog;
    let settings = &catalog.settings;
    let (place, lacks): (Option<usize>, &[Lack]) = match ruling {
        Ruling::Admitted(grant) => (Some(*grant), &[]),
        Ruling::Refused(grant, lacks) => (*grant, lacks),
    };
    let grant = place.and_then(|place| catalog.personas[persona.index()].grants.get(place));
    let can =
        grant.map_or_else(Vec::new, |grant| crate::analysis::routes::asks::approvers(shown.analysis, grant));
    json!({
        "component": entity(catalog, ask.component.into()),
        "environment": ask.environment.map(|environment| settings.environment(environment)),
        "level": ask.level.map(|level| settings.level(level)),
        "tool": ask.tool.as_ref().map(Name::written),
        "taken": matches!(ruling, Ruling::Admitted(_)),
        "lacks": lacks.iter().map(|lack| lack.word()).collect::<Vec<_>>(),
        "grant": grant.map(|grant| json!({
            "mode": grant.mode.map(Mode::word),
            "max_duration": grant.max_duration.map(|most| most.to_string()),
            "approval": grant.approval.iter().map(|named| named.name.written()).collect::<Vec<_>>(),
            "approvers": can.into_iter().map(|actor| entity(catalog, actor.into())).collect::<Vec<_>>(),
            "location": location(catalog, grant.place),
        })),
    })
}

fn outcome_part(shown: &Shown<'_>, route: &Route, outcome: &Outcome) -> Value {
    let id = |id: PersonaId| shown.analysis.catalog.id(id.into()).into_owned();
    let steps: Vec<Value> = outcome
        .example
        .iter()
        .map(|one| match one {
            Move::Joins(who) => json!({"what": "joins", "who": id(*who)}),
            Move::Leaves(who) => json!({"what": "leaves", "who": id(*who)}),
            Move::Hop(place) => {
                let hop = route.hops.get(*place);
                let who = hop.map(|hop| hop.persona.map_or_else(|| hop.name.to_string(), id));
                json!({"what": "hop", "who": who})
            }
        })
        .collect();
    let stuck = outcome.stuck.as_ref().and_then(|(at, stuck)| {
        let mut part = stuck_part(shown, route.hops.get(*at)?, stuck);
        part["hop"] = json!(at);
        Some(part)
    });
    json!({
        "orders": u64::try_from(outcome.orders.min(LARGEST)).unwrap_or(u64::MAX),
        "example": steps,
        "stuck": stuck,
        "widest_hop": widest(route, outcome),
    })
}

fn stuck_part(shown: &Shown<'_>, hop: &Hop, stuck: &Stuck) -> Value {
    let (message, help) = stuck_words(shown.analysis, hop, stuck);
    json!({"why": stuck.word(), "message": message, "help": help})
}
