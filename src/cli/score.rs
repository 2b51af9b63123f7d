//! `persona score`: what the score of the catalog, or of a persona, is made of.

use anyhow::anyhow;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::report::{self, entity};
use super::style::{Style, safe, table, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::breakdown::{Breakdown, Gap, breakdown};
use crate::analysis::score::Item;
use crate::analysis::view::line_of;
use crate::analysis::whatif::persona;
use crate::analysis::{Analysis, RULES};
use crate::catalog::PersonaId;

/// Show what the score is made of, for the catalog or for one persona
///
/// A persona's score is the share of its items that no open finding of medium severity or more spoils.
/// The score of the catalog is the mean over its personas. The coverage is the share of grants of which
/// the cards say enough to judge them; below 50 % there is no grade.
#[derive(Debug, Args)]
#[command(
    after_help = "Items are each component that a persona is granted or needs, each skill that its work requires,
each name that it works with, and of an agent its accountability, escalation, override and monitoring.

Examples:
  persona score                 each persona, and what the coverage does not count
  persona score P006            each item of P006, with the gap that spoils it
  persona score --format json | jq '.personas[] | {id: .persona.id, value}'

The schema of the JSON is assets/schema/score-1.json."
)]
pub struct Arguments {
    /// Whose score [default: the catalog's].
    persona: Option<String>,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Terminal,
    /// One fact a line.
    Plain,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let one = match &arguments.persona {
        Some(word) => Some(persona(&analysis.catalog, word).map_err(|why| anyhow!("{}", safe(&why)))?),
        None => None,
    };
    let all: Vec<Breakdown> = match one {
        Some(id) => vec![breakdown(&analysis, id)],
        None => (0..analysis.catalog.personas.len())
            .map(|index| breakdown(&analysis, PersonaId::from_index(index)))
            .collect(),
    };
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, &all))? + "\n",
        Format::Terminal if !common.plain => match (one, all.first()) {
            (Some(_), Some(parts)) => of_persona(&analysis, parts, style),
            _ => of_catalog(&analysis, &all, style),
        },
        Format::Terminal | Format::Plain => plain(&analysis, &all),
    };
    print(&text)?;
    Ok(OK)
}

fn clean(parts: &Breakdown) -> usize {
    parts.items.iter().filter(|(_, spoilt)| spoilt.is_empty()).count()
}

fn value(analysis: &Analysis, parts: &Breakdown) -> Option<f64> {
    analysis.score.personas[parts.persona.index()].value()
}

fn covered(parts: &Breakdown) -> usize {
    parts.grants.iter().filter(|(_, gaps)| gaps.is_empty()).count()
}

fn total(analysis: &Analysis) -> String {
    let score = &analysis.score;
    let mut out = match (score.value, score.grade()) {
        (Some(value), Some(grade)) => format!("Score {value:.1}, grade {grade}"),
        (Some(value), None) => format!("Score {value:.1}, no grade"),
        (None, _) => "No score".to_owned(),
    };
    if let Some(why) = score.why_no_grade() {
        out.push_str(&format!(": {why}"));
    }
    out
}

/// "skill Python", "its override".
fn item_words(analysis: &Analysis, item: Item) -> (&'static str, String) {
    match item {
        Item::Entity(of) => (analysis.catalog.kind(of).word(), safe(&analysis.catalog.label(of))),
        Item::Duty(rule) => {
            let words = match rule {
                "no-escalation" => "its escalation to a human",
                "no-override" => "its override by a human",
                "unaccountable-agent" => "the human who answers for it",
                "unmonitored-agent" => "its monitoring by another",
                other => RULES.iter().find(|known| known.id == other).map_or(other, |known| known.summary),
            };
            ("duty", words.to_owned())
        }
    }
}

