//! `persona who`: who may touch a component, who needs it, who has too much, who lacks.

use anyhow::{anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::report::{self, entity};
use super::show::find;
use super::style::{Style, lines, safe, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::effective::{known, level_of};
use crate::analysis::evidence::{grant_phrase, need_phrase};
use crate::analysis::people::{answer_phrase, behind};
use crate::analysis::view::{asker, line_of};
use crate::analysis::who::{Holder, who};
use crate::catalog::{ComponentId, Entity, Level};

/// Show who may touch a component, who needs it, whose access is too wide, who lacks it
#[derive(Debug, Args)]
#[command(
    after_help = "Grants count that are in force on the day (--at). Behind each persona stand the people who
embody it; behind an agent, the humans who answer for it.

Examples:
  persona who \"Azure Machine Learning\"
  persona who \"Azure Machine Learning\" --environment prod --level write
  persona who \"Azure Key Vault\" --format json | jq '.personas[] | select(.may) | .persona.name'

The schema of the JSON is assets/schema/who-1.json."
)]
pub struct Arguments {
    /// The component.
    component: String,
    /// In this environment [default: anywhere].
    #[arg(long, short, value_name = "ENVIRONMENT")]
    environment: Option<String>,
    /// At this level or more [default: any].
    #[arg(long, short, value_name = "LEVEL")]
    level: Option<String>,
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

struct Question {
    component: ComponentId,
    environment: Option<usize>,
    level: Option<Level>,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let settings = &analysis.catalog.settings;
    let clear = |why: String| anyhow!("{}", lines(&why));
    let environment = arguments.environment.as_deref();
    let environment = environment
        .map(|word| known(word, &settings.environments, "environment"))
        .transpose()
        .map_err(clear)?;
    let level = arguments.level.as_deref();
    let level =
        level.map(|word| level_of(word, &settings.access_levels, "level")).transpose().map_err(clear)?;
    let question = Question { component: component(&analysis, &arguments.component)?, environment, level };
    let found = who(&analysis, question.component, environment, level);
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, &question, &found))? + "\n",
        Format::Terminal if !common.plain => terminal(&analysis, &question, &found, style),
        Format::Terminal | Format::Plain => plain(&analysis, &question, &found),
    };
    print(&text)?;
    Ok(OK)
}

/// The component of a word; a skill of the same name is not meant.
fn component(analysis: &Analysis, word: &str) -> anyhow::Result<ComponentId> {
    let components = analysis.catalog.find(word).into_iter().filter_map(|entity| match entity {
        Entity::Component(id) => Some(id),
        _ => None,
    });
    if let Some(id) = components.into_iter().next() {
        return Ok(id);
    }
    let other = find(&analysis.catalog, word)?;
    bail!(
        "{} is a {}, not a component; `persona show` says what there is to know about it",
        safe(&analysis.catalog.label(other)),
        analysis.catalog.kind(other).word()
    )
}

fn title(analysis: &Analysis, question: &Question) -> String {
    let settings = &analysis.catalog.settings;
    let mut words = analysis.catalog.label(question.component.into());
    if let Some(environment) = question.environment {
        words.push_str(&format!(" in {}", settings.environment(environment)));
    }
    if let Some(level) = question.level {
        words.push_str(&format!(", {} or more", settings.level(level)));
    }
    safe(&format!("{words}, on {}", analysis.day))
}

/// The sentences about one persona: what it is granted, what it needs, what is wrong about it.
fn facts(analysis: &Analysis, holder: &Holder) -> Vec<(&'static str, String)> {
    let catalog = &analysis.catalog;
    let own = &catalog.personas[holder.persona.index()];
    let needs = &analysis.facts.of_persona(holder.persona).needs;
    let mut facts = Vec::new();
    for grant in holder.grants.iter().filter_map(|place| own.grants.get(*place)) {
        facts.push(("may", format!("{} ({})", grant_phrase(catalog, grant), line_of(analysis, grant.place))));
    }
    for place in &holder.needs {
        let need = &needs[*place];
        let word = if holder.lacks.contains(place) { "lacks" } else { "needs" };
        facts.push((
            word,
            format!(
                "{} for {} ({})",
                need_phrase(catalog, need),
                catalog.label(asker(analysis, need.source)),
                line_of(analysis, need.asked_by(catalog).place)
            ),
        ));
    }
    for finding in holder.too_wide.iter().filter_map(|place| analysis.findings.get(*place)) {
        facts.push(("too wide", format!("{} ({})", finding.message, finding.rule.id)));
    }
    if holder.needs.is_empty() && holder.too_wide.is_empty() {
        let unsure = analysis.facts.of_persona(holder.persona).unsure;
        let word = if unsure {
            "what it needs is not known: no process of it says so"
        } else {
            "nothing of this is needed by its processes"
        };
        facts.push(("needs", word.to_owned()));
    }
    facts
}

