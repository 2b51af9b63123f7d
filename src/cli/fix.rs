//! `persona fix`: the ways out of gaps, shown and applied.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::changes::{counted, patch, write};
use super::style::{Style, safe, wrap};
use super::{Common, FOUND, OK, PathArgument, print, source};
use crate::analysis::Analysis;
use crate::analysis::filter::Words;
use crate::analysis::fixes::{Proven, candidates};
use crate::analysis::key::keys;

/// Close gaps: list the ways out of each, or apply the best
///
/// Without --unsafe only fixes are applied that change nobody's access and claim nothing new, such
/// as removing an expired grant. Each fix is tried first: it is offered only where its finding is
/// gone afterwards and nothing as bad is new. All files are written, or none.
#[derive(Debug, Args)]
#[command(
    after_help = "FILTER is as for `persona check`: names, words, and key:value such as rule:excess-level,
persona:P006, severity:high.

Examples:
  persona fix --list P006                  what could be done about each gap of P006
  persona fix --dry-run                    the difference that the safe fixes make
  persona fix                              apply them
  persona fix --unsafe rule:excess-level   narrow all that is too high
  persona fix --unsafe --way just-in-time rule:standing-agent-access
  persona fix --unsafe --pick 2 P001 rule:excess-level

Exit status: 0 done, or nothing to do; 1 some gaps that match have no such fix; 2 the catalog could
not be read or written."
)]
pub struct Arguments {
    /// Which gaps [default: all].
    filter: Vec<String>,
    #[command(flatten)]
    path: PathArgument,
    /// Show the difference, and write nothing.
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Apply fixes too that change access or claim something.
    #[arg(long = "unsafe")]
    any: bool,
    /// Only fixes of this kind, such as narrow, split, just-in-time, remove, name, rename.
    #[arg(long, value_name = "WAY")]
    way: Option<String>,
    /// Of each gap the fix with this number in the list, instead of the first.
    #[arg(long, value_name = "N", requires = "any")]
    pick: Option<usize>,
    /// List the ways out, and apply none.
    #[arg(long, short)]
    list: bool,
    /// How to print the list.
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Sentences.
    Terminal,
    /// For other programs; implies --list.
    Json,
}

pub fn run(arguments: &Arguments, common: &Common, style: Style) -> anyhow::Result<u8> {
    let analysis = source::analysis(arguments.path.path.as_deref(), common.day())?;
    let words = Words::of(arguments.filter.iter().cloned());
    if let Some(mistake) = words.mistakes(&analysis).into_iter().next() {
        bail!("{}", safe(&mistake));
    }
    if arguments.format == Format::Json {
        let listed: Vec<Listed> = matching(&analysis, &words).map(|place| listed(&analysis, place)).collect();
        let mut text =
            serde_json::to_string_pretty(&List { schema: "persona-workbench/fixes/1", findings: listed })?;
        text.push('\n');
        print(&text)?;
        return Ok(OK);
    }
    if arguments.list {
        return print(&list(&analysis, &words, arguments, style)).map(|()| OK);
    }
    apply(&Arc::new(analysis), &words, arguments, style)
}

/// The places of the open findings that a filter lets through.
fn matching<'a>(analysis: &'a Analysis, words: &'a Words) -> impl Iterator<Item = usize> + 'a {
    analysis
        .findings
        .iter()
        .enumerate()
        .filter(move |(_, finding)| finding.is_open() && words.finding_with_text(analysis, finding))
        .map(|(place, _)| place)
}

struct Applied {
    message: String,
    title: String,
}