fn of_catalog(analysis: &Analysis, all: &[Breakdown], style: Style) -> String {
    let mut out = format!("{}\n", style.strong(&total(analysis)));
    if all.is_empty() {
        out.push_str("There is no persona yet. `persona new persona NAME` adds one.\n");
        return out;
    }
    let count = all.iter().filter(|parts| !parts.items.is_empty()).count();
    out.push_str(&wrap(
        &format!(
            "It is the mean of the scores of {count} personas. A persona's score is the share of its items \
             that no open gap of medium severity or more spoils. `persona score PERSONA` names each."
        ),
        style.width,
        "",
    ));
    out.push('\n');
    let mut rows =
        vec![["persona", "score", "clean", "grants covered", "spoilt most by"].map(str::to_owned).to_vec()];
    for parts in all {
        let mut rules: Vec<(&str, usize)> = Vec::new();
        for place in parts.items.iter().flat_map(|(_, spoilt)| spoilt) {
            let rule = analysis.findings[*place].rule.id;
            match rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => rules.push((rule, 1)),
            }
        }
        rules.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(right.0)));
        let rules: Vec<String> =
            rules.iter().take(2).map(|(rule, count)| format!("{rule} {count}")).collect();
        rows.push(vec![
            safe(&analysis.catalog.label(parts.persona.into())),
            value(analysis, parts).map_or("-".to_owned(), |value| format!("{value:>5.1}")),
            format!("{}/{}", clean(parts), parts.items.len()),
            format!("{}/{}", covered(parts), parts.grants.len()),
            rules.join(", "),
        ]);
    }
    out.push_str(&table(&rows));
    let grants: usize = all.iter().map(|parts| parts.grants.len()).sum();
    let said: usize = all.iter().map(covered).sum();
    out.push_str(&format!(
        "\n{}\n",
        style.strong(&format!("Coverage {:.0} %", analysis.score.coverage * 100.0))
    ));
    let mut text = format!("The cards say enough of {said} of {grants} grants to judge them.");
    if grants == 0 {
        text = "Nothing is granted, so nothing is left unsaid about grants.".to_owned();
    }
    out.push_str(&wrap(&text, style.width, ""));
    let mut reasons: Vec<(Gap, usize)> = Vec::new();
    for gap in all.iter().flat_map(|parts| &parts.grants).flat_map(|(_, gaps)| gaps) {
        match reasons.iter_mut().find(|(known, _)| known == gap) {
            Some((_, count)) => *count += 1,
            None => reasons.push((*gap, 1)),
        }
    }
    reasons.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    for (gap, count) in reasons.iter().take(12) {
        let grants = if *count == 1 { "1 grant".to_owned() } else { format!("{count} grants") };
        out.push_str(&format!("  {grants}: {}\n", safe(&gap.phrase(analysis))));
    }
    if reasons.len() > 12 {
        out.push_str(&format!("  and {} more reasons; --format json has all\n", reasons.len() - 12));
    }
    out
}

fn of_persona(analysis: &Analysis, parts: &Breakdown, style: Style) -> String {
    let label = safe(&analysis.catalog.label(parts.persona.into()));
    let mut out = match value(analysis, parts) {
        Some(value) => format!(
            "{}\n{} of {} items are clean\n",
            style.strong(&format!("{label}: score {value:.1}")),
            clean(parts),
            parts.items.len()
        ),
        None => format!(
            "{}\nIt has nothing that could be judged: no access, no need, no required skill, nobody it works with.\n",
            style.strong(&format!("{label}: no score"))
        ),
    };
    for (spoilt, title) in [(true, "Not clean"), (false, "Clean")] {
        let items: Vec<_> = parts.items.iter().filter(|(_, places)| places.is_empty() != spoilt).collect();
        if items.is_empty() {
            continue;
        }
        out.push_str(&format!("\n{} ({})\n", style.strong(title), items.len()));
        for (item, places) in items {
            let (kind, words) = item_words(analysis, *item);
            let kind = if kind == "duty" { String::new() } else { format!("{kind} ") };
            out.push_str(&format!("  {}{words}\n", style.faint(&kind)));
            for finding in places.iter().map(|place| &analysis.findings[*place]) {
                let line =
                    finding.place.map_or(String::new(), |place| format!("; {}", line_of(analysis, place)));
                let text = format!("{} ({}{line})", finding.message, finding.rule.id);
                let text = wrap(&safe(&text), style.width, "       ");
                out.push_str(&format!("    {} {}", style.badge(finding.severity), text.trim_start()));
            }
        }
    }
    out.push_str(&format!(
        "\n{}\n",
        style.strong(&format!("Coverage: {} of {} grants are covered", covered(parts), parts.grants.len()))
    ));
    let own = &analysis.catalog.personas[parts.persona.index()];
    for (place, gaps) in parts.grants.iter().filter(|(_, gaps)| !gaps.is_empty()) {
        let grant = &own.grants[*place];
        let why: Vec<String> = gaps.iter().map(|gap| gap.phrase(analysis)).collect();
        let text = format!(
            "{}: {} ({})",
            analysis.catalog.label(grant.component.into()),
            why.join("; "),
            line_of(analysis, grant.place)
        );
        out.push_str(&wrap(&safe(&text), style.width, "  "));
    }
    out
}

