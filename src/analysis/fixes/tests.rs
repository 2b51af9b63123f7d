//! Every fix with edits is applied to the text and checked again: the finding is gone, and nothing
//! of its severity or worse is new.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::*;
use crate::analysis::key::{Key, keys};
use crate::analysis::{Analysis, RULES, Severity};
use crate::card::parse_text;
use crate::catalog::{Input, build};

/// The first block of YAML of a page.
fn example(page: &str) -> &str {
    page.split_once("```yaml\n").and_then(|(_, rest)| rest.split_once("```")).map_or("", |(block, _)| block)
}

fn analysis(text: &str) -> Analysis {
    let files = vec![Arc::new(parse_text("cards.yaml", text))];
    let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
    Analysis::of(Arc::new(build(input)), jiff::civil::date(2026, 11, 23))
}

/// The open findings by key.
fn open(analysis: &Analysis) -> BTreeMap<Key, Severity> {
    keys(analysis)
        .into_iter()
        .zip(&analysis.findings)
        .filter(|(_, finding)| finding.is_open())
        .map(|(key, finding)| (key, finding.severity))
        .collect()
}

/// A catalog with people, agents, steps and alternatives, in which most rules find something.
const TEAM: &str = include_str!("../../../tests/catalogs/fixes.yaml");

fn catalogs() -> Vec<(&'static str, &'static str)> {
    let pages = RULES.iter().map(|rule| (rule.id, example(rule.help)));
    pages.chain([("team", TEAM)]).collect()
}

#[test]
fn every_fix_closes_its_finding_and_opens_none_as_bad() {
    let mut proven = 0;
    for (name, text) in catalogs() {
        let before = analysis(text);
        let old: BTreeMap<_, Severity> = open(&before);
        for (place, finding) in before.findings.iter().enumerate().filter(|(_, finding)| finding.is_open()) {
            let key = &keys(&before)[place];
            for own in before.fixes(place) {
                let Some(outcome) = own.outcome else { continue };
                // Read anew from the text that would be written, with nothing else changed.
                let files: Vec<_> = outcome
                    .after
                    .catalog
                    .files()
                    .map(|file| Arc::new(parse_text(&file.path, &file.text)))
                    .collect();
                let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
                let after = Analysis::of(Arc::new(build(input)), before.day);
                let title = &own.fix.title;
                for (new, severity) in open(&after) {
                    assert_ne!(new, *key, "{name}: {title} leaves its finding");
                    let is_new = old.get(&new).is_none_or(|known| severity < *known);
                    // What is declared shows gaps of its own, and a decision about what is no more
                    // has had its day; see `Analysis::converges`.
                    let shown = finding.rule.id == "undeclared" && !severity.at_least(Severity::Medium)
                        || new.to_string().starts_with("stale-decision|");
                    assert!(
                        !is_new || !severity.at_least(finding.severity) || shown,
                        "{name}: {title} opens {new} ({})",
                        severity.word()
                    );
                }
                proven += 1;
            }
        }
    }
    assert!(proven > 200, "{proven} fixes with edits");
}

#[test]
fn every_rule_has_ways_out() {
    let ids: Vec<_> = FIXES.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(ids, RULES.iter().map(|rule| rule.id).collect::<Vec<_>>());
    for rule in RULES {
        let before = analysis(example(rule.help));
        for (place, finding) in before.findings.iter().enumerate() {
            if finding.rule.id == rule.id {
                assert!(!before.fixes(place).is_empty(), "{}: {}", rule.id, finding.message);
            }
        }
    }
}

/// The ways out that the findings of a rule have in a catalog, advice in brackets.
fn ways(text: &str, rule: &str) -> BTreeSet<String> {
    let before = analysis(text);
    let places = before.findings.iter().enumerate().filter(|(_, finding)| finding.rule.id == rule);
    places
        .flat_map(|(place, _)| before.fixes(place))
        .map(|own| match own.fix.is_advice() {
            true => format!("({})", own.fix.way.word()),
            false => own.fix.way.word().to_owned(),
        })
        .collect()
}

#[test]
fn the_ways_out_are_of_the_kinds_that_are_asked_for() {
    for (rule, asked) in [
        ("missing-skill", vec!["(train)", "(hire)", "reassign", "redesign", "record"]),
        ("uncovered-skill", vec!["(train)", "(hire)", "redesign", "record"]),
        ("untrained-person", vec!["(train)", "(hire)", "reassign", "record"]),
        ("single-holder", vec!["(train)", "(hire)", "record"]),
        ("unneeded-access", vec!["remove", "disable", "(describe)"]),
        ("unneeded-environment", vec!["narrow", "(describe)"]),
        ("excess-level", vec!["narrow", "split"]),
        ("excess-tools", vec!["narrow"]),
        ("human-write-in-prod", vec!["just-in-time", "narrow", "split"]),
        ("missing-access", vec!["grant", "just-in-time", "reassign"]),
        ("standing-agent-access", vec!["just-in-time", "remove"]),
        ("unapproved-agent-write", vec!["name", "narrow"]),
        ("unaccountable-agent", vec!["name", "disable"]),
        ("no-escalation", vec!["name", "disable"]),
        ("no-override", vec!["name", "disable"]),
        ("unmonitored-agent", vec!["name"]),
        ("self-approval", vec!["name", "remove"]),
        ("unstaffed-persona", vec!["reassign", "(hire)", "(redesign)"]),
        ("single-person-persona", vec!["reassign", "(train)", "(hire)"]),
        ("overloaded-person", vec!["reassign", "(hire)"]),
        ("unowned-process", vec!["reassign", "remove", "(hire)"]),
        ("separation-of-duties", vec!["narrow", "reassign", "remove"]),
        ("near-duplicate", vec!["merge", "(describe)"]),
        ("undeclared", vec!["declare", "remove"]),
        ("unclear-accountability", vec!["name"]),
        ("stale-decision", vec!["remove", "renew"]),
        ("expired-grant", vec!["remove", "renew"]),
    ] {
        let mut found = ways(TEAM, rule);
        let page = RULES.iter().find(|known| known.id == rule).map_or("", |known| example(known.help));
        found.extend(ways(page, rule));
        for way in asked {
            assert!(found.contains(way), "{rule} has no {way}: {found:?}");
        }
    }
}

#[test]
fn a_safe_fix_changes_nobodys_access() {
    for (name, text) in catalogs() {
        let before = analysis(text);
        for place in 0..before.findings.len() {
            for own in before.fixes(place).into_iter().filter(|own| own.fix.safe) {
                let Some(outcome) = own.outcome else { continue };
                let access = |analysis: &Analysis| -> BTreeSet<String> {
                    let catalog = &analysis.catalog;
                    let grants = catalog.personas.iter().zip(&analysis.facts.personas);
                    grants
                        .flat_map(|(persona, facts)| facts.active.iter().map(move |&place| (persona, place)))
                        .map(|(persona, place)| {
                            let grant = &persona.grants[place];
                            let levels: Vec<_> = (0..catalog.settings.environments.len())
                                .map(|environment| grant.level_in(environment))
                                .collect();
                            format!("{} {} {levels:?}", persona.id, catalog.id(grant.component.into()))
                        })
                        .collect()
                };
                let (old, new) = (access(&before), access(&outcome.after));
                // A redundant grant goes with its twin, which says the same in more places.
                if own.fix.way != Way::Remove || before.findings[place].rule.id != "redundant-grant" {
                    assert_eq!(old, new, "{name}: {}", own.fix.title);
                }
            }
        }
    }
}
