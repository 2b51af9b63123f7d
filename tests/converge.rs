//! Fixes on catalogs that chance wrote: each that is offered closes its finding, opens nothing as bad, and
//! leaves every other byte alone, as somebody sees who reads the files anew.
#![allow(clippy::disallowed_methods)]

#[path = "common/chance.rs"]
mod chance;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chance::catalog;
use persona_workbench::analysis::fixes::{Fix, candidates};
use persona_workbench::analysis::key::{Key, keys};
use persona_workbench::analysis::{Analysis, Severity};
use persona_workbench::card::edit::Change;
use persona_workbench::card::parse_text;
use persona_workbench::card::problem::Level;
use persona_workbench::catalog::{CardEdit, Input, build};

const DAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

type Files = Vec<(String, String)>;

fn analysis(files: &Files) -> Analysis {
    let files = files.iter().map(|(path, text)| Arc::new(parse_text(path, text))).collect();
    let input = Input { folder: "test".into(), path: "test".into(), files, problems: Vec::new() };
    Analysis::of(Arc::new(build(input)), DAY)
}

fn open(analysis: &Analysis) -> BTreeMap<Key, Severity> {
    keys(analysis)
        .into_iter()
        .zip(&analysis.findings)
        .filter(|(_, finding)| finding.is_open())
        .map(|(key, finding)| (key, finding.severity))
        .collect()
}

fn errors(analysis: &Analysis) -> usize {
    analysis.catalog.problems.iter().filter(|problem| problem.level == Level::Error).count()
}

/// What became of the candidates of a rule.
#[derive(Debug, Default)]
struct Count {
    findings: usize,
    without: usize,
    offered: usize,
    refused: usize,
    stays: usize,
    opens: usize,
}

/// Holds every fix of every finding against the files that it makes.
fn hold(
    name: &str,
    files: &Files,
    in_full: bool,
    counts: &mut BTreeMap<&'static str, Count>,
    examples: &mut Vec<String>,
) {
    let before = analysis(files);
    let old = open(&before);
    let own = keys(&before);
    for place in 0..before.findings.len() {
        let finding = before.findings[place].clone();
        if !finding.is_open() {
            continue;
        }
        let count = counts.entry(finding.rule.id).or_default();
        count.findings += 1;
        let proven = before.fixes(place);
        count.without += usize::from(!proven.iter().any(|own| own.outcome.is_some()));
        for fix in candidates(&before.context(), &finding).iter().filter(|fix: &&Fix| !fix.is_advice()) {
            let said = format!("{name}: {} {:?}: {}", finding.rule.id, finding.message, fix.title);
            let changes = before.catalog.changes(&fix.edits);
            match changes.map(|changes| in_full.then(|| before.outcome_of(changes))) {
                Err(refusal) => {
                    count.refused += 1;
                    examples.push(format!("REFUSED {said}: {refusal}"));
                }
                Ok(Some(outcome)) if !before.converges(&finding, &outcome) => {
                    let stays = open(&outcome.after).contains_key(&own[place]);
                    let new: Vec<_> = outcome.new_findings().map(|new| (new.rule.id, new.severity)).collect();
                    if stays {
                        count.stays += 1;
                    } else {
                        count.opens += 1;
                    }
                    examples.push(format!("{} {said}: {new:?}", if stays { "STAYS" } else { "OPENS" }));
                }
                Ok(_) => {}
            }
        }
        for fix in proven {
            let Some(outcome) = fix.outcome else { continue };
            count.offered += 1;
            let title = format!("{name}: {}: {}", finding.message, fix.fix.title);
            let now: Files = outcome
                .after
                .catalog
                .files()
                .map(|file| (file.path.to_string(), file.text.to_string()))
                .collect();
            // What goes takes along the comments that stand above it.
            let takes = fix.fix.edits.iter().any(|edit| match edit {
                CardEdit::Change { change, .. } => matches!(change, Change::Remove),
                CardEdit::Remove(_) | CardEdit::Write(_) => true,
                CardEdit::Add { .. } | CardEdit::RemoveIgnore { .. } => false,
            });
            // Nothing but the files that it names is another.
            let named: BTreeSet<&str> = outcome.changes.iter().map(|change| &*change.path).collect();
            for (path, text) in files {
                let after = now.iter().find(|(known, _)| known == path).map(|(_, text)| text);
                assert_eq!(after != Some(text), named.contains(path.as_str()), "{title}: {path}");
            }
            for (path, text) in &now {
                assert_eq!(text.contains('\r'), text.contains("\r\n"), "{title}: {path}");
                let was = files.iter().find(|(known, _)| known == path).map(|(_, text)| text);
                let ends = was.is_none_or(|was| was.ends_with('\n') == text.ends_with('\n'));
                assert!(ends, "{title}: the end of {path}");
                // A comment goes only with the line that it stands on, or with the card.
                for line in was.into_iter().flat_map(|was| was.lines()) {
                    let Some((_, comment)) = line.split_once("# keep ") else { continue };
                    let is_alone = line.trim_start().starts_with('#');
                    let kept = text.contains(&format!("# keep {comment}"));
                    assert!(kept || !is_alone || takes, "{title}: {line} of {path}");
                }
            }
            let after = analysis(&now);
            let new = open(&after);
            let shown = open(&outcome.after);
            assert_eq!(new, shown, "{title}: read anew it is another");
            assert!(!new.contains_key(&own[place]), "{title}: it leaves its finding");
            assert!(errors(&after) <= errors(&before), "{title}: {:?}", after.catalog.problems);
            for (key, severity) in &new {
                let is_new = old.get(key).is_none_or(|known| severity < known);
                let words = key.to_string();
                // What is declared shows gaps of its own; a decision on what is gone has nothing to say.
                let follows = words.starts_with("stale-decision")
                    || (finding.rule.id == "undeclared" && !severity.at_least(Severity::Medium));
                assert!(
                    !is_new || follows || !severity.at_least(finding.severity),
                    "{title}: opens {key} ({severity:?})"
                );
            }
        }
    }
}

#[test]
fn what_is_offered_converges_on_catalogs_of_chance() {
    let mut counts = BTreeMap::new();
    let mut examples = Vec::new();
    for seed in 0..4 {
        hold(&format!("seed {seed}"), &catalog(seed), false, &mut counts, &mut examples);
    }
    let offered: usize = counts.values().map(|count| count.offered).sum();
    assert!(counts.len() > 25 && offered > 150, "{offered} of {counts:#?}");
    // What cannot be written is never proposed: an edit that is refused is a mistake of whoever made it.
    let refused: Vec<&String> = examples.iter().filter(|line| line.starts_with("REFUSED")).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}

/// `cargo test --test converge -- --ignored --nocapture`, and what does not converge is listed.
#[test]
#[ignore = "it takes minutes, and is for those who work on fixes"]
fn thousands_of_catalogs() {
    let from: u64 = std::env::var("PERSONA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_000);
    let many: u64 = std::env::var("PERSONA_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(500);
    let mut counts = BTreeMap::new();
    let mut examples = Vec::new();
    for seed in from..from + many {
        hold(&format!("seed {seed}"), &catalog(seed), true, &mut counts, &mut examples);
    }
    for (rule, count) in &counts {
        println!("{rule:30} {count:?}");
    }
    for line in &examples {
        println!("{line}");
    }
}
