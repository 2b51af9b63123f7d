//! Reach against a small catalog of agents that set each other to work.

use super::*;
use crate::analysis::testing::analysis;

const AGENTS: &str = "kind: PersonaList
items:
  - {id: R, name: Router, type: agent, accountable: H, invokes: [A, B], component_access: [{component: Log, level: read, environments: [prod]}]}
  - {id: A, name: A, type: agent, accountable: R, invokes: [C], component_access: [{component: Store, level: write, environments: [prod], mode: jit}]}
  - {id: B, name: B, type: agent, accountable: P, invokes: [C]}
  - {id: C, name: C, type: agent, invokes: [D], component_access: [{component: Bus, level: write, environments: [dev, prod]}, {component: Vault, level: admin}]}
  - {id: D, name: D, type: agent, accountable: H, component_access: [{component: Web, level: write, environments: [dev]}, {component: Old, level: write, environments: [prod], expires: 2020-01-01}]}
  - {id: H, name: H, component_access: [{component: Desk, level: write, environments: [prod]}]}
---
kind: PersonList
items: [{name: P, personas: [H, R]}, {name: Q, personas: [H], active: false}]
";

fn ids(analysis: &Analysis, entities: &[Entity]) -> Vec<String> {
    entities.iter().map(|entity| analysis.catalog.id(*entity).into_owned()).collect()
}

fn of(analysis: &Analysis, word: &str) -> Reach {
    reach(analysis, analysis.catalog.find(word)[0]).expect("a reach")
}

#[test]
fn an_agent_reaches_hop_by_hop_and_somebody_answers() {
    let analysis = analysis(AGENTS);
    let found = of(&analysis, "R");
    let hops: Vec<String> = found
        .hops
        .iter()
        .map(|hop| {
            format!(
                "{} {} {}",
                hop.distance,
                analysis.catalog.id(hop.entity),
                ids(&analysis, &hop.answers).join(",")
            )
        })
        .collect();
    assert_eq!(hops, ["0 R H", "1 A H", "1 B P", "2 C ", "3 D H"]);
    assert_eq!(ids(&analysis, &found.writes), ["Store", "Bus", "Vault"]);
    assert_eq!(found.of, 4, "Desk is a human's; Web is in dev, and Old has expired");
    assert!((found.share().expect("a share") - 0.75).abs() < 1e-9);
    assert_eq!(ids(&analysis, &found.touches), ["Log", "Store", "Bus", "Vault", "Web"]);
    let store = &found.hops[1].access[0];
    assert!(store.writes && store.conditional);
}

#[test]
fn the_edge_that_cuts_most_is_the_one_on_every_way() {
    let analysis = analysis(AGENTS);
    // C is reached through A and through B: neither edge to it cuts anything, R -> A cuts Store.
    let chokes = of(&analysis, "R").chokes;
    let edge =
        |choke: &Choke| (ids(&analysis, &[choke.via.from, choke.via.to]).join(">"), choke.writes.len());
    let edges: Vec<(String, usize)> = chokes.iter().map(edge).collect();
    assert!(edges.iter().all(|(edge, _)| edge != "A>C" && edge != "B>C" && edge != "R>B"), "{edges:?}");
    assert_eq!(edges[0].1, 1);
    // From B all goes over B -> C, which cuts two writes, and D's access too.
    let chokes = of(&analysis, "B").chokes;
    assert_eq!(edge(&chokes[0]), ("B>C".to_owned(), 2));
    assert_eq!(ids(&analysis, &chokes[0].loses), ["C", "D"]);
    assert_eq!(ids(&analysis, &chokes[0].touches), ["Bus", "Vault", "Web"]);
}

#[test]
fn people_and_teams_hold_what_their_personas_hold() {
    let analysis = analysis(AGENTS);
    let found = of(&analysis, "person:P");
    assert_eq!(found.writes.len(), 4);
    assert_eq!(ids(&analysis, &found.chokes[0].loses), ["R", "A", "B", "C", "D"]);
    assert_eq!(of(&analysis, "Q").hops.len(), 1, "who is away holds nothing");
    assert!(of(&analysis, "H").hops.len() == 1, "a human invokes nobody");
}

#[test]
fn a_component_is_reached_by_holders_and_by_those_who_set_them_to_work() {
    let analysis = analysis(AGENTS);
    let found = of(&analysis, "Bus");
    assert!(found.incoming);
    let hops: Vec<(usize, String)> =
        found.hops.iter().map(|hop| (hop.distance, analysis.catalog.id(hop.entity).into_owned())).collect();
    let hops: Vec<(usize, &str)> = hops.iter().map(|(distance, id)| (*distance, id.as_str())).collect();
    assert_eq!(hops, [(0, "Bus"), (1, "C"), (2, "A"), (2, "B"), (3, "R"), (4, "P")]);
    assert_eq!(ids(&analysis, &found.writes), ["C", "A", "B", "R"]);
    let choke = &found.chokes[0];
    assert_eq!((ids(&analysis, &[choke.via.to]), choke.touches.len()), (vec!["C".to_owned()], 4));
    assert_eq!(choke.via.verb, "granted to");
    let web = of(&analysis, "Web");
    assert!(web.writes.is_empty() && web.touches.len() == 5, "reached, and not written in prod");
    assert!(of(&analysis, "Old").touches.is_empty());
}

#[test]
fn rings_end_and_what_has_no_reach_says_so() {
    let analysis = analysis(
        "kind: PersonaList\nitems:\n  - {name: A, type: agent, invokes: B}\n  - {name: B, type: agent, invokes: A}\n---\nkind: Skill\nname: S\n",
    );
    assert_eq!(of(&analysis, "A").hops.len(), 2);
    assert_eq!(of(&analysis, "A").share(), None);
    assert!(reach(&analysis, analysis.catalog.find("S")[0]).is_none());
}
