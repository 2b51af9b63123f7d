//! The trail against an audit that does not know how it was made, and against all routes there are.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::analysis::routes::asks::{Ruling, approvers};
use crate::analysis::routes::{Hop, explore};
use crate::analysis::testing::analysis;
use crate::audit::event::{Event, moment};
use crate::audit::judge::judge;
use crate::audit::mapping::Mapping;
use crate::audit::readers;
use crate::audit::versions::Versions;
use crate::card::words::Name;

fn plan(seed: u64, events: u64) -> Plan {
    let start = moment("2026-11-23T09:00:00Z").unwrap_or_else(|| panic!("a moment"));
    Plan { scenario: ScenarioId::from_index(0), seed, events, start, strays: 25, refusals: 20 }
}

fn played(analysis: &Analysis, plan: &Plan) -> (Vec<(TrailEvent, Expected)>, Played) {
    let mut events = Vec::new();
    let mut sink = |event: &TrailEvent, expected: Expected| {
        events.push((event.clone(), expected));
        Ok::<(), Infallible>(())
    };
    let played = play(analysis, plan, &mut sink).unwrap_or_else(|why| panic!("{why}"));
    let Ok(played) = played;
    (events, played)
}

/// Every event is judged as the play says, ends at the human whom the catalog names, follows what led to
/// it, and every route is one that is walked.
fn holds(text: &str, seed: u64, events: u64) -> Played {
    let analysis = Arc::new(analysis(text));
    let (trail, played) = played(&analysis, &plan(seed, events));
    assert_eq!(trail.len() as u64, events);
    let versions = Versions::only(analysis.clone(), &Mapping::default());
    let reader = readers::find("events").unwrap_or_else(|| panic!("our own"));
    let mut known = HashSet::new();
    let mut last = i64::MIN;
    for (event, expected) in &trail {
        let line = serde_json::to_string(event).unwrap_or_else(|why| panic!("{why}"));
        let mut judged = 0;
        let mut sink = |read: &Event<'_>| {
            judged += 1;
            let found = judge(versions.now(), 0, versions.now(), read);
            assert_eq!((found.verdict, found.reason), (expected.verdict, expected.reason), "{line}");
            assert_eq!(found.refused, event.decision == "deny", "{line}");
            assert!(!found.strange_words, "{line}");
            let number = found.actor.number().unwrap_or_else(|| panic!("{line}"));
            let acting = versions.acting(number).unwrap_or_else(|| panic!("{line}"));
            let named = match acting.entity {
                crate::catalog::Entity::Persona(id) if !acting.human => {
                    analysis.facts.answerable[id.index()].clone()
                }
                _ => Vec::new(),
            };
            let catalog = &analysis.catalog;
            for answer in &acting.answers {
                let is_named = named.iter().any(|actor| catalog.label((*actor).into()) == **answer);
                assert!(acting.human || is_named, "{line}: {answer}");
            }
            assert!(acting.human || acting.answered != acting.answers.is_empty(), "{line}");
        };
        (reader.read)(line.as_bytes(), &mut sink).unwrap_or_else(|why| panic!("{why}: {line}"));
        assert_eq!(judged, 1);
        let time = moment(&event.time).unwrap_or_else(|| panic!("{line}"));
        assert!(time >= last, "out of order: {line}");
        last = time;
        assert!(event.parent.is_empty() || known.contains(&event.parent), "no parent: {line}");
        assert!(known.insert(event.event.clone()), "twice: {line}");
        // What was let through is allowed, and what is allowed was let through, or nobody approved.
        if !event.component.is_empty() && event.decision == "allow" {
            assert_eq!(expected.verdict, Verdict::Allowed, "{line}");
        }
    }
    let found = explore(&analysis, ScenarioId::from_index(0));
    for (trigger, place, why) in played.stuck.keys() {
        let known = found.routes.iter().filter(|route| route.trigger == *trigger).any(|route| {
            let here =
                route.outcomes.iter().filter_map(|one| one.stuck.as_ref()).filter(|(at, _)| at == place);
            here.into_iter()
                .any(|(at, stuck)| stuck.word() == *why || may_end_so(&analysis, &route.hops[*at], why))
        });
        assert!(known || *why == "approval-refused", "{trigger} {place} {why}: {:?}", found.routes);
    }
    for (trigger, (_, through)) in played.triggers.iter().enumerate() {
        let ends =
            found.routes.iter().filter(|route| route.trigger == trigger).flat_map(|route| &route.outcomes);
        assert!(*through == 0 || ends.clone().any(|one| one.stuck.is_none()), "{trigger} gets to the end");
    }
    played
}