fn plain(analysis: &Analysis, all: &[Breakdown]) -> String {
    let mut out =
        format!("catalog: {}, coverage {:.0} %\n", total(analysis), analysis.score.coverage * 100.0);
    for parts in all {
        let label = safe(&analysis.catalog.label(parts.persona.into()));
        let score = value(analysis, parts).map_or("no score".to_owned(), |value| format!("score {value:.1}"));
        out.push_str(&format!("{label}: {score}, {} of {} items clean\n", clean(parts), parts.items.len()));
        for (item, places) in &parts.items {
            let (kind, words) = item_words(analysis, *item);
            let rules: Vec<&str> = places.iter().map(|place| analysis.findings[*place].rule.id).collect();
            let state = if rules.is_empty() {
                "clean".to_owned()
            } else {
                format!("not clean: {}", rules.join(", "))
            };
            out.push_str(&format!("{label}: {kind} {words}: {state}\n"));
        }
        for (place, gaps) in parts.grants.iter().filter(|(_, gaps)| !gaps.is_empty()) {
            let grant = &analysis.catalog.personas[parts.persona.index()].grants[*place];
            let why: Vec<String> = gaps.iter().map(|gap| gap.phrase(analysis)).collect();
            out.push_str(&format!(
                "{label}: not covered: {}: {} ({})\n",
                safe(&analysis.catalog.label(grant.component.into())),
                safe(&why.join("; ")),
                safe(&line_of(analysis, grant.place))
            ));
        }
    }
    out
}

fn json(analysis: &Analysis, all: &[Breakdown]) -> Value {
    let catalog = &analysis.catalog;
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let personas: Vec<Value> = all
        .iter()
        .map(|parts| {
            let own = &catalog.personas[parts.persona.index()];
            json!({
                "persona": entity(catalog, parts.persona.into()),
                "value": value(analysis, parts).map(round),
                "clean": clean(parts),
                "items": parts.items.iter().map(|(item, places)| json!({
                    "entity": match item { Item::Entity(of) => Some(entity(catalog, *of)), Item::Duty(_) => None },
                    "duty": match item { Item::Entity(_) => None, Item::Duty(rule) => Some(*rule) },
                    "clean": places.is_empty(),
                    "spoilt_by": places.iter().map(|place| json!({
                        "rule": analysis.findings[*place].rule.id,
                        "severity": analysis.findings[*place].severity,
                        "message": analysis.findings[*place].message,
                    })).collect::<Vec<_>>(),
                })).collect::<Vec<_>>(),
                "grants": parts.grants.iter().map(|(place, gaps)| json!({
                    "component": entity(catalog, own.grants[*place].component.into()),
                    "covered": gaps.is_empty(),
                    "why_not": gaps.iter().map(|gap| gap.phrase(analysis)).collect::<Vec<_>>(),
                    "location": report::location(catalog, own.grants[*place].place),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/score/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "score": report::score(analysis),
        "personas": personas,
    })
}
