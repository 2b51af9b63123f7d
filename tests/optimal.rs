//! What is said to be the best is held against trying everything, and what is supposed against cards that
//! were changed by hand, on catalogs so small that both can be done.

#[path = "common/chance.rs"]
mod chance;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chance::Dice;
use persona_workbench::analysis::key::keys;
use persona_workbench::analysis::plan::{Target, cost, plan};
use persona_workbench::analysis::tradeoff::{Reshape, tradeoff};
use persona_workbench::analysis::whatif::Supposition;
use persona_workbench::analysis::{Analysis, Severity};
use persona_workbench::card::parse_text;
use persona_workbench::catalog::{CardEdit, Input, build};

const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn analysis(files: &[(String, String)]) -> Arc<Analysis> {
    on_day(files, DAY)
}

fn on_day(files: &[(String, String)], day: jiff::civil::Date) -> Arc<Analysis> {
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
    Arc::new(Analysis::of(Arc::new(build(input)), day))
}

/// Few personas, each with a few grants that are mostly wider than its work.
fn wide(seed: u64) -> Vec<(String, String)> {
    let mut dice = Dice::new(seed);
    let levels = ["read", "write", "admin"];
    let mut text = "kind: Catalog\npersona_count: {min: 1, max: 9}\n".to_owned();
    text.push_str("---\nkind: Process\nname: Work\nuses:\n");
    for component in ["Forge", "Meter"] {
        let (level, place) = (dice.of(&levels), dice.of(&["dev", "prod"]));
        text.push_str(&format!("  - {{component: {component}, level: {level}, environments: [{place}]}}\n"));
    }
    for number in 1..=2 {
        text.push_str(&format!("---\nkind: Persona\nid: P{number}\nname: N{number}\nprocesses: [Work]\n"));
        text.push_str("component_access:\n");
        for component in ["Forge", "Meter", "Vault"] {
            if dice.one_in(4) {
                continue;
            }
            let (level, place) = (dice.of(&levels), dice.of(&["dev", "prod", "dev, prod"]));
            text.push_str(&format!(
                "  - {{component: {component}, level: {level}, environments: [{place}]}}\n"
            ));
        }
    }
    vec![("all.yaml".to_owned(), text)]
}

/// Every set of at most one fix a finding that costs less than `budget`; none where there are too many.
fn sets(choices: &[Vec<(u32, Vec<CardEdit>)>], budget: u32) -> Option<Vec<Vec<CardEdit>>> {
    let mut all: Vec<(u32, Vec<CardEdit>)> = vec![(0, Vec::new())];
    for fixes in choices {
        let mut more = Vec::new();
        for (spent, edits) in &all {
            for (cost, own) in fixes.iter().filter(|(cost, _)| spent + cost < budget) {
                more.push((spent + cost, edits.iter().chain(own).cloned().collect()));
            }
        }
        all.extend(more);
        if all.len() > 1_500 {
            return None;
        }
    }
    Some(all.into_iter().map(|(_, edits)| edits).collect())
}

#[test]
fn a_plan_that_is_proven_is_not_undercut_by_any_set_of_fixes() {
    let (mut proven, mut tried) = (0, 0);
    for seed in 0..6 {
        let before = analysis(&wide(seed));
        for target in [Target::Clear(Severity::High), Target::Grade('C'), Target::Grade('A')] {
            let plan = plan(&before, target);
            assert_eq!(plan.reached, target.is_met(&plan.after), "seed {seed} {target:?}");
            let spent: u32 = plan.steps.iter().map(|step| cost(&step.fix)).sum();
            assert_eq!(plan.cost, spent, "seed {seed} {target:?}");
            if !plan.proven || plan.cost == 0 {
                continue;
            }
            proven += 1;
            let concerns = match target {
                Target::Grade(_) => Severity::Medium,
                Target::Clear(severity) => severity,
            };
            let mut choices = Vec::new();
            for (place, finding) in before.findings.iter().enumerate() {
                if finding.is_open() && finding.severity.at_least(concerns) {
                    let fixes = before.fixes(place).into_iter().filter(|own| own.outcome.is_some());
                    choices.push(fixes.map(|own| (cost(&own.fix), own.fix.edits)).collect::<Vec<_>>());
                }
            }
            let Some(sets) = sets(&choices, plan.cost) else { continue };
            for edits in sets {
                tried += 1;
                let met = before.outcome(&edits).is_ok_and(|outcome| target.is_met(&outcome.after));
                assert!(!met, "seed {seed} {target:?}: {edits:#?} cost less than {}", plan.cost);
            }
        }
    }
    assert!(proven > 5 && tried > 40, "{proven} proven, {tried} sets");
}