/// A route names the first ask that fails; the play takes the asks of a stop in any order, and may fail at
/// another of them first.
fn may_end_so(analysis: &Analysis, hop: &Hop, why: &str) -> bool {
    let Some(id) = hop.persona else { return false };
    let grants = &analysis.catalog.personas[id.index()].grants;
    hop.work.asks.iter().any(|(_, ruling)| match ruling {
        Ruling::Refused(..) => why == "refused",
        Ruling::Admitted(grant) => {
            let grant = &grants[*grant];
            why == "nobody-approves" && !grant.approval.is_empty() && approvers(analysis, grant).is_empty()
        }
    })
}

const TEAM: &str = "kind: PersonaList
items:
- {id: R, name: Router, type: agent, accountable: H, escalates_to: [Gone, A, H], invokes: [C], primary_interaction: [{with: A, protocol: a2a}]}
- {id: A, name: First, type: agent, accountable: R, escalates_to: H, processes: [Work], component_access: [{component: S, level: write, environments: [dev], mode: jit, max_risk: medium, max_duration: 5m}, {component: T, level: read, environments: [dev, prod]}, {component: M, tools: [run], environments: [dev], mode: eligible, approval: H, max_duration: 30m}]}
- {id: B, name: Second, type: agent, accountable: H, component_access: [{component: T, level: admin, mode: eligible, approval: [H, Ana], phases: [test]}, {component: T, level: write}]}
- {id: C, name: Third, type: service, processes: [Work], component_access: [{component: S, role: Owner, approval: Gone}, {component: T, level: write, mode: jit, approval: K}]}
- {id: H, name: Human}
- {id: K, name: Keeper}
---
kind: PersonList
items: [{name: Ana, personas: [H]}, {name: Bo, personas: [H]}, {name: Cy, personas: [K], active: false}]
---
kind: Component
name: M
tools: {run: write, log: read}
---
kind: Process
name: Work
steps: [{name: do, phase: test, environments: [dev], uses: [S: write, {component: M, tools: [run]}], performers: [A]}, {name: undo, phase: test, uses: [T: write], performers: [C]}]
---
kind: Scenario
name: Case
router: R
triggers:
- {change: code, phase: test, risk: low, route: [A, B, H]}
- {change: load, phase: test, risk: high, route: [A]}
- {change: swap, phase: test, risk: medium, route: [B, A], joins: [B], leaves: [A]}
- {change: back, joins: [A], leaves: [B], route: [C]}
- {change: lost, route: [Nobody known]}
";

#[test]
fn an_audit_finds_what_the_play_says() {
    let played = holds(TEAM, 1, 4_000);
    // All that can happen does, or the test would prove little.
    for why in ["no-card", "not-there", "refused", "nobody-approves", "approval-refused"] {
        assert!(played.stuck.keys().any(|(.., word)| *word == why), "{why}: {:?}", played.stuck);
    }
    let reasons: HashSet<_> = played.refused.keys().map(|(_, lack)| *lack).collect();
    for lack in [
        None,
        Some(Lack::Environment),
        Some(Lack::Level),
        Some(Lack::Tool),
        Some(Lack::Risk),
        Some(Lack::Approval),
    ] {
        assert!(reasons.contains(&lack), "{lack:?}: {reasons:?}");
    }
    assert!(
        played.activated > 100 && played.activated >= played.revoked && played.revoked > 100,
        "{played:?}"
    );
    assert!(played.asked.len() == 2 && played.unasked > 0 && played.unescalated > 0, "{played:?}");
    assert!(played.triggers.iter().any(|(all, through)| all > through && *through > 0), "{played:?}");
}