fn apply(first: &Arc<Analysis>, words: &Words, arguments: &Arguments, style: Style) -> anyhow::Result<u8> {
    let mut current = first.clone();
    let mut tried = HashSet::new();
    let mut applied: Vec<Applied> = Vec::new();
    let mut left = 0;
    loop {
        let own = keys(&current);
        let next = matching(&current, words).find(|place| !tried.contains(&own[*place]));
        let Some(place) = next else { break };
        tried.insert(own[place].clone());
        let chosen = chosen(&current, place, arguments);
        let Some(Proven { fix, outcome: Some(outcome) }) = chosen else {
            left += 1;
            continue;
        };
        applied.push(Applied { message: current.findings[place].message.clone(), title: fix.title });
        current = outcome.after;
    }
    let changes = first.catalog.changes_to(&current.catalog);
    let mut out = String::new();
    for done in &applied {
        out.push_str(&wrap(&safe(&done.message), style.width, ""));
        out.push_str(&format!("  {} {}\n", style.arrow(), style.strong(&safe(&done.title))));
    }
    if !applied.is_empty() {
        out.push('\n');
        out.push_str(&patch(&changes, style));
        out.push_str(&format!("\n{}\n", summary(first, &current)));
    }
    let gaps = |count: usize| if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    if applied.is_empty() && left == 0 {
        out.push_str("No open gap matches.\n");
    } else if left > 0 {
        let why = if arguments.pick.is_some() {
            "no fix of that number that edits a card (`--list` numbers them)"
        } else if arguments.any {
            "no fix that edits a card"
        } else {
            "no fix that is safe to apply unasked"
        };
        let hint = if arguments.any { "" } else { "; `--list` shows the others, `--unsafe` applies them" };
        let verb = if left == 1 { "has" } else { "have" };
        out.push_str(&format!("{} {verb} {why}{hint}.\n", gaps(left)));
    }
    if arguments.dry_run || changes.is_empty() {
        if arguments.dry_run && !changes.is_empty() {
            out.push_str("Nothing was written.\n");
        }
        print(&out)?;
    } else {
        write(arguments.path.path.as_deref(), &changes)?;
        out.push_str(&format!("Wrote {}.\n", counted(&changes)));
        print(&out)?;
    }
    Ok(if left > 0 { FOUND } else { OK })
}

fn chosen(analysis: &Analysis, place: usize, arguments: &Arguments) -> Option<Proven> {
    let finding = &analysis.findings[place];
    // To prove a fix costs an analysis; what cannot be chosen is not proven.
    if !arguments.any && !candidates(&analysis.context(), finding).iter().any(|fix| fix.safe) {
        return None;
    }
    let fixes = analysis.fixes(place);
    match arguments.pick {
        Some(number) => fixes.into_iter().nth(number.checked_sub(1)?).filter(|own| own.outcome.is_some()),
        None => fixes.into_iter().find(|own| {
            own.outcome.is_some()
                && (arguments.any || own.fix.safe)
                && arguments.way.as_ref().is_none_or(|way| own.fix.way.word() == way)
        }),
    }
}

/// "Open gaps 40 → 38, score 71.7 (C) → 74.0 (C)."
#[must_use]
pub fn summary(before: &Analysis, after: &Analysis) -> String {
    let open = |analysis: &Analysis| analysis.findings.iter().filter(|finding| finding.is_open()).count();
    format!("Open gaps {} -> {}, score {} -> {}.", open(before), open(after), score(before), score(after))
}

/// "71.7 (C)".
#[must_use]
pub fn score(analysis: &Analysis) -> String {
    let score = &analysis.score;
    match (score.value, score.grade()) {
        (Some(value), Some(grade)) => format!("{value:.1} ({grade})"),
        (Some(value), None) => format!("{value:.1}"),
        (None, _) => "-".to_owned(),
    }
}

fn list(analysis: &Analysis, words: &Words, arguments: &Arguments, style: Style) -> String {
    let mut out = String::new();
    for place in matching(analysis, words) {
        let finding = &analysis.findings[place];
        out.push_str(&format!("{} {}\n", style.finding(finding), style.faint(finding.rule.id)));
        out.push_str(&wrap(&safe(&finding.message), style.width, "   "));
        let fixes = analysis.fixes(place);
        if fixes.is_empty() {
            out.push_str(&format!(
                "   {}\n",
                style.faint("No way out is known here; `persona explain` says what helps.")
            ));
        }
        for (number, own) in fixes.iter().enumerate() {
            if arguments.way.as_ref().is_some_and(|way| own.fix.way.word() != way) {
                continue;
            }
            let title = format!("{}. {}", number + 1, safe(&own.fix.title));
            let title = wrap(&title, style.width.saturating_sub(4), "      ");
            out.push_str(&format!("   {}", title.trim_start()));
            out.push_str(&format!("      {}\n", style.faint(&comes_to(analysis, own))));
        }
        out.push('\n');
    }
    if out.is_empty() {
        out.push_str("No open gap matches.\n");
    }
    out
}

