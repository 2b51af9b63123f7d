//! `persona backlog`: findings and personas as work items, for trackers.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::formats::markdown::escaped;
use super::matrix::csv::harmless;
use super::report::{self, entity};
use super::style::{Style, safe, wrap};
use super::{Common, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::backlog::{Backlog, Item, Proposal, backlog, priority};
use crate::analysis::filter::Words;

/// Show the backlog: work items with the personas under them, and an item for each open gap
///
/// Cards name work items with their parents (`work_items`); what is open about a persona is proposed
/// under its feature. A gap that a decision tracks already says in which item.
#[derive(Debug, Args)]
#[command(
    after_help = "FILTER is as for `persona check`: names, words, and key:value such as rule:excess-level,
persona:P006, severity:high.

The columns of the CSV, a row for each proposed item:
  Work Item Type       --type, Issue unless you say otherwise
  Title                the gap in one line
  Description          the sentence, the proof with file and line, and how to find ways out
  Acceptance Criteria  how to see that it is done
  Priority             1 critical, 2 high, 3 medium, 4 low and info
  Severity             the word
  Parent               the id of the feature, where the persona's card names one
  Persona              its id
  Tracked In           the item that a decision names; filter these out before an import
  Tags                 persona, the rule, and a tag that stays the same: search for it before importing again

Trackers that import CSV let you say which column is which (Title is Summary in some). A cell that a
spreadsheet would take for a formula begins with an apostrophe.

Examples:
  persona backlog
  persona backlog severity:high --format csv > backlog.csv
  persona backlog P006 --format markdown
  persona backlog --format csv --type Bug category:access > access.csv

The schema of the JSON is assets/schema/backlog-1.json."
)]
pub struct Arguments {
    /// Which gaps [default: all that are open].
    filter: Vec<String>,
    /// The type of the proposed items in the CSV.
    #[arg(long = "type", value_name = "TYPE", default_value = "Issue")]
    item_type: String,
    /// How to print [with --plain: plain].
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
    #[command(flatten)]
    catalog: PathArgument,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As a tree.
    Terminal,
    /// One item a line.
    Plain,
    /// For wikis.
    Markdown,
    /// For trackers and spreadsheets.
    Csv,
    /// For other programs.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.catalog.path.as_deref(), common.day())?;
    let words = Words::of(arguments.filter.iter().cloned());
    if let Some(mistake) = words.mistakes(&analysis).first() {
        anyhow::bail!("{}", safe(mistake));
    }
    let found = backlog(&analysis, &words);
    let text = match arguments.format {
        Format::Json => serde_json::to_string_pretty(&json(&analysis, &found))? + "\n",
        Format::Csv => csv(&analysis, &found, &arguments.item_type)?,
        Format::Markdown => markdown(&analysis, &found),
        Format::Terminal if !common.plain => terminal(&analysis, &found, style),
        Format::Terminal | Format::Plain => plain(&analysis, &found),
    };
    print(&text)?;
    Ok(OK)
}

/// "feature AB#112: Chat with the knowledge base".
fn item_words(item: &Item) -> String {
    let kind = item.item_type.as_ref().map_or(String::new(), |word| format!("{word} "));
    match &item.title {
        Some(title) => format!("{kind}{}: {title}", item.id),
        None if item.personas.is_empty() => format!("{}, which is only named as a parent", item.id),
        None => format!("{kind}{}", item.id),
    }
}

/// Heads and their proposals: each item with its depth, then what has no item above.
fn under(found: &Backlog, parent: Option<usize>) -> Vec<&Proposal> {
    found.proposals.iter().filter(|one| one.parent == parent).collect()
}

/// Every item with its depth, top down.
fn tree(found: &Backlog) -> Vec<(usize, usize)> {
    let mut todo: Vec<(usize, usize)> = found.roots.iter().rev().map(|at| (*at, 0)).collect();
    let mut all = Vec::new();
    while let Some((at, depth)) = todo.pop() {
        all.push((at, depth));
        let mut children: Vec<(usize, usize)> = found.children(at).map(|child| (child, depth + 1)).collect();
        children.reverse();
        todo.extend(children);
    }
    all
}