#[test]
fn windows_end_in_the_middle_of_a_trail() {
    let text = TEAM.replace("max_duration: 5m", "expires: 2026-11-25").replace(
        "{component: T, level: read, environments: [dev, prod]}",
        "{component: T, level: read, starts: 2026-11-24}",
    );
    let analysis = analysis(&text);
    let (trail, played) = played(&analysis, &plan(3, 2_000));
    assert!(played.refused.keys().any(|(_, lack)| *lack == Some(Lack::Window)), "{:?}", played.refused);
    assert!(trail.iter().any(|(_, expected)| expected.reason == Some(Reason::Window)));
}

#[test]
fn nothing_to_play_is_said() {
    let fails = |text: &str| {
        let analysis = analysis(text);
        let mut sink = |_: &TrailEvent, _: Expected| Ok::<(), Infallible>(());
        play(&analysis, &plan(1, 1), &mut sink).err().unwrap_or_default()
    };
    assert!(fails("kind: Scenario\nname: S\nrouter: X\n").contains("has no triggers"));
    assert!(fails("kind: Scenario\nname: S\nrouter: X\ntriggers: [{route: [X]}]\n").contains("no router"));
}

#[test]
fn a_sink_that_fails_ends_the_play() {
    let analysis = analysis(TEAM);
    let mut left = 5;
    let mut sink = |_: &TrailEvent, _: Expected| {
        left -= 1;
        if left == 0 { Err("full") } else { Ok(()) }
    };
    let ended = play(&analysis, &plan(1, 1_000), &mut sink);
    assert_eq!(ended.map(|played| played.map(|played| played.events)), Ok(Err("full")));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let text = |seed| {
        let (trail, _) = played(&analysis(TEAM), &plan(seed, 300));
        let lines = trail.iter().map(|(event, _)| serde_json::to_string(event).unwrap_or_default());
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
    // A hash of the bytes, so that another machine has to give them too.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text(7).bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    assert_eq!(
        hash,
        7_962_736_883_745_363_528,
        "{}",
        text(7).lines().take(12).collect::<Vec<_>>().join("\n")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_audit_finds_what_the_play_says_of_any_team(
        seed in 0_u64..1_000,
        grants in prop::collection::vec((0_usize..4, 0_usize..4, 0_usize..5, 0_usize..4, 0_usize..4, 0_usize..5), 0..9),
        uses in prop::collection::vec((0_usize..3, 0_usize..4, 0_usize..4), 0..4),
        triggers in prop::collection::vec((0_usize..3, 0_usize..4, prop::collection::vec(0_usize..5, 0..4), prop::collection::vec(0_usize..5, 0..3), prop::collection::vec(0_usize..5, 0..3)), 1..4),
    ) {
        const WHO: [&str; 5] = ["R", "A", "B", "H", "Nobody"];
        let level = ["", ", level: read", ", level: write", ", level: admin"];
        let environment = ["", ", environments: [dev]", ", environments: [dev, prod]", ", environments: [prod]"];
        let mut text = String::from("kind: PersonList\nitems: [{name: Ana, personas: [H]}, {name: Cy, personas: [K], active: false}]\n---\nkind: Component\nname: C1\ntools: {run: write, log: read}\n---\nkind: PersonaList\nitems:\n- {id: H, name: Human}\n- {id: K, name: Keeper}\n");
        for who in 0..3 {
            text.push_str(&format!("- id: {0}\n  name: Agent {0}\n  type: agent\n  processes: [Work]\n  accountable: [{1}]\n  escalates_to: [{1}]\n  invokes: [B]\n  component_access:\n", WHO[who], ["H", "R", "K"][who]));
            for (place, (component, own, conditions, mode, approval, tools)) in grants.iter().enumerate() {
                if place % 3 != who { continue }
                let conditions = ["", ", phases: [test]", ", max_risk: low", ", max_risk: medium, phases: [test, deploy]", ", expires: 2026-11-24"][*conditions];
                let mode = ["", ", mode: jit", ", mode: eligible, max_duration: 2m", ", mode: jit, max_duration: 1h"][*mode];
                let approval = ["", ", approval: H", ", approval: K", ", approval: [Ana, R]"][*approval];
                let tools = ["", "", "", ", tools: [run]", ", tools: ['*']"][*tools];
                text.push_str(&format!("  - {{component: C{component}{}{}{conditions}{mode}{approval}{tools}}}\n", level[*own], environment[place % 4]));
            }
            text.push_str("  - Common\n");
        }
        text.push_str("---\nkind: Process\nname: Work\nsteps:\n- {name: rest}\n");
        for (place, (component, own, where_)) in uses.iter().enumerate() {
            let phase = ["", ", phase: test", ", phase: deploy"][place % 3];
            let tools = if place % 2 == 0 { ", tools: [run, log]" } else { "" };
            text.push_str(&format!("- {{name: s{place}{phase}{}, uses: [{{component: C{component}{}{tools}}}]}}\n", environment[*where_], level[*own]));
        }
        text.push_str("---\nkind: Scenario\nname: Case\nrouter: [R, A]\ntriggers:\n");
        for (phase, risk, route, joins, leaves) in &triggers {
            let phase = ["", ", phase: test", ", phase: deploy"][*phase];
            let risk = ["", ", risk: low", ", risk: medium", ", risk: high"][*risk];
            let names = |all: &[usize]| all.iter().map(|who| WHO[*who]).collect::<Vec<_>>().join(", ");
            text.push_str(&format!("- {{change: x{phase}{risk}, route: [{}], joins: [{}], leaves: [{}]}}\n", names(route), names(joins), names(leaves)));
        }
        // What expires does so in the middle; routes are walked on one day.
        let text = if seed % 2 == 0 { text.replace(", expires: 2026-11-24", "") } else { text };
        if seed % 2 == 0 {
            holds(&text, seed, 300);
        } else {
            let analysis = Arc::new(analysis(&text));
            let (trail, _) = played(&analysis, &plan(seed, 300));
            let versions = Versions::only(analysis, &Mapping::default());
            let reader = readers::find("events").unwrap_or_else(|| panic!("our own"));
            for (event, expected) in &trail {
                let line = serde_json::to_string(event).unwrap_or_default();
                let mut sink = |read: &Event<'_>| {
                    let found = judge(versions.now(), 0, versions.now(), read);
                    assert_eq!((found.verdict, found.reason), (expected.verdict, expected.reason), "{line}");
                };
                (reader.read)(line.as_bytes(), &mut sink).unwrap_or_else(|why| panic!("{why}"));
            }
        }
    }
}

#[test]
fn a_word_means_whom_the_catalog_means() {
    // A person who is called as a persona's alias cannot approve by name; the persona does.
    let text = TEAM
        .replace("{name: Ana, personas: [H]}, {name: Bo, personas: [H]}", "{name: First one, personas: [H]}")
        .replace("name: First,", "name: First, aliases: [first ONE],")
        .replace("[H, Ana]", "H");
    let analysis = analysis(&text);
    let (trail, _) = played(&analysis, &plan(1, 1_000));
    let approvals: HashSet<&str> =
        trail.iter().map(|(event, _)| event.approval.as_str()).filter(|word| !word.is_empty()).collect();
    assert_eq!(approvals, HashSet::from(["H"]));
    assert!(analysis.catalog.find_person(&Name::new("First one")).is_some());
    holds(&text, 1, 500);
}
