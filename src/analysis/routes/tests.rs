//! Routes of small scenarios, and of the example's.

use super::*;
use crate::analysis::testing::analysis;

const TEAM: &str = "kind: PersonaList
items:
- {id: R, name: Router, type: agent, accountable: H, primary_interaction: [{with: A, protocol: a2a}]}
- {id: A, name: First, type: agent, accountable: R, processes: [Work], component_access: [{component: S, level: write, environments: [dev], mode: jit, max_risk: medium}, {component: T, level: read, environments: [dev, prod]}]}
- {id: B, name: Second, type: agent, accountable: H, component_access: [{component: T, level: admin, mode: eligible, approval: H}]}
- {id: H, name: Human}
---
kind: Process
name: Work
steps: [{name: do, phase: test, environments: [dev], uses: [S: write]}]
---
kind: Scenario
name: Case
router: R
";

fn explored(triggers: &str) -> (Analysis, Exploration) {
    let analysis = analysis(&format!("{TEAM}triggers:\n{triggers}"));
    let explored = explore(&analysis, ScenarioId::from_index(0));
    (analysis, explored)
}

fn ends(route: &Route) -> Vec<(Option<(usize, &'static str)>, u128)> {
    let outcomes = route.outcomes.iter();
    outcomes.map(|one| (one.stuck.as_ref().map(|(at, why)| (*at, why.word())), one.orders)).collect()
}

#[test]
fn a_route_without_moves_has_one_order() {
    let (analysis, found) = explored("- {change: code, phase: test, risk: low, route: [A, B]}\n");
    assert_eq!((found.routes.len(), found.movers.len()), (1, 0));
    let route = &found.routes[0];
    assert_eq!(ends(route), [(None, 1)]);
    assert_eq!(route.hops.iter().map(|hop| hop.work.described).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(route.hops[1].protocol, Some(Name::new("a2a")));
    // At A: S write in dev (2), T read in dev and prod (1 + 1); at B T stays, S is gone, and B's admin counts 3.
    assert_eq!(route.hops.iter().map(|hop| hop.width).collect::<Vec<_>>(), [0, 4, 5]);
    assert_eq!(phrases::answers(&analysis, PersonaId::from_index(1)), ["Human (H)"]);
}

#[test]
fn risk_cuts_a_route_off() {
    let (analysis, found) = explored("- {phase: test, risk: high, route: [A]}\n");
    assert_eq!(ends(&found.routes[0]), [(Some((1, "refused")), 1)]);
    let hop = &found.routes[0].hops[1];
    let (why, _) = phrases::stuck_words(&analysis, hop, hop.stuck.as_ref().unwrap_or(&Stuck::NoCard));
    assert_eq!(why, "First (A) needs write on S in dev: its grant holds up to a lower risk (a.yaml:4).");
}

#[test]
fn all_orders_of_joins_and_leaves_are_counted() {
    // B joins and A leaves: R, A, B with two moves, 5! / 3! = 20 orders.
    let (_, found) = explored("- {phase: test, risk: low, route: [A, B], joins: [B], leaves: [A]}\n");
    let first = &found.routes[0];
    assert_eq!(
        (&*found.at_start, &*first.absent),
        (&[PersonaId::from_index(1)][..], &[PersonaId::from_index(2)][..])
    );
    let mut all = ends(first);
    all.sort_unstable();
    assert_eq!(all.iter().map(|(_, orders)| orders).sum::<u128>(), 20);
    // Counted by hand: A must not leave before its hop, and B must have joined by its own.
    let mut counted = std::collections::BTreeMap::new();
    for order in permutations(&["j", "l", "0", "1", "2"]) {
        let at = |what: &str| order.iter().position(|one| *one == what).unwrap_or(usize::MAX);
        if at("0") < at("1") && at("1") < at("2") {
            let end = if at("l") < at("1") {
                Some((1, "not-there"))
            } else if at("j") > at("2") {
                Some((2, "not-there"))
            } else {
                None
            };
            *counted.entry(end).or_insert(0) += 1;
        }
    }
    assert_eq!(all, counted.into_iter().collect::<Vec<_>>());
    // Once A has left, and B is there, the same trigger is another route.
    assert_eq!(found.routes.len(), 2);
    assert_eq!(
        (&*found.routes[1].after, ends(&found.routes[1])),
        (&[0][..], vec![(Some((1, "not-there")), 20)])
    );
}

fn permutations<'a>(items: &[&'a str]) -> Vec<Vec<&'a str>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(place);
        out.extend(permutations(&rest).into_iter().map(|mut order| {
            order.insert(0, item);
            order
        }));
    }
    out
}

#[test]
fn what_has_no_card_is_a_dead_end_and_says_what_it_would_need() {
    let text = format!(
        "{TEAM}triggers:\n- {{route: [Load Agent]}}\n---\nkind: Process\nname: Load\nsteps: [{{name: run, environments: [dev], uses: [T: read], performers: [Load Agent]}}]\n"
    );
    let analysis = analysis(&text);
    let found = explore(&analysis, ScenarioId::from_index(0));
    let hop = &found.routes[0].hops[1];
    assert_eq!(hop.stuck, Some(Stuck::NoCard));
    let (why, help) = phrases::stuck_words(&analysis, hop, &Stuck::NoCard);
    assert!(why.starts_with("Load Agent has no card"), "{why}");
    assert!(
        help.contains("It would do run (Load / run)") && help.contains("need read on T in dev"),
        "{help}"
    );
}

#[test]
fn too_many_moves_are_bounded_and_said() {
    let agents: String =
        (0..14).map(|place| format!("- {{id: M{place}, name: M{place}, type: agent}}\n")).collect();
    let joins: Vec<String> = (0..14).map(|place| format!("M{place}")).collect();
    let text = TEAM.replace("- {id: H, name: Human}\n", &format!("- {{id: H, name: Human}}\n{agents}"));
    let analysis = analysis(&format!("{text}triggers:\n- {{route: [M13], joins: [{}]}}\n", joins.join(", ")));
    let found = explore(&analysis, ScenarioId::from_index(0));
    assert!(found.left_out[0].contains("4 more joins and leaves than the 10"), "{:?}", found.left_out);
    assert_eq!(ends(&found.routes[0])[0].0, None);
    let text = explored("- {joins: [A], leaves: [A]}\n").1;
    assert_eq!(
        text.routes.iter().map(|route| ends(route)[0].0).collect::<Vec<_>>(),
        [Some((0, "no-route")), Some((0, "no-route"))]
    );
}

#[test]
fn of_each_who_joins_and_leaves_either_may_be_last() {
    let text = "kind: PersonaList\nitems: [{id: R, name: Router, type: agent}, {id: A, name: First, type: agent}, {id: B, name: Second, type: agent}]\n---\nkind: Scenario\nname: S\nrouter: R\ntriggers:\n- {change: swap, route: [R], joins: [A, B], leaves: [B, A]}\n- {change: next, route: [A, B]}\n";
    let analysis = analysis(text);
    let found = explore(&analysis, ScenarioId::from_index(0));
    let mut absent: Vec<usize> =
        found.routes.iter().filter(|route| route.trigger == 1).map(|route| route.absent.len()).collect();
    absent.sort_unstable();
    assert_eq!(absent, [0, 1, 1, 2], "both, one or the other, nobody");
}