/// Personas with processes, and what each process needs: written as cards, and as numbers.
struct Work {
    files: Vec<(String, String)>,
    /// By persona: whether it is an agent, and its processes.
    personas: Vec<(bool, Vec<usize>)>,
    /// By process: component, environment and level, from 1.
    needs: Vec<BTreeMap<(usize, usize), u64>>,
}

fn work(seed: u64) -> Work {
    let mut dice = Dice::new(seed);
    let (mut text, mut needs, mut personas) = (String::new(), Vec::new(), Vec::new());
    for process in 0..5 {
        let mut own = BTreeMap::new();
        text.push_str(&format!("---\nkind: Process\nname: W{process}\nuses:\n"));
        for _ in 0..=dice.below(2) {
            let (component, place, level) = (dice.below(3), dice.below(3), dice.below(3));
            let (word, there) = (["read", "write", "admin"][level], ["dev", "stage", "prod"][place]);
            text.push_str(&format!(
                "  - {{component: C{component}, level: {word}, environments: [{there}]}}\n"
            ));
            let known: &mut u64 = own.entry((component, place)).or_default();
            *known = (*known).max(level as u64 + 1);
        }
        needs.push(own);
    }
    for number in 0..4 {
        let agent = dice.one_in(4);
        let own: BTreeSet<usize> = (0..=dice.below(3)).map(|_| dice.below(5)).collect();
        let list: Vec<String> = own.iter().map(|process| format!("W{process}")).collect();
        let kind = if agent { "type: agent\n" } else { "" };
        text.push_str(&format!(
            "---\nkind: Persona\nid: P{number}\nname: N{number}\n{kind}processes: [{}]\n",
            list.join(", ")
        ));
        personas.push((agent, own.into_iter().collect()));
    }
    Work { files: vec![("all.yaml".to_owned(), text)], personas, needs }
}

/// What the whole needs above what each of its parts does.
fn excess(work: &Work, parts: &[usize]) -> u64 {
    let mut most: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for (cell, level) in parts.iter().flat_map(|part| &work.needs[*part]) {
        let known = most.entry(*cell).or_default();
        *known = (*known).max(*level);
    }
    let above = |part: &usize| -> u64 {
        most.iter().map(|(cell, level)| level - work.needs[*part].get(cell).copied().unwrap_or(0)).sum()
    };
    parts.iter().map(above).sum()
}

#[test]
fn each_number_of_personas_is_the_best_merge_or_split_of_the_one_beside_it() {
    let mut splits = 0;
    for seed in 0..60 {
        let work = work(seed);
        let analysis = analysis(&work.files);
        assert!(analysis.catalog.problems.is_empty(), "{:?}", analysis.catalog.problems);
        let points = tradeoff(&analysis, 1, 9);
        let at = |personas: usize| points.iter().find(|point| point.personas == personas);
        let own: Vec<u64> = work.personas.iter().map(|(_, parts)| excess(&work, parts)).collect();
        let today: u64 = own.iter().sum();
        assert_eq!(
            at(4).map(|point| (point.excess, point.change.clone())),
            Some((today, None)),
            "seed {seed}"
        );
        // Of two that become one.
        let mut best: Option<u64> = None;
        for left in 0..4 {
            for right in left + 1..4 {
                let (one, two) = (&work.personas[left], &work.personas[right]);
                if one.0 == two.0 {
                    let both: Vec<usize> = one.1.iter().chain(&two.1).copied().collect();
                    let total = today - own[left] - own[right] + excess(&work, &both);
                    best = Some(best.map_or(total, |known| known.min(total)));
                }
            }
        }
        assert_eq!(at(3).map(|point| point.excess), best, "seed {seed}: a merge");
        // Of one that becomes two.
        let mut best: Option<u64> = None;
        for (place, (_, parts)) in work.personas.iter().enumerate() {
            for set in 1..(1_u32 << parts.len()).saturating_sub(1) {
                let (given, rest): (Vec<usize>, Vec<usize>) =
                    (0..parts.len()).partition(|part| set & (1 << part) != 0);
                let of = |places: &[usize]| {
                    excess(&work, &places.iter().map(|place| parts[*place]).collect::<Vec<_>>())
                };
                let total = today - own[place] + of(&given) + of(&rest);
                best = Some(best.map_or(total, |known| known.min(total)));
            }
        }
        assert_eq!(at(5).map(|point| point.excess), best, "seed {seed}: a split");
        // What is said to be given away is what saves that much.
        if let Some(Reshape::Split(persona, given)) = at(5).and_then(|point| point.change.clone()) {
            splits += 1;
            let parts = &work.personas[persona.index()].1;
            let given: Vec<usize> = given.iter().map(|process| process.index()).collect();
            let rest: Vec<usize> = parts.iter().copied().filter(|part| !given.contains(part)).collect();
            let total = today - own[persona.index()] + excess(&work, &given) + excess(&work, &rest);
            assert_eq!(Some(total), best, "seed {seed}");
        }
        // More personas never have more excess, fewer never less.
        assert!(points.windows(2).all(|pair| pair[0].excess >= pair[1].excess), "seed {seed}: {points:?}");
    }
    assert!(splits > 20, "{splits}");
}