fn personas(analysis: &Analysis, item: &Item) -> Option<String> {
    let names: Vec<String> = item.personas.iter().map(|id| analysis.catalog.label((*id).into())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn is_empty(found: &Backlog) -> bool {
    found.items.is_empty() && found.proposals.is_empty()
}

const NOTHING: &str =
    "The backlog is empty: no card names a work item, and no gap of those asked for is open.";

fn terminal(analysis: &Analysis, found: &Backlog, style: Style) -> String {
    if is_empty(found) {
        return format!("{NOTHING}\n");
    }
    let mut out = String::new();
    let proposal = |one: &Proposal, indent: &str| {
        let finding = &analysis.findings[one.finding];
        let tracked = one.tracked.as_ref().map_or(String::new(), |id| format!(", tracked in {id}"));
        let text = format!("{} ({}{tracked})", one.title, finding.rule.id);
        let text = wrap(&safe(&text), style.width, &format!("{indent}     "));
        format!("{indent}+ {} {}", style.badge(finding.severity), text.trim_start())
    };
    for (at, depth) in tree(found) {
        let indent = "  ".repeat(depth.min(8));
        let item = &found.items[at];
        out.push_str(&format!("{indent}{}\n", style.strong(&safe(&item_words(item)))));
        if let Some(names) = personas(analysis, item) {
            out.push_str(&wrap(&safe(&names), style.width, &format!("{indent}  ")));
        }
        for one in under(found, Some(at)) {
            out.push_str(&proposal(one, &format!("{indent}  ")));
        }
    }
    let loose = under(found, None);
    if !loose.is_empty() {
        if !found.items.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("{}\n", style.strong("Without a work item above")));
        for one in loose {
            out.push_str(&proposal(one, "  "));
        }
    }
    out.push_str(&format!(
        "\n{} proposed, marked +; {}\n",
        match found.proposals.len() {
            1 => "1 item is".to_owned(),
            count => format!("{count} items are"),
        },
        match found.without.len() {
            0 if analysis.catalog.personas.is_empty() => "there is no persona yet".to_owned(),
            0 => "every persona lists a work item".to_owned(),
            1 => "1 persona lists no work item".to_owned(),
            count => format!("{count} personas list no work item"),
        }
    ));
    out
}

fn plain(analysis: &Analysis, found: &Backlog) -> String {
    let mut out = String::new();
    for (at, _) in tree(found) {
        let item = &found.items[at];
        let parent =
            item.parent.map_or(String::new(), |parent| format!("; under {}", found.items[parent].id));
        let personas = personas(analysis, item).map_or(String::new(), |names| format!("; for {names}"));
        out.push_str(&safe(&format!("item: {}{parent}{personas}", item_words(item))));
        out.push('\n');
    }
    for one in &found.proposals {
        let finding = &analysis.findings[one.finding];
        let parent = one.parent.map_or("nothing".to_owned(), |at| found.items[at].id.to_string());
        let tracked = one.tracked.as_ref().map_or(String::new(), |id| format!("; tracked in {id}"));
        let line = format!(
            "proposed: {}: {}; under {parent}; done when `{}` does not list it{tracked}",
            finding.severity.word(),
            one.title,
            one.check
        );
        out.push_str(&safe(&line));
        out.push('\n');
    }
    if out.is_empty() { format!("{NOTHING}\n") } else { out }
}

fn acceptance(one: &Proposal) -> String {
    format!("`{}` does not list this gap any more.", one.check)
}

fn markdown(analysis: &Analysis, found: &Backlog) -> String {
    let mut out = format!("# Backlog of {}\n\n", escaped(&analysis.catalog.name));
    if is_empty(found) {
        return out + NOTHING + "\n";
    }
    let proposal = |one: &Proposal, indent: &str| {
        let finding = &analysis.findings[one.finding];
        let tracked = one
            .tracked
            .as_ref()
            .map_or(String::new(), |id| format!(", tracked in {}", escaped(&id.to_string())));
        let mut text = format!(
            "{indent}- [ ] **{}** {} (`{}`{tracked})\n",
            finding.severity.word(),
            escaped(&one.title),
            finding.rule.id
        );
        for edge in &one.evidence {
            text.push_str(&format!("{indent}  - {}\n", escaped(edge)));
        }
        text.push_str(&format!("{indent}  - Done when {}\n", escaped(&acceptance(one)).replace("\\`", "`")));
        text
    };
    out.push_str(&format!("{} items are proposed, on {}.\n\n", found.proposals.len(), analysis.day));
    for (at, depth) in tree(found) {
        let indent = "  ".repeat(depth.min(8));
        let item = &found.items[at];
        out.push_str(&format!("{indent}- **{}**\n", escaped(&item_words(item))));
        for persona in &item.personas {
            out.push_str(&format!("{indent}  - {}\n", escaped(&analysis.catalog.label((*persona).into()))));
        }
        for one in under(found, Some(at)) {
            out.push_str(&proposal(one, &format!("{indent}  ")));
        }
    }
    let loose = under(found, None);
    if !loose.is_empty() {
        out.push_str("\n## Without a work item above\n\n");
        loose.into_iter().for_each(|one| out.push_str(&proposal(one, "")));
    }
    out
}

fn description(analysis: &Analysis, one: &Proposal) -> String {
    let finding = &analysis.findings[one.finding];
    let mut text = format!("{}\n", finding.message);
    if !one.evidence.is_empty() {
        text.push_str("\nEvidence:\n");
        one.evidence.iter().for_each(|edge| text.push_str(&format!("* {edge}\n")));
    }
    let words = one.check.strip_prefix("persona check ").unwrap_or_default();
    text.push_str(&format!(
        "\nWays out: persona fix --list {words}\nWhy it matters: persona explain {}",
        finding.rule.id
    ));
    text
}

fn csv(analysis: &Analysis, found: &Backlog, item_type: &str) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "Work Item Type",
        "Title",
        "Description",
        "Acceptance Criteria",
        "Priority",
        "Severity",
        "Parent",
        "Persona",
        "Tracked In",
        "Tags",
    ])?;
    for one in &found.proposals {
        let finding = &analysis.findings[one.finding];
        let lines = |text: &str| text.split('\n').map(safe).collect::<Vec<_>>().join("\n");
        let persona = one.persona.map_or(String::new(), |id| analysis.catalog.id(id.into()).into_owned());
        let cells = [
            item_type.to_owned(),
            safe(&one.title),
            lines(&description(analysis, one)),
            safe(&acceptance(one)),
            priority(finding.severity).to_string(),
            finding.severity.word().to_owned(),
            one.parent.map_or(String::new(), |at| safe(found.items[at].id.written())),
            safe(&persona),
            one.tracked.as_ref().map_or(String::new(), |id| safe(id.written())),
            format!("persona; {}; {}", finding.rule.id, one.tag),
        ];
        writer.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn json(analysis: &Analysis, found: &Backlog) -> Value {
    let catalog = &analysis.catalog;
    let id = |at: usize| found.items[at].id.written();
    let items: Vec<Value> = tree(found)
        .into_iter()
        .map(|(at, depth)| {
            let item = &found.items[at];
            json!({
                "id": id(at),
                "type": item.item_type.as_ref().map(|word| word.written()),
                "title": item.title,
                "parent": item.parent.map(id),
                "depth": depth,
                "personas": item.personas.iter().map(|id| entity(catalog, (*id).into())).collect::<Vec<_>>(),
            })
        })
        .collect();
    let proposals: Vec<Value> = found
        .proposals
        .iter()
        .map(|one| {
            let finding = &analysis.findings[one.finding];
            json!({
                "title": one.title,
                "description": finding.message,
                "evidence": one.evidence,
                "acceptance": acceptance(one),
                "check": one.check,
                "rule": finding.rule.id,
                "severity": finding.severity,
                "priority": priority(finding.severity),
                "persona": one.persona.map(|id| entity(catalog, id.into())),
                "parent": one.parent.map(id),
                "tracked_in": one.tracked.as_ref().map(|name| name.written()),
                "tag": one.tag,
            })
        })
        .collect();
    json!({
        "schema": "persona-workbench/backlog/1",
        "catalog": report::catalog(catalog),
        "at": analysis.day.to_string(),
        "items": items,
        "proposals": proposals,
        "without": found.without.iter().map(|id| entity(catalog, (*id).into())).collect::<Vec<_>>(),
    })
}