fn terminal(analysis: &Analysis, question: &Question, found: &[Holder], style: Style) -> String {
    let mut out = format!("{}\n", style.strong(&title(analysis, question)));
    if found.is_empty() {
        out.push_str("\nNobody may, and nobody needs to.\n");
        return out;
    }
    let may = found.iter().filter(|holder| !holder.grants.is_empty()).count();
    let need = found.iter().filter(|holder| !holder.needs.is_empty()).count();
    let wide = found.iter().filter(|holder| !holder.too_wide.is_empty()).count();
    let lack = found.iter().filter(|holder| !holder.lacks.is_empty()).count();
    out.push_str(&format!(
        "{may} may, {need} need it; {wide} have more than they need, {lack} lack something\n"
    ));
    for holder in found {
        out.push_str(&format!("\n{}", style.strong(&safe(&analysis.catalog.label(holder.persona.into())))));
        if let Some(people) = answer_phrase(analysis, holder.persona) {
            out.push_str(&format!("  {}", style.faint(&safe(&people))));
        }
        out.push('\n');
        for (word, fact) in facts(analysis, holder) {
            let text = wrap(&safe(&fact), style.width, "             ");
            let word = format!("  {word:<9}");
            let word = match word.trim() {
                "too wide" => style.removed(&word),
                "lacks" => style.severity(crate::analysis::Severity::Medium, &word),
                _ => style.faint(&word),
            };
            out.push_str(&format!("{word}  {}", text.trim_start()));
        }
    }
    out
}

fn plain(analysis: &Analysis, question: &Question, found: &[Holder]) -> String {
    let title = title(analysis, question);
    let mut out = String::new();
    for holder in found {
        let label = safe(&analysis.catalog.label(holder.persona.into()));
        for (word, fact) in facts(analysis, holder) {
            out.push_str(&format!("{title}: {label}: {word}: {}\n", safe(&fact)));
        }
        if let Some(people) = answer_phrase(analysis, holder.persona) {
            out.push_str(&format!("{title}: {label}: who: {}\n", safe(&people)));
        }
    }
    if out.is_empty() {
        out.push_str(&format!("{title}: nobody may, and nobody needs to\n"));
    }
    out
}

fn json(analysis: &Analysis, question: &Question, found: &[Holder]) -> Value {
    let catalog = &analysis.catalog;
    let settings = &catalog.settings;
    let personas: Vec<Value> = found
        .iter()
        .map(|holder| {
            let own = &catalog.personas[holder.persona.index()];
            let needs = &analysis.facts.of_persona(holder.persona).needs;
            json!({
                "persona": entity(catalog, holder.persona.into()),
                "type": own.persona_type.word(),
                "may": !holder.grants.is_empty(),
                "needs": !holder.needs.is_empty(),
                "level": holder.level.map(|level| settings.level(level)),
                "grants": holder.grants.iter().filter_map(|place| own.grants.get(*place)).map(|grant| json!({
                    "phrase": grant_phrase(catalog, grant),
                    "mode": grant.mode.map(|mode| mode.word()),
                    "location": report::location(catalog, grant.place),
                })).collect::<Vec<_>>(),
                "asked_by": holder.needs.iter().map(|place| json!({
                    "entity": entity(catalog, asker(analysis, needs[*place].source)),
                    "level": needs[*place].level.map(|level| settings.level(level)),
                    "covered": !holder.lacks.contains(place),
                    "location": report::location(catalog, needs[*place].asked_by(catalog).place),
                })).collect::<Vec<_>>(),
                "too_wide": holder.too_wide.iter().map(|place| json!({
                    "rule": analysis.findings[*place].rule.id,
                    "severity": analysis.findings[*place].severity,
                    "message": analysis.findings[*place].message,
                })).collect::<Vec<_>>(),
                "people": behind(analysis, holder.persona).into_iter()
                    .map(|id| entity(catalog, id.into())).collect::<Vec<_>>(),
                "answers": analysis.facts.answerable[holder.persona.index()].iter()
                    .map(|actor| entity(catalog, (*actor).into())).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/who/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "component": entity(catalog, question.component.into()),
        "environment": question.environment.map(|environment| settings.environment(environment)),
        "level": question.level.map(|level| settings.level(level)),
        "personas": personas,
    })
}