const CARDS: &[(&str, &str)] = &[
    (
        "p1.yaml",
        "kind: Persona\nid: P1\nname: Ana\nteam: Blue\nprimary_interaction: [Bo]\nprocesses: [Build, Run]\ncomponent_access:\n  - {component: Forge, level: write, environments: [dev]}\n  - {component: Meter, level: read, environments: [prod]}\nskills: [Go, Charts]\n",
    ),
    (
        "p2.yaml",
        "kind: Persona\nid: P2\nname: Bo\nteam: Blue\nprimary_interaction: [Ana]\nprocesses: [Run]\ncomponent_access:\n  - {component: Meter, level: read, environments: [prod]}\n  - {component: Vault, level: read, environments: [dev], expires: 2026-12-31}\n",
    ),
    (
        "a1.yaml",
        "kind: Persona\nid: A1\nname: Bot\ntype: agent\naccountable: P2\nescalates_to: [P2]\noverride: [P2]\nmonitored_by: P1\ncomponent_access:\n  - {component: Forge, level: read, environments: [dev], mode: jit, phases: [run]}\n",
    ),
    (
        "work.yaml",
        "kind: Process\nname: Build\nsteps: [{name: make, environments: [dev], uses: [Forge: write], skills: [Go], performers: [P1]}]\n---\nkind: Process\nname: Run\nsteps: [{name: watch, environments: [prod], uses: [Meter: read], performers: [P1, P2]}]\n",
    ),
    ("kim.yaml", "kind: Person\nname: Kim\npersonas: [P1]\nskills: [Go, Charts]\n"),
    ("lee.yaml", "kind: Person\nname: Lee\npersonas: [P2]\n"),
];

/// The cards with some texts in the place of others; nothing takes a file away.
fn by_hand(changes: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = CARDS
        .iter()
        .filter_map(|(path, text)| match changes.iter().find(|(changed, _)| changed == path) {
            Some((_, new)) => new.map(|new| ((*path).to_owned(), new.to_owned())),
            None => Some(((*path).to_owned(), (*text).to_owned())),
        })
        .collect();
    for (path, text) in changes {
        if let Some(text) = text
            && !CARDS.iter().any(|(known, _)| known == path)
        {
            files.push(((*path).to_owned(), (*text).to_owned()));
        }
    }
    files
}

fn found(analysis: &Analysis) -> BTreeSet<String> {
    let open = keys(analysis).into_iter().zip(&analysis.findings).filter(|(_, finding)| finding.is_open());
    open.map(|(key, finding)| format!("{key} {}", finding.severity.word())).collect()
}