/// "narrow; safe; closes 2 gaps, opens 1 (low); score 71.7 (C) -> 72.5 (C)".
#[must_use]
pub fn comes_to(analysis: &Analysis, own: &Proven) -> String {
    let Some(outcome) = &own.outcome else {
        return format!("{}; advice, no card changes", own.fix.way.word());
    };
    let mut words = vec![own.fix.way.word().to_owned()];
    if own.fix.safe {
        words.push("safe".to_owned());
    }
    let gaps = |count: usize| if count == 1 { "1 gap".to_owned() } else { format!("{count} gaps") };
    let mut effect = format!("closes {}", gaps(outcome.gone.len()));
    if let Some(worst) = outcome.worst_new() {
        effect.push_str(&format!(", opens {} ({} at worst)", outcome.new.len(), worst.word()));
    }
    words.push(effect);
    words.push(format!("score {} -> {}", score(analysis), score(&outcome.after)));
    words.push(counted(&outcome.changes));
    words.join("; ")
}

#[derive(Serialize)]
struct List {
    schema: &'static str,
    findings: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    key: String,
    message: String,
    fixes: Vec<FixReport>,
}

fn listed(analysis: &Analysis, place: usize) -> Listed {
    Listed {
        key: keys(analysis)[place].to_string(),
        message: analysis.findings[place].message.clone(),
        fixes: reports(analysis, place),
    }
}

/// A fix for other programs.
#[derive(Debug, Serialize)]
pub struct FixReport {
    way: &'static str,
    title: String,
    /// Whether it may be applied unasked.
    safe: bool,
    /// What becomes of the files; nothing where it is advice.
    edits: Vec<EditReport>,
    /// What is so after it; null where it is advice.
    after: Option<AfterReport>,
}

#[derive(Debug, Serialize)]
struct EditReport {
    file: String,
    /// A patch.
    diff: String,
}

#[derive(Debug, Serialize)]
struct AfterReport {
    score: ScoreReport,
    open: usize,
    gone: Vec<String>,
    new: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ScoreReport {
    value: Option<f64>,
    grade: Option<char>,
}

/// The fixes of a finding, each with what it comes to.
#[must_use]
pub fn reports(analysis: &Analysis, place: usize) -> Vec<FixReport> {
    analysis.fixes(place).iter().map(|own| report(analysis, own)).collect()
}

/// A fix, with what it comes to.
#[must_use]
pub fn report(analysis: &Analysis, own: &Proven) -> FixReport {
    let plain = Style { color: false, ascii: true, width: 100 };
    let before = keys(analysis);
    FixReport {
        way: own.fix.way.word(),
        title: own.fix.title.clone(),
        safe: own.fix.safe,
        edits: own
            .outcome
            .iter()
            .flat_map(|outcome| &outcome.changes)
            .map(|change| EditReport {
                file: change.path.to_string(),
                diff: patch(std::slice::from_ref(change), plain),
            })
            .collect(),
        after: own.outcome.as_ref().map(|outcome| {
            let after = keys(&outcome.after);
            AfterReport {
                score: ScoreReport { value: outcome.after.score.value, grade: outcome.after.score.grade() },
                open: outcome.after.findings.iter().filter(|finding| finding.is_open()).count(),
                gone: outcome.gone.iter().map(|&place| before[place].to_string()).collect(),
                new: outcome.new.iter().map(|&place| after[place].to_string()).collect(),
            }
        }),
    }
}