#[test]
fn what_is_supposed_is_what_the_cards_would_say() {
    let text = |path: &str| CARDS.iter().find(|(known, _)| *known == path).expect("a card").1;
    let before = analysis(&by_hand(&[]));
    let compare = |what: &[Supposition], files: &[(String, String)], day: jiff::civil::Date| {
        let supposed = before.suppose(what).unwrap_or_else(|why| panic!("{what:?}: {why}"));
        let expected = on_day(files, day);
        assert_eq!(found(&supposed.after), found(&expected), "{what:?}");
        assert_eq!(supposed.after.score.value, expected.score.value, "{what:?}");
        // And what is said to be gone and new is the difference of the two.
        let (old, new) = (found(&before), found(&expected));
        let own = keys(&before);
        for place in &supposed.gone {
            let key = own[*place].to_string();
            assert!(
                !new.iter().any(|line| line.rsplit_once(' ').is_some_and(|(own, _)| own == key)),
                "{key}"
            );
        }
        let come: BTreeSet<String> = new.difference(&old).cloned().collect();
        let after = keys(&supposed.after);
        for place in &supposed.new {
            let line = format!("{} {}", after[*place], supposed.after.findings[*place].severity.word());
            assert!(come.contains(&line), "{what:?}: {line}");
        }
    };
    let kim = || Supposition::RemovePerson("kim".into());
    compare(&[kim()], &by_hand(&[("kim.yaml", None)]), DAY);
    let sam = Supposition::AddPerson { name: "Sam".into(), personas: vec!["Bo".into(), "P1".into()] };
    let card = "kind: Person\nname: Sam\npersonas: [P2, P1]\nskills: [Go, Charts]\n";
    compare(std::slice::from_ref(&sam), &by_hand(&[("sam.yaml", Some(card))]), DAY);
    compare(&[kim(), sam], &by_hand(&[("kim.yaml", None), ("sam.yaml", Some(card))]), DAY);
    compare(&[Supposition::RemovePersona("Bo".into())], &by_hand(&[("p2.yaml", None)]), DAY);
    compare(&[Supposition::Disable("bot".into())], &by_hand(&[("a1.yaml", None)]), DAY);
    let grant = Supposition::Grant {
        persona: "P2".into(),
        component: "forge".into(),
        level: Some("Admin".into()),
        environments: vec!["PROD".into(), "dev".into()],
    };
    let granted =
        text("p2.yaml").to_owned() + "  - {component: Forge, level: admin, environments: [prod, dev]}\n";
    compare(&[grant], &by_hand(&[("p2.yaml", Some(&granted))]), DAY);
    let revoked = text("p1.yaml").replace("  - {component: Meter, level: read, environments: [prod]}\n", "");
    let revoke = Supposition::Revoke { persona: "Ana".into(), component: "Meter".into() };
    compare(&[revoke], &by_hand(&[("p1.yaml", Some(&revoked))]), DAY);
    for day in [jiff::civil::date(2026, 12, 31), jiff::civil::date(2027, 1, 1)] {
        compare(&[Supposition::Day(day)], &by_hand(&[]), day);
    }
    // Two that become one: what both have is there once, and whoever named the second names the first.
    let merged = "kind: Persona\nid: P1\nname: Ana\naliases: [P2, Bo]\nteam: Blue\nprocesses: [Build, Run]\ncomponent_access:\n  - {component: Forge, level: write, environments: [dev]}\n  - {component: Meter, level: read, environments: [prod]}\n  - {component: Vault, level: read, environments: [dev], expires: 2026-12-31}\nskills: [Go, Charts]\n";
    let work = text("work.yaml").replace("performers: [P1, P2]", "performers: [P1]");
    let agent = text("a1.yaml").replace("P2", "P1");
    let lee = text("lee.yaml").replace("P2", "P1");
    let files = by_hand(&[
        ("p1.yaml", Some(merged)),
        ("p2.yaml", None),
        ("work.yaml", Some(&work)),
        ("a1.yaml", Some(&agent)),
        ("lee.yaml", Some(&lee)),
    ]);
    compare(&[Supposition::Merge(vec!["P1".into(), "Bo".into()])], &files, DAY);
}

#[test]
fn a_split_takes_no_need_and_gives_no_access_away() {
    let before = analysis(&by_hand(&[]));
    let split = Supposition::Split { persona: "P1".into(), processes: vec!["Build".into()] };
    let after = before.suppose(&[split]).expect("a split").after;
    let rules = |analysis: &Analysis| -> BTreeSet<&str> {
        analysis.findings.iter().filter(|finding| finding.is_open()).map(|finding| finding.rule.id).collect()
    };
    let new: Vec<&str> = rules(&after).difference(&rules(&before)).copied().collect();
    assert!(!new.iter().any(|rule| rule.contains("access") || rule.contains("skill")), "{new:?}");
    let granted =
        |analysis: &Analysis| -> usize { analysis.catalog.personas.iter().map(|own| own.grants.len()).sum() };
    assert_eq!(granted(&after), granted(&before));
    assert_eq!(after.catalog.personas.len(), before.catalog.personas.len() + 1);
}
